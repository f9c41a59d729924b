//! Whoever edits what is on disk is found: every byte, every cut, and any number of random
//! mutations of a header, a recovery, records, photos and keys. `SATCHEL_SEED` and
//! `SATCHEL_MUTATIONS` replay a run and make it longer.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use satchel_core::chance::Chance;
use satchel_core::photo::Rendition;

use crate::age::Identity;
use crate::device::Place as Keeping;
use crate::header::{Belonging, Header, Recovered, SecretId, Slot, SlotId, SlotKind, Slotted};
use crate::keys::{Key, RowKey, VaultId, config_key, header_key, wrapping_key};
use crate::passphrase::Cost;
use crate::seal::data_key::{self, Owner};
use crate::seal::record::{self, Group, Place};
use crate::seal::stream::{self, Picture};

const SEED: u64 = 20_170_201;
const MUTATIONS: u64 = 20_000;
const VAULT: VaultId = VaultId([1; 16]);
const WORDS: &str = "correct horse";

fn asked(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

fn chance(seed: u64) -> Chance {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    Chance::from_seed(bytes)
}

fn key(byte: u8) -> Key {
    Key::from_slice(&[byte; 32]).unwrap()
}

fn place(row: &str) -> Place<'_> {
    Place { vault: VAULT, group: Group::Details, row, version: 1 }
}

fn picture(photo: &str) -> Picture<'_> {
    Picture { vault: VAULT, photo, rendition: Rendition::Upload }
}

const PHOTO: &str = "00112233445566778899aabbccddeeff";

/// What the bytes open to, or nothing.
type Opener = Box<dyn Fn(&[u8]) -> Option<Vec<u8>>>;

/// Something sealed, and the way it is opened. What an open gives is told, so that a changed
/// content would be found as well.
struct Sealed {
    name: &'static str,
    bytes: Vec<u8>,
    open: Opener,
}

impl Sealed {
    /// Whether `changed` opens at all.
    fn opens(&self, changed: &[u8]) -> bool {
        (self.open)(changed).is_some()
    }
}

fn sealed_record(length: usize) -> Sealed {
    let plain = vec![7; length];
    let bytes = record::seal(&key(2), place("0a"), &plain).unwrap();
    let open = |b: &[u8]| record::open(&key(2), place("0a"), b).ok().map(|p| p.to_vec());
    Sealed { name: "record", bytes, open: Box::new(open) }
}

fn sealed_photo(length: usize) -> Sealed {
    let bytes = stream::seal(&key(2), picture(PHOTO), &vec![7; length]).unwrap();
    let open = |b: &[u8]| stream::open(&key(2), picture(PHOTO), b).ok().map(|p| p.to_vec());
    Sealed { name: "photo", bytes, open: Box::new(open) }
}

fn wrapped_key() -> Sealed {
    let row = RowKey::derive(VAULT, &key(2), 1, &key(3));
    let bytes = data_key::wrap(&row, VAULT, Owner::Photo, PHOTO, &key(4)).unwrap().to_vec();
    let open = move |b: &[u8]| {
        data_key::unwrap(&row, VAULT, Owner::Photo, PHOTO, b).map(|k| k.bytes().to_vec())
    };
    Sealed { name: "data key", bytes, open: Box::new(open) }
}

/// A header with an operator and a recovery key, opened in `ways`.
fn headers() -> [Sealed; 2] {
    let identity = Identity::draw().unwrap();
    let (vault_key, device, shred) = (key(2), key(3), key(4));
    let belonging = Belonging {
        place: Keeping::Files,
        device: SecretId::of_device(VAULT, &device),
        row: 1,
        shred: SecretId::of_shred(VAULT, &shred),
        next_shred: None,
    };
    let wrapping = wrapping_key(VAULT, &vault_key);
    let mut header = Header::make(VAULT, belonging, &wrapping, &key(5)).unwrap();
    let operator = Slotted {
        kind: SlotKind::Operator,
        name: "Ada",
        passphrase: WORDS,
        device: &device,
        cost: Cost::for_tests(),
    };
    let config = config_key(VAULT, &vault_key);
    let id = SlotId([7; 16]);
    header.slots.push(operator.slot(id, VAULT, &vault_key, &config).unwrap());
    let sealed = Recovered { vault_key: vault_key.twin(), shreds: vec![(1, shred)] };
    let to = identity.recipient();
    header.slots.push(Slot::for_recovery(SlotId([8; 16]), VAULT, &to, &sealed).unwrap());
    let bytes = header.encode(&header_key(VAULT, &vault_key)).unwrap();
    let verified = |header: &Header, vault_key: &Key| -> Option<Vec<u8>> {
        header.verify(&header_key(header.vault, vault_key)).ok()?;
        Some(header.page_key(&wrapping_key(header.vault, vault_key)).ok()?.bytes().to_vec())
    };
    let by_passphrase = move |b: &[u8]| {
        let header = decoded(b)?;
        let (_, vault_key) = header.unlock(WORDS, &key(3)).ok()?;
        verified(&header, &vault_key)
    };
    let by_recovery = move |b: &[u8]| {
        let header = decoded(b)?;
        verified(&header, &header.recover(&identity).ok()?.vault_key)
    };
    [
        Sealed { name: "header", bytes: bytes.clone(), open: Box::new(by_passphrase) },
        Sealed { name: "header, recovered", bytes, open: Box::new(by_recovery) },
    ]
}

