//! The stories and the bad input through the real programs.

use satchel_fixtures::{Exif, JpegFile, Specimen};
use serde_json::json;

use crate::answers::{individual_us, winter};
use crate::desk::{Desk, ended};
use crate::leaks::{canaries, found};
use crate::world::MINUTE;

const SYNC: [&str; 4] = ["sync", "--until-idle", "--timeout", "60"];
const SHORT_SYNC: [&str; 4] = ["sync", "--until-idle", "--timeout", "1"];

#[test]
fn satchelctl_takes_a_wepay_individual_from_offline_to_verified_and_leaves_no_trace() {
    let desk = Desk::connected();
    let account = desk.account("wepay");
    desk.fault(&json!({ "times": null, "fault": { "kind": "offline" } }));
    let picture = Specimen::card(21).picture();
    let photo = JpegFile::of(&picture).exif(Exif::personal(6)).bytes();
    let bill = desk.file("bill.jpg", &Specimen::bill(22).jpeg());
    let card = desk.file("card.jpg", &photo);
    let (card, bill) =
        (format!("drivers_license={card}"), format!("current_utility_bill:front={bill}"));
    let info = desk.info(&individual_us());
    desk.done(&[
        "submit",
        "--account",
        &account,
        "--info",
        &info,
        "--document",
        &card,
        "--document",
        &bill,
    ]);
    waits(&desk, &account, "waiting_no_network");
    assert_eq!(desk.effects(&account, "kyc_created"), 0);

    desk.no_faults();
    // Nobody said that the network is back: the wait after the failure runs out by itself.
    desk.pass(5 * MINUTE);
    desk.done(&SYNC);
    assert_eq!(desk.stands(&account), "in_review");
    desk.pass(2 * MINUTE);
    let rejected = desk.ctl(&SYNC);
    assert_eq!(rejected.code, Some(6), "a person must act: {rejected:?}");
    assert_eq!(desk.stands(&account), "document_rejected");

    let view = desk.done(&["account", "show", &account]);
    let paper = view["next"]["documents"][0].as_str().unwrap().to_owned();
    let again = desk.file("again.jpg", &Specimen::card(23).jpeg());
    desk.done(&["submit", "--account", &account, "--document", &format!("{paper}={again}")]);
    desk.done(&SYNC);
    desk.pass(2 * MINUTE);
    let last = desk.done(&SYNC);
    assert_eq!(last["needs_a_person"], false);
    assert_eq!(desk.stands(&account), "verified");

    assert_eq!(desk.effects(&account, "kyc_created"), 1);
    assert_eq!(desk.effects(&account, "kyc_authorized"), 1);
    assert_eq!(desk.effects(&account, "file_uploaded"), 3);
    assert_eq!(desk.effects(&account, "kyc_modified"), 2);
    assert_eq!(desk.second_effects(), Vec::<serde_json::Value>::new());

    let canaries = canaries(&individual_us(), &photo);
    for folder in [desk.data(), desk.tmp(), desk.folder.path().join("home")] {
        assert_eq!(found(&folder, &canaries), Vec::<std::path::PathBuf>::new(), "{folder:?}");
    }
    // The same search finds what lies in the clear: the file that was submitted.
    assert!(found(desk.folder.path(), &canaries).iter().any(|f| f.ends_with("info.json")));
}

#[test]
fn satchelctl_takes_a_winter_applicant_through_a_failure_to_verified() {
    let desk = Desk::connected();
    let account = desk.account("winter");
    let (front, back) = licence(&desk, 31);
    let info = desk.info(&winter());
    desk.done(&[
        "submit",
        "--account",
        &account,
        "--info",
        &info,
        "--document",
        &front,
        "--document",
        &back,
    ]);
    desk.done(&SYNC);
    assert_eq!(desk.stands(&account), "in_review");
    desk.pass(2 * MINUTE);
    assert_eq!(desk.ctl(&SYNC).code, Some(6));
    assert_eq!(desk.stands(&account), "failed");

    let half = desk.ctl(&["submit", "--account", &account, "--document", &front]);
    assert_eq!((half.code, half.error()), (Some(3), "missing_side"), "{half:?}");
    let (front, back) = licence(&desk, 33);
    desk.done(&["submit", "--account", &account, "--document", &front, "--document", &back]);
    desk.done(&SYNC);
    desk.pass(2 * MINUTE);
    desk.done(&SYNC);
    assert_eq!(desk.stands(&account), "verified");
    assert_eq!(desk.effects(&account, "info_written"), 1);
    assert_eq!(desk.effects(&account, "side_written"), 4);
}

