//! The audit log as the window sees it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Which entries to list.
#[derive(Clone, Debug, PartialEq, Deserialize, TS)]
#[ts(export)]
pub struct AuditRequest {
    /// Entries before this place; the newest ones when left out.
    #[ts(type = "number | null")]
    pub before: Option<u64>,
    /// About one account alone.
    pub account: Option<String>,
}

/// The audit log, newest first.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct AuditView {
    /// Entries.
    pub entries: Vec<AuditEntryView>,
    /// How many there are in all.
    #[ts(type = "number")]
    pub total: u64,
    /// Whether older ones follow.
    pub more: bool,
    /// What is wrong with the log: `changed`, `out_of_order`, `cut_off`, `log_differs`.
    pub fault: Option<String>,
    /// The first entry of which that is so.
    #[ts(type = "number | null")]
    pub fault_at: Option<u64>,
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct AuditEntryView {
    /// Place in the log, from 1.
    #[ts(type = "number")]
    pub seq: u64,
    /// When.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// Who was at the device; empty for Satchel itself.
    pub operator: String,
    /// What, as a code; see `AUDIT_EVENTS`.
    pub event: String,
    /// A code or a number that belongs to it.
    pub detail: Option<String>,
    /// The account that it is about.
    pub account: Option<String>,
    /// Its name today; the provider's identifier once it was forgotten.
    pub account_name: Option<String>,
}

/// Writes the audit log into a file.
#[derive(Clone, Debug, PartialEq, Deserialize, TS)]
#[ts(export)]
pub struct AuditExportRequest {
    /// The file to make, with its whole path.
    pub file: String,
}

/// What an audit log or a copy of it was found to be.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct AuditCheckView {
    /// Entries that are as they were written.
    #[ts(type = "number")]
    pub entries: u64,
    /// Chain hash of the last of them, in hexadecimal.
    pub link: String,
    /// What is wrong: `changed`, `out_of_order`, `cut_off`, `foreign`, `log_differs`.
    pub fault: Option<String>,
    /// The first entry of which that is so.
    #[ts(type = "number | null")]
    pub fault_at: Option<u64>,
    /// Whether it was compared with this vault's own log.
    pub compared: bool,
}
