//! What waits says why, until when and who acts; what was set aside can be taken along.

use std::path::Path;

use satchel_app::api::{CorrectionRequest, ExportRequest, OutboxItemView};
use satchel_fixtures::Specimen;
use serde_json::{Value, json};

use crate::answers::individual_us;
use crate::desk::PASSPHRASE;
use crate::world::{MINUTE, World};

const CREATE: &str = "/v2/account/kyc/create";
const AUTHORIZE: &str = "/v2/account/kyc/authorize";

/// The one thing that waits.
fn waiting(world: &World) -> OutboxItemView {
    let outbox = world.satchel.outbox_show().unwrap();
    let all: Vec<_> = outbox.items.into_iter().chain(outbox.set_aside).collect();
    assert_eq!(all.len(), 1, "{all:#?}");
    all.into_iter().next().unwrap()
}

/// Why, who, and what can be done.
fn says(item: &OutboxItemView) -> (&str, &str, Vec<&str>) {
    (&item.why, &item.who, item.actions.iter().map(String::as_str).collect())
}

fn minutes_until(item_ms: Option<i64>, world: &World) -> i64 {
    (item_ms.unwrap() - world.satchel.now().wall_ms) / i64::from(MINUTE)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_paused_names_no_time_and_goes_on_when_it_is_resumed() {
    let world = World::connected().await;
    let row = world.account("wepay", "individual", "US");
    world.satchel.outbox_pause(true).unwrap();
    world.onboard(&row.id, &individual_us(), &[]);
    let item = waiting(&world);
    assert_eq!(says(&item), ("paused", "you", vec!["resume", "withdraw"]));
    assert_eq!((item.next_ms, item.next_kind.as_str()), (None, "when_resumed"));
    world.pass(60 * MINUTE);
    assert_eq!(world.effects(&row.remote_id, "kyc_created"), 0);
    world.satchel.outbox_pause(false).unwrap();
    world.until(&row.id, "documents_needed").await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn held_photos_wait_for_a_person_while_the_details_go() {
    let world = World::connected().await;
    let row = world.account("wepay", "individual", "US");
    world.satchel.outbox_hold_photos(true).unwrap();
    let card = Specimen::card(90).jpeg();
    world.onboard(&row.id, &individual_us(), &[("passport", "front", &card)]);
    world.until(&row.id, "waiting_photos_held").await;
    assert_eq!(world.effects(&row.remote_id, "kyc_authorized"), 1);
    assert_eq!(world.effects(&row.remote_id, "file_uploaded"), 0);
    let item = waiting(&world);
    assert_eq!(says(&item), ("photos_held", "you", vec!["let_photos_go"]));
    assert_eq!((item.next_ms, item.next_kind.as_str()), (None, "when_released"));
    let outbox = world.satchel.outbox_show().unwrap();
    assert_eq!((outbox.hold_photos, outbox.held_photos), (true, 1));
    world.satchel.outbox_hold_photos(false).unwrap();
    world.until(&row.id, "in_review").await;
    assert_eq!(world.effects(&row.remote_id, "file_uploaded"), 1);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_says_until_when_it_can_be_confirmed_and_a_fence_until_when_it_stands() {
    let world = World::connected().await;
    let row = world.account("wepay", "individual", "US");
    world.fault(json!({ "path": AUTHORIZE, "times": null, "fault": {
        "kind": "status", "status": 429, "error_code": 1007, "retry_after": "1560"
    } }));
    world.onboard(&row.id, &individual_us(), &[]);
    world.until(&row.id, "waiting_throttled").await;
    let item = waiting(&world);
    assert_eq!(says(&item), ("throttled", "provider", vec!["withdraw"]), "sending now is no use");
    assert_eq!(item.deadline.as_deref(), Some("authorize"));
    assert!((23..=25).contains(&minutes_until(item.deadline_ms, &world)), "{item:?}");
    world.pass(10 * MINUTE);
    assert!((13..=15).contains(&minutes_until(waiting(&world).deadline_ms, &world)));

    world.pass(16 * MINUTE);
    let item = waiting(&world);
    assert_eq!((item.deadline.as_deref(), item.deadline_ms), (None, None));
    assert_eq!(says(&item), ("fence", "satchel", vec!["withdraw"]));
    assert_eq!(item.next_kind, "not_before");
    world.sandbox.clear_faults();
    world.pass(16 * MINUTE);
    world.until(&row.id, "documents_needed").await;
    assert_eq!(world.effects(&row.remote_id, "kyc_authorized"), 1);
    world.end().await;
}

/// A submission that the provider refused three times.
async fn set_aside(world: &World) -> (String, String) {
    let row = world.account("wepay", "individual", "US");
    world.fault(json!({ "path": CREATE, "times": 3, "fault": {
        "kind": "status", "status": 400, "error_code": 3012
    } }));
    let card = Specimen::card(91).jpeg();
    world.onboard(&row.id, &individual_us(), &[("passport", "front", &card)]);
    for _ in 0..2 {
        let view = world.until(&row.id, "refused_answers").await;
        let kind = "try_again".to_owned();
        let submission = view.submission.unwrap();
        let request = CorrectionRequest { submission, kind, answers: Vec::new() };
        world.satchel.submission_correct(&request).unwrap();
    }
    let view = world.until(&row.id, "set_aside").await;
    (row.id, view.submission.unwrap())
}

fn export(world: &World, submission: &str, passphrase: &str, folder: &Path) -> Result<u64, String> {
    let request = ExportRequest {
        submission: submission.to_owned(),
        passphrase: passphrase.to_owned(),
        folder: folder.display().to_string(),
    };
    world.satchel.submission_export(&request).map(|view| view.photos).map_err(|e| e.code)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_set_aside_says_why_is_copied_with_the_passphrase_and_goes_once_released() {
    let world = World::connected().await;
    let (account, submission) = set_aside(&world).await;
    let item = waiting(&world);
    let can = vec!["fix", "release", "export", "withdraw"];
    assert_eq!(says(&item), ("set_aside", "you", can));
    let refusal = item.refusal.unwrap();
    assert_eq!((refusal.code.as_str(), refusal.reason.as_deref()), ("set_aside", Some("3012")));

    let elsewhere = tempfile::tempdir().unwrap();
    let folder = elsewhere.path().join("copy");
    let refused = export(&world, &submission, "not the passphrase", &folder);
    assert_eq!(refused, Err("wrong_passphrase".to_owned()));
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0, "nothing was written");
    assert_eq!(export(&world, &submission, PASSPHRASE, &folder), Ok(1));
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 1, "no part is left over");
    let view = world.show(&account);
    let told = view.history.iter().filter(|h| h.code == "exported").count();
    assert_eq!((told, view.row.line.code.as_str()), (1, "set_aside"));

    world.satchel.submission_release(&submission).unwrap();
    world.until(&account, "in_review").await;
    let late = export(&world, &submission, PASSPHRASE, &elsewhere.path().join("late"));
    assert_eq!(late, Err("not_set_aside".to_owned()));
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_holds_the_answers_and_photos_as_they_would_go_out_for_one_person_alone() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::connected().await;
    let (_, submission) = set_aside(&world).await;
    let elsewhere = tempfile::tempdir().unwrap();
    let folder = elsewhere.path().join("copy");
    export(&world, &submission, PASSPHRASE, &folder).unwrap();
    let text = std::fs::read_to_string(folder.join("submission.json")).unwrap();
    let facts: Value = serde_json::from_str(&text).unwrap();
    for (path, value) in individual_us() {
        assert_eq!(facts["answers"][path], value, "{path}");
    }
    let photo = &facts["photos"][0];
    assert_eq!((&photo["document"], &photo["side"]), (&json!("passport"), &json!("front")));
    let bytes = std::fs::read(folder.join(photo["file"].as_str().unwrap())).unwrap();
    assert!(bytes.starts_with(b"\xff\xd8\xff"), "a JPEG");
    assert!(facts["history"].as_array().unwrap().iter().any(|h| h["code"] == "refused"));
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&folder.join("submission.json")), 0o600);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_copy_overwrites_nothing_and_lies_outside_the_apps_own_folder() {
    let world = World::connected().await;
    let (account, submission) = set_aside(&world).await;
    let elsewhere = tempfile::tempdir().unwrap();
    let there = elsewhere.path().join("there");
    std::fs::write(&there, "keep").unwrap();
    let cases = [
        (there.clone(), "folder_exists"),
        (world.folder.path().join("copy"), "folder_is_ours"),
        (elsewhere.path().join("no").join("copy"), "bad_folder"),
        ("copy".into(), "bad_folder"),
    ];
    for (folder, code) in cases {
        let refused = export(&world, &submission, PASSPHRASE, &folder);
        assert_eq!(refused, Err(code.to_owned()), "{}", folder.display());
    }
    assert_eq!(std::fs::read_to_string(there).unwrap(), "keep");
    let history = world.show(&account).history;
    assert!(history.iter().all(|h| h.code != "exported"), "what was not made is not told");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_saw_the_answers_unmasked_stands_in_the_log() {
    let world = World::connected().await;
    let (account, _) = set_aside(&world).await;
    assert!(world.show(&account).history.iter().all(|h| h.code != "revealed"));
    world.satchel.account_reveal(&account).unwrap();
    world.satchel.account_reveal(&account).unwrap();
    let history = world.show(&account).history;
    let seen: Vec<_> = history.iter().filter(|h| h.code == "revealed").collect();
    assert_eq!(seen.len(), 2, "each time");
    assert_eq!(seen[0].operator, "Amara Osei");
    world.end().await;
}
