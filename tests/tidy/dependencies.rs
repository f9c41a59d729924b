//! Each dependency says why it is here.

use crate::assert_none;
use crate::tree::{self, TextFile};

/// Lines of dependency tables that neither carry a comment, nor follow one, nor take their why
/// from the workspace's table.
fn faults(manifest: &TextFile) -> Vec<String> {
    let mut faults = Vec::new();
    let (mut in_table, mut previous) = (false, "");
    for (index, line) in manifest.text.lines().map(str::trim).enumerate() {
        if line.starts_with('[') {
            in_table = line.ends_with("dependencies]");
        } else if in_table && is_entry(line) && !is_explained(line, previous) {
            faults.push(format!("{}:{}: no why: {line}", manifest.path, index + 1));
        }
        previous = line;
    }
    faults
}

/// The first line of an entry, and not one of its list's further lines.
fn is_entry(line: &str) -> bool {
    let key = line.split_once('=').map(|(key, _)| key.trim()).unwrap_or_default();
    let is_name = |c: char| c.is_alphanumeric() || "-_.".contains(c);
    !key.is_empty() && key.chars().all(is_name)
}

fn is_explained(line: &str, previous: &str) -> bool {
    let is_ours = line.starts_with("satchel") || line.contains("path = ");
    let is_shared = line.contains("workspace = true");
    let has_words = |line: &str| {
        line.split_once('#').is_some_and(|(_, why)| why.split_whitespace().count() >= 2)
    };
    is_ours || is_shared || has_words(line) || (previous.starts_with('#') && has_words(previous))
}

#[test]
fn every_dependency_says_why_it_is_here() {
    let manifests = tree::text_files();
    let manifests = manifests.iter().filter(|file| file.path.ends_with("Cargo.toml"));
    assert_none(&manifests.flat_map(faults).collect::<Vec<_>>());
}

#[test]
fn a_dependency_without_a_why_is_a_fault() {
    let text = "[package]\nname = \"a\"\n\n[workspace.dependencies]\n\
        satchel-core = { path = \"crates/core\" }\nserde = \"1\"\ncsv = \"1\" # account lists\n\
        # prebuilt decoders\nimage = { version = \"1\", features = [\n    \"png\",\n] }\n\
        http = \"1\" # why\n\n[target.'cfg(unix)'.dev-dependencies]\nlibc = \"0.2\"\n\
        tempfile.workspace = true\n\n[features]\ndefault = []\n";
    let faults = faults(&TextFile::new("Cargo.toml", text));
    assert_eq!(
        faults,
        [
            "Cargo.toml:6: no why: serde = \"1\"",
            "Cargo.toml:12: no why: http = \"1\" # why",
            "Cargo.toml:15: no why: libc = \"0.2\"",
        ]
    );
}
