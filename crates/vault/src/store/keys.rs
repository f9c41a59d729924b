//! The data keys of drafts, submissions and photos.

use rusqlite::{Connection as Database, OptionalExtension};

use super::{Kept, Refused};
use crate::keys::{Key, Keyring};
use crate::seal::Unopened;
use crate::seal::data_key::{self, Owner, RECIPIENT_ROW_KEY, ROW_KEY_FIRST};

/// The data key of an owner, or `None` when it has none, or none any more.
pub(super) fn read(
    database: &Database,
    keys: &Keyring,
    owner: Owner,
    id: &str,
) -> Kept<Option<Key>> {
    let wrapped: Option<Vec<u8>> = database
        .prepare_cached(
            "SELECT wrapped FROM data_keys WHERE owner_kind = ?1 AND owner = ?2
             AND recipient_kind = ?3 AND recipient = ?4",
        )?
        .query_row((owner.number(), id, RECIPIENT_ROW_KEY, ROW_KEY_FIRST), |r| r.get(0))
        .optional()?;
    let Some(wrapped) = wrapped else { return Ok(None) };
    let key = data_key::unwrap(&keys.row, keys.vault, owner, id, &wrapped);
    key.map(Some).ok_or(Refused::from(Unopened))
}

/// Draws a data key and keeps it wrapped.
pub(super) fn make(database: &Database, keys: &Keyring, owner: Owner, id: &str) -> Kept<Key> {
    let key = Key::draw()?;
    keep(database, keys, owner, id, &key)?;
    Ok(key)
}

/// Keeps a data key wrapped.
pub(super) fn keep(
    database: &Database,
    keys: &Keyring,
    owner: Owner,
    id: &str,
    key: &Key,
) -> Kept<()> {
    let wrapped = data_key::wrap(&keys.row, keys.vault, owner, id, key)?;
    database
        .prepare_cached(
            "INSERT INTO data_keys (owner_kind, owner, recipient_kind, recipient, wrapped)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute((owner.number(), id, RECIPIENT_ROW_KEY, ROW_KEY_FIRST, wrapped))?;
    Ok(())
}

/// Deletes every wrapping of an owner's data key: what it sealed is unreadable from here on.
pub(super) fn delete(database: &Database, owner: Owner, id: &str) -> Kept<()> {
    database
        .prepare_cached("DELETE FROM data_keys WHERE owner_kind = ?1 AND owner = ?2")?
        .execute((owner.number(), id))?;
    Ok(())
}
