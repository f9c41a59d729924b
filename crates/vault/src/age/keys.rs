//! Keys of the age format: a recipient, who may be known to all, and the identity that opens.

use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::{Zeroize, Zeroizing};

use crate::fault::VaultFault;
use crate::keys::fill_random;

const RECIPIENT: &str = "age";
const IDENTITY: &str = "age-secret-key-";

/// To whom something is sealed: `age1…`.
#[derive(Clone, PartialEq, Eq)]
pub struct Recipient(PublicKey);

/// What opens: `AGE-SECRET-KEY-1…`. It is wiped when dropped.
#[derive(Clone)]
pub struct Identity(StaticSecret);

impl Recipient {
    /// Reads `age1…`; blanks around it do not matter.
    ///
    /// # Errors
    /// [`VaultFault::BadRecoveryKey`].
    pub fn parse(text: &str) -> Result<Self, VaultFault> {
        let bytes = decode(text.trim(), RECIPIENT).ok_or(VaultFault::BadRecoveryKey)?;
        Ok(Self::from_bytes(*bytes))
    }

    pub(crate) fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes.into())
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    pub(super) fn point(&self) -> &PublicKey {
        &self.0
    }
}

impl std::fmt::Display for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let hrp = Hrp::parse(RECIPIENT).map_err(|_| std::fmt::Error)?;
        let text = bech32::encode::<Bech32>(hrp, self.bytes()).map_err(|_| std::fmt::Error)?;
        f.write_str(&text)
    }
}

impl std::fmt::Debug for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Recipient({self})")
    }
}

impl Identity {
    /// Draws one from the operating system.
    ///
    /// # Errors
    /// [`VaultFault::NoRandomness`].
    pub fn draw() -> Result<Self, VaultFault> {
        let mut bytes = Zeroizing::new([0; 32]);
        fill_random(bytes.as_mut_slice())?;
        Ok(Self(StaticSecret::from(*bytes)))
    }

    /// Reads `AGE-SECRET-KEY-1…` as a person types it or as `age-keygen` writes it: blanks, line
    /// ends, small letters and lines of comments do not matter.
    ///
    /// # Errors
    /// [`VaultFault::BadRecoveryKey`].
    pub fn parse(text: &str) -> Result<Self, VaultFault> {
        let mut joined = Zeroizing::new(String::with_capacity(text.len()));
        for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
            let signs = line.chars().filter(|c| !c.is_whitespace());
            joined.extend(signs.map(|c| c.to_ascii_lowercase()));
        }
        let bytes = decode(&joined, IDENTITY).ok_or(VaultFault::BadRecoveryKey)?;
        Ok(Self(StaticSecret::from(*bytes)))
    }

    /// `AGE-SECRET-KEY-1…`, for a person to keep elsewhere.
    pub fn reveal(&self) -> Zeroizing<String> {
        let text = Hrp::parse(IDENTITY)
            .ok()
            .and_then(|hrp| bech32::encode_upper::<Bech32>(hrp, self.0.as_bytes()).ok());
        debug_assert!(text.is_some(), "32 bytes are within the code's limit");
        Zeroizing::new(text.unwrap_or_default())
    }

    /// To whom others seal for it.
    pub fn recipient(&self) -> Recipient {
        Recipient(PublicKey::from(&self.0))
    }

    /// What it shares with another's key; `None` when the other key is one that shares nothing.
    pub(super) fn shared(&self, with: &PublicKey) -> Option<Zeroizing<[u8; 32]>> {
        let shared = self.0.diffie_hellman(with);
        shared.was_contributory().then(|| Zeroizing::new(*shared.as_bytes()))
    }
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identity(32 bytes)")
    }
}

fn decode(text: &str, name: &str) -> Option<Zeroizing<[u8; 32]>> {
    let checked = CheckedHrpstring::new::<Bech32>(text).ok()?;
    if checked.hrp().to_lowercase() != name {
        return None;
    }
    let mut bytes = Zeroizing::new([0; 32]);
    let mut read = checked.byte_iter();
    for byte in bytes.iter_mut() {
        *byte = read.next()?;
    }
    if read.next().is_some() {
        bytes.zeroize();
        return None;
    }
    Some(bytes)
}
