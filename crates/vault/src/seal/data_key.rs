//! Keys of single drafts, submissions and photos, wrapped for whoever may open them.

use crate::bytes::put_field;
use crate::fault::VaultFault;
use crate::keys::{Key, VaultId, WRAPPED_BYTES};

/// What a data key opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    Draft,
    Submission,
    Photo,
}

impl Owner {
    /// The number in the additional data and in the column `owner_kind`.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Draft => 1,
            Self::Submission => 2,
            Self::Photo => 3,
        }
    }
}

/// The one kind of recipient of today: whoever has the row key.
pub(crate) const RECIPIENT_ROW_KEY: u8 = 1;

/// Which row key: 1, until the shred key is changed for the first time.
pub(crate) const ROW_KEY_FIRST: &str = "1";

/// Wraps a data key for the row key.
pub(crate) fn wrap(
    row_key: &Key,
    vault: VaultId,
    owner: Owner,
    id: &str,
    data_key: &Key,
) -> Result<[u8; WRAPPED_BYTES], VaultFault> {
    row_key.wrap(data_key, &aad(vault, owner, id))
}

/// Unwraps a data key with the row key.
pub(crate) fn unwrap(
    row_key: &Key,
    vault: VaultId,
    owner: Owner,
    id: &str,
    wrapped: &[u8],
) -> Option<Key> {
    row_key.unwrap(wrapped, &aad(vault, owner, id))
}

fn aad(vault: VaultId, owner: Owner, id: &str) -> Vec<u8> {
    let mut aad = b"satchel/data-key".to_vec();
    aad.extend_from_slice(&vault.0);
    aad.push(owner.number());
    put_field(&mut aad, id.as_bytes());
    aad.push(RECIPIENT_ROW_KEY);
    put_field(&mut aad, ROW_KEY_FIRST.as_bytes());
    aad
}
