//! What was hit, and a fingerprint of all that happened.

use std::collections::BTreeMap;
use std::fmt::Write;

/// As much of an event as fits on a line.
const DETAIL_CHARS: usize = 130;

/// Counts by group and name.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    counts: Vec<(&'static str, &'static str, u64)>,
}

impl Tally {
    /// Counts one.
    pub fn count(&mut self, group: &'static str, name: &'static str) {
        self.count_by(group, name, 1);
    }

    fn count_by(&mut self, group: &'static str, name: &'static str, by: u64) {
        // The same words mostly come from the same place of the program.
        let same = |(g, n, _): &(&str, &str, u64)| {
            (g.as_ptr(), n.as_ptr(), n.len()) == (group.as_ptr(), name.as_ptr(), name.len())
        };
        match self.counts.iter_mut().find(|count| same(count)) {
            Some((_, _, count)) => *count += by,
            None => self.counts.push((group, name, by)),
        }
    }

    /// How often this was counted.
    pub fn of(&self, group: &str, name: &str) -> u64 {
        let of = self.counts.iter().filter(|(g, n, _)| *g == group && *n == name);
        of.map(|(_, _, count)| count).sum()
    }

    /// Adds another's counts.
    pub fn add(&mut self, other: &Tally) {
        for (group, name, count) in &other.counts {
            self.count_by(group, name, *count);
        }
    }

    /// The histogram as people read it.
    pub fn table(&self) -> String {
        let mut sums: BTreeMap<(&str, &str), u64> = BTreeMap::new();
        for (group, name, count) in &self.counts {
            *sums.entry((group, name)).or_default() += count;
        }
        let mut table = String::new();
        let mut last = "";
        for ((group, name), n) in sums {
            if group != last {
                writeln!(table, "{group}").unwrap();
                last = group;
            }
            writeln!(table, "  {name:<32} {n:>12}").unwrap();
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
