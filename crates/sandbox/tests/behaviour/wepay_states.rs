//! How an account moves through KYC.

use satchel_sandbox::{Effect, SecondCreate};
use serde_json::{Value, json};

use crate::bench::*;
use crate::bodies::*;

#[tokio::test]
async fn an_account_starts_unsubmitted_and_create_alone_does_not_change_that() {
    let bench = Bench::start().await;
    let before = bench.look_up(VERIFIED_US).await;
    assert_eq!(
        before,
        json!({
            "account_id": VERIFIED_US,
            "state": "unsubmitted",
            "supporting_documents": [],
            "legal_name": null,
        })
    );
    bench.create(VERIFIED_US, us_individual()).await;
    assert_eq!(bench.state(VERIFIED_US).await, "unsubmitted");
    let created = bench.effects(Effect::KycCreated);
    assert!(created[0].inert && !created[0].duplicate);
}

#[tokio::test]
async fn w12_a_second_create_is_3006_once_the_first_counts() {
    let bench = Bench::start().await;
    bench.submit(REVIEW_US, us_business()).await;
    assert_eq!(bench.create_code(REVIEW_US, us_business()).await, Some(3006));
}

#[tokio::test]
async fn w12_an_individual_who_failed_with_four_digits_may_submit_the_full_ssn() {
    let bench = Bench::start().await;
    let first = bench.submit(FULL_SSN_US, last_four_individual()).await;
    assert_eq!(first["state"], "require_docs");
    assert_eq!(bench.create_code(FULL_SSN_US, last_four_individual()).await, Some(3009));
    let second = bench.submit(FULL_SSN_US, us_individual()).await;
    assert_eq!(second["state"], "verified");
    assert_eq!(bench.create_code(FULL_SSN_US, us_individual()).await, Some(3006));
    let authorized = bench.effects(Effect::KycAuthorized);
    assert_eq!(authorized.len(), 2);
    assert!(authorized.iter().all(|entry| !entry.duplicate));
}

#[tokio::test]
async fn w12_a_full_ssn_passes_at_once_and_allows_no_second_create() {
    let bench = Bench::start().await;
    let first = bench.submit(FULL_SSN_US, us_individual()).await;
    assert_eq!(first["state"], "verified");
    assert_eq!(bench.create_code(FULL_SSN_US, us_individual()).await, Some(3006));
}

#[tokio::test]
async fn w12_a_business_with_four_digits_has_no_second_create() {
    let bench = Bench::start().await;
    let block = json!({"social_security_number_last_4": "1234"});
    let body = us_business().with("/business/account_owner/us_owner_compliance", block);
    bench.submit(REVIEW_US, body.clone()).await;
    assert_eq!(bench.create_code(REVIEW_US, us_business()).await, Some(3006));
}

#[tokio::test]
async fn w12_a_switch_lets_authorize_itself_ask_for_the_full_ssn() {
    let bench = Bench::switched(|switches| switches.authorize_answers_3009 = true).await;
    let created = bench.create(FULL_SSN_US, last_four_individual()).await;
    let kyc_id = created.body["kyc_id"].clone();
    let authorized = bench.wepay("/account/kyc/authorize", json!({"kyc_id": kyc_id})).await;
    assert_eq!(authorized.code(), Some(3009));
    assert_eq!(bench.submit(FULL_SSN_US, us_individual()).await["state"], "verified");
}

#[tokio::test]
async fn w12_a_switch_refuses_a_second_create_while_a_draft_could_be_authorized() {
    let refuse = |switches: &mut satchel_sandbox::Switches| {
        switches.second_create = SecondCreate::RefusedWhileDraft;
    };
    let bench = Bench::switched(refuse).await;
    assert_eq!(bench.create_code(VERIFIED_US, us_individual()).await, None);
    assert_eq!(bench.create_code(VERIFIED_US, us_individual()).await, Some(3006));
    bench.running.advance(30 * MINUTE_MS + 1).unwrap();
    assert_eq!(bench.create_code(VERIFIED_US, us_individual()).await, None);
}

