//! Submissions and their chained logs.

use rusqlite::{Connection as Database, OptionalExtension};

use super::configuration::check_account;
use super::{
    Answers, Kept, Recorded, Refused, Sealing, StoreFault, StoredSubmission, SubmissionId,
    SubmissionIndex, SubmissionRecord, UnixMs, Unreadable, absent, answers, audit, begin, drafts,
    forgetting, keys, open, photos, refusal, refused, seal,
};
use satchel_core::delivery::Event;

use crate::db;
use crate::fail_point::{FailPoint, reach};
use crate::keys::{Key, Keyring};
use crate::named::photos_named;
use crate::seal::chain::{self, Link};
use crate::seal::data_key::Owner;
use crate::seal::record::{self, Group, Place, SCHEMA_OWN_KEY};
use crate::vault::OpenVault;

/// A row of `submissions`.
struct Row {
    id: String,
    account: String,
    index: SubmissionIndex,
    end: End,
    version: u64,
    sealed: Vec<u8>,
}

/// Where a log ends.
struct End {
    length: u64,
    head: Link,
}

impl OpenVault {
    pub(super) fn read_submissions(&self) -> Kept<(Vec<StoredSubmission>, Vec<Unreadable>)> {
        let (mut read, mut unreadable) = (Vec::new(), Vec::new());
        let own = keys::all(&self.main, &self.keys, Owner::Submission)?;
        let mut statement = self.main.prepare_cached(
            "SELECT id, account, state, open_step, log_length, log_head, version, sealed
             FROM submissions ORDER BY place",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let row = read_row(row)?;
            match self.open_record(&row) {
                Some(record) if record.tombstone.is_some() => {
                    read.push(StoredSubmission { record, index: row.index, log: Ok(Vec::new()) });
                }
                Some(record) => {
                    let key = keys::out_of(&own, &self.keys, Owner::Submission, &row.id);
                    let log = self.read_log(&row, key.as_ref())?;
                    read.push(StoredSubmission { record, index: row.index, log });
                }
                None => unreadable.push(Unreadable { table: "submissions", id: row.id }),
            }
        }
        Ok((read, unreadable))
    }

    /// The record, if it opens and belongs to the account that its row names.
    fn open_record(&self, row: &Row) -> Option<SubmissionRecord> {
        let place = Place {
            vault: self.keys.vault,
            group: Group::Submission,
            row: &row.id,
            version: row.version,
        };
        let record: SubmissionRecord = open(&self.keys.log, place, &row.sealed).ok()?;
        let agrees = record.id.as_str() == row.id && record.account.as_str() == row.account;
        agrees.then_some(record)
    }

    /// The log, verified from its first entry to its head.
    fn read_log(&self, row: &Row, key: Option<&Key>) -> Kept<Result<Vec<Recorded>, StoreFault>> {
        let mut statement = self.main.prepare_cached(
            "SELECT seq, sealed, link FROM log WHERE submission = ?1 ORDER BY seq",
        )?;
        let mut rows = statement.query([&row.id])?;
        let mut end = End { length: 0, head: chain::start(self.keys.vault, &row.id) };
        let mut log = Vec::new();
        while let Some(entry) = rows.next()? {
            let sealed: Vec<u8> = entry.get(1)?;
            end = follow(end, &sealed);
            let chained = entry.get::<_, u64>(0)? == end.length
                && entry.get_ref(2)?.as_blob().is_ok_and(|link| link == end.head);
            let opened = open_entry(&self.keys, key, (&row.id, end.length), &sealed);
            match opened.filter(|_| chained) {
                Some(recorded) => log.push(recorded),
                None => return Ok(Err(StoreFault::Damaged)),
            }
        }
        let whole = end.length == row.end.length && end.head == row.end.head;
        Ok(if whole { Ok(log) } else { Err(StoreFault::Damaged) })
    }

    pub(super) fn write_sealing(&mut self, sealing: &Sealing<'_>) -> Kept<()> {
        let drawn = self.write_new_streams(sealing.photos)?;
        reach(FailPoint::SealAfterPhotos);
        let orphans = self.write_sealed(sealing, &drawn);
        match &orphans {
            Ok(orphans) => self.drop_streams(orphans),
            Err(_) => self.drop_new_streams(sealing.photos),
        }
        orphans.map(drop)
    }

