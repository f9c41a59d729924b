//! Files: uploaded, named, expired and judged.

use reqwest::multipart::{Form, Part};
use satchel_sandbox::Effect;
use serde_json::{Value, json};

use crate::bench::*;
use crate::bodies::*;

#[tokio::test]
async fn a_file_comes_as_a_form_or_as_base64_json() {
    let bench = Bench::start().await;
    let by_form = bench.upload_form(file_form(HUMAN_US, "passport", png("form"))).await;
    assert!(by_form.body["file_id"].is_i64(), "{by_form:?}");
    let body = json!({"file": base64(&jpeg("json")), "type": "passport", "account_id": HUMAN_US});
    let by_json = bench.wepay("/file/upload", body).await;
    assert!(by_json.body["file_id"].is_i64(), "{by_json:?}");
    let uploaded = bench.effects(Effect::FileUploaded);
    assert_eq!(uploaded[0].photo_sha256.len(), 1);
    assert!(uploaded.iter().all(|entry| entry.inert && !entry.duplicate));
}

#[tokio::test]
async fn pdf_jpeg_and_png_are_known_by_their_bytes_and_nothing_else_is_taken() {
    let bench = Bench::start().await;
    for bytes in [png("a"), jpeg("a"), b"%PDF-1.7 ...".to_vec()] {
        assert_eq!(bench.upload_form(file_form(HUMAN_US, "passport", bytes)).await.status, 200);
    }
    for bytes in [b"GIF89a...".to_vec(), b"hello".to_vec()] {
        let refused = bench.upload_form(file_form(HUMAN_US, "passport", bytes)).await;
        assert_eq!((refused.status, refused.code()), (400, Some(1003)));
    }
}

#[tokio::test]
async fn the_extension_is_one_of_four_or_none() {
    let bench = Bench::start().await;
    let named = |name: &str| {
        Form::new()
            .text("type", "passport")
            .text("account_id", HUMAN_US.to_string())
            .part("file", Part::bytes(png("x")).file_name(name.to_owned()))
    };
    for name in ["a.pdf", "a.jpg", "a.JPEG", "a.png", "noextension"] {
        assert_eq!(bench.upload_form(named(name)).await.status, 200, "{name}");
    }
    assert_eq!(bench.upload_form(named("a.gif")).await.code(), Some(1003));
}

#[tokio::test]
async fn every_document_type_of_the_list_is_taken_and_no_other() {
    let bench = Bench::start().await;
    for kind in [
        "passport",
        "drivers_license",
        "other_government_issued_photo_id",
        "current_lease_contract",
        "current_utility_bill",
        "benefits_card",
        "birth_certificate",
        "certificate_of_citizenship",
        "certificate_of_naturalization",
        "certified_copy_of_court_order",
        "employment_authorization_card",
        "permanent_residence_card",
        "social_security_card",
        "social_insurance_number_card",
        "evidence_of_corporate_registration",
        "evidence_of_nonprofit_registration",
        "evidence_of_authority",
        "current_bank_statement",
        "current_local_tax_bill",
        "mortgage_statement",
        "electoral_register_entry",
    ] {
        let sent = bench.upload_form(file_form(HUMAN_US, kind, png("x"))).await;
        assert_eq!(sent.status, 200, "{kind}");
    }
    let refused = bench.upload_form(file_form(HUMAN_US, "selfie", png("x"))).await;
    assert_eq!(refused.code(), Some(1003));
}

#[tokio::test]
async fn each_part_of_an_upload_is_required() {
    let bench = Bench::start().await;
    let text = |form: Form| form.text("type", "passport").text("account_id", HUMAN_US.to_string());
    let file = || Part::bytes(png("x")).file_name("x.png");
    let forms = [
        text(Form::new()),
        Form::new().text("type", "passport").part("file", file()),
        Form::new().text("account_id", HUMAN_US.to_string()).part("file", file()),
        text(Form::new()).part("file", Part::bytes(Vec::new()).file_name("x.png")),
    ];
    for form in forms {
        assert_eq!(bench.upload_form(form).await.code(), Some(1004));
    }
    let body = json!({"file": "not base64!", "type": "passport", "account_id": HUMAN_US});
    assert_eq!(bench.wepay("/file/upload", body).await.code(), Some(1003));
    assert_eq!(bench.wepay("/file/upload", json!({})).await.code(), Some(1004));
}

#[tokio::test]
async fn a_file_of_10_mb_is_taken_and_a_larger_one_is_413() {
    let bench = Bench::start().await;
    let sized = |bytes: usize| {
        let mut file = png("large");
        file.resize(bytes, 0);
        file
    };
    let limit = 10 * 1024 * 1024;
    let taken = bench.upload_form(file_form(HUMAN_US, "passport", sized(limit))).await;
    assert_eq!(taken.status, 200);
    for bytes in [limit + 1, 3 * limit] {
        let refused = bench.upload_form(file_form(HUMAN_US, "passport", sized(bytes))).await;
        assert_eq!(refused.status, 413);
        assert!(refused.body["error"].is_string(), "still JSON: {refused:?}");
        assert_eq!(refused.code(), None);
    }
}

#[tokio::test]
async fn a_file_for_another_applications_account_is_3002() {
    let bench = Bench::start().await;
    let refused = bench.upload_form(file_form(FOREIGN, "passport", png("x"))).await;
    assert_eq!(refused.code(), Some(3002));
}

