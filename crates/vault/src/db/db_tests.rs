#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::path::PathBuf;

use super::*;

fn fresh() -> (tempfile::TempDir, PathBuf, Key) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault.db");
    std::fs::write(&path, b"").unwrap();
    (folder, path, Key::draw().unwrap())
}

fn pragma<T: rusqlite::types::FromSql>(connection: &Connection, name: &str) -> T {
    connection.query_row(&format!("PRAGMA {name}"), [], |r| r.get(0)).unwrap()
}

#[test]
fn a_database_is_hardened_as_promised() {
    let (folder, path, key) = fresh();
    let photos_path = folder.path().join("photos.db");
    std::fs::write(&photos_path, b"").unwrap();
    let (vault, photos) =
        (open_vault(&path, None, &key).unwrap(), open_photos(&photos_path, None).unwrap());
    for connection in [&vault, &photos] {
        assert_eq!(pragma::<String>(connection, "journal_mode"), "wal");
        assert_eq!(pragma::<String>(connection, "locking_mode"), "exclusive");
        assert_eq!(pragma::<u32>(connection, "synchronous"), 2);
        assert_eq!(pragma::<u32>(connection, "secure_delete"), 1);
        assert_eq!(pragma::<u32>(connection, "temp_store"), 2);
        assert_eq!(pragma::<u32>(connection, "foreign_keys"), 1);
        assert_eq!(pragma::<u32>(connection, "trusted_schema"), 0);
        assert!(connection.db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE).unwrap());
        connection.execute_batch("PRAGMA writable_schema = ON").unwrap();
        assert!(connection.execute("DELETE FROM sqlite_schema", []).is_err());
    }
    assert_eq!(pragma::<u32>(&photos, "page_size"), PHOTOS_PAGE_BYTES);
    assert_eq!(pragma::<String>(&vault, "cipher_page_size"), VAULT_PAGE_BYTES.to_string());
}

#[test]
fn pages_look_like_noise_and_open_with_no_other_key() {
    let (_folder, path, key) = fresh();
    drop(open_vault(&path, None, &key).unwrap());
    let bytes = std::fs::read(&path).unwrap();
    assert!(!bytes.starts_with(b"SQLite format 3"));
    let distinct: std::collections::BTreeSet<_> = bytes[..4096].iter().collect();
    assert!(distinct.len() > 200, "{} different bytes in the first page", distinct.len());
    let plain = Connection::open(&path).unwrap();
    assert!(plain.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())).is_err());
    drop(plain);
    let refused = open_vault(&path, None, &Key::draw().unwrap());
    assert_eq!(refused.unwrap_err().code(), "damaged");
    assert!(open_vault(&path, None, &key).is_ok());
}

#[test]
fn a_page_changed_on_disk_is_found() {
    let (_folder, path, key) = fresh();
    drop(open_vault(&path, None, &key).unwrap());
    let mut bytes = std::fs::read(&path).unwrap();
    let place = bytes.len() - 2000;
    bytes[place] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let checked = open_vault(&path, None, &key).and_then(|db| check_integrity(&db, true));
    assert_eq!(checked.unwrap_err().code(), "damaged");
}

#[test]
fn a_whole_database_passes_its_check() {
    let (_folder, path, key) = fresh();
    check_integrity(&open_vault(&path, None, &key).unwrap(), true).unwrap();
}

#[test]
fn a_newer_schema_is_refused_and_left_alone() {
    let (_folder, path, key) = fresh();
    let database = open_vault(&path, None, &key).unwrap();
    database.pragma_update(None, "user_version", 1000).unwrap();
    drop(database);
    assert_eq!(open_vault(&path, None, &key).unwrap_err().code(), "newer_version");
}

#[test]
fn a_change_that_fails_leaves_the_schema_as_it_was() {
    let connection = Connection::open_in_memory().unwrap();
    let broken = [
        Migration { version: 1, sql: "CREATE TABLE one (a INTEGER NOT NULL) STRICT;" },
        Migration { version: 2, sql: "CREATE TABLE two (a INTEGER NOT NULL) STRICT; nonsense;" },
    ];
    assert!(migrate(&connection, &broken).is_err());
    assert_eq!(pragma::<u32>(&connection, "user_version"), 1);
    assert!(connection.prepare("SELECT a FROM one").is_ok());
    assert!(connection.prepare("SELECT a FROM two").is_err());
}

#[test]
fn changes_are_numbered_without_gaps() {
    for migrations in [VAULT_MIGRATIONS, PHOTOS_MIGRATIONS] {
        let numbers: Vec<_> = migrations.iter().map(|m| m.version).collect();
        let expected: Vec<_> = (1..).take(numbers.len()).collect();
        assert_eq!(numbers, expected);
    }
}

#[test]
fn every_table_is_strict_and_every_column_is_explained() {
    for migration in VAULT_MIGRATIONS.iter().chain(PHOTOS_MIGRATIONS) {
        let tables = migration.sql.matches("CREATE TABLE").count();
        assert_eq!(tables, migration.sql.matches(") STRICT;").count());
        let column = |line: &&str| {
            line.starts_with("    ")
                && [" TEXT ", " INTEGER ", " BLOB "].iter().any(|kind| line.contains(kind))
        };
        for line in migration.sql.lines().filter(column) {
            assert!(line.contains("-- "), "{line}");
        }
    }
}

#[test]
fn a_file_that_is_no_database_is_damaged() {
    let (_folder, path, key) = fresh();
    std::fs::write(&path, vec![0x5a; 8192]).unwrap();
    assert_eq!(open_vault(&path, None, &key).unwrap_err().code(), "damaged");
    assert_eq!(open_photos(&path, None).unwrap_err().code(), "damaged");
}
