//! A draft, and the line past which nothing re-checks.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::answers::Answers;
use super::check::{Finding, Severity, check};
use super::requirements::{DocumentChoice, DocumentPurpose, Requirements};
use super::who::{DocumentType, Side, Who};
use crate::clock::UnixMs;
use crate::ids::{AccountId, DraftId, SubmissionId};
use crate::photo::PhotoRecord;

/// An onboarding still being filled. Saved at every change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// Its identifier.
    pub id: DraftId,
    /// The account it is for.
    pub account: AccountId,
    /// The submission for which photos are taken anew; nothing else is asked then.
    pub continues: Option<SubmissionId>,
    /// Kind and country, once chosen.
    pub who: Option<Who>,
    /// What was typed.
    pub answers: Answers,
    /// Whether the person said that there are no further owners.
    pub no_other_owners: bool,
    /// Photos taken so far.
    pub photos: Vec<DraftPhoto>,
    /// The applicant's consent.
    pub consent: Option<Consent>,
    /// Language in which the applicant was addressed (BCP 47).
    pub language: String,
    /// Who filled it in.
    pub operator: String,
    /// The step on which the person was, in the window's words; empty before the first.
    #[serde(default)]
    pub step: String,
    /// When it was begun.
    pub created_ms: UnixMs,
    /// When it was last changed.
    pub changed_ms: UnixMs,
}

/// A photo in a draft, with how often it was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftPhoto {
    /// The photo that counts.
    pub photo: PhotoRecord,
    /// How many photos of this side were judged bad before.
    pub retakes: u32,
    /// Whether it was judged bad; it is sealed only with a reason then.
    #[serde(default)]
    pub is_bad: bool,
}

impl DraftPhoto {
    /// The photo, where it may be sealed: good enough, or used with a reason.
    fn usable(&self) -> Option<&PhotoRecord> {
        (!self.is_bad || self.photo.override_reason.is_some()).then_some(&self.photo)
    }

    fn gap(&self) -> Missing {
        Missing::Photo(self.photo.document.clone(), self.photo.side)
    }
}

/// That the applicant agreed: which text, in which language, when, before whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Which text, with its version.
    pub text_id: String,
    /// Language of the text.
    pub language: String,
    /// When.
    pub given_ms: UnixMs,
    /// Before whom.
    pub operator: String,
}

/// A draft that lacks nothing. Made by [`Draft::seal`] alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    account: AccountId,
    who: Who,
    details: Answers,
    national: Answers,
    photos: Vec<PhotoRecord>,
    consent: Consent,
}

/// What a draft lacks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    /// Kind and country are not chosen.
    #[error("kind and country are not chosen")]
    Who,
    /// Answers that block.
    #[error("{} answer(s) to mend", .0.len())]
    Answers(Vec<Finding>),
    /// Nobody said whether there are further owners.
    #[error("further owners are neither named nor denied")]
    Owners,
    /// A paper for this purpose.
    #[error("a paper is missing")]
    Document(DocumentPurpose),
    /// A side of this paper.
    #[error("a side is missing")]
    Side(DocumentType),
    /// This paper is not taken here, or not beside the other kind that is there.
    #[error("a paper is not taken here")]
    Unsupported(DocumentType),
    /// A good photo of this side, or a reason to use the bad one.
    #[error("a photo was judged bad and nobody said why it is used")]
    Photo(DocumentType, Side),
    /// Consent was not given.
    #[error("consent is missing")]
    Consent,
}

impl Draft {
    /// Seals what lacks nothing.
    ///
    /// # Errors
    /// The first thing that is missing, in the order of the screens.
    pub fn seal(&self, requirements: &Requirements, today: Date) -> Result<Sealed, Missing> {
        let who = self.who.ok_or(Missing::Who)?;
        let blocking = blocking(check(requirements, &self.asked_answers(requirements), today));
        if !blocking.is_empty() {
            return Err(Missing::Answers(blocking));
        }
        self.owners_said(requirements)?;
        self.documents_there(requirements)?;
        let photos = self.usable_photos()?;
        let consent = self.consent.clone().ok_or(Missing::Consent)?;
        let (national, details) =
            self.asked_answers(requirements).split(|path| requirements.is_national(path));
        Ok(Sealed { account: self.account.clone(), who, details, national, photos, consent })
    }

