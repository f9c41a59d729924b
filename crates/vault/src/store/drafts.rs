//! Drafts: each one record under a key of its own.

use rusqlite::Connection as Database;

use super::configuration::check_account;
use super::{
    Draft, DraftId, Kept, Refused, Unreadable, absent, begin, forgetting, keys, next_version, open,
    photos, seal,
};
use crate::fail_point::{FailPoint, reach};
use crate::seal::Unopened;
use crate::seal::data_key::Owner;
use crate::seal::record::{Group, Place};
use crate::vault::OpenVault;

impl OpenVault {
    pub(super) fn read_drafts(&self) -> Kept<(Vec<Draft>, Vec<Unreadable>)> {
        let (mut read, mut unreadable) = (Vec::new(), Vec::new());
        let sql = "SELECT id, version, sealed FROM drafts ORDER BY place";
        let mut statement = self.main.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let id: String = row.get(0)?;
            let sealed: Vec<u8> = row.get(2)?;
            match self.open_draft(&id, row.get(1)?, &sealed) {
                Ok(draft) => read.push(draft),
                Err(Refused(super::StoreFault::Damaged)) => {
                    unreadable.push(Unreadable { table: "drafts", id });
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok((read, unreadable))
    }

    fn open_draft(&self, id: &str, version: u64, sealed: &[u8]) -> Kept<Draft> {
        let key = keys::read(&self.main, &self.keys, Owner::Draft, id)?.ok_or(Unopened)?;
        let place = Place { vault: self.keys.vault, group: Group::Draft, row: id, version };
        Ok(open(&key, place, sealed)?)
    }

    pub(super) fn write_draft(&mut self, draft: &Draft) -> Kept<()> {
        let transaction = begin(&mut self.main)?;
        check_account(&transaction, &draft.account)?;
        let id = draft.id.as_str();
        let sql = "SELECT version FROM drafts WHERE id = ?1";
        let version = next_version(&transaction, sql, id)?;
        let key = match keys::read(&transaction, &self.keys, Owner::Draft, id)? {
            Some(key) => key,
            None => keys::make(&transaction, &self.keys, Owner::Draft, id)?,
        };
        let place = Place { vault: self.keys.vault, group: Group::Draft, row: id, version };
        let sealed = seal(&key, place, draft)?;
        transaction
            .prepare_cached(
                "INSERT INTO drafts (id, account, version, sealed) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (id) DO UPDATE SET account = ?2, version = ?3, sealed = ?4",
            )?
            .execute((id, draft.account.as_str(), version, sealed))?;
        name_photos(&transaction, draft)?;
        reach(FailPoint::DraftBeforeCommit);
        Ok(transaction.commit()?)
    }

    pub(super) fn delete_draft(&mut self, id: &DraftId) -> Kept<()> {
        let transaction = begin(&mut self.main)?;
        let orphans = forget(&transaction, id)?;
        forgetting::mark_due(&transaction, &self.keys)?;
        transaction.commit()?;
        reach(FailPoint::DraftAfterRemoval);
        self.drop_streams(&orphans);
        Ok(())
    }
}

fn name_photos(database: &Database, draft: &Draft) -> Kept<()> {
    let id = draft.id.as_str();
    database.prepare_cached("DELETE FROM draft_photos WHERE draft = ?1")?.execute([id])?;
    let mut insert = database
        .prepare_cached("INSERT OR IGNORE INTO draft_photos (draft, photo) VALUES (?1, ?2)")?;
    for taken in &draft.photos {
        insert.execute((id, taken.photo.id.as_str()))?;
    }
    Ok(())
}

/// Takes a draft out with its key and the keys of photos that nothing else names; returns those
/// photos.
pub(super) fn forget(database: &Database, id: &DraftId) -> Kept<Vec<String>> {
    let named =
        photos::named_by(database, "SELECT photo FROM draft_photos WHERE draft = ?1", id.as_str())?;
    let removed =
        database.prepare_cached("DELETE FROM drafts WHERE id = ?1")?.execute([id.as_str()])?;
    if removed == 0 {
        return Err(absent());
    }
    keys::delete(database, Owner::Draft, id.as_str())?;
    photos::forget_unnamed(database, named)
}
