//! Reading, writing and deleting one entry.

use std::sync::Arc;

use keyring_core::{CredentialStore, Entry, Error};
use zeroize::Zeroizing;

use crate::fault::{self, KeychainFault};
use crate::policy::{Patience, SECRET_BYTES_MAX, SERVICE};
use crate::{store, timed};

/// A secret's bytes, wiped when they go.
pub type Secret = Zeroizing<Vec<u8>>;

/// The keychain of whoever runs the program.
#[derive(Clone, Copy, Debug)]
pub struct Keychain {
    patience: Patience,
}

impl Keychain {
    /// The keychain, with this patience. Nothing is asked yet.
    pub fn new(patience: Patience) -> Self {
        Self { patience }
    }

    /// The secret under `name`; `None` when the keychain is open and has none of that name.
    ///
    /// # Errors
    /// [`KeychainFault`] when it cannot be told.
    pub fn read(&self, name: &str) -> Result<Option<Secret>, KeychainFault> {
        self.ask(name, |entry| match entry.get_secret() {
            Ok(text) => decoded(&Zeroizing::new(text)).map(Some),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(fault::of_entry(&error)),
        })
    }

    /// Keeps `secret` under `name`, in place of an earlier one.
    ///
    /// # Errors
    /// [`KeychainFault`] when it was not kept, or that could not be told.
    pub fn write(&self, name: &str, secret: &[u8]) -> Result<(), KeychainFault> {
        if secret.len() > SECRET_BYTES_MAX {
            return Err(fault::failed("the secret is too long"));
        }
        let text = encoded(secret);
        self.ask(name, move |entry| {
            entry.set_secret(text.as_bytes()).map_err(|error| fault::of_entry(&error))
        })
    }

    /// Deletes what is under `name`, if anything is.
    ///
    /// # Errors
    /// [`KeychainFault`] when it was not deleted, or that could not be told.
    pub fn delete(&self, name: &str) -> Result<(), KeychainFault> {
        self.ask(name, |entry| match entry.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(fault::of_entry(&error)),
        })
    }

    /// Whether it keeps what it is given: writes, reads and deletes a secret that is worth nothing.
    ///
    /// # Errors
    /// [`KeychainFault`] with what is wrong with it.
    pub fn probe(&self) -> Result<(), KeychainFault> {
        let mut drawn = [0; 8];
        getrandom::fill(&mut drawn).map_err(|_| fault::failed("no random bytes"))?;
        let name = format!("probe/{}", encoded(&drawn).as_str());
        self.write(&name, &drawn)?;
        let read = self.read(&name);
        self.delete(&name)?;
        match (read?, self.read(&name)?) {
            (Some(secret), None) if *secret == drawn => Ok(()),
            (Some(_), None) => Err(fault::failed("it gave back something else")),
            (None, _) => Err(fault::failed("it did not keep what it was given")),
            (_, Some(_)) => Err(fault::failed("it did not delete what it was told to")),
        }
    }

    fn ask<T: Send + 'static>(
        &self,
        name: &str,
        work: impl FnOnce(&Entry) -> Result<T, KeychainFault> + Send + 'static,
    ) -> Result<T, KeychainFault> {
        let store = timed::within(self.patience.answering, opened)?;
        let name = name.to_owned();
        timed::within(self.patience.asking, move || {
            let entry = store.build(SERVICE, &name, Some(&store::modifiers()));
            work(&entry.map_err(|error| fault::of_entry(&error))?)
        })
    }
}

fn opened() -> Result<Arc<CredentialStore>, KeychainFault> {
    store::open().map_err(|error| KeychainFault::Absent(error.to_string()))
}

/// As hexadecimal text, since KDE's wallet keeps nothing but text.
fn encoded(secret: &[u8]) -> Zeroizing<String> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).map_or('0', |d| char::from(*d));
    let mut text = Zeroizing::new(String::with_capacity(secret.len().saturating_mul(2)));
    text.extend(secret.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]));
    text
}

fn decoded(text: &[u8]) -> Result<Secret, KeychainFault> {
    let malformed = || fault::failed("the entry is malformed");
    if text.len() > SECRET_BYTES_MAX.saturating_mul(2) || !text.len().is_multiple_of(2) {
        return Err(malformed());
    }
    let nibble = |digit: &u8| char::from(*digit).to_digit(16);
    let mut secret = Zeroizing::new(Vec::with_capacity(text.len() / 2));
    for pair in text.chunks_exact(2) {
        let [high, low] = pair else { return Err(malformed()) };
        let byte = nibble(high).zip(nibble(low)).and_then(|(h, l)| u8::try_from(h << 4 | l).ok());
        secret.push(byte.ok_or_else(malformed)?);
    }
    Ok(secret)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_secret_is_text_in_the_keychain_and_comes_back_as_it_was() {
        let bytes: Vec<u8> = (0..=255).collect();
        let text = encoded(&bytes);
        assert!(text.starts_with("000102") && text.ends_with("fdfeff"));
        assert_eq!(*decoded(text.as_bytes()).unwrap(), bytes);
        assert_eq!(*decoded(b"").unwrap(), Vec::<u8>::new());
    }

    #[test]
    fn what_we_did_not_write_is_told_and_not_taken_for_a_secret() {
        for text in [b"abc".as_slice(), b"0g", b"++", "é".as_bytes(), &[b'0'; 514]] {
            assert!(matches!(decoded(text), Err(KeychainFault::Failed(_))), "{text:?}");
        }
        let long = Keychain::new(Patience::STANDARD).write("long", &[0; SECRET_BYTES_MAX + 1]);
        assert!(matches!(long, Err(KeychainFault::Failed(_))));
    }
}
