//! Sealing and storing a submission with four photos, beside the same bytes in plain SQLite.

mod ours;
mod plain;
mod syncs;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::Args;
use satchel_fixtures::Chance;
use serde_json::json;

use crate::report::{Figure, Report};
use crate::statistics::{mean, median};
use ours::Ours;
use plain::{Plain, Set};

/// Photos of a submission, and bytes of each.
const PHOTOS: usize = 4;
const PHOTO_BYTES: usize = 400_000;
/// What is added to each sync.
const DELAYS_MS: [u64; 3] = [0, 3, 8];
/// Ours over plain SQLite as it comes: at most so much at this disk's own sync, and at slower ones.
const AIM_AS_IS: f64 = 1.3;
const AIM_SLOW: f64 = 1.0;

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Rounds; in each, every side stores one submission, in turn.
    #[arg(long, default_value_t = 60)]
    rounds: usize,
    /// Repeats the photos' bytes.
    #[arg(long, default_value_t = 20_261_128)]
    seed: u64,
    /// A folder on the disk to measure.
    #[arg(long, default_value = "target/bench")]
    folder: std::path::PathBuf,
    /// Fail when an aim is missed.
    #[arg(long)]
    check: bool,
}

/// One way to store, or one part of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Ours,
    AsItComes,
    LikeOurs,
    OurPhotos,
    OurRecords,
}

const SIDES: [Side; 5] =
    [Side::Ours, Side::AsItComes, Side::LikeOurs, Side::OurPhotos, Side::OurRecords];

impl Side {
    fn words(self) -> &'static str {
        match self {
            Side::Ours => "Satchel: sealed, two encrypted databases",
            Side::AsItComes => "SQLite as it comes: 4 KB pages, rollback journal",
            Side::LikeOurs => "SQLite with 16 KB pages and a write-ahead log",
            Side::OurPhotos => "  of ours: the photos with their keys, alone",
            Side::OurRecords => "  of ours: answers, log and keys, alone",
        }
    }
}

/// Times and syncs of one side.
#[derive(Default)]
struct Taken {
    seconds: Vec<f64>,
    syncs: u64,
}

struct Sides {
    ours: Ours,
    as_it_comes: Plain,
    like_ours: Plain,
    photos: Vec<Vec<u8>>,
}

impl Sides {
    fn once(&mut self, side: Side) -> Result<(Duration, u64)> {
        let account = self.ours.account()?;
        let photos = self.ours.photos(&self.photos);
        let (before, began) = (syncs::counted(), Instant::now());
        match side {
            Side::Ours => self.ours.seal(&account, &photos)?,
            Side::AsItComes => self.as_it_comes.insert(&self.photos)?,
            Side::LikeOurs => self.like_ours.insert(&self.photos)?,
            Side::OurPhotos => self.ours.put(&photos)?,
            Side::OurRecords => self.ours.seal(&account, &[])?,
        }
        Ok((began.elapsed(), syncs::counted() - before))
    }
}

/// Runs the benchmark.
///
/// # Errors
/// When a database refuses.
pub(crate) fn perform(arguments: &Arguments) -> Result<ExitCode> {
    std::fs::create_dir_all(&arguments.folder)
        .with_context(|| arguments.folder.display().to_string())?;
    let folder = tempfile::tempdir_in(&arguments.folder)?;
    let mut chance = Chance::new(arguments.seed);
    let mut photo = || (0..PHOTO_BYTES).map(|_| chance.below(256) as u8).collect::<Vec<u8>>();
    let mut sides = Sides {
        photos: (0..PHOTOS).map(|_| photo()).collect(),
        ours: Ours::make(&folder.path().join("vault"), arguments.seed)?,
        as_it_comes: Plain::make(&folder.path().join("plain.db"), Set::AsItComes)?,
        like_ours: Plain::make(&folder.path().join("wal.db"), Set::LikeOurs)?,
    };
    let mut report = Report::new("enqueue", arguments.seed);
    for delay_ms in DELAYS_MS {
        syncs::add(Duration::from_millis(delay_ms));
        measure(&mut sides, arguments.rounds, delay_ms, &mut report)?;
    }
    syncs::add(Duration::ZERO);
    Ok(report.print(arguments.check))
}

fn measure(sides: &mut Sides, rounds: usize, delay_ms: u64, report: &mut Report) -> Result<()> {
    let mut taken: Vec<Taken> = SIDES.iter().map(|_| Taken::default()).collect();
    for _ in 0..rounds {
        for (side, taken) in SIDES.iter().zip(&mut taken) {
            let (time, synced) = sides.once(*side)?;
            taken.seconds.push(time.as_secs_f64());
            taken.syncs += synced;
        }
    }
    report.head(&format!("A sync takes this disk's time and {delay_ms} ms; {rounds} rounds"));
    report.row("  median ms   mean ms  syncs each");
    for (side, taken) in SIDES.iter().zip(&taken) {
        let (median, mean) = (1e3 * median(&taken.seconds), 1e3 * mean(&taken.seconds));
        let syncs = taken.syncs as f64 / rounds as f64;
        report.row(&format!("{median:>11.2} {mean:>9.2} {syncs:>12.2}  {}", side.words()));
        let name = format!("{side:?} at {delay_ms} ms added");
        report.detail(&name, json!({ "median_ms": median, "mean_ms": mean, "syncs": syncs }));
    }
    let of = |side| SIDES.iter().zip(&taken).find(|(s, _)| **s == side).map(|(_, t)| &t.seconds);
    let (ours, peer) = of(Side::Ours).zip(of(Side::AsItComes)).context("both were measured")?;
    let aim = if delay_ms == 0 { AIM_AS_IS } else { AIM_SLOW };
    let ratio = median(ours) / median(peer);
    let name = format!("ours / SQLite as it comes, medians, {delay_ms} ms added to a sync");
    report.figure(Figure::at_most(&name, ratio, aim));
    Ok(())
}
