#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::BTreeMap;
use std::sync::Arc;

use satchel_core::store::Store;
use tempfile::TempDir;

use super::*;
use crate::age::Identity;
use crate::device::{DeviceSecretFault, FileSecrets, Protection};
use crate::quick::QuickUnlock;
use crate::vault::{CreateOptions, Founding, OpenVault, Vault};

const WORDS: &str = "correct horse battery staple";
const OTHERS: &str = "another four words here";

struct World {
    vault: OpenVault,
    folder: TempDir,
    secrets: FileSecrets,
    identity: Identity,
}

fn world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let secrets = FileSecrets::new(folder.path());
    let identity = Identity::draw().unwrap();
    let to = identity.recipient();
    let founding =
        Founding { name: "Ada", passphrase: WORDS, cost: Cost::for_tests(), recovery: Some(&to) };
    let vault = Vault::create_with(folder.path(), &founding, &secrets).unwrap();
    World { vault, folder, secrets, identity }
}

fn grace(role: Role) -> NewOperator<'static> {
    NewOperator { name: "Grace", passphrase: OTHERS, role, cost: Cost::for_tests() }
}

fn names(slots: &Slots) -> Vec<String> {
    slots.operators().unwrap().into_iter().map(|o| o.name).collect()
}

fn code<T>(result: Result<T, VaultFault>) -> &'static str {
    result.err().map_or("done", |fault| fault.code())
}

/// A keychain of the tests: it may be locked, and lose what it held.
#[derive(Default)]
struct Keychain {
    items: Mutex<BTreeMap<String, Vec<u8>>>,
    locked: Mutex<bool>,
}

impl DeviceSecrets for Keychain {
    fn protection(&self) -> Protection {
        Protection::Full
    }

    fn read(&self, name: SecretName) -> Result<Option<Key>, DeviceSecretFault> {
        if *self.locked.lock().unwrap() {
            return Err(DeviceSecretFault::Unavailable(crate::Unavailable::Locked));
        }
        let items = self.items.lock().unwrap();
        Ok(items.get(&format!("{name:?}")).map(|b| Key::from_slice(b).unwrap()))
    }

    fn write(&self, name: SecretName, secret: &Key) -> Result<(), DeviceSecretFault> {
        self.items.lock().unwrap().insert(format!("{name:?}"), secret.bytes().to_vec());
        Ok(())
    }

    fn delete(&self, name: SecretName) -> Result<(), DeviceSecretFault> {
        self.items.lock().unwrap().remove(&format!("{name:?}"));
        Ok(())
    }
}

#[test]
fn each_operator_opens_with_their_own_passphrase_and_is_named() {
    let mut world = world();
    world.vault.put_setting("theme", "dark").unwrap();
    let id = world.vault.slots().add(&grace(Role::Operator), &world.secrets).unwrap();
    assert_eq!(names(&world.vault.slots()), ["Ada", "Grace"]);
    drop(world.vault);
    let vault = Vault::open(world.folder.path(), OTHERS).unwrap();
    let current = vault.slots().current().unwrap().unwrap();
    assert_eq!((current.id, current.name.as_str()), (id, "Grace"));
    assert_eq!(vault.setting("theme").unwrap().as_deref(), Some("dark"));
    drop(vault);
    let vault = Vault::open(world.folder.path(), WORDS).unwrap();
    assert_eq!(vault.slots().current().unwrap().unwrap().name, "Ada");
}

#[test]
fn a_supervisor_opens_and_is_listed_as_one() {
    let world = world();
    world.vault.slots().add(&grace(Role::Supervisor), &world.secrets).unwrap();
    drop(world.vault);
    let vault = Vault::open(world.folder.path(), OTHERS).unwrap();
    let roles: Vec<_> = vault.slots().operators().unwrap().iter().map(|o| o.role).collect();
    assert_eq!(roles, [Role::Operator, Role::Supervisor]);
    assert_eq!(vault.slots().current().unwrap().unwrap().role, Role::Supervisor);
}

