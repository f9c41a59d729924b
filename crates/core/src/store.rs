//! The store as a port. Every call is durable when it returns.

use serde::{Deserialize, Serialize};

use crate::account::{Account, Connection};
use crate::audit::{AuditLog, Noted};
use crate::clock::UnixMs;
use crate::delivery::Recorded;
use crate::ids::{AccountId, ConnectionId, DraftId, PhotoId, SubmissionId};
use crate::onboarding::{Answers, Consent, Draft, Who};
use crate::photo::Rendition;

/// What is kept of a submission beside its log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmissionRecord {
    /// Its identifier.
    pub id: SubmissionId,
    /// The account it is for.
    pub account: AccountId,
    /// Kind and country.
    pub who: Who,
    /// Consent as it was given.
    pub consent: Consent,
    /// Language in which the applicant was addressed.
    pub language: String,
    /// When it was sealed.
    pub sealed_ms: UnixMs,
    /// What stays of it once everything else was forgotten.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tombstone: Option<Tombstone>,
}

/// What stays of a submission that was forgotten. Nothing in it says anything about a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tombstone {
    /// Code of the state that it ended in.
    pub state: String,
    /// Since when it stood so, where that is known.
    pub since_ms: Option<UnixMs>,
    /// When it was forgotten.
    pub forgotten_ms: UnixMs,
    /// Who had it forgotten; empty for Satchel itself.
    pub operator: String,
}

/// Plain columns that mirror the log for scheduling; compared with it on load.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmissionIndex {
    /// `SubmissionState::code`.
    pub state: String,
    /// The open step's code while one is out or unconfirmed; at most one per account.
    pub open_step: Option<String>,
}

/// A submission as it is loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSubmission {
    /// The record.
    pub record: SubmissionRecord,
    /// The index columns.
    pub index: SubmissionIndex,
    /// The log, in order; empty once it was forgotten. `Err` names what does not open or chain; the
    /// rest is kept.
    pub log: Result<Vec<Recorded>, StoreFault>,
}

/// A photo that is not in the store yet.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPhoto {
    /// Its identifier.
    pub id: PhotoId,
    /// Its pictures.
    pub renditions: Vec<(Rendition, Vec<u8>)>,
}

impl std::fmt::Debug for NewPhoto {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewPhoto({}, {} renditions)", self.id, self.renditions.len())
    }
}

/// A sealing: everything that becomes durable in one transaction.
#[derive(Clone, Debug)]
pub struct Sealing<'a> {
    /// Photos of the submission that are not in the store yet. They are durable before the rest
    /// is.
    pub photos: &'a [NewPhoto],
    /// The draft that goes.
    pub draft: Option<&'a DraftId>,
    /// The submission that comes.
    pub record: &'a SubmissionRecord,
    /// Answers without national numbers.
    pub details: &'a Answers,
    /// National numbers.
    pub national: &'a Answers,
    /// First entries of the log.
    pub log: &'a [Recorded],
    /// Index columns.
    pub index: &'a SubmissionIndex,
}

/// Why the store refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreFault {
    /// The disk is full; nothing of this call was kept.
    #[error("the disk is full")]
    DiskFull,
    /// A sealed record does not open: damaged or exchanged.
    #[error("a record does not open")]
    Damaged,
    /// What was named is not there.
    #[error("not there")]
    Absent,
    /// Another step is already open for this account.
    #[error("another step is open for this account")]
    StepOpen,
    /// The database or the disk failed; the code says how.
    #[error("the store failed: {0}")]
    Failed(String),
}

/// Result of a store call.
pub type Stored<T> = Result<T, StoreFault>;

/// The encrypted store. Implemented by the vault and by a memory store of the tests.
pub trait Store: Send {
    /// All connections, oldest first.
    ///
    /// # Errors
    /// As every call of this port: [`StoreFault`].
    fn connections(&self) -> Stored<Vec<Connection>>;
    /// Inserts or replaces a connection.
    fn put_connection(&mut self, connection: &Connection) -> Stored<()>;
    /// Removes a connection that no account uses.
    fn remove_connection(&mut self, id: &ConnectionId) -> Stored<()>;

