//! The environment that the program may have from its first instruction on.

use crate::process::Unguarded;

/// Sees to it that none of these names stands in the environment: when one does, the program
/// begins again in its own place without them, with the same arguments.
///
/// # Errors
/// [`Unguarded`] when it cannot begin again.
#[cfg(unix)]
pub fn settle(without: &[&str]) -> Result<(), Unguarded> {
    use std::os::unix::process::CommandExt;
    if without.iter().all(|name| std::env::var_os(name).is_none()) {
        return Ok(());
    }
    let program = std::env::current_exe().map_err(Unguarded)?;
    let mut again = std::process::Command::new(program);
    again.args(std::env::args_os().skip(1));
    for name in without {
        again.env_remove(name);
    }
    Err(Unguarded(again.exec()))
}

/// Elsewhere nothing drives the window through the environment.
///
/// # Errors
/// None.
#[cfg(not(unix))]
pub fn settle(_: &[&str]) -> Result<(), Unguarded> {
    Ok(())
}
