//! Whose turn it is, and when the next one comes.

use super::{Effect, Flight, Lane, SyncEngine, Waiting, Weight};
use crate::clock::{Moment, UnixMs};
use crate::delivery::decide::{Next, Sight, next};
use crate::delivery::event::Event;
use crate::delivery::mutation::{Mutation, planted};
use crate::delivery::state::{Actor, SubmissionState, Why};
use crate::delivery::step::{Reading, Step};
use crate::delivery::submission::Submission;
use crate::ids::{ConnectionId, SubmissionId};
use crate::policy::{
    FORECAST_MAX_MS, FRESH_MS, POLL_ENDED_MS, POLL_FIRST_DAY_MS, POLL_FIRST_HOUR_MS, POLL_LATER_MS,
    POLL_WATCHED_MS,
};

/// In which order requests of one connection go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Text,
    Question,
    Photo,
    Verdict,
}

impl SyncEngine {
    /// When to wake it, in boot time, and why. `None`: only an event moves it.
    pub fn poll_timeout(&self, now: &Moment) -> Option<(u64, Why)> {
        if self.paused {
            return None;
        }
        self.lanes.values().filter_map(|lane| self.due(lane, now)).min_by_key(|(at, _)| *at)
    }

    /// Whether nothing is out and nothing is to be done now or after a wait, but for asking
    /// verdicts.
    pub fn is_idle(&self, now: &Moment) -> bool {
        self.effects.is_empty()
            && self.lanes.values().all(|lane| {
                let rests = match self.next_of(lane, now) {
                    Next::Poll | Next::Person | Next::Nothing => true,
                    Next::Start(step) => self.holds(&step),
                    Next::Read(_) | Next::Wait { .. } | Next::Answer => false,
                };
                let asked = lane.asked.is_some()
                    || lane.poll_after > now.boot_ms
                    || self.due(lane, now).is_none();
                lane.flight.is_none() && rests && asked
            })
    }

    /// Whether nothing is out that must be waited for before a lock or shutdown.
    pub fn is_closed(&self, now: &Moment) -> bool {
        self.closing
            && self.effects.is_empty()
            && self.lanes.values().all(|lane| lane.flight.is_none() && !self.finishes(lane, now))
    }

    /// Why a submission waits, until when, and who acts.
    pub fn waiting(&self, id: &SubmissionId, now: &Moment) -> Option<Waiting> {
        let lane = self.lanes.get(id)?;
        let line = self.lines.get(&lane.connection)?;
        let next_boot_ms = self.due(lane, now).filter(|_| !self.paused).map(|(at, _)| at);
        let deadline = lane.submission.deadline(now, line.server_now(now));
        let decided = self.next_of(lane, now);
        let stops = || self.paused || line.paused;
        let (why, actor) = match (&decided, lane.submission.state()) {
            (Next::Person, SubmissionState::Quarantined { .. }) => (Why::SetAside, Actor::You),
            (Next::Person, _) => (Why::Person, Actor::You),
            (Next::Nothing, _) => (Why::Finished, Actor::Satchel),
            (Next::Poll, SubmissionState::NeedsDocuments { .. }) => (Why::Person, Actor::You),
            (Next::Poll, SubmissionState::Awaiting { .. }) if !line.stopped() && !self.paused => {
                (Why::InReview, Actor::Provider)
            }
            (Next::Poll, state) if !state.is_open() => (Why::Finished, Actor::Satchel),
            _ if lane.flight.is_some() => (Why::Sending, Actor::Satchel),
            _ if stops() => (Why::Paused, Actor::You),
            _ if line.refused() => (Why::Credentials, Actor::Administrator),
            (Next::Wait { why, .. }, _) => (*why, Actor::Satchel),
            (Next::Start(step), _) if self.holds(step) => (Why::PhotosHeld, Actor::You),
            _ if self.is_behind(&lane.submission) => (Why::Turn, Actor::Satchel),
            (Next::Start(_) | Next::Read(_) | Next::Answer | Next::Poll, _) => match line.trouble {
                Some((Why::NoNetwork, _)) => (Why::NoNetwork, Actor::Network),
                // A sign-in or a wrong clock is nothing that passes by itself.
                Some((why @ (Why::Intercepted | Why::Clock), _)) => (why, Actor::You),
                Some((why, _)) => (why, Actor::Provider),
                None => (Why::Turn, Actor::Satchel),
            },
        };
        Some(Waiting { why, actor, next_boot_ms, deadline })
    }

    /// Starts whatever may start now.
    pub(super) fn advance(&mut self, now: Moment) {
        if self.paused {
            return;
        }
        let connections: Vec<ConnectionId> = self.lines.keys().cloned().collect();
        for connection in connections {
            while self.lines.get(&connection).is_some_and(|line| line.free(&now)) {
                let Some((id, rank, step)) = self.candidate(&connection, &now) else { break };
                if self.is_too_heavy(&id, &step, &now) {
                    self.lighten(&id, &now);
                } else {
                    self.start(&id, rank, step, now);
                }
            }
        }
    }

