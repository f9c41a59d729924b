//! A broken schedule with as little in it as still breaks.

use crate::disk::Broken;
use crate::keep::Kind;
use crate::world::{Case, Ending, live};

/// How often a schedule is lived through to make it smaller.
const TRIES_MAX: usize = 4_000;

/// How much of a trace is shown.
const LINES_SHOWN: usize = 200;

/// What is left of a broken schedule.
pub struct Shrunk {
    /// The schedule.
    pub case: Case,
    /// The promise that it breaks.
    pub broken: Broken,
    /// How much of each kind is left.
    pub left: Vec<(&'static str, usize)>,
    /// How often it was lived through.
    pub tries: usize,
}

struct Shrinking {
    case: Case,
    ending: Ending,
    tries: usize,
}

/// Leaves out whatever is not needed to break it.
pub fn shrink(case: &Case) -> Option<Shrunk> {
    let ending = live(case);
    ending.broken.as_ref()?;
    let mut shrinking = Shrinking { case: case.clone(), ending, tries: 1 };
    loop {
        let before = shrinking.case.keep.clone();
        for kind in Kind::ALL {
            shrinking.reduce(kind);
        }
        if shrinking.case.keep == before || shrinking.tries >= TRIES_MAX {
            break;
        }
    }
    let left = Kind::ALL.map(|kind| (kind.name(), shrinking.happening(kind).len()));
    let broken = shrinking.ending.broken?;
    Some(Shrunk { case: shrinking.case, broken, left: left.to_vec(), tries: shrinking.tries })
}

impl Shrinking {
    /// Those of a kind that still happen.
    fn happening(&self, kind: Kind) -> Vec<u32> {
        let count = self.ending.counts[kind as usize];
        (0..count).filter(|number| self.case.keep.allows(kind, *number)).collect()
    }

    fn reduce(&mut self, kind: Kind) {
        let all = self.happening(kind);
        if all.is_empty() || self.breaks_with(kind, Vec::new()) {
            return;
        }
        let mut piece = all.len();
        while piece > 0 {
            let mut from = 0;
            loop {
                let now = self.happening(kind);
                if from >= now.len() {
                    break;
                }
                let to = (from + piece).min(now.len());
                let fewer: Vec<u32> = [&now[..from], &now[to..]].concat();
                if fewer.len() == now.len() || !self.breaks_with(kind, fewer) {
                    from = to;
                }
            }
            piece /= 2;
        }
    }

    fn breaks_with(&mut self, kind: Kind, numbers: Vec<u32>) -> bool {
        if self.tries >= TRIES_MAX {
            return false;
        }
        self.tries += 1;
        let case = Case { keep: self.case.keep.with(kind, numbers), ..self.case.clone() };
        let ending = live(&case);
        let breaks = ending.broken.is_some();
        if breaks {
            (self.case, self.ending) = (case, ending);
        }
        breaks
    }
}

impl Shrunk {
    /// What led to the broken promise, as people read it.
    pub fn story(&self) -> String {
        let again = live(&Case { readable: true, ..self.case.clone() });
        let lines: Vec<&str> = again.trace.lines().collect();
        let shown = lines[lines.len().saturating_sub(LINES_SHOWN)..].join("\n");
        let left: Vec<String> =
            self.left.iter().map(|(name, count)| format!("{count} {name}")).collect();
        format!("{shown}\n{}\nleft after {} tries: {}", self.broken, self.tries, left.join(", "))
    }
}
