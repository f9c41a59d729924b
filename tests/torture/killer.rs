//! Runs one command, and kills it: at a named place, or when its time is over.

use std::os::unix::process::ExitStatusExt;
use std::time::{Duration, Instant};

use satchel_fixtures::Chance;

use crate::desk::{Desk, Ended, ending};
use crate::points;
use crate::tally::{HITS_MIN, Tally};

const SIGKILL: i32 = 9;
const FAIL: &str = "SATCHEL_TEST_FAIL";

/// How often a running program is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(4);
/// A program that never comes to the place at which it is to die is killed after this.
const NEVER_REACHED: Duration = Duration::from_secs(2);
/// A program that nobody kills ends before this, or it hangs.
const HANGS: Duration = Duration::from_secs(120);

/// How far both sides' clocks go on with each look: fast, and slow enough that what the provider
/// said is still fresh when it is acted on.
const FLOW_MS: u32 = 150;
/// Now and then they jump past the time that a lost answer asks for.
const JUMP_MS: u32 = 130_000;
const JUMP_EVERY: Duration = Duration::from_millis(500);

/// What becomes of a command.
#[derive(Clone, Debug)]
pub enum Aim {
    /// Nobody kills it.
    Spare,
    /// It dies at the so-manieth passing of a named place.
    Point(String, u32),
    /// It is killed after this long.
    After(Duration),
}

/// Whether the clocks go on by themselves while a command runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clocks {
    Real,
    Flowing,
}

/// What a command came to.
#[derive(Debug)]
pub enum Came {
    Ended(Ended),
    Killed,
}

/// Kills programs until enough are dead.
pub struct Killer<'a> {
    pub chance: Chance,
    pub tally: &'a mut Tally,
    /// Kills that are still to be delivered.
    pub left: usize,
    /// Whether a step may be open: a start of the program then finds it.
    pub interrupted: bool,
}

impl Killer<'_> {
    /// Chooses how a delivery dies: at a named place, those first that were hit too rarely, or at
    /// any moment within `longest`.
    pub fn aim(&mut self, points: &[String], longest: Duration) -> Aim {
        if self.left == 0 {
            return Aim::Spare;
        }
        let mut rare: Vec<&String> =
            points.iter().filter(|p| self.tally.hits(p) < HITS_MIN).collect();
        rare.sort_by_key(|point| points::scarcity(point));
        let point = match self.chance.below(20) {
            0..=9 if !rare.is_empty() => rare[0],
            10..=16 if !rare.is_empty() => rare[self.chance.below(rare.len())],
            0..=9 => &points[self.chance.below(points.len())],
            _ => return self.any_moment(longest),
        };
        Aim::Point(point.clone(), self.passing(point))
    }

    /// As `aim`, for what is done once: most of it is spared when no place of it is hit too rarely.
    pub fn aim_once(&mut self, points: &[String], longest: Duration) -> Aim {
        let all_hit = points.iter().all(|p| self.tally.hits(p) >= HITS_MIN);
        if all_hit && self.chance.below(4) > 0 { Aim::Spare } else { self.aim(points, longest) }
    }

    fn any_moment(&mut self, longest: Duration) -> Aim {
        let ms = self.chance.below(longest.as_millis() as usize) as u64;
        Aim::After(Duration::from_millis(2 + ms))
    }

    /// Some places are passed several times in one run.
    fn passing(&mut self, point: &str) -> u32 {
        let often = ["accounts_half_written", "starting_", "draft_before_", "entry_before_"];
        let most = if often.iter().any(|start| point.starts_with(start)) { 4 } else { 1 };
        1 + self.chance.below(most) as u32
    }

    /// Runs a command to whatever end it is to have.
    pub fn run(&mut self, desk: &Desk, arguments: &[&str], aim: &Aim, clocks: Clocks) -> Came {
        let mut command = desk.command(arguments);
        let limit = match aim {
            Aim::Spare => HANGS,
            Aim::Point(point, nth) => {
                command.env(FAIL, format!("{point}:{nth}"));
                NEVER_REACHED
            }
            Aim::After(delay) => *delay,
        };
        let mut child = command.spawn().unwrap();
        let (began, mut jumped) = (Instant::now(), Instant::now());
        while child.try_wait().unwrap().is_none() {
            if began.elapsed() >= limit {
                assert!(!matches!(aim, Aim::Spare), "{arguments:?} hangs");
                child.kill().unwrap();
                break;
            }
            if clocks == Clocks::Flowing {
                let jumps = jumped.elapsed() >= JUMP_EVERY;
                jumped = if jumps { Instant::now() } else { jumped };
                desk.pass(if jumps { JUMP_MS } else { FLOW_MS });
            }
            std::thread::sleep(LOOK_EVERY);
        }
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.signal() != Some(SIGKILL) {
            let ended = ending(&output);
            assert!(ended.code.is_some_and(|code| code != 101), "{arguments:?}: {ended:?}");
            return Came::Ended(ended);
        }
        self.count(&said, aim);
        Came::Killed
    }

    fn count(&mut self, said: &str, aim: &Aim) {
        let at = said.lines().find_map(|line| line.strip_prefix("fail point "));
        self.left = self.left.saturating_sub(1);
        match (at, aim) {
            (Some(point), Aim::Point(asked, _)) => {
                assert_eq!(point, asked);
                self.tally.hit(point);
            }
            (Some(point), Aim::Spare | Aim::After(_)) => panic!("{point} was not asked for"),
            (None, Aim::Point(..) | Aim::After(_)) => self.tally.moments += 1,
            (None, Aim::Spare) => panic!("somebody else killed it: {said}"),
        }
        let half_done = ["after_intent", "in_flight", "after_answer"];
        self.interrupted = at.is_none_or(|point| half_done.iter().any(|end| point.ends_with(end)));
    }
}
