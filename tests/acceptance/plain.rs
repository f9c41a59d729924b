//! The programs that people get: nothing of what only tests may do is in them.

use std::path::{Path, PathBuf};

use crate::desk::program;

/// What stands in a program that was built for tests, and nowhere else: environment, and names of
/// fail points that are not put together from parts.
const MARKS: [&str; 10] = [
    "SATCHEL_TEST_",
    "fail point ",
    "before_intent",
    "after_intent",
    "starting_between_submissions",
    "photo_before_row",
    "seal_before_commit",
    "sweep_after_commit",
    "between_checkpoints",
    "dwells_for_tests",
];

fn marks_in(program: &Path) -> Vec<&'static str> {
    let bytes = std::fs::read(program).unwrap();
    let has = |mark: &&str| memchr::memmem::find(&bytes, mark.as_bytes()).is_some();
    MARKS.into_iter().filter(has).collect()
}

/// A program as it was built without the tests' feature.
fn plain(name: &str) -> PathBuf {
    let hooked = program("satchelctl");
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let plain = hooked.parent().unwrap().join("plain").join(file);
    assert!(plain.is_file(), "{name} is not built plain: cargo xtask test plain-programs build");
    plain
}

#[test]
fn the_programs_that_people_get_have_no_moved_clock_and_no_fail_point() {
    for name in ["satchelctl", "satchel"] {
        assert_eq!(marks_in(&plain(name)), Vec::<&str>::new(), "{name}");
    }
}

#[test]
fn a_program_for_tests_shows_every_mark_that_the_others_must_lack() {
    assert_eq!(marks_in(&program("satchelctl")), MARKS);
}
