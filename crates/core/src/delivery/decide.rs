//! The decision: what one submission needs next.

use super::state::{SubmissionState, Why};
use super::step::{Reading, Step};
use super::submission::{PhotoSent, Submission};
use crate::clock::{Moment, UnixMs};
use crate::policy::{DRAFT_EXPIRED_AFTER_MS, FILES_EXPIRED_AFTER_MS, QUIESCE_MS};

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

fn when_fresh(sight: &Sight, step: Step) -> Next {
    if sight.connection_fresh { Next::Start(step) } else { STATUS }
}

fn next_draft(submission: &Submission, sight: &Sight) -> Next {
    if submission.is_authorized() {
        return STATUS;
    }
    if let Some(draft) = submission.draft() {
        if submission.draft_usable(&sight.now, sight.server_now) {
            return when_fresh(sight, Step::Authorize { reference: draft.reference.clone() });
        }
        if draft.mark.surely_past(&sight.now, sight.server_now, DRAFT_EXPIRED_AFTER_MS) {
            return STATUS;
        }
        return fence(sight, draft.mark.past_from(&sight.now, DRAFT_EXPIRED_AFTER_MS));
    }
    if let Some(mark) = submission.already_submitted() {
        if mark.surely_past(&sight.now, sight.server_now, DRAFT_EXPIRED_AFTER_MS) {
            return STATUS;
        }
        return fence(sight, mark.past_from(&sight.now, DRAFT_EXPIRED_AFTER_MS));
    }
    if sight.status_fresh && submission.status().is_some() {
        Next::Start(Step::Create)
    } else {
        STATUS
    }
}

/// Waits for a window of the provider to close; asks again within a minute when its own clock lags.
fn fence(sight: &Sight, past_from: u64) -> Next {
    const LAG_MS: u64 = 60_000;
    let until_boot_ms =
        if past_from > sight.now.boot_ms { past_from } else { sight.now.boot_ms + LAG_MS };
    Next::Wait { until_boot_ms, why: Why::Fence }
}

fn next_photo(submission: &Submission, sight: &Sight) -> Next {
    let pending: Vec<_> = submission.pending_photos().collect();
    let Some(first) = pending.first() else { return Next::Poll };
    let references: Vec<String> = pending
        .iter()
        .filter_map(|p| match &p.sent {
            PhotoSent::Uploaded { reference } => Some(reference.clone()),
            PhotoSent::Here | PhotoSent::Attached { .. } | PhotoSent::Written => None,
        })
        .collect();
    if references.is_empty() && !sight.status_fresh {
        return STATUS;
    }
    if !references.is_empty() && !submission.files_usable(&sight.now, sight.server_now) {
        if submission.files_gone(&sight.now, sight.server_now) {
            return when_fresh(sight, Step::Upload { photo: first.record.id.clone() });
        }
        return files_fence(submission, sight);
    }
    match pending.iter().find(|p| p.sent == PhotoSent::Here) {
        Some(photo) => when_fresh(sight, Step::Upload { photo: photo.record.id.clone() }),
        None => when_fresh(sight, Step::Attach { references }),
    }
}

fn files_fence(submission: &Submission, sight: &Sight) -> Next {
    let from = submission
        .first_upload()
        .map_or(sight.now.boot_ms, |m| m.past_from(&sight.now, FILES_EXPIRED_AFTER_MS));
    fence(sight, from)
}

fn next_write(submission: &Submission, sight: &Sight) -> Next {
    if submission.needs_overwrite_check() {
        if !sight.status_fresh || submission.status().is_none() {
            return STATUS;
        }
        if submission.document_count().is_none() {
            return Next::Read(Reading::Documents);
        }
    }
    if !submission.is_details_done() {
        return when_fresh(sight, Step::Details);
    }
    match submission.pending_photos().next() {
        Some(photo) => when_fresh(sight, Step::Side { photo: photo.record.id.clone() }),
        None => Next::Read(Reading::Documents),
    }
}

fn next_unconfirmed(submission: &Submission, step: &Step, since: &Moment, sight: &Sight) -> Next {
    let quiesced = sight.now.since(since).is_some_and(|ms| ms >= QUIESCE_MS);
    if !quiesced {
        let until_boot_ms = since.boot_ms.saturating_add(QUIESCE_MS);
        return Next::Wait { until_boot_ms, why: Why::AnswerLost };
    }
    match step {
        Step::Details | Step::Side { .. } => when_fresh(sight, step.clone()),
        Step::Upload { .. } => {
            let free = submission.files_usable(&sight.now, sight.server_now)
                || submission.files_gone(&sight.now, sight.server_now);
            if free { when_fresh(sight, step.clone()) } else { files_fence(submission, sight) }
        }
        Step::Create | Step::Authorize { .. } | Step::Attach { .. } | Step::Read { .. } => STATUS,
    }
}
