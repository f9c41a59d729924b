//! The keys of an open vault, for a test that looks for them where they must not be.

use crate::vault::OpenVault;

impl OpenVault {
    /// Every key of ours that this vault holds in memory while it is open, by its name.
    pub fn shown_keys(&self) -> Vec<(&'static str, [u8; 32])> {
        let keys = &self.keys;
        vec![
            ("index", *keys.index.bytes()),
            ("log", *keys.log.bytes()),
            ("config", *keys.config.bytes()),
            ("row", *keys.row.key.bytes()),
        ]
    }
}
