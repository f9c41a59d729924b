//! The hash chains of a submission's log and of the audit log: no entry can be taken out, exchanged
//! or put elsewhere unseen.

use sha2::{Digest, Sha256};

use crate::keys::VaultId;

/// Hash of an entry and of everything before it.
pub(crate) type Link = [u8; 32];

/// What stands before the first entry.
pub(crate) fn start(vault: VaultId, submission: &str) -> Link {
    let mut hash = Sha256::new();
    hash.update(b"satchel/log/start");
    hash.update(vault.0);
    hash.update(submission.as_bytes());
    hash.finalize().into()
}

/// `SHA-256("satchel/log" ‖ previous ‖ seq ‖ sealed bytes)`.
pub(crate) fn next(previous: &Link, seq: u64, sealed: &[u8]) -> Link {
    let mut hash = Sha256::new();
    hash.update(b"satchel/log");
    hash.update(previous);
    hash.update(seq.to_be_bytes());
    hash.update(sealed);
    hash.finalize().into()
}

/// What stands before the first entry of the audit log.
pub(crate) fn audit_start(vault: VaultId) -> Link {
    let mut hash = Sha256::new();
    hash.update(b"satchel/audit/start");
    hash.update(vault.0);
    hash.finalize().into()
}

/// `SHA-256("satchel/audit" ‖ previous ‖ seq ‖ the entry's JSON)`: over what is read, so that a
/// copy in the clear can be checked as well.
pub(crate) fn audit_next(previous: &Link, seq: u64, json: &[u8]) -> Link {
    let mut hash = Sha256::new();
    hash.update(b"satchel/audit");
    hash.update(previous);
    hash.update(seq.to_be_bytes());
    hash.update(json);
    hash.finalize().into()
}
