//! One schedule: a device, a network, two providers and people, from one seed.

use std::collections::BTreeMap;

use satchel_app::rehearsal::{Departure, Rehearsal};
use satchel_core::account::{Account, Connection};
use satchel_core::delivery::{EngineEvent, Mutation, Refusal, SubmissionState, plant};
use satchel_core::ids::{AccountId, ConnectionId};
use satchel_core::secret::Secret;

use crate::class::Class;
use crate::dice::Dice;
use crate::disk::{Broken, Disk, Owner, Port, Provider};
use crate::http::Answer;
use crate::judge::{CALM, Judge};
use crate::keep::{Keep, Kind, Ledger};
use crate::medium::{Copy, Medium, Stuff};
use crate::net::Weather;
use crate::tally::{Tally, Trace};
use crate::time::{DeviceClock, HOUR, MINUTE, SECOND};
use crate::{wepay, winter};

/// A program that wakes more often than this without anything happening is spinning.
const WAKES_MAX: u32 = 400;

/// How often the bad time is made longer so that everybody meets something.
const LONGER_MAX: u32 = 30;

/// How many more accounts there are in a few schedules, so that limits are felt.
const CROWD: u64 = 6;

/// What a schedule proves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// No promise is broken, whatever happens to the end.
    Safety,
    /// Once faults stop, everything ends or asks for a person.
    Liveness,
}

/// A schedule to live through.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// Everything follows from it.
    pub seed: u64,
    /// What the store is.
    pub stuff: Stuff,
    /// What of it happens.
    pub keep: Keep,
    /// A bug planted in the program.
    pub bug: Option<Mutation>,
    /// Whether the trace is kept as text.
    pub readable: bool,
}

/// What came of a schedule.
pub struct Ending {
    /// What was hit.
    pub tally: Tally,
    /// A fingerprint of all that happened.
    pub hash: u64,
    /// The promise that was broken, if one was.
    pub broken: Option<Broken>,
    /// All that happened, where it was asked for.
    pub trace: String,
    /// How much of each kind could happen.
    pub counts: [u32; 8],
}

pub enum Happening {
    Arrive { letter: Letter, reply: Option<Heard> },
    Answer { number: u64, answer: Answer, class: Class, by: Option<u64> },
    Start { reboot: bool, restored: bool },
    Suspend,
    Jump,
    Look,
    Crash,
    Copy,
    Restore,
    Refuse { until: u64 },
    Accept,
    Repair,
    Hurry,
}

/// A request on its way.
#[derive(Clone)]
pub struct Letter {
    pub number: u64,
    pub n: usize,
    pub owner: Owner,
    pub code: &'static str,
    pub call: Call,
}

#[derive(Clone)]
pub enum Call {
    WePay(wepay::Call),
    Winter(winter::Call),
}

/// How the provider's answer is heard.
#[derive(Clone, Copy)]
pub struct Heard {
    pub at: u64,
    pub dated: bool,
    pub kind: Kindness,
}

/// What is done to the provider's answer on its way.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kindness {
    Truth,
    Half,
    Other,
    NewWord,
}

/// A request that is out.
pub struct Out {
    pub departure: Departure,
    pub n: usize,
    pub asked: u64,
    /// The engine that sent it is gone.
    pub orphan: bool,
}

pub struct World {
    pub now: u64,
    pub mode: Mode,
    pub seed: u64,
    pub dice: Dice,
    pub net: Dice,
    pub persons: Dice,
    pub weather: Weather,
    pub faults_until: u64,
    /// How often the bad time may still be made longer.
    longer: u32,
    pub queue: BTreeMap<(u64, u64), Happening>,
    pub queued: u64,
    pub port: Port,
    pub clock: DeviceClock,
    pub device: Option<Rehearsal>,
    pub wake_boot: Option<u64>,
    pub stalled: bool,
    pub out: BTreeMap<u64, Out>,
    pub deaf_until: u64,
    pub copy: Option<Copy>,
    pub wakes: u32,
    pub accounts: Vec<(AccountId, Owner)>,
    pub wepay: Vec<wepay::Account>,
    pub winter: winter::Account,
    pub next_id: u64,
    pub requests: [u64; 2],
    pub forced_fault: [u64; 2],
    pub faults: [u64; 2],
    pub judge: Judge,
    pub tally: Tally,
    pub trace: Trace,
}

