//! `satchel-bench`: benchmarks against peers, side by side in one run. `cargo xtask bench` builds
//! everything that they need and starts it.
//!
//! Owns emulated links and what is measured over them. Knows our programs only from outside.

#[cfg(target_os = "linux")]
mod drain;
#[cfg(target_os = "linux")]
mod link;
#[cfg(target_os = "linux")]
mod report;

use std::process::ExitCode;

#[cfg(target_os = "linux")]
fn main() -> ExitCode {
    use clap::Parser;

    /// Benchmarks against peers, side by side in one run.
    #[derive(Debug, Parser)]
    #[command(version, about)]
    enum Benchmark {
        /// Drains submissions of several accounts over emulated slow links; needs root
        Drain(drain::Arguments),
    }

    let Benchmark::Drain(arguments) = Benchmark::parse();
    match drain::perform(&arguments) {
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
