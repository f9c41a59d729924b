//! What the window may do, as it was built, beside a list that somebody has agreed to.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::path::Path;

use serde_json::{Value, json};
use tauri::test::MockRuntime;

use crate::COMMANDS;
use crate::gate::WHILE_LOCKED;

/// The list that somebody has agreed to.
const AGREED: &str = "src-tauri/golden.json";

/// The configuration, capabilities and commands that this program was built with.
fn built() -> Value {
    let context: tauri::Context<MockRuntime> =
        tauri::generate_context!("tauri.conf.json", test = true);
    let config = serde_json::to_value(context.config()).unwrap();
    let capabilities = include_str!(concat!(env!("OUT_DIR"), "/capabilities.json"));
    let manifests = include_str!(concat!(env!("OUT_DIR"), "/acl-manifests.json"));
    let manifests: Value = serde_json::from_str(manifests).unwrap();
    json!({
        "app": config["app"],
        "plugins": config["plugins"],
        "capabilities": serde_json::from_str::<Value>(capabilities).unwrap(),
        "commands": allowed(&manifests["__app-acl__"]["permissions"]),
        "while_locked": WHILE_LOCKED,
    })
}

/// The commands that some permission of ours allows.
fn allowed(permissions: &Value) -> Vec<&str> {
    let permissions = permissions.as_object().unwrap().values();
    let commands = permissions.flat_map(|p| p["commands"]["allow"].as_array().unwrap());
    let mut commands: Vec<_> = commands.map(|name| name.as_str().unwrap()).collect();
    commands.sort_unstable();
    commands
}

/// The names of the functions that the source marks as commands.
fn marked(source: &str) -> Vec<&str> {
    let functions = source.split("#[tauri::command]\n").skip(1);
    let names = functions.map(|text| {
        let text = text.trim_start_matches("pub(crate) ");
        let name = text.trim_start_matches("async ").trim_start_matches("fn ");
        name.split(['(', '<']).next().unwrap()
    });
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    names
}

#[test]
fn the_window_is_built_as_somebody_has_agreed_to() {
    let agreed = Path::new(env!("CARGO_MANIFEST_DIR")).join(AGREED);
    let there = std::fs::read_to_string(&agreed).unwrap_or_default();
    let built = built();
    if serde_json::from_str::<Value>(&there).ok().as_ref() != Some(&built) {
        let next = std::env::temp_dir().join("satchel-golden.json");
        std::fs::write(&next, format!("{built:#}\n")).unwrap();
        panic!("{AGREED} differs from what was built; compare it with {}", next.display());
    }
}

#[test]
fn the_agreed_list_keeps_the_web_out() {
    let built = built();
    let security = &built["app"]["security"];
    let csp = security["csp"].as_str().unwrap();
    assert!(csp.starts_with("default-src 'none'; script-src 'self';"), "{csp}");
    for hole in ["unsafe-inline", "unsafe-eval", "http:", "https:", "*", "data:", "asset:"] {
        assert!(!csp.replace("http://ipc.localhost", "").contains(hole), "{hole} in {csp}");
    }
    assert_eq!(security["freezePrototype"], true);
    assert_eq!(security["assetProtocol"]["enable"], false);
    assert_eq!(security["dangerousDisableAssetCspModification"], false);
    assert_eq!(built["app"]["withGlobalTauri"], false);
    assert_eq!(built["app"]["windows"], json!([]), "the shell alone opens windows");
    for (name, capability) in built["capabilities"].as_object().unwrap() {
        assert!(capability["remote"].is_null(), "{name} is for pages of our own");
        assert_eq!(capability["windows"], json!(["desk"]));
    }
}

#[test]
fn every_command_is_marked_declared_and_granted() {
    let mut declared = COMMANDS.to_vec();
    declared.sort_unstable();
    let built = built();
    let sources = [include_str!("commands.rs"), include_str!("keeping.rs")];
    let mut named: Vec<_> = sources.into_iter().flat_map(marked).collect();
    named.sort_unstable();
    assert_eq!(named, declared);
    assert_eq!(built["commands"], json!(declared));
    let granted = built["capabilities"]["desk"]["permissions"].as_array().unwrap();
    let granted = granted.iter().filter_map(|name| name.as_str().unwrap().strip_prefix("allow-"));
    let mut granted: Vec<_> = granted.map(|name| name.replace('-', "_")).collect();
    granted.sort_unstable();
    assert_eq!(granted, declared);
}

#[test]
fn a_command_that_is_marked_is_found_in_the_source() {
    let source = "#[tauri::command]\nasync fn b(app: App) {}\n\n/// c\n#[tauri::command]\n\
                  fn a<R: Runtime>(h: H<R>) {}\nfn helper() {}\n";
    assert_eq!(marked(source), ["a", "b"]);
}
