//! A sealed photo rendition: STREAM over XChaCha20-Poly1305 in chunks of 64 KiB.

use chacha20poly1305::{AeadInOut, XChaCha20Poly1305};
use satchel_core::photo::Rendition;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::Unopened;
use crate::bytes::{Reader, put_field};
use crate::fault::VaultFault;
use crate::keys::{Key, VaultId, fill_random};
use crate::policy::CHUNK_BYTES;

const MAGIC: &[u8; 4] = b"SPHO";
const VERSION: u8 = 1;
const XCHACHA20_POLY1305_STREAM: u8 = 1;
const PREFIX_BYTES: usize = 19;
const TAG_BYTES: usize = 16;
const ID_BYTES: usize = 32;
const HEADER_BYTES: usize = 4 + 3 + 1 + 16 + 4 + ID_BYTES + 4 + 8 + PREFIX_BYTES;

/// Which picture a stream holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Picture<'a> {
    pub(crate) vault: VaultId,
    pub(crate) photo: &'a str,
    pub(crate) rendition: Rendition,
}

/// The number of a rendition in the stream's header and in the column `rendition`.
pub(crate) fn rendition_number(rendition: Rendition) -> u8 {
    match rendition {
        Rendition::Evidence => 1,
        Rendition::Upload => 2,
        Rendition::Preview => 3,
    }
}

/// Seals a whole rendition.
pub(crate) fn seal(key: &Key, of: Picture<'_>, plain: &[u8]) -> Result<Vec<u8>, VaultFault> {
    let mut prefix = [0; PREFIX_BYTES];
    fill_random(&mut prefix)?;
    let header = header(of, plain.len(), &prefix);
    let aad = Sha256::digest(&header);
    let chunks = plain.len().div_ceil(CHUNK_BYTES).max(1);
    let mut sealed = Vec::with_capacity(header.len() + plain.len() + chunks * TAG_BYTES);
    sealed.extend_from_slice(&header);
    let cipher = key.cipher();
    for (number, chunk) in chunked(plain).enumerate() {
        let start = sealed.len();
        sealed.extend_from_slice(chunk);
        let nonce = nonce(&prefix, number, number + 1 == chunks).ok_or(TOO_LARGE)?;
        let text = sealed.get_mut(start..).ok_or(TOO_LARGE)?;
        let tag = cipher
            .encrypt_inout_detached(&nonce.into(), &aad, text.into())
            .map_err(|_| TOO_LARGE)?;
        sealed.extend_from_slice(&tag);
    }
    Ok(sealed)
}

const TOO_LARGE: VaultFault = VaultFault::Damaged("a photo is too large to be sealed");

/// Opens a whole rendition; returns nothing before the last chunk is verified.
pub(crate) fn open(
    key: &Key,
    of: Picture<'_>,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Unopened> {
    let (head, body) = sealed.split_at_checked(HEADER_BYTES).ok_or(Unopened)?;
    let (length, prefix) = read_header(head).ok_or(Unopened)?;
    if header(of, length, &prefix) != head {
        return Err(Unopened);
    }
    let aad = Sha256::digest(head);
    let chunks = length.div_ceil(CHUNK_BYTES).max(1);
    if body.len().checked_sub(length) != chunks.checked_mul(TAG_BYTES) {
        return Err(Unopened);
    }
    let cipher = key.cipher();
    let mut plain = Zeroizing::new(Vec::with_capacity(length));
    for (number, chunk) in body.chunks(CHUNK_BYTES + TAG_BYTES).enumerate() {
        let nonce = nonce(&prefix, number, number + 1 == chunks).ok_or(Unopened)?;
        open_chunk(&cipher, &nonce, &aad, chunk, &mut plain)?;
    }
    Ok(plain)
}

fn open_chunk(
    cipher: &XChaCha20Poly1305,
    nonce: &[u8; 24],
    aad: &[u8],
    chunk: &[u8],
    plain: &mut Vec<u8>,
) -> Result<(), Unopened> {
    let (text, tag) = chunk.split_last_chunk::<TAG_BYTES>().ok_or(Unopened)?;
    let start = plain.len();
    plain.extend_from_slice(text);
    let opened = plain.get_mut(start..).ok_or(Unopened)?;
    cipher
        .decrypt_inout_detached(nonce.into(), aad, opened.into(), tag.into())
        .map_err(|_| Unopened)
}

/// The chunks; one empty chunk for nothing.
fn chunked(plain: &[u8]) -> impl Iterator<Item = &[u8]> {
    let empty: Option<&[u8]> = plain.is_empty().then_some(&[]);
    plain.chunks(CHUNK_BYTES).chain(empty)
}

/// Prefix, counter (u32), last flag: a chunk opens in its own place alone, and none can be cut off.
fn nonce(prefix: &[u8; PREFIX_BYTES], number: usize, last: bool) -> Option<[u8; 24]> {
    let mut nonce = prefix.to_vec();
    nonce.extend_from_slice(&u32::try_from(number).ok()?.to_be_bytes());
    nonce.push(u8::from(last));
    nonce.try_into().ok()
}

fn header(of: Picture<'_>, length: usize, prefix: &[u8; PREFIX_BYTES]) -> Vec<u8> {
    let mut header = MAGIC.to_vec();
    let number = rendition_number(of.rendition);
    header.extend_from_slice(&[VERSION, XCHACHA20_POLY1305_STREAM, number, 0]);
    header.extend_from_slice(&of.vault.0);
    put_field(&mut header, of.photo.as_bytes());
    header.extend_from_slice(&u32::try_from(CHUNK_BYTES).unwrap_or(0).to_be_bytes());
    header.extend_from_slice(&u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes());
    header.extend_from_slice(prefix);
    header
}

fn read_header(head: &[u8]) -> Option<(usize, [u8; PREFIX_BYTES])> {
    let mut reader = Reader::new(head);
    reader.take(HEADER_BYTES - 8 - PREFIX_BYTES)?;
    let length = usize::try_from(reader.u64()?).ok()?;
    Some((length, reader.array()?))
}

#[cfg(test)]
#[path = "stream_tests.rs"]
mod tests;
