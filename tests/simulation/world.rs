//! One schedule: a device, a network, two providers and people, from one seed.

use std::collections::BTreeMap;

use satchel_core::clock::UnixMs;
use satchel_core::delivery::{Effect, EngineEvent, Event, Outcome, Refusal, SubmissionState};
use satchel_core::provider::{Capabilities, ProviderStatus};

use crate::bugs::Bug;
use crate::device::{Broken, Device, Provider, Request, submission_id};
use crate::dice::Dice;
use crate::judge::{CALM, Judge};
use crate::net::Weather;
use crate::tally::{Tally, Trace};
use crate::time::{HOUR, MINUTE, SECOND};
use crate::{people, wepay, winter};

/// A program that wakes more often than this without anything happening is spinning.
const WAKES_MAX: u32 = 400;

pub enum Happening {
    Arrive { request: Request, reply_to: Option<Reply> },
    Answer { generation: u32, request: Request, outcome: Outcome, server_ms: Option<UnixMs> },
    Start { reboot: bool, copy: Option<u64> },
    Suspend,
    Jump,
    Look,
    Crash,
    Repair,
}

/// Where and when an answer is heard.
pub struct Reply {
    pub generation: u32,
    pub heard: u64,
    pub dated: bool,
}

pub struct World {
    pub now: u64,
    pub dice: Dice,
    pub weather: Weather,
    pub faults_until: u64,
    pub queue: BTreeMap<(u64, u64), Happening>,
    pub queued: u64,
    pub device: Device,
    pub deaf_until: u64,
    /// A copy was put back, and some log does not know it yet.
    pub untold: bool,
    pub wakes: u32,
    pub wepay: Vec<wepay::Account>,
    pub winter: Vec<winter::Account>,
    pub next_id: u64,
    /// What a caching proxy once heard, per submission.
    pub cached: BTreeMap<usize, ProviderStatus>,
    pub requests: [u64; 2],
    pub forced_fault: [u64; 2],
    pub effects: [u64; 2],
    pub forced_crash: [u64; 2],
    pub judge: Judge,
    pub tally: Tally,
    pub trace: Trace,
}

/// What came of a schedule.
pub struct Ending {
    pub tally: Tally,
    pub hash: u64,
    pub broken: Option<Broken>,
    pub trace: String,
}

/// Lives through one schedule.
pub fn live(seed: u64, bug: Option<Bug>, readable: bool) -> Ending {
    let mut world = World::new(seed, bug, readable);
    let broken = world.run().err();
    world.tally.count("schedules", if broken.is_some() { "broken" } else { "held" });
    let (hash, trace) = (world.trace.hash, world.trace.text());
    Ending { tally: world.tally, hash, broken, trace }
}

impl World {
    fn new(seed: u64, bug: Option<Bug>, readable: bool) -> Self {
        let mut dice = Dice::new(seed);
        let weather = Weather::draw(&mut dice);
        let faults_until = dice.between(40, 240) * MINUTE;
        let forced_fault = [dice.between(1, 6), dice.between(1, 8)];
        let forced_crash = [dice.between(1, 30), dice.between(1, 30)];
        let wepay = (0..dice.between(1, 2)).map(|_| wepay::Account::new(&mut dice)).collect();
        let winter = vec![winter::Account::new(&mut dice)];
        let mut world = Self {
            now: HOUR,
            dice,
            weather,
            faults_until: HOUR + faults_until,
            queue: BTreeMap::new(),
            queued: 0,
            device: Device::new(bug),
            deaf_until: 0,
            untold: false,
            wakes: 0,
            wepay,
            winter,
            next_id: 0,
            cached: BTreeMap::new(),
            requests: [0; 2],
            forced_fault,
            effects: [0; 2],
            forced_crash,
            judge: Judge::default(),
            tally: Tally::default(),
            trace: Trace::new(readable),
        };
        world.populate();
        world
    }

