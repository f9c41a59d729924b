//! Answers: details and national numbers, two records under the submission's own key.

use rusqlite::{Connection as Database, OptionalExtension};

use super::{Answers, Kept, SubmissionId, absent, keys, open, seal};
use crate::keys::{Key, Keyring};
use crate::seal::data_key::Owner;
use crate::seal::record::{Group, Place};
use crate::vault::OpenVault;

impl OpenVault {
    pub(super) fn read_details(&self, id: &SubmissionId) -> Kept<Answers> {
        self.read_answers(id, Group::Details)
    }

    pub(super) fn read_national(&self, id: &SubmissionId) -> Kept<Answers> {
        self.read_answers(id, Group::National)
    }

    fn read_answers(&self, id: &SubmissionId, group: Group) -> Kept<Answers> {
        let row = id.as_str();
        let found = self
            .main
            .prepare_cached(
                "SELECT version, sealed FROM answers WHERE submission = ?1 AND field_group = ?2",
            )?
            .query_row((row, group.number()), |r| {
                Ok((r.get::<_, u64>(0)?, r.get::<_, Vec<u8>>(1)?))
            })
            .optional()?;
        let (version, sealed) = found.ok_or_else(absent)?;
        let key = keys::read(&self.main, &self.keys, Owner::Submission, row)?;
        let place = Place { vault: self.keys.vault, group, row, version };
        Ok(open(&key.ok_or_else(absent)?, place, &sealed)?)
    }
}

/// Replaces both groups of a submission's answers.
pub(super) fn replace(
    database: &Database,
    keys: &Keyring,
    id: &SubmissionId,
    (details, national): (&Answers, &Answers),
) -> Kept<()> {
    let key = keys::read(database, keys, Owner::Submission, id.as_str())?;
    let key = key.ok_or_else(absent)?;
    put(database, keys, &key, id, details, Group::Details)?;
    put(database, keys, &key, id, national, Group::National)
}

/// Seals one group of a submission's answers as its next version.
pub(super) fn put(
    database: &Database,
    keys: &Keyring,
    key: &Key,
    id: &SubmissionId,
    answers: &Answers,
    group: Group,
) -> Kept<()> {
    let row = id.as_str();
    let there: Option<u64> = database
        .prepare_cached("SELECT version FROM answers WHERE submission = ?1 AND field_group = ?2")?
        .query_row((row, group.number()), |r| r.get(0))
        .optional()?;
    let version = there.unwrap_or(0) + 1;
    let place = Place { vault: keys.vault, group, row, version };
    let sealed = seal(key, place, answers)?;
    database
        .prepare_cached(
            "INSERT INTO answers (submission, field_group, version, sealed)
             VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (submission, field_group) DO UPDATE SET version = ?3, sealed = ?4",
        )?
        .execute((row, group.number(), version, sealed))?;
    Ok(())
}

/// Deletes a submission's answers and the key that opens them and its log.
pub(super) fn purge(database: &Database, id: &SubmissionId) -> Kept<()> {
    database.prepare_cached("DELETE FROM answers WHERE submission = ?1")?.execute([id.as_str()])?;
    keys::delete(database, Owner::Submission, id.as_str())
}
