//! What the provider says, and what it settles.

use super::Mark;
use super::Submission;
use crate::clock::{Moment, UnixMs};
use crate::delivery::mutation::{Mutation, planted};
use crate::delivery::state::{Refusal, SubmissionState};
use crate::delivery::step::Step;
use crate::policy::{DRAFT_EXPIRED_AFTER_MS, FILES_EXPIRED_AFTER_MS, REFUSALS_MAX};
use crate::provider::{ProviderState, ProviderStatus};

/// The provider's word with the moment at which it was given.
#[derive(Clone, Copy)]
struct Seen<'a> {
    status: &'a ProviderStatus,
    server_ms: Option<UnixMs>,
    at: Moment,
}

impl Seen<'_> {
    fn submitted(&self) -> bool {
        self.status.state != ProviderState::NotSubmitted
    }

    fn is_unknown(&self) -> bool {
        self.status.state == ProviderState::Unknown
    }

    fn is_past(&self, mark: &Mark) -> bool {
        planted(Mutation::NewDraftTooEarly)
            || mark.surely_past(&self.at, self.server_ms, DRAFT_EXPIRED_AFTER_MS)
    }
}

impl Submission {
    pub(super) fn status_seen(
        &mut self,
        status: &ProviderStatus,
        document_count: Option<u32>,
        server_ms: Option<UnixMs>,
        at: Moment,
    ) -> bool {
        if matches!(self.state, SubmissionState::Withdrawn | SubmissionState::Purged) {
            return false;
        }
        self.status = Some(status.clone());
        if document_count.is_some() {
            self.writing.document_count = document_count;
        }
        let seen = Seen { status, server_ms, at };
        match self.state.clone() {
            SubmissionState::Unconfirmed { step, since, .. } => {
                if self.has_quiesced(&since, &at) {
                    self.reconcile(&step, &seen);
                }
            }
            SubmissionState::Queued if self.capabilities.overwrites => self.writes_seen(at),
            SubmissionState::Queued => self.queued_seen(&seen),
            SubmissionState::NeedsDocuments { .. }
            | SubmissionState::Awaiting { .. }
            | SubmissionState::Verified { .. }
            | SubmissionState::Failed { .. } => self.photos_seen(&seen),
            SubmissionState::Held
            | SubmissionState::Sending { .. }
            | SubmissionState::Blocked { .. }
            | SubmissionState::Quarantined { .. }
            | SubmissionState::Withdrawn
            | SubmissionState::Purged => {}
        }
        true
    }

    fn queued_seen(&mut self, seen: &Seen<'_>) {
        let at = seen.at;
        if self.authorizing.done {
            return self.stand_by(seen.status, at);
        }
        if self.counted_by(seen) {
            self.authorized();
            return self.stand_by(seen.status, at);
        }
        let waits_for_word = seen.is_unknown() && self.is_authorize_intended();
        if seen.submitted() && self.authorizing.round == 1 && !waits_for_word {
            return self.block(Refusal::SubmittedElsewhere, at);
        }
        self.end_restored(seen);
        let expired = |mark: &Mark| seen.is_past(mark);
        if let Some(draft) = self.authorizing.draft.take_if(|d| expired(&d.mark))
            && draft.intended()
            && seen.submitted()
        {
            return self.block(Refusal::Unresolved, at);
        }
        if self.authorizing.already_submitted.take_if(|mark| expired(mark)).is_some() {
            self.block(Refusal::Unresolved, at);
        }
    }

    /// Whether the provider's word proves that an authorize of ours counted; a new word proves
    /// nothing. In a further round it was submitted before, so only the best end proves it.
    fn counted_by(&self, seen: &Seen<'_>) -> bool {
        if self.authorizing.round > 1 {
            return seen.status.state == ProviderState::Verified;
        }
        seen.submitted() && !seen.is_unknown() && self.is_authorize_intended()
    }

    fn is_authorize_intended(&self) -> bool {
        self.authorizing.draft.as_ref().is_some_and(|d| d.intended())
    }

    /// Whether it is open if an authorize counted, while the draft can still live: the word is new,
    /// or the last one was refused and an earlier one may still arrive.
    fn is_unclear(&self, seen: &Seen<'_>) -> bool {
        let Some(draft) = &self.authorizing.draft else { return false };
        let may_follow = draft.repeated && draft.refusal.is_some() && !seen.submitted();
        let open = (seen.is_unknown() && draft.intended()) || may_follow;
        open && !seen.is_past(&draft.mark)
    }

    fn end_restored(&mut self, seen: &Seen<'_>) {
        self.restored.take_if(|mark| seen.is_past(mark));
    }

