#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use satchel_core::store::Store;

use super::*;
use crate::folder::Files;
use crate::{Cost, CreateOptions, Vault};

const WORDS: &str = "correct horse battery staple";
const OPTIONS: CreateOptions = CreateOptions { cost: Cost::for_tests() };

fn chance(seed: u8) -> Chance {
    Chance::from_seed([seed; 32])
}

fn read(disk: &Disk, name: &str) -> Option<Vec<u8>> {
    Files::read(disk, Path::new(name), u64::MAX).ok()
}

fn write(disk: &Disk, name: &str, at: usize, bytes: &[u8]) {
    let mut medium = disk.medium();
    let (file, _) = medium.open(Some(name), true).unwrap();
    medium.write(file, at, bytes).unwrap();
}

fn sync(disk: &Disk, name: &str) {
    let mut medium = disk.medium();
    let file = medium.find(name).unwrap();
    medium.sync(file).unwrap();
}

fn after(disk: &Disk, arrived: Arrived, seed: u8) -> Disk {
    let medium = disk.medium();
    let (durable, pending) = medium.at(medium.syncs.len());
    let pending: Vec<_> = pending.into_iter().cloned().collect();
    Disk::holding(left(&durable, &pending, arrived, &mut chance(seed)))
}

/// A disk with a durable, empty file of each name.
fn with_files(names: &[&str]) -> Disk {
    let disk = Disk::new();
    for name in names {
        Files::make(&disk, Path::new(name), b"").unwrap();
    }
    disk.sync_folder(Path::new("")).unwrap();
    disk
}

#[test]
fn bytes_are_durable_once_their_own_file_was_synced() {
    let disk = with_files(&["a", "b"]);
    write(&disk, "a", 0, b"kept");
    write(&disk, "b", 0, b"lost");
    sync(&disk, "a");
    write(&disk, "a", 4, b" and lost");
    let left = after(&disk, Arrived::Nothing, 1);
    assert_eq!(read(&left, "a").unwrap(), b"kept");
    assert_eq!(read(&left, "b").unwrap(), b"");
    let whole = after(&disk, Arrived::Everything, 1);
    assert_eq!(read(&whole, "a").unwrap(), b"kept and lost");
    assert_eq!(read(&whole, "b").unwrap(), b"lost");
}

#[test]
fn a_name_is_durable_once_the_folder_was_synced() {
    let disk = with_files(&["old"]);
    Files::make(&disk, Path::new("new"), b"bytes").unwrap();
    assert!(read(&after(&disk, Arrived::Nothing, 1), "new").is_none());
    disk.rename(Path::new("new"), Path::new("old")).unwrap();
    assert_eq!(read(&after(&disk, Arrived::Nothing, 1), "old").unwrap(), b"");
    disk.sync_folder(Path::new("")).unwrap();
    let left = after(&disk, Arrived::Nothing, 1);
    assert_eq!(read(&left, "old").unwrap(), b"bytes");
    assert!(read(&left, "new").is_none());
    disk.remove(Path::new("old")).unwrap();
    assert!(read(&after(&disk, Arrived::Nothing, 1), "old").is_some());
}

#[test]
fn an_earlier_moment_is_told_from_a_later_one() {
    let disk = with_files(&["a"]);
    let before = disk.syncs();
    write(&disk, "a", 0, b"one");
    sync(&disk, "a");
    write(&disk, "a", 0, b"two");
    let found = |syncs| {
        let mut chance = chance(1);
        let mut states = disk.states_after_power_loss(syncs, 0, &mut chance);
        let nothing = read(&states.next().unwrap().1, "a").unwrap();
        (nothing, states.next().map(|(_, everything)| read(&everything, "a").unwrap()))
    };
    assert_eq!(found(before), (b"".to_vec(), Some(b"one".to_vec())));
    assert_eq!(found(before + 1), (b"one".to_vec(), Some(b"two".to_vec())));
}

#[test]
fn any_write_may_arrive_without_those_before_it() {
    let disk = with_files(&["a"]);
    for n in 0..6 {
        write(&disk, "a", n, &[b'0' + n as u8]);
    }
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..200 {
        let found = read(&after(&disk, Arrived::Some, seed), "a").unwrap();
        let arrived: String = (0..6)
            .map(|n| if found.get(n) == Some(&(b'0' + n as u8)) { 'x' } else { '-' })
            .collect();
        seen.insert(arrived);
    }
    assert!(seen.contains("------") && seen.contains("xxxxxx"), "{seen:?}");
    assert!(seen.len() > 25, "{} of 64 subsets: {seen:?}", seen.len());
}

