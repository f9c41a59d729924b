//! `satchel-bench`: benchmarks against peers, side by side in one run. `cargo xtask bench` builds
//! everything that they need and starts it.
//!
//! Owns emulated links and what is measured over them, what storing costs, and what is measured of
//! photos. Knows our programs only from outside, and the vault by its store.

#[cfg(target_os = "linux")]
mod accounts;
#[cfg(target_os = "linux")]
mod drain;
#[cfg(target_os = "linux")]
mod enqueue;
mod isolation;
#[cfg(target_os = "linux")]
mod link;
#[cfg(target_os = "linux")]
mod report;
#[cfg(target_os = "linux")]
mod statistics;

use std::process::ExitCode;

use clap::Parser;

/// Benchmarks against peers, side by side in one run.
#[derive(Debug, Parser)]
#[command(version, about)]
enum Benchmark {
    /// Opens vaults with very many accounts, lists them, and searches as one types
    #[cfg(target_os = "linux")]
    Accounts(accounts::Arguments),
    /// Drains submissions of several accounts over emulated slow links; needs root
    #[cfg(target_os = "linux")]
    Drain(drain::Arguments),
    /// Seals and stores submissions with four photos, beside the same bytes in plain SQLite
    #[cfg(target_os = "linux")]
    Enqueue(enqueue::Arguments),
    /// Measures what decoding in a process apart costs
    Isolation(isolation::Arguments),
}

fn main() -> ExitCode {
    if satchel_capture::is_photo_worker() {
        return satchel_capture::photo_worker();
    }
    let done = match Benchmark::parse() {
        #[cfg(target_os = "linux")]
        Benchmark::Accounts(arguments) => accounts::perform(&arguments),
        #[cfg(target_os = "linux")]
        Benchmark::Drain(arguments) => drain::perform(&arguments),
        #[cfg(target_os = "linux")]
        Benchmark::Enqueue(arguments) => enqueue::perform(&arguments),
        Benchmark::Isolation(arguments) => isolation::perform(&arguments),
    };
    done.unwrap_or_else(|error| {
        eprintln!("satchel-bench: {error:#}");
        ExitCode::from(2)
    })
}
