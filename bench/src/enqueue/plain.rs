//! The peer: the same bytes in plain SQLite, in the clear, one transaction for a submission.

use std::path::Path;

use anyhow::{Result, ensure};
use rusqlite::Connection;

use super::ours::DETAILS;

/// How plain SQLite is set up. `synchronous` is FULL in all of them.
#[derive(Clone, Copy, Debug)]
pub(super) enum Set {
    /// As it comes: pages of 4 KB, a rollback journal.
    AsItComes,
    /// With the page size and the write-ahead log of our photos.
    LikeOurs,
}

/// A plain database.
pub(super) struct Plain(Connection);

impl Plain {
    pub(super) fn make(file: &Path, set: Set) -> Result<Self> {
        let database = Connection::open(file)?;
        let (page, journal) = match set {
            Set::AsItComes => (4096, "delete"),
            Set::LikeOurs => (16384, "wal"),
        };
        database.pragma_update(None, "page_size", page)?;
        let now: String =
            database.query_row(&format!("PRAGMA journal_mode = {journal}"), [], |r| r.get(0))?;
        ensure!(now == journal, "SQLite took {now} for its journal");
        database.execute_batch(
            "PRAGMA synchronous = FULL;
             CREATE TABLE submissions (id INTEGER PRIMARY KEY, details TEXT NOT NULL);
             CREATE TABLE photos (id INTEGER PRIMARY KEY, submission INTEGER NOT NULL,
                                  bytes BLOB NOT NULL);",
        )?;
        Ok(Self(database))
    }

    /// A submission with its photos: durable when it returns.
    pub(super) fn insert(&mut self, photos: &[Vec<u8>]) -> Result<()> {
        let details: serde_json::Map<String, serde_json::Value> =
            DETAILS.iter().map(|(path, value)| ((*path).to_owned(), (*value).into())).collect();
        let details = serde_json::to_string(&details)?;
        let transaction = self.0.transaction()?;
        transaction
            .prepare_cached("INSERT INTO submissions (details) VALUES (?1)")?
            .execute([details])?;
        let submission = transaction.last_insert_rowid();
        for photo in photos {
            transaction
                .prepare_cached("INSERT INTO photos (submission, bytes) VALUES (?1, ?2)")?
                .execute((submission, photo))?;
        }
        Ok(transaction.commit()?)
    }
}
