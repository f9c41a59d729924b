//! What only tests may use is not in what people get.

use std::process::Command;

use crate::tree;

/// The feature of moved clocks, planted bugs and disks that lose power.
const HOOKS: &str = "test-hooks";

/// The features with which a package and all that it builds on are compiled.
fn features(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--edges", "normal,build,features", "--prefix", "none"])
        .args(["--format", "{p} {f}"])
        .args(arguments)
        .current_dir(tree::root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn programs_for_people_are_compiled_without_the_hooks_of_tests() {
    for package in ["satchel", "satchelctl", "satchel-sandbox"] {
        let features = features(&["--package", package]);
        assert!(features.contains(package));
        let hooked: Vec<_> = features.lines().filter(|line| line.contains(HOOKS)).collect();
        assert!(hooked.is_empty(), "{package}: {hooked:?}");
    }
}

#[test]
fn the_hooks_would_be_seen_if_they_were_there() {
    let features = features(&["--package", "satchelctl", "--features", "satchelctl/test-hooks"]);
    let hooked =
        ["satchel-app", "satchel-core", "satchel-providers", "satchel-system", "satchel-vault"];
    for package in hooked {
        let of = |line: &&str| line.starts_with(package) && line.contains(HOOKS);
        assert!(features.lines().find(of).is_some(), "{package}");
    }
}

/// Features of the window's toolkit that would open it to whoever sits before it.
const OPENINGS: [&str; 4] = ["devtools", "protocol-asset", "unstable", "isolation"];

#[test]
fn the_window_is_compiled_without_developer_tools_and_without_a_way_to_files() {
    let features = features(&["--package", "satchel"]);
    let toolkit: Vec<_> = features.lines().filter(|line| line.starts_with("tauri v")).collect();
    assert!(!toolkit.is_empty(), "{features}");
    for line in toolkit {
        let words: Vec<_> = line.split([' ', ',']).collect();
        let open: Vec<_> = OPENINGS.iter().filter(|name| words.contains(name)).collect();
        assert!(open.is_empty(), "{line}");
    }
}
