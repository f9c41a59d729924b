//! A vault: made once, opened with a passphrase, locked by being dropped.

use std::path::{Path, PathBuf};
#[cfg(any(test, feature = "test-hooks"))]
use std::sync::Arc;

use rusqlite::Connection;

use crate::db;
use crate::device::{DeviceSecrets, FileSecrets, Protection, SecretName};
#[cfg(any(test, feature = "test-hooks"))]
use crate::disk::Disk;
use crate::fail_point::{FailPoint, reach};
use crate::fault::VaultFault;
use crate::folder::{self, FolderLock, Paths, RealFiles};
use crate::header::{self, Header, Slotted};
use crate::keys::{Key, Keyring, VaultId};
use crate::passphrase::{self, Cost};

/// Where vaults are made and opened.
#[derive(Debug)]
pub struct Vault;

/// How a vault is made.
#[derive(Clone, Copy, Debug)]
pub struct CreateOptions {
    /// Cost of one guess at the passphrase.
    pub cost: Cost,
}

impl Default for CreateOptions {
    fn default() -> Self {
        Self { cost: Cost::STANDARD }
    }
}

/// An open vault: the store, and the keys that it needs. Dropping it locks it: both logs are moved
/// into their databases, and the keys are wiped.
pub struct OpenVault {
    pub(crate) main: Connection,
    pub(crate) photos: Connection,
    pub(crate) keys: Keyring,
    /// After the connections: a disk of the tests goes when nobody uses it any more.
    pub(crate) paths: Paths,
    protection: Protection,
    unclean: bool,
    lock: FolderLock,
}

impl Vault {
    /// Whether a vault is in `folder`.
    pub fn exists(folder: &Path) -> bool {
        Paths::new(folder).header().exists()
    }

    /// Makes a vault with its device secrets in files: [`Protection::Reduced`].
    ///
    /// # Errors
    /// As [`Vault::create_with`].
    pub fn create(
        folder: &Path,
        passphrase: &str,
        options: CreateOptions,
    ) -> Result<OpenVault, VaultFault> {
        Self::create_with(folder, passphrase, options, &FileSecrets::new(folder))
    }

    /// Makes a vault in `folder` and leaves it open. Whatever is there of another vault stays
    /// untouched.
    ///
    /// # Errors
    /// [`VaultFault::Exists`], [`VaultFault::WeakPassphrase`], [`VaultFault::CostRefused`],
    /// [`VaultFault::InUse`], or what the disk and the keychain answer.
    pub fn create_with(
        folder: &Path,
        passphrase: &str,
        options: CreateOptions,
        secrets: &dyn DeviceSecrets,
    ) -> Result<OpenVault, VaultFault> {
        Self::make(Paths::new(folder), passphrase, options, secrets)
    }

    fn make(
        paths: Paths,
        passphrase: &str,
        options: CreateOptions,
        secrets: &dyn DeviceSecrets,
    ) -> Result<OpenVault, VaultFault> {
        passphrase::check_strength(passphrase, secrets.protection())?;
        let files = paths.files();
        if files.exists(&paths.header()) {
            return Err(VaultFault::Exists);
        }
        files.make_folder(paths.folder())?;
        let mut lock = FolderLock::take(&paths)?;
        clear_unfinished(&paths)?;
        folder::write_atomically(files, &paths.creating(), b"")?;
        lock.mark_open()?;
        let vault = VaultId::draw()?;
        let (vault_key, page_key) = (Key::draw()?, Key::draw()?);
        let (device, shred) = (Key::draw()?, Key::draw()?);
        let keys = Keyring::derive(vault, &vault_key, &shred);
        let operator = Slotted { passphrase, device: &device, cost: options.cost };
        let header = Header::make(&keys, &vault_key, &page_key, operator)?;
        secrets.write(SecretName::Device, &device)?;
        secrets.write(SecretName::Shred, &shred)?;
        files.make(&paths.vault(), b"")?;
        files.make(&paths.photos(), b"")?;
        let main = db::open_vault(&paths.vault(), files.vfs(), &page_key)?;
        let photos = db::open_photos(&paths.photos(), files.vfs())?;
        reach(FailPoint::VaultBeforeHeader);
        header::write(files, &paths.header(), &header)?;
        reach(FailPoint::VaultAfterHeader);
        finish(&paths)?;
        let protection = secrets.protection();
        Ok(OpenVault { main, photos, keys, paths, protection, unclean: false, lock })
    }

