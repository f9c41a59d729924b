//! What people do: add photos, correct, release, take back, purge.

use super::{PhotoSent, Submission, SubmissionPhoto};
use crate::clock::Moment;
use crate::delivery::event::Correction;
use crate::delivery::state::{Refusal, SubmissionState};
use crate::delivery::step::Step;
use crate::ids::PhotoId;
use crate::onboarding::Side;
use crate::photo::PhotoRecord;
use crate::provider::{ProviderState, ProviderStatus};

impl Submission {
    pub(super) fn photos_added(&mut self, photos: &[PhotoRecord], at: Moment) -> bool {
        if photos.is_empty() || !self.takes_photos() {
            return false;
        }
        let anew = matches!(self.state, SubmissionState::Failed { .. });
        if anew && self.capabilities.set_resent_whole {
            if !self.is_whole_set(photos) {
                return false;
            }
            self.photos.iter_mut().for_each(|p| p.replaced = true);
        }
        self.add_photos(photos, at.wall_ms);
        self.content_changed();
        match &self.state {
            SubmissionState::NeedsDocuments { .. }
            | SubmissionState::Failed { .. }
            | SubmissionState::Queued => self.ready(at),
            SubmissionState::Blocked { refusal: Refusal::TooLarge { photo }, .. }
                if self.is_replaced(photo) =>
            {
                self.ready(at);
            }
            SubmissionState::Awaiting { .. }
            | SubmissionState::Blocked { .. }
            | SubmissionState::Quarantined { .. }
            | SubmissionState::Held
            | SubmissionState::Sending { .. }
            | SubmissionState::Unconfirmed { .. }
            | SubmissionState::Verified { .. }
            | SubmissionState::Withdrawn
            | SubmissionState::Purged => {}
        }
        true
    }

    fn is_replaced(&self, id: &PhotoId) -> bool {
        self.photos.iter().any(|p| &p.record.id == id && p.replaced)
    }

    fn takes_photos(&self) -> bool {
        match &self.state {
            SubmissionState::NeedsDocuments { .. }
            | SubmissionState::Failed { .. }
            | SubmissionState::Queued
            | SubmissionState::Blocked { .. }
            | SubmissionState::Quarantined { .. } => true,
            SubmissionState::Awaiting { .. } => self.capabilities.photos_on_request,
            SubmissionState::Held
            | SubmissionState::Sending { .. }
            | SubmissionState::Unconfirmed { .. }
            | SubmissionState::Verified { .. }
            | SubmissionState::Withdrawn
            | SubmissionState::Purged => false,
        }
    }

    /// Whether each paper among `photos` comes with all the sides that it is known to have.
    fn is_whole_set(&self, photos: &[PhotoRecord]) -> bool {
        let has = |photo: &PhotoRecord, side: Side| {
            photos.iter().any(|p| p.document == photo.document && p.side == side)
        };
        let two_sided = |photo: &PhotoRecord| {
            let known = self.photos.iter().map(|p| &p.record).chain(photos);
            known.into_iter().any(|p| p.document == photo.document && p.side == Side::Back)
        };
        photos.iter().all(|p| has(p, Side::Front) && (!two_sided(p) || has(p, Side::Back)))
    }

    /// A lost copy of what was written before must not arrive on top of what differs from it.
    fn content_changed(&mut self) {
        self.writing.resent = false;
        self.writing.document_count = None;
        self.writing.changed_after = self.writing.lost;
    }

    pub(super) fn corrected(&mut self, correction: &Correction, at: Moment) -> bool {
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
        let fits = match correction {
            Correction::Answers => self.answers_mended(&refusal),
            Correction::FullNumber => self.number_given(&refusal),
            Correction::Overwrite => {
                self.writing.overwrite_confirmed = true;
                refusal == Refusal::WouldOverwrite
            }
            Correction::Follow => return self.followed(at),
            Correction::Photo { old, new } => self.photo_exchanged(old, new, at),
            Correction::TryAgain => self.tried_again(&refusal),
        };
        if fits {
            self.ready(at);
        }
        fits
    }

    /// No edit once an authorize may have arrived, nor while a write of the old answers may.
    fn answers_mended(&mut self, refusal: &Refusal) -> bool {
        let waits_for_number = *refusal == Refusal::FullNumber;
        if waits_for_number || self.authorizing.done || !self.can_edit() {
            return false;
        }
        if let Some(draft) = &mut self.authorizing.draft {
            draft.given_up = true;
        }
        self.writing.details_done = false;
        self.content_changed();
        true
    }

