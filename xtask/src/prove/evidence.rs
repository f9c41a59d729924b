//! `docs/evidence.md`: one section for each part that was proven whole, newest last.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::{exec, place};

/// What a part came to.
pub(super) struct Entry {
    pub(super) part: &'static str,
    pub(super) seed: Option<u64>,
    pub(super) took: Duration,
    pub(super) holds: bool,
    pub(super) figures: Vec<String>,
}

/// Adds the entry to the end of the page, in place of the part's earlier one.
///
/// # Errors
/// When the page cannot be read or written, or the commit cannot be told.
pub(super) fn add(entry: &Entry) -> Result<()> {
    let path = place::root().join("docs").join("evidence.md");
    let page = fs::read_to_string(&path).context("docs/evidence.md")?;
    let section = section(entry, &today(), &commit()?, &machine());
    fs::write(&path, with(&page, entry.part, &section)).context("docs/evidence.md")
}

fn heading(part: &str) -> String {
    format!("## prove {part}")
}

fn section(entry: &Entry, day: &str, commit: &str, machine: &str) -> String {
    let Entry { part, seed, took, holds, figures } = entry;
    let seed = seed.map_or_else(String::new, |seed| format!(" --seed {seed}"));
    let word = if *holds { "holds" } else { "**broken**" };
    let (minutes, seconds) = (took.as_secs() / 60, took.as_secs() % 60);
    let told: String = figures.iter().map(|figure| format!("{figure}\n")).collect();
    format!(
        "{}\n`cargo xtask prove {part}{seed}`, {day}, commit {commit}, {machine}, {minutes} min \
         {seconds} s: {word}.\n\n```text\n{told}```\n",
        heading(part)
    )
}

/// The page with the part's section at its end, and none of that part elsewhere.
fn with(page: &str, part: &str, section: &str) -> String {
    let heading = heading(part);
    let mut kept: Vec<&str> = Vec::new();
    let mut in_part = false;
    for line in page.lines() {
        if line.starts_with("## ") {
            in_part = line == heading;
        }
        if !in_part {
            kept.push(line);
        }
    }
    format!("{}\n\n{section}", kept.join("\n").trim_end())
}

fn today() -> String {
    jiff::Zoned::now().date().to_string()
}

/// The commit, and whether the tree differed from it.
fn commit() -> Result<String> {
    let git = |words: &[&str]| exec::output(exec::at_root("git").args(words));
    let id = git(&["rev-parse", "--short=10", "HEAD"])?;
    let differs = git(&["status", "--porcelain", "--untracked-files=no"])?;
    let differs = differs.lines().any(|line| !line.ends_with("docs/evidence.md"));
    Ok(format!("{}{}", id.trim(), if differs { " with changes" } else { "" }))
}

fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{} {}, {cores} cores", std::env::consts::OS, std::env::consts::ARCH)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

    use super::*;

    #[test]
    fn a_part_proven_again_takes_the_place_of_what_it_came_to_before() {
        let page = "# Evidence\n\n## Links\nold\n\n## prove kills\n\n```text\n1 kill\n```\n\n\
                    ## prove model\nx\n";
        let entry = Entry {
            part: "kills",
            seed: Some(7),
            took: Duration::from_secs(125),
            holds: true,
            figures: vec!["10 000 kills".into()],
        };
        let section = section(&entry, "2026-11-29", "abc", "linux, 2 cores");
        let page = with(page, "kills", &section);
        assert!(!page.contains("1 kill\n") && page.contains("## Links\nold"), "{page}");
        assert!(
            page.contains(
                "## prove model\nx\n\n## prove kills\n`cargo xtask prove kills --seed 7`"
            )
        );
        assert!(page.contains("2 min 5 s: holds.\n\n```text\n10 000 kills\n```\n"), "{page}");
        assert_eq!(with(&page, "kills", &section), page);
    }
}
