//! After a crash, a reboot, a restore.

use super::Submission;
use crate::clock::Moment;
use crate::delivery::mark::Mark;
use crate::delivery::mutation::{Mutation, planted};
use crate::delivery::outcome::Ambiguity;
use crate::delivery::state::SubmissionState;
use crate::delivery::step::Step;

impl Submission {
    /// The program stopped: what was out may have arrived, and after a reboot every wait starts
    /// anew.
    pub(super) fn interrupted(&mut self, at: Moment) -> bool {
        if let SubmissionState::Sending { step, .. } = self.state.clone() {
            self.lost(&step, Ambiguity::Restart, at);
            if planted(Mutation::RestartForgotten) {
                self.ready(at);
            }
        }
        for since in self.waits() {
            if since.boot != at.boot {
                *since = at;
            }
        }
        for mark in self.marks() {
            mark.restarted(at);
        }
        true
    }

    /// Whether a start of the program at `now` must be recorded before anything is decided.
    pub fn needs_restart(&self, now: &Moment) -> bool {
        let mut probe = self.clone();
        matches!(self.state, SubmissionState::Sending { .. })
            || probe.waits().any(|since| since.boot != now.boot)
            || probe.marks().any(|mark| mark.is_of_another_boot(now))
    }

    fn waits(&mut self) -> impl Iterator<Item = &mut Moment> {
        let of_state = match &mut self.state {
            SubmissionState::Unconfirmed { since, .. } => Some(since),
            SubmissionState::Held
            | SubmissionState::Queued
            | SubmissionState::Sending { .. }
            | SubmissionState::Awaiting { .. }
            | SubmissionState::NeedsDocuments { .. }
            | SubmissionState::Blocked { .. }
            | SubmissionState::Quarantined { .. }
            | SubmissionState::Verified { .. }
            | SubmissionState::Failed { .. }
            | SubmissionState::Withdrawn
            | SubmissionState::Purged => None,
        };
        of_state.into_iter().chain(self.unsettled.as_mut().map(|u| &mut u.since))
    }

    fn marks(&mut self) -> impl Iterator<Item = &mut Mark> {
        let draft = self.authorizing.draft.as_mut().map(|d| &mut d.mark);
        draft
            .into_iter()
            .chain(self.authorizing.already_submitted.as_mut())
            .chain(self.files.first.as_mut())
            .chain(self.files.last.as_mut())
            .chain(self.writing.lost.as_mut())
            .chain(self.writing.changed_after.as_mut())
            .chain(self.restored.as_mut())
    }

    /// The log may lack its newest entries: what could have begun since is taken as begun.
    pub(super) fn restored(&mut self, at: Moment) -> bool {
        self.interrupted(at);
        if planted(Mutation::RestoreUnnoticed) {
            return true;
        }
        for since in self.waits() {
            *since = at;
        }
        if self.files.attaching.is_none() {
            self.forget_uploads();
        }
        let drafts = self.capabilities.draft_then_authorize;
        if self.state.is_open() && drafts {
            self.restored = Some(Mark::at(at));
        }
        if self.capabilities.overwrites {
            let unknown = Some(Mark::at(at));
            self.writing.begun = false;
            self.writing.overwrite_confirmed = false;
            self.writing.document_count = None;
            (self.writing.lost, self.writing.changed_after) = (unknown, unknown);
        }
        if self.state == SubmissionState::Queued {
            self.status = None;
            if let Some(draft) = &self.authorizing.draft {
                let step = Step::Authorize { reference: draft.reference.clone() };
                self.lost(&step, Ambiguity::Restart, at);
            }
        }
        true
    }
}
