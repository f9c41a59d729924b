//! A photo by the camera. The mock camera shows no document, so it is judged bad each time: two
//! retakes are forced, and the third photo is used with a reason.

use crate::desk::Desk;
use crate::steps::{account_code, individual, owner, start_wepay, who};

/// Photos with the camera, and looks at what is said of it.
fn shoot(desk: &Desk) {
    let window = &desk.window;
    window.click("shutter");
    window.wait("checked-photo");
    let verdict = "return document.querySelector('[data-testid=verdict]').dataset.verdict";
    assert_eq!(window.run(verdict), "bad", "the mock camera shows no document");
    assert!(!window.has("use-photo"), "a bad photo is not simply used");
}

#[test]
fn a_bad_shot_is_retaken_twice_and_then_used_with_a_reason_and_delivered() {
    let desk = Desk::open();
    let window = &desk.window;
    start_wepay(&desk, &individual(&desk), "Camera Shop");
    who(window);
    owner(window, &[("first", "Quillonda"), ("last", "Documents")]);
    window.click("continue");
    window.keys("field-entity.mcc", "5946");
    window.click("continue");
    window.click("doc-passport");
    for left in ["retake", "retake"] {
        shoot(&desk);
        assert!(!window.has("override"), "no reason is taken before the retakes");
        window.click(left);
    }
    shoot(&desk);
    desk.picture("shot-override");
    window.click("use-anyway");
    window.see("Say why");
    window.click("reason-light");
    window.click("use-anyway");
    window.wait("doc-passport");
    window.see("Used anyway");
    window.click("continue");
    window.tick("consent", true);
    window.click("seal");
    window.wait("sealed");
    window.click("to-account");
    account_code(window, "In review");
    assert_eq!((desk.effects("file_uploaded"), desk.effects("kyc_modified")), (1, 1));
    assert_eq!(desk.second_effects(), 0);
}
