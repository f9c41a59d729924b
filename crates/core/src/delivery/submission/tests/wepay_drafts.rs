//! The crash table of create and authorize, and the rules behind it.

use crate::delivery::event::{Correction, Event};
use crate::delivery::outcome::{Ambiguity, Definite, Outcome, Receipt};
use crate::delivery::state::{Refusal, SubmissionState};
use crate::delivery::step::Step;
use crate::delivery::testing::*;
use crate::delivery::{Next, Why};
use crate::provider::ProviderState;

const FENCE: u64 = 35 * MIN;

fn draft(reference: &str) -> Outcome {
    done(Receipt::Draft { reference: reference.to_owned() })
}

/// The authorize of draft `d1` may have arrived.
fn authorize_lost() -> Story {
    let mut story = Story::drafted();
    story.does(authorize("d1"), lost());
    story
}

#[test]
fn a_sealed_submission_looks_before_it_creates() {
    let mut story = Story::wepay();
    assert_eq!(story.next(), STATUS, "never asked");
    story.sees(ProviderState::NotSubmitted);
    assert_eq!(story.next_if(false), STATUS, "asked too long ago");
    assert_eq!(story.next(), Next::Start(Step::Create));
}

#[test]
fn crash_wepay_create_intent_not_sent_starts_over() {
    let mut story = Story::wepay();
    story.sees(ProviderState::NotSubmitted).does(Step::Create, not_sent());
    assert_eq!(story.code(), "queued");
    assert_eq!(story.next(), Next::Start(Step::Create));
}

#[test]
fn crash_wepay_create_answer_lost_and_still_unsubmitted_is_created_again() {
    let mut story = Story::wepay();
    story.sees(ProviderState::NotSubmitted).does(Step::Create, lost());
    assert_eq!(story.quiesce_ms(), Some(2 * MIN));
    story.later(2 * MIN);
    assert_eq!(story.next(), STATUS);
    story.sees(ProviderState::NotSubmitted);
    assert_eq!(story.next(), Next::Start(Step::Create), "no fence without a 3006");
}

#[test]
fn crash_wepay_create_answer_lost_and_submitted_asks_a_person() {
    let mut story = Story::wepay();
    story.sees(ProviderState::NotSubmitted).does(Step::Create, lost());
    story.later(2 * MIN).sees(ProviderState::InReview);
    assert_eq!(story.refusal(), &Refusal::SubmittedElsewhere);
}

#[test]
fn crash_wepay_create_answer_lost_or_received_and_not_committed_is_one() {
    let mut story = Story::wepay();
    story.sees(ProviderState::NotSubmitted).starts(Step::Create).later(1_000).restart();
    assert_eq!(story.code(), "unconfirmed");
    assert_eq!(story.quiesce_ms(), Some(2 * MIN), "counted from the restart");
    assert!(story.refuses_start(Step::Create));
}

#[test]
fn crash_wepay_3006_while_unsubmitted_waits_for_the_fence_and_then_asks_a_person() {
    let mut story = Story::wepay();
    story.sees(ProviderState::NotSubmitted);
    story.does(Step::Create, refused(Definite::AlreadySubmitted));
    assert_eq!(story.quiesce_ms(), Some(2 * MIN));
    story.later(2 * MIN).sees(ProviderState::NotSubmitted);
    assert_eq!(story.fence_ms(), Some(33 * MIN));
    assert!(story.refuses_start(Step::Create));
    story.later(33 * MIN);
    assert_eq!(story.next(), STATUS);
    story.sees(ProviderState::NotSubmitted);
    assert_eq!(story.refusal(), &Refusal::Unresolved);
    story.corrects(Correction::TryAgain).sees(ProviderState::NotSubmitted);
    assert_eq!(story.next(), Next::Start(Step::Create));
}

#[test]
fn crash_wepay_3006_and_submitted_asks_a_person() {
    let mut story = Story::wepay();
    story.sees(ProviderState::NotSubmitted);
    story.does(Step::Create, refused(Definite::AlreadySubmitted));
    story.later(2 * MIN).sees(ProviderState::Verified);
    assert_eq!(story.refusal(), &Refusal::SubmittedElsewhere);
    story.corrects(Correction::Follow);
    assert_eq!(story.code(), "verified");
}

#[test]
fn crash_wepay_id_stored_is_authorized_within_25_minutes() {
    let mut story = Story::drafted();
    story.later(24 * MIN);
    assert_eq!(story.next_if(false), STATUS, "r13: not without a recent answer");
    assert_eq!(story.next(), Next::Start(authorize("d1")));
}

