use satchel_core::onboarding::{
    Country, DocumentPurpose, EntityKind, FieldGroup, FieldKind, Presence, Requirements,
};
use satchel_core::provider::Provider;

use super::{WePay, who};

fn asked(kind: EntityKind, country: Country) -> Requirements {
    WePay.requirements(who(kind, country))
}

fn presence(requirements: &Requirements, path: &str) -> Option<Presence> {
    requirements.fields(1).iter().find(|f| f.path == path).map(|f| f.presence)
}

/// Rows of the document: path, then individual and entity, each for US, CA, GB. `R` required, `o`
/// optional, `-` not asked.
const ROWS: &[(&str, &str, &str)] = &[
    ("entity.legal_name", "---", "RRR"),
    ("entity.description", "---", "RRR"),
    ("entity.primary_url", "ooo", "RRR"),
    ("entity.address.address1", "---", "RRR"),
    ("entity.address.address2", "---", "ooo"),
    ("entity.address.region", "---", "RRR"),
    ("entity.mcc", "RRR", "ooo"),
    ("entity.us.ein", "o--", "R--"),
    ("entity.ca.gst_hst", "-o-", "-R-"),
    ("entity.gb.legal_form", "---", "--R"),
    ("entity.gb.company_number", "---", "--o"),
    ("owner.name.first", "RRR", "RRR"),
    ("owner.name.middle", "ooo", "ooo"),
    ("owner.name.last", "RRR", "RRR"),
    ("owner.date_of_birth", "RRR", "RRR"),
    ("owner.phone.country_code", "RRR", "RRR"),
    ("owner.phone.number", "RRR", "RRR"),
    ("owner.email", "ooo", "ooo"),
    ("owner.address.address1", "RRR", "RRR"),
    ("owner.address.city", "RRR", "RRR"),
    ("owner.address.postal_code", "RRR", "RRR"),
    ("owner.address.country", "RRR", "RRR"),
    ("owner.us.ssn", "R--", "R--"),
    ("owner.ca.sin", "-o-", "-o-"),
    ("owner.gb.is_beneficial_owner", "--R", "--R"),
    ("owners.0.name.first", "---", "--R"),
    ("owners.0.date_of_birth", "---", "--R"),
    ("owners.0.address.country", "---", "--R"),
];

#[test]
fn every_kind_and_country_is_asked_what_the_document_says() {
    for (path, individual, entity) in ROWS {
        for kind in EntityKind::ALL {
            let row = if kind == EntityKind::Individual { individual } else { entity };
            for (country, mark) in Country::ALL.into_iter().zip(row.chars()) {
                let expected = match mark {
                    'R' => Some(Presence::Required),
                    'o' => Some(Presence::Optional),
                    _ => None,
                };
                assert_eq!(
                    presence(&asked(kind, country), path),
                    expected,
                    "{path} {kind:?} {country:?}"
                );
            }
        }
    }
}

#[test]
fn national_numbers_are_kept_apart() {
    for who in WePay.offers() {
        for field in WePay.requirements(who).fields(1) {
            let national = matches!(
                field.kind,
                FieldKind::SocialSecurityNumber { .. }
                    | FieldKind::SocialInsuranceNumber
                    | FieldKind::EmployerNumber
            );
            assert_eq!(field.group == FieldGroup::National, national, "{}", field.path);
        }
    }
}

fn papers(kind: EntityKind, country: Country) -> Vec<String> {
    let choices = asked(kind, country).documents.choices;
    choices.iter().map(|c| c.kind.code().to_owned()).collect()
}

#[test]
fn all_21_papers_are_offered_to_somebody() {
    let mut all: Vec<String> =
        WePay.offers().into_iter().flat_map(|who| papers(who.kind, who.country)).collect();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 21);
}

#[test]
fn papers_of_another_country_or_kind_are_hidden() {
    let american = papers(EntityKind::Individual, Country::Us);
    let canadian = papers(EntityKind::Business, Country::Ca);
    let british = papers(EntityKind::Organization, Country::Gb);
    let has = |papers: &[String], code: &str| papers.iter().any(|p| p == code);
    assert!(
        has(&american, "social_security_card") && has(&canadian, "social_insurance_number_card")
    );
    assert!(
        !has(&american, "social_insurance_number_card") && !has(&canadian, "social_security_card")
    );
    assert!(
        !has(&british, "social_security_card") && !has(&british, "social_insurance_number_card")
    );
    assert!(
        has(&british, "electoral_register_entry") && !has(&american, "electoral_register_entry")
    );
    assert!(!has(&american, "evidence_of_authority") && has(&british, "evidence_of_authority"));
    assert!(has(&canadian, "evidence_of_corporate_registration"));
    assert!(has(&british, "evidence_of_nonprofit_registration"));
}

#[test]
fn no_paper_must_be_there_before_wepay_asks_for_it() {
    let documents = asked(EntityKind::Business, Country::Gb).documents;
    assert!(documents.required.is_empty() && !documents.one_kind);
    assert_eq!(documents.advised[..2], [DocumentPurpose::Identity, DocumentPurpose::Address]);
    assert!(documents.choices.iter().all(|c| c.limits.bytes_max <= 4_000_000));
}
