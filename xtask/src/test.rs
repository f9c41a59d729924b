//! `cargo xtask test`: every check and test, in one place and one order.

use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::display::Screen;
use crate::report::report;
use crate::steps::{Step, Work};
use crate::summaries::Runner;
use crate::{audit, exec, node, place, setup, tools};

/// The cargo feature that tests alone may use: moved clock, fail points, mock camera.
const TEST_FEATURE: &str = "test-hooks";

/// Where the tests find the programs that the build step made.
const PROGRAMS: &str = "SATCHEL_PROGRAMS";

/// Sets up and performs all steps, or those named.
///
/// # Errors
/// When set-up fails, or an argument names no step. A failed step is no error but a bad report.
pub fn perform(names: &[String]) -> Result<ExitCode> {
    setup::for_tests()?;
    node::install()?;
    let screen = Screen::start()?;
    let mut steps = plan(&screen)?;
    if let Some(unknown) = names.iter().find(|name| steps.iter().all(|step| step.name != **name)) {
        let known: Vec<_> = steps.iter().map(|step| step.name).collect();
        bail!("there is no step {unknown:?}; the steps are {}", known.join(", "));
    }
    steps.retain(|step| names.is_empty() || names.iter().any(|name| name == step.name));
    let mut done = Vec::with_capacity(steps.len());
    for step in steps {
        let step = step.perform(&done);
        done.push(step);
    }
    drop(screen);
    let report = report(&done);
    print!("{}", report.text);
    Ok(if report.is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The steps, in order. To add one, add it here; to build one more program for the tests, see
/// [`everything`].
fn plan(screen: &Screen) -> Result<Vec<Step>> {
    let everything = everything()?;
    let cargo = |words: &[&str]| {
        let mut command = exec::cargo();
        command.args(words);
        command
    };
    let mut clippy = cargo(&["clippy", "--keep-going"]);
    clippy.args(&everything).args(["--all-targets", "--", "-D", "warnings"]);
    // The programs come first, so that tests that start them find them; with the same features as
    // the tests, so that nothing is compiled twice.
    let mut build = cargo(&["build", "--lib", "--bins", "--tests"]);
    build.args(&everything);
    let mut steps = vec![
        Step::new("rustfmt", Work::Check(cargo(&["fmt", "--all", "--check"]))),
        Step::new("ui-build", Work::Own(node::build)),
        Step::new("clippy", Work::Check(clippy)),
        Step::new("plain-programs", Work::Own(plain_programs)),
        Step::new("build", Work::Check(build)),
        rust_tests(&everything, screen).after("build"),
    ];
    if ["crates", "src-tauri"].iter().any(|folder| has_doctests(&place::root().join(folder))) {
        let mut doctests = cargo(&["test", "--doc", "--no-fail-fast"]);
        doctests.args(&everything);
        steps.push(Step::new("doctests", Work::Tests(Runner::CargoTest, doctests)).after("build"));
    }
    steps.extend(ui_steps()?);
    steps.extend(audit::steps());
    steps.push(unused_dependencies());
    Ok(steps)
}

/// The programs as people get them, without the tests' feature, laid aside before the build with it
/// replaces them: a test looks for what they must not have.
fn plain_programs() -> Result<()> {
    const PROGRAMS: [&str; 2] = ["satchelctl", "satchel"];
    let mut build = exec::cargo();
    build.args(["build", "--bins"]).args(PROGRAMS.map(|name| format!("--package={name}")));
    exec::must(&mut build)?;
    let aside = place::target().join("debug").join("plain");
    std::fs::create_dir_all(&aside).context("cannot make a folder for the plain programs")?;
    for name in PROGRAMS {
        let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
        std::fs::copy(place::target().join("debug").join(&file), aside.join(&file))
            .with_context(|| format!("cannot lay {name} aside"))?;
    }
    Ok(())
}

/// The whole workspace, with the tests' feature wherever a package has it.
fn everything() -> Result<Vec<String>> {
    let metadata =
        exec::output(exec::cargo().args(["metadata", "--no-deps", "--format-version=1"]))?;
    let features = hooked(&serde_json::from_str(&metadata).context("cargo metadata")?);
    let mut words = vec!["--workspace".to_owned()];
    if !features.is_empty() {
        words.extend(["--features".to_owned(), features.join(",")]);
    }
    Ok(words)
}

fn hooked(metadata: &Value) -> Vec<String> {
    let packages = metadata.get("packages").and_then(Value::as_array);
    packages
        .into_iter()
        .flatten()
        .filter(|package| package.pointer(&format!("/features/{TEST_FEATURE}")).is_some())
        .filter_map(|package| package.get("name")?.as_str())
        .map(|name| format!("{name}/{TEST_FEATURE}"))
        .collect()
}

fn rust_tests(everything: &[String], screen: &Screen) -> Step {
    let (runner, mut command) = match tools::find(&tools::NEXTEST) {
        Some(program) => {
            let mut command = exec::at_root(program);
            command.args(["nextest", "run", "--profile", "ci"]);
            (Runner::Nextest, command)
        }
        None => {
            println!("cargo-nextest is not to be had: cargo test runs the tests instead, slower.");
            let mut command = exec::cargo();
            command.args(["test", "--lib", "--bins", "--tests", "--no-fail-fast"]);
            // Without nextest's groups, two windows would share one screen.
            command.env("RUST_TEST_THREADS", "1");
            (Runner::CargoTest, command)
        }
    };
    command.args(everything).env(PROGRAMS, place::target().join("debug"));
    screen.lend(&mut command);
    Step::new("rust-tests", Work::Tests(runner, command))
}

fn ui_steps() -> Result<Vec<Step>> {
    let scripts = node::scripts()?;
    let npm = |script: &str| -> Command {
        let mut command = node::npm();
        command.args(["run", script]).env("CI", "true");
        command
    };
    let mut steps = vec![Step::new("ui-check", Work::Check(npm("check")))];
    let optional = [("ui-lint", "lint"), ("ui-format", "format:check")];
    for (name, script) in
        optional.into_iter().filter(|(_, script)| scripts.iter().any(|s| s == script))
    {
        steps.push(Step::new(name, Work::Check(npm(script))));
    }
    steps.push(Step::new("ui-tests", Work::Tests(Runner::Vitest, npm("test"))));
    Ok(steps)
}

fn unused_dependencies() -> Step {
    let work = match tools::find(&tools::SHEAR) {
        Some(program) => Work::Check(exec::at_root(program)),
        None => Work::Impossible("cargo-shear is not on the PATH and was not installed".into()),
    };
    Step::new("unused", work)
}

/// True when a documentation comment below the folder holds Rust code to run.
fn has_doctests(folder: &Path) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            return has_doctests(&path);
        }
        let is_rust = path.extension().is_some_and(|extension| extension == "rs");
        is_rust && std::fs::read_to_string(&path).is_ok_and(|text| opens_a_doctest(&text))
    })
}

