//! Whose turn it is.

use super::{Desk, connection, draft, files, told};
use crate::delivery::engine::{Effect, EngineEvent};
use crate::delivery::event::Event;
use crate::delivery::outcome::{Ambiguity, Definite, NotSentWhy, Outcome};
use crate::delivery::state::{Actor, Why};
use crate::delivery::step::{Reading, Step};
use crate::delivery::testing::*;
use crate::onboarding::Side;
use crate::policy::{
    LANES_MAX, PACE_BURST, PACE_MS, PACE_WINDOW_MS, PACE_WINDOW_STARTS, PHOTO_LANES_MAX,
};
use crate::provider::ProviderState;

const LOOK: Step = Step::Read { reading: Reading::Status };

fn bill(n: u32) -> Vec<crate::photo::PhotoRecord> {
    vec![photo(n, "bill", Side::Front)]
}

/// A submission whose photos are wanted, with its first upload out or about to be.
fn wanting(desk: &mut Desk, n: u32) {
    desk.seal(n, WEPAY, bill(n));
    for outcome in
        [told(ProviderState::NotSubmitted), done(draft()), told(ProviderState::NeedsDocuments)]
    {
        desk.wait_for(n);
        desk.answer(n, outcome);
    }
}

#[test]
fn a_submission_goes_its_whole_way() {
    let mut desk = Desk::new();
    desk.seal(1, WEPAY, bill(1));
    desk.seal(2, WINTER, licence(3));
    desk.settle();
    assert_eq!(desk.state(1).code(), "awaiting");
    assert_eq!(desk.state(2).code(), "awaiting");
    let codes = |n| -> Vec<&str> {
        desk.sends.iter().filter(|(_, of, _)| *of == n).map(|(_, _, s)| s.code()).collect()
    };
    assert_eq!(codes(1), ["read_status", "create", "authorize"]);
    let winter = ["read_status", "read_documents", "details", "side", "side", "read_documents"];
    assert_eq!(codes(2)[..6], winter);
}

#[test]
fn limits_are_kept_after_a_rest_in_a_second_and_in_ten_seconds() {
    let mut desk = Desk::new();
    for n in 1..=40 {
        desk.seal(n, WEPAY, bill(n));
    }
    assert_eq!(desk.sends.len(), LANES_MAX);
    desk.settle();
    let mut times: Vec<u64> = desk.sends.iter().map(|(at, _, _)| *at).collect();
    times.sort_unstable();
    for (at, start) in times.iter().enumerate() {
        let within = |ms: u64| times[at..].iter().take_while(|t| **t < start + ms).count();
        assert!(within(PACE_WINDOW_MS) <= PACE_WINDOW_STARTS, "{times:?}");
        assert!(within(1_000) as u64 <= PACE_BURST + 2, "{times:?}");
    }
    let rest = times.iter().skip_while(|t| **t < times[0] + 2 * PACE_WINDOW_MS);
    let steady: Vec<&u64> = rest.take_while(|t| **t < times[0] + 4 * PACE_WINDOW_MS).collect();
    assert!(steady.len() >= 38, "the pace is used: {times:?}");
    assert!(steady.windows(2).all(|w| w[1] - w[0] >= PACE_MS), "no second burst: {times:?}");
}

#[test]
fn r10_a_ready_text_step_goes_before_any_photo_that_has_not_started() {
    let mut desk = Desk::new();
    desk.seal(1, WEPAY, bill(1));
    desk.seal(2, WEPAY, bill(2));
    desk.answer(1, told(ProviderState::NotSubmitted));
    desk.answer(1, done(draft()));
    desk.tell(EngineEvent::Pause(true));
    desk.answer(1, told(ProviderState::NeedsDocuments));
    desk.answer(2, told(ProviderState::NotSubmitted));
    assert!(desk.out.is_empty(), "a photo and a text are ready");
    desk.tell(EngineEvent::Pause(false));
    let order: Vec<&str> = desk.out.iter().map(|(_, _, step)| step.code()).collect();
    assert_eq!(order, ["create", "upload"]);
}

