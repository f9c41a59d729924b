//! A connection's health.

use super::{Desk, connection, draft, told};
use crate::chance::Chance;
use crate::delivery::engine::EngineEvent;
use crate::delivery::line::back_off_ms;
use crate::delivery::outcome::{Ambiguity, NotSentWhy, Outcome};
use crate::delivery::state::{Actor, Why};
use crate::delivery::testing::*;
use crate::onboarding::Side;
use crate::policy::{BACK_OFF_MAX_MS, BACK_OFF_MIN_MS, CIRCUIT_FAULTS, PACE_MS};
use crate::provider::ProviderState;

fn desk_of(lanes: u32) -> Desk {
    let mut desk = Desk::new();
    for n in 1..=lanes {
        desk.seal(n, WEPAY, vec![photo(n, "bill", Side::Front)]);
    }
    desk
}

fn trouble(desk: &Desk) -> Option<Why> {
    desk.engine.line(&connection()).unwrap().trouble.map(|(why, _)| why)
}

#[test]
fn back_off_stays_between_two_seconds_and_fifteen_minutes() {
    let mut chance = Chance::from_seed([9; 32]);
    for faults in 0..200 {
        for _ in 0..50 {
            let wait = back_off_ms(faults, &mut chance);
            assert!((BACK_OFF_MIN_MS..=BACK_OFF_MAX_MS).contains(&wait), "{faults}: {wait}");
        }
    }
    let longest = (0..200).map(|_| back_off_ms(30, &mut chance)).max().unwrap();
    assert!(longest > BACK_OFF_MAX_MS / 2, "full jitter uses the whole range");
}

#[test]
fn without_a_network_one_probe_at_a_time_goes_out() {
    let mut desk = desk_of(5);
    for n in 1..=5 {
        desk.answer(n, not_sent());
    }
    assert_eq!(trouble(&desk), Some(Why::NoNetwork));
    let started = desk.now.boot_ms;
    desk.wait_for_send();
    assert!(desk.now.boot_ms - started >= BACK_OFF_MIN_MS);
    desk.later(60_000);
    assert_eq!(desk.out.len(), 1, "a probe");
    let n = desk.out[0].0;
    desk.answer(n, told(ProviderState::NotSubmitted));
    assert_eq!(trouble(&desk), None);
    desk.later(PACE_MS);
    desk.later(PACE_MS);
    assert!(desk.out.len() >= 2);
}

#[test]
fn a_certificate_out_of_its_time_blames_the_clock_unless_the_providers_agrees_with_it() {
    const YEAR_MS: i64 = 365 * 24 * 60 * 60_000;
    let untimely = || Outcome::NotSent { why: NotSentWhy::Clock };
    let mut desk = desk_of(1);
    desk.wait_for_send();
    desk.answer(1, untimely());
    assert_eq!(trouble(&desk), Some(Why::Clock), "the provider's clock is not known yet");
    desk.wait_for_send();
    desk.answer(1, told(ProviderState::NotSubmitted));
    desk.wait_for_send();
    desk.answer(1, untimely());
    assert_eq!(trouble(&desk), Some(Why::Intercepted), "both clocks say the same");
    for years in [5, -10] {
        desk.now.wall_ms += years * YEAR_MS;
        desk.wait_for_send();
        desk.answer(1, untimely());
        assert_eq!(trouble(&desk), Some(Why::Clock), "{years} years off");
    }
}

#[test]
fn waking_forgets_waits() {
    let mut desk = desk_of(1);
    for _ in 0..8 {
        desk.wait_for_send();
        desk.answer(1, not_sent());
    }
    desk.tell(EngineEvent::Wake);
    assert!(desk.out.is_empty() || desk.now.boot_ms > 0);
    desk.later(PACE_MS);
    assert_eq!(desk.out.len(), 1);
}

#[test]
fn the_circuit_opens_after_five_faults_and_probes_once() {
    let mut desk = desk_of(CIRCUIT_FAULTS);
    let fault = || Outcome::Ambiguous { why: Ambiguity::ServerFault };
    for n in 1..=CIRCUIT_FAULTS {
        desk.answer(n, fault());
    }
    assert_eq!(trouble(&desk), Some(Why::ServerTrouble));
    for n in [6, 7] {
        desk.seal(n, WEPAY, vec![photo(n, "bill", Side::Front)]);
    }
    assert!(desk.out.is_empty());
    let quiet = desk.now.boot_ms;
    desk.wait_for_send();
    assert!(desk.now.boot_ms - quiet >= BACK_OFF_MIN_MS);
    desk.later(60_000);
    assert_eq!(desk.out.len(), 1);
}

