//! The desktop shell: the window, its commands, the camera's permission, and the practice provider.
//!
//! Owns: everything of Tauri. Must not know: what an onboarding is, when something is sent. Each
//! command is
//! one call into `satchel-app`.

mod all_commands;
mod arguments;
mod camera;
mod commands;
mod gate;
#[cfg(test)]
mod golden_tests;
mod keeping;
mod locking;
#[cfg(test)]
mod payloads;
mod practice;
mod window;

#[cfg(test)]
include!("../command_names.rs");

use std::process::ExitCode;
use std::sync::Arc;

use satchel_app::api::ChangedView;
use satchel_app::{Clock, Darkroom, Folder, Ports, Satchel};
use tauri::{AppHandle, Emitter, Manager};

/// Runs the program until its window is closed.
///
/// A process that was started to decode photos does that alone: it opens no window and reads
/// nothing but its pipe.
pub fn run() -> ExitCode {
    if let Err(fault) = satchel_system::guard() {
        return refused(&fault);
    }
    if satchel_app::is_photo_worker() {
        return satchel_app::photo_worker();
    }
    if let Err(fault) = satchel_system::settle(arguments::NOT_FOR_PEOPLE) {
        return refused(&fault);
    }
    let arguments = arguments::Arguments::read();
    // Another provider can only be there already when tests start the app in their own process.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let built = tauri::Builder::default()
        .plugin(tauri_plugin_opener::init())
        .invoke_handler(gate::before(commands::handler()))
        .setup(move |app| {
            let folder = match &arguments.data {
                Some(folder) => folder.clone(),
                None => app.path().app_data_dir()?,
            };
            let satchel = satchel(app.handle(), Folder::new(&folder));
            app.manage(satchel.clone());
            locking::keep_watch(&satchel);
            tauri::async_runtime::spawn(async move { satchel.run().await });
            window::open(app.handle(), &folder)?;
            Ok(())
        })
        .build(tauri::generate_context!());
    match built {
        Ok(app) => {
            app.run(|app, event| {
                if let tauri::RunEvent::Exit = event {
                    app.state::<Satchel>().vault_lock("hand");
                }
            });
            ExitCode::SUCCESS
        }
        Err(fault) => {
            eprintln!("Satchel could not start: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn refused(fault: &satchel_system::Unguarded) -> ExitCode {
    eprintln!("Satchel does not start: {fault}");
    ExitCode::FAILURE
}

fn satchel(app: &AppHandle, folder: Folder) -> Satchel {
    let (app, drawn) = (app.clone(), app.clone());
    let ports = Ports {
        clock: clock(),
        transports: satchel_app::real_transports(),
        darkroom: Darkroom::apart(),
        keychain: satchel_app::system_keychain(),
        changed: Arc::new(move |changed: ChangedView| {
            // A window that is gone has nothing to be told.
            let _ = app.emit("changed", changed);
        }),
        locked: Arc::new(move || window::renew(&drawn)),
    };
    let practice = Arc::new(practice::BundledProvider::default());
    Satchel::new(folder, ports, Some(practice), arguments::create_options())
}

#[cfg(not(feature = "test-hooks"))]
fn clock() -> Arc<dyn Clock> {
    Arc::new(satchel_app::SystemClock::new())
}

#[cfg(feature = "test-hooks")]
fn clock() -> Arc<dyn Clock> {
    match satchel_app::MovedClock::from_environment() {
        Some(clock) => Arc::new(clock),
        None => Arc::new(satchel_app::SystemClock::new()),
    }
}
