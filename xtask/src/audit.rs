//! `cargo xtask audit`: what comes from outside, and under which licence.

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::report::report;
use crate::steps::{Step, Work};
use crate::{exec, node, place, setup, tools};

/// Licences that only Node's build tools have, beyond those of `deny.toml`. None of them reaches
/// what is shipped.
const BUILD_TOOL_LICENCES: [&str; 4] = ["BlueOak-1.0.0", "CC-BY-4.0", "MIT-0", "Python-2.0"];

/// Packages whose manifest names no licence, and the one that their licence file was read to be.
const READ_BY_HAND: [(&str, &str); 1] = [("node_modules/svelte-toolbelt", "MIT")];

/// What an audit without a network cannot tell.
const OFFLINE_LIMITS: [&str; 2] = [
    "known vulnerabilities of npm packages: only their registry tells (--advisories asks it)",
    "crates that were withdrawn after Cargo.lock was written: only their registry tells",
];

/// Performs the audit and says what it could not look at. Known vulnerabilities of crates are
/// looked up when cargo has the advisory database; `--advisories` fetches it, and asks npm's
/// registry too.
///
/// # Errors
/// When set-up fails or an argument is unknown.
pub fn perform(arguments: &[String]) -> Result<ExitCode> {
    setup::for_tests()?;
    let mut steps = steps();
    let mut limits = Vec::new();
    match arguments {
        [] => {
            match advisory_database() {
                Some(_) => steps.push(Step::new("advisories", deny(&OFFLINE_ADVISORIES))),
                None => limits.push(NO_DATABASE),
            }
            limits.extend(OFFLINE_LIMITS);
        }
        [only] if only == "--advisories" => {
            let mut npm = node::npm();
            npm.args(["audit", "--audit-level=high"]);
            steps.push(Step::new("advisories", deny(&["advisories"])));
            steps.push(Step::new("npm-advisories", Work::Check(npm)));
        }
        [unknown, ..] => bail!("the only argument is --advisories, not {unknown:?}"),
    }
    let mut done = Vec::with_capacity(steps.len());
    for step in steps {
        let step = step.perform(&done);
        done.push(step);
    }
    let report = report(&done);
    print!("{}", report.text);
    print!("{}", told(&limits));
    Ok(if report.is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn told(limits: &[&str]) -> String {
    limits.iter().map(|limit| format!("NOT CHECKED  {limit}\n")).collect()
}

const NO_DATABASE: &str = "known vulnerabilities of crates: cargo has no advisory database \
(--advisories fetches it)";

const OFFLINE_ADVISORIES: [&str; 2] = ["--disable-fetch", "advisories"];

/// The folder in which cargo-deny keeps the advisory database, if it was ever fetched.
fn advisory_database() -> Option<std::path::PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(std::path::PathBuf::from).or_else(|| {
        let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"))?;
        Some(std::path::Path::new(&home).join(".cargo"))
    })?;
    database_in(&home)
}

fn database_in(cargo_home: &std::path::Path) -> Option<std::path::PathBuf> {
    let mut copies = std::fs::read_dir(cargo_home.join("advisory-dbs")).ok()?.flatten();
    copies.find(|copy| copy.path().join("crates").is_dir()).map(|copy| copy.path())
}

/// The part of the audit that every test run includes.
pub fn steps() -> Vec<Step> {
    vec![
        Step::new("deny", deny(&["licenses", "bans", "sources"])),
        Step::new("npm-licences", Work::Own(npm_licences)),
    ]
}

fn deny(checks: &[&str]) -> Work {
    let Some(program) = tools::find(&tools::DENY) else {
        return Work::Impossible("cargo-deny is not on the PATH and was not installed".into());
    };
    let mut command = exec::at_root(program);
    command.args(["--workspace", "check", "--hide-inclusion-graph"]).args(checks);
    Work::Check(command)
}

fn npm_licences() -> Result<()> {
    let read = |path: &std::path::Path| {
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
    };
    let lock = read(&place::ui().join("package-lock.json"))?;
    let lock = serde_json::from_str(&lock).context("ui/package-lock.json")?;
    let mut allowed = allowed_by(&read(&place::root().join("deny.toml"))?);
    allowed.extend(BUILD_TOOL_LICENCES.map(str::to_owned));
    let refused = refused(&lock, &allowed)?;
    if !refused.is_empty() {
        bail!("licences that deny.toml does not allow: {}", refused.join(", "));
    }
    Ok(())
}

/// The licences in deny.toml's `allow` list of `[licenses]`.
fn allowed_by(deny: &str) -> Vec<String> {
    let section = deny.split("\n[").find(|section| section.starts_with("licenses]"));
    let list = section.and_then(|section| section.split_once("\nallow = [")?.1.split_once("\n]"));
    let lines = list.map(|(list, _)| list).unwrap_or_default().lines();
    lines
        .filter_map(|line| Some(line.trim().strip_prefix('"')?.split_once('"')?.0.to_owned()))
        .collect()
}

fn refused(lock: &Value, allowed: &[String]) -> Result<Vec<String>> {
    let packages = lock.get("packages").and_then(Value::as_object);
    let packages = packages.context("ui/package-lock.json names no packages")?;
    let foreign = packages.iter().filter(|(path, _)| !path.is_empty());
    let refused = foreign.filter_map(|(path, package)| {
        let named = package.get("license").and_then(Value::as_str);
        let licence = named.or_else(|| read_by_hand(path)).unwrap_or("none");
        (!is_allowed(licence, allowed)).then(|| format!("{path} ({licence})"))
    });
    Ok(refused.collect())
}

fn read_by_hand(path: &str) -> Option<&'static str> {
    READ_BY_HAND.iter().find(|(package, _)| *package == path).map(|(_, licence)| *licence)
}

