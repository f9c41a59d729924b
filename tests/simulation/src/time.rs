//! Time: what is true, what the device believes, what the provider says.

use satchel_core::clock::{Moment, UnixMs};

pub const SECOND: u64 = 1_000;
pub const MINUTE: u64 = 60 * SECOND;
pub const HOUR: u64 = 60 * MINUTE;

pub const EPOCH: UnixMs = 1_800_000_000_000;

/// The device's clocks over true time.
pub struct DeviceClock {
    boot: u64,
    boot_began: u64,
    wall_ahead_ms: i64,
}

impl DeviceClock {
    /// A device that has run for a while.
    pub fn new() -> Self {
        Self { boot: 1, boot_began: 0, wall_ahead_ms: 0 }
    }

    pub fn at(&self, now: u64) -> Moment {
        Moment {
            wall_ms: EPOCH + now as i64 + self.wall_ahead_ms,
            boot_ms: now - self.boot_began,
            boot: self.boot,
        }
    }

    pub fn reboot(&mut self, now: u64) {
        self.boot += 1;
        self.boot_began = now;
    }

    pub fn jump(&mut self, ms: i64) {
        self.wall_ahead_ms += ms;
    }
}
