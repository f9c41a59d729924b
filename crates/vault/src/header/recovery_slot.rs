//! Slots that an offline key opens: the vault key and the shred key, sealed in age's format.

use zeroize::Zeroizing;

use super::slot::{Slot, SlotId, SlotKind};
use super::{DAMAGED, Header};
use crate::age::{self, Identity, Recipient, Unopened};
use crate::bytes::Reader;
use crate::fault::VaultFault;
use crate::keys::{Key, VaultId};

/// What a recovery key opens.
pub(crate) struct Recovered {
    pub(crate) vault_key: Key,
    /// Row key's number and shred key: one, or two while the shred key is being changed.
    pub(crate) shreds: Vec<(u32, Key)>,
}

impl Recovered {
    fn encode(&self, vault: VaultId) -> Zeroizing<Vec<u8>> {
        let mut plain = Zeroizing::new(Vec::with_capacity(16 + 32 + 2 * 36));
        plain.extend_from_slice(&vault.0);
        plain.extend_from_slice(self.vault_key.bytes());
        for (row, shred) in &self.shreds {
            plain.extend_from_slice(&row.to_be_bytes());
            plain.extend_from_slice(shred.bytes());
        }
        plain
    }

    fn decode(plain: &[u8], vault: VaultId) -> Option<Self> {
        let mut reader = Reader::new(plain);
        if reader.array() != Some(vault.0) {
            return None;
        }
        let vault_key = Key::from_slice(reader.take(32)?)?;
        let mut shreds = Vec::new();
        while !reader.rest().is_empty() {
            shreds.push((reader.u32()?, Key::from_slice(reader.take(32)?)?));
        }
        (!shreds.is_empty()).then_some(Self { vault_key, shreds })
    }
}

impl Slot {
    /// A slot for whoever has the recipient's identity.
    pub(crate) fn for_recovery(
        id: SlotId,
        vault: VaultId,
        to: &Recipient,
        sealed: &Recovered,
    ) -> Result<Slot, VaultFault> {
        let mut body = to.bytes().to_vec();
        body.extend_from_slice(&age::seal(std::slice::from_ref(to), &sealed.encode(vault))?);
        Ok(Slot { kind: SlotKind::Recovery.number(), id, body })
    }

    /// To whom it is sealed.
    pub(crate) fn recipient(&self) -> Option<Recipient> {
        self.is(SlotKind::Recovery)
            .then(|| Reader::new(&self.body).array().map(Recipient::from_bytes))
            .flatten()
    }
}

impl Header {
    /// To whom this vault's recovery slots are sealed.
    pub(crate) fn recipients(&self) -> Vec<Recipient> {
        self.slots.iter().filter_map(Slot::recipient).collect()
    }

    /// Opens a recovery slot.
    pub(crate) fn recover(&self, identity: &Identity) -> Result<Recovered, VaultFault> {
        let ours = identity.recipient();
        let mut fault = VaultFault::NoRecovery;
        for slot in self.slots.iter().filter(|s| s.is(SlotKind::Recovery)) {
            let recipient = slot.recipient().ok_or(DAMAGED)?;
            if recipient != ours {
                fault = VaultFault::WrongRecoveryKey;
                continue;
            }
            let sealed = slot.body.get(32..).ok_or(DAMAGED)?;
            let plain = age::open(identity, sealed).map_err(|unopened| match unopened {
                Unopened::Damaged | Unopened::NotForUs => DAMAGED,
            })?;
            return Recovered::decode(&plain, self.vault).ok_or(DAMAGED);
        }
        Err(fault)
    }

    /// Seals anew to everybody to whom the vault is sealed.
    pub(crate) fn reseal(&mut self, sealed: &Recovered) -> Result<(), VaultFault> {
        let vault = self.vault;
        for slot in self.slots.iter_mut().filter(|s| s.is(SlotKind::Recovery)) {
            let recipient = slot.recipient().ok_or(DAMAGED)?;
            *slot = Slot::for_recovery(slot.id, vault, &recipient, sealed)?;
        }
        Ok(())
    }
}
