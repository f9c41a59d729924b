//! What is open while the vault is open: the store, the engine, and what they hold.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};

use satchel_core::account::{Account, Connection};
use satchel_core::chance::Chance;
use satchel_core::clock::{Moment, UnixMs};
use satchel_core::delivery::{
    Effect, EngineEvent, Event, Mutation, Outcome, Recorded, Submission, SubmissionState,
    SyncEngine, planted,
};
use satchel_core::ids::{AccountId, ConnectionId, DraftId, SubmissionId};
use satchel_core::onboarding::{Answers, Draft};
use satchel_core::provider::Provider;
use satchel_core::store::{Store, StoreFault, StoredSubmission, SubmissionIndex, SubmissionRecord};

use crate::api::{ApiError, ChangedView};
use crate::fail_point::{self, FailPoint};
use crate::forget::{self, Forgetting};
use crate::in_hand::InHand;
use crate::lighten::LighterSet;
use crate::outgoing::{Heard, Outgoing};
use crate::sweep;
use crate::view::Listed;

/// How long the engine rests after the store refused, in milliseconds.
const STALL_MS: u64 = 5_000;

/// Set to `yes` in a store that was restored from a copy, until every log says so.
pub(crate) const RESTORED: &str = "restored";

/// An open vault with everything in it that is worked on.
pub struct Session {
    pub(crate) store: Box<dyn Store>,
    pub(crate) engine: SyncEngine,
    pub(crate) connections: Vec<Connection>,
    pub(crate) accounts: BTreeMap<AccountId, Account>,
    pub(crate) drafts: BTreeMap<DraftId, Draft>,
    pub(crate) in_hand: Option<InHand>,
    /// Whether the draft that is made next is held in memory.
    pub(crate) holds_next: bool,
    pub(crate) submissions: BTreeMap<SubmissionId, Held>,
    pub(crate) chance: Chance,
    pub(crate) operator: String,
    pub(crate) forgetting: Forgetting,
    pub(crate) generation: u64,
    pub(crate) outgoing: Vec<Outgoing>,
    pub(crate) lighter: Vec<LighterSet>,
    pub(crate) mended: Option<Mended>,
    pub(crate) stalled: Option<(StoreFault, u64)>,
    pub(crate) watched: Option<SubmissionId>,
    pub(crate) changed: bool,
    /// The list as it was last sorted; none when something changed since.
    pub(crate) listed: Option<Listed>,
}

/// Answers that a person just mended.
pub(crate) struct Mended {
    pub(crate) details: Answers,
    pub(crate) national: Answers,
}

/// A submission's record and log, as they stand in the store.
pub(crate) struct Held {
    pub(crate) record: SubmissionRecord,
    pub(crate) log: Vec<Recorded>,
    pub(crate) asked_ms: Option<UnixMs>,
    pub(crate) damaged: bool,
}

/// What one turn of the runtime loop came to.
#[derive(Default)]
pub(crate) struct Turn {
    /// Requests that leave now; their intents are on disk.
    pub(crate) outgoing: Vec<Outgoing>,
    /// Photos that are made smaller now, outside the lock.
    pub(crate) lighter: Vec<LighterSet>,
    /// When the next turn is due, in boot time.
    pub(crate) wake_at: Option<u64>,
    /// What the windows are told.
    pub(crate) changed: Option<ChangedView>,
}

impl Session {
    /// Loads everything and lets the engine find out where each submission stands.
    pub(crate) fn open(
        mut store: Box<dyn Store>,
        mut chance: Chance,
        now: Moment,
    ) -> Result<Self, ApiError> {
        let connections = store.connections()?;
        let accounts = store.accounts()?.into_iter().map(|a| (a.id.clone(), a)).collect();
        let drafts: BTreeMap<_, _> =
            store.drafts()?.into_iter().map(|d| (d.id.clone(), d)).collect();
        let stored = store.submissions()?;
        sweep::sweep(store.as_mut(), &drafts, &stored)?;
        let operator = store.setting("operator")?.unwrap_or_default();
        let forgetting = Forgetting::read(store.as_ref())?;
        let engine_chance = Chance::from_seed(seed_from(&mut chance));
        let mut session = Self {
            store,
            engine: SyncEngine::new(engine_chance),
            connections,
            accounts,
            drafts,
            in_hand: None,
            holds_next: false,
            submissions: BTreeMap::new(),
            chance,
            operator,
            forgetting,
            generation: next_generation(),
            outgoing: Vec::new(),
            lighter: Vec::new(),
            mended: None,
            stalled: None,
            watched: None,
            changed: false,
            listed: None,
        };
        session.start_engine(stored, now)?;
        Ok(session)
    }

