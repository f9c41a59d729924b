//! The camera's permission: the page may ask for the camera and for nothing else.

use tauri::WebviewWindow;

#[cfg(target_os = "linux")]
pub(crate) fn allow(window: &WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::glib::object::Cast;
    use webkit2gtk::{
        PermissionRequestExt, SettingsExt, UserMediaPermissionRequest,
        UserMediaPermissionRequestExt, WebViewExt,
    };
    window.with_webview(|view| {
        let view = view.inner();
        if let Some(settings) = WebViewExt::settings(&view) {
            settings.set_enable_media_stream(true);
            settings.set_enable_mock_capture_devices(mock_camera());
        }
        view.connect_permission_request(|_, request| {
            let camera = request
                .downcast_ref::<UserMediaPermissionRequest>()
                .is_some_and(|media| media.is_for_video_device() && !media.is_for_audio_device());
            if camera {
                request.allow()
            } else {
                request.deny()
            }
            true
        });
    })
}

/// Elsewhere the system itself asks the person.
#[cfg(not(target_os = "linux"))]
pub(crate) fn allow(_: &WebviewWindow) -> tauri::Result<()> {
    Ok(())
}

#[cfg(target_os = "linux")]
fn mock_camera() -> bool {
    cfg!(feature = "test-hooks") && std::env::var_os("SATCHEL_TEST_CAMERA").is_some()
}
