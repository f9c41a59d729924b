//! How long evidence is kept once nothing more is to be done with it.

use serde::{Deserialize, Serialize};

use crate::clock::{Moment, UnixMs};
use crate::delivery::{Event, Recorded, Submission, SubmissionState};

/// One hour.
const HOUR_MS: u64 = 3_600_000;

/// Longest time that can be asked for: ten years.
pub const HOURS_MAX: u32 = 10 * 365 * 24;

/// How long photos and details are kept after an end was reached. `None` keeps them until somebody
/// has them forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keeping {
    /// Hours for photos.
    pub photos_h: Option<u32>,
    /// Hours for everything else; photos never stay longer.
    pub details_h: Option<u32>,
}

/// How long evidence is kept, by the end that was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// The provider verified it.
    pub verified: Keeping,
    /// The provider did not accept it.
    pub failed: Keeping,
    /// It was taken back.
    pub withdrawn: Keeping,
}

/// What is to be forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Its photos.
    Photos,
    /// Everything.
    Everything,
}

impl Default for Retention {
    fn default() -> Self {
        let keeping = Keeping { photos_h: Some(24), details_h: Some(30 * 24) };
        Self { verified: keeping, failed: keeping, withdrawn: keeping }
    }
}

impl Retention {
    /// What of a submission is to be forgotten by now.
    pub fn due(&self, submission: &Submission, log: &[Recorded], clocks: Clocks) -> Option<Due> {
        let keeping = self.of(submission.state())?;
        let age_ms = ended(submission, log)?.age_ms(clocks);
        let past = |hours: Option<u32>| hours.is_some_and(|h| age_ms >= u64::from(h) * HOUR_MS);
        match () {
            () if past(keeping.details_h) => Some(Due::Everything),
            () if past(keeping.photos_h) && submission.has_pictures() => Some(Due::Photos),
            () => None,
        }
    }

    /// Whether every time is one that can be kept, and no photo outstays what it belongs to.
    pub fn is_sound(&self) -> bool {
        [self.verified, self.failed, self.withdrawn].iter().all(Keeping::is_sound)
    }

    fn of(&self, state: &SubmissionState) -> Option<Keeping> {
        match state {
            SubmissionState::Verified { .. } => Some(self.verified),
            SubmissionState::Failed { .. } => Some(self.failed),
            SubmissionState::Withdrawn => Some(self.withdrawn),
            SubmissionState::Held
            | SubmissionState::Queued
            | SubmissionState::Sending { .. }
            | SubmissionState::Unconfirmed { .. }
            | SubmissionState::Awaiting { .. }
            | SubmissionState::NeedsDocuments { .. }
            | SubmissionState::Blocked { .. }
            | SubmissionState::Quarantined { .. }
            | SubmissionState::Purged => None,
        }
    }
}

impl Keeping {
    fn is_sound(&self) -> bool {
        let hours = |h: Option<u32>| h.unwrap_or(HOURS_MAX);
        let within = hours(self.photos_h) <= HOURS_MAX && hours(self.details_h) <= HOURS_MAX;
        within && hours(self.photos_h) <= hours(self.details_h)
    }
}

/// By which clocks the time since an end is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clocks {
    /// This device's clocks.
    pub now: Moment,
    /// The provider's clock, where it is known.
    pub server_ms: Option<UnixMs>,
    /// Whether a person at the device answers for its wall clock.
    pub wall_is_right: bool,
}

/// When a submission came to the end at which it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// By this device's clocks.
    pub at: Moment,
    /// By the provider's clock, where it told.
    pub server_ms: Option<UnixMs>,
}

impl Ended {
    /// How long ago that was, at least. A wall clock can jump, and what is forgotten does not come
    /// back: unless a person answers for ours, times of different clocks are never compared. Since
    /// another boot that leaves the provider's clock, where it told then and now, and the time for
    /// which this boot has lasted, which is surely past.
    fn age_ms(&self, clocks: Clocks) -> u64 {
        let since = |from: UnixMs, to: UnixMs| u64::try_from(to.saturating_sub(from)).unwrap_or(0);
        if clocks.wall_is_right {
            return since(self.at.wall_ms, clocks.now.wall_ms);
        }
        let by_server = self.server_ms.zip(clocks.server_ms).map(|(from, to)| since(from, to));
        let in_this_boot = clocks.now.since(&self.at);
        in_this_boot.unwrap_or_else(|| by_server.unwrap_or(0).max(clocks.now.boot_ms))
    }
}

/// When a submission came to the end at which it stands.
pub fn ended(submission: &Submission, log: &[Recorded]) -> Option<Ended> {
    let is_end = |entry: &&Recorded| match submission.state().since() {
        Some(since) => entry.at == since,
        None => entry.event == Event::Withdrawn,
    };
    let entry = log.iter().rev().find(is_end)?;
    let server_ms = match &entry.event {
        Event::StatusSeen { server_ms, .. } | Event::Answered { server_ms, .. } => *server_ms,
        Event::Sealed { .. }
        | Event::AttemptStarted { .. }
        | Event::Restarted
        | Event::Restored
        | Event::PhotosAdded { .. }
        | Event::PhotoLightened { .. }
        | Event::Corrected { .. }
        | Event::Released
        | Event::Revealed
        | Event::Exported { .. }
        | Event::Withdrawn
        | Event::PhotosForgotten
        | Event::Purged => None,
    };
    Some(Ended { at: entry.at, server_ms })
}
