//! Delivery: exactly-once effect over APIs that have no idempotency key.
//!
//! [`Submission`] is one account's submission, a pure function of its events. [`SyncEngine`]
//! decides what
//! happens next for all of them; it neither sends, reads nor sleeps.

mod decide;
mod engine;
mod event;
mod line;
mod mark;
mod mutation;
mod outcome;
mod speed;
mod state;
mod step;
mod submission;
#[cfg(test)]
mod testing;

pub use decide::{Next, Sight, next};
pub use engine::{Effect, EngineEvent, SyncEngine, Waiting};
pub use event::{Correction, Event, Recorded};
pub use line::Line;
#[cfg(feature = "test-hooks")]
pub use mutation::plant;
pub use mutation::{Mutation, planted};
pub use outcome::{Ambiguity, Definite, NotSentWhy, Outcome, Receipt};
pub use state::{Actor, Refusal, SubmissionState, Why};
pub use step::{Reading, Step};
pub use submission::{Deadline, Finish, IllegalEvent, PhotoSent, Submission, SubmissionPhoto};
