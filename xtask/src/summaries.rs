//! What test runners say at their end, read into counts.

use std::ops::AddAssign;

/// How many tests passed and failed.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Counts {
    /// Passed.
    pub passed: u64,
    /// Failed, timed out or could not start.
    pub failed: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// A program that runs tests.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Runner {
    /// cargo-nextest.
    Nextest,
    /// `cargo test`, documentation tests included: one summary per target.
    CargoTest,
    /// Vitest.
    Vitest,
}

/// A runner's closing lines and their sum.
#[derive(Default, PartialEq, Eq, Debug)]
pub struct Summary {
    /// The lines, as printed.
    pub lines: Vec<String>,
    /// Their sum.
    pub counts: Counts,
}

impl Runner {
    /// Finds the closing lines in everything the runner printed.
    pub fn summary(self, printed: &str) -> Summary {
        let closing = printed.lines().map(str::trim).filter(|line| self.closes(line));
        let mut summary = Summary::default();
        for line in closing {
            summary.counts += count(line);
            summary.lines.push(line.to_owned());
        }
        summary
    }

    fn closes(self, line: &str) -> bool {
        match self {
            Runner::Nextest => {
                let run = line.contains(" tests run: ") || line.contains(" test run: ");
                line.starts_with("Summary [") && run
            }
            Runner::CargoTest => line.starts_with("test result: "),
            Runner::Vitest => line.starts_with("Tests ") && line.ends_with(')'),
        }
    }
}

/// Adds up `N passed`, `N failed`, `N timed out` and `N exec failed` outside brackets.
fn count(line: &str) -> Counts {
    let mut depth = 0_usize;
    let open: String = line
        .chars()
        .filter(|character| {
            match character {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ => return depth == 0,
            }
            false
        })
        .collect();
    let words: Vec<_> = open
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let mut counts = Counts::default();
    for pair in words.windows(2) {
        let [number, word] = pair else { continue };
        let Ok(number) = number.parse::<u64>() else { continue };
        match *word {
            "passed" => counts.passed += number,
            "failed" | "timed" | "exec" => counts.failed += number,
            _ => {}
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

    use super::*;

    fn counts(runner: Runner, printed: &str) -> (u64, u64) {
        let counts = runner.summary(printed).counts;
        (counts.passed, counts.failed)
    }

    #[test]
    fn nextest_is_read_with_slow_flaky_and_timed_out_tests() {
        let text = "    PASS [ 0.1s] x 3 passed\n\
            Summary [  90.002s] 14 tests run: 10 passed (1 slow, 2 leaky), 2 failed, \
            1 timed out, 1 exec failed, 19 skipped\n";
        assert_eq!(counts(Runner::Nextest, text), (10, 4));
        let text = "     Summary [   0.004s] 1 test run: 1 passed, 0 skipped\n";
        assert_eq!(counts(Runner::Nextest, text), (1, 0));
        let text = "     Summary [   0.004s] 3/7 tests run: 2 passed, 1 failed, 0 skipped\n";
        assert_eq!(counts(Runner::Nextest, text), (2, 1));
    }

    #[test]
    fn cargo_test_is_summed_over_its_targets() {
        let text = "running 2 tests\n\
            test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n\
            test result: FAILED. 1 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(counts(Runner::CargoTest, text), (3, 3));
        assert_eq!(Runner::CargoTest.summary(text).lines.len(), 2);
    }

    #[test]
    fn vitest_is_read_and_its_files_are_not_counted_as_tests() {
        let text = " Test Files  1 failed | 2 passed (3)\n      \
            Tests  1 failed | 44 passed | 2 skipped (47)\n   Duration  1.2s (tests 3ms)\n";
        assert_eq!(counts(Runner::Vitest, text), (44, 1));
    }

    #[test]
    fn a_runner_that_says_nothing_has_run_nothing() {
        for runner in [Runner::Nextest, Runner::CargoTest, Runner::Vitest] {
            assert_eq!(runner.summary("error: could not compile"), Summary::default());
        }
    }
}
