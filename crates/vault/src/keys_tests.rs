#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};

use super::*;

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> =
        text.chars().filter_map(|c| c.to_digit(16)).map(|d| u8::try_from(d).unwrap()).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect()
}

#[test]
fn hkdf_gives_the_bytes_of_rfc_5869_case_1() {
    let salt = hex("000102030405060708090a0b0c");
    let info = hex("f0f1f2f3f4f5f6f7f8f9");
    let mut output = [0; 42];
    Hkdf::<Sha256>::new(Some(&salt), &[0x0b; 22]).expand(&info, &mut output).unwrap();
    let expected =
        hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
    assert_eq!(output.to_vec(), expected);
}

#[test]
fn a_derived_key_is_hkdf_over_the_joined_secrets() {
    let (first, second) =
        (Key::from_slice(&[0x0b; 32]).unwrap(), Key::from_slice(&[0x0c; 32]).unwrap());
    let salt: Vec<u8> = (0..16).collect();
    let derived = Key::derive(&[&first, &second], &salt, b"satchel/row");
    let expected = hex("863d297df8bcb3c6e5bb6728264b955a457216e8af0328f62ee42ac8570e204a");
    assert_eq!(derived.bytes().to_vec(), expected);
}

#[test]
fn a_message_is_authenticated_with_hmac_sha256() {
    let key = Key::from_slice(&[0x0b; 32]).unwrap();
    let expected = hex("a1e9c80daec470697eda35363084a856fea8d5d61fc2e90a9bb1199fcc1b3d52");
    assert_eq!(key.authenticate(b"what is authenticated").to_vec(), expected);
    assert!(key.authenticates(b"what is authenticated", &expected));
    assert!(!key.authenticates(b"what is authenticateD", &expected));
    assert!(!key.authenticates(b"what is authenticated", &expected[..31]));
}

#[test]
fn the_cipher_gives_the_bytes_of_the_xchacha_draft() {
    let key: Vec<u8> = (0x80..=0x9f).collect();
    let nonce: [u8; 24] = (0x40..=0x57).collect::<Vec<u8>>().try_into().unwrap();
    let aad = hex("50515253c0c1c2c3c4c5c6c7");
    let msg = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for \
                the future, sunscreen would be it.";
    let expected = hex("
        bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb
        731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452
        2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9
        21f9664c97637da9768812f615c68b13b52e
        c0875924c1c7987947deafd8780acf49");
    let cipher = XChaCha20Poly1305::new_from_slice(&key).unwrap();
    let sealed = cipher.encrypt(&nonce.into(), Payload { msg, aad: &aad }).unwrap();
    assert_eq!(sealed, expected);
}

#[test]
fn a_wrapped_key_opens_with_the_same_key_and_the_same_words() {
    let (outer, inner) = (Key::draw().unwrap(), Key::draw().unwrap());
    let wrapped = outer.wrap(&inner, b"slot 1").unwrap();
    assert_eq!(outer.unwrap(&wrapped, b"slot 1").unwrap().bytes(), inner.bytes());
    assert!(outer.unwrap(&wrapped, b"slot 2").is_none());
    assert!(Key::draw().unwrap().unwrap(&wrapped, b"slot 1").is_none());
}

#[test]
fn a_wrapped_key_with_any_bit_changed_does_not_open() {
    let (outer, inner) = (Key::draw().unwrap(), Key::draw().unwrap());
    let wrapped = outer.wrap(&inner, b"slot 1").unwrap();
    for place in 0..wrapped.len() * 8 {
        let mut changed = wrapped;
        changed[place / 8] ^= 1 << (place % 8);
        assert!(outer.unwrap(&changed, b"slot 1").is_none(), "bit {place}");
    }
    assert!(outer.unwrap(&wrapped[..71], b"slot 1").is_none());
}

#[test]
fn all_keys_of_a_vault_differ() {
    let (vault_key, shred_key) = (Key::draw().unwrap(), Key::draw().unwrap());
    let vault = VaultId([1; 16]);
    let keys = Keyring::derive(vault, &vault_key, RowKey::derive(vault, &vault_key, 1, &shred_key));
    let (wrapping, header) = (wrapping_key(vault, &vault_key), header_key(vault, &vault_key));
    let all = [&wrapping, &keys.index, &keys.log, &keys.config, &keys.row.key, &header];
    let distinct: std::collections::BTreeSet<_> = all.iter().map(|k| *k.bytes()).collect();
    assert_eq!(distinct.len(), all.len());
}

#[test]
fn a_new_shred_key_makes_another_row_key() {
    let vault_key = Key::draw().unwrap();
    let row = || RowKey::derive(VaultId([1; 16]), &vault_key, 1, &Key::draw().unwrap());
    assert_ne!(row().key.bytes(), row().key.bytes());
}

#[test]
fn debug_output_of_a_key_shows_none_of_it() {
    assert_eq!(format!("{:?}", Key::from_slice(&[7; 32]).unwrap()), "Key(32 bytes)");
}
