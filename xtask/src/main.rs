//! `cargo xtask`: everything a developer and CI do with this repository, as commands.
//!
//! Owns set-up, the order of the checks and their report. Knows nothing of what the app does.

mod audit;
mod bench;
mod debian;
mod display;
mod exec;
mod model;
mod node;
mod place;
mod prove;
mod report;
mod run;
mod sbom;
mod screens;
mod setup;
mod sim;
mod steps;
mod summaries;
mod test;
mod tools;
mod torture;
mod webdriver;

use std::process::ExitCode;

use anyhow::Result;

/// One word after `cargo xtask`.
struct Verb {
    name: &'static str,
    takes: &'static str,
    about: &'static str,
    perform: fn(&[String]) -> Result<ExitCode>,
}

/// Every command there is; a new one is one more row.
const VERBS: &[Verb] = &[
    Verb {
        name: "run",
        takes: "[--release] [--] [ARGUMENT...]",
        about: "sets up, builds the window's files and starts the app with the arguments",
        perform: run::perform,
    },
    Verb {
        name: "test",
        takes: "[STEP...]",
        about: "sets up and runs every check and test, or only the named steps",
        perform: test::perform,
    },
    Verb {
        name: "setup",
        takes: "",
        about: "installs what run and test need, and nothing that is there already",
        perform: setup::perform,
    },
    Verb {
        name: "ui",
        takes: "",
        about: "installs the window's packages and builds its files, if they changed",
        perform: node::perform,
    },
    Verb {
        name: "screens",
        takes: "[NAME...]",
        about: "takes a picture of every screen in both themes, into cargo's output folder",
        perform: screens::perform,
    },
    Verb {
        name: "sim",
        takes: "[--schedules N] [--seed S] [--minutes M] [--store memory|sqlite]",
        about: "lives through schedules of the faulty world; a broken one is shrunk and told",
        perform: sim::perform,
    },
    Verb {
        name: "bench",
        takes: "NAME [--check] [ARGUMENT...]",
        about: "builds a release and measures it, beside peers; with --check fails on a missed aim",
        perform: bench::perform,
    },
    Verb {
        name: "torture",
        takes: "[--kills N] [--seed S]",
        about: "kills the program N times, 200 by default, and judges what the provider got",
        perform: torture::perform,
    },
    Verb {
        name: "model",
        takes: "",
        about: "explores every interleaving of small worlds around the delivery's own decision",
        perform: model::perform,
    },
    Verb {
        name: "prove",
        takes: "[PART...] [--seed S] [--share N]",
        about: "runs the checks with their full numbers, for hours, and writes them down",
        perform: prove::perform,
    },
    Verb {
        name: "audit",
        takes: "[--advisories]",
        about: "checks what comes from outside, and says what it could not check offline",
        perform: audit::perform,
    },
    Verb {
        name: "sbom",
        takes: "",
        about: "writes what a release is made of, as CycloneDX, into cargo's output folder",
        perform: sbom::perform,
    },
];

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(word) = arguments.next() else {
        eprint!("{}", usage());
        return ExitCode::from(2);
    };
    if matches!(word.as_str(), "help" | "--help" | "-h") {
        print!("{}", usage());
        return ExitCode::SUCCESS;
    }
    let Some(verb) = VERBS.iter().find(|verb| verb.name == word) else {
        eprint!("cargo xtask has no command {word:?}.\n\n{}", usage());
        return ExitCode::from(2);
    };
    let rest: Vec<String> = arguments.collect();
    match (verb.perform)(&rest) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\ncargo xtask {word}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> String {
    let rows = VERBS.iter().map(|verb| {
        let call = format!("{} {}", verb.name, verb.takes);
        format!("  cargo xtask {call:<36} {}\n", verb.about)
    });
    format!("Usage:\n{}", rows.collect::<String>())
}
