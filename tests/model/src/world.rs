//! One state of the world, and every way in which it may go on.

use std::fmt;

use satchel_core::delivery::Reading;

use crate::client::{Act, Decision, Happening, Knowing, Memory, Place};
use crate::deed::{Answer, Code, Deed, Names, Word};
use crate::judge::{self, Broken};
use crate::scope::{Api, Bend, Dates, Policy, Scope};
use crate::wepay::{Answers, WePay};
use crate::winter::Winter;

/// Requests that may be on their way after they were given up.
const LATE_MAX: usize = 5;
/// Minutes of quiet after a request was given up.
const QUIET: u8 = 2;

/// Everything that matters for what can still happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct World {
    client: u32,
    flight: Flight,
    knowing: Knowing,
    /// Minutes of quiet that are still due.
    quiet: u8,
    phase: u8,
    up: bool,
    faults_left: u8,
    crashes_left: u8,
    acts_left: u8,
    answers: Answers,
    late: [Option<Message>; LATE_MAX],
    there: There,
}

/// A request on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Message {
    deed: Deed,
    answers: Answers,
    /// Minutes since it left.
    age: u8,
}

/// What the program is busy with; `spent` minutes since it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Flight {
    None,
    /// The intent is on disk, no byte has left.
    Intent {
        deed: Deed,
        spent: u8,
    },
    /// Bytes are out.
    Out {
        message: Message,
        spent: u8,
    },
    /// The provider answered `ago` minutes ago.
    Answer {
        answer: Answer,
        spent: u8,
        ago: u8,
    },
    /// The provider looked and answered.
    Question {
        reading: Reading,
        answer: Answer,
        spent: u8,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum There {
    WePay(WePay),
    Winter(Winter),
}

/// Something that happens.
#[derive(Clone, Copy, Debug)]
pub enum Action {
    Begins(Deed),
    Sends,
    Arrives,
    ArrivesAndStays,
    Asks(Reading),
    Hears,
    HearsUndated,
    NotSent,
    GivesUp,
    ServerFault,
    RefusedWithoutCause,
    AnswerLost,
    QuestionLost,
    Stops,
    Reboots,
    Starts,
    Expires,
    LateArrives(Deed),
    Decides(Word),
    Acts(Act),
    Passes(u8),
}

/// What may follow.
pub type Step = (Action, Result<World, Broken>);

/// How a state goes on once nobody interferes any more.
pub enum Calm {
    Rests,
    Goes(Action, World),
    /// It breaks a promise, as one of the steps that may follow does too.
    Breaks,
}

impl World {
    pub fn new(scope: &Scope) -> World {
        World {
            client: 0,
            flight: Flight::None,
            knowing: Knowing::default(),
            quiet: 0,
            phase: 0,
            up: true,
            faults_left: scope.faults,
            crashes_left: scope.crashes,
            acts_left: scope.acts,
            answers: Answers { version: 1, full_number: false },
            late: [None; LATE_MAX],
            there: match scope.api {
                Api::WePay => There::WePay(WePay::new(scope)),
                Api::Winter => There::Winter(Winter::new(scope)),
            },
        }
    }

    pub fn place(&self, memory: &mut Memory<'_>) -> Place {
        memory.stand(self.client).place
    }

    /// Everything that may happen next.
    pub fn steps(&self, memory: &mut Memory<'_>, steps: &mut Vec<Step>) {
        steps.clear();
        if self.up {
            self.of_program(memory, steps);
            self.of_faults(memory, steps);
            self.of_crashes(memory, steps);
            self.of_people(memory, steps);
        } else {
            steps.push((Action::Starts, self.starts(memory)));
        }
        for place in 0..LATE_MAX {
            if let Some(message) = self.late[place] {
                steps.push((Action::LateArrives(message.deed), self.late_arrives(place, memory)));
            }
        }
        for word in self.verdicts() {
            steps.push((Action::Decides(word), self.decides(word, memory)));
        }
        if let Some((action, passed)) = self.passes(memory) {
            steps.push((action, passed));
        }
    }

    fn of_program(&self, memory: &mut Memory<'_>, steps: &mut Vec<Step>) {
        match self.flight {
            Flight::None => match memory.decide(self.client, self.knowing) {
                Decision::Start(deed) => {
                    steps.push((Action::Begins(deed), self.begins(deed, memory)));
                }
                Decision::Read(reading) => {
                    steps.push((Action::Asks(reading), self.asks(reading, memory)));
                }
                Decision::Poll => {
                    let reading = Reading::Status;
                    steps.push((Action::Asks(reading), self.asks(reading, memory)));
                }
                Decision::Wait | Decision::Answer | Decision::Person | Decision::Nothing => {}
            },
            Flight::Intent { .. } => steps.push((Action::Sends, self.sends(memory))),
            Flight::Out { .. } => steps.push((Action::Arrives, self.arrives(memory))),
            Flight::Answer { .. } | Flight::Question { .. } => {
                let dates = memory.scope().dates;
                if dates != Dates::Never {
                    steps.push((Action::Hears, self.hears(true, memory)));
                }
                if dates != Dates::Always {
                    steps.push((Action::HearsUndated, self.hears(false, memory)));
                }
            }
        }
    }

    fn of_faults(&self, memory: &mut Memory<'_>, steps: &mut Vec<Step>) {
        if self.faults_left == 0 {
            return;
        }
        let world = World { faults_left: self.faults_left - 1, ..*self };
        match self.flight {
            Flight::None => {}
            Flight::Intent { .. } => steps.push((Action::NotSent, world.not_sent(memory))),
            Flight::Out { message, .. } => {
                steps.push((Action::GivesUp, world.and_late(message).lost(memory)));
                steps.push((Action::ServerFault, world.lost(memory)));
                if refusable(message.deed) {
                    let refused = world.refused(memory);
                    steps.push((Action::RefusedWithoutCause, refused));
                }
                if memory.scope().copies {
                    let copied = world.and_late(message).arrives(memory);
                    steps.push((Action::ArrivesAndStays, copied));
                }
            }
            Flight::Answer { .. } => steps.push((Action::AnswerLost, world.lost(memory))),
            Flight::Question { .. } => {
                let lost = World { flight: Flight::None, ..world };
                steps.push((Action::QuestionLost, lost.settled(memory)));
            }
        }
    }

    fn of_crashes(&self, memory: &mut Memory<'_>, steps: &mut Vec<Step>) {
        if self.crashes_left > 0 {
            let stopped = self.stopped();
            steps.push((Action::Stops, stopped.settled(memory)));
            let client = memory.moved(self.client, Happening::Rebooted).expect("always possible");
            steps.push((Action::Reboots, World { client, ..stopped }.settled(memory)));
        }
        let stale = self.knowing.stale();
        let is_idle = self.flight == Flight::None && self.knowing != stale;
        let differs = |m: &mut Memory<'_>| {
            m.decide(self.client, stale) != m.decide(self.client, self.knowing)
        };
        if is_idle && differs(memory) {
            steps.push((Action::Expires, World { knowing: stale, ..*self }.settled(memory)));
        }
    }

    fn of_people(&self, memory: &mut Memory<'_>, steps: &mut Vec<Step>) {
        if self.acts_left == 0 || self.flight != Flight::None {
            return;
        }
        for (act, client) in memory.acts(self.client).iter().copied() {
            let mut world = World { client, acts_left: self.acts_left - 1, ..*self };
            match act {
                Act::Answers => world.answers.version += 1,
                Act::FullNumber => world.answers.full_number = true,
                Act::Retake
                | Act::RetakeAll
                | Act::Overwrite
                | Act::TryAgain
                | Act::Release
                | Act::Withdraw => {}
            }
            steps.push((Action::Acts(act), world.settled(memory)));
        }
    }

    fn starts(&self, memory: &mut Memory<'_>) -> Result<World, Broken> {
        let client = memory.moved(self.client, Happening::Restarted).expect("always possible");
        World { client, up: true, ..*self }.settled(memory)
    }

    fn begins(&self, deed: Deed, memory: &mut Memory<'_>) -> Result<World, Broken> {
        self.is_quiet(memory)?;
        let flight = Flight::Intent { deed, spent: 0 };
        if memory.scope().policy == Policy::Bent(Bend::SendFirst) {
            return World { flight, ..*self }.settled(memory);
        }
        match memory.moved(self.client, Happening::Started(deed)) {
            Some(client) => World { client, flight, ..*self }.settled(memory),
            None => Err(Broken::StepRefused(deed)),
        }
    }

    fn asks(&self, reading: Reading, memory: &mut Memory<'_>) -> Result<World, Broken> {
        self.is_quiet(memory)?;
        let answer = match &self.there {
            There::WePay(wepay) => wepay.look(),
            There::Winter(winter) => winter.look(reading),
        };
        let flight = Flight::Question { reading, answer, spent: 0 };
        World { flight, ..*self }.settled(memory)
    }

    fn is_quiet(&self, memory: &Memory<'_>) -> Result<(), Broken> {
        let too_soon = self.quiet > 0 && memory.scope().keeps_quiet();
        if too_soon { Err(Broken::TooSoon) } else { Ok(()) }
    }

    fn sends(&self, memory: &mut Memory<'_>) -> Result<World, Broken> {
        let Flight::Intent { deed, spent } = self.flight else { return self.settled(memory) };
        if memory.stand(self.client).sending != Some(deed) {
            return Err(Broken::BytesBeforeIntent(deed));
        }
        let message = Message { deed, answers: self.answers, age: 0 };
        World { flight: Flight::Out { message, spent }, ..*self }.settled(memory)
    }

    fn arrives(&self, memory: &mut Memory<'_>) -> Result<World, Broken> {
        let Flight::Out { message, spent } = self.flight else { return self.settled(memory) };
        let mut world = *self;
        let answer = world.reaches(message, memory)?;
        world.flight = Flight::Answer { answer, spent, ago: 0 };
        world.settled(memory)
    }

    fn late_arrives(&self, place: usize, memory: &mut Memory<'_>) -> Result<World, Broken> {
        let mut world = *self;
        if let Some(message) = world.late[place].take() {
            world.reaches(message, memory)?;
        }
        world.settled(memory)
    }

    /// A request reaches the provider.
    fn reaches(&mut self, message: Message, memory: &mut Memory<'_>) -> Result<Answer, Broken> {
        let (taken, scope) = (self.names(memory), memory.scope());
        let Message { deed, answers, .. } = message;
        match &mut self.there {
            There::WePay(wepay) => wepay.arrive(deed, answers, taken, scope),
            There::Winter(winter) => Ok(winter.arrive(deed, answers.version, scope)),
        }
    }

    fn hears(&self, dated: bool, memory: &mut Memory<'_>) -> Result<World, Broken> {
        match self.flight {
            Flight::Answer { answer, ago, .. } => {
                let ago = dated.then_some(ago);
                self.hears_answer(answer, ago, memory)
            }
            Flight::Question { reading, answer, spent } => {
                let ago = dated.then_some(spent);
                self.hears_look(reading, answer, spent, ago, memory)
            }
            Flight::None | Flight::Intent { .. } | Flight::Out { .. } => self.settled(memory),
        }
    }

    fn hears_answer(
        &self,
        answer: Answer,
        ago: Option<u8>,
        memory: &mut Memory<'_>,
    ) -> Result<World, Broken> {
        let mut world = World { flight: Flight::None, ..*self };
        world.client = memory
            .moved(self.client, Happening::Heard(answer, ago))
            .expect("an answer to what was begun can always follow");
        world.knowing.connection = true;
        world.knowing.server_late = ago.or(self.knowing.server_late);
        let awaits = memory.stand(world.client).place == Place::Awaiting;
        match answer {
            Answer::Status(_) => world.knowing.status = true,
            Answer::Refused(_) if awaits => world.knowing.status = false,
            Answer::Refused(_)
            | Answer::Draft(_)
            | Answer::File(_)
            | Answer::Count(..)
            | Answer::Accepted
            | Answer::NoDocuments => {}
        }
        world.settled(memory)
    }

    /// As the engine takes a look-up in: one that took longer than a minute settles nothing.
    fn hears_look(
        &self,
        reading: Reading,
        answer: Answer,
        spent: u8,
        ago: Option<u8>,
        memory: &mut Memory<'_>,
    ) -> Result<World, Broken> {
        let mut world = World { flight: Flight::None, ..*self };
        let knowing = &mut world.knowing;
        knowing.connection = true;
        knowing.server_late = ago.or(self.knowing.server_late);
        if spent > 0 {
            return world.settled(memory);
        }
        knowing.status = true;
        let seen = Happening::Seen(answer, knowing.server_late);
        world.client = memory.moved(self.client, seen).unwrap_or(self.client);
        if reading == Reading::Documents {
            world.knowing.documents = true;
            world.knowing.status = memory.stand(world.client).place != Place::Awaiting;
        }
        world.settled(memory)
    }

    fn not_sent(&self, memory: &mut Memory<'_>) -> Result<World, Broken> {
        let client = memory.moved(self.client, Happening::NotSent).unwrap_or(self.client);
        World { client, flight: Flight::None, ..*self }.settled(memory)
    }

    fn lost(&self, memory: &mut Memory<'_>) -> Result<World, Broken> {
        let client = memory.moved(self.client, Happening::Lost).unwrap_or(self.client);
        World { client, flight: Flight::None, quiet: QUIET, ..*self }.settled(memory)
    }

    fn refused(&self, memory: &mut Memory<'_>) -> Result<World, Broken> {
        let (answer, spent) = (Answer::Refused(Code::Unexplained), 0);
        World { flight: Flight::Answer { answer, spent, ago: 0 }, ..*self }.settled(memory)
    }

    fn and_late(&self, message: Message) -> World {
        let mut world = *self;
        let free = world.late.iter_mut().find(|late| late.is_none());
        *free.expect("the world is too small") = Some(message);
        world
    }

    /// The program stops: what was out may still arrive.
    fn stopped(&self) -> World {
        let mut world = match self.flight {
            Flight::Out { message, .. } => self.and_late(message),
            Flight::None
            | Flight::Intent { .. }
            | Flight::Answer { .. }
            | Flight::Question { .. } => *self,
        };
        if matches!(self.flight, Flight::Out { .. } | Flight::Answer { .. }) {
            world.quiet = QUIET;
        }
        world.crashes_left -= 1;
        World { flight: Flight::None, knowing: Knowing::default(), up: false, ..world }
    }

    fn verdicts(&self) -> impl Iterator<Item = Word> + use<> {
        let (wepay, winter) = match &self.there {
            There::WePay(wepay) => (Some(wepay.verdicts()), None),
            There::Winter(winter) => (None, Some(winter.verdicts())),
        };
        wepay.into_iter().flatten().chain(winter.into_iter().flatten())
    }

    fn calm_verdict(&self) -> Option<Word> {
        match &self.there {
            There::WePay(wepay) => wepay.calm_verdict(),
            There::Winter(winter) => winter.calm_verdict(),
        }
    }

    fn decides(&self, word: Word, memory: &mut Memory<'_>) -> Result<World, Broken> {
        let mut world = *self;
        match &mut world.there {
            There::WePay(wepay) => wepay.decide(word),
            There::Winter(winter) => winter.decide(word),
        }
        world.settled(memory)
    }

    /// Time passes, unless what is out would take too long.
    fn passes(&self, memory: &mut Memory<'_>) -> Option<(Action, Result<World, Broken>)> {
        let scope = memory.scope();
        let minutes = scope.grid[usize::from(self.phase)];
        let mut world = *self;
        match &mut world.flight {
            Flight::None => {}
            Flight::Intent { spent, .. } | Flight::Question { spent, .. } => *spent += minutes,
            Flight::Answer { spent, ago, .. } => {
                (*spent, *ago) = (*spent + minutes, *ago + minutes);
            }
            Flight::Out { message, spent } => {
                message.age += minutes;
                *spent += minutes;
            }
        }
        if world.flight.spent() > scope.slow {
            return None;
        }
        for late in &mut world.late {
            *late = late.map(|m| Message { age: m.age + minutes, ..m });
            late.take_if(|m| m.age > scope.late);
        }
        if let There::WePay(wepay) = &mut world.there {
            wepay.pass(minutes);
        }
        world.client = memory.moved(self.client, Happening::Later(minutes))?;
        world.knowing = self.knowing.stale();
        world.quiet = self.quiet.saturating_sub(minutes);
        world.phase = (self.phase + 1) % scope.grid.len() as u8;
        Some((Action::Passes(minutes), world.settled(memory)))
    }

    /// How it goes on when nothing is lost any more, nothing late arrives, nobody acts and the
    /// provider decides at once.
    pub fn calm(&self, memory: &mut Memory<'_>) -> Calm {
        let step = match self.flight {
            _ if !self.up => (Action::Starts, self.starts(memory)),
            Flight::None => match self.calm_choice(memory) {
                Some(step) => step,
                None => return Calm::Rests,
            },
            Flight::Intent { .. } => (Action::Sends, self.sends(memory)),
            Flight::Out { .. } => (Action::Arrives, self.arrives(memory)),
            Flight::Answer { .. } | Flight::Question { .. } => {
                let dated = memory.scope().dates != Dates::Never;
                (Action::Hears, self.hears(dated, memory))
            }
        };
        match step {
            (action, Ok(world)) => Calm::Goes(action, world),
            (_, Err(_)) => Calm::Breaks,
        }
    }

    fn calm_choice(&self, memory: &mut Memory<'_>) -> Option<Step> {
        let ask =
            |reading, m: &mut Memory<'_>| Some((Action::Asks(reading), self.asks(reading, m)));
        let stand = memory.stand(self.client);
        match memory.decide(self.client, self.knowing) {
            Decision::Start(deed) => Some((Action::Begins(deed), self.begins(deed, memory))),
            Decision::Read(Reading::Status) if !self.knowing.status => ask(Reading::Status, memory),
            Decision::Read(Reading::Documents) if !self.knowing.documents => {
                ask(Reading::Documents, memory)
            }
            Decision::Poll => match self.calm_verdict() {
                Some(word) => Some((Action::Decides(word), self.decides(word, memory))),
                None if !self.knowing.status => ask(Reading::Status, memory),
                None if judge::rests(&stand, self.word()) => None,
                None => self.passes(memory),
            },
            Decision::Person | Decision::Nothing if judge::rests(&stand, self.word()) => None,
            Decision::Read(_)
            | Decision::Wait
            | Decision::Answer
            | Decision::Person
            | Decision::Nothing => self.passes(memory),
        }
    }

    fn word(&self) -> Word {
        match &self.there {
            There::WePay(wepay) => wepay.word,
            There::Winter(winter) => winter.word,
        }
    }

    /// Drafts and files that somebody on this side, or something on its way, can still name.
    fn names(&self, memory: &mut Memory<'_>) -> Names {
        let mut names = memory.stand(self.client).names;
        match self.flight {
            Flight::Answer { answer, .. } => names.add_answer(answer),
            Flight::Intent { deed, .. } => names.add_deed(deed),
            Flight::Out { message, .. } => names.add_deed(message.deed),
            Flight::None | Flight::Question { .. } => {}
        }
        self.late.iter().flatten().for_each(|message| names.add_deed(message.deed));
        names
    }

    /// Forgets requests on their way that can change nothing when they arrive.
    fn drop_inert(&mut self, scope: &Scope) {
        match &self.there {
            There::WePay(wepay) => {
                for late in &mut self.late {
                    late.take_if(|message| wepay.is_inert(message.deed, scope));
                }
            }
            There::Winter(winter) => {
                let newest = self.answers;
                let older = |m: &Message| m.deed == Deed::Details && m.answers != newest;
                let is_settled = self.acts_left == 0
                    && winter.details == newest.version
                    && !self.late.iter().flatten().any(older);
                for late in &mut self.late {
                    late.take_if(|message| match message.deed {
                        Deed::Details => is_settled,
                        deed => winter.is_inert(deed, scope),
                    });
                }
            }
        }
        self.late.sort_unstable();
    }

    /// Forgets what can matter no more, and checks what was promised.
    fn settled(&self, memory: &mut Memory<'_>) -> Result<World, Broken> {
        let (mut world, scope) = (*self, memory.scope());
        world.drop_inert(scope);
        let names = world.names(memory);
        let stand = memory.stand(world.client);
        match &mut world.there {
            There::WePay(wepay) => {
                wepay.tidy(names, scope);
                judge::wepay(&stand, world.answers.version, wepay)?;
            }
            There::Winter(winter) => judge::winter(&stand, world.answers.version, winter, scope)?,
        }
        Ok(world)
    }
}

