//! Loss of power, at every sync of a whole life of the real app over the real vault. The disk is in
//! memory; each time it is what was durable, with nothing, all, some or torn pieces of the rest. It
//! is opened, held against what had been acknowledged, and run to the end against providers that
//! forgot nothing. A failure prints its seed; `SATCHEL_SEED` and `SATCHEL_POWER_ROUNDS` replay it
//! and go on longer.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod check;
mod evidence;
mod life;
mod providers;
mod refusing;
mod watched;

use std::time::Instant;

use check::{Record, Tally};
use life::{Flaw, Life};
use satchel_core::chance::Chance;
use satchel_vault::disk::Failure;

/// Seed when none is asked for.
const SEED: u64 = 20_170_201;
/// How many times some of the writes arrive, at each sync and for each way of arriving.
const ROUNDS: usize = 1;
/// How many broken states are shown.
const SHOWN: usize = 5;

/// A broken promise, in words.
pub type Broken = String;

fn asked<T: std::str::FromStr>(name: &str, otherwise: T) -> T {
    match std::env::var(name) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")),
        Err(_) => otherwise,
    }
}

/// A seed of 32 bytes from a number.
pub fn seed_of(number: u64) -> [u8; 32] {
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number.to_le_bytes());
    seed
}

fn record(seed: u64, flaw: Option<Flaw>) -> Record {
    let (life, acknowledged) = Life::noted(seed, flaw).unwrap();
    Record { life, acknowledged }
}

#[test]
fn what_was_acknowledged_survives_a_loss_of_power_at_every_sync() {
    let (seed, rounds) = (asked("SATCHEL_SEED", SEED), asked("SATCHEL_POWER_ROUNDS", ROUNDS));
    let began = Instant::now();
    let record = record(seed, None);
    let points = record.life.disk.syncs();
    println!("seed {seed}, {points} syncs, {} calls, rounds {rounds}", record.acknowledged.len());
    let mut tally = Tally::default();
    let mut broken = Vec::new();
    for syncs in 0..=points {
        let of_point = seed.wrapping_mul(1_000_003).wrapping_add(syncs as u64);
        let mut chance = Chance::from_seed(seed_of(of_point));
        let states = record.life.disk.states_after_power_loss(syncs, rounds, &mut chance);
        for (n, state) in states.enumerate() {
            let loss = state.0;
            let of_state = of_point.wrapping_mul(1_009).wrapping_add(n as u64);
            if let Err(why) = record.try_state(state, of_state, &mut tally) {
                broken.push(format!("{loss:?}: {why}"));
            }
        }
    }
    println!("{tally:?} in {:.1} s", began.elapsed().as_secs_f64());
    let shown = broken.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("\n");
    assert!(broken.is_empty(), "seed {seed}: {} broken:\n{shown}", broken.len());
    let met = [tally.torn, tally.made_anew, tally.in_flight, tally.swept, tally.again, tally.run];
    assert!(points > 100 && met.iter().all(|n| *n > 0), "{points} syncs, {tally:?}");
}

#[test]
fn a_store_that_loses_what_it_acknowledged_is_caught() {
    let seed = asked("SATCHEL_SEED", SEED);
    for flaw in [Flaw::NoSync, Flaw::LyingDrive] {
        let record = record(seed, Some(flaw));
        let points = record.life.disk.syncs();
        let mut broken = Vec::new();
        for syncs in 0..=points {
            let mut chance = Chance::from_seed(seed_of(seed));
            let mut states = record.life.disk.states_after_power_loss(syncs, 0, &mut chance);
            let (loss, disk) = states.next().unwrap();
            if let Err(why) = record.examine(&loss, &disk, &mut Tally::default()) {
                broken.push(format!("{loss:?}: {why}"));
            }
        }
        let lost = broken.iter().find(|why| why.contains("in place of"));
        let lost = lost.unwrap_or_else(|| panic!("{flaw:?} was not caught: {broken:?}"));
        println!("{flaw:?}: {} of {} states are broken, first {lost}", broken.len(), points + 1);
    }
}

#[test]
fn a_disk_that_fails_for_a_while_stops_nothing_and_doubles_nothing() {
    let seed = asked("SATCHEL_SEED", SEED);
    for (failure, apart) in [(Failure::Full, 41), (Failure::Write, 41), (Failure::Sync, 9)] {
        let mut refused = 0;
        for n in 0..12 {
            let after = n * apart;
            let mut life = Life::on_a_bad_disk(seed + n);
            life.disk.fail(failure, after);
            let ended = life.run();
            assert!(ended.is_ok(), "seed {seed}, {failure:?} after {after}: {ended:?}");
            refused += life.refused;
        }
        println!("{failure:?}: a person was told {refused} times");
        assert!(refused > 5, "{failure:?} hardly ever happened");
    }
}
