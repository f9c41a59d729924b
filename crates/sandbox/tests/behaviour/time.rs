//! The clock that tests can move.

use satchel_sandbox::{Effect, Options};
use serde_json::json;

use crate::bench::*;
use crate::bodies::*;

#[tokio::test]
async fn the_date_header_follows_the_clock() {
    let bench = Bench::start().await;
    let url = bench.winter_url("/v1/account/12345");
    let date = || async {
        let response = bench.http.get(&url).headers(bench.winter_headers()).send().await.unwrap();
        response.headers()["date"].to_str().unwrap().to_owned()
    };
    assert_eq!(date().await, "Mon, 21 Sep 2026 14:13:20 GMT");
    let moved = bench.admin("/clock", json!({"advance_ms": 3_600_000})).await;
    assert_eq!(moved.body["now_ms"], json!(START_MS + 3_600_000));
    assert_eq!(date().await, "Mon, 21 Sep 2026 15:13:20 GMT");
}

#[tokio::test]
async fn a_running_clock_keeps_pace_with_the_machine_and_can_be_moved_ahead() {
    let bench = Bench::with(Options { frozen_at_ms: None, ..still() }).await;
    let wall_ms = || {
        let now = std::time::SystemTime::now();
        now.duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64
    };
    assert!((bench.running.now_ms() - wall_ms()).abs() < 60_000);
    bench.running.advance(60 * MINUTE_MS).unwrap();
    let ahead_ms = bench.running.now_ms() - wall_ms();
    assert!((ahead_ms - 3_600_000).abs() < 60_000, "{ahead_ms}");
}

#[tokio::test]
async fn what_becomes_due_happens_in_order_and_at_its_own_time() {
    let bench = Bench::start().await;
    bench.upload(HUMAN_US, "passport", png("early")).await;
    bench.running.advance(1_000).unwrap();
    bench.submit(REVIEW_US, us_business()).await;
    bench.running.advance(90 * MINUTE_MS).unwrap();
    let verdict = bench.effects(Effect::Verdict).pop().unwrap();
    assert_eq!((verdict.state.as_deref(), verdict.at_ms), (Some("verified"), START_MS + 61_000));
    let expired = &bench.effects(Effect::FilesExpired)[0];
    assert_eq!(expired.at_ms, START_MS + 30 * i64::from(MINUTE_MS) + 1);
    assert!(expired.seq > verdict.seq);
    assert_eq!(verdict.at, "2026-09-21T14:14:21Z");
}

#[tokio::test]
async fn a_review_ends_by_itself_while_nobody_calls() {
    let mut options = Options { frozen_at_ms: None, ..still() };
    options.switches.review_delay_ms = 20;
    let bench = Bench::with(options).await;
    bench.submit(REVIEW_US, us_business()).await;
    let give_up = std::time::Instant::now() + std::time::Duration::from_secs(20);
    while bench.effects(Effect::Verdict).len() < 2 {
        assert!(std::time::Instant::now() < give_up, "the review never ended");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn every_entry_of_the_journal_has_a_number_and_both_times() {
    let bench = Bench::start().await;
    let journal = bench.running.journal();
    assert!(journal.iter().zip(1..).all(|(entry, number)| entry.seq == number));
    assert!(journal.iter().all(|entry| entry.at_ms == START_MS && entry.wall_ms > 0));
}
