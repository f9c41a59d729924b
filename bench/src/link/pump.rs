//! Carries packets from one device to another as a [`Shaper`] says, and counts them.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use anyhow::Result;
use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::shape::{Fate, Shaper};
use super::tun::Tun;

/// What one direction has carried.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    /// Packets that took airtime.
    pub(crate) packets: u64,
    /// Their bytes, IP headers included.
    pub(crate) bytes: u64,
    /// Those of them that did not arrive.
    pub(crate) lost: u64,
    /// Packets that found the queue full; they took no airtime.
    pub(crate) dropped: u64,
    /// When the first one came.
    pub(crate) first: Option<SystemTime>,
}

/// A tally that two threads share.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counter(Arc<Mutex<Tally>>);

impl Counter {
    /// What was counted since the last time, and starts anew.
    pub(crate) fn take(&self) -> Tally {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn count(&self, fate: Fate, bytes: usize) {
        let mut tally = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tally.first.get_or_insert_with(SystemTime::now);
        if fate == Fate::Dropped {
            tally.dropped += 1;
            return;
        }
        tally.packets += 1;
        tally.bytes += bytes as u64;
        tally.lost += u64::from(fate == Fate::Lost);
    }
}

/// Longest sleep: how soon the end is noticed.
const SLEEP_MAX: Duration = Duration::from_millis(50);

/// Carries packets until `stop`.
///
/// # Errors
/// When a device is gone.
pub(crate) fn carry(
    (from, to): (&Tun, &Tun),
    mut shaper: Shaper,
    counter: &Counter,
    stop: &AtomicBool,
) -> Result<()> {
    let began = Instant::now();
    let mut on_the_way: VecDeque<(Duration, Vec<u8>)> = VecDeque::new();
    let mut buffer = vec![0; 1 << 16];
    while !stop.load(Ordering::Relaxed) {
        let now = began.elapsed();
        while let Some((_, packet)) = on_the_way.pop_front_if(|(at, _)| *at <= now) {
            to.write(&packet)?;
        }
        let wait = on_the_way.front().map_or(SLEEP_MAX, |(at, _)| at.saturating_sub(now));
        let wait = Timespec::try_from(wait.min(SLEEP_MAX))?;
        let mut wanted = [PollFd::new(from, PollFlags::IN)];
        // Interrupted or not: the loop looks again.
        let _ = poll(&mut wanted, Some(&wait));
        while let Some(bytes) = from.read(&mut buffer)? {
            let fate = shaper.offer(began.elapsed(), bytes);
            counter.count(fate, bytes);
            if let (Fate::Arrives(at), Some(packet)) = (fate, buffer.get(..bytes)) {
                on_the_way.push_back((at, packet.to_vec()));
            }
        }
    }
    Ok(())
}