/// Delivers in short runs until an account waits as `code` says; a run that waits is never done.
fn waits(desk: &Desk, account: &str, code: &str) {
    for _ in 0..20 {
        let synced = desk.ctl(&SHORT_SYNC);
        assert_eq!((synced.code, &synced.json["idle"]), (Some(5), &json!(false)), "{synced:?}");
        let rows = synced.json["accounts"].as_array().unwrap();
        let row = rows.iter().find(|row| row["remote_id"] == account).unwrap();
        if row["line"]["code"] == code {
            return;
        }
    }
    panic!("{account} does not wait as {code}: {}", desk.stands(account));
}

/// Both sides of a licence, as `--document` names them.
pub fn licence(desk: &Desk, seed: u64) -> (String, String) {
    let front = desk.file(&format!("front-{seed}.jpg"), &Specimen::card(seed).jpeg());
    let back = desk.file(&format!("back-{seed}.jpg"), &Specimen::card_back(seed + 1).jpeg());
    (format!("DRIVERS_LICENSE:front={front}"), format!("DRIVERS_LICENSE:back={back}"))
}

#[test]
fn what_is_wrong_is_told_by_code_and_exit_code_and_changes_nothing() {
    let desk = Desk::connected();
    let account = desk.account("wepay");
    let passphrase = desk.folder.path().join("passphrase");
    let good = std::fs::read(&passphrase).unwrap();
    std::fs::write(&passphrase, "not the passphrase\n").unwrap();
    let refused = desk.ctl(&["status"]);
    assert_eq!((refused.code, refused.error()), (Some(4), "wrong_passphrase"), "{refused:?}");
    std::fs::write(&passphrase, good).unwrap();

    let info = desk.info(&individual_us());
    let text = desk.file("words.jpg", &satchel_fixtures::text_named_jpeg());
    let photo = format!("passport={text}");
    let submit = |account: &str, photo: &str| {
        desk.ctl(&["submit", "--account", account, "--info", &info, "--document", photo])
    };
    let refused = submit("424242424242", &photo);
    assert_eq!((refused.code, refused.error()), (Some(3), "unknown_account"), "{refused:?}");
    let refused = submit(&account, &photo);
    assert_eq!((refused.code, refused.error()), (Some(3), "not_an_image"), "{refused:?}");
    let mut keeps = desk.command(&["submit", "--account", &account, "--info", &info]);
    let refused = ended({
        keeps.args(["--document", &photo, "--keep-draft"]);
        keeps
    });
    assert_eq!((refused.code, refused.error()), (Some(3), "not_an_image"), "{refused:?}");
    assert_eq!(desk.stands(&account), "draft");
    let refused = submit(&account, &photo);
    assert_eq!((refused.code, refused.error()), (Some(3), "draft_open"), "{refused:?}");
    let mut replaces = desk.command(&["submit", "--account", &account, "--info", &info]);
    let refused = ended({
        replaces.args(["--document", &photo, "--replace-draft"]);
        replaces
    });
    assert_eq!((refused.code, refused.error()), (Some(3), "not_an_image"), "{refused:?}");
    assert_eq!(desk.stands(&account), "not_started");
    let refused = submit(&account, "passport");
    assert_eq!((refused.code, refused.error()), (Some(2), "usage"), "{refused:?}");
    let copy = desk.folder.path().join("copy").display().to_string();
    let refused = desk.ctl(&["export", "--account", &account, "--out", &copy]);
    assert_eq!((refused.code, refused.error()), (Some(3), "unknown_submission"), "{refused:?}");
    let refused = desk.ctl(&["vault", "create"]);
    assert_eq!((refused.code, refused.error()), (Some(3), "exists"), "{refused:?}");
    let refused = desk.ctl(&["no-such-thing"]);
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(refused.stderr.contains("no-such-thing"), "{refused:?}");
    assert_eq!(desk.stands(&account), "not_started");

    let elsewhere = desk.folder.path().join("elsewhere");
    let mut command = desk.command(&["status"]);
    command.arg("--data").arg(&elsewhere);
    let refused = ended(command);
    assert!(matches!(refused.code, Some(2 | 4)), "{refused:?}");
    assert!(!elsewhere.exists(), "nothing is made where nothing was");
}

