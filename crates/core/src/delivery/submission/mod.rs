//! One account's submission: a pure function of its events.

mod answers;
mod people;
mod reconcile;
mod recovery;
mod retold;
#[cfg(test)]
mod tests;
mod view;

pub(super) use retold::Telling;
pub use view::{Deadline, Finish};

use super::event::{Event, Recorded};
use super::mark::Mark;
use super::outcome::Ambiguity;
use super::state::{Refusal, SubmissionState};
use super::step::Step;
use crate::clock::{Moment, UnixMs};
use crate::ids::{AccountId, PhotoId, SubmissionId};
use crate::photo::PhotoRecord;
use crate::policy::REFUSALS_MAX;
use crate::provider::{Capabilities, ProviderState, ProviderStatus};

/// A submission as its log says it stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Submission {
    id: SubmissionId,
    account: AccountId,
    capabilities: Capabilities,
    sealed: Moment,
    state: SubmissionState,
    photos: Vec<SubmissionPhoto>,
    authorizing: Authorizing,
    files: Files,
    writing: Writing,
    unsettled: Option<Unsettled>,
    restored: Option<Mark>,
    status: Option<ProviderStatus>,
    refusals: u32,
    attempts: u32,
    seq: u64,
}

/// A photo of a submission and how far it came.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SubmissionPhoto {
    /// The photo.
    pub record: PhotoRecord,
    /// How far it came.
    pub sent: PhotoSent,
    /// Whether a later photo replaced it.
    pub replaced: bool,
    /// Whether its picture is no longer here.
    pub forgotten: bool,
    /// When it joined the submission.
    pub added_ms: UnixMs,
}

/// How far a photo came.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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

/// How far the answers came at a provider that takes a draft and then authorizes it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Authorizing {
    draft: Option<RemoteDraft>,
    /// The provider has it.
    done: bool,
    /// Something of this submission counted, perhaps a round that was refused.
    counted: bool,
    /// The provider said that KYC was already provided.
    already_submitted: Option<Mark>,
    /// From 1; a further one follows when the full national number is asked for.
    round: u32,
}

/// An inert draft at the provider.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct RemoteDraft {
    pub(super) reference: String,
    pub(super) mark: Mark,
    /// An authorize of this draft may have arrived.
    intended: bool,
    /// An authorize before the last one may still arrive.
    repeated: bool,
    /// It will not be authorized any more.
    given_up: bool,
    /// What a person is told once it is certain that nothing counted.
    refusal: Option<Refusal>,
}

/// Photos at a provider that takes inert files and then attaches them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Files {
    /// From the first upload of a round: up to when its files are attached.
    first: Option<Mark>,
    /// From the last upload of a round: from when all of its files are gone.
    last: Option<Mark>,
    /// Files whose attaching may have arrived; nothing else is attached before that is settled.
    attaching: Option<Vec<String>>,
    /// The provider said that they are gone.
    gone: bool,
}

/// How far everything came at a provider where each write overwrites.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Writing {
    /// A write may have arrived.
    begun: bool,
    details_done: bool,
    overwrite_confirmed: bool,
    /// The whole set was sent once more because pictures were missing.
    resent: bool,
    document_count: Option<u32>,
    /// The last write whose answer was lost; a copy may still arrive.
    lost: Option<Mark>,
    /// Nothing that differs is written before a lost copy of this can no longer arrive.
    changed_after: Option<Mark>,
}

/// A step that may have arrived, kept while it is repeated or while a person is asked something.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Unsettled {
    step: Step,
    attempt: u32,
    since: Moment,
    why: Ambiguity,
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
            submission = submission.moved(entry)?;
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
            sealed: entry.at,
            state: SubmissionState::Queued,
            photos: Vec::new(),
            authorizing: Authorizing {
                draft: None,
                done: false,
                counted: false,
                already_submitted: None,
                round: 1,
            },
            files: Files { first: None, last: None, attaching: None, gone: false },
            writing: Writing {
                begun: false,
                details_done: false,
                overwrite_confirmed: false,
                resent: false,
                document_count: None,
                lost: None,
                changed_after: None,
            },
            unsettled: None,
            restored: None,
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
        *self = self.clone().moved(entry)?;
        Ok(())
    }

    /// As it stands after one more event.
    pub(in crate::delivery) fn moved(mut self, entry: &Recorded) -> Result<Self, IllegalEvent> {
        let illegal = IllegalEvent { seq: entry.seq, state: self.state.code() };
        if entry.seq != self.seq + 1 {
            return Err(illegal);
        }
        let next = &mut self;
        next.seq = entry.seq;
        let moved = match &entry.event {
            Event::Sealed { .. } => false,
            Event::AttemptStarted { attempt, step } => next.started(*attempt, step, entry.at),
            Event::Answered { attempt, outcome, server_ms } => {
                next.answered(*attempt, outcome, *server_ms, entry.at)
            }
            Event::Restarted => next.interrupted(entry.at),
            Event::Restored => next.restored(entry.at),
            Event::StatusSeen { status, document_count, server_ms } => {
                next.status_seen(status, *document_count, *server_ms, entry.at)
            }
            Event::PhotosAdded { photos } => next.photos_added(photos, entry.at),
            Event::PhotoLightened { old, new } => next.photo_lightened(old, new, entry.at),
            Event::Corrected { correction } => next.corrected(correction, entry.at),
            Event::Released => next.released(entry.at),
            Event::Revealed | Event::Exported { .. } => next.has_answers(),
            Event::Withdrawn => next.withdrawn(),
            Event::PhotosForgotten => next.photos_forgotten(),
            Event::Purged => next.purged(),
        };
        if moved { Ok(self) } else { Err(illegal) }
    }

    /// Goes back to where the next step is taken from; what may have arrived is settled first.
    fn ready(&mut self, at: Moment) {
        if let Some(Unsettled { step, attempt, since, why }) = self.unsettled.take() {
            self.state = SubmissionState::Unconfirmed { step, attempt, since, why };
            return;
        }
        let wants_photos = self.authorizing.done
            && self.status.as_ref().is_some_and(|s| s.state == ProviderState::NeedsDocuments);
        self.state = if wants_photos {
            SubmissionState::NeedsDocuments { since: at }
        } else {
            SubmissionState::Queued
        };
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
                forgotten: false,
                added_ms: at_ms,
            });
        }
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
        self.forget_uploads();
    }

    /// Files that were not attached count as gone; their photos are here and can be sent again.
    fn forget_uploads(&mut self) {
        for photo in &mut self.photos {
            if matches!(photo.sent, PhotoSent::Uploaded { .. }) {
                photo.sent = PhotoSent::Here;
            }
        }
        self.files = Files { first: None, last: None, attaching: None, gone: false };
    }
}
