//! One step of `cargo xtask test`: how it is done and how it ended.

use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::exec;
use crate::summaries::{Runner, Summary};

/// How a step is done.
pub enum Work {
    /// A command that must succeed.
    Check(Command),
    /// A command that must succeed and run at least one test.
    Tests(Runner, Command),
    /// Something that this program does itself.
    Own(fn() -> Result<()>),
    /// It cannot be done, and why.
    Impossible(String),
}

/// A named step.
pub struct Step {
    /// What it is called in the report and on the command line.
    pub name: &'static str,
    /// The step without which this one has no sense.
    pub after: Option<&'static str>,
    /// How it is done.
    pub work: Work,
}

/// A step that was done.
pub struct Done {
    /// The step's name.
    pub name: &'static str,
    /// How long it took.
    pub took: Duration,
    /// Why it failed, if it did.
    pub fault: Option<String>,
    /// The runner's closing lines, for a step that runs tests.
    pub summary: Option<Summary>,
}

impl Step {
    /// A step that depends on no other.
    pub fn new(name: &'static str, work: Work) -> Step {
        Step { name, after: None, work }
    }

    /// The same step, not tried when the other one failed.
    pub fn after(self, name: &'static str) -> Step {
        Step { after: Some(name), ..self }
    }

    /// Does it, unless the step it depends on has failed.
    pub fn perform(self, done: &[Done]) -> Done {
        println!("\n== {} ==", self.name);
        let start = Instant::now();
        let blocker = done.iter().find(|done| Some(done.name) == self.after);
        let (outcome, summary) = match blocker.is_some_and(|done| done.fault.is_some()) {
            true => (Err(anyhow::anyhow!("not tried: {} failed", self.after.unwrap_or(""))), None),
            false => self.work.perform(),
        };
        let fault = outcome.err().map(|error| format!("{error:#}"));
        if let Some(fault) = &fault {
            println!("{}: {fault}", self.name);
        }
        Done { name: self.name, took: start.elapsed(), fault, summary }
    }
}

impl Work {
    fn perform(self) -> (Result<()>, Option<Summary>) {
        match self {
            Work::Check(command) => (check(command), None),
            Work::Tests(runner, command) => tests(runner, command),
            Work::Own(act) => (act(), None),
            Work::Impossible(why) => (Err(anyhow::anyhow!(why)), None),
        }
    }
}

fn check(command: Command) -> Result<()> {
    let heard = exec::hear(command)?;
    if !heard.status.success() {
        bail!("ended with {}", heard.status);
    }
    Ok(())
}

fn tests(runner: Runner, command: Command) -> (Result<()>, Option<Summary>) {
    let heard = match exec::hear(command) {
        Ok(heard) => heard,
        Err(error) => return (Err(error), Some(Summary::default())),
    };
    let summary = runner.summary(&heard.text);
    (judge(heard.status.success(), &summary), Some(summary))
}

/// A run counts only if the runner is content, says so, and has run something.
fn judge(succeeded: bool, summary: &Summary) -> Result<()> {
    let counts = summary.counts;
    match (succeeded, counts.passed, counts.failed) {
        (_, _, 1..) => bail!("{} failed", counts.failed),
        (false, _, 0) => bail!("the runner stopped before its end"),
        (true, 0, 0) => bail!("no test was found"),
        (true, 1.., 0) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

    use super::*;
    use crate::summaries::Counts;

    fn verdict(succeeded: bool, passed: u64, failed: u64) -> Result<()> {
        judge(succeeded, &Summary { lines: vec![], counts: Counts { passed, failed } })
    }

    #[test]
    fn a_run_counts_only_when_it_ran_something_and_nothing_failed() {
        assert!(verdict(true, 1, 0).is_ok());
        assert!(verdict(true, 0, 0).is_err(), "finds no test");
        assert!(verdict(true, 5, 1).is_err(), "a runner that exits with 0 in spite of a failure");
        assert!(verdict(false, 5, 0).is_err(), "a runner that was stopped");
        assert!(verdict(false, 0, 0).is_err(), "a runner that never started");
    }

    #[test]
    fn a_step_is_not_tried_after_the_one_it_needs_has_failed() {
        let build = Step::new("build", Work::Impossible("no compiler".into())).perform(&[]);
        assert_eq!(build.fault.as_deref(), Some("no compiler"));
        let act: fn() -> Result<()> = || panic!("must not be tried");
        let tests = Step::new("tests", Work::Own(act)).after("build").perform(&[build]);
        assert_eq!(tests.fault.as_deref(), Some("not tried: build failed"));
    }

    #[test]
    fn a_step_is_tried_after_the_one_it_needs_has_passed() {
        let build = Step::new("build", Work::Own(|| Ok(()))).perform(&[]);
        let tests = Step::new("tests", Work::Own(|| Ok(()))).after("build").perform(&[build]);
        assert!(tests.fault.is_none());
    }
}
