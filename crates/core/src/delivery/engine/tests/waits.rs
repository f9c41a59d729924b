//! Why something waits, until when, who acts, and what must be finished in time.

use super::{Desk, connection, draft, files, told};
use crate::delivery::engine::{EngineEvent, Waiting};
use crate::delivery::event::Event;
use crate::delivery::outcome::{Definite, NotSentWhy, Outcome};
use crate::delivery::state::{Actor, Why};
use crate::delivery::step::Step;
use crate::delivery::submission::{Deadline, Finish};
use crate::delivery::testing::*;
use crate::onboarding::Side;
use crate::policy::{DRAFT_USED_WITHIN_MS, FILES_USED_WITHIN_MS, PACE_MS};
use crate::provider::ProviderState;

fn two_photos() -> Vec<crate::photo::PhotoRecord> {
    vec![photo(1, "bill", Side::Front), photo(2, "passport", Side::Front)]
}

/// Waits for what goes out next, and answers it.
fn hears(desk: &mut Desk, outcome: Outcome) {
    desk.wait_for_send();
    desk.answer(1, outcome);
}

/// With its details created at the provider and not confirmed: the network went away.
fn created_and_cut() -> Desk {
    let mut desk = Desk::new();
    desk.seal(1, WEPAY, two_photos());
    hears(&mut desk, told(ProviderState::NotSubmitted));
    hears(&mut desk, done(draft()));
    hears(&mut desk, not_sent());
    desk
}

fn who(waiting: Waiting) -> (Why, Actor) {
    (waiting.why, waiting.actor)
}

#[test]
fn a_draft_at_the_provider_says_how_long_it_can_still_be_confirmed() {
    let mut desk = created_and_cut();
    assert_eq!(who(desk.waiting(1)), (Why::NoNetwork, Actor::Network));
    let left = desk.waiting(1).deadline.unwrap();
    assert_eq!(left.by, Finish::Authorize);
    assert!((DRAFT_USED_WITHIN_MS - 5_000..=DRAFT_USED_WITHIN_MS).contains(&left.left_ms));
    desk.now = desk.now.plus(10 * MIN);
    let later = desk.waiting(1).deadline.unwrap();
    assert_eq!(later.left_ms, left.left_ms - 10 * MIN);
    desk.now = desk.now.plus(DRAFT_USED_WITHIN_MS);
    assert_eq!(desk.waiting(1).deadline, None, "from here on the fence is told");
}

#[test]
fn a_confirmed_draft_has_no_deadline() {
    let mut desk = Desk::new();
    desk.seal(1, WEPAY, two_photos());
    for outcome in [told(ProviderState::NotSubmitted), done(draft())] {
        hears(&mut desk, outcome);
    }
    hears(&mut desk, told(ProviderState::InReview));
    assert_eq!(desk.waiting(1).deadline, None);
}

#[test]
fn uploaded_files_say_how_long_they_can_still_be_attached() {
    let mut desk = Desk::new();
    desk.seal(1, WEPAY, two_photos());
    for outcome in [told(ProviderState::NotSubmitted), done(draft())] {
        hears(&mut desk, outcome);
    }
    hears(&mut desk, told(ProviderState::NeedsDocuments));
    hears(&mut desk, done(files()));
    desk.wait_for_send();
    assert!(matches!(desk.step(1), Some(Step::Upload { .. })));
    assert_eq!(desk.waiting(1).why, Why::Sending);
    let Some(Deadline { by, left_ms }) = desk.waiting(1).deadline else { panic!("no deadline") };
    assert_eq!(by, Finish::Attach);
    assert!((FILES_USED_WITHIN_MS - 5_000..=FILES_USED_WITHIN_MS).contains(&left_ms));
}

#[test]
fn what_is_out_is_being_sent_even_while_the_rest_is_paused() {
    let mut desk = Desk::new();
    desk.seal(1, WEPAY, two_photos());
    desk.tell(EngineEvent::Pause(true));
    assert_eq!(who(desk.waiting(1)), (Why::Sending, Actor::Satchel));
    desk.answer(1, told(ProviderState::NotSubmitted));
    assert_eq!(who(desk.waiting(1)), (Why::Paused, Actor::You));
}

