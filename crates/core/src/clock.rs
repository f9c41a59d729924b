//! Time as an argument: wall time for people, boot time for waits.

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01 UTC.
pub type UnixMs = i64;

/// One reading of both clocks. Wall time may jump; boot time only grows, within one boot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Moment {
    /// Wall time in milliseconds since 1970-01-01 UTC.
    pub wall_ms: UnixMs,
    /// Milliseconds since the machine started, suspends included.
    pub boot_ms: u64,
    /// Which start of the machine `boot_ms` counts from.
    pub boot: u64,
}

impl Moment {
    /// Boot time passed since `earlier`, or `None` when the machine was started anew in between.
    pub fn since(&self, earlier: &Moment) -> Option<u64> {
        (self.boot == earlier.boot).then(|| self.boot_ms.saturating_sub(earlier.boot_ms))
    }

    /// Wall time passed since `earlier`, never negative.
    pub fn wall_since(&self, earlier: &Moment) -> u64 {
        u64::try_from(self.wall_ms.saturating_sub(earlier.wall_ms)).unwrap_or(0)
    }

    /// This moment `ms` later on both clocks.
    pub fn plus(&self, ms: u64) -> Moment {
        Moment {
            wall_ms: self.wall_ms.saturating_add_unsigned(ms),
            boot_ms: self.boot_ms.saturating_add(ms),
            boot: self.boot,
        }
    }
}
