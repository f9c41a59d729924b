//! Who may know whom: the arrows of ARCHITECTURE.md, read from cargo's own metadata.

use std::process::Command;

use serde_json::Value;

use crate::{assert_none, tree};

/// One dependency of one of our packages.
#[derive(Clone)]
struct Arrow {
    from: String,
    to: String,
    is_dev: bool,
}

/// Each package and those of ours that it may know. Tests and benchmarks stand outside.
const MAY_KNOW: [(&str, &[&str]); 14] = [
    ("satchel", &["satchel-app", "satchel-sandbox", "satchel-system"]),
    ("satchelctl", &["satchel-app", "satchel-system"]),
    (
        "satchel-app",
        &[
            "satchel-capture",
            "satchel-core",
            "satchel-keychain",
            "satchel-net",
            "satchel-providers",
            "satchel-vault",
        ],
    ),
    ("satchel-capture", &["satchel-core"]),
    ("satchel-providers", &["satchel-core"]),
    ("satchel-vault", &["satchel-core"]),
    ("satchel-net", &["satchel-core"]),
    ("satchel-keychain", &[]),
    ("satchel-core", &[]),
    ("satchel-sandbox", &[]),
    ("satchel-system", &[]),
    ("satchel-fixtures", &[]),
    ("satchel-model", &["satchel-core"]),
    ("xtask", &[]),
];

/// Packages that prove the others: they may know all of ours but the window.
const PROVERS: [&str; 3] = ["satchel-tests", "satchel-simulation", "satchel-bench"];

/// What the tests of any package may use: made-up evidence, and the stand-in provider.
const FOR_TESTS: [&str; 2] = ["satchel-fixtures", "satchel-sandbox"];

/// One outside thing, one owner. A `*` at either end stands for a family of names.
const OWNERS: [(&str, &str); 15] = [
    ("tauri", "satchel"),
    ("tauri-*", "satchel"),
    ("webkit2gtk*", "satchel"),
    ("rusqlite", "satchel-vault"),
    ("libsqlite3-sys", "satchel-vault"),
    ("reqwest", "satchel-net"),
    ("keyring-core", "satchel-keychain"),
    ("*-keyring-store", "satchel-keychain"),
    ("secret-service", "satchel-keychain"),
    ("image", "satchel-capture"),
    ("fast_image_resize", "satchel-capture"),
    ("zbus", "satchel-system"),
    ("hayro", "satchel-capture"),
    ("heifer", "satchel-capture"),
    ("rxing", "satchel-capture"),
];

/// What would let the domain act, wait or throw dice.
const NOT_IN_CORE: [&str; 10] = [
    "async-std",
    "fastrand",
    "futures",
    "getrandom",
    "hyper",
    "notify",
    "rand",
    "reqwest",
    "rusqlite",
    "tokio",
];

fn faults(arrows: &[Arrow]) -> Vec<String> {
    arrows
        .iter()
        .filter_map(|arrow| Some(format!("{} -> {}: {}", arrow.from, arrow.to, fault(arrow)?)))
        .collect()
}

fn fault(arrow: &Arrow) -> Option<String> {
    let (from, to) = (arrow.from.as_str(), arrow.to.as_str());
    let proves = PROVERS.contains(&from);
    let outside = proves || arrow.is_dev || from == "satchel-fixtures";
    let owner = OWNERS.iter().find(|(name, _)| matches(name, to)).map(|(_, owner)| *owner);
    if owner == Some("satchel") && from != "satchel" {
        return Some("only the shell may know the window's toolkit".into());
    }
    if let Some(owner) = owner.filter(|owner| *owner != from && !outside) {
        return Some(format!("only {owner} may know it"));
    }
    if from == "satchel-core" && NOT_IN_CORE.contains(&to) {
        return Some("the domain has no I/O, no async and no chance".into());
    }
    let is_ours = to == "satchel" || to.starts_with("satchel-") || to == "satchelctl";
    if !is_ours || (proves && to != "satchel") {
        return None;
    }
    let Some((_, known)) = MAY_KNOW.iter().find(|(package, _)| *package == from) else {
        return Some("the package has no place in the layers".into());
    };
    let test_may = arrow.is_dev && FOR_TESTS.contains(&to);
    (!known.contains(&to) && !test_may).then(|| "against the direction of the arrows".into())
}

fn matches(pattern: &str, name: &str) -> bool {
    match (pattern.strip_suffix('*'), pattern.strip_prefix('*')) {
        (Some(start), _) => name.starts_with(start),
        (None, Some(end)) => name.ends_with(end),
        (None, None) => pattern == name,
    }
}

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version=1"])
        .current_dir(tree::root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The manifest of every package of ours.
pub fn manifests() -> Vec<String> {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap();
    packages.iter().map(|package| package["manifest_path"].as_str().unwrap().to_owned()).collect()
}

fn arrows(metadata: &Value) -> Vec<Arrow> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages
        .flat_map(|package| {
            let dependencies = package["dependencies"].as_array().unwrap().iter();
            dependencies.map(|dependency| Arrow {
                from: text(&package["name"]),
                to: text(&dependency["name"]),
                is_dev: dependency["kind"] == "dev",
            })
        })
        .collect()
}

#[test]
fn every_dependency_follows_the_arrows() {
    assert_none(&faults(&arrows(&metadata())));
}

#[test]
fn every_package_has_a_place_in_the_layers() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap();
    let homeless: Vec<_> = packages
        .iter()
        .map(|package| package["name"].as_str().unwrap())
        .filter(|name| !PROVERS.contains(name) && MAY_KNOW.iter().all(|(known, _)| known != name))
        .map(str::to_owned)
        .collect();
    assert_none(&homeless);
}

#[test]
fn an_arrow_that_points_the_wrong_way_is_a_fault() {
    let bad = [
        ("satchel-core", "satchel-vault"),
        ("satchel-vault", "satchel-net"),
        ("satchel-sandbox", "satchel-providers"),
        ("satchel-app", "satchel-sandbox"),
        ("satchel-app", "tauri"),
        ("satchel-tests", "tauri"),
        ("satchel-tests", "satchel"),
        ("satchel", "rusqlite"),
        ("satchel-providers", "reqwest"),
        ("satchel-vault", "image"),
        ("satchel-vault", "satchel-keychain"),
        ("satchel-keychain", "satchel-vault"),
        ("satchel-app", "zbus-secret-service-keyring-store"),
        ("satchel-core", "tokio"),
        ("satchel-core", "getrandom"),
        ("newcomer", "satchel-app"),
        ("satchel-capture", "satchel-fixtures"),
        ("satchel-fixtures", "satchel-capture"),
        ("satchel-fixtures", "tauri"),
        ("satchel-model", "satchel-app"),
    ];
    for (from, to) in bad {
        let arrow = Arrow { from: from.into(), to: to.into(), is_dev: false };
        assert!(fault(&arrow).is_some(), "{from} -> {to}");
    }
}

#[test]
fn tests_may_look_further_but_not_everywhere() {
    let dev =
        |from: &str, to: &str| fault(&Arrow { from: from.into(), to: to.into(), is_dev: true });
    assert!(dev("satchel-net", "satchel-sandbox").is_none());
    assert!(dev("satchel-app", "rusqlite").is_none());
    assert!(dev("satchel-capture", "satchel-fixtures").is_none());
    assert!(dev("satchel-sandbox", "satchel-providers").is_some());
    assert!(dev("satchel-app", "tauri").is_some());
    assert!(dev("satchel-core", "tokio").is_some());
}
