//! A vault: made once, opened with a passphrase, locked by being dropped.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;

use crate::age::Recipient;
use crate::databases::{Databases, finish};
use crate::db;
use crate::device::{DeviceSecrets, FileSecrets, Place, Protection, SecretName};
#[cfg(any(test, feature = "test-hooks"))]
use crate::disk::Disk;
use crate::fail_point::{FailPoint, reach};
use crate::fault::VaultFault;
use crate::folder::{self, FolderLock, Paths, RealFiles};
use crate::founded::{FIRST_ROW_KEY, Founded, first_belonging};
use crate::header::{Header, SlotId};
use crate::keys::{self, Key, Keyring, RowKey};
use crate::passphrase::{self, Cost};
#[cfg(any(test, feature = "test-hooks"))]
use crate::recover::{Recovery, Rescued};
use crate::slots::{Slots, device_secret, lost, shred};

/// Where vaults are made and opened.
#[derive(Debug)]
pub struct Vault;

/// How a vault without a recovery key is made.
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

/// How a vault is made.
#[derive(Clone, Copy, Debug)]
pub struct Founding<'a> {
    /// Name of its first operator.
    pub name: &'a str,
    /// Their passphrase.
    pub passphrase: &'a str,
    /// Cost of one guess at it.
    pub cost: Cost,
    /// Who opens it when passphrases or the device's secrets are lost. Only a vault of made-up
    /// people goes without.
    pub recovery: Option<&'a Recipient>,
}

/// What a vault says of itself to everybody, before it is opened. Anybody could have written it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Where its device secrets lie; unknown of vaults of the first version.
    pub place: Option<Place>,
    /// To whom it is sealed for a recovery.
    pub recipients: Vec<Recipient>,
    /// How many have a passphrase.
    pub operators: usize,
}

/// An open vault: the store, and the keys that it needs. Dropping it locks it: both logs are moved
/// into their databases, and the keys are wiped.
pub struct OpenVault {
    pub(crate) main: Connection,
    pub(crate) photos: Connection,
    pub(crate) keys: Keyring,
    /// After the connections: a disk of the tests goes when nobody uses it any more.
    pub(crate) paths: Paths,
    pub(crate) slots: Arc<Slots>,
    pub(crate) protection: Protection,
    pub(crate) unclean: bool,
    pub(crate) lock: FolderLock,
    pub(crate) secrets: Option<Box<dyn DeviceSecrets>>,
}

impl Vault {
    /// Whether a vault is in `folder`.
    pub fn exists(folder: &Path) -> bool {
        Paths::new(folder).header().exists()
    }

    /// What the vault in `folder` says of itself.
    ///
    /// # Errors
    /// [`VaultFault::NotAVault`], [`VaultFault::Damaged`], [`VaultFault::NewerVersion`], or what
    /// the disk answers.
    pub fn outline(folder: &Path) -> Result<Outline, VaultFault> {
        let header = Header::read(&RealFiles, &Paths::new(folder).header())?;
        Ok(Outline {
            place: header.belonging.map(|b| b.place),
            recipients: header.recipients(),
            operators: header.slots.iter().filter(|s| s.has_passphrase()).count(),
        })
    }

    /// Makes a vault for made-up people: with its device secrets in files, [`Protection::Reduced`],
    /// and without a recovery key.
    ///
    /// # Errors
    /// As [`Vault::create_with`].
    pub fn create(
        folder: &Path,
        passphrase: &str,
        options: CreateOptions,
    ) -> Result<OpenVault, VaultFault> {
        let founding = Founding { name: "", passphrase, cost: options.cost, recovery: None };
        Self::create_with(folder, &founding, &FileSecrets::new(folder))
    }

    /// Makes a vault in `folder` and leaves it open. Whatever is there of another vault stays
    /// untouched.
    ///
    /// # Errors
    /// [`VaultFault::Exists`], [`VaultFault::WeakPassphrase`], [`VaultFault::CostRefused`],
    /// [`VaultFault::InUse`], or what the disk and the keychain answer.
    pub fn create_with(
        folder: &Path,
        founding: &Founding<'_>,
        secrets: &dyn DeviceSecrets,
    ) -> Result<OpenVault, VaultFault> {
        Self::make(Paths::new(folder), founding, secrets)
    }