    fn populate(&mut self) {
        for account in 0..self.wepay.len() {
            self.seal(Provider::WePay, account);
        }
        self.seal(Provider::Winter, 0);
        if self.dice.percent(10) {
            self.now += 1;
            self.seal(Provider::WePay, 0);
        }
        self.plan(0, Happening::Start { reboot: false, copy: None });
        // Once more when the last answers of the bad time are in.
        self.plan(self.faults_until + 3 * MINUTE - self.now, Happening::Repair);
        let mut at = self.now;
        loop {
            at += self.dice.between(2 * SECOND, 12 * MINUTE);
            if at >= self.faults_until {
                break;
            }
            let what = match self.dice.below(20) {
                0 => Happening::Suspend,
                1 => Happening::Jump,
                2 => Happening::Crash,
                _ => Happening::Look,
            };
            self.plan(at - self.now, what);
        }
    }

    fn seal(&mut self, provider: Provider, account: usize) {
        let photos = people::photos(provider, &mut self.dice);
        if provider == Provider::WePay && self.dice.percent(8) {
            self.wepay[account].too_large = Some(photos[0].id.clone());
        }
        let drafts = provider == Provider::WePay;
        let capabilities = Capabilities {
            photos_on_request: drafts,
            draft_then_authorize: drafts,
            reason_per_document: drafts,
            overwrites: !drafts,
            set_resent_whole: !drafts,
        };
        let event = Event::Sealed { photos, capabilities };
        self.device.seal(provider, account, event, self.now);
        self.judge.seals();
    }

    pub fn plan(&mut self, after: u64, what: Happening) {
        self.queued += 1;
        self.queue.insert((self.now + after, self.queued), what);
    }

    pub fn calm(&self) -> bool {
        self.now >= self.faults_until
    }

    fn run(&mut self) -> Result<(), Broken> {
        let end = self.faults_until + CALM;
        let mut settled = false;
        loop {
            if self.calm() && !settled {
                settled = true;
                self.settle()?;
            }
            let planned = self.queue.first_key_value().map(|((at, _), _)| *at);
            let wake = self.device.wake(self.now).map(|at| at.max(self.now + 1));
            let wake = wake.map(|at| at.max(self.deaf_until));
            let calm = (!settled).then_some(self.faults_until);
            let Some(next) = [planned, wake, calm].into_iter().flatten().min() else { break };
            if next > end {
                break;
            }
            self.now = next;
            if planned == Some(next) {
                let (_, what) = self.queue.pop_first().unwrap();
                self.happen(what)?;
            } else if wake == Some(next) {
                self.wake()?;
            }
        }
        self.now = end;
        self.verdict()
    }

    fn wake(&mut self) -> Result<(), Broken> {
        self.wakes += 1;
        if self.wakes > WAKES_MAX {
            return Err("it wakes again and again and does nothing".to_owned());
        }
        self.device.tell(EngineEvent::Tick, self.now);
        self.pump()
    }

    /// Faults are over: whoever administers the device has put it right.
    fn settle(&mut self) -> Result<(), Broken> {
        self.trace.note(self.now, "calm", 0, String::new);
        if self.device.engine.is_none() {
            return Ok(());
        }
        for event in self.repairs() {
            self.device.tell(event, self.now);
        }
        self.pump()
    }

    fn repairs(&self) -> Vec<EngineEvent> {
        let connection =
            |p: Provider| EngineEvent::Connection { id: p.connection(), paused: false };
        vec![
            connection(Provider::WePay),
            connection(Provider::Winter),
            EngineEvent::HoldPhotos(false),
            EngineEvent::Pause(false),
        ]
    }

    fn happen(&mut self, what: Happening) -> Result<(), Broken> {
        match what {
            Happening::Arrive { request, reply_to } => self.arrive(request, reply_to),
            Happening::Answer { generation, request, outcome, server_ms } => {
                if self.now < self.deaf_until {
                    let after = self.deaf_until - self.now;
                    let again = Happening::Answer { generation, request, outcome, server_ms };
                    self.plan(after, again);
                    return Ok(());
                }
                self.answer(generation, &request, outcome, server_ms)
            }
            Happening::Start { reboot, copy } => self.start(reboot, copy),
            Happening::Suspend => {
                self.tally.count("events", "suspend");
                let for_ms = self.dice.between(10 * SECOND, 50 * MINUTE);
                self.deaf_until = (self.now + for_ms).min(self.faults_until);
                Ok(())
            }
            Happening::Jump => {
                let ms = self.dice.between(MINUTE, 40 * HOUR) as i64;
                let ms = if self.dice.percent(50) { ms } else { -ms };
                let way = if ms > 0 { "clock jumps forward" } else { "clock jumps back" };
                self.tally.count("events", way);
                self.device.clock.jump(ms);
                Ok(())
            }
            Happening::Look => self.look(),
            Happening::Crash => {
                self.crash();
                Ok(())
            }
            Happening::Repair => self.settle(),
        }
    }

