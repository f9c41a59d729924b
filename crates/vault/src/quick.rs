//! Opening a vault again with a PIN, for a while: kept in memory alone, and never on a disk.

use std::path::Path;

use crate::device::DeviceSecrets;
use crate::fault::VaultFault;
use crate::folder::{FolderLock, Paths};
use crate::header::{Header, SlotId};
use crate::keys::{Key, VaultId, WRAPPED_BYTES, fill_random};
use crate::passphrase::{self, Cost};
use crate::slots::{Slots, device_secret};
use crate::vault::{OpenVault, Vault, check_files};

/// The vault key, wrapped with a PIN. Whoever has this memory has the key before long, so that it
/// must go with time, suspend and wrong tries; that is for whoever keeps it.
pub struct QuickUnlock {
    vault: VaultId,
    slot: SlotId,
    salt: [u8; 16],
    cost: Cost,
    wrapped: [u8; WRAPPED_BYTES],
}

impl Slots {
    /// A way to open the vault again with `pin`, in the name of whoever opened it now.
    ///
    /// # Errors
    /// [`VaultFault::CostRefused`], [`VaultFault::NoMemory`], [`VaultFault::NoRandomness`].
    pub fn quick(&self, pin: &str, cost: Cost) -> Result<QuickUnlock, VaultFault> {
        let mut salt = [0; 16];
        fill_random(&mut salt)?;
        let (vault, slot) = self.opened_by();
        let kek = pin_key(vault, pin, &salt, cost)?;
        let wrapped = kek.wrap(self.vault_key(), &aad(vault, slot))?;
        Ok(QuickUnlock { vault, slot, salt, cost, wrapped })
    }
}

impl Vault {
    /// Opens a vault that was opened with a passphrase before.
    ///
    /// # Errors
    /// [`VaultFault::WrongPassphrase`] for a wrong PIN, [`VaultFault::NoSuchOperator`] when the
    /// passphrase of before was taken away, and those of [`Vault::open_with`].
    pub fn open_quick(
        folder: &Path,
        quick: &QuickUnlock,
        pin: &str,
        secrets: &dyn DeviceSecrets,
    ) -> Result<OpenVault, VaultFault> {
        let paths = Paths::new(folder);
        check_files(&paths)?;
        let lock = FolderLock::take(&paths)?;
        let header = Header::read(paths.files(), &paths.header())?;
        if !header.slots.iter().any(|s| s.has_passphrase() && s.id == quick.slot) {
            return Err(VaultFault::NoSuchOperator);
        }
        let device = device_secret(header.vault, header.belonging.as_ref(), secrets)?;
        let kek = pin_key(quick.vault, pin, &quick.salt, quick.cost)?;
        let opened = kek.unwrap(&quick.wrapped, &aad(header.vault, quick.slot));
        let vault_key = opened.ok_or(VaultFault::WrongPassphrase)?;
        Self::enter(paths, lock, &header, (quick.slot, vault_key), (&device, secrets))
    }
}

impl std::fmt::Debug for QuickUnlock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("QuickUnlock").finish_non_exhaustive()
    }
}

fn pin_key(vault: VaultId, pin: &str, salt: &[u8; 16], cost: Cost) -> Result<Key, VaultFault> {
    let hashed = passphrase::hash(pin, salt, cost)?;
    Ok(Key::derive(&[&hashed], &vault.0, b"satchel/pin"))
}

fn aad(vault: VaultId, slot: SlotId) -> Vec<u8> {
    [b"satchel/pin".as_slice(), &vault.0, &slot.0].concat()
}
