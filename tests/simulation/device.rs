//! The device: a store that survives crashes, and the app loop with its one ordering rule.

use std::collections::{BTreeMap, VecDeque};

use satchel_core::clock::{Moment, UnixMs};
use satchel_core::delivery::{
    Correction, Effect, EngineEvent, Event, Recorded, Step, Submission, SyncEngine,
};
use satchel_core::ids::{AccountId, ConnectionId, SubmissionId};
use satchel_core::photo::PhotoRecord;
use satchel_core::store::SubmissionIndex;

use crate::bugs::Bug;
use crate::dice::Dice;
use crate::time::{DeviceClock, MINUTE, SECOND};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    WePay,
    Winter,
}

impl Provider {
    pub fn connection(self) -> ConnectionId {
        ConnectionId::parse(&format!("{:032x}", self as u32 + 1)).unwrap()
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::WePay => "wepay",
            Self::Winter => "winter",
        }
    }
}

/// A submission as it lies on the disk.
#[derive(Clone)]
pub struct Row {
    pub provider: Provider,
    pub account: usize,
    pub log: Vec<Recorded>,
    committed: Vec<u64>,
    index: SubmissionIndex,
    asked_ms: Option<UnixMs>,
    /// What the log replays to.
    pub stands: Submission,
}

/// One request that leaves the device, with its bytes.
#[derive(Clone, Debug)]
pub struct Request {
    pub n: usize,
    pub attempt: u32,
    pub step: Step,
    pub version: u32,
    pub full_number: bool,
    pub photo: Option<PhotoRecord>,
}

pub struct Device {
    pub clock: DeviceClock,
    pub rows: Vec<Row>,
    pub engine: Option<SyncEngine>,
    pub generation: u32,
    pub bug: Option<Bug>,
    /// Submissions that changed since the judge last looked.
    pub touched: Vec<usize>,
    skew_ms: u64,
    starts: BTreeMap<ConnectionId, VecDeque<u64>>,
}

/// A broken promise, in words.
pub type Broken = String;

pub fn submission_id(n: usize) -> SubmissionId {
    SubmissionId::parse(&format!("{:032x}", n + 1)).unwrap()
}

fn account_id(provider: Provider, account: usize) -> AccountId {
    AccountId::parse(&format!("{:016x}{account:016x}", provider as u32 + 1)).unwrap()
}

fn number(id: &SubmissionId) -> usize {
    usize::from_str_radix(id.as_str(), 16).unwrap() - 1
}

/// How many times the answers were mended: each time they are another text.
pub fn version(log: &[Recorded]) -> u32 {
    let mended = |e: &&Recorded| e.event == Event::Corrected { correction: Correction::Answers };
    1 + log.iter().filter(mended).count() as u32
}

fn has(log: &[Recorded], wanted: &Correction) -> bool {
    log.iter().any(|e| matches!(&e.event, Event::Corrected { correction } if correction == wanted))
}

impl Row {
    pub fn followed(&self) -> bool {
        has(&self.log, &Correction::Follow)
    }
}

impl Device {
    pub fn new(bug: Option<Bug>) -> Self {
        Self {
            clock: DeviceClock::new(),
            rows: Vec::new(),
            engine: None,
            generation: 0,
            bug,
            touched: Vec::new(),
            skew_ms: 0,
            starts: BTreeMap::new(),
        }
    }

    /// What the device believes the time to be.
    pub fn moment(&self, now: u64) -> Moment {
        let mut moment = self.clock.at(now);
        if self.bug == Some(Bug::WallForBootTime) {
            moment.boot_ms = moment.wall_ms.unsigned_abs() - 1_700_000_000_000;
        }
        moment.boot_ms += self.skew_ms;
        moment
    }

    /// True time at which the engine wants to be woken.
    pub fn wake(&self, now: u64) -> Option<u64> {
        let moment = self.moment(now);
        let (boot_ms, _) = self.engine.as_ref()?.poll_timeout(&moment)?;
        Some(now + boot_ms.saturating_sub(moment.boot_ms))
    }

    /// Seals a submission, in one transaction.
    pub fn seal(&mut self, provider: Provider, account: usize, event: Event, now: u64) {
        let at = self.clock.at(now);
        let log = vec![Recorded { seq: 1, at, operator: String::new(), event }];
        let (id, owner) = (submission_id(self.rows.len()), account_id(provider, account));
        let stands = Submission::replay(id, owner, &log).unwrap();
        let (index, committed) = (stands.index(), vec![now]);
        self.rows.push(Row { provider, account, log, committed, index, asked_ms: None, stands });
    }

    /// The program starts: everything is read back, and only then does anything go.
    pub fn start(&mut self, now: u64, dice: &mut Dice, restored: bool) -> Result<(), Broken> {
        self.generation += 1;
        self.starts.clear();
        if self.bug == Some(Bug::ForgetRestart) {
            self.forget_open_attempts();
        }
        let mut engine = SyncEngine::new(dice.chance());
        let moment = self.moment(now);
        let mut tell = |event| engine.handle(event, moment).map_err(|e| format!("start: {e}"));
        tell(EngineEvent::Pause(true))?;
        for provider in [Provider::WePay, Provider::Winter] {
            tell(EngineEvent::Connection { id: provider.connection(), paused: false })?;
        }
        for (n, row) in self.rows.iter().enumerate() {
            let owner = account_id(row.provider, row.account);
            let owner = match self.bug {
                Some(Bug::AccountsMixedUp) => account_id(row.provider, n),
                Some(_) | None => owner,
            };
            let submission = Submission::replay(submission_id(n), owner, &row.log)
                .map_err(|e| format!("#{n}: the log does not replay: {e}"))?;
            let same = submission == row.stands || self.bug == Some(Bug::AccountsMixedUp);
            if !same || submission.index() != row.index {
                return Err(format!("#{n}: the log replays to another state"));
            }
            tell(EngineEvent::Submission {
                submission: Box::new(submission),
                connection: row.provider.connection(),
                asked_ms: row.asked_ms,
            })?;
            if restored {
                let (event, operator) = (Event::Restored, String::new());
                tell(EngineEvent::Person { submission: submission_id(n), event, operator })?;
            }
        }
        tell(EngineEvent::Pause(false))?;
        self.engine = Some(engine);
        Ok(())
    }

