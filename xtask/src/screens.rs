//! `cargo xtask screens`: a picture of every screen in both themes, drawn by the app's own engine
//! over the window's made-up host.

use std::process::{Child, ExitCode, Stdio};

use anyhow::{Context, Result, bail};

use crate::display::Screen;
use crate::webdriver::{self, Browser};
use crate::{exec, node, place, setup};

/// A window of the size that most laptops give it.
const WIDTH_PX: u32 = 1280;
const HEIGHT_PX: u32 = 800;

/// How to come to one screen: a scenario of the made-up host, and the route to open in it. Both
/// are the window's own words: `ui/src/host/fake` and `ui/src/state/router.svelte.ts`.
struct Shot {
    name: &'static str,
    scenario: &'static str,
    route: Option<&'static str>,
}

const fn shot(name: &'static str, scenario: &'static str, route: &'static str) -> Shot {
    Shot { name, scenario, route: if route.is_empty() { None } else { Some(route) } }
}

/// Every screen there is a picture of; a new one is one more row.
const SHOTS: &[Shot] = &[
    shot("first-run", "first-run", ""),
    shot("unlock", "locked", ""),
    shot("empty", "empty", ""),
    shot("accounts", "accounts", ""),
    shot("accounts-rejected", "accounts", ACCOUNT),
    shot("accounts-slow", "online-slow", ""),
    shot("accounts-portal", "portal", ""),
    shot("accounts-credentials", "credentials", ""),
    shot("accounts-disk-full", "disk-full", ""),
    shot("training", "training", ""),
    shot("onboarding", "accounts", r#"{"name":"onboarding","draft":"draft-balogun"}"#),
    shot("capture", "accounts", CAPTURE),
    shot("correct", "accounts", CORRECT),
    shot("outbox", "accounts", r#"{"name":"outbox"}"#),
    shot("outbox-slow", "online-slow", r#"{"name":"outbox"}"#),
    shot("appearance", "accounts", r#"{"name":"settings","page":"appearance"}"#),
    shot("connections", "accounts", r#"{"name":"settings","page":"connections"}"#),
    shot("connection", "accounts", r#"{"name":"connection","id":"connection-wepay"}"#),
    shot("activity", "accounts", r#"{"name":"settings","page":"activity"}"#),
    shot("keeping", "accounts", r#"{"name":"settings","page":"keeping"}"#),
    shot("security", "accounts", r#"{"name":"settings","page":"security"}"#),
    shot("people", "accounts", r#"{"name":"settings","page":"people"}"#),
    shot("account-add", "accounts", r#"{"name":"account-add"}"#),
    shot("import", "accounts", r#"{"name":"import"}"#),
];

const ACCOUNT: &str = r#"{"name":"accounts","filter":"all","account":"nadia"}"#;
const CAPTURE: &str =
    r#"{"name":"capture","draft":"draft-balogun","document":"drivers_license","side":"front"}"#;
const CORRECT: &str =
    r#"{"name":"correct","submission":"submission-tide","account":"tide","kind":"answers"}"#;

const THEMES: [&str; 2] = ["light", "dark"];

/// Takes the pictures, or only those named.
///
/// # Errors
/// When set-up fails, a name is unknown, or a screen cannot be reached.
pub fn perform(names: &[String]) -> Result<ExitCode> {
    if let Some(unknown) = names.iter().find(|name| SHOTS.iter().all(|shot| shot.name != **name)) {
        let known: Vec<_> = SHOTS.iter().map(|shot| shot.name).collect();
        bail!("there is no screen {unknown:?}; there are {}", known.join(", "));
    }
    setup::for_tests()?;
    node::install()?;
    let folder = place::target().join("screens");
    std::fs::create_dir_all(&folder).context("cannot make the folder of the pictures")?;
    let site = Site::start()?;
    let screen = Screen::start()?;
    let browser = Browser::start(&screen)?;
    browser.resize(WIDTH_PX, HEIGHT_PX)?;
    let wanted = |shot: &&Shot| names.is_empty() || names.iter().any(|name| name == shot.name);
    for shot in SHOTS.iter().filter(wanted) {
        for theme in THEMES {
            let picture = take(&browser, &site, shot, theme)
                .with_context(|| format!("cannot take a picture of {} ({theme})", shot.name))?;
            let path = folder.join(format!("{}-{theme}.png", shot.name));
            std::fs::write(&path, picture)
                .with_context(|| format!("cannot write {}", path.display()))?;
            println!("{}", path.display());
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn take(browser: &Browser, site: &Site, shot: &Shot, theme: &str) -> Result<Vec<u8>> {
    browser.open(&site.address(shot, theme))?;
    browser.wait_until(IS_DRAWN)?;
    browser.picture()
}

/// Something is to be read, its fonts are there and nothing moves.
const IS_DRAWN: &str = "return (document.querySelector('#app')?.innerText ?? '').trim() !== '' \
    && document.fonts.status === 'loaded' \
    && document.getAnimations().every((one) => one.playState !== 'running' \
        || one.effect.getComputedTiming().endTime === Infinity)";

/// The window's files, served from the sources.
struct Site {
    server: Child,
    port: u16,
}

impl Site {
    fn start() -> Result<Site> {
        let port = webdriver::free_port()?;
        // Vite itself and not npm, which would leave its child behind when it is ended.
        let vite = place::ui().join("node_modules").join("vite").join("bin").join("vite.js");
        let server = exec::servant("node", &place::ui())
            .arg(vite)
            .args(["--strictPort", "--host", "127.0.0.1", "--port", &port.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .context("cannot start Vite")?;
        let site = Site { server, port };
        webdriver::wait_for_port(port)?;
        Ok(site)
    }

    fn address(&self, shot: &Shot, theme: &str) -> String {
        let go = shot.route.map(|route| format!("&go={}", percent_encoded(route)));
        let (port, scenario) = (self.port, shot.scenario);
        format!("http://127.0.0.1:{port}/?fake={scenario}&theme={theme}{}", go.unwrap_or_default())
    }
}

/// Everything but letters and digits, as bytes in hexadecimal.
fn percent_encoded(text: &str) -> String {
    let byte = |byte: u8| match byte.is_ascii_alphanumeric() {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

impl Drop for Site {
    fn drop(&mut self) {
        // Both fail only when the server has ended by itself.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

    use super::*;

    #[test]
    fn every_picture_has_a_name_of_its_own_and_a_readable_route() {
        for (index, shot) in SHOTS.iter().enumerate() {
            assert!(SHOTS.iter().skip(index + 1).all(|other| other.name != shot.name));
            let route = shot.route.unwrap_or("{}");
            assert!(serde_json::from_str::<serde_json::Value>(route).is_ok(), "{route}");
        }
    }

    #[test]
    fn a_route_travels_as_plain_letters() {
        assert_eq!(percent_encoded("{\"a\":1}"), "%7B%22a%22%3A1%7D");
    }

    #[test]
    fn an_unknown_screen_is_refused_before_anything_starts() {
        let error = perform(&["nowhere".to_owned()]).unwrap_err().to_string();
        assert!(error.contains("nowhere") && error.contains("unlock"), "{error}");
    }
}