#[test]
fn a_portals_page_is_no_answer_and_is_waited_out() {
    let desk = Desk::connected();
    let account = desk.account("wepay");
    let info = desk.info(&individual_us());
    desk.done(&["submit", "--account", &account, "--info", &info]);
    for status in [200, 302, 511] {
        desk.fault(&json!({ "times": null, "fault": { "kind": "portal", "status": status } }));
        desk.pass(5 * MINUTE);
        waits(&desk, &account, "waiting_intercepted");
        desk.no_faults();
    }
    desk.pass(5 * MINUTE);
    assert_eq!(desk.ctl(&SYNC).code, Some(6));
    assert_eq!(desk.stands(&account), "documents_needed");
    assert_eq!(desk.effects(&account, "kyc_authorized"), 1);
}

#[test]
fn a_wrong_key_is_named_when_it_is_checked_and_while_it_waits() {
    let desk = Desk::new();
    desk.done(&["vault", "create"]);
    let base = format!("base_url={}", desk.hello["winter"].as_str().unwrap());
    let credentials = desk.file("credentials", b"api_key=wrong\napi_secret=wrong\n");
    let checked = desk.ctl(&[
        "connect",
        "--provider",
        "winter",
        "--set",
        &base,
        "--credentials",
        &credentials,
        "--check",
    ]);
    assert_eq!((checked.code, &checked.json["check"]["ok"]), (Some(5), &json!(false)));
    let account = desk.account("winter");
    let (front, back) = licence(&desk, 35);
    let info = desk.info(&winter());
    desk.done(&[
        "submit",
        "--account",
        &account,
        "--info",
        &info,
        "--document",
        &front,
        "--document",
        &back,
    ]);
    waits(&desk, &account, "waiting_credentials");
    assert_eq!(desk.effects(&account, "info_written"), 0);
}

#[test]
fn a_disk_without_room_is_named_and_loses_nothing() {
    let desk = Desk::connected();
    let account = desk.account("wepay");
    let info = desk.info(&individual_us());
    let card = desk.file("card.jpg", &Specimen::card(41).jpeg());
    let photo = format!("drivers_license={card}");
    let largest = std::fs::read_dir(desk.data().join("vault")).unwrap();
    let largest = largest.map(|f| f.unwrap().metadata().unwrap().len()).max().unwrap();
    let blocks = largest / 512 + 64;

    let mut list = "account_id,name,country\n".to_owned();
    for number in 1..=3_000 {
        list.push_str(&format!("{number},{},US\n", "A Merchant With A Long Name ".repeat(4)));
    }
    let list = desk.file("accounts.csv", list.as_bytes());
    let import = ["account", "import", "--connection", "wepay", list.as_str()];
    let submit = ["submit", "--account", &account, "--info", &info, "--document", &photo];
    for arguments in [&import[..], &submit[..]] {
        let full = ended(desk.command_on_a_full_disk(blocks, arguments));
        assert_eq!(full.code, Some(3), "{arguments:?}: {full:?}");
        assert!(["disk_full", "store_failed"].contains(&full.error()), "{full:?}");
        let there = desk.done(&["vault", "check"]);
        assert_eq!((&there["accounts"], &there["connections"]), (&json!(1), &json!(2)));
        assert_eq!(desk.stands(&account), "not_started");
    }
    desk.done(&submit);
    desk.done(&SYNC);
    assert_eq!(desk.stands(&account), "in_review");
    assert_eq!(desk.effects(&account, "file_uploaded"), 1);
    assert_eq!(desk.done(&import)["good"].as_array().unwrap().len(), 3_000);
}
