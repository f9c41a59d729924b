//! The crash table of a provider where every write overwrites.

use crate::delivery::Next;
use crate::delivery::event::{Correction, Event};
use crate::delivery::outcome::{Definite, Outcome, Receipt};
use crate::delivery::state::Refusal;
use crate::delivery::step::Step;
use crate::delivery::testing::*;
use crate::onboarding::Side;
use crate::provider::ProviderState;

fn ok() -> Outcome {
    done(Receipt::Accepted)
}

fn blocked(state: ProviderState, count: u32) -> bool {
    let mut story = Story::of(WINTER, licence(1));
    story.counts(state, count);
    story.code() == "blocked" && *story.refusal() == Refusal::WouldOverwrite
}

#[test]
fn crash_winter_before_the_first_write_the_state_and_the_documents_are_read() {
    let mut story = Story::of(WINTER, licence(1));
    assert_eq!(story.next(), STATUS);
    story.sees(ProviderState::NotSubmitted);
    assert_eq!(story.next(), DOCUMENTS);
    story.counts(ProviderState::NotSubmitted, 0);
    assert_eq!(story.next(), Next::Start(Step::Details));
    assert_eq!(story.next_if(false), STATUS, "what was read long ago does not count");
}

#[test]
fn crash_winter_before_the_first_write_review_verdict_or_foreign_documents_stop_it() {
    assert!(blocked(ProviderState::InReview, 0));
    assert!(blocked(ProviderState::Verified, 0));
    assert!(blocked(ProviderState::Unknown, 0), "an unknown word may mean under review");
    assert!(blocked(ProviderState::Failed, 1));
    assert!(!blocked(ProviderState::NotSubmitted, 0));
}

#[test]
fn winter_an_overwrite_goes_ahead_once_a_person_confirms_it() {
    let mut story = Story::of(WINTER, licence(1));
    story.counts(ProviderState::InReview, 2);
    story.corrects(Correction::TryAgain).sees(ProviderState::InReview);
    assert_eq!(story.next_if(true), Next::Person, "trying again is no consent");
    story.corrects(Correction::Overwrite);
    assert_eq!(story.next(), Next::Start(Step::Details));
}

#[test]
fn winter_a_write_that_was_not_sent_is_no_first_write() {
    let mut story = Story::winter();
    story.does(Step::Details, not_sent()).counts(ProviderState::InReview, 2);
    assert_eq!(story.refusal(), &Refusal::WouldOverwrite);
    assert!(!story.refuses(Event::Withdrawn));
}

#[test]
fn crash_winter_info_unknown_is_sent_again_after_the_quiesce_time() {
    let mut story = Story::winter();
    story.does(Step::Details, lost());
    assert_eq!(story.quiesce_ms(), Some(2 * MIN));
    assert!(story.refuses_start(Step::Details), "r5");
    story.later(2 * MIN);
    assert_eq!(story.next(), Next::Start(Step::Details));
}

#[test]
fn crash_winter_a_side_unknown_is_sent_again_before_any_other() {
    let mut story = Story::winter();
    story.does(Step::Details, ok()).does(side(1), lost()).later(2 * MIN);
    assert!(story.refuses_start(side(2)), "never the next side");
    assert!(story.refuses(Event::PhotosAdded { photos: licence(3) }), "nor a retake");
    assert_eq!(story.next(), Next::Start(side(1)));
    story.does(side(1), not_sent());
    assert_eq!(story.code(), "unconfirmed");
    story.does(side(1), ok());
    assert_eq!(story.next(), Next::Start(side(2)));
}

#[test]
fn crash_winter_both_sides_acknowledged_and_there_awaits_the_provider() {
    let mut story = Story::written();
    assert_eq!(story.next(), DOCUMENTS);
    story.counts(ProviderState::NotSubmitted, 2);
    assert_eq!(story.code(), "awaiting");
}

#[test]
fn winter_an_old_verdict_read_with_the_count_is_none() {
    let mut story = Story::written();
    story.counts(ProviderState::Failed, 2);
    assert_eq!(story.code(), "awaiting", "it may be older than what was written");
    story.sees(ProviderState::Failed);
    assert_eq!(story.code(), "failed");
}

#[test]
fn crash_winter_both_sides_acknowledged_and_a_short_count_resends_once_then_asks_a_person() {
    let mut story = Story::written();
    story.counts(ProviderState::NotSubmitted, 1);
    assert_eq!(story.next(), Next::Start(side(1)));
    story.does(side(1), ok()).does(side(2), ok());
    assert_eq!(story.next(), DOCUMENTS);
    story.counts(ProviderState::NotSubmitted, 1);
    assert_eq!(story.refusal(), &Refusal::OneImageKept);
    story.corrects(Correction::TryAgain);
    assert_eq!(story.next(), Next::Start(side(1)), "a person may have it sent once more");
}

