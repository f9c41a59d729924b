//! A connection's health: when it may be used, and why not.

use super::outcome::{Ambiguity, NotSentWhy, Outcome};
use super::state::Why;
use crate::chance::Chance;
use crate::clock::{Moment, UnixMs};
use crate::policy::{
    BACK_OFF_MAX_MS, BACK_OFF_MIN_MS, CIRCUIT_FAULTS, FRESH_MS, LANES_MAX, PACE_MS,
    THROTTLE_MAX_MS, THROTTLE_MIN_MS,
};

/// A connection's health.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Paused by a person.
    pub paused: bool,
    /// Why it does not work now, and since when.
    pub trouble: Option<(Why, Moment)>,
    /// When the provider last answered.
    pub answered: Option<Moment>,
    pub(super) server: Option<(UnixMs, Moment)>,
    pub(super) faults: u32,
    pub(super) wait_until: u64,
    pub(super) next_slot: u64,
    pub(super) in_flight: usize,
}

impl Line {
    /// Whether the provider answered a moment ago.
    pub(super) fn fresh(&self, now: &Moment) -> bool {
        self.answered.and_then(|at| now.since(&at)).is_some_and(|ms| ms <= FRESH_MS)
    }

    /// The provider's clock now.
    pub(super) fn server_now(&self, now: &Moment) -> Option<UnixMs> {
        let (then, at) = self.server?;
        Some(then.saturating_add_unsigned(now.since(&at)?))
    }

    /// Whether credentials are refused; only a person ends that.
    pub(super) fn refused(&self) -> bool {
        matches!(self.trouble, Some((Why::Credentials, _)))
    }

    /// Whether another request may start now.
    pub(super) fn free(&self, now: &Moment) -> bool {
        let probing = self.faults > 0;
        !self.paused
            && !self.refused()
            && now.boot_ms >= self.free_from()
            && self.in_flight < if probing { 1 } else { LANES_MAX }
    }

    /// Boot time from which another request may start.
    pub(super) fn free_from(&self) -> u64 {
        self.wait_until.max(self.next_slot)
    }

    pub(super) fn started(&mut self, now: &Moment) {
        self.in_flight += 1;
        self.next_slot = now.boot_ms.saturating_add(PACE_MS);
    }

    /// Learns from an outcome.
    pub(super) fn ended(
        &mut self,
        outcome: &Outcome,
        server_ms: Option<UnixMs>,
        now: Moment,
        chance: &mut Chance,
    ) {
        self.in_flight = self.in_flight.saturating_sub(1);
        match outcome {
            Outcome::Done { .. } | Outcome::Definite { .. } => self.well(server_ms, now),
            Outcome::NotDone { wait_ms } => {
                self.well(server_ms, now);
                let least = wait_ms.unwrap_or(0).clamp(THROTTLE_MIN_MS, THROTTLE_MAX_MS);
                let wait = least + chance.below(least / 2);
                self.wait_until = now.boot_ms.saturating_add(wait);
                self.trouble = Some((Why::Throttled, now));
            }
            Outcome::NotSent { why } => self.trouble_with(not_sent_why(*why), now, chance),
            Outcome::Ambiguous { why } => self.ambiguous(*why, now, chance),
            Outcome::Credentials { .. } => self.trouble = Some((Why::Credentials, now)),
        }
    }

    fn ambiguous(&mut self, why: Ambiguity, now: Moment, chance: &mut Chance) {
        let because = match why {
            Ambiguity::Foreign => Why::Intercepted,
            Ambiguity::Broken | Ambiguity::Restart => Why::NoNetwork,
            Ambiguity::ServerFault | Ambiguity::Unexpected => Why::ServerTrouble,
        };
        let faults = self.faults;
        self.trouble_with(because, now, chance);
        if faults + 1 < CIRCUIT_FAULTS && because == Why::ServerTrouble {
            self.faults = faults + 1;
            self.wait_until = now.boot_ms.saturating_add(PACE_MS);
        }
    }

    fn trouble_with(&mut self, why: Why, now: Moment, chance: &mut Chance) {
        self.faults = self.faults.saturating_add(1);
        self.wait_until = now.boot_ms.saturating_add(back_off_ms(self.faults, chance));
        match self.trouble {
            Some((same, _)) if same == why => {}
            Some(_) | None => self.trouble = Some((why, now)),
        }
    }

    fn well(&mut self, server_ms: Option<UnixMs>, now: Moment) {
        self.faults = 0;
        self.wait_until = 0;
        self.trouble = None;
        self.answered = Some(now);
        if let Some(ms) = server_ms {
            self.server = Some((ms, now));
        }
    }

    /// Forgets waits, never refusals.
    pub(super) fn try_now(&mut self) {
        self.wait_until = 0;
    }
}

fn not_sent_why(why: NotSentWhy) -> Why {
    match why {
        NotSentWhy::Network | NotSentWhy::Unmade => Why::NoNetwork,
        NotSentWhy::Intercepted | NotSentWhy::Proxy => Why::Intercepted,
        NotSentWhy::Clock => Why::Clock,
    }
}

/// Full jitter between the least wait and a ceiling that doubles with each fault.
pub(super) fn back_off_ms(faults: u32, chance: &mut Chance) -> u64 {
    let doublings = faults.saturating_sub(1).min(20);
    let ceiling = BACK_OFF_MIN_MS.saturating_mul(1 << doublings).min(BACK_OFF_MAX_MS);
    (BACK_OFF_MIN_MS / 2).saturating_add(chance.below(ceiling))
}