#[test]
fn an_operator_who_was_removed_opens_nothing_and_the_last_one_stays() {
    let world = world();
    let slots = world.vault.slots();
    let id = slots.add(&grace(Role::Operator), &world.secrets).unwrap();
    assert_eq!(code(slots.remove("ffff")), "no_such_operator");
    slots.remove(&id).unwrap();
    let ada = slots.current().unwrap().unwrap().id;
    assert_eq!(code(slots.remove(&ada)), "last_operator");
    assert_eq!(names(&slots), ["Ada"]);
    drop((world.vault, slots));
    assert_eq!(code(Vault::open(world.folder.path(), OTHERS)), "wrong_passphrase");
    assert!(Vault::open(world.folder.path(), WORDS).is_ok());
}

#[test]
fn there_is_room_for_sixteen_operators() {
    let world = world();
    let slots = world.vault.slots();
    for _ in 1..OPERATORS_MAX {
        slots.add(&grace(Role::Operator), &world.secrets).unwrap();
    }
    assert_eq!(code(slots.add(&grace(Role::Operator), &world.secrets)), "too_many_operators");
}

#[test]
fn a_changed_passphrase_takes_the_place_of_the_old_one_and_of_no_other() {
    let world = world();
    let slots = world.vault.slots();
    slots.add(&grace(Role::Supervisor), &world.secrets).unwrap();
    let change = |old, new| slots.change_passphrase(old, new, Cost::for_tests(), &world.secrets);
    assert_eq!(code(change("not the passphrase", "five words of my own")), "wrong_passphrase");
    assert_eq!(code(change(WORDS, "short")), "weak_passphrase");
    change(WORDS, "five words of my own").unwrap();
    change(OTHERS, "and five for the supervisor").unwrap();
    assert_eq!(names(&slots), ["Ada", "Grace"]);
    drop((world.vault, slots));
    let folder = world.folder.path();
    assert_eq!(code(Vault::open(folder, WORDS)), "wrong_passphrase");
    assert_eq!(code(Vault::open(folder, OTHERS)), "wrong_passphrase");
    let vault = Vault::open(folder, "and five for the supervisor").unwrap();
    assert_eq!(vault.slots().current().unwrap().unwrap().role, Role::Supervisor);
    drop(vault);
    assert!(Vault::open(folder, "five words of my own").is_ok());
}

#[test]
fn an_operator_can_be_renamed() {
    let world = world();
    let slots = world.vault.slots();
    let id = slots.current().unwrap().unwrap().id;
    slots.rename(&id, "Zeynep Öztürk").unwrap();
    assert_eq!(names(&slots), ["Zeynep Öztürk"]);
    drop((world.vault, slots));
    assert!(Vault::open(world.folder.path(), WORDS).is_ok());
}

#[test]
fn a_vault_says_before_it_opens_where_its_secrets_lie_and_to_whom_it_is_sealed() {
    let world = world();
    let outline = Vault::outline(world.folder.path()).unwrap();
    assert_eq!(outline.place, Some(Place::Files));
    assert_eq!(outline.recipients, [world.identity.recipient()]);
    assert_eq!(outline.operators, 1);
}

#[test]
fn another_recovery_key_takes_the_place_of_the_old_one() {
    let world = world();
    let another = Identity::draw().unwrap();
    let slots = world.vault.slots();
    slots.set_recovery(&another.recipient(), &world.secrets).unwrap();
    assert_eq!(slots.recipients().unwrap(), [another.recipient()]);
    let header = slots.read().unwrap();
    assert_eq!(code(header.recover(&world.identity)), "wrong_recovery_key");
    assert!(header.recover(&another).is_ok());
}