#[tokio::test]
async fn w30_an_account_is_verified_while_an_old_document_stays_rejected() {
    let bench = Bench::start().await;
    bench.submit(ILLEGIBLE_US, us_individual()).await;
    let first = bench.upload(ILLEGIBLE_US, "social_security_card", png("blurred")).await;
    bench.modify(ILLEGIBLE_US, json!([first])).await;
    bench.running.advance(MINUTE_MS).unwrap();
    let second = bench.upload(ILLEGIBLE_US, "social_security_card", png("sharp")).await;
    bench.modify(ILLEGIBLE_US, json!([second])).await;
    bench.running.advance(MINUTE_MS).unwrap();
    let found = bench.look_up(ILLEGIBLE_US).await;
    assert_eq!(found["state"], "verified");
    let history: Vec<_> = found["supporting_documents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| (d["file_id"].as_i64().unwrap(), d["state"].as_str().unwrap()))
        .collect();
    assert_eq!(history, [(first, "rejected"), (second, "verified")]);
}

#[tokio::test]
async fn w31_a_document_always_has_its_five_fields() {
    let bench = Bench::start().await;
    bench.submit(DOCUMENTS_GB, gb_business()).await;
    let file_id = bench.upload(DOCUMENTS_GB, "current_utility_bill", png("bill")).await;
    let modified = bench.modify(DOCUMENTS_GB, json!([file_id])).await;
    assert_eq!(
        modified.body["supporting_documents"],
        json!([{
            "file_id": file_id,
            "type": "current_utility_bill",
            "state": "in_review",
            "reject_reason": null,
            "create_time": START_MS,
        }])
    );
}

#[tokio::test]
async fn w32_no_documents_are_an_empty_list_and_unconfirmed_files_are_not_listed() {
    let bench = Bench::start().await;
    assert_eq!(bench.look_up(DOCUMENTS_GB).await["supporting_documents"], json!([]));
    bench.upload(DOCUMENTS_GB, "passport", png("x")).await;
    assert_eq!(bench.look_up(DOCUMENTS_GB).await["supporting_documents"], json!([]));
}

#[tokio::test]
async fn w33_create_time_is_in_milliseconds() {
    let bench = Bench::start().await;
    bench.submit(DOCUMENTS_GB, gb_business()).await;
    bench.running.advance(1234).unwrap();
    let file_id = bench.upload(DOCUMENTS_GB, "passport", png("x")).await;
    bench.modify(DOCUMENTS_GB, json!([file_id])).await;
    let found = bench.look_up(DOCUMENTS_GB).await;
    assert_eq!(found["supporting_documents"][0]["create_time"], json!(START_MS + 1234));
}

#[tokio::test]
async fn w42_file_ids_are_not_empty_and_all_ours_and_repeats_are_merged() {
    let bench = Bench::start().await;
    bench.submit(DOCUMENTS_GB, gb_business()).await;
    let ours = bench.upload(DOCUMENTS_GB, "passport", png("x")).await;
    let others = bench.upload(HUMAN_US, "passport", png("y")).await;
    for (ids, code) in [
        (json!([]), 1004),
        (Value::Null, 1004),
        (json!(ours), 1003),
        (json!([1.5]), 1003),
        (json!([ours, 1]), 3011),
        (json!([ours, others]), 3011),
    ] {
        assert_eq!(bench.modify(DOCUMENTS_GB, ids.clone()).await.code(), Some(code), "{ids}");
    }
    let taken = bench.modify(DOCUMENTS_GB, json!([ours, ours, ours.to_string()])).await;
    assert_eq!(taken.body["supporting_documents"].as_array().unwrap().len(), 1);
    assert_eq!(bench.effects(Effect::KycModified)[0].file_ids, [ours]);
}

#[tokio::test]
async fn w42_a_file_lives_30_minutes_unless_modify_names_it() {
    let bench = Bench::start().await;
    bench.submit(DOCUMENTS_GB, gb_business()).await;
    let old = bench.upload(DOCUMENTS_GB, "passport", png("old")).await;
    bench.running.advance(30 * MINUTE_MS).unwrap();
    assert!(bench.effects(Effect::FilesExpired).is_empty());
    let young = bench.upload(DOCUMENTS_GB, "passport", png("young")).await;
    bench.running.advance(1).unwrap();
    let expired = bench.effects(Effect::FilesExpired);
    assert_eq!((expired.len(), &expired[0].file_ids), (1, &vec![old]));
    assert_eq!(bench.modify(DOCUMENTS_GB, json!([old, young])).await.code(), Some(3011));
    assert_eq!(bench.modify(DOCUMENTS_GB, json!([young])).await.status, 200);
    bench.running.advance(60 * MINUTE_MS).unwrap();
    assert_eq!(bench.effects(Effect::FilesExpired).len(), 1);
}

#[tokio::test]
async fn the_same_photo_attached_twice_is_a_duplicate_effect() {
    let bench = Bench::start().await;
    bench.submit(ILLEGIBLE_US, us_individual()).await;
    for _ in 0..2 {
        let file_id = bench.upload(ILLEGIBLE_US, "passport", png("same")).await;
        bench.modify(ILLEGIBLE_US, json!([file_id])).await;
        bench.running.advance(MINUTE_MS).unwrap();
    }
    let marks: Vec<_> =
        bench.effects(Effect::KycModified).iter().map(|entry| entry.duplicate).collect();
    assert_eq!(marks, [false, true]);
}
