//! Who can open a vault, with the real program: operators, passphrases, the recovery key, and what
//! wrong passphrases cost.

use crate::desk::{Desk, PASSPHRASE};

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
    assert_eq!(desk.done(&recover)["dropped"], serde_json::json!(["Amara Osei"]));
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
