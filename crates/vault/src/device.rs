//! What this device adds to the passphrase: secrets that do not leave it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::folder::{self, Files, RealFiles};
use crate::keys::Key;

/// Where a secret of this device is kept. Real ones: files, and later the operating system's
/// keychain.
pub trait DeviceSecrets: Send {
    /// How well it keeps them.
    fn protection(&self) -> Protection;

    /// The secret, or `None` when it is surely not there. Never taken for a first run.
    ///
    /// # Errors
    /// [`DeviceSecretFault`] when it cannot be told or read.
    fn read(&self, name: SecretName) -> Result<Option<Key>, DeviceSecretFault>;

    /// Keeps a secret durably, in place of an earlier one of that name.
    ///
    /// # Errors
    /// [`DeviceSecretFault`] when it was not kept.
    fn write(&self, name: SecretName, secret: &Key) -> Result<(), DeviceSecretFault>;
}

/// The secrets of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretName {
    /// Joins the passphrase on the way to the vault key.
    Device,
    /// Joins the vault key on the way to the row key; a new one makes purged records unreadable for
    /// good.
    Shred,
}

/// How well the device's secrets are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// In the operating system's keychain.
    Full,
    /// In files beside the vault: who copies the folder needs the passphrase alone.
    Reduced,
}

/// Why a device secret could not be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum DeviceSecretFault {
    /// The file could not be read or written.
    #[error("the device secret's file: {0}")]
    Io(io::Error),
    /// What is there is not a secret.
    #[error("the device secret is malformed")]
    Malformed,
    /// The keychain is locked or does not answer.
    #[error("the keychain is not available: {0}")]
    Unavailable(String),
}

/// More than a secret has: a file of this length is not one.
const SECRET_BYTES_MAX: u64 = 64;

/// Secrets in files of mode 0600 in the vault's folder: the reduced protection, always shown as
/// such.
#[derive(Clone, Debug)]
pub struct FileSecrets {
    folder: PathBuf,
    files: Arc<dyn Files>,
}

impl FileSecrets {
    /// Keeps them in `folder`.
    pub fn new(folder: &Path) -> Self {
        Self::with(folder, Arc::new(RealFiles))
    }

    /// Keeps them in a folder whose files are reached in another way.
    pub(crate) fn with(folder: &Path, files: Arc<dyn Files>) -> Self {
        Self { folder: folder.to_owned(), files }
    }

    fn path(&self, name: SecretName) -> PathBuf {
        self.folder.join(match name {
            SecretName::Device => "device.secret",
            SecretName::Shred => "shred.key",
        })
    }
}

impl DeviceSecrets for FileSecrets {
    fn protection(&self) -> Protection {
        Protection::Reduced
    }

    fn read(&self, name: SecretName) -> Result<Option<Key>, DeviceSecretFault> {
        match self.files.read(&self.path(name), SECRET_BYTES_MAX) {
            Ok(bytes) => {
                let bytes = zeroize::Zeroizing::new(bytes);
                Key::from_slice(&bytes).map(Some).ok_or(DeviceSecretFault::Malformed)
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(DeviceSecretFault::Io(e)),
        }
    }

    fn write(&self, name: SecretName, secret: &Key) -> Result<(), DeviceSecretFault> {
        let path = self.path(name);
        folder::write_atomically(self.files.as_ref(), &path, secret.bytes())
            .map_err(DeviceSecretFault::Io)
    }
}