    /// Whether `passphrase` is the one of the vault in `folder`, which may be open: who is at the
    /// device proves it anew before something leaves the vault.
    ///
    /// # Errors
    /// As [`Vault::confirm_with`].
    pub fn confirm(folder: &Path, passphrase: &str) -> Result<(), VaultFault> {
        Self::confirm_with(folder, passphrase, &FileSecrets::new(folder))
    }

    /// The same, with the device secrets elsewhere.
    ///
    /// # Errors
    /// [`VaultFault::WrongPassphrase`], [`VaultFault::NotAVault`],
    /// [`VaultFault::DeviceSecretAbsent`], or what the disk and the keychain answer.
    pub fn confirm_with(
        folder: &Path,
        passphrase: &str,
        secrets: &dyn DeviceSecrets,
    ) -> Result<(), VaultFault> {
        let header = Header::read(&RealFiles, &Paths::new(folder).header())?;
        header.unlock(passphrase, &required(secrets, SecretName::Device)?).map(|_| ())
    }

    /// Opens a vault whose device secrets lie in files.
    ///
    /// # Errors
    /// As [`Vault::open_with`].
    pub fn open(folder: &Path, passphrase: &str) -> Result<OpenVault, VaultFault> {
        Self::open_with(folder, passphrase, &FileSecrets::new(folder))
    }

    /// Opens a vault. After an unclean exit both databases are looked through first.
    ///
    /// # Errors
    /// [`VaultFault::NotAVault`], [`VaultFault::InUse`], [`VaultFault::WrongPassphrase`],
    /// [`VaultFault::DeviceSecretAbsent`], [`VaultFault::Damaged`], [`VaultFault::NewerVersion`],
    /// or what the disk and the keychain answer. Nothing is ever made anew in place of what does
    /// not open.
    pub fn open_with(
        folder: &Path,
        passphrase: &str,
        secrets: &dyn DeviceSecrets,
    ) -> Result<OpenVault, VaultFault> {
        Self::reopen(Paths::new(folder), passphrase, secrets)
    }

    fn reopen(
        paths: Paths,
        passphrase: &str,
        secrets: &dyn DeviceSecrets,
    ) -> Result<OpenVault, VaultFault> {
        check_files(&paths)?;
        let files = paths.files();
        let mut lock = FolderLock::take(&paths)?;
        let header = Header::read(files, &paths.header())?;
        let device = required(secrets, SecretName::Device)?;
        let shred = required(secrets, SecretName::Shred)?;
        let vault_key = header.unlock(passphrase, &device)?;
        let keys = Keyring::derive(header.vault, &vault_key, &shred);
        header.verify(&keys)?;
        finish(&paths)?;
        let unclean = lock.was_unclean() || has_log(&paths);
        lock.mark_open()?;
        reach(FailPoint::MarkedOpen);
        let page_key = header.page_key(&keys)?;
        let main = db::open_vault(&paths.vault(), files.vfs(), &page_key)?;
        let photos = db::open_photos(&paths.photos(), files.vfs())?;
        if unclean {
            db::check_integrity(&main, true)?;
            db::check_integrity(&photos, false)?;
        }
        let protection = secrets.protection();
        Ok(OpenVault { main, photos, keys, paths, protection, unclean, lock })
    }
}

/// Vaults on a disk in memory, with all of their files. Tests alone.
#[cfg(any(test, feature = "test-hooks"))]
impl Vault {
    /// As [`Vault::create`].
    ///
    /// # Errors
    /// As [`Vault::create_with`].
    pub fn create_on(
        disk: &Disk,
        passphrase: &str,
        options: CreateOptions,
    ) -> Result<OpenVault, VaultFault> {
        let (paths, secrets) = on(disk);
        Self::make(paths, passphrase, options, &secrets)
    }