#[test]
fn text_of_every_submission_is_through_before_a_photo_of_another_starts() {
    let mut desk = Desk::new();
    let count = 7;
    for n in 1..=count {
        desk.seal(n, WEPAY, bill(n));
    }
    let uploads = |desk: &Desk| desk.sends.iter().filter(|(_, _, s)| s.photo().is_some()).count();
    while uploads(&desk) < PHOTO_LANES_MAX {
        let text = desk.out.iter().find(|(_, _, step)| step.photo().is_none()).cloned();
        match text {
            None => desk.later(PACE_MS),
            Some((n, _, Step::Create)) => desk.answer(n, done(draft())),
            Some((n, _, Step::Authorize { .. })) => {
                desk.answer(n, told(ProviderState::NeedsDocuments));
            }
            Some((n, _, _)) => desk.answer(n, told(ProviderState::NotSubmitted)),
        }
    }
    let sent = |code: &str| desk.sends.iter().filter(|(_, _, s)| s.code() == code).count();
    let first_photo = desk.sends.iter().position(|(_, _, s)| s.photo().is_some()).unwrap();
    let before = &desk.sends[..first_photo];
    assert_eq!(sent("authorize"), count as usize);
    assert_eq!(
        before.iter().filter(|(_, _, s)| s.code() == "authorize").count(),
        count as usize,
        "{:?}",
        desk.sends
    );
}

#[test]
fn at_most_eight_lanes_are_out_and_the_runtime_is_not_woken_for_more() {
    let mut desk = Desk::new();
    for n in 1..=12 {
        desk.seal(n, WEPAY, bill(n));
    }
    for _ in 0..LANES_MAX * 2 {
        desk.later(PACE_MS);
    }
    assert_eq!(desk.out.len(), LANES_MAX);
    assert_eq!(desk.engine.poll_timeout(&desk.now), None, "an answer comes first");
}

#[test]
fn photos_leave_lanes_for_text() {
    let mut desk = Desk::new();
    for n in 1..=10 {
        wanting(&mut desk, n);
    }
    while desk.out.len() < PHOTO_LANES_MAX {
        desk.later(PACE_MS);
        while let Some(n) = desk.out.iter().find(|(_, _, s)| s.is_read()).map(|(n, _, _)| *n) {
            desk.answer(n, told(ProviderState::NeedsDocuments));
        }
    }
    desk.later(5_000);
    let photos = desk.out.iter().filter(|(_, _, s)| s.photo().is_some()).count();
    assert_eq!(photos, PHOTO_LANES_MAX);
    desk.seal(11, WEPAY, bill(11));
    desk.later(PACE_MS);
    assert_eq!(desk.step(11), Some(&LOOK));
}

#[test]
fn r10_one_bad_item_never_blocks_another() {
    let bad = [
        Outcome::NotSent { why: NotSentWhy::Unmade },
        Outcome::Ambiguous { why: Ambiguity::ServerFault },
        Outcome::Ambiguous { why: Ambiguity::Broken },
        refused(Definite::Unexplained),
    ];
    for outcome in bad {
        let mut desk = Desk::new();
        desk.seal(1, WEPAY, bill(1));
        desk.answer(1, told(ProviderState::NotSubmitted));
        desk.wait_for_send();
        desk.answer(1, outcome.clone());
        desk.seal(2, WEPAY, bill(2));
        desk.later(PACE_MS);
        assert_eq!(desk.step(2), Some(&LOOK), "{outcome:?}");
    }
}

#[test]
fn r13_create_needs_an_answer_of_the_last_ten_seconds() {
    let mut desk = Desk::new();
    desk.seal(1, WEPAY, bill(1));
    desk.tell(EngineEvent::Pause(true));
    desk.answer(1, told(ProviderState::NotSubmitted));
    desk.later(11_000);
    desk.tell(EngineEvent::Pause(false));
    assert_eq!(desk.step(1), Some(&LOOK), "asked anew");
    desk.answer(1, told(ProviderState::NotSubmitted));
    desk.later(PACE_MS);
    assert_eq!(desk.step(1), Some(&Step::Create));
}

#[test]
fn r13_nothing_is_begun_while_a_lock_is_pending_but_a_draft_is_authorized() {
    let mut desk = Desk::new();
    desk.seal(1, WEPAY, bill(1));
    desk.seal(2, WEPAY, bill(2));
    desk.answer(1, told(ProviderState::NotSubmitted));
    desk.later(PACE_MS);
    assert_eq!(desk.step(1), Some(&Step::Create));
    desk.tell(EngineEvent::Closing(true));
    desk.answer(2, told(ProviderState::NotSubmitted));
    assert!(!desk.engine.is_closed(&desk.now));
    desk.answer(1, done(draft()));
    desk.wait_for_send();
    assert_eq!(desk.step(1), Some(&authorize("d")));
    desk.answer(1, told(ProviderState::InReview));
    desk.later(60_000);
    assert!(desk.out.is_empty(), "the other one is not begun");
    assert!(desk.engine.is_closed(&desk.now));
    assert_eq!(desk.engine.poll_timeout(&desk.now), None);
    desk.tell(EngineEvent::Closing(false));
    desk.wait_for_send();
}