#[tokio::test]
async fn w12_a_switch_accepts_a_second_submission_and_the_journal_calls_it_a_duplicate() {
    let bench = Bench::switched(|s| s.second_create = SecondCreate::Accepted).await;
    bench.submit(REVIEW_US, us_business()).await;
    bench.submit(REVIEW_US, us_business()).await;
    let authorized = bench.effects(Effect::KycAuthorized);
    let marks: Vec<_> = authorized.iter().map(|entry| (entry.inert, entry.duplicate)).collect();
    assert_eq!(marks, [(false, false), (false, true)]);
}

#[tokio::test]
async fn w13_modify_attaches_files_and_passes_over_other_keys() {
    let bench = Bench::start().await;
    bench.submit(DOCUMENTS_GB, gb_business()).await;
    let file_id = bench.upload(DOCUMENTS_GB, "passport", png("one")).await;
    let body = json!({
        "account_id": DOCUMENTS_GB,
        "file_ids": [file_id],
        "business": {"legal_entity_name": "Another Name"},
    });
    assert_eq!(bench.wepay("/account/kyc/modify", body).await.status, 200);
    let submitted = &bench.effects(Effect::KycCreated)[0];
    let details = submitted.details.as_ref().unwrap();
    assert_eq!(details["business"]["legal_entity_name"], "Foo Bar Inc");
}

#[tokio::test]
async fn w29_kyc_is_taken_while_active_or_action_required_and_not_otherwise() {
    let bench = Bench::start().await;
    let account = bench.wepay("/account", json!({"account_id": HUMAN_US})).await;
    assert_eq!(account.body["state"], "action_required");
    assert_eq!(account.body["action_reasons"], json!(["kyc"]));
    assert_eq!(bench.create_code(HUMAN_US, us_business()).await, None);
    let active = json!({"provider": "wepay", "id": HUMAN_US, "state": "active"});
    assert_eq!(bench.admin("/accounts", active).await.status, 200);
    assert_eq!(bench.create_code(HUMAN_US, us_business()).await, None);
    assert_eq!(bench.create_code(PENDING, us_business()).await, Some(3004));
    assert_eq!(bench.create_code(DISABLED, us_business()).await, Some(3004));
    assert_eq!(bench.create_code(DELETED, us_business()).await, Some(3003));
}

#[tokio::test]
async fn w34_the_state_is_called_state() {
    let bench = Bench::start().await;
    let found = bench.look_up(VERIFIED_US).await;
    assert!(found["state"].is_string());
    assert!(found.get("kyc_state").is_none());
}

#[tokio::test]
async fn w35_the_legal_name_is_null_before_submission_and_first_and_last_after() {
    let bench = Bench::start().await;
    assert_eq!(bench.look_up(VERIFIED_US).await["legal_name"], Value::Null);
    let name = json!({"first": "John", "middle": "Quincy", "last": "Adams"});
    let body = us_individual().with("/individual/account_owner/name", name);
    let authorized = bench.submit(VERIFIED_US, body).await;
    assert_eq!(authorized["legal_name"], json!({"first": "John Quincy", "last": "Adams"}));
}

#[tokio::test]
async fn w36_a_repeated_authorize_answers_the_same_and_changes_nothing() {
    let bench = Bench::start().await;
    let created = bench.create(REVIEW_US, us_business()).await;
    let body = json!({"kyc_id": created.body["kyc_id"]});
    let first = bench.wepay("/account/kyc/authorize", body.clone()).await;
    let second = bench.wepay("/account/kyc/authorize", body).await;
    assert_eq!(first, second);
    let marks: Vec<_> = bench
        .effects(Effect::KycAuthorized)
        .iter()
        .map(|entry| (entry.inert, entry.duplicate))
        .collect();
    assert_eq!(marks, [(false, false), (true, true)]);
}

#[tokio::test]
async fn w36_authorize_within_30_minutes_counts_and_later_is_1003() {
    let bench = Bench::start().await;
    let in_time = bench.create(VERIFIED_US, us_individual()).await;
    bench.running.advance(30 * MINUTE_MS).unwrap();
    let late = bench.create(REVIEW_US, us_business()).await;
    let body = json!({"kyc_id": in_time.body["kyc_id"]});
    assert_eq!(bench.wepay("/account/kyc/authorize", body).await.body["state"], "verified");
    bench.running.advance(30 * MINUTE_MS + 1).unwrap();
    let body = json!({"kyc_id": late.body["kyc_id"]});
    let refused = bench.wepay("/account/kyc/authorize", body).await;
    assert_eq!((refused.status, refused.code()), (400, Some(1003)));
    assert_eq!(bench.state(REVIEW_US).await, "unsubmitted");
}