    fn start(&mut self, reboot: bool, copy: Option<u64>) -> Result<(), Broken> {
        if reboot {
            self.device.clock.reboot(self.now - 20 * SECOND);
        }
        self.trace.note(self.now, "start", usize::from(reboot), || format!("{copy:?}"));
        if let Some(of) = copy {
            self.device.put_back(of);
            self.judge.puts_back();
        }
        self.judge.counts(&self.device)?;
        // It is told until it stands in every log, however often the program stops on the way.
        self.untold |= copy.is_some() && self.device.bug != Some(Bug::UntoldRestore);
        self.device.start(self.now, &mut self.dice, self.untold)?;
        self.pump()?;
        self.untold &= self.device.engine.is_none();
        Ok(())
    }

    /// The program or the machine stops, wherever it is.
    fn crash(&mut self) {
        if self.device.engine.is_none() {
            return;
        }
        for n in 0..self.device.rows.len() {
            let stands = &self.device.rows[n].stands;
            if matches!(stands.state(), SubmissionState::Sending { .. }) {
                self.judge.gives_up(n, self.now);
            }
        }
        let reboot = self.dice.percent(35);
        let copy = (self.dice.percent(4) || self.device.bug == Some(Bug::UntoldRestore))
            .then(|| self.now - self.dice.below((self.now - HOUR).min(40 * MINUTE) + 1));
        self.device.stop(self.now);
        let name = match (reboot, copy) {
            (_, Some(_)) => "restore of a copy",
            (true, None) => "crash and reboot",
            (false, None) => "crash",
        };
        self.tally.count("events", name);
        self.trace.note(self.now, name, 0, String::new);
        let longest = if reboot { 20 * MINUTE } else { 5 * MINUTE };
        let after = self.dice.between(25 * SECOND, longest);
        self.plan(after, Happening::Start { reboot, copy });
    }

    fn look(&mut self) -> Result<(), Broken> {
        if self.device.engine.is_none() || self.now < self.deaf_until {
            return Ok(());
        }
        for n in 0..self.device.rows.len() {
            if self.dice.percent(40) {
                continue;
            }
            let row = &self.device.rows[n];
            let event = people::act(&row.stands, row.provider, &mut self.dice);
            if let Some(event) = event {
                self.trace.note(self.now, "person", n, || format!("{event:?}"));
                let operator = "op".to_owned();
                let submission = submission_id(n);
                let person = EngineEvent::Person { submission, event, operator };
                let done = self.device.tell(person, self.now);
                self.tally.count("people", if done { "acted" } else { "not possible now" });
                self.pump()?;
                if self.device.engine.is_none() {
                    return Ok(());
                }
            }
        }
        let mut fidget = people::fidget(&mut self.dice);
        if self.dice.percent(20) {
            let n = self.dice.below(self.device.rows.len() as u64 + 1) as usize;
            let watched = (n < self.device.rows.len()).then(|| submission_id(n));
            fidget = Some(EngineEvent::Watch(watched));
        }
        if self.dice.percent(60) {
            for event in self.repairs() {
                self.device.tell(event, self.now);
            }
        } else if let Some(event) = fidget {
            self.device.tell(event, self.now);
        }
        self.pump()
    }

