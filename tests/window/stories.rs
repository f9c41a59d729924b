//! The two stories of the product, told in the window.

use satchel_fixtures::{Exif, JpegFile, Specimen};

use crate::desk::Desk;
use crate::driver::Window;

const PASSPHRASE: &str = "correct horse battery staple";
const REVIEW_MS: u32 = 120_000;

/// A photo as a phone takes it: 12 megapixels, lying on its side, with the place it was taken.
fn phone_photo(specimen: Specimen) -> Vec<u8> {
    let upright = specimen.size(4032, 3024).picture();
    JpegFile::of(&upright).exif(Exif::personal(1)).bytes()
}

fn make_vault(window: &Window) {
    window.click("connect-provider");
    window.keys("create-operator", "Amara Osei");
    window.click("create-how-own");
    window.keys("create-passphrase", PASSPHRASE);
    window.keys("create-repeat", PASSPHRASE);
    window.click("create-submit");
}

fn connect(window: &Window, provider: &str, fields: &[(&str, &str)]) {
    window.click(&format!("connect-provider-{provider}"));
    for (key, value) in fields {
        window.fill(&format!("connection-field-{key}"), value);
    }
    window.click("connection-save");
}

fn add_first_account(window: &Window, number: &str, name: &str) {
    window.click("connect-continue");
    window.click("accounts-one");
    window.keys("account-number", number);
    window.keys("account-name", name);
    window.click("account-add-start");
}

fn unlock(window: &Window) {
    window.keys("unlock-passphrase", PASSPHRASE);
    window.click("unlock-submit");
}

fn who(window: &Window) {
    window.until("kind and country", |w| w.has("who-kind").then_some(()));
    let individual = "document.querySelector('[data-testid=who-kind] [role=radio]').click()";
    window.run(individual);
    window.run("document.querySelector('[data-testid=who-country] [role=radio]').click()");
    window.click("continue");
}

fn owner(window: &Window, names: &[(&str, &str)]) {
    for (part, name) in names {
        window.keys(&format!("field-owner.name.{part}"), name);
    }
    if window.has("field-owner.date_of_birth.day") {
        window.keys("field-owner.date_of_birth.day", "14");
        window.keys("field-owner.date_of_birth.month", "03");
        window.keys("field-owner.date_of_birth.year", "1986");
        window.keys("field-owner.phone.number", "5556667788");
    }
    window.keys("field-owner.address.address1", "48217 Canarybird Avenue");
    window.keys("field-owner.address.city", "Zephyrhillsborough");
    window.choose("field-owner.address.region", "Florida");
    window.keys("field-owner.address.postal_code", "33542");
    window.keys("field-owner.us.ssn", "219-09-8765");
}

fn take(desk: &Desk, document: &str, side: &str, name: &str, photo: &[u8]) {
    let window = &desk.window;
    window.click(&format!("doc-{document}"));
    if window.has(&format!("side-{side}")) {
        window.click(&format!("side-{side}"));
    }
    hand_over(desk, name, photo);
}

fn hand_over(desk: &Desk, name: &str, photo: &[u8]) {
    let file = desk.file(name, photo);
    let shots = "const shot = document.querySelector('[data-testid=last-shot]');
        return shot ? (shot.src ?? shot.querySelector('img')?.src ?? '') : ''";
    let before = desk.window.run(shots);
    desk.window.keys("capture-file-input", &file);
    desk.window
        .until("the verdict", |w| (w.has("use-photo") || w.run(shots) != before).then_some(()));
    if desk.window.has("use-photo") {
        desk.window.click("use-photo");
    }
}

fn account_code(window: &Window, words: &str) {
    window.until(&format!("{words:?} as the account's state"), |w| {
        let state =
            w.run("return document.querySelector('[data-testid=account-state]')?.innerText ?? ''");
        state.as_str()?.contains(words).then_some(())
    });
}

#[test]
fn a_wepay_merchant_is_onboarded_offline_and_verified_after_a_retake() {
    let mut desk = Desk::open();
    let hello = desk.sandbox.hello().clone();
    desk.offline();
    desk.picture("first-run");
    make_vault(&desk.window);
    desk.picture("connect");
    let token = hello.credentials.wepay.access_token.clone();
    connect(
        &desk.window,
        "wepay",
        &[
            ("base_url", &hello.wepay),
            ("client_id", &hello.credentials.wepay.client_id),
            ("access_token", &token),
        ],
    );
    let account = hello
        .accounts
        .iter()
        .find(|a| {
            a.id.is_number() && a.kind == "individual" && a.country == "US" && a.owner == "ours"
        })
        .unwrap();
    add_first_account(&desk.window, &account.id.to_string(), "Vera's Flower Stall");
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
    let mut desk = Desk::open();
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