#[test]
fn a_torn_write_stops_at_borders_of_sectors() {
    for sector in SECTORS {
        let disk = with_files(&["a"]);
        write(&disk, "a", 0, &vec![1; 4 * sector]);
        sync(&disk, "a");
        write(&disk, "a", sector / 2, &vec![2; 3 * sector]);
        let mut ways = std::collections::BTreeSet::new();
        for seed in 0..100 {
            let found = read(&after(&disk, Arrived::Torn(sector), seed), "a").unwrap();
            let mut expected = vec![1; 4 * sector];
            let borders = [sector / 2, sector, 2 * sector, 3 * sector, 7 * sector / 2];
            let mut way = String::new();
            for piece in borders.windows(2) {
                let is_new = found[piece[0]] == 2;
                expected[piece[0]..piece[1]].fill(if is_new { 2 } else { 1 });
                way.push(if is_new { 'x' } else { '-' });
            }
            assert_eq!(found, expected, "seed {seed}");
            ways.insert(way);
        }
        for way in ["----", "xxxx", "x---", "---x", "-x-x"] {
            assert!(ways.contains(way), "never {way}: {ways:?}");
        }
    }
}

#[test]
fn the_same_seed_leaves_the_same_bytes() {
    let disk = with_files(&["a"]);
    for n in 0..20 {
        write(&disk, "a", n * 300, &[n as u8; 1000]);
    }
    for arrived in [Arrived::Some, Arrived::Torn(512)] {
        let found = |seed| read(&after(&disk, arrived, seed), "a");
        assert_eq!(found(1), found(1));
        assert!((2..10).any(|seed| found(seed) != found(1)));
    }
}

#[test]
fn a_vault_lies_on_it_whole_and_opens_again() {
    let disk = Disk::new();
    let mut vault = Vault::create_on(&disk, WORDS, OPTIONS).unwrap();
    vault.put_setting("theme", "dark").unwrap();
    assert_eq!(Vault::open_on(&disk, WORDS).unwrap_err().code(), "in_use");
    drop(vault);
    let vault = Vault::open_on(&disk, WORDS).unwrap();
    assert!(!vault.was_unclean());
    assert_eq!(vault.setting("theme").unwrap().as_deref(), Some("dark"));
    assert_eq!(vault.bytes_on_disk().unwrap(), {
        let counted = ["vault.db", "vault.db-wal", "photos.db", "photos.db-wal", "vault.header"];
        counted.iter().filter_map(|name| Files::size(&disk, Path::new(name))).sum::<u64>()
    });
    drop(vault);
    assert_eq!(Vault::open_on(&disk, "another passphrase").unwrap_err().code(), "wrong_passphrase");
    assert!(!Path::new("vault").exists());
}

#[test]
fn a_program_that_was_killed_lost_nothing_and_says_so() {
    let disk = Disk::new();
    let mut vault = Vault::create_on(&disk, WORDS, OPTIONS).unwrap();
    vault.put_setting("theme", "dark").unwrap();
    let after = disk.crash();
    assert!(vault.put_setting("theme", "light").is_err());
    drop(vault);
    let vault = Vault::open_on(&after, WORDS).unwrap();
    assert!(vault.was_unclean());
    assert_eq!(vault.setting("theme").unwrap().as_deref(), Some("dark"));
}

#[test]
fn a_drive_that_ignores_flushes_loses_what_was_acknowledged() {
    for lies in [false, true] {
        let disk = Disk::new();
        let mut vault = Vault::create_on(&disk, WORDS, OPTIONS).unwrap();
        disk.ignore_flushes(lies);
        vault.put_setting("theme", "dark").unwrap();
        let after = after(&disk, Arrived::Nothing, 1);
        let found = Vault::open_on(&after, WORDS).unwrap().setting("theme").unwrap();
        assert_eq!(found.as_deref(), if lies { None } else { Some("dark") });
    }
}

#[test]
fn without_shared_memory_only_exclusive_locking_opens_a_log() {
    let disk = Disk::new();
    drop(Vault::create_on(&disk, WORDS, OPTIONS).unwrap());
    let open = || {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
        Connection::open_with_flags_and_vfs("photos.db", flags, disk.vfs().unwrap()).unwrap()
    };
    let count = "SELECT count(*) FROM streams";
    let shared = open();
    assert!(shared.query_row(count, [], |r| r.get::<_, u32>(0)).is_err());
    drop(shared);
    let alone = open();
    alone.execute_batch("PRAGMA locking_mode = EXCLUSIVE;").unwrap();
    assert_eq!(alone.query_row(count, [], |r| r.get::<_, u32>(0)).unwrap(), 0);
}