impl Flight {
    fn spent(&self) -> u8 {
        match self {
            Flight::None => 0,
            Flight::Intent { spent, .. }
            | Flight::Out { spent, .. }
            | Flight::Answer { spent, .. }
            | Flight::Question { spent, .. } => *spent,
        }
    }
}

/// Deeds that a provider may refuse without saying why, and without doing them.
fn refusable(deed: Deed) -> bool {
    match deed {
        Deed::Create | Deed::Authorize(_) | Deed::Details | Deed::Side(_) => true,
        Deed::Upload(_) | Deed::Attach(_) => false,
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Action::Begins(deed) => write!(f, "the client begins {deed:?}"),
            Action::Sends => write!(f, "its bytes leave"),
            Action::Arrives => write!(f, "it arrives and is answered"),
            Action::ArrivesAndStays => write!(f, "it arrives, and a copy stays on its way"),
            Action::Asks(reading) => write!(f, "the client asks for the {reading:?}"),
            Action::Hears => write!(f, "it hears the answer"),
            Action::HearsUndated => write!(f, "it hears the answer, which has no date"),
            Action::NotSent => write!(f, "FAULT not sent"),
            Action::GivesUp => write!(f, "FAULT given up while it is on its way"),
            Action::ServerFault => write!(f, "FAULT a 5xx, nothing done"),
            Action::RefusedWithoutCause => write!(f, "FAULT refused without a cause"),
            Action::AnswerLost => write!(f, "FAULT the answer is lost"),
            Action::QuestionLost => write!(f, "FAULT the look-up's answer is lost"),
            Action::Stops => write!(f, "CRASH the program stops"),
            Action::Reboots => write!(f, "CRASH the machine starts anew"),
            Action::Starts => write!(f, "the program starts"),
            Action::Expires => write!(f, "more than 10 s pass"),
            Action::LateArrives(deed) => write!(f, "LATE {deed:?} arrives"),
            Action::Decides(word) => write!(f, "the provider decides: {word:?}"),
            Action::Acts(act) => write!(f, "a person: {act:?}"),
            Action::Passes(minutes) => write!(f, "{minutes} min pass"),
        }
    }
}
