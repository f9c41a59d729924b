//! `vault.header`: who can open the vault, and how. The layout is in `docs/formats.md`.

use std::io;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::bytes::Reader;
use crate::fault::VaultFault;
use crate::folder::{self, Files};
use crate::keys::{Key, Keyring, VaultId, WRAPPED_BYTES, fill_random};
use crate::passphrase::{self, Cost};
use crate::policy::{HEADER_BYTES_MAX, SLOTS_MAX};

const MAGIC: &[u8; 8] = b"SATCHELV";
const VERSION: u16 = 1;
const DIGEST_BYTES: usize = 32;
const KIND_OPERATOR: u8 = 1;

/// A header as it is read.
#[derive(Debug)]
pub(crate) struct Header {
    pub(crate) vault: VaultId,
    /// The page key of `vault.db`, wrapped.
    page_key: [u8; WRAPPED_BYTES],
    slots: Vec<Slot>,
    /// The tag as it was read, and what it covers.
    tag: [u8; DIGEST_BYTES],
    covered: Vec<u8>,
}

/// One way to the vault key.
#[derive(Debug)]
struct Slot {
    kind: u8,
    id: [u8; 16],
    body: Vec<u8>,
}

/// The body of an operator's slot.
struct PassphraseSlot {
    cost: Cost,
    salt: [u8; 16],
    wrapped: [u8; WRAPPED_BYTES],
}

impl Header {
    /// A header with one operator's slot. `keyring` comes from `vault_key`.
    pub(crate) fn make(
        keyring: &Keyring,
        vault_key: &Key,
        page_key: &Key,
        operator: Slotted<'_>,
    ) -> Result<Vec<u8>, VaultFault> {
        let wrapped = keyring.wrapping.wrap(page_key, &page_key_aad(keyring.vault))?;
        let slot = operator.slot(keyring.vault, vault_key)?;
        Ok(encode(keyring, &wrapped, &[slot]))
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

    fn decode(bytes: &[u8]) -> Result<Header, VaultFault> {
        let mut reader = Reader::new(bytes);
        if reader.array() != Some(*MAGIC) {
            return Err(VaultFault::NotAVault);
        }
        match reader.u16() {
            Some(VERSION) => {}
            Some(newer) if newer > VERSION => return Err(VaultFault::NewerVersion),
            Some(_) | None => return Err(DAMAGED),
        }
        let (checked, checksum) = bytes.split_last_chunk::<DIGEST_BYTES>().ok_or(DAMAGED)?;
        if Sha256::digest(checked).as_slice() != checksum {
            return Err(DAMAGED);
        }
        let (covered, tag) = checked.split_last_chunk::<DIGEST_BYTES>().ok_or(DAMAGED)?;
        let mut reader = Reader::new(covered);
        reader.take(MAGIC.len() + 2).ok_or(DAMAGED)?;
        Self::decode_body(&mut reader, covered, *tag).ok_or(DAMAGED)
    }

    fn decode_body(reader: &mut Reader<'_>, covered: &[u8], tag: [u8; 32]) -> Option<Header> {
        let vault = VaultId(reader.array()?);
        let page_key = reader.array()?;
        let count = usize::from(reader.u16()?);
        if count > SLOTS_MAX {
            return None;
        }
        let mut slots = Vec::with_capacity(count);
        for _ in 0..count {
            let (kind, id, length) = (reader.u8()?, reader.array()?, reader.u16()?);
            slots.push(Slot { kind, id, body: reader.take(usize::from(length))?.to_vec() });
        }
        let ends = reader.rest().is_empty();
        ends.then(|| Header { vault, page_key, slots, tag, covered: covered.to_vec() })
    }

    /// Tries the passphrase on every operator's slot.
    pub(crate) fn unlock(&self, passphrase: &str, device: &Key) -> Result<Key, VaultFault> {
        let mut refused = VaultFault::WrongPassphrase;
        for slot in self.slots.iter().filter(|s| s.kind == KIND_OPERATOR) {
            match slot.open(self.vault, passphrase, device) {
                Ok(Some(vault_key)) => return Ok(vault_key),
                Ok(None) => {}
                Err(fault) => refused = fault,
            }
        }
        Err(refused)
    }

    /// Whether the header is as the vault key's holder wrote it.
    pub(crate) fn verify(&self, keyring: &Keyring) -> Result<(), VaultFault> {
        if keyring.header.authenticates(&self.covered, &self.tag) { Ok(()) } else { Err(DAMAGED) }
    }

    /// The page key of `vault.db`.
    pub(crate) fn page_key(&self, keyring: &Keyring) -> Result<Key, VaultFault> {
        keyring.wrapping.unwrap(&self.page_key, &page_key_aad(self.vault)).ok_or(DAMAGED)
    }
}

const DAMAGED: VaultFault = VaultFault::Damaged("vault.header");

/// What an operator's slot is made from.
pub(crate) struct Slotted<'a> {
    pub(crate) passphrase: &'a str,
    pub(crate) device: &'a Key,
    pub(crate) cost: Cost,
}

