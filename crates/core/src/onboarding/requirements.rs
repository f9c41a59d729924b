//! What a provider asks, as data. Forms and document choices are drawn from it.

use serde::Serialize;

use super::who::{Country, DocumentType, EntityKind, Side};
use crate::photo::PhotoFormat;

/// Everything asked of one kind of applicant in one country.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Requirements {
    /// Questions, in the order in which they are asked.
    pub sections: Vec<Section>,
    /// Further owners, where they are asked for.
    pub owners: Option<OwnersRule>,
    /// Papers.
    pub documents: DocumentRules,
}

/// Questions that belong on one screen.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Section {
    /// Code of the step it belongs to: `entity`, `owner`.
    pub step: &'static str,
    /// Code of its heading: `entity`, `owner_name`, `owner_address`, …
    pub id: &'static str,
    /// Questions.
    pub fields: Vec<Field>,
}

/// Beneficial owners: a group that repeats.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OwnersRule {
    /// Path prefix: owner N stands under `prefix.N`.
    pub prefix: &'static str,
    /// Questions of one owner; paths are relative to `prefix.N.`.
    pub fields: Vec<Field>,
    /// Most owners that are taken.
    pub max: usize,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Field {
    /// Where its answer belongs.
    pub path: String,
    /// What kind of answer.
    pub kind: FieldKind,
    /// Whether it must be answered.
    pub presence: Presence,
    /// Rules beyond the kind's own.
    pub rules: Vec<Rule>,
    /// Which sealed group the answer goes to.
    pub group: FieldGroup,
}

/// Kinds of answers. The kind decides control, keyboard and basic check.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FieldKind {
    /// One line.
    Text,
    /// Several lines.
    LongText,
    /// Given, middle or family name.
    Name,
    /// A calendar date, `YYYY-MM-DD`.
    Date,
    /// `+` and one to three digits.
    PhoneCode,
    /// Digits; spaces and hyphens are dropped on the wire.
    PhoneNumber,
    /// An e-mail address.
    Email,
    /// An http or https address.
    Url,
    /// First line of a street address.
    Street,
    /// A postal code of the country in the answer at `country_path`.
    PostalCode {
        /// Path of the country's answer.
        country_path: String,
    },
    /// State or province of the country in the answer at `country_path`; not asked in GB.
    Region {
        /// Path of the country's answer.
        country_path: String,
    },
    /// ISO 3166-1 alpha-2 code.
    Country,
    /// One of several codes.
    Choice {
        /// The codes.
        options: Vec<String>,
    },
    /// `yes` or `no`.
    YesNo,
    /// US social security number, `nnn-nn-nnnn`, or its last four digits where `last_4` allows it.
    SocialSecurityNumber {
        /// Whether four digits are enough.
        last_4: bool,
    },
    /// Canadian social insurance number, `nnn-nnn-nnn`.
    SocialInsuranceNumber,
    /// US employer identification number, `nn-nnnnnnn`.
    EmployerNumber,
    /// Canadian GST/HST number, `nnnnnnnnnRTnnnn`.
    GstHstNumber,
    /// UK company number, 8 characters.
    CompanyNumber,
    /// Merchant category code, 4 digits.
    MerchantCategory,
}

/// Whether an answer must be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// It must.
    Required,
    /// It may.
    Optional,
}

/// Rules beyond a kind's own. A `Warn…` rule advises, the others block.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Rule {
    /// At most this many characters.
    CharsMax {
        /// Characters.
        chars: usize,
    },
    /// More than this many characters may be cut by the provider.
    WarnCharsOver {
        /// Characters.
        chars: usize,
    },
    /// With the other given name the provider keeps only 35 characters.
    KeptWith {
        /// Path of the first name.
        first: String,
        /// Path of the middle name.
        middle: String,
    },
    /// Begins with a digit and names no PO box, when the answer at `country_path` is US.
    UsStreet {
        /// Path of the country's answer.
        country_path: String,
    },
    /// The answer is this country: an individual's own country decides which numbers are asked.
    InCountry {
        /// The country.
        country: Country,
    },
    /// Not after today.
    NotInFuture,
    /// Younger than 18 years is unusual.
    WarnUnder18,
}

