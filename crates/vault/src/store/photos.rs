//! Photos: sealed streams in `photos.db`, their keys in `vault.db`.
//!
//! The two databases are not atomic together. A photo's streams are durable before its key, its key
//! before any row names it; keys go before streams. What a crash leaves is a stream without a key,
//! which is swept.

use std::collections::BTreeSet;

use rusqlite::{Connection as Database, OptionalExtension};

use super::{Kept, NewPhoto, PhotoId, Rendition, absent, begin, keys, refusal, refused};
use crate::fail_point::{FailPoint, reach};
use crate::keys::{Key, Keyring};
use crate::policy::PHOTO_BYTES_MAX;
use crate::seal::data_key::Owner;
use crate::seal::stream::{self, Picture, rendition_number};
use crate::vault::OpenVault;

impl OpenVault {
    pub(super) fn write_photo(
        &mut self,
        id: &PhotoId,
        renditions: &[(Rendition, &[u8])],
    ) -> Kept<()> {
        if renditions.iter().any(|(_, bytes)| bytes.len() > PHOTO_BYTES_MAX) {
            return Err(refused(refusal::PHOTO_TOO_LARGE));
        }
        if let Some(key) = keys::read(&self.main, &self.keys, Owner::Photo, id.as_str())? {
            return self.write_streams(id, &key, renditions);
        }
        let key = Key::draw()?;
        self.delete_streams(id.as_str())?;
        self.write_streams(id, &key, renditions)?;
        reach(FailPoint::PhotoBeforeKey);
        let kept = keys::keep(&self.main, &self.keys, Owner::Photo, id.as_str(), &key);
        if kept.is_err() {
            self.drop_streams(&[id.as_str().to_owned()]);
        }
        kept
    }

    fn write_streams(
        &mut self,
        id: &PhotoId,
        key: &Key,
        renditions: &[(Rendition, &[u8])],
    ) -> Kept<()> {
        let transaction = begin(&mut self.photos)?;
        for (rendition, bytes) in renditions {
            let of = Picture { vault: self.keys.vault, photo: id.as_str(), rendition: *rendition };
            insert_stream(&transaction, key, of, bytes)?;
        }
        Ok(transaction.commit()?)
    }

    pub(super) fn write_new_photos(&mut self, photos: &[NewPhoto]) -> Kept<()> {
        let drawn = self.write_new_streams(photos)?;
        reach(FailPoint::PhotoBeforeKey);
        let kept = begin(&mut self.main).and_then(|transaction| {
            keep_new(&transaction, &self.keys, photos, &drawn)?;
            Ok(transaction.commit()?)
        });
        if kept.is_err() {
            self.drop_new_streams(photos);
        }
        kept
    }

    /// The streams of all of them, durable at once; returns the keys, which nobody has kept yet.
    pub(super) fn write_new_streams(&mut self, photos: &[NewPhoto]) -> Kept<Vec<Key>> {
        let mut pictures = photos.iter().flat_map(|photo| &photo.renditions);
        if pictures.any(|(_, bytes)| bytes.len() > PHOTO_BYTES_MAX) {
            return Err(refused(refusal::PHOTO_TOO_LARGE));
        }
        if photos.is_empty() {
            return Ok(Vec::new());
        }
        for photo in photos {
            let id = photo.id.as_str();
            if keys::read(&self.main, &self.keys, Owner::Photo, id)?.is_some() {
                return Err(refused(refusal::PHOTO_TWICE));
            }
        }
        let mut keys = Vec::with_capacity(photos.len());
        let transaction = begin(&mut self.photos)?;
        for NewPhoto { id, renditions } in photos {
            let key = Key::draw()?;
            for (rendition, bytes) in renditions {
                let (photo, rendition) = (id.as_str(), *rendition);
                let of = Picture { vault: self.keys.vault, photo, rendition };
                insert_stream(&transaction, &key, of, bytes)?;
            }
            keys.push(key);
        }
        transaction.commit()?;
        Ok(keys)
    }

    pub(super) fn drop_new_streams(&self, photos: &[NewPhoto]) {
        photos.iter().for_each(|photo| drop(self.delete_streams(photo.id.as_str())));
    }

    pub(super) fn read_photo(&self, id: &PhotoId, rendition: Rendition) -> Kept<Vec<u8>> {
        let key = keys::read(&self.main, &self.keys, Owner::Photo, id.as_str())?;
        let key = key.ok_or_else(absent)?;
        let sealed: Option<Vec<u8>> = self
            .photos
            .prepare_cached("SELECT sealed FROM streams WHERE photo = ?1 AND rendition = ?2")?
            .query_row((id.as_str(), rendition_number(rendition)), |r| r.get(0))
            .optional()?;
        let sealed = sealed.ok_or_else(absent)?;
        let of = Picture { vault: self.keys.vault, photo: id.as_str(), rendition };
        Ok(std::mem::take(&mut *stream::open(&key, of, &sealed)?))
    }

