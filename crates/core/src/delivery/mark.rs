//! A moment from which a window of the provider counts.

use super::mutation::{Mutation, planted};
use super::submission::Telling;
use crate::clock::{Moment, UnixMs};

/// When something came to be at the provider, as narrowly as this device can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Mark {
    /// It is not older than this.
    from: Moment,
    /// It is not younger than this.
    at: Moment,
    /// The provider's clock at `at`, where it told.
    server_ms: Option<UnixMs>,
    /// The first moment known of the boot that followed; the wait starts anew from there.
    anew: Option<Moment>,
}

impl Mark {
    pub(super) fn new(from: Moment, at: Moment, server_ms: Option<UnixMs>) -> Self {
        Self { from, at, server_ms, anew: None }
    }

    pub(super) fn at(at: Moment) -> Self {
        Self::new(at, at, None)
    }

    /// Whether less than `limit_ms` have passed for certain.
    pub(super) fn surely_within(
        &self,
        now: &Moment,
        server_now: Option<UnixMs>,
        limit_ms: u64,
    ) -> bool {
        self.surely_left_ms(now, server_now, limit_ms).is_some()
    }

    /// Milliseconds for which less than `limit_ms` will have passed for certain. `None` when they
    /// may have passed.
    pub(super) fn surely_left_ms(
        &self,
        now: &Moment,
        server_now: Option<UnixMs>,
        limit_ms: u64,
    ) -> Option<u64> {
        let age = match (now.since(&self.from), self.server_age(server_now)) {
            (Some(boot), Some(server)) => boot.max(server),
            (Some(age), None) | (None, Some(age)) => age,
            (None, None) => return None,
        };
        limit_ms.checked_sub(age).filter(|left| *left > 0)
    }

    /// Milliseconds until at least `limit_ms` have passed for certain; 0 when they have.
    pub(super) fn left_ms(&self, now: &Moment, server_now: Option<UnixMs>, limit_ms: u64) -> u64 {
        let age = match (now.since(&self.at), self.server_age(server_now)) {
            (Some(boot), Some(server)) => boot.min(server),
            (Some(age), None) | (None, Some(age)) => age,
            (None, None) => self.anew.and_then(|anew| now.since(&anew)).unwrap_or(0),
        };
        let age = if planted(Mutation::FenceByWallClock) { now.wall_since(&self.at) } else { age };
        limit_ms.saturating_sub(age)
    }

    /// Whether at least `limit_ms` have passed for certain.
    pub(super) fn surely_past(
        &self,
        now: &Moment,
        server_now: Option<UnixMs>,
        limit_ms: u64,
    ) -> bool {
        self.left_ms(now, server_now, limit_ms) == 0
    }

    /// Whether only the provider's clock can tell the age: the machine was started anew since.
    pub(super) fn needs_date(&self, now: &Moment) -> bool {
        self.server_ms.is_some() && now.since(&self.at).is_none()
    }

    pub(super) fn server_ms(&self) -> Option<UnixMs> {
        self.server_ms
    }

    /// Learns the provider's clock at `at`, once.
    pub(super) fn date(&mut self, server_ms: Option<UnixMs>) {
        self.server_ms = self.server_ms.or(server_ms);
    }

    /// A clock that ran backwards tells no age.
    fn server_age(&self, server_now: Option<UnixMs>) -> Option<u64> {
        u64::try_from(server_now?.saturating_sub(self.server_ms?)).ok()
    }

    /// Whether the current boot is not known to this mark.
    pub(super) fn is_of_another_boot(&self, now: &Moment) -> bool {
        self.at.boot != now.boot && self.anew.is_none_or(|anew| anew.boot != now.boot)
    }

    pub(super) fn restarted(&mut self, at: Moment) {
        if self.is_of_another_boot(&at) {
            self.anew = Some(at);
        }
    }

    pub(super) fn retold(&self, telling: &Telling) -> Self {
        Self {
            from: telling.by_boot(&self.from),
            at: telling.by_boot(&self.at),
            server_ms: self.server_ms.map(|ms| telling.by_server(ms)),
            anew: self.anew.map(|anew| telling.by_boot(&anew)),
        }
    }
}
