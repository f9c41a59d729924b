use satchel_core::delivery::Step;
use satchel_core::onboarding::{Answers, Country, EntityKind};
use satchel_core::provider::Provider;
use serde_json::{Value, json};

use super::{WePay, scene, who};

fn created(kind: EntityKind, country: Country, answers: Answers) -> Value {
    let mut scene = scene();
    scene.account.remote_id = "1234".to_owned();
    scene.who = Some(who(kind, country));
    scene.answers = answers;
    let request = WePay.request(&Step::Create, &scene.context()).unwrap();
    serde_json::from_slice(&request.body).unwrap()
}

fn answers(pairs: &[(&str, &str)]) -> Answers {
    pairs.iter().copied().collect()
}

const OWNER_IN_LONDON: &[(&str, &str)] = &[
    ("owner.name.first", "Foo"),
    ("owner.name.last", "Bar"),
    ("owner.phone.country_code", "+1"),
    ("owner.phone.number", "555 666-7777"),
    ("owner.date_of_birth", "1900-01-01"),
    ("owner.address.address1", "456 Diagon Alley"),
    ("owner.address.city", "London"),
    ("owner.address.postal_code", "CM6 4HB"),
    ("owner.address.region", "left over"),
    ("owner.address.country", "gb"),
    ("owner.email", "example@example.com"),
    ("owner.gb.is_beneficial_owner", "yes"),
];

const ENTITY_IN_LONDON: &[(&str, &str)] = &[
    ("entity.legal_name", "Foo Bar Inc"),
    ("entity.primary_url", "http://www.example.com"),
    ("entity.description", "Foo Bar Inc does important work."),
    ("entity.address.address1", "123 Fake Street"),
    ("entity.address.city", "London"),
    ("entity.address.postal_code", "CM6 4HB"),
    ("entity.address.country", "GB"),
    ("entity.gb.company_number", "1234"),
    ("entity.gb.legal_form", "partnership"),
];

const FURTHER_OWNER: &[(&str, &str)] = &[
    ("owners.0.name.first", "Bizz"),
    ("owners.0.name.last", "Buzz"),
    ("owners.0.date_of_birth", "1900-01-01"),
    ("owners.0.address.address1", "456 Fake Street"),
    ("owners.0.address.city", "London"),
    ("owners.0.address.postal_code", "CM6 4HB"),
    ("owners.0.address.country", "GB"),
];

/// The sample of the document's `/account/kyc/create`.
fn document_sample() -> Value {
    json!({
       "client_id": "9876",
       "account_id": "1234",
       "business": {
          "account_owner": {
             "name": {"first": "Foo", "last": "Bar"},
             "phone": {"country_code": "+1", "phone_number": "5556667777"},
             "date_of_birth": {"year": 1900, "month": 1, "day": 1},
             "address": {"address1": "456 Diagon Alley", "city": "London",
                "postal_code": "CM6 4HB", "region": "", "country": "GB"},
             "email": "example@example.com",
             "gb_owner_compliance": {"is_beneficial_owner": true}
          },
          "legal_entity_name": "Foo Bar Inc",
          "primary_url": "http://www.example.com",
          "entity_description": "Foo Bar Inc does important work.",
          "address": {"address1": "123 Fake Street", "city": "London",
             "postal_code": "CM6 4HB", "region": "", "country": "GB"},
          "gb_entity_compliance": {
             "company_number": "1234",
             "legal_form": "partnership",
             "additional_beneficial_owners": [{
                "name": {"first": "Bizz", "last": "Buzz"},
                "address": {"address1": "456 Fake Street", "city": "London",
                   "postal_code": "CM6 4HB", "region": "", "country": "GB"},
                "date_of_birth": {"year": 1900, "month": 1, "day": 1}
             }]
          }
       }
    })
}

#[test]
fn the_documents_own_sample_is_made_from_its_answers() {
    let given = answers(&[OWNER_IN_LONDON, ENTITY_IN_LONDON, FURTHER_OWNER].concat());
    assert_eq!(created(EntityKind::Business, Country::Gb, given), document_sample());
}