/// Lives through one schedule.
pub fn live(case: &Case) -> Ending {
    plant(case.bug);
    let mut world = World::new(case);
    let broken = world.run().err();
    plant(None);
    world.tally.count("schedules", if broken.is_some() { "broken" } else { "held" });
    let (hash, trace) = (world.trace.hash, world.trace.text());
    let counts = world.port.disk().ledger.counts;
    Ending { tally: world.tally, hash, broken, trace, counts }
}

pub fn connection_id(provider: Provider) -> ConnectionId {
    ConnectionId::parse(&format!("{:032x}", provider as u32 + 1)).unwrap()
}

fn connection(provider: Provider) -> Connection {
    let (base, secrets): (&str, &[(&str, &str)]) = match provider {
        Provider::WePay => (wepay::BASE, &[("access_token", wepay::TOKEN)]),
        Provider::Winter => (winter::BASE, &[("api_key", "key"), ("api_secret", winter::SECRET)]),
    };
    let settings = [("base_url", base), ("client_id", "4711")];
    Connection {
        id: connection_id(provider),
        provider: provider.name().to_owned(),
        name: provider.name().to_owned(),
        settings: settings.map(|(key, value)| (key.to_owned(), value.to_owned())).into(),
        credentials: secrets.iter().map(|(k, v)| ((*k).to_owned(), Secret::new(*v))).collect(),
        extra_root_pem: None,
        paused: false,
        created_ms: 0,
    }
}

fn account(id: AccountId, provider: Provider, remote_id: String) -> Account {
    Account {
        id,
        connection: connection_id(provider),
        remote_id,
        name: "Quillfeather Zorblaxia".to_owned(),
        kind: None,
        country: None,
        email: None,
        token: None,
        created_ms: 0,
        forgotten_ms: None,
    }
}

impl World {
    pub fn new(case: &Case) -> Self {
        let mut dice = Dice::new(case.seed, 0);
        let mut net = Dice::new(case.seed, 1);
        let mut ledger = Ledger::new(case.keep.clone());
        let mode = if case.seed.is_multiple_of(2) { Mode::Safety } else { Mode::Liveness };
        let long = dice.percent(30);
        let minutes = if long { dice.between(90, 240) } else { dice.between(40, 90) };
        let weather = Weather::draw(&mut net);
        let forced_fault = [(); 2].map(|()| match net.percent(50) {
            true => 1,
            false => net.between(2, 4),
        });
        let more = match dice.below(100) {
            0 => CROWD,
            1..30 => 1,
            _ => 0,
        };
        let wepay: Vec<_> = (0..=more).map(|n| wepay::Account::new(5_000 + n, &mut dice)).collect();
        let winter = winter::Account::new(&mut dice);
        let kept: Vec<bool> = (0..=wepay.len()).map(|_| ledger.next(Kind::Account)).collect();
        let mut power = Dice::new(case.seed, 2);
        let medium = Medium::new(case.stuff, power.seed());
        let disk = Disk::new(medium, power, ledger);
        let mut world = Self {
            now: HOUR,
            mode,
            seed: case.seed,
            dice,
            net,
            persons: Dice::new(case.seed, 3),
            weather,
            faults_until: HOUR + minutes * MINUTE,
            longer: LONGER_MAX,
            queue: BTreeMap::new(),
            queued: 0,
            port: Port::new(disk),
            clock: DeviceClock::new(),
            device: None,
            wake_boot: None,
            stalled: false,
            out: BTreeMap::new(),
            deaf_until: 0,
            copy: None,
            wakes: 0,
            accounts: Vec::new(),
            wepay,
            winter,
            next_id: 0,
            requests: [0; 2],
            forced_fault,
            faults: [0; 2],
            judge: Judge::default(),
            tally: Tally::default(),
            trace: Trace::new(case.readable),
        };
        world.furnish(&kept);
        world.plan_ahead();
        world
    }

