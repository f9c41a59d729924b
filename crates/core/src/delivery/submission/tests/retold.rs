//! Told anew from another moment, a submission is decided as before.

use crate::clock::Moment;
use crate::delivery::decide::{Next, Sight, next};
use crate::delivery::event::{Correction, Event, Recorded};
use crate::delivery::outcome::{Definite, Receipt};
use crate::delivery::step::Step;
use crate::delivery::submission::Submission;
use crate::delivery::testing::*;
use crate::onboarding::Side;
use crate::provider::ProviderState;

const ORIGIN: Moment = Moment { wall_ms: 1_900_000_000_000, boot_ms: 100_000_000_000, boot: 77 };
const AGE_MS_MAX: u64 = 61 * MIN;

fn retold(story: &Story) -> Submission {
    story.submission.retold(&story.now, &ORIGIN, AGE_MS_MAX)
}

/// Each photo, draft, file, write and doubt at some point of its life.
fn stories() -> Vec<Story> {
    let mut drafted = Story::drafted();
    drafted.later(24 * MIN);
    let mut lost_create = Story::wepay();
    lost_create.sees(ProviderState::NotSubmitted).does(Step::Create, lost());
    let mut authorize_lost = Story::drafted();
    authorize_lost.does(authorize("d1"), lost());
    let mut refused_twice = Story::drafted();
    refused_twice.does(authorize("d1"), lost()).later(5 * MIN).sees(ProviderState::NotSubmitted);
    refused_twice.does(authorize("d1"), refused(Definite::Invalid));
    let mut attach_lost = Story::uploaded();
    attach_lost.later(3 * MIN).does(attach(&["f1"]), lost());
    let mut awaiting = Story::drafted();
    awaiting.does_and_hears(authorize("d1"), ProviderState::InReview);
    let mut retaken = Story::winter();
    retaken.does(Step::Details, done(Receipt::Accepted)).does(side(1), lost());
    retaken.later(2 * MIN).does(side(1), done(Receipt::Accepted));
    retaken.adds(vec![photo(3, "LICENCE", Side::Front)]);
    let mut short = Story::written();
    short.counts(ProviderState::NotSubmitted, 1);
    let mut sending = Story::drafted();
    sending.starts(authorize("d1"));
    let mut blocked = Story::wepay();
    blocked.sees(ProviderState::NotSubmitted).does(Step::Create, refused(Definite::Invalid));
    let all = [drafted, lost_create, authorize_lost, refused_twice, attach_lost, awaiting];
    all.into_iter().chain([retaken, short, sending, blocked, Story::written()]).collect()
}

fn sight(now: Moment, server_ms: Option<i64>, fresh: bool) -> Sight {
    Sight {
        now,
        server_now: server_ms,
        connection_fresh: fresh,
        status_fresh: fresh,
        documents_fresh: fresh,
    }
}

/// A wait, counted from now.
fn ahead(decided: Next, now: &Moment) -> Next {
    match decided {
        Next::Wait { until_boot_ms, why } => {
            Next::Wait { until_boot_ms: until_boot_ms.saturating_sub(now.boot_ms), why }
        }
        other => other,
    }
}

fn assert_decided_alike(story: &Story, what: &str) {
    let told = retold(story);
    for (dated, fresh) in [(true, true), (true, false), (false, true), (false, false)] {
        let before = sight(story.now, dated.then_some(story.now.wall_ms), fresh);
        let after = sight(ORIGIN, dated.then_some(ORIGIN.wall_ms), fresh);
        assert_eq!(
            ahead(next(&story.submission, &before), &story.now),
            ahead(next(&told, &after), &ORIGIN),
            "{what}, dated {dated}, fresh {fresh}"
        );
    }
    assert_eq!(told.state().code(), story.code(), "{what}");
    assert_eq!(told.needs_restart(&ORIGIN), story.submission.needs_restart(&story.now), "{what}");
}

#[test]
fn what_is_told_from_another_moment_is_decided_alike_at_every_age() {
    for (n, mut story) in stories().into_iter().enumerate() {
        for minute in 0..60 {
            assert_decided_alike(&story, &format!("story {n}, {minute} min on"));
            story.later(MIN);
        }
    }
}

#[test]
fn what_is_told_from_another_boot_is_decided_alike_at_every_age() {
    for (n, mut story) in stories().into_iter().enumerate() {
        story.reboot();
        for minute in 0..60 {
            assert_decided_alike(&story, &format!("story {n}, {minute} min after a reboot"));
            story.later(MIN);
        }
    }
}

#[test]
fn what_is_told_alike_stays_alike_after_the_same_event() {
    for (n, mut story) in stories().into_iter().enumerate() {
        let mut told = retold(&story);
        story.later(5 * MIN);
        told = told.retold(&ORIGIN.plus(5 * MIN), &ORIGIN, AGE_MS_MAX);
        let event = Event::StatusSeen {
            status: status(ProviderState::InReview, &[]),
            document_count: None,
            server_ms: Some(ORIGIN.wall_ms),
        };
        let seq = told.seq() + 1;
        let entry = Recorded { seq, at: ORIGIN, operator: String::new(), event };
        told.after(&entry).unwrap();
        story.sees(ProviderState::InReview);
        let told = told.retold(&ORIGIN, &ORIGIN, AGE_MS_MAX);
        assert_eq!(told, retold(&story), "story {n}");
    }
}

#[test]
fn logs_of_different_length_that_stand_alike_are_told_alike() {
    let mut once = Story::wepay();
    once.sees(ProviderState::NotSubmitted).later(MIN);
    let mut thrice = Story::wepay();
    for _ in 0..3 {
        thrice.sees(ProviderState::NotSubmitted).does(Step::Create, not_sent());
    }
    thrice.later(7 * MIN);
    assert_ne!(once.submission, thrice.submission);
    assert_eq!(retold(&once), retold(&thrice));
}

#[test]
fn ages_that_a_window_tells_apart_are_told_apart() {
    let mut young = Story::drafted();
    young.later(24 * MIN);
    let mut old = Story::drafted();
    old.later(25 * MIN);
    assert_ne!(retold(&young), retold(&old));
    let mut edited = Story::wepay();
    edited.sees(ProviderState::NotSubmitted).does(Step::Create, refused(Definite::Invalid));
    let blocked = retold(&edited);
    edited.corrects(Correction::Answers);
    assert_ne!(blocked, retold(&edited));
}
