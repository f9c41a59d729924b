//! The operating system's keychain: small secrets under names, and typed answers when there are
//! none.
//!
//! Owns: the Secret Service on Linux, Keychain on macOS, Credential Manager on Windows, and how
//! long any of them may take. Must not know: what a secret is for, and what becomes of a vault
//! whose secret is gone.

mod fault;
mod keychain;
pub mod policy;
mod store;
mod timed;

pub use fault::KeychainFault;
pub use keychain::{Keychain, Secret};
pub use policy::Patience;
