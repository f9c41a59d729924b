//! What a lock does to the window: its process ends with all that it was told, and another begins.

use crate::desk::Desk;
use crate::steps::{PASSPHRASE, individual, make_vault, owner, start_wepay, unlock, who};

/// Longer than any time without use that can be chosen.
const ABSENCE_MS: u64 = 3_600_000;

#[test]
fn a_lock_ends_the_web_process_and_a_new_one_asks_for_the_passphrase() {
    let mut desk = Desk::open();
    make_vault(&desk.window);
    desk.window.wait("connect-provider-wepay");
    let before = desk.web_processes();
    assert_eq!(before.len(), 1, "one page, one process: {before:?}");
    desk.window.keys("connect-provider-wepay", "\u{E009}l");
    desk.until("another web process", |d| d.web_processes().iter().all(|p| !before.contains(p)));
    desk.until("a new web process", |d| d.web_processes().len() == 1);
    desk.joined();
    let window = &desk.window;
    window.see("Satchel is locked");
    unlock(window);
    window.wait("network-pill");
}

#[test]
fn a_window_that_nobody_uses_is_locked_and_says_why() {
    let mut desk = Desk::open();
    start_wepay(&desk, &individual(&desk), "Vera's Flower Stall");
    who(&desk.window);
    owner(&desk.window, &[("first", "Quillonda"), ("last", "Documents")]);
    let before = desk.web_processes();
    desk.absent(ABSENCE_MS);
    desk.until("another web process", |d| d.web_processes().iter().all(|p| !before.contains(p)));
    desk.joined();
    let window = &desk.window;
    window.see("after a while without use");
    assert!(!window.text().contains("Quillonda"));
    desk.picture("locked-idle");
    window.keys("unlock-passphrase", PASSPHRASE);
    window.click("unlock-submit");
    window.wait("action-continue");
}

#[test]
fn the_window_opens_no_other_page_and_no_second_window() {
    let desk = Desk::open();
    desk.window.wait("connect-provider");
    assert_eq!(
        desk.window.run("return window.open('https://example.org/')"),
        serde_json::Value::Null
    );
    assert_eq!(
        desk.window.run("return window.open('index.html', '_blank')"),
        serde_json::Value::Null
    );
    for page in ["https://example.org/", "file:///etc/passwd", "tauri://example.org/"] {
        desk.window.run(&format!("location.href = '{page}'"));
        desk.window.painted();
        assert_eq!(desk.window.run("return location.href"), "tauri://localhost", "{page}");
    }
    assert!(desk.window.has("connect-provider"));
    let global =
        desk.window.run("return [typeof window.__TAURI__, Object.isFrozen(Object.prototype)]");
    assert_eq!(global, serde_json::json!(["undefined", true]));
    let evil = "try { new Function('return 1')(); return 'ran' } catch (e) { return e.name }";
    assert_eq!(desk.window.run(evil), "EvalError");
}
