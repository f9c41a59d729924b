#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use jiff::civil::date;

use super::*;
use crate::chance::Chance;
use crate::ids::PhotoId;
use crate::onboarding::{
    Country, DocumentRules, EntityKind, Field, FieldGroup, FieldKind, OwnersRule, PhotoLimits,
    Presence, Section, Shape, Side,
};
use crate::photo::PhotoFormat;

const TODAY: Date = date(2026, 3, 14);

fn chance() -> Chance {
    Chance::from_seed([7; 32])
}

fn field(path: &str, group: FieldGroup) -> Field {
    Field {
        path: path.to_owned(),
        kind: FieldKind::Text,
        presence: Presence::Required,
        rules: Vec::new(),
        group,
    }
}

fn choice(code: &str, sides: &[Side]) -> DocumentChoice {
    DocumentChoice {
        kind: DocumentType::new(code),
        sides: sides.to_vec(),
        all_sides: true,
        shape: Shape::Card,
        purpose: DocumentPurpose::Identity,
        offered_to: EntityKind::ALL.to_vec(),
        limits: PhotoLimits { formats: vec![PhotoFormat::Jpeg], bytes_max: 1 },
    }
}

fn requirements() -> Requirements {
    Requirements {
        sections: vec![Section {
            step: "owner",
            id: "owner_name",
            fields: vec![
                field("owner.name.first", FieldGroup::Details),
                field("owner.us.ssn", FieldGroup::National),
            ],
        }],
        owners: None,
        documents: DocumentRules {
            choices: vec![
                choice("license", &[Side::Front, Side::Back]),
                choice("passport", &[Side::Front]),
            ],
            required: vec![DocumentPurpose::Identity],
            advised: Vec::new(),
            one_kind: true,
        },
    }
}

fn with_owners() -> Requirements {
    let fields = vec![field("name.first", FieldGroup::Details)];
    Requirements { owners: Some(OwnersRule { prefix: "owners", fields, max: 4 }), ..requirements() }
}

fn photo(code: &str, side: Side) -> DraftPhoto {
    let photo = PhotoRecord {
        id: PhotoId::draw(&mut chance()),
        document: DocumentType::new(code),
        side,
        format: PhotoFormat::Jpeg,
        bytes: 1,
        width: 1,
        height: 1,
        original_sha256: String::new(),
        upload_sha256: String::new(),
        look: 0,
        report: String::new(),
        override_reason: None,
        taken_ms: 0,
    };
    DraftPhoto { photo, retakes: 0, is_bad: false }
}

/// A draft that lacks nothing.
fn whole() -> Draft {
    let mut chance = chance();
    Draft {
        id: DraftId::draw(&mut chance),
        account: AccountId::draw(&mut chance),
        continues: None,
        who: Some(Who { kind: EntityKind::Individual, country: Country::Us }),
        answers: [("owner.name.first", "Foo"), ("owner.us.ssn", "111-22-1234"), ("left.over", "x")]
            .into_iter()
            .collect(),
        no_other_owners: false,
        photos: vec![photo("license", Side::Front), photo("license", Side::Back)],
        consent: Some(Consent {
            text_id: "consent-1".into(),
            language: "en".into(),
            given_ms: 1,
            operator: "op".into(),
        }),
        language: "en".into(),
        operator: "op".into(),
        step: String::new(),
        created_ms: 0,
        changed_ms: 0,
    }
}

fn first_missing(draft: &Draft, requirements: &Requirements) -> Option<Missing> {
    draft.seal(requirements, TODAY).err()
}

#[test]
fn a_whole_draft_seals_with_national_numbers_apart_and_leftovers_left_out() {
    let sealed = whole().seal(&requirements(), TODAY).unwrap();
    assert_eq!(sealed.details().iter().collect::<Vec<_>>(), [("owner.name.first", "Foo")]);
    assert_eq!(sealed.national().iter().collect::<Vec<_>>(), [("owner.us.ssn", "111-22-1234")]);
    assert_eq!(sealed.photos().len(), 2);
    assert!(whole().missing(&requirements(), TODAY).is_empty());
}

#[test]
fn what_is_missing_is_said_in_the_order_of_the_screens() {
    let mut draft = Draft { who: None, consent: None, photos: Vec::new(), ..whole() };
    draft.answers = Answers::default();
    let missing = draft.missing(&with_owners(), TODAY);
    assert!(matches!(
        missing.as_slice(),
        [
            Missing::Who,
            Missing::Answers(findings),
            Missing::Owners,
            Missing::Document(DocumentPurpose::Identity),
            Missing::Consent,
        ] if findings.len() == 2
    ));
    assert_eq!(first_missing(&draft, &with_owners()), Some(Missing::Who));
}

#[test]
fn further_owners_are_either_named_or_denied() {
    let mut draft = whole();
    assert_eq!(first_missing(&draft, &with_owners()), Some(Missing::Owners));
    draft.no_other_owners = true;
    assert_eq!(first_missing(&draft, &with_owners()), None);
    draft.no_other_owners = false;
    draft.answers.put("owners.0.name.first", "Ada");
    let sealed = draft.seal(&with_owners(), TODAY).unwrap();
    assert_eq!(sealed.details().text("owners.0.name.first"), "Ada");
}

#[test]
fn owners_that_were_denied_later_neither_block_nor_go_out() {
    let mut draft = Draft { no_other_owners: true, ..whole() };
    draft.answers.put("owners.1.name.first", "Ada");
    let sealed = draft.seal(&with_owners(), TODAY).unwrap();
    assert_eq!(sealed.details().repeated("owners"), 0);
}

#[test]
fn a_paper_lacks_a_side_or_is_not_taken_or_is_one_kind_too_many() {
    let license = DocumentType::new("license");
    let mut draft = whole();
    draft.photos.pop();
    assert_eq!(first_missing(&draft, &requirements()), Some(Missing::Side(license)));

    let selfie = DocumentType::new("selfie");
    draft.photos = vec![photo("selfie", Side::Front), photo("passport", Side::Front)];
    assert_eq!(first_missing(&draft, &requirements()), Some(Missing::Unsupported(selfie)));

    draft.photos = [whole().photos, vec![photo("passport", Side::Front)]].concat();
    let passport = DocumentType::new("passport");
    assert_eq!(draft.missing(&requirements(), TODAY), [Missing::Unsupported(passport)]);
    let both_taken = Requirements {
        documents: DocumentRules { one_kind: false, ..requirements().documents },
        ..requirements()
    };
    assert_eq!(first_missing(&draft, &both_taken), None);
}

#[test]
fn a_photo_that_was_judged_bad_is_sealed_only_with_a_reason() {
    let mut draft = whole();
    draft.photos[1].is_bad = true;
    let back = Missing::Photo(DocumentType::new("license"), Side::Back);
    assert_eq!(first_missing(&draft, &requirements()), Some(back.clone()));
    assert_eq!(draft.missing(&requirements(), TODAY), std::slice::from_ref(&back));
    assert_eq!(draft.usable_photos(), Err(back));
    draft.photos[1].photo.override_reason = Some("The only copy there is".into());
    assert_eq!(first_missing(&draft, &requirements()), None);
    assert_eq!(draft.usable_photos().unwrap().len(), 2);
}

#[test]
fn sealing_needs_consent() {
    let draft = Draft { consent: None, ..whole() };
    assert_eq!(first_missing(&draft, &requirements()), Some(Missing::Consent));
}

#[test]
fn a_draft_comes_back_from_its_record_as_it_was() {
    let text = serde_json::to_string(&whole()).unwrap();
    assert_eq!(serde_json::from_str::<Draft>(&text).unwrap(), whole());
}
