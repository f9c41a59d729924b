//! The two stories of the product, from an offline device to the provider's verdict.

use satchel_app::api::Group;
use satchel_fixtures::Specimen;

use crate::answers::{individual_us, winter};
use crate::world::{MINUTE, World};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wepay_individual_goes_from_offline_to_verified_with_each_effect_once() {
    let mut world = World::connected().await;
    world.offline();
    let row = world.account("wepay", "individual", "US");
    let (card, bill) = (Specimen::card(1).jpeg(), Specimen::bill(2).jpeg());
    world.onboard(
        &row.id,
        &individual_us(),
        &[("drivers_license", "front", &card), ("current_utility_bill", "front", &bill)],
    );
    world.until(&row.id, "waiting_no_network").await;
    assert_eq!(world.effects(&row.remote_id, "kyc_created"), 0);

    world.kill_and_restart();
    assert_eq!(world.show(&row.id).row.group, Group::Waiting);
    world.online();
    world.until(&row.id, "in_review").await;
    assert_eq!(world.effects(&row.remote_id, "kyc_authorized"), 1);
    assert_eq!(world.effects(&row.remote_id, "file_uploaded"), 2);
    assert_eq!(world.effects(&row.remote_id, "kyc_modified"), 1);

    world.pass_and_ask(2 * MINUTE);
    let view = world.until(&row.id, "document_rejected").await;
    assert_eq!(view.row.line.reason.as_deref(), Some("illegible"));
    let next = view.next.unwrap();
    assert!(next.actions.contains(&"retake".to_owned()), "{:?}", next.actions);
    let rejected = next.documents[0].clone();

    let again = Specimen::card(3).jpeg();
    world.retake(&row.id, &[(&rejected, "front", &again)]);
    world.until(&row.id, "in_review").await;
    world.pass_and_ask(2 * MINUTE);
    let view = world.until(&row.id, "verified").await;
    assert_eq!(view.row.group, Group::Verified);
    assert_eq!(world.effects(&row.remote_id, "kyc_authorized"), 1);
    assert_eq!(world.effects(&row.remote_id, "kyc_modified"), 2);
    assert_eq!(world.second_effects(), 0);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_winter_applicant_fails_once_sends_a_full_new_set_and_is_ready() {
    let world = World::connected().await;
    let row = world.account("winter", "individual", "US");
    let (front, back) = (Specimen::card(4).jpeg(), Specimen::card_back(5).jpeg());
    world.onboard(
        &row.id,
        &winter(),
        &[("DRIVERS_LICENSE", "front", &front), ("DRIVERS_LICENSE", "back", &back)],
    );
    world.until(&row.id, "in_review").await;
    assert_eq!(world.effects(&row.remote_id, "info_written"), 1);
    assert_eq!(world.effects(&row.remote_id, "side_written"), 2);

    world.pass_and_ask(2 * MINUTE);
    let view = world.until(&row.id, "failed").await;
    assert!(!view.reason_per_document);
    let next = view.next.unwrap();
    assert!(next.actions.contains(&"take_full_set".to_owned()));
    assert!(next.own_finding.is_some(), "our own checks have something to say");

    let (front, back) = (Specimen::card(6).jpeg(), Specimen::card_back(7).jpeg());
    world.retake(
        &row.id,
        &[("DRIVERS_LICENSE", "front", &front), ("DRIVERS_LICENSE", "back", &back)],
    );
    world.until(&row.id, "in_review").await;
    world.pass_and_ask(2 * MINUTE);
    world.until(&row.id, "verified").await;
    assert_eq!(world.effects(&row.remote_id, "side_written"), 4);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_got_lost_after_authorize_is_found_out_and_never_repeated() {
    let world = World::connected().await;
    let row = world.account("wepay", "individual", "US");
    world.fault(serde_json::json!({
        "path": "/v2/account/kyc/authorize", "fault": { "kind": "lost_answer" }
    }));
    let card = Specimen::card(8).jpeg();
    world.onboard(&row.id, &individual_us(), &[("passport", "front", &card)]);
    world.until(&row.id, "waiting_answer_lost").await;
    assert_eq!(world.effects(&row.remote_id, "kyc_authorized"), 1);
    world.pass_and_ask(3 * MINUTE);
    world.until(&row.id, "in_review").await;
    assert_eq!(world.effects(&row.remote_id, "kyc_authorized"), 1);
    assert_eq!(world.effects(&row.remote_id, "kyc_created"), 1);
    assert_eq!(world.second_effects(), 0);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_that_is_too_large_for_the_provider_goes_smaller_without_a_retake() {
    let world = World::connected().await;
    world.fault(serde_json::json!({
        "path": "/v2/file/upload", "times": 1, "fault": { "kind": "status", "status": 413 }
    }));
    let row = world.account("wepay", "individual", "US");
    let card = Specimen::card(41).jpeg();
    world.onboard(&row.id, &individual_us(), &[("drivers_license", "front", &card)]);
    world.until(&row.id, "photo_too_large").await;
    assert_eq!(world.effects(&row.remote_id, "file_uploaded"), 0);
    let refused = world.photo_bytes(&row.id);

    let submission = world.submission(&row.id);
    world.satchel.submission_lighten(&submission).unwrap();
    world.until(&row.id, "in_review").await;
    assert_eq!(world.effects(&row.remote_id, "file_uploaded"), 1);
    let sent = world.photo_bytes(&row.id);
    assert!(sent > 0 && sent <= refused / 2, "{sent} of {refused}");
    let again = world.satchel.submission_lighten(&submission).unwrap_err();
    assert_eq!(again.code, "not_possible_now");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_link_too_slow_for_the_window_smaller_photos_are_sent() {
    let world = World::connected().await;
    let slow = world.account("wepay", "individual", "US");
    let first = Specimen::bill(42).jpeg();
    world.fault(serde_json::json!({
        "path": "/v2/file/upload", "times": 1, "fault": { "kind": "latency", "ms": 1500 }
    }));
    world.onboard(&slow.id, &individual_us(), &[("current_utility_bill", "front", &first)]);
    world.until_photo_out(&slow.id).await;
    world.pass(20 * MINUTE);
    world.until(&slow.id, "in_review").await;

    let next = world.account("wepay", "individual", "US");
    let (card, bill) = (Specimen::card(43).jpeg(), Specimen::bill(44).jpeg());
    world.onboard(
        &next.id,
        &individual_us(),
        &[("drivers_license", "front", &card), ("current_utility_bill", "front", &bill)],
    );
    let taken = world.photo_bytes(&next.id);
    let view = world.until(&next.id, "in_review").await;
    let sent = world.photo_bytes(&next.id);
    assert!(sent > 0 && sent < taken, "{sent} of {taken}");
    assert!(view.history.iter().any(|h| h.code == "photo_lightened"), "{:?}", view.history);
    assert_eq!(view.documents.len(), 2, "what never went is not shown: {:?}", view.documents);
    assert_eq!(world.effects(&next.remote_id, "file_uploaded"), 2);
    assert_eq!(world.second_effects(), 0);
    world.end().await;
}
