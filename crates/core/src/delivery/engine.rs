//! The engine: events in, effects out. It neither sends, reads nor sleeps.

use std::collections::{BTreeMap, VecDeque};

use super::decide::{Next, Sight, next};
use super::event::{Event, Recorded};
use super::line::{Line, back_off_ms};
use super::outcome::{Definite, Outcome, Receipt};
use super::state::{Actor, SubmissionState, Why};
use super::step::{Reading, Step};
use super::submission::{IllegalEvent, Submission};
use crate::chance::Chance;
use crate::clock::{Moment, UnixMs};
use crate::ids::{ConnectionId, SubmissionId};
use crate::policy::{
    FRESH_MS, POLL_ENDED_MS, POLL_FIRST_DAY_MS, POLL_FIRST_HOUR_MS, POLL_LATER_MS, POLL_WATCHED_MS,
};
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
    /// Something that a person did.
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
    /// Forget waits, never fences.
    SendNow,
    /// Everything is paused by hand, or goes on.
    Pause(bool),
    /// Photos wait on this network, or go.
    HoldPhotos(bool),
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
}

#[derive(Clone, Debug)]
struct Lane {
    submission: Submission,
    connection: ConnectionId,
    flight: Option<(u32, Step)>,
    wait_until: u64,
    faults: u32,
    asked: Option<Moment>,
    poll_after: u64,
}

/// Decides for all submissions what happens next.
#[derive(Clone, Debug)]
pub struct SyncEngine {
    lines: BTreeMap<ConnectionId, Line>,
    lanes: BTreeMap<SubmissionId, Lane>,
    effects: VecDeque<Effect>,
    chance: Chance,
    paused: bool,
    hold_photos: bool,
    watched: Option<SubmissionId>,
}

