//! A small Winter: every write overwrites, one status for the account.

use satchel_core::delivery::Reading;

use crate::deed::{Answer, Deed, Snapshot, Word};
use crate::scope::Scope;

/// What one account holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Winter {
    pub word: Word,
    /// Version of the answers; 0 for none.
    pub details: u8,
    /// The photo of each side; 0 for none.
    pub sides: [u8; 2],
    /// Sides written since the last verdict.
    fresh: [bool; 2],
    under_review: bool,
    failures_left: u8,
}

impl Winter {
    pub fn new(scope: &Scope) -> Self {
        Self {
            word: Word::NotSubmitted,
            details: 0,
            sides: [0; 2],
            fresh: [false; 2],
            under_review: false,
            failures_left: scope.rounds,
        }
    }

    pub fn look(&self, reading: Reading) -> Answer {
        let seen = Snapshot::of(self.word);
        let count = self.sides.iter().filter(|photo| **photo > 0).count();
        match reading {
            Reading::Status => Answer::Status(seen),
            Reading::Documents if count == 0 => Answer::NoDocuments,
            Reading::Documents => Answer::Count(count as u8, None),
        }
    }

    /// A write arrives.
    pub fn arrive(&mut self, deed: Deed, version: u8, scope: &Scope) -> Answer {
        match deed {
            Deed::Details => self.details = version,
            Deed::Side(photo) => {
                let side = usize::from((photo - 1) % scope.photos);
                if scope.strict {
                    self.sides = [0; 2];
                }
                (self.sides[side], self.fresh[side]) = (photo, true);
            }
            Deed::Create | Deed::Authorize(_) | Deed::Upload(_) | Deed::Attach(_) => {
                panic!("not a deed of this provider")
            }
        }
        let whole = self.fresh.iter().take(usize::from(scope.photos)).all(|fresh| *fresh);
        if self.details > 0 && whole && self.word != Word::Verified {
            self.word = Word::InReview;
            self.under_review = true;
        }
        Answer::Accepted
    }

    /// Whether a side that arrives later can change anything: not when it is there, nobody replaces
    /// photos, an upload erases nothing, and no further verdict is to come after which it would
    /// count as new.
    pub fn is_inert(&self, deed: Deed, scope: &Scope) -> bool {
        let Deed::Side(photo) = deed else { return false };
        let side = usize::from((photo - 1) % scope.photos);
        let is_last = scope.acts == 0 && self.failures_left == 0 && !scope.strict;
        let is_done = self.fresh[side] || self.word == Word::Verified;
        is_last && is_done && self.sides[side] == photo
    }

    pub fn verdicts(&self) -> impl Iterator<Item = Word> + use<> {
        let fails = self.under_review && self.failures_left > 0;
        let verifies = self.under_review.then_some(Word::Verified);
        verifies.into_iter().chain(fails.then_some(Word::Failed))
    }

    pub fn calm_verdict(&self) -> Option<Word> {
        self.under_review.then_some(Word::Verified)
    }

    pub fn decide(&mut self, word: Word) {
        self.word = word;
        self.under_review = false;
        self.fresh = [false; 2];
        self.failures_left -= u8::from(word == Word::Failed);
    }
}
