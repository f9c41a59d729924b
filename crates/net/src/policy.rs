//! Limits of the transport, each with its reason.

use std::time::Duration;

/// Limits of waiting. Tests shorten them; the program uses [`Limits::default`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest time for name, connection and TLS together.
    pub connect: Duration,
    /// The longest time in which no byte moves. Not a total: a photo on a slow link takes minutes.
    pub stall: Duration,
    /// The longest time for one answer once it began, so that a server that trickles bytes cannot
    /// hold a lane: [`ANSWER_BYTES_MAX`] at [`SLOWEST_BYTES_PER_S`] fits.
    pub answer: Duration,
    /// The slowest link that is still waited for, in bytes per second.
    pub slowest_bytes_per_s: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(15),
            stall: Duration::from_secs(30),
            answer: Duration::from_secs(600),
            slowest_bytes_per_s: SLOWEST_BYTES_PER_S,
        }
    }
}

/// The largest answer that is read. Answers of providers are kilobytes; a longer one is somebody
/// else's.
pub const ANSWER_BYTES_MAX: usize = 4 << 20;

/// The slowest link that is still waited for: 64 kbit/s. What was handed to the operating system
/// may sit in its buffers, unseen, and needs this long to drain.
pub const SLOWEST_BYTES_PER_S: u64 = 8_000;

/// Requests in flight until a server is known to speak HTTP/2, and for good where it does not: each
/// holds a connection of its own, and more of them gain nothing on a slow link.
pub const HTTP1_CONNECTIONS_MAX: usize = 4;

/// Of those, how many may carry a body over [`SMALL_BYTES_MAX`], so that a small call finds a
/// connection while photos take minutes on the others.
pub const HTTP1_PHOTOS_MAX: usize = HTTP1_CONNECTIONS_MAX - 1;

/// Answers of a form are smaller than this, photos are larger.
pub const SMALL_BYTES_MAX: usize = 32 << 10;

/// How much of a body is handed over at a time: small enough that a slow link shows progress
/// between two pieces well within the stall limit, and with the 9 bytes of an HTTP/2 frame's head
/// exactly one TLS record, so that nothing is spent on halves.
pub const PIECE_BYTES: usize = (16 << 10) - 9;
