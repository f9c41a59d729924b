//! The disk: a real store behind a port on which the power can fail before and after each commit,
//! and beside it what the logs replay to.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use satchel_core::account::{Account, Connection};
use satchel_core::audit::{AuditLog, Noted};
use satchel_core::clock::UnixMs;
use satchel_core::delivery::{Correction, Event, Recorded, Submission};
use satchel_core::ids::{AccountId, ConnectionId, DraftId, PhotoId, SubmissionId};
use satchel_core::onboarding::{Answers, Draft};
use satchel_core::photo::Rendition;
use satchel_core::store::{
    NewPhoto, Sealing, Store, StoreFault, Stored, StoredSubmission, SubmissionIndex, Tombstone,
};

use crate::class::Class;
use crate::dice::Dice;
use crate::http::canary;
use crate::keep::{Kind, Ledger};
use crate::medium::{Copy, Medium};

/// One in so many writes is the last one before the power fails, beside those that must be.
const CRASHES: u64 = 700;

/// A broken promise, in words.
pub type Broken = String;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Provider {
    WePay,
    Winter,
}

impl Provider {
    pub const ALL: [Provider; 2] = [Provider::WePay, Provider::Winter];

    pub fn name(self) -> &'static str {
        match self {
            Self::WePay => "wepay",
            Self::Winter => "winter",
        }
    }
}

/// Whose account it is: a provider and a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    pub provider: Provider,
    pub account: usize,
}

/// A submission as its log tells it.
#[derive(Clone)]
pub struct Row {
    pub id: SubmissionId,
    pub owner: Owner,
    /// What the log replays to.
    pub stands: Submission,
    pub index: SubmissionIndex,
    /// How many times the answers were mended: each time they are another text.
    pub followed: bool,
    pub entries: usize,
}

/// What the next answer of an attempt must be called.
#[derive(Clone, Copy, Debug)]
pub struct Expected {
    pub row: usize,
    pub class: Class,
}

/// When the power fails by itself.
struct Power {
    dice: Dice,
    /// Writes for each provider so far, and the one before or after which it must fail once.
    points: [u64; 2],
    forced: [u64; 2],
    pub crashed: [u64; 2],
    may_fail: bool,
    /// So much time has passed that what must happen once is made to.
    overdue: bool,
}

pub struct Disk {
    medium: Medium,
    owners: BTreeMap<AccountId, Owner>,
    pub rows: Vec<Row>,
    pub broken: Option<Broken>,
    /// The power failed: nothing is written or read until the next start.
    pub is_dead: bool,
    /// Every call is refused until then.
    pub refuses: bool,
    pub expected: Option<Expected>,
    /// Submissions that changed since the judge last looked.
    pub touched: Vec<usize>,
    /// What the program's person last made durable there, by submission.
    pub versions: BTreeMap<usize, u32>,
    power: Power,
    pub ledger: Ledger,
}

/// The port that the program gets.
#[derive(Clone)]
pub struct Port(Arc<Mutex<Disk>>);

impl Port {
    pub fn new(disk: Disk) -> Self {
        Self(Arc::new(Mutex::new(disk)))
    }

    pub fn disk(&self) -> MutexGuard<'_, Disk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn off<T>() -> Stored<T> {
    Err(StoreFault::Failed("off".to_owned()))
}

/// The number at the beginning of the address.
fn version_of(answers: &Answers) -> u32 {
    let first = answers.text("owner.address.address1").split(' ').next();
    first.and_then(|word| word.parse().ok()).unwrap_or(0)
}

impl Disk {
    pub fn new(medium: Medium, mut dice: Dice, ledger: Ledger) -> Self {
        let forced = [(); 2].map(|()| match dice.percent(50) {
            true => dice.between(1, 3),
            false => dice.between(1, 16),
        });
        Self {
            medium,
            owners: BTreeMap::new(),
            rows: Vec::new(),
            broken: None,
            is_dead: false,
            refuses: false,
            expected: None,
            touched: Vec::new(),
            versions: BTreeMap::new(),
            power: Power {
                dice,
                points: [0; 2],
                forced,
                crashed: [0; 2],
                may_fail: false,
                overdue: false,
            },
            ledger,
        }
    }

    pub fn owns(&mut self, account: AccountId, owner: Owner) {
        self.owners.insert(account, owner);
    }

    /// From now on, or no longer.
    pub fn let_power_fail(&mut self, may: bool) {
        self.power.may_fail = may;
    }

    /// What must happen once is made to from now on.
    pub fn hurry(&mut self) {
        self.power.overdue = true;
    }

    /// Whether the power failed at least once while this provider's submissions were written.
    pub fn has_crashed(&self, provider: Provider) -> bool {
        self.power.crashed[provider as usize] > 0
    }

