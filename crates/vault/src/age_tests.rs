#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use base64::Engine;

use super::*;

/// Key of the format's own documentation, read by every program of it.
const IDENTITY: &str = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX";
const RECIPIENT: &str = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";

#[test]
fn keys_are_written_as_other_programs_write_them() {
    let identity = Identity::parse(IDENTITY).unwrap();
    assert_eq!(identity.reveal().as_str(), IDENTITY);
    assert_eq!(identity.recipient().to_string(), RECIPIENT);
    assert_eq!(Recipient::parse(RECIPIENT).unwrap(), identity.recipient());
}

#[test]
fn a_key_is_read_as_a_person_types_it() {
    let spaced: String = IDENTITY
        .chars()
        .enumerate()
        .flat_map(|(n, c)| [(n % 4 == 0).then_some(' '), Some(c)])
        .flatten()
        .collect();
    let of_a_file = format!("# created: 2026-11-29\n# public key: {RECIPIENT}\n{IDENTITY}\n");
    for text in [spaced, IDENTITY.to_lowercase(), format!("\n {IDENTITY} \r\n"), of_a_file] {
        let read = Identity::parse(&text).unwrap();
        assert_eq!(read.reveal().as_str(), IDENTITY, "{text}");
    }
}

#[test]
fn a_mistyped_key_is_refused() {
    for place in 0..IDENTITY.len() {
        let mut typed: Vec<char> = IDENTITY.chars().collect();
        typed[place] = if typed[place] == 'Q' { 'P' } else { 'Q' };
        let typed: String = typed.into_iter().collect();
        assert_eq!(Identity::parse(&typed).unwrap_err().code(), "bad_recovery_key", "{typed}");
    }
    for text in ["", RECIPIENT, &IDENTITY[..73], "age1"] {
        assert_eq!(Identity::parse(text).unwrap_err().code(), "bad_recovery_key");
    }
    for text in ["", IDENTITY, &RECIPIENT[..61], "age1"] {
        assert_eq!(Recipient::parse(text).unwrap_err().code(), "bad_recovery_key");
    }
}

#[test]
fn each_recipient_opens_a_file_of_any_length_and_nobody_else() {
    let (one, other) = (Identity::draw().unwrap(), Identity::draw().unwrap());
    for length in [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES] {
        let plain = vec![7; length];
        let sealed = seal(&[one.recipient(), other.recipient()], &plain).unwrap();
        for identity in [&one, &other] {
            assert_eq!(*open(identity, &sealed).unwrap(), plain, "{length}");
        }
        assert_eq!(open(&Identity::draw().unwrap(), &sealed), Err(Unopened::NotForUs));
    }
}

#[test]
fn a_file_with_any_byte_flipped_or_cut_off_does_not_open() {
    let identity = Identity::draw().unwrap();
    let sealed = seal(&[identity.recipient()], b"keys").unwrap();
    for place in 0..sealed.len() {
        for bit in 0..8 {
            let mut changed = sealed.clone();
            changed[place] ^= 1 << bit;
            assert!(open(&identity, &changed).is_err(), "byte {place}");
        }
        assert!(open(&identity, &sealed[..place]).is_err(), "{place} bytes");
    }
    assert!(open(&identity, &[sealed.as_slice(), b"more"].concat()).is_err());
}

/// One published vector.
struct Vector<'a> {
    name: &'a str,
    expect: &'a str,
    payload: &'a str,
    identities: Vec<&'a str>,
    file: Vec<u8>,
}

fn vectors() -> Vec<Vector<'static>> {
    let lines = include_str!("../tests/vectors/age.txt").lines();
    lines
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let parts: Vec<&str> = line.split(' ').collect();
            let [name, expect, compressed, payload, identities, file] = parts[..] else {
                panic!("{line}")
            };
            let file = if file == "-" { "" } else { file };
            let file = base64::engine::general_purpose::STANDARD.decode(file).unwrap();
            let file = match compressed {
                "zlib" => miniz_oxide::inflate::decompress_to_vec_zlib(&file).unwrap(),
                _ => file,
            };
            let identities = identities.split(',').filter(|i| *i != "-").collect();
            Vector { name, expect, payload, identities, file }
        })
        .collect()
}

#[test]
fn the_published_vectors_pass() {
    let (mut opened, mut refused) = (0, 0);
    for vector in vectors() {
        let Vector { name, expect, payload, .. } = vector;
        // Some vectors name no identity, as they fail before one is needed.
        let identities = match vector.identities.as_slice() {
            [] => vec![IDENTITY],
            named => named.to_vec(),
        };
        let tries: Vec<_> = identities
            .iter()
            .map(|identity| open(&Identity::parse(identity).unwrap(), &vector.file))
            .collect();
        let plain = tries.iter().find_map(|t| t.as_ref().ok());
        match expect {
            "success" => {
                let hash = <sha2::Sha256 as sha2::Digest>::digest(plain.unwrap());
                let hash: String = hash.iter().map(|b| format!("{b:02x}")).collect();
                assert_eq!(hash, payload, "{name}");
                opened += 1;
            }
            "no_match" => {
                assert!(tries.iter().all(|t| *t == Err(Unopened::NotForUs)), "{name}");
                refused += 1;
            }
            _ => {
                assert!(plain.is_none(), "{name} opened");
                assert!(tries.contains(&Err(Unopened::Damaged)), "{name}");
                refused += 1;
            }
        }
    }
    assert_eq!((opened, refused), (14, 53));
}