#[test]
fn nothing_that_is_paused_names_a_time_of_its_next_try() {
    let mut desk = Desk::new();
    desk.seal(1, WEPAY, two_photos());
    for outcome in [told(ProviderState::NotSubmitted), done(draft())] {
        hears(&mut desk, outcome);
    }
    hears(&mut desk, told(ProviderState::InReview));
    assert_eq!(who(desk.waiting(1)), (Why::InReview, Actor::Provider));
    assert!(desk.waiting(1).next_boot_ms.is_some());
    desk.tell(EngineEvent::Pause(true));
    assert_eq!(who(desk.waiting(1)), (Why::Paused, Actor::You));
    assert_eq!(desk.waiting(1).next_boot_ms, None);
    desk.tell(EngineEvent::Pause(false));
    desk.tell(EngineEvent::Connection { id: connection(), paused: true });
    assert_eq!(who(desk.waiting(1)), (Why::Paused, Actor::You));
    assert_eq!(desk.waiting(1).next_boot_ms, None);
}

#[test]
fn held_photos_wait_for_you_and_ask_the_provider_nothing_meanwhile() {
    let mut desk = Desk::new();
    desk.tell(EngineEvent::HoldPhotos(true));
    desk.seal(1, WEPAY, two_photos());
    for outcome in [told(ProviderState::NotSubmitted), done(draft())] {
        hears(&mut desk, outcome);
    }
    hears(&mut desk, told(ProviderState::NeedsDocuments));
    let asked = desk.sends.len();
    for _ in 0..60 {
        assert_eq!(who(desk.waiting(1)), (Why::PhotosHeld, Actor::You));
        assert_eq!(desk.waiting(1).next_boot_ms, None);
        assert!(desk.engine.is_idle(&desk.now), "only a person moves it");
        desk.later(MIN);
    }
    assert_eq!(desk.sends.len(), asked);
    desk.tell(EngineEvent::HoldPhotos(false));
    hears(&mut desk, told(ProviderState::NeedsDocuments));
    desk.later(PACE_MS);
    assert!(matches!(desk.step(1), Some(Step::Upload { .. })));
}

#[test]
fn a_sign_in_and_a_wrong_clock_are_yours_and_trouble_is_the_providers() {
    let cases = [
        (Outcome::NotSent { why: NotSentWhy::Network }, (Why::NoNetwork, Actor::Network)),
        (Outcome::NotSent { why: NotSentWhy::Intercepted }, (Why::Intercepted, Actor::You)),
        (Outcome::NotSent { why: NotSentWhy::Clock }, (Why::Clock, Actor::You)),
        (Outcome::NotDone { wait_ms: None }, (Why::Throttled, Actor::Provider)),
    ];
    for (outcome, expected) in cases {
        let mut desk = Desk::new();
        desk.seal(1, WEPAY, two_photos());
        hears(&mut desk, outcome);
        assert_eq!(who(desk.waiting(1)), expected);
        assert!(desk.waiting(1).next_boot_ms.unwrap() > desk.now.boot_ms);
    }
}

#[test]
fn a_look_at_the_answers_is_logged_and_moves_nothing() {
    let mut desk = created_and_cut();
    let (before, state) = (desk.waiting(1), desk.state(1).clone());
    for event in [Event::Revealed, Event::Exported { photos: 2 }] {
        desk.person(1, event.clone());
        assert_eq!(desk.log[&1].last().unwrap().event, event);
        assert_eq!(desk.log[&1].last().unwrap().operator, "op");
    }
    assert_eq!((desk.waiting(1), desk.state(1)), (before, &state));
    assert!(desk.out.is_empty(), "it makes no wait shorter");
}

#[test]
fn what_was_refused_three_times_is_set_aside_and_yours() {
    let mut desk = Desk::new();
    desk.seal(1, WEPAY, two_photos());
    hears(&mut desk, told(ProviderState::NotSubmitted));
    for _ in 0..2 {
        hears(&mut desk, refused(Definite::Invalid));
        assert_eq!(who(desk.waiting(1)), (Why::Person, Actor::You));
        let correction = crate::delivery::event::Correction::TryAgain;
        desk.person(1, Event::Corrected { correction });
    }
    hears(&mut desk, refused(Definite::Invalid));
    assert_eq!(who(desk.waiting(1)), (Why::SetAside, Actor::You));
    desk.person(1, Event::Released);
    assert_eq!(desk.state(1).code(), "sending");
}