    fn can_edit(&self) -> bool {
        let draft = self.authorizing.draft.as_ref();
        let may_count = draft.is_some_and(|d| d.intended && !d.given_up);
        let open = self.unsettled.as_ref().map(|u| &u.step);
        !may_count && !matches!(open, Some(Step::Details | Step::Authorize { .. }))
    }

    fn number_given(&mut self, refusal: &Refusal) -> bool {
        self.authorizing.round += 1;
        self.authorizing.done = false;
        self.authorizing.draft = None;
        self.writing.details_done = false;
        *refusal == Refusal::FullNumber
    }

    /// Only what is still to be sent may change on its way: nothing of it can be attached.
    pub(super) fn photo_lightened(&mut self, old: &PhotoId, new: &PhotoRecord, at: Moment) -> bool {
        let waits = matches!(self.state, SubmissionState::NeedsDocuments { .. });
        let here = |p: &SubmissionPhoto| &p.record.id == old;
        let same =
            |p: &SubmissionPhoto| p.record.document == new.document && p.record.side == new.side;
        let fits = self.photos_to_send(&at).any(|p| here(p) && same(p));
        waits && fits && self.photo_exchanged(old, new, at)
    }

    fn photo_exchanged(&mut self, old: &PhotoId, new: &PhotoRecord, at: Moment) -> bool {
        let there = self.photos.iter_mut().find(|p| &p.record.id == old && !p.replaced);
        let Some(photo) = there else { return false };
        photo.replaced = true;
        self.add_photos(std::slice::from_ref(new), at.wall_ms);
        self.content_changed();
        true
    }

    fn tried_again(&mut self, refusal: &Refusal) -> bool {
        match refusal {
            Refusal::FullNumber => return false,
            Refusal::SomeFiles => self.settle_files(),
            Refusal::OneImageKept => self.write_anew(),
            Refusal::WouldOverwrite => self.writing.document_count = None,
            Refusal::Answers { .. }
            | Refusal::SubmittedElsewhere
            | Refusal::Account { .. }
            | Refusal::Configuration { .. }
            | Refusal::TooLarge { .. }
            | Refusal::Unresolved
            | Refusal::Unexplained { .. }
            | Refusal::Integrity => {}
        }
        true
    }

    /// All photos are to be written once more.
    pub(super) fn write_anew(&mut self) {
        self.writing.resent = false;
        self.writing.document_count = None;
        self.photos.iter_mut().filter(|p| !p.replaced).for_each(|p| p.sent = PhotoSent::Here);
    }

    /// Files that the provider lists are attached, the others are gone.
    fn settle_files(&mut self) {
        let listed: Vec<String> =
            self.status.iter().flat_map(|s| &s.documents).map(|d| d.reference.clone()).collect();
        self.attached(&listed);
    }

    fn followed(&mut self, at: Moment) -> bool {
        let Some(status) = self.status.clone() else { return false };
        if self.unsettled.is_some() || !self.is_worth_following(&status) {
            return false;
        }
        self.authorized();
        self.settle_files();
        self.stand_by(&status, at);
        true
    }

    /// Following "nothing was submitted" would keep what was sealed from ever being sent.
    fn is_worth_following(&self, status: &ProviderStatus) -> bool {
        self.capabilities.overwrites || status.state != ProviderState::NotSubmitted
    }

    pub(super) fn released(&mut self, at: Moment) -> bool {
        let held =
            matches!(self.state, SubmissionState::Held | SubmissionState::Quarantined { .. });
        if held {
            self.refusals = 0;
            self.ready(at);
        }
        held
    }

    /// Whether there is still something to show or to take along.
    pub(super) fn has_answers(&self) -> bool {
        !matches!(self.state, SubmissionState::Purged)
    }

    pub(super) fn withdrawn(&mut self) -> bool {
        let may = self.can_withdraw();
        if may {
            self.state = SubmissionState::Withdrawn;
        }
        may
    }

    /// The pictures go, and nothing waits for them any more.
    pub(super) fn photos_forgotten(&mut self) -> bool {
        let may = !self.state.is_open()
            && self.state != SubmissionState::Purged
            && self.photos.iter().any(|p| !p.forgotten);
        if may {
            self.photos.iter_mut().for_each(|p| p.forgotten = true);
        }
        may
    }

    pub(super) fn purged(&mut self) -> bool {
        let may = self.can_forget();
        if may {
            self.state = SubmissionState::Purged;
        }
        may
    }
}
