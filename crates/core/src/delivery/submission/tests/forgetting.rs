//! What is forgotten, and when.

use crate::clock::Moment;
use crate::delivery::event::Event;
use crate::delivery::testing::*;
use crate::provider::ProviderState;
use crate::retention::{Clocks, Due, Keeping, Retention};

const HOUR: u64 = 60 * MIN;
const DAY: u64 = 24 * HOUR;

fn clocks(now: Moment) -> Clocks {
    Clocks { now, server_ms: None, wall_is_right: false }
}

fn due(story: &Story) -> Option<Due> {
    Retention::default().due(&story.submission, &story.log, clocks(story.now))
}

fn verified() -> Story {
    let mut story = Story::drafted();
    story.does_and_hears(authorize("d1"), ProviderState::Verified);
    story
}

#[test]
fn nothing_that_may_still_be_on_its_way_is_forgotten() {
    let mut story = Story::drafted();
    assert!(!story.refuses(Event::Purged), "a draft is inert");
    story.starts(authorize("d1"));
    assert!(story.refuses(Event::Purged), "it is out");
    story.ends(lost());
    assert!(story.refuses(Event::Purged), "it may have arrived");
    story.later(2 * MIN).sees(ProviderState::NotSubmitted);
    assert!(story.refuses(Event::Purged), "it may still arrive");
    story.later(35 * MIN).sees(ProviderState::NotSubmitted);
    assert!(!story.refuses(Event::Purged), "it can no longer arrive");
}

#[test]
fn what_the_provider_has_can_be_forgotten_unless_photos_are_being_attached() {
    let mut story = Story::uploaded();
    assert!(!story.refuses(Event::Purged), "files are inert");
    story.starts(attach(&["f1"]));
    assert!(story.refuses(Event::Purged));
    story.ends(lost());
    assert!(story.refuses(Event::Purged));
}

#[test]
fn what_a_restored_log_may_lack_is_found_out_before_it_is_forgotten() {
    let mut story = Story::wepay();
    story.event(Event::Restored);
    assert!(story.refuses(Event::Purged));
}

#[test]
fn photos_go_a_day_after_the_verdict_and_everything_after_a_month() {
    let mut story = verified();
    story.later(23 * HOUR);
    assert_eq!(due(&story), None);
    story.later(HOUR);
    assert_eq!(due(&story), Some(Due::Photos));
    story.event(Event::PhotosForgotten);
    assert_eq!(due(&story), None, "they are gone");
    assert!(story.refuses(Event::PhotosForgotten));
    story.later(29 * DAY);
    assert_eq!(due(&story), Some(Due::Everything));
    story.event(Event::Purged);
    assert_eq!(due(&story), None);
}

#[test]
fn a_wall_clock_that_jumps_forgets_nothing() {
    let story = verified();
    let due = |clocks| Retention::default().due(&story.submission, &story.log, clocks);
    let year_ms = 365 * DAY as i64;
    let jumped = Moment { wall_ms: story.now.wall_ms + year_ms, ..story.now };
    assert_eq!(due(clocks(jumped)), None, "in the same boot");
    let rebooted = Moment { boot: story.now.boot + 1, boot_ms: 0, ..jumped };
    assert_eq!(due(clocks(rebooted)), None, "nobody tells the time");
    let told = |ms| Clocks { server_ms: story.server_ms().map(|s| s + ms), ..clocks(rebooted) };
    assert_eq!(due(told(HOUR as i64)), None, "the provider says that an hour passed");
    assert_eq!(due(told(DAY as i64)), Some(Due::Photos));
    let answered_for = Clocks { wall_is_right: true, ..clocks(rebooted) };
    assert_eq!(due(answered_for), Some(Due::Everything), "a person says that it is right");
}

#[test]
fn times_of_two_clocks_are_never_compared() {
    let mut story = verified();
    for entry in &mut story.log {
        if let Event::StatusSeen { server_ms, .. } | Event::Answered { server_ms, .. } =
            &mut entry.event
        {
            *server_ms = None;
        }
    }
    let due = |clocks| Retention::default().due(&story.submission, &story.log, clocks);
    let rebooted = Moment { boot: story.now.boot + 1, boot_ms: 0, ..story.now };
    let server_ms = Some(story.now.wall_ms + 400 * DAY as i64);
    assert_eq!(due(Clocks { server_ms, ..clocks(rebooted) }), None, "its clock said nothing then");
    let lasting = Moment { boot_ms: DAY, ..rebooted };
    assert_eq!(due(clocks(lasting)), Some(Due::Photos), "this boot alone has lasted so long");
}

#[test]
fn what_was_taken_back_counts_from_then() {
    let mut story = Story::drafted();
    story.later(40 * DAY);
    assert_eq!(due(&story), None, "it waits");
    story.event(Event::Withdrawn).later(DAY - MIN);
    assert_eq!(due(&story), None);
    story.later(MIN);
    assert_eq!(due(&story), Some(Due::Photos));
}

#[test]
fn what_is_kept_until_somebody_says_so_is_never_due() {
    let forever = Keeping { photos_h: None, details_h: None };
    let retention = Retention { verified: forever, ..Retention::default() };
    let mut story = verified();
    story.later(4000 * DAY);
    assert_eq!(retention.due(&story.submission, &story.log, clocks(story.now)), None);
}

#[test]
fn photos_do_not_outstay_what_they_belong_to() {
    let with = |photos_h, details_h| {
        let verified = Keeping { photos_h, details_h };
        Retention { verified, ..Retention::default() }.is_sound()
    };
    assert!(with(Some(24), Some(24)) && with(Some(0), None) && with(None, None));
    assert!(!with(Some(25), Some(24)), "photos outstay");
    assert!(!with(None, Some(24)), "photos outstay");
    assert!(!with(Some(24), Some(u32::MAX)), "no such time");
}

#[test]
fn forgotten_photos_are_never_sent_when_the_provider_asks_again() {
    let mut story = verified();
    assert_eq!(story.submission.pending_photos().count(), 1);
    story.event(Event::PhotosForgotten).sees(ProviderState::NeedsDocuments);
    assert_eq!(story.code(), "needs_documents");
    assert_eq!(story.submission.pending_photos().count(), 0);
    assert!(!story.refuses(Event::PhotosAdded { photos: licence(7) }), "new ones are taken");
}
