//! Who can open a vault: operators, supervisors and the recovery key. In reach while it is open.

use std::sync::{Mutex, PoisonError};

use crate::age::Recipient;
use crate::device::{self, DeviceSecrets, Place, SecretName};
use crate::fault::VaultFault;
use crate::folder::{self, Paths};
use crate::header::{Belonging, Header, Recovered, SecretId, Slot, SlotId, SlotKind, Slotted};
use crate::keys::{Key, VaultId, config_key, header_key};
use crate::passphrase::{self, Cost};
use crate::policy::OPERATORS_MAX;

/// What somebody with a passphrase may be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Works at the device.
    Operator,
    /// Opens the vault as an operator does, and is listed apart: for when all operators are away.
    Supervisor,
}

/// Somebody whose passphrase opens the vault on this device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// Names the slot.
    pub id: String,
    /// The name; empty when nobody said it.
    pub name: String,
    /// Operator or supervisor.
    pub role: Role,
    /// Whether the vault was opened with this one's passphrase.
    pub is_current: bool,
}

/// Somebody to add.
#[derive(Clone, Copy, Debug)]
pub struct NewOperator<'a> {
    /// The name.
    pub name: &'a str,
    /// The passphrase.
    pub passphrase: &'a str,
    /// Operator or supervisor.
    pub role: Role,
    /// Cost of one guess at the passphrase.
    pub cost: Cost,
}

/// The slots of an open vault. Every change is written whole, or not at all.
pub struct Slots {
    paths: Paths,
    vault: VaultId,
    vault_key: Key,
    header_key: Key,
    config: Key,
    opened_by: SlotId,
    /// What a header of version 1 does not say; the lock of every change.
    belonging: Mutex<Belonging>,
}

impl Role {
    fn kind(self) -> SlotKind {
        match self {
            Self::Operator => SlotKind::Operator,
            Self::Supervisor => SlotKind::Supervisor,
        }
    }
}

impl Slots {
    pub(crate) fn new(
        paths: Paths,
        vault: VaultId,
        vault_key: Key,
        opened_by: SlotId,
        belonging: Belonging,
    ) -> Self {
        Self {
            paths,
            vault,
            header_key: header_key(vault, &vault_key),
            config: config_key(vault, &vault_key),
            vault_key,
            opened_by,
            belonging: Mutex::new(belonging),
        }
    }

    /// Everybody whose passphrase opens the vault on this device.
    ///
    /// # Errors
    /// [`VaultFault::Damaged`], or what the disk answers.
    pub fn operators(&self) -> Result<Vec<Operator>, VaultFault> {
        let header = self.read()?;
        let slots = header.slots.iter().filter(|s| s.has_passphrase());
        slots.map(|slot| self.operator(slot)).collect()
    }

    /// Whose passphrase opened the vault, unless it was taken away since.
    ///
    /// # Errors
    /// As [`Slots::operators`].
    pub fn current(&self) -> Result<Option<Operator>, VaultFault> {
        Ok(self.operators()?.into_iter().find(|o| o.is_current))
    }

    fn operator(&self, slot: &Slot) -> Result<Operator, VaultFault> {
        let is_supervisor = slot.is(SlotKind::Supervisor);
        Ok(Operator {
            id: slot.id.to_string(),
            name: slot.name(self.vault, &self.config)?,
            role: if is_supervisor { Role::Supervisor } else { Role::Operator },
            is_current: self.opened_by == slot.id,
        })
    }

    /// To whom the vault is sealed for a recovery.
    ///
    /// # Errors
    /// As [`Slots::operators`].
    pub fn recipients(&self) -> Result<Vec<Recipient>, VaultFault> {
        Ok(self.read()?.recipients())
    }

    /// Gives somebody a passphrase of their own. Returns the slot's id.
    ///
    /// # Errors
    /// [`VaultFault::TooManyOperators`], [`VaultFault::WeakPassphrase`],
    /// [`VaultFault::CostRefused`], or what the disk and the device's secrets answer.
    pub fn add(
        &self,
        new: &NewOperator<'_>,
        secrets: &dyn DeviceSecrets,
    ) -> Result<String, VaultFault> {
        passphrase::check_strength(new.passphrase, secrets.protection())?;
        let device = self.device(secrets)?;
        let id = SlotId::draw()?;
        let slotted = Slotted {
            kind: new.role.kind(),
            name: new.name,
            passphrase: new.passphrase,
            device: &device,
            cost: new.cost,
        };
        let slot = slotted.slot(id, self.vault, &self.vault_key, &self.config)?;
        self.update(|header| {
            if header.slots.iter().filter(|s| s.has_passphrase()).count() >= OPERATORS_MAX {
                return Err(VaultFault::TooManyOperators);
            }
            header.slots.push(slot);
            Ok(())
        })?;
        Ok(id.to_string())
    }

