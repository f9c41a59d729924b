//! Core with one rule bent: what the rule is for shows in what is reached without it.

use satchel_core::delivery::{Next, Reading, Sight, Submission, SubmissionState, Why, next};

use crate::client::{Happening, Knowing, MINUTE_MS, later};
use crate::deed::{Answer, Deed};
use crate::scope::Bend;

/// Longer than every window.
const HURRY_MS: u64 = 50 * MINUTE_MS;

/// What the bent client decides.
pub fn next_bent(bend: Bend, submission: &Submission, sight: &Sight) -> Next {
    let decided = next(submission, sight);
    match (bend, &decided) {
        (Bend::NoQuiesce, Next::Wait { why: Why::AnswerLost, .. }) => Next::Read(Reading::Status),
        (Bend::NoFence, Next::Wait { why: Why::Fence, .. }) => {
            let sight = Sight { now: sight.now.plus(HURRY_MS), server_now: None, ..*sight };
            next(submission, &sight)
        }
        (Bend::NeverLooks, Next::Read(_)) if is_in_doubt(submission) => Next::Answer,
        _ => decided,
    }
}

fn is_in_doubt(submission: &Submission) -> bool {
    matches!(submission.state(), SubmissionState::Unconfirmed { .. })
}

/// What it believes to have happened.
pub fn believed(bend: Bend, submission: &Submission, happening: Happening) -> Happening {
    let open = match submission.state() {
        SubmissionState::Sending { step, .. } => Some(Deed::of(step)),
        _ => None,
    };
    match (bend, happening, open) {
        (Bend::SilenceIsDone, Happening::Lost, Some(Deed::Details | Deed::Side(_))) => {
            Happening::Heard(Answer::Accepted, None)
        }
        (Bend::NoCount, Happening::Seen(Answer::Count(_, told), ago), _) => {
            Happening::Seen(Answer::Count(u8::MAX, told), ago)
        }
        _ => happening,
    }
}

/// What it believes to be: with its clock ahead when a look-up is to settle what a fence guards.
pub fn aged(bend: Bend, submission: &Submission, happening: &Happening) -> Option<Submission> {
    let all = Knowing { connection: true, status: true, documents: true, server_late: None };
    let decided = next(submission, &all.sight());
    let looks = matches!(happening, Happening::Seen(..));
    let waits = matches!(decided, Next::Wait { why: Why::Fence, .. });
    (bend == Bend::NoFence && looks && waits).then(|| later(submission, HURRY_MS))
}
