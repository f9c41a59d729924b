//! What `create` takes and refuses.

use satchel_sandbox::Effect;
use serde_json::{Value, json};

use crate::bench::{Bench, HUMAN_US, VERIFIED_US, create_body};
use crate::bodies::*;

const OWNER: &str = "/individual/account_owner";
const COMPLIANCE: &str = "/individual/account_owner/us_owner_compliance";

/// Every structure is judged alone; `None` means accepted.
async fn codes(structures: Vec<Value>) -> Vec<Option<u64>> {
    let bench = Bench::start().await;
    let mut codes = Vec::new();
    for structure in structures {
        codes.push(bench.create_code(HUMAN_US, structure).await);
    }
    codes
}

async fn accepted(structures: Vec<Value>) {
    let codes = codes(structures).await;
    assert!(codes.iter().all(Option::is_none), "{codes:?}");
}

async fn refused(code: u64, structures: Vec<Value>) {
    let codes = codes(structures).await;
    assert!(codes.iter().all(|seen| *seen == Some(code)), "{codes:?}");
}

#[tokio::test]
async fn every_valid_structure_is_accepted() {
    accepted(vec![
        us_individual(),
        last_four_individual(),
        ca_individual(),
        us_business(),
        gb_business(),
        gb_organization(),
    ])
    .await;
}

#[tokio::test]
async fn each_required_field_of_a_business_is_missed_by_1004() {
    let fields = [
        "/business/account_owner/name",
        "/business/account_owner/name/first",
        "/business/account_owner/name/last",
        "/business/account_owner/phone",
        "/business/account_owner/phone/country_code",
        "/business/account_owner/phone/phone_number",
        "/business/account_owner/date_of_birth",
        "/business/account_owner/date_of_birth/year",
        "/business/account_owner/date_of_birth/month",
        "/business/account_owner/date_of_birth/day",
        "/business/account_owner/address",
        "/business/account_owner/address/address1",
        "/business/account_owner/address/city",
        "/business/account_owner/address/postal_code",
        "/business/account_owner/address/country",
        "/business/account_owner/gb_owner_compliance",
        "/business/legal_entity_name",
        "/business/primary_url",
        "/business/entity_description",
        "/business/address",
        "/business/gb_entity_compliance",
        "/business/gb_entity_compliance/legal_form",
    ];
    refused(1004, fields.iter().map(|field| gb_business().without(field)).collect()).await;
    refused(1004, fields.iter().map(|field| gb_business().with(field, Value::Null)).collect())
        .await;
}

#[tokio::test]
async fn an_empty_required_text_counts_as_missing() {
    refused(1004, vec![gb_business().with("/business/legal_entity_name", json!("  "))]).await;
}

#[tokio::test]
async fn a_missing_account_owner_is_3012() {
    refused(
        3012,
        vec![us_individual().without(OWNER), gb_business().without("/business/account_owner")],
    )
    .await;
}

#[tokio::test]
async fn w1_client_and_account_id_come_as_strings_or_numbers_and_go_back_as_integers() {
    let bench = Bench::start().await;
    let mut body = create_body(VERIFIED_US, us_individual());
    assert!(body["account_id"].is_string());
    assert_eq!(bench.wepay("/account/kyc/create", body.clone()).await.status, 200);
    body["client_id"] = json!(9876);
    body["account_id"] = json!(VERIFIED_US);
    assert_eq!(bench.wepay("/account/kyc/create", body).await.status, 200);
    let by_text = bench.wepay("/account/kyc", json!({"account_id": VERIFIED_US.to_string()})).await;
    assert_eq!(by_text.body["account_id"], json!(VERIFIED_US));
}

#[tokio::test]
async fn w1_an_account_id_that_is_no_number_is_invalid() {
    let bench = Bench::start().await;
    let found = bench.wepay("/account/kyc", json!({"account_id": "mine"})).await;
    assert_eq!(found.code(), Some(1003));
}

