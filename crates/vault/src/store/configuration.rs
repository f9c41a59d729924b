//! Connections and settings, sealed under the config key, and accounts, each under a key of its
//! own.

use rusqlite::OptionalExtension;

use super::{
    Account, AccountId, Connection, ConnectionId, Kept, Unreadable, absent, begin, forgetting,
    keys, next_version, open, refusal, refused, seal,
};
use crate::bytes::put_field;
use crate::db;
use crate::fail_point::{FailPoint, reach};
use crate::keys::Keyring;
use crate::seal::Unopened;
use crate::seal::data_key::Owner;
use crate::seal::record::{self, Group, Place, SCHEMA_OWN_KEY};
use crate::vault::OpenVault;

impl OpenVault {
    pub(super) fn read_connections(&self) -> Kept<(Vec<Connection>, Vec<Unreadable>)> {
        let sql = "SELECT id, version, sealed FROM connections ORDER BY place";
        let group = Group::Connection;
        self.read_each(sql, "connections", |id, version, sealed| {
            let place = Place { vault: self.keys.vault, group, row: id, version };
            open(&self.keys.config, place, sealed)
        })
    }

    pub(super) fn read_accounts(&self) -> Kept<(Vec<Account>, Vec<Unreadable>)> {
        let own = keys::all(&self.main, &self.keys, Owner::Account)?;
        let sql = "SELECT id, version, sealed FROM accounts ORDER BY place";
        self.read_each(sql, "accounts", |id, version, sealed| {
            let place = |group| Place { vault: self.keys.vault, group, row: id, version };
            match record::schema_of(sealed) {
                Some(SCHEMA_OWN_KEY) => {
                    let key = keys::out_of(&own, &self.keys, Owner::Account, id).ok_or(Unopened)?;
                    open(&key, place(Group::OwnAccount), sealed)
                }
                Some(_) | None => open(&self.keys.config, place(Group::Account), sealed),
            }
        })
    }

    fn read_each<T>(
        &self,
        sql: &str,
        table: &'static str,
        read_one: impl Fn(&str, u64, &[u8]) -> Result<T, Unopened>,
    ) -> Kept<(Vec<T>, Vec<Unreadable>)> {
        let (mut read, mut unreadable) = (Vec::new(), Vec::new());
        let mut statement = self.main.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let id: String = row.get(0)?;
            let sealed = row.get_ref(2)?.as_blob().unwrap_or_default();
            match read_one(&id, row.get(1)?, sealed) {
                Ok(value) => read.push(value),
                Err(_) => unreadable.push(Unreadable { table, id }),
            }
        }
        Ok((read, unreadable))
    }

    pub(super) fn write_connection(&mut self, connection: &Connection) -> Kept<()> {
        let id = connection.id.as_str();
        let sql = "SELECT version FROM connections WHERE id = ?1";
        let version = next_version(&self.main, sql, id)?;
        let place = Place { vault: self.keys.vault, group: Group::Connection, row: id, version };
        let sealed = seal(&self.keys.config, place, connection)?;
        self.main
            .prepare_cached(
                "INSERT INTO connections (id, version, sealed) VALUES (?1, ?2, ?3)
                 ON CONFLICT (id) DO UPDATE SET version = ?2, sealed = ?3",
            )?
            .execute((id, version, sealed))?;
        Ok(())
    }

    pub(super) fn delete_connection(&mut self, id: &ConnectionId) -> Kept<()> {
        match self.main.execute("DELETE FROM connections WHERE id = ?1", [id.as_str()]) {
            Ok(0) => Err(absent()),
            Ok(_) => Ok(()),
            Err(e) if db::is_reference_violation(&e) => Err(refused(refusal::CONNECTION_IN_USE)),
            Err(e) => Err(e.into()),
        }
    }

    pub(super) fn write_accounts(&mut self, accounts: &[Account]) -> Kept<()> {
        let transaction = begin(&mut self.main)?;
        for account in accounts {
            write_account(&transaction, &self.keys, account)?;
            reach(FailPoint::AccountsHalfWritten);
        }
        Ok(transaction.commit()?)
    }

    pub(super) fn read_setting(&self, name: &str) -> Kept<Option<String>> {
        let found = self
            .main
            .prepare_cached("SELECT version, sealed FROM settings WHERE name = ?1")?
            .query_row([name], |r| Ok((r.get::<_, u64>(0)?, r.get::<_, Vec<u8>>(1)?)))
            .optional()?;
        let Some((version, sealed)) = found else { return Ok(None) };
        let place = Place { vault: self.keys.vault, group: Group::Setting, row: name, version };
        Ok(Some(open(&self.keys.config, place, &sealed)?))
    }

    pub(super) fn write_setting(&mut self, name: &str, value: &str) -> Kept<()> {
        keep_setting(&self.main, &self.keys, name, value)
    }
}