/// Sealed groups: national numbers are never opened by lists and search.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldGroup {
    /// Everything else.
    Details,
    /// SSN, SIN and EIN.
    National,
}

/// Which papers may be given, and how many must.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DocumentRules {
    /// Papers on offer, the likely ones first.
    pub choices: Vec<DocumentChoice>,
    /// Purposes of which at least one paper must be there before sealing.
    pub required: Vec<DocumentPurpose>,
    /// Purposes of which a paper now saves a second visit.
    pub advised: Vec<DocumentPurpose>,
    /// Whether only one kind of paper can be on the account at a time.
    pub one_kind: bool,
}

/// One kind of paper.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DocumentChoice {
    /// The provider's code.
    pub kind: DocumentType,
    /// Sides that are photographed.
    pub sides: Vec<Side>,
    /// Whether every side must be there.
    pub all_sides: bool,
    /// Its size.
    pub shape: Shape,
    /// What it proves.
    pub purpose: DocumentPurpose,
    /// Kinds of applicants to whom it is offered.
    pub offered_to: Vec<EntityKind>,
    /// Limits of its photos.
    pub limits: PhotoLimits,
}

/// Sizes of papers; they decide resolution limits and the capture frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// ID-1 card, 85.6 × 54 mm.
    Card,
    /// Passport data page, 125 × 88 mm.
    PassportPage,
    /// A4 or Letter.
    Page,
}

/// What a paper proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentPurpose {
    /// Who a person is.
    Identity,
    /// Where a person or an entity is.
    Address,
    /// A national number.
    NationalNumber,
    /// That an entity exists.
    Entity,
    /// That a person may act for an entity.
    Authority,
}

/// What the provider takes of one photo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PhotoLimits {
    /// Encodings taken.
    pub formats: Vec<PhotoFormat>,
    /// Most bytes of one photo.
    pub bytes_max: u64,
}

impl Requirements {
    /// All questions with their full paths, `owners` further owners included.
    pub fn fields(&self, owners: usize) -> Vec<Field> {
        let mut fields: Vec<Field> =
            self.sections.iter().flat_map(|s| s.fields.iter().cloned()).collect();
        if let Some(rule) = &self.owners {
            for index in 0..owners {
                let place = format!("{}.{index}.", rule.prefix);
                fields.extend(rule.fields.iter().map(|f| f.placed(&place)));
            }
        }
        fields
    }

    /// Whether an answer belongs to the group of national numbers.
    pub fn is_national(&self, path: &str) -> bool {
        self.fields(0).iter().any(|f| f.path == path && f.group == FieldGroup::National)
    }

    /// The choice of a kind of paper.
    pub fn choice(&self, kind: &DocumentType) -> Option<&DocumentChoice> {
        self.documents.choices.iter().find(|c| &c.kind == kind)
    }
}

impl Field {
    /// This question under a path prefix that ends with a dot.
    pub fn placed(&self, place: &str) -> Field {
        let full = |path: &str| format!("{place}{path}");
        let mut field = self.clone();
        field.path = full(&field.path);
        match &mut field.kind {
            FieldKind::PostalCode { country_path } | FieldKind::Region { country_path } => {
                *country_path = full(country_path);
            }
            FieldKind::Text
            | FieldKind::LongText
            | FieldKind::Name
            | FieldKind::Date
            | FieldKind::PhoneCode
            | FieldKind::PhoneNumber
            | FieldKind::Email
            | FieldKind::Url
            | FieldKind::Street
            | FieldKind::Country
            | FieldKind::Choice { .. }
            | FieldKind::YesNo
            | FieldKind::SocialSecurityNumber { .. }
            | FieldKind::SocialInsuranceNumber
            | FieldKind::EmployerNumber
            | FieldKind::GstHstNumber
            | FieldKind::CompanyNumber
            | FieldKind::MerchantCategory => {}
        }
        for rule in &mut field.rules {
            match rule {
                Rule::KeptWith { first, middle } => {
                    *first = full(first);
                    *middle = full(middle);
                }
                Rule::UsStreet { country_path } => *country_path = full(country_path),
                Rule::CharsMax { .. }
                | Rule::WarnCharsOver { .. }
                | Rule::InCountry { .. }
                | Rule::NotInFuture
                | Rule::WarnUnder18 => {}
            }
        }
        field
    }
}
