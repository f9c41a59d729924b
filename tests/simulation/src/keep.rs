//! Which of a schedule's disturbances happen: all, or those that shrinking left.

use std::fmt;

/// What can be left out of a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Account,
    Fault,
    Crash,
    Suspend,
    Jump,
    Person,
    Refusal,
    Restore,
}

impl Kind {
    pub const ALL: [Kind; 8] = [
        Kind::Account,
        Kind::Person,
        Kind::Jump,
        Kind::Suspend,
        Kind::Refusal,
        Kind::Restore,
        Kind::Crash,
        Kind::Fault,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Kind::Account => "accounts",
            Kind::Fault => "faults",
            Kind::Crash => "crashes",
            Kind::Suspend => "suspends",
            Kind::Jump => "jumps",
            Kind::Person => "people",
            Kind::Refusal => "refusals",
            Kind::Restore => "restores",
        }
    }
}

/// For each kind the numbers of those that happen, counted from 0; nothing for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keep([Option<Vec<u32>>; 8]);

impl Keep {
    /// Whether this one happens.
    pub fn allows(&self, kind: Kind, number: u32) -> bool {
        self.0[kind as usize].as_ref().is_none_or(|kept| kept.contains(&number))
    }

    /// Whether nothing is left out.
    pub fn is_everything(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }

    /// The same, and of this kind only these.
    pub fn with(&self, kind: Kind, numbers: Vec<u32>) -> Self {
        let mut keep = self.clone();
        keep.0[kind as usize] = Some(numbers);
        keep
    }

    /// Reads `faults=3,7;crashes=;people=1`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut keep = Keep::default();
        for part in text.split(';').filter(|part| !part.is_empty()) {
            let (name, numbers) = part.split_once('=')?;
            let kind = Kind::ALL.into_iter().find(|kind| kind.name() == name)?;
            let numbers = numbers.split(',').filter(|n| !n.is_empty());
            let numbers: Result<Vec<u32>, _> = numbers.map(str::parse).collect();
            keep = keep.with(kind, numbers.ok()?);
        }
        Some(keep)
    }
}

impl fmt::Display for Keep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut between = "";
        for kind in Kind::ALL {
            if let Some(numbers) = &self.0[kind as usize] {
                let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
                write!(f, "{between}{}={}", kind.name(), numbers.join(","))?;
                between = ";";
            }
        }
        Ok(())
    }
}

/// Counts what could have happened, and says whether it does.
#[derive(Clone, Debug)]
pub struct Ledger {
    keep: Keep,
    pub counts: [u32; 8],
}

impl Ledger {
    pub fn new(keep: Keep) -> Self {
        Self { keep, counts: [0; 8] }
    }

    /// The next of its kind: whether it happens.
    pub fn next(&mut self, kind: Kind) -> bool {
        let number = self.counts[kind as usize];
        self.counts[kind as usize] += 1;
        self.keep.allows(kind, number)
    }

    pub fn is_everything(&self) -> bool {
        self.keep.is_everything()
    }
}