#[tokio::test]
async fn w2_a_kyc_id_comes_as_a_string_or_a_number_and_goes_back_as_an_integer() {
    let bench = Bench::start().await;
    for (account_id, as_text) in [(VERIFIED_US, true), (HUMAN_US, false)] {
        let created = bench.create(account_id, us_individual()).await;
        let kyc_id = created.body["kyc_id"].as_i64().expect("an integer");
        assert!(kyc_id > i64::from(u32::MAX), "an id needs 64 bits");
        let sent = if as_text { json!(kyc_id.to_string()) } else { json!(kyc_id) };
        let authorized = bench.wepay("/account/kyc/authorize", json!({"kyc_id": sent})).await;
        assert_eq!(authorized.body["account_id"], json!(account_id));
    }
}

#[tokio::test]
async fn w3_an_mcc_is_four_digits_as_a_string_or_a_number() {
    let mcc = |value| us_individual().with("/individual/mcc", value);
    accepted(vec![mcc(json!("7999")), mcc(json!(7999)), mcc(json!("1900")), mcc(json!("0742"))])
        .await;
    refused(
        1003,
        vec![mcc(json!("799")), mcc(json!("79999")), mcc(json!("79a9")), mcc(json!(7.5))],
    )
    .await;
}

#[tokio::test]
async fn w4_an_mcc_is_required_of_an_individual_only() {
    refused(1004, vec![us_individual().without("/individual/mcc")]).await;
    accepted(vec![us_business(), us_business().with("/business/mcc", json!("5812"))]).await;
    refused(1003, vec![us_business().with("/business/mcc", json!("x"))]).await;
}

#[tokio::test]
async fn w5_a_british_mcc_is_not_checked_against_a_list() {
    accepted(vec![gb_organization().with("/organization/mcc", json!("0001"))]).await;
}

#[tokio::test]
async fn w6_exactly_one_structure_must_be_given() {
    refused(1004, vec![json!({}), json!({"individual": null})]).await;
    let mut two = us_individual();
    two["business"] = us_business()["business"].clone();
    refused(1003, vec![two.clone()]).await;
    two["individual"] = Value::Null;
    accepted(vec![two]).await;
}

#[tokio::test]
async fn w7_an_individual_may_bring_an_entity_block() {
    let block = json!({"ein": "12-1234567"});
    let mut with_ein = us_individual();
    with_ein["individual"]["us_entity_compliance"] = block;
    let mut with_gst = ca_individual();
    with_gst["individual"]["ca_entity_compliance"] = json!({"gst_hst": "123456789RT0001"});
    let mut empty = us_individual();
    empty["individual"]["us_entity_compliance"] = json!({});
    accepted(vec![with_ein, with_gst, empty]).await;
}

#[tokio::test]
async fn w8_the_owner_block_follows_the_entitys_country_and_the_owners_own_may_stand_beside_it() {
    let mut abroad = us_business().with("/business/account_owner/address", gb_address());
    accepted(vec![abroad.clone()]).await;
    abroad["business"]["account_owner"]["gb_owner_compliance"] =
        json!({"is_beneficial_owner": false});
    accepted(vec![abroad.clone()]).await;
    refused(1004, vec![abroad.without("/business/account_owner/us_owner_compliance")]).await;
}

#[tokio::test]
async fn w9_a_canadian_owner_block_is_required_and_may_be_empty() {
    let field = "/individual/account_owner/ca_owner_compliance";
    accepted(vec![ca_individual().with(field, json!({}))]).await;
    refused(1004, vec![ca_individual().without(field)]).await;
}

#[tokio::test]
async fn w10_sin_is_accepted_with_hyphens_spaces_or_none() {
    let sin = |text: &str| {
        let field = "/individual/account_owner/ca_owner_compliance/social_insurance_number";
        ca_individual().with(field, json!(text))
    };
    accepted(vec![sin("123-456-789"), sin("046 454 286"), sin("046454286")]).await;
    refused(1003, vec![sin("12-3456-789"), sin("04645428"), sin("046-454 286"), sin("046a54286")])
        .await;
}