    fn start_engine(
        &mut self,
        stored: Vec<StoredSubmission>,
        now: Moment,
    ) -> Result<(), StoreFault> {
        let paused = self.store.setting("paused")?.as_deref() == Some("yes");
        let hold = self.store.setting("hold_photos")?.as_deref() == Some("yes");
        self.tell(EngineEvent::Pause(true), now);
        for connection in self.connections.clone() {
            let event = EngineEvent::Connection { id: connection.id, paused: connection.paused };
            self.tell(event, now);
        }
        for submission in stored {
            self.adopt(submission, now)?;
            fail_point::reach(FailPoint::Starting);
        }
        self.note_restored(now)?;
        self.tell(EngineEvent::HoldPhotos(hold), now);
        self.tell(EngineEvent::Pause(paused), now);
        Ok(())
    }

    /// A restored log may lack its newest entries. That stands in every log before anything goes;
    /// a crash on the way begins again.
    fn note_restored(&mut self, now: Moment) -> Result<(), StoreFault> {
        if self.store.setting(RESTORED)?.as_deref() != Some("yes") {
            return Ok(());
        }
        let open: Vec<_> = self.engine.submissions().map(|s| s.id().clone()).collect();
        for submission in open {
            let (event, operator) = (Event::Restored, self.operator.clone());
            self.tell(EngineEvent::Person { submission, event, operator }, now);
        }
        match &self.stalled {
            Some((fault, _)) => Err(fault.clone()),
            None => self.store.put_setting(RESTORED, "no"),
        }
    }

    /// Hands a stored submission to the engine; one whose log does not open is kept and shown.
    fn adopt(&mut self, stored: StoredSubmission, now: Moment) -> Result<(), StoreFault> {
        let StoredSubmission { record, index, log } = stored;
        let asked_ms = self.store.asked_ms(&record.id)?;
        if record.tombstone.is_some() {
            let held = Held { record: record.clone(), log: Vec::new(), asked_ms, damaged: false };
            self.submissions.insert(record.id, held);
            return Ok(());
        }
        let (log, whole) = match log {
            Ok(log) => (log, true),
            Err(_) => (Vec::new(), false),
        };
        let replayed = Submission::replay(record.id.clone(), record.account.clone(), &log)
            .ok()
            .filter(|s| whole && s.index() == index);
        let held = Held { record: record.clone(), log, asked_ms, damaged: replayed.is_none() };
        self.submissions.insert(record.id.clone(), held);
        let connection = self.accounts.get(&record.account).map(|a| a.connection.clone());
        if let (Some(submission), Some(connection)) = (replayed, connection) {
            let submission = Box::new(submission);
            self.tell(EngineEvent::Submission { submission, connection, asked_ms }, now);
        }
        Ok(())
    }

    /// Tells the engine something that it cannot refuse.
    pub(crate) fn tell(&mut self, event: EngineEvent, now: Moment) {
        // Only a person's event can be illegal, and those go through `person`.
        let _ = self.engine.handle(event, now);
        self.drive(now);
    }

    /// Something that a person did to a submission.
    pub(crate) fn person(
        &mut self,
        submission: &SubmissionId,
        event: Event,
        now: Moment,
    ) -> Result<(), ApiError> {
        let operator = self.operator.clone();
        self.act(submission, event, &operator, now)
    }

    /// The same, by whoever it was; nobody is Satchel itself.
    pub(crate) fn act(
        &mut self,
        submission: &SubmissionId,
        event: Event,
        operator: &str,
        now: Moment,
    ) -> Result<(), ApiError> {
        if let Some((fault, _)) = &self.stalled {
            return Err(fault.clone().into());
        }
        let (submission, operator) = (submission.clone(), operator.to_owned());
        let event = EngineEvent::Person { submission, event, operator };
        self.engine.handle(event, now).map_err(|_| ApiError::new("not_possible_now"))?;
        self.drive(now);
        match &self.stalled {
            Some((fault, _)) => Err(fault.clone().into()),
            None => Ok(()),
        }
    }

