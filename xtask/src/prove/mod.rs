//! `cargo xtask prove`: the checks whose full numbers do not fit into `cargo xtask test`, run whole
//! and written down in `docs/evidence.md` with the date, the commit, the seed and the machine.

mod evidence;
mod parts;

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::{exec, setup};
use evidence::Entry;
use parts::{PARTS, Part};

/// Seed when none is given.
const SEED: u64 = 20_261_128;

/// What to prove, with which choices, and how much of it.
#[derive(PartialEq, Eq, Debug)]
pub(crate) struct Asked {
    names: Vec<String>,
    /// Repeats the choices.
    pub(crate) seed: u64,
    /// One of so many of the whole: 1 is everything. Shares are for trying, and not written down.
    pub(crate) share: u64,
}

impl Asked {
    /// So many of `whole`, at least one.
    pub(crate) fn of(&self, whole: u64) -> u64 {
        (whole / self.share).max(1)
    }
}

/// Runs the named parts, or all, one after the other; a broken one does not stop the others.
///
/// # Errors
/// When an argument is not known, or something cannot be built or started.
pub fn perform(arguments: &[String]) -> Result<ExitCode> {
    let asked = read(arguments)?;
    setup::for_tests()?;
    let chosen = PARTS.iter().filter(|part| asked.names.iter().any(|n| n == part.name));
    let mut broken = Vec::new();
    for part in chosen {
        if !prove(part, &asked)? {
            broken.push(part.name);
        }
    }
    if broken.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("\nbroken: {}", broken.join(", "));
    Ok(ExitCode::FAILURE)
}

fn prove(part: &Part, asked: &Asked) -> Result<bool> {
    println!("\n== {}: {}", part.name, part.about);
    let began = Instant::now();
    let mut heard = String::new();
    let mut holds = true;
    for command in (part.commands)(asked)? {
        let said = exec::hear(command)?;
        holds &= said.status.success();
        heard.push_str(&said.text);
    }
    let figures = part.figures(&heard);
    if figures.is_empty() {
        bail!("{} printed none of its figures", part.name);
    }
    let took = began.elapsed();
    println!("\n{}: {}", part.name, if holds { "holds" } else { "BROKEN" });
    figures.iter().for_each(|figure| println!("  {figure}"));
    if asked.share == 1 {
        let seed = part.has_seed.then_some(asked.seed);
        evidence::add(&Entry { part: part.name, seed, took, holds, figures })?;
    }
    Ok(holds)
}

fn read(arguments: &[String]) -> Result<Asked> {
    let mut asked = Asked { names: Vec::new(), seed: SEED, share: 1 };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let mut number = || -> Result<u64> {
            let text = words.next().with_context(|| format!("{word} needs a number"))?;
            text.parse().with_context(|| format!("{text} is no number"))
        };
        match word.as_str() {
            "--seed" => asked.seed = number()?,
            "--share" => asked.share = number()?.max(1),
            name if PARTS.iter().any(|part| part.name == name) => asked.names.push(word.clone()),
            _ => bail!("{word} is not known; the parts are {}", parts::names()),
        }
    }
    if asked.names.is_empty() {
        asked.names = PARTS.iter().map(|part| part.name.to_owned()).collect();
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
    fn parts_seed_and_share_are_read_and_nothing_else() {
        assert_eq!(of("").unwrap().names.len(), PARTS.len());
        let some = of("kills model --seed 7 --share 100").unwrap();
        assert_eq!(
            (some.names, some.seed, some.share),
            (vec!["kills".into(), "model".into()], 7, 100)
        );
        assert!(of("--seed").is_err());
        assert!(of("--share few").is_err());
        let unknown = format!("{:#}", of("luck").unwrap_err());
        assert!(unknown.contains("schedules") && unknown.contains("drain"), "{unknown}");
    }

    #[test]
    fn a_share_is_never_nothing() {
        assert_eq!(of("--share 10").unwrap().of(10_000), 1_000);
        assert_eq!(of("--share 100000").unwrap().of(10_000), 1);
    }
}
