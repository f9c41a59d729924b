//! One account's submission: a pure function of its events.

use super::event::{Correction, Event, Recorded};
use super::outcome::{Ambiguity, Definite, Outcome, Receipt};
use super::state::{Refusal, SubmissionState};
use super::step::Step;
use crate::clock::{Moment, UnixMs};
use crate::ids::{AccountId, PhotoId, SubmissionId};
use crate::photo::PhotoRecord;
use crate::policy::{
    DRAFT_EXPIRED_AFTER_MS, DRAFT_USED_WITHIN_MS, FILES_EXPIRED_AFTER_MS, FILES_USED_WITHIN_MS,
    QUIESCE_MS, REFUSALS_MAX,
};
use crate::provider::{Capabilities, ProviderState, ProviderStatus};
use crate::store::SubmissionIndex;

/// A submission as its log says it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    id: SubmissionId,
    account: AccountId,
    capabilities: Capabilities,
    state: SubmissionState,
    photos: Vec<SubmissionPhoto>,
    draft: Option<RemoteDraft>,
    authorize_intended: bool,
    authorized: bool,
    already_submitted: Option<Mark>,
    numbers_round: u32,
    first_upload: Option<Mark>,
    details_intended: bool,
    details_done: bool,
    overwrite_confirmed: bool,
    resent: bool,
    document_count: Option<u32>,
    status: Option<ProviderStatus>,
    refusals: u32,
    attempts: u32,
    seq: u64,
}

/// A photo of a submission and how far it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubmissionPhoto {
    /// The photo.
    pub record: PhotoRecord,
    /// How far it came.
    pub sent: PhotoSent,
    /// Whether a later photo replaced it.
    pub replaced: bool,
    /// When it joined the submission.
    pub added_ms: UnixMs,
}

/// How far a photo came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhotoSent {
    /// Only here.
    Here,
    /// At the provider as an inert file.
    Uploaded {
        /// The file's identifier there.
        reference: String,
    },
    /// Attached to the account.
    Attached {
        /// The file's identifier there.
        reference: String,
    },
    /// Written to the account.
    Written,
}

/// An inert draft at the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RemoteDraft {
    pub(super) reference: String,
    pub(super) mark: Mark,
    pub(super) refused: bool,
}

/// A moment from which a window of the provider counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    at: Moment,
    server_ms: Option<UnixMs>,
    anew: Option<Moment>,
}

/// An event that cannot follow in this state: a fault of ours or an edited log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("event {seq} cannot follow in state {state}")]
pub struct IllegalEvent {
    /// The event's place in the log.
    pub seq: u64,
    /// The state's code.
    pub state: &'static str,
}

impl Mark {
    fn new(at: Moment, server_ms: Option<UnixMs>) -> Self {
        Self { at, server_ms, anew: None }
    }

    /// Whether less than `limit_ms` have passed for certain.
    pub(super) fn surely_within(
        &self,
        now: &Moment,
        server_now: Option<UnixMs>,
        limit_ms: u64,
    ) -> bool {
        let by_boot = now.since(&self.at);
        let by_server = self.server_age(server_now);
        let ages: Vec<u64> = by_boot.into_iter().chain(by_server).collect();
        !ages.is_empty() && ages.into_iter().all(|age| age < limit_ms)
    }

    /// Whether at least `limit_ms` have passed for certain.
    pub(super) fn surely_past(
        &self,
        now: &Moment,
        server_now: Option<UnixMs>,
        limit_ms: u64,
    ) -> bool {
        let by_server = self.server_age(server_now);
        match (now.since(&self.at), by_server) {
            (Some(boot), Some(server)) => boot >= limit_ms && server >= limit_ms,
            (Some(boot), None) => boot >= limit_ms,
            (None, Some(server)) => server >= limit_ms,
            (None, None) => {
                self.anew.and_then(|anew| now.since(&anew)).is_some_and(|age| age >= limit_ms)
            }
        }
    }

    /// Boot time from which `surely_past` can hold, as far as this device's clock tells.
    pub(super) fn past_from(&self, now: &Moment, limit_ms: u64) -> u64 {
        let from = [Some(self.at), self.anew].into_iter().flatten().find(|m| m.boot == now.boot);
        from.map_or(now.boot_ms, |m| m.boot_ms.saturating_add(limit_ms))
    }

