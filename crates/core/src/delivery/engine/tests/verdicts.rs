//! Asking for verdicts.

use super::{Desk, told};
use crate::delivery::engine::EngineEvent;
use crate::delivery::event::Event;
use crate::delivery::outcome::{Definite, Receipt};
use crate::delivery::state::{Actor, Why};
use crate::delivery::step::{Reading, Step};
use crate::delivery::testing::*;
use crate::onboarding::Side;
use crate::policy::{
    POLL_ENDED_MS, POLL_FIRST_DAY_MS, POLL_FIRST_HOUR_MS, POLL_LATER_MS, POLL_PACE_MS,
    POLL_WATCHED_MS,
};
use crate::provider::ProviderState;

fn in_review(n: u32) -> Desk {
    let mut desk = Desk::new();
    for n in 1..=n {
        desk.seal(n, WEPAY, vec![photo(n, "bill", Side::Front)]);
    }
    desk.settle();
    desk
}

/// How long until the next question is out.
fn asks_after(desk: &mut Desk) -> u64 {
    let from = desk.now.boot_ms;
    desk.wait_for_send();
    desk.now.boot_ms - from
}

#[test]
fn verdicts_are_asked_for_often_at_first_and_seldom_later() {
    let mut desk = in_review(1);
    assert_eq!(desk.waiting(1).actor, Actor::Provider);
    assert_eq!(asks_after(&mut desk), POLL_FIRST_HOUR_MS);
    desk.answer(1, told(ProviderState::InReview));
    desk.now = desk.now.plus(61 * MIN);
    desk.later(0);
    desk.answer(1, told(ProviderState::InReview));
    assert_eq!(asks_after(&mut desk), POLL_FIRST_DAY_MS);
    desk.answer(1, told(ProviderState::InReview));
    desk.now = desk.now.plus(24 * 60 * MIN);
    desk.later(0);
    desk.answer(1, told(ProviderState::InReview));
    assert_eq!(asks_after(&mut desk), POLL_LATER_MS);
    desk.answer(1, told(ProviderState::Verified));
    assert_eq!(asks_after(&mut desk), POLL_ENDED_MS, "it may be reopened");
}

#[test]
fn a_wall_clock_that_jumped_over_a_reboot_does_not_make_verdicts_rare() {
    let desk = in_review(1);
    let mut again = Desk::new();
    let wall_ms = desk.now.wall_ms + 40 * 24 * 60 * MIN as i64;
    again.now = crate::clock::Moment { boot: 2, boot_ms: 60_000, wall_ms };
    again.load(1, 1, desk.log[&1].clone());
    again.wait_for_send();
    again.answer(1, told(ProviderState::InReview));
    assert_eq!(asks_after(&mut again), POLL_FIRST_HOUR_MS);
}

#[test]
fn what_somebody_looks_at_is_asked_for_every_half_minute() {
    let mut desk = in_review(1);
    desk.tell(EngineEvent::Watch(Some(submission_id(1))));
    assert!(asks_after(&mut desk) <= POLL_WATCHED_MS);
    desk.answer(1, told(ProviderState::InReview));
    assert_eq!(asks_after(&mut desk), POLL_WATCHED_MS);
    desk.answer(1, told(ProviderState::InReview));
    desk.tell(EngineEvent::Watch(None));
    assert_eq!(asks_after(&mut desk), POLL_FIRST_HOUR_MS);
}

#[test]
fn questions_after_verdicts_keep_to_a_budget() {
    let mut desk = in_review(10);
    let settled = desk.sends.len();
    for _ in 0..10 {
        desk.wait_for_send();
        let n = desk.out[0].0;
        desk.answer(n, told(ProviderState::InReview));
    }
    let times: Vec<u64> = desk.sends[settled..].iter().map(|(at, _, _)| *at).collect();
    assert!(times.windows(2).all(|w| w[1] - w[0] >= POLL_PACE_MS), "{times:?}");
}

#[test]
fn an_unchanged_state_is_noted_and_not_logged() {
    let mut desk = in_review(1);
    let (log, noted) = (desk.log[&1].len(), desk.noted);
    desk.wait_for_send();
    desk.answer(1, told(ProviderState::InReview));
    assert_eq!(desk.log[&1].len(), log);
    assert_eq!(desk.noted, noted + 1);
}

#[test]
fn send_now_asks_at_once() {
    let mut desk = in_review(1);
    desk.later(1_000);
    desk.tell(EngineEvent::SendNow);
    assert!(asks_after(&mut desk) <= POLL_PACE_MS);
}

#[test]
fn a_wake_does_not_ask_for_every_verdict() {
    let mut desk = in_review(1);
    desk.later(1_000);
    desk.tell(EngineEvent::Wake);
    assert!(asks_after(&mut desk) > POLL_FIRST_HOUR_MS / 2);
}

