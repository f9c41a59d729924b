//! The two stories of the product, told in the window.

use satchel_fixtures::Specimen;

use crate::desk::Desk;
use crate::steps::{
    REVIEW_MS, account_code, add_first_account, connect, hand_over, individual, make_vault, owner,
    phone_photo, take, unlock, wepay_fields, who,
};

#[test]
fn a_wepay_merchant_is_onboarded_offline_and_verified_after_a_retake() {
    let mut desk = Desk::open();
    desk.offline();
    desk.picture("first-run");
    make_vault(&desk.window);
    desk.picture("connect");
    let fields = wepay_fields(&desk);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    connect(&desk.window, "wepay", &fields);
    add_first_account(&desk.window, &individual(&desk), "Vera's Flower Stall");
    who(&desk.window);
    owner(&desk.window, &[("first", "Quillonda"), ("middle", "Illegible"), ("last", "Documents")]);
    desk.picture("onboarding");
    desk.window.click("continue");
    desk.window.keys("field-entity.mcc", "5992");
    desk.window.click("continue");
    desk.picture("documents");
    let card = phone_photo(Specimen::card(1));
    take(&desk, "drivers_license", "front", "licence.jpg", &card);
    desk.picture("captured");
    let bill = Specimen::bill(2).jpeg();
    desk.window.click("capture-done");
    take(&desk, "current_utility_bill", "front", "bill.jpg", &bill);
    desk.window.click("capture-done");
    desk.window.click("continue");
    desk.window.click("consent");
    desk.picture("review");
    desk.window.click("seal");
    desk.window.until("the seal", |w| w.has("sealed").then_some(()));
    desk.picture("sealed");
    assert_eq!(desk.effects("kyc_created"), 0);

    desk.quit_and_start();
    desk.picture("unlock");
    unlock(&desk.window);
    desk.window.see("Vera's Flower Stall");
    desk.window.see("no network");
    desk.picture("waiting");
    desk.window.click("nav-outbox");
    desk.window.until("the outbox", |w| w.has("outbox-item").then_some(()));
    desk.picture("outbox");

    desk.online();
    desk.window.click("outbox-send-now");
    desk.window.click("filter-all");
    desk.window.click("account-row");
    account_code(&desk.window, "In review");
    assert_eq!((desk.effects("kyc_authorized"), desk.effects("kyc_modified")), (1, 1));
    desk.picture("in-review");

    desk.pass(REVIEW_MS);
    account_code(&desk.window, "Documents needed");
    desk.window.see("illegible");
    desk.window.see("Fill the frame");
    desk.picture("rejected");
    desk.window.click("action-retake");
    let again = phone_photo(Specimen::card(3));
    hand_over(&desk, "again.jpg", &again);
    desk.window.click("capture-done");
    desk.window.click("seal");
    account_code(&desk.window, "In review");
    desk.pass(REVIEW_MS);
    account_code(&desk.window, "Verified");
    desk.picture("verified");
    assert_eq!((desk.effects("kyc_authorized"), desk.effects("kyc_modified")), (1, 2));
    assert_eq!(desk.second_effects(), 0);
}

#[test]
fn a_winter_applicant_fails_without_a_reason_and_is_ready_after_a_full_new_set() {
    let desk = Desk::open();
    let hello = desk.sandbox.hello().clone();
    make_vault(&desk.window);
    connect(
        &desk.window,
        "winter",
        &[
            ("base_url", &hello.winter),
            ("api_key", &hello.credentials.winter.key),
            ("api_secret", &hello.credentials.winter.secret),
        ],
    );
    let account = hello.accounts.iter().find(|a| a.id.is_string() && a.owner == "ours").unwrap();
    add_first_account(&desk.window, account.id.as_str().unwrap(), "Quillonda Documents");
    owner(&desk.window, &[("first", "Quillonda"), ("last", "Documents")]);
    desk.window.click("continue");
    take(&desk, "DRIVERS_LICENSE", "front", "front.jpg", &Specimen::card(4).jpeg());
    hand_over(&desk, "back.jpg", &Specimen::card_back(5).jpeg());
    desk.window.click("capture-done");
    desk.window.click("continue");
    desk.window.click("consent");
    desk.window.click("seal");
    desk.window.click("to-account");
    account_code(&desk.window, "In review");
    desk.pass(REVIEW_MS);
    desk.window.see("gives no reason");
    desk.picture("winter-failed");
    desk.window.click("action-take-full-set");
    hand_over(&desk, "front-again.jpg", &Specimen::card(6).jpeg());
    hand_over(&desk, "back-again.jpg", &Specimen::card_back(7).jpeg());
    desk.window.click("capture-done");
    desk.window.click("seal");
    account_code(&desk.window, "In review");
    desk.pass(REVIEW_MS);
    account_code(&desk.window, "Verified");
    desk.picture("winter-verified");
    assert_eq!((desk.effects("info_written"), desk.effects("side_written")), (1, 4));
}