fn opens_a_doctest(text: &str) -> bool {
    let comments = text.lines().map(str::trim_start).filter_map(|line| {
        line.strip_prefix("///").or_else(|| line.strip_prefix("//!")).map(str::trim)
    });
    let mut fences = comments.filter_map(|comment| comment.strip_prefix("```"));
    while let Some(language) = fences.next() {
        if matches!(language, "" | "rust" | "no_run" | "should_panic" | "compile_fail") {
            return true;
        }
        fences.next();
    }
    false
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

    use super::*;

    #[test]
    fn code_in_comments_is_a_doctest_and_a_drawing_is_not() {
        assert!(opens_a_doctest("/// ```\n/// one();\n/// ```\n"));
        assert!(opens_a_doctest("//! ```text\n//! a -> b\n//! ```\n//! ```no_run\n//! ```\n"));
        assert!(!opens_a_doctest("//! ```text\n//! a -> b\n//! ```\n"));
        assert!(!opens_a_doctest("let fence = \"```\";\n"));
    }

    #[test]
    fn the_test_feature_is_switched_on_wherever_it_exists() {
        let metadata = serde_json::json!({ "packages": [
            { "name": "satchel", "features": { "default": [], "test-hooks": [] } },
            { "name": "satchel-core", "features": {} },
        ] });
        assert_eq!(hooked(&metadata), ["satchel/test-hooks"]);
    }
}
