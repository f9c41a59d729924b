//! What may pass from the window to the commands: everything while the vault is open, a short list
//! while it is locked, and nothing that is larger than it can honestly be.

use satchel_app::Satchel;
use satchel_app::api::ApiError;
use serde_json::Value;
use tauri::ipc::{Invoke, InvokeBody};
use tauri::{Manager, Runtime};

/// What a locked window needs: to say where it stands, to open, to begin, and to be read.
pub(crate) const WHILE_LOCKED: [&str; 15] = [
    "app_state",
    "passphrase_judge",
    "passphrase_suggest",
    "pin_unlock",
    "protection_show",
    "providers_list",
    "recovery_suggest",
    "theme_set",
    "training_leave",
    "training_start",
    "vault_create",
    "vault_lock",
    "vault_recover",
    "vault_unlock",
    "zoom_set",
];

/// Most bytes of one request's body: a camera frame of 24 megapixels in RGBA.
pub(crate) const PICTURE_BYTES_MAX: usize = 100 * 1024 * 1024;

/// Most bytes of a list of accounts, as text: a hundred thousand lines.
const LIST_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Most bytes of any other request: a whole form is a tenth of it.
const REQUEST_BYTES_MAX: usize = 256 * 1024;

/// The same handler behind the gate.
pub(crate) fn before<R: Runtime>(
    handler: impl Fn(Invoke<R>) -> bool + Send + Sync + 'static,
) -> impl Fn(Invoke<R>) -> bool + Send + Sync + 'static {
    move |invoke| match refusal(&invoke) {
        None => handler(invoke),
        Some(refusal) => {
            invoke.resolver.reject(refusal);
            true
        }
    }
}

fn refusal<R: Runtime>(invoke: &Invoke<R>) -> Option<ApiError> {
    let command = invoke.message.command();
    let is_open = invoke.message.webview_ref().state::<Satchel>().is_open();
    if !is_open && !WHILE_LOCKED.contains(&command) {
        return Some(ApiError::new("locked"));
    }
    let bytes = match invoke.message.payload() {
        InvokeBody::Raw(bytes) => bytes.len(),
        InvokeBody::Json(value) => text_bytes(value),
    };
    (bytes > bytes_max(command)).then(|| ApiError::new("too_large_file"))
}

fn bytes_max(command: &str) -> usize {
    match command {
        "photo_add" | "frame_judge" => PICTURE_BYTES_MAX,
        "accounts_import" | "accounts_preview" => LIST_BYTES_MAX,
        _ => REQUEST_BYTES_MAX,
    }
}

/// Bytes of the text in a value, and one for everything else.
fn text_bytes(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 1,
        Value::String(text) => 1 + text.len(),
        Value::Array(values) => values.iter().map(text_bytes).sum::<usize>() + 1,
        Value::Object(fields) => {
            1 + fields.iter().map(|(name, value)| name.len() + text_bytes(value)).sum::<usize>()
        }
    }
}

#[cfg(test)]
#[path = "gate_tests.rs"]
pub(crate) mod tests;
