//! Everything the sandbox knows, and how time passes in it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::clock::{Clock, rfc3339, wall_ms};
use crate::faults::Faults;
use crate::journal::{Effect, Journal, JournalEntry, Provider};
use crate::options::{Options, StartError, Switches};
use crate::policy::WINDOW_MS;
use crate::state::{KycDraft, Owner, StoredFile, WepayAccount, WinterAccount};
use crate::store::{Change, Photos, Store};
use crate::wire::{Call, Reply};
use crate::{digest, review, seed, wepay, winter};

/// What is kept beside the accounts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Meta {
    pub(crate) next_id: i64,
    pub(crate) clock_offset_ms: i64,
    pub(crate) admin_token: String,
    pub(crate) tokens: BTreeMap<String, Token>,
}

/// A WePay access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Token {
    pub(crate) owner: Owner,
    pub(crate) revoked: bool,
}

/// What rings when its time has come.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Timer {
    FileExpires(i64),
    WepayReview(i64),
    WinterReview(String),
    LateCall(u64),
}

/// The providers, the network's faults and the clock.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) clock: Clock,
    /// The time of what is being handled, which is not later than the clock's.
    pub(crate) now_ms: i64,
    pub(crate) switches: Switches,
    pub(crate) faults: Faults,
    pub(crate) journal: Journal,
    pub(crate) meta: Meta,
    pub(crate) photos: Photos,
    pub(crate) throttled: VecDeque<i64>,
    wepay: BTreeMap<i64, WepayAccount>,
    drafts: BTreeMap<i64, KycDraft>,
    files: BTreeMap<i64, StoredFile>,
    winter: BTreeMap<String, WinterAccount>,
    timers: BTreeSet<(i64, Timer)>,
    late: BTreeMap<u64, Call>,
    late_count: u64,
    changed: Changed,
    store: Option<Store>,
}

#[derive(Debug, Default)]
struct Changed {
    meta: bool,
    wepay: BTreeSet<i64>,
    drafts: BTreeSet<i64>,
    files: BTreeSet<i64>,
    winter: BTreeSet<String>,
}

impl World {
    /// Opens the world that the options name, or makes a new one with its test accounts.
    pub(crate) fn open(options: &Options) -> Result<World, StartError> {
        let (store, changes) = match &options.data {
            Some(folder) => {
                let (store, changes) = Store::open(folder)?;
                (Some(store), changes)
            }
            None => (None, Vec::new()),
        };
        let journal_path = match (&options.journal, &options.data) {
            (Some(path), _) => Some(path.clone()),
            (None, Some(folder)) => Some(folder.join("journal.jsonl")),
            (None, None) => None,
        };
        let is_new = changes.is_empty();
        let offset_ms =
            changes.iter().rev().find_map(|c| c.meta.as_ref()).map_or(0, |m| m.clock_offset_ms);
        let clock = match options.frozen_at_ms {
            Some(at_ms) => Clock::frozen(at_ms),
            None => Clock::running(offset_ms),
        };
        let mut world = World {
            now_ms: clock.now_ms(),
            clock,
            switches: options.switches.clone(),
            faults: Faults::new(options.faults.clone()),
            journal: Journal::open(journal_path.as_deref())?,
            meta: new_meta()?,
            photos: Photos::open(options.data.as_deref())?,
            throttled: VecDeque::new(),
            wepay: BTreeMap::new(),
            drafts: BTreeMap::new(),
            files: BTreeMap::new(),
            winter: BTreeMap::new(),
            timers: BTreeSet::new(),
            late: BTreeMap::new(),
            late_count: 0,
            changed: Changed { meta: true, ..Changed::default() },
            store,
        };
        changes.into_iter().for_each(|change| world.restore(change));
        if is_new {
            seed::accounts(&mut world);
        }
        seed::extra_accounts(&mut world, options.extra_accounts);
        let fault = |error| StartError::Data(options.data.clone().unwrap_or_default(), error);
        world.commit().and_then(|()| world.compact()).map_err(fault)?;
        world.arm_timers();
        Ok(world)
    }

    fn restore(&mut self, change: Change) {
        if let Some(meta) = change.meta {
            self.meta = meta;
        }
        self.wepay.extend(change.wepay.into_iter().map(|account| (account.id, account)));
        self.drafts.extend(change.drafts.into_iter().map(|draft| (draft.kyc_id, draft)));
        self.files.extend(change.files.into_iter().map(|file| (file.file_id, file)));
        self.winter.extend(change.winter.into_iter().map(|a| (a.id.clone(), a)));
        for entry in change.journal {
            if entry.seq > self.journal.last_seq() {
                self.journal.push(entry);
            }
        }
    }

    fn arm_timers(&mut self) {
        let waiting = self.files.values().filter(|f| f.attached.is_none() && !f.expired);
        self.timers.extend(waiting.map(expiry_of));
        let reviews = self.wepay.values().filter_map(|a| Some((a.review?.0, a.id)));
        self.timers.extend(reviews.map(|(due, id)| (due, Timer::WepayReview(id))));
        let reviews = self.winter.values().filter_map(|a| Some((a.review_at_ms?, a.id.clone())));
        self.timers.extend(reviews.map(|(due, id)| (due, Timer::WinterReview(id))));
    }

