//! Documents that stay true: links that lead somewhere, invariants whose tests exist.

use crate::assert_none;
use crate::tree::{self, TextFile};

/// What a newcomer reads in one sitting.
const ARCHITECTURE_LINES_MAX: usize = 200;

/// Relative links of a Markdown file that lead to no file or folder.
fn dead_links(file: &TextFile, exists: impl Fn(&str) -> bool) -> Vec<String> {
    let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let targets = file.text.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    targets
        .map(|(target, _)| target.split('#').next().unwrap_or_default())
        .filter(|target| !target.is_empty() && !target.contains("://"))
        .filter(|target| !exists(&resolve(folder, target)))
        .map(|target| format!("{}: {target} leads nowhere", file.path))
        .collect()
}

fn resolve(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

/// The tests named in the last column of the table of invariants that no source has.
fn missing_tests(architecture: &str, sources: &[TextFile]) -> Vec<String> {
    let table = architecture.split("\n## ").find(|part| part.starts_with("Invariants"));
    let rows = table.unwrap_or_default().lines().filter(|line| line.starts_with("| "));
    let rows: Vec<&str> = rows.skip(1).filter(|row| !is_heading(row)).collect();
    if rows.is_empty() {
        return vec!["ARCHITECTURE.md has no table of invariants".to_owned()];
    }
    rows.iter()
        .flat_map(|row| match tests_of(row) {
            tests if tests.is_empty() => vec![format!("no test: {row}")],
            tests => tests
                .into_iter()
                .filter(|test| !sources.iter().any(|source| has_test(source, test)))
                .map(|test| format!("no source has the test {test}"))
                .collect(),
        })
        .collect()
}

/// A row that only heads a group of rows.
fn is_heading(row: &str) -> bool {
    row.starts_with("| **") && row.ends_with("** | |")
}

/// The last column's words in backquotes.
fn tests_of(row: &str) -> Vec<&str> {
    let last = row.trim_end().trim_end_matches('|').rsplit('|').next().unwrap_or_default();
    last.split('`').skip(1).step_by(2).collect()
}

/// A Rust function, or a TypeScript test by its sentence.
fn has_test(source: &TextFile, test: &str) -> bool {
    let rust = format!("fn {test}(");
    let spoken = [format!("\"{test}\""), format!("'{test}'"), format!("`{test}`")];
    match source.has_extension(&["rs"]) {
        true => source.text.contains(&rust),
        false => source.has_extension(&["ts"]) && spoken.iter().any(|s| source.text.contains(s)),
    }
}

/// Numbers of decision records that are taken twice.
fn numbers_taken_twice(paths: &[&str]) -> Vec<String> {
    let names = paths.iter().filter_map(|path| path.strip_prefix("docs/adr/"));
    let mut numbers: Vec<_> = names.map(|name| name.split('-').next().unwrap_or(name)).collect();
    numbers.sort_unstable();
    let twice = numbers.windows(2).filter(|pair| pair[0] == pair[1]);
    twice.map(|pair| format!("docs/adr: {} is taken twice", pair[0])).collect()
}

#[test]
fn links_between_documents_lead_somewhere() {
    let files = tree::text_files();
    let documents = files.iter().filter(|file| file.has_extension(&["md"]));
    let exists = |path: &str| tree::root().join(path).exists();
    assert_none(&documents.flat_map(|file| dead_links(file, exists)).collect::<Vec<_>>());
}

#[test]
fn every_invariant_names_a_test_that_exists() {
    let files = tree::text_files();
    let architecture = files.iter().find(|file| file.path == "ARCHITECTURE.md").unwrap();
    assert!(architecture.text.lines().count() <= ARCHITECTURE_LINES_MAX);
    assert_none(&missing_tests(&architecture.text, &files));
}

#[test]
fn every_decision_record_has_a_number_of_its_own() {
    let files = tree::text_files();
    let paths: Vec<_> = files.iter().map(|file| file.path.as_str()).collect();
    assert_none(&numbers_taken_twice(&paths));
}

#[test]
fn a_link_to_nothing_is_a_fault() {
    let text = "[a](../b.md) [c](d.md#part) [e](https://example.org/f) [g](#here)";
    let file = TextFile::new("docs/adr/1.md", text);
    assert_none(&dead_links(&file, |path| ["docs/b.md", "docs/adr/d.md"].contains(&path)));
    let faults = dead_links(&file, |path| path == "docs/b.md");
    assert_eq!(faults, ["docs/adr/1.md: d.md leads nowhere"]);
}

#[test]
fn an_invariant_without_a_living_test_is_a_fault() {
    let rust = TextFile::new("a.rs", "fn nothing_is_lost() {}");
    let typescript = TextFile::new("a.test.ts", "test('locks when asked', () => {})");
    let sources = [rust, typescript];
    let table = |rows: &str| format!("# A\n\n## Invariants\n\n| Rule | Test |\n|---|---|\n{rows}");
    let good = table(
        "| **Group** | |\n| x | `nothing_is_lost` |\n| y | `locks when asked` |\n\n\
         ## Next\n| z | |\n",
    );
    assert_none(&missing_tests(&good, &sources));
    assert_eq!(missing_tests(&table("| x | `gone` |\n"), &sources).len(), 1);
    assert_eq!(missing_tests(&table("| x | later |\n"), &sources).len(), 1);
    assert_eq!(missing_tests(&table("| **x** | later |\n"), &sources).len(), 1);
    assert_eq!(missing_tests("# A\n", &sources).len(), 1);
}

#[test]
fn two_records_with_one_number_are_a_fault() {
    let paths = ["docs/adr/0001-a.md", "docs/adr/0002-b.md", "docs/adr/0002-c.md"];
    assert_eq!(numbers_taken_twice(&paths), ["docs/adr: 0002 is taken twice"]);
}
