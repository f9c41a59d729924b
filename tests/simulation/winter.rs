//! A small Winter: every write overwrites, one status for the account.

use satchel_core::ids::PhotoId;
use satchel_core::onboarding::{DocumentType, Side};
use satchel_core::photo::PhotoRecord;
use satchel_core::provider::{ProviderState, ProviderStatus};

use crate::dice::Dice;
use crate::time::{MINUTE, SECOND};

pub struct Account {
    state: ProviderState,
    pub details: Option<u32>,
    pub documents: Vec<(DocumentType, Side, PhotoId)>,
    fresh: Vec<Side>,
    failures_left: u32,
    review_at: Option<u64>,
    /// An upload erases whatever was there.
    pub last_wins: bool,
}

impl Account {
    pub fn new(dice: &mut Dice) -> Self {
        let mut account = Self {
            state: ProviderState::NotSubmitted,
            details: None,
            documents: Vec::new(),
            fresh: Vec::new(),
            failures_left: dice.below(3) as u32,
            review_at: None,
            last_wins: dice.percent(8),
        };
        if dice.percent(8) {
            let foreign = PhotoId::draw(&mut dice.chance());
            account.documents.push((DocumentType::new("PASSPORT"), Side::Front, foreign));
            if dice.percent(50) {
                account.state = ProviderState::InReview;
            }
        }
        account
    }

    pub fn status(&self) -> ProviderStatus {
        let (raw, state) = (format!("{:?}", self.state), self.state.clone());
        ProviderStatus { raw, state, documents: Vec::new() }
    }

    pub fn count(&self) -> u32 {
        self.documents.len() as u32
    }

    pub fn write_details(&mut self, version: u32, now: u64, dice: &mut Dice) {
        self.details = Some(version);
        self.look(now, dice);
    }

    pub fn write_side(&mut self, photo: &PhotoRecord, now: u64, dice: &mut Dice) {
        let another_type = self.documents.iter().any(|(kind, _, _)| *kind != photo.document);
        if another_type || self.last_wins {
            self.documents.clear();
        }
        if another_type {
            self.fresh.clear();
        }
        self.documents.retain(|(_, side, _)| *side != photo.side);
        self.documents.push((photo.document.clone(), photo.side, photo.id.clone()));
        if !self.fresh.contains(&photo.side) {
            self.fresh.push(photo.side);
        }
        self.look(now, dice);
    }

    /// Once all sides are there anew, it goes under review.
    fn look(&mut self, now: u64, dice: &mut Dice) {
        let licence = self.documents.iter().any(|(kind, _, _)| kind.code() == "LICENCE");
        let whole = self.fresh.len() >= if licence { 2 } else { 1 };
        if self.details.is_some() && whole && self.state != ProviderState::Verified {
            self.state = ProviderState::InReview;
            self.review_at = Some(now + dice.between(30 * SECOND, 30 * MINUTE));
        }
    }

    pub fn review(&mut self, now: u64) {
        if self.review_at.is_none_or(|at| now < at) {
            return;
        }
        self.review_at = None;
        self.fresh.clear();
        self.state = if self.failures_left > 0 {
            self.failures_left -= 1;
            ProviderState::Failed
        } else {
            ProviderState::Verified
        };
    }

    /// Whether the provider has its word still to give, or gave it after `since`.
    pub fn waits_for_review(&self, since: u64) -> bool {
        self.review_at.is_some_and(|at| at > since)
    }

    pub fn holds(&self, photo: &PhotoRecord) -> bool {
        self.documents.iter().any(|(_, side, id)| *side == photo.side && *id == photo.id)
    }
}