#[test]
fn four_faults_in_a_row_do_not_open_the_circuit() {
    let mut desk = desk_of(CIRCUIT_FAULTS - 1);
    for n in 1..CIRCUIT_FAULTS {
        desk.answer(n, Outcome::Ambiguous { why: Ambiguity::ServerFault });
    }
    for n in [6, 7] {
        desk.seal(n, WEPAY, vec![photo(n, "bill", Side::Front)]);
    }
    desk.later(PACE_MS);
    assert_eq!(desk.out.len(), 2);
}

#[test]
fn a_provider_that_asks_to_wait_is_left_alone_whatever_else_it_answers() {
    let mut desk = desk_of(3);
    desk.later(PACE_MS);
    desk.later(PACE_MS);
    assert_eq!(desk.out.len(), 3);
    desk.answer(1, Outcome::NotDone { wait_ms: Some(30_000) });
    let asked = desk.now.boot_ms;
    desk.answer(2, told(ProviderState::NotSubmitted));
    assert_eq!(trouble(&desk), Some(Why::Throttled));
    desk.answer(3, told(ProviderState::NotSubmitted));
    desk.tell(EngineEvent::SendNow);
    desk.wait_for_send();
    let waited = desk.now.boot_ms - asked;
    assert!((30_000..=45_000).contains(&waited), "{waited}");
}

#[test]
fn a_wish_to_wait_is_at_least_ten_seconds_and_never_days() {
    for (wish, range) in [(None, 10_000..=15_000), (Some(u64::MAX), 3_600_000..=5_400_000)] {
        let mut desk = desk_of(1);
        desk.answer(1, Outcome::NotDone { wait_ms: wish });
        let asked = desk.now.boot_ms;
        desk.wait_for_send();
        let waited = desk.now.boot_ms - asked;
        assert!(range.contains(&waited), "{wish:?}: {waited}");
    }
}

#[test]
fn refused_credentials_pause_the_connection_until_a_person_changes_it() {
    let mut desk = desk_of(2);
    desk.answer(1, Outcome::Credentials { html: false, code: "1006".to_owned() });
    desk.answer(2, told(ProviderState::NotSubmitted));
    assert_eq!(trouble(&desk), Some(Why::Credentials), "another answer does not hide it");
    assert_eq!(desk.waiting(1).actor, Actor::Administrator);
    desk.tell(EngineEvent::SendNow);
    desk.later(3_600_000);
    assert!(desk.out.is_empty());
    assert_eq!(desk.engine.poll_timeout(&desk.now), None);
    assert_eq!(desk.state(1).code(), "queued", "never the item's fault");
    desk.tell(EngineEvent::Connection { id: connection(), paused: false });
    desk.wait_for_send();
}

#[test]
fn a_page_that_refuses_credentials_may_be_the_network_s_and_can_be_retried() {
    let mut desk = desk_of(1);
    desk.answer(1, Outcome::Credentials { html: true, code: "403".to_owned() });
    assert!(desk.engine.line(&connection()).unwrap().refused_by_page);
    desk.later(60_000);
    assert!(desk.out.is_empty());
    desk.tell(EngineEvent::SendNow);
    assert_eq!(desk.out.len(), 1);
}

#[test]
fn somebody_in_between_is_named() {
    let faults = [
        (Outcome::NotSent { why: NotSentWhy::Intercepted }, Why::Intercepted),
        (Outcome::NotSent { why: NotSentWhy::Proxy }, Why::Intercepted),
        (Outcome::NotSent { why: NotSentWhy::Clock }, Why::Clock),
        (Outcome::Ambiguous { why: Ambiguity::Foreign }, Why::Intercepted),
    ];
    for (outcome, why) in faults {
        let mut desk = desk_of(1);
        desk.answer(1, outcome);
        assert_eq!(trouble(&desk), Some(why));
        assert_eq!(desk.waiting(1).actor, Actor::You, "it does not pass by itself");
        assert!(desk.engine.poll_timeout(&desk.now).is_some(), "it is probed");
    }
}

#[test]
fn what_cannot_be_made_here_is_not_the_network_s_fault() {
    let mut desk = desk_of(1);
    desk.answer(1, Outcome::NotSent { why: NotSentWhy::Unmade });
    assert_eq!(trouble(&desk), None);
    desk.wait_for_send();
    desk.answer(1, told(ProviderState::NotSubmitted));
    desk.wait_for_send();
    desk.answer(1, done(draft()));
}
