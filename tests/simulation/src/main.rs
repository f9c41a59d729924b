//! `cargo xtask sim`: lives through schedules and says what they met; a broken one is shrunk.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::process::ExitCode;
use std::time::Duration;

use satchel_simulation::{Case, Keep, Run, Stuff, run, shrink};

const USAGE: &str = "usage: sim [--schedules N] [--seed S] [--minutes M] [--store memory|sqlite] \
                     [--threads N] [--keep WHAT]";

/// How many broken schedules are told.
const TOLD: usize = 3;

fn arguments() -> Option<Run> {
    let mut run = Run {
        seed: 1,
        schedules: 20_000,
        time: None,
        stuff: Stuff::Memory,
        threads: std::thread::available_parallelism().map_or(1, |n| n.get()),
        keep: Keep::default(),
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next()?;
        match word.as_str() {
            "--schedules" => run.schedules = value.parse().ok()?,
            "--seed" => run.seed = value.parse().ok()?,
            "--minutes" => run.time = Some(Duration::from_secs(60 * value.parse::<u64>().ok()?)),
            "--store" if value == "memory" => run.stuff = Stuff::Memory,
            "--store" if value == "sqlite" => run.stuff = Stuff::Sqlite,
            "--threads" => run.threads = value.parse().ok().filter(|n| *n > 0)?,
            "--keep" => run.keep = Keep::parse(&value)?,
            _ => return None,
        }
    }
    Some(run)
}

fn main() -> ExitCode {
    let Some(wanted) = arguments() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let course = run(&wanted);
    println!("{}", course.tally.table());
    let (lived, seconds) = (course.schedules, course.seconds);
    let (rate, threads) = (course.rate(wanted.threads), wanted.threads);
    println!(
        "seed {}: {lived} schedules in {seconds:.1} s on {threads} threads, {rate:.0} a second and \
         core; {} broken",
        wanted.seed,
        course.broken.len()
    );
    for (seed, broken) in course.broken.iter().skip(TOLD) {
        println!("seed {seed}: {broken}");
    }
    for (seed, broken) in course.broken.iter().take(TOLD) {
        println!("\nseed {seed}: {broken}");
        tell(&Case {
            seed: *seed,
            stuff: wanted.stuff,
            keep: wanted.keep.clone(),
            ..Case::default()
        });
    }
    if course.broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn tell(case: &Case) {
    let Some(shrunk) = shrink(case) else {
        println!("it does not break again: the store or the machine differed");
        return;
    };
    let store = match case.stuff {
        Stuff::Memory => "memory",
        Stuff::Sqlite => "sqlite",
    };
    println!("{}", shrunk.story());
    println!(
        "replay: cargo xtask sim --seed {} --schedules 1 --store {store} --keep '{}'",
        case.seed, shrunk.case.keep
    );
}