/// Keeps a setting, within a transaction of the caller where there is one.
pub(super) fn keep_setting(
    database: &rusqlite::Connection,
    keys: &Keyring,
    name: &str,
    value: &str,
) -> Kept<()> {
    let sql = "SELECT version FROM settings WHERE name = ?1";
    let version = next_version(database, sql, name)?;
    let place = Place { vault: keys.vault, group: Group::Setting, row: name, version };
    let sealed = seal(&keys.config, place, &value)?;
    database
        .prepare_cached(
            "INSERT INTO settings (name, version, sealed) VALUES (?1, ?2, ?3)
             ON CONFLICT (name) DO UPDATE SET version = ?2, sealed = ?3",
        )?
        .execute((name, version, sealed))?;
    Ok(())
}

/// Seals an account under a key of its own; of one that is forgotten, what stays, without a key.
fn seal_account(
    database: &rusqlite::Connection,
    keys: &Keyring,
    account: &Account,
    version: u64,
) -> Kept<Vec<u8>> {
    let id = account.id.as_str();
    let place = |group| Place { vault: keys.vault, group, row: id, version };
    if account.forgotten_ms.is_some() {
        keys::delete(database, Owner::Account, id)?;
        forgetting::mark_due(database, keys)?;
        return seal(&keys.config, place(Group::Account), account);
    }
    let key = match keys::read(database, keys, Owner::Account, id)? {
        Some(key) => key,
        None => keys::make(database, keys, Owner::Account, id)?,
    };
    seal(&key, place(Group::OwnAccount), account)
}

fn write_account(database: &rusqlite::Connection, keys: &Keyring, account: &Account) -> Kept<()> {
    let id = account.id.as_str();
    let sql = "SELECT version FROM accounts WHERE id = ?1";
    let version = next_version(database, sql, id)?;
    let sealed = seal_account(database, keys, account, version)?;
    let connection = account.connection.as_str();
    let written = database
        .prepare_cached(
            "INSERT INTO accounts (id, connection, remote, version, sealed)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (id) DO UPDATE
             SET connection = ?2, remote = ?3, version = ?4, sealed = ?5",
        )?
        .execute((id, connection, remote_index(keys, account), version, sealed));
    match written {
        Ok(_) => Ok(()),
        Err(e) if db::is_unique_violation(&e) => Err(refused(refusal::ACCOUNT_TWICE)),
        Err(e) if db::is_reference_violation(&e) => Err(absent()),
        Err(e) => Err(e.into()),
    }
}

/// Finds the same remote account again without telling which one it is.
fn remote_index(keys: &Keyring, account: &Account) -> [u8; 32] {
    let mut message = b"satchel/remote".to_vec();
    put_field(&mut message, account.connection.as_str().as_bytes());
    put_field(&mut message, account.remote_id.as_bytes());
    keys.index.authenticate(&message)
}

/// Refuses what is for an account that is not there.
pub(super) fn check_account(database: &rusqlite::Connection, id: &AccountId) -> Kept<()> {
    let there =
        database.prepare_cached("SELECT 1 FROM accounts WHERE id = ?1")?.exists([id.as_str()])?;
    if there { Ok(()) } else { Err(absent()) }
}
