//! Winter's images: written, overwritten, read back and judged.

use satchel_sandbox::Effect;
use serde_json::{Value, json};

use crate::bench::*;
use crate::bodies::Spoil;

fn licence(side: &str, mark: &str) -> Value {
    json!({
        "accountId": "12345",
        "document_type": "DRIVERS_LICENSE",
        "document_side": side,
        "document": base64(&jpeg(mark)),
    })
}

fn passport(mark: &str) -> Value {
    json!({"document_type": "PASSPORT", "document": base64(&png(mark))})
}

fn details(name: &str) -> Value {
    json!({
        "full_legal_name": name,
        "full_address": "123 Main St, Chicago, IL 90874",
        "social_security_number": "123-45-6789",
    })
}

async fn put(bench: &Bench, body: Value) -> u16 {
    bench.winter("/v1/kyc_docs/12345", body).await.status
}

async fn documents(bench: &Bench) -> Value {
    bench.winter("/v1/kyc/docs", json!({"accountId": "12345"})).await.body
}

async fn count(bench: &Bench) -> usize {
    documents(bench).await["document_urls"].as_array().map_or(0, Vec::len)
}

#[tokio::test]
async fn v1_a_side_may_stand_under_a_second_document_type() {
    let bench = Bench::start().await;
    let image = base64(&jpeg("front"));
    let sample = format!(
        r#"{{ "accountId": "12345", "document_type": "DRIVERS_LICENSE",
              "document_type": "FRONT", "content": "{image}"}}"#
    );
    assert_eq!(bench.winter_text("/v1/kyc_docs/12345", sample).await.status, 200);
    let written = &bench.effects(Effect::SideWritten)[0];
    assert_eq!(written.document_type.as_deref(), Some("DRIVERS_LICENSE"));
    assert_eq!(written.document_side.as_deref(), Some("FRONT"));
    let twice = format!(
        r#"{{"document_type": "PASSPORT", "document_type": "STATE_LICENSE",
            "document_side": "BACK", "content": "{image}"}}"#
    );
    assert_eq!(bench.winter_text("/v1/kyc_docs/12345", twice).await.status, 400);
}

#[tokio::test]
async fn v2_an_image_comes_as_document_or_content_and_two_must_be_equal() {
    let bench = Bench::start().await;
    let mut body = licence("FRONT", "a");
    body["content"] = body["document"].clone();
    assert_eq!(put(&bench, body.clone()).await, 200);
    assert_eq!(put(&bench, body.clone().without("/document")).await, 200);
    body["content"] = json!(base64(&jpeg("b")));
    assert_eq!(put(&bench, body.clone()).await, 400);
    assert_eq!(put(&bench, body.without("/document").without("/content")).await, 400);
}

#[tokio::test]
async fn v5_the_account_to_read_is_in_the_body_the_query_or_the_path() {
    let bench = Bench::start().await;
    put(&bench, licence("FRONT", "a")).await;
    for (path, body, status) in [
        ("/v1/kyc/docs", json!({"accountId": "12345"}), 200),
        ("/v1/kyc/docs?accountId=12345", json!({}), 200),
        ("/v1/kyc/docs/12345", json!({}), 200),
        ("/v1/kyc/docs", json!({}), 400),
        ("/v1/kyc/docs/12345", json!({"accountId": "W-1001"}), 400),
    ] {
        assert_eq!(bench.winter(path, body).await.status, status, "{path}");
    }
}

#[tokio::test]
async fn v6_reading_is_a_post_and_the_urls_serve_the_images() {
    let bench = Bench::start().await;
    put(&bench, licence("FRONT", "front")).await;
    assert_eq!(bench.winter_get("/v1/kyc/docs").await.status, 405);
    let found = documents(&bench).await;
    let url = found["document_urls"][0].as_str().unwrap();
    let image = bench.http.get(url).send().await.unwrap();
    assert_eq!(image.headers()["content-type"], "image/jpeg");
    assert_eq!(image.bytes().await.unwrap().to_vec(), jpeg("front"));
}

#[tokio::test]
async fn v7_uploads_go_to_kyc_docs_with_an_underscore_and_elsewhere_only_by_a_switch() {
    let bench = Bench::start().await;
    assert_eq!(bench.winter("/v1/kyc/docs/12345", licence("FRONT", "a")).await.status, 400);
    assert!(bench.effects(Effect::SideWritten).is_empty());
    let aliased = Bench::switched(|switches| switches.docs_path_alias = true).await;
    assert_eq!(aliased.winter("/v1/kyc/docs/12345", licence("FRONT", "a")).await.status, 200);
    assert_eq!(aliased.winter("/v1/kyc/docs/12345", json!({})).await.status, 200);
    assert_eq!(aliased.effects(Effect::SideWritten).len(), 1);
}