    /// One turn: what is due is recorded and taken out.
    pub(crate) fn turn(&mut self, now: Moment) -> Turn {
        self.recover(now);
        self.tell(EngineEvent::Tick, now);
        self.forget_in_time(now);
        let changed = self.take_changed().then_some(ChangedView {
            accounts: true,
            network: true,
            app: false,
        });
        Turn {
            outgoing: std::mem::take(&mut self.outgoing),
            lighter: std::mem::take(&mut self.lighter),
            wake_at: self.wake_at(&now),
            changed,
        }
    }

    /// Whether something that is shown changed since the last time.
    pub(crate) fn take_changed(&mut self) -> bool {
        let changed = std::mem::take(&mut self.changed);
        if changed {
            self.listed = None;
        }
        changed
    }

    /// Takes in what became of a request, unless the engine that sent it is gone.
    /// Says whether it took it in.
    pub(crate) fn hear(&mut self, heard: Heard, now: Moment) -> bool {
        let Heard { generation, submission, attempt, outcome, server_ms } = heard;
        let is_ours = generation == self.generation;
        if is_ours {
            self.answer(submission, attempt, outcome, server_ms, now);
        }
        is_ours
    }

    fn answer(
        &mut self,
        submission: SubmissionId,
        attempt: u32,
        outcome: Outcome,
        server_ms: Option<UnixMs>,
        now: Moment,
    ) {
        self.tell(EngineEvent::Answer { submission, attempt, outcome, server_ms }, now);
    }

    /// Executes effects in their order. A record that cannot be kept stops everything behind it.
    fn drive(&mut self, now: Moment) {
        while self.stalled.is_none()
            && let Some(effect) = self.engine.poll_effect()
        {
            match effect {
                Effect::Record { submission, entry, index } => {
                    fail_point::recording(&entry.event);
                    match self.append(&submission, &entry, &index) {
                        Ok(()) => {
                            fail_point::recorded(&entry.event);
                            self.keep(&submission, *entry);
                        }
                        Err(_) if planted(Mutation::SendUnrecorded) => {}
                        Err(fault) => self.stall(fault, now),
                    }
                }
                Effect::Noted { submission, asked_ms } => self.noted(&submission, asked_ms),
                Effect::Send { submission, attempt, step } => {
                    if planted(Mutation::SentTwice) {
                        let again = Outgoing::prepare(self, &submission, attempt, step.clone());
                        self.outgoing.extend(again);
                    }
                    match Outgoing::prepare(self, &submission, attempt, step) {
                        Ok(outgoing) => self.outgoing.push(outgoing),
                        Err(outcome) => self.answer(submission, attempt, outcome, None, now),
                    }
                }
                Effect::Lighten { submission, photos } => {
                    self.lighter.push(LighterSet::prepare(self, submission, &photos));
                }
                Effect::Changed => self.changed = true,
            }
        }
    }

    /// Mended answers become durable with the entry that says so, or not at all.
    fn append(
        &mut self,
        id: &SubmissionId,
        entry: &Recorded,
        index: &SubmissionIndex,
    ) -> Result<(), StoreFault> {
        if let (Event::Purged, Some(held)) = (&entry.event, self.submissions.get(id)) {
            return self.store.purge(id, &forget::tombstone(held, entry));
        }
        let corrects = matches!(entry.event, Event::Corrected { .. });
        match self.mended.take_if(|_| corrects) {
            Some(Mended { details, national }) => {
                self.store.append_mended(id, entry, index, &details, &national)
            }
            None => self.store.append(id, entry, index),
        }
    }

    fn keep(&mut self, submission: &SubmissionId, entry: Recorded) {
        let Some(held) = self.submissions.get_mut(submission) else { return };
        if entry.event == Event::Purged {
            held.record.tombstone = Some(forget::tombstone(held, &entry));
            held.log.clear();
        } else {
            held.log.push(entry);
        }
    }

    fn noted(&mut self, submission: &SubmissionId, asked_ms: UnixMs) {
        if let Some(held) = self.submissions.get_mut(submission) {
            held.asked_ms = Some(asked_ms);
        }
        self.listed = None;
        // The log is what counts; a lost note only shows an older "as of" after a restart.
        let _ = self.store.note_asked(submission, asked_ms);
    }

    fn stall(&mut self, fault: StoreFault, now: Moment) {
        self.outgoing.clear();
        self.lighter.clear();
        self.generation = next_generation();
        self.stalled = Some((fault, now.boot_ms + STALL_MS));
        self.changed = true;
    }

