//! The scripted reviewer and its test words.

use satchel_sandbox::Effect;
use serde_json::{Value, json};

use crate::bench::*;
use crate::bodies::*;

/// Submits the human account with an owner whose names hold test words.
async fn submit_as(bench: &Bench, middle: &str, last: &str) -> Value {
    let name = json!({"first": "Foo", "middle": middle, "last": last});
    let body = us_business().with("/business/account_owner/name", name);
    bench.submit(HUMAN_US, body).await
}

async fn send_documents(bench: &Bench, marks: &[(&str, &str)]) -> Vec<i64> {
    let mut ids = Vec::new();
    for (kind, mark) in marks {
        ids.push(bench.upload(HUMAN_US, kind, png(mark)).await);
    }
    assert_eq!(bench.modify(HUMAN_US, json!(ids)).await.body["state"], "in_review");
    ids
}

/// The states of the account's documents, with reasons.
async fn verdicts(bench: &Bench) -> Vec<String> {
    let found = bench.look_up(HUMAN_US).await;
    let documents = found["supporting_documents"].as_array().unwrap().clone();
    documents
        .iter()
        .map(|document| {
            let reason = document["reject_reason"].as_str().unwrap_or("-");
            format!("{} {reason}", document["state"].as_str().unwrap())
        })
        .collect()
}

#[tokio::test]
async fn the_owners_last_name_names_the_outcome_of_authorize() {
    for (last, state) in [
        ("Verified", "verified"),
        ("van VERIFIED", "verified"),
        ("Unverified", "unverified"),
        ("Review", "in_review"),
        ("Documents", "require_docs"),
        ("Recheck", "verified"),
        ("Human", "in_review"),
        ("Bar", "in_review"),
    ] {
        let bench = Bench::start().await;
        assert_eq!(submit_as(&bench, "", last).await["state"], state, "{last}");
    }
}

#[tokio::test]
async fn review_and_unverified_are_verified_when_the_reviewer_has_had_a_minute() {
    for last in ["Review", "Unverified"] {
        let bench = Bench::start().await;
        submit_as(&bench, "", last).await;
        bench.running.advance(MINUTE_MS - 1).unwrap();
        assert_ne!(bench.state(HUMAN_US).await, "verified");
        bench.running.advance(1).unwrap();
        assert_eq!(bench.state(HUMAN_US).await, "verified");
    }
}

#[tokio::test]
async fn recheck_asks_a_verified_account_for_documents_later() {
    let bench = Bench::start().await;
    submit_as(&bench, "", "Recheck").await;
    bench.running.advance(MINUTE_MS).unwrap();
    assert_eq!(bench.state(HUMAN_US).await, "require_docs");
}

#[tokio::test]
async fn without_a_reason_the_first_set_of_documents_is_verified() {
    let bench = Bench::start().await;
    submit_as(&bench, "", "Documents").await;
    send_documents(&bench, &[("passport", "a")]).await;
    bench.running.advance(MINUTE_MS).unwrap();
    assert_eq!(bench.state(HUMAN_US).await, "verified");
}

#[tokio::test]
async fn the_middle_name_names_the_reason_for_which_the_first_type_is_rejected_once() {
    for (middle, reason) in [
        ("Illegible", "illegible"),
        ("Corrupt", "corrupt_file"),
        ("Mismatch", "info_mismatch"),
        ("Unsupported", "doc_unsupported"),
        ("Incomplete", "incomplete"),
    ] {
        let bench = Bench::start().await;
        submit_as(&bench, middle, "Documents").await;
        let sides =
            [("drivers_license", "a"), ("drivers_license", "b"), ("current_utility_bill", "c")];
        send_documents(&bench, &sides).await;
        bench.running.advance(MINUTE_MS).unwrap();
        assert_eq!(bench.state(HUMAN_US).await, "require_docs");
        let rejected = format!("rejected {reason}");
        assert_eq!(verdicts(&bench).await, [rejected.as_str(), &rejected, "verified -"]);
        send_documents(&bench, &[("drivers_license", "d"), ("drivers_license", "e")]).await;
        bench.running.advance(MINUTE_MS).unwrap();
        assert_eq!(bench.state(HUMAN_US).await, "verified");
    }
}