#[test]
fn winter_one_image_kept_can_be_accepted() {
    let mut story = Story::written();
    story.counts(ProviderState::NotSubmitted, 1).does(side(1), ok()).does(side(2), ok());
    story.counts(ProviderState::InReview, 1).corrects(Correction::Follow);
    assert_eq!(story.code(), "awaiting");
}

#[test]
fn crash_winter_failed_takes_a_full_new_set_and_nothing_less() {
    let mut story = Story::written();
    story.counts(ProviderState::InReview, 2).sees(ProviderState::Failed);
    let front = photo(3, "LICENCE", Side::Front);
    assert!(story.refuses(Event::PhotosAdded { photos: vec![front.clone()] }));
    let back = photo(4, "PASSPORT", Side::Back);
    assert!(story.refuses(Event::PhotosAdded { photos: vec![front, back] }));
    story.adds(licence(3));
    assert_eq!(story.next(), Next::Start(side(3)));
    story.does(side(3), ok()).does(side(4), ok());
    assert_eq!(story.next(), DOCUMENTS, "the old count is forgotten");
}

#[test]
fn winter_another_paper_may_replace_the_failed_one() {
    let mut story = Story::written();
    story.counts(ProviderState::InReview, 2).sees(ProviderState::Failed);
    story.adds(vec![photo(3, "PASSPORT", Side::Front)]);
    assert_eq!(story.submission.current_photos().count(), 1);
    assert_eq!(story.next(), Next::Start(side(3)));
}

#[test]
fn winter_a_retake_waits_until_no_lost_copy_of_the_old_side_can_arrive() {
    let mut story = Story::winter();
    story.does(Step::Details, ok()).does(side(1), lost()).later(2 * MIN);
    story.does(side(1), ok()).does(side(2), ok()).counts(ProviderState::InReview, 2);
    story.later(10 * MIN).sees(ProviderState::Failed).adds(licence(3));
    assert_eq!(story.fence_ms(), Some(33 * MIN));
    story.later(33 * MIN);
    assert_eq!(story.next(), Next::Start(side(3)));
}

#[test]
fn answer_winter_400_on_a_write_is_definite_and_never_retried() {
    let mut story = Story::winter();
    story.does(Step::Details, refused(Definite::Unexplained));
    assert_eq!(story.next(), Next::Person);
    story.corrects(Correction::Answers);
    assert_eq!(story.next(), DOCUMENTS, "still before the first write");
    story.counts(ProviderState::NotSubmitted, 0);
    assert_eq!(story.next(), Next::Start(Step::Details));
}

#[test]
fn winter_answers_are_not_edited_while_the_old_ones_may_arrive() {
    let mut story = Story::winter();
    story.does(Step::Details, lost()).later(2 * MIN);
    let outcome = refused(Definite::Account);
    story.event(Event::Answered { attempt: 0, outcome, server_ms: None });
    assert!(story.refuses(Event::Corrected { correction: Correction::Answers }));
    story.corrects(Correction::TryAgain);
    assert_eq!(story.next(), Next::Start(Step::Details), "the identical body");
}

#[test]
fn winter_photos_in_review_are_left_alone() {
    let mut story = Story::written();
    story.counts(ProviderState::InReview, 2);
    assert!(story.refuses(Event::PhotosAdded { photos: licence(3) }));
}

#[test]
fn winter_a_retake_before_sending_replaces_only_its_own_side() {
    let mut story = Story::winter();
    story.adds(vec![photo(5, "LICENCE", Side::Front)]);
    assert_eq!(story.submission.current_photos().count(), 2);
}

#[test]
fn winter_a_replaced_side_that_is_lost_again_is_waited_for_again() {
    let mut story = Story::winter();
    story.does(Step::Details, ok()).does(side(1), lost()).later(2 * MIN);
    let outcome = refused(Definite::Account);
    story.event(Event::Answered { attempt: 0, outcome, server_ms: None });
    story.adds(vec![photo(5, "LICENCE", Side::Front)]).corrects(Correction::TryAgain);
    assert_eq!(story.next(), Next::Start(side(1)), "the old one is settled first");
    story.does(side(1), lost()).later(2 * MIN).does(side(1), ok());
    assert_eq!(story.fence_ms(), Some(43 * MIN));
}
