//! Settings that hold before a vault is open: no personal data.

use serde::{Deserialize, Serialize};

use crate::api::ApiError;
use crate::folder::Folder;

/// What stands in `device.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct DeviceSettings {
    pub(crate) theme: String,
    pub(crate) zoom_percent: u64,
    pub(crate) idle_lock_s: u64,
    pub(crate) single_keys: bool,
    /// Tries at the passphrase that failed since the vault was last opened.
    pub(crate) failed_unlocks: u32,
}

impl Default for DeviceSettings {
    fn default() -> Self {
        Self {
            theme: "system".to_owned(),
            zoom_percent: 100,
            idle_lock_s: 300,
            single_keys: true,
            failed_unlocks: 0,
        }
    }
}

impl DeviceSettings {
    /// What was kept, or the defaults where nothing readable is there.
    pub(crate) fn read(folder: &Folder) -> Self {
        std::fs::read(folder.device())
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    pub(crate) fn write(&self, folder: &Folder) -> Result<(), ApiError> {
        let failed = |_| ApiError::new("settings_not_saved");
        let bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        std::fs::create_dir_all(folder.path()).map_err(failed)?;
        let next = folder.device().with_extension("new");
        std::fs::write(&next, bytes).map_err(failed)?;
        std::fs::rename(&next, folder.device()).map_err(failed)
    }
}
