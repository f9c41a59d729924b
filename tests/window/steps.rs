//! What people do in the window, in the order in which they do it.

use satchel_fixtures::{Exif, JpegFile, Specimen};

use crate::desk::Desk;
use crate::driver::Window;

pub const PASSPHRASE: &str = "correct horse battery staple";
/// The organisation's recovery key.
pub const RECIPIENT: &str = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj";
pub const REVIEW_MS: u32 = 120_000;

/// A photo as a phone takes it: 12 megapixels, lying on its side, with the place it was taken.
pub fn phone_photo(specimen: Specimen) -> Vec<u8> {
    let upright = specimen.size(4032, 3024).picture();
    JpegFile::of(&upright).exif(Exif::personal(1)).bytes()
}

pub fn make_vault(window: &Window) {
    window.click("connect-provider");
    window.keys("create-operator", "Amara Osei");
    window.click("create-how-own");
    window.keys("create-passphrase", PASSPHRASE);
    window.keys("create-repeat", PASSPHRASE);
    window.click("create-submit");
    window.click("recovery-how-org");
    window.keys("recovery-org", RECIPIENT);
    window.click("create-finish");
}

pub fn connect(window: &Window, provider: &str, fields: &[(&str, &str)]) {
    window.click(&format!("connect-provider-{provider}"));
    for (key, value) in fields {
        window.fill(&format!("connection-field-{key}"), value);
    }
    window.click("connection-save");
}

pub fn add_first_account(window: &Window, number: &str, name: &str) {
    window.click("connect-continue");
    window.click("accounts-one");
    window.keys("account-number", number);
    window.keys("account-name", name);
    window.click("account-add-start");
}

pub fn unlock(window: &Window) {
    window.keys("unlock-passphrase", PASSPHRASE);
    window.click("unlock-submit");
}

pub fn who(window: &Window) {
    window.until("kind and country", |w| w.has("who-kind").then_some(()));
    let individual = "document.querySelector('[data-testid=who-kind] [role=radio]').click()";
    window.run(individual);
    window.run("document.querySelector('[data-testid=who-country] [role=radio]').click()");
    window.click("continue");
}

pub fn owner(window: &Window, names: &[(&str, &str)]) {
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

pub fn take(desk: &Desk, document: &str, side: &str, name: &str, photo: &[u8]) {
    let window = &desk.window;
    window.click(&format!("doc-{document}"));
    if window.has(&format!("side-{side}")) {
        window.click(&format!("side-{side}"));
    }
    hand_over(desk, name, photo);
}

pub fn hand_over(desk: &Desk, name: &str, photo: &[u8]) {
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

/// The state of the account on the screen, in words.
pub fn account_state(window: &Window) -> Option<String> {
    window.read("account-state")
}

pub fn account_code(window: &Window, words: &str) {
    window.until(&format!("{words:?} as the account's state"), |w| {
        account_state(w)?.contains(words).then_some(())
    });
}

/// What a connection to WePay asks.
pub fn wepay_fields(desk: &Desk) -> [(&'static str, String); 3] {
    let hello = desk.sandbox.hello();
    let wepay = &hello.credentials.wepay;
    [
        ("base_url", hello.wepay.clone()),
        ("client_id", wepay.client_id.clone()),
        ("access_token", wepay.access_token.clone()),
    ]
}

/// Numbers of accounts of ours at WePay.
pub fn wepay_accounts(desk: &Desk, kind: &str, country: &str) -> Vec<String> {
    let ours = desk.sandbox.hello().accounts.iter().filter(|a| {
        a.id.is_number()
            && a.kind == kind
            && a.country == country
            && a.owner == "ours"
            && ["active", "action_required"].contains(&a.state.as_str())
    });
    ours.map(|a| a.id.to_string()).collect()
}

pub fn individual(desk: &Desk) -> String {
    wepay_accounts(desk, "individual", "US").swap_remove(0)
}

/// From nothing to a connection with WePay and an account that is begun.
pub fn start_wepay(desk: &Desk, number: &str, name: &str) {
    make_vault(&desk.window);
    let fields = wepay_fields(desk);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    connect(&desk.window, "wepay", &fields);
    add_first_account(&desk.window, number, name);
}
