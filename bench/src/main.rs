//! `satchel-bench`: benchmarks against peers, side by side in one run. `cargo xtask bench` builds
//! everything that they need and starts it.
//!
//! Owns emulated links and what is measured over them, and what storing costs. Knows our programs
//! only from outside, and the vault by its store.

#[cfg(target_os = "linux")]
mod accounts;
#[cfg(target_os = "linux")]
mod drain;
#[cfg(target_os = "linux")]
mod enqueue;
#[cfg(target_os = "linux")]
mod link;
#[cfg(target_os = "linux")]
mod report;
#[cfg(target_os = "linux")]
mod statistics;

use std::process::ExitCode;

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    use clap::Parser;

    /// Benchmarks against peers, side by side in one run.
    #[derive(Debug, Parser)]
    #[command(version, about)]
    enum Benchmark {
        /// Opens vaults with very many accounts, lists them, and searches as one types
        Accounts(accounts::Arguments),
        /// Drains submissions of several accounts over emulated slow links; needs root
        Drain(drain::Arguments),
        /// Seals and stores submissions with four photos, beside the same bytes in plain SQLite
        Enqueue(enqueue::Arguments),
    }

    let done = match Benchmark::parse() {
        Benchmark::Accounts(arguments) => accounts::perform(&arguments),
        Benchmark::Drain(arguments) => drain::perform(&arguments),
        Benchmark::Enqueue(arguments) => enqueue::perform(&arguments),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("satchel-bench: {error:#}");
            ExitCode::from(2)
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn main() -> ExitCode {
    eprintln!("satchel-bench: emulated links need Linux");
    ExitCode::from(2)
}