    /// When the store refused: begins again from what is durable, once the rest is over. A store
    /// that still refuses is asked again after another rest.
    fn recover(&mut self, now: Moment) {
        let Some((_, until)) = self.stalled else { return };
        if now.boot_ms < until {
            return;
        }
        if let Err(fault) = self.begin_again(now) {
            self.stall(fault, now);
        }
    }

    fn begin_again(&mut self, now: Moment) -> Result<(), StoreFault> {
        let stored = self.store.submissions()?;
        self.engine = SyncEngine::new(Chance::from_seed(seed_from(&mut self.chance)));
        self.submissions.clear();
        self.stalled = None;
        self.start_engine(stored, now)
    }

    /// When to wake up, in boot time.
    fn wake_at(&self, now: &Moment) -> Option<u64> {
        match &self.stalled {
            Some((_, until)) => Some(*until),
            None => self.engine.poll_timeout(now).map(|(at, _)| at),
        }
    }

    pub(crate) fn account(&self, id: &str) -> Result<&Account, ApiError> {
        AccountId::parse(id)
            .and_then(|id| self.accounts.get(&id))
            .ok_or_else(|| ApiError::new("unknown_account"))
    }

    pub(crate) fn draft(&self, id: &str) -> Result<&Draft, ApiError> {
        DraftId::parse(id)
            .and_then(|id| self.drafts.get(&id))
            .ok_or_else(|| ApiError::new("unknown_draft"))
    }

    pub(crate) fn connection(&self, id: &ConnectionId) -> Result<&Connection, ApiError> {
        self.connections
            .iter()
            .find(|c| &c.id == id)
            .ok_or_else(|| ApiError::new("unknown_connection"))
    }

    pub(crate) fn provider_of(&self, account: &Account) -> Result<Box<dyn Provider>, ApiError> {
        let connection = self.connection(&account.connection)?;
        satchel_providers::by_code(&connection.provider)
            .ok_or_else(|| ApiError::new("unknown_provider"))
    }

    /// The submission that counts for an account: the newest that was not taken back. What was
    /// forgotten counts for an account that is forgotten itself.
    pub(crate) fn submission_of(&self, account: &AccountId) -> Option<(&SubmissionId, &Held)> {
        let of_account = self.submissions.iter().filter(|(_, h)| &h.record.account == account);
        of_account
            .filter(|(id, held)| self.counts(id, held))
            .max_by_key(|(_, h)| h.record.sealed_ms)
    }

    /// The newest submission of every account that has one.
    pub(crate) fn newest_submissions(&self) -> HashMap<&AccountId, (&SubmissionId, &Held)> {
        let mut newest: HashMap<&AccountId, (&SubmissionId, &Held)> = HashMap::new();
        for (id, held) in self.submissions.iter().filter(|(id, held)| self.counts(id, held)) {
            let of_account = newest.entry(&held.record.account).or_insert((id, held));
            if held.record.sealed_ms >= of_account.1.record.sealed_ms {
                *of_account = (id, held);
            }
        }
        newest
    }

    /// Whether a submission was not withdrawn, nor forgotten while its account is not.
    fn counts(&self, id: &SubmissionId, held: &Held) -> bool {
        if held.record.tombstone.is_some() {
            let account = self.accounts.get(&held.record.account);
            return account.is_some_and(|a| a.forgotten_ms.is_some());
        }
        let submission = self.engine.submission_of(id);
        submission.is_none_or(|s| !matches!(s.state(), SubmissionState::Withdrawn))
    }

    /// The open draft of an account.
    pub(crate) fn draft_of(&self, account: &AccountId) -> Option<&Draft> {
        self.drafts.values().find(|d| &d.account == account)
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session").field("generation", &self.generation).finish_non_exhaustive()
    }
}

/// Answers that belong to an engine that is gone are told by its number.
fn next_generation() -> u64 {
    static GENERATIONS: AtomicU64 = AtomicU64::new(1);
    GENERATIONS.fetch_add(1, Ordering::Relaxed)
}

pub(crate) fn seed_from(chance: &mut Chance) -> [u8; 32] {
    let mut seed = [0; 32];
    for (byte, digit) in seed.iter_mut().zip(chance.hex_128().bytes()) {
        *byte = digit;
    }
    seed
}