    /// Executes effects in their order, each before the next; a crash may come between any two.
    pub fn pump(&mut self) -> Result<(), Broken> {
        let mut held_back = None;
        while let Some(engine) = &mut self.device.engine {
            let Some(effect) = engine.poll_effect() else { break };
            if self.device.bug == Some(Bug::SendBeforeRecord)
                && let Effect::Record { entry, .. } = &effect
                && matches!(entry.event, Event::AttemptStarted { .. })
            {
                held_back = Some(effect);
                continue;
            }
            if self.crash_is_due(&effect) {
                self.crash();
                return Ok(());
            }
            if let Some(request) = self.device.execute(effect, self.now)? {
                self.wakes = 0;
                self.send(request)?;
                if let Some(late) = held_back.take() {
                    self.device.execute(late, self.now)?;
                }
            }
        }
        self.check()
    }

    fn crash_is_due(&mut self, effect: &Effect) -> bool {
        let n = match effect {
            Effect::Record { submission, .. } | Effect::Send { submission, .. } => submission,
            Effect::Noted { .. } | Effect::Lighten { .. } | Effect::Changed => return false,
        };
        let of = self.device.rows.iter().position(|r| r.stands.id() == n);
        let Some(of) = of else { return false };
        let provider = self.device.rows[of].provider as usize;
        self.effects[provider] += 1;
        let forced = self.effects[provider] == self.forced_crash[provider];
        !self.calm() && (forced || self.dice.below(400) == 0)
    }

    /// Holds what the engine believes against the disk, and both against the providers.
    fn check(&mut self) -> Result<(), Broken> {
        let mut touched = std::mem::take(&mut self.device.touched);
        touched.dedup();
        for n in touched {
            self.wakes = 0;
            let stands = &self.device.rows[n].stands;
            let engine = self.device.engine.as_ref();
            let believed = engine.and_then(|e| e.submission_of(&submission_id(n)));
            let mixed_up = self.device.bug == Some(Bug::AccountsMixedUp);
            if believed.is_some_and(|believed| believed != stands) && !mixed_up {
                return Err(format!("#{n}: the engine believes something else than the log says"));
            }
            let code = stands.state().code();
            self.tally.count("states reached", code);
            if let SubmissionState::Blocked { refusal, .. } = stands.state() {
                self.tally.count("refusals", refusal_name(refusal));
            }
            self.trace.note(self.now, code, n, || format!("{:?}", stands.state()));
            self.check_against_provider(n)?;
        }
        Ok(())
    }

    pub fn check_against_provider(&self, n: usize) -> Result<(), Broken> {
        let row = &self.device.rows[n];
        match row.provider {
            Provider::WePay => self.judge.wepay(&self.device, n, &self.wepay[row.account]),
            Provider::Winter => self.judge.winter(&self.device, n, &self.winter[row.account]),
        }
    }

    fn verdict(&mut self) -> Result<(), Broken> {
        self.judge.counts(&self.device)?;
        if self.device.engine.is_none() {
            return Err("the program did not start again".to_owned());
        }
        // Verdicts are asked for every half hour at least on the first day.
        let asked = self.now - 40 * MINUTE;
        for n in 0..self.device.rows.len() {
            let row = &self.device.rows[n];
            let (account, followed) = (row.account, row.followed());
            let with_provider = match row.provider {
                Provider::WePay => {
                    let there = &self.wepay[account];
                    let stuck = there.authorized.iter().any(|(_, refused)| *refused);
                    there.waits_for_review(asked) || there.foreign || stuck || followed
                }
                Provider::Winter => self.winter[account].waits_for_review(asked) || followed,
            };
            self.judge.rests(&self.device, n, with_provider)?;
            self.tally.count("ends", row.stands.state().code());
            self.check_against_provider(n)?;
        }
        Ok(())
    }
}

fn refusal_name(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::Answers { .. } => "answers",
        Refusal::FullNumber => "full number",
        Refusal::SubmittedElsewhere => "submitted elsewhere",
        Refusal::WouldOverwrite => "would overwrite",
        Refusal::Account { .. } => "account",
        Refusal::Configuration { .. } => "configuration",
        Refusal::TooLarge { .. } => "too large",
        Refusal::SomeFiles => "some files",
        Refusal::OneImageKept => "one image kept",
        Refusal::Unresolved => "unresolved",
        Refusal::Unexplained { .. } => "unexplained",
        Refusal::Integrity => "integrity",
    }
}
