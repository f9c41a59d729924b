//! Drafts: a form drawn from requirements.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AccountRowView, PhotoView, WhoView};

/// An onboarding still being filled.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct DraftView {
    /// Identifier.
    pub id: String,
    /// Its account.
    pub account: AccountRowView,
    /// The submission for which photos are taken anew; the form is not asked again.
    pub continues: Option<String>,
    /// Kind and country, once chosen.
    pub who: Option<WhoView>,
    /// Kinds and countries that can be chosen.
    pub offers: Vec<WhoView>,
    /// Questions.
    pub sections: Vec<SectionView>,
    /// Further owners, where asked for.
    pub owners: Option<OwnersView>,
    /// What the checks say of the answers.
    pub findings: Vec<FindingView>,
    /// Papers on offer.
    pub documents: Vec<DocumentChoiceView>,
    /// Photos taken.
    pub photos: Vec<PhotoView>,
    /// Purposes of which a paper must be there.
    pub required_purposes: Vec<String>,
    /// Purposes of which a paper saves a second visit.
    pub advised_purposes: Vec<String>,
    /// Only one kind of paper at a time.
    pub one_kind: bool,
    /// In a retake: the papers that were rejected or asked for.
    pub asked_documents: Vec<String>,
    /// What is missing before it can be sealed.
    pub missing: Vec<MissingView>,
    /// Consent, once given.
    pub consent: Option<ConsentView>,
    /// Language of the applicant.
    pub language: String,
    /// The step on which the person was; empty before the first.
    pub step: String,
    /// When it was last saved.
    #[ts(type = "number")]
    pub saved_ms: i64,
    /// Photos wait here until the provider asks for them.
    pub photos_on_request: bool,
}

/// Questions under one heading.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct SectionView {
    /// `entity`, `owner`.
    pub step: String,
    /// Code of the heading.
    pub id: String,
    /// Questions.
    pub fields: Vec<FieldView>,
}

/// One question.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct FieldView {
    /// Where the answer belongs.
    pub path: String,
    /// `text`, `long_text`, `name`, `date`, `phone_code`, `phone_number`, `email`, `url`, `street`,
    /// `postal_code`, `region`, `country`, `choice`, `yes_no`, `social_security_number`,
    /// `social_insurance_number`, `employer_number`, `gst_hst_number`, `company_number`,
    /// `merchant_category`.
    pub kind: String,
    /// Must be answered.
    pub required: bool,
    /// Codes to choose from.
    pub options: Vec<String>,
    /// Path of the country that decides region and postal code.
    pub country_path: Option<String>,
    /// A national number: masked when not being typed.
    pub national: bool,
    /// Four digits are enough.
    pub last_4: bool,
    /// The answer as typed.
    pub value: String,
    /// Most characters.
    #[ts(type = "number | null")]
    pub chars_max: Option<u64>,
}

/// Further owners.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct OwnersView {
    /// Path prefix.
    pub prefix: String,
    /// The person said that there are none.
    pub none: bool,
    /// Questions of each owner, with full paths.
    pub owners: Vec<Vec<FieldView>>,
    /// Questions of one more owner, with the paths of the next place.
    pub template: Vec<FieldView>,
    /// Most owners.
    #[ts(type = "number")]
    pub max: u64,
}

/// What a check says of an answer.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct FindingView {
    /// Where.
    pub path: String,
    /// What.
    pub code: String,
    /// The provider would refuse it.
    pub blocks: bool,
    /// A value the words need.
    pub detail: Option<String>,
}

/// A paper on offer.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct DocumentChoiceView {
    /// The provider's code.
    pub kind: String,
    /// Sides that are photographed.
    pub sides: Vec<String>,
    /// Every side must be there.
    pub all_sides: bool,
    /// `card`, `passport_page`, `page`.
    pub shape: String,
    /// `identity`, `address`, `national_number`, `entity`, `authority`.
    pub purpose: String,
}

/// Something that is missing.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct MissingView {
    /// `who`, `answers`, `owners`, `document`, `side`, `unsupported`, `consent`.
    pub code: String,
    /// The step on which it is mended: `who`, `entity`, `owner`, `owners`, `documents`, `review`.
    pub step: String,
    /// The answer it is about.
    pub path: Option<String>,
    /// The paper or purpose it is about.
    pub document: Option<String>,
}

/// Consent as given.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ConsentView {
    /// Which text.
    pub text_id: String,
    /// When.
    #[ts(type = "number")]
    pub given_ms: i64,
}

/// One answer as typed.
#[derive(Clone, Debug, PartialEq, Deserialize, TS)]
#[ts(export)]
pub struct AnswerRequest {
    /// Where it belongs.
    pub path: String,
    /// The answer; empty removes it.
    pub value: String,
}

/// What was sealed.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct SealView {
    /// The account.
    pub account: String,
    /// The submission.
    pub submission: String,
    /// The account's name.
    pub name: String,
}
