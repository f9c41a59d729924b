//! What Winter asks: a name, an address, a social security number and one identity document.

use satchel_core::onboarding::{
    Country, DocumentChoice, DocumentPurpose, DocumentRules, DocumentType, EntityKind, FieldKind,
    PhotoLimits, Requirements, Rule, Section, Shape, Side,
};
use satchel_core::photo::PhotoFormat;

use crate::field::{national, optional, required, ruled};

/// Winter publishes no limit; this keeps a request, a third larger in base64, below 7 MB.
pub(super) const PHOTO_BYTES_MAX: u64 = 5_000_000;

/// A paper with one picture, which goes out without a side.
pub(super) const PASSPORT: &str = "PASSPORT";

/// Everything asked of a person.
pub(super) fn requirements() -> Requirements {
    let section = |id, fields| Section { step: "owner", id, fields };
    let country_path = || "owner.address.country".to_owned();
    let ssn = FieldKind::SocialSecurityNumber { last_4: false };
    Requirements {
        sections: vec![
            section(
                "owner_name",
                vec![
                    required("owner.name.first", FieldKind::Name),
                    optional("owner.name.middle", FieldKind::Name),
                    required("owner.name.last", FieldKind::Name),
                ],
            ),
            section(
                "owner_address",
                vec![
                    required("owner.address.address1", FieldKind::Street),
                    optional("owner.address.address2", FieldKind::Text),
                    required("owner.address.city", FieldKind::Text),
                    required(
                        "owner.address.region",
                        FieldKind::Region { country_path: country_path() },
                    ),
                    required(
                        "owner.address.postal_code",
                        FieldKind::PostalCode { country_path: country_path() },
                    ),
                    ruled(
                        required("owner.address.country", FieldKind::Country),
                        [Rule::InCountry { country: Country::Us }],
                    ),
                ],
            ),
            section("owner_number", vec![national(required("owner.us.ssn", ssn))]),
        ],
        owners: None,
        documents: document_rules(),
    }
}

fn document_rules() -> DocumentRules {
    let both = || vec![Side::Front, Side::Back];
    DocumentRules {
        choices: vec![
            choice("DRIVERS_LICENSE", both(), Shape::Card),
            choice(PASSPORT, vec![Side::Front], Shape::PassportPage),
            choice("STATE_LICENSE", both(), Shape::Card),
        ],
        required: vec![DocumentPurpose::Identity],
        advised: Vec::new(),
        one_kind: true,
    }
}

fn choice(code: &str, sides: Vec<Side>, shape: Shape) -> DocumentChoice {
    DocumentChoice {
        kind: DocumentType::new(code),
        sides,
        all_sides: true,
        shape,
        purpose: DocumentPurpose::Identity,
        offered_to: vec![EntityKind::Individual],
        limits: PhotoLimits {
            formats: vec![PhotoFormat::Jpeg, PhotoFormat::Png],
            bytes_max: PHOTO_BYTES_MAX,
        },
    }
}
