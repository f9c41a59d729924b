//! What a worker gives up before it reads its first byte: a port, with a side for each system.

use serde::{Deserialize, Serialize};

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "linux")]
pub(super) use linux::confine;

/// What this system took from a worker. On every system it is a process of its own, killed from
/// outside when it takes too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confinement {
    /// Its memory and time are limited by the system.
    pub limits: bool,
    /// It can reach no file and no network by the system's access rules (Linux: landlock).
    pub files: bool,
    /// It can make no system call that decoding does not need (Linux: seccomp).
    pub calls: bool,
}

/// Nothing beyond the process itself is built for this system: it is killed when it takes too long,
/// and neither its memory nor its reach is limited.
#[cfg(not(target_os = "linux"))]
pub(super) fn confine() -> Result<Confinement, std::convert::Infallible> {
    Ok(Confinement { limits: false, files: false, calls: false })
}