    pub fn row(&self, id: &SubmissionId) -> Option<usize> {
        self.rows.iter().position(|row| row.id == *id)
    }

    /// Whether this provider has one submission alone.
    pub fn is_alone(&self, provider: Provider) -> bool {
        self.rows.iter().filter(|row| row.owner.provider == provider).count() == 1
    }

    pub fn breaks(&mut self, why: Broken) {
        self.broken.get_or_insert(why);
    }

    /// A place where the power may fail.
    fn fails_here(&mut self, provider: Option<Provider>) -> bool {
        let Some(provider) = provider.filter(|_| self.power.may_fail) else { return false };
        let at = provider as usize;
        self.power.points[at] += 1;
        let owed = self.power.overdue && self.power.crashed[at] == 0;
        let forced = owed || self.power.points[at] == self.power.forced[at];
        let fails = forced || self.power.dice.below(CRASHES) == 0;
        if !fails || !self.ledger.next(Kind::Crash) {
            return false;
        }
        self.power.crashed[at] += 1;
        self.is_dead = true;
        true
    }

    /// Nothing is written or read any more.
    pub fn dies(&mut self) {
        self.is_dead = true;
    }

    /// A crash that comes between two writes hits whoever has something here.
    pub fn hits_everybody(&mut self) {
        for row in &self.rows {
            self.power.crashed[row.owner.provider as usize] += 1;
        }
    }

    /// The machine has power again. What was durable is read back.
    pub fn revive(&mut self, copy: Option<Copy>, power_went: bool) {
        self.medium.revive(copy, power_went);
        self.is_dead = false;
        self.refuses = false;
        self.expected = None;
    }

    pub fn copy(&mut self) -> Option<Copy> {
        if self.is_dead { None } else { Some(self.medium.copy()) }
    }

    /// The store itself, to set it up and to look into it.
    pub fn store(&mut self) -> &mut dyn Store {
        self.medium.store()
    }

    fn reads<T>(&mut self, read: impl FnOnce(&mut dyn Store) -> Stored<T>) -> Stored<T> {
        if self.is_dead || self.refuses { off() } else { read(self.medium.store()) }
    }

    fn writes<T>(
        &mut self,
        provider: Option<Provider>,
        write: impl FnOnce(&mut dyn Store) -> Stored<T>,
    ) -> Stored<T> {
        if self.is_dead {
            return off();
        }
        if self.refuses {
            return Err(StoreFault::DiskFull);
        }
        if self.fails_here(provider) {
            return off();
        }
        let written = write(self.medium.store());
        self.fail_after(written, provider)
    }

    fn fail_after<T>(&mut self, written: Stored<T>, provider: Option<Provider>) -> Stored<T> {
        if written.is_ok() && self.fails_here(provider) { off() } else { written }
    }

    fn provider_of(&self, id: &SubmissionId) -> Option<Provider> {
        self.row(id).map(|n| self.rows[n].owner.provider)
    }

    fn seal(&mut self, sealing: &Sealing<'_>) -> Stored<()> {
        let owner = self.owners.get(&sealing.record.account).copied();
        self.writes(None, |store| store.seal(sealing))?;
        let record = sealing.record;
        if let Some(owner) = owner {
            let stands =
                Submission::replay(record.id.clone(), record.account.clone(), sealing.log).unwrap();
            let (index, id) = (sealing.index.clone(), record.id.clone());
            let entries = sealing.log.len();
            self.rows.push(Row { id, owner, stands, index, followed: false, entries });
            self.versions.insert(self.rows.len() - 1, version_of(sealing.details));
        }
        Ok(())
    }

    /// Appends by `append`, which may write something else in the same transaction.
    fn appends(
        &mut self,
        id: &SubmissionId,
        entry: &Recorded,
        index: &SubmissionIndex,
        append: impl FnOnce(&mut dyn Store) -> Stored<()>,
    ) -> Stored<()> {
        let provider = self.provider_of(id);
        if self.is_dead || self.refuses {
            return self.writes(provider, append);
        }
        if self.fails_here(provider) {
            return off();
        }
        let written = append(self.medium.store());
        match &written {
            Ok(()) => self.appended(id, entry, index),
            Err(fault) => self.breaks(format!("the store refuses an entry: {fault}: {entry:?}")),
        }
        self.fail_after(written, provider)
    }

