//! Declares every command of the window, so that none can be called without a capability.

use std::path::Path;

include!("command_names.rs");

fn main() {
    placeholder();
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    let attributes = tauri_build::Attributes::new()
        .app_manifest(manifest)
        .capabilities_path_pattern("./src-tauri/capabilities/**/*");
    if let Err(fault) = tauri_build::try_build(attributes) {
        println!("cargo::error={fault:#}");
    }
}

/// The interface must exist when the app is compiled; outside release builds a note stands in for
/// it.
fn placeholder() {
    let page = Path::new("ui/dist/index.html");
    let release = std::env::var("PROFILE").is_ok_and(|profile| profile == "release");
    if page.exists() || release {
        return;
    }
    let note =
        "<!doctype html><title>Satchel</title><p>Build the interface with cargo xtask ui.</p>";
    let written = std::fs::create_dir_all("ui/dist").and_then(|()| std::fs::write(page, note));
    if let Err(fault) = written {
        println!("cargo::error=ui/dist cannot be written: {fault}");
    }
}
