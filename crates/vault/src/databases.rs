//! Both databases of a vault, open under its lock.

use std::sync::Arc;

use rusqlite::Connection;

use crate::device::Protection;
use crate::fail_point::{FailPoint, reach};
use crate::fault::VaultFault;
use crate::folder::{self, FolderLock, Paths};
use crate::header::{Belonging, Header, SlotId};
use crate::keys::{self, Key, Keyring, RowKey, VaultId};
use crate::slots::Slots;
use crate::vault::OpenVault;
use crate::{db, store};

/// Both databases of a vault, open under its lock.
pub(crate) struct Databases {
    pub(crate) main: Connection,
    pub(crate) photos: Connection,
    pub(crate) lock: FolderLock,
    pub(crate) unclean: bool,
}

impl Databases {
    /// Opens them; after an unclean exit they are looked through.
    pub(crate) fn open(
        paths: &Paths,
        mut lock: FolderLock,
        header: &Header,
        vault_key: &Key,
    ) -> Result<Self, VaultFault> {
        finish(paths)?;
        let files = paths.files();
        let unclean = lock.was_unclean() || has_log(paths);
        lock.mark_open()?;
        reach(FailPoint::MarkedOpen);
        let page_key = header.page_key(&keys::wrapping_key(header.vault, vault_key))?;
        let main = db::open_vault(&paths.vault(), files.vfs(), &page_key)?;
        let photos = db::open_photos(&paths.photos(), files.vfs())?;
        if unclean {
            db::check_integrity(&main, true)?;
            db::check_integrity(&photos, false)?;
        }
        Ok(Self { main, photos, lock, unclean })
    }

    /// Number of the row key that the data keys are wrapped for. Only while the shred key is being
    /// changed can it be another than the header's.
    pub(crate) fn row_number(&self, belonging: &Belonging) -> Result<u32, VaultFault> {
        if belonging.next_shred.is_none() {
            return Ok(belonging.row);
        }
        let found = store::keys::row_number(&self.main).map_err(|r| r.into_fault())?;
        Ok(found.unwrap_or(belonging.row))
    }

    /// An open vault of them.
    pub(crate) fn opened(
        self,
        paths: Paths,
        vault: VaultId,
        vault_key: Key,
        row: RowKey,
        (slot, belonging, protection): (SlotId, Belonging, Protection),
    ) -> OpenVault {
        let keys = Keyring::derive(vault, &vault_key, row);
        let slots = Arc::new(Slots::new(paths.clone(), vault, vault_key, slot, belonging));
        let Self { main, photos, lock, unclean } = self;
        OpenVault { main, photos, keys, paths, slots, protection, unclean, lock, secrets: None }
    }
}

/// Ends a creation: from here on the databases may hold somebody's data.
pub(crate) fn finish(paths: &Paths) -> Result<(), VaultFault> {
    if paths.files().exists(&paths.creating()) {
        folder::remove_if_there(paths.files(), &paths.creating())?;
        paths.files().sync_folder(paths.folder())?;
    }
    Ok(())
}

fn has_log(paths: &Paths) -> bool {
    [paths.vault(), paths.photos()]
        .iter()
        .any(|database| paths.files().size(&folder::log_of(database)).is_some_and(|size| size > 0))
}
