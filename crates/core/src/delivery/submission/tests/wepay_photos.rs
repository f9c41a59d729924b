//! The crash table of upload and attach, and rounds of photos.

use crate::delivery::Next;
use crate::delivery::event::{Correction, Event};
use crate::delivery::outcome::{Definite, Outcome, Receipt};
use crate::delivery::state::Refusal;
use crate::delivery::testing::*;
use crate::onboarding::Side;
use crate::provider::ProviderState;

fn file(reference: &str) -> Outcome {
    done(Receipt::File { reference: reference.to_owned() })
}

fn two_photos() -> Story {
    Story::wanted(vec![photo(1, "bill", Side::Front), photo(2, "passport", Side::Front)])
}

fn two_uploaded() -> Story {
    let mut story = two_photos();
    story.does(upload(1), file("f1")).later(MIN).does(upload(2), file("f2"));
    story
}

fn attach_lost() -> Story {
    let mut story = two_uploaded();
    story.does(attach(&["f1", "f2"]), lost());
    story
}

#[test]
fn crash_wepay_photos_not_asked_for_stay_sealed() {
    let mut story = Story::drafted();
    story.does_and_hears(authorize("d1"), ProviderState::Received);
    assert_eq!(story.next(), Next::Poll);
    assert!(story.refuses_start(upload(1)));
    story.sees(ProviderState::NeedsDocuments);
    assert_eq!(story.next_if(false), STATUS, "r13: begun only after a recent answer");
    assert_eq!(story.next(), Next::Start(upload(1)));
}

#[test]
fn r14_all_sealed_photos_are_sent_once_and_then_a_person_is_asked() {
    let mut story = two_uploaded();
    assert_eq!(story.next(), Next::Start(attach(&["f1", "f2"])));
    story.does_and_hears(attach(&["f1", "f2"]), ProviderState::NeedsDocuments);
    assert_eq!(story.submission.pending_photos().count(), 0);
    assert_eq!(story.next(), Next::Poll);
}

#[test]
fn crash_wepay_upload_unknown_is_uploaded_again_after_the_quiesce_time() {
    let mut story = two_photos();
    story.does(upload(1), lost());
    assert_eq!(story.quiesce_ms(), Some(2 * MIN));
    assert!(story.refuses_start(upload(1)), "r5");
    assert!(story.refuses_start(upload(2)), "r10: order is strict");
    assert!(
        story.refuses(Event::PhotosAdded { photos: vec![photo(3, "bill", Side::Front)] }),
        "r9"
    );
    story.later(2 * MIN);
    assert_eq!(story.next(), Next::Start(upload(1)));
    story.does(upload(1), file("f1"));
    assert_eq!(story.next(), Next::Start(upload(2)));
}

#[test]
fn a_repeated_upload_that_was_not_sent_leaves_the_first_one_open() {
    let mut story = two_photos();
    story.does(upload(1), lost()).later(2 * MIN).does(upload(1), not_sent());
    assert_eq!(story.code(), "unconfirmed");
    assert_eq!(story.next(), Next::Start(upload(1)), "and it has quiesced");
}

#[test]
fn crash_wepay_uploaded_before_modify_is_attached_within_25_minutes_of_the_first_upload() {
    let mut story = two_uploaded();
    story.later(23 * MIN);
    assert_eq!(story.next(), Next::Start(attach(&["f1", "f2"])));
    story.later(MIN);
    assert_eq!(story.fence_ms(), Some(11 * MIN), "the last file dies 35 minutes after it came");
    story.later(11 * MIN);
    assert_eq!(story.next(), Next::Start(upload(1)));
    story.does(upload(1), file("f3"));
    assert_eq!(story.next(), Next::Start(upload(2)), "all of them, since all are gone");
    story.does(upload(2), file("f4"));
    assert_eq!(story.next(), Next::Start(attach(&["f3", "f4"])));
}

#[test]
fn crash_wepay_modify_unknown_and_all_listed_is_done() {
    let mut story = attach_lost();
    story.later(2 * MIN).sees_files(ProviderState::InReview, &["f0", "f2", "f1"]);
    assert_eq!(story.code(), "awaiting");
    assert_eq!(story.submission.pending_photos().count(), 0);
}

#[test]
fn crash_wepay_modify_unknown_and_none_listed_is_repeated_with_the_same_files() {
    let mut story = attach_lost();
    story.later(2 * MIN).sees_files(ProviderState::NeedsDocuments, &["f0"]);
    assert_eq!(story.next(), Next::Start(attach(&["f1", "f2"])));
    assert!(story.refuses_start(upload(1)));
    assert!(story.refuses_start(attach(&["f1"])));
}