    /// Settles an open step after the quiesce time, by what the provider says now.
    fn reconcile(&mut self, step: &Step, seen: &Seen<'_>) {
        match step {
            Step::Authorize { .. } if self.is_unclear(seen) => {}
            Step::Create | Step::Authorize { .. } => {
                let given_up = self.authorizing.draft.as_mut().and_then(|d| d.refusal.take());
                self.state = SubmissionState::Queued;
                self.queued_seen(seen);
                if let (SubmissionState::Queued, Some(refusal)) = (&self.state, given_up) {
                    self.count_refusal(refusal, seen.at);
                }
            }
            Step::Attach { references } => self.reconcile_attach(references, seen),
            Step::Upload { .. } => {
                if seen.status.state != ProviderState::NeedsDocuments {
                    self.forget_uploads();
                    self.stand_by(seen.status, seen.at);
                }
            }
            Step::Details | Step::Side { .. } => {
                if self.would_overwrite() {
                    self.block(Refusal::WouldOverwrite, seen.at);
                }
            }
            Step::Read { .. } => {}
        }
    }

    fn reconcile_attach(&mut self, references: &[String], seen: &Seen<'_>) {
        let there = listed(references, seen.status);
        let some = there > 0 && there < references.len();
        if some && !planted(Mutation::SomeFilesAreAll) {
            return self.block(Refusal::SomeFiles, seen.at);
        }
        if there > 0 {
            self.attached(references);
        } else if self.files.gone || self.files_are_past(seen) {
            self.forget_uploads();
        }
        self.stand_by(seen.status, seen.at);
        if there == 0 && self.refusals >= REFUSALS_MAX {
            let code = String::from("photos_refused");
            self.block(Refusal::Unexplained { code, text: String::new() }, seen.at);
        }
    }

    /// Files that are being attached are settled as soon as all are listed, or once they are surely
    /// gone.
    fn photos_seen(&mut self, seen: &Seen<'_>) {
        self.end_restored(seen);
        match self.files.attaching.clone() {
            Some(references)
                if self.files.gone
                    || self.files_are_past(seen)
                    || listed(&references, seen.status) == references.len() =>
            {
                self.reconcile_attach(&references, seen);
            }
            Some(_) | None => self.stand_by(seen.status, seen.at),
        }
    }

    fn files_are_past(&self, seen: &Seen<'_>) -> bool {
        self.files
            .last
            .as_ref()
            .is_none_or(|m| m.surely_past(&seen.at, seen.server_ms, FILES_EXPIRED_AFTER_MS))
    }

    /// At a provider where each write overwrites: before the first write nobody else's may be
    /// there; after
    /// the last one all pictures must be.
    fn writes_seen(&mut self, at: Moment) {
        if !self.everything_written() {
            if self.would_overwrite() {
                self.block(Refusal::WouldOverwrite, at);
            }
            return;
        }
        let expected = u32::try_from(self.current_photos().count()).unwrap_or(u32::MAX);
        match self.writing.document_count {
            Some(count) if count >= expected || planted(Mutation::CountIgnored) => {
                self.state = SubmissionState::Awaiting { since: at };
            }
            Some(_) if self.writing.resent => self.block(Refusal::OneImageKept, at),
            Some(_) => {
                self.write_anew();
                self.writing.resent = true;
            }
            None => {}
        }
    }

    /// Whether the first write would overwrite what is under review, verified, or somebody else's.
    fn would_overwrite(&self) -> bool {
        let pending = match self.status.as_ref().map(|s| &s.state) {
            Some(
                ProviderState::InReview
                | ProviderState::Verified
                | ProviderState::Received
                | ProviderState::Unknown,
            ) => true,
            Some(
                ProviderState::NotSubmitted | ProviderState::NeedsDocuments | ProviderState::Failed,
            )
            | None => false,
        };
        let foreign = self.writing.document_count.is_some_and(|count| count > 0);
        self.needs_overwrite_check() && (pending || foreign)
    }

    /// Takes the provider's word for where the submission stands. An unknown word is pending.
    pub(super) fn stand_by(&mut self, status: &ProviderStatus, at: Moment) {
        self.status = Some(status.clone());
        if status.state == ProviderState::NotSubmitted && self.is_overdue(&at) {
            self.authorizing.done = false;
            return self.block(Refusal::Unresolved, at);
        }
        let said = match status.state {
            ProviderState::Verified => SubmissionState::Verified { since: at },
            ProviderState::Failed => SubmissionState::Failed { since: at },
            ProviderState::NeedsDocuments => SubmissionState::NeedsDocuments { since: at },
            ProviderState::NotSubmitted
            | ProviderState::Received
            | ProviderState::InReview
            | ProviderState::Unknown => SubmissionState::Awaiting { since: at },
        };
        if said.code() != self.state.code() {
            self.state = said;
        }
    }

    /// Whether the provider has said "nothing submitted" for longer than a draft can live.
    fn is_overdue(&self, at: &Moment) -> bool {
        let SubmissionState::Awaiting { since } = &self.state else { return false };
        let waited = at.since(since).unwrap_or_else(|| at.wall_since(since));
        self.capabilities.draft_then_authorize && waited >= DRAFT_EXPIRED_AFTER_MS
    }
}

/// How many of our files the provider lists.
fn listed(references: &[String], status: &ProviderStatus) -> usize {
    references.iter().filter(|r| status.documents.iter().any(|d| &d.reference == *r)).count()
}
