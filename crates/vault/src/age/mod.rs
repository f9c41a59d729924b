//! Files of the age format (age-encryption.org/v1) for X25519 recipients: what the recovery slot
//! is, so that the plain `age` program opens it too.

mod head;
mod keys;

use chacha20poly1305::{AeadInOut, ChaCha20Poly1305, KeyInit};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

pub use keys::{Identity, Recipient};

use crate::fault::VaultFault;
use crate::keys::fill_random;

const NONCE_BYTES: usize = 16;
const CHUNK_BYTES: usize = 64 * 1024;
const TAG_BYTES: usize = 16;
const FILE_KEY_BYTES: usize = 16;

/// The key of one file.
type FileKey = Zeroizing<[u8; FILE_KEY_BYTES]>;

/// Why a file did not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unopened {
    /// It is not such a file, or not the one that was written.
    Damaged,
    /// It is sealed to others.
    NotForUs,
}

/// Seals `plain` so that each of the recipients opens it.
pub(crate) fn seal(to: &[Recipient], plain: &[u8]) -> Result<Vec<u8>, VaultFault> {
    let mut file_key = FileKey::default();
    fill_random(file_key.as_mut_slice())?;
    let mut sealed = head::write(to, &file_key)?;
    let mut nonce = [0; NONCE_BYTES];
    fill_random(&mut nonce)?;
    sealed.extend_from_slice(&nonce);
    let cipher = payload_cipher(&file_key, &nonce);
    let chunks = plain.len().div_ceil(CHUNK_BYTES).max(1);
    let empty: Option<&[u8]> = plain.is_empty().then_some(&[]);
    for (number, chunk) in plain.chunks(CHUNK_BYTES).chain(empty).enumerate() {
        let mut text = Zeroizing::new(chunk.to_vec());
        let nonce = chunk_nonce(number, number + 1 == chunks);
        let tag = cipher
            .encrypt_inout_detached(&nonce.into(), &[], text.as_mut_slice().into())
            .map_err(|_| VaultFault::Damaged("a file could not be sealed"))?;
        sealed.extend_from_slice(&text);
        sealed.extend_from_slice(&tag);
    }
    Ok(sealed)
}

/// Opens what [`seal`], or any program of the format, sealed to `identity`.
pub(crate) fn open(identity: &Identity, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, Unopened> {
    let (file_key, payload) = head::read(identity, sealed)?;
    let (nonce, body) = payload.split_first_chunk::<NONCE_BYTES>().ok_or(Unopened::Damaged)?;
    let cipher = payload_cipher(&file_key, nonce);
    let chunks = body.len().div_ceil(CHUNK_BYTES + TAG_BYTES);
    let mut plain = Zeroizing::new(Vec::with_capacity(body.len()));
    for (number, chunk) in body.chunks(CHUNK_BYTES + TAG_BYTES).enumerate() {
        let (text, tag) = chunk.split_last_chunk::<TAG_BYTES>().ok_or(Unopened::Damaged)?;
        if text.is_empty() && number > 0 {
            return Err(Unopened::Damaged);
        }
        let start = plain.len();
        plain.extend_from_slice(text);
        let opened = plain.get_mut(start..).ok_or(Unopened::Damaged)?;
        let nonce = chunk_nonce(number, number + 1 == chunks);
        cipher
            .decrypt_inout_detached(&nonce.into(), &[], opened.into(), tag.into())
            .map_err(|_| Unopened::Damaged)?;
    }
    if chunks == 0 { Err(Unopened::Damaged) } else { Ok(plain) }
}

fn payload_cipher(file_key: &FileKey, nonce: &[u8; NONCE_BYTES]) -> ChaCha20Poly1305 {
    let key = derive(file_key.as_slice(), nonce, b"payload");
    ChaCha20Poly1305::new((&*key).into())
}

/// Counter (11 bytes), last flag.
fn chunk_nonce(number: usize, last: bool) -> [u8; 12] {
    let mut nonce = [0; 12];
    let counter = (number as u64).to_be_bytes();
    nonce.iter_mut().skip(3).zip(counter).for_each(|(to, from)| *to = from);
    if let Some(flag) = nonce.last_mut() {
        *flag = u8::from(last);
    }
    nonce
}

fn derive(secret: &[u8], salt: &[u8], info: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    let expanded = Hkdf::<Sha256>::new(Some(salt), secret).expand(info, key.as_mut_slice());
    debug_assert!(expanded.is_ok(), "32 bytes are within HKDF's limit");
    key
}

#[cfg(test)]
#[path = "../age_tests.rs"]
mod tests;
