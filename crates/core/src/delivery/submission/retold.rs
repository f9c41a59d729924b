//! Told anew from a fixed moment: what no decision can tell apart becomes equal.

use super::{Authorizing, Files, RemoteDraft, Submission, SubmissionPhoto, Unsettled, Writing};
use crate::clock::{Moment, UnixMs};
use crate::delivery::mark::Mark;
use crate::delivery::outcome::Ambiguity;
use crate::delivery::state::SubmissionState;

/// The number that every attempt is told with.
const ATTEMPT: u32 = 1;

/// From when, and as if it were when.
pub(in crate::delivery) struct Telling {
    now: Moment,
    origin: Moment,
    age_ms_max: u64,
}

impl Telling {
    /// What counts by boot time alone.
    pub(in crate::delivery) fn by_boot(&self, moment: &Moment) -> Moment {
        let wall_ms = self.origin.wall_ms;
        match self.now.since(moment) {
            Some(age) => {
                let boot_ms = self.origin.boot_ms.saturating_sub(age.min(self.age_ms_max));
                Moment { wall_ms, boot_ms, boot: self.origin.boot }
            }
            None => Moment { wall_ms, boot_ms: 0, boot: self.origin.boot.wrapping_sub(1) },
        }
    }

    /// What counts by wall time where the boot is another.
    fn by_both(&self, moment: &Moment) -> Moment {
        let age = self.now.wall_since(moment).min(self.age_ms_max);
        let wall_ms = self.origin.wall_ms.saturating_sub_unsigned(age);
        Moment { wall_ms, ..self.by_boot(moment) }
    }

    /// A reading of the provider's clock.
    pub(in crate::delivery) fn by_server(&self, server_ms: UnixMs) -> UnixMs {
        let age = self.now.wall_ms.saturating_sub(server_ms);
        let age_max = i64::try_from(self.age_ms_max).unwrap_or(i64::MAX);
        self.origin.wall_ms.saturating_sub(age.min(age_max))
    }

    fn mark(&self, mark: Option<&Mark>) -> Option<Mark> {
        mark.map(|mark| mark.retold(self))
    }
}

impl Submission {
    /// The same submission as it stands at `now`, told as if that were `origin` and its log had one
    /// entry. Ages stay, up to `age_ms_max`, which must exceed every window of [`crate::policy`] by
    /// as much as the provider's clock can be late. What no decision depends on is left out: the
    /// numbers of attempts, why an answer was lost, since when a person is asked. The provider's
    /// clock is taken to run with wall time. Two submissions that are told alike are decided alike
    /// from then on; the exhaustive model counts its states by that.
    #[must_use]
    pub fn retold(&self, now: &Moment, origin: &Moment, age_ms_max: u64) -> Self {
        let telling = Telling { now: *now, origin: *origin, age_ms_max };
        let Self { id, account, capabilities, sealed: _, state, photos, .. } = self;
        let Self { authorizing, files, writing, unsettled, restored, .. } = self;
        let Self { status, refusals, attempts: _, seq: _, .. } = self;
        let photo =
            |photo: &SubmissionPhoto| SubmissionPhoto { added_ms: origin.wall_ms, ..photo.clone() };
        Self {
            id: id.clone(),
            account: account.clone(),
            capabilities: *capabilities,
            sealed: *origin,
            state: state.retold(&telling),
            photos: photos.iter().map(photo).collect(),
            authorizing: authorizing.retold(&telling),
            files: files.retold(&telling),
            writing: writing.retold(&telling),
            unsettled: unsettled.as_ref().map(|open| open.retold(&telling)),
            restored: telling.mark(restored.as_ref()),
            status: status.clone(),
            refusals: *refusals,
            attempts: ATTEMPT,
            seq: 1,
        }
    }
}

impl SubmissionState {
    fn retold(&self, telling: &Telling) -> Self {
        let (attempt, origin) = (ATTEMPT, telling.origin);
        match self.clone() {
            Self::Held => Self::Held,
            Self::Queued => Self::Queued,
            Self::Sending { step, attempt: _, since } => {
                Self::Sending { step, attempt, since: telling.by_boot(&since) }
            }
            Self::Unconfirmed { step, attempt: _, since, why: _ } => {
                let since = telling.by_boot(&since);
                Self::Unconfirmed { step, attempt, since, why: Ambiguity::Broken }
            }
            Self::Awaiting { since } => Self::Awaiting { since: telling.by_both(&since) },
            Self::NeedsDocuments { since: _ } => Self::NeedsDocuments { since: origin },
            Self::Blocked { refusal, since: _ } => Self::Blocked { refusal, since: origin },
            Self::Quarantined { refusal, since: _ } => Self::Quarantined { refusal, since: origin },
            Self::Verified { since: _ } => Self::Verified { since: origin },
            Self::Failed { since: _ } => Self::Failed { since: origin },
            Self::Withdrawn => Self::Withdrawn,
            Self::Purged => Self::Purged,
        }
    }
}

impl Authorizing {
    fn retold(&self, telling: &Telling) -> Self {
        let Self { draft, done, counted, already_submitted, round } = self;
        let draft = draft
            .as_ref()
            .map(|draft| RemoteDraft { mark: draft.mark.retold(telling), ..draft.clone() });
        let already_submitted = telling.mark(already_submitted.as_ref());
        Self { draft, done: *done, counted: *counted, already_submitted, round: *round }
    }
}

impl Files {
    fn retold(&self, telling: &Telling) -> Self {
        let Self { first, last, attaching, gone } = self;
        let (first, last) = (telling.mark(first.as_ref()), telling.mark(last.as_ref()));
        Self { first, last, attaching: attaching.clone(), gone: *gone }
    }
}

impl Writing {
    fn retold(&self, telling: &Telling) -> Self {
        let lost = telling.mark(self.lost.as_ref());
        let changed_after = telling.mark(self.changed_after.as_ref());
        Self { lost, changed_after, ..self.clone() }
    }
}

impl Unsettled {
    fn retold(&self, telling: &Telling) -> Self {
        let Self { step, attempt: _, since, why: _ } = self;
        let since = telling.by_boot(since);
        Self { step: step.clone(), attempt: ATTEMPT, since, why: Ambiguity::Broken }
    }
}
