//! Where a vault's device secrets are kept: in the system's keychain when it passes its probe, else
//! in files beside the vault, and from then on where its header says.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use satchel_keychain::{KeychainFault, Secret};
use satchel_vault::{
    DeviceSecretFault, DeviceSecrets, EntryName, FileSecrets, Key, Place, Protection, SecretName,
    Unavailable, Vault, VaultFault,
};

use crate::api::{ApiError, ProtectionView};
use crate::ports::Keychain;
use crate::satchel::Satchel;

/// The entries of one vault in the keychain.
struct Entries {
    keychain: Arc<dyn Keychain>,
    folder: PathBuf,
    name: EntryName,
}

impl Satchel {
    /// Where the secrets of a vault that is made now would be kept.
    pub fn protection_show(&self) -> ProtectionView {
        match self.0.ports.keychain.probe() {
            Ok(()) => ProtectionView { reduced: false, code: None },
            Err(fault) => ProtectionView { reduced: true, code: Some(fault.code().to_owned()) },
        }
    }

    /// Where the secrets of the vault that is there are kept.
    pub(crate) fn vault_secrets(&self) -> Result<Box<dyn DeviceSecrets>, ApiError> {
        let folder = self.0.folder.vault();
        match Vault::outline(&folder)?.place {
            Some(Place::Files) | None => Ok(Box::new(FileSecrets::new(&folder))),
            Some(Place::Keychain) => {
                let name = EntryName::of(&folder)?.ok_or(VaultFault::KeychainLost)?;
                Ok(self.entries(&folder, name))
            }
        }
    }

    /// Where those of a new vault are kept. A keychain that is there and cannot be used now is
    /// told, so that nobody gets less protection than they believe to have.
    pub(crate) fn secrets_for_new(
        &self,
        folder: &Path,
        without_keychain: bool,
    ) -> Result<Box<dyn DeviceSecrets>, ApiError> {
        if Vault::exists(folder) {
            return Err(VaultFault::Exists.into());
        }
        match without_keychain {
            true => Ok(Box::new(FileSecrets::new(folder))),
            false => self.in_the_keychain(folder, None),
        }
    }

    /// Where those of a vault are kept from its recovery on: where they were, unless that was a
    /// keychain and there is none any more.
    pub(crate) fn secrets_for_recovery(
        &self,
        folder: &Path,
    ) -> Result<Box<dyn DeviceSecrets>, ApiError> {
        match Vault::outline(folder)?.place {
            Some(Place::Files) | None => Ok(Box::new(FileSecrets::new(folder))),
            Some(Place::Keychain) => self.in_the_keychain(folder, EntryName::of(folder)?),
        }
    }

    fn in_the_keychain(
        &self,
        folder: &Path,
        name: Option<EntryName>,
    ) -> Result<Box<dyn DeviceSecrets>, ApiError> {
        match self.0.ports.keychain.probe() {
            Ok(()) => Ok(self.entries(folder, name.map_or_else(EntryName::draw, Ok)?)),
            Err(KeychainFault::Absent(_)) => Ok(Box::new(FileSecrets::new(folder))),
            Err(
                fault @ (KeychainFault::Locked | KeychainFault::Silent | KeychainFault::Failed(_)),
            ) => Err(ApiError::new(fault.code())),
        }
    }

    fn entries(&self, folder: &Path, name: EntryName) -> Box<dyn DeviceSecrets> {
        let keychain = Arc::clone(&self.0.ports.keychain);
        Box::new(Entries { keychain, folder: folder.to_owned(), name })
    }
}

impl Entries {
    fn entry(&self, secret: SecretName) -> String {
        let part = match secret {
            SecretName::Device => "device",
            SecretName::Shred => "shred",
            SecretName::NextDevice => "device.next",
            SecretName::NextShred => "shred.next",
        };
        format!("{}/{part}", self.name.as_str())
    }
}

impl DeviceSecrets for Entries {
    fn protection(&self) -> Protection {
        Protection::Full
    }

    fn read(&self, name: SecretName) -> Result<Option<Key>, DeviceSecretFault> {
        let Some(secret) = self.keychain.read(&self.entry(name)).map_err(unavailable)? else {
            return Ok(None);
        };
        Key::from_slice(&secret).map(Some).ok_or(DeviceSecretFault::Malformed)
    }

    /// The name of the entries lies beside the vault before its header sends anybody to them.
    fn write(&self, name: SecretName, secret: &Key) -> Result<(), DeviceSecretFault> {
        self.keychain.write(&self.entry(name), secret.bytes()).map_err(unavailable)?;
        match EntryName::of(&self.folder) {
            Ok(Some(kept)) if kept == self.name => Ok(()),
            Ok(_) | Err(_) => self.name.keep(&self.folder),
        }
    }

    fn delete(&self, name: SecretName) -> Result<(), DeviceSecretFault> {
        self.keychain.delete(&self.entry(name)).map_err(unavailable)
    }
}

fn unavailable(fault: KeychainFault) -> DeviceSecretFault {
    DeviceSecretFault::Unavailable(match fault {
        KeychainFault::Absent(_) => Unavailable::Absent,
        KeychainFault::Locked => Unavailable::Locked,
        KeychainFault::Silent => Unavailable::Silent,
        KeychainFault::Failed(_) => Unavailable::Failed,
    })
}

impl Keychain for satchel_keychain::Keychain {
    fn probe(&self) -> Result<(), KeychainFault> {
        satchel_keychain::Keychain::probe(self)
    }

    fn read(&self, name: &str) -> Result<Option<Secret>, KeychainFault> {
        satchel_keychain::Keychain::read(self, name)
    }

    fn write(&self, name: &str, secret: &[u8]) -> Result<(), KeychainFault> {
        satchel_keychain::Keychain::write(self, name, secret)
    }

    fn delete(&self, name: &str) -> Result<(), KeychainFault> {
        satchel_keychain::Keychain::delete(self, name)
    }
}

/// The keychain of whoever runs the program.
pub fn system_keychain() -> Arc<dyn Keychain> {
    Arc::new(satchel_keychain::Keychain::new(satchel_keychain::Patience::STANDARD))
}
