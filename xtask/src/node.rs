//! The window's files: Node's packages and the build, each only when something changed.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail};

use crate::{exec, place};

/// The oldest Node whose built-in test and fetch APIs Vite and Vitest rely on.
const NODE_MAJOR_MIN: u32 = 20;

/// Folders beside the sources that npm and the build write.
const WRITTEN: [&str; 3] = ["node_modules", "dist", "coverage"];

/// `cargo xtask ui`.
///
/// # Errors
/// When Node is missing or too old, or npm or the build fails.
pub fn perform(_: &[String]) -> Result<ExitCode> {
    build()?;
    println!("ui/dist is up to date.");
    Ok(ExitCode::SUCCESS)
}

/// Installs Node's packages if their lock changed, and builds if any source did.
///
/// # Errors
/// As [`perform`].
pub fn build() -> Result<()> {
    install()?;
    let now = fingerprint_of_folder(&place::ui())?;
    let note = place::notes().join("ui-build");
    let built = place::ui().join("dist").join("index.html").is_file();
    if built && std::fs::read_to_string(&note).ok().as_deref() == Some(now.as_str()) {
        return Ok(());
    }
    exec::must(npm().args(["run", "build"]))?;
    write_note(&note, &now)
}

/// Installs Node's packages when `package-lock.json` changed since the last time.
///
/// # Errors
/// As [`perform`].
pub fn install() -> Result<()> {
    check_version()?;
    let lock = place::ui().join("package-lock.json");
    let lock = std::fs::read(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    let now = fingerprint(&[("package-lock.json".into(), lock)]);
    // Inside the folder that it speaks of, so that removing the folder removes the note.
    let note = place::ui().join("node_modules").join(".satchel-lock");
    if std::fs::read_to_string(&note).ok().as_deref() == Some(now.as_str()) {
        return Ok(());
    }
    exec::must(npm().args(["ci", "--no-audit", "--no-fund"]))?;
    write_note(&note, &now)
}

/// npm, in the window's folder.
pub fn npm() -> Command {
    exec::at(if cfg!(windows) { "npm.cmd" } else { "npm" }, &place::ui())
}

/// The names under `scripts` in the window's `package.json`.
///
/// # Errors
/// When the file is missing or no JSON.
pub fn scripts() -> Result<Vec<String>> {
    let path = place::ui().join("package.json");
    let text = std::fs::read_to_string(&path).context("cannot read ui/package.json")?;
    let json: serde_json::Value = serde_json::from_str(&text).context("ui/package.json")?;
    let scripts = json.get("scripts").and_then(serde_json::Value::as_object);
    Ok(scripts.map(|scripts| scripts.keys().cloned().collect()).unwrap_or_default())
}

fn check_version() -> Result<()> {
    let advice = format!("Satchel needs Node {NODE_MAJOR_MIN} or later, with npm, on the PATH");
    let Ok(version) = exec::output(exec::at_root("node").arg("--version")) else {
        bail!("Node is missing. {advice}.");
    };
    match major(&version) {
        Some(NODE_MAJOR_MIN..) => Ok(()),
        Some(_) | None => bail!("Node is {}. {advice}.", version.trim()),
    }
}

fn major(version: &str) -> Option<u32> {
    version.trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

fn write_note(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}

fn fingerprint_of_folder(folder: &Path) -> Result<String> {
    let mut paths = Vec::new();
    collect(folder, &mut paths)?;
    paths.sort();
    let mut files = Vec::with_capacity(paths.len());
    for path in paths {
        let bytes = std::fs::read(&path).with_context(|| format!("{}", path.display()))?;
        files.push((path, bytes));
    }
    Ok(fingerprint(&files))
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("{}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let written = WRITTEN.iter().any(|name| entry.file_name() == *name);
        if entry.file_type()?.is_dir() && !written {
            collect(&entry.path(), paths)?;
        } else if entry.file_type()?.is_file() {
            paths.push(entry.path());
        }
    }
    Ok(())
}

fn fingerprint(files: &[(PathBuf, Vec<u8>)]) -> String {
    let mut hasher = DefaultHasher::new();
    files.hash(&mut hasher);
    format!("{:016x} of {} files", hasher.finish(), files.len())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

    use super::*;

    #[test]
    fn the_major_version_of_node_is_read() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("v8.1.0"), Some(8));
        assert_eq!(major("20.1.0"), None);
        assert_eq!(major("vanilla"), None);
    }

    #[test]
    fn a_fingerprint_changes_with_a_name_or_a_byte() {
        let one = fingerprint(&[("a".into(), vec![1])]);
        assert_eq!(one, fingerprint(&[("a".into(), vec![1])]));
        assert_ne!(one, fingerprint(&[("a".into(), vec![2])]));
        assert_ne!(one, fingerprint(&[("b".into(), vec![1])]));
        assert_ne!(one, fingerprint(&[("a".into(), vec![1]), ("b".into(), vec![])]));
    }

    #[test]
    fn what_npm_and_the_build_write_is_not_a_source() {
        let folder = std::env::temp_dir().join(format!("satchel-xtask-{}", std::process::id()));
        for name in ["src", "dist", "node_modules"] {
            std::fs::create_dir_all(folder.join(name)).unwrap();
            std::fs::write(folder.join(name).join("file"), name).unwrap();
        }
        let before = fingerprint_of_folder(&folder).unwrap();
        std::fs::write(folder.join("dist").join("file"), "other").unwrap();
        let written = fingerprint_of_folder(&folder).unwrap();
        std::fs::write(folder.join("src").join("file"), "other").unwrap();
        let changed = fingerprint_of_folder(&folder).unwrap();
        std::fs::remove_dir_all(&folder).unwrap();
        assert_eq!(before, written);
        assert_ne!(before, changed);
    }
}
