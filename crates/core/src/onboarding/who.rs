//! Who is onboarded, and with which papers.

use serde::{Deserialize, Serialize};

/// What kind of applicant an account is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntityKind {
    /// A person.
    Individual,
    /// A business.
    Business,
    /// A nonprofit organisation.
    Organization,
}

impl EntityKind {
    /// All kinds, in the order in which they are offered.
    pub const ALL: [EntityKind; 3] = [Self::Individual, Self::Business, Self::Organization];

    /// The code: `individual`, `business`, `organization`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Individual => "individual",
            Self::Business => "business",
            Self::Organization => "organization",
        }
    }

    /// Reads a code, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.code().eq_ignore_ascii_case(text.trim()))
    }
}

/// A country whose merchants can be onboarded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Country {
    /// United States.
    #[serde(rename = "US")]
    Us,
    /// Canada.
    #[serde(rename = "CA")]
    Ca,
    /// United Kingdom.
    #[serde(rename = "GB")]
    Gb,
}

impl Country {
    /// All countries, in the order in which they are offered.
    pub const ALL: [Country; 3] = [Self::Us, Self::Ca, Self::Gb];

    /// ISO 3166-1 alpha-2 code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Us => "US",
            Self::Ca => "CA",
            Self::Gb => "GB",
        }
    }

    /// Reads an ISO 3166-1 alpha-2 code, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.code().eq_ignore_ascii_case(text.trim()))
    }
}

/// Kind and country together: they decide what is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Who {
    /// Kind of applicant.
    pub kind: EntityKind,
    /// Country of the entity; of the person where there is no entity.
    pub country: Country,
}

/// A provider's code for a kind of paper, such as `passport` or `DRIVERS_LICENSE`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DocumentType(pub String);

impl DocumentType {
    /// Wraps a code.
    pub fn new(code: impl Into<String>) -> Self {
        Self(code.into())
    }

    /// The code.
    pub fn code(&self) -> &str {
        &self.0
    }
}

/// A side of a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The front; the only side of a paper that has one.
    Front,
    /// The back.
    Back,
}

impl Side {
    /// The code: `front`, `back`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Front => "front",
            Self::Back => "back",
        }
    }

    /// Reads a code, in any case.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Front, Self::Back].into_iter().find(|s| s.code().eq_ignore_ascii_case(text.trim()))
    }
}