#[test]
fn crash_wepay_id_stored_for_25_minutes_waits_for_the_fence_and_is_created_anew() {
    let mut story = Story::drafted();
    story.later(25 * MIN);
    assert_eq!(story.fence_ms(), Some(10 * MIN));
    story.later(10 * MIN);
    assert_eq!(story.next(), STATUS, "r6: a second look-up comes before a new draft");
    story.sees(ProviderState::NotSubmitted);
    assert_eq!(story.next(), Next::Start(Step::Create));
    assert!(story.refuses_start(authorize("d1")));
}

#[test]
fn crash_wepay_authorize_not_sent_is_repeated_with_the_same_id() {
    let mut story = Story::drafted();
    story.does(authorize("d1"), not_sent());
    assert_eq!(story.next(), Next::Start(authorize("d1")));
}

#[test]
fn crash_wepay_authorize_answer_lost_and_arrived_is_done() {
    let mut story = authorize_lost();
    story.later(2 * MIN).sees(ProviderState::Received);
    assert_eq!(story.code(), "awaiting");
    assert!(story.refuses_start(authorize("d1")));
    assert!(story.refuses_start(Step::Create));
}

#[test]
fn crash_wepay_authorize_answer_lost_and_not_arrived_is_repeated_with_the_same_id() {
    let mut story = authorize_lost();
    story.later(2 * MIN).sees(ProviderState::NotSubmitted);
    assert_eq!(story.next(), Next::Start(authorize("d1")));
    assert!(story.refuses_start(Step::Create), "never a second draft");
    assert!(story.refuses_start(authorize("d2")));
}

#[test]
fn crash_wepay_authorize_unresolved_after_25_minutes_waits_for_the_fence_and_a_second_look_up() {
    let mut story = authorize_lost();
    story.later(26 * MIN).sees(ProviderState::NotSubmitted);
    assert_eq!(story.fence_ms(), Some(9 * MIN));
    story.later(9 * MIN);
    assert_eq!(story.next(), STATUS);
    let mut late = authorize_lost();
    late.later(35 * MIN).sees(ProviderState::InReview);
    assert_eq!(late.code(), "awaiting", "it arrived in the last minute of the window");
    story.sees(ProviderState::NotSubmitted);
    assert_eq!(story.next(), Next::Start(Step::Create));
}

#[test]
fn crash_wepay_authorize_refused_with_a_code_is_looked_up_before_a_person_is_asked() {
    let mut story = Story::drafted();
    story.does(authorize("d1"), refused(Definite::Invalid));
    assert_eq!(story.quiesce_ms(), Some(2 * MIN));
    let mut echoed = Story::drafted();
    echoed.does(authorize("d1"), refused(Definite::Invalid));
    echoed.later(2 * MIN).sees(ProviderState::InReview);
    assert_eq!(echoed.code(), "awaiting", "the refusal was the echo of one that counted");
    story.later(2 * MIN).sees(ProviderState::NotSubmitted);
    assert!(matches!(story.refusal(), Refusal::Answers { .. }));
    story.corrects(Correction::Answers);
    assert_eq!(story.fence_ms(), Some(33 * MIN), "r6: a new draft only after the fence");
}

/// Found by the exhaustive model: the answers were mended while a copy of the old ones could count.
#[test]
fn r8_a_refused_authorize_is_not_edited_while_an_earlier_one_may_still_arrive() {
    let mut story = authorize_lost();
    story.later(5 * MIN).sees(ProviderState::NotSubmitted);
    story.does(authorize("d1"), refused(Definite::Invalid));
    story.later(2 * MIN).sees(ProviderState::NotSubmitted);
    assert_eq!(story.code(), "unconfirmed", "the first may still arrive and count");
    assert!(story.refuses(Event::Corrected { correction: Correction::Answers }));
    let mut counted = authorize_lost();
    counted.later(5 * MIN).sees(ProviderState::NotSubmitted);
    counted.does(authorize("d1"), refused(Definite::Invalid));
    counted.later(20 * MIN).sees(ProviderState::InReview);
    assert_eq!(counted.code(), "awaiting", "it arrived");
    story.later(28 * MIN).sees(ProviderState::NotSubmitted);
    assert!(matches!(story.refusal(), Refusal::Answers { .. }), "35 min: it is surely gone");
    story.corrects(Correction::Answers);
    assert_eq!(story.next(), Next::Start(Step::Create));
}

