//! The decision: what one submission needs next.

use super::mark::Mark;
use super::mutation::{Mutation, planted};
use super::state::{SubmissionState, Why};
use super::step::{Reading, Step};
use super::submission::{PhotoSent, Submission};
use crate::clock::{Moment, UnixMs};
use crate::policy::QUIESCE_MS;

/// What is known at the moment of deciding.
#[derive(Clone, Copy, Debug)]
pub struct Sight {
    /// Now.
    pub now: Moment,
    /// The provider's clock now, where it ever told.
    pub server_now: Option<UnixMs>,
    /// The provider answered on this connection a moment ago.
    pub connection_fresh: bool,
    /// The provider told this account's state a moment ago.
    pub status_fresh: bool,
    /// The provider told which documents it holds a moment ago.
    pub documents_fresh: bool,
}

/// What one submission needs next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// A step to record and send.
    Start(Step),
    /// Something to ask first.
    Read(Reading),
    /// Nothing before this boot time.
    Wait {
        /// Boot time in milliseconds.
        until_boot_ms: u64,
        /// Why.
        why: Why,
    },
    /// The answer of a step that is out.
    Answer,
    /// The provider's state, from time to time.
    Poll,
    /// A person.
    Person,
    /// Nothing any more.
    Nothing,
}

/// Decides what `submission` needs next. Pure: the simulation and the app call the same function.
pub fn next(submission: &Submission, sight: &Sight) -> Next {
    match submission.state() {
        SubmissionState::Queued if submission.capabilities().overwrites => {
            next_write(submission, sight)
        }
        SubmissionState::Queued => next_draft(submission, sight),
        SubmissionState::NeedsDocuments { .. } => next_photo(submission, sight),
        SubmissionState::Sending { .. } => Next::Answer,
        SubmissionState::Unconfirmed { step, since, .. } => {
            next_unconfirmed(submission, step, since, sight)
        }
        SubmissionState::Awaiting { .. }
        | SubmissionState::Verified { .. }
        | SubmissionState::Failed { .. } => Next::Poll,
        SubmissionState::Held
        | SubmissionState::Blocked { .. }
        | SubmissionState::Quarantined { .. } => Next::Person,
        SubmissionState::Withdrawn | SubmissionState::Purged => Next::Nothing,
    }
}

const STATUS: Next = Next::Read(Reading::Status);
const DOCUMENTS: Next = Next::Read(Reading::Documents);

fn when_fresh(sight: &Sight, step: Step) -> Next {
    let fresh = sight.connection_fresh || planted(Mutation::NotInOneGo);
    if fresh { Next::Start(step) } else { STATUS }
}

/// What a fence asks for: the provider's clock where only that can tell, else time. `None` once it
/// is past.
fn fence(fence: Option<(&Mark, u64)>, sight: &Sight) -> Option<Next> {
    let (mark, limit_ms) = fence?;
    let left_ms = mark.left_ms(&sight.now, sight.server_now, limit_ms);
    if left_ms == 0 {
        return None;
    }
    if mark.needs_date(&sight.now) && sight.server_now.is_none() && !sight.connection_fresh {
        return Some(STATUS);
    }
    let until_boot_ms = sight.now.boot_ms.saturating_add(left_ms);
    Some(Next::Wait { until_boot_ms, why: Why::Fence })
}

fn next_draft(submission: &Submission, sight: &Sight) -> Next {
    if submission.is_authorized() {
        return STATUS;
    }
    if let Some(draft) = submission.draft()
        && submission.draft_usable(&sight.now, sight.server_now)
    {
        return when_fresh(sight, Step::Authorize { reference: draft.reference.clone() });
    }
    let window = submission.draft_fence();
    if window.is_some() {
        if submission.status().is_none() {
            return STATUS;
        }
        return fence(window, sight).unwrap_or(STATUS);
    }
    if sight.status_fresh && submission.may_create() { Next::Start(Step::Create) } else { STATUS }
}

fn next_photo(submission: &Submission, sight: &Sight) -> Next {
    let usable = submission.files_usable(&sight.now, sight.server_now);
    if let Some(references) = submission.attaching() {
        if usable {
            return when_fresh(sight, Step::Attach { references: references.clone() });
        }
        return fence(submission.files_fence(), sight).unwrap_or(STATUS);
    }
    let pending: Vec<_> = submission.pending_photos().collect();
    let Some(first) = pending.first() else { return Next::Poll };
    let restored = submission.restored_fence();
    if restored.is_some() {
        return fence(restored, sight).unwrap_or(STATUS);
    }
    let references: Vec<String> = pending
        .iter()
        .filter_map(|p| match &p.sent {
            PhotoSent::Uploaded { reference } => Some(reference.clone()),
            PhotoSent::Here | PhotoSent::Attached { .. } | PhotoSent::Written => None,
        })
        .collect();
    let begun = !references.is_empty();
    if begun && usable {
        return match pending.iter().find(|p| p.sent == PhotoSent::Here) {
            Some(photo) => when_fresh(sight, Step::Upload { photo: photo.record.id.clone() }),
            None => when_fresh(sight, Step::Attach { references }),
        };
    }
    if begun && let Some(wait) = fence(submission.files_fence(), sight) {
        return wait;
    }
    if sight.status_fresh {
        Next::Start(Step::Upload { photo: first.record.id.clone() })
    } else {
        STATUS
    }
}

fn next_write(submission: &Submission, sight: &Sight) -> Next {
    let details = (!submission.is_details_done()).then_some(Step::Details);
    let photo = submission.pending_photos().next();
    let side = photo.map(|p| Step::Side { photo: p.record.id.clone() });
    let first = if planted(Mutation::SideBeforeDetails) { side.clone() } else { None };
    match first.or(details).or(side) {
        Some(step) => write(submission, sight, step),
        None => DOCUMENTS,
    }
}

/// A write, once nobody else's can be overwritten and no lost copy of something older can follow
/// it.
fn write(submission: &Submission, sight: &Sight, step: Step) -> Next {
    if submission.needs_overwrite_check() {
        if !sight.status_fresh || submission.status().is_none() {
            return STATUS;
        }
        if !sight.documents_fresh || submission.document_count().is_none() {
            return DOCUMENTS;
        }
    }
    fence(submission.write_fence(), sight).unwrap_or_else(|| when_fresh(sight, step))
}

fn next_unconfirmed(submission: &Submission, step: &Step, since: &Moment, sight: &Sight) -> Next {
    if !submission.has_quiesced(since, &sight.now) {
        let until_boot_ms = since.boot_ms.saturating_add(QUIESCE_MS);
        return Next::Wait { until_boot_ms, why: Why::AnswerLost };
    }
    match step {
        Step::Details | Step::Side { .. } if submission.needs_overwrite_check() => {
            write(submission, sight, step.clone())
        }
        Step::Details | Step::Side { .. } => when_fresh(sight, step.clone()),
        Step::Upload { .. } => {
            let usable = submission.files_usable(&sight.now, sight.server_now);
            let wait = if usable { None } else { fence(submission.files_fence(), sight) };
            wait.unwrap_or_else(|| when_fresh(sight, step.clone()))
        }
        Step::Authorize { .. } | Step::Attach { .. } if planted(Mutation::RetryUnreconciled) => {
            when_fresh(sight, step.clone())
        }
        Step::Create | Step::Authorize { .. } | Step::Attach { .. } | Step::Read { .. } => STATUS,
    }
}