    fn make(
        paths: Paths,
        founding: &Founding<'_>,
        secrets: &dyn DeviceSecrets,
    ) -> Result<OpenVault, VaultFault> {
        passphrase::check_strength(founding.passphrase, secrets.protection())?;
        let files = paths.files();
        if files.exists(&paths.header()) {
            return Err(VaultFault::Exists);
        }
        files.make_folder(paths.folder())?;
        let mut lock = FolderLock::take(&paths)?;
        clear_unfinished(&paths)?;
        folder::write_atomically(files, &paths.creating(), b"")?;
        lock.mark_open()?;
        let founded = Founded::draw(founding, secrets.place())?;
        secrets.write(SecretName::Device, &founded.device)?;
        secrets.write(SecretName::Shred, &founded.shred)?;
        files.make(&paths.vault(), b"")?;
        files.make(&paths.photos(), b"")?;
        let main = db::open_vault(&paths.vault(), files.vfs(), &founded.page_key)?;
        let photos = db::open_photos(&paths.photos(), files.vfs())?;
        reach(FailPoint::VaultBeforeHeader);
        let vault = founded.header.vault;
        let header_key = keys::header_key(vault, &founded.vault_key);
        let bytes = founded.header.encode(&header_key)?;
        folder::write_atomically(files, &paths.header(), &bytes)?;
        reach(FailPoint::VaultAfterHeader);
        finish(&paths)?;
        let row = RowKey::derive(vault, &founded.vault_key, FIRST_ROW_KEY, &founded.shred);
        let opened = (founded.slot, founded.belonging, secrets.protection());
        let databases = Databases { main, photos, lock, unclean: false };
        Ok(databases.opened(paths, vault, founded.vault_key, row, opened))
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
    /// [`VaultFault::DeviceSecretAbsent`], [`VaultFault::KeychainLost`], or what the disk and the
    /// keychain answer.
    pub fn confirm_with(
        folder: &Path,
        passphrase: &str,
        secrets: &dyn DeviceSecrets,
    ) -> Result<(), VaultFault> {
        let header = Header::read(&RealFiles, &Paths::new(folder).header())?;
        let device = device_secret(header.vault, header.belonging.as_ref(), secrets)?;
        header.unlock(passphrase, &device).map(|_| ())
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
    /// [`VaultFault::DeviceSecretAbsent`], [`VaultFault::KeychainLost`], [`VaultFault::Damaged`],
    /// [`VaultFault::NewerVersion`], or what the disk and the keychain answer. Nothing is ever made
    /// anew in place of what does not open.
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
        let lock = FolderLock::take(&paths)?;
        let header = Header::read(paths.files(), &paths.header())?;
        let device = device_secret(header.vault, header.belonging.as_ref(), secrets)?;
        let unlocked = header.unlock(passphrase, &device)?;
        Self::enter(paths, lock, &header, unlocked, (&device, secrets))
    }

    /// Opens a vault whose key somebody has.
    pub(crate) fn enter(
        paths: Paths,
        lock: FolderLock,
        header: &Header,
        (slot, vault_key): (SlotId, Key),
        (device, secrets): (&Key, &dyn DeviceSecrets),
    ) -> Result<OpenVault, VaultFault> {
        header.verify(&keys::header_key(header.vault, &vault_key))?;
        let belonging = match header.belonging {
            Some(belonging) => belonging,
            None => {
                let shred = secrets.read(SecretName::Shred)?.ok_or(lost(secrets.place()))?;
                first_belonging(header.vault, secrets.place(), device, &shred)
            }
        };
        let databases = Databases::open(&paths, lock, header, &vault_key)?;
        let number = databases.row_number(&belonging)?;
        let id = if number == belonging.row { Some(belonging.shred) } else { belonging.next_shred };
        let shred = id.map(|id| shred(secrets, id, header.vault)).transpose()?.flatten();
        let row = shred.map(|shred| RowKey::derive(header.vault, &vault_key, number, &shred));
        let row = row.ok_or(lost(belonging.place))?;
        let opened = (slot, belonging, secrets.protection());
        let mut vault = databases.opened(paths, header.vault, vault_key, row, opened);
        if belonging.next_shred.is_some() {
            // Everything opens all the same; the next change of the shred key tries again.
            let _ = vault.settle_shred_key(secrets);
        }
        Ok(vault)
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
        let founding = Founding { name: "", passphrase, cost: options.cost, recovery: None };
        Self::make(paths, &founding, &secrets)
    }

    /// As [`Vault::create_with`].
    ///
    /// # Errors
    /// As [`Vault::create_with`].
    pub fn found_on(disk: &Disk, founding: &Founding<'_>) -> Result<OpenVault, VaultFault> {
        let (paths, secrets) = on(disk);
        Self::make(paths, founding, &secrets)
    }

    /// As [`Vault::recover`].
    ///
    /// # Errors
    /// As [`Vault::recover`].
    pub fn recover_on(disk: &Disk, recovery: &Recovery<'_>) -> Result<Rescued, VaultFault> {
        let (paths, secrets) = on(disk);
        Self::recover_at(paths, recovery, &secrets)
    }

    /// Where the device's secrets lie on such a disk.
    pub fn secrets_on(disk: &Disk) -> FileSecrets {
        on(disk).1
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

    /// Who can open it. What is given out closes with the vault's keys alone, not with the vault.
    pub fn slots(&self) -> Arc<Slots> {
        Arc::clone(&self.slots)
    }

    /// Has the vault change its shred key by itself once something was forgotten.
    pub fn keep_secrets(&mut self, secrets: Box<dyn DeviceSecrets>) {
        self.secrets = Some(secrets);
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

pub(crate) fn check_files(paths: &Paths) -> Result<(), VaultFault> {
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

#[cfg(test)]
#[path = "vault_tests.rs"]
mod tests;