    /// Lets everything happen that is due by now.
    pub(crate) fn settle(&mut self) {
        let now_ms = self.clock.now_ms();
        while let Some((due_ms, _)) = self.timers.first() {
            if *due_ms > now_ms {
                break;
            }
            if let Some((due_ms, timer)) = self.timers.pop_first() {
                self.now_ms = self.now_ms.max(due_ms);
                self.ring(due_ms, timer);
            }
        }
        self.now_ms = self.now_ms.max(now_ms);
    }

    fn ring(&mut self, due_ms: i64, timer: Timer) {
        match timer {
            Timer::FileExpires(file_id) => wepay::expire_file(self, file_id),
            Timer::WepayReview(id) => review::wepay_due(self, id, due_ms),
            Timer::WinterReview(id) => review::winter_due(self, &id, due_ms),
            Timer::LateCall(number) => {
                if let Some(call) = self.late.remove(&number) {
                    self.answer(&call);
                }
            }
        }
    }

    /// When something will happen by itself, in sandbox time.
    pub(crate) fn next_due_ms(&self) -> Option<i64> {
        self.timers.first().map(|(due_ms, _)| *due_ms)
    }

    /// Has the provider that the path names handle a call.
    pub(crate) fn answer(&mut self, call: &Call) -> Reply {
        match provider_of(&call.path) {
            Some(Provider::Wepay) => wepay::answer(self, call),
            Some(Provider::Winter) => winter::answer(self, call),
            None => Reply::json(404, &json!({"error": "there is no such page"})),
        }
    }

    /// Holds a call back as a slow network does.
    pub(crate) fn deliver_late(&mut self, call: Call, delay_ms: u32) {
        self.late_count += 1;
        self.late.insert(self.late_count, call);
        let due_ms = self.now_ms.saturating_add(i64::from(delay_ms));
        self.timers.insert((due_ms, Timer::LateCall(self.late_count)));
    }

    /// Moves the clock and lets happen what became due.
    pub(crate) fn advance(&mut self, by_ms: u32) {
        self.clock.advance(by_ms);
        self.changed.meta = true;
        self.settle();
    }

    /// Appends an entry to the journal.
    pub(crate) fn record(&mut self, entry: JournalEntry) {
        let seq = self.journal.last_seq() + 1;
        let at = rfc3339(self.now_ms);
        let entry = JournalEntry { seq, at_ms: self.now_ms, at, wall_ms: wall_ms(), ..entry };
        self.journal.push(entry);
    }

    /// Makes all that changed durable; nothing is answered before.
    pub(crate) fn commit(&mut self) -> io::Result<()> {
        let changed = std::mem::take(&mut self.changed);
        let journal = self.journal.unwritten().to_vec();
        if changed.is_empty() && journal.is_empty() {
            return Ok(());
        }
        self.meta.clock_offset_ms = self.clock.offset_ms();
        if let Some(store) = &mut self.store {
            let of = |ids: &BTreeSet<i64>| ids.iter().copied().collect::<Vec<_>>();
            store.append(&Change {
                meta: changed.meta.then(|| self.meta.clone()),
                wepay: pick(&self.wepay, of(&changed.wepay)),
                drafts: pick(&self.drafts, of(&changed.drafts)),
                files: pick(&self.files, of(&changed.files)),
                winter: pick(&self.winter, changed.winter.into_iter().collect()),
                journal,
            })?;
        }
        self.journal.flush()
    }

    fn compact(&mut self) -> io::Result<()> {
        let all = Change {
            meta: Some(self.meta.clone()),
            wepay: self.wepay.values().cloned().collect(),
            drafts: self.drafts.values().cloned().collect(),
            files: self.files.values().cloned().collect(),
            winter: self.winter.values().cloned().collect(),
            journal: Vec::new(),
        };
        self.store.as_mut().map_or(Ok(()), |store| store.compact(&all))
    }

    /// A new id, larger than 32 bits can hold, as 64-bit ids may be.
    pub(crate) fn new_id(&mut self) -> i64 {
        self.meta.next_id += 1;
        self.changed.meta = true;
        self.meta.next_id
    }

    pub(crate) fn set_token(&mut self, token: String, to: Token) {
        self.meta.tokens.insert(token, to);
        self.changed.meta = true;
    }
}

/// Access to what is kept; a `_mut` borrow marks the thing as changed.
impl World {
    pub(crate) fn wepay_accounts(&self) -> impl Iterator<Item = &WepayAccount> {
        self.wepay.values()
    }

    pub(crate) fn wepay_account(&self, id: i64) -> Option<&WepayAccount> {
        self.wepay.get(&id)
    }

    pub(crate) fn wepay_account_mut(&mut self, id: i64) -> Option<&mut WepayAccount> {
        self.changed.wepay.insert(id);
        self.wepay.get_mut(&id)
    }