/// An expression without nested brackets: one alternative must be allowed as a whole.
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let expression = expression.replace(['(', ')'], "");
    expression
        .split(" OR ")
        .any(|all| all.split(" AND ").all(|one| allowed.iter().any(|name| name == one.trim())))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

    use super::*;

    #[test]
    fn the_allowed_licences_are_those_of_deny_toml() {
        let deny = "[graph]\nx = 1\n\n[licenses]\n# why\n\
            allow = [\n    \"MIT\", # a\n    \"ISC\",\n]\n\
            \n[bans]\nallow = [\n    \"GPL-3.0\",\n]\n";
        assert_eq!(allowed_by(deny), ["MIT", "ISC"]);
        let real = std::fs::read_to_string(place::root().join("deny.toml")).unwrap();
        assert!(allowed_by(&real).iter().any(|name| name == "MIT"));
        assert!(!allowed_by(&real).iter().any(|name| name.contains("GPL")));
    }

    #[test]
    fn a_copyleft_or_missing_licence_is_refused_and_a_choice_is_taken() {
        let allowed = ["MIT".to_owned(), "ISC".to_owned()];
        let lock = serde_json::json!({ "packages": {
            "": { "name": "satchel-ui" },
            "node_modules/a": { "license": "MIT" },
            "node_modules/b": { "license": "(GPL-3.0 OR MIT)" },
            "node_modules/c": { "license": "AGPL-3.0" },
            "node_modules/d": {},
            "node_modules/e": { "license": "MIT AND GPL-3.0" },
        } });
        let refused = refused(&lock, &allowed).unwrap();
        assert_eq!(
            refused,
            [
                "node_modules/c (AGPL-3.0)",
                "node_modules/d (none)",
                "node_modules/e (MIT AND GPL-3.0)"
            ]
        );
    }

    #[test]
    fn an_advisory_database_counts_only_when_it_holds_advisories() {
        let home = place::target().join("xtask-tests").join("cargo-home");
        let copy = home.join("advisory-dbs").join("advisory-db-1");
        std::fs::create_dir_all(&copy).unwrap();
        assert_eq!(database_in(&home), None);
        std::fs::create_dir_all(copy.join("crates")).unwrap();
        assert_eq!(database_in(&home), Some(copy));
        std::fs::remove_dir_all(&home).unwrap();
        assert_eq!(database_in(&home), None);
        assert_eq!(told(&[]), "");
        assert_eq!(told(&["a", "b"]), "NOT CHECKED  a\nNOT CHECKED  b\n");
    }

    #[test]
    fn a_lock_without_packages_is_an_error_and_no_pass() {
        assert!(refused(&serde_json::json!({}), &[]).is_err());
    }
}
