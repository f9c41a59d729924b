//! Where things are in the checkout, and which system this is.

use std::path::{Path, PathBuf};

/// The folder that holds the workspace's `Cargo.toml`.
///
/// Asked when running, not when compiling: a program that two checkouts share in one output folder
/// must not work on the other one.
pub fn root() -> PathBuf {
    let compiled_in = env!("CARGO_MANIFEST_DIR");
    let xtask = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| compiled_in.into());
    let xtask = PathBuf::from(xtask);
    xtask.parent().map_or(xtask.clone(), Path::to_path_buf)
}

/// The window's sources.
pub fn ui() -> PathBuf {
    root().join("ui")
}

/// Cargo's output folder, which may be shared by several checkouts.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// Notes about this checkout's own state: they stay with the checkout, whatever cargo's output
/// folder is.
pub fn notes() -> PathBuf {
    root().join("target").join("xtask")
}

/// True in CI, where nothing is built twice and nobody answers a question.
pub fn is_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
}

/// The absolute path of a program, if the PATH has it.
pub fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let names = [program.to_owned(), format!("{program}.exe"), format!("{program}.cmd")];
    let names = if cfg!(windows) { &names[..] } else { &names[..1] };
    std::env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|candidate| candidate.is_file())
}
