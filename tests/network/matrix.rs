//! Runs every case of the table over every wire it is for, through the whole app, and prints what
//! each came to.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use satchel_core::delivery::{Ambiguity, Definite, NotSentWhy, Outcome};
use satchel_sandbox::Effect;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::cases::{Case, End, Wrong, cases};
use crate::middle::{Act, Wire};
use crate::world::{Tale, World};

/// Cases at a time.
const AT_A_TIME: usize = 4;

/// An outcome in the words of the table of answers.
pub fn class(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Done { .. } => "done".to_owned(),
        Outcome::NotSent { why } => {
            let why = match why {
                NotSentWhy::Network => "network",
                NotSentWhy::Intercepted => "intercepted",
                NotSentWhy::Clock => "certificate time",
                NotSentWhy::Proxy => "proxy",
                NotSentWhy::Unmade => "unmade",
            };
            format!("not sent: {why}")
        }
        Outcome::NotDone { wait_ms: Some(ms) } => format!("not done: wait {} s", ms / 1000),
        Outcome::NotDone { wait_ms: None } => "not done".to_owned(),
        Outcome::Ambiguous { why } => {
            let why = match why {
                Ambiguity::Broken => "broken",
                Ambiguity::ServerFault => "server fault",
                Ambiguity::Foreign => "foreign",
                Ambiguity::Unexpected => "unexpected",
                Ambiguity::Restart => "restart",
            };
            format!("ambiguous: {why}")
        }
        Outcome::Definite { fault, code, .. } => {
            let fault = match fault {
                Definite::Invalid => "invalid",
                Definite::AlreadySubmitted => "already submitted",
                Definite::FullNumberNeeded => "full number needed",
                Definite::PhotosNotAskedFor => "photos not asked for",
                Definite::FilesGone => "files gone",
                Definite::DraftGone => "draft gone",
                Definite::TooLarge => "too large",
                Definite::Account => "account",
                Definite::Configuration => "configuration",
                Definite::NoDocumentsOrAccount => "no documents or account",
                Definite::Unexplained => "unexplained",
            };
            format!("definite: {fault} ({code})")
        }
        Outcome::Credentials { html: false, code } => format!("credentials ({code})"),
        Outcome::Credentials { html: true, code } => format!("credentials or network ({code})"),
    }
}

/// What one case came to over one wire.
#[derive(Debug, PartialEq, Eq)]
pub struct Row {
    name: &'static str,
    wire: Wire,
    step: &'static str,
    class: String,
    shown: String,
    seen: usize,
    effects: usize,
    end: String,
}

/// How often a case is begun anew that the machine was too busy for.
const BUSY_MAX: usize = 3;

/// Runs a case. One in which a request found no connection in time, although the case is not about
/// that, tells nothing: it is begun anew.
async fn run(case: Case, wire: Wire) -> Row {
    for _ in 1..BUSY_MAX {
        let world = begin(&case, wire).await;
        if look(&case, wire, &world) == expected(&case, wire) || !was_starved(&case, &world) {
            return judge(&case, wire, world).await;
        }
        println!("{} over {} found no connection in time", case.name, wire.name());
        world.end().await;
    }
    let world = begin(&case, wire).await;
    judge(&case, wire, world).await
}

/// Whether a request found no connection although the case lets it.
fn was_starved(case: &Case, world: &World) -> bool {
    let faults = world.heard.lock().unwrap().faults.clone();
    let not_sent =
        |fault: &_| matches!(satchel_app::transport_outcome(*fault), Outcome::NotSent { .. });
    !case.class.starts_with("not sent") && faults.iter().any(not_sent)
}

fn expected(case: &Case, wire: Wire) -> Row {
    Row {
        name: case.name,
        wire,
        step: case.on.step,
        class: case.class.to_owned(),
        shown: case.shown(),
        seen: case.seen,
        effects: case.effects,
        end: String::new(),
    }
}

/// Lives up to the fault, and to what it comes to.
async fn begin(case: &Case, wire: Wire) -> World {
    let world = World::new(case.on.tale, wire, case.hasty).await;
    match &case.wrong {
        Wrong::Act(act) => world.middle.plan(case.on.at, act.clone()),
        Wrong::Door(door) => world.middle.door_before(case.on.at, *door),
        Wrong::FirstDoor(door) => world.middle.door(*door),
        Wrong::Address(address) => world.connect(address),
    }
    world.seal();
    let is_address = matches!(case.wrong, Wrong::Address(_));
    world
        .hurry_until("the fault", || {
            let door_only = matches!(case.wrong, Wrong::Door(_));
            let fired = world.middle.fired() >= if door_only { 2 } else { 1 };
            fired || (is_address && !world.heard.lock().unwrap().faults.is_empty())
        })
        .await;
    if case.goes_on() {
        world.until("the class", || case.on.is_read() || of_step(case, &world).is_some()).await;
    } else {
        world.until_quiet().await;
    }
    world
}

/// Holds what it came to against what it should, and lets the story go on to its end.
async fn judge(case: &Case, wire: Wire, world: World) -> Row {
    let row = look(case, wire, &world);
    assert_eq!(row, expected(case, wire), "{} over {}", case.name, wire.name());
    if let Some((least, most)) = case.waits_s {
        let next = world.item().unwrap().next_ms.unwrap() - world.now().wall_ms;
        let range = least * 1000..=most * 1000;
        assert!(range.contains(&next), "{} waits {next} ms", case.name);
    }
    if let Some(most) = case.body_bytes_max {
        assert!(world.heard.lock().unwrap().body_bytes_max <= most, "{}", case.name);
    }
    let end = finish(case, &world).await;
    world.end().await;
    Row { end, ..row }
}

