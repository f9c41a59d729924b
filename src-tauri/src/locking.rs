//! What ends an open vault although nobody asked for it: time without use, and the desktop's word.

use satchel_app::Satchel;

/// Watches for as long as the program runs.
pub(crate) fn keep_watch(satchel: &Satchel) {
    let idle = satchel.clone();
    tauri::async_runtime::spawn(async move { idle.lock_when_idle().await });
    heed_the_system(satchel.clone());
}

#[cfg(target_os = "linux")]
fn heed_the_system(satchel: Satchel) {
    use satchel_app::SystemSays;
    use satchel_system::Said;

    let (sender, mut receiver) = tauri::async_runtime::channel(4);
    tauri::async_runtime::spawn(satchel_system::listen(sender));
    tauri::async_runtime::spawn(async move {
        while let Some(heard) = receiver.recv().await {
            let satchel = satchel.clone();
            let what = match heard.said {
                Said::ScreenLocked => SystemSays::ScreenLocked,
                Said::Suspending => SystemSays::Suspending,
            };
            // Closing waits for the disk, and a suspend waits for `heard` to go.
            let closing = tauri::async_runtime::spawn_blocking(move || satchel.system_says(what));
            // A panic there leaves the next word to be heard.
            let _ = closing.await;
        }
    });
}

/// Elsewhere only time and hand lock.
#[cfg(not(target_os = "linux"))]
fn heed_the_system(_: Satchel) {}
