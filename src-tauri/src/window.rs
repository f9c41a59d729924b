//! The agent's window.

use std::path::Path;

use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, WebviewUrl, WebviewWindowBuilder};

/// Opens the window. Its web data lies in a folder of its own, which is emptied first.
pub(crate) fn open(app: &AppHandle, folder: &Path) -> tauri::Result<()> {
    let web_data = folder.join("webview");
    if web_data.exists() {
        std::fs::remove_dir_all(&web_data)?;
    }
    let window = WebviewWindowBuilder::new(app, "desk", WebviewUrl::default())
        .title("Satchel")
        .inner_size(1280.0, 800.0)
        .min_inner_size(800.0, 600.0)
        .data_directory(web_data)
        .on_navigation(|url| matches!(url.scheme(), "tauri") || is_own_http(url))
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .build()?;
    crate::camera::allow(&window)
}

/// On Windows and Android the app's own pages come from `http://tauri.localhost`.
fn is_own_http(url: &tauri::Url) -> bool {
    url.host_str() == Some("tauri.localhost")
}
