//! When the vault locks by itself: after a time without use, and when the system says so.

use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::api::ApiError;
use crate::satchel::Satchel;

/// Shortest time without use that can be chosen, in seconds: less would lock who reads a form.
const IDLE_S_MIN: u64 = 30;

/// Longest time without use that can be chosen, in seconds: a box full of identity documents is
/// not left open for a morning.
const IDLE_S_MAX: u64 = 1_800;

/// Longest sleep between two looks: the clock may be turned, and a suspend stops no boot time.
const LOOK_MAX: Duration = Duration::from_secs(5);

/// Longest sleep while tests move the clock.
const LOOK_MOVED: Duration = Duration::from_millis(50);

/// What the system says that ends an open vault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SystemSays {
    /// The screen was locked.
    ScreenLocked,
    /// The machine is about to sleep.
    Suspending,
}

impl SystemSays {
    fn reason(self) -> &'static str {
        match self {
            Self::ScreenLocked => "screen",
            Self::Suspending => "suspend",
        }
    }
}

/// Seconds without use that a setting may ask for; what a file says otherwise is bent to it, and
/// "never" to the longest.
pub(crate) fn idle_s_within(seconds: u64) -> u64 {
    if seconds == 0 { IDLE_S_MAX } else { seconds.clamp(IDLE_S_MIN, IDLE_S_MAX) }
}

/// A chosen time without use.
pub(crate) fn idle_s_chosen(text: &str) -> Result<u64, ApiError> {
    let seconds = text.parse().map_err(|_| ApiError::new("not_a_number").at("idle_lock_s"))?;
    let within = idle_s_within(seconds) == seconds;
    within.then_some(seconds).ok_or_else(|| ApiError::new("unknown_setting").at("idle_lock_s"))
}

impl Satchel {
    /// Somebody uses the window: the time until it locks begins anew.
    pub fn used(&self) {
        self.0.used_ms.store(self.0.ports.clock.presence_ms(), Ordering::Relaxed);
    }

    /// The system said something after which nothing stays open. Returns once it is locked.
    pub fn system_says(&self, what: SystemSays) {
        // A PIN that opens again in memory ends with a suspend, open or not.
        if self.is_open() || what == SystemSays::Suspending {
            self.vault_lock(what.reason());
        }
    }

    /// Locks after the chosen time without use, counted with suspends. Runs until it is dropped;
    /// only a program with a window runs it.
    pub async fn lock_when_idle(&self) {
        loop {
            let left = self.idle_left();
            if left.is_zero() {
                let satchel = self.clone();
                // Closing waits for the disk. What happens to the thread shows in the next look.
                let _ = tokio::task::spawn_blocking(move || satchel.vault_lock("idle")).await;
            }
            let longest = if self.0.ports.clock.is_moved() { LOOK_MOVED } else { LOOK_MAX };
            tokio::time::sleep(left.clamp(LOOK_MOVED, longest)).await;
        }
    }

    /// How long the open vault stays open without use.
    fn idle_left(&self) -> Duration {
        if !self.is_open() {
            return LOOK_MAX;
        }
        let idle_ms = idle_s_within(self.state().device.idle_lock_s) * 1_000;
        let used_ms = self.0.used_ms.load(Ordering::Relaxed);
        let unused = self.0.ports.clock.presence_ms().saturating_sub(used_ms);
        Duration::from_millis(idle_ms.saturating_sub(unused))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::sync::Arc;
    use std::sync::atomic::AtomicU64;

    use satchel_core::clock::Moment;
    use satchel_core::http::TransportFault;
    use satchel_vault::CreateOptions;

    use super::*;
    use crate::folder::Folder;
    use crate::ports::{Clock, Ports};

    struct HandClock(AtomicU64);

    impl Clock for HandClock {
        fn now(&self) -> Moment {
            Moment { wall_ms: 0, boot_ms: self.0.load(Ordering::Relaxed), boot: 1 }
        }
    }

    /// An app that takes itself for open, over a folder that is not there.
    fn open() -> (Satchel, Arc<HandClock>) {
        let clock = Arc::new(HandClock(AtomicU64::new(50_000)));
        let ports = Ports {
            clock: Arc::clone(&clock) as Arc<dyn Clock>,
            transports: Arc::new(|_| Err(TransportFault::Connect)),
            darkroom: satchel_capture::Darkroom::here(),
            keychain: Arc::new(crate::MemoryKeychain::absent()),
            changed: Arc::new(|_| {}),
            locked: Arc::new(|| {}),
        };
        let folder = Folder::new("/nonexistent/satchel");
        let satchel = Satchel::new(folder, ports, None, CreateOptions::default());
        satchel.used();
        satchel.0.is_open.store(true, Ordering::Release);
        (satchel, clock)
    }

    fn pass(clock: &HandClock, seconds: u64) {
        clock.0.fetch_add(seconds * 1_000, Ordering::Relaxed);
    }

    #[test]
    fn a_window_without_use_locks_after_five_minutes_and_not_before() {
        let (satchel, clock) = open();
        assert_eq!(satchel.idle_left(), Duration::from_secs(300));
        pass(&clock, 299);
        assert_eq!(satchel.idle_left(), Duration::from_secs(1));
        pass(&clock, 1);
        assert!(satchel.idle_left().is_zero());
    }

    #[test]
    fn a_use_of_the_window_begins_the_time_anew() {
        let (satchel, clock) = open();
        pass(&clock, 299);
        satchel.used();
        pass(&clock, 299);
        assert_eq!(satchel.idle_left(), Duration::from_secs(1));
    }

    #[test]
    fn a_kiosk_locks_after_its_minute_and_no_setting_leaves_a_window_open_for_hours() {
        let (satchel, clock) = open();
        satchel.state().device.idle_lock_s = 60;
        pass(&clock, 60);
        assert!(satchel.idle_left().is_zero());
        // What an older version kept as "never", or somebody wrote into the file.
        for (kept, used) in [(0, 1_800), (5, 30), (u64::MAX, 1_800)] {
            satchel.state().device.idle_lock_s = kept;
            satchel.used();
            assert_eq!(satchel.idle_left(), Duration::from_secs(used));
        }
    }

    #[test]
    fn a_time_without_use_that_cannot_be_chosen_is_refused() {
        assert_eq!(idle_s_chosen("60").unwrap(), 60);
        for refused in ["0", "29", "1801", "-1", "soon", "18446744073709551616"] {
            assert!(idle_s_chosen(refused).is_err(), "{refused}");
        }
    }
}
