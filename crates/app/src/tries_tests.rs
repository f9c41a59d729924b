#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use super::*;

fn at(seconds: u64) -> Moment {
    Moment { wall_ms: 1_800_000_000_000, boot_ms: seconds * 1000, boot: 1 }
}

fn wrong(tries: &mut Tries, now: &Moment) {
    let _ = tries.count::<()>(Err(ApiError::new("wrong_passphrase")), now);
}

fn left(tries: &mut Tries, now: &Moment) -> u64 {
    match tries.check(now) {
        Ok(()) => 0,
        Err(fault) => {
            assert_eq!(fault.code, "too_many_tries");
            fault.detail.unwrap().parse().unwrap()
        }
    }
}

#[test]
fn waits_grow_after_three_wrong_passphrases() {
    let folder = tempfile::tempdir().unwrap();
    let mut tries = Tries::read(&folder.path().join("tries.json"));
    let mut now = at(100);
    let mut waits = Vec::new();
    for _ in 0..11 {
        wrong(&mut tries, &now);
        let wait = left(&mut tries, &now);
        waits.push(wait);
        now.boot_ms += wait * 1000;
        assert_eq!(left(&mut tries, &now), 0);
    }
    assert_eq!(waits, [0, 0, 0, 5, 15, 60, 180, 420, 900, 900, 900]);
}

#[test]
fn a_right_passphrase_ends_the_count_and_another_fault_does_not_raise_it() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tries.json");
    let mut tries = Tries::read(&file);
    for _ in 0..6 {
        wrong(&mut tries, &at(1));
        let _ = tries.count::<()>(Err(ApiError::new("in_use")), &at(1));
    }
    assert_eq!(left(&mut tries, &at(1)), 60);
    tries.count(Ok(()), &at(100)).unwrap();
    assert!(!file.exists());
    wrong(&mut tries, &at(100));
    assert_eq!(left(&mut tries, &at(100)), 0);
}

#[test]
fn neither_a_new_start_of_the_program_nor_of_the_machine_nor_another_clock_shortens_the_wait() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tries.json");
    let mut tries = Tries::read(&file);
    for _ in 0..7 {
        wrong(&mut tries, &at(100));
    }
    assert_eq!(left(&mut Tries::read(&file), &at(110)), 170);
    let back = Moment { wall_ms: 0, ..at(110) };
    assert_eq!(left(&mut Tries::read(&file), &back), 170);
    let ahead = Moment { wall_ms: i64::MAX, ..at(110) };
    assert_eq!(left(&mut Tries::read(&file), &ahead), 170);
    let restarted = Moment { boot: 2, ..at(5) };
    assert_eq!(left(&mut Tries::read(&file), &restarted), 180);
    let later = Moment { boot: 2, ..at(65) };
    assert_eq!(left(&mut Tries::read(&file), &later), 120);
}

#[test]
fn what_another_program_counted_counts_here_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tries.json");
    let (mut window, mut other) = (Tries::read(&file), Tries::read(&file));
    for _ in 0..5 {
        wrong(&mut other, &at(10));
    }
    assert_eq!(left(&mut window, &at(10)), 15);
}

#[test]
fn a_file_that_cannot_be_written_still_makes_one_wait() {
    let mut tries = Tries::read(Path::new("/nowhere/at/all/tries.json"));
    for _ in 0..4 {
        wrong(&mut tries, &at(10));
    }
    assert_eq!(left(&mut tries, &at(10)), 5);
}
