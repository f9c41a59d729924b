//! A slot: one way to the vault key.

use super::DAMAGED;
use crate::bytes::Reader;
use crate::fault::VaultFault;
use crate::keys::{VaultId, fill_random};

/// Version of a passphrase slot's own fields, in every header so far.
const VERSION: u16 = 1;

/// 16 random bytes that name a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SlotId(pub(crate) [u8; 16]);

impl SlotId {
    pub(crate) fn draw() -> Result<Self, VaultFault> {
        let mut id = [0; 16];
        fill_random(&mut id)?;
        Ok(Self(id))
    }
}

impl std::fmt::Display for SlotId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Kinds that this program knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SlotKind {
    Operator,
    Supervisor,
    Recovery,
}

impl SlotKind {
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Operator => 1,
            Self::Supervisor => 2,
            Self::Recovery => 3,
        }
    }
}

/// A slot as it stands in the header. Those of kinds that this program does not know are kept as
/// they are.
#[derive(Clone, Debug)]
pub(crate) struct Slot {
    pub(crate) kind: u8,
    pub(crate) id: SlotId,
    pub(crate) body: Vec<u8>,
}

impl Slot {
    pub(crate) fn is(&self, kind: SlotKind) -> bool {
        self.kind == kind.number()
    }

    /// Whether a passphrase opens it.
    pub(crate) fn has_passphrase(&self) -> bool {
        self.is(SlotKind::Operator) || self.is(SlotKind::Supervisor)
    }

    /// What the vault key is bound to: vault, kind and id of the slot, and its own fields before
    /// the wrapped key.
    pub(super) fn aad(&self, vault: VaultId, fields: &[u8]) -> Vec<u8> {
        let mut aad = b"satchel/slot".to_vec();
        aad.extend_from_slice(&VERSION.to_be_bytes());
        aad.extend_from_slice(&vault.0);
        aad.push(self.kind);
        aad.extend_from_slice(&self.id.0);
        aad.extend_from_slice(fields);
        aad
    }

    pub(super) fn decode(reader: &mut Reader<'_>) -> Option<Slot> {
        let (kind, id, length) = (reader.u8()?, SlotId(reader.array()?), reader.u16()?);
        Some(Slot { kind, id, body: reader.take(usize::from(length))?.to_vec() })
    }

    pub(super) fn encode(&self, out: &mut Vec<u8>) -> Result<(), VaultFault> {
        let length = u16::try_from(self.body.len()).map_err(|_| DAMAGED)?;
        out.push(self.kind);
        out.extend_from_slice(&self.id.0);
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(&self.body);
        Ok(())
    }
}
