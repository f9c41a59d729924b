//! Everything that can go wrong on the way, and what the provider did meanwhile.

use std::time::{Duration, Instant};

use satchel_sandbox::Effect;
use serde_json::{Value, json};

use crate::bench::*;
use crate::bodies::*;

fn look_up() -> Value {
    json!({"account_id": VERIFIED_US})
}

/// Whether a look-up is answered at all.
async fn answered(bench: &Bench) -> bool {
    bench.wepay_request("/account/kyc").json(&look_up()).send().await.is_ok()
}

/// Sends `create` and expects no answer; gives how many the provider has kept.
async fn create_unanswered(bench: &Bench) -> usize {
    let body = create_body(VERIFIED_US, us_individual());
    let sent = bench.wepay_request("/account/kyc/create").json(&body).send().await;
    assert!(sent.is_err(), "{sent:?}");
    bench.effects(Effect::KycCreated).len()
}

#[tokio::test]
async fn a_closed_connection_means_that_nothing_happened() {
    let bench = Bench::start().await;
    bench.arm(json!({"fault": {"kind": "close"}}));
    assert_eq!(create_unanswered(&bench).await, 0);
    assert!(answered(&bench).await);
}

#[tokio::test]
async fn a_lost_answer_means_that_it_did_happen() {
    let bench = Bench::start().await;
    bench.arm(json!({"fault": {"kind": "lost_answer"}}));
    assert_eq!(create_unanswered(&bench).await, 1);
    assert!(answered(&bench).await);
}

#[tokio::test]
async fn a_late_delivery_happens_when_its_time_has_come() {
    let bench = Bench::start().await;
    bench.arm(json!({"fault": {"kind": "late", "delay_ms": 5 * MINUTE_MS}}));
    assert_eq!(create_unanswered(&bench).await, 0);
    bench.running.advance(5 * MINUTE_MS - 1).unwrap();
    assert!(bench.effects(Effect::KycCreated).is_empty());
    bench.running.advance(1).unwrap();
    let created = bench.effects(Effect::KycCreated);
    assert_eq!(created[0].at_ms, START_MS + 5 * i64::from(MINUTE_MS));
}

#[tokio::test]
async fn a_hanging_connection_gives_no_answer_whether_or_not_it_happened() {
    for (processed, kept) in [(false, 0), (true, 1)] {
        let bench = Bench::start().await;
        bench.arm(json!({"fault": {"kind": "hang", "processed": processed}}));
        let body = create_body(VERIFIED_US, us_individual());
        let request = bench.wepay_request("/account/kyc/create").json(&body);
        let sent = request.timeout(Duration::from_millis(300)).send().await;
        assert!(sent.unwrap_err().is_timeout());
        assert_eq!(bench.effects(Effect::KycCreated).len(), kept);
        bench.running.stop().await;
    }
}

#[tokio::test]
async fn latency_delays_the_answer_and_other_faults_still_apply() {
    let bench = Bench::start().await;
    bench.arm(json!({"fault": {"kind": "latency", "ms": 120}}));
    bench.arm(json!({"fault": {"kind": "status", "status": 503}}));
    let began = Instant::now();
    let answered = bench.wepay("/account/kyc", look_up()).await;
    assert!(began.elapsed() >= Duration::from_millis(120));
    assert_eq!(answered.status, 503);
}

#[tokio::test]
async fn a_status_comes_with_or_without_a_code_and_before_or_after_the_effect() {
    let bench = Bench::start().await;
    bench.arm(json!({"fault": {"kind": "status", "status": 500, "error_code": 1008}}));
    bench.arm(json!({"fault": {"kind": "status", "status": 502, "processed": true}}));
    bench.arm(json!({"fault": {"kind": "status", "status": 413, "body": "<html>too large</html>",
        "content_type": "text/html"}}));
    bench.arm(json!({"fault": {"kind": "status", "status": 429, "retry_after": "17"}}));
    bench.arm(json!({"fault": {"kind": "status", "status": 429, "error_code": 1007}}));
    let first = bench.create(VERIFIED_US, us_individual()).await;
    assert_eq!((first.status, first.code()), (500, Some(1008)));
    assert!(bench.effects(Effect::KycCreated).is_empty());
    let second = bench.create(VERIFIED_US, us_individual()).await;
    assert_eq!((second.status, second.code()), (502, None));
    assert_eq!(bench.effects(Effect::KycCreated).len(), 1);
    let send =
        || async { bench.wepay_request("/account/kyc").json(&look_up()).send().await.unwrap() };
    let third = send().await;
    assert_eq!(
        (third.status().as_u16(), &third.headers()["content-type"]),
        (413, &"text/html".parse().unwrap())
    );
    assert_eq!(send().await.headers()["retry-after"], "17");
    let fifth = send().await;
    assert!(fifth.headers().get("retry-after").is_none());
    assert_eq!(answer(fifth).await.code(), Some(1007));
}

