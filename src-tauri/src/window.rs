//! The agent's window.

use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::{Duration, Instant};

use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, Manager, WebviewUrl, WebviewWindowBuilder};

/// Opens the window. Its web data lies in a folder of its own, which is emptied first.
pub(crate) fn open(app: &AppHandle, folder: &Path) -> tauri::Result<()> {
    let web_data = folder.join("webview");
    emptied(|| std::fs::remove_dir_all(&web_data))?;
    let window = WebviewWindowBuilder::new(app, "desk", WebviewUrl::default())
        .title("Satchel")
        .inner_size(1280.0, 800.0)
        .min_inner_size(800.0, 600.0)
        .data_directory(web_data)
        .on_navigation(is_own)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        // Where the system can keep a window out of recordings and previews.
        .content_protected(true)
        .build()?;
    crate::camera::allow(&window)
}

/// Ends the process that draws the window, with all that it was told, and begins another.
#[cfg(target_os = "linux")]
pub(crate) fn renew(app: &AppHandle) {
    use webkit2gtk::WebViewExt;
    let Some(window) = app.get_webview_window("desk") else { return };
    // A window that closes has no process that could be told more.
    let _ = window.with_webview(|view| {
        let view = view.inner();
        view.terminate_web_process();
        view.reload();
    });
}

/// Elsewhere the page begins anew; its process is the system's own.
#[cfg(not(target_os = "linux"))]
pub(crate) fn renew(app: &AppHandle) {
    // As above.
    let _ = app.get_webview_window("desk").map(|window| window.reload());
}

/// Longest wait for the web processes of an app that was killed to stop writing.
const LEAVING: Duration = Duration::from_secs(10);

/// Removes until it is done: an app that was killed leaves web processes behind, which write for a
/// moment more and fill what is being emptied.
fn emptied(mut remove: impl FnMut() -> io::Result<()>) -> io::Result<()> {
    let begun = Instant::now();
    loop {
        match remove() {
            Ok(()) => return Ok(()),
            Err(fault) if fault.kind() == ErrorKind::NotFound => return Ok(()),
            Err(fault) => match fault.kind() {
                ErrorKind::DirectoryNotEmpty if begun.elapsed() < LEAVING => {
                    std::thread::sleep(Duration::from_millis(20));
                }
                _ => return Err(fault),
            },
        }
    }
}

/// Whether an address is one of the app's own pages; the window goes nowhere else.
fn is_own(url: &tauri::Url) -> bool {
    // On Windows the app's own pages come from `http://tauri.localhost`.
    let own = if cfg!(windows) { ("http", "tauri.localhost") } else { ("tauri", "localhost") };
    (url.scheme(), url.host_str()) == (own.0, Some(own.1))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// Answers of a removal, one after the other.
    fn answers(kinds: &[ErrorKind]) -> impl FnMut() -> io::Result<()> {
        let mut left: Vec<ErrorKind> = kinds.iter().rev().copied().collect();
        move || left.pop().map_or(Ok(()), |kind| Err(kind.into()))
    }

    #[test]
    fn the_window_goes_to_its_own_pages_alone() {
        let own = if cfg!(windows) { "http://tauri.localhost" } else { "tauri://localhost" };
        assert!(is_own(&format!("{own}/index.html").parse().unwrap()));
        for other in [
            "https://example.org/",
            "http://localhost/",
            "https://tauri.localhost.example.org/",
            "tauri://example.org/",
            "tauri:localhost",
            "file:///etc/passwd",
            "about:blank",
            "data:text/html,hello",
            "blob:tauri://localhost/1",
            "javascript:alert(1)",
        ] {
            assert!(!is_own(&other.parse().unwrap()), "{other}");
        }
    }

    #[test]
    fn web_data_that_is_still_written_to_is_emptied_in_the_end() {
        emptied(answers(&[ErrorKind::DirectoryNotEmpty; 3])).unwrap();
    }

    #[test]
    fn web_data_that_is_not_there_is_empty() {
        emptied(answers(&[ErrorKind::NotFound, ErrorKind::PermissionDenied])).unwrap();
    }

    #[test]
    fn web_data_that_is_somebody_elses_is_said_to_be_so() {
        let fault = emptied(answers(&[ErrorKind::PermissionDenied])).unwrap_err();
        assert_eq!(fault.kind(), ErrorKind::PermissionDenied);
    }
}