#[tokio::test]
async fn w11_one_social_security_number_is_needed_and_two_must_agree() {
    let given = |block| us_individual().with(COMPLIANCE, block);
    accepted(vec![
        given(
            json!({"social_security_number": "111-22-1234", "social_security_number_last_4": null}),
        ),
        given(json!({"social_security_number": null, "social_security_number_last_4": "1234"})),
        given(json!({
            "social_security_number": "111-22-1234",
            "social_security_number_last_4": "1234",
        })),
    ])
    .await;
    refused(1004, vec![given(json!({})), given(json!({"social_security_number": null}))]).await;
    refused(
        1003,
        vec![given(json!({
            "social_security_number": "111-22-1234",
            "social_security_number_last_4": "4321",
        }))],
    )
    .await;
}

#[tokio::test]
async fn w14_beneficial_owners_come_under_either_name_and_not_under_both() {
    const BLOCK: &str = "/business/gb_entity_compliance";
    let listed = gb_business();
    let owners = listed.pointer(BLOCK).unwrap()["additional_beneficial_owners"].clone();
    let mut both = listed.clone();
    both["business"]["gb_entity_compliance"]["beneficial_owner"] = owners;
    let shown = both.clone().without("/business/gb_entity_compliance/additional_beneficial_owners");
    accepted(vec![listed, shown]).await;
    refused(1003, vec![both]).await;
}

#[tokio::test]
async fn w15_the_beneficial_owners_must_be_there_and_may_be_none() {
    const LIST: &str = "/business/gb_entity_compliance/additional_beneficial_owners";
    accepted(vec![gb_business().with(LIST, json!([]))]).await;
    refused(1004, vec![gb_business().without(LIST)]).await;
    refused(1003, vec![gb_business().with(LIST, json!({}))]).await;
}

#[tokio::test]
async fn w16_a_beneficial_owner_is_a_plain_object() {
    const LIST: &str = "/business/gb_entity_compliance/additional_beneficial_owners";
    let wrapped = json!({
        "beneficial_owner": {"name": {"first": "John", "last": "Adams"}},
        "address": gb_address(),
        "date_of_birth": {"year": 1900, "month": 1, "day": 1},
    });
    refused(1004, vec![gb_business().with(LIST, json!([wrapped]))]).await;
    let spoilt = ["name", "address", "date_of_birth"].map(|part| {
        let owner = beneficial_owner().without(&format!("/{part}"));
        gb_business().with(LIST, json!([beneficial_owner(), owner]))
    });
    refused(1004, spoilt.to_vec()).await;
}

#[tokio::test]
async fn w17_a_company_number_of_any_length_up_to_255_is_taken() {
    const NUMBER: &str = "/business/gb_entity_compliance/company_number";
    accepted(vec![
        gb_business().without(NUMBER),
        gb_business().with(NUMBER, json!("1234")),
        gb_business().with(NUMBER, json!("x".repeat(255))),
    ])
    .await;
    refused(1003, vec![gb_business().with(NUMBER, json!("x".repeat(256)))]).await;
}

#[tokio::test]
async fn w18_a_region_is_needed_in_the_us_and_canada_and_may_be_empty_in_britain() {
    const REGION: &str = "/individual/account_owner/address/region";
    refused(
        1004,
        vec![
            us_individual().without(REGION),
            us_individual().with(REGION, json!("")),
            ca_individual().with(REGION, Value::Null),
        ],
    )
    .await;
    const GB: &str = "/business/address/region";
    accepted(vec![
        gb_business().with(GB, json!("")),
        gb_business().with(GB, Value::Null),
        gb_business().without(GB),
        gb_business().with(GB, json!("Essex")),
    ])
    .await;
}

fn us_street(street: &str) -> Value {
    us_individual().with("/individual/account_owner/address/address1", json!(street))
}

#[tokio::test]
async fn w19_a_us_street_begins_with_a_digit_and_is_no_po_box() {
    refused(
        1003,
        vec![
            us_street("Main Street 5"),
            us_street("1 PO Box 7"),
            us_street("1 P.O. Box 7"),
            us_street("1 p o box 7"),
        ],
    )
    .await;
    accepted(vec![us_street("12 Port Road"), us_street("3 Apollo Way")]).await;
    let british = gb_business().with("/business/address/address1", json!("PO Box 7"));
    accepted(vec![british]).await;
}

