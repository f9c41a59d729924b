//! `vault.header`: who can open the vault, and how. The layout is in `docs/formats.md`.

mod code;
mod passphrase_slot;
mod recovery_slot;
mod slot;

pub(crate) use code::Header;
pub(crate) use passphrase_slot::Slotted;
pub(crate) use recovery_slot::Recovered;
pub(crate) use slot::{Slot, SlotId, SlotKind};

use crate::device::Place;
use crate::fault::VaultFault;
use crate::keys::{Key, VaultId};

const DAMAGED: VaultFault = VaultFault::Damaged("vault.header");

/// Which secrets of the device belong to the vault, and where they lie. Headers of version 1 do not
/// say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Belonging {
    pub(crate) place: Place,
    /// The device secret.
    pub(crate) device: SecretId,
    /// Number of the row key.
    pub(crate) row: u32,
    /// The shred key of that row key.
    pub(crate) shred: SecretId,
    /// The next one's, while the shred key is being changed.
    pub(crate) next_shred: Option<SecretId>,
}

/// Tells secrets of a device apart and says nothing about them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SecretId(pub(crate) [u8; 16]);

impl SecretId {
    pub(crate) fn of_device(vault: VaultId, secret: &Key) -> Self {
        Self::of(vault, secret, b"satchel/device-id")
    }

    pub(crate) fn of_shred(vault: VaultId, secret: &Key) -> Self {
        Self::of(vault, secret, b"satchel/shred-id")
    }

    fn of(vault: VaultId, secret: &Key, info: &[u8]) -> Self {
        let derived = Key::derive(&[secret], &vault.0, info);
        let mut id = [0; 16];
        id.iter_mut().zip(derived.bytes()).for_each(|(to, from)| *to = *from);
        Self(id)
    }
}

#[cfg(test)]
mod tests;
