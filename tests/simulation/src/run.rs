//! Many schedules, one after another and side by side.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::disk::Broken;
use crate::keep::Keep;
use crate::medium::Stuff;
use crate::tally::Tally;
use crate::world::{Case, live};

/// How many broken schedules are kept.
const BROKEN_KEPT: usize = 20;

/// What is to be lived through.
#[derive(Clone, Debug)]
pub struct Run {
    /// Seed of the first schedule.
    pub seed: u64,
    /// How many schedules at most.
    pub schedules: u64,
    /// How long at most.
    pub time: Option<Duration>,
    /// What the store is.
    pub stuff: Stuff,
    /// How many threads.
    pub threads: usize,
    /// What of each schedule happens.
    pub keep: Keep,
}

/// What came of it.
#[derive(Debug)]
pub struct Course {
    /// Schedules lived through.
    pub schedules: u64,
    /// How long it took.
    pub seconds: f64,
    /// What was hit.
    pub tally: Tally,
    /// Broken schedules by seed, the first ones.
    pub broken: Vec<(u64, Broken)>,
}

impl Course {
    /// Schedules a second and thread.
    pub fn rate(&self, threads: usize) -> f64 {
        self.schedules as f64 / self.seconds.max(f64::EPSILON) / threads as f64
    }
}

/// Lives through them all, until one breaks or the time is over.
pub fn run(run: &Run) -> Course {
    let began = Instant::now();
    let (next, stop) = (AtomicU64::new(0), AtomicBool::new(false));
    let whole = Mutex::new((Tally::default(), Vec::new(), 0));
    thread::scope(|scope| {
        for _ in 0..run.threads {
            scope.spawn(|| {
                let (mut tally, mut lived) = (Tally::default(), 0);
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let late = run.time.is_some_and(|time| began.elapsed() >= time);
                    if number >= run.schedules || late || stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let seed = run.seed.wrapping_add(number);
                    let (stuff, keep) = (run.stuff, run.keep.clone());
                    let ending = live(&Case { seed, stuff, keep, ..Case::default() });
                    tally.add(&ending.tally);
                    lived += 1;
                    if let Some(broken) = ending.broken {
                        let mut whole = whole.lock().unwrap();
                        whole.1.push((seed, broken));
                        stop.store(whole.1.len() >= BROKEN_KEPT, Ordering::Relaxed);
                    }
                }
                let mut whole = whole.lock().unwrap();
                whole.0.add(&tally);
                whole.2 += lived;
            });
        }
    });
    let (tally, mut broken, schedules) = whole.into_inner().unwrap();
    broken.sort_by_key(|(seed, _)| *seed);
    Course { schedules, seconds: began.elapsed().as_secs_f64(), tally, broken }
}

/// What no large run may miss: a simulation that never meets a fault proves nothing about it.
const WANTED: [(&str, &[&str]); 9] = [
    (
        "network",
        &[
            "late",
            "not sent: no name",
            "not sent: no connection",
            "not sent: TLS",
            "not sent: intercepted",
            "not sent: certificate's time",
            "not sent: proxy",
            "answer lost",
            "request lost",
            "answer broken off",
            "answer truncated",
            "another's answer",
            "5xx",
            "foreign page",
            "1008",
            "429",
            "credentials refused",
            "refused",
            "duplicated",
            "new word",
        ],
    ),
    (
        "events",
        &[
            "crash at a write",
            "crash at a write, and reboot",
            "crash between",
            "crash between, and reboot",
            "restore of a copy",
            "suspend",
            "store refuses",
            "engine begins again",
            "photos made smaller",
            "clock jumps back",
            "clock jumps forward",
        ],
    ),
    ("wepay", &["create", "authorize", "upload", "attach", "read_status"]),
    ("winter", &["details", "side", "read_status", "read_documents"]),
    (
        "states reached",
        &[
            "queued",
            "sending",
            "unconfirmed",
            "awaiting",
            "needs_documents",
            "blocked",
            "quarantined",
            "verified",
            "failed",
            "withdrawn",
        ],
    ),
    (
        "refusals",
        &[
            "full number",
            "submitted elsewhere",
            "would overwrite",
            "too large",
            "account",
            "configuration",
            "one image kept",
            "unresolved",
            "unexplained",
        ],
    ),
    ("ends", &["verified", "failed", "needs_documents", "blocked", "awaiting"]),
    ("people", &["acted", "not possible now"]),
    ("schedules", &["held"]),
];

/// What a large run never met.
pub fn everything_was_hit(tally: &Tally) -> Vec<String> {
    let wanted = WANTED.iter().flat_map(|(group, names)| names.iter().map(move |n| (group, n)));
    let missed = wanted.filter(|(group, name)| tally.of(group, name) == 0);
    missed.map(|(group, name)| format!("never met: {group}, {name}")).collect()
}
