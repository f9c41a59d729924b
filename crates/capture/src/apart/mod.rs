//! Decoding in a process apart: our own program, started with one hidden argument, which gives up
//! files, network, memory and most system calls before it reads its first byte.
//!
//! `darkroom` is what the app calls, `worker` one running process, `serve` that process's side,
//! `confine` what it gives up, `job` what is asked and answered, `wire` how that crosses a pipe.

mod confine;
mod darkroom;
mod job;
mod parting;
#[cfg(feature = "test-hooks")]
mod rehearsal;
mod serve;
mod wire;
mod worker;

pub use confine::Confinement;
pub use darkroom::Darkroom;
#[cfg(feature = "test-hooks")]
pub use rehearsal::{Probe, Rehearsal};
pub use serve::{is_photo_worker, photo_worker};