#[test]
fn r13_files_that_lie_at_the_provider_are_attached_before_a_lock() {
    let mut desk = Desk::new();
    wanting(&mut desk, 1);
    desk.wait_for_send();
    desk.tell(EngineEvent::Closing(true));
    desk.answer(1, done(files()));
    desk.wait_for_send();
    assert_eq!(desk.step(1), Some(&attach(&["f"])));
}

#[test]
fn r2_the_second_submission_of_an_account_waits_for_the_first() {
    let mut desk = Desk::new();
    desk.seal_for(1, 9, WEPAY, bill(1));
    desk.now = desk.now.plus(1);
    desk.seal_for(2, 9, WEPAY, bill(2));
    for outcome in [told(ProviderState::NotSubmitted), done(draft())] {
        desk.wait_for_send();
        desk.answer(1, outcome);
    }
    desk.wait_for_send();
    desk.answer(1, lost());
    desk.later(20_000);
    assert_eq!(desk.sends.iter().filter(|(_, n, _)| *n == 2).count(), 0);
    assert_eq!(desk.waiting(2).why, Why::Turn);
    desk.later(120_000);
    desk.wait_for_send();
    desk.answer(1, told(ProviderState::Verified));
    desk.wait_for_send();
    assert_eq!(desk.step(2), Some(&LOOK), "the first has ended");
    desk.answer(2, told(ProviderState::Verified));
    assert_eq!(desk.state(2).code(), "blocked", "submitted already");
}

#[test]
fn r2_a_first_submission_that_waits_for_a_person_unbegun_lets_the_second_go() {
    let mut desk = Desk::new();
    desk.seal_for(1, 9, WEPAY, bill(1));
    desk.answer(1, refused(Definite::Configuration));
    assert_eq!(desk.state(1).code(), "blocked");
    desk.seal_for(2, 9, WEPAY, bill(2));
    desk.wait_for_send();
    assert_eq!(desk.step(2), Some(&LOOK));
}

#[test]
fn photos_are_held_while_text_goes() {
    let mut desk = Desk::new();
    desk.tell(EngineEvent::HoldPhotos(true));
    assert!(desk.engine.holds_photos());
    wanting(&mut desk, 1);
    desk.later(60_000);
    assert!(desk.out.iter().all(|(_, _, s)| s.photo().is_none()));
    while desk.step(1).is_some() {
        desk.answer(1, told(ProviderState::NeedsDocuments));
    }
    assert_eq!(desk.waiting(1).why, Why::PhotosHeld);
    desk.seal(2, WEPAY, bill(2));
    desk.wait_for_send();
    assert_eq!(desk.step(2), Some(&LOOK));
    desk.tell(EngineEvent::HoldPhotos(false));
    for _ in 0..10 {
        desk.later(PACE_MS);
    }
    assert!(desk.step(1).is_some());
}

#[test]
fn everything_rests_while_it_is_paused() {
    let mut desk = Desk::new();
    desk.tell(EngineEvent::Pause(true));
    desk.seal(1, WEPAY, bill(1));
    desk.later(60_000);
    assert!(desk.out.is_empty() && desk.engine.is_paused());
    assert_eq!(desk.engine.poll_timeout(&desk.now), None);
    assert_eq!(desk.waiting(1).actor, Actor::You);
    desk.tell(EngineEvent::Pause(false));
    desk.tell(EngineEvent::Connection { id: connection(), paused: true });
    desk.answer(1, told(ProviderState::NotSubmitted));
    assert_eq!(desk.waiting(1).why, Why::Paused);
    desk.tell(EngineEvent::Connection { id: connection(), paused: false });
    desk.wait_for_send();
}

#[test]
fn a_restart_with_an_open_step_is_recorded_before_anything_else() {
    let mut desk = Desk::new();
    desk.seal(1, WEPAY, bill(1));
    desk.answer(1, told(ProviderState::NotSubmitted));
    desk.wait_for_send();
    let mut again = Desk::new();
    again.now = desk.now.plus(1);
    again.load(1, 1, desk.log[&1].clone());
    assert_eq!(again.log[&1].last().unwrap().event, Event::Restarted);
    assert_eq!(again.state(1).code(), "unconfirmed");
    assert_eq!(again.waiting(1).why, Why::AnswerLost);
    again.tell(EngineEvent::SendNow);
    again.later(119_000);
    assert!(again.out.is_empty(), "send now never shortens the quiesce time");
    again.wait_for_send();
    assert_eq!(again.step(1), Some(&LOOK));
}