#[tokio::test]
async fn v8_the_path_wins_over_an_upload_body_that_differs() {
    let bench = Bench::start().await;
    let body = licence("FRONT", "a").with("/accountId", json!("W-1001"));
    assert_eq!(put(&bench, body).await, 400);
    assert_eq!(put(&bench, licence("FRONT", "a").without("/accountId")).await, 200);
}

#[tokio::test]
async fn v9_reading_without_documents_is_400_and_the_account_tells_the_status() {
    let bench = Bench::start().await;
    let none = bench.winter("/v1/kyc/docs", json!({"accountId": "12345"})).await;
    assert_eq!(none.status, 400);
    assert_eq!(bench.winter_status("12345").await, "CANNOT_WITHDRAW_KYC_REQUIRED");
}

#[tokio::test]
async fn v12_a_side_replaces_itself_and_another_type_replaces_all() {
    let bench = Bench::start().await;
    put(&bench, licence("FRONT", "a")).await;
    put(&bench, licence("BACK", "b")).await;
    assert_eq!(count(&bench).await, 2);
    put(&bench, licence("FRONT", "c")).await;
    assert_eq!(count(&bench).await, 2);
    put(&bench, passport("p")).await;
    assert_eq!(count(&bench).await, 1);
    let written = bench.effects(Effect::SideWritten);
    assert_eq!(written[2].erased, ["DRIVERS_LICENSE FRONT"]);
    assert_eq!(written[3].erased, ["DRIVERS_LICENSE BACK", "DRIVERS_LICENSE FRONT"]);
}

#[tokio::test]
async fn v12_by_a_switch_the_last_image_erases_all_others() {
    let bench = Bench::switched(|switches| switches.winter_last_wins = true).await;
    put(&bench, licence("FRONT", "a")).await;
    put(&bench, licence("BACK", "b")).await;
    assert_eq!(count(&bench).await, 1);
    let written = bench.effects(Effect::SideWritten);
    assert_eq!(written[1].erased, ["DRIVERS_LICENSE FRONT"]);
}

#[tokio::test]
async fn v13_there_is_one_url_per_image_and_no_type_for_a_face() {
    let bench = Bench::start().await;
    put(&bench, licence("FRONT", "a")).await;
    assert_eq!(count(&bench).await, 1);
    let body = licence("FRONT", "a").with("/document_type", json!("SELFIE"));
    assert_eq!(put(&bench, body).await, 400);
}

#[tokio::test]
async fn v14_a_licence_needs_a_side_and_a_passport_has_none() {
    let strict = Bench::start().await;
    assert_eq!(put(&strict, licence("FRONT", "a").without("/document_side")).await, 400);
    let mut sided = passport("p");
    sided["document_side"] = json!("FRONT");
    assert_eq!(put(&strict, sided.clone()).await, 400);
    assert_eq!(put(&strict, passport("p")).await, 200);
    let state = licence("BACK", "b").with("/document_type", json!("STATE_LICENSE"));
    assert_eq!(put(&strict, state).await, 200);
    let lenient = Bench::switched(|switches| switches.strict_sides = false).await;
    assert_eq!(put(&lenient, licence("FRONT", "a").without("/document_side")).await, 200);
    assert_eq!(put(&lenient, sided).await, 200);
}

#[tokio::test]
async fn v15_an_image_is_a_real_jpeg_or_png_in_plain_base64() {
    let bench = Bench::start().await;
    let with = |document: String| passport("p").with("/document", json!(document));
    let sample = "Ymxhcmdhc2Rma2xhanNkbGtmYWpzZGZhc2ZibGFyZ2FzZGZrbGFqc2Rsa2ZhanNkZmFzZmJsYXJnYXNkZ\
        mtsYWpzZGxrZmFqc2RmYXNmYmxhcmdhc2Rma2xhanNkbGtmYWpzZGZhc2ZibGFyZ2FzZGZrbGFqc2Rsa2ZhanNkZmFz\
        Zg==";
    for document in [
        sample.to_owned(),
        base64(b"%PDF-1.7"),
        format!("data:image/png;base64,{}", base64(&png("p"))),
        base64(&png("p")).trim_end_matches('=').to_owned() + "*",
        String::new(),
    ] {
        assert_eq!(put(&bench, with(document)).await, 400);
    }
    assert_eq!(put(&bench, with(base64(&png("p")))).await, 200);
    let mut large = png("large");
    large.resize(10 * 1024 * 1024 + 1, 0);
    assert_eq!(put(&bench, with(base64(&large))).await, 400);
}