#[test]
fn after_photos_were_not_asked_for_the_state_is_refreshed_soon() {
    let mut desk = Desk::new();
    desk.seal(1, WEPAY, vec![photo(1, "bill", Side::Front)]);
    let answers = [
        told(ProviderState::NotSubmitted),
        done(super::draft()),
        told(ProviderState::NeedsDocuments),
        refused(Definite::PhotosNotAskedFor),
    ];
    for outcome in answers {
        desk.wait_for_send();
        desk.answer(1, outcome);
    }
    assert_eq!(desk.state(1).code(), "awaiting");
    assert!(asks_after(&mut desk) <= POLL_PACE_MS);
}

#[test]
fn after_the_last_write_the_verdict_is_asked_for_anew() {
    let mut desk = Desk::new();
    desk.seal(1, WINTER, licence(1));
    desk.settle();
    let last = &desk.sends.last().unwrap().2;
    assert_eq!(last, &Step::Read { reading: Reading::Status }, "what was known is older");
}

#[test]
fn answer_winter_400_on_documents_asks_the_account_after_noting_none() {
    let mut desk = Desk::new();
    desk.seal(1, WINTER, licence(1));
    desk.answer(1, told(ProviderState::NotSubmitted));
    desk.wait_for_send();
    desk.answer(1, refused(Definite::NoDocumentsOrAccount));
    desk.wait_for_send();
    assert_eq!(desk.step(1), Some(&Step::Details));
}

#[test]
fn a_question_that_settles_nothing_is_not_repeated_at_once() {
    let mut desk = Desk::new();
    desk.seal(1, WINTER, licence(1));
    desk.answer(1, told(ProviderState::NotSubmitted));
    for _ in 0..5 {
        desk.wait_for_send();
        desk.answer(1, done(Receipt::Accepted));
        assert!(desk.waiting(1).next_boot_ms.unwrap() >= desk.now.boot_ms + 2_000);
    }
}

#[test]
fn a_look_up_that_was_answered_before_the_device_slept_settles_nothing() {
    let mut desk = Desk::new();
    desk.seal(1, WEPAY, vec![photo(1, "bill", Side::Front)]);
    let answers = [
        told(ProviderState::NotSubmitted),
        done(super::draft()),
        told(ProviderState::NeedsDocuments),
        done(super::files()),
        lost(),
    ];
    for outcome in answers {
        desk.wait_for_send();
        desk.answer(1, outcome);
    }
    desk.wait_for_send();
    desk.now = desk.now.plus(40 * MIN);
    desk.answer(1, told(ProviderState::NeedsDocuments));
    assert_eq!(desk.state(1).code(), "unconfirmed", "the attach may have arrived meanwhile");
    desk.wait_for_send();
    let outcome = done(Receipt::Status { status: status(ProviderState::InReview, &["f"]) });
    desk.answer(1, outcome);
    assert_eq!(desk.state(1).code(), "awaiting");
}

#[test]
fn a_refused_read_asks_a_person() {
    let mut desk = in_review(1);
    desk.wait_for_send();
    desk.answer(1, refused(Definite::Account));
    assert_eq!(desk.state(1).code(), "blocked");
    assert_eq!(desk.waiting(1).why, Why::Person);
    assert!(desk.engine.is_idle(&desk.now));
}

#[test]
fn a_refused_read_after_the_end_changes_nothing() {
    let mut desk = in_review(1);
    desk.wait_for_send();
    desk.answer(1, told(ProviderState::Verified));
    desk.wait_for_send();
    desk.answer(1, refused(Definite::Account));
    assert_eq!(desk.state(1).code(), "verified");
}

#[test]
fn it_is_idle_when_only_verdicts_are_left() {
    let mut desk = Desk::new();
    assert!(desk.engine.is_idle(&desk.now));
    desk.seal(1, WEPAY, vec![photo(1, "bill", Side::Front)]);
    assert!(!desk.engine.is_idle(&desk.now));
    desk.settle();
    assert!(desk.engine.is_idle(&desk.now));
    desk.wait_for_send();
    assert!(!desk.engine.is_idle(&desk.now), "a question is out");
    desk.answer(1, told(ProviderState::NeedsDocuments));
    assert!(!desk.engine.is_idle(&desk.now), "photos are to be sent");
}

#[test]
fn a_purged_submission_is_left_alone() {
    let mut desk = in_review(1);
    desk.wait_for_send();
    desk.answer(1, told(ProviderState::Verified));
    desk.person(1, Event::Purged);
    assert_eq!(desk.engine.poll_timeout(&desk.now), None);
    assert_eq!(desk.waiting(1).why, Why::Finished);
}
