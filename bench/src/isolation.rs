//! What decoding apart costs: the same photo here and in a worker, by turns.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::Args;
use satchel_capture::{Darkroom, DocumentShape, PhotoRule};
use satchel_fixtures::Specimen;
use serde_json::json;

/// What a photo may cost more when it is made apart.
const AIM_MS: f64 = 10.0;

/// A ceiling that no photo meets.
const BYTES_MAX: u64 = 4_000_000;

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Rounds; each makes the photo once here and once apart
    #[arg(long, default_value_t = 21)]
    rounds: u32,
    /// Megapixels of the photo
    #[arg(long, default_value_t = 12)]
    megapixels: u32,
    /// End with 1 when the aim is missed
    #[arg(long)]
    check: bool,
}

pub(crate) fn perform(arguments: &Arguments) -> Result<ExitCode> {
    let width = (f64::from(arguments.megapixels) * 1e6 * 4.0 / 3.0).sqrt() as u32;
    let photo = Specimen::card(12).size(width, width * 3 / 4).jpeg();
    let rule = PhotoRule::for_document(DocumentShape::Card, BYTES_MAX);
    let (here, apart) = (Darkroom::here(), Darkroom::apart());
    let start = timed(|| apart.confinement().map(drop))?;
    let mut rounds = Vec::new();
    for _ in 0..arguments.rounds.max(1) {
        let in_process = timed(|| here.prepare(&photo, &rule).map(drop))?;
        let in_worker = timed(|| apart.prepare(&photo, &rule).map(drop))?;
        rounds.push([in_process, in_worker, in_worker - in_process]);
    }
    let [in_process, in_worker, costs] = [0, 1, 2].map(|column| {
        let mut values: Vec<f64> =
            rounds.iter().filter_map(|round| round.get(column).copied()).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
    });
    let bytes = photo.len();
    println!("{width} × {} px, {bytes} bytes, {} rounds", width * 3 / 4, rounds.len());
    println!("start of a worker     {start:8.1} ms, once");
    println!("in process            {in_process:8.1} ms, median");
    println!("in the worker         {in_worker:8.1} ms, median");
    println!("isolation costs       {costs:8.1} ms, median of the rounds' differences");
    println!(
        "{}",
        json!({
            "isolation_ms": costs,
            "aim_ms": AIM_MS,
            "start_ms": start,
            "in_process_ms": in_process,
        })
    );
    let missed = arguments.check && costs > AIM_MS;
    Ok(if missed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn timed(work: impl FnOnce() -> Result<(), satchel_capture::CaptureFault>) -> Result<f64> {
    let began = Instant::now();
    work().context("the photo was not made")?;
    Ok(milliseconds(began.elapsed()))
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
