//! Opening the app for one command.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use satchel_app::api::VaultUnlockRequest;
use satchel_app::{Clock, CreateOptions, Darkroom, Folder, Ports, Satchel};

use crate::print::Fault;

/// The app over the folder that the command line names; nothing is open yet.
pub(crate) fn app(data: Option<&Path>) -> Result<Satchel, Fault> {
    let folder = match data {
        Some(folder) => folder.to_owned(),
        None => usual_folder()?,
    };
    let ports = Ports {
        clock: clock(),
        transports: satchel_app::real_transports(),
        darkroom: Darkroom::apart(),
        keychain: satchel_app::system_keychain(),
        changed: Arc::new(|_| {}),
        locked: Arc::new(|| {}),
    };
    Ok(Satchel::new(Folder::new(folder), ports, None, create_options()))
}

/// The desktop app's own folder.
fn usual_folder() -> Result<PathBuf, Fault> {
    let data = std::env::var_os("XDG_DATA_HOME").map(PathBuf::from).or_else(|| {
        std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local").join("share"))
    });
    data.map(|data| data.join("app.satchel.desk"))
        .ok_or_else(|| Fault::Usage("name the app's folder with --data DIR".to_owned()))
}

/// Opens the vault.
pub(crate) fn unlocked(data: Option<&Path>, passphrase: Option<&Path>) -> Result<Satchel, Fault> {
    unlocked_with(data, passphrase).map(|(satchel, _)| satchel)
}

/// Opens the vault, and gives the passphrase back for what asks for it again.
pub(crate) fn unlocked_with(
    data: Option<&Path>,
    passphrase: Option<&Path>,
) -> Result<(Satchel, String), Fault> {
    let satchel = app(data)?;
    let passphrase = read_passphrase(passphrase)?;
    satchel.vault_unlock(&VaultUnlockRequest { passphrase: passphrase.clone() })?;
    Ok((satchel, passphrase))
}

/// The passphrase in a file, without the line's end.
pub(crate) fn read_passphrase(from: Option<&Path>) -> Result<String, Fault> {
    let from = from.ok_or_else(|| {
        Fault::Usage("give the passphrase with --passphrase-file FILE".to_owned())
    })?;
    let text = read_text(from)?;
    Ok(text.strip_suffix('\n').map_or(text.as_str(), |t| t.trim_end_matches('\r')).to_owned())
}

/// A file's text, or standard input's for `-`.
pub(crate) fn read_text(from: &Path) -> Result<String, Fault> {
    if from == Path::new("-") {
        let mut text = String::new();
        return match std::io::stdin().read_to_string(&mut text) {
            Ok(_) => Ok(text),
            Err(fault) => Err(Fault::Usage(format!("standard input: {fault}"))),
        };
    }
    std::fs::read_to_string(from)
        .map_err(|fault| Fault::Usage(format!("{}: {fault}", from.display())))
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

#[cfg(not(feature = "test-hooks"))]
fn create_options() -> CreateOptions {
    CreateOptions::default()
}

#[cfg(feature = "test-hooks")]
fn create_options() -> CreateOptions {
    match std::env::var_os("SATCHEL_TEST_COST") {
        Some(_) => CreateOptions { cost: satchel_app::Cost::for_tests() },
        None => CreateOptions::default(),
    }
}