#[tokio::test]
async fn a_reset_comes_at_the_byte_that_was_asked_for() {
    let bench = Bench::start().await;
    for at_byte in [0, 1, 40, 250] {
        bench.arm(json!({"fault": {"kind": "reset", "at_byte": at_byte}}));
        let seen = raw_answer(&bench, "/v2/account/kyc", &look_up().to_string()).await;
        assert_eq!((seen.bytes.len(), seen.reset), (at_byte, true));
    }
    let whole = raw_answer(&bench, "/v2/account/kyc", &look_up().to_string()).await;
    assert!(!whole.reset && whole.bytes.len() > 250);
}

#[tokio::test]
async fn a_reset_answer_was_processed() {
    let bench = Bench::start().await;
    bench.arm(json!({"fault": {"kind": "reset", "at_byte": 10}}));
    assert_eq!(create_unanswered(&bench).await, 1);
}

#[tokio::test]
async fn a_truncated_body_stops_short_of_its_announced_end() {
    let bench = Bench::start().await;
    bench.arm(json!({"fault": {"kind": "truncate", "at_byte": 12}}));
    let sent = bench.wepay_request("/account/kyc").json(&look_up()).send().await.unwrap();
    assert_eq!(sent.status().as_u16(), 200);
    assert!(sent.bytes().await.is_err());
    bench.arm(json!({"provider": "winter", "fault": {"kind": "truncate", "at_byte": 12}}));
    let url = bench.winter_url("/v1/account/12345");
    let sent = bench.http.get(url).headers(bench.winter_headers()).send().await.unwrap();
    assert!(sent.content_length().unwrap() > 12);
    assert!(sent.bytes().await.is_err());
}

#[tokio::test]
async fn broken_wrong_and_foreign_bodies_come_with_a_200() {
    let bench = Bench::start().await;
    bench.arm(json!({"fault": {"kind": "broken_json"}}));
    let broken = bench.wepay_request("/account/kyc").json(&look_up()).send().await.unwrap();
    assert_eq!(broken.status().as_u16(), 200);
    assert!(serde_json::from_slice::<Value>(&broken.bytes().await.unwrap()).is_err());
    bench.arm(json!({"fault": {"kind": "wrong_json", "body": ["nothing"]}}));
    assert_eq!(bench.wepay("/account/kyc", look_up()).await.body, json!(["nothing"]));
    bench.arm(json!({"fault": {"kind": "foreign_account"}}));
    let foreign = bench.wepay("/account/kyc", look_up()).await.body;
    assert!(foreign["account_id"].is_i64() && foreign["account_id"] != json!(VERIFIED_US));
    bench.arm(json!({"fault": {"kind": "foreign_account"}}));
    let foreign = bench.winter_get("/v1/account/12345").await.body;
    assert!(foreign["accountId"].is_string() && foreign["accountId"] != json!("12345"));
}

#[tokio::test]
async fn a_portal_answers_in_html_and_the_provider_hears_nothing() {
    let bench = Bench::start().await;
    for status in [200, 302, 511] {
        bench.arm(json!({"fault": {"kind": "portal", "status": status}}));
        let body = create_body(VERIFIED_US, us_individual());
        let sent = bench.wepay_request("/account/kyc/create").json(&body).send().await.unwrap();
        assert_eq!(sent.status().as_u16(), status);
        assert_eq!(sent.headers().contains_key("location"), status == 302);
        assert!(sent.text().await.unwrap().contains("<h1>Sign in</h1>"));
    }
    assert!(bench.effects(Effect::KycCreated).is_empty());
}

#[tokio::test]
async fn offline_drops_every_connection_and_steering_still_works() {
    let bench = Bench::start().await;
    assert!(answered(&bench).await, "this connection is kept open");
    bench.arm(json!({"times": null, "fault": {"kind": "offline"}}));
    assert!(!answered(&bench).await);
    assert!(!answered(&bench).await);
    let url = bench.winter_url("/v1/account/12345");
    assert!(bench.http.get(url).send().await.is_err());
    assert_eq!(bench.admin("/clock", json!({"advance_ms": 1})).await.status, 200);
    bench.running.clear_faults();
    assert!(answered(&bench).await);
}