    /// Connections and accounts, as somebody configured them.
    fn furnish(&mut self, kept: &[bool]) {
        let mut disk = self.port.disk();
        for provider in Provider::ALL {
            disk.store().put_connection(&connection(provider)).unwrap();
        }
        let mut owners = Vec::new();
        for (n, there) in self.wepay.iter().enumerate() {
            let owner = Owner { provider: Provider::WePay, account: n };
            owners.push((owner, there.id().to_string()));
        }
        let owner = Owner { provider: Provider::Winter, account: 0 };
        owners.push((owner, winter::ACCOUNT.to_owned()));
        for ((n, (owner, remote_id)), kept) in owners.into_iter().enumerate().zip(kept) {
            let id = AccountId::parse(&format!("{:032x}", n + 1)).unwrap();
            disk.store().put_accounts(&[account(id.clone(), owner.provider, remote_id)]).unwrap();
            disk.owns(id.clone(), owner);
            if *kept {
                self.accounts.push((id, owner));
            }
        }
        drop(disk);
        // Two devices, and one more: their submissions of an account take turns.
        if self.dice.percent(10) {
            self.import();
            if self.dice.percent(50) {
                self.import();
            }
        }
    }

    fn plan_ahead(&mut self) {
        self.plan(0, Happening::Start { reboot: false, restored: false });
        self.plan((self.faults_until - self.now) / 2, Happening::Hurry);
        if self.dice.percent(10) {
            let copied = self.dice.between(MINUTE, 30 * MINUTE);
            let restored = copied + self.dice.between(MINUTE, 40 * MINUTE);
            let long_enough = self.now + restored < self.faults_until;
            if self.port.disk().ledger.next(Kind::Restore) && long_enough {
                self.plan(copied, Happening::Copy);
                self.plan(restored, Happening::Restore);
            }
        }
        let mut at = self.now;
        loop {
            at += self.dice.between(2 * SECOND, 12 * MINUTE);
            if at >= self.faults_until {
                break;
            }
            let (kind, what) = match self.dice.below(24) {
                0 => (Kind::Suspend, Happening::Suspend),
                1 => (Kind::Jump, Happening::Jump),
                2 => (Kind::Crash, Happening::Crash),
                3 => {
                    let until = at + self.dice.between(SECOND, 2 * MINUTE);
                    (Kind::Refusal, Happening::Refuse { until: until.min(self.faults_until) })
                }
                _ => (Kind::Person, Happening::Look),
            };
            if self.port.disk().ledger.next(kind) {
                self.plan(at - self.now, what);
            }
        }
    }

    pub fn plan(&mut self, after: u64, what: Happening) {
        self.queued += 1;
        self.queue.insert((self.now + after, self.queued), what);
    }

    pub fn calm(&self) -> bool {
        self.now >= self.faults_until
    }