    fn server_age(&self, server_now: Option<UnixMs>) -> Option<u64> {
        let (then, now) = (self.server_ms?, server_now?);
        Some(u64::try_from(now.saturating_sub(then)).unwrap_or(0))
    }

    fn restarted(&mut self, at: Moment) {
        if at.boot != self.at.boot {
            self.anew = Some(at);
        }
    }
}

impl Submission {
    /// Replays a log.
    ///
    /// # Errors
    /// [`IllegalEvent`] when the log does not begin with a sealing or an event cannot follow.
    pub fn replay(
        id: SubmissionId,
        account: AccountId,
        log: &[Recorded],
    ) -> Result<Self, IllegalEvent> {
        let illegal = IllegalEvent { seq: 1, state: "none" };
        let (first, rest) = log.split_first().ok_or(illegal.clone())?;
        let Event::Sealed { photos, capabilities } = &first.event else { return Err(illegal) };
        let mut submission = Self::sealed(id, account, photos, *capabilities, first);
        for entry in rest {
            submission.after(entry)?;
        }
        Ok(submission)
    }

    fn sealed(
        id: SubmissionId,
        account: AccountId,
        photos: &[PhotoRecord],
        capabilities: Capabilities,
        entry: &Recorded,
    ) -> Self {
        let mut submission = Self {
            id,
            account,
            capabilities,
            state: SubmissionState::Queued,
            photos: Vec::new(),
            draft: None,
            authorize_intended: false,
            authorized: false,
            already_submitted: None,
            numbers_round: 1,
            first_upload: None,
            details_intended: false,
            details_done: false,
            overwrite_confirmed: false,
            resent: false,
            document_count: None,
            status: None,
            refusals: 0,
            attempts: 0,
            seq: entry.seq,
        };
        submission.add_photos(photos, entry.at.wall_ms);
        submission
    }

    /// Moves on by one event.
    ///
    /// # Errors
    /// [`IllegalEvent`] when it cannot follow; nothing has changed then.
    pub fn after(&mut self, entry: &Recorded) -> Result<(), IllegalEvent> {
        let illegal = IllegalEvent { seq: entry.seq, state: self.state.code() };
        if entry.seq != self.seq + 1 {
            return Err(illegal);
        }
        let mut next = self.clone();
        next.seq = entry.seq;
        let moved = match &entry.event {
            Event::Sealed { .. } => false,
            Event::AttemptStarted { attempt, step } => next.started(*attempt, step, entry.at),
            Event::Answered { attempt, outcome, server_ms } => {
                next.answered(*attempt, outcome, *server_ms, entry.at)
            }
            Event::Restarted => next.interrupted(Ambiguity::Restart, entry.at),
            Event::Restored => next.restored(entry.at),
            Event::StatusSeen { status, document_count, server_ms } => {
                next.status_seen(status, *document_count, *server_ms, entry.at)
            }
            Event::PhotosAdded { photos } => next.photos_added(photos, entry.at),
            Event::Corrected { correction } => next.corrected(correction, entry.at),
            Event::Released => next.released(entry.at),
            Event::Withdrawn => next.withdrawn(),
            Event::Purged => next.purged(),
        };
        if !moved {
            return Err(illegal);
        }
        *self = next;
        Ok(())
    }

    fn started(&mut self, attempt: u32, step: &Step, at: Moment) -> bool {
        let may_start = match &self.state {
            SubmissionState::Queued | SubmissionState::NeedsDocuments { .. } => true,
            SubmissionState::Unconfirmed { step: open, .. } => open == step && repeatable(step),
            SubmissionState::Held
            | SubmissionState::Sending { .. }
            | SubmissionState::Awaiting { .. }
            | SubmissionState::Blocked { .. }
            | SubmissionState::Quarantined { .. }
            | SubmissionState::Verified { .. }
            | SubmissionState::Failed { .. }
            | SubmissionState::Withdrawn
            | SubmissionState::Purged => false,
        };
        if !may_start || attempt != self.attempts + 1 || step.is_read() {
            return false;
        }
        match step {
            Step::Authorize { .. } => self.authorize_intended = true,
            Step::Upload { .. } => self.begin_uploads(at),
            Step::Details => self.details_intended = true,
            Step::Read { .. } | Step::Create | Step::Attach { .. } | Step::Side { .. } => {}
        }
        self.attempts = attempt;
        self.state = SubmissionState::Sending { step: step.clone(), attempt, since: at };
        true
    }

