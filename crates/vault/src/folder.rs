//! The vault's folder: its files, its lock, and writes that are either whole or not there.

use std::fmt::Debug;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::fault::VaultFault;

/// How the files of a vault are reached, so that tests can put them on a disk that loses power.
pub(crate) trait Files: Debug + Send + Sync {
    /// Whether there is such a file.
    fn exists(&self, path: &Path) -> bool;
    /// Its bytes, if it is there.
    fn size(&self, path: &Path) -> Option<u64>;
    /// What is in it, up to so many bytes.
    fn read(&self, path: &Path, bytes_max: u64) -> io::Result<Vec<u8>>;
    /// Makes a file that was not there, for its owner alone, and syncs what is in it.
    fn make(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
    /// Gives a file another name, in place of what has that name.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Makes the folder for its owner alone.
    fn make_folder(&self, folder: &Path) -> io::Result<()>;
    /// Makes names in a folder durable.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
    /// Takes the lock that the file stands for, or says that somebody has it.
    fn lock(&self, path: &Path) -> Result<Box<dyn LockFile>, VaultFault>;
    /// Name of the VFS through which SQLite reaches its files, if it is not its own.
    fn vfs(&self) -> Option<&str>;
}

/// A file that is locked until it is dropped.
pub(crate) trait LockFile: Send {
    /// Its bytes.
    fn size(&self) -> io::Result<u64>;
    /// Puts this in place of what is in it, and syncs it.
    fn put(&mut self, bytes: &[u8]) -> io::Result<()>;
}

/// Names of a vault's files.
#[derive(Clone, Debug)]
pub(crate) struct Paths {
    folder: PathBuf,
    files: Arc<dyn Files>,
}

impl Paths {
    pub(crate) fn new(folder: &Path) -> Self {
        Self::with(folder, Arc::new(RealFiles))
    }

    /// A folder whose files are reached in another way.
    pub(crate) fn with(folder: &Path, files: Arc<dyn Files>) -> Self {
        Self { folder: folder.to_owned(), files }
    }

    pub(crate) fn files(&self) -> &dyn Files {
        self.files.as_ref()
    }

    pub(crate) fn shared_files(&self) -> Arc<dyn Files> {
        Arc::clone(&self.files)
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
    file: Box<dyn LockFile>,
    was_unclean: bool,
}

impl FolderLock {
    /// Takes the lock or says that somebody has it.
    pub(crate) fn take(paths: &Paths) -> Result<Self, VaultFault> {
        let file = paths.files().lock(&paths.lock())?;
        let was_unclean = file.size()? > 0;
        Ok(Self { file, was_unclean })
    }

    /// Whether the last one who had it did not get to say that all was well.
    pub(crate) fn was_unclean(&self) -> bool {
        self.was_unclean
    }

    pub(crate) fn mark_open(&mut self) -> Result<(), VaultFault> {
        Ok(self.file.put(b"open")?)
    }

    pub(crate) fn mark_clean(&mut self) -> Result<(), VaultFault> {
        Ok(self.file.put(b"")?)
    }
}

/// Writes a file beside it, syncs it, puts it in place and syncs the folder.
pub(crate) fn write_atomically(files: &dyn Files, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let fresh = PathBuf::from(name);
    remove_if_there(files, &fresh)?;
    files.make(&fresh, bytes)?;
    files.rename(&fresh, path)?;
    path.parent().map_or(Ok(()), |folder| files.sync_folder(folder))
}

pub(crate) fn remove_if_there(files: &dyn Files, path: &Path) -> io::Result<()> {
    match files.remove(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Files as the operating system keeps them.
#[derive(Debug)]
pub(crate) struct RealFiles;

impl Files for RealFiles {
    fn exists(&self, path: &Path) -> bool {
        path.exists()
    }

    fn size(&self, path: &Path) -> Option<u64> {
        Some(fs::metadata(path).ok()?.len())
    }

    fn read(&self, path: &Path, bytes_max: u64) -> io::Result<Vec<u8>> {
        let file = File::open(path)?;
        // Room for all of it at once, so that a secret leaves no piece behind.
        let size = file.metadata()?.len().min(bytes_max);
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
        file.take(bytes_max).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn make(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        let mut file = private(&mut options).open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(folder, fs::Permissions::from_mode(0o700))?;
        }
        Ok(())
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        #[cfg(unix)]
        File::open(folder)?.sync_all()?;
        // Windows has no sync of folders; its renames are journaled.
        #[cfg(not(unix))]
        let _ = folder;
        Ok(())
    }

    fn lock(&self, path: &Path) -> Result<Box<dyn LockFile>, VaultFault> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let file = private(&mut options).open(path)?;
        file.try_lock().map_err(|e| match e {
            TryLockError::WouldBlock => VaultFault::InUse,
            TryLockError::Error(e) => e.into(),
        })?;
        Ok(Box::new(file))
    }

    fn vfs(&self) -> Option<&str> {
        None
    }
}

impl LockFile for File {
    fn size(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.rewind()?;
        self.write_all(bytes)?;
        self.set_len(bytes.len() as u64)?;
        self.sync_all()
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
