#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use super::*;

struct Made {
    bytes: Vec<u8>,
    keys: Keyring,
    vault_key: Key,
    device: Key,
    page_key: Key,
}

fn made() -> Made {
    let (vault_key, shred_key, device, page_key) =
        (Key::draw().unwrap(), Key::draw().unwrap(), Key::draw().unwrap(), Key::draw().unwrap());
    let keys = Keyring::derive(VaultId::draw().unwrap(), &vault_key, &shred_key);
    let operator =
        Slotted { passphrase: "correct horse", device: &device, cost: Cost::for_tests() };
    let bytes = Header::make(&keys, &vault_key, &page_key, operator).unwrap();
    Made { bytes, keys, vault_key, device, page_key }
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
    let opened = header.unlock("correct horse", &made.device).unwrap();
    assert_eq!(opened.bytes(), made.vault_key.bytes());
    header.verify(&made.keys).unwrap();
    assert_eq!(header.page_key(&made.keys).unwrap().bytes(), made.page_key.bytes());
}

#[test]
fn a_wrong_passphrase_or_device_secret_opens_nothing() {
    let made = made();
    let header = Header::decode(&made.bytes).unwrap();
    let wrong = header.unlock("correct horsf", &made.device);
    assert_eq!(wrong.unwrap_err().code(), "wrong_passphrase");
    let elsewhere = header.unlock("correct horse", &Key::draw().unwrap());
    assert_eq!(elsewhere.unwrap_err().code(), "wrong_passphrase");
}

#[test]
fn accidental_damage_anywhere_is_told_from_a_wrong_passphrase() {
    let made = made();
    for place in 0..made.bytes.len() {
        let mut changed = made.bytes.clone();
        changed[place] ^= 0x10;
        let code = Header::decode(&changed).unwrap_err().code();
        let expected = match place {
            0..8 => "not_a_vault",
            8..10 => "newer_version",
            _ => "damaged",
        };
        assert_eq!(code, expected, "byte {place}");
    }
    for length in 0..made.bytes.len() {
        assert!(Header::decode(&made.bytes[..length]).is_err(), "{length} bytes");
    }
}

#[test]
fn an_edited_header_opens_nothing_even_with_a_right_checksum() {
    let made = made();
    for place in 10..made.bytes.len() - DIGEST_BYTES {
        let mut changed = made.bytes.clone();
        changed[place] ^= 0x01;
        let Ok(header) = Header::decode(&rechecked(changed)) else { continue };
        let opened = header.unlock("correct horse", &made.device).and_then(|vault_key| {
            let keys = Keyring::derive(header.vault, &vault_key, &Key::draw()?);
            header.verify(&keys)
        });
        assert!(opened.is_err(), "byte {place}");
    }
}

#[test]
fn a_cost_lowered_in_the_file_is_refused_before_anything_is_hashed() {
    let made = made();
    let mut changed = made.bytes.clone();
    let memory = 10 + 16 + WRAPPED_BYTES + 2 + 19;
    changed[memory..memory + 4].copy_from_slice(&8u32.to_be_bytes());
    let header = Header::decode(&rechecked(changed)).unwrap();
    let refused = header.unlock("correct horse", &made.device);
    assert_eq!(refused.unwrap_err().code(), "cost_refused");
}

#[test]
fn slots_of_other_kinds_are_kept_and_passed_over() {
    let made = made();
    let header = Header::decode(&made.bytes).unwrap();
    let recovery = Slot { kind: 3, id: [5; 16], body: vec![1, 2, 3] };
    let operator = header.slots.into_iter().next().unwrap();
    let bytes = encode(&made.keys, &header.page_key, &[recovery, operator]);
    let header = Header::decode(&bytes).unwrap();
    assert_eq!(header.slots.len(), 2);
    assert_eq!(header.slots[0].body, [1, 2, 3]);
    assert!(header.unlock("correct horse", &made.device).is_ok());
    header.verify(&made.keys).unwrap();
}

#[test]
fn a_slot_taken_out_or_put_in_is_found() {
    let made = made();
    let header = Header::decode(&made.bytes).unwrap();
    let forger = Keyring::derive(made.keys.vault, &Key::draw().unwrap(), &Key::draw().unwrap());
    let intruder = Slot { kind: KIND_OPERATOR, id: [5; 16], body: vec![0; 28 + WRAPPED_BYTES] };
    let operator = header.slots.into_iter().next().unwrap();
    let bytes = encode(&forger, &header.page_key, &[operator, intruder]);
    let header = Header::decode(&bytes).unwrap();
    assert_eq!(header.verify(&made.keys).unwrap_err().code(), "damaged");
}

#[test]
fn too_many_slots_are_refused() {
    let made = made();
    let header = Header::decode(&made.bytes).unwrap();
    let slots: Vec<_> =
        (0..=SLOTS_MAX).map(|_| Slot { kind: 9, id: [0; 16], body: Vec::new() }).collect();
    let bytes = encode(&made.keys, &header.page_key, &slots);
    assert_eq!(Header::decode(&bytes).unwrap_err().code(), "damaged");
}