#[tokio::test]
async fn w19_a_switch_takes_the_letters_po_literally() {
    let bench = Bench::switched(|switches| switches.literal_po = true).await;
    assert_eq!(bench.create_code(HUMAN_US, us_street("12 Port Road")).await, Some(1003));
    assert_eq!(bench.create_code(HUMAN_US, us_street("12 Main Road")).await, None);
}

#[tokio::test]
async fn w20_a_text_may_have_255_characters() {
    let places = [
        "/business/legal_entity_name",
        "/business/primary_url",
        "/business/entity_description",
        "/business/address/city",
        "/business/address/postal_code",
        "/business/account_owner/address/address1",
    ];
    let long = |length| {
        let text = json!("é".repeat(length));
        places.iter().map(|place| gb_business().with(place, text.clone())).collect::<Vec<_>>()
    };
    accepted(long(255)).await;
    refused(1003, long(256)).await;
    let email = "/business/account_owner/email";
    refused(1003, vec![gb_business().with(email, json!("e".repeat(256)))]).await;
}

#[tokio::test]
async fn w21_three_countries_are_served_in_any_case() {
    const COUNTRY: &str = "/individual/account_owner/address/country";
    accepted(vec![
        us_individual().with(COUNTRY, json!("us")),
        ca_individual().with(COUNTRY, json!("Ca")),
    ])
    .await;
    refused(
        1003,
        vec![
            us_individual().with(COUNTRY, json!("FR")),
            us_individual().with(COUNTRY, json!("USA")),
            us_individual().with(COUNTRY, json!("UK")),
        ],
    )
    .await;
}

#[tokio::test]
async fn w22_names_are_never_refused_for_their_length_but_cut() {
    let bench = Bench::start().await;
    let name = json!({
        "first": "A".repeat(30),
        "middle": "B".repeat(300),
        "last": "C".repeat(40),
    });
    let body = us_individual().with("/individual/account_owner/name", name);
    let authorized = bench.submit(VERIFIED_US, body).await;
    let expected = format!("{} {}", "A".repeat(30), "B".repeat(4));
    assert_eq!(authorized["legal_name"]["first"], json!(expected));
    assert_eq!(authorized["legal_name"]["last"], json!("C".repeat(35)));
}

#[tokio::test]
async fn w23_a_date_of_birth_is_a_day_of_the_calendar() {
    let born = |year: i64, month: i64, day: i64| {
        let date = json!({"year": year, "month": month, "day": day});
        us_individual().with("/individual/account_owner/date_of_birth", date)
    };
    accepted(vec![born(1900, 1, 1), born(2000, 2, 29), born(1999, 12, 31)]).await;
    refused(
        1003,
        vec![
            born(1990, 0, 1),
            born(1990, 13, 1),
            born(1990, 1, 0),
            born(1990, 1, 32),
            born(1990, 2, 30),
            born(1900, 2, 29),
            born(0, 1, 1),
            us_individual().with("/individual/account_owner/date_of_birth/year", json!("1990")),
        ],
    )
    .await;
}

#[tokio::test]
async fn w24_a_country_code_is_one_to_three_digits_and_a_number_has_digits() {
    let phone = |code: Value, number: Value| {
        let phone = json!({"country_code": code, "phone_number": number});
        us_individual().with("/individual/account_owner/phone", phone)
    };
    accepted(vec![
        phone(json!("+1"), json!("5556667777")),
        phone(json!("44"), json!("(020) 7946-0018")),
        phone(json!(1), json!(5556667777_i64)),
    ])
    .await;
    refused(
        1003,
        vec![
            phone(json!("+"), json!("5556667777")),
            phone(json!("+1234"), json!("5556667777")),
            phone(json!("++1"), json!("5556667777")),
            phone(json!("+1"), json!("call me")),
        ],
    )
    .await;
}