#[test]
fn after_a_reboot_with_a_draft_the_wait_is_recorded_and_ends() {
    let mut desk = Desk::new();
    desk.seal(1, WEPAY, bill(1));
    desk.answer(1, told(ProviderState::NotSubmitted));
    desk.wait_for_send();
    desk.answer(1, done(draft()));
    let mut again = Desk::new();
    again.now = crate::clock::Moment { boot: 2, ..moment(50_000) };
    again.load(1, 1, desk.log[&1].clone());
    assert_eq!(again.log[&1].last().unwrap().event, Event::Restarted);
}

#[test]
fn an_answer_that_nobody_waits_for_is_dropped() {
    let mut desk = Desk::new();
    desk.seal(1, WEPAY, bill(1));
    let before = desk.log[&1].len();
    for (n, attempt) in [(1, 3), (99, 1)] {
        desk.tell(EngineEvent::Answer {
            submission: submission_id(n),
            attempt,
            outcome: done(draft()),
            server_ms: None,
        });
    }
    assert_eq!(desk.log[&1].len(), before);
    desk.answer(1, told(ProviderState::NotSubmitted));
    desk.wait_for_send();
    desk.person(1, Event::Restored);
    desk.answer(1, done(draft()));
    assert_eq!(
        desk.state(1).code(),
        "unconfirmed",
        "an answer from before a restore settles nothing"
    );
}

#[test]
fn loading_a_submission_twice_keeps_what_is_out() {
    let mut desk = Desk::new();
    desk.seal(1, WEPAY, bill(1));
    let log = desk.log[&1].clone();
    desk.load(1, 1, log);
    assert_eq!(desk.out.len(), 1);
    desk.answer(1, told(ProviderState::NotSubmitted));
    desk.wait_for_send();
    assert_eq!(desk.step(1), Some(&Step::Create));
}

#[test]
fn what_a_person_does_takes_effect_at_once() {
    let mut desk = Desk::new();
    desk.seal(1, WEPAY, bill(1));
    desk.answer(1, told(ProviderState::InReview));
    assert_eq!(desk.waiting(1).actor, Actor::You);
    let illegal = EngineEvent::Person {
        submission: submission_id(1),
        event: Event::Released,
        operator: String::new(),
    };
    assert!(desk.engine.handle(illegal, desk.now).is_err());
    desk.person(1, Event::Withdrawn);
    assert_eq!(desk.waiting(1).why, Why::Finished);
    assert!(desk.engine.is_idle(&desk.now));
}

/// A connection on which half a megabyte took `ms`.
fn measured(ms: u64) -> Desk {
    let mut desk = Desk::new();
    wanting(&mut desk, 1);
    desk.wait_for_send();
    desk.later(ms);
    desk.answer(1, done(files()));
    desk.wait_for_send();
    desk.answer(1, told(ProviderState::InReview));
    desk
}

/// Submission `n` with two photos of half a megabyte that are wanted now.
fn two_wanted(desk: &mut Desk, n: u32) {
    let photos = vec![photo(10 * n, "bill", Side::Front), photo(10 * n + 1, "visa", Side::Front)];
    desk.seal(n, WEPAY, photos);
    for outcome in [told(ProviderState::NotSubmitted), done(draft())] {
        desk.wait_for_send();
        desk.answer(n, outcome);
    }
    desk.wait_for_send();
    desk.answer(n, told(ProviderState::NeedsDocuments));
    desk.later(PACE_MS);
}

#[test]
fn r13_photos_whose_forecast_is_longer_than_twenty_minutes_are_made_smaller_first() {
    let mut desk = measured(11 * MIN);
    two_wanted(&mut desk, 2);
    assert_eq!(desk.lighter, [(2, vec![photo_id(20), photo_id(21)])]);
    desk.later(MIN);
    assert_eq!(desk.step(2), None, "nothing goes before they are smaller");
    let new = Box::new(photo(27, "bill", Side::Front));
    desk.person(2, Event::PhotoLightened { old: photo_id(20), new });
    desk.tell(EngineEvent::Lightened(submission_id(2)));
    desk.wait_for_send();
    desk.answer(2, told(ProviderState::NeedsDocuments));
    desk.wait_for_send();
    assert_eq!(desk.lighter.len(), 1, "once: they cannot be made smaller twice");
    assert!(matches!(desk.step(2), Some(Step::Upload { .. })));
}

#[test]
fn r13_photos_that_get_through_in_time_are_sent_as_they_were_taken() {
    let mut desk = measured(9 * MIN);
    two_wanted(&mut desk, 2);
    desk.wait_for_send();
    assert_eq!(desk.step(2), Some(&upload(20)));
    assert!(desk.lighter.is_empty());
}

