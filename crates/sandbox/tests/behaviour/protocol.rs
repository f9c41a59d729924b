//! WePay's protocol: headers, tokens, versions, bodies, throttling.

use reqwest::RequestBuilder;
use satchel_sandbox::{Options, Sandbox, StartError};
use serde_json::json;

use crate::bench::*;
use crate::bodies::*;

async fn code(request: RequestBuilder) -> (u16, Option<u64>) {
    let answered = answer(request.send().await.unwrap()).await;
    assert!(answered.body.is_object(), "every answer is JSON: {answered:?}");
    (answered.status, answered.code())
}

#[tokio::test]
async fn an_unknown_call_is_501_with_1001() {
    let bench = Bench::start().await;
    let answered = bench.wepay("/account/kyc/nothing", json!({})).await;
    assert_eq!((answered.status, answered.code()), (501, Some(1001)));
    assert_eq!(answered.body["error"], "invalid_request");
    assert_eq!(answered.body["error_description"], "that is not a recognized WePay API call");
    let url = format!("{}/account/kyc", bench.running.hello().wepay);
    assert_eq!(code(bench.http.get(url).bearer_auth(bench.token())).await, (501, Some(1001)));
}

#[tokio::test]
async fn a_missing_header_is_1002() {
    let bench = Bench::start().await;
    let url = format!("{}/account/kyc", bench.running.hello().wepay);
    let body = json!({"account_id": VERIFIED_US}).to_string();
    let typed = |request: RequestBuilder| request.header("content-type", "application/json");
    let without_token = typed(bench.http.post(&url)).body(body.clone());
    assert_eq!(code(without_token).await, (400, Some(1002)));
    let without_type = bench.http.post(&url).bearer_auth(bench.token()).body(body.clone());
    assert_eq!(code(without_type).await, (400, Some(1002)));
    let anonymous =
        client_trusting(rustls::RootCertStore::empty(), &[]).user_agent("").build().unwrap();
    let without_agent = typed(anonymous.post(&url)).bearer_auth(bench.token()).body(body);
    assert_eq!(code(without_agent).await, (400, Some(1002)));
}

#[tokio::test]
async fn a_content_type_may_name_its_charset() {
    let bench = Bench::start().await;
    let request = bench.wepay_request("/account/kyc");
    let request = request.header("content-type", "application/json; charset=UTF-8");
    let request = request.body(json!({"account_id": VERIFIED_US}).to_string());
    assert_eq!(code(request).await, (200, None));
}

#[tokio::test]
async fn an_unknown_token_is_1006_and_a_revoked_one_1011() {
    let bench = Bench::start().await;
    let url = format!("{}/account/kyc", bench.running.hello().wepay);
    let revoked = bench.running.hello().credentials.wepay.revoked_access_token.clone();
    let body = json!({"account_id": VERIFIED_US});
    for (token, expected) in [("STAGE_nobody", 1006), (revoked.as_str(), 1011)] {
        let request = bench.http.post(&url).bearer_auth(token).json(&body);
        assert_eq!(code(request).await, (401, Some(expected)));
    }
    let basic = bench.http.post(&url).basic_auth("a", Some("b")).json(&body);
    assert_eq!(code(basic).await, (401, Some(1006)));
}

#[tokio::test]
async fn a_token_can_be_revoked_and_replaced() {
    let bench = Bench::start().await;
    let ours = bench.token().to_owned();
    bench.admin("/tokens", json!({"access_token": ours, "revoked": true})).await;
    let body = json!({"account_id": VERIFIED_US});
    assert_eq!(bench.wepay("/account/kyc", body.clone()).await.code(), Some(1011));
    bench.admin("/tokens", json!({"access_token": "STAGE_new"})).await;
    let url = format!("{}/account/kyc", bench.running.hello().wepay);
    assert_eq!(code(bench.http.post(url).bearer_auth("STAGE_new").json(&body)).await.0, 200);
}

#[tokio::test]
async fn create_takes_a_known_client_id_alone_and_no_other() {
    let bench = Bench::start().await;
    let url = format!("{}/account/kyc/create", bench.running.hello().wepay);
    let mut body = create_body(VERIFIED_US, us_individual());
    assert_eq!(code(bench.http.post(&url).json(&body)).await, (200, None));
    body["client_id"] = json!("5432");
    assert_eq!(code(bench.http.post(&url).json(&body)).await, (401, Some(3002)));
    body["client_id"] = json!("1");
    assert_eq!(code(bench.http.post(&url).json(&body)).await, (401, Some(1006)));
    assert_eq!(bench.wepay("/account/kyc/create", body.clone()).await.code(), Some(1003));
    body.as_object_mut().unwrap().remove("client_id");
    let missing = answer(bench.http.post(&url).json(&body).send().await.unwrap()).await;
    assert_eq!((missing.status, missing.code()), (400, Some(1004)));
    assert_eq!(missing.body["error_description"], "client_id parameter is required");
}

