//! `cargo xtask torture`: kills the real program as often as asked, and holds what the provider got
//! against what was sealed.

use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::{exec, setup};

/// The program that is killed, its provider, and whoever kills it, with the features of both.
const PARTS: [&str; 6] = [
    "--package=satchelctl",
    "--package=satchel-sandbox",
    "--package=satchel-tests",
    "--features=satchelctl/test-hooks",
    "--test=torture",
    "--bins",
];

/// How many kills, and whose choices are repeated.
#[derive(Default, PartialEq, Eq, Debug)]
struct Asked {
    kills: Option<u64>,
    seed: Option<u64>,
}

/// Builds both programs, kills and judges; a broken promise is this command's failure.
///
/// # Errors
/// When an argument is none of these, or something cannot be built.
pub fn perform(arguments: &[String]) -> Result<ExitCode> {
    let asked = read(arguments)?;
    setup::for_tests()?;
    let [build, torture] = &mut commands(asked.kills, asked.seed);
    exec::must(build)?;
    println!("$ {}", exec::line(torture));
    let status = torture.status().context("cannot start cargo")?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Builds the programs, then kills them.
pub fn commands(kills: Option<u64>, seed: Option<u64>) -> [Command; 2] {
    let (mut build, mut torture) = (exec::cargo(), exec::cargo());
    build.arg("build").args(PARTS);
    torture.arg("test").args(PARTS).args(["--", "--nocapture", "killed_anywhere"]);
    for (name, number) in [("SATCHEL_KILLS", kills), ("SATCHEL_SEED", seed)] {
        torture.envs(number.map(|number| (name, number.to_string())));
    }
    [build, torture]
}

fn read(arguments: &[String]) -> Result<Asked> {
    let mut asked = Asked::default();
    for pair in arguments.chunks(2) {
        let [name, number] = pair else { bail!("{} needs a number", pair.concat()) };
        let number = number.parse().with_context(|| format!("{number} is no number"))?;
        match name.as_str() {
            "--kills" => asked.kills = Some(number),
            "--seed" => asked.seed = Some(number),
            _ => bail!("{name} is not known; there are --kills N and --seed S"),
        }
    }
    Ok(asked)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

    use super::*;

    fn of(line: &str) -> Result<Asked> {
        read(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn kills_and_seed_are_read_and_nothing_else() {
        assert_eq!(of("").unwrap(), Asked::default());
        let both = of("--seed 7 --kills 10000").unwrap();
        assert_eq!(both, Asked { kills: Some(10_000), seed: Some(7) });
        assert!(of("--kills").is_err());
        assert!(of("--kills many").is_err());
        assert!(of("--deaths 3").is_err());
    }
}
