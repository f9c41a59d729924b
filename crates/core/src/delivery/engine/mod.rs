//! The engine: events in, effects out. It neither sends, reads nor sleeps.

mod schedule;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::event::{Event, Recorded};
use super::line::{Line, back_off_ms};
use super::outcome::{Definite, NotSentWhy, Outcome, Receipt};
use super::state::{Actor, SubmissionState, Why};
use super::step::{Reading, Step};
use super::submission::{Deadline, IllegalEvent, Submission};
use crate::chance::Chance;
use crate::clock::{Moment, UnixMs};
use crate::ids::{AccountId, ConnectionId, PhotoId, SubmissionId};
use crate::policy::{LOOK_UP_MS, POLL_ENDED_MS};
use crate::provider::{ProviderState, ProviderStatus};
use crate::store::SubmissionIndex;

/// What the runtime tells the engine.
#[derive(Clone, Debug)]
pub enum EngineEvent {
    /// A connection is there, new or changed: its credentials may be good again.
    Connection {
        /// Which.
        id: ConnectionId,
        /// Paused by a person.
        paused: bool,
    },
    /// A submission as it was loaded or sealed.
    Submission {
        /// The submission, replayed from its log.
        submission: Box<Submission>,
        /// Its connection.
        connection: ConnectionId,
        /// When the provider last told its state.
        asked_ms: Option<UnixMs>,
    },
    /// Something that a person did, or a restore.
    Person {
        /// The submission.
        submission: SubmissionId,
        /// What.
        event: Event,
        /// Who.
        operator: String,
    },
    /// An answer.
    Answer {
        /// The submission.
        submission: SubmissionId,
        /// The attempt; 0 for a read.
        attempt: u32,
        /// What it came to.
        outcome: Outcome,
        /// The provider's clock, where it told.
        server_ms: Option<UnixMs>,
    },
    /// A person wants it now: forget waits, never fences, and ask anew what is open.
    SendNow,
    /// The network changed, or the device woke or was unlocked: forget waits, never fences.
    Wake,
    /// Everything is paused by hand, or goes on.
    Pause(bool),
    /// A lock or shutdown is pending, or was called off: nothing is begun, only what cannot stay
    /// half done is finished.
    Closing(bool),
    /// What was asked to be made smaller was, as far as it can be.
    Lightened(SubmissionId),
    /// Photos wait on this network, or go.
    HoldPhotos(bool),
    /// Everything of this submission was forgotten: there is nothing to decide any more.
    Forgotten(SubmissionId),
    /// Somebody looks at this submission, or at none.
    Watch(Option<SubmissionId>),
    /// Time passed.
    Tick,
}

/// What the runtime does. Each is executed before the next is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Commit durably. When that fails, no further effect is executed.
    Record {
        /// The submission.
        submission: SubmissionId,
        /// The entry.
        entry: Box<Recorded>,
        /// Its index columns from now on.
        index: SubmissionIndex,
    },
    /// Note that the provider told the state, unchanged.
    Noted {
        /// The submission.
        submission: SubmissionId,
        /// When.
        asked_ms: UnixMs,
    },
    /// Send.
    Send {
        /// The submission.
        submission: SubmissionId,
        /// The attempt; 0 for a read.
        attempt: u32,
        /// The step.
        step: Step,
    },
    /// Encode these photos anew, as small as they can still be read, record each, and say so.
    Lighten {
        /// The submission.
        submission: SubmissionId,
        /// Its photos that have not gone.
        photos: Vec<PhotoId>,
    },
    /// Something that a window shows has changed.
    Changed,
}

/// Why a submission waits, until when, and who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Why.
    pub why: Why,
    /// Who acts.
    pub actor: Actor,
    /// Boot time of the next try, where Satchel acts by itself.
    pub next_boot_ms: Option<u64>,
    /// What is begun at the provider and must be finished in time.
    pub deadline: Option<Deadline>,
}

#[derive(Clone, Debug)]
struct Lane {
    submission: Submission,
    connection: ConnectionId,
    flight: Option<Flight>,
    wait_until: u64,
    faults: u32,
    asked: Option<Moment>,
    asked_documents: Option<Moment>,
    loaded: Moment,
    poll_after: u64,
    weight: Weight,
}

