//! How large a world is: what is explored is everything within it.

use std::fmt;

use crate::naive::Habit;

/// Which of the two APIs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Api {
    WePay,
    Winter,
}

/// Who decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Core, as it is.
    Core,
    /// Core with one rule bent.
    Bent(Bend),
    /// A client as one writes it at first.
    Naive(Habit),
}

/// A rule that is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bend {
    /// R5: what is lost is looked for at once.
    NoQuiesce,
    /// R6: no wait until what was lost has surely expired.
    NoFence,
    /// R1: bytes leave before their intent is on disk.
    SendFirst,
    /// R3: no answer is taken for "done".
    SilenceIsDone,
    /// R6 at Winter: the pictures there are not counted.
    NoCount,
    /// R5: what is lost is never looked for.
    NeverLooks,
}

/// Whether the provider's answers carry its clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dates {
    Always,
    Never,
    Either,
}

/// One exploration.
#[derive(Clone, Debug)]
pub struct Scope {
    pub name: &'static str,
    pub api: Api,
    pub policy: Policy,
    /// Photos that are sealed with the submission.
    pub photos: u8,
    /// Requests lost, answers lost, refusals without a cause, 5xx, requests not sent, copies.
    pub faults: u8,
    /// Stops of the program, with and without a start of the machine.
    pub crashes: u8,
    /// What people may do: retake, correct, try again, take back.
    pub acts: u8,
    /// Age in minutes up to which a request that was given up may still arrive.
    pub late: u8,
    /// Minutes that a request may take without being given up.
    pub slow: u8,
    /// Minutes from one moment to the next, in turn.
    pub grid: &'static [u8],
    pub dates: Dates,
    /// WePay: a living draft answers 3006. Winter: an upload erases what was there.
    pub strict: bool,
    /// WePay: the last four digits are refused once, with 3009.
    pub wants_number: bool,
    /// How often the provider asks for documents (WePay) or refuses (Winter).
    pub rounds: u8,
    /// A request may also arrive a second time, later.
    pub copies: bool,
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Scope { photos, faults, crashes, acts, late, slow, rounds, .. } = self;
        write!(f, "photos {photos}, faults {faults}, crashes {crashes}, acts {acts}, ")?;
        write!(f, "rounds {rounds}, late {late} min, slow {slow} min, ")?;
        let grid: Vec<String> = self.grid.iter().map(u8::to_string).collect();
        write!(f, "time moves by {} min, dates {:?}", grid.join("+"), self.dates)?;
        match (self.api, self.strict) {
            (Api::WePay, true) => write!(f, ", a living draft answers 3006")?,
            (Api::WePay, false) => write!(f, ", a second create is accepted")?,
            (Api::Winter, true) => write!(f, ", the last upload wins")?,
            (Api::Winter, false) => write!(f, ", BACK keeps FRONT")?,
        }
        if self.wants_number {
            write!(f, ", the full number is asked for")?;
        }
        if self.copies {
            write!(f, ", a request may arrive twice")?;
        }
        Ok(())
    }
}

impl Scope {
    /// The smallest world of a provider that has faults and crashes at all.
    pub const fn of(name: &'static str, api: Api) -> Scope {
        Scope {
            name,
            api,
            policy: Policy::Core,
            photos: 1,
            faults: 1,
            crashes: 1,
            acts: 0,
            late: 40,
            slow: 0,
            grid: &[5],
            dates: Dates::Always,
            strict: false,
            wants_number: false,
            rounds: 1,
            copies: false,
        }
    }

    /// Whether the rule is checked that nothing leaves within 120 s after a request was given up.
    /// A naive client breaks it at once; what it does to the account is of more interest.
    pub fn keeps_quiet(&self) -> bool {
        match self.policy {
            Policy::Core => true,
            Policy::Bent(bend) => bend == Bend::NoQuiesce,
            Policy::Naive(_) => false,
        }
    }
}