/// A header whose checksum was put right by whoever edited it.
fn decoded(bytes: &[u8]) -> Option<Header> {
    let checked = &bytes[..bytes.len().checked_sub(32)?];
    let checksum = <sha2::Sha256 as sha2::Digest>::digest(checked);
    Header::decode(&[checked, checksum.as_slice()].concat()).ok()
}

fn everything() -> Vec<Sealed> {
    let mut all = vec![wrapped_key(), sealed_photo(0), sealed_photo(100), sealed_photo(66_000)];
    all.extend([0, 10, 300].map(sealed_record));
    all.extend(headers());
    all
}

#[test]
fn every_byte_of_a_hundred_records_and_photos_counts() {
    let mut flips = 0;
    for n in 0..100 {
        for sealed in [sealed_record(n * 7), sealed_photo(n * 11)] {
            assert!(sealed.opens(&sealed.bytes));
            for place in 0..sealed.bytes.len() {
                let mut changed = sealed.bytes.clone();
                changed[place] ^= 1 << (place % 8);
                assert!(!sealed.opens(&changed), "{} of {n}, byte {place}", sealed.name);
                flips += 1;
            }
        }
    }
    println!("{flips} flips");
    assert!(flips > 100_000);
}

#[test]
fn what_is_cut_anywhere_does_not_open() {
    for sealed in everything() {
        assert!(sealed.opens(&sealed.bytes), "{}", sealed.name);
        let step = (sealed.bytes.len() / 700).max(1);
        for length in (0..sealed.bytes.len() - 32).step_by(step) {
            assert!(!sealed.opens(&sealed.bytes[..length]), "{} cut at {length}", sealed.name);
            let rest = &sealed.bytes[length + 1..];
            assert!(!sealed.opens(rest), "{} without its first {}", sealed.name, length + 1);
        }
    }
}

/// One change of the kinds that people, disks and attackers make.
fn mutated(bytes: &[u8], other: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut draw = |end: usize| usize::try_from(chance.below(end.max(1) as u64)).unwrap();
    let mut changed = bytes.to_vec();
    let (at, length) = (draw(bytes.len()), 1 + draw(40));
    let end = (at + length).min(bytes.len());
    match draw(7) {
        0 => changed[at] ^= 1 << draw(8),
        1 => changed[at..end].iter_mut().for_each(|b| *b = u8::try_from(draw(256)).unwrap()),
        2 => drop(changed.drain(at..end)),
        3 => drop(changed.splice(at..at, bytes[at..end].to_vec())),
        4 => changed.truncate(at),
        5 => {
            let from = draw(bytes.len() - (end - at) + 1);
            changed.copy_within(from..from + (end - at), at);
        }
        _ => {
            let from = draw(other.len());
            let piece = &other[from..(from + length).min(other.len())];
            let to = (at + piece.len()).min(changed.len());
            drop(changed.splice(at..to, piece.iter().copied()));
        }
    }
    changed
}

fn mutate(mutations: u64) {
    let seed = asked("SATCHEL_SEED", SEED);
    let all = everything();
    let mut chance = chance(seed);
    let (mut same, mut refused) = (0, 0);
    for n in 0..mutations {
        let sealed = &all[usize::try_from(chance.below(all.len() as u64)).unwrap()];
        let other = &all[usize::try_from(chance.below(all.len() as u64)).unwrap()];
        let mut changed = sealed.bytes.clone();
        for _ in 0..=chance.below(3) {
            if !changed.is_empty() {
                changed = mutated(&changed, &other.bytes, &mut chance);
            }
        }
        // The checksum of a header protects from nobody, and is put right here.
        let counts = if sealed.name.starts_with("header") { 32 } else { 0 };
        let heart = |b: &[u8]| b[..b.len().saturating_sub(counts)].to_vec();
        if heart(&changed) == heart(&sealed.bytes) {
            same += 1;
            continue;
        }
        assert!(!sealed.opens(&changed), "seed {seed}, mutation {n} of a {} opened", sealed.name);
        refused += 1;
    }
    println!("seed {seed}: {refused} mutations refused, {same} changed nothing");
    assert!(refused > mutations / 2);
}

#[test]
fn random_mutations_are_all_found() {
    mutate(asked("SATCHEL_MUTATIONS", MUTATIONS));
}

#[test]
#[ignore = "a million of them: minutes"]
fn a_million_random_mutations_are_all_found() {
    mutate(1_000_000);
}