#[tokio::test]
async fn rules_match_by_provider_path_and_account() {
    let bench = Bench::start().await;
    let gone = json!({"kind": "status", "status": 503});
    bench.arm(json!({"provider": "winter", "times": null, "fault": gone}));
    assert_eq!(bench.wepay("/account/kyc", look_up()).await.status, 200);
    assert_eq!(bench.winter_get("/v1/account/12345").await.status, 503);
    bench.running.clear_faults();

    bench.arm(json!({"path": "/v2/account/kyc", "times": null, "fault": gone}));
    assert_eq!(bench.wepay("/account", look_up()).await.status, 200);
    assert_eq!(bench.wepay("/account/kyc", look_up()).await.status, 503);
    bench.running.clear_faults();

    bench.arm(json!({"path": "/v2/account*", "times": null, "fault": gone}));
    assert_eq!(bench.wepay("/account", look_up()).await.status, 503);
    assert_eq!(bench.wepay("/file/upload", json!({})).await.status, 400);
}

#[tokio::test]
async fn a_rule_finds_an_account_in_every_kind_of_call() {
    let bench = Bench::start().await;
    let kyc_id = bench.create(VERIFIED_US, us_individual()).await.body["kyc_id"].clone();
    let account = VERIFIED_US.to_string();
    let gone = json!({"kind": "status", "status": 503});
    bench.arm(json!({"account": account, "times": null, "fault": gone}));
    bench.arm(json!({"account": "12345", "times": null, "fault": gone}));
    assert_eq!(bench.wepay("/account/kyc", look_up()).await.status, 503);
    assert_eq!(bench.wepay("/account/kyc/authorize", json!({"kyc_id": kyc_id})).await.status, 503);
    let form = file_form(VERIFIED_US, "passport", png("x"));
    assert_eq!(bench.upload_form(form).await.status, 503);
    assert_eq!(bench.wepay("/account/kyc", json!({"account_id": HUMAN_US})).await.status, 200);
    assert_eq!(bench.winter_get("/v1/account/12345").await.status, 503);
    let by_body = bench.winter("/v1/kyc/docs", json!({"accountId": "12345"})).await;
    assert_eq!(by_body.status, 503);
    assert_eq!(bench.winter_get("/v1/account/W-1001").await.status, 200);
}

#[tokio::test]
async fn a_rule_begins_at_its_nth_call_and_ends_after_its_times() {
    let bench = Bench::start().await;
    let gone = json!({"kind": "status", "status": 503});
    bench.arm(json!({"nth": 2, "times": 2, "fault": gone}));
    let mut statuses = Vec::new();
    for _ in 0..5 {
        statuses.push(bench.wepay("/account/kyc", look_up()).await.status);
    }
    assert_eq!(statuses, [200, 503, 503, 200, 200]);
}

#[tokio::test]
async fn rules_are_armed_listed_and_cleared_over_http() {
    let bench = Bench::start().await;
    let rules =
        json!({"rules": [{"fault": {"kind": "close"}}, {"fault": {"kind": "lost_answer"}}]});
    let armed = bench.admin("/faults", rules).await.body;
    assert_eq!(armed["rules"].as_array().unwrap().len(), 2);
    assert!(!answered(&bench).await);
    let hello = bench.running.hello();
    let url = format!("{}/faults", hello.admin);
    let with_token =
        |request: reqwest::RequestBuilder| request.header("x-sandbox-admin", &hello.admin_token);
    let listed = answer(with_token(bench.http.get(&url)).send().await.unwrap()).await.body;
    assert_eq!((&listed["rules"][0]["hits"], &listed["rules"][1]["hits"]), (&json!(1), &json!(0)));
    with_token(bench.http.delete(&url)).send().await.unwrap();
    assert!(answered(&bench).await);
}

struct Seen {
    bytes: Vec<u8>,
    reset: bool,
}

/// Sends one request over a bare socket and reads until the connection ends.
async fn raw_answer(bench: &Bench, path: &str, body: &str) -> Seen {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let address = bench.running.addresses().http;
    let mut socket = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nUser-Agent: raw\r\nConnection: close\r\n\
         Authorization: Bearer {}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        bench.token(),
        body.len()
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match socket.read(&mut buffer).await {
            Ok(0) => return Seen { bytes, reset: false },
            Ok(length) => bytes.extend_from_slice(&buffer[..length]),
            Err(_) => return Seen { bytes, reset: true },
        }
    }
}
