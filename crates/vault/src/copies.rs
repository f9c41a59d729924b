//! The audit log's chain in hexadecimal, for whoever checks a copy of it.

use crate::bytes::{hex, unhex};
use crate::keys::VaultId;
use crate::seal::chain;

/// What stands before the first entry of a vault's audit log; `None` when `vault` is no identifier.
pub fn audit_start(vault: &str) -> Option<String> {
    unhex(vault).map(|id| hex(&chain::audit_start(VaultId(id))))
}

/// The chain hash of an entry that follows `previous`; empty when that is none.
pub fn audit_link(previous: &str, seq: u64, json: &str) -> String {
    let next = |link| hex(&chain::audit_next(&link, seq, json.as_bytes()));
    unhex(previous).map(next).unwrap_or_default()
}