impl Slotted<'_> {
    fn slot(&self, vault: VaultId, vault_key: &Key) -> Result<Slot, VaultFault> {
        let (mut id, mut salt) = ([0; 16], [0; 16]);
        fill_random(&mut id)?;
        fill_random(&mut salt)?;
        let kek = slot_key(vault, &id, self.passphrase, self.device, &salt, self.cost)?;
        let mut slot = Slot { kind: KIND_OPERATOR, id, body: Vec::new() };
        let mut body = Vec::with_capacity(28 + WRAPPED_BYTES);
        for number in [self.cost.memory_kib, self.cost.passes, self.cost.lanes] {
            body.extend_from_slice(&number.to_be_bytes());
        }
        body.extend_from_slice(&salt);
        let wrapped = kek.wrap(vault_key, &slot.aad(vault, &body))?;
        body.extend_from_slice(&wrapped);
        slot.body = body;
        Ok(slot)
    }
}

impl Slot {
    fn open(
        &self,
        vault: VaultId,
        passphrase: &str,
        device: &Key,
    ) -> Result<Option<Key>, VaultFault> {
        let parsed = self.parse().ok_or(DAMAGED)?;
        let kek = slot_key(vault, &self.id, passphrase, device, &parsed.salt, parsed.cost)?;
        let fields = self.body.get(..28).ok_or(DAMAGED)?;
        Ok(kek.unwrap(&parsed.wrapped, &self.aad(vault, fields)))
    }

    fn parse(&self) -> Option<PassphraseSlot> {
        let mut reader = Reader::new(&self.body);
        let cost = Cost { memory_kib: reader.u32()?, passes: reader.u32()?, lanes: reader.u32()? };
        let (salt, wrapped) = (reader.array()?, reader.array()?);
        reader.rest().is_empty().then_some(PassphraseSlot { cost, salt, wrapped })
    }

    /// Vault id and the slot's own fields before the wrapped key.
    fn aad(&self, vault: VaultId, fields: &[u8]) -> Vec<u8> {
        let mut aad = b"satchel/slot".to_vec();
        aad.extend_from_slice(&VERSION.to_be_bytes());
        aad.extend_from_slice(&vault.0);
        aad.push(self.kind);
        aad.extend_from_slice(&self.id);
        aad.extend_from_slice(fields);
        aad
    }
}

/// `KEK = HKDF-SHA256(S ‖ DS, salt = vault id, info = "satchel/kek/" ‖ slot id)`.
fn slot_key(
    vault: VaultId,
    slot: &[u8; 16],
    passphrase: &str,
    device: &Key,
    salt: &[u8; 16],
    cost: Cost,
) -> Result<Key, VaultFault> {
    let hashed = passphrase::hash(passphrase, salt, cost)?;
    let mut info = b"satchel/kek/".to_vec();
    info.extend_from_slice(slot);
    Ok(Key::derive(&[&hashed, device], &vault.0, &info))
}

fn page_key_aad(vault: VaultId) -> Vec<u8> {
    [b"satchel/page-key".as_slice(), &VERSION.to_be_bytes(), &vault.0].concat()
}

fn encode(keyring: &Keyring, page_key: &[u8; WRAPPED_BYTES], slots: &[Slot]) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend_from_slice(&VERSION.to_be_bytes());
    bytes.extend_from_slice(&keyring.vault.0);
    bytes.extend_from_slice(page_key);
    bytes.extend_from_slice(&u16::try_from(slots.len()).unwrap_or(u16::MAX).to_be_bytes());
    for slot in slots {
        bytes.push(slot.kind);
        bytes.extend_from_slice(&slot.id);
        bytes.extend_from_slice(&u16::try_from(slot.body.len()).unwrap_or(u16::MAX).to_be_bytes());
        bytes.extend_from_slice(&slot.body);
    }
    let tag = keyring.header.authenticate(&bytes);
    bytes.extend_from_slice(&tag);
    let checksum = Sha256::digest(&bytes);
    bytes.extend_from_slice(checksum.as_slice());
    bytes
}

/// Puts a header in place.
pub(crate) fn write(files: &dyn Files, path: &Path, bytes: &[u8]) -> Result<(), VaultFault> {
    Ok(folder::write_atomically(files, path, bytes)?)
}

#[cfg(test)]
#[path = "header_tests.rs"]
mod tests;
