//! The app killed at any moment of the WePay story: what was shown as saved is there afterwards.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::time::Duration;

use satchel_fixtures::{Chance, Specimen};
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::driver::Window;
use crate::steps::{
    REVIEW_MS, account_state, hand_over, individual, make_vault, take, unlock, wepay_fields, who,
};

/// Kills at least; another seed comes from `SATCHEL_TEST_SEED`.
const KILLS_MIN: usize = 20;
const SEED: u64 = 20_261_128;

/// Longer than what must pass before the provider is asked about a lost answer.
const QUIESCE_MS: u32 = 180_000;

/// What the applicant answers, step by step and field by field.
const ANSWERS: [(&str, &str, &str); 13] = [
    ("owner", "owner.name.first", "Quillonda"),
    ("owner", "owner.name.middle", "Illegible"),
    ("owner", "owner.name.last", "Documents"),
    ("owner", "owner.date_of_birth.day", "14"),
    ("owner", "owner.date_of_birth.month", "03"),
    ("owner", "owner.date_of_birth.year", "1986"),
    ("owner", "owner.phone.number", "5556667788"),
    ("owner", "owner.address.address1", "48217 Canarybird Avenue"),
    ("owner", "owner.address.city", "Zephyrhillsborough"),
    ("owner", "owner.address.region", "Florida"),
    ("owner", "owner.address.postal_code", "33542"),
    ("owner", "owner.us.ssn", "219-09-8765"),
    ("entity", "entity.mcc", "5992"),
];

const PAPERS: [&str; 2] = ["drivers_license", "current_utility_bill"];

/// What the window showed as saved, up to the last kill.
#[derive(Default)]
struct Shown {
    answers: RefCell<BTreeMap<&'static str, &'static str>>,
    step: Cell<Option<&'static str>>,
    papers: RefCell<Vec<&'static str>>,
    sealed: Cell<bool>,
    retaken: Cell<bool>,
}

struct Story {
    desk: Desk,
    shown: Shown,
    chance: Chance,
    kills: usize,
    delays_ms: Vec<usize>,
}

type Act = fn(&Desk, &Shown);
type Done = fn(&Desk, &Shown) -> bool;

impl Story {
    /// Kills an act at chosen moments of its `span_ms` until it is done, `kills` times at most.
    /// Then lets it come to its end, kills the moment that the window says so, and looks again.
    fn through(&mut self, name: &str, (kills, span_ms): (usize, usize), act: Act, done: Done) {
        for _ in 0..kills {
            if done(&self.desk, &self.shown) {
                break;
            }
            let delay_ms = self.chance.below(span_ms);
            self.kill(delay_ms, act);
        }
        if !done(&self.desk, &self.shown) {
            act(&self.desk, &self.shown);
        }
        self.kill(0, |_, _| {});
        assert!(done(&self.desk, &self.shown), "{name} is gone after {:?}", self.delays_ms);
        println!("{name}: {} kills so far", self.kills);
    }

    fn kill(&mut self, delay_ms: usize, act: Act) {
        let shown = &self.shown;
        self.desk.killed_in(Duration::from_millis(delay_ms as u64), |desk| act(desk, shown));
        self.kills += 1;
        self.delays_ms.push(delay_ms);
        let begun = |w: &Window| (w.has("unlock-passphrase") || w.has("first-run")).then_some(());
        self.desk.window.until("the first screen", begun);
        if self.desk.window.has("unlock-passphrase") {
            unlock(&self.desk.window);
            self.desk.window.wait("network-pill");
        }
    }
}

fn has_vault(desk: &Desk, _: &Shown) -> bool {
    let begun = |w: &Window| (w.has("first-run") || w.has("network-pill")).then_some(());
    desk.window.until("the first screen", begun);
    !desk.window.has("first-run")
}

fn vault(desk: &Desk, _: &Shown) {
    make_vault(&desk.window);
    desk.window.wait("connect-provider-wepay");
}

