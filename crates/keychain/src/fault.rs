//! Why a keychain did not do what it was asked.

use keyring_core::Error;

/// Why a keychain did not do what it was asked. That an entry is not there is no fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeychainFault {
    /// This session has none, or there is nothing in it that could keep a secret.
    #[error("there is no keychain here: {0}")]
    Absent(String),
    /// It is locked, and was not unlocked when the system asked for it.
    #[error("the keychain is locked")]
    Locked,
    /// It did not answer in time.
    #[error("the keychain did not answer in time")]
    Silent,
    /// It answered with an error, or with something that we did not put there.
    #[error("the keychain failed: {0}")]
    Failed(String),
}

impl KeychainFault {
    /// The code, for the window and for logs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Absent(_) => "keychain_absent",
            Self::Locked => "keychain_locked",
            Self::Silent => "keychain_silent",
            Self::Failed(_) => "keychain_failed",
        }
    }
}

/// What a refusal of an entry means. Values of entries are left out of every text.
pub(crate) fn of_entry(error: &Error) -> KeychainFault {
    match error {
        Error::NoStorageAccess(why) => crate::store::without_access(why.as_ref()),
        Error::PlatformFailure(why) => KeychainFault::Failed(why.to_string()),
        Error::NoEntry => failed("the entry is gone"),
        Error::BadEncoding(_) | Error::BadDataFormat(_, _) => failed("the entry is malformed"),
        Error::BadStoreFormat(_) => failed("the keychain is malformed"),
        Error::TooLong(_, _) => failed("the entry is too long"),
        Error::Ambiguous(_) => failed("there are two entries of one name"),
        Error::Invalid(_, _) | Error::NotSupportedByStore(_) | Error::NoDefaultStore => {
            failed("the keychain does not take such an entry")
        }
        _ => failed("unknown"),
    }
}

pub(crate) fn failed(why: &str) -> KeychainFault {
    KeychainFault::Failed(why.to_owned())
}
