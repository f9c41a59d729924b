#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use satchel_core::chance::Chance;
use satchel_core::store::Store;

use super::*;
use crate::disk::Disk;
use crate::slots::{NewOperator, Role};
use crate::vault::{CreateOptions, Founding};

const WORDS: &str = "correct horse battery staple";
const OTHERS: &str = "four entirely other words";

fn identity() -> Identity {
    Identity::draw().unwrap()
}

/// A locked vault with two operators and one setting.
fn vault(identity: &Identity) -> Disk {
    let disk = Disk::new();
    let to = identity.recipient();
    let cost = Cost::for_tests();
    let founding = Founding { name: "Ada", passphrase: WORDS, cost, recovery: Some(&to) };
    let mut vault = Vault::found_on(&disk, &founding).unwrap();
    vault.put_setting("theme", "dark").unwrap();
    let role = Role::Operator;
    let new = NewOperator { name: "Grace", passphrase: "one two three four", role, cost };
    vault.slots().add(&new, &Vault::secrets_on(&disk)).unwrap();
    drop(vault);
    disk
}

fn recovery(identity: &Identity) -> Recovery<'_> {
    Recovery { identity, name: "Linus", passphrase: OTHERS, cost: Cost::for_tests() }
}

fn lose(disk: &Disk, names: &[SecretName]) {
    names.iter().for_each(|name| Vault::secrets_on(disk).delete(*name).unwrap());
}

fn code<T>(result: Result<T, VaultFault>) -> &'static str {
    result.err().map_or("done", |fault| fault.code())
}

#[test]
fn a_device_that_lost_its_secrets_opens_with_the_recovery_key_and_from_then_on_as_ever() {
    for lost in [&SecretName::ALL[..], &[SecretName::Device], &[SecretName::Shred], &[]] {
        let identity = identity();
        let disk = vault(&identity);
        lose(&disk, lost);
        let rescued = Vault::recover_on(&disk, &recovery(&identity)).unwrap();
        assert_eq!(rescued.dropped, ["Ada", "Grace"]);
        assert_eq!(rescued.vault.setting("theme").unwrap().as_deref(), Some("dark"));
        let operators = rescued.vault.slots().operators().unwrap();
        assert_eq!(operators.iter().map(|o| o.name.as_str()).collect::<Vec<_>>(), ["Linus"]);
        assert!(operators[0].is_current);
        drop(rescued);
        assert_eq!(code(Vault::open_on(&disk, WORDS)), "wrong_passphrase");
        let vault = Vault::open_on(&disk, OTHERS).unwrap();
        assert_eq!(vault.setting("theme").unwrap().as_deref(), Some("dark"));
        drop(vault);
        // The same recovery key serves again.
        lose(&disk, &SecretName::ALL);
        assert!(Vault::recover_on(&disk, &recovery(&identity)).is_ok());
    }
}

#[test]
fn what_is_no_key_of_this_vault_recovers_nothing_and_changes_nothing() {
    let ours = identity();
    let disk = vault(&ours);
    let wrong = Vault::recover_on(&disk, &recovery(&identity()));
    assert_eq!(code(wrong), "wrong_recovery_key");
    assert_eq!(code(Identity::parse("AGE-SECRET-KEY-1QQQQ")), "bad_recovery_key");
    let weak = Recovery { passphrase: "123456789012", ..recovery(&ours) };
    assert_eq!(code(Vault::recover_on(&disk, &weak)), "weak_passphrase");
    assert!(Vault::open_on(&disk, WORDS).is_ok());
}

#[test]
fn a_vault_that_was_made_without_a_recovery_key_says_so() {
    let disk = Disk::new();
    let options = CreateOptions { cost: Cost::for_tests() };
    drop(Vault::create_on(&disk, WORDS, options).unwrap());
    assert_eq!(code(Vault::recover_on(&disk, &recovery(&identity()))), "no_recovery");
}

#[test]
fn an_open_vault_is_not_recovered() {
    let identity = identity();
    let disk = vault(&identity);
    let open = Vault::open_on(&disk, WORDS).unwrap();
    assert_eq!(code(Vault::recover_on(&disk, &recovery(&identity))), "in_use");
    drop(open);
}

#[test]
fn a_loss_of_power_at_every_sync_of_a_recovery_leaves_the_old_way_or_the_new_one() {
    let identity = identity();
    let disk = vault(&identity);
    let begun = disk.syncs();
    drop(Vault::recover_on(&disk, &recovery(&identity)).unwrap());
    let (mut old, mut new) = (0, 0);
    for syncs in begun..=disk.syncs() {
        let mut chance = Chance::from_seed([7; 32]);
        for (loss, disk) in disk.states_after_power_loss(syncs, 2, &mut chance) {
            let ways =
                [Vault::open_on(&disk, WORDS).is_ok(), Vault::open_on(&disk, OTHERS).is_ok()];
            match ways {
                [true, false] => old += 1,
                [false, true] => new += 1,
                _ => panic!("{loss:?}: old and new open: {ways:?}"),
            }
            let again = Vault::recover_on(&disk, &recovery(&identity)).unwrap();
            assert_eq!(again.vault.setting("theme").unwrap().as_deref(), Some("dark"));
        }
    }
    assert!(old > 5 && new > 5, "{old} old, {new} new");
}