    fn begin_uploads(&mut self, at: Moment) {
        let none_up = !self.photos.iter().any(|p| matches!(p.sent, PhotoSent::Uploaded { .. }));
        if self.first_upload.is_none() || none_up {
            self.first_upload = Some(Mark::new(at, None));
        }
    }

    fn answered(
        &mut self,
        attempt: u32,
        outcome: &Outcome,
        server_ms: Option<UnixMs>,
        at: Moment,
    ) -> bool {
        if attempt == 0 {
            return self.read_refused(outcome, at);
        }
        let SubmissionState::Sending { step, attempt: open, .. } = self.state.clone() else {
            return false;
        };
        if attempt != open {
            return false;
        }
        match outcome {
            Outcome::Done { receipt } => self.done(&step, receipt, server_ms, at),
            Outcome::NotSent { .. } | Outcome::NotDone { .. } | Outcome::Credentials { .. } => {
                self.ready(at);
            }
            Outcome::Ambiguous { why } => {
                self.state = SubmissionState::Unconfirmed { step, attempt, since: at, why: *why };
            }
            Outcome::Definite { fault, code, text } => {
                self.refused(&step, attempt, *fault, (code, text), at);
            }
        }
        true
    }

    fn read_refused(&mut self, outcome: &Outcome, at: Moment) -> bool {
        let Outcome::Definite { fault, code, text } = outcome else { return false };
        if !self.state.is_open() {
            return false;
        }
        let refusal = match fault {
            Definite::Configuration => Refusal::Configuration { code: code.clone() },
            Definite::Account | Definite::Unexplained | Definite::NoDocumentsOrAccount => {
                Refusal::Account { code: code.clone() }
            }
            Definite::Invalid
            | Definite::AlreadySubmitted
            | Definite::FullNumberNeeded
            | Definite::PhotosNotAskedFor
            | Definite::FilesGone
            | Definite::DraftGone
            | Definite::TooLarge => Refusal::Unexplained { code: code.clone(), text: text.clone() },
        };
        self.state = SubmissionState::Blocked { refusal, since: at };
        true
    }

    fn done(&mut self, step: &Step, receipt: &Receipt, server_ms: Option<UnixMs>, at: Moment) {
        self.refusals = 0;
        match (step, receipt) {
            (Step::Create, Receipt::Draft { reference }) => {
                let mark = Mark::new(at, server_ms);
                self.draft =
                    Some(RemoteDraft { reference: reference.clone(), mark, refused: false });
                self.ready(at);
            }
            (Step::Authorize { .. }, Receipt::Status { status }) => {
                self.authorized = true;
                self.draft = None;
                self.stand_by(status, at);
            }
            (Step::Upload { photo }, Receipt::File { reference }) => {
                let sent = PhotoSent::Uploaded { reference: reference.clone() };
                self.mark_photo(photo, sent);
                if let Some(mark) = &mut self.first_upload
                    && mark.server_ms.is_none()
                {
                    mark.server_ms = server_ms;
                }
                self.ready(at);
            }
            (Step::Attach { references }, Receipt::Status { status }) => {
                self.attached(references);
                self.stand_by(status, at);
            }
            (Step::Details, _) => {
                self.details_done = true;
                self.ready(at);
            }
            (Step::Side { photo }, _) => {
                self.mark_photo(photo, PhotoSent::Written);
                self.document_count = None;
                self.ready(at);
            }
            (
                Step::Create
                | Step::Authorize { .. }
                | Step::Upload { .. }
                | Step::Attach { .. }
                | Step::Read { .. },
                _,
            ) => {
                let attempt = self.attempts;
                self.state = SubmissionState::Unconfirmed {
                    step: step.clone(),
                    attempt,
                    since: at,
                    why: Ambiguity::Foreign,
                };
            }
        }
    }

