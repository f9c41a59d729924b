//! Who can open the vault, and the recovery key.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::AppView;

/// How hard a passphrase is to guess.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// It is refused.
    Weak,
    /// It is taken; more words are safer.
    Fair,
    /// Hard to guess, also for whoever has the computer.
    Strong,
}

/// A recovery key that nobody has used yet. It is shown once, and kept nowhere.
#[derive(Clone, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct RecoveryKeyView {
    /// What opens: `AGE-SECRET-KEY-1…`.
    pub identity: String,
    /// To whom the vault is sealed: `age1…`.
    pub recipient: String,
}

impl std::fmt::Debug for RecoveryKeyView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecoveryKeyView")
            .field("recipient", &self.recipient)
            .finish_non_exhaustive()
    }
}

/// Opens a vault with its recovery key.
#[derive(Clone, PartialEq, Deserialize, TS)]
#[ts(export)]
pub struct VaultRecoverRequest {
    /// The recovery key, as typed.
    pub identity: String,
    /// The passphrase from now on.
    pub passphrase: String,
    /// Name of who is at the device.
    pub operator: String,
}

/// What a recovery came to.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct RecoveredView {
    /// The app; the vault is open.
    pub app: AppView,
    /// Names of those whose passphrases open it no more.
    pub dropped: Vec<String>,
}

/// Who can open the vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PeopleView {
    /// Everybody with a passphrase on this device.
    pub people: Vec<PersonView>,
    /// To whom the vault is sealed for a recovery; `None` when nobody can recover it.
    pub recovery: Option<String>,
    /// Whether a PIN opens it for a while.
    pub pin: bool,
}

/// Somebody with a passphrase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PersonView {
    /// Opaque id.
    pub id: String,
    /// The name; empty when nobody said it.
    pub name: String,
    /// `operator` or `supervisor`.
    pub role: String,
    /// Whether the vault was opened with this one's passphrase.
    pub is_you: bool,
}

/// Gives somebody a passphrase.
#[derive(Clone, PartialEq, Deserialize, TS)]
#[ts(export)]
pub struct PersonAddRequest {
    /// The passphrase of who is at the device, once more.
    pub confirm: String,
    /// Name.
    pub name: String,
    /// `operator` or `supervisor`.
    pub role: String,
    /// Their passphrase.
    pub passphrase: String,
}

/// Takes somebody's passphrase away.
#[derive(Clone, PartialEq, Deserialize, TS)]
#[ts(export)]
pub struct PersonRemoveRequest {
    /// The passphrase of who is at the device, once more.
    pub confirm: String,
    /// Whose.
    pub id: String,
}

/// Puts a new passphrase in place of one's old one.
#[derive(Clone, PartialEq, Deserialize, TS)]
#[ts(export)]
pub struct PassphraseChangeRequest {
    /// The old one.
    pub old: String,
    /// The new one.
    pub new: String,
}

/// Seals the vault to another recovery key.
#[derive(Clone, PartialEq, Deserialize, TS)]
#[ts(export)]
pub struct RecoveryChangeRequest {
    /// The passphrase of who is at the device, once more.
    pub confirm: String,
    /// `age1…`.
    pub recipient: String,
}

/// Lets a PIN open the vault for a while.
#[derive(Clone, PartialEq, Deserialize, TS)]
#[ts(export)]
pub struct PinSetRequest {
    /// The passphrase of who is at the device, once more.
    pub confirm: String,
    /// The PIN.
    pub pin: String,
}
