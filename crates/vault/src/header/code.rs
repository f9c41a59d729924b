//! The header's bytes.

use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::slot::Slot;
use super::{Belonging, DAMAGED, SecretId};
use crate::bytes::Reader;
use crate::device::Place;
use crate::fault::VaultFault;
use crate::folder::Files;
use crate::keys::{Key, VaultId, WRAPPED_BYTES};
use crate::policy::{HEADER_BYTES_MAX, SLOTS_MAX};

const MAGIC: &[u8; 8] = b"SATCHELV";
const VERSION: u16 = 2;
const VERSION_FIRST: u16 = 1;
/// Version of the wrapped page key, in every header so far.
const PAGE_KEY_VERSION: u16 = 1;
pub(super) const DIGEST_BYTES: usize = 32;

/// A header as it was read, or as it will be written.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    pub(crate) vault: VaultId,
    /// Which secrets belong to it; unknown in version 1.
    pub(crate) belonging: Option<Belonging>,
    /// The page key of `vault.db`, wrapped.
    pub(super) page_key: [u8; WRAPPED_BYTES],
    pub(crate) slots: Vec<Slot>,
    /// The tag as it was read, and what it covers.
    tag: [u8; DIGEST_BYTES],
    covered: Vec<u8>,
}

impl Header {
    /// A header without slots.
    pub(crate) fn make(
        vault: VaultId,
        belonging: Belonging,
        wrapping: &Key,
        page_key: &Key,
    ) -> Result<Header, VaultFault> {
        let page_key = wrapping.wrap(page_key, &page_key_aad(vault))?;
        let (tag, covered) = ([0; DIGEST_BYTES], Vec::new());
        Ok(Header { vault, belonging: Some(belonging), page_key, slots: Vec::new(), tag, covered })
    }

    /// One of the first version.
    #[cfg(test)]
    pub(crate) fn first(
        vault: VaultId,
        wrapping: &Key,
        page_key: &Key,
    ) -> Result<Header, VaultFault> {
        let page_key = wrapping.wrap(page_key, &page_key_aad(vault))?;
        let (tag, covered) = ([0; DIGEST_BYTES], Vec::new());
        Ok(Header { vault, belonging: None, page_key, slots: Vec::new(), tag, covered })
    }

    /// Reads a header and finds damage by accident; who edits it on purpose is found by
    /// [`Header::verify`].
    pub(crate) fn read(files: &dyn Files, path: &Path) -> Result<Header, VaultFault> {
        let bytes = match files.read(path, HEADER_BYTES_MAX + 1) {
            Ok(bytes) => bytes,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Err(VaultFault::NotAVault),
            Err(e) => return Err(e.into()),
        };
        Self::decode(&bytes)
    }

    pub(crate) fn decode(bytes: &[u8]) -> Result<Header, VaultFault> {
        let mut reader = Reader::new(bytes);
        if reader.array() != Some(*MAGIC) {
            return Err(VaultFault::NotAVault);
        }
        let version = match reader.u16() {
            Some(version @ (VERSION_FIRST | VERSION)) => version,
            Some(newer) if newer > VERSION => return Err(VaultFault::NewerVersion),
            Some(_) | None => return Err(DAMAGED),
        };
        let (checked, checksum) = bytes.split_last_chunk::<DIGEST_BYTES>().ok_or(DAMAGED)?;
        if Sha256::digest(checked).as_slice() != checksum {
            return Err(DAMAGED);
        }
        let (covered, tag) = checked.split_last_chunk::<DIGEST_BYTES>().ok_or(DAMAGED)?;
        let mut reader = Reader::new(covered);
        reader.take(MAGIC.len() + 2).ok_or(DAMAGED)?;
        Self::decode_body(version, &mut reader, covered, *tag).ok_or(DAMAGED)
    }

    fn decode_body(
        version: u16,
        reader: &mut Reader<'_>,
        covered: &[u8],
        tag: [u8; DIGEST_BYTES],
    ) -> Option<Header> {
        let vault = VaultId(reader.array()?);
        let belonging = match version {
            VERSION_FIRST => None,
            _ => Some(Belonging::decode(reader)?),
        };
        let page_key = reader.array()?;
        let count = usize::from(reader.u16()?);
        if count > SLOTS_MAX {
            return None;
        }
        let mut slots = Vec::with_capacity(count);
        for _ in 0..count {
            slots.push(Slot::decode(reader)?);
        }
        let covered = reader.rest().is_empty().then(|| covered.to_vec())?;
        Some(Header { vault, belonging, page_key, slots, tag, covered })
    }

    /// The bytes: in the newest version, once it is known which secrets belong to the vault.
    pub(crate) fn encode(&self, header_key: &Key) -> Result<Vec<u8>, VaultFault> {
        let version = if self.belonging.is_some() { VERSION } else { VERSION_FIRST };
        let count = u16::try_from(self.slots.len()).map_err(|_| DAMAGED)?;
        let mut bytes = MAGIC.to_vec();
        bytes.extend_from_slice(&version.to_be_bytes());
        bytes.extend_from_slice(&self.vault.0);
        if let Some(belonging) = self.belonging {
            belonging.encode(&mut bytes);
        }
        bytes.extend_from_slice(&self.page_key);
        bytes.extend_from_slice(&count.to_be_bytes());
        for slot in &self.slots {
            slot.encode(&mut bytes)?;
        }
        let tag = header_key.authenticate(&bytes);
        bytes.extend_from_slice(&tag);
        let checksum = Sha256::digest(&bytes);
        bytes.extend_from_slice(checksum.as_slice());
        Ok(bytes)
    }

    /// Whether the header is as the vault key's holder wrote it.
    pub(crate) fn verify(&self, header_key: &Key) -> Result<(), VaultFault> {
        if header_key.authenticates(&self.covered, &self.tag) { Ok(()) } else { Err(DAMAGED) }
    }

    /// The page key of `vault.db`.
    pub(crate) fn page_key(&self, wrapping: &Key) -> Result<Key, VaultFault> {
        wrapping.unwrap(&self.page_key, &page_key_aad(self.vault)).ok_or(DAMAGED)
    }
}

impl Belonging {
    fn decode(reader: &mut Reader<'_>) -> Option<Self> {
        let place = match reader.u8()? {
            1 => Place::Files,
            2 => Place::Keychain,
            _ => return None,
        };
        let (device, row) = (SecretId(reader.array()?), reader.u32()?);
        let (shred, next) = (SecretId(reader.array()?), reader.array()?);
        let next_shred = (next != [0; 16]).then_some(SecretId(next));
        Some(Self { place, device, row, shred, next_shred })
    }

    fn encode(self, out: &mut Vec<u8>) {
        out.push(match self.place {
            Place::Files => 1,
            Place::Keychain => 2,
        });
        out.extend_from_slice(&self.device.0);
        out.extend_from_slice(&self.row.to_be_bytes());
        out.extend_from_slice(&self.shred.0);
        out.extend_from_slice(&self.next_shred.map_or([0; 16], |id| id.0));
    }
}

fn page_key_aad(vault: VaultId) -> Vec<u8> {
    [b"satchel/page-key".as_slice(), &PAGE_KEY_VERSION.to_be_bytes(), &vault.0].concat()
}
