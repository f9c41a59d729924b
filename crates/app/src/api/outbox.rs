//! The outbox and the network.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::LineView;

/// The pill in the bar.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct NetworkView {
    /// `offline`, `online`, `online_slow`, `sign_in_needed`, `checking`, `no_connection`.
    pub kind: String,
    /// Items waiting.
    #[ts(type = "number")]
    pub waiting: u64,
    /// Their bytes.
    #[ts(type = "number")]
    pub waiting_bytes: u64,
    /// Since when.
    #[ts(type = "number | null")]
    pub since_ms: Option<i64>,
    /// At most one banner.
    pub banner: Option<BannerView>,
}

/// True for now and about a whole connection or the window.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct BannerView {
    /// `credentials`, `intercepted`, `clock`, `disk_nearly_full`, `disk_full`.
    pub code: String,
    /// Connection.
    pub connection: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Since when.
    #[ts(type = "number | null")]
    pub since_ms: Option<i64>,
    /// A number the words need.
    #[ts(type = "number | null")]
    pub count: Option<u64>,
}

/// All that waits.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct OutboxView {
    /// In the order in which they go.
    pub items: Vec<OutboxItemView>,
    /// Connections that are paused.
    pub groups: Vec<OutboxGroupView>,
    /// Set aside.
    pub set_aside: Vec<OutboxItemView>,
    /// Everything is paused by hand.
    pub paused: bool,
    /// Photos are held on this network.
    pub hold_photos: bool,
    /// Photos that are held or would be.
    #[ts(type = "number")]
    pub held_photos: u64,
    /// Their bytes.
    #[ts(type = "number")]
    pub held_bytes: u64,
    /// The network.
    pub network: NetworkView,
    /// When a provider last answered.
    #[ts(type = "number | null")]
    pub answered_ms: Option<i64>,
    /// Which one.
    pub answered_by: Option<String>,
}

/// One item.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct OutboxItemView {
    /// Submission.
    pub submission: String,
    /// Account.
    pub account: String,
    /// Account name.
    pub name: String,
    /// Provider name.
    pub provider_name: String,
    /// `details`, `photo`, `documents`, `status`.
    pub what: String,
    /// Kind of paper.
    pub document: Option<String>,
    /// Which photo.
    #[ts(type = "number | null")]
    pub photo_number: Option<u64>,
    /// Of how many.
    #[ts(type = "number | null")]
    pub photo_count: Option<u64>,
    /// Bytes to send.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Code of why it waits.
    pub why: String,
    /// What a person is told.
    pub refusal: Option<LineView>,
    /// When it tries next.
    #[ts(type = "number | null")]
    pub next_ms: Option<i64>,
    /// `tries_at`, `not_before`, `asks_at`, `now`, `after_change`, `with_new_key`, `when_resumed`,
    /// `when_released`.
    pub next_kind: String,
    /// `satchel`, `network`, `you`, `administrator`, `provider`.
    pub who: String,
    /// What is begun at the provider and must be finished in time: `authorize`, `attach`.
    pub deadline: Option<String>,
    /// Until when.
    #[ts(type = "number | null")]
    pub deadline_ms: Option<i64>,
    /// Share sent, 0 to 1.
    pub progress: Option<f64>,
    /// `send_now`, `pause`, `resume`, `let_photos_go`, `release`, `withdraw`, `fix`, `export`.
    pub actions: Vec<String>,
}

/// A connection that is paused, with its items.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct OutboxGroupView {
    /// Connection.
    pub connection: String,
    /// Its name.
    pub name: String,
    /// `credentials`, `intercepted`, `clock`, `paused`.
    pub why: String,
    /// Since when.
    #[ts(type = "number | null")]
    pub since_ms: Option<i64>,
    /// Accounts.
    #[ts(type = "number")]
    pub accounts: u64,
    /// Bytes.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Items.
    pub items: Vec<OutboxItemView>,
}

/// A copy of something that was set aside.
#[derive(Clone, PartialEq, Eq, Deserialize, TS)]
#[ts(export)]
pub struct ExportRequest {
    /// Submission.
    pub submission: String,
    /// The vault's passphrase, given again. Not asked for in training.
    pub passphrase: String,
    /// The folder to make.
    pub folder: String,
}

impl std::fmt::Debug for ExportRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ExportRequest")
            .field("submission", &self.submission)
            .finish_non_exhaustive()
    }
}

/// A copy that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ExportView {
    /// Its folder.
    pub folder: String,
    /// Photos in it.
    #[ts(type = "number")]
    pub photos: u64,
    /// Its bytes.
    #[ts(type = "number")]
    pub bytes: u64,
}
