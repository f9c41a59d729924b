//! How fast photos get through on a connection.

use crate::policy::SPEED_OVER_MS;

/// Bytes of photos that were acknowledged, over the time in which any photo was out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Speed {
    bytes: u64,
    busy_ms: u64,
    counted_to: u64,
}

impl Speed {
    /// A photo goes out while `others` are out already.
    pub(super) fn started(&mut self, others: usize, boot_ms: u64) {
        if others == 0 {
            self.counted_to = boot_ms;
        }
    }

    /// A photo was acknowledged.
    pub(super) fn acknowledged(&mut self, bytes: u64, boot_ms: u64) {
        if self.busy_ms > SPEED_OVER_MS {
            self.bytes /= 2;
            self.busy_ms /= 2;
        }
        self.bytes = self.bytes.saturating_add(bytes);
        self.busy_ms = self.busy_ms.saturating_add(boot_ms.saturating_sub(self.counted_to));
        self.counted_to = boot_ms;
    }

    /// A photo came to no end that tells a speed: a stall or a suspend is none of the link's.
    pub(super) fn broken(&mut self, boot_ms: u64) {
        self.counted_to = boot_ms;
    }

    /// How long `bytes` would take beside `others`, in milliseconds. `None` before the first photo.
    pub(super) fn forecast_ms(&self, bytes: u64, others: usize) -> Option<u64> {
        let shared = u64::try_from(others).unwrap_or(u64::MAX).saturating_add(1);
        let needed = u128::from(bytes) * u128::from(self.busy_ms) * u128::from(shared);
        let forecast = needed.checked_div(u128::from(self.bytes))?;
        Some(u64::try_from(forecast).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn before_the_first_photo_nothing_is_forecast() {
        assert_eq!(Speed::default().forecast_ms(1, 0), None);
    }

    #[test]
    fn the_forecast_is_the_time_of_as_many_bytes_before() {
        let mut speed = Speed::default();
        speed.started(0, 1_000);
        speed.acknowledged(300_000, 61_000);
        assert_eq!(speed.forecast_ms(600_000, 0), Some(120_000));
        assert_eq!(speed.forecast_ms(600_000, 1), Some(240_000), "the link is shared");
    }

    #[test]
    fn photos_side_by_side_count_their_time_once() {
        let mut speed = Speed::default();
        speed.started(0, 0);
        speed.started(1, 10_000);
        speed.acknowledged(100_000, 50_000);
        speed.acknowledged(100_000, 60_000);
        assert_eq!(speed.forecast_ms(200_000, 0), Some(60_000));
    }

    #[test]
    fn a_stall_tells_no_speed() {
        let mut speed = Speed::default();
        speed.started(0, 0);
        speed.acknowledged(100_000, 10_000);
        speed.started(0, 20_000);
        speed.broken(9_000_000);
        assert_eq!(speed.forecast_ms(100_000, 0), Some(10_000));
    }

    #[test]
    fn what_is_long_ago_counts_less() {
        let mut speed = Speed::default();
        speed.started(0, 0);
        speed.acknowledged(1_000, 2 * SPEED_OVER_MS);
        speed.acknowledged(1_000_000, 2 * SPEED_OVER_MS + 1_000);
        assert!(speed.forecast_ms(1_000_000, 0).is_some_and(|ms| ms < SPEED_OVER_MS + 2_000));
    }
}
