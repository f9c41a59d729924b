//! What WePay asks, by kind and country (KYC Structures of its document, API version 2017-02-01).

use satchel_core::onboarding::{
    Country, EntityKind, Field, FieldKind, OwnersRule, Requirements, Rule, Section, Who,
};

use super::documents::document_rules;
use crate::field::{limited, national, optional, required, ruled};

/// Prefix of the further owners' answers.
pub(super) const OWNERS: &str = "owners";

/// Values of `legal_form`.
const LEGAL_FORMS: [&str; 6] = [
    "sole_trader",
    "partnership",
    "private_limited_company",
    "public_limited_company",
    "limited_liability_partnership",
    "charity",
];

/// The document names no number. Owners of more than 25 % are three at most beside others' shares,
/// but shares may be held jointly, so this only keeps a form finite.
const OWNERS_MAX: usize = 20;

/// Everything asked of one kind of applicant in one country.
pub(super) fn requirements(who: Who) -> Requirements {
    let mut sections = match who.kind {
        EntityKind::Individual => {
            let mut sections = owner_sections(who);
            sections.push(section("entity", "activity", individual_activity(who.country)));
            sections
        }
        EntityKind::Business | EntityKind::Organization => {
            let mut sections = entity_sections(who.country);
            sections.extend(owner_sections(who));
            sections
        }
    };
    sections.retain(|section| !section.fields.is_empty());
    Requirements { sections, owners: owners_rule(who), documents: document_rules(who) }
}

fn section(step: &'static str, id: &'static str, fields: Vec<Field>) -> Section {
    Section { step, id, fields }
}

fn entity_sections(country: Country) -> Vec<Section> {
    vec![
        section("entity", "entity", vec![limited(required("entity.legal_name", FieldKind::Text))]),
        section("entity", "entity_numbers", entity_numbers(country)),
        section("entity", "entity_address", address("entity.address")),
        section(
            "entity",
            "activity",
            vec![
                limited(required("entity.description", FieldKind::LongText)),
                limited(required("entity.primary_url", FieldKind::Url)),
                optional("entity.mcc", FieldKind::MerchantCategory),
            ],
        ),
    ]
}

fn entity_numbers(country: Country) -> Vec<Field> {
    match country {
        Country::Us => {
            vec![national(limited(required("entity.us.ein", FieldKind::EmployerNumber)))]
        }
        Country::Ca => vec![limited(required("entity.ca.gst_hst", FieldKind::GstHstNumber))],
        Country::Gb => vec![
            required("entity.gb.legal_form", legal_forms()),
            limited(optional("entity.gb.company_number", FieldKind::CompanyNumber)),
        ],
    }
}

fn legal_forms() -> FieldKind {
    FieldKind::Choice { options: LEGAL_FORMS.map(str::to_owned).to_vec() }
}

/// The change log of 2017-02-01 lets sole proprietors of the US and Canada add their number.
fn individual_activity(country: Country) -> Vec<Field> {
    let mut fields = vec![
        required("entity.mcc", FieldKind::MerchantCategory),
        limited(optional("entity.primary_url", FieldKind::Url)),
    ];
    match country {
        Country::Us => {
            fields.push(national(limited(optional("entity.us.ein", FieldKind::EmployerNumber))));
        }
        Country::Ca => fields.push(limited(optional("entity.ca.gst_hst", FieldKind::GstHstNumber))),
        Country::Gb => {}
    }
    fields
}

fn owner_sections(who: Who) -> Vec<Section> {
    let mut contact = vec![
        required("owner.phone.country_code", FieldKind::PhoneCode),
        required("owner.phone.number", FieldKind::PhoneNumber),
    ];
    contact.push(limited(optional("owner.email", FieldKind::Email)));
    let (number, ownership) = match who.country {
        Country::Us => {
            let kind = FieldKind::SocialSecurityNumber { last_4: true };
            (vec![national(required("owner.us.ssn", kind))], Vec::new())
        }
        Country::Ca => {
            let kind = FieldKind::SocialInsuranceNumber;
            (vec![national(optional("owner.ca.sin", kind))], Vec::new())
        }
        Country::Gb => {
            (Vec::new(), vec![required("owner.gb.is_beneficial_owner", FieldKind::YesNo)])
        }
    };
    vec![
        section("owner", "owner_name", name_and_birth("owner")),
        section("owner", "owner_contact", contact),
        section("owner", "owner_address", owner_address(who)),
        section("owner", "owner_number", number),
        section("owner", "ownership", ownership),
    ]
}

/// An individual's own country decides which numbers are asked; an entity's owner may live
/// elsewhere.
fn owner_address(who: Who) -> Vec<Field> {
    let mut fields = address("owner.address");
    match who.kind {
        EntityKind::Individual => {
            let here = Rule::InCountry { country: who.country };
            fields
                .iter_mut()
                .filter(|f| f.kind == FieldKind::Country)
                .for_each(|f| f.rules.push(here.clone()));
        }
        EntityKind::Business | EntityKind::Organization => {}
    }
    fields
}

fn owners_rule(who: Who) -> Option<OwnersRule> {
    match (who.kind, who.country) {
        (EntityKind::Business | EntityKind::Organization, Country::Gb) => {
            let mut fields = name_and_birth("");
            fields.extend(address("address"));
            Some(OwnersRule { prefix: OWNERS, fields, max: OWNERS_MAX })
        }
        (EntityKind::Business | EntityKind::Organization, Country::Us | Country::Ca)
        | (EntityKind::Individual, Country::Us | Country::Ca | Country::Gb) => None,
    }
}

fn name_and_birth(place: &str) -> Vec<Field> {
    let at =
        |tail: &str| if place.is_empty() { tail.to_owned() } else { format!("{place}.{tail}") };
    let (first, middle) = (at("name.first"), at("name.middle"));
    let kept = Rule::KeptWith { first: first.clone(), middle: middle.clone() };
    vec![
        ruled(limited(required(&first, FieldKind::Name)), [kept]),
        limited(optional(&middle, FieldKind::Name)),
        ruled(
            limited(required(&at("name.last"), FieldKind::Name)),
            [Rule::WarnCharsOver { chars: satchel_core::onboarding::NAME_CHARS_MAX }],
        ),
        ruled(
            required(&at("date_of_birth"), FieldKind::Date),
            [Rule::NotInFuture, Rule::WarnUnder18],
        ),
    ]
}

/// KYC Address Structure. The document says 255 characters; a third-party client, whose comments
/// transcribe the reference, says 60, 60, 30, 30, 14 and 2: more than those may be cut.
fn address(place: &str) -> Vec<Field> {
    let at = |tail: &str| format!("{place}.{tail}");
    let country_path = at("country");
    let cut_over = |field: Field, chars| ruled(limited(field), [Rule::WarnCharsOver { chars }]);
    vec![
        ruled(
            cut_over(required(&at("address1"), FieldKind::Street), 60),
            [Rule::UsStreet { country_path: country_path.clone() }],
        ),
        cut_over(optional(&at("address2"), FieldKind::Text), 60),
        cut_over(required(&at("city"), FieldKind::Text), 30),
        limited(required(&at("region"), FieldKind::Region { country_path: country_path.clone() })),
        cut_over(required(&at("postal_code"), FieldKind::PostalCode { country_path }), 14),
        required(&at("country"), FieldKind::Country),
    ]
}