#[test]
fn crash_wepay_modify_unknown_and_some_listed_asks_a_person() {
    let mut story = attach_lost();
    story.later(2 * MIN).sees_files(ProviderState::NeedsDocuments, &["f1"]);
    assert_eq!(story.refusal(), &Refusal::SomeFiles);
    story.corrects(Correction::TryAgain);
    assert_eq!(story.next(), Next::Start(upload(2)), "only what is missing");
}

#[test]
fn crash_wepay_modify_unknown_after_25_minutes_is_fenced_looked_up_and_uploaded_again() {
    let mut story = attach_lost();
    story.later(30 * MIN).sees(ProviderState::NeedsDocuments);
    assert_eq!(story.fence_ms(), Some(5 * MIN));
    story.later(5 * MIN);
    assert_eq!(story.next(), STATUS);
    story.sees(ProviderState::NeedsDocuments);
    assert_eq!(story.next(), Next::Start(upload(1)));
}

#[test]
fn wepay_attach_that_arrives_after_the_look_up_is_found_at_the_second() {
    let mut story = attach_lost();
    story.later(2 * MIN).sees(ProviderState::NeedsDocuments);
    story.sees_files(ProviderState::InReview, &["f1", "f2"]);
    assert_eq!(story.code(), "awaiting");
    story.sees_files(ProviderState::NeedsDocuments, &["f1", "f2"]);
    assert_eq!(story.submission.pending_photos().count(), 0, "attached once, then rejected");
}

#[test]
fn r9_a_retake_waits_until_the_old_set_is_settled() {
    let mut story = attach_lost();
    story.later(2 * MIN).sees(ProviderState::NeedsDocuments);
    story.adds(vec![photo(3, "bill", Side::Front)]);
    assert_eq!(story.next(), Next::Start(attach(&["f1", "f2"])), "the same files first");
    assert!(story.refuses_start(upload(3)));
    story.does_and_hears(attach(&["f1", "f2"]), ProviderState::InReview);
    story.sees_files(ProviderState::NeedsDocuments, &["f1", "f2"]);
    assert_eq!(story.next(), Next::Start(upload(3)));
}

#[test]
fn error_3010_refreshes_the_state_and_keeps_the_photos() {
    let mut story = two_uploaded();
    story.does(attach(&["f1", "f2"]), refused(Definite::PhotosNotAskedFor));
    assert_eq!(story.quiesce_ms(), Some(2 * MIN));
    story.later(2 * MIN).sees(ProviderState::InReview);
    assert_eq!(story.code(), "awaiting");
    assert_eq!(story.submission.pending_photos().count(), 2);
}

#[test]
fn error_3010_after_a_lost_attach_that_counted_sends_nothing_again() {
    let mut story = attach_lost();
    story.later(2 * MIN).sees(ProviderState::NeedsDocuments);
    story.does(attach(&["f1", "f2"]), refused(Definite::PhotosNotAskedFor));
    story.later(2 * MIN).sees_files(ProviderState::InReview, &["f1", "f2"]);
    assert_eq!(story.submission.pending_photos().count(), 0);
}

#[test]
fn error_3010_on_an_upload_keeps_the_photos_and_waits() {
    let mut story = two_photos();
    story.does(upload(1), refused(Definite::PhotosNotAskedFor));
    assert_eq!(story.code(), "awaiting");
    assert_eq!(story.submission.pending_photos().count(), 2);
}

#[test]
fn error_3011_uploads_again_and_sets_aside_after_three() {
    let mut story = two_photos();
    for round in 0..3 {
        assert_eq!(story.next(), Next::Start(upload(1)), "round {round}");
        story.does(upload(1), file("f1")).does(upload(2), file("f2"));
        story.does(attach(&["f1", "f2"]), refused(Definite::FilesGone));
        story.later(2 * MIN).sees(ProviderState::NeedsDocuments);
    }
    assert_eq!(story.code(), "quarantined");
}

#[test]
fn error_3011_after_a_lost_attach_that_counted_sends_nothing_again() {
    let mut story = attach_lost();
    story.later(2 * MIN).sees(ProviderState::NeedsDocuments);
    story.does(attach(&["f1", "f2"]), refused(Definite::FilesGone));
    story.later(2 * MIN).sees_files(ProviderState::InReview, &["f1", "f2"]);
    assert_eq!(story.submission.pending_photos().count(), 0);
}

