//! The network between: what becomes of one request.

use satchel_core::delivery::{Ambiguity, NotSentWhy, Outcome};

use crate::dice::Dice;
use crate::time::{MINUTE, SECOND};

/// What becomes of one request.
pub struct Fate {
    /// When its bytes reach the provider, if they do.
    pub arrives: Option<u64>,
    /// When a second copy of them does.
    pub arrives_again: Option<u64>,
    /// When its sender hears of it.
    pub heard: u64,
    /// What its sender hears, unless it is the provider's own answer.
    pub instead: Option<Outcome>,
    pub name: &'static str,
}

/// How bad the network is, drawn once per schedule.
pub struct Weather {
    trouble: u64,
    late: u64,
}

impl Weather {
    pub fn draw(dice: &mut Dice) -> Self {
        let trouble = [4, 12, 30, 55][dice.below(4) as usize];
        Self { trouble, late: dice.between(5, 50) }
    }

    /// A forced fault never lets the answer through.
    pub fn fate(&self, now: u64, calm: bool, forced: bool, dice: &mut Dice) -> Fate {
        let arrives = now + dice.between(20, 3_000);
        let heard = arrives + dice.between(20, 3_000);
        let plain = Fate {
            arrives: Some(arrives),
            arrives_again: None,
            heard,
            instead: None,
            name: "answered",
        };
        if calm || !(forced || dice.percent(self.trouble)) {
            return plain;
        }
        if dice.percent(self.late) { late(plain, now, dice) } else { fault(plain, now, dice) }
    }
}

/// The sender gives up; the bytes arrive up to 40 minutes after they left.
fn late(plain: Fate, now: u64, dice: &mut Dice) -> Fate {
    let arrives = now + dice.between(31 * SECOND, 40 * MINUTE);
    let heard = now + dice.between(30 * SECOND, 90 * SECOND);
    let instead = Some(Outcome::Ambiguous { why: Ambiguity::Broken });
    Fate { arrives: Some(arrives), heard, instead, name: "late", ..plain }
}

fn fault(plain: Fate, now: u64, dice: &mut Dice) -> Fate {
    let gave_up = now + dice.between(30 * SECOND, 90 * SECOND);
    let soon = now + dice.between(50, 2_000);
    let nothing = |why| Fate {
        arrives: None,
        heard: soon,
        instead: Some(Outcome::NotSent { why }),
        name: "not sent",
        ..plain
    };
    let ambiguous = |arrives, why, heard, name| Fate {
        arrives,
        heard,
        instead: Some(Outcome::Ambiguous { why }),
        name,
        ..plain
    };
    let there = plain.arrives.filter(|_| dice.percent(50));
    match dice.below(12) {
        0 | 1 => nothing(NotSentWhy::Network),
        2 => {
            let why = [NotSentWhy::Intercepted, NotSentWhy::Proxy, NotSentWhy::Clock];
            nothing(why[dice.below(3) as usize])
        }
        3 => ambiguous(plain.arrives, Ambiguity::Broken, gave_up, "answer lost"),
        4 => ambiguous(None, Ambiguity::Broken, gave_up, "request lost"),
        5 => ambiguous(plain.arrives, Ambiguity::Broken, plain.heard, "answer truncated"),
        6 => ambiguous(there, Ambiguity::ServerFault, plain.heard, "5xx"),
        7 => ambiguous(there, Ambiguity::Foreign, plain.heard, "foreign page"),
        8 => ambiguous(there, Ambiguity::Unexpected, plain.heard, "1008"),
        9 => Fate {
            arrives: None,
            instead: Some(Outcome::NotDone {
                wait_ms: dice.percent(50).then(|| dice.between(1, 120) * SECOND),
            }),
            name: "429",
            ..plain
        },
        10 => Fate {
            arrives: None,
            instead: Some(Outcome::Credentials { html: dice.percent(50), code: "401".to_owned() }),
            name: "credentials refused",
            ..plain
        },
        _ => Fate {
            arrives_again: Some(now + dice.between(SECOND, 25 * MINUTE)),
            name: "duplicated",
            ..plain
        },
    }
}
