//! The two databases: how they are opened, checked and brought up to date.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction};
use zeroize::Zeroizing;

use crate::fault::VaultFault;
use crate::keys::Key;
use crate::policy::{PHOTOS_PAGE_BYTES, VAULT_PAGE_BYTES};

/// One numbered change of a schema.
pub(crate) struct Migration {
    pub(crate) version: u32,
    pub(crate) sql: &'static str,
}

/// Changes of `vault.db`, oldest first. A change may add or copy; it never deletes rows of the
/// queue.
pub(crate) const VAULT_MIGRATIONS: &[Migration] = &[
    Migration { version: 1, sql: include_str!("../../migrations/vault/0001_first.sql") },
    Migration { version: 2, sql: include_str!("../../migrations/vault/0002_own_keys.sql") },
    Migration { version: 3, sql: include_str!("../../migrations/vault/0003_audit.sql") },
];

/// Changes of `photos.db`, oldest first.
pub(crate) const PHOTOS_MIGRATIONS: &[Migration] =
    &[Migration { version: 1, sql: include_str!("../../migrations/photos/0001_first.sql") }];

/// Opens `vault.db` with its page key. The file exists, empty when `fresh`.
pub(crate) fn open_vault(
    path: &Path,
    vfs: Option<&str>,
    page_key: &Key,
) -> Result<Connection, VaultFault> {
    let connection = connect(path, vfs)?;
    connection.execute_batch(&key_pragma(page_key))?;
    connection.pragma_update(None, "cipher_page_size", VAULT_PAGE_BYTES)?;
    check_page_encryption(&connection)?;
    harden(&connection)?;
    migrate(&connection, VAULT_MIGRATIONS)?;
    Ok(connection)
}

/// Opens `photos.db`. The file exists, empty when `fresh`.
pub(crate) fn open_photos(path: &Path, vfs: Option<&str>) -> Result<Connection, VaultFault> {
    let connection = connect(path, vfs)?;
    connection.pragma_update(None, "page_size", PHOTOS_PAGE_BYTES)?;
    harden(&connection)?;
    migrate(&connection, PHOTOS_MIGRATIONS)?;
    Ok(connection)
}

/// Looks a database through after somebody stopped in the middle of something.
///
/// The log is moved first: the check of encrypted pages reads the file itself, and would take pages
/// that were torn while they were moved, and stand whole in the log, for damage.
pub(crate) fn check_integrity(connection: &Connection, encrypted: bool) -> Result<(), VaultFault> {
    checkpoint(connection)?;
    if encrypted && !rows(connection, "PRAGMA cipher_integrity_check")?.is_empty() {
        return Err(VaultFault::Damaged("pages of vault.db"));
    }
    if rows(connection, "PRAGMA integrity_check(1)")? != ["ok"] {
        return Err(VaultFault::Damaged("structure of a database"));
    }
    Ok(())
}

/// Moves the write-ahead log into the database and empties it.
pub(crate) fn checkpoint(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
}

/// Brings a schema up to date, one transaction per change.
pub(crate) fn migrate(connection: &Connection, migrations: &[Migration]) -> Result<(), VaultFault> {
    let there: u32 = connection.query_row("PRAGMA user_version", [], |r| r.get(0))?;
    if migrations.iter().all(|m| m.version < there) {
        return Err(VaultFault::NewerVersion);
    }
    for migration in migrations.iter().filter(|m| m.version > there) {
        let transaction =
            Transaction::new_unchecked(connection, rusqlite::TransactionBehavior::Immediate)?;
        transaction.execute_batch(migration.sql)?;
        transaction.pragma_update(None, "user_version", migration.version)?;
        transaction.commit()?;
    }
    Ok(())
}

/// A code for what SQLite reported. Its texts may quote what was stored.
pub(crate) fn failure_code(error: &rusqlite::Error) -> String {
    match error.sqlite_error() {
        Some(e) => format!("sqlite_{}", e.extended_code),
        None => "database".to_owned(),
    }
}

/// Whether a unique index refused.
pub(crate) fn is_unique_violation(error: &rusqlite::Error) -> bool {
    is_constraint(error, rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE)
}

/// Whether a reference points nowhere, or is still pointed to.
pub(crate) fn is_reference_violation(error: &rusqlite::Error) -> bool {
    is_constraint(error, rusqlite::ffi::SQLITE_CONSTRAINT_FOREIGNKEY)
}

fn is_constraint(error: &rusqlite::Error, extended: i32) -> bool {
    error
        .sqlite_error()
        .is_some_and(|e| e.code == ErrorCode::ConstraintViolation && e.extended_code == extended)
}

fn connect(path: &Path, vfs: Option<&str>) -> Result<Connection, VaultFault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Ok(match vfs {
        Some(vfs) => Connection::open_with_flags_and_vfs(path, flags, vfs)?,
        None => Connection::open_with_flags(path, flags)?,
    })
}

fn key_pragma(page_key: &Key) -> Zeroizing<String> {
    let mut pragma = Zeroizing::new(String::with_capacity(96));
    pragma.push_str("PRAGMA key = \"x'");
    for byte in page_key.bytes() {
        for half in [byte >> 4, byte & 15] {
            pragma.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
        }
    }
    pragma.push_str("'\";");
    pragma
}

/// Plain SQLite takes a key in silence and writes plain pages.
fn check_page_encryption(connection: &Connection) -> Result<(), VaultFault> {
    match rows(connection, "PRAGMA cipher_version")?.first() {
        Some(version) if !version.is_empty() => Ok(()),
        Some(_) | None => Err(VaultFault::NoPageEncryption),
    }
}

fn harden(connection: &Connection) -> Result<(), VaultFault> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.execute_batch(
        "PRAGMA temp_store = MEMORY;
         PRAGMA mmap_size = 0;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;
         PRAGMA locking_mode = EXCLUSIVE;
         PRAGMA secure_delete = ON;
         PRAGMA foreign_keys = ON;",
    )?;
    let journal = rows(connection, "PRAGMA journal_mode = WAL")?;
    connection.execute_batch("PRAGMA synchronous = FULL;")?;
    if journal == ["wal"] { Ok(()) } else { Err(VaultFault::Database("no_wal".to_owned())) }
}

fn rows(connection: &Connection, sql: &str) -> rusqlite::Result<Vec<String>> {
    connection.prepare(sql)?.query_map([], |r| r.get(0))?.collect()
}

#[cfg(test)]
#[path = "db_tests.rs"]
mod tests;