    fn refused(
        &mut self,
        step: &Step,
        attempt: u32,
        fault: Definite,
        said: (&String, &String),
        at: Moment,
    ) {
        let (code, text) = (said.0.clone(), said.1.clone());
        if let (Step::Authorize { .. }, Some(draft)) = (step, &mut self.draft) {
            draft.refused = true;
        }
        match fault {
            Definite::AlreadySubmitted | Definite::DraftGone => {
                if fault == Definite::AlreadySubmitted && *step == Step::Create {
                    self.already_submitted.get_or_insert(Mark::new(at, None));
                }
                let (step, why) = (step.clone(), Ambiguity::Unexpected);
                self.state = SubmissionState::Unconfirmed { step, attempt, since: at, why };
            }
            Definite::FullNumberNeeded => self.block(Refusal::FullNumber, at),
            Definite::PhotosNotAskedFor => {
                self.forget_uploads();
                self.state = SubmissionState::Awaiting { since: at };
            }
            Definite::FilesGone => {
                self.forget_uploads();
                self.refusals += 1;
                if self.refusals >= REFUSALS_MAX {
                    self.block(Refusal::Unexplained { code, text }, at);
                } else {
                    self.ready(at);
                }
            }
            Definite::TooLarge => match step.photo() {
                Some(photo) => self.block(Refusal::TooLarge { photo: photo.clone() }, at),
                None => self.count_refusal(Refusal::Unexplained { code, text }, at),
            },
            Definite::Account => self.block(Refusal::Account { code }, at),
            Definite::Configuration => self.block(Refusal::Configuration { code }, at),
            Definite::Invalid => self.count_refusal(Refusal::Answers { code, text }, at),
            Definite::NoDocumentsOrAccount | Definite::Unexplained => {
                self.count_refusal(Refusal::Unexplained { code, text }, at);
            }
        }
    }

    fn count_refusal(&mut self, refusal: Refusal, at: Moment) {
        self.refusals += 1;
        self.block(refusal, at);
    }

    fn block(&mut self, refusal: Refusal, at: Moment) {
        self.state = if self.refusals >= REFUSALS_MAX {
            SubmissionState::Quarantined { refusal, since: at }
        } else {
            SubmissionState::Blocked { refusal, since: at }
        };
    }

    fn interrupted(&mut self, why: Ambiguity, at: Moment) -> bool {
        match &self.state {
            SubmissionState::Sending { step, attempt, .. } => {
                let (step, attempt) = (step.clone(), *attempt);
                self.state = SubmissionState::Unconfirmed { step, attempt, since: at, why };
            }
            SubmissionState::Unconfirmed { step, attempt, since, why } => {
                if since.boot != at.boot {
                    let (step, attempt, why) = (step.clone(), *attempt, *why);
                    self.state = SubmissionState::Unconfirmed { step, attempt, since: at, why };
                }
            }
            SubmissionState::Held
            | SubmissionState::Queued
            | SubmissionState::Awaiting { .. }
            | SubmissionState::NeedsDocuments { .. }
            | SubmissionState::Blocked { .. }
            | SubmissionState::Quarantined { .. }
            | SubmissionState::Verified { .. }
            | SubmissionState::Failed { .. }
            | SubmissionState::Withdrawn
            | SubmissionState::Purged => {}
        }
        for mark in self.marks() {
            mark.restarted(at);
        }
        true
    }

    fn marks(&mut self) -> impl Iterator<Item = &mut Mark> {
        let draft = self.draft.as_mut().map(|d| &mut d.mark);
        draft.into_iter().chain(self.first_upload.as_mut()).chain(self.already_submitted.as_mut())
    }

    /// After a restore the log may lack its newest entries: what could have begun since is taken as begun.
    fn restored(&mut self, at: Moment) -> bool {
        if let (Some(step), true) = (self.could_have_begun(), self.state.is_open()) {
            let attempt = self.attempts;
            let why = Ambiguity::Restart;
            self.state = SubmissionState::Unconfirmed { step, attempt, since: at, why };
        }
        for mark in self.marks() {
            mark.anew = Some(at);
            mark.server_ms = None;
        }
        true
    }

