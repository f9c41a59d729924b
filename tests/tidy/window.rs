//! The window's own rules: one folder talks to the shell, one file knows colours.

use crate::assert_none;
use crate::tree::{self, TextFile};

/// The only folder that may import the shell's packages.
const HOST: &str = "ui/src/host/";
/// The only file that may name a colour.
const TOKENS: &str = "tokens.css";
/// Where the types made from Rust are committed.
const GENERATED: &str = "ui/src/generated/";

const COLOUR_FUNCTIONS: [&str; 8] =
    ["rgb(", "rgba(", "hsl(", "hsla(", "hwb(", "lab(", "oklab(", "oklch("];

fn import_faults(file: &TextFile) -> Vec<String> {
    if file.path.starts_with(HOST) {
        return Vec::new();
    }
    let reaches = |line: &str| line.contains("@tauri-apps/") || line.contains("__TAURI");
    numbered(file, reaches, "only ui/src/host may talk to the shell")
}

fn colour_faults(file: &TextFile) -> Vec<String> {
    // The made-up host draws photos of cards, and is no part of what is shipped.
    if file.path.ends_with(TOKENS) || file.path.contains("/host/fake/") {
        return Vec::new();
    }
    numbered(file, has_colour, "a colour outside the tokens")
}

fn numbered(file: &TextFile, is_bad: impl Fn(&str) -> bool, what: &str) -> Vec<String> {
    let lines = file.text.lines().enumerate().filter(|(_, line)| is_bad(line));
    lines.map(|(index, _)| format!("{}:{}: {what}", file.path, index + 1)).collect()
}

fn has_colour(line: &str) -> bool {
    let word_before = |at: usize| line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '-');
    let by_function = COLOUR_FUNCTIONS
        .iter()
        .any(|name| line.match_indices(name).any(|(at, _)| !word_before(at)));
    by_function || line.match_indices('#').any(|(at, _)| is_hex_colour(line, at))
}

/// `#rgb`, `#rgba`, `#rrggbb` or `#rrggbbaa` as a word of its own; `&#160;` is a letter.
fn is_hex_colour(line: &str, hash: usize) -> bool {
    let digits = line[hash + 1..].chars().take_while(char::is_ascii_hexdigit).count();
    let after = line[hash + 1 + digits..].chars().next();
    let before = line[..hash].chars().next_back();
    let ends = !after.is_some_and(|c| c.is_alphanumeric() || c == '-' || c == '_');
    let starts = !before.is_some_and(|c| c.is_alphanumeric() || c == '&' || c == '/');
    matches!(digits, 3 | 4 | 6 | 8) && starts && ends
}

fn sources() -> Vec<TextFile> {
    let files = tree::text_files().into_iter().filter(|file| file.path.starts_with("ui/src/"));
    files.filter(|file| file.has_extension(&["ts", "svelte", "css", "html"])).collect()
}

fn generated_faults(manifests: &[TextFile], sources: &[TextFile]) -> Vec<String> {
    let generates = manifests
        .iter()
        .any(|manifest| manifest.path.ends_with("Cargo.toml") && manifest.text.contains("\nts-rs"));
    let is_member = |manifest: &&TextFile| manifest.path.starts_with("crates/");
    let asks = manifests.iter().filter(is_member).any(|manifest| manifest.text.contains("ts-rs"));
    let made: Vec<_> = sources.iter().filter(|file| file.path.starts_with(GENERATED)).collect();
    if generates && asks && made.is_empty() {
        return vec![format!("{GENERATED} is empty: the types from Rust are not committed")];
    }
    let is_marked = |file: &&&TextFile| !file.text.contains("generated");
    made.iter()
        .filter(is_marked)
        .map(|file| format!("{}: does not say that it is generated", file.path))
        .collect()
}

#[test]
fn only_the_host_folder_talks_to_the_shell() {
    assert_none(&sources().iter().flat_map(import_faults).collect::<Vec<_>>());
}

#[test]
fn colours_stand_in_the_tokens_alone() {
    assert_none(&sources().iter().flat_map(colour_faults).collect::<Vec<_>>());
}

#[test]
fn the_types_made_from_rust_are_committed_and_say_so() {
    assert_none(&generated_faults(&tree::text_files(), &sources()));
}

#[test]
fn an_import_of_the_shell_elsewhere_is_a_fault() {
    let line = "import { invoke } from '@tauri-apps/api/core';\n";
    assert_none(&import_faults(&TextFile::new("ui/src/host/shell.ts", line)));
    assert_eq!(import_faults(&TextFile::new("ui/src/screens/a.ts", line)).len(), 1);
    let sly = TextFile::new("ui/src/screens/a.ts", "window.__TAURI_INTERNALS__.invoke('x')");
    assert_eq!(import_faults(&sly).len(), 1);
}

#[test]
fn a_colour_elsewhere_is_a_fault() {
    for bad in ["color: #fff;", "fill=\"#1a2B3c\"", "rgba(0, 0, 0, 0.5)", "oklch(0.7 0.1 200)"] {
        assert!(has_colour(bad), "{bad}");
        assert_eq!(colour_faults(&TextFile::new("ui/src/a.css", bad)).len(), 1);
        assert_none(&colour_faults(&TextFile::new("ui/src/style/tokens.css", bad)));
    }
    for good in ["{#if ready}", "{#each rows as row}", "&#160;", "var(--ink)", "href=\"#top\""] {
        assert!(!has_colour(good), "{good}");
    }
}

#[test]
fn types_that_are_missing_or_unmarked_are_a_fault() {
    let table = TextFile::new("Cargo.toml", "[workspace.dependencies]\nts-rs = \"12\" # types\n");
    let asks = TextFile::new("crates/app/Cargo.toml", "[dependencies]\nts-rs.workspace = true\n");
    let marked = "// This file was generated by [ts-rs].\nexport type A = string;\n";
    let made = TextFile::new("ui/src/generated/A.ts", marked);
    let bare = TextFile::new("ui/src/generated/B.ts", "export type B = string;\n");
    let faults = |manifests: &[&TextFile], sources: &[&TextFile]| {
        let copy = |files: &[&TextFile]| {
            files.iter().map(|file| TextFile::new(&file.path, &file.text)).collect::<Vec<_>>()
        };
        generated_faults(&copy(manifests), &copy(sources)).len()
    };
    assert_eq!(faults(&[&table, &asks], &[]), 1);
    assert_eq!(faults(&[&table], &[]), 0, "nothing asks for types");
    assert_eq!(faults(&[&table, &asks], &[&made]), 0);
    assert_eq!(faults(&[&table, &asks], &[&made, &bare]), 1);
}