/// Whether a lane's photos are as they were taken, or as small as can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weight {
    Full,
    Lightening,
    Light,
}

/// What is out.
#[derive(Clone, Debug)]
struct Flight {
    attempt: u32,
    step: Step,
    began: Moment,
}

/// Decides for all submissions what happens next.
#[derive(Clone, Debug)]
pub struct SyncEngine {
    lines: BTreeMap<ConnectionId, Line>,
    lanes: BTreeMap<SubmissionId, Lane>,
    accounts: BTreeMap<AccountId, BTreeSet<SubmissionId>>,
    effects: VecDeque<Effect>,
    chance: Chance,
    paused: bool,
    closing: bool,
    hold_photos: bool,
    watched: Option<SubmissionId>,
}

impl SyncEngine {
    /// An engine with nothing in it.
    pub fn new(chance: Chance) -> Self {
        Self {
            lines: BTreeMap::new(),
            lanes: BTreeMap::new(),
            accounts: BTreeMap::new(),
            effects: VecDeque::new(),
            chance,
            paused: false,
            closing: false,
            hold_photos: false,
            watched: None,
        }
    }

    /// Takes in one event.
    ///
    /// # Errors
    /// [`IllegalEvent`] when what a person did cannot follow now; nothing has changed then.
    pub fn handle(&mut self, event: EngineEvent, now: Moment) -> Result<(), IllegalEvent> {
        match event {
            EngineEvent::Connection { id, paused } => self.lines.entry(id).or_default().set(paused),
            EngineEvent::Submission { submission, connection, asked_ms } => {
                self.submission(*submission, connection, asked_ms, now)?;
            }
            EngineEvent::Person { submission, event, operator } => {
                let anew = matches!(event, Event::PhotosAdded { .. });
                let is_audit = event.is_audit();
                self.record(&submission, event, &operator, now)?;
                if let Some(lane) = self.lanes.get_mut(&submission).filter(|_| !is_audit) {
                    if anew {
                        lane.weight = Weight::Full;
                    }
                    lane.wait_until = 0;
                    lane.faults = 0;
                }
            }
            EngineEvent::Answer { submission, attempt, outcome, server_ms } => {
                // After a restore the log already holds this attempt as ambiguous: its answer is
                // not needed.
                self.answer(&submission, attempt, outcome, server_ms, now).unwrap_or_default();
            }
            EngineEvent::SendNow => self.send_now(&now),
            EngineEvent::Wake => self.forget_waits(),
            EngineEvent::Pause(paused) => self.paused = paused,
            EngineEvent::Closing(closing) => self.closing = closing,
            EngineEvent::Lightened(submission) => {
                if let Some(lane) = self.lanes.get_mut(&submission) {
                    lane.weight = Weight::Light;
                }
            }
            EngineEvent::HoldPhotos(hold) => self.hold_photos = hold,
            EngineEvent::Forgotten(submission) => self.forget(&submission),
            EngineEvent::Watch(submission) => self.watched = submission,
            EngineEvent::Tick => {}
        }
        self.advance(now);
        Ok(())
    }

    /// The next effect, if there is one.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// A submission as it stands.
    pub fn submission_of(&self, id: &SubmissionId) -> Option<&Submission> {
        self.lanes.get(id).map(|l| &l.submission)
    }

    /// All submissions, by identifier.
    pub fn submissions(&self) -> impl Iterator<Item = &Submission> {
        self.lanes.values().map(|l| &l.submission)
    }

    /// A connection's health.
    pub fn line(&self, id: &ConnectionId) -> Option<&Line> {
        self.lines.get(id)
    }

    /// Whether everything is paused by hand.
    pub fn is_paused(&self) -> bool {
        self.paused
    }

    /// Whether photos are held on this network.
    pub fn holds_photos(&self) -> bool {
        self.hold_photos
    }

