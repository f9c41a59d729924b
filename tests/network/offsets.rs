//! A reset at every byte of a small request and of its answer, at the edges of a photo's pieces,
//! and at samples of a TLS conversation.

use std::collections::BTreeMap;
use std::sync::Arc;

use satchel_core::delivery::Step;
use satchel_net::Limits;
use satchel_net::policy::PIECE_BYTES;
use satchel_sandbox::Effect;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::chain::{Chain, transport};
use crate::cutter::{Cutter, Way};
use crate::http1::head_end;
use crate::matrix::class;
use crate::middle::{Act, Middle, Wire};
use crate::world::{Tale, World};

const BROKEN: &str = "ambiguous: broken";
const NOT_SENT: &str = "not sent: network";
const READ: Step = Step::Read { reading: satchel_core::delivery::Reading::Status };

/// Cuts an authorize at every byte of its request, on connections that are new or kept. Until the
/// last byte has come the provider has done nothing.
async fn every_byte_of_the_request(keeps: bool) -> usize {
    let chain = Chain::wepay(100).await;
    let middle = Middle::start(Wire::Plain, chain.sandbox.addresses().http).await;
    let authorize = chain.draft().await;
    let mut classes: BTreeMap<String, usize> = BTreeMap::new();
    for at in 0.. {
        let transport = transport(&middle.authority.root_pem, true, Limits::default());
        if keeps {
            assert_eq!(class(&chain.send(&transport, &middle.origin(), &READ).await), "done");
        }
        let before = middle.records().len();
        middle.plan_next(Act::CutRequest(at));
        let outcome = class(&chain.send(&transport, &middle.origin(), &authorize).await);
        let records = middle.records().split_off(before);
        let whole = records.iter().any(|record| record.whole);
        let effects = chain.effects(Effect::KycAuthorized);
        if at == 0 && !keeps {
            // Whether the client had written when the reset came, only its kernel knows.
            assert!([BROKEN, NOT_SENT].contains(&outcome.as_str()), "{outcome}");
        } else if at > 0 {
            assert_eq!(outcome, BROKEN, "at byte {at}");
            assert_eq!(records.len(), 1, "at byte {at}");
            assert_eq!(records[0].request.len(), at);
        }
        assert_eq!(effects, usize::from(whole), "at byte {at}");
        *classes.entry(outcome).or_default() += 1;
        if whole {
            println!("every byte of a request of {at} bytes, kept {keeps}: {classes:?}");
            return at;
        }
    }
    unreachable!()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reset_at_every_byte_of_a_request_is_in_doubt_and_counts_only_when_all_came() {
    let length = every_byte_of_the_request(false).await;
    assert!(length > 200, "{length}");
}

/// Cuts the answer to an authorize at every byte, by a reset or by a good end.
async fn every_byte_of_the_answer(cut: impl Fn(usize) -> Act, keeps: bool) {
    let chain = Chain::wepay(100).await;
    let middle = Middle::start(Wire::Plain, chain.sandbox.addresses().http).await;
    let authorize = chain.draft().await;
    let mut classes: BTreeMap<String, usize> = BTreeMap::new();
    for at in 0.. {
        let transport = transport(&middle.authority.root_pem, true, Limits::default());
        if keeps {
            assert_eq!(class(&chain.send(&transport, &middle.origin(), &READ).await), "done");
        }
        let before = middle.records().len();
        middle.plan_next(cut(at));
        let outcome = class(&chain.send(&transport, &middle.origin(), &authorize).await);
        let records = middle.records().split_off(before);
        assert_eq!(records.len(), 1, "at byte {at}");
        let length = records[0].answer.len();
        let expected = if at < length { BROKEN } else { "done" };
        assert_eq!(outcome, expected, "at byte {at} of {length}");
        let journal = chain.sandbox.journal();
        let counted = journal.iter().filter(|e| e.effect == Effect::KycAuthorized && !e.inert);
        assert_eq!(counted.count(), 1, "the same id counts once");
        *classes.entry(outcome).or_default() += 1;
        if at == length {
            println!("every byte of an answer of {length} bytes, kept {keeps}: {classes:?}");
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reset_at_every_byte_of_an_answer_is_in_doubt_until_the_last_one() {
    every_byte_of_the_answer(Act::CutAnswer, false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_end_at_every_byte_of_an_answer_is_in_doubt_until_the_last_one() {
    every_byte_of_the_answer(Act::EndAnswer, true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reset_on_a_kept_connection_is_in_doubt_at_every_byte_and_never_sent_again() {
    every_byte_of_the_request(true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_cut_at_the_edges_of_its_pieces_is_in_doubt_and_arrives_only_whole() {
    let chain = Chain::wepay(200_000).await;
    let middle = Middle::start(Wire::Plain, chain.sandbox.addresses().http).await;
    let transport = transport(&middle.authority.root_pem, true, Limits::default());
    middle.plan_next(Act::CutAnswer(0));
    assert_eq!(class(&chain.send(&transport, &middle.origin(), &chain.upload()).await), BROKEN);
    let request = middle.records()[0].request.clone();
    let head = head_end(&request).unwrap();
    let edges = (head..request.len()).step_by(PIECE_BYTES).chain([request.len()]);
    let cuts: Vec<usize> = edges
        .flat_map(|edge| [edge - 1, edge, edge + 1])
        .filter(|at| *at <= request.len())
        .collect();
    assert!(cuts.len() > 30, "{cuts:?}");
    for at in &cuts {
        let before = (middle.records().len(), chain.effects(Effect::FileUploaded));
        middle.plan_next(Act::CutRequest(*at));
        let outcome = chain.send(&transport, &middle.origin(), &chain.upload()).await;
        assert_eq!(class(&outcome), BROKEN, "at byte {at}");
        let arrived = chain.effects(Effect::FileUploaded) - before.1;
        assert_eq!(arrived, usize::from(*at == request.len()), "at byte {at}");
        assert_eq!(middle.records().len(), before.0 + 1, "at byte {at}");
    }
    println!("a photo's request of {} bytes cut at {} edges", request.len(), cuts.len());
}

/// One upload through a wire that is cut below TLS: its class, and what passed.
async fn below_tls(
    chain: &Chain,
    middle: &Middle,
    http2: bool,
    step: &Step,
    cut: Option<(Way, usize)>,
) -> (String, crate::cutter::Passed) {
    let cutter = Cutter::start(([127, 0, 0, 1], middle.port).into(), cut).await;
    let transport = transport(&middle.authority.root_pem, http2, Limits::default());
    let origin = format!("https://localhost:{}", cutter.port);
    let outcome = class(&chain.send(&transport, &origin, step).await);
    (outcome, cutter.passed())
}

/// Where in a handshake a cut falls is known but for the length of a signature.
const SIGNATURE_BYTES: usize = 8;
/// What a client of HTTP/2 says behind its request, sooner or later: that it saw the other side's
/// settings, that it has room. Without those the answer may come all the same.
const ACKNOWLEDGING_BYTES: usize = 160;

async fn samples_below_tls(wire: Wire) {
    const SAMPLES: usize = 40;
    let chain = Chain::wepay(3_000).await;
    let middle = Middle::start(wire, chain.sandbox.addresses().http).await;
    let (http2, step) = (wire == Wire::Tls2, chain.upload());
    let (outcome, whole) = below_tls(&chain, &middle, http2, &step, None).await;
    assert_eq!(outcome, "done");
    let (asked, hello) = (whole.asked.len(), whole.hello_bytes().unwrap());
    let (told, handshake) = (whole.told, whole.handshake_told.unwrap());
    let mut classes: BTreeMap<String, usize> = BTreeMap::new();
    let mut check = |at: usize, edge: usize, outcome: String, way: Way| {
        if at + SIGNATURE_BYTES < edge {
            assert_eq!(outcome, NOT_SENT, "{way:?} at byte {at}, handshake until {edge}");
        } else if at > edge + SIGNATURE_BYTES {
            let is_behind = http2 && way == Way::Asking && at + ACKNOWLEDGING_BYTES > asked;
            let is_right = outcome == BROKEN || (is_behind && outcome == "done");
            assert!(is_right, "{way:?} at byte {at}, handshake until {edge}: {outcome}");
        }
        *classes.entry(format!("{way:?} {outcome}")).or_default() += 1;
    };
    for at in (0..asked - SIGNATURE_BYTES).step_by(asked / SAMPLES) {
        let (outcome, _) = below_tls(&chain, &middle, http2, &step, Some((Way::Asking, at))).await;
        check(at, hello, outcome, Way::Asking);
    }
    for at in (0..told - 3 * SIGNATURE_BYTES).step_by(told / SAMPLES) {
        let (outcome, _) = below_tls(&chain, &middle, http2, &step, Some((Way::Telling, at))).await;
        check(at, handshake, outcome, Way::Telling);
    }
    let sent = chain.effects(Effect::FileUploaded);
    assert!(sent <= middle.seen(), "{sent} arrived of {}", middle.seen());
    println!(
        "{}: hello {hello} of {asked} bytes asked, handshake {handshake} of {told} told: \
         {classes:?}",
        wire.name()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cut_below_tls_left_nothing_until_the_handshake_stands_and_is_in_doubt_after() {
    samples_below_tls(Wire::Tls1).await;
    samples_below_tls(Wire::Tls2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_cut_anywhere_the_story_goes_on_to_its_end_with_each_effect_once() {
    const AT_A_TIME: usize = 4;
    let request = [0, 1, 5, 60, 200, 300].map(Act::CutRequest);
    let answer = [0, 1, 17, 100, 150, 200].map(Act::CutAnswer);
    let stories = [(Tale::Text, 2), (Tale::Text, 3), (Tale::Photo, 5), (Tale::Winter, 3)];
    let turns = Arc::new(Semaphore::new(AT_A_TIME));
    let mut running = JoinSet::new();
    for (tale, number) in stories {
        for act in request.clone().into_iter().chain(answer.clone()) {
            let turns = Arc::clone(&turns);
            running.spawn(async move {
                let _turn = turns.acquire().await;
                let world = World::new(tale, Wire::Plain, false).await;
                world.middle.plan(number, act.clone());
                world.seal();
                world.hurry(tale.end()).await;
                assert_eq!(world.middle.fired(), 1, "{tale:?} {act:?}");
                world.assert_each_effect_once();
                world.end().await;
            });
        }
    }
    let mut ended = 0;
    while let Some(story) = running.join_next().await {
        story.unwrap();
        ended += 1;
    }
    println!("{ended} stories cut once went on to their end");
}