#[test]
fn a_vault_of_a_keychain_opens_with_that_keychain_alone() {
    let folder = tempfile::tempdir().unwrap();
    let keychain = Keychain::default();
    let founding =
        Founding { name: "Ada", passphrase: WORDS, cost: Cost::for_tests(), recovery: None };
    drop(Vault::create_with(folder.path(), &founding, &keychain).unwrap());
    let open = |secrets: &dyn DeviceSecrets| Vault::open_with(folder.path(), WORDS, secrets);
    assert!(open(&keychain).is_ok());
    *keychain.locked.lock().unwrap() = true;
    assert_eq!(code(open(&keychain)), "keychain_locked");
    *keychain.locked.lock().unwrap() = false;
    assert_eq!(code(open(&FileSecrets::new(folder.path()))), "keychain_lost");
    assert_eq!(code(open(&Keychain::default())), "keychain_lost");
    // Secrets of another vault, or of an older life of this one.
    let stale = Keychain::default();
    stale.write(SecretName::Device, &Key::draw().unwrap()).unwrap();
    stale.write(SecretName::Shred, &Key::draw().unwrap()).unwrap();
    assert_eq!(code(open(&stale)), "keychain_lost");
    keychain.items.lock().unwrap().remove("Shred");
    assert_eq!(code(open(&keychain)), "keychain_lost");
    assert!(!folder.path().join("device.secret").exists());
    assert_eq!(code(Vault::create(folder.path(), WORDS, CreateOptions::default())), "exists");
}

#[test]
fn secrets_that_move_to_a_keychain_leave_their_files() {
    let world = world();
    let keychain = Keychain::default();
    let slots = world.vault.slots();
    slots.move_secrets(&world.secrets, &keychain).unwrap();
    slots.add(&grace(Role::Operator), &keychain).unwrap();
    drop((world.vault, slots));
    for name in ["device.secret", "shred.key"] {
        assert!(!world.folder.path().join(name).exists());
    }
    assert_eq!(code(Vault::open(world.folder.path(), WORDS)), "keychain_lost");
    let vault = Vault::open_with(world.folder.path(), WORDS, &keychain).unwrap();
    assert_eq!(vault.protection(), Protection::Full);
}

#[test]
fn changes_of_two_at_once_are_both_kept() {
    let world = world();
    let slots: Vec<Arc<Slots>> = vec![world.vault.slots(), world.vault.slots()];
    std::thread::scope(|scope| {
        for slots in &slots {
            scope.spawn(|| {
                for _ in 0..5 {
                    slots.add(&grace(Role::Operator), &world.secrets).unwrap();
                }
            });
        }
    });
    assert_eq!(names(&slots[0]).len(), 11);
}

#[test]
fn debug_output_of_slots_shows_no_key() {
    let world = world();
    assert_eq!(format!("{:?}", world.vault.slots()), "Slots { .. }");
    assert_eq!(format!("{:?}", world.identity), "Identity(32 bytes)");
}

#[test]
fn a_pin_opens_again_what_a_passphrase_opened_and_nothing_else() {
    let world = world();
    let slots = world.vault.slots();
    let id = slots.add(&grace(Role::Operator), &world.secrets).unwrap();
    drop((world.vault, slots));
    let folder = world.folder.path();
    let vault = Vault::open(folder, OTHERS).unwrap();
    let quick = vault.slots().quick("482915", Cost::for_tests()).unwrap();
    let open = |quick: &QuickUnlock, pin| Vault::open_quick(folder, quick, pin, &world.secrets);
    assert_eq!(code(open(&quick, "482915")), "in_use");
    drop(vault);
    assert_eq!(code(open(&quick, "482914")), "wrong_passphrase");
    let vault = open(&quick, "482915").unwrap();
    assert_eq!(vault.slots().current().unwrap().unwrap().name, "Grace");
    drop(vault);
    // Whose passphrase was taken away comes in with no PIN either.
    Vault::open(folder, WORDS).unwrap().slots().remove(&id).unwrap();
    assert_eq!(code(open(&quick, "482915")), "no_such_operator");
    assert_eq!(format!("{quick:?}"), "QuickUnlock { .. }");
}