impl SyncEngine {
    /// An engine with nothing in it.
    pub fn new(chance: Chance) -> Self {
        Self {
            lines: BTreeMap::new(),
            lanes: BTreeMap::new(),
            effects: VecDeque::new(),
            chance,
            paused: false,
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
            EngineEvent::Connection { id, paused } => self.connection(id, paused),
            EngineEvent::Submission { submission, connection, asked_ms } => {
                self.submission(*submission, connection, asked_ms, now)?;
            }
            EngineEvent::Person { submission, event, operator } => {
                self.record(&submission, event, &operator, now)?;
                if let Some(lane) = self.lanes.get_mut(&submission) {
                    lane.wait_until = 0;
                    lane.faults = 0;
                }
            }
            EngineEvent::Answer { submission, attempt, outcome, server_ms } => {
                self.answer(&submission, attempt, outcome, server_ms, now)?;
            }
            EngineEvent::SendNow => self.send_now(&now),
            EngineEvent::Pause(paused) => self.paused = paused,
            EngineEvent::HoldPhotos(hold) => self.hold_photos = hold,
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

    /// When to wake it, in boot time, and why. `None`: only an event moves it.
    pub fn poll_timeout(&self, now: &Moment) -> Option<(u64, Why)> {
        if self.paused {
            return None;
        }
        self.lanes.keys().filter_map(|id| self.due(id, now)).min_by_key(|(at, _)| *at)
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

    /// Whether nothing is out and nothing is to be done now or after a wait, but for asking verdicts.
    pub fn is_idle(&self, now: &Moment) -> bool {
        self.effects.is_empty()
            && self.lanes.iter().all(|(id, lane)| {
                let polls =
                    matches!(self.next_of(lane, now), Next::Poll | Next::Person | Next::Nothing);
                lane.flight.is_none()
                    && polls
                    && (lane.asked.is_some()
                        || self.due(id, now).is_none_or(|(at, _)| at > now.boot_ms))
            })
    }

    /// Why a submission waits, until when, and who acts.
    pub fn waiting(&self, id: &SubmissionId, now: &Moment) -> Option<Waiting> {
        let lane = self.lanes.get(id)?;
        let line = self.lines.get(&lane.connection)?;
        let next_boot_ms = self.due(id, now).map(|(at, _)| at);
        let decided = self.next_of(lane, now);
        let (why, actor) = match (&decided, lane.submission.state()) {
            (Next::Person, SubmissionState::Quarantined { .. }) => (Why::SetAside, Actor::You),
            (Next::Person, _) => (Why::Person, Actor::You),
            (Next::Nothing, _) => (Why::Finished, Actor::Satchel),
            (Next::Poll, SubmissionState::NeedsDocuments { .. }) => (Why::Person, Actor::You),
            (Next::Poll, SubmissionState::Awaiting { .. }) => (Why::InReview, Actor::Provider),
            (Next::Poll, _) => (Why::Finished, Actor::Satchel),
            _ if self.paused || line.paused => (Why::Paused, Actor::You),
            _ if lane.flight.is_some() => (Why::Sending, Actor::Satchel),
            _ if line.refused() => (Why::Credentials, Actor::Administrator),
            (Next::Wait { why, .. }, _) => (*why, Actor::Satchel),
            (Next::Start(_) | Next::Read(_) | Next::Answer, _) => match line.trouble {
                Some((why @ (Why::NoNetwork | Why::Intercepted | Why::Clock), _)) => {
                    (why, Actor::Network)
                }
                Some((why, _)) => (why, Actor::Provider),
                None => (Why::Turn, Actor::Satchel),
            },
        };
        Some(Waiting { why, actor, next_boot_ms })
    }

    fn connection(&mut self, id: ConnectionId, paused: bool) {
        let line = self.lines.entry(id).or_default();
        line.paused = paused;
        line.trouble = None;
        line.faults = 0;
        line.wait_until = 0;
    }

    fn submission(
        &mut self,
        submission: Submission,
        connection: ConnectionId,
        asked_ms: Option<UnixMs>,
        now: Moment,
    ) -> Result<(), IllegalEvent> {
        let id = submission.id().clone();
        let asked_ago = asked_ms.map(|ms| u64::try_from(now.wall_ms - ms).unwrap_or(0));
        let ended = !submission.state().is_open();
        let poll_after = match asked_ago {
            Some(ago) if ended => now.boot_ms + POLL_ENDED_MS.saturating_sub(ago),
            Some(_) | None => now.boot_ms,
        };
        let open = submission.state().open_step().is_some();
        self.lines.entry(connection.clone()).or_default();
        let lane = Lane {
            submission,
            connection,
            flight: None,
            wait_until: 0,
            faults: 0,
            asked: None,
            poll_after,
        };
        self.lanes.insert(id.clone(), lane);
        if open { self.record(&id, Event::Restarted, "", now) } else { Ok(()) }
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
        let Some((open, step)) = lane.flight.take() else { return Ok(()) };
        if open != attempt {
            lane.flight = Some((open, step));
            return Ok(());
        }
        if let Some(line) = self.lines.get_mut(&lane.connection) {
            line.ended(&outcome, server_ms, now, &mut self.chance);
        }
        match &outcome {
            Outcome::Done { .. } => lane.faults = 0,
            Outcome::Definite { .. } | Outcome::Credentials { .. } | Outcome::NotSent { .. } => {}
            Outcome::NotDone { .. } | Outcome::Ambiguous { .. } => {
                lane.faults = lane.faults.saturating_add(1);
                let wait = back_off_ms(lane.faults, &mut self.chance);
                lane.wait_until = now.boot_ms.saturating_add(wait);
            }
        }
        self.effects.push_back(Effect::Changed);
        match step {
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
            (_, Outcome::Done { receipt: Receipt::Status { status } }) => (status.clone(), None),
            (_, Outcome::Done { receipt: Receipt::Documents { count, status } }) => {
                (status.clone().or(known).unwrap_or_else(unknown_status), Some(*count))
            }
            (
                Reading::Documents,
                Outcome::Definite { fault: Definite::NoDocumentsOrAccount, .. },
            ) => (known.unwrap_or_else(unknown_status), Some(0)),
            (_, Outcome::Definite { .. }) => {
                let event = Event::Answered { attempt: 0, outcome, server_ms };
                if lane.submission.state().is_open() {
                    return self.record(id, event, "", now);
                }
                self.hold_back(id, &now);
                return Ok(());
            }
            (
                _,
                Outcome::Done { .. }
                | Outcome::NotSent { .. }
                | Outcome::NotDone { .. }
                | Outcome::Ambiguous { .. }
                | Outcome::Credentials { .. },
            ) => {
                self.hold_back(id, &now);
                return Ok(());
            }
        };
        let event = Event::StatusSeen { status, document_count, server_ms };
        if self.changes_something(id, &event, now) {
            self.record(id, event, "", now)?;
        }
        self.told(id, now);
        Ok(())
    }

    /// Whether an event would move the submission; an unchanged state is noted, not logged.
    fn changes_something(&self, id: &SubmissionId, event: &Event, now: Moment) -> bool {
        let Some(lane) = self.lanes.get(id) else { return false };
        let entry = entry_after(&lane.submission, event.clone(), "", now);
        let mut after = lane.submission.clone();
        match after.after(&entry) {
            Ok(()) => !after.stands_like(&lane.submission),
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

    fn send_now(&mut self, now: &Moment) {
        self.lines.values_mut().for_each(Line::try_now);
        for lane in self.lanes.values_mut() {
            lane.wait_until = 0;
            if lane.submission.state().is_open() {
                lane.asked = None;
                lane.poll_after = now.boot_ms;
            }
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
        let index = lane.submission.index();
        self.effects.push_back(Effect::Record {
            submission: id.clone(),
            entry: Box::new(entry),
            index,
        });
        self.effects.push_back(Effect::Changed);
        Ok(())
    }

    /// Starts whatever may start now.
    fn advance(&mut self, now: Moment) {
        if self.paused {
            return;
        }
        let connections: Vec<ConnectionId> = self.lines.keys().cloned().collect();
        for connection in connections {
            while self.lines.get(&connection).is_some_and(|line| line.free(&now)) {
                let Some((id, step)) = self.candidate(&connection, &now) else { break };
                self.start(&id, step, now);
            }
        }
    }

    /// The lane that goes next: text before photos that have not started, then the one that waited longest.
    fn candidate(&self, connection: &ConnectionId, now: &Moment) -> Option<(SubmissionId, Step)> {
        self.lanes
            .iter()
            .filter(|(_, lane)| &lane.connection == connection && lane.flight.is_none())
            .filter_map(|(id, lane)| Some((id, lane, self.step_due(lane, now)?)))
            .min_by_key(|(_, lane, step)| {
                (step.photo().is_some(), step.is_read(), lane.asked.map_or(0, |m| m.boot_ms))
            })
            .map(|(id, _, step)| (id.clone(), step))
    }

    fn step_due(&self, lane: &Lane, now: &Moment) -> Option<Step> {
        if lane.wait_until > now.boot_ms {
            return None;
        }
        match self.next_of(lane, now) {
            Next::Start(step) if self.hold_photos && step.photo().is_some() => None,
            Next::Start(step) => Some(step),
            Next::Read(reading) => Some(Step::Read { reading }),
            Next::Poll if self.poll_due(lane, now) <= now.boot_ms => {
                Some(Step::Read { reading: Reading::Status })
            }
            Next::Poll | Next::Wait { .. } | Next::Answer | Next::Person | Next::Nothing => None,
        }
    }

    fn start(&mut self, id: &SubmissionId, step: Step, now: Moment) {
        let Some(lane) = self.lanes.get(id) else { return };
        let attempt = if step.is_read() { 0 } else { lane.submission.attempts() + 1 };
        let connection = lane.connection.clone();
        if attempt > 0 {
            let event = Event::AttemptStarted { attempt, step: step.clone() };
            if self.record(id, event, "", now).is_err() {
                return self.hold_back(id, &now);
            }
        }
        if let Some(lane) = self.lanes.get_mut(id) {
            lane.flight = Some((attempt, step.clone()));
        }
        if let Some(line) = self.lines.get_mut(&connection) {
            line.started(&now);
        }
        self.effects.push_back(Effect::Send { submission: id.clone(), attempt, step });
    }

    /// A step that the log refuses is a fault of ours: the lane rests instead of spinning.
    fn hold_back(&mut self, id: &SubmissionId, now: &Moment) {
        if let Some(lane) = self.lanes.get_mut(id) {
            lane.faults = lane.faults.saturating_add(1);
            lane.wait_until = now.boot_ms + back_off_ms(lane.faults + 4, &mut self.chance);
        }
    }

    fn next_of(&self, lane: &Lane, now: &Moment) -> Next {
        let line = self.lines.get(&lane.connection);
        let status_fresh =
            lane.asked.and_then(|at| now.since(&at)).is_some_and(|ms| ms <= FRESH_MS);
        let sight = Sight {
            now: *now,
            server_now: line.and_then(|l| l.server_now(now)),
            connection_fresh: line.is_some_and(|l| l.fresh(now)),
            status_fresh,
        };
        next(&lane.submission, &sight)
    }

    fn poll_due(&self, lane: &Lane, now: &Moment) -> u64 {
        let watched = self.watched.as_ref() == Some(lane.submission.id());
        let Some(asked) = lane.asked else {
            return if watched { now.boot_ms.min(lane.poll_after) } else { lane.poll_after };
        };
        let age = lane.submission.state().since().map_or(0, |since| now.wall_since(&since));
        let every = match age {
            _ if watched => POLL_WATCHED_MS,
            _ if !lane.submission.state().is_open() => POLL_ENDED_MS,
            0..3_600_000 => POLL_FIRST_HOUR_MS,
            3_600_000..86_400_000 => POLL_FIRST_DAY_MS,
            86_400_000.. => POLL_LATER_MS,
        };
        asked.boot_ms.saturating_add(every)
    }

    /// When a lane is due, in boot time, and why it waits until then.
    fn due(&self, id: &SubmissionId, now: &Moment) -> Option<(u64, Why)> {
        let lane = self.lanes.get(id)?;
        let line = self.lines.get(&lane.connection)?;
        if lane.flight.is_some() || line.paused || line.refused() {
            return None;
        }
        let (at, why) = match self.next_of(lane, now) {
            Next::Start(step) if self.hold_photos && step.photo().is_some() => return None,
            Next::Start(_) | Next::Read(_) => (now.boot_ms, Why::Turn),
            Next::Wait { until_boot_ms, why } => (until_boot_ms, why),
            Next::Poll => (self.poll_due(lane, now), Why::InReview),
            Next::Answer | Next::Person | Next::Nothing => return None,
        };
        Some((at.max(lane.wait_until).max(line.free_from()), why))
    }
}

fn entry_after(submission: &Submission, event: Event, operator: &str, at: Moment) -> Recorded {
    Recorded { seq: submission.seq() + 1, at, operator: operator.to_owned(), event }
}

fn unknown_status() -> ProviderStatus {
    ProviderStatus { state: ProviderState::Unknown, raw: String::new(), documents: Vec::new() }
}
