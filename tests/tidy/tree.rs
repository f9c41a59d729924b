//! The files of the repository.

use std::path::{Path, PathBuf};

/// What tools write: folders, and in a second work tree `.git` is a file.
const WRITTEN: [&str; 6] = [".git", "target", "node_modules", "dist", "coverage", "gen"];

/// A text file and its path from the root, with `/` between the parts.
pub struct TextFile {
    pub path: String,
    pub text: String,
}

impl TextFile {
    pub fn new(path: &str, text: &str) -> TextFile {
        TextFile { path: path.to_owned(), text: text.to_owned() }
    }

    pub fn has_extension(&self, extensions: &[&str]) -> bool {
        extensions.iter().any(|extension| self.path.ends_with(&format!(".{extension}")))
    }
}

/// Asked when running: two checkouts may share one output folder, and with it this program.
pub fn root() -> PathBuf {
    let tests = std::env::var_os("CARGO_MANIFEST_DIR").unwrap();
    Path::new(&tests).parent().unwrap().to_path_buf()
}

/// Every text file, in order of its path.
pub fn text_files() -> Vec<TextFile> {
    let mut paths = Vec::new();
    collect(&root(), &mut paths);
    paths.sort();
    let root = root();
    paths
        .iter()
        .filter_map(|path| {
            let text = String::from_utf8(std::fs::read(path).ok()?).ok()?;
            let parts = path.strip_prefix(&root).unwrap().iter();
            let parts: Vec<_> = parts.map(|part| part.to_string_lossy()).collect();
            Some(TextFile { path: parts.join("/"), text })
        })
        .collect()
}

pub fn rust_files() -> Vec<TextFile> {
    text_files().into_iter().filter(|file| file.has_extension(&["rs"])).collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let kind = entry.file_type().unwrap();
        let written = WRITTEN.iter().any(|name| entry.file_name() == *name);
        if kind.is_dir() && !written {
            collect(&entry.path(), paths);
        } else if kind.is_file() && !written {
            paths.push(entry.path());
        }
    }
}

#[test]
fn the_walk_finds_sources_and_skips_what_tools_write() {
    let files = text_files();
    let has = |path: &str| files.iter().any(|file| file.path == path);
    assert!(has("Cargo.toml") && has("tests/tidy/tree.rs") && has(".ci/run"));
    assert!(files.iter().all(|file| !file.path.contains("node_modules/")));
}
