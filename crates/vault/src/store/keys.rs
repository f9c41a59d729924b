//! The data keys of drafts, submissions, photos and accounts.

use std::collections::HashMap;

use rusqlite::{Connection as Database, OptionalExtension};

use super::{Kept, Refused, begin};
use crate::keys::{Key, Keyring, RowKey};
use crate::seal::Unopened;
use crate::seal::data_key::{self, Owner, RECIPIENT_ROW_KEY};

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
        .query_row((owner.number(), id, RECIPIENT_ROW_KEY, keys.row.number.to_string()), |r| {
            r.get(0)
        })
        .optional()?;
    let Some(wrapped) = wrapped else { return Ok(None) };
    let key = data_key::unwrap(&keys.row, keys.vault, owner, id, &wrapped);
    key.map(Some).ok_or(Refused::from(Unopened))
}

/// All data keys of submissions or of accounts, as they are wrapped: an unlock opens them all.
pub(super) fn all(
    database: &Database,
    keys: &Keyring,
    owner: Owner,
) -> Kept<HashMap<String, Vec<u8>>> {
    let mut statement = database.prepare_cached(
        "SELECT owner, wrapped FROM data_keys WHERE owner_kind IN (2, 4)
         AND owner_kind = ?1 AND recipient_kind = ?2 AND recipient = ?3",
    )?;
    let of = (owner.number(), RECIPIENT_ROW_KEY, keys.row.number.to_string());
    let found = statement.query_map(of, |r| Ok((r.get(0)?, r.get(1)?)))?;
    Ok(found.collect::<rusqlite::Result<_>>()?)
}

/// The data key of an owner out of those that [`all`] found.
pub(super) fn out_of(
    all: &HashMap<String, Vec<u8>>,
    keys: &Keyring,
    owner: Owner,
    id: &str,
) -> Option<Key> {
    data_key::unwrap(&keys.row, keys.vault, owner, id, all.get(id)?)
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
        .execute((owner.number(), id, RECIPIENT_ROW_KEY, keys.row.number.to_string(), wrapped))?;
    Ok(())
}

/// Deletes every wrapping of an owner's data key: what it sealed is unreadable from here on.
pub(super) fn delete(database: &Database, owner: Owner, id: &str) -> Kept<()> {
    database
        .prepare_cached("DELETE FROM data_keys WHERE owner_kind = ?1 AND owner = ?2")?
        .execute((owner.number(), id))?;
    Ok(())
}

/// Number of the row key that the data keys are wrapped for, if there are any. They are wrapped for
/// another one all at once, so that any of them tells.
pub(crate) fn row_number(database: &Database) -> Kept<Option<u32>> {
    let sql = "SELECT recipient FROM data_keys WHERE recipient_kind = ?1 LIMIT 1";
    let recipient: Option<String> =
        database.prepare(sql)?.query_row([RECIPIENT_ROW_KEY], |r| r.get(0)).optional()?;
    match recipient {
        Some(text) => text.parse().map(Some).map_err(|_| Unopened.into()),
        None => Ok(None),
    }
}

/// Wraps every data key for the next row key, all at once. One that does not open is carried on as
/// it is: it is told as damaged then as now.
pub(crate) fn rewrap(database: &mut Database, keys: &Keyring, next: &RowKey) -> Kept<()> {
    let transaction = begin(database)?;
    {
        let mut all = transaction.prepare(
            "SELECT rowid, owner_kind, owner, wrapped FROM data_keys
             WHERE recipient_kind = ?1 AND recipient = ?2",
        )?;
        let mut update = transaction
            .prepare("UPDATE data_keys SET recipient = ?2, wrapped = ?3 WHERE rowid = ?1")?;
        let found: Vec<(i64, u8, String, Vec<u8>)> = all
            .query_map((RECIPIENT_ROW_KEY, keys.row.number.to_string()), |r| {
                Ok((r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?))
            })?
            .collect::<Result<_, _>>()?;
        for (row, owner, id, wrapped) in found {
            let both = (&keys.row, next);
            let anew = data_key::rewrap(both, keys.vault, (owner, &id), &wrapped)?;
            let anew = anew.map_or(wrapped, |anew| anew.to_vec());
            update.execute((row, next.number.to_string(), anew))?;
        }
    }
    Ok(transaction.commit()?)
}
