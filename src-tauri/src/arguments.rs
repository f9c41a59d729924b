//! What the program was started with.

use std::path::PathBuf;

use satchel_app::CreateOptions;

/// What the program was started with.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    /// The app's folder, when it is not the usual one.
    pub(crate) data: Option<PathBuf>,
}

impl Arguments {
    /// Reads `--data DIR`. Anything else is refused with a usage line.
    pub(crate) fn read() -> Self {
        let mut arguments = Self::default();
        let mut words = std::env::args_os().skip(1);
        while let Some(word) = words.next() {
            match (word.to_str(), words.next()) {
                (Some("--data"), Some(folder)) => arguments.data = Some(folder.into()),
                _ => {
                    eprintln!("usage: satchel [--data DIR]");
                    std::process::exit(2);
                }
            }
        }
        if arguments.data.is_none() {
            arguments.data = std::env::var_os("SATCHEL_DATA").map(PathBuf::from);
        }
        arguments
    }
}

#[cfg(not(feature = "test-hooks"))]
pub(crate) fn create_options() -> CreateOptions {
    CreateOptions::default()
}

/// Tests that make many vaults need not wait a second for each.
#[cfg(feature = "test-hooks")]
pub(crate) fn create_options() -> CreateOptions {
    match std::env::var_os("SATCHEL_TEST_COST") {
        Some(_) => CreateOptions { cost: satchel_app::Cost::for_tests() },
        None => CreateOptions::default(),
    }
}

/// What may not stand in the environment: a window that a person uses cannot be driven by another
/// program.
#[cfg(not(feature = "test-hooks"))]
pub(crate) const NOT_FOR_PEOPLE: &[&str] = &["TAURI_WEBVIEW_AUTOMATION"];

#[cfg(feature = "test-hooks")]
pub(crate) const NOT_FOR_PEOPLE: &[&str] = &[];
