//! A keychain in memory that can be locked, lose what it has, or not be there. For tests alone.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use satchel_keychain::{KeychainFault, Secret};

use crate::ports::Keychain;

/// The keychain of a test.
#[derive(Debug, Default)]
pub struct MemoryKeychain {
    kept: Mutex<BTreeMap<String, Vec<u8>>>,
    fault: Mutex<Option<KeychainFault>>,
}

impl MemoryKeychain {
    /// A session that has none.
    pub fn absent() -> Self {
        let keychain = Self::default();
        keychain.answer_with(Some(KeychainFault::Absent("none in this test".to_owned())));
        keychain
    }

    /// What every call is answered with from now on; `None` works again.
    pub fn answer_with(&self, fault: Option<KeychainFault>) {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }

    /// Everything that it keeps.
    pub fn kept(&self) -> MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(&self) -> Result<MutexGuard<'_, BTreeMap<String, Vec<u8>>>, KeychainFault> {
        match &*self.fault.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(fault) => Err(fault.clone()),
            None => Ok(self.kept()),
        }
    }
}

impl Keychain for MemoryKeychain {
    fn probe(&self) -> Result<(), KeychainFault> {
        self.open().map(|_| ())
    }

    fn read(&self, name: &str) -> Result<Option<Secret>, KeychainFault> {
        Ok(self.open()?.get(name).cloned().map(Secret::new))
    }

    fn write(&self, name: &str, secret: &[u8]) -> Result<(), KeychainFault> {
        self.open()?.insert(name.to_owned(), secret.to_vec());
        Ok(())
    }

    fn delete(&self, name: &str) -> Result<(), KeychainFault> {
        self.open()?.remove(name);
        Ok(())
    }
}