    fn could_have_begun(&self) -> Option<Step> {
        match &self.state {
            SubmissionState::Sending { step, .. } | SubmissionState::Unconfirmed { step, .. } => {
                Some(step.clone())
            }
            SubmissionState::Queued if self.capabilities.draft_then_authorize => Some(
                self.draft
                    .as_ref()
                    .map_or(Step::Create, |d| Step::Authorize { reference: d.reference.clone() }),
            ),
            SubmissionState::Queued => Some(Step::Details),
            SubmissionState::Held
            | SubmissionState::NeedsDocuments { .. }
            | SubmissionState::Awaiting { .. }
            | SubmissionState::Blocked { .. }
            | SubmissionState::Quarantined { .. }
            | SubmissionState::Verified { .. }
            | SubmissionState::Failed { .. }
            | SubmissionState::Withdrawn
            | SubmissionState::Purged => None,
        }
    }

    fn photos_added(&mut self, photos: &[PhotoRecord], at: Moment) -> bool {
        let may_add = match &self.state {
            SubmissionState::NeedsDocuments { .. }
            | SubmissionState::Failed { .. }
            | SubmissionState::Queued
            | SubmissionState::Awaiting { .. }
            | SubmissionState::Blocked { .. }
            | SubmissionState::Quarantined { .. } => true,
            SubmissionState::Held
            | SubmissionState::Sending { .. }
            | SubmissionState::Unconfirmed { .. }
            | SubmissionState::Verified { .. }
            | SubmissionState::Withdrawn
            | SubmissionState::Purged => false,
        };
        if !may_add || photos.is_empty() {
            return false;
        }
        if self.capabilities.set_resent_whole {
            self.photos.iter_mut().for_each(|p| p.replaced = true);
            self.resent = false;
            self.document_count = None;
        }
        self.add_photos(photos, at.wall_ms);
        if !matches!(self.state, SubmissionState::Awaiting { .. }) {
            self.ready(at);
        }
        true
    }

    fn add_photos(&mut self, photos: &[PhotoRecord], at_ms: UnixMs) {
        for record in photos {
            for old in &mut self.photos {
                let same = old.record.document == record.document && old.record.side == record.side;
                old.replaced |= same;
            }
            self.photos.push(SubmissionPhoto {
                record: record.clone(),
                sent: PhotoSent::Here,
                replaced: false,
                added_ms: at_ms,
            });
        }
    }

    fn corrected(&mut self, correction: &Correction, at: Moment) -> bool {
        let refusal = match &self.state {
            SubmissionState::Blocked { refusal, .. }
            | SubmissionState::Quarantined { refusal, .. } => refusal.clone(),
            SubmissionState::Held
            | SubmissionState::Queued
            | SubmissionState::Sending { .. }
            | SubmissionState::Unconfirmed { .. }
            | SubmissionState::Awaiting { .. }
            | SubmissionState::NeedsDocuments { .. }
            | SubmissionState::Verified { .. }
            | SubmissionState::Failed { .. }
            | SubmissionState::Withdrawn
            | SubmissionState::Purged => return false,
        };
        match correction {
            Correction::Answers => self.details_done = false,
            Correction::FullNumber => {
                self.numbers_round += 1;
                self.authorized = false;
                self.details_done = false;
            }
            Correction::Overwrite => {
                if refusal != Refusal::WouldOverwrite {
                    return false;
                }
                self.overwrite_confirmed = true;
            }
            Correction::Follow => {
                let Some(status) = self.status.clone() else { return false };
                self.authorized = true;
                self.draft = None;
                self.stand_by(&status, at);
                return true;
            }
            Correction::Photo { old, new } => {
                let Some(photo) = self.photos.iter_mut().find(|p| &p.record.id == old) else {
                    return false;
                };
                photo.replaced = true;
                self.add_photos(std::slice::from_ref(new), at.wall_ms);
            }
            Correction::TryAgain => {}
        }
        self.ready(at);
        true
    }

    fn released(&mut self, at: Moment) -> bool {
        let held =
            matches!(self.state, SubmissionState::Held | SubmissionState::Quarantined { .. });
        if held {
            self.refusals = 0;
            self.ready(at);
        }
        held
    }

    fn withdrawn(&mut self) -> bool {
        let may = self.can_withdraw();
        if may {
            self.state = SubmissionState::Withdrawn;
        }
        may
    }