fn has_connection(desk: &Desk, _: &Shown) -> bool {
    desk.window.click("nav-settings");
    desk.window.wait("connection-add");
    let has = desk.window.has("connection-row");
    desk.window.click("filter-all");
    has
}

fn connection(desk: &Desk, _: &Shown) {
    let window = &desk.window;
    window.click("nav-settings");
    window.click("connection-add");
    window.click("connect-provider-wepay");
    for (key, value) in wepay_fields(desk) {
        window.fill(&format!("connection-field-{key}"), &value);
    }
    window.click("connection-save");
    window.wait("connect-continue");
}

fn has_account(desk: &Desk, _: &Shown) -> bool {
    let listed = |w: &Window| (w.has("account-row") || w.has("no-accounts")).then_some(());
    desk.window.until("the list", listed);
    desk.window.has("account-row")
}

fn account(desk: &Desk, _: &Shown) {
    let window = &desk.window;
    window.click("new-onboarding");
    window.click("picker-add");
    window.keys("account-number", &individual(desk));
    window.keys("account-name", "Vera's Flower Stall");
    window.click("account-add-start");
    window.wait("who-kind");
}

/// Opens the draft and holds it against what was shown.
fn open_draft(desk: &Desk, shown: &Shown) {
    let window = &desk.window;
    let begin =
        |w: &Window| ["action-continue", "action-start"].into_iter().find(|action| w.has(action));
    let action = window.until("the account's next action", begin);
    window.click(action);
    window.wait("step-title");
    let (here, was) = (current_step(window), shown.step.get());
    // What the kill cut off may have gone further than what was shown.
    assert!(place(&here) >= was.map_or(0, place), "it was left on {was:?} and opens on {here:?}");
}

fn place(step: &str) -> usize {
    const STEPS: [&str; 5] = ["who", "owner", "entity", "documents", "review"];
    STEPS.iter().position(|of| *of == step).unwrap()
}

fn current_step(window: &Window) -> String {
    let script = "return document.querySelector('[aria-current=step]')?.dataset.testid ?? ''";
    let id = window.run(script);
    id.as_str().unwrap_or("").trim_start_matches("step-").to_owned()
}

/// Goes on until a step is on the screen.
fn go_to(window: &Window, step: &str) {
    for _ in 0..6 {
        if current_step(window) == step {
            return;
        }
        let before = current_step(window);
        window.click("continue");
        window.until("the next step", |w| (current_step(w) != before).then_some(()));
    }
    panic!("no step {step}");
}

fn saved(window: &Window) {
    let script = "return document.querySelector('[data-testid=saved]')?.dataset.saved === 'true'";
    window.until("the answer to be saved", |w| (w.run(script) == true).then_some(()));
}

fn has_answers(_: &Desk, shown: &Shown) -> bool {
    shown.answers.borrow().len() == ANSWERS.len()
}

fn answers(desk: &Desk, shown: &Shown) {
    let window = &desk.window;
    open_draft(desk, shown);
    if current_step(window) == "who" {
        who(window);
        window.wait("field-owner.name.first");
    }
    let known: Vec<&str> = shown.answers.borrow().keys().copied().collect();
    for path in &known {
        let (step, _, value) = ANSWERS.iter().find(|(_, of, _)| of == path).unwrap();
        if current_step(window) == *step {
            let there = window.read(&format!("field-{path}")).unwrap_or_default();
            // A national number shows no more of itself than identifies it.
            let masked = path.ends_with("ssn") && there.contains("8765");
            assert!(masked || there == *value, "{path} was shown as saved, and is {there:?}");
        }
    }
    for (step, path, value) in ANSWERS.iter().filter(|(_, path, _)| !known.contains(path)) {
        go_to(window, step);
        let field = format!("field-{path}");
        if path.ends_with("region") {
            window.choose(&field, value);
        } else {
            window.fill(&field, value);
        }
        saved(window);
        shown.answers.borrow_mut().insert(path, value);
        shown.step.set(Some(step));
    }
}