    /// Takes somebody's passphrase away. What they know of the vault's keys, they know.
    ///
    /// # Errors
    /// [`VaultFault::NoSuchOperator`], [`VaultFault::LastOperator`], or what the disk answers.
    pub fn remove(&self, id: &str) -> Result<(), VaultFault> {
        self.update(|header| {
            let place = position(header, id)?;
            if header.slots.iter().filter(|s| s.has_passphrase()).count() < 2 {
                return Err(VaultFault::LastOperator);
            }
            header.slots.remove(place);
            Ok(())
        })
    }

    /// Gives somebody another name.
    ///
    /// # Errors
    /// [`VaultFault::NoSuchOperator`], or what the disk answers.
    pub fn rename(&self, id: &str, name: &str) -> Result<(), VaultFault> {
        self.update(|header| {
            let place = position(header, id)?;
            let slot = header.slots.get_mut(place).ok_or(VaultFault::NoSuchOperator)?;
            slot.name_it(name, self.vault, &self.config)
        })
    }

    /// Puts a passphrase in place of the one that opens the same slot.
    ///
    /// # Errors
    /// [`VaultFault::WrongPassphrase`], [`VaultFault::WeakPassphrase`],
    /// [`VaultFault::CostRefused`], or what the disk and the device's secrets answer.
    pub fn change_passphrase(
        &self,
        old: &str,
        new: &str,
        cost: Cost,
        secrets: &dyn DeviceSecrets,
    ) -> Result<(), VaultFault> {
        passphrase::check_strength(new, secrets.protection())?;
        let device = self.device(secrets)?;
        let (id, _) = self.read()?.unlock(old, &device)?;
        self.update(|header| {
            let found = header.slots.iter_mut().find(|s| s.id == id);
            let slot = found.ok_or(VaultFault::NoSuchOperator)?;
            let is_supervisor = slot.is(SlotKind::Supervisor);
            let kind = if is_supervisor { SlotKind::Supervisor } else { SlotKind::Operator };
            let name = slot.name(self.vault, &self.config)?;
            let slotted = Slotted { kind, name: &name, passphrase: new, device: &device, cost };
            *slot = slotted.slot(id, self.vault, &self.vault_key, &self.config)?;
            Ok(())
        })
    }

    /// Seals the vault to this recovery key, in place of every earlier one.
    ///
    /// # Errors
    /// What the disk and the device's secrets answer.
    pub fn set_recovery(
        &self,
        to: &Recipient,
        secrets: &dyn DeviceSecrets,
    ) -> Result<(), VaultFault> {
        self.update(|header| {
            let sealed = self.recovered(header, secrets)?;
            header.slots.retain(|s| !s.is(SlotKind::Recovery));
            header.slots.push(Slot::for_recovery(SlotId::draw()?, self.vault, to, &sealed)?);
            Ok(())
        })
    }

    /// Moves the device's secrets to another place, such as a keychain that was not there before.
    ///
    /// # Errors
    /// What the disk and either place answer. They are in at least one of both then.
    pub fn move_secrets(
        &self,
        from: &dyn DeviceSecrets,
        to: &dyn DeviceSecrets,
    ) -> Result<(), VaultFault> {
        let device = self.device(from)?;
        self.update(|header| {
            let belonging = header.belonging.as_mut().ok_or(NO_BELONGING)?;
            if belonging.next_shred.is_some() {
                return Err(VaultFault::InUse);
            }
            let shred = shred(from, belonging.shred, self.vault)?;
            to.write(SecretName::Device, &device)?;
            to.write(SecretName::Shred, &shred.ok_or(lost(belonging.place))?)?;
            belonging.place = to.place();
            Ok(())
        })?;
        if from.place() != to.place() {
            forget(from)?;
        }
        Ok(())
    }

