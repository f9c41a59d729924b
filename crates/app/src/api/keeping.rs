//! How long evidence is kept, and forgetting.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How long evidence is kept after one kind of end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct KeepingView {
    /// The end: `verified`, `failed`, `withdrawn`.
    pub state: String,
    /// Hours for photos; none keeps them until somebody has them forgotten.
    pub photos_h: Option<u32>,
    /// Hours for everything else; none as above.
    pub details_h: Option<u32>,
}

/// How long evidence is kept.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct RetentionView {
    /// One for each end.
    pub keeping: Vec<KeepingView>,
    /// Submissions whose photos are gone and whose details are here.
    #[ts(type = "number")]
    pub without_photos: u64,
    /// Accounts of which nothing but the tombstone is here.
    #[ts(type = "number")]
    pub forgotten: u64,
}

/// Changes how long evidence is kept.
#[derive(Clone, Debug, PartialEq, Deserialize, TS)]
#[ts(export)]
pub struct RetentionRequest {
    /// The ends that change.
    pub keeping: Vec<KeepingView>,
}

/// What was forgotten because its time had come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ForgottenView {
    /// Submissions whose photos went.
    #[ts(type = "number")]
    pub photos: u64,
    /// Submissions of which everything went.
    #[ts(type = "number")]
    pub submissions: u64,
    /// Accounts of which the name went as well.
    #[ts(type = "number")]
    pub accounts: u64,
}

/// What it would mean to forget an account now.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ForgetView {
    /// Account.
    pub account: String,
    /// The provider's identifier, which stays.
    pub remote_id: String,
    /// Photos that go.
    #[ts(type = "number")]
    pub photos: u64,
    /// Answers go.
    pub answers: bool,
    /// An open draft goes.
    pub draft: bool,
    /// What it means: `nothing_sent`, `taken_back`, `with_provider`, `verified`, `failed`.
    pub consequence: String,
    /// Why it cannot be now: `in_flight`, `record_damaged`.
    pub not_now: Option<String>,
    /// It is forgotten as soon as it can be.
    pub queued: bool,
}

/// Forgets an account.
#[derive(Clone, Debug, PartialEq, Deserialize, TS)]
#[ts(export)]
pub struct ForgetRequest {
    /// Account.
    pub account: String,
    /// When something may still be on its way: forget it as soon as that is settled.
    pub when_settled: bool,
}

/// What stays of an account that was forgotten.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct TombstoneView {
    /// Code of the state that it ended in; empty when nothing was ever sealed.
    pub state: String,
    /// When it was sealed.
    #[ts(type = "number | null")]
    pub sealed_ms: Option<i64>,
    /// Since when it stood in that state.
    #[ts(type = "number | null")]
    pub since_ms: Option<i64>,
    /// When it was forgotten.
    #[ts(type = "number")]
    pub forgotten_ms: i64,
    /// Who had it forgotten; empty for Satchel itself.
    pub operator: String,
}