    fn submission(
        &mut self,
        submission: Submission,
        connection: ConnectionId,
        asked_ms: Option<UnixMs>,
        now: Moment,
    ) -> Result<(), IllegalEvent> {
        let id = submission.id().clone();
        if self.lanes.get(&id).is_some_and(|lane| lane.flight.is_some()) {
            return Ok(());
        }
        let asked_ago = asked_ms.map(|ms| u64::try_from(now.wall_ms - ms).unwrap_or(0));
        let ended = !submission.state().is_open();
        let poll_after = match asked_ago {
            Some(ago) if ended => now.boot_ms + POLL_ENDED_MS.saturating_sub(ago),
            Some(_) | None => now.boot_ms,
        };
        let restart = submission.needs_restart(&now);
        self.accounts.entry(submission.account().clone()).or_default().insert(id.clone());
        self.lines.entry(connection.clone()).or_default();
        let lane = Lane {
            submission,
            connection,
            flight: None,
            wait_until: 0,
            faults: 0,
            asked: None,
            asked_documents: None,
            loaded: now,
            poll_after,
            weight: Weight::Full,
        };
        self.lanes.insert(id.clone(), lane);
        if restart { self.record(&id, Event::Restarted, "", now) } else { Ok(()) }
    }

    fn answer(
        &mut self,
        id: &SubmissionId,
        attempt: u32,
        outcome: Outcome,
        server_ms: Option<UnixMs>,
        now: Moment,
    ) -> Result<(), IllegalEvent> {
        let Some(lane) = self.lanes.get_mut(id) else { return Ok(()) };
        let flight = lane.flight.take_if(|flight| flight.attempt == attempt);
        let Some(Flight { step, began, .. }) = flight else { return Ok(()) };
        let photo_bytes = step.photo().map(|photo| lane.submission.photo_bytes(photo));
        if let Some(line) = self.lines.get_mut(&lane.connection) {
            line.ended(photo_bytes, &outcome, server_ms, now, &mut self.chance);
        }
        match &outcome {
            Outcome::Done { .. } => lane.faults = 0,
            Outcome::Definite { .. } | Outcome::Credentials { .. } | Outcome::NotDone { .. } => {}
            Outcome::NotSent { why: NotSentWhy::Unmade } | Outcome::Ambiguous { .. } => {
                self.hold_back(id, &now);
            }
            Outcome::NotSent { .. } => {}
        }
        self.effects.push_back(Effect::Changed);
        match step {
            Step::Read { .. } if now.since(&began).is_none_or(|ms| ms > LOOK_UP_MS) => Ok(()),
            Step::Read { reading } => self.read_answered(id, reading, outcome, server_ms, now),
            Step::Create
            | Step::Authorize { .. }
            | Step::Upload { .. }
            | Step::Attach { .. }
            | Step::Details
            | Step::Side { .. } => {
                let told = matches!(&outcome, Outcome::Done { receipt: Receipt::Status { .. } });
                self.record(id, Event::Answered { attempt, outcome, server_ms }, "", now)?;
                if told {
                    self.told(id, now);
                }
                Ok(())
            }
        }
    }

    fn read_answered(
        &mut self,
        id: &SubmissionId,
        reading: Reading,
        outcome: Outcome,
        server_ms: Option<UnixMs>,
        now: Moment,
    ) -> Result<(), IllegalEvent> {
        let Some(lane) = self.lanes.get(id) else { return Ok(()) };
        let known = lane.submission.status().cloned();
        let (status, document_count) = match (reading, &outcome) {
            (_, Outcome::Done { receipt: Receipt::Documents { count, status } }) => {
                (status.clone().or(known).unwrap_or_else(unknown_status), Some(*count))
            }
            (Reading::Status, Outcome::Done { receipt: Receipt::Status { status } }) => {
                (status.clone(), None)
            }
            (
                Reading::Documents,
                Outcome::Definite { fault: Definite::NoDocumentsOrAccount, .. },
            ) => (known.unwrap_or_else(unknown_status), Some(0)),
            (_, Outcome::Definite { .. }) => {
                let event = Event::Answered { attempt: 0, outcome, server_ms };
                if self.changes_something(id, &event, now) {
                    return self.record(id, event, "", now);
                }
                self.hold_back(id, &now);
                return Ok(());
            }
            (_, Outcome::Done { .. }) => {
                self.hold_back(id, &now);
                return Ok(());
            }
            (
                _,
                Outcome::NotSent { .. }
                | Outcome::NotDone { .. }
                | Outcome::Ambiguous { .. }
                | Outcome::Credentials { .. },
            ) => return Ok(()),
        };
        let server_ms = server_ms.or_else(|| self.server_now(id, &now));
        let event = Event::StatusSeen { status, document_count, server_ms };
        if self.changes_something(id, &event, now) {
            self.record(id, event, "", now)?;
        }
        self.told(id, now);
        self.after_reading(id, reading, now);
        Ok(())
    }

