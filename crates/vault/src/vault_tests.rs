#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::fs;

use satchel_core::store::Store;
use tempfile::TempDir;

use super::*;

const WORDS: &str = "correct horse battery staple";
const OPTIONS: CreateOptions = CreateOptions { cost: Cost::for_tests() };

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// A folder with a locked vault that has one setting.
fn vault_with_a_setting() -> TempDir {
    let folder = folder();
    let mut vault = Vault::create(folder.path(), WORDS, OPTIONS).unwrap();
    vault.put_setting("theme", "dark").unwrap();
    folder
}

fn code(opened: Result<OpenVault, VaultFault>) -> &'static str {
    opened.unwrap_err().code()
}

fn copy_of(folder: &Path) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
    }
    copy
}

#[test]
fn what_was_kept_is_there_after_locking_and_opening() {
    let folder = vault_with_a_setting();
    for _ in 0..3 {
        let vault = Vault::open(folder.path(), WORDS).unwrap();
        assert_eq!(vault.setting("theme").unwrap().as_deref(), Some("dark"));
        assert!(!vault.was_unclean());
        assert_eq!(vault.protection(), Protection::Reduced);
    }
}

#[test]
fn a_wrong_passphrase_opens_nothing() {
    let folder = vault_with_a_setting();
    assert_eq!(code(Vault::open(folder.path(), "correct horse battery stapl")), "wrong_passphrase");
    assert_eq!(code(Vault::open(folder.path(), "")), "wrong_passphrase");
    assert!(Vault::open(folder.path(), WORDS).is_ok());
}

#[test]
fn the_passphrase_may_be_typed_in_another_unicode_form() {
    let folder = folder();
    drop(Vault::create(folder.path(), "caf\u{e9} \u{fb01}lter gro\u{df}", OPTIONS).unwrap());
    assert!(Vault::open(folder.path(), "cafe\u{301} filter gro\u{df}").is_ok());
}

#[test]
fn an_open_vault_is_not_opened_again() {
    let folder = vault_with_a_setting();
    let open = Vault::open(folder.path(), WORDS).unwrap();
    assert_eq!(code(Vault::open(folder.path(), WORDS)), "in_use");
    drop(open);
    assert!(Vault::open(folder.path(), WORDS).is_ok());
}

#[test]
fn a_vault_is_never_made_over_another() {
    let folder = vault_with_a_setting();
    assert!(Vault::exists(folder.path()));
    assert_eq!(code(Vault::create(folder.path(), "another passphrase", OPTIONS)), "exists");
    let vault = Vault::open(folder.path(), WORDS).unwrap();
    assert_eq!(vault.setting("theme").unwrap().as_deref(), Some("dark"));
}

#[test]
fn a_vault_without_its_header_is_not_made_anew() {
    let folder = vault_with_a_setting();
    fs::remove_file(folder.path().join("vault.header")).unwrap();
    assert!(!Vault::exists(folder.path()));
    assert_eq!(code(Vault::open(folder.path(), WORDS)), "damaged");
    assert_eq!(code(Vault::create(folder.path(), WORDS, OPTIONS)), "exists");
}

#[test]
fn a_missing_database_is_not_made_anew() {
    for name in ["vault.db", "photos.db"] {
        let folder = vault_with_a_setting();
        fs::remove_file(folder.path().join(name)).unwrap();
        assert_eq!(code(Vault::open(folder.path(), WORDS)), "damaged");
        assert!(!folder.path().join(name).exists());
    }
}

#[test]
fn a_missing_device_secret_is_not_taken_for_a_first_run() {
    for name in ["device.secret", "shred.key"] {
        let folder = vault_with_a_setting();
        fs::remove_file(folder.path().join(name)).unwrap();
        assert_eq!(code(Vault::open(folder.path(), WORDS)), "device_secret_absent");
        assert!(!folder.path().join(name).exists());
    }
}

