//! The device's secret in a keychain: where it is kept, and what is said when it is not to be had.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use satchel_app::api::VaultUnlockRequest;
use satchel_app::{KeychainFault, MemoryKeychain};

use crate::desk::{Desk, PASSPHRASE};
use crate::world::{World, create};

/// Runs what follows in a D-Bus session of its own, whose keyring was unlocked at sign-in.
const SIGNED_IN: &str = "mkdir -p -m 700 \"$HOME/run\"; export XDG_RUNTIME_DIR=\"$HOME/run\"; \
    unset XDG_DATA_HOME DISPLAY WAYLAND_DISPLAY; \
    printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; \
    exec \"$@\"";

fn unlocked(world: &World) -> Result<(), String> {
    let request = VaultUnlockRequest { passphrase: PASSPHRASE.to_owned() };
    world.satchel.vault_unlock(&request).map(|_| ()).map_err(|fault| fault.code)
}

/// Every file of the vault, with what is in it.
fn files(world: &World) -> BTreeMap<String, Vec<u8>> {
    let folder = world.folder.path().join("vault");
    let files = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    files
        .map(|f| (f.file_name().into_string().unwrap(), std::fs::read(f.path()).unwrap()))
        .collect()
}

#[tokio::test]
async fn with_a_keychain_the_vaults_folder_holds_no_secret() {
    let keychain = Arc::new(MemoryKeychain::default());
    let mut world = World::with(&keychain).await;
    assert!(!world.satchel.protection_show().reduced);
    world.satchel.vault_create(&create()).unwrap();
    assert!(!world.satchel.app_state().reduced_protection);
    let names: Vec<String> = files(&world).into_keys().collect();
    assert!(!names.contains(&"device.secret".to_owned()), "{names:?}");
    assert!(!names.contains(&"shred.key".to_owned()), "{names:?}");
    let kept: Vec<Vec<u8>> = keychain.kept().values().cloned().collect();
    assert!(kept.iter().filter(|secret| secret.len() == 32).count() >= 2);
    for (name, bytes) in files(&world) {
        let found = kept.iter().any(|secret| bytes.windows(secret.len()).any(|w| w == *secret));
        assert!(!found, "{name}");
    }
    world.kill_and_restart();
    assert!(!world.satchel.app_state().reduced_protection);
    world.end().await;
}

#[tokio::test]
async fn a_keychain_that_lost_the_secret_or_is_locked_is_told_and_nothing_is_made_anew() {
    let keychain = Arc::new(MemoryKeychain::default());
    let world = World::with(&keychain).await;
    world.satchel.vault_create(&create()).unwrap();
    world.satchel.vault_lock("hand");
    assert!(!world.satchel.app_state().reduced_protection, "told while locked as well");
    let (before, kept) = (files(&world), keychain.kept().clone());
    for (fault, code) in [
        (KeychainFault::Locked, "keychain_locked"),
        (KeychainFault::Silent, "keychain_silent"),
        (KeychainFault::Absent(String::new()), "keychain_absent"),
        (KeychainFault::Failed(String::new()), "keychain_failed"),
    ] {
        keychain.answer_with(Some(fault));
        assert_eq!(unlocked(&world), Err(code.to_owned()));
        assert_eq!(world.satchel.vault_create(&create()).unwrap_err().code, "exists");
    }
    keychain.answer_with(None);
    keychain.kept().clear();
    assert_eq!(unlocked(&world), Err("keychain_lost".to_owned()));
    assert_eq!(world.satchel.vault_create(&create()).unwrap_err().code, "exists");
    assert_eq!(files(&world), before);
    assert!(keychain.kept().is_empty(), "no secret was made in place of the lost one");
    *keychain.kept() = kept;
    assert_eq!(unlocked(&world), Ok(()));
    world.end().await;
}

#[tokio::test]
async fn a_locked_keychain_makes_no_vault_unless_somebody_goes_on_without_it() {
    let keychain = Arc::new(MemoryKeychain::default());
    keychain.answer_with(Some(KeychainFault::Locked));
    let mut world = World::with(&keychain).await;
    assert_eq!(world.satchel.protection_show().code.as_deref(), Some("keychain_locked"));
    assert_eq!(world.satchel.vault_create(&create()).unwrap_err().code, "keychain_locked");
    assert!(!world.folder.path().join("vault").exists());
    let mut request = create();
    request.without_keychain = true;
    assert!(world.satchel.vault_create(&request).unwrap().reduced_protection);
    // A keychain that is there from now on changes nothing: the secret stays where it is.
    keychain.answer_with(None);
    world.kill_and_restart();
    assert!(world.satchel.app_state().reduced_protection);
    assert!(keychain.kept().is_empty());
    world.end().await;
}

#[tokio::test]
async fn without_a_keychain_the_protection_is_reduced_and_said_to_be() {
    let mut world = World::new().await;
    let shown = world.satchel.protection_show();
    assert_eq!((shown.reduced, shown.code.as_deref()), (true, Some("keychain_absent")));
    assert!(world.satchel.vault_create(&create()).unwrap().reduced_protection);
    assert!(world.satchel.vault_lock("hand").reduced_protection, "told while locked as well");
    world.kill_and_restart();
    assert!(world.satchel.app_state().reduced_protection);
    world.end().await;
}

#[test]
fn satchelctl_keeps_the_secret_in_a_real_keyring_and_tells_when_it_is_lost() {
    let mut desk = Desk::new();
    let signed_in = ["dbus-run-session", "--", "sh", "-c", SIGNED_IN, "sh"];
    desk.through = signed_in.map(str::to_owned).to_vec();
    assert_eq!(desk.done(&["vault", "create"])["reduced_protection"], false);
    assert!(!desk.data().join("vault/device.secret").exists());
    desk.done(&["vault", "check"]);

    let through = std::mem::take(&mut desk.through);
    told(&desk, &["vault", "check"], "keychain_absent");
    desk.through = through;
    let keyrings = desk.folder.path().join("home/.local/share/keyrings");
    let aside = desk.folder.path().join("keyrings");
    move_away(&keyrings, &aside);
    told(&desk, &["vault", "check"], "keychain_lost");
    assert_eq!(desk.ctl(&["vault", "create"]).error(), "exists");

    std::fs::remove_dir_all(&keyrings).unwrap();
    move_away(&aside, &keyrings);
    desk.done(&["vault", "check"]);
}

fn told(desk: &Desk, arguments: &[&str], code: &str) {
    let ended = desk.ctl(arguments);
    assert_eq!((ended.code, ended.error()), (Some(4), code), "{ended:?}");
}

fn move_away(from: &Path, to: &Path) {
    std::fs::rename(from, to).unwrap();
}
