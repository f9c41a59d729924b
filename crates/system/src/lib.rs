//! What the operating system does for secrecy: no dumps, no tracing, memory that is wiped when it
//! is freed, and its word when the screen is locked or the machine sleeps.
//!
//! Owns: the limits of the process, its allocator, the desktop's signals. Must not know: what is
//! kept secret.

mod environment;
mod memory;
mod process;
#[cfg(target_os = "linux")]
mod signals;

pub use environment::settle;
pub use process::{Unguarded, guard};
#[cfg(target_os = "linux")]
pub use signals::{Heard, Said, listen, of_the_machine, of_the_screen};