    /// All but the new photos' streams, in one transaction; returns photos to drop.
    fn write_sealed(&mut self, sealing: &Sealing<'_>, drawn: &[Key]) -> Kept<Vec<String>> {
        let record = sealing.record;
        let transaction = begin(&mut self.main)?;
        photos::keep_new(&transaction, &self.keys, sealing.photos, drawn)?;
        check_account(&transaction, &record.account)?;
        insert_submission(&transaction, &self.keys, record, sealing.index)?;
        let key = keys::make(&transaction, &self.keys, Owner::Submission, record.id.as_str())?;
        let put = |answered, group| {
            answers::put(&transaction, &self.keys, &key, &record.id, answered, group)
        };
        put(sealing.details, Group::Details)?;
        put(sealing.national, Group::National)?;
        for entry in sealing.log {
            append_under(&transaction, &self.keys, &key, &record.id, entry)?;
        }
        let orphans = match sealing.draft {
            Some(draft) => drafts::forget(&transaction, draft)?,
            None => Vec::new(),
        };
        reach(FailPoint::SealBeforeCommit);
        transaction.commit()?;
        reach(FailPoint::SealAfterCommit);
        Ok(orphans)
    }

    pub(super) fn write_entry(
        &mut self,
        id: &SubmissionId,
        entry: &Recorded,
        index: &SubmissionIndex,
    ) -> Kept<()> {
        if entry.event == Event::Purged {
            return Err(refused(refusal::PURGE_ALONE));
        }
        let transaction = begin(&mut self.main)?;
        append_entry(&transaction, &self.keys, id, entry)?;
        move_index(&transaction, id, index)?;
        let orphans = if entry.event == Event::PhotosForgotten {
            forgetting::forget_photos(&transaction, &self.keys, id)?
        } else {
            Vec::new()
        };
        reach(FailPoint::EntryBeforeCommit);
        transaction.commit()?;
        self.drop_streams(&orphans);
        Ok(())
    }

    pub(super) fn write_mended(
        &mut self,
        id: &SubmissionId,
        entry: &Recorded,
        index: &SubmissionIndex,
        mended: (&Answers, &Answers),
    ) -> Kept<()> {
        let transaction = begin(&mut self.main)?;
        append_entry(&transaction, &self.keys, id, entry)?;
        move_index(&transaction, id, index)?;
        answers::replace(&transaction, &self.keys, id, mended)?;
        reach(FailPoint::EntryBeforeCommit);
        Ok(transaction.commit()?)
    }

    pub(super) fn write_asked(&mut self, id: &SubmissionId, asked_ms: UnixMs) -> Kept<()> {
        let changed = self
            .main
            .prepare_cached("UPDATE submissions SET asked_ms = ?2 WHERE id = ?1")?
            .execute((id.as_str(), asked_ms))?;
        if changed == 0 { Err(absent()) } else { Ok(()) }
    }

    pub(super) fn read_asked(&self, id: &SubmissionId) -> Kept<Option<UnixMs>> {
        self.main
            .prepare_cached("SELECT asked_ms FROM submissions WHERE id = ?1")?
            .query_row([id.as_str()], |r| r.get(0))
            .optional()?
            .ok_or_else(absent)
    }
}

fn read_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    Ok(Row {
        id: row.get(0)?,
        account: row.get(1)?,
        index: SubmissionIndex { state: row.get(2)?, open_step: row.get(3)? },
        end: End { length: row.get(4)?, head: head(row.get(5)?) },
        version: row.get(6)?,
        sealed: row.get(7)?,
    })
}

/// A head of the wrong size fits no log, so that log counts as damaged.
fn head(bytes: Vec<u8>) -> Link {
    bytes.try_into().unwrap_or_default()
}

fn follow(end: End, sealed: &[u8]) -> End {
    let length = end.length + 1;
    End { length, head: chain::next(&end.head, length, sealed) }
}