#[tokio::test]
async fn all_rejects_every_type_and_always_every_set() {
    let bench = Bench::start().await;
    submit_as(&bench, "Illegible All Always", "Documents").await;
    for round in ["a", "b", "c"] {
        send_documents(&bench, &[("passport", round), ("current_utility_bill", round)]).await;
        bench.running.advance(MINUTE_MS).unwrap();
        assert_eq!(bench.state(HUMAN_US).await, "require_docs");
    }
    assert_eq!(verdicts(&bench).await, ["rejected illegible"; 6]);
}

#[tokio::test]
async fn an_accounts_own_script_counts_when_the_name_says_nothing() {
    let bench = Bench::start().await;
    assert_eq!(bench.submit(VERIFIED_US, us_individual()).await["state"], "verified");
    let body = json!({"provider": "wepay", "script": "documents incomplete", "kind": "business"});
    let added = bench.admin("/accounts", body).await.body["id"].as_i64().unwrap();
    assert_eq!(bench.submit(added, us_business()).await["state"], "require_docs");
}

#[tokio::test]
async fn steering_decides_documents_at_once_and_the_account_follows() {
    let bench = Bench::start().await;
    submit_as(&bench, "", "Documents").await;
    let ids = send_documents(&bench, &[("passport", "a"), ("current_utility_bill", "b")]).await;
    let decide = |decisions: Value| {
        bench.admin("/review", json!({"account_id": HUMAN_US, "decisions": decisions}))
    };
    decide(json!([{"file_id": ids[0], "state": "rejected", "reject_reason": "illegible"}])).await;
    assert_eq!(bench.state(HUMAN_US).await, "in_review");
    decide(json!([{"file_id": ids[1], "state": "verified"}])).await;
    assert_eq!(bench.state(HUMAN_US).await, "require_docs");
    assert_eq!(verdicts(&bench).await, ["rejected illegible", "verified -"]);
    let told: Vec<_> = bench
        .effects(Effect::Verdict)
        .iter()
        .filter_map(|entry| entry.reject_reason.clone())
        .collect();
    assert_eq!(told, ["illegible"]);
}

#[tokio::test]
async fn steering_sets_a_status_at_once_and_the_script_does_not_undo_it() {
    let bench = Bench::start().await;
    submit_as(&bench, "", "Review").await;
    let body = json!({"account_id": HUMAN_US, "status": "require_docs"});
    assert_eq!(bench.admin("/review", body).await.status, 200);
    bench.running.advance(MINUTE_MS).unwrap();
    assert_eq!(bench.state(HUMAN_US).await, "require_docs");
}

#[tokio::test]
async fn decisions_that_make_no_sense_are_refused_in_words() {
    let bench = Bench::start().await;
    submit_as(&bench, "", "Documents").await;
    let ids = send_documents(&bench, &[("passport", "a")]).await;
    let decision = |state: &str, reason: Value| {
        let mut decision = json!({"file_id": ids[0], "state": state});
        decision["reject_reason"] = reason;
        json!([decision])
    };
    for body in [
        json!({"account_id": HUMAN_US}),
        json!({"account_id": 1, "status": "verified"}),
        json!({"account_id": VERIFIED_US, "status": "verified"}),
        json!({"account_id": HUMAN_US, "status": "great"}),
        json!({"account_id": HUMAN_US, "decisions": decision("rejected", Value::Null)}),
        json!({"account_id": HUMAN_US, "decisions": decision("verified", json!("illegible"))}),
        json!({"account_id": HUMAN_US, "decisions": decision("rejected", json!("ugly"))}),
        json!({"account_id": HUMAN_US, "decisions": [{"file_id": 1, "state": "verified"}]}),
        json!({"account_id": "12345", "decisions": decision("verified", Value::Null)}),
    ] {
        let refused = bench.admin("/review", body.clone()).await;
        assert_eq!((refused.status, refused.body["error"].is_string()), (400, true), "{body}");
    }
    assert_eq!(verdicts(&bench).await, ["in_review -"]);
}
