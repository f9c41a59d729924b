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

/// A window that a person uses cannot be driven by another program: the switch is taken out of the
/// environment and the program begins again without it.
#[cfg(all(unix, not(feature = "test-hooks")))]
pub(crate) fn without_automation() {
    use std::os::unix::process::CommandExt;
    const SWITCH: &str = "TAURI_WEBVIEW_AUTOMATION";
    if std::env::var_os(SWITCH).is_none() {
        return;
    }
    let fault = match std::env::current_exe() {
        Ok(program) => std::process::Command::new(program)
            .args(std::env::args_os().skip(1))
            .env_remove(SWITCH)
            .exec(),
        Err(fault) => fault,
    };
    eprintln!("Satchel does not start while {SWITCH} is set: {fault}");
    std::process::exit(1);
}

#[cfg(any(not(unix), feature = "test-hooks"))]
pub(crate) fn without_automation() {}
