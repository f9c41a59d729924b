//! Declares every command of the window, so that none can be called without a capability.

use std::path::Path;

const COMMANDS: &[&str] = &[
    "account_add",
    "account_reveal",
    "account_show",
    "account_watch",
    "accounts_import",
    "accounts_list",
    "accounts_preview",
    "app_state",
    "connection_check",
    "connection_pause",
    "connection_save",
    "connections_list",
    "draft_answer",
    "draft_consent",
    "draft_discard",
    "draft_no_owners",
    "draft_owner_remove",
    "draft_seal",
    "draft_show",
    "draft_start",
    "draft_step",
    "draft_who",
    "frame_judge",
    "network_show",
    "outbox_hold_photos",
    "outbox_pause",
    "outbox_send_now",
    "outbox_show",
    "passphrase_change",
    "passphrase_judge",
    "passphrase_suggest",
    "people_show",
    "person_add",
    "person_remove",
    "photo_add",
    "photo_bytes",
    "photo_remove",
    "photo_turn",
    "photo_use",
    "pin_set",
    "pin_unlock",
    "providers_list",
    "recovery_change",
    "recovery_suggest",
    "retake_start",
    "review_open",
    "setting_put",
    "settings_show",
    "submission_answers",
    "submission_correct",
    "submission_export",
    "submission_export_place",
    "submission_lighten",
    "submission_release",
    "submission_withdraw",
    "theme_set",
    "training_leave",
    "training_start",
    "vault_create",
    "vault_lock",
    "vault_recover",
    "vault_unlock",
    "zoom_set",
];

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
