//! What people may do, and when.

use crate::delivery::event::{Correction, Event};
use crate::delivery::outcome::Definite;
use crate::delivery::state::Refusal;
use crate::delivery::step::Step;
use crate::delivery::testing::*;
use crate::onboarding::Side;
use crate::provider::ProviderState;

fn correction(correction: Correction) -> Event {
    Event::Corrected { correction }
}

#[test]
fn r8_it_can_be_taken_back_until_an_authorize_may_have_arrived() {
    let mut story = Story::drafted();
    assert!(!story.refuses(Event::Withdrawn), "a draft is inert");
    story.starts(authorize("d1"));
    assert!(story.refuses(Event::Withdrawn));
    story.ends(lost());
    assert!(story.refuses(Event::Withdrawn));
    story.later(2 * MIN).sees(ProviderState::NotSubmitted);
    assert!(story.refuses(Event::Withdrawn), "it may still arrive");
    story.later(35 * MIN).sees(ProviderState::NotSubmitted);
    assert!(!story.refuses(Event::Withdrawn), "it can no longer arrive");
}

#[test]
fn r8_nothing_is_edited_once_an_authorize_may_have_arrived() {
    let mut story = Story::drafted();
    story.does(authorize("d1"), lost()).later(2 * MIN).sees(ProviderState::NotSubmitted);
    story.does(authorize("d1"), refused(Definite::Account));
    assert!(story.refuses(correction(Correction::Answers)));
    assert!(story.refuses(Event::Withdrawn));
}

#[test]
fn a_write_that_overwrites_cannot_be_taken_back() {
    let mut story = Story::winter();
    assert!(!story.refuses(Event::Withdrawn));
    story.does(Step::Details, lost());
    assert!(story.refuses(Event::Withdrawn));
}

#[test]
fn what_was_taken_back_or_purged_stays_so() {
    let mut story = Story::drafted();
    story.event(Event::Withdrawn);
    assert!(story.refuses_start(authorize("d1")));
    assert!(story.refuses(Event::PhotosAdded { photos: vec![photo(5, "bill", Side::Front)] }));
    story.event(Event::Purged);
    assert!(story.refuses(Event::Purged));
}

#[test]
fn corrections_answer_the_question_that_was_asked() {
    let mut story = Story::wepay();
    assert!(story.refuses(correction(Correction::TryAgain)), "nothing was asked");
    story.sees(ProviderState::InReview);
    assert_eq!(story.refusal(), &Refusal::SubmittedElsewhere);
    assert!(story.refuses(correction(Correction::Overwrite)));
    assert!(story.refuses(correction(Correction::FullNumber)));
    let new = Box::new(photo(9, "bill", Side::Front));
    assert!(story.refuses(correction(Correction::Photo { old: photo_id(8), new })));
}

#[test]
fn photos_added_while_a_person_is_asked_do_not_answer_for_them() {
    let mut story = Story::wepay();
    story.sees(ProviderState::InReview).adds(vec![photo(3, "passport", Side::Front)]);
    assert_eq!(story.refusal(), &Refusal::SubmittedElsewhere);
    assert_eq!(story.submission.current_photos().count(), 2);
}

#[test]
fn only_what_is_set_aside_is_released() {
    assert!(Story::wepay().refuses(Event::Released));
    assert!(Story::winter().refuses(Event::Released));
}