#[test]
fn wepay_gone_draft_is_looked_up_and_replaced_only_after_the_fence() {
    let mut story = Story::drafted();
    story.does(authorize("d1"), refused(Definite::DraftGone));
    story.later(2 * MIN).sees(ProviderState::NotSubmitted);
    assert!(story.refuses_start(authorize("d1")));
    assert_eq!(story.fence_ms(), Some(33 * MIN));
    story.later(33 * MIN).sees(ProviderState::NotSubmitted);
    assert_eq!(story.next(), Next::Start(Step::Create));
}

#[test]
fn an_authorize_answered_with_3006_is_done_when_the_look_up_says_so() {
    let mut story = Story::drafted();
    story.does(authorize("d1"), refused(Definite::AlreadySubmitted));
    story.later(2 * MIN).sees(ProviderState::InReview);
    assert_eq!(story.code(), "awaiting");
}

#[test]
fn an_answer_that_does_not_fit_the_step_is_foreign() {
    let mut story = Story::wepay();
    story.sees(ProviderState::NotSubmitted).does(Step::Create, done(Receipt::Accepted));
    let foreign = |state: &SubmissionState| {
        matches!(state, SubmissionState::Unconfirmed { why: Ambiguity::Foreign, .. })
    };
    assert!(foreign(story.state()));
}

#[test]
fn r4_an_ambiguous_authorize_is_never_retried_before_it_is_reconciled() {
    let mut story = authorize_lost();
    assert!(story.refuses_start(authorize("d1")));
    story.later(60 * MIN);
    assert_eq!(story.next(), STATUS);
    assert!(story.refuses_start(authorize("d1")));
}

#[test]
fn r5_nothing_is_reconciled_before_the_quiesce_time() {
    let mut story = authorize_lost();
    story.later(2 * MIN - 1).sees(ProviderState::NotSubmitted);
    assert_eq!(story.code(), "unconfirmed", "an early look-up settles nothing");
    assert_eq!(story.quiesce_ms(), Some(1));
}

#[test]
fn r5_the_quiesce_time_counts_from_when_the_request_was_given_up() {
    let mut story = Story::drafted();
    story.starts(authorize("d1")).later(5 * MIN).ends(lost());
    assert_eq!(story.quiesce_ms(), Some(2 * MIN));
}

#[test]
fn r5_a_reboot_restarts_the_quiesce_time() {
    let mut story = authorize_lost();
    story.later(100_000).reboot();
    assert_eq!(story.quiesce_ms(), Some(2 * MIN));
}

#[test]
fn r5_a_restart_on_the_same_boot_does_not() {
    let mut story = authorize_lost();
    story.later(100_000).restart();
    assert_eq!(story.quiesce_ms(), Some(20_000));
}

#[test]
fn r6_the_fence_needs_both_clocks_where_both_tell() {
    let mut story = authorize_lost();
    story.later(35 * MIN);
    story.server_ahead_ms = -(5 * MIN as i64);
    story.sees(ProviderState::NotSubmitted);
    assert_eq!(story.fence_ms(), Some(5 * MIN), "the provider's clock went slower");
    story.server_ahead_ms = 0;
    story.sees(ProviderState::NotSubmitted);
    assert_eq!(story.next(), Next::Start(Step::Create));
}

#[test]
fn r6_a_wall_clock_that_jumps_ends_no_fence() {
    let mut story = authorize_lost();
    story.later(26 * MIN);
    story.now.wall_ms += 86_400_000;
    story.server_ahead_ms = -86_400_000;
    story.sees(ProviderState::NotSubmitted);
    assert_eq!(story.fence_ms(), Some(9 * MIN));
}

#[test]
fn r6_after_a_reboot_the_provider_s_date_ends_the_fence() {
    let mut story = authorize_lost();
    story.later(30 * MIN).reboot().later(2 * MIN);
    story.sees(ProviderState::NotSubmitted);
    assert_eq!(story.fence_ms(), Some(3 * MIN));
    story.later(3 * MIN).sees(ProviderState::NotSubmitted);
    assert_eq!(story.next(), Next::Start(Step::Create));
}

#[test]
fn r6_without_a_date_after_a_reboot_the_wait_starts_anew() {
    let mut story = Story::wepay();
    story.dated = false;
    story.sees(ProviderState::NotSubmitted).does(Step::Create, draft("d1"));
    story.later(30 * MIN).reboot();
    assert_eq!(story.fence_ms(), Some(FENCE));
    story.later(20 * MIN).restart();
    assert_eq!(story.fence_ms(), Some(15 * MIN), "a restart on that boot does not start it again");
    story.reboot();
    assert_eq!(story.fence_ms(), Some(FENCE), "another reboot does");
}

#[test]
fn r6_after_a_reboot_the_provider_is_asked_for_its_date_before_waiting() {
    let mut story = Story::drafted();
    story.later(30 * MIN).reboot();
    story.dated = false;
    assert_eq!(story.next_if(false), STATUS);
    assert_eq!(story.fence_ms(), Some(FENCE), "it answered, but told no date");
}

