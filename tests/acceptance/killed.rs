//! The programs killed at any moment: each effect happens once, and nothing is lost.

use std::time::{Duration, Instant};

use satchel_fixtures::{Chance, Specimen};
use serde_json::{Value, json};

use crate::answers::individual_us;
use crate::desk::{Desk, ended};
use crate::world::MINUTE;

const SYNC: [&str; 4] = ["sync", "--until-idle", "--timeout", "30"];

/// Answers of somebody whose first set of documents is accepted.
fn accepted() -> Vec<(&'static str, &'static str)> {
    let without = |(path, _): &(&str, &str)| *path != "owner.name.middle";
    individual_us().into_iter().filter(without).collect()
}

/// Accounts with a sealed submission of two photos each.
fn sealed(desk: &Desk, count: u64) -> Vec<String> {
    let info = desk.info(&accepted());
    let card = desk.file("card.jpg", &Specimen::card(50).jpeg());
    let bill = desk.file("bill.jpg", &Specimen::bill(60).jpeg());
    let (card, bill) = (format!("drivers_license={card}"), format!("current_utility_bill={bill}"));
    let photos = ["--document", &card, "--document", &bill];
    (7_000_000_001..=7_000_000_000 + count)
        .map(|number| {
            let added = json!({ "provider": "wepay", "id": number, "script": "verified" });
            desk.admin("POST", "accounts", &added);
            let id = number.to_string();
            desk.add("wepay", &id, "A Merchant");
            let submit = ["submit", "--account", &id, "--info", &info];
            desk.done(&[&submit[..], &photos[..]].concat());
            id
        })
        .collect()
}

/// Lets the time pass that a lost answer asks for: it counts from the first look after the kill.
fn look_and_pass(desk: &Desk) {
    desk.done(&["status"]);
    desk.pass(3 * MINUTE);
}

/// Runs to the end with time moved, and holds the journal against the promises.
fn finish_and_judge(desk: &Desk, accounts: &[String], told: &str) {
    desk.no_faults();
    for _ in 0..8 {
        look_and_pass(desk);
        let synced = desk.ctl(&SYNC);
        let rows = synced.json["accounts"].as_array().unwrap();
        if rows.iter().all(|row| row["line"]["code"] == "verified") {
            break;
        }
    }
    for account in accounts {
        assert_eq!(desk.stands(account), "verified", "{told}");
        assert_eq!(desk.effects(account, "kyc_authorized"), 1, "{told}");
        let attached = desk.of(account, "kyc_modified");
        let photos: Vec<&str> = attached
            .iter()
            .flat_map(|e| e["photo_sha256"].as_array().unwrap())
            .map(|sha256| sha256.as_str().unwrap())
            .collect();
        assert_eq!(photos.len(), 2, "each photo once, {told}: {attached:#?}");
        assert_ne!(photos[0], photos[1], "{told}");
    }
    assert_eq!(desk.second_effects(), Vec::<Value>::new(), "{told}");
}

#[test]
fn a_sync_killed_at_any_moment_repeats_no_effect_and_loses_nothing() {
    const KILLS: usize = 24;
    const SEED: u64 = 20_261_122;
    let desk = Desk::connected();
    let accounts = sealed(&desk, 16);
    // Slow calls, so that many kills meet a request that is out.
    desk.fault(&json!({ "times": null, "fault": { "kind": "latency", "ms": 60 } }));
    let mut chance = Chance::new(SEED);
    let mut delays = Vec::new();
    let mut killed = 0;
    while delays.len() < 3 * KILLS && killed < KILLS {
        let delay = Duration::from_millis(5 + chance.below(600) as u64);
        let began = Instant::now();
        killed += usize::from(desk.killed(&SYNC, || began.elapsed() >= delay));
        delays.push(delay);
        // A second kill follows at once as well, while the first one's answer is still missing.
        if chance.below(3) > 0 {
            look_and_pass(&desk);
        }
    }
    assert!(killed >= KILLS, "only {killed} were killed");
    println!("seed {SEED}, delays {delays:?}");
    finish_and_judge(&desk, &accounts, &format!("seed {SEED}, delays {delays:?}"));
}