    fn forget_open_attempts(&mut self) {
        for n in 0..self.rows.len() {
            let open = matches!(
                self.rows[n].log.last().map(|e| &e.event),
                Some(Event::AttemptStarted { .. })
            );
            if open {
                let length = self.rows[n].log.len() - 1;
                self.cut(n, length);
            }
        }
    }

    /// The program or the machine stops between two effects.
    pub fn stop(&mut self, now: u64) {
        self.engine = None;
        match self.bug {
            Some(Bug::UnsyncedStore) => self.put_back(now.saturating_sub(MINUTE)),
            Some(Bug::LostSealing) => {
                self.rows.pop();
            }
            Some(_) | None => {}
        }
    }

    /// A copy of the store as it was is put in its place.
    pub fn put_back(&mut self, of: u64) {
        for n in 0..self.rows.len() {
            let length = self.rows[n].committed.iter().filter(|at| **at <= of).count();
            self.cut(n, length.max(1));
        }
    }

    fn cut(&mut self, n: usize, length: usize) {
        let row = &mut self.rows[n];
        row.log.truncate(length);
        row.committed.truncate(length);
        let owner = account_id(row.provider, row.account);
        row.stands = Submission::replay(submission_id(n), owner, &row.log).unwrap();
        row.index = row.stands.index();
    }

    /// Tells the engine something. What cannot follow is no fault of a person's.
    pub fn tell(&mut self, event: EngineEvent, now: u64) -> bool {
        if let (Some(Bug::IgnoreQuiesce), EngineEvent::Answer { outcome, .. }) = (self.bug, &event)
            && matches!(outcome, satchel_core::delivery::Outcome::Ambiguous { .. })
        {
            self.skew_ms += 3 * MINUTE;
        }
        let moment = self.moment(now);
        self.engine.as_mut().is_some_and(|engine| engine.handle(event, moment).is_ok())
    }

    /// The next effect, executed up to the point where bytes leave.
    pub fn execute(&mut self, effect: Effect, now: u64) -> Result<Option<Request>, Broken> {
        match effect {
            Effect::Record { submission, entry, index } => {
                self.commit(number(&submission), *entry, index, now)?;
                Ok(None)
            }
            Effect::Noted { submission, asked_ms } => {
                self.rows[number(&submission)].asked_ms = Some(asked_ms);
                Ok(None)
            }
            Effect::Send { submission, attempt, step } => {
                self.paced(number(&submission), now)?;
                Ok(Some(self.request(number(&submission), attempt, step)))
            }
            Effect::Lighten { submission, .. } => {
                // Nothing here can be made smaller.
                self.tell(EngineEvent::Lightened(submission), now);
                Ok(None)
            }
            Effect::Changed => Ok(None),
        }
    }

    fn commit(
        &mut self,
        n: usize,
        entry: Recorded,
        index: SubmissionIndex,
        now: u64,
    ) -> Result<(), Broken> {
        let (provider, account) = (self.rows[n].provider, self.rows[n].account);
        let taken = self.rows.iter().enumerate().any(|(other, row)| {
            other != n
                && row.provider == provider
                && row.account == account
                && row.index.open_step.is_some()
        });
        if taken && index.open_step.is_some() {
            return Err(format!("#{n}: two open steps for one account"));
        }
        let row = &mut self.rows[n];
        row.stands.after(&entry).map_err(|e| format!("#{n}: the log refuses an entry: {e}"))?;
        if row.stands.index() != index {
            return Err(format!("#{n}: the index does not mirror the log"));
        }
        row.log.push(entry);
        row.committed.push(now);
        row.index = index;
        self.touched.push(n);
        Ok(())
    }

    /// No more than 20 requests start in any 10 s.
    fn paced(&mut self, n: usize, now: u64) -> Result<(), Broken> {
        let connection = self.rows[n].provider.connection();
        let starts = self.starts.entry(connection).or_default();
        starts.retain(|at| now < at + 10 * SECOND);
        starts.push_back(now);
        if starts.len() > 20 && self.skew_ms == 0 {
            return Err(format!("#{n}: {} requests in ten seconds", starts.len()));
        }
        Ok(())
    }

    fn request(&self, n: usize, attempt: u32, step: Step) -> Request {
        let row = &self.rows[n];
        let photos = row.stands.photos();
        let named = step.photo().and_then(|id| photos.iter().find(|p| p.record.id == *id));
        let first = photos.first().filter(|_| self.bug == Some(Bug::WrongBytes));
        let mut photo = named.map(|p| p.record.clone());
        if let (Some(photo), Some(first)) = (&mut photo, first) {
            photo.id = first.record.id.clone();
        }
        let version = version(&row.log);
        let full_number = has(&row.log, &Correction::FullNumber);
        Request { n, attempt, step, version, full_number, photo }
    }
}