    /// Whether a round's photos would outlast the provider's window at the measured speed.
    fn is_too_heavy(&self, id: &SubmissionId, step: &Step, now: &Moment) -> bool {
        let Some(lane) = self.lanes.get(id) else { return false };
        if planted(Mutation::ForecastIgnored) {
            return false;
        }
        let line = self.lines.get(&lane.connection);
        let bytes = lane.submission.round_bytes(now);
        matches!(step, Step::Upload { .. })
            && lane.weight == Weight::Full
            && lane.submission.photos_to_send(now).next().is_some()
            && line.and_then(|l| l.forecast_ms(bytes)).is_some_and(|ms| ms > FORECAST_MAX_MS)
    }

    fn lighten(&mut self, id: &SubmissionId, now: &Moment) {
        let Some(lane) = self.lanes.get_mut(id) else { return };
        lane.weight = Weight::Lightening;
        let photos = lane.submission.photos_to_send(now).map(|p| p.record.id.clone()).collect();
        self.effects.push_back(Effect::Lighten { submission: id.clone(), photos });
    }

    /// The lane that goes next: text, then questions, then photos that have not started, then
    /// verdicts; among
    /// equals the one that waited longest.
    fn candidate(
        &self,
        connection: &ConnectionId,
        now: &Moment,
    ) -> Option<(SubmissionId, Rank, Step)> {
        let waits = |s: &Submission| matches!(s.state(), SubmissionState::Blocked { .. });
        if planted(Mutation::OneBlocksAll) && self.submissions().any(waits) {
            return None;
        }
        self.lanes
            .iter()
            .filter(|(_, lane)| &lane.connection == connection && lane.flight.is_none())
            .filter_map(|(id, lane)| {
                let (rank, step) = self.step_due(lane, now)?;
                Some((id, lane.asked.map_or(0, |m| m.boot_ms), rank, step))
            })
            .min_by_key(|(_, asked, rank, _)| (*rank, *asked))
            .map(|(id, _, rank, step)| (id.clone(), rank, step))
    }

    fn step_due(&self, lane: &Lane, now: &Moment) -> Option<(Rank, Step)> {
        if lane.weight == Weight::Lightening
            || lane.wait_until > now.boot_ms
            || (self.closing && !self.finishes(lane, now))
        {
            return None;
        }
        match self.next_of(lane, now) {
            Next::Start(step) if self.holds(&step) || self.is_behind(&lane.submission) => None,
            Next::Start(step) if step.photo().is_some() => {
                let full = self.lines.get(&lane.connection).is_some_and(|l| l.full_of_photos());
                (!full).then_some((Rank::Photo, step))
            }
            Next::Start(step) => Some((Rank::Text, step)),
            Next::Read(_) if self.is_behind(&lane.submission) => None,
            Next::Read(reading) => Some((Rank::Question, Step::Read { reading })),
            Next::Poll if self.poll_due(lane, now) <= now.boot_ms => {
                Some((Rank::Verdict, Step::Read { reading: Reading::Status }))
            }
            Next::Poll | Next::Wait { .. } | Next::Answer | Next::Person | Next::Nothing => None,
        }
    }

