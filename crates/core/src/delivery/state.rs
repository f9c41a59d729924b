//! Where a submission stands.

use serde::{Deserialize, Serialize};

use super::outcome::Ambiguity;
use super::step::Step;
use crate::clock::Moment;

/// Where a submission stands. Each state carries its own data.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum SubmissionState {
    /// Sealed, waits for a supervisor's release.
    Held,
    /// Its turn has not come.
    Queued,
    /// The intent is on disk; bytes may be out.
    Sending {
        /// The step.
        step: Step,
        /// Number of the attempt.
        attempt: u32,
        /// Since when.
        since: Moment,
    },
    /// It may have arrived.
    Unconfirmed {
        /// The step.
        step: Step,
        /// Number of the attempt.
        attempt: u32,
        /// Since when the request is given up; the quiesce time counts from here.
        since: Moment,
        /// Why.
        why: Ambiguity,
    },
    /// The provider has what it asked for.
    Awaiting {
        /// Since when.
        since: Moment,
    },
    /// The provider wants photos.
    NeedsDocuments {
        /// Since when.
        since: Moment,
    },
    /// A person must act.
    Blocked {
        /// And is told what.
        refusal: Refusal,
        /// Since when.
        since: Moment,
    },
    /// Set aside.
    Quarantined {
        /// Why.
        refusal: Refusal,
        /// Since when.
        since: Moment,
    },
    /// The provider verified the account.
    Verified {
        /// Since when we know.
        since: Moment,
    },
    /// The provider did not accept it.
    Failed {
        /// Since when we know.
        since: Moment,
    },
    /// Taken back before anything counted.
    Withdrawn,
    /// A tombstone.
    Purged,
}

impl SubmissionState {
    /// The code, as it stands in the store's index.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Queued => "queued",
            Self::Sending { .. } => "sending",
            Self::Unconfirmed { .. } => "unconfirmed",
            Self::Awaiting { .. } => "awaiting",
            Self::NeedsDocuments { .. } => "needs_documents",
            Self::Blocked { .. } => "blocked",
            Self::Quarantined { .. } => "quarantined",
            Self::Verified { .. } => "verified",
            Self::Failed { .. } => "failed",
            Self::Withdrawn => "withdrawn",
            Self::Purged => "purged",
        }
    }

    /// Whether something is still to come: not an end, not taken back.
    pub fn is_open(&self) -> bool {
        match self {
            Self::Held
            | Self::Queued
            | Self::Sending { .. }
            | Self::Unconfirmed { .. }
            | Self::Awaiting { .. }
            | Self::NeedsDocuments { .. }
            | Self::Blocked { .. }
            | Self::Quarantined { .. } => true,
            Self::Verified { .. } | Self::Failed { .. } | Self::Withdrawn | Self::Purged => false,
        }
    }

    /// Since when it stands so, where that is known.
    pub fn since(&self) -> Option<Moment> {
        match self {
            Self::Sending { since, .. }
            | Self::Unconfirmed { since, .. }
            | Self::Awaiting { since }
            | Self::NeedsDocuments { since }
            | Self::Blocked { since, .. }
            | Self::Quarantined { since, .. }
            | Self::Verified { since }
            | Self::Failed { since } => Some(*since),
            Self::Held | Self::Queued | Self::Withdrawn | Self::Purged => None,
        }
    }

    /// The step that is out or may have arrived.
    pub fn open_step(&self) -> Option<&Step> {
        match self {
            Self::Sending { step, .. } | Self::Unconfirmed { step, .. } => Some(step),
            Self::Held
            | Self::Queued
            | Self::Awaiting { .. }
            | Self::NeedsDocuments { .. }
            | Self::Blocked { .. }
            | Self::Quarantined { .. }
            | Self::Verified { .. }
            | Self::Failed { .. }
            | Self::Withdrawn
            | Self::Purged => None,
        }
    }
}

/// Why a person must act.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "refusal", rename_all = "snake_case")]
pub enum Refusal {
    /// The provider found an answer missing or invalid.
    Answers {
        /// The provider's code.
        code: String,
        /// The provider's words.
        text: String,
    },
    /// The provider wants the full national number.
    FullNumber,
    /// Somebody else already submitted for this account.
    SubmittedElsewhere,
    /// The provider already holds something that a write would overwrite.
    WouldOverwrite,
    /// The account is unknown, another's, deleted or cannot transact.
    Account {
        /// The provider's code.
        code: String,
    },
    /// This device's configuration is refused.
    Configuration {
        /// The provider's code.
        code: String,
    },
    /// The photo is too large for the provider.
    TooLarge {
        /// The photo's place among the submission's photos.
        photo: crate::ids::PhotoId,
    },
    /// Only some of the files arrived.
    SomeFiles,
    /// The provider keeps one picture where two were sent.
    OneImageKept,
    /// Whether it counted cannot be found out from here.
    Unresolved,
    /// Refused without a cause that we know.
    Unexplained {
        /// The provider's code.
        code: String,
        /// The provider's words.
        text: String,
    },
    /// The stored log and its index disagree, or a record does not open.
    Integrity,
}

/// Who acts next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// Satchel.
    Satchel,
    /// The network.
    Network,
    /// The person at the device.
    You,
    /// Whoever configured the connection.
    Administrator,
    /// The provider.
    Provider,
}

/// Why a submission waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Its turn has not come.
    Turn,
    /// Being sent now.
    Sending,
    /// No network.
    NoNetwork,
    /// The network wants a sign-in, or answers for the provider.
    Intercepted,
    /// This device's clock and the certificate disagree.
    Clock,
    /// The provider asked to wait.
    Throttled,
    /// The provider has trouble.
    ServerTrouble,
    /// An answer got lost; what arrived is found out before anything is sent again.
    AnswerLost,
    /// An unused draft at the provider must expire before a new one is made.
    Fence,
    /// The provider takes photos only once it asks for them.
    PhotosNotAskedFor,
    /// With the provider.
    InReview,
    /// The connection's credentials are refused.
    Credentials,
    /// The person paused it.
    Paused,
    /// The person holds photos on this network.
    PhotosHeld,
    /// A person must act.
    Person,
    /// Set aside.
    SetAside,
    /// Nothing more is to be done.
    Finished,
}