#[tokio::test]
async fn v16_the_document_type_of_a_reply_is_the_last_one_written() {
    let bench = Bench::start().await;
    put(&bench, licence("FRONT", "a")).await;
    assert_eq!(documents(&bench).await["document_type"], "DRIVERS_LICENSE");
    put(&bench, passport("p")).await;
    assert_eq!(documents(&bench).await["document_type"], "PASSPORT");
}

#[tokio::test]
async fn v20_review_begins_once_details_and_documents_are_there_in_any_order() {
    for details_first in [true, false] {
        let bench = Bench::start().await;
        if details_first {
            bench.winter("/v1/kyc/info/12345", details("Michael Winter")).await;
        } else {
            put(&bench, licence("FRONT", "a")).await;
        }
        assert_eq!(bench.winter_status("12345").await, "CANNOT_WITHDRAW_KYC_REQUIRED");
        if details_first {
            put(&bench, licence("FRONT", "a")).await;
        } else {
            bench.winter("/v1/kyc/info/12345", details("Michael Winter")).await;
        }
        assert_eq!(bench.winter_status("12345").await, "UNDER_REVIEW");
    }
}

#[tokio::test]
async fn v21_the_enums_are_taken_exactly() {
    let bench = Bench::start().await;
    for word in ["PASSPORT\n", "passport", " PASSPORT"] {
        assert_eq!(put(&bench, passport("p").with("/document_type", json!(word))).await, 400);
    }
}

#[tokio::test]
async fn a_scripted_review_waits_for_both_sides_and_then_for_its_time() {
    let bench = Bench::start().await;
    bench.winter("/v1/kyc/info/12345", details("Michael Review")).await;
    put(&bench, licence("FRONT", "a")).await;
    bench.running.advance(10 * MINUTE_MS).unwrap();
    assert_eq!(bench.winter_status("12345").await, "UNDER_REVIEW");
    put(&bench, licence("BACK", "b")).await;
    bench.running.advance(MINUTE_MS - 1).unwrap();
    assert_eq!(bench.winter_status("12345").await, "UNDER_REVIEW");
    bench.running.advance(1).unwrap();
    assert_eq!(bench.winter_status("12345").await, "READY_TO_WITHDRAW");
}

#[tokio::test]
async fn after_a_failure_only_a_full_new_set_is_reviewed_again() {
    let bench = Bench::start().await;
    bench.winter("/v1/kyc/info/12345", details("Michael Documents")).await;
    put(&bench, licence("FRONT", "a")).await;
    put(&bench, licence("BACK", "b")).await;
    bench.running.advance(MINUTE_MS).unwrap();
    assert_eq!(bench.winter_status("12345").await, "CANNOT_WITHDRAW_KYC_FAILED");
    put(&bench, licence("FRONT", "c")).await;
    bench.running.advance(MINUTE_MS).unwrap();
    assert_eq!(bench.winter_status("12345").await, "CANNOT_WITHDRAW_KYC_FAILED");
    put(&bench, licence("BACK", "d")).await;
    assert_eq!(bench.winter_status("12345").await, "UNDER_REVIEW");
    bench.running.advance(MINUTE_MS).unwrap();
    assert_eq!(bench.winter_status("12345").await, "READY_TO_WITHDRAW");
}

#[tokio::test]
async fn the_word_verified_makes_an_account_ready_at_once() {
    let bench = Bench::start().await;
    bench.winter("/v1/kyc/info/12345", details("Vera Verified")).await;
    put(&bench, passport("p")).await;
    assert_eq!(bench.winter_status("12345").await, "READY_TO_WITHDRAW");
}

#[tokio::test]
async fn an_overwritten_image_is_no_longer_served() {
    let bench = Bench::start().await;
    put(&bench, passport("old")).await;
    let url = documents(&bench).await["document_urls"][0].as_str().unwrap().to_owned();
    put(&bench, passport("new")).await;
    assert_eq!(bench.http.get(url).send().await.unwrap().status().as_u16(), 404);
}
