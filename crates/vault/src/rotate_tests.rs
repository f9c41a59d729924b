#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use satchel_core::chance::Chance;
use satchel_core::ids::PhotoId;
use satchel_core::photo::Rendition;
use satchel_core::store::Store;

use super::*;
use crate::age::Identity;
use crate::disk::Disk;
use crate::passphrase::Cost;
use crate::recover::Recovery;
use crate::seal::data_key::{self, Owner};
use crate::vault::{Founding, Vault};

const WORDS: &str = "correct horse battery staple";

struct World {
    disk: Disk,
    identity: Identity,
    photos: Vec<PhotoId>,
}

impl World {
    /// A locked vault with some photos, each under a data key of its own.
    fn new() -> Self {
        let disk = Disk::new();
        let identity = Identity::draw().unwrap();
        let to = identity.recipient();
        let cost = Cost::for_tests();
        let founding = Founding { name: "Ada", passphrase: WORDS, cost, recovery: Some(&to) };
        let mut vault = Vault::found_on(&disk, &founding).unwrap();
        let mut chance = Chance::from_seed([3; 32]);
        let photos: Vec<_> = (0..4).map(|_| PhotoId::draw(&mut chance)).collect();
        for photo in &photos {
            vault.put_photo(photo, &[(Rendition::Upload, photo.as_str().as_bytes())]).unwrap();
        }
        drop(vault);
        Self { disk, identity, photos }
    }

    fn opened(&self) -> OpenVault {
        Vault::open_on(&self.disk, WORDS).unwrap()
    }

    fn check(&self, vault: &OpenVault) {
        for photo in &self.photos {
            let bytes = vault.photo(photo, Rendition::Upload).unwrap();
            assert_eq!(bytes, photo.as_str().as_bytes());
        }
    }

    /// With the passphrase, and with the recovery key on a device that lost everything.
    fn check_disk(&self, disk: &Disk) {
        let vault = Vault::open_on(disk, WORDS).unwrap();
        self.check(&vault);
        let belonging = vault.slots.belonging().unwrap();
        assert_eq!(belonging.next_shred, None, "a change that was begun is ended");
        drop(vault);
        let secrets = Vault::secrets_on(disk);
        for name in SecretName::ALL {
            secrets.delete(name).unwrap();
        }
        let recovery = Recovery {
            identity: &self.identity,
            name: "Grace",
            passphrase: "four entirely other words",
            cost: Cost::for_tests(),
        };
        self.check(&Vault::recover_on(disk, &recovery).unwrap().vault);
    }
}

#[test]
fn everything_opens_under_the_new_shred_key_and_later_ones() {
    let world = World::new();
    let mut vault = world.opened();
    let secrets = Vault::secrets_on(&world.disk);
    for number in 2..5 {
        let before = secrets.read(SecretName::Shred).unwrap().unwrap();
        vault.rotate_shred_key(&secrets).unwrap();
        world.check(&vault);
        let after = secrets.read(SecretName::Shred).unwrap().unwrap();
        assert_ne!(before.bytes(), after.bytes());
        assert!(secrets.read(SecretName::NextShred).unwrap().is_none());
        assert_eq!(vault.slots.belonging().unwrap().row, number);
    }
    drop(vault);
    world.check_disk(&world.disk);
}

#[test]
fn what_was_purged_opens_no_more_with_the_passphrase_the_disk_and_the_device_of_today() {
    let mut world = World::new();
    let gone = world.photos.remove(0);
    let secrets = Vault::secrets_on(&world.disk);
    let mut vault = world.opened();
    // What a raw disk may still hold after a deletion.
    let wrapped: Vec<u8> = vault
        .main
        .query_row("SELECT wrapped FROM data_keys WHERE owner = ?1", [gone.as_str()], |r| r.get(0))
        .unwrap();
    let opens = |vault: &OpenVault, shred: &Key| {
        (1..=2).any(|number| {
            let (of, key) = (vault.keys.vault, vault.slots.vault_key());
            let row = RowKey::derive(of, key, number, shred);
            data_key::unwrap(&row, of, Owner::Photo, gone.as_str(), &wrapped).is_some()
        })
    };
    vault.remove_photo(&gone).unwrap();
    let before = secrets.read(SecretName::Shred).unwrap().unwrap();
    assert!(opens(&vault, &before), "the purge alone is not enough");
    vault.rotate_shred_key(&secrets).unwrap();
    for name in SecretName::ALL {
        let kept = secrets.read(name).unwrap();
        assert!(kept.is_none_or(|kept| !opens(&vault, &kept)), "{name:?}");
    }
    world.check(&vault);
}

#[test]
fn a_loss_of_power_at_every_sync_of_a_change_leaves_everything_readable() {
    let world = World::new();
    let begun = world.disk.syncs();
    let mut vault = world.opened();
    vault.rotate_shred_key(&Vault::secrets_on(&world.disk)).unwrap();
    drop(vault);
    let ended = world.disk.syncs();
    let mut states = 0;
    for syncs in begun..=ended {
        let mut chance = Chance::from_seed([7; 32]);
        for (loss, disk) in world.disk.states_after_power_loss(syncs, 2, &mut chance) {
            println!("{loss:?}");
            world.check_disk(&disk);
            states += 1;
        }
    }
    println!("{states} states of {} syncs", ended - begun);
    assert!(states > 100 && ended - begun > 12, "{states} states of {} syncs", ended - begun);
}

#[test]
fn a_vault_without_a_recovery_key_changes_its_shred_key_too() {
    let disk = Disk::new();
    let options = crate::vault::CreateOptions { cost: Cost::for_tests() };
    let mut vault = Vault::create_on(&disk, WORDS, options).unwrap();
    let photo = PhotoId::draw(&mut Chance::from_seed([3; 32]));
    vault.put_photo(&photo, &[(Rendition::Upload, b"pixels")]).unwrap();
    vault.rotate_shred_key(&Vault::secrets_on(&disk)).unwrap();
    drop(vault);
    let vault = Vault::open_on(&disk, WORDS).unwrap();
    assert_eq!(vault.photo(&photo, Rendition::Upload).unwrap(), b"pixels");
}

#[test]
fn a_damaged_data_key_is_carried_on_and_still_told() {
    let world = World::new();
    let mut vault = world.opened();
    let first = world.photos[0].as_str();
    let sql = "UPDATE data_keys SET wrapped = zeroblob(72) WHERE owner = ?1";
    assert_eq!(vault.main.execute(sql, [first]).unwrap(), 1);
    vault.rotate_shred_key(&Vault::secrets_on(&world.disk)).unwrap();
    let damaged = vault.photo(&world.photos[0], Rendition::Upload);
    assert_eq!(damaged, Err(satchel_core::store::StoreFault::Damaged));
    assert!(vault.photo(&world.photos[1], Rendition::Upload).is_ok());
    drop(vault);
    assert!(Vault::open_on(&world.disk, WORDS).is_ok());
}