#[test]
fn a_photo_too_large_blocks_and_its_new_encoding_is_sent() {
    let mut story = two_photos();
    story.does(upload(1), refused(Definite::TooLarge));
    assert_eq!(story.refusal(), &Refusal::TooLarge { photo: photo_id(1) });
    let new = Box::new(photo(7, "bill", Side::Front));
    story.corrects(Correction::Photo { old: photo_id(1), new });
    let next = story.next();
    assert_eq!(next, Next::Start(upload(2)));
    story.does(upload(2), file("f2"));
    assert_eq!(story.next(), Next::Start(upload(7)));
}

#[test]
fn a_retake_of_a_photo_too_large_is_sent_without_another_word() {
    let mut story = two_photos();
    story.does(upload(1), refused(Definite::TooLarge));
    story.adds(vec![photo(9, "visa", Side::Front)]);
    assert_eq!(story.code(), "blocked", "another paper does not help");
    story.adds(vec![photo(7, "bill", Side::Front)]);
    assert_eq!(story.next(), Next::Start(upload(2)));
}

#[test]
fn crash_wepay_rejected_type_is_retaken_alone_and_the_newer_photo_counts() {
    let mut story = two_uploaded();
    story.does_and_hears(attach(&["f1", "f2"]), ProviderState::InReview);
    story.sees_files(ProviderState::NeedsDocuments, &["f1", "f2"]);
    assert_eq!(story.next(), Next::Poll, "nothing is here to send");
    story.adds(vec![photo(3, "bill", Side::Front)]);
    assert_eq!(story.next(), Next::Start(upload(3)));
    assert_eq!(story.submission.current_photos().count(), 2);
    story.does(upload(3), file("f3"));
    assert_eq!(story.next(), Next::Start(attach(&["f3"])));
}

#[test]
fn photos_taken_while_in_review_wait_until_they_are_asked_for() {
    let mut story = Story::drafted();
    story.does_and_hears(authorize("d1"), ProviderState::InReview);
    story.adds(vec![photo(3, "passport", Side::Front)]);
    assert_eq!(story.code(), "awaiting");
    story.sees(ProviderState::NeedsDocuments);
    assert_eq!(story.submission.pending_photos().count(), 2);
}

#[test]
fn after_a_reboot_uploaded_files_are_attached_by_the_provider_s_date_or_left_to_die() {
    let mut story = two_uploaded();
    story.reboot();
    assert_eq!(story.next(), Next::Start(attach(&["f1", "f2"])));
    story.dated = false;
    assert_eq!(story.fence_ms(), Some(35 * MIN));
}

#[test]
fn a_round_that_no_longer_wants_photos_lets_an_unknown_upload_die() {
    let mut story = two_photos();
    story.does(upload(1), lost()).later(2 * MIN).sees(ProviderState::Verified);
    assert_eq!(story.code(), "verified");
    story.sees(ProviderState::NeedsDocuments);
    assert_eq!(story.next(), Next::Start(upload(1)));
}

#[test]
fn a_verdict_can_be_reopened() {
    let mut story = Story::uploaded();
    story.does_and_hears(attach(&["f1"]), ProviderState::Verified);
    assert_eq!(story.code(), "verified");
    story.sees(ProviderState::NeedsDocuments).adds(vec![photo(9, "passport", Side::Front)]);
    assert_eq!(story.next(), Next::Start(upload(9)));
}

fn lightened(old: u32, new: u32, document: &str) -> Event {
    let new = Box::new(photo(new, document, Side::Front));
    Event::PhotoLightened { old: photo_id(old), new }
}

#[test]
fn r13_a_photo_made_smaller_for_a_slow_link_goes_in_the_place_of_the_first() {
    let mut story = two_photos();
    story.event(lightened(1, 7, "bill")).event(lightened(2, 8, "passport"));
    assert_eq!(story.next(), Next::Start(upload(7)));
    story.does(upload(7), file("f7")).does(upload(8), file("f8"));
    assert_eq!(story.next(), Next::Start(attach(&["f7", "f8"])));
}

#[test]
fn only_a_photo_that_is_still_here_alone_is_made_smaller() {
    let mut story = two_photos();
    assert!(story.refuses(lightened(1, 7, "passport")), "another paper");
    assert!(story.refuses(lightened(3, 7, "bill")), "an unknown photo");
    story.starts(upload(1));
    assert!(story.refuses(lightened(2, 8, "passport")), "something is out");
    story.ends(file("f1"));
    assert!(story.refuses(lightened(1, 7, "bill")), "it is there already");
    story.event(lightened(2, 8, "passport"));
    assert!(story.refuses(lightened(2, 9, "passport")), "it was replaced already");
}