    pub(crate) fn add_wepay_account(&mut self, account: WepayAccount) {
        let id = account.id;
        let entry = JournalEntry::of(Provider::Wepay, id.to_string(), Effect::AccountCreated);
        self.record(entry);
        self.changed.wepay.insert(id);
        self.wepay.insert(id, account);
    }

    pub(crate) fn schedule_wepay_review(&mut self, id: i64, next: crate::state::NextReview) {
        let due_ms = self.now_ms + i64::from(self.switches.review_delay_ms);
        if let Some(account) = self.wepay_account_mut(id) {
            account.review = Some((due_ms, next));
            self.timers.insert((due_ms, Timer::WepayReview(id)));
        }
    }

    pub(crate) fn drafts_of(&self, account_id: i64) -> impl Iterator<Item = &KycDraft> {
        self.drafts.values().filter(move |draft| draft.account_id == account_id)
    }

    pub(crate) fn draft(&self, kyc_id: i64) -> Option<&KycDraft> {
        self.drafts.get(&kyc_id)
    }

    pub(crate) fn draft_mut(&mut self, kyc_id: i64) -> Option<&mut KycDraft> {
        self.changed.drafts.insert(kyc_id);
        self.drafts.get_mut(&kyc_id)
    }

    pub(crate) fn add_draft(&mut self, draft: KycDraft) {
        self.changed.drafts.insert(draft.kyc_id);
        self.drafts.insert(draft.kyc_id, draft);
    }

    /// The files of an account in the order of their upload.
    pub(crate) fn files_of(&self, account_id: i64) -> impl Iterator<Item = &StoredFile> {
        self.files.values().filter(move |file| file.account_id == account_id)
    }

    pub(crate) fn file(&self, file_id: i64) -> Option<&StoredFile> {
        self.files.get(&file_id)
    }

    pub(crate) fn file_mut(&mut self, file_id: i64) -> Option<&mut StoredFile> {
        self.changed.files.insert(file_id);
        self.files.get_mut(&file_id)
    }

    pub(crate) fn add_file(&mut self, file: StoredFile) {
        self.timers.insert(expiry_of(&file));
        self.changed.files.insert(file.file_id);
        self.files.insert(file.file_id, file);
    }

    pub(crate) fn winter_accounts(&self) -> impl Iterator<Item = &WinterAccount> {
        self.winter.values()
    }

    pub(crate) fn winter_account(&self, id: &str) -> Option<&WinterAccount> {
        self.winter.get(id)
    }

    pub(crate) fn winter_account_mut(&mut self, id: &str) -> Option<&mut WinterAccount> {
        self.changed.winter.insert(id.to_owned());
        self.winter.get_mut(id)
    }

    pub(crate) fn add_winter_account(&mut self, account: WinterAccount) {
        let entry = JournalEntry::of(Provider::Winter, account.id.clone(), Effect::AccountCreated);
        self.record(entry);
        self.changed.winter.insert(account.id.clone());
        self.winter.insert(account.id.clone(), account);
    }

    pub(crate) fn schedule_winter_review(&mut self, id: &str) {
        let due_ms = self.now_ms + i64::from(self.switches.review_delay_ms);
        if let Some(account) = self.winter_account_mut(id) {
            account.review_at_ms = Some(due_ms);
            self.timers.insert((due_ms, Timer::WinterReview(id.to_owned())));
        }
    }
}

impl Changed {
    fn is_empty(&self) -> bool {
        let no_ids = |ids: &BTreeSet<i64>| ids.is_empty();
        let none = [&self.wepay, &self.drafts, &self.files].into_iter().all(no_ids);
        !self.meta && none && self.winter.is_empty()
    }
}

/// The provider whose API a path belongs to.
pub(crate) fn provider_of(path: &str) -> Option<Provider> {
    match path.trim_start_matches('/').split('/').next() {
        Some("v2") => Some(Provider::Wepay),
        Some("v1") => Some(Provider::Winter),
        Some(_) | None => None,
    }
}

fn expiry_of(file: &StoredFile) -> (i64, Timer) {
    (file.uploaded_ms + WINDOW_MS + 1, Timer::FileExpires(file.file_id))
}

fn pick<K: Ord, V: Clone>(from: &BTreeMap<K, V>, keys: Vec<K>) -> Vec<V> {
    keys.iter().filter_map(|key| from.get(key)).cloned().collect()
}

fn new_meta() -> Result<Meta, StartError> {
    let token = |owner, revoked| Token { owner, revoked };
    Ok(Meta {
        next_id: 7_300_000_000,
        clock_offset_ms: 0,
        admin_token: digest::random_hex().map_err(StartError::Chance)?,
        tokens: BTreeMap::from([
            (seed::access_token(), token(Owner::Ours, false)),
            (seed::revoked_token(), token(Owner::Ours, true)),
            (seed::foreign_token(), token(Owner::Foreign, false)),
        ]),
    })
}
