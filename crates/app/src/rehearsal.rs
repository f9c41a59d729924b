//! The runtime loop without a runtime, for tests: the caller is the clock, the network and the
//! disk. Each call goes to the very code that the real loop calls.

use satchel_capture::Darkroom;
use satchel_core::account::Connection;
use satchel_core::chance::Chance;
use satchel_core::clock::Moment;
use satchel_core::delivery::{EngineEvent, Event, Step, Submission};
use satchel_core::http::{HttpRequest, HttpResponse, TransportFault};
use satchel_core::ids::{PhotoId, SubmissionId};
use satchel_core::onboarding::Draft;
use satchel_core::photo::Rendition;
use satchel_core::store::Store;

use crate::api::{ApiError, ChangedView, CorrectionRequest};
use crate::lighten::LighterSet;
use crate::outgoing::Outgoing;
use crate::session::{RESTORED, Session};

/// An open session that is driven by hand.
#[derive(Debug)]
pub struct Rehearsal(Session);

/// What one turn came to.
#[derive(Debug)]
pub struct Turn {
    /// Requests that leave now.
    pub departures: Vec<Departure>,
    /// Photos that are to be made smaller.
    pub lighter: Vec<Lighter>,
    /// When the next turn is due, in boot time.
    pub wake_at: Option<u64>,
    /// What the windows are told.
    pub changed: Option<ChangedView>,
}

/// Photos of one submission that are to be made smaller.
pub struct Lighter(LighterSet);

impl Lighter {
    /// Their submission.
    pub fn submission(&self) -> &SubmissionId {
        &self.0.submission
    }
}

impl std::fmt::Debug for Lighter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Lighter")
    }
}

/// One request that leaves.
pub struct Departure(Outgoing);

impl Departure {
    /// Its submission.
    pub fn submission(&self) -> &SubmissionId {
        &self.0.submission
    }

    /// Its attempt; 0 for a read.
    pub fn attempt(&self) -> u32 {
        self.0.attempt
    }

    /// Its step.
    pub fn step(&self) -> &Step {
        &self.0.step
    }

    /// Its connection.
    pub fn connection(&self) -> &Connection {
        &self.0.connection
    }

    /// What goes out.
    pub fn request(&self) -> &HttpRequest {
        &self.0.request
    }
}

impl std::fmt::Debug for Departure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Departure").field(&self.0.request).finish()
    }
}

impl Rehearsal {
    /// Opens what is in a store, as after an unlock.
    ///
    /// # Errors
    /// What the store answers.
    pub fn open(store: Box<dyn Store>, seed: [u8; 32], now: Moment) -> Result<Self, ApiError> {
        Session::open(store, Chance::from_seed(seed), now).map(Self)
    }

    /// Marks a store as restored from a copy: the next opening says so in every log.
    ///
    /// # Errors
    /// What the store answers.
    pub fn mark_restored(store: &mut dyn Store) -> Result<(), ApiError> {
        Ok(store.put_setting(RESTORED, "yes")?)
    }

    /// One turn of the loop.
    pub fn turn(&mut self, now: Moment) -> Turn {
        let turn = self.0.turn(now);
        Turn {
            departures: turn.outgoing.into_iter().map(Departure).collect(),
            lighter: turn.lighter.into_iter().map(Lighter).collect(),
            wake_at: turn.wake_at,
            changed: turn.changed,
        }
    }

    /// What became of a request.
    pub fn hear(
        &mut self,
        departure: Departure,
        answer: Result<HttpResponse, TransportFault>,
        now: Moment,
    ) {
        self.0.hear(departure.0.into_heard(answer), now);
    }

    /// Makes photos smaller, as far as they can be.
    pub fn lighten(&mut self, lighter: Lighter, now: Moment) {
        self.0.lightened(lighter.0.work(&Darkroom::here()), now);
    }

    /// Keeps a photo's bytes.
    ///
    /// # Errors
    /// What the store answers.
    pub fn keep_photo(&mut self, id: &PhotoId, bytes: &[u8]) -> Result<(), ApiError> {
        Ok(self.0.store.put_photo(id, &[(Rendition::Upload, bytes)])?)
    }

    /// Keeps a draft and seals it.
    ///
    /// # Errors
    /// As sealing in the window.
    pub fn seal(&mut self, draft: Draft, now: Moment) -> Result<(), ApiError> {
        let id = draft.id.to_string();
        self.0.store.put_draft(&draft)?;
        self.0.drafts.insert(draft.id.clone(), draft);
        self.0.seal(&id, now).map(drop)
    }

    /// Something that a person did to a submission.
    ///
    /// # Errors
    /// `not_possible_now`, or what the store answers.
    pub fn person(
        &mut self,
        submission: &SubmissionId,
        event: Event,
        now: Moment,
    ) -> Result<(), ApiError> {
        self.0.person(submission, event, now)
    }

    /// What a person did about a refusal.
    ///
    /// # Errors
    /// As in the window.
    pub fn correct(&mut self, request: &CorrectionRequest, now: Moment) -> Result<(), ApiError> {
        self.0.correct(request, now)
    }

    /// Tells the engine something that no person did to one submission.
    pub fn tell(&mut self, event: EngineEvent, now: Moment) {
        self.0.tell(event, now);
    }

    /// A submission as the engine believes it to stand.
    pub fn submission(&self, id: &SubmissionId) -> Option<&Submission> {
        self.0.engine.submission_of(id)
    }

    /// Whether everything of a submission was forgotten.
    pub fn is_forgotten(&self, id: &SubmissionId) -> bool {
        self.0.submissions.get(id).is_some_and(|held| held.record.tombstone.is_some())
    }

    /// The submission, where there is exactly one.
    pub fn only_submission(&self) -> Option<SubmissionId> {
        let mut all = self.0.submissions.keys();
        all.next().filter(|_| all.next().is_none()).cloned()
    }

    /// Whether the store refused and the loop rests.
    pub fn is_stalled(&self) -> bool {
        self.0.stalled.is_some()
    }
}
