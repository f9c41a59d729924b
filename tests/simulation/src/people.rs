//! People at the device: they fill forms, take photos, look now and then, and do what is asked of
//! them.

use satchel_app::api::AnswerRequest;
use satchel_core::delivery::{
    EngineEvent, Event, PhotoSent, Refusal, Step, Submission, SubmissionState,
};
use satchel_core::ids::{AccountId, DraftId, PhotoId, SubmissionId};
use satchel_core::onboarding::{
    Answers, Consent, Country, DocumentType, Draft, DraftPhoto, EntityKind, Side, Who,
};
use satchel_core::photo::{PhotoFormat, PhotoRecord};
use satchel_core::provider::{ProviderState, ProviderStatus};

use crate::dice::Dice;
use crate::disk::Provider;

/// What a person does about a submission.
pub enum Act {
    Event(Event),
    Correct(&'static str, Vec<AnswerRequest>),
    Retake(Vec<PhotoRecord>),
    Exchange { old: PhotoId, new: Box<PhotoRecord> },
}

pub const WHO: Who = Who { kind: EntityKind::Individual, country: Country::Us };

pub fn photo(dice: &mut Dice, document: &str, side: Side) -> PhotoRecord {
    PhotoRecord {
        id: PhotoId::parse(&dice.hex_128()).unwrap(),
        document: DocumentType::new(document),
        side,
        format: PhotoFormat::Jpeg,
        bytes: 400_000,
        width: 1600,
        height: 1200,
        original_sha256: String::new(),
        upload_sha256: String::new(),
        look: 0,
        report: String::new(),
        override_reason: None,
        taken_ms: 0,
    }
}

/// A set of photos as a person takes them for a new submission.
pub fn photos(provider: Provider, dice: &mut Dice) -> Vec<PhotoRecord> {
    match provider {
        Provider::WePay => {
            let kinds = ["current_utility_bill", "passport", "current_lease_contract"];
            let count = 1 + dice.below(3) as usize;
            kinds[..count].iter().map(|kind| photo(dice, kind, Side::Front)).collect()
        }
        Provider::Winter if dice.percent(30) => vec![photo(dice, "PASSPORT", Side::Front)],
        Provider::Winter => {
            let licence = "DRIVERS_LICENSE";
            vec![photo(dice, licence, Side::Front), photo(dice, licence, Side::Back)]
        }
    }
}

/// The first line of an address begins with the version of the answers.
pub fn address(version: u32) -> String {
    format!("{version} Quillfeather Street")
}

/// A form as it was filled in.
pub fn answers(provider: Provider) -> Answers {
    let ssn = match provider {
        Provider::WePay => "1120",
        Provider::Winter => "078-05-1120",
    };
    let typed = [
        ("owner.name.first", "Quillfeather"),
        ("owner.name.last", "Zorblaxia"),
        ("owner.date_of_birth", "1980-02-03"),
        ("owner.phone.country_code", "+1"),
        ("owner.phone.number", "3125550142"),
        ("owner.address.city", "Chicago"),
        ("owner.address.region", "IL"),
        ("owner.address.postal_code", "60601"),
        ("owner.address.country", "US"),
        ("owner.us.ssn", ssn),
        ("entity.mcc", "7999"),
    ];
    let mut answers: Answers = typed.into_iter().collect();
    answers.put("owner.address.address1", address(1));
    answers
}

/// What a person hands in.
pub struct Folder {
    pub account: AccountId,
    pub continues: Option<SubmissionId>,
    pub answers: Answers,
    pub photos: Vec<PhotoRecord>,
}

/// A draft that lacks nothing.
pub fn draft(folder: Folder, now_ms: i64, dice: &mut Dice) -> Draft {
    let consent = Consent {
        text_id: "consent.v1".to_owned(),
        language: "en".to_owned(),
        given_ms: now_ms,
        operator: "op".to_owned(),
    };
    let photos =
        folder.photos.into_iter().map(|photo| DraftPhoto { photo, retakes: 0, is_bad: false });
    Draft {
        id: DraftId::parse(&dice.hex_128()).unwrap(),
        account: folder.account,
        continues: folder.continues,
        step: String::new(),
        who: Some(WHO),
        answers: folder.answers,
        no_other_owners: true,
        photos: photos.collect(),
        consent: Some(consent),
        language: "en".to_owned(),
        operator: "op".to_owned(),
        created_ms: now_ms,
        changed_ms: now_ms,
    }
}

/// What a person does about this submission, if anything.
pub fn act(
    submission: &Submission,
    provider: Provider,
    version: u32,
    dice: &mut Dice,
) -> Option<Act> {
    match submission.state() {
        SubmissionState::Blocked { refusal, .. } => {
            Some(answer(submission, refusal, version, dice))
        }
        SubmissionState::Quarantined { .. } => Some(Act::Event(Event::Released)),
        SubmissionState::NeedsDocuments { .. } if submission.pending_photos().count() == 0 => {
            Some(Act::Retake(retakes(submission, dice)))
        }
        SubmissionState::NeedsDocuments { .. } if dice.percent(5) => {
            Some(Act::Retake(retakes(submission, dice)))
        }
        SubmissionState::Failed { .. } => Some(Act::Retake(photos(provider, dice))),
        SubmissionState::Queued if dice.percent(2) => Some(Act::Event(Event::Withdrawn)),
        SubmissionState::Queued | SubmissionState::Awaiting { .. } if dice.percent(4) => {
            let photos = retakes(submission, dice);
            (!photos.is_empty()).then_some(Act::Retake(photos))
        }
        // The old set may have arrived, or is still to be repeated.
        SubmissionState::Unconfirmed { step: Step::Attach { .. } | Step::Side { .. }, .. }
            if dice.percent(30) =>
        {
            let photos = retakes(submission, dice);
            (!photos.is_empty()).then_some(Act::Retake(photos))
        }
        SubmissionState::Held
        | SubmissionState::Queued
        | SubmissionState::Sending { .. }
        | SubmissionState::Unconfirmed { .. }
        | SubmissionState::Awaiting { .. }
        | SubmissionState::NeedsDocuments { .. }
        | SubmissionState::Verified { .. }
        | SubmissionState::Withdrawn
        | SubmissionState::Purged => None,
    }
}

/// New photos of some of the papers that are there.
fn retakes(submission: &Submission, dice: &mut Dice) -> Vec<PhotoRecord> {
    let known: Vec<(String, Side)> = submission
        .current_photos()
        .filter(|p| p.sent != PhotoSent::Written)
        .map(|p| (p.record.document.code().to_owned(), p.record.side))
        .collect();
    let mut taken = Vec::new();
    for (document, side) in &known {
        if taken.is_empty() || dice.percent(40) {
            taken.push(photo(dice, document, *side));
        }
    }
    taken
}

fn typed(path: &str, value: String) -> AnswerRequest {
    AnswerRequest { path: path.to_owned(), value }
}

fn mended(version: u32) -> Act {
    Act::Correct("answers", vec![typed("owner.address.address1", address(version + 1))])
}

fn answer(submission: &Submission, refusal: &Refusal, version: u32, dice: &mut Dice) -> Act {
    let submitted = |status: Option<&ProviderStatus>| {
        status.is_some_and(|s| s.state != ProviderState::NotSubmitted)
    };
    let plainly = |kind| Act::Correct(kind, Vec::new());
    match refusal {
        Refusal::Answers { .. } => mended(version),
        Refusal::FullNumber => {
            Act::Correct("full_number", vec![typed("owner.us.ssn", "078-05-1120".to_owned())])
        }
        Refusal::SubmittedElsewhere => plainly("follow"),
        Refusal::WouldOverwrite if dice.percent(70) => plainly("overwrite"),
        Refusal::WouldOverwrite => plainly("follow"),
        Refusal::TooLarge { photo: old } => {
            let of = submission.photos().iter().find(|p| &p.record.id == old);
            let of = of.map(|p| (p.record.document.code().to_owned(), p.record.side));
            let (document, side) = of.unwrap_or(("passport".to_owned(), Side::Front));
            let new = Box::new(photo(dice, &document, side));
            Act::Exchange { old: old.clone(), new }
        }
        Refusal::Unresolved if submitted(submission.status()) => plainly("follow"),
        Refusal::OneImageKept if dice.percent(50) => plainly("follow"),
        Refusal::Unexplained { .. } if dice.percent(50) => mended(version),
        Refusal::Account { .. }
        | Refusal::Configuration { .. }
        | Refusal::SomeFiles
        | Refusal::OneImageKept
        | Refusal::Unresolved
        | Refusal::Unexplained { .. }
        | Refusal::Integrity => plainly("try_again"),
    }
}

/// What a person does about the whole device.
pub fn fidget(dice: &mut Dice) -> Option<EngineEvent> {
    match dice.below(12) {
        0 => Some(EngineEvent::SendNow),
        1 | 2 => Some(EngineEvent::Wake),
        3 => Some(EngineEvent::HoldPhotos(true)),
        4 | 5 => Some(EngineEvent::HoldPhotos(false)),
        6 => Some(EngineEvent::Pause(true)),
        7 => Some(EngineEvent::Pause(false)),
        8 => Some(EngineEvent::Closing(true)),
        9 => Some(EngineEvent::Closing(false)),
        _ => None,
    }
}
