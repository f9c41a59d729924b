//! What this device adds to the passphrase: secrets that do not leave it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::folder::{self, Files, Paths, RealFiles};
use crate::keys::Key;

/// Where a secret of this device is kept: the operating system's keychain, or files.
pub trait DeviceSecrets: Send {
    /// How well it keeps them.
    fn protection(&self) -> Protection;

    /// Where they lie. The vault remembers it, so that one place is never taken for the other.
    fn place(&self) -> Place {
        match self.protection() {
            Protection::Full => Place::Keychain,
            Protection::Reduced => Place::Files,
        }
    }

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

    /// Takes a secret away; one that is not there is no fault.
    ///
    /// # Errors
    /// [`DeviceSecretFault`] when it may still be there.
    fn delete(&self, name: SecretName) -> Result<(), DeviceSecretFault>;
}

/// The secrets of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretName {
    /// Joins the passphrase on the way to the vault key.
    Device,
    /// Joins the vault key on the way to the row key; a new one makes purged records unreadable for
    /// good.
    Shred,
    /// The device secret that takes over, while a recovery is under way.
    NextDevice,
    /// The shred key that takes over, while it is being changed.
    NextShred,
}

impl SecretName {
    /// All of them.
    pub const ALL: [SecretName; 4] = [Self::Device, Self::Shred, Self::NextDevice, Self::NextShred];
}

/// Where the device's secrets lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In files beside the vault.
    Files,
    /// In the operating system's keychain.
    Keychain,
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
    /// The keychain could not be asked, so nothing is known of the secret.
    #[error("the keychain is not available: {0:?}")]
    Unavailable(Unavailable),
}

/// Why a keychain could not be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unavailable {
    /// This session has none.
    Absent,
    /// It is locked.
    Locked,
    /// It did not answer in time.
    Silent,
    /// It answered with an error.
    Failed,
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

    /// Keeps them beside this vault.
    pub(crate) fn at(paths: &Paths) -> Self {
        Self { folder: paths.folder().to_owned(), files: paths.shared_files() }
    }

    fn path(&self, name: SecretName) -> PathBuf {
        self.folder.join(match name {
            SecretName::Device => "device.secret",
            SecretName::Shred => "shred.key",
            SecretName::NextDevice => "device.next",
            SecretName::NextShred => "shred.next",
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

    fn delete(&self, name: SecretName) -> Result<(), DeviceSecretFault> {
        let path = self.path(name);
        if self.files.exists(&path) {
            folder::remove_if_there(self.files.as_ref(), &path)
                .and_then(|()| self.files.sync_folder(&self.folder))
                .map_err(DeviceSecretFault::Io)?;
        }
        Ok(())
    }
}

/// The secret of one of these names that is the right one.
pub(crate) fn find(
    secrets: &dyn DeviceSecrets,
    names: [SecretName; 2],
    is_right: impl Fn(&Key) -> bool,
) -> Result<Option<Key>, DeviceSecretFault> {
    for name in names {
        if let Some(secret) = secrets.read(name)?.filter(&is_right) {
            return Ok(Some(secret));
        }
    }
    Ok(None)
}