    /// As [`Vault::open`].
    ///
    /// # Errors
    /// As [`Vault::open_with`].
    pub fn open_on(disk: &Disk, passphrase: &str) -> Result<OpenVault, VaultFault> {
        let (paths, secrets) = on(disk);
        Self::reopen(paths, passphrase, &secrets)
    }

    /// As [`Vault::exists`].
    pub fn exists_on(disk: &Disk) -> bool {
        let (paths, _) = on(disk);
        paths.files().exists(&paths.header())
    }
}

#[cfg(any(test, feature = "test-hooks"))]
fn on(disk: &Disk) -> (Paths, FileSecrets) {
    let files = Arc::new(disk.clone());
    let folder = Path::new("vault");
    (Paths::with(folder, files.clone()), FileSecrets::with(folder, files))
}

impl OpenVault {
    /// How well this device keeps its secrets; anything but full is shown to the person.
    pub fn protection(&self) -> Protection {
        self.protection
    }

    /// Whether the last exit was not a clean one; both databases passed their check since.
    pub fn was_unclean(&self) -> bool {
        self.unclean
    }

    /// The folder that it lies in.
    pub fn folder(&self) -> &Path {
        self.paths.folder()
    }

    /// Has SQLite sync nothing any more: a control that a check of durability must not pass.
    ///
    /// # Errors
    /// What the database answers.
    #[cfg(any(test, feature = "test-hooks"))]
    pub fn stop_syncing(&self) -> Result<(), VaultFault> {
        for database in [&self.main, &self.photos] {
            database.execute_batch("PRAGMA synchronous = OFF;")?;
        }
        Ok(())
    }
}

impl Drop for OpenVault {
    fn drop(&mut self) {
        let main = db::checkpoint(&self.main).is_ok();
        reach(FailPoint::BetweenCheckpoints);
        let moved = main && db::checkpoint(&self.photos).is_ok();
        reach(FailPoint::BeforeMarkedClean);
        // A mark that stays only costs a check at the next open.
        let _ = moved.then(|| self.lock.mark_clean());
    }
}

impl std::fmt::Debug for OpenVault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OpenVault").field("protection", &self.protection).finish_non_exhaustive()
    }
}

/// Refuses any trace of a vault, except what an interrupted creation left: nobody's data is in
/// that.
fn clear_unfinished(paths: &Paths) -> Result<(), VaultFault> {
    let files = paths.files();
    if files.exists(&paths.header()) {
        return Err(VaultFault::Exists);
    }
    let databases = [paths.vault(), paths.photos()];
    if !files.exists(&paths.creating()) {
        let trace = databases.iter().any(|db| files.exists(db));
        return if trace { Err(VaultFault::Exists) } else { Ok(()) };
    }
    for database in databases {
        folder::remove_if_there(files, &folder::log_of(&database))?;
        folder::remove_if_there(files, &database)?;
    }
    Ok(())
}

fn check_files(paths: &Paths) -> Result<(), VaultFault> {
    let exists = |path: PathBuf| paths.files().exists(&path);
    let databases = [exists(paths.vault()), exists(paths.photos())];
    let is_creating = exists(paths.creating());
    match (exists(paths.header()), databases) {
        (true, [true, true]) => Ok(()),
        (true, [false, _]) => Err(VaultFault::Damaged("vault.db is gone")),
        (true, [true, false]) => Err(VaultFault::Damaged("photos.db is gone")),
        (false, [false, false]) => Err(VaultFault::NotAVault),
        (false, [true, _] | [_, true]) if is_creating => Err(VaultFault::NotAVault),
        (false, [true, _] | [_, true]) => Err(VaultFault::Damaged("vault.header is gone")),
    }
}

fn required(secrets: &dyn DeviceSecrets, name: SecretName) -> Result<Key, VaultFault> {
    secrets.read(name)?.ok_or(VaultFault::DeviceSecretAbsent)
}

/// Ends a creation: from here on the databases may hold somebody's data.
fn finish(paths: &Paths) -> Result<(), VaultFault> {
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

#[cfg(test)]
#[path = "vault_tests.rs"]
mod tests;
