//! A disk in memory that loses power: for tests alone.
//!
//! It is one folder. It keeps every write, cut, sync and change of a name in order, and can say
//! what would be found if the power had gone at any sync: what was durable, and any part of what
//! was not. SQLite reaches it as a VFS of its own name, the vault's plain files through
//! [`crate::folder::Files`], so that all of a vault lies on it: both databases with their logs, the
//! header, the lock and the device's secrets.
//!
//! What is durable follows POSIX, and no kinder file system: bytes and size of a file once that
//! file was synced; a name that came, went or moved once the folder was synced, which for SQLite is
//! the first sync of a journal or log that it made, and a deletion that asks for it. Not covered:
//! bytes that change by themselves, writes that go astray, shared memory and memory maps (a vault
//! uses neither), other processes, access rights, and the folder's own name in its parent.

mod files;
mod loss;
mod medium;
mod vfs;

#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use satchel_core::chance::Chance;

pub use loss::{Arrived, Loss};
use loss::{SECTORS, left};
pub use medium::Failure;
use medium::{Contents, Medium};
use vfs::Registered;

/// A disk. Clones are the same disk; when the last one goes, its VFS goes.
#[derive(Clone, Debug)]
pub struct Disk(Arc<Registered>);

impl Default for Disk {
    fn default() -> Self {
        Self::new()
    }
}

impl Disk {
    /// An empty disk.
    pub fn new() -> Self {
        Self::holding(Contents::default())
    }

    fn holding(contents: Contents) -> Self {
        let medium = Arc::new(Mutex::new(Medium::holding(contents)));
        Self(Arc::new(Registered::register(medium)))
    }

    fn medium(&self) -> MutexGuard<'_, Medium> {
        locked(&self.0.medium)
    }

    /// How many syncs were asked for so far, of files and of names. What is acknowledged now must
    /// survive a loss of power at this sync and at every later one.
    pub fn syncs(&self) -> usize {
        self.medium().syncs.len()
    }

    /// Bytes of all files, as the operating system shows them.
    pub fn bytes(&self) -> usize {
        let medium = self.medium();
        medium.now.names.values().map(|file| medium.now.size(*file)).sum()
    }

    /// What may be found if the power goes after `syncs` syncs, just before the next one: with
    /// nothing and with all of what was not synced, then `rounds` times some of it, and `rounds`
    /// times each torn at sectors of 512 and of 4096 bytes. When all was synced there is only one.
    /// The chance decides which bytes of a given history arrive; a vault's keys are not drawn from
    /// it.
    pub fn states_after_power_loss<'a>(
        &self,
        syncs: usize,
        rounds: usize,
        chance: &'a mut Chance,
    ) -> impl Iterator<Item = (Loss, Disk)> + use<'a> {
        let medium = self.medium();
        let (durable, pending) = medium.at(syncs);
        let pending: Vec<_> = pending.into_iter().cloned().collect();
        let mut kinds = vec![Arrived::Nothing];
        if !pending.is_empty() {
            kinds.push(Arrived::Everything);
            for _ in 0..rounds {
                kinds.push(Arrived::Some);
                kinds.extend(SECTORS.map(Arrived::Torn));
            }
        }
        kinds.into_iter().map(move |arrived| {
            let found = left(&durable, &pending, arrived, chance);
            (Loss { syncs, arrived, pending: pending.len() }, Self::holding(found))
        })
    }

    /// The power goes now; how much arrives is drawn too.
    pub fn lose_power(&self, chance: &mut Chance) -> (Loss, Disk) {
        let kinds = [
            Arrived::Nothing,
            Arrived::Everything,
            Arrived::Some,
            Arrived::Some,
            Arrived::Torn(512),
            Arrived::Torn(4096),
        ];
        let drawn = usize::try_from(chance.below(kinds.len() as u64)).unwrap_or(0);
        let arrived = kinds.get(drawn).copied().unwrap_or(Arrived::Nothing);
        let found = {
            let medium = self.medium();
            let syncs = medium.syncs.len();
            let (durable, pending) = medium.at(syncs);
            let pending: Vec<_> = pending.into_iter().cloned().collect();
            let found = left(&durable, &pending, arrived, chance);
            (Loss { syncs, arrived, pending: pending.len() }, found)
        };
        self.unplug();
        (found.0, Self::holding(found.1))
    }

    /// The program is killed, and the machine runs on: everything that was written is there.
    pub fn crash(&self) -> Disk {
        let found = self.medium().now.clone().reachable();
        self.unplug();
        Self::holding(found)
    }

    /// From here on every call fails: whoever still has it open changes nothing any more.
    pub fn unplug(&self) {
        self.medium().unplug();
    }

    /// The drive says that it flushed, and did not: a control that a check over it must not pass.
    pub fn ignore_flushes(&self, ignores: bool) {
        self.medium().set_ignores_flushes(ignores);
    }

    /// Has it fail once it has done `after` more of what will fail.
    pub fn fail(&self, failure: Failure, after: u64) {
        self.medium().plan(Some((failure, after)));
    }

    /// Calls off what [`Disk::fail`] planned.
    pub fn mend(&self) {
        self.medium().plan(None);
    }
}

fn locked(medium: &Mutex<Medium>) -> MutexGuard<'_, Medium> {
    medium.lock().unwrap_or_else(PoisonError::into_inner)
}
