//! The report that closes `cargo xtask test`.

use std::fmt::Write;
use std::time::Duration;

use crate::steps::Done;
use crate::summaries::Counts;

/// Everything the report says.
pub struct Report {
    /// The table, the runners' own lines, the faults and, last, the sum.
    pub text: String,
    /// True when every step passed and some test ran wherever one was asked for.
    pub is_good: bool,
}

/// Writes the report.
pub fn report(done: &[Done]) -> Report {
    let mut text = String::from("\n");
    let width = done.iter().map(|done| done.name.len()).max().unwrap_or(0);
    for step in done {
        let verdict = if step.fault.is_none() { "passed" } else { "FAILED" };
        let tests = match &step.summary {
            Some(summary) => format!("  {}", sum(summary.counts)),
            None => String::new(),
        };
        line(&mut text, &format!("{:width$}  {verdict}  {:>8}{tests}", step.name, took(step.took)));
    }
    let total = done.iter().map(|done| done.took).sum();
    line(&mut text, &format!("{:width$}          {:>8}\n", "", took(total)));
    for summary in done.iter().filter_map(|done| done.summary.as_ref()) {
        for closing in &summary.lines {
            line(&mut text, closing);
        }
    }
    for (name, fault) in done.iter().filter_map(|done| Some((done.name, done.fault.as_ref()?))) {
        line(&mut text, &format!("{name}: {fault}"));
    }
    let mut counts = Counts::default();
    let mut runners = done.iter().filter_map(|done| done.summary.as_ref()).peekable();
    let has_runner = runners.peek().is_some();
    runners.for_each(|summary| counts += summary.counts);
    if has_runner {
        line(&mut text, &sum(counts));
    }
    let is_good = !done.is_empty() && done.iter().all(|done| done.fault.is_none());
    Report { text, is_good }
}

fn line(text: &mut String, line: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(text, "{line}");
}

fn sum(counts: Counts) -> String {
    format!("{} passed, {} failed", counts.passed, counts.failed)
}

fn took(time: Duration) -> String {
    match time.as_secs() {
        0..60 => format!("{:.1} s", time.as_secs_f64()),
        seconds => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

    use super::*;
    use crate::summaries::Summary;

    fn step(name: &'static str, fault: Option<&str>, tests: Option<(u64, u64)>) -> Done {
        let summary = tests.map(|(passed, failed)| Summary {
            lines: vec![format!("{name}'s own line")],
            counts: Counts { passed, failed },
        });
        Done { name, took: Duration::from_secs(75), fault: fault.map(str::to_owned), summary }
    }

    #[test]
    fn the_last_line_is_the_sum_over_the_runners() {
        let done =
            [step("fmt", None, None), step("a", None, Some((3, 0))), step("b", None, Some((4, 0)))];
        let report = report(&done);
        assert!(report.is_good);
        assert_eq!(report.text.lines().last(), Some("7 passed, 0 failed"));
        assert!(report.text.contains("a's own line\nb's own line\n"));
        assert!(report.text.contains("1 min 15 s"));
    }

    #[test]
    fn one_failed_step_spoils_the_whole_and_is_named() {
        let report =
            report(&[step("fmt", Some("ended with 1"), None), step("a", None, Some((3, 0)))]);
        assert!(!report.is_good);
        assert!(report.text.contains("fmt: ended with 1"));
        assert_eq!(report.text.lines().last(), Some("3 passed, 0 failed"));
    }

    #[test]
    fn nothing_done_is_not_good() {
        assert!(!report(&[]).is_good);
    }
}
