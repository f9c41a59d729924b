//! Whether bytes still move: a request body that reports each piece taken, and a watch over it.

use std::convert::Infallible;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::{Instant, timeout_at};

use crate::policy::{Limits, PIECE_BYTES};

/// Nothing has moved for too long.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Stalled;

/// How far one exchange has got.
pub(crate) struct Pace {
    stall: Duration,
    slowest_bytes_per_s: u64,
    moved: Mutex<Instant>,
    handed_over: AtomicU64,
    /// Bytes of all exchanges that were handed over and not yet answered: they share the way out.
    underway: Arc<AtomicU64>,
}

impl Pace {
    /// The pace of an exchange that begins now.
    pub(crate) fn new(limits: &Limits, underway: Arc<AtomicU64>) -> Arc<Self> {
        let Limits { stall, slowest_bytes_per_s, .. } = *limits;
        let (moved, handed_over) = (Mutex::new(Instant::now()), AtomicU64::new(0));
        Arc::new(Self { stall, slowest_bytes_per_s, moved, handed_over, underway })
    }

    /// A piece of the request was taken to be written.
    fn handed_over(&self, bytes: usize) {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        self.handed_over.fetch_add(bytes, Ordering::Relaxed);
        self.underway.fetch_add(bytes, Ordering::Relaxed);
        self.moved();
    }

    /// A byte moved.
    pub(crate) fn moved(&self) {
        *self.moved.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// The answer began: nothing of the request waits in a buffer any more.
    pub(crate) fn answered(&self) {
        let bytes = self.handed_over.swap(0, Ordering::Relaxed);
        self.underway.fetch_sub(bytes, Ordering::Relaxed);
        self.moved();
    }

    fn deadline(&self) -> Instant {
        let moved = *self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        let underway = self.underway.load(Ordering::Relaxed);
        let draining_ms = underway.saturating_mul(1000) / self.slowest_bytes_per_s.max(1);
        moved + self.stall + Duration::from_millis(draining_ms)
    }

    /// What `work` comes to, unless nothing moves for too long.
    pub(crate) async fn watch<W: Future>(&self, work: W) -> Result<W::Output, Stalled> {
        let mut work = pin!(work);
        loop {
            let deadline = self.deadline();
            match timeout_at(deadline, work.as_mut()).await {
                Ok(output) => return Ok(output),
                Err(_) if self.deadline() <= deadline => return Err(Stalled),
                Err(_) => {}
            }
        }
    }
}

impl Drop for Pace {
    fn drop(&mut self) {
        self.answered();
    }
}

/// A request body that is handed over in pieces and reports each.
pub(crate) struct PacedBody {
    rest: Bytes,
    pace: Arc<Pace>,
}

impl PacedBody {
    /// The whole of `body`.
    pub(crate) fn new(body: Vec<u8>, pace: Arc<Pace>) -> Self {
        Self { rest: Bytes::from(body), pace }
    }
}

impl Body for PacedBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let piece_bytes = self.rest.len().min(PIECE_BYTES);
        let piece = self.rest.split_to(piece_bytes);
        self.pace.handed_over(piece.len());
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(u64::try_from(self.rest.len()).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use tokio::time::sleep;

    use super::*;

    const STALL: Duration = Duration::from_secs(30);

    #[tokio::test(start_paused = true)]
    async fn silence_is_given_up_after_the_stall_limit() {
        let pace = Pace::new(&Limits::default(), Arc::default());
        let begun = Instant::now();
        let outcome = pace.watch(std::future::pending::<()>()).await;
        assert_eq!((outcome, begun.elapsed()), (Err(Stalled), STALL));
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_exchange_that_moves_is_waited_for() {
        let pace = Pace::new(&Limits::default(), Arc::default());
        let slow = async {
            for _ in 0..20 {
                sleep(Duration::from_secs(25)).await;
                pace.moved();
            }
        };
        assert_eq!(pace.watch(slow).await, Ok(()));
    }

    #[tokio::test(start_paused = true)]
    async fn bytes_that_may_still_be_in_a_buffer_get_the_time_to_drain() {
        let pace = Pace::new(&Limits::default(), Arc::default());
        pace.handed_over(80_000);
        let begun = Instant::now();
        assert_eq!(pace.watch(std::future::pending::<()>()).await, Err(Stalled));
        assert_eq!(begun.elapsed(), STALL + Duration::from_secs(10));
    }

    #[tokio::test(start_paused = true)]
    async fn bytes_of_others_on_the_same_link_count_until_they_are_answered() {
        let underway = Arc::new(AtomicU64::new(0));
        let photo = Pace::new(&Limits::default(), Arc::clone(&underway));
        photo.handed_over(400_000);
        let text = Pace::new(&Limits::default(), Arc::clone(&underway));
        let answered_later = async {
            sleep(Duration::from_secs(60)).await;
            Ok::<_, ()>(())
        };
        assert_eq!(text.watch(answered_later).await, Ok(Ok(())));
        drop(photo);
        assert_eq!(underway.load(Ordering::Relaxed), 0);
    }
}
