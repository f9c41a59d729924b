//! The sandbox's clock: the wall clock plus what tests have added to it.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;

/// Sandbox time. It never goes back; it may stand still until it is advanced.
#[derive(Debug)]
pub(crate) struct Clock {
    base_ms: i64,
    base: Instant,
    frozen: bool,
}

impl Clock {
    /// A clock that runs `offset_ms` ahead of the wall clock.
    pub(crate) fn running(offset_ms: i64) -> Clock {
        Clock { base_ms: wall_ms() + offset_ms, base: Instant::now(), frozen: false }
    }

    /// A clock that stands at `at_ms` until it is advanced.
    pub(crate) fn frozen(at_ms: i64) -> Clock {
        Clock { base_ms: at_ms, base: Instant::now(), frozen: true }
    }

    pub(crate) fn is_frozen(&self) -> bool {
        self.frozen
    }

    pub(crate) fn now_ms(&self) -> i64 {
        if self.frozen {
            return self.base_ms;
        }
        let elapsed = i64::try_from(self.base.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.base_ms.saturating_add(elapsed)
    }

    pub(crate) fn advance(&mut self, by_ms: u32) {
        self.base_ms = self.base_ms.saturating_add(i64::from(by_ms));
    }

    /// How far sandbox time is ahead of the wall clock, to be kept over a restart.
    pub(crate) fn offset_ms(&self) -> i64 {
        self.now_ms() - wall_ms()
    }
}

/// Milliseconds since 1970 by this machine.
pub(crate) fn wall_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// The value of a `Date` header.
pub(crate) fn http_date(at_ms: i64) -> String {
    let at = Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH);
    DateTimePrinter::new().timestamp_to_rfc9110_string(&at).unwrap_or_default()
}

/// An instant for people: RFC 3339 in UTC.
pub(crate) fn rfc3339(at_ms: i64) -> String {
    Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}

/// An instant as Winter writes it: `2021-11-06 12:11:01 GMT-06:00`.
pub(crate) fn winter_datetime(at_ms: i64) -> String {
    let at = Timestamp::from_millisecond(at_ms).unwrap_or(Timestamp::UNIX_EPOCH);
    at.strftime("%Y-%m-%d %H:%M:%S GMT+00:00").to_string()
}

/// True when the year, month and day make a day of the calendar.
pub(crate) fn is_calendar_date(year: i64, month: i64, day: i64) -> bool {
    let (Ok(year), Ok(month), Ok(day)) =
        (i16::try_from(year), i8::try_from(month), i8::try_from(day))
    else {
        return false;
    };
    jiff::civil::Date::new(year, month, day).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frozen_clock_moves_only_when_it_is_advanced() {
        let mut clock = Clock::frozen(1_000);
        assert_eq!(clock.now_ms(), 1_000);
        clock.advance(500);
        assert_eq!(clock.now_ms(), 1_500);
    }

    #[test]
    fn the_date_header_has_the_form_of_http() {
        assert_eq!(http_date(784_111_777_000), "Sun, 06 Nov 1994 08:49:37 GMT");
    }

    #[test]
    fn a_date_must_be_in_the_calendar() {
        assert!(is_calendar_date(1900, 1, 1));
        assert!(is_calendar_date(2000, 2, 29));
        assert!(!is_calendar_date(1900, 2, 29));
        assert!(!is_calendar_date(1990, 4, 31));
    }
}
