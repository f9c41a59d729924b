//! Keys of single drafts, submissions, photos and accounts, wrapped for whoever may open them.

use crate::bytes::put_field;
use crate::fault::VaultFault;
use crate::keys::{Key, RowKey, VaultId, WRAPPED_BYTES};

/// What a data key opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    Draft,
    Submission,
    Photo,
    Account,
}

impl Owner {
    /// The number in the additional data and in the column `owner_kind`.
    pub(crate) fn number(self) -> u8 {
        match self {
            Self::Draft => 1,
            Self::Submission => 2,
            Self::Photo => 3,
            Self::Account => 4,
        }
    }
}

/// The one kind of recipient of today: whoever has the row key.
pub(crate) const RECIPIENT_ROW_KEY: u8 = 1;

/// Wraps a data key for a row key.
pub(crate) fn wrap(
    row: &RowKey,
    vault: VaultId,
    owner: Owner,
    id: &str,
    data_key: &Key,
) -> Result<[u8; WRAPPED_BYTES], VaultFault> {
    row.key.wrap(data_key, &aad(vault, row.number, owner.number(), id))
}

/// Unwraps a data key with the row key that it is wrapped for.
pub(crate) fn unwrap(
    row: &RowKey,
    vault: VaultId,
    owner: Owner,
    id: &str,
    wrapped: &[u8],
) -> Option<Key> {
    row.key.unwrap(wrapped, &aad(vault, row.number, owner.number(), id))
}

/// Wraps for the next row key what is wrapped for this one; `None` when it does not open. The
/// owner's kind is a number, so that kinds of later versions are carried on too.
pub(crate) fn rewrap(
    (row, next): (&RowKey, &RowKey),
    vault: VaultId,
    (owner, id): (u8, &str),
    wrapped: &[u8],
) -> Result<Option<[u8; WRAPPED_BYTES]>, VaultFault> {
    match row.key.unwrap(wrapped, &aad(vault, row.number, owner, id)) {
        Some(key) => Ok(Some(next.key.wrap(&key, &aad(vault, next.number, owner, id))?)),
        None => Ok(None),
    }
}

fn aad(vault: VaultId, row: u32, owner: u8, id: &str) -> Vec<u8> {
    let mut aad = b"satchel/data-key".to_vec();
    aad.extend_from_slice(&vault.0);
    aad.push(owner);
    put_field(&mut aad, id.as_bytes());
    aad.push(RECIPIENT_ROW_KEY);
    put_field(&mut aad, row.to_string().as_bytes());
    aad
}
