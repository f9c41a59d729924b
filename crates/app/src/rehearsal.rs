//! The runtime loop without a runtime, for tests: the caller is the clock, the network and the
//! disk. Each call goes to the very code that the real loop calls.

use satchel_core::chance::Chance;
use satchel_core::clock::Moment;
use satchel_core::delivery::{EngineEvent, Event, Step, Submission};
use satchel_core::http::{HttpRequest, HttpResponse, TransportFault};
use satchel_core::ids::{PhotoId, SubmissionId};
use satchel_core::onboarding::Draft;
use satchel_core::photo::Rendition;
use satchel_core::store::Store;

use crate::api::ApiError;
use crate::outgoing::Outgoing;
use crate::session::Session;

/// An open session that is driven by hand.
#[derive(Debug)]
pub struct Rehearsal(Session);

/// What one turn came to.
#[derive(Debug)]
pub struct Turn {
    /// Requests that leave now.
    pub departures: Vec<Departure>,
    /// When the next turn is due, in boot time.
    pub wake_at: Option<u64>,
}

/// One request that leaves.
pub struct Departure(Outgoing);

impl Departure {
    /// Its step.
    pub fn step(&self) -> &Step {
        &self.0.step
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

    /// One turn of the loop.
    pub fn turn(&mut self, now: Moment) -> Turn {
        self.0.recover(now);
        self.0.tell(EngineEvent::Tick, now);
        let departures = std::mem::take(&mut self.0.outgoing).into_iter().map(Departure).collect();
        Turn { departures, wake_at: self.0.wake_at(&now) }
    }

    /// What became of a request.
    pub fn hear(
        &mut self,
        departure: Departure,
        answer: Result<HttpResponse, TransportFault>,
        now: Moment,
    ) {
        let (outcome, server_ms) = departure.0.read(answer);
        let Outgoing { generation, submission, attempt, .. } = departure.0;
        if generation == self.0.generation {
            self.0.answer(submission, attempt, outcome, server_ms, now);
        }
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

    /// A submission as the engine believes it to stand.
    pub fn submission(&self, id: &SubmissionId) -> Option<&Submission> {
        self.0.engine.submission_of(id)
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
