//! The body of `/account/kyc/create`, from the answers.

use satchel_core::onboarding::{Answers, Country, EntityKind, Who, normal};
use satchel_core::provider::{Context, RequestFault};

use super::config::Config;
use super::model::{
    AccountOwner, Address, Applicant, BeneficialOwner, BirthDate, CaEntity, CaOwner, Create,
    Entity, EntityCompliance, GbEntity, GbOwner, Individual, Name, OwnerCompliance, Phone,
    UsEntity, UsOwner,
};
use super::requirements::OWNERS;

/// All answers as WePay's structures.
///
/// # Errors
/// [`RequestFault::Step`] when kind and country are unknown or a date is none: the answers were not
/// checked.
pub(super) fn create_body(
    config: &Config<'_>,
    context: &Context<'_>,
) -> Result<Create, RequestFault> {
    let who = context.who.ok_or(RequestFault::Step)?;
    let answers = context.answers;
    let applicant = match who.kind {
        EntityKind::Individual => Applicant::Individual(Box::new(individual(answers, who)?)),
        EntityKind::Business => Applicant::Business(Box::new(entity(answers, who)?)),
        EntityKind::Organization => Applicant::Organization(Box::new(entity(answers, who)?)),
    };
    Ok(Create {
        client_id: config.client_id()?,
        account_id: context.account.remote_id.trim().to_owned(),
        applicant,
    })
}

fn individual(answers: &Answers, who: Who) -> Result<Individual, RequestFault> {
    Ok(Individual {
        account_owner: account_owner(answers, who)?,
        mcc: given(answers, "entity.mcc"),
        primary_url: given(answers, "entity.primary_url"),
        compliance: EntityCompliance {
            us_entity_compliance: us_entity(answers, who.country),
            ca_entity_compliance: ca_entity(answers, who.country),
            gb_entity_compliance: None,
        },
    })
}

fn entity(answers: &Answers, who: Who) -> Result<Entity, RequestFault> {
    Ok(Entity {
        account_owner: account_owner(answers, who)?,
        legal_entity_name: answers.text("entity.legal_name").to_owned(),
        primary_url: answers.text("entity.primary_url").to_owned(),
        entity_description: answers.text("entity.description").to_owned(),
        address: address(answers, "entity.address"),
        mcc: given(answers, "entity.mcc"),
        compliance: EntityCompliance {
            us_entity_compliance: us_entity(answers, who.country),
            ca_entity_compliance: ca_entity(answers, who.country),
            gb_entity_compliance: gb_entity(answers, who.country)?,
        },
    })
}

fn us_entity(answers: &Answers, country: Country) -> Option<UsEntity> {
    let typed = (country == Country::Us).then(|| given(answers, "entity.us.ein")).flatten()?;
    Some(UsEntity { ein: normal::ein(&typed).unwrap_or(typed) })
}

fn ca_entity(answers: &Answers, country: Country) -> Option<CaEntity> {
    let typed = (country == Country::Ca).then(|| given(answers, "entity.ca.gst_hst")).flatten()?;
    Some(CaEntity { gst_hst: normal::upper_compact(&typed) })
}

fn gb_entity(answers: &Answers, country: Country) -> Result<Option<GbEntity>, RequestFault> {
    if country != Country::Gb {
        return Ok(None);
    }
    let owners: Result<Vec<_>, _> = (0..answers.repeated(OWNERS))
        .map(|index| beneficial_owner(answers, &format!("{OWNERS}.{index}")))
        .collect();
    Ok(Some(GbEntity {
        company_number: given(answers, "entity.gb.company_number")
            .map(|typed| normal::upper_compact(&typed)),
        legal_form: answers.text("entity.gb.legal_form").to_owned(),
        additional_beneficial_owners: owners?,
    }))
}

fn beneficial_owner(answers: &Answers, place: &str) -> Result<BeneficialOwner, RequestFault> {
    Ok(BeneficialOwner {
        name: name(answers, &format!("{place}.name")),
        address: address(answers, &format!("{place}.address")),
        date_of_birth: birth_date(answers, &format!("{place}.date_of_birth"))?,
    })
}

fn account_owner(answers: &Answers, who: Who) -> Result<AccountOwner, RequestFault> {
    Ok(AccountOwner {
        name: name(answers, "owner.name"),
        email: given(answers, "owner.email"),
        date_of_birth: birth_date(answers, "owner.date_of_birth")?,
        address: address(answers, "owner.address"),
        phone: Phone {
            country_code: normal::phone_code(answers.text("owner.phone.country_code")),
            phone_number: normal::digits(answers.text("owner.phone.number")),
        },
        compliance: owner_compliance(answers, who.country),
    })
}

/// The block of the entity's country, wherever the owner lives.
fn owner_compliance(answers: &Answers, country: Country) -> OwnerCompliance {
    match country {
        Country::Us => {
            let typed = answers.text("owner.us.ssn");
            OwnerCompliance::Us(UsOwner {
                social_security_number: normal::ssn(typed),
                social_security_number_last_4: normal::ssn_last_4(typed),
            })
        }
        Country::Ca => OwnerCompliance::Ca(CaOwner {
            social_insurance_number: normal::sin(answers.text("owner.ca.sin")),
        }),
        Country::Gb => OwnerCompliance::Gb(GbOwner {
            is_beneficial_owner: answers.text("owner.gb.is_beneficial_owner") == "yes",
        }),
    }
}

fn given(answers: &Answers, path: &str) -> Option<String> {
    answers.has(path).then(|| answers.text(path).to_owned())
}

fn name(answers: &Answers, place: &str) -> Name {
    Name {
        first: answers.text(&format!("{place}.first")).to_owned(),
        middle: given(answers, &format!("{place}.middle")),
        last: answers.text(&format!("{place}.last")).to_owned(),
    }
}

fn address(answers: &Answers, place: &str) -> Address {
    let text = |part: &str| answers.text(&format!("{place}.{part}")).to_owned();
    let country = normal::upper_code(&text("country"));
    Address {
        address1: text("address1"),
        address2: given(answers, &format!("{place}.address2")),
        city: text("city"),
        region: normal::region(&text("region"), &country),
        postal_code: text("postal_code"),
        country,
    }
}

fn birth_date(answers: &Answers, path: &str) -> Result<BirthDate, RequestFault> {
    let date = normal::parse_date(answers.text(path)).map_err(|_| RequestFault::Step)?;
    Ok(BirthDate {
        year: i64::from(date.year()),
        month: i64::from(date.month()),
        day: i64::from(date.day()),
    })
}