/// Whether the paper stands in the draft with a picture that is drawn.
fn is_pictured(window: &Window, paper: &str) -> bool {
    let script = format!(
        "const of = document.querySelector('[data-testid=\"doc-{paper}\"] img');
         return !!of && of.naturalWidth > 0"
    );
    window.run(&script) == true
}

fn has_papers(_: &Desk, shown: &Shown) -> bool {
    shown.papers.borrow().len() == PAPERS.len()
}

fn papers(desk: &Desk, shown: &Shown) {
    let window = &desk.window;
    open_draft(desk, shown);
    go_to(window, "documents");
    let known = shown.papers.borrow().clone();
    for paper in &known {
        let drawn = |w: &Window| is_pictured(w, paper).then_some(());
        window.until(&format!("the picture of {paper}"), drawn);
    }
    for (place, paper) in PAPERS.into_iter().enumerate().filter(|(_, p)| !known.contains(p)) {
        let photo = match place {
            0 => Specimen::card(21).jpeg(),
            _ => Specimen::bill(22).jpeg(),
        };
        take(desk, paper, "front", &format!("{paper}.jpg"), &photo);
        shown.papers.borrow_mut().push(paper);
        shown.step.set(Some("documents"));
        if window.has("capture-done") {
            window.click("capture-done");
        }
        window.wait("step-title");
    }
}

fn is_sealed(desk: &Desk, shown: &Shown) -> bool {
    let state = desk.window.until("a state", |w| account_state(w).filter(|s| !s.is_empty()));
    let sealed = state.contains("Waiting");
    assert!(sealed || !shown.sealed.get(), "it was shown as sealed, and is {state:?}");
    sealed
}

fn seal(desk: &Desk, shown: &Shown) {
    let window = &desk.window;
    open_draft(desk, shown);
    if current_step(window) != "review" {
        go_to(window, "documents");
        for paper in PAPERS {
            let drawn = |w: &Window| is_pictured(w, paper).then_some(());
            window.until(&format!("the picture of {paper}"), drawn);
        }
    }
    shown.step.set(None);
    go_to(window, "review");
    window.tick("consent", true);
    window.click("seal");
    window.wait("sealed");
    shown.sealed.set(true);
}

fn stands(desk: &Desk, words: &[&str]) -> bool {
    let state = desk.window.until("a state", |w| account_state(w).filter(|s| !s.is_empty()));
    words.iter().any(|word| state.contains(word))
}

fn comes_to(desk: &Desk, words: &[&str]) {
    desk.window.until(&format!("{words:?}"), |_| stands(desk, words).then_some(()));
}

const DELIVERED: [&str; 2] = ["In review", "Documents needed"];

fn is_delivered(desk: &Desk, _: &Shown) -> bool {
    desk.effects("kyc_modified") == 1 && stands(desk, &DELIVERED)
}

/// What a kill left open is asked about once the time for it has passed.
fn delivery(desk: &Desk, _: &Shown) {
    desk.pass(QUIESCE_MS);
    comes_to(desk, &DELIVERED);
}

fn is_rejected(desk: &Desk, _: &Shown) -> bool {
    let needed = stands(desk, &["Documents needed"]);
    if needed {
        desk.window.see("illegible");
    }
    needed
}

fn rejection(desk: &Desk, _: &Shown) {
    desk.pass(REVIEW_MS);
    comes_to(desk, &["Documents needed"]);
    desk.window.see("illegible");
}

const RETAKEN: [&str; 2] = ["In review", "Verified"];

fn is_retaken(desk: &Desk, _: &Shown) -> bool {
    desk.effects("kyc_modified") == 2 && stands(desk, &RETAKEN)
}

