//! The store over both databases.

mod answers;
mod audit;
mod configuration;
mod drafts;
mod forgetting;
pub(crate) mod keys;
mod photos;
mod submissions;

use rusqlite::{Connection as Database, OptionalExtension, Transaction};
use satchel_core::account::{Account, Connection};
use satchel_core::audit::{AuditLog, Noted};
use satchel_core::clock::UnixMs;
use satchel_core::delivery::Recorded;
use satchel_core::ids::{AccountId, ConnectionId, DraftId, PhotoId, SubmissionId};
use satchel_core::onboarding::{Answers, Draft};
use satchel_core::photo::Rendition;
use satchel_core::store::{
    NewPhoto, Sealing, Store, StoreFault, Stored, StoredSubmission, SubmissionIndex,
    SubmissionRecord, Tombstone,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use crate::fault::VaultFault;
use crate::keys::Key;
use crate::seal::Unopened;
use crate::seal::record::{self, Place};
use crate::vault::OpenVault;

/// A row that does not open. It is kept as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The table it is in.
    pub table: &'static str,
    /// Its opaque id.
    pub id: String,
}

/// Why a call was refused, on its way to becoming a [`StoreFault`].
#[derive(Debug)]
pub(crate) struct Refused(StoreFault);

pub(crate) type Kept<T> = Result<T, Refused>;

impl From<rusqlite::Error> for Refused {
    fn from(error: rusqlite::Error) -> Self {
        VaultFault::from(error).into()
    }
}

impl From<VaultFault> for Refused {
    fn from(fault: VaultFault) -> Self {
        Self(match fault {
            VaultFault::DiskFull => StoreFault::DiskFull,
            VaultFault::Damaged(_) => StoreFault::Damaged,
            VaultFault::Database(code) => StoreFault::Failed(code),
            VaultFault::WrongPassphrase
            | VaultFault::WeakPassphrase { .. }
            | VaultFault::InUse
            | VaultFault::NotAVault
            | VaultFault::Exists
            | VaultFault::NewerVersion
            | VaultFault::CostRefused
            | VaultFault::DeviceSecretAbsent
            | VaultFault::Keychain(_)
            | VaultFault::KeychainLost
            | VaultFault::NoRecovery
            | VaultFault::BadRecoveryKey
            | VaultFault::WrongRecoveryKey
            | VaultFault::LastOperator
            | VaultFault::NoSuchOperator
            | VaultFault::TooManyOperators
            | VaultFault::NoRandomness
            | VaultFault::NoPageEncryption
            | VaultFault::NoMemory
            | VaultFault::Io(_) => StoreFault::Failed(fault.code().to_owned()),
        })
    }
}

impl Refused {
    /// For calls that are about the vault, not about what is in it.
    pub(crate) fn into_fault(self) -> VaultFault {
        match self.0 {
            StoreFault::DiskFull => VaultFault::DiskFull,
            StoreFault::Damaged => VaultFault::Damaged("data keys"),
            StoreFault::Failed(code) => VaultFault::Database(code),
            StoreFault::Absent | StoreFault::StepOpen => VaultFault::Database("store".to_owned()),
        }
    }
}

impl From<Unopened> for Refused {
    fn from(_: Unopened) -> Self {
        Self(StoreFault::Damaged)
    }
}

impl From<Refused> for StoreFault {
    fn from(refused: Refused) -> Self {
        refused.0
    }
}

/// Codes of [`StoreFault::Failed`] that are refusals of ours, in every store.
pub(crate) mod refusal {
    /// The connection still has accounts.
    pub(crate) const CONNECTION_IN_USE: &str = "connection_in_use";
    /// Another account of the connection has this remote id.
    pub(crate) const ACCOUNT_TWICE: &str = "account_twice";
    /// The submission is sealed already.
    pub(crate) const SEALED_TWICE: &str = "sealed_twice";
    /// The entry's number is not the next one of its log.
    pub(crate) const LOG_ORDER: &str = "log_order";
    /// A draft or a submission names the photo.
    pub(crate) const PHOTO_NAMED: &str = "photo_named";
    /// A photo that was said to be new is there already.
    pub(crate) const PHOTO_TWICE: &str = "photo_twice";
    /// A purge is more than an entry.
    pub(crate) const PURGE_ALONE: &str = "purge_alone";
    /// The photo is larger than any photo is.
    pub(crate) const PHOTO_TOO_LARGE: &str = "photo_too_large";
}

fn refused(code: &str) -> Refused {
    Refused(StoreFault::Failed(code.to_owned()))
}

fn absent() -> Refused {
    Refused(StoreFault::Absent)
}

/// Seals the JSON of `value`.
fn seal<T: Serialize>(key: &Key, place: Place<'_>, value: &T) -> Kept<Vec<u8>> {
    let mut json = Zeroizing::new(Vec::with_capacity(4096));
    serde_json::to_writer(&mut *json, value).map_err(|_| refused("json"))?;
    Ok(record::seal(key, place, &json)?)
}

/// Opens a record and reads its JSON.
fn open<T: DeserializeOwned>(key: &Key, place: Place<'_>, sealed: &[u8]) -> Result<T, Unopened> {
    let json = record::open(key, place, sealed)?;
    serde_json::from_slice(&json).map_err(|_| Unopened)
}

