//! What is forgotten is gone from this device, by time or by word, and never while it may be on its
//! way.

use satchel_app::api::{ForgetRequest, Group, KeepingView, RetentionRequest};
use satchel_fixtures::{Exif, JpegFile, Specimen};

use crate::answers::individual_us;
use crate::leaks::{canaries, found};
use crate::world::{MINUTE, World};

const HOUR: u32 = 60 * MINUTE;

/// Onboards somebody whom the provider verifies once photos are there.
async fn verified(world: &World, photo: &[u8]) -> (String, String) {
    let row = world.account("wepay", "individual", "US");
    let again = Specimen::card(3).jpeg();
    world.onboard(&row.id, &individual_us(), &[("passport", "front", photo)]);
    world.until(&row.id, "in_review").await;
    world.pass_and_ask(2 * MINUTE);
    world.until(&row.id, "document_rejected").await;
    world.retake(&row.id, &[("passport", "front", &again)]);
    world.until(&row.id, "in_review").await;
    world.pass_and_ask(2 * MINUTE);
    world.until(&row.id, "verified").await;
    (row.id, row.remote_id)
}

/// Waits until an account's photos are gone.
async fn until_without_photos(world: &World, account: &str) {
    while world.show(account).documents.iter().flat_map(|d| &d.photos).any(|p| p.id.is_some()) {
        world.changed().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn photos_go_a_day_after_the_verdict_and_everything_after_a_month() {
    let mut world = World::connected().await;
    let picture = Specimen::card(1).picture();
    let photo = JpegFile::of(&picture).exif(Exif::personal(6)).bytes();
    let (account, remote_id) = verified(&world, &photo).await;
    let name = world.show(&account).row.name;
    world.pass(23 * HOUR);
    assert_eq!(world.satchel.retention_run().unwrap().photos, 0);
    world.pass(2 * HOUR);
    until_without_photos(&world, &account).await;
    let view = world.show(&account);
    assert!(!view.details.is_empty(), "answers stay for the month");
    assert_eq!(view.history.last().unwrap().code, "photos_forgotten");
    assert_eq!(world.satchel.retention_show().unwrap().without_photos, 1);

    world.pass(29 * 24 * HOUR);
    let view = world.until(&account, "purged").await;
    assert_eq!(view.row.group, Group::Forgotten);
    assert_eq!((view.row.name.as_str(), view.details.len()), (remote_id.as_str(), 0));
    let stone = view.tombstone.unwrap();
    assert_eq!((stone.state.as_str(), stone.operator.as_str()), ("verified", ""));
    assert_eq!(world.satchel.account_reveal(&account).unwrap_err().code, "nothing_to_show");
    assert_eq!(world.satchel.draft_start(&account).unwrap_err().code, "account_forgotten");

    world.kill_and_restart();
    let view = world.show(&account);
    assert_eq!(view.row.line.code, "purged", "it stays forgotten");
    let told = format!("{view:?}{:?}", world.satchel.outbox_show().unwrap());
    assert!(!told.contains(&name) && !told.contains("Quillonda"), "{told}");
    let folder = world.end().await;
    let mut canaries = canaries(&individual_us(), &photo);
    canaries.push(name.into_bytes());
    assert_eq!(found(folder.path(), &canaries), Vec::<std::path::PathBuf>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_may_be_on_its_way_is_forgotten_once_that_is_settled() {
    let world = World::connected().await;
    let row = world.account("wepay", "individual", "US");
    world.fault(serde_json::json!({
        "path": "/v2/account/kyc/authorize", "fault": { "kind": "lost_answer" }
    }));
    let card = Specimen::card(8).jpeg();
    world.onboard(&row.id, &individual_us(), &[("passport", "front", &card)]);
    world.until(&row.id, "waiting_answer_lost").await;
    let asked = world.satchel.account_forget_ask(&row.id).unwrap();
    assert_eq!(asked.not_now.as_deref(), Some("in_flight"));
    let forget = |when_settled| {
        let request = ForgetRequest { account: row.id.clone(), when_settled };
        world.satchel.account_forget(&request)
    };
    assert_eq!(forget(false).unwrap_err().code, "in_flight");
    assert!(forget(true).unwrap().queued);
    assert!(world.show(&row.id).forget_queued);

    world.pass_and_ask(3 * MINUTE);
    let view = world.until(&row.id, "purged").await;
    assert_eq!(view.tombstone.unwrap().operator, "Amara Osei");
    assert_eq!(forget(false).unwrap_err().code, "already_forgotten");
    assert_eq!(world.effects(&row.remote_id, "kyc_authorized"), 1);
    assert_eq!(world.second_effects(), 0);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_never_sent_is_forgotten_at_once_and_the_account_can_come_back() {
    let mut world = World::connected().await;
    world.offline();
    let row = world.account("wepay", "individual", "US");
    let card = Specimen::card(9).jpeg();
    world.onboard(&row.id, &individual_us(), &[("passport", "front", &card)]);
    world.until(&row.id, "waiting_no_network").await;
    let asked = world.satchel.account_forget_ask(&row.id).unwrap();
    assert_eq!((asked.consequence.as_str(), asked.photos), ("taken_back", 1));
    let request = ForgetRequest { account: row.id.clone(), when_settled: false };
    world.satchel.account_forget(&request).unwrap();
    let view = world.until(&row.id, "purged").await;
    assert_eq!(view.row.line.reason.as_deref(), Some("withdrawn"));

    let back = world.again(&row);
    assert_eq!((&back.id, back.line.code.as_str()), (&row.id, "not_started"));
    world.online();
    world.onboard(&row.id, &individual_us(), &[("passport", "front", &card)]);
    world.until(&row.id, "in_review").await;
    assert_eq!(world.effects(&row.remote_id, "kyc_authorized"), 1, "the new one alone");
    world.kill_and_restart();
    assert_eq!(world.show(&row.id).row.line.code, "in_review");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn times_are_kept_and_photos_never_outstay_their_details() {
    let mut world = World::connected().await;
    let keep = |photos_h, details_h| RetentionRequest {
        keeping: vec![KeepingView { state: "failed".into(), photos_h, details_h }],
    };
    let set = |world: &World, request| world.satchel.retention_set(&request);
    assert_eq!(set(&world, keep(None, Some(24))).unwrap_err().code, "keeping_not_sound");
    set(&world, keep(Some(0), None)).unwrap();
    world.kill_and_restart();
    let kept = world.satchel.retention_show().unwrap().keeping;
    assert_eq!(kept[1], KeepingView { state: "failed".into(), photos_h: Some(0), details_h: None });
    assert_eq!((kept[0].photos_h, kept[0].details_h), (Some(24), Some(720)));
    world.end().await;
}
