//! A vault is made with a printed recovery key and opened with it after the computer lost its
//! secret, all in the window; then a colleague gets a passphrase and a PIN opens for a while.

use crate::desk::Desk;
use crate::driver::Window;
use crate::steps::PASSPHRASE;

const OTHERS: &str = "another four words here";

fn groups(window: &Window) -> Vec<String> {
    window.wait("recovery-groups");
    let script = "return [...document.querySelectorAll('[data-testid=recovery-groups] b')]
        .map(b => b.textContent)";
    let found = window.run(script);
    found.as_array().unwrap().iter().map(|g| g.as_str().unwrap().to_owned()).collect()
}

/// Types the groups that are asked for, and says the whole key.
fn keep_the_key(window: &Window) -> String {
    let groups = groups(window);
    for n in 0..2 {
        let asked = window.run(&format!(
            "return +document.querySelector('[data-testid=recovery-group-{n}]')
                .closest('[data-group]').dataset.group"
        ));
        let place = usize::try_from(asked.as_u64().unwrap()).unwrap();
        window.keys(&format!("recovery-group-{n}"), &groups[place].to_lowercase());
    }
    format!("AGE-SECRET-KEY-1 {}", groups.join(" "))
}

fn own_words(window: &Window, name: &str, words: &str) {
    window.click(&format!("{name}-how-own"));
    window.keys(&format!("{name}-passphrase"), words);
    window.keys(&format!("{name}-repeat"), words);
}

#[test]
fn a_lost_secret_a_new_colleague_and_a_pin_are_dealt_with_in_the_window() {
    let mut desk = Desk::open();
    let window = &desk.window;
    window.click("connect-provider");
    window.keys("create-operator", "Amara Osei");
    own_words(window, "create", PASSPHRASE);
    window.click("create-submit");
    let key = keep_the_key(window);
    desk.picture("recovery-key");
    window.click("create-finish");
    window.click("connection-later");
    window.wait("lock");
    let vault = desk.home.path().join("data/app.satchel.desk/vault");
    std::fs::remove_file(vault.join("device.secret")).unwrap();

    desk.quit_and_start();
    let window = &desk.window;
    window.keys("unlock-passphrase", PASSPHRASE);
    window.click("unlock-submit");
    window.click("unlock-lost");
    window.keys("recover-identity", &key);
    window.keys("recover-operator", "Nadia Karim");
    own_words(window, "recover", OTHERS);
    desk.picture("recover");
    window.click("recover-submit");
    window.see("Amara Osei: no longer with a passphrase here");

    window.click("nav-settings");
    window.click("settings-people");
    window.click("person-add");
    window.keys("person-name", "Linus Berg");
    own_words(window, "person", "five words of my own here");
    window.keys("add-person-confirm", OTHERS);
    window.click("add-person-act");
    window.see("Linus Berg was added");
    window.click("pin-set");
    window.keys("pin-field", "482915");
    window.keys("set-pin-confirm", OTHERS);
    window.click("set-pin-act");
    window.wait("pin-off");
    desk.picture("people");
    window.click("lock");
    window.keys("unlock-pin", "482915");
    window.click("unlock-submit");
    window.wait("lock");
}
