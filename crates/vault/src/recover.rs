//! Opening a vault with its recovery key, when a passphrase or the device's secrets are lost.

use std::path::Path;

use crate::age::Identity;
use crate::databases::Databases;
use crate::device::{DeviceSecrets, FileSecrets, Place, SecretName};
use crate::fault::VaultFault;
use crate::folder::{self, FolderLock, Paths};
use crate::header::{Belonging, Header, Recovered, SecretId, SlotId, SlotKind, Slotted};
use crate::keys::{Key, RowKey, VaultId, config_key, header_key};
use crate::passphrase::{self, Cost};
use crate::slots::{forget, shred};
use crate::vault::{OpenVault, Vault, check_files};

/// How a vault is recovered.
#[derive(Clone, Copy, Debug)]
pub struct Recovery<'a> {
    /// The recovery key.
    pub identity: &'a Identity,
    /// Who is at the device from now on.
    pub name: &'a str,
    /// Their passphrase.
    pub passphrase: &'a str,
    /// Cost of one guess at it.
    pub cost: Cost,
}

/// A vault that was recovered.
#[derive(Debug)]
pub struct Rescued {
    /// It is open.
    pub vault: OpenVault,
    /// Names of those whose passphrases open it no more: they were bound to the device secret of
    /// before.
    pub dropped: Vec<String>,
}

impl Vault {
    /// Opens a vault with its recovery key, gives the device a new secret, and leaves one operator:
    /// the one who is named. Whoever else had a passphrase needs a new one.
    ///
    /// # Errors
    /// [`VaultFault::NoRecovery`], [`VaultFault::WrongRecoveryKey`],
    /// [`VaultFault::WeakPassphrase`], those of [`Vault::open_with`], or what the disk and the
    /// device's secrets answer. Until all of it is done, everything opens that did before.
    pub fn recover(
        folder: &Path,
        recovery: &Recovery<'_>,
        secrets: &dyn DeviceSecrets,
    ) -> Result<Rescued, VaultFault> {
        Self::recover_at(Paths::new(folder), recovery, secrets)
    }

    pub(crate) fn recover_at(
        paths: Paths,
        recovery: &Recovery<'_>,
        secrets: &dyn DeviceSecrets,
    ) -> Result<Rescued, VaultFault> {
        passphrase::check_strength(recovery.passphrase, secrets.protection())?;
        check_files(&paths)?;
        let lock = FolderLock::take(&paths)?;
        let mut header = Header::read(paths.files(), &paths.header())?;
        let recovered = header.recover(recovery.identity)?;
        let key = header_key(header.vault, &recovered.vault_key);
        header.verify(&key)?;
        let databases = Databases::open(&paths, lock, &header, &recovered.vault_key)?;
        let belonging = header.belonging.ok_or(VaultFault::NoRecovery)?;
        let number = databases.row_number(&belonging)?;
        let shred = recovered.shreds.iter().find(|(row, _)| *row == number).map(|(_, key)| key);
        let shred = shred.ok_or(VaultFault::Damaged("no shred key fits the data keys"))?;
        let device = Key::draw()?;
        let fresh = Belonging {
            place: secrets.place(),
            device: SecretId::of_device(header.vault, &device),
            row: number,
            shred: SecretId::of_shred(header.vault, shred),
            next_shred: None,
        };
        secrets.write(SecretName::NextDevice, &device)?;
        keep_shred(header.vault, &fresh, shred, secrets)?;
        let (slot, dropped) = replace_slots(&mut header, recovery, &recovered, &device)?;
        header.belonging = Some(fresh);
        let vault_key = recovered.vault_key.twin();
        header.reseal(&Recovered { vault_key, shreds: vec![(number, shred.twin())] })?;
        folder::write_atomically(paths.files(), &paths.header(), &header.encode(&key)?)?;
        secrets.write(SecretName::Device, &device)?;
        secrets.delete(SecretName::NextDevice)?;
        if secrets.place() == Place::Keychain {
            // What the files of before hold opens nothing alone; it need not lie about.
            let _ = forget(&FileSecrets::at(&paths));
        }
        let row = RowKey::derive(header.vault, &recovered.vault_key, number, shred);
        let opened = (slot, fresh, secrets.protection());
        let vault = databases.opened(paths, header.vault, recovered.vault_key, row, opened);
        Ok(Rescued { vault, dropped })
    }
}

/// The shred key stands where the next open looks for it.
fn keep_shred(
    vault: VaultId,
    belonging: &Belonging,
    key: &Key,
    secrets: &dyn DeviceSecrets,
) -> Result<(), VaultFault> {
    // One that is damaged is as good as none.
    match shred(secrets, belonging.shred, vault) {
        Ok(Some(_)) => Ok(()),
        Ok(None) | Err(VaultFault::Damaged(_)) => Ok(secrets.write(SecretName::Shred, key)?),
        Err(fault) => Err(fault),
    }
}

/// One operator in place of all who had a passphrase, and the names of those.
fn replace_slots(
    header: &mut Header,
    recovery: &Recovery<'_>,
    recovered: &Recovered,
    device: &Key,
) -> Result<(SlotId, Vec<String>), VaultFault> {
    let (vault, vault_key) = (header.vault, &recovered.vault_key);
    let config = config_key(vault, vault_key);
    let gone = header.slots.iter().filter(|s| s.has_passphrase());
    let dropped = gone.map(|s| s.name(vault, &config)).collect::<Result<Vec<_>, _>>()?;
    let slotted = Slotted {
        kind: SlotKind::Operator,
        name: recovery.name,
        passphrase: recovery.passphrase,
        device,
        cost: recovery.cost,
    };
    let id = SlotId::draw()?;
    let slot = slotted.slot(id, vault, vault_key, &config)?;
    header.slots.retain(|s| !s.has_passphrase());
    header.slots.push(slot);
    Ok((id, dropped))
}

#[cfg(test)]
#[path = "recover_tests.rs"]
mod tests;
