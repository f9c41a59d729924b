//! What others may know of a submission.

use super::{PhotoSent, RemoteDraft, Submission, SubmissionPhoto};
use crate::clock::{Moment, UnixMs};
use crate::delivery::mark::Mark;
use crate::delivery::mutation::{Mutation, planted};
use crate::delivery::state::{Refusal, SubmissionState};
use crate::delivery::step::Step;
use crate::ids::{AccountId, PhotoId, SubmissionId};
use crate::policy::{
    DRAFT_EXPIRED_AFTER_MS, DRAFT_USED_WITHIN_MS, FILES_EXPIRED_AFTER_MS, FILES_USED_WITHIN_MS,
    LATE_WRITE_MS, QUIESCE_MS,
};
use crate::provider::{Capabilities, ProviderState, ProviderStatus};
use crate::store::SubmissionIndex;

/// Something begun at the provider that it forgets unless it is finished in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// What must be done.
    pub by: Finish,
    /// Milliseconds that are left for it, with some kept for clocks.
    pub left_ms: u64,
}

/// What finishes something begun at the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    /// A draft is to be authorized.
    Authorize,
    /// Uploaded files are to be attached.
    Attach,
}

impl RemoteDraft {
    pub(super) fn intended(&self) -> bool {
        self.intended
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

    /// When it was sealed.
    pub fn sealed_at(&self) -> Moment {
        self.sealed
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

    /// The plain columns that mirror the log.
    pub fn index(&self) -> SubmissionIndex {
        SubmissionIndex {
            state: self.state.code().to_owned(),
            open_step: self.open_step().map(|s| s.code().to_owned()),
        }
    }

    /// The step that is out or may have arrived, also while a person is asked something else.
    pub fn open_step(&self) -> Option<&Step> {
        self.state.open_step().or(self.unsettled.as_ref().map(|u| &u.step))
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
        idle && (!self.may_count() || planted(Mutation::TakenBackTooLate))
    }

    fn may_count(&self) -> bool {
        let intended = self.authorizing.draft.as_ref().is_some_and(|d| d.intended);
        let counted = self.authorizing.counted || self.authorizing.done || intended;
        let open = self.unsettled.as_ref().is_some_and(|u| u.step.has_effect());
        counted || self.writing.begun || open || self.restored.is_some()
    }

    /// Whether everything of it may be forgotten: nothing of it may still be on its way.
    pub fn can_forget(&self) -> bool {
        match &self.state {
            SubmissionState::Verified { .. }
            | SubmissionState::Failed { .. }
            | SubmissionState::Withdrawn => true,
            SubmissionState::Held
            | SubmissionState::Queued
            | SubmissionState::Blocked { .. }
            | SubmissionState::Quarantined { .. }
            | SubmissionState::Awaiting { .. }
            | SubmissionState::NeedsDocuments { .. } => !self.may_arrive(),
            SubmissionState::Sending { .. }
            | SubmissionState::Unconfirmed { .. }
            | SubmissionState::Purged => false,
        }
    }

    /// Whether something that counts is out, for all that is known.
    fn may_arrive(&self) -> bool {
        let draft = self.authorizing.draft.as_ref();
        let authorizing =
            draft.is_some_and(|d| d.intended && !d.given_up) && !self.authorizing.done;
        let open = self.unsettled.is_some() || self.files.attaching.is_some();
        authorizing || open || self.restored.is_some()
    }

    /// Whether some of its pictures are still here.
    pub fn has_pictures(&self) -> bool {
        self.photos.iter().any(|p| !p.forgotten)
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
        self.current_photos().filter(|p| !p.forgotten).filter(|p| match &p.sent {
            PhotoSent::Here | PhotoSent::Uploaded { .. } => true,
            PhotoSent::Attached { .. } => planted(Mutation::PhotosAgain),
            PhotoSent::Written => false,
        })
    }

    /// Photos that the coming round still has to send: all of them once its files are too old to
    /// be attached.
    pub fn photos_to_send(&self, now: &Moment) -> impl Iterator<Item = &SubmissionPhoto> {
        let anew = self.files.attaching.is_none() && !self.files_usable(now, None);
        self.pending_photos().filter(move |p| anew || p.sent == PhotoSent::Here)
    }

    /// Bytes of what the coming round still has to send.
    pub(in crate::delivery) fn round_bytes(&self, now: &Moment) -> u64 {
        self.photos_to_send(now).map(|p| p.record.bytes).sum()
    }

    pub(in crate::delivery) fn photo_bytes(&self, id: &PhotoId) -> u64 {
        self.photos.iter().find(|p| &p.record.id == id).map_or(0, |p| p.record.bytes)
    }

    /// Whether it stands as `other` does, but for the log's length.
    pub(in crate::delivery) fn stands_like(self, other: &Submission) -> bool {
        Self { seq: other.seq, ..self } == *other
    }

    pub(super) fn has_photo(&self, id: &PhotoId) -> bool {
        self.photos.iter().any(|p| &p.record.id == id)
    }

    pub(super) fn everything_written(&self) -> bool {
        self.writing.details_done && self.pending_photos().next().is_none()
    }
}

/// What the decision asks.
impl Submission {
    pub(in crate::delivery) fn draft(&self) -> Option<&RemoteDraft> {
        self.authorizing.draft.as_ref()
    }

    pub(in crate::delivery) fn is_authorized(&self) -> bool {
        self.authorizing.done
    }

    /// Whether the provider's word leaves room for a new draft.
    pub(in crate::delivery) fn may_create(&self) -> bool {
        let said = self.status.as_ref().map(|s| &s.state);
        match said {
            Some(ProviderState::NotSubmitted) => true,
            Some(_) => self.authorizing.round > 1,
            None => false,
        }
    }

    /// Whether the draft may still be authorized under the same identifier.
    pub(in crate::delivery) fn draft_usable(
        &self,
        now: &Moment,
        server_now: Option<UnixMs>,
    ) -> bool {
        self.authorizing.draft.as_ref().is_some_and(|d| {
            !d.given_up && d.mark.surely_within(now, server_now, DRAFT_USED_WITHIN_MS)
        })
    }

    /// The window of the provider that must close before a new draft is made.
    pub(in crate::delivery) fn draft_fence(&self) -> Option<(&Mark, u64)> {
        let draft = self.authorizing.draft.as_ref().map(|d| &d.mark);
        let mark = draft.or(self.authorizing.already_submitted.as_ref()).or(self.restored.as_ref());
        let early = planted(Mutation::NewDraftTooEarly);
        mark.map(|m| (m, if early { 0 } else { DRAFT_EXPIRED_AFTER_MS }))
    }

    /// Whether a request that was given up at `since` can no longer arrive for all we know.
    pub(in crate::delivery) fn has_quiesced(&self, since: &Moment, now: &Moment) -> bool {
        let quiet = now.since(since).is_some_and(|ms| ms >= QUIESCE_MS);
        quiet || planted(Mutation::NoQuiesce)
    }

    /// What is begun at the provider and must be finished in time.
    pub(in crate::delivery) fn deadline(
        &self,
        now: &Moment,
        server_now: Option<UnixMs>,
    ) -> Option<Deadline> {
        let unused = |d: &&RemoteDraft| !d.given_up && !self.authorizing.done;
        let draft = self.authorizing.draft.as_ref().filter(unused);
        let uploaded = self.photos.iter().any(|p| matches!(p.sent, PhotoSent::Uploaded { .. }));
        let files = self.files.first.as_ref().filter(|_| uploaded && !self.files.gone);
        let left = |mark: &Mark, by, within| {
            let left_ms = mark.surely_left_ms(now, server_now, within)?;
            Some(Deadline { by, left_ms })
        };
        match (draft, files) {
            (Some(draft), _) => left(&draft.mark, Finish::Authorize, DRAFT_USED_WITHIN_MS),
            (None, Some(first)) => left(first, Finish::Attach, FILES_USED_WITHIN_MS),
            (None, None) => None,
        }
    }

    /// Files whose attaching may have arrived; nothing else is attached before that is settled.
    pub(in crate::delivery) fn attaching(&self) -> Option<&Vec<String>> {
        self.files.attaching.as_ref().filter(|_| !planted(Mutation::RetakeBeforeSettled))
    }

    /// Whether uploaded files may still be attached.
    pub(in crate::delivery) fn files_usable(
        &self,
        now: &Moment,
        server_now: Option<UnixMs>,
    ) -> bool {
        let within = |mark: &Mark| mark.surely_within(now, server_now, FILES_USED_WITHIN_MS);
        self.files.first.as_ref().is_some_and(within) && !self.files.gone
    }

    /// The window of the provider after which uploaded files are surely gone.
    pub(in crate::delivery) fn files_fence(&self) -> Option<(&Mark, u64)> {
        let mark = self.files.last.as_ref().filter(|_| !self.files.gone);
        mark.map(|m| (m, FILES_EXPIRED_AFTER_MS))
    }

    /// After a restore, files that this log does not know may still be attached.
    pub(in crate::delivery) fn restored_fence(&self) -> Option<(&Mark, u64)> {
        self.restored.as_ref().map(|m| (m, DRAFT_EXPIRED_AFTER_MS))
    }

    pub(in crate::delivery) fn is_details_done(&self) -> bool {
        self.writing.details_done
    }

    pub(in crate::delivery) fn needs_overwrite_check(&self) -> bool {
        !self.writing.begun && !self.writing.overwrite_confirmed
    }

    pub(in crate::delivery) fn document_count(&self) -> Option<u32> {
        self.writing.document_count
    }

    /// The time for which a lost copy of what was written before may still arrive.
    pub(in crate::delivery) fn write_fence(&self) -> Option<(&Mark, u64)> {
        self.writing.changed_after.as_ref().map(|m| (m, LATE_WRITE_MS))
    }
}