#[tokio::test]
async fn w25_tax_numbers_are_any_text() {
    const EIN: &str = "/business/us_entity_compliance/ein";
    accepted(vec![
        us_business().with(EIN, json!("12-1234567")),
        us_business().with(EIN, json!("121234567")),
        us_business().with(EIN, json!("as printed")),
    ])
    .await;
    refused(1004, vec![us_business().with(EIN, json!("")), us_business().without(EIN)]).await;
    refused(1003, vec![us_business().with(EIN, json!("1".repeat(256)))]).await;
}

#[tokio::test]
async fn w26_a_full_ssn_has_hyphens_unless_the_switch_is_lenient() {
    let ssn =
        |text: &str| us_individual().with(COMPLIANCE, json!({"social_security_number": text}));
    refused(
        1003,
        vec![ssn("111221234"), ssn("11-122-1234"), ssn("111-22-12345"), ssn("abc-de-fghi")],
    )
    .await;
    let last_4 =
        |value| us_individual().with(COMPLIANCE, json!({"social_security_number_last_4": value}));
    refused(1003, vec![last_4(json!("123")), last_4(json!("12345")), last_4(json!(1234))]).await;
    let lenient = Bench::switched(|switches| switches.strict_ssn = false).await;
    assert_eq!(lenient.create_code(HUMAN_US, ssn("111221234")).await, None);
    assert_eq!(lenient.create_code(HUMAN_US, ssn("11122123")).await, Some(1003));
}

#[tokio::test]
async fn w27_the_legal_form_is_one_of_the_list_whatever_the_structure() {
    const FORM: &str = "/gb_entity_compliance/legal_form";
    let business = |form| gb_business().with(&format!("/business{FORM}"), json!(form));
    accepted(vec![business("charity"), business("sole_trader")]).await;
    let organization =
        gb_organization().with(&format!("/organization{FORM}"), json!("partnership"));
    accepted(vec![organization]).await;
    refused(1003, vec![business("Charity"), business("plc")]).await;
}

#[tokio::test]
async fn w28_whether_the_owner_is_a_beneficial_owner_is_not_cross_checked() {
    const FLAG: &str = "/business/account_owner/gb_owner_compliance/is_beneficial_owner";
    accepted(vec![gb_business().with(FLAG, json!(true)), gb_business().with(FLAG, json!(false))])
        .await;
    refused(1003, vec![gb_business().with(FLAG, json!("true"))]).await;
    refused(1004, vec![gb_business().without(FLAG)]).await;
}

#[tokio::test]
async fn w37_one_error_is_reported_and_nothing_is_kept() {
    let bench = Bench::start().await;
    let body = us_individual()
        .with("/individual/account_owner/name", json!({"first": "", "last": ""}))
        .with("/individual/mcc", json!("bad"));
    let refused = bench.create(VERIFIED_US, body).await;
    assert_eq!(refused.status, 400);
    assert_eq!(refused.code(), Some(1004));
    let text = refused.body["error_description"].as_str().unwrap();
    assert_eq!(text, "individual.account_owner.name.first parameter is required");
    assert!(refused.body.get("kyc_id").is_none());
    assert!(bench.effects(Effect::KycCreated).is_empty());
}

#[tokio::test]
async fn w39_email_description_and_url_are_required_as_the_document_says() {
    let mut with_email = us_individual();
    with_email["individual"]["account_owner"]["email"] = json!("foo@example.com");
    accepted(vec![us_individual(), with_email]).await;
    refused(
        1004,
        vec![
            us_individual().without("/individual/account_owner/phone"),
            us_business().without("/business/entity_description"),
            us_business().without("/business/primary_url"),
        ],
    )
    .await;
}

#[tokio::test]
async fn w40_a_primary_url_is_any_text() {
    accepted(vec![
        us_business().with("/business/primary_url", json!("not a url")),
        us_individual().with("/individual/primary_url", json!("https://www.foobar.com")),
    ])
    .await;
}

#[tokio::test]
async fn w41_compliance_blocks_are_nested_under_their_own_name() {
    let bare = us_business().with("/business/us_entity_compliance", json!("12-1234567"));
    refused(1003, vec![bare]).await;
    let mut unwrapped = us_business().without("/business/us_entity_compliance");
    unwrapped["business"]["ein"] = json!("12-1234567");
    refused(1004, vec![unwrapped]).await;
}