    /// A count of documents is no verdict, so that is asked for next. A reading after which the
    /// same one is
    /// wanted again settled nothing: the lane rests instead of spinning.
    fn after_reading(&mut self, id: &SubmissionId, reading: Reading, now: Moment) {
        let Some(lane) = self.lanes.get_mut(id) else { return };
        if reading == Reading::Documents {
            lane.asked_documents = Some(now);
            if matches!(lane.submission.state(), SubmissionState::Awaiting { .. }) {
                lane.asked = None;
            }
        }
        if self.wants_reading(id, reading, &now) {
            self.hold_back(id, &now);
        }
    }

    /// Whether an event would move the submission; an unchanged state is noted, not logged.
    fn changes_something(&self, id: &SubmissionId, event: &Event, now: Moment) -> bool {
        let Some(lane) = self.lanes.get(id) else { return false };
        let entry = entry_after(&lane.submission, event.clone(), "", now);
        match lane.submission.clone().moved(&entry) {
            Ok(after) => !after.stands_like(&lane.submission),
            Err(IllegalEvent { .. }) => false,
        }
    }

    fn told(&mut self, id: &SubmissionId, now: Moment) {
        if let Some(lane) = self.lanes.get_mut(id) {
            lane.asked = Some(now);
            lane.poll_after = now.boot_ms;
            self.effects.push_back(Effect::Noted { submission: id.clone(), asked_ms: now.wall_ms });
        }
    }

    fn forget(&mut self, id: &SubmissionId) {
        if let Some(lane) = self.lanes.remove(id) {
            let of_account = self.accounts.get_mut(lane.submission.account());
            of_account.map(|ids| ids.remove(id)).unwrap_or_default();
        }
    }

    fn forget_waits(&mut self) {
        self.lines.values_mut().for_each(Line::try_now);
        self.lanes.values_mut().for_each(|lane| lane.wait_until = 0);
    }

    fn send_now(&mut self, now: &Moment) {
        self.forget_waits();
        for lane in self.lanes.values_mut().filter(|l| l.submission.state().is_open()) {
            lane.asked = None;
            lane.poll_after = now.boot_ms;
        }
    }

    fn record(
        &mut self,
        id: &SubmissionId,
        event: Event,
        operator: &str,
        now: Moment,
    ) -> Result<(), IllegalEvent> {
        let Some(lane) = self.lanes.get_mut(id) else {
            return Err(IllegalEvent { seq: 0, state: "none" });
        };
        let entry = entry_after(&lane.submission, event, operator, now);
        lane.submission.after(&entry)?;
        if matches!(lane.submission.state(), SubmissionState::Awaiting { .. })
            && matches!(&entry.event, Event::Answered { outcome: Outcome::Definite { .. }, .. })
        {
            lane.asked = None;
        }
        let index = lane.submission.index();
        self.effects.push_back(Effect::Record {
            submission: id.clone(),
            entry: Box::new(entry),
            index,
        });
        self.effects.push_back(Effect::Changed);
        Ok(())
    }

    /// A lane that failed, or a step that its log refuses, rests instead of spinning.
    fn hold_back(&mut self, id: &SubmissionId, now: &Moment) {
        if let Some(lane) = self.lanes.get_mut(id) {
            lane.faults = lane.faults.saturating_add(1);
            let wait = back_off_ms(lane.faults, &mut self.chance);
            lane.wait_until = now.boot_ms.saturating_add(wait);
        }
    }
}

fn entry_after(submission: &Submission, event: Event, operator: &str, at: Moment) -> Recorded {
    Recorded { seq: submission.seq() + 1, at, operator: operator.to_owned(), event }
}

fn unknown_status() -> ProviderStatus {
    ProviderStatus { state: ProviderState::Unknown, raw: String::new(), documents: Vec::new() }
}