#[test]
fn a_sync_killed_after_each_effect_and_before_its_answer_repeats_none() {
    let desk = Desk::connected();
    let accounts = sealed(&desk, 1);
    let moments = [
        ("/v2/account/kyc/create", "kyc_created"),
        ("/v2/account/kyc/authorize", "kyc_authorized"),
        ("/v2/file/upload", "file_uploaded"),
        ("/v2/account/kyc/modify", "kyc_modified"),
    ];
    for (path, effect) in moments {
        desk.fault(&json!({ "path": path, "fault": { "kind": "hang", "processed": true } }));
        let reached = || desk.effects(&accounts[0], effect) > 0;
        assert!(desk.killed(&SYNC, reached), "{effect} did not come");
        desk.no_faults();
        look_and_pass(&desk);
    }
    finish_and_judge(&desk, &accounts, "killed after each effect");
}

#[test]
fn a_submit_or_an_addition_killed_is_all_there_or_not_at_all() {
    const SEED: u64 = 7;
    let desk = Desk::connected();
    let info = desk.info(&accepted());
    let card = desk.file("card.jpg", &Specimen::card(71).jpeg());
    let photo = format!("drivers_license={card}");
    let mut chance = Chance::new(SEED);
    for number in 0..6 {
        let id = (5_091_778_700_u64 + number).to_string();
        let add = [
            "account",
            "add",
            "--connection",
            "wepay",
            "--id",
            &id,
            "--name",
            "Killed",
            "--kind",
            "individual",
            "--country",
            "US",
        ];
        kill_after(&desk, &add, 1 + chance.below(60));
        let again = desk.ctl(&add);
        let here = again.code == Some(3) && again.error() == "already_here";
        assert!(here || again.code == Some(0), "{again:?}");

        let keeps = number % 2 == 1;
        let mut submit = vec!["submit", "--account", &id, "--info", &info, "--document", &photo];
        submit.extend(keeps.then_some("--keep-draft"));
        kill_after(&desk, &submit, 1 + chance.below(600));
        let stands = desk.stands(&id);
        let again = desk.ctl(&submit);
        match stands.as_str() {
            "not_started" => assert_eq!(again.code, Some(0), "{again:?}"),
            "draft" if keeps => {
                assert_eq!((again.code, again.error()), (Some(3), "draft_open"), "{again:?}");
                desk.done(&[&submit[..], &["--replace-draft"]].concat());
            }
            _ => assert_eq!((again.code, again.error()), (Some(3), "already_submitted")),
        }
        let view = desk.done(&["account", "show", &id]);
        let photos = view["documents"][0]["photos"].as_array().unwrap().len();
        assert_eq!((view["documents"].as_array().unwrap().len(), photos), (1, 1));
    }
    assert_eq!(desk.done(&["vault", "check"])["accounts"], 6);
}

#[test]
fn a_vault_whose_making_was_killed_opens_or_is_made_again() {
    let desk = Desk::new();
    let mut chance = Chance::new(9);
    for round in 0..12 {
        kill_after(&desk, &["vault", "create"], 10 + chance.below(190));
        let status = desk.ctl(&["vault", "check"]);
        if status.code != Some(0) {
            assert_eq!((status.code, status.error()), (Some(4), "not_a_vault"), "{status:?}");
            desk.done(&["vault", "create"]);
            desk.done(&["vault", "check"]);
        }
        let again = ended(desk.command(&["vault", "create"]));
        assert_eq!((again.code, again.error()), (Some(3), "exists"), "{round}");
        std::fs::remove_dir_all(desk.data()).unwrap();
    }
}

fn kill_after(desk: &Desk, arguments: &[&str], ms: usize) {
    let (began, delay) = (Instant::now(), Duration::from_millis(ms as u64));
    desk.killed(arguments, || began.elapsed() >= delay);
}