/// The version that a row will have when it is written next.
fn next_version(database: &Database, sql: &str, id: &str) -> Kept<u64> {
    let there: Option<u64> =
        database.prepare_cached(sql)?.query_row([id], |r| r.get(0)).optional()?;
    Ok(there.unwrap_or(0) + 1)
}

fn begin(database: &mut Database) -> Kept<Transaction<'_>> {
    Ok(database.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?)
}

impl OpenVault {
    /// Rows that do not open: left out of the lists, kept in the database.
    ///
    /// # Errors
    /// As every call of the store.
    pub fn unreadable(&self) -> Stored<Vec<Unreadable>> {
        let mut found = self.read_connections()?.1;
        found.extend(self.read_accounts()?.1);
        found.extend(self.read_drafts()?.1);
        found.extend(self.read_submissions()?.1);
        Ok(found)
    }
}

impl Store for OpenVault {
    fn connections(&self) -> Stored<Vec<Connection>> {
        Ok(self.read_connections()?.0)
    }

    fn put_connection(&mut self, connection: &Connection) -> Stored<()> {
        Ok(self.write_connection(connection)?)
    }

    fn remove_connection(&mut self, id: &ConnectionId) -> Stored<()> {
        Ok(self.delete_connection(id)?)
    }

    fn accounts(&self) -> Stored<Vec<Account>> {
        Ok(self.read_accounts()?.0)
    }

    fn put_accounts(&mut self, accounts: &[Account]) -> Stored<()> {
        Ok(self.write_accounts(accounts)?)
    }

    fn drafts(&self) -> Stored<Vec<Draft>> {
        Ok(self.read_drafts()?.0)
    }

    fn put_draft(&mut self, draft: &Draft) -> Stored<()> {
        Ok(self.write_draft(draft)?)
    }

    fn remove_draft(&mut self, id: &DraftId) -> Stored<()> {
        Ok(self.delete_draft(id)?)
    }

    fn put_photo(&mut self, id: &PhotoId, renditions: &[(Rendition, &[u8])]) -> Stored<()> {
        Ok(self.write_photo(id, renditions)?)
    }

    fn put_photos(&mut self, photos: &[NewPhoto]) -> Stored<()> {
        Ok(self.write_new_photos(photos)?)
    }

    fn photo(&self, id: &PhotoId, rendition: Rendition) -> Stored<Vec<u8>> {
        Ok(self.read_photo(id, rendition)?)
    }

    fn remove_photo(&mut self, id: &PhotoId) -> Stored<()> {
        Ok(self.delete_photo(id)?)
    }

    fn sweep_photos(&mut self, named: &[PhotoId]) -> Stored<usize> {
        Ok(self.delete_orphans(named)?)
    }

    fn seal(&mut self, sealing: &Sealing<'_>) -> Stored<()> {
        Ok(self.write_sealing(sealing)?)
    }

    fn submissions(&self) -> Stored<Vec<StoredSubmission>> {
        Ok(self.read_submissions()?.0)
    }

    fn append(
        &mut self,
        id: &SubmissionId,
        entry: &Recorded,
        index: &SubmissionIndex,
    ) -> Stored<()> {
        Ok(self.write_entry(id, entry, index)?)
    }

    fn purge(&mut self, id: &SubmissionId, tombstone: &Tombstone) -> Stored<()> {
        Ok(self.write_purge(id, tombstone)?)
    }

    fn shred(&mut self) -> Stored<()> {
        Ok(self.change_shred_key()?)
    }

    fn note_asked(&mut self, id: &SubmissionId, asked_ms: UnixMs) -> Stored<()> {
        Ok(self.write_asked(id, asked_ms)?)
    }

    fn asked_ms(&self, id: &SubmissionId) -> Stored<Option<UnixMs>> {
        Ok(self.read_asked(id)?)
    }

    fn details(&self, id: &SubmissionId) -> Stored<Answers> {
        Ok(self.read_details(id)?)
    }

    fn national(&self, id: &SubmissionId) -> Stored<Answers> {
        Ok(self.read_national(id)?)
    }

    fn append_mended(
        &mut self,
        id: &SubmissionId,
        entry: &Recorded,
        index: &SubmissionIndex,
        details: &Answers,
        national: &Answers,
    ) -> Stored<()> {
        Ok(self.write_mended(id, entry, index, (details, national))?)
    }

    fn audit(&mut self, noted: &Noted) -> Stored<()> {
        Ok(self.write_audit(noted)?)
    }

    fn audit_log(&self) -> Stored<AuditLog> {
        Ok(self.read_audit()?)
    }

    fn setting(&self, key: &str) -> Stored<Option<String>> {
        Ok(self.read_setting(key)?)
    }

    fn put_setting(&mut self, key: &str, value: &str) -> Stored<()> {
        Ok(self.write_setting(key, value)?)
    }

    fn bytes_on_disk(&self) -> Stored<u64> {
        Ok(self.paths.counted().iter().filter_map(|path| self.paths.files().size(path)).sum())
    }
}

#[cfg(test)]
mod tests;
