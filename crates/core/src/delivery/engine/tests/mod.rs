#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod lines;
mod turns;
mod verdicts;
mod waits;

use std::collections::BTreeMap;

use super::{Effect, EngineEvent, SyncEngine, Waiting};
use crate::chance::Chance;
use crate::clock::Moment;
use crate::delivery::event::{Event, Recorded};
use crate::delivery::outcome::{Outcome, Receipt};
use crate::delivery::state::SubmissionState;
use crate::delivery::step::Step;
use crate::delivery::submission::Submission;
use crate::delivery::testing::{account_id, done, moment, status, submission_id};
use crate::ids::ConnectionId;
use crate::photo::PhotoRecord;
use crate::provider::{Capabilities, ProviderState};

/// A runtime without a network: what is sent lies here until a test answers it.
struct Desk {
    engine: SyncEngine,
    now: Moment,
    out: Vec<(u32, u32, Step)>,
    sends: Vec<(u64, u32, Step)>,
    log: BTreeMap<u32, Vec<Recorded>>,
    noted: usize,
    lighter: Vec<(u32, Vec<crate::ids::PhotoId>)>,
}

fn connection() -> ConnectionId {
    ConnectionId::parse(&format!("{:032x}", 7)).unwrap()
}

fn number(id: &crate::ids::SubmissionId) -> u32 {
    u32::from_str_radix(id.as_str().trim_start_matches('0'), 16).unwrap()
}

fn files() -> Receipt {
    Receipt::File { reference: "f".to_owned() }
}

fn draft() -> Receipt {
    Receipt::Draft { reference: "d".to_owned() }
}

fn told(state: ProviderState) -> Outcome {
    done(Receipt::Status { status: status(state, &[]) })
}

impl Desk {
    fn new() -> Self {
        let engine = SyncEngine::new(Chance::from_seed([5; 32]));
        let now = moment(1_000_000);
        let (out, sends, log) = (Vec::new(), Vec::new(), BTreeMap::new());
        let mut desk = Self { engine, now, out, sends, log, noted: 0, lighter: Vec::new() };
        desk.tell(EngineEvent::Connection { id: connection(), paused: false });
        desk
    }

    fn seal(&mut self, n: u32, capabilities: Capabilities, photos: Vec<PhotoRecord>) {
        self.seal_for(n, n, capabilities, photos);
    }

    /// Submission `n` of account `account`.
    fn seal_for(
        &mut self,
        n: u32,
        account: u32,
        capabilities: Capabilities,
        photos: Vec<PhotoRecord>,
    ) {
        let event = Event::Sealed { photos, capabilities };
        let entry = Recorded { seq: 1, at: self.now, operator: String::new(), event };
        self.load(n, account, vec![entry]);
    }

    fn load(&mut self, n: u32, account: u32, log: Vec<Recorded>) {
        let submission = Submission::replay(submission_id(n), account_id(account), &log).unwrap();
        self.log.insert(n, log);
        self.tell(EngineEvent::Submission {
            submission: Box::new(submission),
            connection: connection(),
            asked_ms: None,
        });
    }

    fn tell(&mut self, event: EngineEvent) {
        self.engine.handle(event, self.now).unwrap();
        while let Some(effect) = self.engine.poll_effect() {
            self.execute(effect);
        }
    }

    fn execute(&mut self, effect: Effect) {
        match effect {
            Effect::Record { submission, entry, index } => {
                let log = self.log.get_mut(&number(&submission)).unwrap();
                assert_eq!(entry.seq, log.len() as u64 + 1);
                log.push(*entry);
                assert!(!index.state.is_empty());
            }
            Effect::Send { submission, attempt, step } => {
                let n = number(&submission);
                if attempt > 0 {
                    let intent = Event::AttemptStarted { attempt, step: step.clone() };
                    assert_eq!(self.log[&n].last().unwrap().event, intent, "r1");
                }
                self.sends.push((self.now.boot_ms, n, step.clone()));
                self.out.push((n, attempt, step));
            }
            Effect::Noted { .. } => self.noted += 1,
            Effect::Lighten { submission, photos } => {
                self.lighter.push((number(&submission), photos));
            }
            Effect::Changed => {}
        }
    }

    fn person(&mut self, n: u32, event: Event) {
        let operator = "op".to_owned();
        self.tell(EngineEvent::Person { submission: submission_id(n), event, operator });
    }

    /// Answers what is out for submission `n`.
    fn answer(&mut self, n: u32, outcome: Outcome) {
        let at = self.out.iter().position(|(of, _, _)| *of == n).expect("nothing is out");
        let (_, attempt, _) = self.out.remove(at);
        let server_ms = Some(self.now.wall_ms);
        let submission = submission_id(n);
        self.tell(EngineEvent::Answer { submission, attempt, outcome, server_ms });
    }

    fn later(&mut self, ms: u64) {
        self.now = self.now.plus(ms);
        self.tell(EngineEvent::Tick);
    }

    /// Sleeps as the runtime does, until something is out.
    fn wait_for_send(&mut self) {
        for _ in 0..100 {
            if !self.out.is_empty() {
                return;
            }
            let (at, _) = self.engine.poll_timeout(&self.now).expect("nothing is planned");
            self.later(at.saturating_sub(self.now.boot_ms).max(1));
        }
        panic!("nothing was sent");
    }

    /// Sleeps until something is out for submission `n`.
    fn wait_for(&mut self, n: u32) {
        for _ in 0..100 {
            if self.step(n).is_some() {
                return;
            }
            let (at, _) = self.engine.poll_timeout(&self.now).expect("nothing is planned");
            self.later(at.saturating_sub(self.now.boot_ms).max(1));
        }
        panic!("nothing was sent for {n}");
    }

    /// The step that is out for submission `n`.
    fn step(&self, n: u32) -> Option<&Step> {
        self.out.iter().find(|(of, _, _)| *of == n).map(|(_, _, step)| step)
    }

    fn state(&self, n: u32) -> &SubmissionState {
        self.engine.submission_of(&submission_id(n)).unwrap().state()
    }

    fn waiting(&self, n: u32) -> Waiting {
        self.engine.waiting(&submission_id(n), &self.now).unwrap()
    }

    /// Answers everything kindly until nothing is left but to ask for verdicts.
    fn settle(&mut self) {
        for _ in 0..10_000 {
            if self.engine.is_idle(&self.now) && self.out.is_empty() {
                return;
            }
            self.wait_for_send();
            let (n, _, step) = self.out[0].clone();
            let done_with = self.kind_answer(n, &step);
            self.answer(n, done_with);
        }
        panic!("it never came to rest");
    }

    fn kind_answer(&self, n: u32, step: &Step) -> Outcome {
        let authorized = self
            .sends
            .iter()
            .any(|(_, of, s)| *of == n && matches!(s, Step::Authorize { .. } | Step::Details));
        match step {
            Step::Create => done(draft()),
            Step::Upload { .. } => done(files()),
            Step::Details | Step::Side { .. } => done(Receipt::Accepted),
            Step::Read { reading: crate::delivery::Reading::Documents } => {
                let count = if authorized { 2 } else { 0 };
                done(Receipt::Documents { count, status: None })
            }
            Step::Read { .. } if !authorized => told(ProviderState::NotSubmitted),
            Step::Read { .. } | Step::Authorize { .. } | Step::Attach { .. } => {
                told(ProviderState::InReview)
            }
        }
    }
}