    fn purged(&mut self) -> bool {
        let may = match &self.state {
            SubmissionState::Verified { .. }
            | SubmissionState::Failed { .. }
            | SubmissionState::Withdrawn => true,
            SubmissionState::Held
            | SubmissionState::Queued
            | SubmissionState::Sending { .. }
            | SubmissionState::Unconfirmed { .. }
            | SubmissionState::Awaiting { .. }
            | SubmissionState::NeedsDocuments { .. }
            | SubmissionState::Blocked { .. }
            | SubmissionState::Quarantined { .. }
            | SubmissionState::Purged => false,
        };
        if may {
            self.state = SubmissionState::Purged;
        }
        may
    }

    fn status_seen(
        &mut self,
        status: &ProviderStatus,
        document_count: Option<u32>,
        server_ms: Option<UnixMs>,
        at: Moment,
    ) -> bool {
        if !self.state.is_open()
            && !matches!(
                self.state,
                SubmissionState::Verified { .. } | SubmissionState::Failed { .. }
            )
        {
            return false;
        }
        self.status = Some(status.clone());
        if document_count.is_some() {
            self.document_count = document_count;
        }
        match self.state.clone() {
            SubmissionState::Unconfirmed { step, since, .. } => {
                let quiesced = at.since(&since).is_some_and(|ms| ms >= QUIESCE_MS);
                if quiesced {
                    self.reconcile(&step, status, server_ms, at);
                }
            }
            SubmissionState::Queued => self.queued_seen(status, server_ms, at),
            SubmissionState::Awaiting { .. }
            | SubmissionState::NeedsDocuments { .. }
            | SubmissionState::Verified { .. }
            | SubmissionState::Failed { .. } => self.stand_by(status, at),
            SubmissionState::Held
            | SubmissionState::Sending { .. }
            | SubmissionState::Blocked { .. }
            | SubmissionState::Quarantined { .. }
            | SubmissionState::Withdrawn
            | SubmissionState::Purged => {}
        }
        true
    }

    fn queued_seen(&mut self, status: &ProviderStatus, server_ms: Option<UnixMs>, at: Moment) {
        if self.capabilities.overwrites {
            return self.overwrite_seen(status, at);
        }
        if self.authorized {
            return self.stand_by(status, at);
        }
        let submitted = status.state != ProviderState::NotSubmitted;
        if submitted && self.authorize_intended && self.numbers_round == 1 {
            self.authorized = true;
            self.draft = None;
            return self.stand_by(status, at);
        }
        if submitted && self.numbers_round == 1 {
            return self.block(Refusal::SubmittedElsewhere, at);
        }
        let expired = self
            .draft
            .as_ref()
            .is_some_and(|d| d.mark.surely_past(&at, server_ms, DRAFT_EXPIRED_AFTER_MS));
        if expired && self.numbers_round > 1 && self.authorize_intended {
            return self.block(Refusal::Unresolved, at);
        }
        if expired {
            self.draft = None;
        }
        let fenced = self
            .already_submitted
            .is_some_and(|mark| mark.surely_past(&at, server_ms, DRAFT_EXPIRED_AFTER_MS));
        if fenced {
            self.already_submitted = None;
            self.block(Refusal::Unresolved, at);
        }
    }

    fn overwrite_seen(&mut self, status: &ProviderStatus, at: Moment) {
        let begun = self.details_intended || self.overwrite_confirmed;
        let held_there = match status.state {
            ProviderState::InReview | ProviderState::Verified => true,
            ProviderState::NotSubmitted
            | ProviderState::Received
            | ProviderState::NeedsDocuments
            | ProviderState::Failed
            | ProviderState::Unknown => false,
        };
        if !begun && (held_there || self.document_count.is_some_and(|n| n > 0)) {
            return self.block(Refusal::WouldOverwrite, at);
        }
        if !self.everything_written() {
            return;
        }
        let expected = u32::try_from(self.current_photos().count()).unwrap_or(u32::MAX);
        match self.document_count {
            Some(count) if count >= expected => self.stand_by(status, at),
            Some(_) if self.resent => self.block(Refusal::OneImageKept, at),
            Some(_) => {
                self.resent = true;
                self.document_count = None;
                self.photos
                    .iter_mut()
                    .filter(|p| !p.replaced)
                    .for_each(|p| p.sent = PhotoSent::Here);
            }
            None => {}
        }
    }

