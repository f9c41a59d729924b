//! One schedule: a device, a network, two providers and people, from one seed.

use std::collections::BTreeMap;

use satchel_core::clock::UnixMs;
use satchel_core::delivery::{
    Ambiguity, Definite, EngineEvent, Event, Outcome, Reading, Receipt, Step, SubmissionState,
};
use satchel_core::provider::{Capabilities, ProviderState};

use crate::bugs::Bug;
use crate::device::{Broken, Device, Provider, Request, submission_id};
use crate::dice::Dice;
use crate::judge::{CALM, Judge};
use crate::net::{Fate, Weather};
use crate::tally::{Tally, Trace};
use crate::time::{HOUR, MINUTE, SECOND, date};
use crate::{people, wepay, winter};

/// A program that wakes more often than this without anything happening is spinning.
const WAKES_MAX: u32 = 400;

enum Happening {
    Arrive { request: Request, reply_to: Option<Reply> },
    Answer { generation: u32, request: Request, outcome: Outcome, server_ms: Option<UnixMs> },
    Start { reboot: bool, copy: Option<u64> },
    Suspend,
    Jump,
    Look,
    Crash,
}

/// Where and when an answer is heard.
struct Reply {
    generation: u32,
    heard: u64,
    dated: bool,
}

pub struct World {
    now: u64,
    dice: Dice,
    weather: Weather,
    faults_until: u64,
    queue: BTreeMap<(u64, u64), Happening>,
    queued: u64,
    device: Device,
    deaf_until: u64,
    wakes: u32,
    wepay: Vec<wepay::Account>,
    winter: Vec<winter::Account>,
    next_id: u64,
    requests: [u64; 2],
    forced_fault: [u64; 2],
    effects: [u64; 2],
    forced_crash: [u64; 2],
    judge: Judge,
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
            wakes: 0,
            wepay,
            winter,
            next_id: 0,
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

    fn plan(&mut self, after: u64, what: Happening) {
        self.queued += 1;
        self.queue.insert((self.now + after, self.queued), what);
    }

