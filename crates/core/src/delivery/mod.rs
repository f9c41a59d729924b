//! Delivery: exactly-once effect over APIs that have no idempotency key.
//!
//! [`Submission`] is one account's submission, a pure function of its events. [`SyncEngine`] decides what
//! happens next for all of them; it neither sends, reads nor sleeps.

mod event;
mod outcome;
mod state;
mod step;

pub use event::{Correction, Event, Recorded};
pub use outcome::{Ambiguity, Definite, NotSentWhy, Outcome, Receipt};
pub use state::{Actor, Refusal, SubmissionState, Why};
pub use step::{Reading, Step};
