//! `cargo xtask run`: from a fresh checkout to an open window.

use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::display::{self, Screen};
use crate::{exec, node, setup};

/// Sets up, builds the window's files and runs the app; its exit code is ours.
///
/// # Errors
/// When set-up fails or cargo cannot be started.
pub fn perform(arguments: &[String]) -> Result<ExitCode> {
    let (profile, arguments) = split(arguments);
    setup::for_run()?;
    node::build()?;
    let mut app = exec::cargo();
    app.args(["run", "--package", "satchel"]).args(profile).arg("--").args(arguments);
    let screen = if display::is_there() {
        None
    } else {
        println!("No screen here: the window opens on a virtual one, unseen. Ctrl+C ends it.");
        Some(Screen::start()?)
    };
    if let Some(screen) = &screen {
        screen.lend(&mut app);
    }
    println!("$ {}", exec::line(&app));
    let status = app.status().context("cannot start cargo")?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(ExitCode::from(code.unwrap_or(1)))
}

/// Cargo's part and the app's part.
fn split(arguments: &[String]) -> (&[String], &[String]) {
    let (profile, rest) = match arguments {
        [first, ..] if first == "--release" => arguments.split_at(1),
        _ => arguments.split_at(0),
    };
    (profile, rest.strip_prefix(&["--".to_owned()]).unwrap_or(rest))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

    use super::*;

    fn parts(line: &str) -> (Vec<String>, Vec<String>) {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let (cargo, app) = split(&words);
        (cargo.to_vec(), app.to_vec())
    }

    #[test]
    fn release_goes_to_cargo_and_the_rest_to_the_app() {
        let words = |line: &str| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(parts(""), (vec![], vec![]));
        assert_eq!(parts("--training"), (vec![], words("--training")));
        assert_eq!(parts("--release -- --training"), (words("--release"), words("--training")));
        assert_eq!(parts("-- --release"), (vec![], words("--release")));
    }
}