    fn calm(&self) -> bool {
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
        let told = copy.is_some() && self.device.bug != Some(Bug::UntoldRestore);
        self.device.start(self.now, &mut self.dice, told)?;
        self.pump()
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
    fn pump(&mut self) -> Result<(), Broken> {
        let mut held_back = None;
        while let Some(engine) = &mut self.device.engine {
            let Some(effect) = engine.poll_effect() else { break };
            if self.device.bug == Some(Bug::SendBeforeRecord)
                && let satchel_core::delivery::Effect::Record { entry, .. } = &effect
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

    fn crash_is_due(&mut self, effect: &satchel_core::delivery::Effect) -> bool {
        let n = match effect {
            satchel_core::delivery::Effect::Record { submission, .. }
            | satchel_core::delivery::Effect::Send { submission, .. } => submission,
            satchel_core::delivery::Effect::Noted { .. }
            | satchel_core::delivery::Effect::Changed => return false,
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
            if believed.is_some_and(|believed| believed != stands) {
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

    fn check_against_provider(&self, n: usize) -> Result<(), Broken> {
        let row = &self.device.rows[n];
        match row.provider {
            Provider::WePay => self.judge.wepay(&self.device, n, &self.wepay[row.account]),
            Provider::Winter => self.judge.winter(&self.device, n, &self.winter[row.account]),
        }
    }

    fn send(&mut self, request: Request) -> Result<(), Broken> {
        let row = &self.device.rows[request.n];
        self.judge.sends(&request, row, self.now)?;
        let provider = row.provider;
        self.requests[provider as usize] += 1;
        let forced = self.requests[provider as usize] == self.forced_fault[provider as usize];
        let mut fate = self.weather.fate(self.now, self.calm(), forced, &mut self.dice);
        if provider == Provider::Winter || request.step.is_read() {
            fate.arrives_again = None;
        }
        self.tally.count(provider.name(), request.step.code());
        self.tally.count("network", fate.name);
        let code = request.step.code();
        self.trace.note(self.now, code, request.n, || format!("{} {:?}", fate.name, request.step));
        let lost = matches!(&fate.instead, Some(Outcome::Ambiguous { .. }));
        if self.device.bug == Some(Bug::HiddenRetry) && lost {
            self.judge.sends(&request, &self.device.rows[request.n], self.now)?;
        }
        self.deliver(request, fate);
        Ok(())
    }

    fn deliver(&mut self, request: Request, fate: Fate) {
        let generation = self.device.generation;
        let server_ms = self.dice.percent(80).then(|| date(fate.heard));
        let dated = server_ms.is_some();
        let reply_to = match fate.instead {
            Some(outcome) => {
                let request = request.clone();
                // An answer that is not the provider's carries no date of the provider's.
                let server_ms = None;
                let answer = Happening::Answer { generation, request, outcome, server_ms };
                self.plan(fate.heard - self.now, answer);
                None
            }
            None => Some(Reply { generation, heard: fate.heard, dated }),
        };
        if let Some(at) = fate.arrives_again {
            let copy = Happening::Arrive { request: request.clone(), reply_to: None };
            self.plan(at - self.now, copy);
        }
        if let Some(at) = fate.arrives {
            self.plan(at - self.now, Happening::Arrive { request, reply_to });
        }
    }

    /// Bytes reach a provider.
    fn arrive(&mut self, request: Request, reply_to: Option<Reply>) -> Result<(), Broken> {
        let row = &self.device.rows[request.n];
        let (provider, account) = (row.provider, row.account);
        let outcome = match provider {
            Provider::WePay => self.at_wepay(account, &request),
            Provider::Winter => self.at_winter(account, &request),
        };
        let code = request.step.code();
        self.trace.note(self.now, "arrives", request.n, || format!("{code} {outcome:?}"));
        if let Some(Reply { generation, heard, dated }) = reply_to {
            let server_ms = dated.then(|| date(self.now));
            let answer = Happening::Answer { generation, request, outcome, server_ms };
            self.plan(heard.saturating_sub(self.now), answer);
        }
        let rows: Vec<usize> = (0..self.device.rows.len())
            .filter(|n| {
                let row = &self.device.rows[*n];
                row.provider == provider && row.account == account
            })
            .collect();
        rows.into_iter().try_for_each(|n| self.check_against_provider(n))
    }

    fn at_wepay(&mut self, account: usize, request: &Request) -> Outcome {
        self.next_id += 1;
        let id = self.next_id.to_string();
        let (now, dice) = (self.now, &mut self.dice);
        let account = &mut self.wepay[account];
        account.review(now, dice);
        let reply = match &request.step {
            Step::Read { .. } => wepay::Reply::Status(account.status(now)),
            Step::Create => account.create(now, id, request.full_number),
            Step::Authorize { reference } => account.authorize(now, reference, dice),
            Step::Upload { .. } => account.upload(now, id, &request.photo.as_ref().unwrap().id),
            Step::Attach { references } => account.modify(now, references, dice),
            Step::Details | Step::Side { .. } => wepay::Reply::Code(1001),
        };
        wepay_outcome(reply)
    }

    fn at_winter(&mut self, account: usize, request: &Request) -> Outcome {
        let (now, dice) = (self.now, &mut self.dice);
        let account = &mut self.winter[account];
        account.review(now);
        let receipt = match &request.step {
            Step::Read { reading: Reading::Status } => Receipt::Status { status: account.status() },
            Step::Read { reading: Reading::Documents } if account.count() == 0 => {
                let fault = Definite::NoDocumentsOrAccount;
                return Outcome::Definite { fault, code: "400".to_owned(), text: String::new() };
            }
            Step::Read { reading: Reading::Documents } => {
                let status = dice.percent(50).then(|| account.status());
                Receipt::Documents { count: account.count(), status }
            }
            Step::Details => {
                account.write_details(request.version, now, dice);
                Receipt::Accepted
            }
            Step::Side { .. } => {
                account.write_side(request.photo.as_ref().unwrap(), now, dice);
                Receipt::Accepted
            }
            Step::Create | Step::Authorize { .. } | Step::Upload { .. } | Step::Attach { .. } => {
                panic!("not a step of this provider: {request:?}")
            }
        };
        Outcome::Done { receipt }
    }

    fn answer(
        &mut self,
        generation: u32,
        request: &Request,
        outcome: Outcome,
        server_ms: Option<UnixMs>,
    ) -> Result<(), Broken> {
        if generation != self.device.generation || self.device.engine.is_none() {
            return Ok(());
        }
        if request.attempt > 0 && matches!(outcome, Outcome::Ambiguous { .. }) {
            self.judge.gives_up(request.n, self.now);
        }
        let outcome = mistaken(self.device.bug, request, outcome);
        self.trace.note(self.now, "hears", request.n, || format!("{outcome:?}"));
        let (submission, attempt) = (submission_id(request.n), request.attempt);
        let answer = EngineEvent::Answer { submission, attempt, outcome, server_ms };
        if !self.device.tell(answer, self.now) {
            return Err(format!("#{}: the engine refuses an answer", request.n));
        }
        self.pump()
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

/// What a program with a planted bug believes that it heard.
fn mistaken(bug: Option<Bug>, request: &Request, outcome: Outcome) -> Outcome {
    let Outcome::Ambiguous { why } = &outcome else { return outcome };
    let reads = request.step.is_read();
    match (bug, why) {
        (Some(Bug::RetryAmbiguousAtOnce), _) if !reads => {
            Outcome::NotSent { why: satchel_core::delivery::NotSentWhy::Network }
        }
        (Some(Bug::ServerFaultIsNotDone), Ambiguity::ServerFault) => {
            Outcome::NotDone { wait_ms: None }
        }
        (Some(Bug::PageIsDone), Ambiguity::Foreign) if !reads => {
            let raw = String::new();
            let status = satchel_core::provider::ProviderStatus {
                state: ProviderState::InReview,
                raw,
                documents: Vec::new(),
            };
            let receipt = match &request.step {
                Step::Details | Step::Side { .. } => Receipt::Accepted,
                Step::Create => Receipt::Draft { reference: "0".to_owned() },
                Step::Upload { .. } => Receipt::File { reference: "0".to_owned() },
                Step::Read { .. } | Step::Authorize { .. } | Step::Attach { .. } => {
                    Receipt::Status { status }
                }
            };
            Outcome::Done { receipt }
        }
        (_, _) => outcome,
    }
}

fn wepay_outcome(reply: wepay::Reply) -> Outcome {
    let refused =
        |fault, code: i64| Outcome::Definite { fault, code: code.to_string(), text: String::new() };
    match reply {
        wepay::Reply::Draft(reference) => Outcome::Done { receipt: Receipt::Draft { reference } },
        wepay::Reply::File(reference) => Outcome::Done { receipt: Receipt::File { reference } },
        wepay::Reply::Status(status) => Outcome::Done { receipt: Receipt::Status { status } },
        wepay::Reply::TooLarge => refused(Definite::TooLarge, 413),
        wepay::Reply::Code(1003) => refused(Definite::DraftGone, 1003),
        wepay::Reply::Code(3006) => refused(Definite::AlreadySubmitted, 3006),
        wepay::Reply::Code(3009) => refused(Definite::FullNumberNeeded, 3009),
        wepay::Reply::Code(3010) => refused(Definite::PhotosNotAskedFor, 3010),
        wepay::Reply::Code(3011) => refused(Definite::FilesGone, 3011),
        wepay::Reply::Code(other) => refused(Definite::Unexplained, other),
    }
}

fn refusal_name(refusal: &satchel_core::delivery::Refusal) -> &'static str {
    use satchel_core::delivery::Refusal;
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
