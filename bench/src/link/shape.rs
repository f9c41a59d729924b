//! What a link does to one packet: it takes airtime, waits in a bounded queue, may be lost, and
//! arrives later. No clock and no device here.

use std::time::Duration;

use satchel_fixtures::Chance;

/// What a link is like, in each direction alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Character {
    /// Bits per second on the air, IP headers included.
    pub(crate) bits_per_s: f64,
    /// The way there and back without any load, in milliseconds.
    pub(crate) round_trip_ms: u64,
    /// Up to this much more on each way, in milliseconds; packets do not overtake each other.
    pub(crate) jitter_ms: u64,
    /// Share of packets that vanish after they took their airtime.
    pub(crate) loss: f64,
}

/// Packets that any modem can keep, however slow its link.
const QUEUE_PACKETS_MIN: f64 = 20.0;

/// Largest IP packet.
pub(crate) const PACKET_BYTES: f64 = 1500.0;

impl Character {
    /// What the queue in front of the link holds: what two round trips carry, as modems do that
    /// are not tuned for delay.
    pub(crate) fn queue_bytes(&self) -> f64 {
        let two_round_trips = self.bytes_per_s() * self.round_trip_ms as f64 * 2.0 / 1000.0;
        two_round_trips.max(QUEUE_PACKETS_MIN * PACKET_BYTES)
    }

    /// Bytes per second on the air.
    pub(crate) fn bytes_per_s(&self) -> f64 {
        self.bits_per_s / 8.0
    }
}

/// What becomes of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The queue was full.
    Dropped,
    /// It took its airtime and did not arrive.
    Lost,
    /// It arrives then.
    Arrives(Duration),
}

/// One direction of a link. Times count from any fixed moment.
#[derive(Debug)]
pub(crate) struct Shaper {
    character: Character,
    chance: Chance,
    free_at: Duration,
    last_arrival: Duration,
}

impl Shaper {
    /// A direction that has carried nothing yet.
    pub(crate) fn new(character: Character, seed: u64) -> Self {
        let chance = Chance::new(seed);
        Self { character, chance, free_at: Duration::ZERO, last_arrival: Duration::ZERO }
    }

    /// Takes in a packet.
    pub(crate) fn offer(&mut self, now: Duration, bytes: usize) -> Fate {
        let starts_at = self.free_at.max(now);
        let waiting_bytes = (starts_at - now).as_secs_f64() * self.character.bytes_per_s();
        if waiting_bytes + bytes as f64 > self.character.queue_bytes() {
            return Fate::Dropped;
        }
        let airtime = bytes as f64 / self.character.bytes_per_s();
        self.free_at = starts_at + Duration::from_secs_f64(airtime);
        let is_lost = f64::from(self.chance.share()) < self.character.loss;
        let jitter_ms = self.character.jitter_ms as f64 * f64::from(self.chance.share());
        if is_lost {
            return Fate::Lost;
        }
        let way_ms = self.character.round_trip_ms as f64 / 2.0 + jitter_ms;
        let arrival = self.free_at + Duration::from_secs_f64(way_ms / 1000.0);
        self.last_arrival = self.last_arrival.max(arrival);
        Fate::Arrives(self.last_arrival)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINK: Character =
        Character { bits_per_s: 64_000.0, round_trip_ms: 600, jitter_ms: 0, loss: 0.0 };

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn a_packet_takes_its_airtime_and_half_a_round_trip() {
        let mut shaper = Shaper::new(LINK, 1);
        assert_eq!(shaper.offer(ms(0), 800), Fate::Arrives(ms(400)));
        assert_eq!(shaper.offer(ms(0), 800), Fate::Arrives(ms(500)), "behind the first one");
        assert_eq!(shaper.offer(ms(1_000), 800), Fate::Arrives(ms(1_400)), "the link was free");
    }

    #[test]
    fn the_queue_is_bounded_and_empties() {
        let mut shaper = Shaper::new(LINK, 1);
        let held = (0..100).take_while(|_| shaper.offer(ms(0), 1500) != Fate::Dropped).count();
        assert_eq!(held, 20);
        assert_ne!(shaper.offer(ms(200), 1500), Fate::Dropped);
    }

    #[test]
    fn as_many_are_lost_as_the_link_loses_and_the_seed_decides_which() {
        let lossy = Character { loss: 0.01, jitter_ms: 10, ..LINK };
        let fates = |seed| -> Vec<Fate> {
            let mut shaper = Shaper::new(lossy, seed);
            (0..20_000).map(|n| shaper.offer(ms(n * 200), 1500)).collect()
        };
        let lost = fates(7).iter().filter(|fate| **fate == Fate::Lost).count();
        assert!((150..250).contains(&lost), "{lost}");
        assert_eq!(fates(7), fates(7));
        assert_ne!(fates(7), fates(8));
    }

    #[test]
    fn jitter_delays_and_never_reorders() {
        let mut shaper = Shaper::new(Character { jitter_ms: 300, ..LINK }, 3);
        let mut last = Duration::ZERO;
        for n in 0..500 {
            let Fate::Arrives(at) = shaper.offer(ms(n * 20), 100) else { continue };
            assert!(at >= last && at <= ms(n * 20 + 13 + 300 + 300), "{n}: {at:?}");
            last = at;
        }
    }
}
