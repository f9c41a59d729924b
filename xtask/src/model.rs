//! `cargo xtask model`: the exhaustive model of delivery, optimised.

use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::exec;

/// Builds the model, runs it and shows its table; its exit code is ours.
///
/// # Errors
/// With arguments, or when cargo cannot be started.
pub fn perform(arguments: &[String]) -> Result<ExitCode> {
    if let Some(first) = arguments.first() {
        bail!("no argument is taken, found {first:?}");
    }
    // The development profile optimises the model and core already, and is built by the tests too.
    let mut model = exec::cargo();
    model.args(["run", "--quiet", "--package", "satchel-model"]);
    println!("$ {}", exec::line(&model));
    let status = model.status().context("cannot start cargo")?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(1)))
}
