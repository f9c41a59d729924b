#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use argon2::{AssociatedData, ParamsBuilder};

use super::*;

const SALT: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

fn hashed(passphrase: &str) -> [u8; 32] {
    *hash(passphrase, &SALT, Cost::for_tests()).unwrap().bytes()
}

#[test]
fn argon2id_gives_the_bytes_of_rfc_9106() {
    let params = ParamsBuilder::new()
        .m_cost(32)
        .t_cost(3)
        .p_cost(4)
        .data(AssociatedData::new(&[4; 12]).unwrap())
        .build()
        .unwrap();
    let argon2 =
        Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, params).unwrap();
    let mut tag = [0; 32];
    argon2.hash_password_into(&[1; 32], &[2; 16], &mut tag).unwrap();
    let expected = [
        0x0d, 0x64, 0x0d, 0xf5, 0x8d, 0x78, 0x76, 0x6c, 0x08, 0xc0, 0x37, 0xa3, 0x4a, 0x8b, 0x53,
        0xc9, 0xd0, 0x1e, 0xf0, 0x45, 0x2d, 0x75, 0xb6, 0x5e, 0xb5, 0x25, 0x20, 0xe9, 0x6b, 0x01,
        0xe6, 0x59,
    ];
    assert_eq!(tag, expected);
}

#[test]
fn the_hash_is_what_the_reference_implementation_gives() {
    let key = hash("correct horse battery staple", &SALT, Cost::FLOOR).unwrap();
    let hex: String = key.bytes().iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(hex, "853b272a44db1421c02962669a55eb0994f3cab385ed1c4c79253eee19bab49e");
}

#[test]
fn the_same_words_in_another_unicode_form_hash_alike() {
    let composed = hashed("caf\u{e9} \u{fb01}ne \u{212b}");
    assert_eq!(composed, hashed("cafe\u{301} fine A\u{30a}"));
    assert_ne!(composed, hashed("cafe fine A"));
}

#[test]
fn another_salt_or_passphrase_hashes_otherwise() {
    let other_salt = hash("correct horse", &[9; 16], Cost::for_tests()).unwrap();
    assert_ne!(&hashed("correct horse"), other_salt.bytes());
    assert_ne!(hashed("correct horse"), hashed("correct horsf"));
}

#[test]
fn a_cost_below_the_floor_or_above_the_ceiling_is_refused() {
    let floor = Cost::FLOOR;
    let ceiling = Cost::CEILING;
    let refused = [
        Cost { memory_kib: floor.memory_kib - 1, ..floor },
        Cost { passes: floor.passes - 1, ..floor },
        Cost { lanes: floor.lanes - 1, ..floor },
        Cost { memory_kib: ceiling.memory_kib + 1, ..floor },
        Cost { passes: ceiling.passes + 1, ..floor },
        Cost { lanes: ceiling.lanes + 1, ..floor },
        Cost { memory_kib: u32::MAX, passes: u32::MAX, lanes: u32::MAX },
    ];
    for cost in refused {
        assert!(matches!(hash("words", &SALT, cost), Err(VaultFault::CostRefused)), "{cost:?}");
    }
    assert!(floor.is_accepted() && Cost::STANDARD.is_accepted() && ceiling.is_accepted());
}

#[test]
fn a_calibrated_cost_is_accepted() {
    assert_eq!(Cost::calibrated(Duration::ZERO).unwrap(), Cost::FLOOR);
    let patient = Cost::calibrated(Duration::from_secs(3600)).unwrap();
    assert_eq!(patient.memory_kib, 1024 * 1024);
    assert!(patient.is_accepted());
}

#[test]
fn short_passphrases_and_pins_are_refused() {
    let weak = |words, protection| {
        matches!(check_strength(words, protection), Err(VaultFault::WeakPassphrase { .. }))
    };
    assert!(weak("", Protection::Full));
    assert!(weak("seven77", Protection::Full));
    assert!(weak("123456789012345", Protection::Full));
    assert!(weak("eleven char", Protection::Reduced));
    assert!(!weak("eight ch", Protection::Full));
    assert!(!weak("twelve chars", Protection::Reduced));
}
