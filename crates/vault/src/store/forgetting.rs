//! Forgetting: keys go, and what they opened is unreadable from there on.
//!
//! Bytes that a database deletes may stay on flash for years. What is forgotten is gone because its
//! data key is, and once the shred key is changed, not even an old copy of that key opens.

use rusqlite::{Connection as Database, OptionalExtension};

use super::configuration::keep_setting;
use satchel_core::audit::LogPlace;

use super::{
    AccountId, Kept, Noted, SubmissionId, SubmissionRecord, Tombstone, absent, answers, audit,
    begin, open, photos, seal,
};
use crate::bytes::hex;
use crate::keys::Keyring;
use crate::seal::record::{Group, Place};
use crate::vault::OpenVault;

/// The setting that says that keys were deleted since the shred key was last changed.
pub(super) const SHRED_DUE: &str = "shred_due";

impl OpenVault {
    /// A vault that does not keep its secrets at hand changes no key; that stays due.
    pub(super) fn change_shred_key(&mut self) -> Kept<()> {
        if self.read_setting(SHRED_DUE)?.as_deref() != Some("yes") {
            return Ok(());
        }
        let Some(secrets) = self.secrets.take() else { return Ok(()) };
        let changed = self.rotate_shred_key(secrets.as_ref());
        self.secrets = Some(secrets);
        changed?;
        self.write_setting(SHRED_DUE, "no")
    }

    pub(super) fn write_purge(&mut self, id: &SubmissionId, tombstone: &Tombstone) -> Kept<()> {
        let transaction = begin(&mut self.main)?;
        note(&transaction, &self.keys, id, tombstone)?;
        bury(&transaction, &self.keys, id, tombstone)?;
        answers::purge(&transaction, id)?;
        transaction
            .prepare_cached("DELETE FROM log WHERE submission = ?1")?
            .execute([id.as_str()])?;
        let orphans = forget_photos(&transaction, &self.keys, id)?;
        transaction.commit()?;
        self.drop_streams(&orphans);
        Ok(())
    }
}

/// Notes in the audit log that a submission is forgotten, and where its own log ended.
fn note(database: &Database, keys: &Keyring, id: &SubmissionId, tombstone: &Tombstone) -> Kept<()> {
    let (account, seq, link): (String, u64, Vec<u8>) = database
        .prepare_cached("SELECT account, log_length, log_head FROM submissions WHERE id = ?1")?
        .query_row([id.as_str()], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))
        .optional()?
        .ok_or_else(absent)?;
    let noted = Noted {
        at_ms: tombstone.forgotten_ms,
        operator: tombstone.operator.clone(),
        event: "purged".to_owned(),
        detail: Some(tombstone.state.clone()),
        account: AccountId::parse(&account),
    };
    let log = LogPlace { submission: id.clone(), seq, link: hex(&link) };
    audit::note(database, keys, &noted, Some(log))
}

/// Ends a submission's record in a tombstone. Where its log ended stays in the row.
fn bury(database: &Database, keys: &Keyring, id: &SubmissionId, tombstone: &Tombstone) -> Kept<()> {
    let row = id.as_str();
    let (version, sealed): (u64, Vec<u8>) = database
        .prepare_cached("SELECT version, sealed FROM submissions WHERE id = ?1")?
        .query_row([row], |r| Ok((r.get(0)?, r.get(1)?)))
        .optional()?
        .ok_or_else(absent)?;
    let place = |version| Place { vault: keys.vault, group: Group::Submission, row, version };
    let record: SubmissionRecord = open(&keys.log, place(version), &sealed)?;
    let record = SubmissionRecord { tombstone: Some(tombstone.clone()), ..record };
    let sealed = seal(&keys.log, place(version + 1), &record)?;
    database
        .prepare_cached(
            "UPDATE submissions SET state = 'purged', open_step = NULL, version = ?2, sealed = ?3
             WHERE id = ?1",
        )?
        .execute((row, version + 1, sealed))?;
    Ok(())
}

/// Deletes the keys of a submission's photos. Returns the photos, whose streams go next.
pub(super) fn forget_photos(
    database: &Database,
    keys: &Keyring,
    id: &SubmissionId,
) -> Kept<Vec<String>> {
    let sql = "SELECT photo FROM submission_photos WHERE submission = ?1";
    let named = photos::named_by(database, sql, id.as_str())?;
    database
        .prepare_cached("DELETE FROM submission_photos WHERE submission = ?1")?
        .execute([id.as_str()])?;
    mark_due(database, keys)?;
    photos::forget_unnamed(database, named)
}

/// Notes that the shred key is to be changed: a deleted key opens nothing from then on, wherever a
/// copy of it may lie.
pub(super) fn mark_due(database: &Database, keys: &Keyring) -> Kept<()> {
    keep_setting(database, keys, SHRED_DUE, "yes")
}
