//! An onboarding: who, what is asked, what was answered, what is still missing.

mod answers;
mod check;
mod draft;
mod name;
pub mod normal;
mod requirements;
mod who;

pub use answers::{Answers, FieldPath};
pub use check::{FINDING_CODES, Finding, Severity, check, regions};
pub use draft::{Consent, Draft, DraftPhoto, Missing, Sealed};
pub use name::{NAME_CHARS_MAX, kept_given_names};
pub use requirements::{
    DocumentChoice, DocumentPurpose, DocumentRules, Field, FieldGroup, FieldKind, OwnersRule,
    PhotoLimits, Presence, Requirements, Rule, Section, Shape,
};
pub use who::{Country, DocumentType, EntityKind, Side, Who};
