//! What stands in the vault's audit log: who did what, and when. Codes, counts and opaque ids
//! alone; nothing in it says anything about an applicant.

use serde::{Deserialize, Serialize};

use crate::clock::UnixMs;
use crate::delivery::Event;
use crate::ids::{AccountId, SubmissionId};

/// Something to be noted that is about no submission's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// When.
    pub at_ms: UnixMs,
    /// Who was at the device; empty for Satchel itself.
    pub operator: String,
    /// What, as a code.
    pub event: String,
    /// A code or a number that belongs to it.
    pub detail: Option<String>,
    /// The account that it is about.
    pub account: Option<AccountId>,
}

/// One entry, with its place in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    /// Place in the log, from 1.
    pub seq: u64,
    /// When.
    pub at_ms: UnixMs,
    /// Who was at the device; empty for Satchel itself.
    pub operator: String,
    /// What, as a code.
    pub event: String,
    /// A code or a number that belongs to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The account that it is about, by its opaque id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// The place of the same event in a submission's own log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<LogPlace>,
}

/// A place in a submission's log. Its hash ties both logs together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogPlace {
    /// The submission.
    pub submission: SubmissionId,
    /// Place in its log.
    pub seq: u64,
    /// Chain hash there, in hexadecimal.
    pub link: String,
}

/// An entry as it is chained.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// The entry's JSON, to the byte.
    pub json: String,
    /// The same, read.
    pub entry: AuditEntry,
    /// Chain hash of this entry and all before it, in hexadecimal.
    pub link: String,
}

/// The log as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLog {
    /// The vault's identifier, in hexadecimal.
    pub vault: String,
    /// Entries up to the first that does not belong there.
    pub lines: Vec<AuditLine>,
    /// What does not belong there.
    pub fault: Option<AuditFault>,
}

/// What is wrong with a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditFault {
    /// The entry that was to come.
    pub seq: u64,
    /// How.
    pub kind: AuditFaultKind,
}

/// How a log is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditFaultKind {
    /// The entry was changed, or does not open.
    Changed,
    /// Another entry stands in its place.
    OutOfOrder,
    /// The log ends before it.
    CutOff,
    /// It is another vault's.
    Foreign,
    /// The log of the submission that it names says something else.
    LogDiffers,
}

impl AuditFaultKind {
    /// The code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::OutOfOrder => "out_of_order",
            Self::CutOff => "cut_off",
            Self::Foreign => "foreign",
            Self::LogDiffers => "log_differs",
        }
    }
}

/// How an event of a submission's log is noted in the audit log; `None` for those that only tell
/// what passed between this device and the provider. A purge is noted with what it left.
pub fn noted(event: &Event) -> Option<(&'static str, Option<String>)> {
    match event {
        Event::Sealed { photos, .. } => Some(("sealed", Some(overrides(photos)))),
        Event::PhotosAdded { photos } => Some(("photos_added", Some(overrides(photos)))),
        Event::Corrected { .. } => Some(("corrected", None)),
        Event::Released => Some(("released", None)),
        Event::Revealed => Some(("revealed", None)),
        Event::Exported { photos } => Some(("exported", Some(photos.to_string()))),
        Event::Withdrawn => Some(("withdrawn", None)),
        Event::Restored => Some(("restored", None)),
        Event::PhotosForgotten => Some(("photos_forgotten", None)),
        Event::AttemptStarted { .. }
        | Event::Answered { .. }
        | Event::Restarted
        | Event::StatusSeen { .. }
        | Event::PhotoLightened { .. }
        | Event::Purged => None,
    }
}

/// How many photos were used although they were judged bad.
fn overrides(photos: &[crate::photo::PhotoRecord]) -> String {
    photos.iter().filter(|p| p.override_reason.is_some()).count().to_string()
}
