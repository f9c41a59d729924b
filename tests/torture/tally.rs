//! Where programs were killed, and how often.

use std::collections::BTreeMap;
use std::fmt::Write;

/// How often each named place must have been hit.
pub const HITS_MIN: usize = 3;

/// Kills so far.
pub struct Tally {
    hits: BTreeMap<String, usize>,
    pub moments: usize,
}

impl Tally {
    pub fn new() -> Self {
        Self { hits: satchel_app::fail_points().into_iter().map(|p| (p, 0)).collect(), moments: 0 }
    }

    pub fn hit(&mut self, point: &str) {
        *self.hits.get_mut(point).unwrap_or_else(|| panic!("{point} is no fail point")) += 1;
    }

    pub fn hits(&self, point: &str) -> usize {
        self.hits.get(point).copied().unwrap_or_else(|| panic!("{point} is no fail point"))
    }

    pub fn kills(&self) -> usize {
        self.moments + self.at_points()
    }

    fn at_points(&self) -> usize {
        self.hits.values().sum()
    }

    /// Places that were hit less often than `min` times.
    pub fn below(&self, min: usize) -> Vec<&str> {
        self.hits.iter().filter(|(_, hits)| **hits < min).map(|(p, _)| p.as_str()).collect()
    }

    /// A table for people.
    pub fn table(&self) -> String {
        let mut text = String::new();
        for (point, hits) in &self.hits {
            writeln!(text, "{point:<32}{hits:>6}").unwrap();
        }
        let (points, at_points) = (self.hits.len(), self.at_points());
        writeln!(text, "{points} fail points{:>15} hits", at_points).unwrap();
        write!(text, "random moments{:>18}", self.moments).unwrap();
        text
    }
}
