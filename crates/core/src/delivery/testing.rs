//! Builders of the tests: a submission that lives through a story, event by event.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use super::decide::{Next, Sight, next};
use super::event::{Correction, Event, Recorded};
use super::outcome::{Ambiguity, Definite, NotSentWhy, Outcome, Receipt};
use super::state::{Refusal, SubmissionState, Why};
use super::step::{Reading, Step};
use super::submission::Submission;
use crate::clock::{Moment, UnixMs};
use crate::ids::{AccountId, PhotoId, SubmissionId};
use crate::onboarding::{DocumentType, Side};
use crate::photo::{PhotoFormat, PhotoRecord};
use crate::provider::{
    Capabilities, DocumentState, ProviderDocument, ProviderState, ProviderStatus,
};

pub(super) const MIN: u64 = 60_000;

pub(super) const WEPAY: Capabilities = Capabilities {
    photos_on_request: true,
    draft_then_authorize: true,
    reason_per_document: true,
    overwrites: false,
    set_resent_whole: false,
};

pub(super) const WINTER: Capabilities = Capabilities {
    photos_on_request: false,
    draft_then_authorize: false,
    reason_per_document: false,
    overwrites: true,
    set_resent_whole: true,
};

pub(super) const STATUS: Next = Next::Read(Reading::Status);
pub(super) const DOCUMENTS: Next = Next::Read(Reading::Documents);

pub(super) fn moment(boot_ms: u64) -> Moment {
    Moment { wall_ms: 1_800_000_000_000 + boot_ms as i64, boot_ms, boot: 1 }
}

pub(super) fn photo_id(n: u32) -> PhotoId {
    PhotoId::parse(&format!("{n:032x}")).unwrap()
}

pub(super) fn submission_id(n: u32) -> SubmissionId {
    SubmissionId::parse(&format!("{n:032x}")).unwrap()
}

pub(super) fn account_id(n: u32) -> AccountId {
    AccountId::parse(&format!("{n:032x}")).unwrap()
}

/// Photo `n` of a paper. Odd sides of a licence are its back.
pub(super) fn photo(n: u32, document: &str, side: Side) -> PhotoRecord {
    PhotoRecord {
        id: photo_id(n),
        document: DocumentType::new(document),
        side,
        format: PhotoFormat::Jpeg,
        bytes: 500_000,
        width: 1600,
        height: 1200,
        original_sha256: String::new(),
        upload_sha256: String::new(),
        look: 0,
        report: String::new(),
        override_reason: None,
        taken_ms: 0,
    }
}

pub(super) fn licence(first: u32) -> Vec<PhotoRecord> {
    vec![photo(first, "LICENCE", Side::Front), photo(first + 1, "LICENCE", Side::Back)]
}

pub(super) fn status(state: ProviderState, files: &[&str]) -> ProviderStatus {
    let document = |file: &&str| ProviderDocument {
        reference: (*file).to_owned(),
        kind: DocumentType::new("bill"),
        state: DocumentState::InReview,
        reason: None,
        received_ms: None,
    };
    let documents = files.iter().map(document).collect();
    ProviderStatus { raw: format!("{state:?}"), state, documents }
}

pub(super) fn lost() -> Outcome {
    Outcome::Ambiguous { why: Ambiguity::Broken }
}

pub(super) fn not_sent() -> Outcome {
    Outcome::NotSent { why: NotSentWhy::Network }
}

pub(super) fn refused(fault: Definite) -> Outcome {
    Outcome::Definite { fault, code: "1003".to_owned(), text: "no".to_owned() }
}

pub(super) fn done(receipt: Receipt) -> Outcome {
    Outcome::Done { receipt }
}

pub(super) fn authorize(draft: &str) -> Step {
    Step::Authorize { reference: draft.to_owned() }
}

pub(super) fn upload(n: u32) -> Step {
    Step::Upload { photo: photo_id(n) }
}

pub(super) fn side(n: u32) -> Step {
    Step::Side { photo: photo_id(n) }
}

pub(super) fn attach(files: &[&str]) -> Step {
    Step::Attach { references: files.iter().map(|f| (*f).to_owned()).collect() }
}

/// A submission with its log and a clock. Every event is checked to replay to the same state.
pub(super) struct Story {
    pub(super) now: Moment,
    pub(super) submission: Submission,
    pub(super) log: Vec<Recorded>,
    /// Whether the provider's answers carry a date.
    pub(super) dated: bool,
    /// How far the provider's clock is ahead of this device's.
    pub(super) server_ahead_ms: i64,
}

impl Story {
    pub(super) fn of(capabilities: Capabilities, photos: Vec<PhotoRecord>) -> Self {
        let now = moment(10 * MIN);
        let event = Event::Sealed { photos, capabilities };
        let log = vec![Recorded { seq: 1, at: now, operator: String::new(), event }];
        let submission = Submission::replay(submission_id(1), account_id(1), &log).unwrap();
        Self { now, submission, log, dated: true, server_ahead_ms: 0 }
    }

    pub(super) fn wepay() -> Self {
        Self::of(WEPAY, vec![photo(1, "bill", Side::Front)])
    }

    /// Created, with the draft's identifier stored.
    pub(super) fn drafted() -> Self {
        let mut story = Self::wepay();
        story.sees(ProviderState::NotSubmitted);
        story.does(Step::Create, done(Receipt::Draft { reference: "d1".to_owned() }));
        story
    }

    /// Authorized; the provider wants photos, of which one or more are here.
    pub(super) fn wanted(photos: Vec<PhotoRecord>) -> Self {
        let mut story = Self::of(WEPAY, photos);
        story.sees(ProviderState::NotSubmitted);
        story.does(Step::Create, done(Receipt::Draft { reference: "d1".to_owned() }));
        story.does_and_hears(authorize("d1"), ProviderState::NeedsDocuments);
        story
    }

