//! Connections, accounts and settings: sealed under the config key.

use rusqlite::OptionalExtension;

use super::{
    Account, AccountId, Connection, ConnectionId, Kept, Unreadable, absent, begin, next_version,
    open, refusal, refused, seal,
};
use crate::bytes::put_field;
use crate::db;
use crate::fail_point::{FailPoint, reach};
use crate::keys::Keyring;
use crate::seal::record::{Group, Place};
use crate::vault::OpenVault;

impl OpenVault {
    pub(super) fn read_connections(&self) -> Kept<(Vec<Connection>, Vec<Unreadable>)> {
        let sql = "SELECT id, version, sealed FROM connections ORDER BY place";
        self.read_sealed(sql, Group::Connection, "connections")
    }

    pub(super) fn read_accounts(&self) -> Kept<(Vec<Account>, Vec<Unreadable>)> {
        let sql = "SELECT id, version, sealed FROM accounts ORDER BY place";
        self.read_sealed(sql, Group::Account, "accounts")
    }

    fn read_sealed<T: serde::de::DeserializeOwned>(
        &self,
        sql: &str,
        group: Group,
        table: &'static str,
    ) -> Kept<(Vec<T>, Vec<Unreadable>)> {
        let (mut read, mut unreadable) = (Vec::new(), Vec::new());
        let mut statement = self.main.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let id: String = row.get(0)?;
            let place = Place { vault: self.keys.vault, group, row: &id, version: row.get(1)? };
            match open(&self.keys.config, place, row.get_ref(2)?.as_blob().unwrap_or_default()) {
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
        let sql = "SELECT version FROM settings WHERE name = ?1";
        let version = next_version(&self.main, sql, name)?;
        let place = Place { vault: self.keys.vault, group: Group::Setting, row: name, version };
        let sealed = seal(&self.keys.config, place, &value)?;
        self.main
            .prepare_cached(
                "INSERT INTO settings (name, version, sealed) VALUES (?1, ?2, ?3)
                 ON CONFLICT (name) DO UPDATE SET version = ?2, sealed = ?3",
            )?
            .execute((name, version, sealed))?;
        Ok(())
    }
}

fn write_account(database: &rusqlite::Connection, keys: &Keyring, account: &Account) -> Kept<()> {
    let id = account.id.as_str();
    let sql = "SELECT version FROM accounts WHERE id = ?1";
    let version = next_version(database, sql, id)?;
    let place = Place { vault: keys.vault, group: Group::Account, row: id, version };
    let sealed = seal(&keys.config, place, account)?;
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
