//! Changing the shred key: afterwards no passphrase, disk and keychain of today open what was
//! purged before.
//!
//! The next key is kept by the device, then named in the header and sealed to the recovery key
//! beside the present one; then all data keys are wrapped for it at once; then it takes the present
//! one's place. Wherever that stops, one of both opens everything, and the next open goes on.

use crate::db;
use crate::device::{DeviceSecrets, SecretName};
use crate::fault::VaultFault;
use crate::header::{Belonging, Recovered, SecretId};
use crate::keys::{Key, RowKey};
use crate::slots::{lost, shred};
use crate::store;
use crate::vault::OpenVault;

const DAMAGED: VaultFault = VaultFault::Damaged("vault.header");

impl OpenVault {
    /// Puts a new shred key in place of the present one. It needs no passphrase.
    ///
    /// # Errors
    /// What the disk and the device's secrets answer. The vault goes on with whichever key its data
    /// keys are wrapped for; a change that was begun is ended by the next call or the next open.
    pub fn rotate_shred_key(&mut self, secrets: &dyn DeviceSecrets) -> Result<(), VaultFault> {
        self.settle_shred_key(secrets)?;
        let belonging = self.slots.belonging()?;
        let present = shred(secrets, belonging.shred, self.keys.vault)?;
        let present = present.ok_or(lost(belonging.place))?;
        let next = Key::draw()?;
        secrets.write(SecretName::NextShred, &next)?;
        let id = SecretId::of_shred(self.keys.vault, &next);
        let shreds = vec![(belonging.row, present), (next_number(belonging)?, next.twin())];
        self.announce(shreds, |belonging| belonging.next_shred = Some(id))?;
        self.take_over(&next, secrets)
    }

    /// Ends a change that was begun.
    pub(crate) fn settle_shred_key(
        &mut self,
        secrets: &dyn DeviceSecrets,
    ) -> Result<(), VaultFault> {
        let belonging = self.slots.belonging()?;
        let Some(id) = belonging.next_shred else { return Ok(()) };
        if let Some(next) = shred(secrets, id, self.keys.vault)? {
            return self.take_over(&next, secrets);
        }
        // The next key is gone, and nothing is wrapped for it: the present one stays.
        let present = shred(secrets, belonging.shred, self.keys.vault)?;
        let present = present.ok_or(lost(belonging.place))?;
        self.announce(vec![(belonging.row, present)], |belonging| belonging.next_shred = None)
    }

    fn take_over(&mut self, next: &Key, secrets: &dyn DeviceSecrets) -> Result<(), VaultFault> {
        let number = next_number(self.slots.belonging()?)?;
        if self.keys.row.number != number {
            let vault_key = self.slots.vault_key();
            let row = RowKey::derive(self.keys.vault, vault_key, number, next);
            store::keys::rewrap(&mut self.main, &self.keys, &row)
                .map_err(|refused| refused.into_fault())?;
            self.keys.row = row;
        }
        // What was wrapped for the key before must not wait in the log.
        db::checkpoint(&self.main)?;
        secrets.write(SecretName::Shred, next)?;
        let shred = SecretId::of_shred(self.keys.vault, next);
        self.announce(vec![(number, next.twin())], |belonging| {
            (belonging.row, belonging.shred, belonging.next_shred) = (number, shred, None);
        })?;
        Ok(secrets.delete(SecretName::NextShred)?)
    }

    /// Writes into the header which shred keys there are, and seals them for a recovery.
    fn announce(
        &self,
        shreds: Vec<(u32, Key)>,
        change: impl FnOnce(&mut Belonging),
    ) -> Result<(), VaultFault> {
        let sealed = Recovered { vault_key: self.slots.vault_key().twin(), shreds };
        self.slots.update(|header| {
            change(header.belonging.as_mut().ok_or(DAMAGED)?);
            header.reseal(&sealed)
        })
    }
}

fn next_number(belonging: Belonging) -> Result<u32, VaultFault> {
    belonging.row.checked_add(1).ok_or(DAMAGED)
}

#[cfg(test)]
#[path = "rotate_tests.rs"]
mod tests;
