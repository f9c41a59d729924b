//! The promises in many schedules, and proof that a broken one would be seen.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::thread;

use satchel_simulation::{
    Case, Course, Keep, Mutation, Run, Stuff, everything_was_hit, live, run, shrink,
};

/// Seed of the first schedule when none is asked for.
const SEED: u64 = 20_170_201;
/// Schedules on the memory store.
const SCHEDULES: u64 = 200_000;
/// Schedules on a real vault.
const SCHEDULES_SQLITE: u64 = 5_000;
/// Schedules within which each planted bug must show.
const BUG_SCHEDULES: u64 = 50_000;

fn asked(name: &str, otherwise: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")),
        Err(_) => otherwise,
    }
}

fn lives(schedules: u64, stuff: Stuff) -> Course {
    let seed = asked("SATCHEL_SEED", SEED);
    let wanted = Run { seed, schedules, time: None, stuff, threads: 2, keep: Keep::default() };
    let course = run(&wanted);
    println!("{}", course.tally.table());
    let rate = course.rate(wanted.threads);
    println!("seed {seed}: {} schedules, {rate:.0} a second and core", course.schedules);
    if let Some((seed, broken)) = course.broken.first() {
        let case = Case { seed: *seed, stuff, ..Case::default() };
        let story = shrink(&case).map(|shrunk| (shrunk.story(), shrunk.case.keep.to_string()));
        let (story, keep) = story.unwrap_or_default();
        panic!(
            "{broken}\n{story}\nreplay: cargo xtask sim --schedules 1 --seed {seed} --keep '{keep}'"
        );
    }
    course
}

#[test]
fn every_promise_holds_in_every_schedule() {
    let schedules = asked("SATCHEL_SCHEDULES", SCHEDULES);
    let course = lives(schedules, Stuff::Memory);
    assert_eq!(course.schedules, schedules);
    let missed = everything_was_hit(&course.tally);
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn every_promise_holds_on_a_real_vault() {
    let course = lives(SCHEDULES_SQLITE, Stuff::Sqlite);
    assert_eq!(course.schedules, SCHEDULES_SQLITE);
}

#[test]
fn the_same_seed_gives_the_same_trace() {
    for seed in 1..=50 {
        let quiet = live(&Case { seed, ..Case::default() });
        let readable = live(&Case { seed, readable: true, ..Case::default() });
        let sqlite = live(&Case { seed, stuff: Stuff::Sqlite, ..Case::default() });
        assert_eq!(quiet.hash, readable.hash, "seed {seed}");
        assert_eq!(quiet.hash, sqlite.hash, "seed {seed}: the stores differ");
        assert_ne!(quiet.hash, live(&Case { seed: seed + 1, ..Case::default() }).hash);
    }
}

/// The first schedule that a bug breaks.
fn caught(bug: Mutation) -> Option<(u64, String)> {
    (SEED..SEED + BUG_SCHEDULES).find_map(|seed| {
        let ending = live(&Case { seed, bug: Some(bug), ..Case::default() });
        let broken = ending.broken?;
        let honest = live(&Case { seed, ..Case::default() }).broken;
        assert_eq!(honest, None, "seed {seed} breaks without the bug");
        Some((seed - SEED + 1, broken))
    })
}

#[test]
fn every_planted_bug_is_caught() {
    let (one, other) = Mutation::ALL.split_at(Mutation::ALL.len() / 2);
    let hunt = |bugs: &[Mutation]| -> Vec<Mutation> {
        let missed = bugs.iter().filter(|bug| match caught(**bug) {
            Some((after, broken)) => {
                println!("{bug:?}: after {after} schedules: {broken}");
                false
            }
            None => true,
        });
        missed.copied().collect()
    };
    let missed = thread::scope(|scope| {
        let first = scope.spawn(|| hunt(one));
        let mut missed = hunt(other);
        missed.extend(first.join().unwrap());
        missed
    });
    let all = Mutation::ALL.len();
    println!("{} of {all} planted bugs caught", all - missed.len());
    assert!(missed.is_empty(), "never caught: {missed:?}");
}

#[test]
fn a_broken_schedule_is_shrunk_and_its_rest_still_breaks() {
    let bug = Some(Mutation::ServerFaultIsNotDone);
    let case = (1..).map(|seed| Case { seed, bug, ..Case::default() });
    let broken = case.take(1_000).find(|case| live(case).broken.is_some()).unwrap();
    let shrunk = shrink(&broken).unwrap();
    let again = Keep::parse(&shrunk.case.keep.to_string()).unwrap();
    assert_eq!(again, shrunk.case.keep);
    assert!(live(&Case { keep: again, ..broken }).broken.is_some());
    let left: usize = shrunk.left.iter().map(|(_, count)| count).sum();
    assert!(left <= 10, "{:?}", shrunk.left);
    assert!(shrunk.story().contains("left after"));
}
