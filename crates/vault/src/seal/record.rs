//! The sealed record: JSON of a domain type, padded, encrypted, and bound to its place.

use chacha20poly1305::AeadInOut;
use zeroize::Zeroizing;

use super::Unopened;
use crate::bytes::{Reader, put_field};
use crate::fault::VaultFault;
use crate::keys::{Key, NONCE_BYTES, VaultId, fill_random, nonce_of};
use crate::policy::RECORD_PADDING_BYTES;

const MAGIC: &[u8; 4] = b"SREC";
const VERSION: u8 = 1;
const XCHACHA20_POLY1305: u8 = 1;
const HEAD_BYTES: usize = 8;

/// The schema of log entries and accounts that are sealed under a key of their own, so that they
/// can be forgotten; those of schema 1 are under a key of the whole vault.
pub(crate) const SCHEMA_OWN_KEY: u16 = 2;

const TAG_BYTES: usize = 16;

/// Which fields of a row are sealed together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    Connection,
    Account,
    Setting,
    Draft,
    Submission,
    Details,
    National,
    Log,
    /// Whose slot of the header it is.
    SlotName,
    Entry,
    OwnAccount,
    Audit,
}

impl Group {
    /// The number in the additional data and in the column `field_group`.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Connection => 1,
            Self::Account => 2,
            Self::Setting => 3,
            Self::Draft => 4,
            Self::Submission => 5,
            Self::Details => 6,
            Self::National => 7,
            Self::Log => 8,
            Self::SlotName => 11,
            Self::Entry => 9,
            Self::OwnAccount => 10,
            Self::Audit => 12,
        }
    }

    fn table(self) -> &'static str {
        match self {
            Self::Connection => "connections",
            Self::Account | Self::OwnAccount => "accounts",
            Self::Setting => "settings",
            Self::Draft => "drafts",
            Self::Submission => "submissions",
            Self::Details | Self::National => "answers",
            Self::Log | Self::Entry => "log",
            Self::Audit => "audit",
            Self::SlotName => "slots",
        }
    }

    /// Version of the JSON inside.
    fn schema(self) -> u16 {
        match self {
            Self::Connection
            | Self::Account
            | Self::Setting
            | Self::Draft
            | Self::Submission
            | Self::Details
            | Self::National
            | Self::Log
            | Self::SlotName
            | Self::Audit => 1,
            Self::Entry | Self::OwnAccount => SCHEMA_OWN_KEY,
        }
    }
}

/// The schema that the head of a record names; `None` for what is no record.
pub(crate) fn schema_of(sealed: &[u8]) -> Option<u16> {
    let mut reader = Reader::new(sealed);
    let known = reader.array() == Some(*MAGIC)
        && reader.u8() == Some(VERSION)
        && reader.u8() == Some(XCHACHA20_POLY1305);
    reader.u16().filter(|_| known)
}

/// Where a record belongs. It opens nowhere else.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place<'a> {
    pub(crate) vault: VaultId,
    pub(crate) group: Group,
    pub(crate) row: &'a str,
    pub(crate) version: u64,
}

impl Place<'_> {
    fn aad(&self, head: &[u8]) -> Vec<u8> {
        let mut aad = head.to_vec();
        aad.extend_from_slice(&self.vault.0);
        put_field(&mut aad, self.group.table().as_bytes());
        put_field(&mut aad, self.row.as_bytes());
        aad.push(self.group.number());
        aad.extend_from_slice(&self.version.to_be_bytes());
        aad
    }
}

/// Seals `plain` for one place.
pub(crate) fn seal(key: &Key, place: Place<'_>, plain: &[u8]) -> Result<Vec<u8>, VaultFault> {
    let mut body = padded(plain)?;
    let mut sealed = Vec::with_capacity(HEAD_BYTES + NONCE_BYTES + body.len() + TAG_BYTES);
    sealed.extend_from_slice(MAGIC);
    sealed.extend_from_slice(&[VERSION, XCHACHA20_POLY1305]);
    sealed.extend_from_slice(&place.group.schema().to_be_bytes());
    let aad = place.aad(&sealed);
    let mut nonce = [0; NONCE_BYTES];
    fill_random(&mut nonce)?;
    let tag = key
        .cipher()
        .encrypt_inout_detached(&nonce.into(), &aad, body.as_mut_slice().into())
        .map_err(|_| VaultFault::Damaged("a record could not be sealed"))?;
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(&body);
    sealed.extend_from_slice(&tag);
    Ok(sealed)
}

/// Opens what [`seal`] made for the same place.
pub(crate) fn open(
    key: &Key,
    place: Place<'_>,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Unopened> {
    let (head, rest) = sealed.split_at_checked(HEAD_BYTES).ok_or(Unopened)?;
    check_head(head, place.group).ok_or(Unopened)?;
    let (nonce, rest) = rest.split_at_checked(NONCE_BYTES).ok_or(Unopened)?;
    let (text, tag) = rest.split_last_chunk::<TAG_BYTES>().ok_or(Unopened)?;
    let mut body = Zeroizing::new(text.to_vec());
    key.cipher()
        .decrypt_inout_detached(
            &nonce_of(nonce),
            &place.aad(head),
            body.as_mut_slice().into(),
            tag.into(),
        )
        .map_err(|_| Unopened)?;
    let mut reader = Reader::new(&body);
    let length = reader.u32().and_then(|n| usize::try_from(n).ok()).ok_or(Unopened)?;
    reader.take(length).map(|plain| Zeroizing::new(plain.to_vec())).ok_or(Unopened)
}

fn check_head(head: &[u8], group: Group) -> Option<()> {
    (schema_of(head) == Some(group.schema())).then_some(())
}

/// Length, content, zeros.
fn padded(plain: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultFault> {
    let length = u32::try_from(plain.len())
        .map_err(|_| VaultFault::Damaged("a record is too large to be sealed"))?;
    let whole = (4 + plain.len()).next_multiple_of(RECORD_PADDING_BYTES);
    let mut body = Zeroizing::new(Vec::with_capacity(whole));
    body.extend_from_slice(&length.to_be_bytes());
    body.extend_from_slice(plain);
    body.resize(whole, 0);
    Ok(body)
}

#[cfg(test)]
#[path = "record_tests.rs"]
mod tests;
