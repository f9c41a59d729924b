//! The program's own `fsync` and `fdatasync`, which SQLite inside it calls in place of the C
//! library's: counted, and made as slow as asked. Both sides of the benchmark pass through here.
#![expect(unsafe_code, reason = "symbols of the C library, in a program that is never shipped")]

use std::os::fd::BorrowedFd;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

static COUNTED: AtomicU64 = AtomicU64::new(0);
static ADDED_MICROS: AtomicU64 = AtomicU64::new(0);

/// Syncs so far.
pub(super) fn counted() -> u64 {
    COUNTED.load(Ordering::SeqCst)
}

/// From now on each sync takes this much longer.
pub(super) fn add(delay: Duration) {
    ADDED_MICROS.store(u64::try_from(delay.as_micros()).unwrap_or(u64::MAX), Ordering::SeqCst);
}

fn told(synced: rustix::io::Result<()>) -> i32 {
    COUNTED.fetch_add(1, Ordering::SeqCst);
    match ADDED_MICROS.load(Ordering::SeqCst) {
        0 => {}
        micros => std::thread::sleep(Duration::from_micros(micros)),
    }
    if synced.is_ok() { 0 } else { -1 }
}

/// # Safety
/// As the C library's: `fd` is open.
#[unsafe(no_mangle)]
unsafe extern "C" fn fsync(fd: i32) -> i32 {
    // SAFETY: the caller's promise; it is borrowed for this call alone.
    told(rustix::fs::fsync(unsafe { BorrowedFd::borrow_raw(fd) }))
}

/// # Safety
/// As the C library's: `fd` is open.
#[unsafe(no_mangle)]
unsafe extern "C" fn fdatasync(fd: i32) -> i32 {
    // SAFETY: the caller's promise; it is borrowed for this call alone.
    told(rustix::fs::fdatasync(unsafe { BorrowedFd::borrow_raw(fd) }))
}
