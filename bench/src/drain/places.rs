//! The links of the benchmark, and how much is sent over each.

use crate::link::{Character, PACKET_BYTES};

/// A link and how it is told apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    /// Its word on the command line and in the figures.
    pub(crate) name: &'static str,
    /// What it stands for.
    pub(crate) about: &'static str,
    /// What it is like.
    pub(crate) character: Character,
    /// Accounts whose submissions are drained.
    pub(crate) accounts: usize,
    /// What the drain is held against.
    pub(crate) against: Against,
}

/// What the drain is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Against {
    /// What the link can carry of what is not headers and not lost.
    Capacity,
    /// Raw TCP with as many flows: one flow cannot fill a lossy link with a long round trip.
    RawTcp,
}

const fn character(bits_per_s: f64, round_trip_ms: u64, loss: f64) -> Character {
    Character { bits_per_s, round_trip_ms, jitter_ms: 5, loss }
}

/// Every link; the words are those of issue and table.
pub(crate) const PLACES: [Place; 4] = [
    Place {
        name: "gprs",
        about: "64 kbit/s, 600 ms, 1 % lost",
        character: character(64_000.0, 600, 0.01),
        accounts: 3,
        against: Against::Capacity,
    },
    Place {
        name: "edge",
        about: "384 kbit/s, 300 ms, 0.5 % lost",
        character: character(384_000.0, 300, 0.005),
        accounts: 4,
        against: Against::Capacity,
    },
    Place {
        name: "satellite",
        about: "1 Mbit/s, 600 ms",
        character: character(1_000_000.0, 600, 0.0),
        accounts: 4,
        against: Against::Capacity,
    },
    Place {
        name: "lossy-satellite",
        about: "1 Mbit/s, 600 ms, 0.2 % lost",
        character: character(1_000_000.0, 600, 0.002),
        accounts: 4,
        against: Against::RawTcp,
    },
];

/// Where one large photo has to get through: 64 kbit/s and round trips of 800 ms.
pub(crate) const FAR: Character = character(64_000.0, 800, 0.0);

/// Of a full packet what is left for a program under IPv4 and TCP with time stamps: 0.965.
const PROGRAM_SHARE: f64 = (PACKET_BYTES - 52.0) / PACKET_BYTES;

/// Bytes per second that a program could get through at best.
pub(crate) fn goodput_max(character: &Character) -> f64 {
    character.bytes_per_s() * PROGRAM_SHARE * (1.0 - character.loss)
}
