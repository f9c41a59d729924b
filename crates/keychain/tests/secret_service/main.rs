//! The keychain against a real gnome-keyring in a D-Bus session of its own, and without one.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod session;

use std::os::unix::net::UnixListener;
use std::time::{Duration, Instant};

use satchel_keychain::{Keychain, KeychainFault, Patience};

use session::{Bus, end, lock, lose_everything, resume, run, say, stop, unlock};

const NAME: &str = "0123456789abcdef/device";

/// Generous, since machines are busy; nothing that is tested lasts as long.
const PATIENT: Patience =
    Patience { answering: Duration::from_secs(60), asking: Duration::from_secs(60) };

fn keychain() -> Keychain {
    Keychain::new(PATIENT)
}

fn read(name: &str) -> Result<Option<Vec<u8>>, KeychainFault> {
    keychain().read(name).map(|found| found.map(|secret| secret.to_vec()))
}

#[test]
fn a_secret_is_kept_replaced_and_deleted() {
    run("a_secret_is_kept_replaced_and_deleted", Bus::WithKeyring, || {
        assert_eq!(keychain().probe(), Ok(()));
        assert_eq!(read(NAME), Ok(None));
        keychain().write(NAME, &[7; 32]).unwrap();
        keychain().write("0123456789abcdef/shred", &[8; 32]).unwrap();
        assert_eq!(read(NAME), Ok(Some(vec![7; 32])));
        keychain().write(NAME, &[9; 32]).unwrap();
        assert_eq!(read(NAME), Ok(Some(vec![9; 32])));
        assert_eq!(read("0123456789abcdef/shred"), Ok(Some(vec![8; 32])));
        // Another program finds it where a person would look for it.
        let seen = say("secret-tool", &["lookup", "service", "satchel", "username", NAME]);
        assert_eq!(seen, "09".repeat(32));
        keychain().delete(NAME).unwrap();
        keychain().delete(NAME).unwrap();
        assert_eq!(read(NAME), Ok(None));
        assert_eq!(say("secret-tool", &["lookup", "service", "satchel", "username", NAME]), "");
    });
}

#[test]
fn a_probe_leaves_nothing_behind() {
    run("a_probe_leaves_nothing_behind", Bus::WithKeyring, || {
        assert_eq!(keychain().probe(), Ok(()));
        assert_eq!(say("secret-tool", &["search", "--all", "service", "satchel"]), "");
    });
}

#[test]
fn a_locked_keychain_is_locked_and_not_empty() {
    run("a_locked_keychain_is_locked_and_not_empty", Bus::WithKeyring, || {
        keychain().write(NAME, &[7; 32]).unwrap();
        lock();
        assert_eq!(read(NAME), Err(KeychainFault::Locked));
        assert_eq!(keychain().write("another", &[1]), Err(KeychainFault::Locked));
        assert_eq!(keychain().probe(), Err(KeychainFault::Locked));
        // The person signs in again.
        end();
        unlock();
        assert_eq!(read(NAME), Ok(Some(vec![7; 32])));
    });
}

#[test]
fn a_keychain_that_lost_its_items_says_so() {
    run("a_keychain_that_lost_its_items_says_so", Bus::WithKeyring, || {
        keychain().write(NAME, &[7; 32]).unwrap();
        lose_everything();
        // The bus starts another. Nobody has signed in to it: nothing in it could keep a secret.
        assert_eq!(read(NAME), Ok(None));
        assert!(matches!(keychain().probe(), Err(KeychainFault::Absent(_))));
        end();
        unlock();
        assert_eq!(read(NAME), Ok(None));
        assert_eq!(keychain().probe(), Ok(()));
    });
}

#[test]
fn a_session_without_a_keychain_has_none() {
    run("a_session_without_a_keychain_has_none", Bus::WithoutKeyring, || {
        assert!(matches!(keychain().probe(), Err(KeychainFault::Absent(_))));
        assert!(matches!(read(NAME), Err(KeychainFault::Absent(_))));
    });
    run("a_session_without_a_keychain_has_none", Bus::None, || {
        assert!(matches!(keychain().probe(), Err(KeychainFault::Absent(_))));
        assert!(matches!(read(NAME), Err(KeychainFault::Absent(_))));
    });
}

#[test]
fn a_keychain_that_hangs_does_not_hang_us() {
    let short = Patience { answering: Duration::from_millis(300), ..PATIENT };
    run("a_keychain_that_hangs_does_not_hang_us", Bus::WithKeyring, move || {
        keychain().write(NAME, &[7; 32]).unwrap();
        let keyring = stop();
        let started = Instant::now();
        assert_eq!(Keychain::new(short).read(NAME).unwrap_err(), KeychainFault::Silent);
        assert!(started.elapsed() < PATIENT.answering);
        resume(&keyring);
        assert_eq!(read(NAME), Ok(Some(vec![7; 32])));
    });
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("bus");
    let _listens = UnixListener::bind(&socket).unwrap();
    run("a_keychain_that_hangs_does_not_hang_us", Bus::At(&socket), move || {
        assert_eq!(Keychain::new(short).read(NAME).unwrap_err(), KeychainFault::Silent);
        assert_eq!(Keychain::new(short).probe(), Err(KeychainFault::Silent));
    });
}