#[test]
fn a_damaged_device_secret_is_named() {
    let folder = vault_with_a_setting();
    fs::write(folder.path().join("device.secret"), b"short").unwrap();
    assert_eq!(code(Vault::open(folder.path(), WORDS)), "damaged");
}

#[test]
fn an_empty_or_missing_folder_is_no_vault() {
    let folder = folder();
    assert!(!Vault::exists(folder.path()));
    assert_eq!(code(Vault::open(folder.path(), WORDS)), "not_a_vault");
    let missing = folder.path().join("missing");
    assert_eq!(code(Vault::open(&missing, WORDS)), "not_a_vault");
    assert!(!missing.exists());
}

#[test]
fn a_creation_that_was_interrupted_can_be_begun_anew() {
    let folder = folder();
    fs::write(folder.path().join("vault.creating"), b"").unwrap();
    fs::write(folder.path().join("vault.db"), b"half a database").unwrap();
    fs::write(folder.path().join("vault.db-wal"), b"half a log").unwrap();
    assert_eq!(code(Vault::open(folder.path(), WORDS)), "not_a_vault");
    drop(Vault::create(folder.path(), WORDS, OPTIONS).unwrap());
    assert!(!folder.path().join("vault.creating").exists());
    assert!(Vault::open(folder.path(), WORDS).is_ok());
}

#[test]
fn a_creation_that_only_lacked_its_last_step_opens() {
    let folder = vault_with_a_setting();
    fs::write(folder.path().join("vault.creating"), b"").unwrap();
    assert_eq!(code(Vault::create(folder.path(), WORDS, OPTIONS)), "exists");
    drop(Vault::open(folder.path(), WORDS).unwrap());
    assert!(!folder.path().join("vault.creating").exists());
}

#[test]
fn a_weak_passphrase_makes_no_vault() {
    let folder = folder();
    let path = folder.path().join("vault");
    assert_eq!(code(Vault::create(&path, "too short", OPTIONS)), "weak_passphrase");
    assert_eq!(code(Vault::create(&path, "1234567890123", OPTIONS)), "weak_passphrase");
    assert!(!path.exists());
}

#[test]
fn a_refused_cost_leaves_room_for_another_try() {
    let folder = folder();
    let cheap = CreateOptions { cost: Cost { memory_kib: 1024, passes: 1, lanes: 1 } };
    assert_eq!(code(Vault::create(folder.path(), WORDS, cheap)), "cost_refused");
    let vault = Vault::create(folder.path(), WORDS, OPTIONS).unwrap();
    assert!(!vault.was_unclean());
}

#[test]
fn what_was_kept_survives_a_crash() {
    let folder = folder();
    let mut vault = Vault::create(folder.path(), WORDS, OPTIONS).unwrap();
    vault.put_setting("theme", "dark").unwrap();
    let crashed = copy_of(folder.path());
    vault.put_setting("theme", "light").unwrap();
    let recovered = Vault::open(crashed.path(), WORDS).unwrap();
    assert!(recovered.was_unclean());
    assert_eq!(recovered.setting("theme").unwrap().as_deref(), Some("dark"));
    drop(recovered);
    assert!(!Vault::open(crashed.path(), WORDS).unwrap().was_unclean());
}

#[test]
fn a_torn_log_falls_back_to_what_was_whole() {
    let folder = folder();
    let mut vault = Vault::create(folder.path(), WORDS, OPTIONS).unwrap();
    vault.put_setting("theme", "dark").unwrap();
    let whole = fs::metadata(folder.path().join("vault.db-wal")).unwrap().len();
    vault.put_setting("theme", "light").unwrap();
    let crashed = copy_of(folder.path());
    let log = crashed.path().join("vault.db-wal");
    let torn = whole + (fs::metadata(&log).unwrap().len() - whole) / 2;
    fs::OpenOptions::new().write(true).open(&log).unwrap().set_len(torn).unwrap();
    let recovered = Vault::open(crashed.path(), WORDS).unwrap();
    assert_eq!(recovered.setting("theme").unwrap().as_deref(), Some("dark"));
}

