//! Winter's personal details and account.

use satchel_sandbox::Effect;
use serde_json::{Value, json};

use crate::bench::*;
use crate::bodies::Spoil;

fn details() -> Value {
    json!({
        "full_legal_name": "Michael Winter",
        "full_address": "123 Main St, Chicago, IL 90874",
        "social_security_number": "123-45-6789",
    })
}

#[tokio::test]
async fn details_are_written_and_a_repeat_is_marked() {
    let bench = Bench::start().await;
    for _ in 0..2 {
        assert_eq!(bench.winter("/v1/kyc/info/12345", details()).await.status, 200);
    }
    let written = bench.effects(Effect::InfoWritten);
    assert_eq!(written.iter().map(|entry| entry.duplicate).collect::<Vec<_>>(), [false, true]);
    assert_eq!(written[0].details, Some(details()));
}

#[tokio::test]
async fn each_part_of_the_details_is_required() {
    let bench = Bench::start().await;
    for field in ["/full_legal_name", "/full_address", "/social_security_number"] {
        for body in [details().without(field), details().with(field, json!(" "))] {
            assert_eq!(bench.winter("/v1/kyc/info/12345", body).await.status, 400, "{field}");
        }
    }
}

#[tokio::test]
async fn v3_the_name_comes_under_either_key_and_two_must_be_equal() {
    let bench = Bench::start().await;
    let mut body = details();
    body["full_name"] = json!("Michael Winter");
    assert_eq!(bench.winter("/v1/kyc/info/12345", body.clone()).await.status, 200);
    let listed = body.clone().without("/full_legal_name");
    assert_eq!(bench.winter("/v1/kyc/info/12345", listed).await.status, 200);
    body["full_name"] = json!("Michael Summer");
    assert_eq!(bench.winter("/v1/kyc/info/12345", body).await.status, 400);
}

#[tokio::test]
async fn v4_another_name_than_the_accounts_is_refused_only_by_a_switch() {
    let other = details().with("/full_legal_name", json!("Somebody Else"));
    let lenient = Bench::start().await;
    assert_eq!(lenient.winter("/v1/kyc/info/12345", other.clone()).await.status, 200);
    let strict = Bench::switched(|switches| switches.strict_full_name = true).await;
    assert_eq!(strict.winter("/v1/kyc/info/12345", other).await.status, 400);
    assert_eq!(strict.winter("/v1/kyc/info/12345", details()).await.status, 200);
}

#[tokio::test]
async fn v8_the_path_wins_and_a_body_that_differs_is_refused() {
    let bench = Bench::start().await;
    let mut body = details();
    body["accountId"] = json!("12345");
    assert_eq!(bench.winter("/v1/kyc/info/12345", body.clone()).await.status, 200);
    body["accountId"] = json!("W-1001");
    assert_eq!(bench.winter("/v1/kyc/info/12345", body.clone()).await.status, 400);
    body["accountId"] = json!(12345);
    assert_eq!(bench.winter("/v1/kyc/info/12345", body).await.status, 400);
}

#[tokio::test]
async fn v10_a_400_says_why_unless_the_switch_takes_the_words_away() {
    let wordy = Bench::start().await;
    let refused = wordy.winter("/v1/kyc/info/12345", json!({})).await;
    assert_eq!((refused.status, refused.body["error"].is_string()), (400, true));
    let silent = Bench::switched(|switches| switches.winter_error_bodies = false).await;
    let refused = silent.winter("/v1/kyc/info/12345", json!({})).await;
    assert_eq!((refused.status, refused.body), (400, Value::Null));
}

#[tokio::test]
async fn v10_an_unknown_account_and_another_organizations_look_the_same() {
    let bench = Bench::start().await;
    let unknown = bench.winter("/v1/kyc/info/nobody", details()).await;
    let foreign = bench.winter("/v1/kyc/info/F-2001", details()).await;
    assert_eq!(unknown.status, 400);
    assert_eq!(unknown, foreign);
}

#[tokio::test]
async fn v11_details_bring_no_document_and_base64_is_not_looked_for() {
    let bench = Bench::start().await;
    let mut body = details();
    body["document"] = json!("this is not base64!");
    assert_eq!(bench.winter("/v1/kyc/info/12345", body).await.status, 200);
}

