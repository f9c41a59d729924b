//! What is explored, and who is shown to fail.

use crate::client::Place;
use crate::deed::Deed;
use crate::judge::Broken;
use crate::naive::Habit;
use crate::scope::{Api, Bend, Dates, Policy, Scope};

/// Core's own decision, in worlds that add up.
pub fn of_core() -> Vec<Scope> {
    let wepay = |name| Scope { faults: 3, crashes: 2, ..Scope::of(name, Api::WePay) };
    let winter = |name| Scope { faults: 3, crashes: 2, ..Scope::of(name, Api::Winter) };
    vec![
        Scope { photos: 2, ..wepay("two photos") },
        Scope { strict: true, ..wepay("a draft counts as provided") },
        Scope { faults: 2, acts: 1, rounds: 2, ..wepay("a person acts, two rounds") },
        Scope { acts: 1, rounds: 0, wants_number: true, ..wepay("the full number") },
        Scope { dates: Dates::Either, ..wepay("dates come and go") },
        Scope { copies: true, ..wepay("requests that arrive twice") },
        Scope { faults: 2, crashes: 1, grid: &[2, 3], ..wepay("fine time") },
        Scope { faults: 2, crashes: 1, slow: 10, ..wepay("slow requests") },
        Scope { photos: 2, rounds: 0, ..winter("two sides") },
        Scope {
            photos: 2,
            faults: 2,
            crashes: 1,
            rounds: 0,
            strict: true,
            ..winter("last upload wins")
        },
        Scope { faults: 2, crashes: 1, acts: 1, ..winter("a person acts, one side") },
        Scope { photos: 2, faults: 1, crashes: 1, acts: 1, ..winter("a person acts, two sides") },
    ]
}

/// A policy that breaks a promise in a world in which core keeps them all.
pub struct Other {
    pub scope: Scope,
    /// The promise that it is known to break first.
    pub breaks: Broken,
}

/// Clients as one writes them at first, and core with one rule bent.
pub fn of_others() -> Vec<Other> {
    let wepay = |name, policy| Scope { policy, faults: 2, ..Scope::of(name, Api::WePay) };
    let winter =
        |name, policy| Scope { policy, faults: 2, acts: 1, ..Scope::of(name, Api::Winter) };
    let naive = |name, habit| wepay(name, Policy::Naive(habit));
    let bent = |name, bend| wepay(name, Policy::Bent(bend));
    let late = "same name to 25 min, then a new one";
    let others = [
        (naive("retries on error", Habit::RetriesOnError), Broken::AuthorizedTwice),
        (
            naive("looks up, then retries at once", Habit::LooksUpThenRetries),
            Broken::AuthorizedTwice,
        ),
        (
            naive("waits 120 s, looks up, retries", Habit::WaitsLooksUpThenRetries),
            Broken::AuthorizedTwice,
        ),
        (
            Scope { faults: 1, ..naive(late, Habit::KeepsNamesWithoutFence) },
            Broken::AuthorizedTwice,
        ),
        (naive("forgets when it is stopped", Habit::ForgetsWhenStopped), Broken::AuthorizedTwice),
        (
            Scope {
                faults: 1,
                crashes: 0,
                rounds: 2,
                ..naive("retries photos on error", Habit::RetriesPhotos)
            },
            Broken::AttachedTwice(1),
        ),
        (
            bent("core, bytes before the intent: R1", Bend::SendFirst),
            Broken::BytesBeforeIntent(Deed::Create),
        ),
        (bent("core without quiesce: R5", Bend::NoQuiesce), Broken::TooSoon),
        (
            bent("core that never looks up: R5", Bend::NeverLooks),
            Broken::NeverEnds(Place::Unconfirmed),
        ),
        (bent("core without fence: R6", Bend::NoFence), Broken::AuthorizedTwice),
        (
            winter("core, silence is \"done\": R3", Policy::Bent(Bend::SilenceIsDone)),
            Broken::StaleAnswers,
        ),
        (
            winter("core, overwrites without fence", Policy::Bent(Bend::NoFence)),
            Broken::MissingPhoto(2),
        ),
        (
            Scope {
                photos: 2,
                strict: true,
                faults: 0,
                ..winter("core, does not count pictures", Policy::Bent(Bend::NoCount))
            },
            Broken::MissingPhoto(1),
        ),
    ];
    others.into_iter().map(|(scope, breaks)| Other { scope, breaks }).collect()
}
