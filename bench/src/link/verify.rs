//! Whether an emulated link does what it says, measured from outside with UDP.

use std::net::UdpSocket;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::{Link, SERVER, Tally};

/// What was measured beside what was asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Verified {
    /// Median round trip of a small packet on the idle link, in milliseconds.
    pub(crate) round_trip_ms: f64,
    /// Bits per second that took airtime while more were offered, over those asked for.
    pub(crate) rate: f64,
}

const PORT: u16 = 7;
const ECHOES: usize = 15;

/// Longest wait for an echo; it may be lost.
const PATIENCE: Duration = Duration::from_secs(3);

/// How long the link is flooded, so that one packet more or less is below a percent.
const FLOOD: Duration = Duration::from_secs(8);

/// How far a measured round trip or rate may be from what was asked for; the echo's own airtime and
/// jitter come on top of a round trip.
const TOLERANCE: f64 = 0.05;

/// Measures an idle link.
///
/// # Errors
/// When the link is not what it says: no figure measured over it would mean anything.
pub(crate) fn verify(link: &Link) -> Result<Verified> {
    let server = link.server.inside(|| UdpSocket::bind((SERVER, PORT)))??;
    server.set_read_timeout(Some(PATIENCE))?;
    let client = link.client.inside(|| -> std::io::Result<UdpSocket> {
        let socket = UdpSocket::bind("0.0.0.0:0")?;
        socket.connect((SERVER, PORT))?;
        socket.set_read_timeout(Some(PATIENCE))?;
        Ok(socket)
    })??;
    let round_trip_ms = round_trip(&client, &server)?;
    let carried = flood(&client, link)?;
    let rate = carried.bytes as f64 / FLOOD.as_secs_f64() / link.character.bytes_per_s();
    let verified = Verified { round_trip_ms, rate };
    let wanted = link.character.round_trip_ms as f64;
    let off = (verified.round_trip_ms / wanted - 1.0).abs().max((rate - 1.0).abs());
    if off > TOLERANCE {
        bail!("the emulated link is not what it says: {verified:?} for {:?}", link.character);
    }
    Ok(verified)
}

/// One echo after the other.
fn round_trip(client: &UdpSocket, server: &UdpSocket) -> Result<f64> {
    let echo = server.try_clone()?;
    let mut took = Vec::new();
    std::thread::scope(|scope| -> Result<()> {
        let echoes = scope.spawn(move || {
            let mut buffer = [0; 64];
            // Ends when nothing comes any more.
            while let Ok((bytes, from)) = echo.recv_from(&mut buffer) {
                let Some(packet) = buffer.get(..bytes) else { break };
                if bytes == 0 || echo.send_to(packet, from).is_err() {
                    break;
                }
            }
        });
        let mut buffer = [0; 64];
        for _ in 0..ECHOES {
            let began = Instant::now();
            client.send(b"echo")?;
            if client.recv(&mut buffer).is_ok() {
                took.push(began.elapsed().as_secs_f64() * 1000.0);
            }
        }
        client.send(b"")?;
        // An echo that panicked has ended as well.
        let _ = echoes.join();
        Ok(())
    })?;
    took.sort_by(f64::total_cmp);
    took.get(took.len() / 2).copied().context("no echo came back over the emulated link")
}

/// Offers three times what the link carries: first until the queue is full, then while it is
/// counted. Returns what took airtime meanwhile, once the queue has run dry.
fn flood(client: &UdpSocket, link: &Link) -> Result<Tally> {
    let queue_s = link.character.queue_bytes() / link.character.bytes_per_s();
    let trip_s = link.character.round_trip_ms as f64 / 1000.0;
    offer(client, link, Duration::from_secs_f64(queue_s));
    link.carried();
    offer(client, link, FLOOD);
    let carried = link.carried().up;
    std::thread::sleep(Duration::from_secs_f64(queue_s + trip_s));
    link.carried();
    Ok(carried)
}

fn offer(client: &UdpSocket, link: &Link, how_long: Duration) {
    let packet = [0; 972];
    let every_s = 1000.0 / (link.character.bytes_per_s() * 3.0);
    let began = Instant::now();
    let mut sent = 0_u32;
    while began.elapsed() < how_long {
        // The kernel may refuse one when its own queue is full: that is a flood, too.
        let _ = client.send(&packet);
        sent += 1;
        let due = Duration::from_secs_f64(every_s * f64::from(sent));
        std::thread::sleep(due.saturating_sub(began.elapsed()));
    }
}