/// What the step that is hit came to at its first try. On a busy machine a try may find no
/// connection in time and leave nothing: unless that is what the case is about, the next one
/// counts. One that left something and is called not sent shows in the requests seen.
fn of_step(case: &Case, world: &World) -> Option<Outcome> {
    let by_itself = case.class.starts_with("not sent");
    let outcomes = world.outcomes().into_iter();
    let of_step = outcomes.filter(|(step, _)| step.code() == case.on.step);
    let mut hit = of_step.filter(|(_, o)| by_itself || !matches!(o, Outcome::NotSent { .. }));
    hit.next().map(|(_, outcome)| outcome)
}

/// Reads off what the case came to. A read has no place in the log; what the transport said of it
/// has to do.
fn look(case: &Case, wire: Wire, world: &World) -> Row {
    let class = match of_step(case, world) {
        Some(outcome) => class(&outcome),
        None => world.heard.lock().unwrap().faults.last().map_or("(a read)".to_owned(), |fault| {
            self::class(&satchel_app::transport_outcome(*fault))
        }),
    };
    let paused = world.paused_for().map(|why| format!(" [{why}]")).unwrap_or_default();
    let why = world.item().map_or("-".to_owned(), |item| item.why);
    let records = world.middle.records();
    let from_step = records.iter().skip(case.on.at - 1).filter(|record| record.whole).count();
    let goes_on = case.goes_on();
    Row {
        name: case.name,
        wire,
        step: case.on.step,
        class,
        shown: if goes_on { case.shown() } else { format!("{why}{paused}") },
        seen: if goes_on { usize::from(records[case.on.at - 1].whole) } else { from_step },
        effects: if goes_on {
            case.effects
        } else {
            world.counted().len() - case.on.effects_before
        },
        end: String::new(),
    }
}

/// The network mends, and the story goes on to its end.
async fn finish(case: &Case, world: &World) -> String {
    world.middle.behave();
    let end = match case.end {
        End::Delivered => {
            if matches!(case.wrong, Wrong::Address(_)) {
                world.connect(&world.middle.origin());
            }
            world.tale.end()
        }
        End::SendNow => {
            world.satchel.outbox_send_now(None).unwrap();
            world.tale.end()
        }
        End::NewKey => {
            let before = world.middle.seen();
            world.satchel.outbox_send_now(None).unwrap();
            world.pass(60_000);
            world.until_quiet().await;
            assert_eq!(world.middle.seen(), before, "{}: the connection rests", case.name);
            world.connect(&world.middle.origin());
            world.tale.end()
        }
        End::Person(code) => {
            world.hurry(code).await;
            assert_eq!(world.counted().len(), case.on.effects_before + case.effects);
            return code.to_owned();
        }
    };
    world.hurry(end).await;
    world.assert_each_effect_once();
    end.to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_case_of_a_hostile_network_ends_in_its_class_and_each_effect_comes_once() {
    let cases = cases();
    let names: BTreeSet<_> = cases.iter().map(|case| case.name).collect();
    assert_eq!(names.len(), cases.len(), "a case stands twice in the table");
    assert!(names.len() >= 40, "{} cases", names.len());
    let begun = Instant::now();
    let turns = Arc::new(Semaphore::new(AT_A_TIME));
    let mut running = JoinSet::new();
    for (at, case) in cases.into_iter().enumerate() {
        for wire in case.wires {
            let (turns, case) = (Arc::clone(&turns), case.clone());
            running.spawn(async move {
                let _turn = turns.acquire().await;
                (at, run(case, *wire).await)
            });
        }
    }
    let (mut rows, mut failures) = (Vec::new(), Vec::new());
    while let Some(ended) = running.join_next().await {
        match ended {
            Ok(row) => rows.push(row),
            Err(failure) => failures.push(failure.to_string()),
        }
    }
    rows.sort_by_key(|(at, row)| (*at, row.wire.name()));
    print(&names, rows.iter().map(|(_, row)| row));
    println!("in {:.1} s", begun.elapsed().as_secs_f64());
    assert!(failures.is_empty(), "{} failed:\n{}", failures.len(), failures.join("\n"));
}

/// The control: a transport that sends once more what failed is seen by the counter and by the
/// journal of the provider.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transport_that_tries_again_by_itself_is_caught() {
    for wire in [Wire::Plain, Wire::Tls2] {
        let world = World::new(Tale::Text, wire, false).await;
        world.tries_again.store(true, Ordering::SeqCst);
        world.middle.plan(3, Act::CutAnswer(0));
        world.seal();
        world.hurry(Tale::Text.end()).await;
        assert_eq!(world.middle.seen(), 4, "the authorize was sent twice");
        assert_eq!(world.effects(Effect::KycAuthorized).len(), 2);
        assert_eq!(world.outcomes().len(), 2, "the app knows of a create and one authorize");
        world.end().await;
    }
}

fn print<'a>(names: &BTreeSet<&str>, rows: impl Iterator<Item = &'a Row>) {
    let mut count = 0;
    println!("case | wire | step | class | shown | requests seen | effects | end");
    for row in rows {
        count += 1;
        println!(
            "{} | {} | {} | {} | {} | {} | {} | {}",
            row.name,
            row.wire.name(),
            row.step,
            row.class,
            row.shown,
            row.seen,
            row.effects,
            row.end
        );
    }
    println!("{} cases, {count} runs through the whole app", names.len());
}
