//! What an answer means, by the table of the design: what the world knows that it sent.

use satchel_core::delivery::{Definite, NotSentWhy, Outcome};

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    Done,
    NotSent(NotSentWhy),
    NotDone,
    Ambiguous,
    Credentials,
    Definite(Definite),
}

impl Class {
    pub fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Done { .. } => Class::Done,
            Outcome::NotSent { why } => Class::NotSent(*why),
            Outcome::NotDone { .. } => Class::NotDone,
            Outcome::Ambiguous { .. } => Class::Ambiguous,
            Outcome::Credentials { .. } => Class::Credentials,
            Outcome::Definite { fault, .. } => Class::Definite(*fault),
        }
    }

    /// Whether a look-up may settle something by it.
    pub fn tells(self) -> bool {
        matches!(self, Class::Done | Class::Definite(Definite::NoDocumentsOrAccount))
    }

    /// Whether the provider itself spoke.
    pub fn is_of_the_provider(self) -> bool {
        matches!(self, Class::Done | Class::NotDone | Class::Definite(_))
    }
}