#[tokio::test]
async fn w36_an_unknown_kyc_id_is_1003_and_a_missing_one_1004() {
    let bench = Bench::start().await;
    for (body, code) in [(json!({"kyc_id": 12345}), 1003), (json!({}), 1004)] {
        assert_eq!(bench.wepay("/account/kyc/authorize", body).await.code(), Some(code));
    }
}

#[tokio::test]
async fn w36_two_drafts_of_one_account_do_not_both_count() {
    let bench = Bench::start().await;
    let one = bench.create(VERIFIED_US, us_individual()).await.body["kyc_id"].clone();
    let two = bench.create(VERIFIED_US, us_individual()).await.body["kyc_id"].clone();
    let first = bench.wepay("/account/kyc/authorize", json!({"kyc_id": one})).await;
    let second = bench.wepay("/account/kyc/authorize", json!({"kyc_id": two})).await;
    assert_eq!((first.status, second.code()), (200, Some(3006)));
    assert_eq!(bench.effects(Effect::KycAuthorized).len(), 1);
}

#[tokio::test]
async fn w38_create_needs_no_token_and_authorize_does() {
    let bench = Bench::start().await;
    let url = |call: &str| format!("{}{call}", bench.running.hello().wepay);
    let body = create_body(VERIFIED_US, us_individual());
    let created = bench.http.post(url("/account/kyc/create")).json(&body).send().await.unwrap();
    let created = answer(created).await;
    assert_eq!(created.status, 200, "{created:?}");
    let body = json!({"kyc_id": created.body["kyc_id"]});
    let refused = bench.http.post(url("/account/kyc/authorize")).json(&body).send().await.unwrap();
    assert_eq!(answer(refused).await.code(), Some(1002));
    assert_eq!(bench.wepay("/account/kyc/authorize", body).await.status, 200);
}

#[tokio::test]
async fn w43_documents_cannot_be_added_while_in_review() {
    let bench = Bench::start().await;
    bench.submit(REVIEW_US, us_business()).await;
    let file_id = bench.upload(REVIEW_US, "passport", png("one")).await;
    let refused = bench.modify(REVIEW_US, json!([file_id])).await;
    assert_eq!(refused.code(), Some(3010));
    assert!(bench.effects(Effect::KycModified).is_empty());
}

#[tokio::test]
async fn modify_before_any_submission_is_3007() {
    let bench = Bench::start().await;
    let file_id = bench.upload(HUMAN_US, "passport", png("one")).await;
    assert_eq!(bench.modify(HUMAN_US, json!([file_id])).await.code(), Some(3007));
}

#[tokio::test]
async fn the_account_follows_its_kyc() {
    let bench = Bench::start().await;
    bench.submit(DOCUMENTS_GB, gb_business()).await;
    let account = |id: i64| bench.wepay("/account", json!({"account_id": id}));
    let asked = account(DOCUMENTS_GB).await.body;
    assert_eq!(
        (&asked["state"], &asked["action_reasons"]),
        (&json!("action_required"), &json!(["document"]))
    );
    let file_id = bench.upload(DOCUMENTS_GB, "passport", png("one")).await;
    bench.modify(DOCUMENTS_GB, json!([file_id])).await;
    let given = account(DOCUMENTS_GB).await.body;
    assert_eq!((&given["state"], &given["country"]), (&json!("active"), &json!("GB")));
}

#[tokio::test]
async fn accounts_that_do_not_exist_or_are_not_ours_or_are_deleted_are_told_apart() {
    let bench = Bench::start().await;
    for (id, code, status) in [(1, 3001, 400), (FOREIGN, 3002, 401), (DELETED, 3003, 400)] {
        let found = bench.wepay("/account/kyc", json!({"account_id": id})).await;
        assert_eq!((found.code(), found.status), (Some(code), status));
    }
    let text = bench.wepay("/account/kyc", json!({"account_id": FOREIGN})).await.body;
    assert_eq!(text["error"], "access_denied");
    let expected = "applications can only modify accounts they have created";
    assert_eq!(text["error_description"], expected);
}