#[test]
fn a_full_or_failing_disk_gives_a_clean_fault_and_keeps_what_was_there() {
    for failure in [Failure::Full, Failure::Write, Failure::Sync] {
        let mut refused = 0;
        for after in 0..12 {
            let disk = Disk::new();
            let mut vault = Vault::create_on(&disk, WORDS, OPTIONS).unwrap();
            vault.put_setting("before", "kept").unwrap();
            disk.fail(failure, after);
            let names: Vec<_> = (0..8).map(|n| format!("during {n}")).collect();
            let mut is_kept = |name: &&String| vault.put_setting(name, "kept").is_ok();
            let mut kept: Vec<_> = names.iter().filter(&mut is_kept).map(String::as_str).collect();
            refused += names.len() - kept.len();
            disk.mend();
            vault.put_setting("after", "kept").unwrap();
            let after = disk.lose_power(&mut chance(after as u8)).1;
            drop(vault);
            let vault = Vault::open_on(&after, WORDS).unwrap();
            kept.extend(["before", "after"]);
            for name in kept {
                let found = vault.setting(name).unwrap();
                assert_eq!(found.as_deref(), Some("kept"), "{failure:?}: {name}");
            }
        }
        assert!(refused > 0, "{failure:?} never happened");
    }
}

#[test]
fn a_read_that_fails_while_it_opens_is_told_and_harms_nothing() {
    let mut chance = chance(1);
    for failure in [Failure::Read, Failure::ShortRead] {
        let mut refused = 0;
        for after in 0..20 {
            let disk = Disk::new();
            let mut vault = Vault::create_on(&disk, WORDS, OPTIONS).unwrap();
            vault.put_setting("theme", "dark").unwrap();
            let disk = disk.lose_power(&mut chance).1;
            drop(vault);
            disk.fail(failure, after);
            refused += usize::from(Vault::open_on(&disk, WORDS).is_err());
            disk.mend();
            let found = Vault::open_on(&disk, WORDS).unwrap().setting("theme").unwrap();
            assert_eq!(found.as_deref(), Some("dark"), "{failure:?} after {after}");
        }
        assert!(refused > 5, "{failure:?} was told {refused} times");
    }
}

#[test]
fn a_log_that_was_half_moved_when_the_power_went_is_no_damage() {
    let disk = Disk::new();
    let mut vault = Vault::create_on(&disk, WORDS, OPTIONS).unwrap();
    for n in 0..20 {
        vault.put_setting(&format!("setting {n}"), "kept").unwrap();
    }
    let before = disk.syncs();
    drop(vault);
    let mut states = 0;
    for syncs in before..=disk.syncs() {
        for (loss, left) in disk.states_after_power_loss(syncs, 8, &mut chance(syncs as u8)) {
            let vault = Vault::open_on(&left, WORDS);
            let vault = vault.unwrap_or_else(|fault| panic!("{loss:?}: {fault}"));
            for n in 0..20 {
                let found = vault.setting(&format!("setting {n}")).unwrap();
                assert_eq!(found.as_deref(), Some("kept"), "{loss:?}");
            }
            states += 1;
        }
    }
    assert!(states > 20, "{states}");
}

#[test]
fn a_log_that_moves_itself_because_it_is_long_loses_nothing() {
    let disk = Disk::new();
    let mut vault = Vault::create_on(&disk, WORDS, OPTIONS).unwrap();
    let mut acknowledged = Vec::new();
    for n in 0..1_500 {
        vault.put_setting("counter", &n.to_string()).unwrap();
        acknowledged.push(disk.syncs());
    }
    let moved: Vec<_> =
        (1..acknowledged.len()).filter(|n| acknowledged[*n] - acknowledged[*n - 1] > 1).collect();
    assert!(!moved.is_empty(), "the log never moved");
    let mut states = 0;
    for n in moved {
        for syncs in acknowledged[n - 1]..acknowledged[n] + 2 {
            for (loss, left) in disk.states_after_power_loss(syncs, 2, &mut chance(n as u8)) {
                let done = acknowledged.partition_point(|at| *at <= loss.syncs);
                let vault = Vault::open_on(&left, WORDS);
                let vault = vault.unwrap_or_else(|fault| panic!("{loss:?}: {fault}"));
                let found: usize = vault.setting("counter").unwrap().unwrap().parse().unwrap();
                assert!((done - 1..=done).contains(&found), "{loss:?}: {found} of {done}");
                states += 1;
            }
        }
    }
    assert!(states > 10, "{states}");
}

#[test]
fn disks_do_not_know_each_other() {
    let threads = (0..4).map(|n| {
        std::thread::spawn(move || {
            for _ in 0..5 {
                let disk = Disk::new();
                let mut vault = Vault::create_on(&disk, WORDS, OPTIONS).unwrap();
                vault.put_setting("n", &n.to_string()).unwrap();
                drop(vault);
                let vault = Vault::open_on(&disk, WORDS).unwrap();
                assert_eq!(vault.setting("n").unwrap(), Some(n.to_string()));
            }
        })
    });
    for thread in threads.collect::<Vec<_>>() {
        thread.join().unwrap();
    }
}