    /// Holds an entry against the log before it, its index, and what the world knows.
    fn appended(&mut self, id: &SubmissionId, entry: &Recorded, index: &SubmissionIndex) {
        let Some(n) = self.row(id) else { return };
        let row = &mut self.rows[n];
        row.entries += 1;
        if let Err(fault) = row.stands.after(entry) {
            return self.breaks(format!("#{n}: the log refuses an entry: {fault}"));
        }
        row.index = index.clone();
        row.followed |= entry.event == Event::Corrected { correction: Correction::Follow };
        self.touched.push(n);
        if self.rows[n].stands.index() != *index {
            self.breaks(format!("#{n}: the index does not mirror the log"));
        }
        let columns = [index.state.as_str(), index.open_step.as_deref().unwrap_or_default()];
        if columns.iter().any(|column| canary(column).is_some()) {
            self.breaks(format!("#{n}: personal data in an index column: {columns:?}"));
        }
        self.holds_against_table(n, &entry.event);
    }

    fn holds_against_table(&mut self, n: usize, event: &Event) {
        let Some(Expected { row, class }) = self.expected else { return };
        if row != n {
            return;
        }
        let told = match event {
            Event::Answered { outcome, .. } => Class::of(outcome),
            Event::StatusSeen { .. } if class.tells() => return,
            Event::StatusSeen { .. } => Class::Done,
            Event::Sealed { .. }
            | Event::AttemptStarted { .. }
            | Event::Restarted
            | Event::Restored
            | Event::PhotosAdded { .. }
            | Event::PhotoLightened { .. }
            | Event::Corrected { .. }
            | Event::Released
            | Event::Revealed
            | Event::Exported { .. }
            | Event::Withdrawn
            | Event::PhotosForgotten
            | Event::Purged => return,
        };
        self.expected = None;
        if told != class {
            self.breaks(format!("#{n}: an answer is {told:?} and must be {class:?}"));
        }
    }

    /// After a start: what is stored is what was acknowledged, and replays to the same state.
    pub fn is_as_acknowledged(&mut self) -> Result<(), Broken> {
        let stored = self.medium.store().submissions().map_err(|fault| format!("{fault}"))?;
        if stored.len() != self.rows.len() {
            let (there, sealed) = (stored.len(), self.rows.len());
            return Err(format!("{there} of {sealed} sealed submissions are there"));
        }
        for StoredSubmission { record, index, log } in stored {
            let n = self.row(&record.id).ok_or("an unknown submission is there")?;
            let log = log.map_err(|fault| format!("#{n}: {fault}"))?;
            let replayed = Submission::replay(record.id, record.account, &log)
                .map_err(|fault| format!("#{n}: the log does not replay: {fault}"))?;
            let row = &self.rows[n];
            if replayed != row.stands || index != row.index {
                return Err(format!("#{n}: the log replays to another state"));
            }
        }
        Ok(())
    }

    /// What was put back from a copy is what counts from now on.
    pub fn takes_for_granted(&mut self) -> Result<(), Broken> {
        let stored = self.medium.store().submissions().map_err(|fault| format!("{fault}"))?;
        let (mut rows, mut versions) = (Vec::new(), BTreeMap::new());
        for StoredSubmission { record, index, log } in stored {
            let owner = self.owners.get(&record.account).copied().ok_or("an unknown account")?;
            let log = log.map_err(|fault| format!("{fault}"))?;
            let details = self.medium.store().details(&record.id).map_err(|f| f.to_string())?;
            let follow = Event::Corrected { correction: Correction::Follow };
            let followed = log.iter().any(|entry| entry.event == follow);
            let id = record.id.clone();
            let stands = Submission::replay(record.id, record.account, &log)
                .map_err(|fault| format!("a copy does not replay: {fault}"))?;
            versions.insert(rows.len(), version_of(&details));
            let entries = log.len();
            rows.push(Row { id, owner, stands, index, followed, entries });
        }
        let lost = self.rows.iter().any(|row| rows.iter().all(|there| there.id != row.id));
        (self.rows, self.versions) = (rows, versions);
        if lost { Err("a sealed submission is not in the copy".to_owned()) } else { Ok(()) }
    }

    /// Every photo that was sealed can be read.
    pub fn photos_are_there(&mut self) -> Result<(), Broken> {
        for n in 0..self.rows.len() {
            for photo in self.rows[n].stands.photos() {
                let bytes = self.medium.store().photo(&photo.record.id, Rendition::Upload);
                if bytes.as_deref().ok() != Some(photo.record.id.as_str().as_bytes()) {
                    return Err(format!("#{n}: a sealed photo is lost"));
                }
            }
        }
        Ok(())
    }
}

impl Store for Port {
    fn connections(&self) -> Stored<Vec<Connection>> {
        self.disk().reads(|store| store.connections())
    }

    fn put_connection(&mut self, connection: &Connection) -> Stored<()> {
        self.disk().writes(None, |store| store.put_connection(connection))
    }

