//! Unsafe code stands in named modules alone, each with what it is for.

use crate::source::code_only;
use crate::tree::{self, TextFile};
use crate::{assert_none, layers};

/// The modules with unsafe code, and what cannot be had without it.
const MODULES: [(&str, &str); 3] = [
    ("bench/src/enqueue/syncs.rs", "the C library's sync calls, counted in a benchmark"),
    ("bench/src/link/tun.rs", "a network device of a benchmark's own"),
    ("crates/vault/src/disk/vfs.rs", "SQLite's file system, for tests that lose power"),
];

const WORD: &str = "unsafe";
const LINT: &str = "unsafe_code";

fn faults(files: &[TextFile], modules: &[(&str, &str)]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in files {
        let code = code_only(&file.text);
        let named = modules.iter().any(|(module, _)| *module == file.path);
        let lines = code.lines().enumerate().filter(|(_, line)| is_unsafe(line));
        let lines: Vec<_> = lines.map(|(index, _)| index + 1).collect();
        match (named, lines.first()) {
            (false, Some(line)) => {
                faults.push(format!("{}:{line}: unsafe code in an unnamed module", file.path));
            }
            (true, None) => faults.push(format!("{}: named, and has no unsafe code", file.path)),
            (true, Some(_)) | (false, None) => {}
        }
    }
    let gone = modules.iter().filter(|(module, _)| files.iter().all(|file| file.path != *module));
    faults.extend(gone.map(|(module, _)| format!("{module}: named, and not there")));
    faults
}

/// The keyword, or the lint that would have to be switched off for it.
fn is_unsafe(line: &str) -> bool {
    let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.any(|word| word == WORD || word == LINT)
}

/// Manifests that do not take the workspace's lints, where unsafe code is an error.
fn without_lints(manifests: &[(String, String)]) -> Vec<String> {
    let takes = |text: &str| text.contains("[lints]\nworkspace = true");
    manifests
        .iter()
        .filter(|(_, text)| !takes(text))
        .map(|(path, _)| format!("{path}: does not take the workspace's lints"))
        .collect()
}

#[test]
fn unsafe_code_stands_in_named_modules_alone() {
    assert_none(&faults(&tree::rust_files(), &MODULES));
    let manifests: Vec<_> = layers::manifests()
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            (path, text)
        })
        .collect();
    assert!(manifests.len() > 10, "every package is looked at");
    assert_none(&without_lints(&manifests));
    let workspace = std::fs::read_to_string(tree::root().join("Cargo.toml")).unwrap();
    assert!(workspace.contains(&format!("\n{LINT} = \"deny\"\n")));
}

#[test]
fn unsafe_code_elsewhere_and_a_stale_name_are_faults() {
    let file = TextFile::new;
    let call = "fn f() {\n    unsafe { g() }\n}\n";
    let files = [
        file("a.rs", call),
        file("b.rs", "#![allow(unsafe_code)]\n"),
        file("c.rs", "// unsafe\nconst A: &str = \"unsafe\";\nfn unsafely() {}\n"),
        file("named.rs", call),
        file("stale.rs", "fn f() {}\n"),
    ];
    let modules = [("named.rs", "x"), ("stale.rs", "x"), ("gone.rs", "x")];
    assert_eq!(
        faults(&files, &modules),
        [
            "a.rs:2: unsafe code in an unnamed module",
            "b.rs:1: unsafe code in an unnamed module",
            "stale.rs: named, and has no unsafe code",
            "gone.rs: named, and not there",
        ]
    );
    let own = |text: &str| vec![("a/Cargo.toml".to_owned(), text.to_owned())];
    assert!(without_lints(&own("[package]\n\n[lints]\nworkspace = true\n")).is_empty());
    assert_eq!(without_lints(&own("[package]\n")).len(), 1);
}
