//! Kill torture: the real `satchelctl` over real HTTP and real SQLite, killed at named places and
//! at any moment, while the network fails too. `SATCHEL_KILLS` asks for more, `SATCHEL_SEED`
//! repeats the choices.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "../acceptance/answers.rs"]
mod answers;
mod applicants;
#[path = "../acceptance/desk.rs"]
#[expect(dead_code, reason = "the acceptance tests need more of it")]
mod desk;
mod judge;
mod killer;
mod photos;
mod planted;
mod points;
mod round;
mod tally;
mod weather;

use std::time::Instant;

use desk::Desk;
use photos::Shelf;
use round::{Ending, Shelves, live};
use tally::{HITS_MIN, Tally};

/// Kills of one run when no number is asked for.
const KILLS: usize = 200;
/// From this many on, every named place must have been hit often enough.
const KILLS_FOR_ALL: usize = 200;
/// Kills of one vault.
const KILLS_OF_A_ROUND: usize = 60;
const SEED: u64 = 20_261_128;
/// Photos for the tries to seal and the retakes of one vault, at WePay and at Winter.
const SHELVES: (usize, usize) = (40, 36);

fn asked(name: &str, otherwise: u64) -> u64 {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")),
        Err(_) => otherwise,
    }
}

fn shelves(desk: &Desk, (wepay, winter): (usize, usize)) -> Shelves {
    Shelves {
        wepay: Shelf::new(desk, "wepay", ("drivers_license", "front"), wepay),
        winter: Shelf::new(desk, "winter", ("DRIVERS_LICENSE", "front"), winter),
    }
}

#[test]
fn a_program_killed_anywhere_loses_nothing_repeats_nothing_and_sends_nothing_stale() {
    let kills = usize::try_from(asked("SATCHEL_KILLS", KILLS as u64)).unwrap();
    let first = asked("SATCHEL_SEED", SEED);
    let began = Instant::now();
    let studio = Desk::new();
    let mut shelves = shelves(&studio, SHELVES);
    println!("seed {first}, {kills} kills asked for; photos after {:.1?}", began.elapsed());
    let mut tally = Tally::new();
    let mut seed = first;
    while tally.kills() < kills || (kills >= KILLS_FOR_ALL && !tally.below(HITS_MIN).is_empty()) {
        assert!(tally.kills() < 2 * kills + 100, "rarely hit: {:?}", tally.below(HITS_MIN));
        let left = kills.saturating_sub(tally.kills()).max(KILLS_OF_A_ROUND / 2);
        let (round, before) = (Instant::now(), tally.kills());
        let ending = live(&mut shelves, seed, left.min(KILLS_OF_A_ROUND), &mut tally);
        let delivered = tally.kills() - before;
        println!(
            "seed {seed}: {delivered} kills, {} effects, {:.1?}; {} places hit too rarely",
            ending.journal.len(),
            round.elapsed(),
            tally.below(HITS_MIN).len()
        );
        assert!(ending.faults.is_empty(), "seed {first}, {}", report(seed, &ending));
        seed += 1;
    }
    println!("{}", tally.table());
    println!(
        "{} kills of {} vaults in {:.0?}, seed {first}: nothing lost, nothing twice, nothing stale",
        tally.kills(),
        seed - first,
        began.elapsed()
    );
}

/// What broke, and all that is known of it.
fn report(seed: u64, ending: &Ending) -> String {
    let mut report = format!("in the vault of seed {seed}\n");
    for (fault, told) in ending.faults.iter().zip(&ending.told) {
        let sealed = ending.sealed.iter().find(|s| s.account == fault.account);
        let entries = ending.journal.iter().filter(|e| e["account"] == fault.account.as_str());
        let entries: Vec<String> = entries.map(ToString::to_string).collect();
        report.push_str(&format!("\n{fault}\nsealed: {sealed:?}\nthe program: {told}\n"));
        report.push_str(&format!("the provider:\n{}\n", entries.join("\n")));
    }
    report
}
