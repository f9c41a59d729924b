//! People at the device: they look now and then, and do what is asked of them.

use satchel_core::delivery::{
    Correction, EngineEvent, Event, PhotoSent, Refusal, Submission, SubmissionState,
};
use satchel_core::ids::PhotoId;
use satchel_core::onboarding::{DocumentType, Side};
use satchel_core::photo::{PhotoFormat, PhotoRecord};
use satchel_core::provider::{ProviderState, ProviderStatus};

use crate::device::Provider;
use crate::dice::Dice;

pub fn photo(dice: &mut Dice, document: &str, side: Side) -> PhotoRecord {
    PhotoRecord {
        id: PhotoId::draw(&mut dice.chance()),
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
            let kinds = ["bill", "passport", "lease"];
            let count = 1 + dice.below(3) as usize;
            kinds[..count].iter().map(|kind| photo(dice, kind, Side::Front)).collect()
        }
        Provider::Winter if dice.percent(30) => vec![photo(dice, "PASSPORT", Side::Front)],
        Provider::Winter => {
            vec![photo(dice, "LICENCE", Side::Front), photo(dice, "LICENCE", Side::Back)]
        }
    }
}

/// What a person does about this submission, if anything.
pub fn act(submission: &Submission, provider: Provider, dice: &mut Dice) -> Option<Event> {
    match submission.state() {
        SubmissionState::Blocked { refusal, .. } => {
            let event = answer(submission, refusal, dice);
            Some(event)
        }
        SubmissionState::Quarantined { .. } => Some(Event::Released),
        SubmissionState::NeedsDocuments { .. } if submission.pending_photos().count() == 0 => {
            Some(Event::PhotosAdded { photos: retakes(submission, dice) })
        }
        SubmissionState::NeedsDocuments { .. } if dice.percent(5) => {
            Some(Event::PhotosAdded { photos: retakes(submission, dice) })
        }
        SubmissionState::Failed { .. } => {
            Some(Event::PhotosAdded { photos: photos(provider, dice) })
        }
        SubmissionState::Queued if dice.percent(2) => Some(Event::Withdrawn),
        SubmissionState::Queued | SubmissionState::Awaiting { .. } if dice.percent(4) => {
            let photos = retakes(submission, dice);
            (!photos.is_empty()).then_some(Event::PhotosAdded { photos })
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

fn answer(submission: &Submission, refusal: &Refusal, dice: &mut Dice) -> Event {
    let submitted = |status: Option<&ProviderStatus>| {
        status.is_some_and(|s| s.state != ProviderState::NotSubmitted)
    };
    let correction = match refusal {
        Refusal::Answers { .. } => Correction::Answers,
        Refusal::FullNumber => Correction::FullNumber,
        Refusal::SubmittedElsewhere => Correction::Follow,
        Refusal::WouldOverwrite if dice.percent(70) => Correction::Overwrite,
        Refusal::WouldOverwrite => Correction::Follow,
        Refusal::TooLarge { photo: old } => {
            let of = submission.photos().iter().find(|p| &p.record.id == old);
            let of = of.map(|p| (p.record.document.code().to_owned(), p.record.side));
            let (document, side) = of.unwrap_or(("bill".to_owned(), Side::Front));
            let new = Box::new(photo(dice, &document, side));
            Correction::Photo { old: old.clone(), new }
        }
        Refusal::Unresolved if submitted(submission.status()) => Correction::Follow,
        Refusal::OneImageKept if dice.percent(50) => Correction::Follow,
        Refusal::Unexplained { .. } if dice.percent(50) => Correction::Answers,
        Refusal::Account { .. }
        | Refusal::Configuration { .. }
        | Refusal::SomeFiles
        | Refusal::OneImageKept
        | Refusal::Unresolved
        | Refusal::Unexplained { .. }
        | Refusal::Integrity => Correction::TryAgain,
    };
    Event::Corrected { correction }
}

/// What a person does about the whole device.
pub fn fidget(dice: &mut Dice) -> Option<EngineEvent> {
    match dice.below(10) {
        0 => Some(EngineEvent::SendNow),
        1 | 2 => Some(EngineEvent::Wake),
        3 => Some(EngineEvent::HoldPhotos(true)),
        4 | 5 => Some(EngineEvent::HoldPhotos(false)),
        6 => Some(EngineEvent::Pause(true)),
        7 => Some(EngineEvent::Pause(false)),
        _ => None,
    }
}