/// Opens an entry: under the submission's own key, or, of the first version, under the log key.
fn open_entry(
    keys: &Keyring,
    own: Option<&Key>,
    (submission, seq): (&str, u64),
    sealed: &[u8],
) -> Option<Recorded> {
    let (key, group) = match record::schema_of(sealed) {
        Some(SCHEMA_OWN_KEY) => (own?, Group::Entry),
        Some(_) | None => (&keys.log, Group::Log),
    };
    let place = Place { vault: keys.vault, group, row: submission, version: seq };
    open::<Recorded>(key, place, sealed).ok().filter(|recorded| recorded.seq == seq)
}

fn insert_submission(
    database: &Database,
    keys: &Keyring,
    record: &SubmissionRecord,
    index: &SubmissionIndex,
) -> Kept<()> {
    let id = record.id.as_str();
    if database.prepare_cached("SELECT 1 FROM submissions WHERE id = ?1")?.exists([id])? {
        return Err(refused(refusal::SEALED_TWICE));
    }
    let place = Place { vault: keys.vault, group: Group::Submission, row: id, version: 1 };
    let sealed = seal(&keys.log, place, record)?;
    let inserted = database
        .prepare_cached(
            "INSERT INTO submissions
             (id, account, state, open_step, log_length, log_head, version, sealed)
             VALUES (?1, ?2, ?3, ?4, 0, ?5, 1, ?6)",
        )?
        .execute((
            id,
            record.account.as_str(),
            &index.state,
            &index.open_step,
            chain::start(keys.vault, id),
            sealed,
        ));
    step_open(inserted)
}

/// The index over open steps is the only unique one that these writes can offend.
fn step_open(written: rusqlite::Result<usize>) -> Kept<()> {
    match written {
        Ok(_) => Ok(()),
        Err(e) if db::is_unique_violation(&e) => Err(Refused(StoreFault::StepOpen)),
        Err(e) => Err(e.into()),
    }
}

fn append_entry(
    database: &Database,
    keys: &Keyring,
    id: &SubmissionId,
    entry: &Recorded,
) -> Kept<()> {
    let key = keys::read(database, keys, Owner::Submission, id.as_str())?.ok_or_else(absent)?;
    append_under(database, keys, &key, id, entry)
}

fn append_under(
    database: &Database,
    keys: &Keyring,
    key: &Key,
    id: &SubmissionId,
    entry: &Recorded,
) -> Kept<()> {
    let end = database
        .prepare_cached("SELECT log_length, log_head FROM submissions WHERE id = ?1")?
        .query_row([id.as_str()], |r| Ok(End { length: r.get(0)?, head: head(r.get(1)?) }))
        .optional()?
        .ok_or_else(absent)?;
    if entry.seq != end.length + 1 {
        return Err(refused(refusal::LOG_ORDER));
    }
    let (row, version) = (id.as_str(), entry.seq);
    let place = Place { vault: keys.vault, group: Group::Entry, row, version };
    let sealed = seal(key, place, entry)?;
    let end = follow(end, &sealed);
    database
        .prepare_cached("INSERT INTO log (submission, seq, sealed, link) VALUES (?1, ?2, ?3, ?4)")?
        .execute((id.as_str(), end.length, sealed, end.head))?;
    database
        .prepare_cached("UPDATE submissions SET log_length = ?2, log_head = ?3 WHERE id = ?1")?
        .execute((id.as_str(), end.length, end.head))?;
    audit::note_entry(database, keys, id, entry, &end.head)?;
    name_photos(database, id, entry)
}

fn name_photos(database: &Database, id: &SubmissionId, entry: &Recorded) -> Kept<()> {
    let mut insert = database.prepare_cached(
        "INSERT OR IGNORE INTO submission_photos (submission, photo) VALUES (?1, ?2)",
    )?;
    for photo in photos_named(&entry.event) {
        insert.execute((id.as_str(), photo.as_str()))?;
    }
    Ok(())
}

fn move_index(database: &Database, id: &SubmissionId, index: &SubmissionIndex) -> Kept<()> {
    step_open(
        database
            .prepare_cached("UPDATE submissions SET state = ?2, open_step = ?3 WHERE id = ?1")?
            .execute((id.as_str(), &index.state, &index.open_step)),
    )
}
