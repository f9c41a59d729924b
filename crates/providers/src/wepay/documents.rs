//! The papers that WePay takes: the 21 values of `type` of its file upload.

use satchel_core::onboarding::{
    Country, DocumentChoice, DocumentPurpose, DocumentRules, DocumentType, EntityKind, PhotoLimits,
    Shape, Side, Who,
};
use satchel_core::photo::PhotoFormat;

/// WePay takes 10 MB. Less than half of that is enough for a sharp page and bearable on a slow
/// link.
pub(super) const PHOTO_BYTES_MAX: u64 = 4_000_000;

/// One value of `type`, with what we know of the paper.
struct Paper {
    code: &'static str,
    purpose: DocumentPurpose,
    shape: Shape,
    sides: &'static [Side],
    hidden_in: &'static [Country],
    offered_to: &'static [EntityKind],
}

const ONE: &[Side] = &[Side::Front];
const TWO: &[Side] = &[Side::Front, Side::Back];

const fn paper(code: &'static str, purpose: DocumentPurpose, shape: Shape) -> Paper {
    Paper { code, purpose, shape, sides: ONE, hidden_in: &[], offered_to: &EntityKind::ALL }
}

const fn card(code: &'static str, purpose: DocumentPurpose) -> Paper {
    Paper { sides: TWO, ..paper(code, purpose, Shape::Card) }
}

/// All papers, the likely ones first.
const PAPERS: [Paper; 21] = [
    paper("passport", DocumentPurpose::Identity, Shape::PassportPage),
    card("drivers_license", DocumentPurpose::Identity),
    card("other_government_issued_photo_id", DocumentPurpose::Identity),
    card("permanent_residence_card", DocumentPurpose::Identity),
    card("employment_authorization_card", DocumentPurpose::Identity),
    paper("birth_certificate", DocumentPurpose::Identity, Shape::Page),
    paper("certificate_of_citizenship", DocumentPurpose::Identity, Shape::Page),
    paper("certificate_of_naturalization", DocumentPurpose::Identity, Shape::Page),
    paper("certified_copy_of_court_order", DocumentPurpose::Identity, Shape::Page),
    paper("current_utility_bill", DocumentPurpose::Address, Shape::Page),
    paper("current_bank_statement", DocumentPurpose::Address, Shape::Page),
    paper("current_local_tax_bill", DocumentPurpose::Address, Shape::Page),
    paper("mortgage_statement", DocumentPurpose::Address, Shape::Page),
    paper("current_lease_contract", DocumentPurpose::Address, Shape::Page),
    Paper {
        hidden_in: &[Country::Us, Country::Ca],
        ..paper("electoral_register_entry", DocumentPurpose::Address, Shape::Page)
    },
    Paper {
        hidden_in: &[Country::Ca, Country::Gb],
        ..paper("social_security_card", DocumentPurpose::NationalNumber, Shape::Card)
    },
    Paper {
        hidden_in: &[Country::Us, Country::Gb],
        ..paper("social_insurance_number_card", DocumentPurpose::NationalNumber, Shape::Card)
    },
    card("benefits_card", DocumentPurpose::NationalNumber),
    Paper {
        offered_to: &[EntityKind::Business],
        ..paper("evidence_of_corporate_registration", DocumentPurpose::Entity, Shape::Page)
    },
    Paper {
        offered_to: &[EntityKind::Organization],
        ..paper("evidence_of_nonprofit_registration", DocumentPurpose::Entity, Shape::Page)
    },
    Paper {
        offered_to: &[EntityKind::Business, EntityKind::Organization],
        ..paper("evidence_of_authority", DocumentPurpose::Authority, Shape::Page)
    },
];

/// The papers offered to one kind of applicant in one country. None must be there before sealing:
/// WePay asks for papers only when it cannot verify without them, and then names none.
pub(super) fn document_rules(who: Who) -> DocumentRules {
    let choices = PAPERS
        .iter()
        .filter(|paper| !paper.hidden_in.contains(&who.country))
        .map(choice)
        .filter(|choice| choice.offered_to.contains(&who.kind))
        .collect();
    let mut advised = vec![DocumentPurpose::Identity, DocumentPurpose::Address];
    match who.kind {
        EntityKind::Individual => {}
        EntityKind::Business | EntityKind::Organization => advised.push(DocumentPurpose::Entity),
    }
    DocumentRules { choices, required: Vec::new(), advised, one_kind: false }
}

fn choice(paper: &Paper) -> DocumentChoice {
    DocumentChoice {
        kind: DocumentType::new(paper.code),
        sides: paper.sides.to_vec(),
        all_sides: false,
        shape: paper.shape,
        purpose: paper.purpose,
        offered_to: paper.offered_to.to_vec(),
        limits: PhotoLimits {
            formats: vec![PhotoFormat::Jpeg, PhotoFormat::Png],
            bytes_max: PHOTO_BYTES_MAX,
        },
    }
}
