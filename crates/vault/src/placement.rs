//! Under which name a keychain keeps the device secrets of a vault. That they are in a keychain is
//! said by the header; the name lies beside it.

use std::io;
use std::path::{Path, PathBuf};

use crate::device::DeviceSecretFault;
use crate::fault::VaultFault;
use crate::folder::{self, Files, RealFiles};
use crate::keys::fill_random;

const FILE: &str = "device.keychain";

const NAME_BYTES: usize = 16;

/// Under what name a keychain keeps the secrets of one vault: 32 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryName(String);

impl EntryName {
    /// Draws a name that no other vault has.
    ///
    /// # Errors
    /// [`VaultFault::NoRandomness`].
    pub fn draw() -> Result<Self, VaultFault> {
        let mut bytes = [0; NAME_BYTES];
        fill_random(&mut bytes)?;
        Ok(Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// The name that lies beside the vault in `folder`, if one does.
    ///
    /// # Errors
    /// [`VaultFault::Damaged`] when it cannot be understood, or what the disk answers.
    pub fn of(folder: &Path) -> Result<Option<Self>, VaultFault> {
        let longest = u64::try_from(NAME_BYTES).unwrap_or(u64::MAX).saturating_mul(2);
        match RealFiles.read(&file(folder), longest.saturating_add(1)) {
            Ok(bytes) => {
                Self::parse(&bytes).map(Some).ok_or(VaultFault::Damaged("device.keychain"))
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e.into()),
        }
    }

    /// Lays it beside the vault in `folder`, durably.
    ///
    /// # Errors
    /// [`DeviceSecretFault::Io`].
    pub fn keep(&self, folder: &Path) -> Result<(), DeviceSecretFault> {
        folder::write_atomically(&RealFiles, &file(folder), self.0.as_bytes())
            .map_err(DeviceSecretFault::Io)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let is_digit = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        let text = std::str::from_utf8(bytes).ok()?;
        (bytes.len() == NAME_BYTES * 2 && bytes.iter().all(is_digit)).then(|| Self(text.to_owned()))
    }
}

fn file(folder: &Path) -> PathBuf {
    folder.join(FILE)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use super::*;

    #[test]
    fn a_name_is_drawn_once_and_found_again_beside_the_vault() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(EntryName::of(folder.path()).unwrap(), None);
        let name = EntryName::draw().unwrap();
        assert_ne!(name, EntryName::draw().unwrap());
        name.keep(folder.path()).unwrap();
        assert_eq!(EntryName::of(folder.path()).unwrap(), Some(name));
    }

    #[test]
    fn a_name_that_is_not_understood_is_damage_and_not_taken_for_none() {
        let folder = tempfile::tempdir().unwrap();
        for text in ["", &"0".repeat(31), &"A".repeat(32), &"0".repeat(33), "\u{0}"] {
            std::fs::write(file(folder.path()), text).unwrap();
            let read = EntryName::of(folder.path());
            assert!(matches!(read, Err(VaultFault::Damaged(_))), "{text:?}: {read:?}");
        }
    }
}
