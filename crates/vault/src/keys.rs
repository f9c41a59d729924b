//! Keys: made from chance, derived from each other, wrapped, and wiped when they go.

use chacha20poly1305::{AeadInOut, KeyInit, XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use hkdf::hmac::{Hmac, Mac};
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use crate::fault::VaultFault;

/// Bytes of a wrapped key: nonce 24, ciphertext 32, tag 16.
pub(crate) const WRAPPED_BYTES: usize = 24 + 32 + 16;

/// Bytes of a nonce of XChaCha20-Poly1305.
pub(crate) const NONCE_BYTES: usize = 24;

/// 32 secret bytes. They live on the heap, so that a move leaves no copy, and are wiped when
/// dropped.
pub struct Key(Box<[u8; 32]>);

impl Key {
    /// Draws a key from the operating system.
    ///
    /// # Errors
    /// [`VaultFault::NoRandomness`].
    pub fn draw() -> Result<Self, VaultFault> {
        let mut key = Self(Box::new([0; 32]));
        fill_random(key.0.as_mut())?;
        Ok(key)
    }

    /// Takes 32 bytes; `None` for any other length.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        let mut key = Self(Box::new([0; 32]));
        if bytes.len() != key.0.len() {
            return None;
        }
        key.0.copy_from_slice(bytes);
        Some(key)
    }

    /// The same bytes once more, for another owner.
    pub(crate) fn twin(&self) -> Self {
        Self(self.0.clone())
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// HKDF-SHA256 over `secrets` joined, with this salt and info.
    pub(crate) fn derive(secrets: &[&Key], salt: &[u8], info: &[u8]) -> Key {
        let joined = Zeroizing::new(
            secrets.iter().flat_map(|s| s.bytes().iter().copied()).collect::<Vec<u8>>(),
        );
        let mut key = Key(Box::new([0; 32]));
        let expanded = Hkdf::<Sha256>::new(Some(salt), &joined).expand(info, key.0.as_mut());
        debug_assert!(expanded.is_ok(), "32 bytes are within HKDF's limit");
        key
    }

    /// HMAC-SHA256 of `message` under this key.
    pub(crate) fn authenticate(&self, message: &[u8]) -> [u8; 32] {
        keyed_mac(self, message).finalize().into_bytes().into()
    }

    /// Whether `tag` is the HMAC-SHA256 of `message`, compared in constant time.
    pub(crate) fn authenticates(&self, message: &[u8], tag: &[u8]) -> bool {
        keyed_mac(self, message).verify_slice(tag).is_ok()
    }

    pub(crate) fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.bytes().into())
    }

    /// Wraps `inner` for whoever has this key.
    pub(crate) fn wrap(&self, inner: &Key, aad: &[u8]) -> Result<[u8; WRAPPED_BYTES], VaultFault> {
        let mut wrapped = [0; WRAPPED_BYTES];
        let (nonce, body) = wrapped.split_at_mut(NONCE_BYTES);
        let (text, tag) = body.split_at_mut(32);
        fill_random(nonce)?;
        text.copy_from_slice(inner.bytes());
        let sealed = self.cipher().encrypt_inout_detached(&nonce_of(nonce), aad, text.into());
        let made = sealed.map_err(|_| VaultFault::Damaged("a key could not be wrapped"))?;
        tag.copy_from_slice(&made);
        Ok(wrapped)
    }

    /// Unwraps what [`Key::wrap`] made with the same `aad`; `None` when anything differs.
    pub(crate) fn unwrap(&self, wrapped: &[u8], aad: &[u8]) -> Option<Key> {
        let (nonce, body) = wrapped.split_at_checked(NONCE_BYTES)?;
        let (text, tag) = body.split_at_checked(32)?;
        let mut inner = Key::from_slice(text)?;
        let tag = tag.try_into().ok()?;
        self.cipher()
            .decrypt_inout_detached(&nonce_of(nonce), aad, inner.0.as_mut_slice().into(), &tag)
            .ok()?;
        Some(inner)
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(32 bytes)")
    }
}

/// Fills with random bytes from the operating system.
pub(crate) fn fill_random(bytes: &mut [u8]) -> Result<(), VaultFault> {
    getrandom::fill(bytes).map_err(|_| VaultFault::NoRandomness)
}

/// A nonce from the front of `bytes`; callers pass at least [`NONCE_BYTES`].
pub(crate) fn nonce_of(bytes: &[u8]) -> XNonce {
    let mut nonce = [0; NONCE_BYTES];
    nonce.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    nonce.into()
}

fn keyed_mac(key: &Key, message: &[u8]) -> Hmac<Sha256> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new(&hmac_block(key).into());
    mac.update(message);
    mac
}

/// HMAC's block of a 32-byte key: the key, then zeros (RFC 2104).
fn hmac_block(key: &Key) -> [u8; 64] {
    let mut block = [0; 64];
    block.iter_mut().zip(key.bytes()).for_each(|(to, from)| *to = *from);
    block
}

/// What an open vault holds in memory.
pub(crate) struct Keyring {
    /// Which vault; part of everything that is authenticated.
    pub(crate) vault: VaultId,
    /// Blind index of remote account ids.
    pub(crate) index: Key,
    /// Log entries and submission records.
    pub(crate) log: Key,
    /// Connections, accounts, settings.
    pub(crate) config: Key,
    /// Wraps the keys of drafts, submissions and photos; gone when the shred key changes.
    pub(crate) row: RowKey,
}

/// A row key and its number, which grows with each change of the shred key.
pub(crate) struct RowKey {
    pub(crate) number: u32,
    pub(crate) key: Key,
}

impl RowKey {
    pub(crate) fn derive(vault: VaultId, vault_key: &Key, number: u32, shred_key: &Key) -> Self {
        let key = Key::derive(&[vault_key, shred_key], &vault.0, b"satchel/row");
        Self { number, key }
    }
}

impl Keyring {
    /// All keys that follow from the vault key, beside this row key.
    pub(crate) fn derive(vault: VaultId, vault_key: &Key, row: RowKey) -> Self {
        let from_vault = |info: &[u8]| Key::derive(&[vault_key], &vault.0, info);
        Self {
            index: from_vault(b"satchel/index"),
            log: from_vault(b"satchel/log"),
            config: config_key(vault, vault_key),
            row,
            vault,
        }
    }
}

/// Wraps what only the whole vault needs: the page key.
pub(crate) fn wrapping_key(vault: VaultId, vault_key: &Key) -> Key {
    Key::derive(&[vault_key], &vault.0, b"satchel/wrap")
}

/// Authenticates the header.
pub(crate) fn header_key(vault: VaultId, vault_key: &Key) -> Key {
    Key::derive(&[vault_key], &vault.0, b"satchel/header")
}

/// Seals connections, accounts, settings and names of operators.
pub(crate) fn config_key(vault: VaultId, vault_key: &Key) -> Key {
    Key::derive(&[vault_key], &vault.0, b"satchel/config")
}

/// 16 random bytes that name a vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct VaultId(pub(crate) [u8; 16]);

impl VaultId {
    pub(crate) fn draw() -> Result<Self, VaultFault> {
        let mut id = [0; 16];
        fill_random(&mut id)?;
        Ok(Self(id))
    }
}

#[cfg(test)]
#[path = "keys_tests.rs"]
mod tests;