#[test]
fn r13_a_round_whose_files_died_on_the_way_is_forecast_whole() {
    let mut desk = Desk::new();
    let photos = vec![photo(20, "bill", Side::Front), photo(21, "visa", Side::Front)];
    desk.seal(2, WEPAY, photos);
    desk.wait_for_send();
    desk.answer(2, told(ProviderState::NotSubmitted));
    desk.wait_for_send();
    desk.answer(2, done(draft()));
    while desk.lighter.is_empty() {
        desk.wait_for_send();
        let step = desk.step(2).unwrap().clone();
        let slow = step.photo().is_some();
        desk.later(if slow { 14 * MIN } else { 1 });
        let wants = told(ProviderState::NeedsDocuments);
        desk.answer(2, if slow { done(files()) } else { wants });
        assert!(desk.sends.len() < 20, "both photos go again and again, and die each time");
    }
    assert_eq!(desk.lighter, [(2, vec![photo_id(20), photo_id(21)])]);
    let new = Box::new(photo(27, "bill", Side::Front));
    desk.person(2, Event::PhotoLightened { old: photo_id(20), new });
}

fn pending(desk: &Desk, n: u32) -> bool {
    let submission = desk.engine.submission_of(&submission_id(n)).unwrap();
    submission.pending_photos().next().is_some()
}

#[test]
fn r13_new_photos_of_a_lightened_submission_are_forecast_anew() {
    let mut desk = measured(11 * MIN);
    two_wanted(&mut desk, 2);
    desk.tell(EngineEvent::Lightened(submission_id(2)));
    while pending(&desk, 2) || desk.step(2).is_some() {
        desk.wait_for_send();
        let (n, _, step) = desk.out[0].clone();
        desk.later(if step.photo().is_some() { 11 * MIN } else { 1 });
        let wants = if n == 2 { ProviderState::NeedsDocuments } else { ProviderState::InReview };
        desk.answer(n, if step.photo().is_some() { done(files()) } else { told(wants) });
    }
    let photos = vec![photo(31, "bill", Side::Front), photo(32, "visa", Side::Front)];
    desk.person(2, Event::PhotosAdded { photos });
    while desk.lighter.len() < 2 {
        desk.wait_for_send();
        let (n, _, step) = desk.out[0].clone();
        assert!(step.is_read(), "no photo goes: {step:?}");
        let wants = if n == 2 { ProviderState::NeedsDocuments } else { ProviderState::InReview };
        desk.answer(n, told(wants));
    }
    assert_eq!(desk.lighter[1], (2, vec![photo_id(31), photo_id(32)]));
}

#[test]
fn r1_the_intent_is_recorded_before_its_step_is_sent() {
    let mut desk = Desk::new();
    desk.seal(1, WEPAY, bill(1));
    desk.wait_for_send();
    let event = EngineEvent::Answer {
        submission: submission_id(1),
        attempt: 0,
        outcome: told(ProviderState::NotSubmitted),
        server_ms: None,
    };
    desk.out.clear();
    desk.now = desk.now.plus(PACE_MS);
    desk.engine.handle(event, desk.now).unwrap();
    let effects: Vec<Effect> = std::iter::from_fn(|| desk.engine.poll_effect()).collect();
    let sent = effects.iter().position(|e| matches!(e, Effect::Send { step: Step::Create, .. }));
    let intended = effects.iter().position(|e| {
        matches!(e, Effect::Record { entry, .. }
            if matches!(entry.event, Event::AttemptStarted { step: Step::Create, .. }))
    });
    assert!(intended.unwrap() < sent.unwrap(), "{effects:?}");
}

#[test]
fn r3_what_an_answer_means_is_recorded_as_it_was_classed_and_never_anew() {
    let outcomes = [
        done(draft()),
        lost(),
        not_sent(),
        refused(Definite::Invalid),
        Outcome::NotDone { wait_ms: Some(20_000) },
        Outcome::Ambiguous { why: Ambiguity::ServerFault },
        Outcome::Credentials { html: false, code: "1006".to_owned() },
    ];
    for outcome in outcomes {
        let mut desk = Desk::new();
        desk.seal(1, WEPAY, bill(1));
        desk.wait_for_send();
        desk.answer(1, told(ProviderState::NotSubmitted));
        desk.wait_for_send();
        assert_eq!(desk.step(1), Some(&Step::Create));
        desk.answer(1, outcome.clone());
        let heard: Vec<_> = desk.log[&1]
            .iter()
            .filter_map(|entry| match &entry.event {
                Event::Answered { outcome, .. } => Some(outcome),
                _ => None,
            })
            .collect();
        assert_eq!(heard, [&outcome]);
    }
}
