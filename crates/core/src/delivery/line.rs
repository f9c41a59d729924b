//! A connection's health: when it may be used, and why not.

use std::collections::VecDeque;

use super::mutation::{Mutation, planted};
use super::outcome::{Ambiguity, NotSentWhy, Outcome};
use super::speed::Speed;
use super::state::Why;
use super::step::Step;
use crate::chance::Chance;
use crate::clock::{Moment, UnixMs};
use crate::policy::{
    BACK_OFF_MAX_MS, BACK_OFF_MIN_MS, CIRCUIT_FAULTS, CLOCKS_APART_MS, FRESH_MS, LANES_MAX,
    PACE_BURST, PACE_MS, PACE_WINDOW_MS, PACE_WINDOW_STARTS, PHOTO_LANES_MAX, POLL_PACE_MS,
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
    /// Our credentials were refused by a page for people: perhaps not the provider's word.
    pub refused_by_page: bool,
    server: Option<(UnixMs, Moment)>,
    faults: u32,
    is_open_circuit: bool,
    wait_until: u64,
    throttled_until: u64,
    /// When every request so far would have started, one after the other at the pace.
    paced_until: u64,
    /// The latest starts, as many as one window may have.
    starts: VecDeque<u64>,
    next_poll: u64,
    in_flight: usize,
    photos_in_flight: usize,
    speed: Speed,
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

    /// Whether it rests until somebody acts.
    pub(super) fn stopped(&self) -> bool {
        self.paused || self.refused()
    }

    /// Whether another request may start now.
    pub(super) fn free(&self, now: &Moment) -> bool {
        !self.stopped() && !self.full() && now.boot_ms >= self.free_from()
    }

    /// Whether an answer must come in before another request may start.
    pub(super) fn full(&self) -> bool {
        self.in_flight >= if self.is_open_circuit { 1 } else { LANES_MAX }
    }

    /// Whether no further photo may start before one has arrived.
    pub(super) fn full_of_photos(&self) -> bool {
        self.photos_in_flight >= PHOTO_LANES_MAX
    }

    /// Boot time from which another request may start.
    pub(super) fn free_from(&self) -> u64 {
        self.wait_until.max(self.throttled_until).max(self.next_start())
    }

    /// Boot time from which the pace lets another request start.
    fn next_start(&self) -> u64 {
        let paced = self.paced_until.saturating_sub((PACE_BURST - 1) * PACE_MS);
        let full = self.starts.len() >= PACE_WINDOW_STARTS;
        let window = self.starts.front().filter(|_| full).map_or(0, |at| at + PACE_WINDOW_MS);
        paced.max(window)
    }

    /// Boot time from which a verdict may be asked for again that nobody is looking at.
    pub(super) fn polls_from(&self) -> u64 {
        self.next_poll
    }

    /// How long photos of so many bytes would take now, in milliseconds, where that is known.
    pub(super) fn forecast_ms(&self, bytes: u64) -> Option<u64> {
        self.speed.forecast_ms(bytes, self.photos_in_flight)
    }

    pub(super) fn started(&mut self, step: &Step, now: &Moment) {
        self.in_flight += 1;
        if step.photo().is_some() {
            self.speed.started(self.photos_in_flight, now.boot_ms);
        }
        self.photos_in_flight += usize::from(step.photo().is_some());
        if planted(Mutation::PaceForgotten) {
            return;
        }
        self.paced_until = self.paced_until.max(now.boot_ms).saturating_add(PACE_MS);
        if self.starts.len() >= PACE_WINDOW_STARTS {
            let freed = self.starts.pop_front().unwrap_or_default() + PACE_WINDOW_MS;
            if now.boot_ms < freed + PACE_MS {
                // Many wait: having waited for the window is no rest that earns another burst.
                self.paced_until = now.boot_ms.saturating_add(PACE_BURST * PACE_MS);
            }
        }
        self.starts.push_back(now.boot_ms);
    }

    pub(super) fn polled(&mut self, now: &Moment) {
        self.next_poll = now.boot_ms.saturating_add(POLL_PACE_MS);
    }

    /// Learns from an outcome of a request that carried a photo of `photo_bytes`, or none.
    pub(super) fn ended(
        &mut self,
        photo_bytes: Option<u64>,
        outcome: &Outcome,
        server_ms: Option<UnixMs>,
        now: Moment,
        chance: &mut Chance,
    ) {
        self.in_flight = self.in_flight.saturating_sub(1);
        if let Some(bytes) = photo_bytes {
            self.photos_in_flight = self.photos_in_flight.saturating_sub(1);
            self.measure(bytes, outcome, &now);
        }
        match outcome {
            Outcome::Done { .. } | Outcome::Definite { .. } => self.well(server_ms, now),
            Outcome::NotDone { wait_ms } => {
                self.well(server_ms, now);
                self.throttled(*wait_ms, now, chance);
            }
            Outcome::NotSent { why } => self.not_sent(*why, now, chance),
            Outcome::Ambiguous { why } => self.ambiguous(*why, now, chance),
            Outcome::Credentials { html, .. } => {
                self.trouble = Some((Why::Credentials, now));
                self.refused_by_page = *html;
            }
        }
    }

    fn measure(&mut self, bytes: u64, outcome: &Outcome, now: &Moment) {
        match outcome {
            Outcome::Done { .. } => self.speed.acknowledged(bytes, now.boot_ms),
            Outcome::Definite { .. }
            | Outcome::NotDone { .. }
            | Outcome::NotSent { .. }
            | Outcome::Ambiguous { .. }
            | Outcome::Credentials { .. } => self.speed.broken(now.boot_ms),
        }
    }

    /// Equal jitter: all that the provider asks for, and up to half of it more.
    fn throttled(&mut self, wait_ms: Option<u64>, now: Moment, chance: &mut Chance) {
        let least = wait_ms.unwrap_or(0).clamp(THROTTLE_MIN_MS, THROTTLE_MAX_MS);
        let wait = least + chance.below(least / 2);
        let wait = if planted(Mutation::ThrottleForgotten) { 0 } else { wait };
        self.throttled_until = self.throttled_until.max(now.boot_ms.saturating_add(wait));
        if !self.refused() {
            self.trouble = Some((Why::Throttled, now));
        }
    }

    fn not_sent(&mut self, why: NotSentWhy, now: Moment, chance: &mut Chance) {
        match why {
            NotSentWhy::Network => self.cut(Why::NoNetwork, now, chance),
            NotSentWhy::Intercepted | NotSentWhy::Proxy => self.cut(Why::Intercepted, now, chance),
            NotSentWhy::Clock if self.agrees(&now) => self.cut(Why::Intercepted, now, chance),
            NotSentWhy::Clock => self.cut(Why::Clock, now, chance),
            NotSentWhy::Unmade => {}
        }
    }

    /// Whether the provider's clock is known to agree with this device's: a certificate out of its
    /// time is then somebody else's, or the provider's own mistake.
    fn agrees(&self, now: &Moment) -> bool {
        self.server_now(now).is_some_and(|ms| ms.abs_diff(now.wall_ms) <= CLOCKS_APART_MS)
    }

    fn ambiguous(&mut self, why: Ambiguity, now: Moment, chance: &mut Chance) {
        match why {
            Ambiguity::Foreign => self.cut(Why::Intercepted, now, chance),
            Ambiguity::Broken | Ambiguity::Restart => self.fault(Why::NoNetwork, now, chance),
            Ambiguity::ServerFault | Ambiguity::Unexpected => {
                self.fault(Why::ServerTrouble, now, chance);
            }
        }
    }

    /// One fault may be one item's; some in a row are the connection's.
    fn fault(&mut self, why: Why, now: Moment, chance: &mut Chance) {
        self.faults = self.faults.saturating_add(1);
        self.note(why, now);
        if self.faults >= CIRCUIT_FAULTS {
            self.rest(self.faults - CIRCUIT_FAULTS, now, chance);
        }
    }

    /// Nothing can get through: each further try is a probe.
    fn cut(&mut self, why: Why, now: Moment, chance: &mut Chance) {
        self.faults = self.faults.saturating_add(1);
        self.note(why, now);
        self.rest(self.faults, now, chance);
    }

    fn rest(&mut self, faults: u32, now: Moment, chance: &mut Chance) {
        self.is_open_circuit = true;
        self.wait_until = now.boot_ms.saturating_add(back_off_ms(faults, chance));
    }

    fn note(&mut self, why: Why, now: Moment) {
        match self.trouble {
            Some((same, _)) if same == why => {}
            Some((Why::Credentials, _)) => {}
            Some(_) | None => self.trouble = Some((why, now)),
        }
    }

    /// The provider answered. A refusal of our credentials, or its wish that we wait, outlives
    /// other answers.
    fn well(&mut self, server_ms: Option<UnixMs>, now: Moment) {
        self.faults = 0;
        self.is_open_circuit = false;
        self.wait_until = 0;
        let waits = now.boot_ms < self.throttled_until;
        if !self.refused() && !waits {
            self.trouble = None;
        }
        self.answered = Some(now);
        if let Some(ms) = server_ms {
            self.server = Some((ms, now));
        }
    }

    /// A person made or changed the connection: it is tried with what it has now.
    pub(super) fn set(&mut self, paused: bool) {
        self.paused = paused;
        self.trouble = None;
        self.refused_by_page = false;
        self.faults = 0;
        self.is_open_circuit = false;
        self.wait_until = 0;
    }

    /// Forgets our waits. Those that the provider imposed stay, and so does its refusal of our
    /// credentials, unless a page for people spoke in its place.
    pub(super) fn try_now(&mut self) {
        self.wait_until = 0;
        if self.refused_by_page {
            self.refused_by_page = false;
            self.trouble = None;
        }
    }
}

/// Full jitter between the least wait and a ceiling that doubles with each fault.
pub(super) fn back_off_ms(faults: u32, chance: &mut Chance) -> u64 {
    let ceiling = BACK_OFF_MIN_MS.saturating_mul(1 << faults.min(20)).min(BACK_OFF_MAX_MS);
    BACK_OFF_MIN_MS.saturating_add(chance.below(ceiling.saturating_sub(BACK_OFF_MIN_MS) + 1))
}
