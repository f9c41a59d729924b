//! Clocks that are wrong by years, and a device that sleeps while a request is out.

use satchel_sandbox::Effect;

use crate::identity::Certificate;
use crate::matrix::class;
use crate::middle::{Act, Door, Released, Wire};
use crate::world::{Tale, World};

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const YEAR: i64 = 365 * 24 * HOUR as i64;

/// The wall clock is set wrong, and certificates look out of their time: the clock is blamed, and
/// once it is right all goes on.
async fn wrong_clock(years: i64, certificate: Certificate) {
    let world = World::new(Tale::Text, Wire::Tls2, false).await;
    world.set_wall(years * YEAR);
    world.middle.door_before(3, Door::Shows(certificate));
    world.seal();
    world.hurry_until("the certificate", || world.middle.turned_away() > 0).await;
    world.until_quiet().await;
    let (step, outcome) = world.outcomes().pop().unwrap();
    assert_eq!(
        (step.code(), class(&outcome).as_str()),
        ("authorize", "not sent: certificate time")
    );
    assert_eq!(world.item().unwrap().why, "clock");
    assert_eq!(world.paused_for().as_deref(), Some("clock"));
    let banner = world.satchel.network_show().unwrap().banner.unwrap();
    assert_eq!(banner.code, "clock");
    world.set_wall(0);
    world.middle.behave();
    world.hurry(world.tale.end()).await;
    world.assert_each_effect_once();
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_years_ahead_is_named_and_nothing_is_lost() {
    wrong_clock(5, Certificate::Expired).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_years_behind_is_named_and_nothing_is_lost() {
    wrong_clock(-5, Certificate::NotYetValid).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_is_suspected_while_the_provider_was_never_heard() {
    let world = World::new(Tale::Text, Wire::Tls1, false).await;
    world.middle.door(Door::Shows(Certificate::Expired));
    world.seal();
    world.hurry_until("the certificate", || world.middle.turned_away() > 0).await;
    world.until_quiet().await;
    assert_eq!(world.item().unwrap().why, "clock");
    world.middle.behave();
    world.hurry(world.tale.end()).await;
    world.assert_each_effect_once();
    world.end().await;
}

/// A lost answer is looked up after two minutes since the start of the machine, whatever the wall
/// clock shows meanwhile.
async fn quiesce_with_a_wall_that_jumps(years: i64) {
    let world = World::new(Tale::Text, Wire::Plain, false).await;
    world.middle.plan(3, Act::CutAnswer(0));
    world.seal();
    world.hurry_until("the reset", || world.middle.fired() > 0).await;
    world.until_quiet().await;
    world.set_wall(years * YEAR);
    let waits = |passed: u64| {
        world.pass(passed);
        world.satchel.outbox_send_now(None).unwrap();
        world.item().unwrap().why
    };
    assert_eq!(waits(60 * SECOND), "answer_lost");
    assert_eq!(waits(55 * SECOND), "answer_lost");
    assert_eq!(world.middle.seen(), 3);
    world.pass(10 * SECOND);
    world.satchel.outbox_send_now(None).unwrap();
    world.hurry(world.tale.end()).await;
    assert_eq!(world.effects(Effect::KycCreated).len(), 1);
    world.assert_each_effect_once();
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wall_clock_that_jumps_years_ahead_shortens_no_quiesce_time() {
    quiesce_with_a_wall_that_jumps(5).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wall_clock_that_jumps_years_back_lengthens_no_quiesce_time() {
    quiesce_with_a_wall_that_jumps(-5).await;
}

/// An authorize that never arrived, found out about too late for its draft: a new one is made once
/// the old one has surely expired, and not when somebody sets the wall clock.
async fn fence_with_a_wall_that_jumps(years: i64) {
    let world = World::new(Tale::Text, Wire::Plain, false).await;
    world.middle.plan(3, Act::CutRequest(100));
    world.seal();
    world.hurry_until("the reset", || world.middle.fired() > 0).await;
    world.until_quiet().await;
    world.pass(27 * MINUTE);
    world.until("the look-up", || world.middle.seen() >= 3).await;
    world.until_quiet().await;
    assert_eq!(world.item().unwrap().why, "fence");
    world.set_wall(years * YEAR);
    let seen = world.middle.seen();
    world.pass(7 * MINUTE);
    world.satchel.outbox_send_now(None).unwrap();
    assert_eq!(world.item().unwrap().why, "fence");
    assert_eq!((world.middle.seen(), world.effects(Effect::KycCreated).len()), (seen, 1));
    world.hurry(world.tale.end()).await;
    assert_eq!(world.effects(Effect::KycCreated).len(), 2);
    world.assert_each_effect_once();
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wall_clock_that_jumps_years_ahead_ends_no_fence() {
    fence_with_a_wall_that_jumps(5).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wall_clock_that_jumps_years_back_ends_the_fence_in_time() {
    fence_with_a_wall_that_jumps(-5).await;
}

/// The device sleeps for hours while request `number` is out, and wakes to what `how` says.
async fn sleeps(tale: Tale, wire: Wire, number: usize, how: Released) -> World {
    let world = World::new(tale, wire, false).await;
    world.middle.plan(number, Act::Hold);
    world.seal();
    world.hurry_until("the request", || world.middle.fired() > 0).await;
    world.middle.until_held().await;
    world.pass(3 * HOUR);
    world.middle.release(how);
    world
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_waited_out_a_sleep_still_counts_for_what_was_sent() {
    for wire in [Wire::Plain, Wire::Tls2] {
        let world = sleeps(Tale::Text, wire, 3, Released::Answered).await;
        world.hurry(world.tale.end()).await;
        let (step, outcome) = world.outcomes().pop().unwrap();
        assert_eq!((step.code(), class(&outcome).as_str()), ("authorize", "done"));
        world.assert_each_effect_once();
        world.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_died_in_a_sleep_is_looked_up_after_the_quiesce_time() {
    for wire in [Wire::Plain, Wire::Tls2] {
        let world = sleeps(Tale::Text, wire, 3, Released::Reset).await;
        world.until_quiet().await;
        let (step, outcome) = world.outcomes().pop().unwrap();
        assert_eq!((step.code(), class(&outcome).as_str()), ("authorize", "ambiguous: broken"));
        let item = world.item().unwrap();
        assert_eq!(item.why, "answer_lost");
        let wait = item.next_ms.unwrap() - world.now().wall_ms;
        assert_eq!(wait, 120_000, "it counts from the waking");
        world.hurry(world.tale.end()).await;
        world.assert_each_effect_once();
        world.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_look_up_that_waited_out_a_sleep_settles_nothing() {
    let world = sleeps(Tale::Text, Wire::Plain, 1, Released::Answered).await;
    world.hurry(world.tale.end()).await;
    let reads = world.middle.records().into_iter().take(2);
    assert!(reads.into_iter().all(|r| r.request.starts_with(b"POST /v2/account/kyc ")));
    world.assert_each_effect_once();
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_whose_answer_waited_out_a_sleep_is_too_old_and_is_made_anew() {
    let world = sleeps(Tale::Text, Wire::Tls2, 2, Released::Answered).await;
    world.hurry(world.tale.end()).await;
    assert_eq!(world.effects(Effect::KycCreated).len(), 2);
    world.assert_each_effect_once();
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_whose_answer_waited_out_a_sleep_are_sent_anew() {
    let world = sleeps(Tale::Photo, Wire::Tls2, 4, Released::Answered).await;
    world.hurry(world.tale.end()).await;
    assert_eq!(world.effects(Effect::FileUploaded).len(), 2);
    world.assert_each_effect_once();
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_winter_side_that_died_in_a_sleep_is_sent_again_alike() {
    let world = sleeps(Tale::Winter, Wire::Plain, 4, Released::Reset).await;
    world.hurry(world.tale.end()).await;
    world.assert_each_effect_once();
    world.end().await;
}
