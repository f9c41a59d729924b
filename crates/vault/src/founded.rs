//! Keys of a new vault, and its header.

use crate::device::Place;
use crate::fault::VaultFault;
use crate::header::{Belonging, Header, Recovered, SecretId, Slot, SlotId, SlotKind, Slotted};
use crate::keys::{self, Key, VaultId};
use crate::vault::Founding;

/// Number of the row key of a new vault.
pub(crate) const FIRST_ROW_KEY: u32 = 1;

/// What belongs to a vault whose header is of the first version, and to a new one.
pub(crate) fn first_belonging(
    vault: VaultId,
    place: Place,
    device: &Key,
    shred: &Key,
) -> Belonging {
    Belonging {
        place,
        device: SecretId::of_device(vault, device),
        row: FIRST_ROW_KEY,
        shred: SecretId::of_shred(vault, shred),
        next_shred: None,
    }
}

/// Keys of a new vault, and its header.
pub(crate) struct Founded {
    pub(crate) header: Header,
    pub(crate) belonging: Belonging,
    pub(crate) slot: SlotId,
    pub(crate) vault_key: Key,
    pub(crate) page_key: Key,
    pub(crate) device: Key,
    pub(crate) shred: Key,
}

impl Founded {
    pub(crate) fn draw(founding: &Founding<'_>, place: Place) -> Result<Self, VaultFault> {
        let (vault, slot) = (VaultId::draw()?, SlotId::draw()?);
        let (vault_key, page_key) = (Key::draw()?, Key::draw()?);
        let (device, shred) = (Key::draw()?, Key::draw()?);
        let belonging = first_belonging(vault, place, &device, &shred);
        let wrapping = keys::wrapping_key(vault, &vault_key);
        let mut header = Header::make(vault, belonging, &wrapping, &page_key)?;
        let operator = Slotted {
            kind: SlotKind::Operator,
            name: founding.name,
            passphrase: founding.passphrase,
            device: &device,
            cost: founding.cost,
        };
        let config = keys::config_key(vault, &vault_key);
        header.slots.push(operator.slot(slot, vault, &vault_key, &config)?);
        if let Some(to) = founding.recovery {
            let shreds = vec![(FIRST_ROW_KEY, shred.twin())];
            let sealed = Recovered { vault_key: vault_key.twin(), shreds };
            header.slots.push(Slot::for_recovery(SlotId::draw()?, vault, to, &sealed)?);
        }
        Ok(Self { header, belonging, slot, vault_key, page_key, device, shred })
    }
}