    /// One photo uploaded as file `f1`.
    pub(super) fn uploaded() -> Self {
        let mut story = Self::wanted(vec![photo(1, "bill", Side::Front)]);
        story.does(upload(1), done(Receipt::File { reference: "f1".to_owned() }));
        story
    }

    /// A licence at a provider that overwrites, checked and with its details written.
    pub(super) fn winter() -> Self {
        let mut story = Self::of(WINTER, licence(1));
        story.counts(ProviderState::NotSubmitted, 0);
        story
    }

    pub(super) fn written() -> Self {
        let mut story = Self::winter();
        for step in [Step::Details, side(1), side(2)] {
            story.does(step, done(Receipt::Accepted));
        }
        story
    }

    pub(super) fn server_ms(&self) -> Option<UnixMs> {
        self.dated.then_some(self.now.wall_ms + self.server_ahead_ms)
    }

    pub(super) fn state(&self) -> &SubmissionState {
        self.submission.state()
    }

    pub(super) fn code(&self) -> &'static str {
        self.state().code()
    }

    pub(super) fn refusal(&self) -> &Refusal {
        match self.state() {
            SubmissionState::Blocked { refusal, .. }
            | SubmissionState::Quarantined { refusal, .. } => refusal,
            other => panic!("nothing refused: {other:?}"),
        }
    }

    pub(super) fn later(&mut self, ms: u64) -> &mut Self {
        self.now = self.now.plus(ms);
        self
    }

    /// The program stops and starts again, on the same boot.
    pub(super) fn restart(&mut self) -> &mut Self {
        if self.submission.needs_restart(&self.now) {
            self.event(Event::Restarted);
        }
        self
    }

    /// The machine is started anew.
    pub(super) fn reboot(&mut self) -> &mut Self {
        self.now.boot += 1;
        self.now.boot_ms = 20_000;
        self.restart()
    }

    pub(super) fn refuses(&self, event: Event) -> bool {
        self.submission.clone().after(&self.entry(event)).is_err()
    }

    fn entry(&self, event: Event) -> Recorded {
        let seq = self.submission.seq() + 1;
        Recorded { seq, at: self.now, operator: String::new(), event }
    }

    pub(super) fn event(&mut self, event: Event) -> &mut Self {
        let entry = self.entry(event);
        self.submission.after(&entry).unwrap_or_else(|e| panic!("{e}: {entry:?}"));
        self.log.push(entry);
        let again = Submission::replay(submission_id(1), account_id(1), &self.log).unwrap();
        assert_eq!(again, self.submission, "the log replays to the state");
        self
    }

    pub(super) fn corrects(&mut self, correction: Correction) -> &mut Self {
        self.event(Event::Corrected { correction })
    }

    pub(super) fn starts(&mut self, step: Step) -> &mut Self {
        let attempt = self.submission.attempts() + 1;
        self.event(Event::AttemptStarted { attempt, step })
    }

    pub(super) fn refuses_start(&self, step: Step) -> bool {
        self.refuses(Event::AttemptStarted { attempt: self.submission.attempts() + 1, step })
    }

    pub(super) fn ends(&mut self, outcome: Outcome) -> &mut Self {
        let (attempt, server_ms) = (self.submission.attempts(), self.server_ms());
        self.event(Event::Answered { attempt, outcome, server_ms })
    }

    pub(super) fn does(&mut self, step: Step, outcome: Outcome) -> &mut Self {
        self.starts(step).ends(outcome)
    }

    pub(super) fn does_and_hears(&mut self, step: Step, state: ProviderState) -> &mut Self {
        self.does(step, done(Receipt::Status { status: status(state, &[]) }))
    }

    pub(super) fn sees(&mut self, state: ProviderState) -> &mut Self {
        self.sees_files(state, &[])
    }

    pub(super) fn sees_files(&mut self, state: ProviderState, files: &[&str]) -> &mut Self {
        let (status, server_ms) = (status(state, files), self.server_ms());
        self.event(Event::StatusSeen { status, document_count: None, server_ms })
    }

    pub(super) fn counts(&mut self, state: ProviderState, count: u32) -> &mut Self {
        let (status, server_ms) = (status(state, &[]), self.server_ms());
        self.event(Event::StatusSeen { status, document_count: Some(count), server_ms })
    }

    pub(super) fn adds(&mut self, photos: Vec<PhotoRecord>) -> &mut Self {
        self.event(Event::PhotosAdded { photos })
    }

    /// What comes next when the provider has just answered everything that can be asked.
    pub(super) fn next(&self) -> Next {
        self.next_if(true)
    }

    /// What comes next when nothing was heard of the provider lately.
    pub(super) fn next_if(&self, fresh: bool) -> Next {
        let sight = Sight {
            now: self.now,
            server_now: self.server_ms(),
            connection_fresh: fresh,
            status_fresh: fresh,
            documents_fresh: fresh,
        };
        next(&self.submission, &sight)
    }

    /// How long it waits behind a fence.
    pub(super) fn fence_ms(&self) -> Option<u64> {
        match self.next() {
            Next::Wait { until_boot_ms, why: Why::Fence } => Some(until_boot_ms - self.now.boot_ms),
            _ => None,
        }
    }

    /// How long it waits for a lost answer to show.
    pub(super) fn quiesce_ms(&self) -> Option<u64> {
        match self.next() {
            Next::Wait { until_boot_ms, why: Why::AnswerLost } => {
                Some(until_boot_ms - self.now.boot_ms)
            }
            _ => None,
        }
    }
}