    /// All accounts, oldest first.
    fn accounts(&self) -> Stored<Vec<Account>>;
    /// Inserts or replaces accounts, all or none. Of one that is forgotten nothing opens that was
    /// kept of it before.
    fn put_accounts(&mut self, accounts: &[Account]) -> Stored<()>;

    /// All drafts, oldest first.
    fn drafts(&self) -> Stored<Vec<Draft>>;
    /// Inserts or replaces a draft.
    fn put_draft(&mut self, draft: &Draft) -> Stored<()>;
    /// Removes a draft and the photos that only it names.
    fn remove_draft(&mut self, id: &DraftId) -> Stored<()>;

    /// Stores the renditions of a photo; durable before any row names it.
    fn put_photo(&mut self, id: &PhotoId, renditions: &[(Rendition, &[u8])]) -> Stored<()>;
    /// Stores photos that are not there yet, all or none.
    fn put_photos(&mut self, photos: &[NewPhoto]) -> Stored<()>;
    /// One rendition, verified whole.
    fn photo(&self, id: &PhotoId, rendition: Rendition) -> Stored<Vec<u8>>;
    /// Removes a photo. No draft or submission may name it any more.
    fn remove_photo(&mut self, id: &PhotoId) -> Stored<()>;
    /// Removes photos that are not in `named`: left over from a crash.
    fn sweep_photos(&mut self, named: &[PhotoId]) -> Stored<usize>;

    /// Seals a submission in one transaction.
    fn seal(&mut self, sealing: &Sealing<'_>) -> Stored<()>;
    /// All submissions with their logs, oldest first.
    fn submissions(&self) -> Stored<Vec<StoredSubmission>>;
    /// Appends to a submission's log and moves its index, in one transaction. Photos that are
    /// forgotten go with the entry that says so; a purge goes through [`Store::purge`] alone.
    fn append(
        &mut self,
        id: &SubmissionId,
        entry: &Recorded,
        index: &SubmissionIndex,
    ) -> Stored<()>;
    /// Forgets everything of a submission but its record, which ends in `tombstone`: answers, log,
    /// photos, and first of all the keys that open them.
    fn purge(&mut self, id: &SubmissionId, tombstone: &Tombstone) -> Stored<()>;
    /// Changes the device's shred key when something was forgotten since it was last changed, so
    /// that no copy of a deleted key opens anything, wherever it lies.
    fn shred(&mut self) -> Stored<()>;
    /// Notes when the provider last told the state, without a log entry.
    fn note_asked(&mut self, id: &SubmissionId, asked_ms: UnixMs) -> Stored<()>;
    /// When the provider last told the state.
    fn asked_ms(&self, id: &SubmissionId) -> Stored<Option<UnixMs>>;
    /// Answers without national numbers.
    fn details(&self, id: &SubmissionId) -> Stored<Answers>;
    /// National numbers. Lists and search never call this.
    fn national(&self, id: &SubmissionId) -> Stored<Answers>;
    /// As [`Store::append`], and replaces the answers that the entry corrects in the same
    /// transaction, as a new version of the record.
    fn append_mended(
        &mut self,
        id: &SubmissionId,
        entry: &Recorded,
        index: &SubmissionIndex,
        details: &Answers,
        national: &Answers,
    ) -> Stored<()>;

    /// Notes something in the audit log. What a person does with a submission notes itself: it
    /// stands there with the entry of the submission's own log, or neither does.
    fn audit(&mut self, noted: &Noted) -> Stored<()>;
    /// The audit log, checked.
    fn audit_log(&self) -> Stored<AuditLog>;

    /// A named setting of this device, such as the theme.
    fn setting(&self, key: &str) -> Stored<Option<String>>;
    /// Keeps a named setting.
    fn put_setting(&mut self, key: &str, value: &str) -> Stored<()>;

    /// Bytes that the store takes on disk.
    fn bytes_on_disk(&self) -> Stored<u64>;
}
