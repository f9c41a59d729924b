//! Where the app keeps its files.

use std::path::{Path, PathBuf};

/// The app's folder: one vault, one training vault, and what is known before either is open.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// A folder that need not exist yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The vault of this device.
    pub fn vault(&self) -> PathBuf {
        self.0.join("vault")
    }

    /// Everything of training mode; deleted as a whole.
    pub fn training(&self) -> PathBuf {
        self.0.join("training")
    }

    /// The vault of training mode.
    pub fn training_vault(&self) -> PathBuf {
        self.training().join("vault")
    }

    /// The practice provider's own files.
    pub fn practice(&self) -> PathBuf {
        self.training().join("provider")
    }

    /// The training vault's passphrase: it guards made-up merchants alone.
    pub fn training_passphrase(&self) -> PathBuf {
        self.training().join("passphrase")
    }

    /// Settings that hold before a vault is open. No personal data.
    pub fn device(&self) -> PathBuf {
        self.0.join("device.json")
    }

    /// How many wrong passphrases were given. No personal data.
    pub fn tries(&self) -> PathBuf {
        self.0.join("tries.json")
    }
}
