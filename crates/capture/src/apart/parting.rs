//! How a worker ended, and which fault that is.

use std::process::ExitStatus;

use crate::fault::CaptureFault;

/// Exit code when the system refused a limit.
pub(super) const UNCONFINED: u8 = 87;
/// Exit code after a panic, and when the pipe broke or carried what cannot be read.
pub(super) const BROKEN: u8 = 88;

/// What the standard library says, before it aborts, when the system gives no more memory: the one
/// sign of it, as the abort looks like any other.
const NO_MEMORY: &[u8] = b"memory allocation of";

/// The system's signal for a process that used up its time.
#[cfg(unix)]
const SIGXCPU: i32 = 24;

/// Names the fault for a worker that ended by itself while it owed an answer.
pub(super) fn fault(status: ExitStatus, last_words: &[u8]) -> CaptureFault {
    if last_words.windows(NO_MEMORY.len()).any(|words| words == NO_MEMORY) {
        return CaptureFault::TooMuchMemory;
    }
    #[cfg(unix)]
    if std::os::unix::process::ExitStatusExt::signal(&status) == Some(SIGXCPU) {
        return CaptureFault::TooSlow;
    }
    if status.code() == Some(i32::from(UNCONFINED)) {
        return CaptureFault::WorkerUnavailable;
    }
    CaptureFault::WorkerCrashed
}
