//! The vault's plain files on the disk.

use std::io;
use std::path::Path;

use super::medium::{FileId, Trouble};
use super::{Disk, locked};
use crate::fault::VaultFault;
use crate::folder::{Files, LockFile};

impl From<Trouble> for io::Error {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Absent => io::ErrorKind::NotFound.into(),
            Trouble::Full => io::ErrorKind::StorageFull.into(),
            Trouble::Failed => io::Error::other("the disk failed"),
        }
    }
}

/// The disk is one folder, so that a file's name is the last part of its path.
fn name_of(path: &Path) -> io::Result<String> {
    let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    Ok(name.to_string_lossy().into_owned())
}

impl Files for Disk {
    fn exists(&self, path: &Path) -> bool {
        name_of(path).is_ok_and(|name| self.medium().find(&name).is_some())
    }

    fn size(&self, path: &Path) -> Option<u64> {
        let medium = self.medium();
        let file = medium.find(&name_of(path).ok()?)?;
        Some(medium.now.size(file) as u64)
    }

    fn read(&self, path: &Path, bytes_max: u64) -> io::Result<Vec<u8>> {
        let mut medium = self.medium();
        let file = medium.find(&name_of(path)?).ok_or(Trouble::Absent)?;
        let size = medium.now.size(file).min(usize::try_from(bytes_max).unwrap_or(usize::MAX));
        let mut bytes = vec![0; size];
        let read = medium.read(file, 0, &mut bytes)?;
        bytes.truncate(read);
        Ok(bytes)
    }

    fn make(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut medium = self.medium();
        let (file, is_new) = medium.open(Some(&name_of(path)?), true)?;
        if !is_new {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        if !bytes.is_empty() {
            medium.write(file, 0, bytes)?;
        }
        Ok(medium.sync(file)?)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        Ok(self.medium().rename(&name_of(from)?, &name_of(to)?)?)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        Ok(self.medium().remove(&name_of(path)?)?)
    }

    fn make_folder(&self, _folder: &Path) -> io::Result<()> {
        Ok(())
    }

    fn sync_folder(&self, _folder: &Path) -> io::Result<()> {
        Ok(self.medium().sync_names()?)
    }

    fn lock(&self, path: &Path) -> Result<Box<dyn LockFile>, VaultFault> {
        let mut medium = self.medium();
        let name = name_of(path)?;
        let (file, _) = medium.open(Some(&name), true).map_err(io::Error::from)?;
        if std::mem::replace(&mut medium.locked, true) {
            return Err(VaultFault::InUse);
        }
        Ok(Box::new(Lock { disk: self.clone(), file }))
    }

    fn vfs(&self) -> Option<&str> {
        Some(self.0.name())
    }
}

/// The lock of the one program that has the vault open.
struct Lock {
    disk: Disk,
    file: FileId,
}

impl LockFile for Lock {
    fn size(&self) -> io::Result<u64> {
        Ok(self.disk.medium().now.size(self.file) as u64)
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut medium = self.disk.medium();
        if !bytes.is_empty() {
            medium.write(self.file, 0, bytes)?;
        }
        medium.resize(self.file, bytes.len())?;
        Ok(medium.sync(self.file)?)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        locked(&self.disk.0.medium).locked = false;
    }
}