    fn remove_connection(&mut self, id: &ConnectionId) -> Stored<()> {
        self.disk().writes(None, |store| store.remove_connection(id))
    }

    fn accounts(&self) -> Stored<Vec<Account>> {
        self.disk().reads(|store| store.accounts())
    }

    fn put_accounts(&mut self, accounts: &[Account]) -> Stored<()> {
        self.disk().writes(None, |store| store.put_accounts(accounts))
    }

    fn drafts(&self) -> Stored<Vec<Draft>> {
        self.disk().reads(|store| store.drafts())
    }

    fn put_draft(&mut self, draft: &Draft) -> Stored<()> {
        let mut disk = self.disk();
        let provider = disk.owners.get(&draft.account).map(|owner| owner.provider);
        disk.writes(provider, |store| store.put_draft(draft))
    }

    fn remove_draft(&mut self, id: &DraftId) -> Stored<()> {
        self.disk().writes(None, |store| store.remove_draft(id))
    }

    fn put_photo(&mut self, id: &PhotoId, renditions: &[(Rendition, &[u8])]) -> Stored<()> {
        self.disk().writes(None, |store| store.put_photo(id, renditions))
    }

    fn put_photos(&mut self, photos: &[NewPhoto]) -> Stored<()> {
        self.disk().writes(None, |store| store.put_photos(photos))
    }

    fn photo(&self, id: &PhotoId, rendition: Rendition) -> Stored<Vec<u8>> {
        self.disk().reads(|store| store.photo(id, rendition))
    }

    fn remove_photo(&mut self, id: &PhotoId) -> Stored<()> {
        self.disk().writes(None, |store| store.remove_photo(id))
    }

    fn sweep_photos(&mut self, named: &[PhotoId]) -> Stored<usize> {
        self.disk().writes(None, |store| store.sweep_photos(named))
    }

    fn seal(&mut self, sealing: &Sealing<'_>) -> Stored<()> {
        self.disk().seal(sealing)
    }

    fn submissions(&self) -> Stored<Vec<StoredSubmission>> {
        self.disk().reads(|store| store.submissions())
    }

    fn append(
        &mut self,
        id: &SubmissionId,
        entry: &Recorded,
        index: &SubmissionIndex,
    ) -> Stored<()> {
        self.disk().appends(id, entry, index, |store| store.append(id, entry, index))
    }

    fn purge(&mut self, id: &SubmissionId, tombstone: &Tombstone) -> Stored<()> {
        self.disk().writes(None, |store| store.purge(id, tombstone))
    }

    fn shred(&mut self) -> Stored<()> {
        self.disk().writes(None, |store| store.shred())
    }

    fn note_asked(&mut self, id: &SubmissionId, asked_ms: UnixMs) -> Stored<()> {
        let mut disk = self.disk();
        let provider = disk.provider_of(id);
        disk.writes(provider, |store| store.note_asked(id, asked_ms))
    }

    fn asked_ms(&self, id: &SubmissionId) -> Stored<Option<UnixMs>> {
        self.disk().reads(|store| store.asked_ms(id))
    }

    fn details(&self, id: &SubmissionId) -> Stored<Answers> {
        self.disk().reads(|store| store.details(id))
    }

    fn national(&self, id: &SubmissionId) -> Stored<Answers> {
        self.disk().reads(|store| store.national(id))
    }

    fn append_mended(
        &mut self,
        id: &SubmissionId,
        entry: &Recorded,
        index: &SubmissionIndex,
        details: &Answers,
        national: &Answers,
    ) -> Stored<()> {
        let mut disk = self.disk();
        let length = |disk: &Disk| disk.row(id).map(|n| (n, disk.rows[n].entries));
        let before = length(&disk);
        let result = disk.appends(id, entry, index, |store| {
            store.append_mended(id, entry, index, details, national)
        });
        // The power may have failed after it became durable.
        let after = length(&disk);
        if let Some((n, _)) = after.filter(|_| after != before) {
            disk.versions.insert(n, version_of(details));
        }
        result
    }

    fn audit(&mut self, noted: &Noted) -> Stored<()> {
        self.disk().writes(None, |store| store.audit(noted))
    }

    fn audit_log(&self) -> Stored<AuditLog> {
        self.disk().reads(|store| store.audit_log())
    }

    fn setting(&self, key: &str) -> Stored<Option<String>> {
        self.disk().reads(|store| store.setting(key))
    }

    fn put_setting(&mut self, key: &str, value: &str) -> Stored<()> {
        self.disk().writes(None, |store| store.put_setting(key, value))
    }

    fn bytes_on_disk(&self) -> Stored<u64> {
        self.disk().reads(|store| store.bytes_on_disk())
    }
}
