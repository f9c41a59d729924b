//! What can be proven, and how each part is started and read.

use std::process::Command;

use anyhow::Result;

use super::Asked;
use crate::{bench, exec, torture};

/// Schedules on the memory store.
const SCHEDULES: u64 = 20_000_000;
/// Schedules on a real vault.
const SCHEDULES_SQLITE: u64 = 100_000;
/// Kills of the real program.
const KILLS: u64 = 10_000;
/// States that are drawn for each sync.
const POWER_ROUNDS: u64 = 8;

/// Payloads for the commands of the window.
const PAYLOADS: u64 = 1_000_000;
/// Locks in a row.
const LOCKS: u64 = 100;
/// People who are onboarded by command.
const PEOPLE: u64 = 200;
/// People who are onboarded in the window.
const PEOPLE_IN_WINDOW: u64 = 20;

/// One thing that is proven.
pub(super) struct Part {
    pub(super) name: &'static str,
    pub(super) about: &'static str,
    /// Whether a seed makes its choices.
    pub(super) has_seed: bool,
    /// What is run, in this order.
    pub(super) commands: fn(&Asked) -> Result<Vec<Command>>,
    /// A line with one of these is one of its figures.
    tells: &'static [&'static str],
}

/// All of them, the quick ones first.
pub(super) const PARTS: &[Part] = &[
    Part {
        name: "model",
        about: "every interleaving of small worlds, and other policies that break in them",
        has_seed: false,
        commands: |_| Ok(vec![package("satchel-model", &[])]),
        tells: &["sum: ", "other policies caught"],
    },
    Part {
        name: "bugs",
        about: "every planted bug is caught by the schedules",
        has_seed: false,
        commands: |_| Ok(vec![bugs()]),
        tells: &["planted bugs", "test result:"],
    },
    Part {
        name: "power",
        about: "what a loss of power at every sync could leave",
        has_seed: true,
        commands: |asked| Ok(vec![power(asked)]),
        tells: &[" syncs, ", "Tally"],
    },
    Part {
        name: "network",
        about: "a hostile network, each case alone and through the whole app",
        has_seed: false,
        commands: |_| Ok(network()),
        tells: &["runs through the whole app", "stories cut once", "test result:"],
    },
    Part {
        name: "sqlite",
        about: "schedules on a real vault over the fault-injecting VFS",
        has_seed: true,
        commands: |asked| Ok(vec![schedules(asked, SCHEDULES_SQLITE, "sqlite")]),
        tells: &["a second and core"],
    },
    Part {
        name: "kills",
        about: "kills of the real program over real HTTP and SQLite",
        has_seed: true,
        commands: |asked| Ok(torture::commands(Some(asked.of(KILLS)), Some(asked.seed)).into()),
        tells: &["nothing lost", "hit too rarely: "],
    },
    Part {
        name: "schedules",
        about: "schedules of the faulty world on the memory store",
        has_seed: true,
        commands: |asked| Ok(vec![schedules(asked, SCHEDULES, "memory")]),
        tells: &["a second and core"],
    },
    Part {
        name: "enqueue",
        about: "sealing and storing a submission with four photos, beside plain SQLite",
        has_seed: true,
        commands: |asked| Ok(vec![benchmark("enqueue", asked)?]),
        tells: &["met  ", "MISSED  ", "syncs each", "Satchel: ", "SQLite ", "of ours: "],
    },
    Part {
        name: "accounts",
        about: "vaults of 10 000 and 100 000 accounts: unlock, list, search, memory",
        has_seed: true,
        commands: |asked| Ok(vec![benchmark("accounts", asked)?]),
        tells: &["met  ", "MISSED  ", " accounts, half", "unlock ", "search, ", "memory of"],
    },
    Part {
        name: "payloads",
        about: "random payloads for every command of the window, most of them while it is locked",
        has_seed: true,
        commands: |asked| Ok(vec![payloads(asked)]),
        tells: &["payloads", "test result:"],
    },
    Part {
        name: "locks",
        about: "all memory of the program after each of many locks",
        has_seed: false,
        commands: |asked| Ok(locks(asked)),
        tells: &["things looked for", "test result:"],
    },
    Part {
        name: "leaks",
        about: "the raw disk after people were onboarded by command and in the window; needs root",
        has_seed: false,
        commands: |asked| Ok(leaks(asked)),
        tells: &["canaries in", "control, a plain", "test result:"],
    },
    Part {
        name: "drain",
        about: "draining over emulated slow links, beside raw TCP; needs root",
        has_seed: true,
        commands: |asked| Ok(vec![benchmark("drain", asked)?]),
        tells: &["met  ", "MISSED  "],
    },
];

