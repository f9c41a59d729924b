//! Keys, sealing and the encrypted stores of Satchel.
//!
//! Owns: the passphrase's way to the vault key, the sealed forms of records and photos, `vault.db`
//! and `photos.db`; it alone knows SQLite. Must not know: providers, sockets, windows, clocks, and
//! what a submission's state means. The byte layouts are written down in `docs/formats.md`.

mod age;
mod bytes;
mod copies;
mod databases;
mod db;
mod device;
#[cfg(any(test, feature = "test-hooks"))]
pub mod disk;
mod fail_point;
mod fault;
mod folder;
mod founded;
mod header;
mod keys;
mod memory;
mod named;
mod passphrase;
mod placement;
pub mod policy;
mod quick;
mod recover;
mod rotate;
mod seal;
#[cfg(any(test, feature = "test-hooks"))]
mod shown;
mod slots;
mod store;
mod vault;

pub use age::{Identity, Recipient};
pub use copies::{audit_link, audit_start};
pub use device::{
    DeviceSecretFault, DeviceSecrets, FileSecrets, Place, Protection, SecretName, Unavailable,
};
#[cfg(feature = "test-hooks")]
pub use fail_point::{FailPoint, armed};
pub use fault::VaultFault;
pub use keys::Key;
pub use memory::MemoryStore;
pub use passphrase::Cost;
pub use placement::EntryName;
pub use quick::QuickUnlock;
pub use recover::{Recovery, Rescued};
pub use slots::{NewOperator, Operator, Role, Slots};
pub use store::Unreadable;
pub use vault::{CreateOptions, Founding, OpenVault, Outline, Vault};

#[cfg(test)]
mod frozen_tests;
#[cfg(test)]
mod tamper_tests;
#[cfg(test)]
mod vectors_tests;