    fn run(&mut self) -> Result<(), Broken> {
        // Some are watched to the end, so that a program that goes on for nothing is seen.
        let to_the_end = self.dice.percent(5);
        let mut settled = false;
        loop {
            if self.calm() && !settled {
                if self.goes_on() {
                    continue;
                }
                if self.mode == Mode::Safety {
                    break;
                }
                settled = true;
                self.settle()?;
            }
            let planned = self.queue.first_key_value().map(|((at, _), _)| *at);
            let wake = self.wake_time().map(|at| at.max(self.now + 1).max(self.deaf_until));
            let calm = (!settled).then_some(self.faults_until);
            let Some(next) = [planned, wake, calm].into_iter().flatten().min() else { break };
            let is_over = settled && !to_the_end && self.is_over();
            if next > self.faults_until + CALM || is_over {
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
        self.verdict()
    }

    /// The bad time goes on while somebody has not met what everybody must.
    fn goes_on(&mut self) -> bool {
        let unmet = self.everything_was_met().is_err();
        let goes_on = unmet && self.longer > 0;
        if goes_on {
            self.longer -= 1;
            self.faults_until += 10 * MINUTE;
            self.plan(0, Happening::Hurry);
        }
        goes_on
    }

    fn wake(&mut self) -> Result<(), Broken> {
        self.wakes += 1;
        if self.wakes > WAKES_MAX {
            return Err("it wakes again and again and does nothing".to_owned());
        }
        self.turn()
    }

    /// The next thing that happens, or the next time that the program wakes.
    #[cfg(test)]
    pub fn step(&mut self) -> Result<(), Broken> {
        let planned = self.queue.first_key_value().map(|((at, _), _)| *at);
        let wake = self.wake_time().map(|at| at.max(self.now + 1));
        let next = [planned, wake].into_iter().flatten().min().unwrap();
        self.now = self.now.max(next);
        if planned == Some(next) {
            let (_, what) = self.queue.pop_first().unwrap();
            return self.happen(what);
        }
        self.wake()
    }

    /// Boot time at which the program wants to be woken, as true time.
    pub fn wake_time(&self) -> Option<u64> {
        self.device.as_ref()?;
        Some(self.now + self.wake_boot?.saturating_sub(self.clock.at(self.now).boot_ms))
    }

    /// Nothing is out and nothing more is to come, but for verdicts that are asked for daily.
    fn is_over(&self) -> bool {
        let reviews = self.winter.reviews() || self.wepay.iter().any(wepay::Account::reviews);
        let disk = self.port.disk();
        self.out.is_empty()
            && self.queue.is_empty()
            && !reviews
            && self.device.is_some()
            && (0..disk.rows.len()).all(|n| self.judge.rests(&disk, n, false).is_ok())
    }

    /// Faults are over: whoever administers the device has put it right.
    fn settle(&mut self) -> Result<(), Broken> {
        self.trace.note(self.now, "calm", 0, String::new);
        let mut disk = self.port.disk();
        disk.let_power_fail(false);
        disk.refuses = false;
        drop(disk);
        // Once more when the last answers of the bad time are in, slow photos' among them.
        for after in [3 * MINUTE, 20 * MINUTE] {
            self.plan(after, Happening::Repair);
        }
        self.repair()
    }

    pub fn repair(&mut self) -> Result<(), Broken> {
        let now = self.clock.at(self.now);
        let Some(device) = &mut self.device else { return Ok(()) };
        for provider in Provider::ALL {
            let id = connection_id(provider);
            device.tell(EngineEvent::Connection { id, paused: false }, now);
        }
        device.tell(EngineEvent::Closing(false), now);
        device.tell(EngineEvent::HoldPhotos(false), now);
        device.tell(EngineEvent::Pause(false), now);
        self.turn()
    }

    fn happen(&mut self, what: Happening) -> Result<(), Broken> {
        let asleep = self.now < self.deaf_until;
        match what {
            Happening::Arrive { letter, reply } => self.arrive(letter, reply),
            Happening::Answer { .. } | Happening::Look | Happening::Repair if asleep => {
                self.plan(self.deaf_until - self.now, what);
                Ok(())
            }
            Happening::Answer { number, answer, class, by } => self.hear(number, answer, class, by),
            Happening::Start { reboot, restored } => self.start(reboot, restored),
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
                self.clock.jump(ms);
                Ok(())
            }
            Happening::Look => self.look(),
            Happening::Crash => {
                self.crash(false);
                Ok(())
            }
            Happening::Copy => {
                self.copy = self.port.disk().copy();
                Ok(())
            }
            Happening::Restore => {
                self.restore();
                Ok(())
            }
            Happening::Refuse { until } => {
                self.tally.count("events", "store refuses");
                self.port.disk().refuses = true;
                self.plan(until.saturating_sub(self.now), Happening::Accept);
                Ok(())
            }
            Happening::Accept => {
                self.port.disk().refuses = false;
                Ok(())
            }
            Happening::Repair => self.repair(),
            Happening::Hurry => {
                self.port.disk().hurry();
                self.hurry()
            }
        }
    }

    /// Who has not met a crash yet meets one now, and who has not met a fault is looked at, and
    /// with that asked after, until one comes.
    fn hurry(&mut self) -> Result<(), Broken> {
        let mut disk = self.port.disk();
        let crashed = Provider::ALL.iter().all(|provider| disk.has_crashed(*provider));
        let crashes = !crashed && disk.ledger.next(Kind::Crash);
        let unmet = disk.rows.iter().find(|row| self.faults[row.owner.provider as usize] == 0);
        let unmet = unmet.map(|row| row.id.clone());
        drop(disk);
        if crashes {
            self.crash(false);
        }
        let Some(watched) = unmet.filter(|_| self.port.disk().ledger.is_everything()) else {
            return Ok(());
        };
        if self.calm() {
            return Ok(());
        }
        self.plan(2 * MINUTE, Happening::Hurry);
        let now = self.clock.at(self.now);
        if let Some(device) = &mut self.device {
            device.tell(EngineEvent::Watch(Some(watched)), now);
        }
        // What asks for a person is not asked after.
        self.look()?;
        self.repair()
    }

    fn verdict(&mut self) -> Result<(), Broken> {
        self.everything_was_met()?;
        if self.mode == Mode::Safety {
            return Ok(());
        }
        if self.device.is_none() {
            return Err("the program did not start again".to_owned());
        }
        // Verdicts are asked for every half hour at least on the first day.
        let asked = self.now - 40 * MINUTE;
        let rows = self.port.disk().rows.len();
        for n in 0..rows {
            let disk = self.port.disk();
            let row = &disk.rows[n];
            let with_provider = match row.owner.provider {
                Provider::WePay => {
                    let there = &self.wepay[row.owner.account];
                    let stuck = there.authorized.iter().any(|(_, refused)| *refused);
                    there.waits_for_review(asked) || there.foreign || stuck || row.followed
                }
                Provider::Winter => self.winter.waits_for_review(asked) || row.followed,
            };
            self.judge.rests(&disk, n, with_provider)?;
            self.tally.count("ends", row.stands.state().code());
            drop(disk);
            self.check_against_provider(n)?;
        }
        let mut disk = self.port.disk();
        if !self.judge.put_back {
            disk.photos_are_there()?;
        }
        Ok(())
    }

    /// A schedule without a document, a fault or a crash of each provider proves nothing about it.
    fn everything_was_met(&mut self) -> Result<(), Broken> {
        let disk = self.port.disk();
        if !disk.ledger.is_everything() {
            return Ok(());
        }
        for provider in Provider::ALL {
            let of = disk.rows.iter().filter(|row| row.owner.provider == provider);
            let documents = of.flat_map(|row| row.stands.photos()).count();
            let faults = self.faults[provider as usize];
            if documents == 0 || faults == 0 || !disk.has_crashed(provider) {
                let name = provider.name();
                let crashed = disk.has_crashed(provider);
                return Err(format!(
                    "{name} had {documents} documents, {faults} faults, a crash: {crashed}"
                ));
            }
        }
        Ok(())
    }

    pub fn check_against_provider(&self, n: usize) -> Result<(), Broken> {
        let disk = self.port.disk();
        let owner = disk.rows[n].owner;
        match owner.provider {
            Provider::WePay => self.judge.wepay(&disk, n, &self.wepay[owner.account]),
            Provider::Winter => self.judge.winter(&disk, n, &self.winter),
        }
    }
}

pub fn refusal_name(refusal: &Refusal) -> &'static str {
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

/// What a person must do about this state, if it asks for one.
pub fn refusal_of(state: &SubmissionState) -> Option<&Refusal> {
    match state {
        SubmissionState::Blocked { refusal, .. } | SubmissionState::Quarantined { refusal, .. } => {
            Some(refusal)
        }
        SubmissionState::Held
        | SubmissionState::Queued
        | SubmissionState::Sending { .. }
        | SubmissionState::Unconfirmed { .. }
        | SubmissionState::Awaiting { .. }
        | SubmissionState::NeedsDocuments { .. }
        | SubmissionState::Verified { .. }
        | SubmissionState::Failed { .. }
        | SubmissionState::Withdrawn
        | SubmissionState::Purged => None,
    }
}
