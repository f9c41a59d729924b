//! Slots that a passphrase opens, together with this device's secret: operators and supervisors.

use super::slot::{Slot, SlotId, SlotKind};
use super::{DAMAGED, Header};
use crate::bytes::Reader;
use crate::fault::VaultFault;
use crate::keys::{Key, VaultId, WRAPPED_BYTES, fill_random};
use crate::passphrase::{self, Cost};
use crate::seal::record::{self, Group, Place};

/// Bytes of cost and salt, which the wrapped key is bound to.
const FIELDS_BYTES: usize = 28;

/// What a passphrase's slot is made from.
pub(crate) struct Slotted<'a> {
    pub(crate) kind: SlotKind,
    pub(crate) name: &'a str,
    pub(crate) passphrase: &'a str,
    pub(crate) device: &'a Key,
    pub(crate) cost: Cost,
}

/// The body of such a slot.
struct Body<'a> {
    cost: Cost,
    salt: [u8; 16],
    wrapped: [u8; WRAPPED_BYTES],
    /// The sealed name; empty in slots of version 1.
    name: &'a [u8],
}

impl Slotted<'_> {
    /// A slot of this id. `config` seals the name.
    pub(crate) fn slot(
        &self,
        id: SlotId,
        vault: VaultId,
        vault_key: &Key,
        config: &Key,
    ) -> Result<Slot, VaultFault> {
        let mut salt = [0; 16];
        fill_random(&mut salt)?;
        let mut slot = Slot { kind: self.kind.number(), id, body: Vec::new() };
        let mut body = Vec::with_capacity(FIELDS_BYTES + WRAPPED_BYTES);
        for number in [self.cost.memory_kib, self.cost.passes, self.cost.lanes] {
            body.extend_from_slice(&number.to_be_bytes());
        }
        body.extend_from_slice(&salt);
        let kek = slot_key(vault, id, self.passphrase, self.device, (&salt, self.cost))?;
        body.extend_from_slice(&kek.wrap(vault_key, &slot.aad(vault, &body))?);
        slot.body = body;
        slot.name_it(self.name, vault, config)?;
        Ok(slot)
    }
}

impl Header {
    /// Tries the passphrase on every slot that has one, and says which it opened.
    pub(crate) fn unlock(
        &self,
        passphrase: &str,
        device: &Key,
    ) -> Result<(SlotId, Key), VaultFault> {
        let mut refused = VaultFault::WrongPassphrase;
        for slot in self.slots.iter().filter(|s| s.has_passphrase()) {
            match slot.open(self.vault, passphrase, device) {
                Ok(Some(vault_key)) => return Ok((slot.id, vault_key)),
                Ok(None) => {}
                Err(fault) => refused = fault,
            }
        }
        Err(refused)
    }
}

impl Slot {
    fn open(
        &self,
        vault: VaultId,
        passphrase: &str,
        device: &Key,
    ) -> Result<Option<Key>, VaultFault> {
        let body = self.parse().ok_or(DAMAGED)?;
        let kek = slot_key(vault, self.id, passphrase, device, (&body.salt, body.cost))?;
        let fields = self.body.get(..FIELDS_BYTES).ok_or(DAMAGED)?;
        Ok(kek.unwrap(&body.wrapped, &self.aad(vault, fields)))
    }

    fn parse(&self) -> Option<Body<'_>> {
        let mut reader = Reader::new(&self.body);
        let cost = Cost { memory_kib: reader.u32()?, passes: reader.u32()?, lanes: reader.u32()? };
        let (salt, wrapped) = (reader.array()?, reader.array()?);
        Some(Body { cost, salt, wrapped, name: reader.rest() })
    }

    /// Whose slot it is; empty when nobody said so.
    pub(crate) fn name(&self, vault: VaultId, config: &Key) -> Result<String, VaultFault> {
        let body = self.parse().ok_or(DAMAGED)?;
        if body.name.is_empty() {
            return Ok(String::new());
        }
        let row = self.id.to_string();
        let plain = record::open(config, name_place(vault, &row), body.name);
        let plain = plain.map_err(|_| DAMAGED)?;
        serde_json::from_slice(&plain).map_err(|_| DAMAGED)
    }

    /// Seals another name into it.
    pub(crate) fn name_it(
        &mut self,
        name: &str,
        vault: VaultId,
        config: &Key,
    ) -> Result<(), VaultFault> {
        let row = self.id.to_string();
        let json = serde_json::to_vec(name).map_err(|_| DAMAGED)?;
        let sealed = record::seal(config, name_place(vault, &row), &json)?;
        self.body.truncate(FIELDS_BYTES + WRAPPED_BYTES);
        self.body.extend_from_slice(&sealed);
        Ok(())
    }
}

fn name_place(vault: VaultId, row: &str) -> Place<'_> {
    Place { vault, group: Group::SlotName, row, version: 1 }
}

/// `KEK = HKDF-SHA256(S ‖ DS, salt = vault id, info = "satchel/kek/" ‖ slot id)`.
fn slot_key(
    vault: VaultId,
    slot: SlotId,
    passphrase: &str,
    device: &Key,
    (salt, cost): (&[u8; 16], Cost),
) -> Result<Key, VaultFault> {
    let hashed = passphrase::hash(passphrase, salt, cost)?;
    let mut info = b"satchel/kek/".to_vec();
    info.extend_from_slice(&slot.0);
    Ok(Key::derive(&[&hashed, device], &vault.0, &info))
}
