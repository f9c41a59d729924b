//! Scripted reviewers: what becomes of an account, chosen by test words (see the README).

use serde::{Deserialize, Serialize};

/// Why a document is rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RejectReason {
    Illegible,
    CorruptFile,
    InfoMismatch,
    DocUnsupported,
    Incomplete,
}

impl RejectReason {
    pub(crate) const ALL: [RejectReason; 5] = [
        RejectReason::Illegible,
        RejectReason::CorruptFile,
        RejectReason::InfoMismatch,
        RejectReason::DocUnsupported,
        RejectReason::Incomplete,
    ];

    pub(crate) fn word(self) -> &'static str {
        match self {
            RejectReason::Illegible => "illegible",
            RejectReason::CorruptFile => "corrupt_file",
            RejectReason::InfoMismatch => "info_mismatch",
            RejectReason::DocUnsupported => "doc_unsupported",
            RejectReason::Incomplete => "incomplete",
        }
    }
}

/// What the reviewer does with an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Plan {
    /// A person decides on the review page.
    #[default]
    Human,
    /// Verified at once.
    Verified,
    /// Received, looked at later, then verified.
    Unverified,
    /// In review, then verified.
    Review,
    /// Documents are asked for (WePay) or the first set fails (Winter).
    Documents,
    /// The last four digits of an SSN do not suffice.
    FullSsn,
    /// Verified at once, and documents are asked for later.
    Recheck,
}

/// A plan, and how documents are rejected on the way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Script {
    pub(crate) plan: Plan,
    /// The first set of photos is rejected for this reason.
    pub(crate) reason: Option<RejectReason>,
    /// Every document of the set is rejected, not only the first type.
    pub(crate) all: bool,
    /// Every set is rejected, not only the first.
    pub(crate) always: bool,
}

impl Script {
    /// Reads the test words of a text; words that mean nothing are passed over.
    /// `None` when no word names a plan.
    pub(crate) fn parse(text: &str) -> Option<Script> {
        let words: Vec<String> = text
            .split(|character: char| !character.is_alphanumeric())
            .map(str::to_lowercase)
            .collect();
        let plan = words.iter().find_map(|word| plan_named(word))?;
        Some(Script {
            plan,
            reason: words.iter().find_map(|word| reason_named(word)),
            all: words.iter().any(|word| word == "all"),
            always: words.iter().any(|word| word == "always"),
        })
    }

    /// The script in its test words.
    pub(crate) fn words(self) -> String {
        let mut words = vec![plan_word(self.plan)];
        words.extend(self.reason.map(reason_word));
        words.extend(self.all.then_some("all"));
        words.extend(self.always.then_some("always"));
        words.join(" ")
    }
}

fn plan_named(word: &str) -> Option<Plan> {
    const PLANS: [Plan; 7] = [
        Plan::Human,
        Plan::Verified,
        Plan::Unverified,
        Plan::Review,
        Plan::Documents,
        Plan::FullSsn,
        Plan::Recheck,
    ];
    PLANS.into_iter().find(|plan| plan_word(*plan) == word)
}

fn plan_word(plan: Plan) -> &'static str {
    match plan {
        Plan::Human => "human",
        Plan::Verified => "verified",
        Plan::Unverified => "unverified",
        Plan::Review => "review",
        Plan::Documents => "documents",
        Plan::FullSsn => "fullssn",
        Plan::Recheck => "recheck",
    }
}

fn reason_named(word: &str) -> Option<RejectReason> {
    RejectReason::ALL.into_iter().find(|reason| reason_word(*reason) == word)
}

/// One word, since a person types it as a middle name.
fn reason_word(reason: RejectReason) -> &'static str {
    match reason {
        RejectReason::Illegible => "illegible",
        RejectReason::CorruptFile => "corrupt",
        RejectReason::InfoMismatch => "mismatch",
        RejectReason::DocUnsupported => "unsupported",
        RejectReason::Incomplete => "incomplete",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_in_any_case_and_order() {
        let script = Script::parse("Illegible DOCUMENTS-Always");
        let expected = Script {
            plan: Plan::Documents,
            reason: Some(RejectReason::Illegible),
            all: false,
            always: true,
        };
        assert_eq!(script, Some(expected));
    }

    #[test]
    fn the_providers_own_word_for_a_reason_works_too() {
        let script = Script::parse("documents info_mismatch").unwrap_or_default();
        assert_eq!(script.reason, Some(RejectReason::InfoMismatch));
    }

    #[test]
    fn an_ordinary_name_is_no_script() {
        assert_eq!(Script::parse("Mary Illegible Documentson"), None);
    }

    #[test]
    fn the_words_of_a_script_read_back_as_the_same_script() {
        for reason in RejectReason::ALL {
            let script =
                Script { plan: Plan::FullSsn, reason: Some(reason), all: true, always: false };
            assert_eq!(Script::parse(&script.words()), Some(script));
        }
    }
}
