#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use sha2::{Digest, Sha256};

use super::code::DIGEST_BYTES;
use super::*;
use crate::age::Identity;
use crate::keys::{WRAPPED_BYTES, config_key, header_key, wrapping_key};
use crate::passphrase::Cost;
use crate::policy::SLOTS_MAX;

/// Bytes before the first slot: magic, version, vault, what belongs to it, page key, count.
const HEAD_BYTES: usize = 8 + 2 + 16 + (1 + 16 + 4 + 16 + 16) + WRAPPED_BYTES + 2;

struct Made {
    header: Header,
    bytes: Vec<u8>,
    vault_key: Key,
    device: Key,
    page_key: Key,
    identity: Identity,
}

impl Made {
    fn header_key(&self) -> Key {
        header_key(self.header.vault, &self.vault_key)
    }

    fn code_of(&self, bytes: &[u8]) -> &'static str {
        self.open(bytes).err().map_or("opened", |fault| fault.code())
    }

    /// As a vault is opened, with the passphrase and with the recovery key.
    fn open(&self, bytes: &[u8]) -> Result<(), VaultFault> {
        let header = Header::decode(bytes)?;
        for vault_key in [
            header.unlock("correct horse", &self.device)?.1,
            header.recover(&self.identity)?.vault_key,
        ] {
            header.verify(&header_key(header.vault, &vault_key))?;
            header.page_key(&wrapping_key(header.vault, &vault_key))?;
        }
        Ok(())
    }
}

fn made() -> Made {
    let (vault_key, shred, device, page_key) =
        (Key::draw().unwrap(), Key::draw().unwrap(), Key::draw().unwrap(), Key::draw().unwrap());
    let vault = VaultId::draw().unwrap();
    let belonging = Belonging {
        place: Place::Files,
        device: SecretId::of_device(vault, &device),
        row: 1,
        shred: SecretId::of_shred(vault, &shred),
        next_shred: None,
    };
    let wrapping = wrapping_key(vault, &vault_key);
    let mut header = Header::make(vault, belonging, &wrapping, &page_key).unwrap();
    let operator = Slotted {
        kind: SlotKind::Operator,
        name: "Ada",
        passphrase: "correct horse",
        device: &device,
        cost: Cost::for_tests(),
    };
    let config = config_key(vault, &vault_key);
    let slot = operator.slot(SlotId::draw().unwrap(), vault, &vault_key, &config).unwrap();
    let identity = Identity::draw().unwrap();
    let sealed = Recovered { vault_key: vault_key.twin(), shreds: vec![(1, shred)] };
    let id = SlotId::draw().unwrap();
    let recovery = Slot::for_recovery(id, vault, &identity.recipient(), &sealed).unwrap();
    header.slots = vec![slot, recovery];
    let bytes = header.encode(&header_key(vault, &vault_key)).unwrap();
    Made { header, bytes, vault_key, device, page_key, identity }
}

/// Puts a right checksum under edited bytes, as somebody who knows the format would.
fn rechecked(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.truncate(bytes.len() - DIGEST_BYTES);
    let checksum = Sha256::digest(&bytes);
    bytes.extend_from_slice(checksum.as_slice());
    bytes
}

#[test]
fn a_header_gives_back_the_keys() {
    let made = made();
    let header = Header::decode(&made.bytes).unwrap();
    let (slot, opened) = header.unlock("correct horse", &made.device).unwrap();
    assert_eq!(slot, made.header.slots[0].id);
    assert_eq!(opened.bytes(), made.vault_key.bytes());
    header.verify(&made.header_key()).unwrap();
    let wrapping = wrapping_key(header.vault, &opened);
    assert_eq!(header.page_key(&wrapping).unwrap().bytes(), made.page_key.bytes());
    assert_eq!(header.belonging, made.header.belonging);
    let config = config_key(header.vault, &opened);
    assert_eq!(header.slots[0].name(header.vault, &config).unwrap(), "Ada");
}

#[test]
fn the_recovery_key_gives_back_the_keys() {
    let made = made();
    let header = Header::decode(&made.bytes).unwrap();
    let recovered = header.recover(&made.identity).unwrap();
    assert_eq!(recovered.vault_key.bytes(), made.vault_key.bytes());
    assert_eq!(recovered.shreds[0].0, 1);
    let another = header.recover(&Identity::draw().unwrap());
    assert_eq!(another.err().unwrap().code(), "wrong_recovery_key");
}

#[test]
fn nobody_reads_the_name_of_an_operator_without_the_vault_key() {
    let made = made();
    assert!(!made.bytes.windows(3).any(|w| w == b"Ada"));
    let forged = config_key(made.header.vault, &Key::draw().unwrap());
    assert!(made.header.slots[0].name(made.header.vault, &forged).is_err());
}