    /// The header as it stands on disk, surely written by a holder of the vault key.
    pub(crate) fn read(&self) -> Result<Header, VaultFault> {
        let header = Header::read(self.paths.files(), &self.paths.header())?;
        header.verify(&self.header_key)?;
        Ok(header)
    }

    /// Changes the header, in the newest version.
    pub(crate) fn update(
        &self,
        change: impl FnOnce(&mut Header) -> Result<(), VaultFault>,
    ) -> Result<(), VaultFault> {
        let mut belonging = self.belonging.lock().unwrap_or_else(PoisonError::into_inner);
        let mut header = self.read()?;
        header.belonging = header.belonging.or(Some(*belonging));
        change(&mut header)?;
        let bytes = header.encode(&self.header_key)?;
        folder::write_atomically(self.paths.files(), &self.paths.header(), &bytes)?;
        *belonging = header.belonging.unwrap_or(*belonging);
        Ok(())
    }

    /// Which secrets belong to the vault.
    pub(crate) fn belonging(&self) -> Result<Belonging, VaultFault> {
        let known = *self.belonging.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(self.read()?.belonging.unwrap_or(known))
    }

    pub(crate) fn opened_by(&self) -> (VaultId, SlotId) {
        (self.vault, self.opened_by)
    }

    pub(crate) fn vault_key(&self) -> &Key {
        &self.vault_key
    }

    fn device(&self, secrets: &dyn DeviceSecrets) -> Result<Key, VaultFault> {
        device_secret(self.vault, Some(&self.belonging()?), secrets)
    }

    /// What is sealed to a recovery key: all of it, also while the shred key is being changed.
    fn recovered(
        &self,
        header: &Header,
        secrets: &dyn DeviceSecrets,
    ) -> Result<Recovered, VaultFault> {
        let belonging = header.belonging.ok_or(NO_BELONGING)?;
        let current = shred(secrets, belonging.shred, self.vault)?;
        let mut shreds = vec![(belonging.row, current.ok_or(lost(belonging.place))?)];
        if let Some(next) = belonging.next_shred
            && let Some(next) = shred(secrets, next, self.vault)?
        {
            shreds.push((belonging.row.saturating_add(1), next));
        }
        Ok(Recovered { vault_key: self.vault_key.twin(), shreds })
    }
}

impl std::fmt::Debug for Slots {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Slots").finish_non_exhaustive()
    }
}

const NO_BELONGING: VaultFault = VaultFault::Damaged("vault.header");

fn position(header: &Header, id: &str) -> Result<usize, VaultFault> {
    let found = header.slots.iter().position(|s| s.has_passphrase() && s.id.to_string() == id);
    found.ok_or(VaultFault::NoSuchOperator)
}

/// What is told when a secret of the device is gone, or is another vault's.
pub(crate) fn lost(place: Place) -> VaultFault {
    match place {
        Place::Files => VaultFault::DeviceSecretAbsent,
        Place::Keychain => VaultFault::KeychainLost,
    }
}

/// The device secret of a vault. A header of version 1 does not say which one that is.
pub(crate) fn device_secret(
    vault: VaultId,
    belonging: Option<&Belonging>,
    secrets: &dyn DeviceSecrets,
) -> Result<Key, VaultFault> {
    let Some(belonging) = belonging else {
        return secrets.read(SecretName::Device)?.ok_or(lost(secrets.place()));
    };
    if belonging.place != secrets.place() {
        return Err(lost(belonging.place));
    }
    let is_right = |secret: &Key| SecretId::of_device(vault, secret) == belonging.device;
    let found = device::find(secrets, [SecretName::Device, SecretName::NextDevice], is_right)?;
    found.ok_or(lost(belonging.place))
}

/// The shred key of this id.
pub(crate) fn shred(
    secrets: &dyn DeviceSecrets,
    id: SecretId,
    vault: VaultId,
) -> Result<Option<Key>, VaultFault> {
    let is_right = |secret: &Key| SecretId::of_shred(vault, secret) == id;
    Ok(device::find(secrets, [SecretName::Shred, SecretName::NextShred], is_right)?)
}

/// Takes all secrets out of a place that keeps them no more.
pub(crate) fn forget(secrets: &dyn DeviceSecrets) -> Result<(), VaultFault> {
    for name in SecretName::ALL {
        secrets.delete(name)?;
    }
    Ok(())
}

#[cfg(test)]
#[path = "slots_tests.rs"]
mod tests;
