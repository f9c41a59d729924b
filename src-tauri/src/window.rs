//! The agent's window.

use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::{Duration, Instant};

use tauri::webview::NewWindowResponse;
use tauri::{AppHandle, WebviewUrl, WebviewWindowBuilder};

/// Opens the window. Its web data lies in a folder of its own, which is emptied first.
pub(crate) fn open(app: &AppHandle, folder: &Path) -> tauri::Result<()> {
    let web_data = folder.join("webview");
    emptied(|| std::fs::remove_dir_all(&web_data))?;
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

/// On Windows and Android the app's own pages come from `http://tauri.localhost`.
fn is_own_http(url: &tauri::Url) -> bool {
    url.host_str() == Some("tauri.localhost")
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
