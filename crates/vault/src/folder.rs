//! The vault's folder: its files, its lock, and writes that are either whole or not there.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

use crate::fault::VaultFault;

/// Names of a vault's files.
#[derive(Clone, Debug)]
pub(crate) struct Paths {
    folder: PathBuf,
}

impl Paths {
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    pub(crate) fn header(&self) -> PathBuf {
        self.folder.join("vault.header")
    }

    pub(crate) fn vault(&self) -> PathBuf {
        self.folder.join("vault.db")
    }

    pub(crate) fn photos(&self) -> PathBuf {
        self.folder.join("photos.db")
    }

    /// There while a vault is being made; what it finds beside it holds nobody's data.
    pub(crate) fn creating(&self) -> PathBuf {
        self.folder.join("vault.creating")
    }

    fn lock(&self) -> PathBuf {
        self.folder.join("vault.lock")
    }

    /// Everything that takes room.
    pub(crate) fn counted(&self) -> Vec<PathBuf> {
        [self.vault(), self.photos()]
            .into_iter()
            .flat_map(|db| [log_of(&db), db])
            .chain([self.header()])
            .collect()
    }
}

/// The write-ahead log beside a database.
pub(crate) fn log_of(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

/// The one process that has the vault open. The file says `open` until a clean exit.
pub(crate) struct FolderLock {
    file: File,
    was_unclean: bool,
}

impl FolderLock {
    /// Takes the lock or says that somebody has it.
    pub(crate) fn take(paths: &Paths) -> Result<Self, VaultFault> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let file = private(&mut options).open(paths.lock())?;
        file.try_lock().map_err(|e| match e {
            TryLockError::WouldBlock => VaultFault::InUse,
            TryLockError::Error(e) => e.into(),
        })?;
        let was_unclean = file.metadata()?.len() > 0;
        Ok(Self { file, was_unclean })
    }

    /// Whether the last one who had it did not get to say that all was well.
    pub(crate) fn was_unclean(&self) -> bool {
        self.was_unclean
    }

    pub(crate) fn mark_open(&mut self) -> Result<(), VaultFault> {
        self.file.rewind()?;
        self.file.write_all(b"open")?;
        Ok(self.file.sync_all()?)
    }

    pub(crate) fn mark_clean(&mut self) -> Result<(), VaultFault> {
        self.file.set_len(0)?;
        Ok(self.file.sync_all()?)
    }
}

/// Makes the folder for its owner alone.
pub(crate) fn make_private_folder(folder: &Path) -> Result<(), VaultFault> {
    fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// Makes an empty file for its owner alone; SQLite gives its logs the same mode.
pub(crate) fn make_private_file(path: &Path) -> Result<(), VaultFault> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    private(&mut options).open(path)?.sync_all()?;
    Ok(())
}

/// Writes a file beside it, syncs it, puts it in place and syncs the folder.
pub(crate) fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let fresh = PathBuf::from(name);
    remove_if_there(&fresh)?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    let mut file = private(&mut options).open(&fresh)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    fs::rename(&fresh, path)?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Makes names in a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    // Windows has no sync of folders; its renames are journaled.
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

pub(crate) fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}