#[test]
fn r6_after_a_reboot_a_young_draft_is_authorized_by_the_provider_s_date() {
    let mut story = Story::drafted();
    story.later(5 * MIN).reboot();
    assert_eq!(story.next(), Next::Start(authorize("d1")));
}

#[test]
fn r6_a_provider_s_clock_that_runs_backwards_is_no_date() {
    let mut story = authorize_lost();
    story.server_ahead_ms = -(60 * MIN as i64);
    story.later(35 * MIN).sees(ProviderState::NotSubmitted);
    assert_eq!(story.next(), Next::Start(Step::Create), "boot time alone tells");
}

#[test]
fn r6_a_slow_create_ages_the_draft_from_its_start_and_fences_it_from_its_end() {
    let mut story = Story::wepay();
    story.sees(ProviderState::NotSubmitted).starts(Step::Create).later(10 * MIN).ends(draft("d1"));
    story.later(15 * MIN);
    assert_eq!(story.fence_ms(), Some(20 * MIN));
}

#[test]
fn r12_an_unknown_state_is_pending_and_never_a_verdict() {
    let mut story = Story::drafted();
    story.does_and_hears(authorize("d1"), ProviderState::Verified).sees(ProviderState::Unknown);
    assert_eq!(story.code(), "awaiting");
}

#[test]
fn r12_an_unknown_state_proves_neither_that_an_authorize_counted_nor_that_it_did_not() {
    let mut story = authorize_lost();
    story.later(2 * MIN).sees(ProviderState::Unknown);
    assert_eq!(story.code(), "unconfirmed");
    assert_eq!(story.next(), STATUS);
    assert!(story.refuses_start(authorize("d1")));
    let mut told = authorize_lost();
    told.later(2 * MIN).sees(ProviderState::Unknown).sees(ProviderState::InReview);
    assert_eq!(told.code(), "awaiting");
    story.later(35 * MIN).sees(ProviderState::Unknown);
    assert_eq!(story.refusal(), &Refusal::Unresolved, "unclear to the end: a person");
}

#[test]
fn the_full_number_is_asked_for_and_sent_as_a_further_round() {
    let mut story = Story::drafted();
    story.does(authorize("d1"), refused(Definite::FullNumberNeeded));
    assert_eq!(story.refusal(), &Refusal::FullNumber);
    assert!(story.submission.wants_full_number());
    assert!(story.refuses(Event::Withdrawn), "the first round was submitted");
    assert!(story.refuses(Event::Corrected { correction: Correction::TryAgain }));
    assert!(story.refuses(Event::Corrected { correction: Correction::Answers }));
    story.corrects(Correction::FullNumber).sees(ProviderState::Received);
    assert_eq!(story.next(), Next::Start(Step::Create), "the refused round is no obstacle");
    story.does(Step::Create, draft("d2"));
    story.does_and_hears(authorize("d2"), ProviderState::Verified);
    assert_eq!(story.code(), "verified");
}

#[test]
fn crash_wepay_second_create_lost_is_created_again_whatever_the_state_says() {
    let mut story = Story::drafted();
    story.does(authorize("d1"), refused(Definite::FullNumberNeeded));
    story.corrects(Correction::FullNumber).sees(ProviderState::Received);
    story.does(Step::Create, lost()).later(2 * MIN).sees(ProviderState::Received);
    assert_eq!(story.next(), Next::Start(Step::Create));
}

#[test]
fn the_second_authorize_lost_is_repeated_and_asks_a_person_after_the_fence() {
    let mut story = Story::drafted();
    story.does(authorize("d1"), refused(Definite::FullNumberNeeded));
    story.corrects(Correction::FullNumber).sees(ProviderState::Received);
    story.does(Step::Create, draft("d2")).does(authorize("d2"), lost());
    story.later(2 * MIN).sees(ProviderState::Received);
    assert_eq!(story.next(), Next::Start(authorize("d2")), "the state cannot tell");
    story.later(33 * MIN).sees(ProviderState::Received);
    assert_eq!(story.refusal(), &Refusal::Unresolved);
    story.corrects(Correction::Follow);
    assert_eq!(story.code(), "awaiting");
}

#[test]
fn the_second_draft_never_authorized_is_created_anew_after_the_fence() {
    let mut story = Story::drafted();
    story.does(authorize("d1"), refused(Definite::FullNumberNeeded));
    story.corrects(Correction::FullNumber).sees(ProviderState::Received);
    story.does(Step::Create, draft("d2")).later(35 * MIN).sees(ProviderState::Received);
    assert_eq!(story.next(), Next::Start(Step::Create));
}

