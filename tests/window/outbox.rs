//! The outbox in the window: paused, held, set aside, copied, released.

use satchel_fixtures::Specimen;
use serde_json::json;

use crate::desk::Desk;
use crate::driver::Window;
use crate::steps::{
    PASSPHRASE, account_code, account_state, individual, owner, start_wepay, take, who,
};

/// Opens the outbox and waits until its one item says why it waits.
fn waits_because(window: &Window, why: &str, words: &str) {
    if !window.has("outbox-screen") {
        window.click("nav-outbox");
    }
    let script = "return document.querySelector('[data-testid=outbox-item]')?.dataset.why ?? ''";
    window.until(why, |w| (w.run(script) == why).then_some(()));
    window.see(words);
}

fn seal_one(desk: &Desk) {
    let window = &desk.window;
    start_wepay(desk, &individual(desk), "Tide & Timber");
    who(window);
    owner(window, &[("first", "Quillonda"), ("last", "Documents")]);
    window.click("continue");
    window.keys("field-entity.mcc", "5992");
    window.click("continue");
    take(desk, "passport", "front", "passport.jpg", &Specimen::passport(31).jpeg());
    if window.has("capture-done") {
        window.click("capture-done");
    }
    window.click("continue");
    window.tick("consent", true);
    window.click("seal");
    window.wait("sealed");
    window.click("to-account");
}

/// Refused three times, and tried again twice.
fn until_set_aside(desk: &Desk) {
    let window = &desk.window;
    for _ in 0..2 {
        account_code(window, "Answers to fix");
        window.click("action-try-again");
        let moved = |w: &Window| account_state(w).filter(|s| !s.contains("Answers to fix"));
        // Between two refusals it is on its way for a moment, which may pass unseen.
        let begun = std::time::Instant::now();
        while moved(window).is_none() && begun.elapsed() < std::time::Duration::from_secs(2) {
            window.painted();
        }
    }
    account_code(window, "Set aside");
}

fn copy_it(desk: &Desk) {
    let window = &desk.window;
    window.click("outbox-action-export");
    window.see("The copy is not encrypted.");
    let place = window.until("a place", |w| w.read("copy-folder").filter(|p| !p.is_empty()));
    assert!(place.contains("satchel-"), "{place}");
    desk.picture("copy");
    window.keys("copy-passphrase", "not the passphrase");
    window.click("copy-act");
    window.see("That is not the passphrase.");
    assert!(!std::path::Path::new(&place).exists(), "nothing was written");
    window.keys("copy-passphrase", PASSPHRASE);
    window.click("copy-act");
    window.wait("copy-made");
    let copy = std::path::Path::new(&place).join("submission.json");
    let text = std::fs::read_to_string(copy).unwrap();
    assert!(text.contains("48217 Canarybird Avenue"));
    window.click("copy-close");
}

#[test]
fn what_waits_is_paused_held_set_aside_copied_and_released_by_hand() {
    let desk = Desk::open();
    let window = &desk.window;
    desk.offline();
    seal_one(&desk);
    account_code(window, "Waiting");
    waits_because(window, "no_network", "No network");
    window.click("outbox-pause");
    waits_because(window, "paused", "When resumed");
    desk.picture("outbox-paused");

    // There is a network again, and nothing goes while it is paused.
    desk.online();
    desk.fault(json!({ "path": "/v2/account/kyc/create", "times": 3, "fault": {
        "kind": "status", "status": 400, "error_code": 3012
    } }));
    desk.pass(1_200_000);
    waits_because(window, "paused", "Nothing goes out until you resume it.");
    assert_eq!(desk.effects("kyc_created"), 0);
    window.click("outbox-resume");
    waits_because(window, "person", "The account owner is missing");
    window.click("outbox-action-fix");
    until_set_aside(&desk);

    waits_because(
        window,
        "set_aside",
        "WePay refused it three times: the account owner is missing",
    );
    desk.picture("outbox-set-aside");
    copy_it(&desk);
    window.click("outbox-hold");
    window.until("photos to be held", |w| {
        let script = "return document.querySelector('[data-testid=outbox-hold]').ariaChecked";
        (w.run(script) == "true").then_some(())
    });
    window.click("outbox-more");
    window.click("outbox-action-release");

    // The details go, the photo waits for a word.
    waits_because(window, "photos_held", "Photos are held on this network");
    assert_eq!((desk.effects("kyc_authorized"), desk.effects("file_uploaded")), (1, 0));
    desk.picture("outbox-held");
    window.click("outbox-action-let-photos-go");
    window.wait("outbox-empty");
    assert_eq!((desk.effects("file_uploaded"), desk.effects("kyc_modified")), (1, 1));
    window.click("filter-all");
    account_code(window, "In review");
    window.see("Copy made");
    assert_eq!(desk.second_effects(), 0);
}

#[test]
fn sending_now_shortens_the_wait_for_a_network_and_no_other() {
    let desk = Desk::open();
    let window = &desk.window;
    desk.offline();
    seal_one(&desk);
    account_code(window, "Waiting");
    waits_because(window, "no_network", "No network");
    desk.online();
    // The answer to the confirmation gets lost.
    let authorize = "/v2/account/kyc/authorize";
    desk.fault(json!({ "path": authorize, "fault": { "kind": "lost_answer" } }));
    window.click("outbox-send-now");
    waits_because(window, "answer_lost", "so that nothing is sent twice");
    window.see("not before ·");
    desk.picture("outbox-answer-lost");
    window.click("outbox-send-now");
    desk.pass(30_000);
    waits_because(window, "answer_lost", "not before ·");
    assert_eq!((desk.effects("kyc_authorized"), desk.effects("file_uploaded")), (1, 0));
    desk.pass(180_000);
    window.wait("outbox-empty");
    assert_eq!((desk.effects("kyc_authorized"), desk.effects("kyc_modified")), (1, 1));
    assert_eq!(desk.second_effects(), 0);
}