#[test]
fn locking_leaves_no_log_behind() {
    let folder = vault_with_a_setting();
    for name in ["vault.db-wal", "photos.db-wal", "vault.db-shm", "photos.db-shm"] {
        let length = fs::metadata(folder.path().join(name)).map_or(0, |m| m.len());
        assert_eq!(length, 0, "{name}");
    }
}

#[cfg(unix)]
#[test]
fn folder_and_files_are_their_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let parent = folder();
    let path = parent.path().join("vault");
    let mut vault = Vault::create(&path, WORDS, OPTIONS).unwrap();
    vault.put_setting("theme", "dark").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o700);
    let names: Vec<_> = fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()).collect();
    assert!(names.iter().any(|name| name.ends_with("vault.db-wal")));
    for name in names {
        assert_eq!(mode(&name), 0o600, "{}", name.display());
    }
}

#[test]
fn databases_of_another_vault_do_not_open_here() {
    let (ours, theirs) = (vault_with_a_setting(), vault_with_a_setting());
    fs::copy(theirs.path().join("vault.db"), ours.path().join("vault.db")).unwrap();
    assert_eq!(code(Vault::open(ours.path(), WORDS)), "damaged");
}

#[test]
fn a_newer_header_is_refused() {
    let folder = vault_with_a_setting();
    let path = folder.path().join("vault.header");
    let mut bytes = fs::read(&path).unwrap();
    bytes[8..10].copy_from_slice(&3u16.to_be_bytes());
    fs::write(&path, bytes).unwrap();
    assert_eq!(code(Vault::open(folder.path(), WORDS)), "newer_version");
}

/// A keychain in memory, which may be locked.
struct Keychain {
    kept: std::sync::Mutex<Vec<(SecretName, Key)>>,
    locked: bool,
}

impl DeviceSecrets for Keychain {
    fn protection(&self) -> Protection {
        Protection::Full
    }

    fn read(&self, name: SecretName) -> Result<Option<Key>, crate::DeviceSecretFault> {
        if self.locked {
            return Err(crate::DeviceSecretFault::Unavailable(crate::Unavailable::Locked));
        }
        let kept = self.kept.lock().unwrap();
        let found = kept.iter().find(|(n, _)| *n == name);
        Ok(found.map(|(_, key)| Key::from_slice(key.bytes()).unwrap()))
    }

    fn write(&self, name: SecretName, secret: &Key) -> Result<(), crate::DeviceSecretFault> {
        self.kept.lock().unwrap().push((name, Key::from_slice(secret.bytes()).unwrap()));
        Ok(())
    }

    fn delete(&self, name: SecretName) -> Result<(), crate::DeviceSecretFault> {
        self.kept.lock().unwrap().retain(|(n, _)| *n != name);
        Ok(())
    }
}

#[test]
fn a_keychain_takes_the_place_of_the_files() {
    let folder = folder();
    let mut keychain = Keychain { kept: Vec::new().into(), locked: false };
    let founding =
        Founding { name: "Ada", passphrase: "eight ch", cost: OPTIONS.cost, recovery: None };
    let vault = Vault::create_with(folder.path(), &founding, &keychain).unwrap();
    assert_eq!(vault.protection(), Protection::Full);
    drop(vault);
    assert!(!folder.path().join("device.secret").exists());
    assert!(Vault::open_with(folder.path(), "eight ch", &keychain).is_ok());
    assert_eq!(code(Vault::open(folder.path(), "eight ch")), "keychain_lost");
    keychain.locked = true;
    assert_eq!(code(Vault::open_with(folder.path(), "eight ch", &keychain)), "keychain_locked");
    keychain.locked = false;
    keychain.kept.lock().unwrap().clear();
    let lost = Vault::open_with(folder.path(), "eight ch", &keychain);
    assert_eq!(code(lost), "keychain_lost");
}