#[test]
fn a_wrong_passphrase_or_device_secret_opens_nothing() {
    let made = made();
    let header = Header::decode(&made.bytes).unwrap();
    let wrong = header.unlock("correct horsf", &made.device);
    assert_eq!(wrong.err().unwrap().code(), "wrong_passphrase");
    let elsewhere = header.unlock("correct horse", &Key::draw().unwrap());
    assert_eq!(elsewhere.err().unwrap().code(), "wrong_passphrase");
}

#[test]
fn accidental_damage_anywhere_is_told_from_a_wrong_passphrase() {
    let made = made();
    for place in 0..made.bytes.len() {
        for bit in 0..8 {
            let mut changed = made.bytes.clone();
            changed[place] ^= 1 << bit;
            let code = Header::decode(&changed).unwrap_err().code();
            let expected = match (place, bit) {
                (0..8, _) => &["not_a_vault"][..],
                (8..10, _) => &["newer_version", "damaged"],
                _ => &["damaged"],
            };
            assert!(expected.contains(&code), "byte {place} bit {bit}: {code}");
        }
    }
    for length in 0..made.bytes.len() {
        assert!(Header::decode(&made.bytes[..length]).is_err(), "{length} bytes");
    }
}

#[test]
fn an_edited_header_opens_nothing_even_with_a_right_checksum() {
    let made = made();
    assert_eq!(made.code_of(&made.bytes), "opened");
    for place in 0..made.bytes.len() - DIGEST_BYTES {
        for flipped in [0x01, 0x80] {
            let mut changed = made.bytes.clone();
            changed[place] ^= flipped;
            assert_ne!(made.code_of(&rechecked(changed)), "opened", "byte {place}");
        }
    }
}

#[test]
fn a_cost_lowered_in_the_file_is_refused_before_anything_is_hashed() {
    let made = made();
    let mut changed = made.bytes.clone();
    let memory = HEAD_BYTES + 19;
    changed[memory..memory + 4].copy_from_slice(&8u32.to_be_bytes());
    let header = Header::decode(&rechecked(changed)).unwrap();
    let refused = header.unlock("correct horse", &made.device);
    assert_eq!(refused.err().unwrap().code(), "cost_refused");
}

#[test]
fn slots_of_other_kinds_are_kept_and_passed_over() {
    let made = made();
    let mut header = made.header.clone();
    header.slots.insert(0, Slot { kind: 9, id: SlotId([5; 16]), body: vec![1, 2, 3] });
    let bytes = header.encode(&made.header_key()).unwrap();
    let header = Header::decode(&bytes).unwrap();
    assert_eq!(header.slots.len(), 3);
    assert_eq!(header.slots[0].body, [1, 2, 3]);
    assert_eq!(made.code_of(&bytes), "opened");
    let again = header.encode(&made.header_key()).unwrap();
    assert_eq!(again, bytes);
}

#[test]
fn a_slot_taken_out_put_in_or_moved_is_found() {
    let made = made();
    let forger = Key::draw().unwrap();
    let intruder = Slot { kind: 1, id: SlotId([5; 16]), body: vec![0; 28 + WRAPPED_BYTES] };
    let mut put_in = made.header.clone();
    put_in.slots.push(intruder);
    let mut moved = made.header.clone();
    moved.slots.reverse();
    let mut taken_out = made.header.clone();
    taken_out.slots.pop();
    for header in [put_in, moved, taken_out] {
        let bytes = header.encode(&forger).unwrap();
        let header = Header::decode(&bytes).unwrap();
        assert_eq!(header.verify(&made.header_key()).unwrap_err().code(), "damaged");
    }
}

#[test]
fn a_slot_opens_as_itself_alone() {
    let made = made();
    for kind in [SlotKind::Supervisor, SlotKind::Recovery] {
        let mut changed = made.header.clone();
        changed.slots[0].kind = kind.number();
        assert!(changed.unlock("correct horse", &made.device).is_err());
    }
    let mut changed = made.header.clone();
    changed.slots[0].id = SlotId([5; 16]);
    assert!(changed.unlock("correct horse", &made.device).is_err());
    let mut changed = made.header.clone();
    changed.vault = VaultId([5; 16]);
    assert!(changed.unlock("correct horse", &made.device).is_err());
    assert_eq!(changed.recover(&made.identity).err().unwrap().code(), "damaged");
}

#[test]
fn too_many_slots_are_refused() {
    let made = made();
    let mut header = made.header.clone();
    let slot = || Slot { kind: 9, id: SlotId([0; 16]), body: Vec::new() };
    header.slots = (0..=SLOTS_MAX).map(|_| slot()).collect();
    let bytes = header.encode(&made.header_key()).unwrap();
    assert_eq!(Header::decode(&bytes).unwrap_err().code(), "damaged");
}
