//! `cargo xtask sim`: the simulation, as many schedules as one likes.

use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::exec;

/// Builds the simulation, whose packages are optimised in every profile, and passes the arguments
/// on; its exit code is ours.
///
/// # Errors
/// When cargo cannot be started.
pub fn perform(arguments: &[String]) -> Result<ExitCode> {
    let mut command = exec::cargo();
    command.args(["run", "--quiet", "--package", "satchel-simulation", "--"]).args(arguments);
    println!("$ {}", exec::line(&command));
    let status = command.status().context("cannot start cargo")?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(1)))
}