    fn start(&mut self, id: &SubmissionId, rank: Rank, step: Step, now: Moment) {
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
            lane.flight = Some(Flight { attempt, step: step.clone(), began: now });
        }
        if let Some(line) = self.lines.get_mut(&connection) {
            line.started(&step, &now);
            if rank == Rank::Verdict {
                line.polled(&now);
            }
        }
        self.effects.push_back(Effect::Send { submission: id.clone(), attempt, step });
    }

    /// What may not stay half done: a draft to authorize, files to attach.
    fn finishes(&self, lane: &Lane, now: &Moment) -> bool {
        matches!(self.next_of(lane, now), Next::Start(Step::Authorize { .. } | Step::Attach { .. }))
    }

    fn holds(&self, step: &Step) -> bool {
        self.hold_photos && step.photo().is_some()
    }

    /// Whether another submission of the same account goes first: one that has begun, or the older
    /// one unless it waits for a person.
    fn is_behind(&self, submission: &Submission) -> bool {
        if planted(Mutation::TwoOpenSteps) {
            return false;
        }
        let order = |s: &Submission| (s.attempts() == 0, s.sealed_at().wall_ms, s.id().clone());
        let of_account = self.accounts.get(submission.account()).into_iter().flatten();
        of_account
            .filter(|id| *id != submission.id())
            .filter_map(|id| self.submission_of(id))
            .filter(|other| other.state().is_open() && !rests_unbegun(other))
            .any(|other| order(other) < order(submission))
    }

    pub(super) fn wants_reading(&self, id: &SubmissionId, reading: Reading, now: &Moment) -> bool {
        self.lanes.get(id).is_some_and(|lane| self.next_of(lane, now) == Next::Read(reading))
    }

    /// The provider's clock as a submission's connection last told it.
    pub fn server_now(&self, id: &SubmissionId, now: &Moment) -> Option<UnixMs> {
        let lane = self.lanes.get(id)?;
        self.lines.get(&lane.connection)?.server_now(now)
    }

    fn next_of(&self, lane: &Lane, now: &Moment) -> Next {
        let line = self.lines.get(&lane.connection);
        let fresh = |asked: Option<Moment>| {
            asked.and_then(|at| now.since(&at)).is_some_and(|ms| ms <= FRESH_MS)
        };
        let sight = Sight {
            now: *now,
            server_now: line.and_then(|l| l.server_now(now)),
            connection_fresh: line.is_some_and(|l| l.fresh(now)),
            status_fresh: fresh(lane.asked),
            documents_fresh: fresh(lane.asked_documents),
        };
        let decided = next(&lane.submission, &sight);
        let for_photo = (self.hold_photos && matches!(decided, Next::Read(_)))
            .then(|| photo_behind(&lane.submission, sight))
            .flatten();
        for_photo.map_or(decided, Next::Start)
    }

    fn poll_due(&self, lane: &Lane, now: &Moment) -> u64 {
        let watched = self.watched.as_ref() == Some(lane.submission.id());
        let paced = match self.lines.get(&lane.connection) {
            Some(line) if !watched => line.polls_from(),
            Some(_) | None => 0,
        };
        let Some(asked) = lane.asked else {
            let wanted = if watched { now.boot_ms.min(lane.poll_after) } else { lane.poll_after };
            return wanted.max(paced);
        };
        // Wall time may have jumped: across boots it counts from when the program was started.
        let stood = |since: Moment| now.since(&since).or_else(|| now.since(&lane.loaded));
        let every = match lane.submission.state().since().and_then(stood).unwrap_or(0) {
            _ if watched => POLL_WATCHED_MS,
            _ if !lane.submission.state().is_open() => POLL_ENDED_MS,
            0..3_600_000 => POLL_FIRST_HOUR_MS,
            3_600_000..86_400_000 => POLL_FIRST_DAY_MS,
            86_400_000.. => POLL_LATER_MS,
        };
        asked.boot_ms.saturating_add(every).max(paced)
    }

    /// When a lane is due, in boot time, and why it waits until then. `None`: an event comes first.
    fn due(&self, lane: &Lane, now: &Moment) -> Option<(u64, Why)> {
        let line = self.lines.get(&lane.connection)?;
        let making = lane.weight == Weight::Lightening;
        let waits_for_event = lane.flight.is_some() || making || line.stopped() || line.full();
        if waits_for_event || (self.closing && !self.finishes(lane, now)) {
            return None;
        }
        let behind = || self.is_behind(&lane.submission);
        let (at, why) = match self.next_of(lane, now) {
            Next::Start(step) if self.holds(&step) => return None,
            Next::Start(step) if step.photo().is_some() && line.full_of_photos() => return None,
            Next::Start(_) | Next::Read(_) if behind() => return None,
            Next::Start(_) | Next::Read(_) => (now.boot_ms, Why::Turn),
            Next::Wait { until_boot_ms, why } => (until_boot_ms, why),
            Next::Poll => (self.poll_due(lane, now), Why::InReview),
            Next::Answer | Next::Person | Next::Nothing => return None,
        };
        Some((at.max(lane.wait_until).max(line.free_from()), why))
    }
}

/// The photo for which alone a question is to be asked: while photos are held, so is the question.
fn photo_behind(submission: &Submission, sight: Sight) -> Option<Step> {
    let answered =
        Sight { connection_fresh: true, status_fresh: true, documents_fresh: true, ..sight };
    match next(submission, &answered) {
        Next::Start(step) => Some(step).filter(|step| step.photo().is_some()),
        Next::Read(_)
        | Next::Wait { .. }
        | Next::Answer
        | Next::Poll
        | Next::Person
        | Next::Nothing => None,
    }
}

fn rests_unbegun(submission: &Submission) -> bool {
    let rests = match submission.state() {
        SubmissionState::Held
        | SubmissionState::Blocked { .. }
        | SubmissionState::Quarantined { .. } => true,
        SubmissionState::Queued
        | SubmissionState::Sending { .. }
        | SubmissionState::Unconfirmed { .. }
        | SubmissionState::Awaiting { .. }
        | SubmissionState::NeedsDocuments { .. }
        | SubmissionState::Verified { .. }
        | SubmissionState::Failed { .. }
        | SubmissionState::Withdrawn
        | SubmissionState::Purged => false,
    };
    rests && submission.attempts() == 0
}
