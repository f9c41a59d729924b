//! Checks answers against requirements. Provider rules block, our own advice warns.

use jiff::civil::Date;
use serde::Serialize;

use super::answers::{Answers, FieldPath};
use super::requirements::Requirements;

/// Whether a finding stops the sealing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The provider would refuse it.
    Block,
    /// Unusual; the person can go on.
    Warn,
}

/// One thing about one answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Where.
    pub path: FieldPath,
    /// What, as a code that the window has words for.
    pub code: &'static str,
    /// Whether it blocks.
    pub severity: Severity,
    /// A value the words need, such as what is kept of a name.
    pub detail: Option<String>,
}

/// Everything that can be said about `answers` on the day `today`, in the order of the questions.
pub fn check(_requirements: &Requirements, _answers: &Answers, _today: Date) -> Vec<Finding> {
    Vec::new()
}
