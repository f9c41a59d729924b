//! The one place that differs by system: which keychain there is.

use std::collections::HashMap;
use std::error::Error as AnyError;
use std::sync::Arc;

use keyring_core::{CredentialStore, Result};

use crate::fault::KeychainFault;

/// The person's keychain, opened anew for each call: a service that was restarted in between is no
/// fault.
#[cfg(target_os = "linux")]
pub(crate) fn open() -> Result<Arc<CredentialStore>> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

/// The person's keychain.
#[cfg(target_os = "macos")]
pub(crate) fn open() -> Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

/// The person's Credential Manager.
#[cfg(windows)]
pub(crate) fn open() -> Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}

/// A system without a keychain that we know.
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
pub(crate) fn open() -> Result<Arc<CredentialStore>> {
    Err(keyring_core::Error::NoDefaultStore)
}

/// How an entry is made: with words for who looks through the keychain, and never on a server.
pub(crate) fn modifiers() -> HashMap<&'static str, &'static str> {
    if cfg!(target_os = "linux") {
        HashMap::from([("label", crate::policy::LABEL)])
    } else if cfg!(windows) {
        HashMap::from([("persistence", "local")])
    } else {
        HashMap::new()
    }
}

/// A keychain without any collection is no locked one: nobody could unlock it.
#[cfg(target_os = "linux")]
pub(crate) fn without_access(why: &(dyn AnyError + Send + Sync + 'static)) -> KeychainFault {
    match why.downcast_ref() {
        Some(secret_service::Error::NoResult) => {
            KeychainFault::Absent("it has no collection to keep a secret in".to_owned())
        }
        Some(_) | None => KeychainFault::Locked,
    }
}

/// What a refused access means.
#[cfg(not(target_os = "linux"))]
pub(crate) fn without_access(_: &(dyn AnyError + Send + Sync + 'static)) -> KeychainFault {
    KeychainFault::Locked
}