    pub(super) fn delete_photo(&mut self, id: &PhotoId) -> Kept<()> {
        let transaction = begin(&mut self.main)?;
        if is_named(&transaction, id.as_str())? {
            return Err(refused(refusal::PHOTO_NAMED));
        }
        let sql = "SELECT 1 FROM data_keys WHERE owner_kind = ?1 AND owner = ?2";
        let owner = (Owner::Photo.number(), id.as_str());
        if !transaction.prepare_cached(sql)?.exists(owner)? {
            return Err(absent());
        }
        keys::delete(&transaction, Owner::Photo, id.as_str())?;
        transaction.commit()?;
        self.drop_streams(&[id.as_str().to_owned()]);
        Ok(())
    }

    /// Photos that neither the caller nor any row names. A row that does not open names its photos
    /// still.
    pub(super) fn delete_orphans(&mut self, named: &[PhotoId]) -> Kept<usize> {
        let mut orphans = self.all_photos()?;
        for id in named {
            orphans.remove(id.as_str());
        }
        let transaction = begin(&mut self.main)?;
        let forgotten = forget_unnamed(&transaction, orphans.into_iter().collect())?;
        reach(FailPoint::SweepBeforeCommit);
        transaction.commit()?;
        reach(FailPoint::SweepAfterCommit);
        self.drop_streams(&forgotten);
        Ok(forgotten.len())
    }

    fn all_photos(&self) -> Kept<BTreeSet<String>> {
        let mut ids = BTreeSet::new();
        let mut streams = self.photos.prepare("SELECT DISTINCT photo FROM streams")?;
        let mut keys = self.main.prepare("SELECT owner FROM data_keys WHERE owner_kind = ?1")?;
        for id in streams.query_map([], |r| r.get(0))? {
            ids.insert(id?);
        }
        for id in keys.query_map([Owner::Photo.number()], |r| r.get(0))? {
            ids.insert(id?);
        }
        Ok(ids)
    }

    /// Deletes streams whose keys are gone. What fails here is unreadable already and swept later.
    pub(super) fn drop_streams(&self, ids: &[String]) {
        ids.iter().for_each(|id| drop(self.delete_streams(id)));
    }

    fn delete_streams(&self, id: &str) -> Kept<()> {
        self.photos.prepare_cached("DELETE FROM streams WHERE photo = ?1")?.execute([id])?;
        Ok(())
    }
}

fn insert_stream(database: &Database, key: &Key, of: Picture<'_>, bytes: &[u8]) -> Kept<()> {
    let sealed = stream::seal(key, of, bytes)?;
    database
        .prepare_cached(
            "INSERT OR REPLACE INTO streams (photo, rendition, sealed) VALUES (?1, ?2, ?3)",
        )?
        .execute((of.photo, rendition_number(of.rendition), sealed))?;
    Ok(())
}

/// Keeps the keys with which new photos were sealed.
pub(super) fn keep_new(
    database: &Database,
    keys: &Keyring,
    photos: &[NewPhoto],
    drawn: &[Key],
) -> Kept<()> {
    for (photo, key) in photos.iter().zip(drawn) {
        keys::keep(database, keys, Owner::Photo, photo.id.as_str(), key)?;
    }
    Ok(())
}

/// The photos that a query of one parameter finds.
pub(super) fn named_by(database: &Database, sql: &str, id: &str) -> Kept<Vec<String>> {
    let mut statement = database.prepare_cached(sql)?;
    let found = statement.query_map([id], |r| r.get(0))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// Deletes the keys of those photos that no row names; returns them.
pub(super) fn forget_unnamed(database: &Database, photos: Vec<String>) -> Kept<Vec<String>> {
    let mut forgotten = Vec::new();
    for photo in photos {
        if !is_named(database, &photo)? {
            keys::delete(database, Owner::Photo, &photo)?;
            forgotten.push(photo);
        }
    }
    Ok(forgotten)
}

fn is_named(database: &Database, photo: &str) -> Kept<bool> {
    Ok(database
        .prepare_cached(
            "SELECT 1 FROM draft_photos WHERE photo = ?1
             UNION ALL SELECT 1 FROM submission_photos WHERE photo = ?1",
        )?
        .exists([photo])?)
}