    /// The photos, each of which may be sealed.
    ///
    /// # Errors
    /// [`Missing::Photo`] for the first one that may not.
    pub fn usable_photos(&self) -> Result<Vec<PhotoRecord>, Missing> {
        let usable = |p: &DraftPhoto| p.usable().cloned().ok_or_else(|| p.gap());
        self.photos.iter().map(usable).collect()
    }

    /// Everything that is missing, in the order of the screens.
    pub fn missing(&self, requirements: &Requirements, today: Date) -> Vec<Missing> {
        let mut missing = Vec::new();
        if self.who.is_none() {
            missing.push(Missing::Who);
        }
        let blocking = blocking(check(requirements, &self.asked_answers(requirements), today));
        if !blocking.is_empty() {
            missing.push(Missing::Answers(blocking));
        }
        missing.extend(self.owners_said(requirements).err());
        missing.extend(self.document_gaps(requirements));
        missing.extend(self.photos.iter().filter(|p| p.usable().is_none()).map(DraftPhoto::gap));
        if self.consent.is_none() {
            missing.push(Missing::Consent);
        }
        missing
    }

    /// Answers to questions that are asked now; others were typed before the kind or country
    /// changed.
    fn asked_answers(&self, requirements: &Requirements) -> Answers {
        let owners = match &requirements.owners {
            Some(rule) if !self.no_other_owners => self.answers.repeated(rule.prefix),
            Some(_) | None => 0,
        };
        let fields = requirements.fields(owners);
        let (asked, _) = self.answers.clone().split(|path| fields.iter().any(|f| f.path == path));
        asked
    }

    fn owners_said(&self, requirements: &Requirements) -> Result<(), Missing> {
        match &requirements.owners {
            Some(rule) if !self.no_other_owners && self.answers.repeated(rule.prefix) == 0 => {
                Err(Missing::Owners)
            }
            Some(_) | None => Ok(()),
        }
    }

    fn documents_there(&self, requirements: &Requirements) -> Result<(), Missing> {
        self.document_gaps(requirements).into_iter().next().map_or(Ok(()), Err)
    }

    fn document_gaps(&self, requirements: &Requirements) -> Vec<Missing> {
        let mut gaps = Vec::new();
        for purpose in &requirements.documents.required {
            let there = requirements.documents.choices.iter().any(|c| {
                c.purpose == *purpose && self.photos.iter().any(|p| p.photo.document == c.kind)
            });
            if !there {
                gaps.push(Missing::Document(*purpose));
            }
        }
        for (place, kind) in self.document_kinds().into_iter().enumerate() {
            let one_too_many = requirements.documents.one_kind && place > 0;
            match requirements.choice(&kind).filter(|_| !one_too_many) {
                None => gaps.push(Missing::Unsupported(kind)),
                Some(choice) if choice.all_sides && !self.has_all_sides(choice) => {
                    gaps.push(Missing::Side(kind));
                }
                Some(_) => {}
            }
        }
        gaps
    }

    fn document_kinds(&self) -> Vec<DocumentType> {
        let mut kinds: Vec<_> = self.photos.iter().map(|p| p.photo.document.clone()).collect();
        kinds.sort();
        kinds.dedup();
        kinds
    }

    fn has_all_sides(&self, choice: &DocumentChoice) -> bool {
        choice.sides.iter().all(|side| {
            self.photos.iter().any(|p| p.photo.document == choice.kind && p.photo.side == *side)
        })
    }
}

fn blocking(findings: Vec<Finding>) -> Vec<Finding> {
    findings.into_iter().filter(|f| f.severity == Severity::Block).collect()
}

impl Sealed {
    /// The account it is for.
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// Kind and country.
    pub fn who(&self) -> Who {
        self.who
    }

    /// Answers without national numbers.
    pub fn details(&self) -> &Answers {
        &self.details
    }

    /// National numbers.
    pub fn national(&self) -> &Answers {
        &self.national
    }

    /// Photos, in the order in which they were taken.
    pub fn photos(&self) -> &[PhotoRecord] {
        &self.photos
    }

    /// The applicant's consent.
    pub fn consent(&self) -> &Consent {
        &self.consent
    }
}

#[cfg(test)]
mod tests;
