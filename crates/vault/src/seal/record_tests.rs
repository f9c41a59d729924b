#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use super::*;

const PLACE: Place<'static> =
    Place { vault: VaultId([1; 16]), group: Group::Details, row: "0a", version: 3 };

fn key() -> Key {
    Key::from_slice(&[7; 32]).unwrap()
}

#[test]
fn a_record_opens_in_its_place() {
    let sealed = seal(&key(), PLACE, b"Zeynep").unwrap();
    assert_eq!(open(&key(), PLACE, &sealed).unwrap().as_slice(), b"Zeynep");
}

#[test]
fn a_record_opens_nowhere_else() {
    let sealed = seal(&key(), PLACE, b"Zeynep").unwrap();
    let elsewhere = [
        Place { vault: VaultId([2; 16]), ..PLACE },
        Place { group: Group::National, ..PLACE },
        Place { group: Group::Log, ..PLACE },
        Place { row: "0b", ..PLACE },
        Place { version: 2, ..PLACE },
    ];
    for place in elsewhere {
        assert_eq!(open(&key(), place, &sealed).unwrap_err(), Unopened, "{place:?}");
    }
    let other_key = Key::from_slice(&[8; 32]).unwrap();
    assert_eq!(open(&other_key, PLACE, &sealed).unwrap_err(), Unopened);
}

#[test]
fn a_record_with_any_bit_changed_does_not_open() {
    let sealed = seal(&key(), PLACE, b"Zeynep").unwrap();
    for place in 0..sealed.len() * 8 {
        let mut changed = sealed.clone();
        changed[place / 8] ^= 1 << (place % 8);
        assert!(open(&key(), PLACE, &changed).is_err(), "bit {place}");
    }
}

#[test]
fn a_record_cut_or_lengthened_does_not_open() {
    let mut sealed = seal(&key(), PLACE, b"Zeynep").unwrap();
    for length in 0..sealed.len() {
        assert!(open(&key(), PLACE, &sealed[..length]).is_err(), "{length} bytes");
    }
    sealed.push(0);
    assert!(open(&key(), PLACE, &sealed).is_err());
}

#[test]
fn lengths_are_hidden_within_256_bytes() {
    let length = |plain: usize| seal(&key(), PLACE, &vec![1; plain]).unwrap().len();
    let overhead = HEAD_BYTES + NONCE_BYTES + TAG_BYTES;
    assert_eq!(length(0), overhead + 256);
    assert_eq!(length(252), overhead + 256);
    assert_eq!(length(253), overhead + 512);
}

#[test]
fn the_same_content_is_never_sealed_alike() {
    assert_ne!(seal(&key(), PLACE, b"same").unwrap(), seal(&key(), PLACE, b"same").unwrap());
}
