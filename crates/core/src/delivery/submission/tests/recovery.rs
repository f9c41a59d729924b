//! Logs: replay, restart, reboot, restore.

use crate::delivery::Next;
use crate::delivery::event::{Correction, Event, Recorded};
use crate::delivery::outcome::Receipt;
use crate::delivery::state::Refusal;
use crate::delivery::step::Step;
use crate::delivery::submission::Submission;
use crate::delivery::testing::*;
use crate::provider::ProviderState;

#[test]
fn a_log_that_does_not_begin_with_a_sealing_is_refused() {
    let entry =
        Recorded { seq: 1, at: moment(0), operator: String::new(), event: Event::Restarted };
    assert!(Submission::replay(submission_id(1), account_id(1), &[entry]).is_err());
    assert!(Submission::replay(submission_id(1), account_id(1), &[]).is_err());
}

#[test]
fn a_log_with_a_gap_or_an_impossible_event_is_refused() {
    let story = Story::drafted();
    let mut gap = story.log.clone();
    gap.remove(2);
    assert!(Submission::replay(submission_id(1), account_id(1), &gap).is_err());
    let mut impossible = story.log.clone();
    impossible[2].event = Event::Released;
    assert!(Submission::replay(submission_id(1), account_id(1), &impossible).is_err());
}

#[test]
fn a_refused_event_changes_nothing() {
    let story = Story::drafted();
    let mut same = story.submission.clone();
    let entry = Recorded {
        seq: same.seq() + 1,
        at: story.now,
        operator: String::new(),
        event: Event::PhotosForgotten,
    };
    assert!(same.after(&entry).is_err());
    assert_eq!(same, story.submission);
}

#[test]
fn r2_the_index_names_the_open_step() {
    let mut story = Story::drafted();
    assert_eq!(story.submission.index().open_step, None);
    story.starts(authorize("d1"));
    assert_eq!(story.submission.index().open_step.as_deref(), Some("authorize"));
    story.ends(lost());
    assert_eq!(story.submission.index().state, "unconfirmed");
    assert_eq!(story.submission.index().open_step.as_deref(), Some("authorize"));
}

#[test]
fn a_start_is_recorded_only_where_it_matters() {
    let mut story = Story::wepay();
    assert!(!story.submission.needs_restart(&story.now));
    story.now.boot = 2;
    assert!(!story.submission.needs_restart(&story.now), "nothing is open and nothing ages");
    let drafted = Story::drafted();
    assert!(!drafted.submission.needs_restart(&drafted.now));
    let mut rebooted = drafted.now;
    rebooted.boot = 2;
    assert!(drafted.submission.needs_restart(&rebooted), "a draft ages");
}

#[test]
fn r7_after_a_restore_a_queued_submission_is_looked_up_and_fenced() {
    let mut story = Story::wepay();
    story.sees(ProviderState::NotSubmitted).event(Event::Restored);
    assert!(story.refuses(Event::Withdrawn));
    assert_eq!(story.next(), STATUS, "what was known is older");
    story.sees(ProviderState::NotSubmitted);
    assert_eq!(story.fence_ms(), Some(35 * MIN), "a draft that the copy does not know may live");
    assert!(story.refuses_start(Step::Create));
    story.later(35 * MIN);
    assert_eq!(story.next(), STATUS);
    story.sees(ProviderState::NotSubmitted);
    assert_eq!(story.next(), Next::Start(Step::Create));
    assert!(!story.refuses(Event::Withdrawn));
}

#[test]
fn r7_after_a_restore_a_submitted_account_asks_a_person() {
    let mut story = Story::wepay();
    story.event(Event::Restored).sees(ProviderState::InReview);
    assert_eq!(story.refusal(), &Refusal::SubmittedElsewhere);
    story.corrects(Correction::Follow);
    assert_eq!(story.code(), "awaiting");
}

#[test]
fn r7_after_a_restore_a_draft_may_have_been_authorized() {
    let mut story = Story::drafted();
    story.event(Event::Restored).later(2 * MIN).sees(ProviderState::InReview);
    assert_eq!(story.code(), "awaiting");
    let mut young = Story::drafted();
    young.event(Event::Restored).later(2 * MIN).sees(ProviderState::NotSubmitted);
    assert_eq!(young.next(), Next::Start(authorize("d1")), "no other can exist yet");
}

#[test]
fn r7_after_a_restore_photos_wait_until_unknown_files_are_gone() {
    let mut story = Story::uploaded();
    story.event(Event::Restored);
    assert_eq!(story.fence_ms(), Some(35 * MIN));
    story.later(35 * MIN);
    assert_eq!(story.next(), STATUS);
    story.sees(ProviderState::NeedsDocuments);
    assert_eq!(story.next(), Next::Start(upload(1)));
}

#[test]
fn r7_after_a_restore_nothing_is_overwritten_unasked() {
    let mut story = Story::winter();
    story.does(Step::Details, done(Receipt::Accepted)).event(Event::Restored);
    assert_eq!(story.next(), STATUS, "what was known is older");
    story.sees(ProviderState::NotSubmitted);
    assert_eq!(story.next(), DOCUMENTS, "somebody may have written meanwhile");
    story.counts(ProviderState::InReview, 2);
    assert_eq!(story.refusal(), &Refusal::WouldOverwrite);
    let mut nothing = Story::winter();
    nothing.does(Step::Details, done(Receipt::Accepted)).event(Event::Restored);
    nothing.counts(ProviderState::NotSubmitted, 0);
    assert_eq!(
        nothing.fence_ms(),
        Some(45 * MIN),
        "a write that the copy does not know may arrive"
    );
    nothing.later(45 * MIN).counts(ProviderState::NotSubmitted, 0);
    assert_eq!(nothing.next(), Next::Start(side(1)));
}

#[test]
fn r7_after_a_restore_an_unknown_write_is_repeated_only_after_its_copies_are_gone() {
    let mut story = Story::winter();
    story.does(Step::Details, lost()).event(Event::Restored);
    assert_eq!(story.quiesce_ms(), Some(2 * MIN));
    story.later(2 * MIN).counts(ProviderState::NotSubmitted, 0);
    assert_eq!(story.fence_ms(), Some(43 * MIN));
}

#[test]
fn r2_a_restore_opens_no_step_of_a_submission_that_had_none() {
    for mut story in [Story::wepay(), Story::winter()] {
        story.event(Event::Restored);
        assert_eq!(story.submission.index().open_step, None);
    }
}

#[test]
fn r7_a_restore_during_an_attempt_makes_it_ambiguous() {
    let mut story = Story::drafted();
    story.starts(authorize("d1")).event(Event::Restored);
    assert_eq!(story.code(), "unconfirmed");
    let late = Event::Answered { attempt: 2, outcome: lost(), server_ms: None };
    assert!(story.refuses(late), "its answer belongs to another life");
}
