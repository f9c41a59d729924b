//! What was hit, and a fingerprint of all that happened.

use std::collections::BTreeMap;
use std::fmt::Write;

/// As much of an event as fits on a line.
const DETAIL_CHARS: usize = 130;

#[derive(Default)]
pub struct Tally {
    counts: BTreeMap<(&'static str, &'static str), u64>,
}

impl Tally {
    pub fn count(&mut self, group: &'static str, name: &'static str) {
        *self.counts.entry((group, name)).or_default() += 1;
    }

    pub fn of(&self, group: &'static str, name: &'static str) -> u64 {
        self.counts.get(&(group, name)).copied().unwrap_or(0)
    }

    pub fn add(&mut self, other: &Tally) {
        for (key, n) in &other.counts {
            *self.counts.entry(*key).or_default() += n;
        }
    }

    pub fn table(&self) -> String {
        let mut table = String::new();
        let mut last = "";
        for ((group, name), n) in &self.counts {
            if *group != last {
                writeln!(table, "{group}").unwrap();
                last = group;
            }
            writeln!(table, "  {name:<28} {n:>10}").unwrap();
        }
        table
    }
}

/// Everything that happened, as a number; as text too when somebody wants to read it.
pub struct Trace {
    pub hash: u64,
    lines: Option<Vec<String>>,
}

impl Trace {
    pub fn new(readable: bool) -> Self {
        Self { hash: 0xcbf2_9ce4_8422_2325, lines: readable.then(Vec::new) }
    }

    pub fn note(&mut self, now: u64, what: &str, n: usize, detail: impl FnOnce() -> String) {
        for byte in now.to_le_bytes().into_iter().chain(what.bytes()).chain([n as u8]) {
            self.hash = (self.hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        if let Some(lines) = &mut self.lines {
            let (minutes, ms) = (now / 60_000, now % 60_000);
            let detail: String = detail().chars().take(DETAIL_CHARS).collect();
            lines.push(format!("{minutes:>4}:{:06.3} #{n} {what} {detail}", ms as f64 / 1e3));
        }
    }

    pub fn text(&self) -> String {
        self.lines.as_ref().map(|lines| lines.join("\n")).unwrap_or_default()
    }
}
