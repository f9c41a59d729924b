//! Why a vault could not be made or opened.

use std::io;

use rusqlite::ErrorCode;

use crate::device::{DeviceSecretFault, Unavailable};

/// Why a vault could not be made or opened. The window has words for each [`VaultFault::code`].
#[derive(Debug, thiserror::Error)]
pub enum VaultFault {
    /// No slot opens. A wrong passphrase, another device's secret and a forged slot look the same
    /// here.
    #[error("the passphrase does not open this vault")]
    WrongPassphrase,
    /// The passphrase is too short, or digits alone.
    #[error("the passphrase is too weak; at least {chars_min} characters, not digits alone")]
    WeakPassphrase {
        /// Fewest characters.
        chars_min: usize,
    },
    /// Another process, or this one, has the vault open.
    #[error("the vault is open elsewhere")]
    InUse,
    /// There is no vault in that folder.
    #[error("there is no vault here")]
    NotAVault,
    /// There is a vault, or what is left of one, in that folder already.
    #[error("there is a vault here already")]
    Exists,
    /// A newer Satchel wrote this vault.
    #[error("a newer version wrote this vault")]
    NewerVersion,
    /// A file of the vault is damaged or missing.
    #[error("damaged: {0}")]
    Damaged(&'static str),
    /// The cost of hashing the passphrase is outside what is accepted.
    #[error("the cost of hashing the passphrase is out of bounds")]
    CostRefused,
    /// This device's secret is gone from its file; only a recovery opens the vault.
    #[error("this device's secret is gone")]
    DeviceSecretAbsent,
    /// The keychain could not be asked for this device's secret.
    #[error("the keychain could not be asked: {0:?}")]
    Keychain(Unavailable),
    /// The keychain lacks this vault's secrets; only a recovery opens the vault.
    #[error("the keychain lacks this vault's secrets")]
    KeychainLost,
    /// No recovery key was made for this vault.
    #[error("this vault has no recovery key")]
    NoRecovery,
    /// That is not a key of age's format.
    #[error("not a recovery key")]
    BadRecoveryKey,
    /// A recovery key, and not this vault's.
    #[error("the recovery key of another vault")]
    WrongRecoveryKey,
    /// Nobody would be left who can open the vault with a passphrase.
    #[error("the last operator stays")]
    LastOperator,
    /// No operator has this id.
    #[error("no such operator")]
    NoSuchOperator,
    /// There is room for no further operator.
    #[error("too many operators")]
    TooManyOperators,
    /// The disk is full.
    #[error("the disk is full")]
    DiskFull,
    /// The operating system gave no random bytes.
    #[error("no random bytes")]
    NoRandomness,
    /// This program was built without page encryption.
    #[error("this build cannot encrypt databases")]
    NoPageEncryption,
    /// Not enough memory to hash the passphrase.
    #[error("not enough memory")]
    NoMemory,
    /// A file could not be read or written.
    #[error("a file could not be read or written: {0}")]
    Io(io::Error),
    /// The database failed.
    #[error("the database failed: {0}")]
    Database(String),
}

impl VaultFault {
    /// The code, for the window and for logs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::WrongPassphrase => "wrong_passphrase",
            Self::WeakPassphrase { .. } => "weak_passphrase",
            Self::InUse => "in_use",
            Self::NotAVault => "not_a_vault",
            Self::Exists => "exists",
            Self::NewerVersion => "newer_version",
            Self::Damaged(_) => "damaged",
            Self::CostRefused => "cost_refused",
            Self::DeviceSecretAbsent => "device_secret_absent",
            Self::Keychain(Unavailable::Absent) => "keychain_absent",
            Self::Keychain(Unavailable::Locked) => "keychain_locked",
            Self::Keychain(Unavailable::Silent) => "keychain_silent",
            Self::Keychain(Unavailable::Failed) => "keychain_failed",
            Self::KeychainLost => "keychain_lost",
            Self::NoRecovery => "no_recovery",
            Self::BadRecoveryKey => "bad_recovery_key",
            Self::WrongRecoveryKey => "wrong_recovery_key",
            Self::LastOperator => "last_operator",
            Self::NoSuchOperator => "no_such_operator",
            Self::TooManyOperators => "too_many_operators",
            Self::DiskFull => "disk_full",
            Self::NoRandomness => "no_randomness",
            Self::NoPageEncryption => "no_page_encryption",
            Self::NoMemory => "no_memory",
            Self::Io(_) => "io",
            Self::Database(_) => "database",
        }
    }
}

impl From<io::Error> for VaultFault {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::Io(error),
        }
    }
}

impl From<rusqlite::Error> for VaultFault {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::InUse,
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
                Self::Damaged("a database does not open")
            }
            Some(_) | None => Self::Database(crate::db::failure_code(&error)),
        }
    }
}

impl From<DeviceSecretFault> for VaultFault {
    fn from(fault: DeviceSecretFault) -> Self {
        match fault {
            DeviceSecretFault::Io(error) => error.into(),
            DeviceSecretFault::Malformed => Self::Damaged("the device secret is malformed"),
            DeviceSecretFault::Unavailable(why) => Self::Keychain(why),
        }
    }
}