impl Part {
    /// The lines of `heard` that tell a figure, each once.
    pub(super) fn figures(&self, heard: &str) -> Vec<String> {
        let mut figures: Vec<String> = Vec::new();
        let telling = heard.lines().map(str::trim);
        for line in telling.filter(|line| self.tells.iter().any(|tell| line.contains(tell))) {
            if !figures.iter().any(|figure| figure == line) {
                figures.push(line.to_owned());
            }
        }
        figures
    }
}

/// Their names, to be told.
pub(super) fn names() -> String {
    PARTS.iter().map(|part| part.name).collect::<Vec<_>>().join(", ")
}

fn benchmark(name: &str, asked: &Asked) -> Result<Command> {
    bench::command(&[name.into(), "--seed".into(), asked.seed.to_string()])
}

fn package(name: &str, arguments: &[String]) -> Command {
    let mut command = exec::cargo();
    command.args(["run", "--quiet", "--package", name, "--"]).args(arguments);
    command
}

fn schedules(asked: &Asked, whole: u64, store: &str) -> Command {
    let (seed, schedules) = (asked.seed.to_string(), asked.of(whole).to_string());
    let words = ["--seed", &seed, "--schedules", &schedules, "--store", store];
    package("satchel-simulation", &words.map(str::to_owned))
}

fn test_of(package: &str, name: &str, filter: &[&str]) -> Command {
    let mut command = exec::cargo();
    command.args(["test", "--package", package, "--test", name, "--", "--nocapture"]).args(filter);
    command
}

fn bugs() -> Command {
    test_of("satchel-simulation", "promises", &["every_planted_bug_is_caught"])
}

fn power(asked: &Asked) -> Command {
    let mut command = test_of("satchel-tests", "power_loss", &["what_was_acknowledged"]);
    command.env("SATCHEL_POWER_ROUNDS", asked.of(POWER_ROUNDS).to_string());
    command.env("SATCHEL_SEED", asked.seed.to_string());
    command
}

/// The programs of the whole app first: the tests start them.
fn network() -> Vec<Command> {
    vec![programs(), test_of("satchel-tests", "network", &["--test-threads=1"])]
}

fn programs() -> Command {
    let mut build = exec::cargo();
    build.args(["build", "--package=satchelctl", "--package=satchel-sandbox"]);
    build.arg("--features=satchelctl/test-hooks");
    build
}

fn payloads(asked: &Asked) -> Command {
    let mut command = exec::cargo();
    command.args(["test", "--package=satchel", "--lib", "--features=test-hooks", "--"]);
    command.args(["--nocapture", "random_payloads"]);
    command.env("SATCHEL_PAYLOADS", asked.of(PAYLOADS).to_string());
    command.env("SATCHEL_SEED", asked.seed.to_string());
    command
}

fn locks(asked: &Asked) -> Vec<Command> {
    let mut locks = test_of("satchel-tests", "acceptance", &["is_left_in_memory"]);
    locks.env("SATCHEL_LOCKS", asked.of(LOCKS).to_string());
    vec![programs(), locks]
}

fn leaks(asked: &Asked) -> Vec<Command> {
    let mut window = exec::cargo();
    window.args(["build", "--package=satchel", "--features=test-hooks"]);
    let mut commands = vec![programs(), window];
    for (name, people) in [("acceptance", PEOPLE), ("window", PEOPLE_IN_WINDOW)] {
        let mut search = test_of("satchel-tests", name, &["--ignored", "no_trace_on_the_raw_disk"]);
        search.env("SATCHEL_PEOPLE", asked.of(people).to_string());
        commands.push(search);
    }
    commands
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

    use super::*;

    fn part(name: &str) -> &'static Part {
        PARTS.iter().find(|part| part.name == name).unwrap()
    }

    #[test]
    fn a_figure_is_kept_once_and_other_lines_are_not() {
        let line = "seed 7: 5000 schedules in 36.1 s on 2 threads, 69 a second and core; 0 broken";
        let heard = format!("a table\n  {line}\n{line}\n");
        assert_eq!(part("sqlite").figures(&heard), [line]);
        assert!(part("drain").figures(&heard).is_empty());
    }

    #[test]
    fn a_share_asks_for_fewer_schedules_with_the_same_seed() {
        let asked = Asked { names: Vec::new(), seed: 9, share: 1_000 };
        let line = exec::line(&(part("schedules").commands)(&asked).unwrap()[0]);
        assert!(line.ends_with("-- --seed 9 --schedules 20000 --store memory"), "{line}");
    }
}