#[tokio::test]
async fn v17_the_status_is_one_of_the_four_words() {
    let bench = Bench::start().await;
    assert_eq!(bench.winter_status("12345").await, "CANNOT_WITHDRAW_KYC_REQUIRED");
    for status in ["UNDER_REVIEW", "CANNOT_WITHDRAW_KYC_FAILED", "READY_TO_WITHDRAW"] {
        let body = json!({"account_id": "12345", "status": status});
        assert_eq!(bench.admin("/review", body).await.status, 200);
        assert_eq!(bench.winter_status("12345").await, status);
    }
}

#[tokio::test]
async fn v18_an_ssn_has_hyphens_or_is_nine_digits() {
    let bench = Bench::start().await;
    for (number, status) in [
        ("123-45-6789", 200),
        ("123456789", 200),
        ("12-345-6789", 400),
        ("123-45-678", 400),
        ("123-45-678a", 400),
    ] {
        let body = details().with("/social_security_number", json!(number));
        assert_eq!(bench.winter("/v1/kyc/info/12345", body).await.status, status, "{number}");
    }
}

#[tokio::test]
async fn v19_an_address_is_one_line_of_any_text() {
    let bench = Bench::start().await;
    let body = details().with("/full_address", json!("somewhere"));
    assert_eq!(bench.winter("/v1/kyc/info/12345", body).await.status, 200);
}

#[tokio::test]
async fn v22_an_account_id_is_any_string_chosen_by_the_caller_and_encoded_in_the_path() {
    let bench = Bench::start().await;
    let path = "/v1/account/Store%20%237%2FB%20%C3%BC";
    assert_eq!(bench.winter_get(path).await.body["accountId"], "Store #7/B ü");
    let body = json!({"email": "a@b.c", "full_name": "New", "full_address": "1 Way"});
    let created = bench.winter("/v1/account/a%2Fb%3Fc", body.clone()).await;
    assert_eq!(created.status, 200);
    assert_eq!(bench.winter_get("/v1/account/a%2Fb%3Fc").await.body["full_name"], "New");
    assert_eq!(bench.winter("/v1/account/a%2Fb%3Fc", body).await.status, 409);
    assert_eq!(bench.winter_get("/v1/account/%zz").await.status, 400);
}

#[tokio::test]
async fn an_account_shows_the_fields_of_its_page() {
    let bench = Bench::start().await;
    let account = bench.winter_get("/v1/account/12345").await;
    assert_eq!(
        account.body,
        json!({
            "accountId": "12345",
            "email": "customer@example.com",
            "full_name": "Michael Winter",
            "full_address": "123 Main St, Chicago, IL 60601",
            "create_datetime": "2026-09-21 14:13:20 GMT+00:00",
            "currency": "USD",
            "account_trade_status": "LIVE",
            "account_blocked": false,
            "account_cash_funds": 0.0,
            "account_portfolio_value": 0.0,
            "account_kyc_status": "CANNOT_WITHDRAW_KYC_REQUIRED",
        })
    );
}

#[tokio::test]
async fn an_account_can_be_edited() {
    let bench = Bench::start().await;
    let url = bench.winter_url("/v1/account/edit/12345");
    let request = bench.http.put(url).headers(bench.winter_headers());
    let edited = request.json(&json!({"full_name": "Michael Summer"})).send().await.unwrap();
    assert_eq!(edited.status().as_u16(), 200);
    assert_eq!(bench.winter_get("/v1/account/12345").await.body["full_name"], "Michael Summer");
}

#[tokio::test]
async fn key_and_secret_come_in_headers_or_as_basic_and_are_required() {
    let bench = Bench::start().await;
    let url = bench.winter_url("/v1/account/12345");
    let winter = &bench.running.hello().credentials.winter;
    let basic = bench.http.get(&url).basic_auth(&winter.key, Some(&winter.secret));
    assert_eq!(basic.send().await.unwrap().status().as_u16(), 200);
    let wrong = bench.http.get(&url).basic_auth(&winter.key, Some("wrong"));
    assert_eq!(wrong.send().await.unwrap().status().as_u16(), 401);
    assert_eq!(bench.http.get(&url).send().await.unwrap().status().as_u16(), 401);
    let half = bench.http.get(&url).header("x-api-key", &winter.key);
    assert_eq!(half.send().await.unwrap().status().as_u16(), 401);
}

#[tokio::test]
async fn a_body_that_is_not_json_and_a_path_that_is_not_there_are_refused() {
    let bench = Bench::start().await;
    assert_eq!(bench.winter_text("/v1/kyc/info/12345", "{".into()).await.status, 400);
    assert_eq!(bench.winter_get("/v1/nothing").await.status, 404);
    assert_eq!(bench.winter_get("/v1/kyc/info/12345").await.status, 405);
}