#[tokio::test]
async fn an_api_version_other_than_the_documents_is_1015_or_1016() {
    let bench = Bench::start().await;
    for (version, expected) in [
        ("2017-02-01", None),
        ("2018-10-03", Some(1016)),
        ("2015-01-01", Some(1015)),
        ("newest", Some(1015)),
        ("", Some(1015)),
    ] {
        let request = bench.wepay_request("/account/kyc").header("api-version", version);
        let request = request.json(&json!({"account_id": VERIFIED_US}));
        assert_eq!(code(request).await.1, expected, "{version}");
    }
}

#[tokio::test]
async fn an_empty_body_is_an_empty_object_and_a_broken_one_1005() {
    let bench = Bench::start().await;
    for (body, expected) in [
        ("", 1004),
        ("{}", 1004),
        ("{", 1005),
        ("[]", 1005),
        ("account_id=1", 1005),
        ("null", 1005),
    ] {
        let request = bench.wepay_request("/account/kyc");
        let request = request.header("content-type", "application/json").body(body);
        assert_eq!(code(request).await, (400, Some(expected)), "{body}");
    }
}

#[tokio::test]
async fn a_chunked_body_is_read_and_answers_are_chunked() {
    let bench = Bench::start().await;
    let text = json!({"account_id": VERIFIED_US}).to_string();
    let stream = reqwest::Body::wrap_stream(Pieces(text.into_bytes()));
    let request = bench.wepay_request("/account/kyc").header("content-type", "application/json");
    let response = request.body(stream).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 200);
    let headers = response.headers();
    assert_eq!(headers["transfer-encoding"], "chunked");
    assert_eq!(headers["content-type"], "application/json");
    assert_eq!(headers["vary"], "Authorization");
    assert_eq!(headers["x-content-type-options"], "nosniff");
}

/// A body of one byte at a time, whose length nobody knows beforehand.
struct Pieces(Vec<u8>);

impl futures_core::Stream for Pieces {
    type Item = Result<Vec<u8>, std::io::Error>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _context: &mut std::task::Context,
    ) -> std::task::Poll<Option<Self::Item>> {
        let first = self.0.len().min(1);
        let rest = self.0.split_off(first);
        let piece = std::mem::replace(&mut self.0, rest);
        std::task::Poll::Ready((!piece.is_empty()).then_some(Ok(piece)))
    }
}

#[tokio::test]
async fn thirty_calls_in_ten_seconds_are_allowed_and_the_next_is_1007() {
    let bench = Bench::switched(|switches| switches.throttle_calls = 30).await;
    for _ in 0..30 {
        assert_eq!(bench.wepay("/account/kyc", json!({"account_id": HUMAN_US})).await.status, 200);
    }
    let body = json!({"account_id": VERIFIED_US});
    let refused = bench.wepay("/account/kyc", body.clone()).await;
    assert_eq!((refused.status, refused.code()), (429, Some(1007)));
    assert_eq!(refused.body["error"], "throttle_exceeded");
    assert_eq!(bench.winter_get("/v1/account/12345").await.status, 200);
    bench.running.advance(9_999).unwrap();
    assert_eq!(bench.wepay("/account/kyc", body.clone()).await.code(), Some(1007));
    bench.running.advance(1).unwrap();
    assert_eq!(bench.wepay("/account/kyc", body).await.status, 200);
}

#[tokio::test]
async fn a_switch_makes_create_need_the_risk_headers() {
    let bench = Bench::switched(|switches| switches.require_risk_headers = true).await;
    let body = create_body(VERIFIED_US, us_individual());
    assert_eq!(bench.wepay("/account/kyc/create", body.clone()).await.code(), Some(1002));
    let request = bench.wepay_request("/account/kyc/create").header("client-ip", "203.0.113.7");
    let request = request.header("wepay-risk-token", "123e4567-e89b-12d3-a456-426614174000");
    assert_eq!(code(request.json(&body)).await, (200, None));
    assert_eq!(bench.state(VERIFIED_US).await, "unsubmitted");
}