#[test]
fn the_full_number_is_not_taken_when_nobody_asked() {
    let mut story = Story::wepay();
    story.sees(ProviderState::NotSubmitted).does(Step::Create, refused(Definite::Invalid));
    assert!(story.refuses(Event::Corrected { correction: Correction::FullNumber }));
}

#[test]
fn throttling_and_refused_credentials_are_not_the_item_s_fault() {
    let outcomes = [
        Outcome::NotDone { wait_ms: None },
        Outcome::Credentials { html: false, code: "1006".to_owned() },
        not_sent(),
    ];
    for outcome in outcomes {
        let mut story = Story::drafted();
        for _ in 0..5 {
            story.does(authorize("d1"), outcome.clone());
        }
        assert_eq!(story.next(), Next::Start(authorize("d1")), "{outcome:?}");
        assert!(!story.refuses(Event::Withdrawn), "nothing may have counted");
    }
}

#[test]
fn three_definite_refusals_set_it_aside_until_it_is_released() {
    let mut story = Story::wepay();
    story.sees(ProviderState::NotSubmitted);
    for _ in 0..2 {
        story.does(Step::Create, refused(Definite::Invalid));
        assert_eq!(story.code(), "blocked");
        story.corrects(Correction::Answers);
    }
    story.does(Step::Create, refused(Definite::Unexplained));
    assert_eq!(story.code(), "quarantined");
    story.event(Event::Released);
    assert_eq!(story.next(), Next::Start(Step::Create));
}

#[test]
fn an_account_or_configuration_fault_blocks_at_once() {
    for (fault, code) in
        [(Definite::Account, "account"), (Definite::Configuration, "configuration")]
    {
        let mut story = Story::wepay();
        story.sees(ProviderState::NotSubmitted).does(Step::Create, refused(fault));
        let told = format!("{:?}", story.refusal()).to_lowercase();
        assert!(told.starts_with(code), "{told}");
        story.corrects(Correction::TryAgain);
        assert_eq!(story.next(), Next::Start(Step::Create));
    }
}

#[test]
fn a_refused_read_keeps_what_may_have_arrived_open() {
    let mut story = authorize_lost();
    let outcome = refused(Definite::Account);
    story.event(Event::Answered { attempt: 0, outcome, server_ms: None });
    assert!(matches!(story.refusal(), Refusal::Account { .. }));
    assert_eq!(story.submission.index().open_step.as_deref(), Some("authorize"));
    assert!(story.refuses(Event::Withdrawn));
    assert!(story.refuses(Event::Corrected { correction: Correction::Answers }));
    story.corrects(Correction::TryAgain);
    assert_eq!(story.code(), "unconfirmed");
    assert_eq!(story.quiesce_ms(), Some(2 * MIN));
}

#[test]
fn edited_answers_never_go_out_with_the_old_draft() {
    let mut story = Story::drafted();
    let outcome = refused(Definite::Configuration);
    story.event(Event::Answered { attempt: 0, outcome, server_ms: None });
    story.corrects(Correction::Answers).sees(ProviderState::NotSubmitted);
    assert!(story.refuses_start(authorize("d1")));
    assert_eq!(story.fence_ms(), Some(FENCE));
}

#[test]
fn a_submission_that_the_provider_forgets_asks_a_person() {
    let mut story = Story::drafted();
    story.does_and_hears(authorize("d1"), ProviderState::Received);
    story.later(5 * MIN).sees(ProviderState::NotSubmitted);
    assert_eq!(story.code(), "awaiting", "perhaps it only lags");
    story.later(35 * MIN).sees(ProviderState::NotSubmitted);
    assert_eq!(story.refusal(), &Refusal::Unresolved);
    assert!(story.refuses(Event::Corrected { correction: Correction::Follow }));
    story.corrects(Correction::TryAgain).sees(ProviderState::NotSubmitted);
    assert_eq!(story.next(), Next::Start(Step::Create));
}

#[test]
fn a_step_that_is_out_waits_for_its_answer() {
    let mut story = Story::drafted();
    story.starts(authorize("d1"));
    assert_eq!(story.next(), Next::Answer);
    let outcome = draft("d9");
    let other = Event::Answered { attempt: 99, outcome, server_ms: None };
    assert!(story.refuses(other), "another attempt's answer");
    assert!(matches!(Story::wepay().sees(ProviderState::InReview).next(), Next::Person));
    assert!(!matches!(story.next(), Next::Wait { why: Why::Fence, .. }));
}