    /// Settles an open step after the quiesce time, by what the provider says now.
    fn reconcile(
        &mut self,
        step: &Step,
        status: &ProviderStatus,
        server_ms: Option<UnixMs>,
        at: Moment,
    ) {
        let submitted = status.state != ProviderState::NotSubmitted;
        match step {
            Step::Create if !submitted || self.numbers_round > 1 => self.ready(at),
            Step::Create if self.authorize_intended => {
                self.authorized = true;
                self.draft = None;
                self.stand_by(status, at);
            }
            Step::Create => self.block(Refusal::SubmittedElsewhere, at),
            Step::Authorize { .. } if submitted && self.numbers_round == 1 => {
                self.authorized = true;
                self.draft = None;
                self.stand_by(status, at);
            }
            Step::Authorize { .. } => {
                self.state = SubmissionState::Queued;
                self.queued_seen(status, server_ms, at);
            }
            Step::Attach { references } => self.reconcile_attach(references, status, at),
            Step::Upload { .. } => {
                if status.state == ProviderState::NeedsDocuments {
                    return;
                }
                self.forget_uploads();
                self.stand_by(status, at);
            }
            Step::Details | Step::Side { .. } | Step::Read { .. } => {}
        }
    }

    fn reconcile_attach(&mut self, references: &[String], status: &ProviderStatus, at: Moment) {
        let there = references
            .iter()
            .filter(|r| status.documents.iter().any(|d| &d.reference == *r))
            .count();
        if there == references.len() {
            self.attached(references);
            self.stand_by(status, at);
        } else if there == 0 {
            self.stand_by(status, at);
        } else {
            self.block(Refusal::SomeFiles, at);
        }
    }

    /// Takes the provider's word for where the submission stands. An unknown word is pending.
    fn stand_by(&mut self, status: &ProviderStatus, at: Moment) {
        self.status = Some(status.clone());
        let since =
            |state: &SubmissionState, same: bool| state.since().filter(|_| same).unwrap_or(at);
        self.state = match status.state {
            ProviderState::Verified => {
                let same = matches!(self.state, SubmissionState::Verified { .. });
                SubmissionState::Verified { since: since(&self.state, same) }
            }
            ProviderState::Failed => {
                let same = matches!(self.state, SubmissionState::Failed { .. });
                SubmissionState::Failed { since: since(&self.state, same) }
            }
            ProviderState::NeedsDocuments => {
                let same = matches!(self.state, SubmissionState::NeedsDocuments { .. });
                SubmissionState::NeedsDocuments { since: since(&self.state, same) }
            }
            ProviderState::NotSubmitted
            | ProviderState::Received
            | ProviderState::InReview
            | ProviderState::Unknown => {
                let same = matches!(self.state, SubmissionState::Awaiting { .. });
                SubmissionState::Awaiting { since: since(&self.state, same) }
            }
        };
    }

    /// Goes back to where the next step is taken from.
    fn ready(&mut self, at: Moment) {
        let wants_photos = self.authorized
            && self.status.as_ref().is_some_and(|s| s.state == ProviderState::NeedsDocuments);
        self.state = if wants_photos {
            SubmissionState::NeedsDocuments { since: at }
        } else {
            SubmissionState::Queued
        };
    }

    fn mark_photo(&mut self, id: &PhotoId, sent: PhotoSent) {
        if let Some(photo) = self.photos.iter_mut().find(|p| &p.record.id == id) {
            photo.sent = sent;
        }
    }

    fn attached(&mut self, references: &[String]) {
        for photo in &mut self.photos {
            if let PhotoSent::Uploaded { reference } = &photo.sent
                && references.contains(reference)
            {
                photo.sent = PhotoSent::Attached { reference: reference.clone() };
            }
        }
        self.first_upload = None;
    }

    pub(super) fn forget_uploads(&mut self) {
        for photo in &mut self.photos {
            if matches!(photo.sent, PhotoSent::Uploaded { .. }) {
                photo.sent = PhotoSent::Here;
            }
        }
        self.first_upload = None;
    }
}

/// Steps that may be sent again without asking first: inert, or overwriting with the same bytes.
fn repeatable(step: &Step) -> bool {
    match step {
        Step::Upload { .. } | Step::Details | Step::Side { .. } => true,
        Step::Read { .. } | Step::Create | Step::Authorize { .. } | Step::Attach { .. } => false,
    }
}

impl Submission {
    /// Its identifier.
    pub fn id(&self) -> &SubmissionId {
        &self.id
    }

