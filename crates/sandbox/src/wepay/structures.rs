//! The Individual, Business and Organization structures.

use serde_json::{Map, Value};

use super::error::WepayError;
use super::leaves::{self, Country, SsnGiven};
use super::validate::Block;
use crate::options::Switches;
use crate::policy::TEXT_CHARS_MAX;
use crate::state::Kind;

const LEGAL_FORMS: [&str; 6] = [
    "sole_trader",
    "partnership",
    "private_limited_company",
    "public_limited_company",
    "limited_liability_partnership",
    "charity",
];

/// What a valid body says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Valid {
    pub(crate) kind: Kind,
    /// A US individual who gave only the last four digits of the SSN.
    pub(crate) last_four_individual: bool,
}

/// Checks the one structure that a body must have.
pub(crate) fn check(body: &Map<String, Value>, switches: &Switches) -> Result<Valid, WepayError> {
    let top = Block::top(body);
    let given = |kind: &Kind| top.value(kind.word()).is_some();
    let kinds = [Kind::Individual, Kind::Business, Kind::Organization];
    let kinds: Vec<Kind> = kinds.into_iter().filter(given).collect();
    let kind = match kinds.as_slice() {
        [kind] => *kind,
        [] => return Err(WepayError::missing("individual, business or organization")),
        [_, second, ..] => {
            return Err(top.invalid(second.word(), "only one structure may be given"));
        }
    };
    let structure = top.block(kind.word())?;
    let ssn = match kind {
        Kind::Individual => individual(&structure, switches)?,
        Kind::Business | Kind::Organization => entity(&structure, switches)?,
    };
    let last_four_individual = kind == Kind::Individual && ssn == Some(SsnGiven::LastFour);
    Ok(Valid { kind, last_four_individual })
}

fn individual(structure: &Block, switches: &Switches) -> Result<Option<SsnGiven>, WepayError> {
    let owner = account_owner(structure)?;
    let country = leaves::address(&owner, switches)?;
    let ssn = owner_compliance(&owner, country, switches)?;
    leaves::mcc(structure)?;
    structure.optional_text("primary_url")?;
    if let Some(compliance) = structure.optional_block("ca_entity_compliance")? {
        compliance.optional_text("gst_hst")?;
    }
    if let Some(compliance) = structure.optional_block("us_entity_compliance")? {
        compliance.optional_text("ein")?;
    }
    Ok(ssn)
}

fn entity(structure: &Block, switches: &Switches) -> Result<Option<SsnGiven>, WepayError> {
    let owner = account_owner(structure)?;
    leaves::address(&owner, switches)?;
    structure.text("legal_entity_name")?;
    structure.text("primary_url")?;
    structure.text("entity_description")?;
    let country = leaves::address(structure, switches)?;
    if structure.value("mcc").is_some() {
        leaves::mcc(structure)?;
    }
    let ssn = owner_compliance(&owner, country, switches)?;
    match country {
        Country::Us => structure.block("us_entity_compliance")?.text("ein").map(|_| ())?,
        Country::Ca => structure.block("ca_entity_compliance")?.text("gst_hst").map(|_| ())?,
        Country::Gb => gb_entity(&structure.block("gb_entity_compliance")?, switches)?,
    }
    Ok(ssn)
}

/// The owner but for address and compliance, which depend on each other.
fn account_owner<'a>(structure: &Block<'a>) -> Result<Block<'a>, WepayError> {
    if structure.value("account_owner").is_none() {
        let name = structure.name_of("account_owner");
        return Err(WepayError::new(3012, format!("{name} parameter is required")));
    }
    let owner = structure.block("account_owner")?;
    leaves::name(&owner)?;
    owner.optional_text("email")?;
    leaves::date_of_birth(&owner)?;
    leaves::phone(&owner)?;
    Ok(owner)
}

/// The block of the entity's country is required; others may stand beside it and are checked too.
fn owner_compliance(
    owner: &Block,
    country: Country,
    switches: &Switches,
) -> Result<Option<SsnGiven>, WepayError> {
    let required = match country {
        Country::Us => "us_owner_compliance",
        Country::Ca => "ca_owner_compliance",
        Country::Gb => "gb_owner_compliance",
    };
    owner.require(required)?;
    if let Some(compliance) = owner.optional_block("ca_owner_compliance")? {
        leaves::social_insurance_number(&compliance)?;
    }
    if let Some(compliance) = owner.optional_block("gb_owner_compliance")? {
        let is_owner = compliance.require("is_beneficial_owner")?;
        if !is_owner.is_boolean() {
            return Err(compliance.invalid("is_beneficial_owner", "it is not a Boolean"));
        }
    }
    let Some(compliance) = owner.optional_block("us_owner_compliance")? else {
        return Ok(None);
    };
    leaves::social_security_number(&compliance, switches).map(Some)
}

fn gb_entity(compliance: &Block, switches: &Switches) -> Result<(), WepayError> {
    compliance.optional_text("company_number")?;
    let form = compliance.text("legal_form")?;
    if !LEGAL_FORMS.contains(&form) {
        return Err(compliance.invalid("legal_form", "it is not one of the legal forms"));
    }
    beneficial_owners(compliance, switches)
}

/// The documents name the list twice; one of the names must be there, and the list may be empty.
fn beneficial_owners(compliance: &Block, switches: &Switches) -> Result<(), WepayError> {
    const LISTED: &str = "additional_beneficial_owners";
    const SHOWN: &str = "beneficial_owner";
    let field = match (compliance.value(LISTED), compliance.value(SHOWN)) {
        (Some(_), Some(_)) => {
            return Err(compliance.invalid(SHOWN, "additional_beneficial_owners is given too"));
        }
        (None, Some(_)) => SHOWN,
        (Some(_) | None, None) => LISTED,
    };
    let owners = compliance.require(field)?.as_array();
    let owners = owners.ok_or_else(|| compliance.invalid(field, "it is not an array"))?;
    for (at, owner) in owners.iter().enumerate() {
        let owner = Block::of(owner, format!("{}[{at}]", compliance.name_of(field)))?;
        leaves::name(&owner)?;
        leaves::address(&owner, switches)?;
        leaves::date_of_birth(&owner)?;
    }
    Ok(())
}

/// A text of the documents' length, or a number: client and account ids come as both.
pub(crate) fn id_text(top: &Block, field: &str) -> Result<String, WepayError> {
    let text = top.text_or_number(field)?;
    if text.chars().count() > TEXT_CHARS_MAX {
        return Err(top.invalid(field, "it is longer than 255 characters"));
    }
    Ok(text)
}
