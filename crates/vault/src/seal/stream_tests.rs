#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use super::*;

const PHOTO: &str = "00112233445566778899aabbccddeeff";
const PICTURE: Picture<'static> =
    Picture { vault: VaultId([1; 16]), photo: PHOTO, rendition: Rendition::Upload };
const SEALED_CHUNK: usize = CHUNK_BYTES + TAG_BYTES;

fn key() -> Key {
    Key::from_slice(&[7; 32]).unwrap()
}

fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|n| (n % 253) as u8).collect()
}

#[test]
fn a_photo_of_any_number_of_chunks_opens() {
    for length in [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES] {
        let sealed = seal(&key(), PICTURE, &bytes(length)).unwrap();
        let chunks = length.div_ceil(CHUNK_BYTES).max(1);
        assert_eq!(sealed.len(), HEADER_BYTES + length + chunks * TAG_BYTES);
        assert!(*open(&key(), PICTURE, &sealed).unwrap() == bytes(length), "{length} bytes");
    }
}

#[test]
fn a_photo_opens_as_itself_alone() {
    let sealed = seal(&key(), PICTURE, &bytes(100)).unwrap();
    let others = [
        Picture { vault: VaultId([2; 16]), ..PICTURE },
        Picture { photo: "ffeeddccbbaa99887766554433221100", ..PICTURE },
        Picture { rendition: Rendition::Preview, ..PICTURE },
    ];
    for other in others {
        assert_eq!(open(&key(), other, &sealed).unwrap_err(), Unopened);
    }
    assert!(open(&Key::from_slice(&[8; 32]).unwrap(), PICTURE, &sealed).is_err());
}

#[test]
fn a_photo_with_any_byte_changed_does_not_open() {
    let sealed = seal(&key(), PICTURE, &bytes(2 * CHUNK_BYTES + 7)).unwrap();
    let body = (HEADER_BYTES..sealed.len()).step_by(997);
    let ends = sealed.len() - TAG_BYTES - 7..sealed.len();
    for place in (0..HEADER_BYTES).chain(body).chain(ends) {
        let mut changed = sealed.clone();
        changed[place] ^= 0x20;
        assert!(open(&key(), PICTURE, &changed).is_err(), "byte {place}");
    }
}

#[test]
fn chunks_cannot_be_exchanged_repeated_or_cut_off() {
    let sealed = seal(&key(), PICTURE, &bytes(3 * CHUNK_BYTES)).unwrap();
    let (head, body) = sealed.split_at(HEADER_BYTES);
    let chunks: Vec<_> = body.chunks(SEALED_CHUNK).collect();
    let orders: [&[usize]; 5] = [&[1, 0, 2], &[0, 0, 2], &[0, 1], &[2], &[0, 1, 2, 2]];
    for order in orders {
        let mut changed = head.to_vec();
        order.iter().for_each(|n| changed.extend_from_slice(chunks[*n]));
        assert!(open(&key(), PICTURE, &changed).is_err(), "{order:?}");
    }
}

#[test]
fn a_shortened_photo_with_a_matching_length_does_not_open() {
    let sealed = seal(&key(), PICTURE, &bytes(2 * CHUNK_BYTES)).unwrap();
    let mut changed = sealed[..HEADER_BYTES + SEALED_CHUNK].to_vec();
    let length = HEADER_BYTES - PREFIX_BYTES - 8;
    changed[length..length + 8].copy_from_slice(&(CHUNK_BYTES as u64).to_be_bytes());
    assert!(open(&key(), PICTURE, &changed).is_err());
}

#[test]
fn a_length_beyond_reason_is_refused() {
    let mut sealed = seal(&key(), PICTURE, &bytes(10)).unwrap();
    let length = HEADER_BYTES - PREFIX_BYTES - 8;
    sealed[length..length + 8].copy_from_slice(&u64::MAX.to_be_bytes());
    assert!(open(&key(), PICTURE, &sealed).is_err());
    for length in 0..HEADER_BYTES + 1 {
        assert!(open(&key(), PICTURE, &sealed[..length]).is_err());
    }
}

#[test]
fn a_chunk_opens_with_the_cipher_of_the_written_format() {
    let sealed = seal(&key(), PICTURE, &bytes(CHUNK_BYTES + 5)).unwrap();
    let aad = Sha256::digest(&sealed[..HEADER_BYTES]);
    let mut nonce = sealed[HEADER_BYTES - PREFIX_BYTES..HEADER_BYTES].to_vec();
    nonce.extend_from_slice(&[0, 0, 0, 1, 1]);
    let nonce: [u8; 24] = nonce.try_into().unwrap();
    let mut last = sealed[HEADER_BYTES + SEALED_CHUNK..].to_vec();
    key().cipher().decrypt_in_place(&nonce.into(), &aad, &mut last).unwrap();
    assert_eq!(last, bytes(CHUNK_BYTES + 5)[CHUNK_BYTES..]);
}