fn retake(desk: &Desk, shown: &Shown) {
    let window = &desk.window;
    desk.pass(QUIESCE_MS);
    let moved =
        |w: &Window| (w.has("action-retake") || desk.effects("kyc_modified") == 2).then_some(());
    let begun = std::time::Instant::now();
    // What was sealed before the kill is on its way, and asks for nothing any more.
    while moved(window).is_none() && begun.elapsed() < Duration::from_secs(5) {
        window.painted();
    }
    if window.has("action-retake") {
        window.click("action-retake");
        let screen = |w: &Window| (w.has("capture-file-input") || w.has("seal")).then_some(());
        window.until("the retake", screen);
        if window.has("capture-file-input") {
            assert!(!shown.retaken.get(), "the photo was shown as kept");
            hand_over(desk, "again.jpg", &Specimen::card(23).jpeg());
            shown.retaken.set(true);
            window.click("capture-done");
        }
        window.click("seal");
    }
    comes_to(desk, &RETAKEN);
}

fn is_verified(desk: &Desk, _: &Shown) -> bool {
    stands(desk, &["Verified"])
}

fn verdict(desk: &Desk, _: &Shown) {
    desk.pass(REVIEW_MS);
    comes_to(desk, &["Verified"]);
}

/// Looks around, as one does once nothing is left to do.
fn look_around(desk: &Desk, _: &Shown) {
    for place in ["nav-outbox", "filter-all", "nav-settings", "filter-all"] {
        desk.window.click(place);
    }
    comes_to(desk, &["Verified"]);
}

fn seed() -> u64 {
    std::env::var("SATCHEL_TEST_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(SEED)
}

#[test]
fn the_app_killed_at_any_moment_loses_nothing_that_it_showed_as_saved() {
    let seed = seed();
    println!("seed {seed}; another one by SATCHEL_TEST_SEED");
    let (kills, delays_ms) = (0, Vec::new());
    let (desk, chance) = (Desk::open(), Chance::new(seed));
    let mut story = Story { desk, shown: Shown::default(), chance, kills, delays_ms };
    story.desk.offline();
    story.through("the vault", (3, 900), vault, has_vault);
    story.through("the connection", (2, 1_200), connection, has_connection);
    story.through("the account", (2, 900), account, has_account);
    story.through("the answers", (5, 900), answers, has_answers);
    story.through("the photos", (3, 1_200), papers, has_papers);
    story.through("the seal", (3, 1_200), seal, is_sealed);
    assert_eq!(story.desk.effects("kyc_created"), 0, "there is no network");

    story.desk.online();
    let slow = json!({ "times": null, "fault": { "kind": "latency", "ms": 80 } });
    story.desk.fault(slow);
    story.through("the delivery", (5, 400), delivery, is_delivered);
    story.through("the rejection", (0, 1), rejection, is_rejected);
    story.through("the retake", (4, 900), retake, is_retaken);
    story.through("the verdict", (0, 1), verdict, is_verified);
    // A fast machine leaves fewer moments in between.
    while story.kills < KILLS_MIN {
        let delay_ms = story.chance.below(900);
        story.kill(delay_ms, look_around);
        assert!(is_verified(&story.desk, &story.shown));
    }

    let Story { desk, kills, delays_ms, .. } = story;
    println!("seed {seed}: {kills} kills, after {delays_ms:?} ms");
    assert!(kills >= KILLS_MIN, "only {kills} kills");
    assert_eq!((desk.effects("kyc_authorized"), desk.effects("kyc_modified")), (1, 2));
    assert_eq!(desk.second_effects(), 0);
    let attached = desk.of("kyc_modified");
    let mut photos: Vec<&Value> =
        attached.iter().flat_map(|e| e["photo_sha256"].as_array().unwrap()).collect();
    assert_eq!(photos.len(), 3, "each photo once: {attached:#?}");
    photos.sort_by_key(|sha256| sha256.as_str());
    photos.dedup();
    assert_eq!(photos.len(), 3, "and no two the same");
}
