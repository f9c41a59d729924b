//! Attempts: how one starts, and what its answer does.

use super::{Files, PhotoSent, RemoteDraft, Submission, Unsettled};
use crate::clock::{Moment, UnixMs};
use crate::delivery::mark::Mark;
use crate::delivery::mutation::{Mutation, planted};
use crate::delivery::outcome::{Ambiguity, Definite, Outcome, Receipt};
use crate::delivery::state::{Refusal, SubmissionState};
use crate::delivery::step::Step;
use crate::policy::FILES_USED_WITHIN_MS;

/// A refusal in the provider's words.
struct Said<'a> {
    fault: Definite,
    code: &'a str,
    text: &'a str,
}

impl Submission {
    pub(super) fn started(&mut self, attempt: u32, step: &Step, at: Moment) -> bool {
        let state_allows = match &self.state {
            SubmissionState::Queued | SubmissionState::NeedsDocuments { .. } => true,
            SubmissionState::Unconfirmed { step: open, since, .. } => {
                open == step && repeatable(step) && self.has_quiesced(since, &at)
            }
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
        if !state_allows || attempt != self.attempts + 1 || !self.step_fits(step) {
            return false;
        }
        if let SubmissionState::Unconfirmed { step, attempt, since, why } = &self.state {
            let (step, attempt, since, why) = (step.clone(), *attempt, *since, *why);
            self.unsettled = Some(Unsettled { step, attempt, since, why });
        }
        if let Step::Upload { .. } = step {
            self.begin_upload(at);
        }
        self.attempts = attempt;
        self.state = SubmissionState::Sending { step: step.clone(), attempt, since: at };
        true
    }

    /// Whether a step is one of this submission's now, whatever its state.
    fn step_fits(&self, step: &Step) -> bool {
        let drafts = self.capabilities.draft_then_authorize;
        match step {
            Step::Read { .. } => false,
            Step::Create => {
                drafts
                    && !self.authorizing.done
                    && self.authorizing.draft.is_none()
                    && self.authorizing.already_submitted.is_none()
                    && self.restored.is_none()
            }
            Step::Authorize { reference } => {
                let draft = self.authorizing.draft.as_ref();
                drafts
                    && !self.authorizing.done
                    && draft.is_some_and(|d| &d.reference == reference && !d.given_up)
            }
            Step::Upload { photo } => drafts && self.attaching().is_none() && self.has_photo(photo),
            Step::Attach { references } => {
                let frozen = self.files.attaching.as_ref();
                drafts && !references.is_empty() && frozen.is_none_or(|f| f == references)
            }
            Step::Details => self.capabilities.overwrites,
            Step::Side { photo } => self.capabilities.overwrites && self.has_photo(photo),
        }
    }

    /// Files of a round that can no longer all be attached are left to die.
    fn begin_upload(&mut self, at: Moment) {
        let fits =
            self.files.first.is_some_and(|f| f.surely_within(&at, None, FILES_USED_WITHIN_MS));
        if !fits {
            self.forget_uploads();
            self.files.first = Some(Mark::at(at));
        }
    }

    pub(super) fn answered(
        &mut self,
        attempt: u32,
        outcome: &Outcome,
        server_ms: Option<UnixMs>,
        at: Moment,
    ) -> bool {
        if attempt == 0 {
            return self.read_refused(outcome, at);
        }
        let SubmissionState::Sending { step, attempt: open, since } = self.state.clone() else {
            return false;
        };
        if attempt != open {
            return false;
        }
        match outcome {
            Outcome::Done { receipt } => {
                self.unsettled = None;
                let mark = Mark::new(since, at, server_ms);
                self.done(&step, receipt, mark, at);
            }
            Outcome::NotSent { .. } | Outcome::NotDone { .. } | Outcome::Credentials { .. } => {
                self.ready(at);
            }
            Outcome::Ambiguous { why: Ambiguity::ServerFault }
                if planted(Mutation::ClassedTwice) =>
            {
                self.ready(at);
            }
            Outcome::Ambiguous { why } => self.lost(&step, *why, at),
            Outcome::Definite { fault, code, text } => {
                self.unsettled = None;
                self.refused(&step, &Said { fault: *fault, code, text }, at);
            }
        }
        true
    }

    /// A read was refused for good. What may have arrived stays open behind the question to a
    /// person.
    fn read_refused(&mut self, outcome: &Outcome, at: Moment) -> bool {
        let Outcome::Definite { fault, code, text } = outcome else { return false };
        if !self.asks() {
            return false;
        }
        if let SubmissionState::Unconfirmed { step, attempt, since, why } = &self.state {
            let (step, attempt, since, why) = (step.clone(), *attempt, *since, *why);
            self.unsettled = Some(Unsettled { step, attempt, since, why });
        }
        let code = code.clone();
        let refusal = match fault {
            Definite::Configuration => Refusal::Configuration { code },
            Definite::Account | Definite::Unexplained | Definite::NoDocumentsOrAccount => {
                Refusal::Account { code }
            }
            Definite::Invalid
            | Definite::AlreadySubmitted
            | Definite::FullNumberNeeded
            | Definite::PhotosNotAskedFor
            | Definite::FilesGone
            | Definite::DraftGone
            | Definite::TooLarge => Refusal::Unexplained { code, text: text.clone() },
        };
        self.block(refusal, at);
        true
    }

    /// Whether it stands where it asks the provider by itself and is not at an end.
    fn asks(&self) -> bool {
        match &self.state {
            SubmissionState::Queued
            | SubmissionState::Unconfirmed { .. }
            | SubmissionState::Awaiting { .. }
            | SubmissionState::NeedsDocuments { .. } => true,
            SubmissionState::Held
            | SubmissionState::Sending { .. }
            | SubmissionState::Blocked { .. }
            | SubmissionState::Quarantined { .. }
            | SubmissionState::Verified { .. }
            | SubmissionState::Failed { .. }
            | SubmissionState::Withdrawn
            | SubmissionState::Purged => false,
        }
    }

    /// It may have arrived.
    pub(super) fn lost(&mut self, step: &Step, why: Ambiguity, at: Moment) {
        self.unsettled = None;
        match step {
            Step::Authorize { .. } => {
                if let Some(draft) = &mut self.authorizing.draft {
                    draft.intended = true;
                }
            }
            Step::Attach { references } => self.files.attaching = Some(references.clone()),
            Step::Details | Step::Side { .. } => self.write_lost(step, at),
            Step::Read { .. } | Step::Create | Step::Upload { .. } => {}
        }
        let (step, attempt) = (step.clone(), self.attempts);
        self.state = SubmissionState::Unconfirmed { step, attempt, since: at, why };
    }

    fn write_lost(&mut self, step: &Step, at: Moment) {
        let mark = Some(Mark::at(at));
        let replaced = self.photos.iter().any(|p| p.replaced && step.photo() == Some(&p.record.id));
        self.writing.begun = true;
        self.writing.lost = mark;
        if replaced {
            self.writing.changed_after = mark;
        }
    }

    fn done(&mut self, step: &Step, receipt: &Receipt, mark: Mark, at: Moment) {
        if step.has_effect() {
            self.refusals = 0;
        }
        match (step, receipt) {
            (Step::Create, Receipt::Draft { reference }) => {
                let reference = reference.clone();
                self.authorizing.draft = Some(RemoteDraft {
                    reference,
                    mark,
                    intended: false,
                    repeated: false,
                    given_up: false,
                    refusal: None,
                });
                self.ready(at);
            }
            (Step::Authorize { .. }, Receipt::Status { status }) => {
                self.authorized();
                self.stand_by(status, at);
            }
            (Step::Upload { photo }, Receipt::File { reference }) => {
                let sent = PhotoSent::Uploaded { reference: reference.clone() };
                self.mark_photo(photo, sent);
                self.uploaded(mark);
                self.ready(at);
            }
            (Step::Attach { references }, Receipt::Status { status }) => {
                self.attached(references);
                self.stand_by(status, at);
            }
            (Step::Details, _) => {
                self.writing.begun = true;
                self.writing.details_done = true;
                self.ready(at);
            }
            (Step::Side { photo }, _) => {
                self.writing.begun = true;
                self.writing.document_count = None;
                self.mark_photo(photo, PhotoSent::Written);
                self.ready(at);
            }
            (
                Step::Create
                | Step::Authorize { .. }
                | Step::Upload { .. }
                | Step::Attach { .. }
                | Step::Read { .. },
                _,
            ) => self.lost(step, Ambiguity::Foreign, at),
        }
    }

    fn uploaded(&mut self, mark: Mark) {
        let Files { first, last, .. } = &mut self.files;
        if let Some(first) = first {
            first.date(mark.server_ms());
        }
        *last = Some(mark);
    }

    pub(super) fn authorized(&mut self) {
        self.authorizing.done = true;
        self.authorizing.counted = true;
        self.authorizing.draft = None;
        self.authorizing.already_submitted = None;
    }

    fn refused(&mut self, step: &Step, said: &Said<'_>, at: Moment) {
        match step {
            Step::Authorize { .. } => self.authorize_refused(step, said, at),
            Step::Attach { .. } => self.attach_refused(step, said, at),
            Step::Create
                if said.fault == Definite::AlreadySubmitted
                    && planted(Mutation::SubmittedIsDone) =>
            {
                self.authorized();
                self.state = SubmissionState::Awaiting { since: at };
            }
            Step::Create if said.fault == Definite::AlreadySubmitted => {
                self.authorizing.already_submitted.get_or_insert(Mark::at(at));
                self.lost(step, Ambiguity::Unexpected, at);
            }
            Step::Upload { .. } if said.fault == Definite::PhotosNotAskedFor => {
                self.forget_uploads();
                self.state = SubmissionState::Awaiting { since: at };
            }
            Step::Create
            | Step::Upload { .. }
            | Step::Details
            | Step::Side { .. }
            | Step::Read { .. } => self.refused_plainly(step, said, at),
        }
    }

    /// A refused authorize may be the echo of one that counted: a look-up tells before a person is
    /// asked.
    fn authorize_refused(&mut self, step: &Step, said: &Said<'_>, at: Moment) {
        match said.fault {
            Definite::FullNumberNeeded => {
                self.authorizing.counted = true;
                self.authorizing.draft = None;
                self.block(Refusal::FullNumber, at);
            }
            Definite::Account | Definite::Configuration => self.refused_plainly(step, said, at),
            Definite::AlreadySubmitted
            | Definite::DraftGone
            | Definite::Invalid
            | Definite::PhotosNotAskedFor
            | Definite::FilesGone
            | Definite::TooLarge
            | Definite::NoDocumentsOrAccount
            | Definite::Unexplained => {
                let refusal = plain_refusal(step, said);
                let gone = matches!(said.fault, Definite::AlreadySubmitted | Definite::DraftGone);
                if let Some(draft) = &mut self.authorizing.draft {
                    draft.repeated |= draft.intended;
                    draft.given_up = true;
                    draft.refusal = (!gone).then_some(refusal);
                }
                self.lost(step, Ambiguity::Unexpected, at);
            }
        }
    }

    /// "Not asked for" and "gone" may be the echo of an attach that counted: a look-up tells.
    fn attach_refused(&mut self, step: &Step, said: &Said<'_>, at: Moment) {
        match said.fault {
            Definite::PhotosNotAskedFor | Definite::FilesGone => {
                self.refusals += 1;
                self.files.gone |= said.fault == Definite::FilesGone;
                self.lost(step, Ambiguity::Unexpected, at);
            }
            Definite::Invalid
            | Definite::AlreadySubmitted
            | Definite::FullNumberNeeded
            | Definite::DraftGone
            | Definite::TooLarge
            | Definite::Account
            | Definite::Configuration
            | Definite::NoDocumentsOrAccount
            | Definite::Unexplained => self.refused_plainly(step, said, at),
        }
    }

    fn refused_plainly(&mut self, step: &Step, said: &Said<'_>, at: Moment) {
        let refusal = plain_refusal(step, said);
        if planted(Mutation::RefusedWriteRepeated) && said.fault == Definite::Unexplained {
            return self.ready(at);
        }
        match said.fault {
            Definite::Account
            | Definite::Configuration
            | Definite::FullNumberNeeded
            | Definite::TooLarge => self.block(refusal, at),
            Definite::Invalid
            | Definite::AlreadySubmitted
            | Definite::PhotosNotAskedFor
            | Definite::FilesGone
            | Definite::DraftGone
            | Definite::NoDocumentsOrAccount
            | Definite::Unexplained => self.count_refusal(refusal, at),
        }
    }
}

fn plain_refusal(step: &Step, said: &Said<'_>) -> Refusal {
    let (code, text) = (said.code.to_owned(), said.text.to_owned());
    match (said.fault, step.photo()) {
        (Definite::TooLarge, Some(photo)) => Refusal::TooLarge { photo: photo.clone() },
        (Definite::Account, _) => Refusal::Account { code },
        (Definite::Configuration, _) => Refusal::Configuration { code },
        (Definite::FullNumberNeeded, _) => Refusal::FullNumber,
        (Definite::Invalid, _) => Refusal::Answers { code, text },
        (
            Definite::TooLarge
            | Definite::AlreadySubmitted
            | Definite::PhotosNotAskedFor
            | Definite::FilesGone
            | Definite::DraftGone
            | Definite::NoDocumentsOrAccount
            | Definite::Unexplained,
            _,
        ) => Refusal::Unexplained { code, text },
    }
}

/// Steps that may be sent again without asking first: inert, or overwriting with the same bytes.
fn repeatable(step: &Step) -> bool {
    match step {
        Step::Upload { .. } | Step::Details | Step::Side { .. } => true,
        Step::Authorize { .. } | Step::Attach { .. } => planted(Mutation::RetryUnreconciled),
        Step::Read { .. } | Step::Create => false,
    }
}
