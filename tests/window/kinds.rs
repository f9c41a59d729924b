//! Entities of other countries, filled, sealed and delivered in the window.

use crate::desk::Desk;
use crate::driver::Window;
use crate::steps::{account_code, start_wepay, wepay_accounts};

type Answers = &'static [(&'static str, &'static str)];

/// What every entity answers; the rest stands with each.
const ENTITY: Answers = &[
    ("entity.description", "Repairs and sells things that last"),
    ("entity.primary_url", "https://ferrylane.example"),
];

const OWNER: Answers = &[
    ("owner.name.first", "Nora"),
    ("owner.name.last", "Verified"),
    ("owner.date_of_birth.day", "14"),
    ("owner.date_of_birth.month", "03"),
    ("owner.date_of_birth.year", "1986"),
];

const GB_ENTITY: Answers = &[
    ("entity.legal_name", "Ferry Lane Bakery Ltd"),
    ("entity.gb.legal_form", "Private limited company"),
    ("entity.address.address1", "12 Ferry Lane"),
    ("entity.address.city", "Bristol"),
    ("entity.address.postal_code", "BS3 1JD"),
];

const GB_OWNER: Answers = &[
    ("owner.phone.number", "2079460123"),
    ("owner.address.address1", "3 Quay Street"),
    ("owner.address.city", "Bristol"),
    ("owner.address.postal_code", "BS1 4DJ"),
    ("owner.gb.is_beneficial_owner", "yes"),
];

const GB_OTHER_OWNER: Answers = &[
    ("owners.0.name.first", "Omar"),
    ("owners.0.name.last", "Balogun"),
    ("owners.0.date_of_birth.day", "02"),
    ("owners.0.date_of_birth.month", "11"),
    ("owners.0.date_of_birth.year", "1979"),
    ("owners.0.address.address1", "7 Mill Road"),
    ("owners.0.address.city", "Leeds"),
    ("owners.0.address.postal_code", "LS1 4AP"),
];

const CA_ENTITY: Answers = &[
    ("entity.legal_name", "Harbour Youth Choir"),
    ("entity.ca.gst_hst", "123456789RT0001"),
    ("entity.address.address1", "480 Water Street"),
    ("entity.address.city", "Vancouver"),
    ("entity.address.region", "British Columbia"),
    ("entity.address.postal_code", "V6B 1B4"),
];

const CA_OWNER: Answers = &[
    ("owner.phone.number", "6045550123"),
    ("owner.address.address1", "22 Robson Street"),
    ("owner.address.city", "Vancouver"),
    ("owner.address.region", "British Columbia"),
    ("owner.address.postal_code", "V6B 3A7"),
];

fn fill(window: &Window, answers: Answers) {
    for (path, value) in answers {
        let field = format!("field-{path}");
        window.wait(&field);
        let tag = window
            .run(&format!("return document.querySelector('[data-testid=\"{field}\"]').tagName"));
        match tag.as_str().unwrap() {
            "BUTTON" => window.choose(&field, value),
            "DIV" => window.pick(&format!("{field}-{value}")),
            _ => window.keys(&field, value),
        }
    }
}

/// Chooses kind and country, and answers both steps about them.
fn onboard(window: &Window, who: (&str, &str), entity: Answers, owner: Answers) {
    window.click(&format!("who-kind-{}", who.0));
    window.click(&format!("who-country-{}", who.1));
    window.click("continue");
    fill(window, entity);
    fill(window, ENTITY);
    window.click("continue");
    fill(window, OWNER);
    fill(window, owner);
    window.click("continue");
}

/// From the papers, which nobody asks for yet, to the provider's answer.
fn seal(window: &Window) {
    window.wait("doc-passport");
    window.click("continue");
    window.tick("consent", true);
    window.click("seal");
    window.wait("sealed");
    window.click("to-account");
    account_code(window, "Verified");
}

fn another(window: &Window, number: &str, name: &str) {
    window.click("new-onboarding");
    window.click("picker-add");
    window.keys("account-number", number);
    window.keys("account-name", name);
    window.click("account-add-start");
    window.wait("who-kind");
}

#[test]
fn businesses_and_organizations_of_britain_and_canada_are_onboarded_in_the_window() {
    let desk = Desk::open();
    let window = &desk.window;
    let british = wepay_accounts(&desk, "business", "GB");
    start_wepay(&desk, &british[0], "Ferry Lane Bakery");
    onboard(window, ("business", "GB"), GB_ENTITY, GB_OWNER);
    window.click("add-owner");
    fill(window, GB_OTHER_OWNER);
    desk.picture("owners");
    window.click("continue");
    seal(window);

    another(window, &british[1], "Ferry Lane Alone");
    onboard(window, ("business", "GB"), GB_ENTITY, GB_OWNER);
    window.tick("no-owners", true);
    window.click("continue");
    seal(window);

    let canadian = wepay_accounts(&desk, "organization", "CA");
    another(window, &canadian[0], "Harbour Youth Choir");
    onboard(window, ("organization", "CA"), CA_ENTITY, CA_OWNER);
    seal(window);

    for account in [&british[0], &british[1], &canadian[0]] {
        let of = |e: &serde_json::Value| e["account"].as_str() == Some(account.as_str());
        let authorized = desk.of("kyc_authorized");
        assert_eq!(authorized.iter().filter(|e| of(e)).count(), 1, "{account}: {authorized:#?}");
    }
    assert_eq!(desk.second_effects(), 0);
}
