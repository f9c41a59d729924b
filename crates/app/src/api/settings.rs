//! Settings, corrections and change notices.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::AnswerRequest;

/// Settings and facts of this device.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct SettingsView {
    /// `system`, `light`, `dark`.
    pub theme: String,
    /// Who is at the device.
    pub operator: String,
    /// Seconds without use before it locks; 0 for never.
    #[ts(type = "number")]
    pub idle_lock_s: u64,
    /// Bytes of the vault on disk.
    #[ts(type = "number")]
    pub store_bytes: u64,
    /// Bytes free on that disk.
    #[ts(type = "number")]
    pub free_bytes: u64,
    /// The app's folder.
    pub folder: String,
    /// Version.
    pub version: String,
    /// Single-letter keys work.
    pub single_keys: bool,
}

/// Changes one setting.
#[derive(Clone, Debug, PartialEq, Deserialize, TS)]
#[ts(export)]
pub struct SettingRequest {
    /// `theme`, `operator`, `idle_lock_s`, `single_keys`.
    pub key: String,
    /// The value.
    pub value: String,
}

/// What a person did about a refusal.
#[derive(Clone, Debug, PartialEq, Deserialize, TS)]
#[ts(export)]
pub struct CorrectionRequest {
    /// Submission.
    pub submission: String,
    /// `answers`, `full_number`, `overwrite`, `follow`, `try_again`.
    pub kind: String,
    /// Answers that changed.
    pub answers: Vec<AnswerRequest>,
}

/// Something changed; the window asks again for what it shows.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ChangedView {
    /// Accounts, detail or outbox.
    pub accounts: bool,
    /// The network pill or banner.
    pub network: bool,
    /// The phase: locked, for one.
    pub app: bool,
}
