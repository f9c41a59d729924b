//! Phases of the app and its vault.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Where the app stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// No vault yet: first run.
    New,
    /// A vault is there and locked.
    Locked,
    /// The vault is open.
    Open,
}

/// The app as a whole.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct AppView {
    /// Where it stands.
    pub phase: Phase,
    /// Training mode: a vault of its own and the practice provider.
    pub training: bool,
    /// Whether a training vault exists that can be reopened.
    pub training_vault: bool,
    /// Who is at the device; empty before the first vault.
    pub operator: String,
    /// Version of the app.
    pub version: String,
    /// When it was locked, in this run.
    #[ts(type = "number | null")]
    pub locked_ms: Option<i64>,
    /// Why it was locked: `hand`, `idle`, `start`.
    pub lock_reason: Option<String>,
    /// The vault on this device has a recovery key.
    pub recoverable: bool,
    /// A PIN opens the vault that is locked.
    pub pin: bool,
    /// The device secret lies in a file, not in the system keychain.
    pub reduced_protection: bool,
    /// In training: the page on which a person plays the provider.
    pub review_url: Option<String>,
    /// `system`, `light` or `dark`.
    pub theme: String,
    /// Size of everything on the screen, in percent.
    #[ts(type = "number")]
    pub zoom_percent: u64,
}

/// Makes the vault of this device.
#[derive(Clone, Debug, PartialEq, Deserialize, TS)]
#[ts(export)]
pub struct VaultCreateRequest {
    /// The passphrase, as typed.
    pub passphrase: String,
    /// Name of who is at the device.
    pub operator: String,
    /// To whom it is sealed for a recovery: `age1…`.
    pub recovery: String,
    /// Keep the device secret in a file although there is a keychain, such as a locked one.
    #[serde(default)]
    pub without_keychain: bool,
}

/// Where the device secret of a vault that is made now would be kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct ProtectionView {
    /// In a file, not in the system's keychain.
    pub reduced: bool,
    /// What is wrong with the keychain: `keychain_absent`, `keychain_locked`, `keychain_silent`,
    /// `keychain_failed`.
    pub code: Option<String>,
}

/// Opens the vault.
#[derive(Clone, Debug, PartialEq, Deserialize, TS)]
#[ts(export)]
pub struct VaultUnlockRequest {
    /// The passphrase, as typed.
    pub passphrase: String,
}
