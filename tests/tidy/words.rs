//! Words that stay out of the repository: addresses of registries, paths of one person's machine,
//! and work without an owner.

use crate::assert_none;
use crate::tree::{self, TextFile};

/// In pieces, so that this file does not hold what it forbids.
const FORBIDDEN: [(&[&str], &str); 9] = [
    (&["registry.", "npmjs.org"], "an address of a registry"),
    (&["files.", "pythonhosted.org"], "an address of a registry"),
    (&["py", "pi.org"], "an address of a registry"),
    (&["static.", "crates.io"], "an address of a registry"),
    (&["index.", "crates.io"], "an address of a registry"),
    (&["deb.", "debian.org"], "an address of a registry"),
    (&["/ro", "ot/"], "a path of one person's machine"),
    (&["/wo", "rk/"], "a path of one person's machine"),
    (&["cs", "lot "], "a tool of one person's machine"),
];

/// Marks of unfinished work; each must be followed by `(owner, condition)`.
const MARKS: [&[&str]; 2] = [&["TO", "DO"], &["FIX", "ME"]];

/// Cargo writes its registry's address there.
const EXEMPT: [&str; 1] = ["Cargo.lock"];

fn faults(file: &TextFile) -> Vec<String> {
    if EXEMPT.contains(&file.path.as_str()) {
        return Vec::new();
    }
    let lines = file.text.lines().enumerate();
    lines
        .flat_map(|(index, line)| {
            line_faults(line).into_iter().map(move |fault| (index + 1, fault))
        })
        .map(|(line, fault)| format!("{}:{line}: {fault}", file.path))
        .collect()
}

fn line_faults(line: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for (pieces, what) in FORBIDDEN {
        if has_word(line, &pieces.concat()) {
            faults.push(what.to_owned());
        }
    }
    for pieces in MARKS {
        let mark = pieces.concat();
        let found = has_word(line, &mark) && !has_owner(line, &mark);
        if found {
            faults.push(format!("{mark} without (owner, condition)"));
        }
    }
    faults
}

/// Found, and not as the end of a longer word.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.')
    })
}

fn has_owner(line: &str, mark: &str) -> bool {
    line.match_indices(mark).all(|(at, _)| {
        let after = line[at + mark.len()..].strip_prefix('(');
        let inside = after.and_then(|after| after.split_once(')')).map(|(inside, _)| inside);
        inside.and_then(|inside| inside.split_once(',')).is_some_and(|(owner, condition)| {
            !owner.trim().is_empty() && !condition.trim().is_empty()
        })
    })
}

#[test]
fn no_file_names_a_registry_a_private_path_or_work_without_an_owner() {
    let faults: Vec<_> = tree::text_files().iter().flat_map(faults).collect();
    assert_none(&faults);
}

#[test]
fn each_forbidden_word_is_found() {
    for (pieces, what) in FORBIDDEN {
        let file = TextFile::new("a.md", &format!("one\nsee {}x", pieces.concat()));
        assert_eq!(faults(&file), [format!("a.md:2: {what}")]);
    }
}

#[test]
fn a_longer_word_that_ends_alike_is_another_word() {
    assert_none(&line_faults(&["patchwork", "/work", "/a"].concat()));
    assert_none(&line_faults("a map(py) { piorg }"));
}

#[test]
fn unfinished_work_needs_an_owner_and_a_condition() {
    let mark = MARKS[0].concat();
    assert_eq!(line_faults(&format!("// {mark}: later")).len(), 1);
    assert_eq!(line_faults(&format!("// {mark}(ann): later")).len(), 1);
    assert_none(&line_faults(&format!("// {mark}(ann, when Tauri 3 is out): the new API")));
}
