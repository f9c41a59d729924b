//! What happened to a submission: history, audit trail and the truth for recovery at once.

use serde::{Deserialize, Serialize};

use super::outcome::Outcome;
use super::step::Step;
use crate::clock::{Moment, UnixMs};
use crate::ids::PhotoId;
use crate::photo::PhotoRecord;
use crate::provider::{Capabilities, ProviderStatus};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The person sealed it.
    Sealed {
        /// Photos sealed with it.
        photos: Vec<PhotoRecord>,
        /// What the provider could and could not do then.
        capabilities: Capabilities,
    },
    /// The intent is on disk; bytes may leave from now on.
    AttemptStarted {
        /// Number of the attempt, from 1.
        attempt: u32,
        /// The step.
        step: Step,
    },
    /// An attempt came to an end.
    Answered {
        /// Number of the attempt.
        attempt: u32,
        /// What it came to.
        outcome: Outcome,
        /// The provider's clock, where it told.
        server_ms: Option<UnixMs>,
    },
    /// The program was started with this submission open.
    Restarted,
    /// The store was restored from a copy, or the submission imported: every open step is
    /// ambiguous.
    Restored,
    /// The provider told its state.
    StatusSeen {
        /// The state.
        status: ProviderStatus,
        /// Documents it holds, where it was asked for them.
        document_count: Option<u32>,
        /// The provider's clock, where it told.
        server_ms: Option<UnixMs>,
    },
    /// A person took photos for another round, or replaced some.
    PhotosAdded {
        /// The photos.
        photos: Vec<PhotoRecord>,
    },
    /// A photo that has not gone was encoded anew: the link is too slow for it.
    PhotoLightened {
        /// The photo it replaces.
        old: PhotoId,
        /// The photo that counts now.
        new: Box<PhotoRecord>,
    },
    /// A person removed what stood in the way.
    Corrected {
        /// How.
        correction: Correction,
    },
    /// A person released it from being held or set aside.
    Released,
    /// Its answers were shown unmasked to whoever was at the device.
    Revealed,
    /// A copy of its answers and photos left the vault.
    Exported {
        /// Photos in the copy.
        photos: u32,
    },
    /// A person took it back before anything counted.
    Withdrawn,
    /// Its photos were forgotten; its answers are still here.
    PhotosForgotten,
    /// Everything of it was forgotten.
    Purged,
}

impl Event {
    /// Whether it only tells what somebody saw or took along: nothing about delivery changes.
    pub fn is_audit(&self) -> bool {
        match self {
            Self::Revealed | Self::Exported { .. } => true,
            Self::Sealed { .. }
            | Self::AttemptStarted { .. }
            | Self::Answered { .. }
            | Self::Restarted
            | Self::Restored
            | Self::StatusSeen { .. }
            | Self::PhotosAdded { .. }
            | Self::PhotoLightened { .. }
            | Self::Corrected { .. }
            | Self::Released
            | Self::Withdrawn
            | Self::PhotosForgotten
            | Self::Purged => false,
        }
    }
}

/// How a person removed what stood in the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "correction", rename_all = "snake_case")]
pub enum Correction {
    /// The answers were mended; they stand in the details' new version.
    Answers,
    /// The full national number was given.
    FullNumber,
    /// Overwriting what the provider holds was confirmed.
    Overwrite,
    /// What somebody else submitted is followed from here on.
    Follow,
    /// A photo was encoded anew under a smaller budget, or replaced.
    Photo {
        /// The photo it replaces.
        old: PhotoId,
        /// The photo that counts now.
        new: Box<PhotoRecord>,
    },
    /// Nothing here was wrong: try again.
    TryAgain,
}

/// An event with its place in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// Place in the submission's log, from 1.
    pub seq: u64,
    /// When.
    pub at: Moment,
    /// Who was at the device; empty for Satchel itself.
    pub operator: String,
    /// What.
    pub event: Event,
}