#[tokio::test]
async fn account_shows_the_fields_of_its_page() {
    let bench = Bench::start().await;
    let account = bench.wepay("/account", json!({"account_id": DOCUMENTS_GB})).await.body;
    for field in [
        "account_id",
        "name",
        "state",
        "description",
        "owner_user_id",
        "reference_id",
        "callback_uri",
        "type",
        "create_time",
        "balances",
        "statuses",
        "action_reasons",
        "disabled_reasons",
        "disablement_time",
        "country",
        "currencies",
    ] {
        assert!(account.get(field).is_some(), "{field}");
    }
    assert_eq!(account["currencies"], json!(["GBP"]));
    assert_eq!(account["create_time"], json!(START_MS / 1000));
}

#[tokio::test]
async fn steering_needs_the_admin_token() {
    let bench = Bench::start().await;
    let url = format!("{}/journal", bench.running.hello().admin);
    let refused = bench.http.get(&url).send().await.unwrap();
    assert_eq!(refused.status().as_u16(), 401);
    let wrong = bench.http.get(&url).header("x-sandbox-admin", "guess").send().await.unwrap();
    assert_eq!(wrong.status().as_u16(), 401);
    let right = bench.http.get(&url).header("x-sandbox-admin", &bench.running.hello().admin_token);
    let entries = answer(right.send().await.unwrap()).await.body["entries"].clone();
    assert_eq!(entries.as_array().unwrap().len(), bench.running.journal().len());
}

#[tokio::test]
async fn steering_refuses_what_it_does_not_know() {
    let bench = Bench::start().await;
    for (path, body) in [
        ("/nothing", json!({})),
        ("/clock", json!({"advance_ms": -1})),
        ("/clock", json!({})),
        ("/faults", json!([{"fault": {"kind": "earthquake"}}])),
        ("/faults", json!([{"path": "/v2/account", "where": 1, "fault": {"kind": "close"}}])),
        ("/switches", json!({"strict": true})),
        ("/switches", json!({"strict_ssn": "yes"})),
        ("/accounts", json!({"provider": "wepay", "script": "gibberish"})),
        ("/accounts", json!({"provider": "wepay", "id": "x"})),
        ("/accounts", json!({"provider": "paypal"})),
        ("/tokens", json!({"access_token": ""})),
    ] {
        let refused = bench.admin(path, body).await;
        assert_eq!((refused.status, refused.body["error"].is_string()), (400, true), "{path}");
    }
}

#[tokio::test]
async fn switches_are_read_and_changed_one_by_one() {
    let bench = Bench::start().await;
    let changed = bench.admin("/switches", json!({"second_create": "accepted"})).await.body;
    assert_eq!(
        (&changed["second_create"], &changed["strict_ssn"]),
        (&json!("accepted"), &json!(true))
    );
    assert_eq!(bench.running.switches().second_create, satchel_sandbox::SecondCreate::Accepted);
}

#[tokio::test]
async fn an_address_that_others_can_reach_needs_a_word() {
    let remote = "0.0.0.0:0".parse().unwrap();
    let refused = Sandbox::start(Options { listen: remote, ..still() }).await;
    assert!(matches!(refused, Err(StartError::NotLoopback(_))), "{refused:?}");
    let refused = Sandbox::start(Options { tls_listen: Some(remote), ..still() }).await;
    assert!(matches!(refused, Err(StartError::NotLoopback(_))), "{refused:?}");
}

#[tokio::test]
async fn the_greeting_names_accounts_of_every_kind() {
    let bench = Bench::with(Options { extra_accounts: 5, ..still() }).await;
    let hello: serde_json::Value = serde_json::from_str(&bench.running.hello_json()).unwrap();
    assert!(hello["wepay"].as_str().unwrap().ends_with("/v2"));
    let accounts = hello["accounts"].as_array().unwrap();
    let some = |provider: &str, field: &str, value: &str| {
        accounts.iter().any(|a| a["provider"] == provider && a[field] == value)
    };
    for country in ["US", "CA", "GB"] {
        assert!(some("wepay", "country", country));
    }
    for kind in ["individual", "business", "organization"] {
        assert!(some("wepay", "kind", kind));
    }
    for script in ["verified", "unverified", "review", "documents", "fullssn", "recheck", "human"] {
        assert!(some("wepay", "script", script), "{script}");
    }
    assert!(some("winter", "script", "documents") && some("winter", "name", "Extra Customer 5"));
    assert!(accounts.iter().filter(|a| a["provider"] == "wepay").all(|a| a["id"].is_i64()));
    assert!(accounts.iter().filter(|a| a["provider"] == "winter").all(|a| a["id"].is_string()));
}
