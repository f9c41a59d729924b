//! Keeps other programs out of this process.

/// Why the process could not be guarded.
#[derive(Debug, thiserror::Error)]
#[error("other programs cannot be kept out of its memory: {0}")]
pub struct Unguarded(pub(crate) std::io::Error);

/// Switches off core dumps, here and in whatever is started from here, and on Linux tracing and
/// reading by other programs of the same user. Elsewhere the system's own rules hold. A program
/// that is started from here can be traced again: Linux takes that back at every `exec`.
///
/// # Errors
/// [`Unguarded`], after which nothing secret may be opened.
pub fn guard() -> Result<(), Unguarded> {
    untraced()?;
    undumped()
}

#[cfg(target_os = "linux")]
fn untraced() -> Result<(), Unguarded> {
    use rustix::process::{DumpableBehavior, set_dumpable_behavior};
    if may_be_looked_into() {
        return Ok(());
    }
    set_dumpable_behavior(DumpableBehavior::NotDumpable).map_err(|fault| Unguarded(fault.into()))
}

#[cfg(not(target_os = "linux"))]
fn untraced() -> Result<(), Unguarded> {
    Ok(())
}

#[cfg(unix)]
fn undumped() -> Result<(), Unguarded> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    setrlimit(Resource::Core, none).map_err(|fault| Unguarded(fault.into()))
}

#[cfg(not(unix))]
fn undumped() -> Result<(), Unguarded> {
    Ok(())
}

/// A test searches the memory of the program that it started.
#[cfg(all(target_os = "linux", feature = "test-hooks"))]
fn may_be_looked_into() -> bool {
    std::env::var_os("SATCHEL_TEST_MEMORY").is_some()
}

#[cfg(all(target_os = "linux", not(feature = "test-hooks")))]
fn may_be_looked_into() -> bool {
    false
}
