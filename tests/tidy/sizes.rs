//! How long a file, a function and a line may be (tests are exempt from the first two).

use crate::assert_none;
use crate::source::{code_only, functions, without_test_modules};
use crate::tree::{self, TextFile};

/// More than this and a file has two subjects.
const FILE_LINES_MAX: usize = 500;
/// What fits on a screen.
const FUNCTION_LINES_MAX: usize = 70;
/// What rustfmt keeps to, and two files side by side.
const COLUMNS_MAX: usize = 100;

fn rust_faults(file: &TextFile) -> Vec<String> {
    let mut faults = column_faults(file);
    if is_test(&file.path) {
        return faults;
    }
    let code = without_test_modules(&code_only(&file.text));
    let tests = code_only(&file.text).lines().filter(|line| !line.trim().is_empty()).count()
        - code.lines().filter(|line| !line.trim().is_empty()).count();
    faults.extend(length_fault(&file.path, file.text.lines().count() - tests));
    for function in functions(&code) {
        let lines = function.lines.len();
        if lines > FUNCTION_LINES_MAX {
            let (path, line, name) = (&file.path, function.lines.start, &function.name);
            faults.push(format!("{path}:{line}: fn {name} has {lines} lines"));
        }
    }
    faults
}

fn length_fault(path: &str, lines: usize) -> Option<String> {
    (lines > FILE_LINES_MAX).then(|| format!("{path}: {lines} lines without tests"))
}

/// A link cannot be broken in two.
fn column_faults(file: &TextFile) -> Vec<String> {
    let long = |line: &str| line.chars().count() > COLUMNS_MAX && !line.contains("://");
    let lines = file.text.lines().enumerate().filter(|(_, line)| long(line));
    lines.map(|(index, _)| format!("{}:{}: too wide", file.path, index + 1)).collect()
}

fn is_test(path: &str) -> bool {
    path.starts_with("tests/")
        || path.ends_with("/tests.rs")
        || path.ends_with("_tests.rs")
        || path.contains("/tests/")
        || path.ends_with(".test.ts")
}

#[test]
fn files_functions_and_lines_are_short_enough_to_read() {
    let mut faults: Vec<_> = tree::rust_files().iter().flat_map(rust_faults).collect();
    for file in tree::text_files() {
        let written_by_hand = !file.path.contains("/generated/") && !is_test(&file.path);
        if file.has_extension(&["ts", "svelte", "css"]) && written_by_hand {
            faults.extend(length_fault(&file.path, file.text.lines().count()));
        }
    }
    assert_none(&faults);
}

#[test]
fn a_long_file_is_a_fault_unless_its_tests_make_it_long() {
    let code = "// x\n".repeat(501);
    assert_eq!(rust_faults(&TextFile::new("crates/a/src/lib.rs", &code)).len(), 1);
    let tests = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", "    const A: u8 = 1;\n".repeat(600));
    assert_none(&rust_faults(&TextFile::new("crates/a/src/lib.rs", &tests)));
    assert_none(&rust_faults(&TextFile::new("crates/a/src/x/tests.rs", &code)));
}

#[test]
fn a_long_function_is_a_fault() {
    let text = format!("fn long() {{\n{}}}\n", "    a();\n".repeat(69));
    let faults = rust_faults(&TextFile::new("crates/a/src/lib.rs", &text));
    assert_eq!(faults, ["crates/a/src/lib.rs:1: fn long has 71 lines"]);
}

#[test]
fn a_wide_line_is_a_fault_unless_it_is_a_link() {
    let wide = format!("// {}\n", "é".repeat(98));
    assert_eq!(rust_faults(&TextFile::new("tests/a.rs", &wide)), ["tests/a.rs:1: too wide"]);
    let link = format!("// https://{}\n", "e".repeat(98));
    assert_none(&rust_faults(&TextFile::new("tests/a.rs", &link)));
}
