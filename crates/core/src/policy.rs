//! Limits of delivery, each with its reason.

/// Quiesce time: how long after a request is given up it may still arrive. Nothing is reconciled
/// earlier.
pub const QUIESCE_MS: u64 = 120_000;

/// Age up to which a draft is authorized or repeated; WePay takes 30 minutes, 5 are kept for
/// clocks.
pub const DRAFT_USED_WITHIN_MS: u64 = 25 * 60_000;

/// Age from which a draft has surely expired; WePay's 30 minutes and 5 for clocks.
pub const DRAFT_EXPIRED_AFTER_MS: u64 = 35 * 60_000;

/// Age of a round's first upload up to which its files are attached; WePay deletes them after 30
/// minutes.
pub const FILES_USED_WITHIN_MS: u64 = 25 * 60_000;

/// Age of a round's first upload from which its files are surely gone.
pub const FILES_EXPIRED_AFTER_MS: u64 = 35 * 60_000;

/// How long a write whose answer was lost may still arrive on top of a later one: 40 minutes were
/// modelled, 5 are kept for clocks. Nothing that differs is written before.
pub const LATE_WRITE_MS: u64 = 45 * 60_000;

/// How long a look-up may take and still settle something. A device that slept hears an answer long
/// after it was given; fences keep 5 minutes for clocks, so 1 for the way is safe.
pub const LOOK_UP_MS: u64 = 60_000;

/// How far this device's clock may be from the provider's and still be called right: what the
/// fences keep for clocks.
pub const CLOCKS_APART_MS: u64 = 5 * 60_000;

/// How recent a verified answer must be before something with an effect is begun.
pub const FRESH_MS: u64 = 10_000;

/// First wait after a fault; doubles with each.
pub const BACK_OFF_MIN_MS: u64 = 2_000;

/// Longest wait after a fault: never days, the person is watching.
pub const BACK_OFF_MAX_MS: u64 = 15 * 60_000;

/// Least wait after the provider asked to wait; WePay counts calls in windows of 10 s.
pub const THROTTLE_MIN_MS: u64 = 10_000;

/// Longest wait that a provider may impose; beyond it the header is taken for a mistake.
pub const THROTTLE_MAX_MS: u64 = 60 * 60_000;

/// Time between two requests of one connection in a row of many: 2 a second.
pub const PACE_MS: u64 = 500;

/// Requests that may start after a rest without keeping the pace: the three of the text of four
/// submissions. On a link with long round trips the pace alone would let it lie idle meanwhile,
/// since no photo goes before.
pub const PACE_BURST: u64 = 12;

/// Requests that may start in any [`PACE_WINDOW_MS`], burst included: 2 a second as WePay counts,
/// which takes 30 in 10 s per application.
pub const PACE_WINDOW_STARTS: usize = 20;

/// How long WePay counts.
pub const PACE_WINDOW_MS: u64 = 10_000;

/// Lanes in flight per connection.
pub const LANES_MAX: usize = 8;

/// Lanes that may carry photos at a time, so that text and questions always find one free.
pub const PHOTO_LANES_MAX: usize = 6;

/// Least time between two questions after a verdict on one connection: the provider's limit is for
/// the whole application, and this is the least urgent use of it. What somebody looks at is exempt.
pub const POLL_PACE_MS: u64 = 2_000;

/// Faults of the network or the server in a row after which a connection only probes.
pub const CIRCUIT_FAULTS: u32 = 5;

/// Definite refusals of one submission after which it is set aside.
pub const REFUSALS_MAX: u32 = 3;

/// Forecast of a round's photos beyond which smaller ones are sent: its files must be attached
/// within [`FILES_USED_WITHIN_MS`].
pub const FORECAST_MAX_MS: u64 = 20 * 60_000;

/// Time over which a connection's speed is measured; what is older counts half.
pub const SPEED_OVER_MS: u64 = 10 * 60_000;

/// Asking for the state while somebody looks at the account.
pub const POLL_WATCHED_MS: u64 = 30_000;

/// Asking for the state in the first hour.
pub const POLL_FIRST_HOUR_MS: u64 = 5 * 60_000;

/// Asking for the state in the first day.
pub const POLL_FIRST_DAY_MS: u64 = 30 * 60_000;

/// Asking for the state later.
pub const POLL_LATER_MS: u64 = 4 * 60 * 60_000;

/// Asking after a verdict, since it may be reopened.
pub const POLL_ENDED_MS: u64 = 24 * 60 * 60_000;
