//! A small WePay: inert drafts and files that die after 30 minutes; authorize and modify have an
//! effect.

use std::collections::BTreeMap;

use satchel_core::ids::PhotoId;
use satchel_core::onboarding::DocumentType;
use satchel_core::provider::{
    DocumentState, ProviderDocument, ProviderState, ProviderStatus, RejectReason,
};

use crate::dice::Dice;
use crate::time::{MINUTE, SECOND};

const LIFE: u64 = 30 * MINUTE;

/// What one account holds, and how it behaves.
pub struct Account {
    state: ProviderState,
    drafts: BTreeMap<String, Draft>,
    files: BTreeMap<String, File>,
    documents: Vec<(String, PhotoId, DocumentState)>,
    /// When the last effect was; look-ups see it after `lag`.
    changed: u64,
    before: Option<ProviderStatus>,
    rejections_left: u32,
    review_at: Option<u64>,
    /// The first submission comes with the last four digits alone and is refused.
    pub wants_full_number: bool,
    /// A draft that lives counts as provided.
    pub draft_counts: bool,
    pub lag: u64,
    pub too_large: Option<PhotoId>,
    pub foreign: bool,
    pub was_verified: bool,
    /// Every authorize with effect: which draft, and whether it was refused for its number.
    pub authorized: Vec<(String, bool)>,
    /// Every modify with effect.
    pub attached: Vec<Vec<(String, PhotoId)>>,
}

struct Draft {
    made: u64,
    full_number: bool,
    authorized: bool,
}

struct File {
    photo: PhotoId,
    made: u64,
    attached: bool,
}

pub enum Reply {
    Draft(String),
    File(String),
    Status(ProviderStatus),
    TooLarge,
    Code(i64),
}

impl Account {
    pub fn new(dice: &mut Dice) -> Self {
        let foreign = dice.percent(4);
        Self {
            state: if foreign { ProviderState::InReview } else { ProviderState::NotSubmitted },
            drafts: BTreeMap::new(),
            files: BTreeMap::new(),
            documents: Vec::new(),
            changed: 0,
            before: None,
            rejections_left: dice.below(3) as u32,
            review_at: foreign.then_some(10 * MINUTE),
            wants_full_number: dice.percent(15),
            draft_counts: dice.percent(10),
            lag: if dice.percent(30) { dice.below(60 * SECOND) } else { 0 },
            too_large: None,
            foreign,
            was_verified: false,
            authorized: Vec::new(),
            attached: Vec::new(),
        }
    }

    /// The account as a look-up sees it.
    pub fn status(&self, now: u64) -> ProviderStatus {
        match &self.before {
            Some(before) if now < self.changed + self.lag => before.clone(),
            _ => self.true_status(),
        }
    }

    fn true_status(&self) -> ProviderStatus {
        let document = |(file, _, state): &(String, PhotoId, DocumentState)| ProviderDocument {
            reference: file.clone(),
            kind: DocumentType::new("bill"),
            state: state.clone(),
            reason: (*state == DocumentState::Rejected).then_some(RejectReason::Illegible),
            received_ms: None,
        };
        ProviderStatus {
            raw: format!("{:?}", self.state),
            state: self.state.clone(),
            documents: self.documents.iter().map(document).collect(),
        }
    }

    fn submitted(&self) -> bool {
        self.state != ProviderState::NotSubmitted
    }

    fn refused_for_number(&self) -> bool {
        self.authorized.last().is_some_and(|(_, refused)| *refused)
    }

    pub fn create(&mut self, now: u64, id: String, full_number: bool) -> Reply {
        let alive = self.drafts.values().any(|d| !d.authorized && now < d.made + LIFE);
        if (self.submitted() && !self.refused_for_number()) || (self.draft_counts && alive) {
            return Reply::Code(3006);
        }
        self.drafts.insert(id.clone(), Draft { made: now, full_number, authorized: false });
        Reply::Draft(id)
    }

    /// Harsher than the real one may be: any living draft counts, also a second one.
    pub fn authorize(&mut self, now: u64, id: &str, dice: &mut Dice) -> Reply {
        let Some(draft) = self.drafts.get_mut(id) else { return Reply::Code(1003) };
        if draft.authorized {
            return Reply::Status(self.true_status());
        }
        if now > draft.made + LIFE {
            return Reply::Code(1003);
        }
        draft.authorized = true;
        let refused = self.wants_full_number && !draft.full_number;
        self.authorized.push((id.to_owned(), refused));
        self.turn(ProviderState::Received, now);
        if refused {
            return Reply::Code(3009);
        }
        self.review_at = Some(now + dice.between(10 * SECOND, 20 * MINUTE));
        Reply::Status(self.true_status())
    }

    pub fn upload(&mut self, now: u64, id: String, photo: &PhotoId) -> Reply {
        if self.too_large.as_ref() == Some(photo) {
            return Reply::TooLarge;
        }
        let file = File { photo: photo.clone(), made: now, attached: false };
        self.files.insert(id.clone(), file);
        Reply::File(id)
    }

    pub fn modify(&mut self, now: u64, ids: &[String], dice: &mut Dice) -> Reply {
        if self.state != ProviderState::NeedsDocuments {
            return Reply::Code(3010);
        }
        let alive =
            |id: &String| self.files.get(id).is_some_and(|f| !f.attached && now <= f.made + LIFE);
        if !ids.iter().all(alive) {
            return Reply::Code(3011);
        }
        let mut set = Vec::new();
        for id in ids {
            let file = self.files.get_mut(id).unwrap();
            file.attached = true;
            set.push((id.clone(), file.photo.clone()));
        }
        self.before = Some(self.true_status());
        self.documents
            .extend(set.iter().map(|(id, p)| (id.clone(), p.clone(), DocumentState::InReview)));
        self.attached.push(set);
        self.state = ProviderState::InReview;
        self.changed = now;
        self.review_at = Some(now + dice.between(10 * SECOND, 20 * MINUTE));
        Reply::Status(self.true_status())
    }

    fn turn(&mut self, state: ProviderState, now: u64) {
        self.before = Some(self.true_status());
        self.state = state;
        self.changed = now;
    }

    /// The provider's people do their work.
    pub fn review(&mut self, now: u64, dice: &mut Dice) {
        if self.review_at.is_none_or(|at| now < at) {
            return;
        }
        self.review_at = None;
        let first = self.documents.is_empty();
        let reject = self.rejections_left > 0 || (first && dice.percent(70));
        let verdict = if reject { DocumentState::Rejected } else { DocumentState::Verified };
        for (_, _, state) in &mut self.documents {
            if *state == DocumentState::InReview {
                *state = verdict.clone();
            }
        }
        self.rejections_left = self.rejections_left.saturating_sub(u32::from(!first));
        let state = if reject { ProviderState::NeedsDocuments } else { ProviderState::Verified };
        self.was_verified |= state == ProviderState::Verified;
        self.turn(state, now);
    }

    /// Whether the provider has its word still to give, or gave it after `since`.
    pub fn waits_for_review(&self, since: u64) -> bool {
        self.review_at.is_some_and(|at| at > since)
    }

    pub fn holds(&self, file: &str) -> bool {
        self.documents.iter().any(|(id, _, _)| id == file)
    }
}