    /// Its account.
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// Where it stands.
    pub fn state(&self) -> &SubmissionState {
        &self.state
    }

    /// What the provider could do when it was sealed.
    pub fn capabilities(&self) -> Capabilities {
        self.capabilities
    }

    /// All its photos, replaced ones included, in the order in which they came.
    pub fn photos(&self) -> &[SubmissionPhoto] {
        &self.photos
    }

    /// The provider's last word.
    pub fn status(&self) -> Option<&ProviderStatus> {
        self.status.as_ref()
    }

    /// Whether it stands as `other` does, but for the log's length.
    pub(super) fn stands_like(&self, other: &Submission) -> bool {
        Self { seq: other.seq, ..self.clone() } == *other
    }

    /// The plain columns that mirror the log.
    pub fn index(&self) -> SubmissionIndex {
        SubmissionIndex {
            state: self.state.code().to_owned(),
            open_step: self.state.open_step().map(|s| s.code().to_owned()),
        }
    }

    /// Place of the log's last entry.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// Attempts so far.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Whether it can still be taken back: nothing that counts was begun.
    pub fn can_withdraw(&self) -> bool {
        let begun = self.authorize_intended || self.details_intended || self.authorized;
        let idle = match &self.state {
            SubmissionState::Held
            | SubmissionState::Queued
            | SubmissionState::Blocked { .. }
            | SubmissionState::Quarantined { .. } => true,
            SubmissionState::Sending { .. }
            | SubmissionState::Unconfirmed { .. }
            | SubmissionState::Awaiting { .. }
            | SubmissionState::NeedsDocuments { .. }
            | SubmissionState::Verified { .. }
            | SubmissionState::Failed { .. }
            | SubmissionState::Withdrawn
            | SubmissionState::Purged => false,
        };
        idle && !begun
    }

    /// Whether the full national number may be given now: the provider asked for it.
    pub fn wants_full_number(&self) -> bool {
        matches!(&self.state, SubmissionState::Blocked { refusal: Refusal::FullNumber, .. })
    }

    /// The photos that count: no later one replaced them.
    pub fn current_photos(&self) -> impl Iterator<Item = &SubmissionPhoto> {
        self.photos.iter().filter(|p| !p.replaced)
    }

    /// Photos that have not yet reached the account.
    pub fn pending_photos(&self) -> impl Iterator<Item = &SubmissionPhoto> {
        self.current_photos()
            .filter(|p| matches!(p.sent, PhotoSent::Here | PhotoSent::Uploaded { .. }))
    }

    fn everything_written(&self) -> bool {
        self.details_done && self.pending_photos().next().is_none()
    }

    pub(super) fn draft(&self) -> Option<&RemoteDraft> {
        self.draft.as_ref()
    }

    pub(super) fn is_authorized(&self) -> bool {
        self.authorized
    }

    pub(super) fn is_details_done(&self) -> bool {
        self.details_done
    }

    pub(super) fn needs_overwrite_check(&self) -> bool {
        !self.details_intended && !self.overwrite_confirmed
    }

    pub(super) fn document_count(&self) -> Option<u32> {
        self.document_count
    }

    pub(super) fn already_submitted(&self) -> Option<&Mark> {
        self.already_submitted.as_ref()
    }

    pub(super) fn first_upload(&self) -> Option<&Mark> {
        self.first_upload.as_ref()
    }

    /// Whether the draft may still be authorized under the same identifier.
    pub(super) fn draft_usable(&self, now: &Moment, server_now: Option<UnixMs>) -> bool {
        self.draft.as_ref().is_some_and(|d| {
            !d.refused && d.mark.surely_within(now, server_now, DRAFT_USED_WITHIN_MS)
        })
    }

    /// Whether uploaded files may still be attached.
    pub(super) fn files_usable(&self, now: &Moment, server_now: Option<UnixMs>) -> bool {
        self.first_upload.is_some_and(|m| m.surely_within(now, server_now, FILES_USED_WITHIN_MS))
    }

    /// Whether uploaded files are surely gone.
    pub(super) fn files_gone(&self, now: &Moment, server_now: Option<UnixMs>) -> bool {
        self.first_upload.is_none_or(|m| m.surely_past(now, server_now, FILES_EXPIRED_AFTER_MS))
    }
}
