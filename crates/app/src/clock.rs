//! The machine's clocks.

use std::hash::{DefaultHasher, Hash, Hasher};

use rustix::time::{ClockId, clock_gettime};
use satchel_core::clock::Moment;

use crate::ports::Clock;

/// Wall time, and time since the machine started with suspends included.
#[derive(Debug)]
pub struct SystemClock {
    boot: u64,
}

impl SystemClock {
    /// Finds out which start of the machine this is. Where the system does not tell, every start of
    /// the
    /// program counts as one, which only makes waits longer.
    pub fn new() -> Self {
        let boot_id =
            std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_else(|_| {
                format!("{}-{:?}", std::process::id(), std::time::SystemTime::now())
            });
        let mut hasher = DefaultHasher::new();
        boot_id.trim().hash(&mut hasher);
        Self { boot: hasher.finish() }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(target_os = "linux")]
const SINCE_START: ClockId = ClockId::Boottime;
#[cfg(not(target_os = "linux"))]
const SINCE_START: ClockId = ClockId::Monotonic;

impl Clock for SystemClock {
    fn now(&self) -> Moment {
        let wall = clock_gettime(ClockId::Realtime);
        let boot = clock_gettime(SINCE_START);
        let ms = |t: rustix::time::Timespec| t.tv_sec * 1000 + t.tv_nsec / 1_000_000;
        Moment { wall_ms: ms(wall), boot_ms: u64::try_from(ms(boot)).unwrap_or(0), boot: self.boot }
    }
}

/// The machine's clocks, moved ahead by the milliseconds that stand in a file.
#[cfg(feature = "test-hooks")]
#[derive(Debug)]
pub struct MovedClock {
    clock: SystemClock,
    file: std::path::PathBuf,
    /// Moves how long nobody was there, and nothing else.
    absence: Option<std::path::PathBuf>,
}

#[cfg(feature = "test-hooks")]
impl MovedClock {
    /// Follows the file that `SATCHEL_TEST_CLOCK` names, if it names one.
    pub fn from_environment() -> Option<Self> {
        let file = std::env::var_os("SATCHEL_TEST_CLOCK")?;
        let absence = std::env::var_os("SATCHEL_TEST_ABSENCE").map(Into::into);
        Some(Self { clock: SystemClock::new(), file: file.into(), absence })
    }
}

#[cfg(feature = "test-hooks")]
impl Clock for MovedClock {
    fn now(&self) -> Moment {
        self.clock.now().plus(number_in(&self.file))
    }

    fn presence_ms(&self) -> u64 {
        let absent = self.absence.as_deref().map_or(0, number_in);
        self.clock.presence_ms() + absent
    }

    fn is_moved(&self) -> bool {
        true
    }
}

/// The number in a file; none is zero.
#[cfg(feature = "test-hooks")]
fn number_in(file: &std::path::Path) -> u64 {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    text.trim().parse().unwrap_or(0)
}
