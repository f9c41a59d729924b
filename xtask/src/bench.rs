//! `cargo xtask bench NAME`: builds the programs as they are shipped and measures them.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::debian::Need;
use crate::{exec, place, setup};

/// What a benchmark runs, all from one build.
const PACKAGES: [&str; 3] = ["satchel-bench", "satchelctl", "satchel-sandbox"];

/// Builds, runs the benchmark with the arguments, and passes its exit code on.
///
/// # Errors
/// When set-up or the build fails, or the benchmark cannot be started.
pub fn perform(arguments: &[String]) -> Result<ExitCode> {
    if arguments.is_empty() {
        bail!("name a benchmark: accounts, drain, enqueue, isolation");
    }
    let mut bench = command(arguments)?;
    println!("$ {}", exec::line(&bench));
    let status = bench.status().context("cannot start satchel-bench")?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Builds the programs; the benchmark is ready to be started.
///
/// # Errors
/// When set-up or the build fails.
pub fn command(arguments: &[String]) -> Result<Command> {
    setup::system(&[Need::Build, Need::Bench])?;
    let mut build = exec::cargo();
    build.args(["build", "--release", "--locked"]);
    build.args(PACKAGES.iter().flat_map(|package| ["--package", package]));
    exec::must(&mut build)?;
    let mut bench = exec::at_root(place::target().join("release").join("satchel-bench"));
    bench.args(arguments);
    Ok(bench)
}
