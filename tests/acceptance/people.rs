//! Who can open a vault, with the real program: operators, passphrases, the recovery key, and what
//! wrong passphrases cost.

use serde_json::json;

use crate::answers::winter;
use crate::desk::{Desk, PASSPHRASE};
use crate::program::licence;
use crate::world::MINUTE;

const OTHERS: &str = "another four words here";

/// Takes this passphrase from here on.
fn passphrase(desk: &Desk, words: &str) {
    desk.file("passphrase", words.as_bytes());
}

fn vault(desk: &Desk) -> String {
    let made = desk.done(&["vault", "create", "--operator", "Amara Osei"]);
    made["recovery"]["identity"].as_str().unwrap().to_owned()
}

fn names(desk: &Desk) -> Vec<String> {
    let listed = desk.done(&["operator", "list"]);
    let people = listed["people"].as_array().unwrap();
    people.iter().map(|p| p["name"].as_str().unwrap().to_owned()).collect()
}

fn code(desk: &Desk, arguments: &[&str]) -> String {
    desk.ctl(arguments).error().to_owned()
}

#[test]
fn a_computer_that_lost_its_secret_opens_with_the_printed_recovery_key() {
    let desk = Desk::new();
    let identity = vault(&desk);
    std::fs::remove_file(desk.data().join("vault/device.secret")).unwrap();
    assert_eq!(code(&desk, &["vault", "check"]), "device_secret_absent");
    assert_eq!(code(&desk, &["vault", "create"]), "exists");
    let key = desk.file("sheet", identity.to_lowercase().as_bytes());
    passphrase(&desk, OTHERS);
    let recover = ["vault", "recover", "--operator", "Nadia Karim", "--recovery-key-file", &key];
    assert_eq!(desk.done(&recover)["dropped"], json!(["Amara Osei"]));
    assert_eq!(desk.done(&["vault", "check"])["opens"], true);
    assert_eq!(names(&desk), ["Nadia Karim"]);
    passphrase(&desk, PASSPHRASE);
    assert_eq!(code(&desk, &["vault", "check"]), "wrong_passphrase");
}

#[test]
fn an_organisations_key_recovers_and_no_other_key_does() {
    let desk = Desk::new();
    let organisation = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";
    let recipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";
    let made = desk.done(&["vault", "create", "--recovery-to", recipient]);
    assert_eq!(made["recovery"]["identity"], serde_json::Value::Null);
    passphrase(&desk, OTHERS);
    let recover = |key: &str| {
        let key = desk.file("sheet", key.as_bytes());
        desk.ctl(&["vault", "recover", "--recovery-key-file", &key]).error().to_owned()
    };
    assert_eq!(recover("AGE-SECRET-KEY-1NOTAKEY"), "bad_recovery_key");
    let other = "AGE-SECRET-KEY-1EGTZVFFV20835NWYV6270LXYVK2VKNX2MMDKWYKLMGR48UAWX40Q2P2LM0";
    assert_eq!(recover(other), "wrong_recovery_key");
    assert_eq!(recover(organisation), "");
    assert_eq!(desk.done(&["vault", "check"])["opens"], true);
}

#[test]
fn another_recovery_key_takes_the_place_of_the_first() {
    let desk = Desk::new();
    let first = vault(&desk);
    let second = desk.done(&["vault", "recovery-key"]);
    let second = second["recovery"]["identity"].as_str().unwrap();
    passphrase(&desk, OTHERS);
    let (old, new) = (desk.file("old", first.as_bytes()), desk.file("new", second.as_bytes()));
    let recover = |key: &str| code(&desk, &["vault", "recover", "--recovery-key-file", key]);
    assert_eq!(recover(&old), "wrong_recovery_key");
    assert_eq!(recover(&new), "");
}

#[test]
fn operators_come_and_go_and_the_history_names_who_opened() {
    let desk = Desk::new();
    vault(&desk);
    let theirs = desk.file("theirs", OTHERS.as_bytes());
    let add =
        |name: &str| code(&desk, &["operator", "add", name, "--new-passphrase-file", &theirs]);
    assert_eq!(add("Nadia Karim"), "");
    assert_eq!(add("nadia karim"), "name_taken");
    assert_eq!(add(" "), "required");
    assert_eq!(names(&desk), ["Amara Osei", "Nadia Karim"]);
    passphrase(&desk, OTHERS);
    assert_eq!(code(&desk, &["operator", "remove", "Nadia Karim"]), "is_you");
    assert_eq!(code(&desk, &["operator", "remove", "Nobody"]), "no_such_operator");
    let changed = desk.file("changed", b"and now entirely different words");
    desk.done(&["passphrase", "change", "--new-passphrase-file", &changed]);
    assert_eq!(code(&desk, &["vault", "check"]), "wrong_passphrase");
    passphrase(&desk, PASSPHRASE);
    desk.done(&["operator", "remove", "Nadia Karim"]);
    passphrase(&desk, "and now entirely different words");
    assert_eq!(code(&desk, &["vault", "check"]), "wrong_passphrase");
}

#[test]
fn wrong_passphrases_make_every_further_program_wait() {
    let desk = Desk::new();
    vault(&desk);
    passphrase(&desk, "not the right words");
    for _ in 0..4 {
        assert_eq!(code(&desk, &["vault", "check"]), "wrong_passphrase");
    }
    let waited = desk.ctl(&["vault", "check"]);
    assert_eq!((waited.error(), waited.code), ("too_many_tries", Some(4)));
    passphrase(&desk, PASSPHRASE);
    assert_eq!(code(&desk, &["vault", "check"]), "too_many_tries");
    desk.pass(5_000);
    assert_eq!(desk.done(&["vault", "check"])["opens"], true);
    assert!(!desk.data().join("tries.json").exists());
}

/// A submission waits offline, the way in is lost in one way or another, and the recovery key
/// brings it through: once.
#[test]
fn what_waited_while_the_way_in_was_lost_is_delivered_once_after_a_recovery() {
    let lost: [(&str, &[&str]); 3] = [
        ("passphrase", &[]),
        ("device secret", &["device.secret"]),
        ("all secrets", &["device.secret", "shred.key"]),
    ];
    for (what, files) in lost {
        let desk = Desk::new();
        let identity = vault(&desk);
        desk.connect_both();
        let account = desk.account("winter");
        desk.fault(&json!({ "times": null, "fault": { "kind": "offline" } }));
        let (front, back) = licence(&desk, 31);
        let info = desk.info(&winter());
        let submit = ["submit", "--account", &account, "--info", &info];
        desk.done(&[&submit[..], &["--document", &front, "--document", &back]].concat());
        for file in files {
            std::fs::remove_file(desk.data().join("vault").join(file)).unwrap();
        }
        let key = desk.file("sheet", identity.as_bytes());
        passphrase(&desk, OTHERS);
        let refused = code(&desk, &["vault", "check"]);
        assert!(["wrong_passphrase", "device_secret_absent"].contains(&refused.as_str()), "{what}");
        desk.done(&["vault", "recover", "--recovery-key-file", &key]);
        desk.no_faults();
        desk.pass(5 * MINUTE);
        desk.done(&["sync", "--until-idle", "--timeout", "60"]);
        let effects = ["info_written", "side_written"].map(|e| desk.effects(&account, e));
        assert_eq!(effects, [1, 2], "{what}");
        assert_eq!(desk.second_effects(), Vec::<serde_json::Value>::new(), "{what}");
    }
}
