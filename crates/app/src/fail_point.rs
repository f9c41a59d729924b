//! Places of the app at which a program that was built for tests dies when it is told to. In other
//! programs every function here does nothing.

use satchel_core::delivery::{Event, Step};

/// A place of the app between two things that become durable or leave one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FailPoint {
    /// Some of the stored submissions are handed to the engine, others are not.
    Starting,
    /// A photo is stored whole, and no draft names it.
    PhotoBeforeRow,
    /// A draft names the photo, and what it replaces is still there.
    PhotoAfterRow,
}

#[cfg(not(feature = "test-hooks"))]
pub(crate) use absent::{answered, in_flight, reach, recorded, recording, settled};
#[cfg(feature = "test-hooks")]
pub(crate) use present::{answered, in_flight, reach, recorded, recording, settled};

#[cfg(feature = "test-hooks")]
pub use present::fail_points;

#[cfg(not(feature = "test-hooks"))]
mod absent {
    use super::{Event, FailPoint, Step};

    pub(crate) const fn reach(_: FailPoint) {}
    pub(crate) const fn recording(_: &Event) {}
    pub(crate) const fn recorded(_: &Event) {}
    pub(crate) const fn answered(_: &Step) {}
    pub(crate) const fn settled(_: &Step) {}

    pub(crate) fn in_flight<T>(
        _: &Step,
        sending: impl Future<Output = T>,
    ) -> impl Future<Output = T> {
        sending
    }
}

#[cfg(feature = "test-hooks")]
mod present {
    use std::time::Duration;

    use satchel_vault::armed::reached;

    use super::{Event, FailPoint, Step};

    /// After this long a request is out on any loopback, and a provider that is told to be slow has
    /// not answered it.
    const OUT: Duration = Duration::from_millis(25);

    const STARTING: &str = "starting_between_submissions";
    const PHOTO_BEFORE_ROW: &str = "photo_before_row";
    const PHOTO_AFTER_ROW: &str = "photo_after_row";
    const BEFORE_RECORD: &str = "before_record";
    const AFTER_RECORD: &str = "after_record";

    /// Events whose record has a place before and after it.
    const EVENTS: [&str; 3] = ["restart", "status", "photos_added"];

    /// Steps around each of which are the same places.
    const STEPS: [&str; 6] = ["create", "authorize", "upload", "attach", "details", "side"];

    /// Before the intent is durable; after it; while bytes are out; with the answer in hand and not
    /// recorded; with all that it brings about recorded.
    const AROUND_A_STEP: [&str; 5] =
        ["before_intent", "after_intent", "in_flight", "after_answer", "after_record"];

    /// Every place, by the name under which `SATCHEL_TEST_FAIL` asks for it.
    pub fn fail_points() -> Vec<String> {
        let own = [STARTING, PHOTO_BEFORE_ROW, PHOTO_AFTER_ROW].map(str::to_owned);
        let store = satchel_vault::FailPoint::ALL.map(|point| point.name().to_owned());
        let around = |events: &[&str], places: &[&str]| -> Vec<String> {
            let of = |event| places.iter().map(move |place| format!("{event}_{place}"));
            events.iter().flat_map(of).collect()
        };
        let records = around(&EVENTS, &[BEFORE_RECORD, AFTER_RECORD]);
        let steps = around(&STEPS, &AROUND_A_STEP);
        store.into_iter().chain(own).chain(records).chain(steps).collect()
    }

    /// Dies here when a test asked for it.
    pub(crate) fn reach(point: FailPoint) {
        reached(match point {
            FailPoint::Starting => STARTING,
            FailPoint::PhotoBeforeRow => PHOTO_BEFORE_ROW,
            FailPoint::PhotoAfterRow => PHOTO_AFTER_ROW,
        });
    }

    /// An event is about to be recorded.
    pub(crate) fn recording(event: &Event) {
        at(event, BEFORE_RECORD, "before_intent");
    }

    /// An event is durable, and nothing that follows from it has been done.
    pub(crate) fn recorded(event: &Event) {
        at(event, AFTER_RECORD, "after_intent");
    }

    fn at(event: &Event, record: &str, intent: &str) {
        match event {
            Event::AttemptStarted { step, .. } => around(step, intent),
            Event::Restarted => reached(&format!("restart_{record}")),
            Event::StatusSeen { .. } => reached(&format!("status_{record}")),
            Event::PhotosAdded { .. } => reached(&format!("photos_added_{record}")),
            Event::Sealed { .. }
            | Event::Answered { .. }
            | Event::Restored
            | Event::PhotoLightened { .. }
            | Event::Revealed
            | Event::Exported { .. }
            | Event::Corrected { .. }
            | Event::Released
            | Event::Withdrawn
            | Event::PhotosForgotten
            | Event::Purged => {}
        }
    }

    fn around(step: &Step, place: &str) {
        reached(&format!("{}_{place}", step.code()));
    }

    /// An answer is in hand, and nothing of it is recorded.
    pub(crate) fn answered(step: &Step) {
        around(step, "after_answer");
    }

    /// An answer is recorded, and so is what follows from it.
    pub(crate) fn settled(step: &Step) {
        around(step, "after_record");
    }

    /// Sends, and dies while the bytes are out when a test asked for it.
    pub(crate) async fn in_flight<T>(step: &Step, sending: impl Future<Output = T>) -> T {
        let mut sending = std::pin::pin!(sending);
        tokio::select! {
            biased;
            answer = &mut sending => return answer,
            () = tokio::time::sleep(OUT) => around(step, "in_flight"),
        }
        sending.await
    }
}
