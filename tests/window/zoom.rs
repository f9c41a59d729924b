//! Everything can be drawn larger, and stays so over a restart.

use crate::desk::Desk;
use crate::driver::Window;

/// Control held down, as WebDriver names it, and the sign after it.
const LARGER: &str = "\u{E009}+";
const USUAL: &str = "\u{E009}0";

/// Width of the page in its own pixels: half of them at twice the size.
fn width(window: &Window) -> u64 {
    window.run("return innerWidth").as_u64().unwrap()
}

#[test]
fn the_window_is_drawn_at_twice_the_size_and_still_is_after_a_restart() {
    let mut desk = Desk::open();
    let usual = width(&desk.window);
    for _ in 0..4 {
        let before = width(&desk.window);
        desk.window.keys("connect-provider", LARGER);
        desk.window.until("larger", |w| (width(w) < before).then_some(()));
    }
    assert!((usual / 2).abs_diff(width(&desk.window)) <= 1, "twice the size");
    desk.picture("first-run-twice");
    desk.quit_and_start();
    desk.window.until("the same size", |w| (width(w) * 2 <= usual + 2).then_some(()));
    desk.window.keys("connect-provider", USUAL);
    desk.window.until("the usual size", |w| (width(w) == usual).then_some(()));
}