#[test]
fn an_organization_has_the_fields_of_a_business_under_its_own_name() {
    let given = answers(&[OWNER_IN_LONDON, ENTITY_IN_LONDON, FURTHER_OWNER].concat());
    let body = created(EntityKind::Organization, Country::Gb, given);
    assert_eq!(body["organization"], document_sample()["business"]);
    assert_eq!(body.get("business"), None);
}

#[test]
fn nobody_else_owning_a_share_is_an_empty_list() {
    let given = answers(&[OWNER_IN_LONDON, ENTITY_IN_LONDON].concat());
    let body = created(EntityKind::Business, Country::Gb, given);
    assert_eq!(body["business"]["gb_entity_compliance"]["additional_beneficial_owners"], json!([]));
}

#[test]
fn the_owners_block_is_that_of_the_entitys_country_wherever_the_owner_lives() {
    let mut given = answers(&[OWNER_IN_LONDON, ENTITY_IN_LONDON].concat());
    given.put("owner.us.ssn", "111221234");
    given.put("entity.us.ein", "121234567");
    let owner_and_entity = created(EntityKind::Business, Country::Us, given)["business"].clone();
    let owner = &owner_and_entity["account_owner"];
    assert_eq!(owner["us_owner_compliance"], json!({"social_security_number": "111-22-1234"}));
    assert_eq!(owner["address"]["country"], json!("GB"));
    assert_eq!(owner.get("gb_owner_compliance"), None);
    assert_eq!(owner_and_entity["us_entity_compliance"], json!({"ein": "12-1234567"}));
    assert_eq!(owner_and_entity.get("gb_entity_compliance"), None);
}

#[test]
fn four_digits_go_out_as_the_last_four_and_nothing_beside_them() {
    let mut given = answers(OWNER_IN_LONDON);
    given.put("owner.us.ssn", "1234");
    given.put("entity.mcc", "7999");
    let individual = created(EntityKind::Individual, Country::Us, given)["individual"].clone();
    assert_eq!(
        individual["account_owner"]["us_owner_compliance"],
        json!({"social_security_number_last_4": "1234"})
    );
    assert_eq!(individual["mcc"], json!("7999"));
    for key in ["primary_url", "us_entity_compliance", "legal_entity_name", "address"] {
        assert_eq!(individual.get(key), None, "{key}");
    }
}

#[test]
fn a_canadian_owner_has_a_block_even_without_a_number() {
    let mut given = answers(OWNER_IN_LONDON);
    given.put("owner.address.country", "CA");
    given.put("owner.address.region", "qc");
    given.put("entity.ca.gst_hst", "123456789 rt0001");
    let without = created(EntityKind::Individual, Country::Ca, given.clone());
    let owner = &without["individual"]["account_owner"];
    assert_eq!(owner["ca_owner_compliance"], json!({}));
    assert_eq!(owner["address"]["region"], json!("QC"));
    assert_eq!(
        without["individual"]["ca_entity_compliance"],
        json!({"gst_hst": "123456789RT0001"})
    );
    given.put("owner.ca.sin", "046 454 286");
    let with = created(EntityKind::Individual, Country::Ca, given);
    assert_eq!(
        with["individual"]["account_owner"]["ca_owner_compliance"],
        json!({"social_insurance_number": "046-454-286"})
    );
}

#[test]
fn a_long_name_goes_out_whole() {
    let mut given = answers(OWNER_IN_LONDON);
    given.put("owner.name.first", "Oluwaseun Christopher");
    given.put("owner.name.middle", "Adebayo Temitope");
    let body = created(EntityKind::Individual, Country::Gb, given);
    let name = &body["individual"]["account_owner"]["name"];
    assert_eq!(
        *name,
        json!({"first": "Oluwaseun Christopher", "middle": "Adebayo Temitope", "last": "Bar"})
    );
}
