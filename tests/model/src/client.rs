//! The client: core's own submission and its own decision, told at every state from one moment.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, RwLock};

use satchel_core::clock::{Moment, UnixMs};
use satchel_core::delivery::{
    Ambiguity, Correction, Event, Next, NotSentWhy, Outcome, PhotoSent, Reading, Recorded, Refusal,
    Sight, Submission, SubmissionState, next,
};
use satchel_core::ids::{AccountId, SubmissionId};
use satchel_core::onboarding::{DocumentType, Side};
use satchel_core::photo::{PhotoFormat, PhotoRecord};
use satchel_core::policy::LATE_WRITE_MS;
use satchel_core::provider::{Capabilities, ProviderState, ProviderStatus};

use crate::bent;
use crate::deed::{Answer, Deed, Names, photo_id, photo_number};
use crate::digest::Table;
use crate::naive::Naive;
use crate::scope::{Api, Policy, Scope};

pub const MINUTE_MS: u64 = 60_000;

/// The moment from which every state is told.
pub const ORIGIN: Moment =
    Moment { wall_ms: 1_800_000_000_000, boot_ms: 1_000 * MINUTE_MS, boot: 1_000 };

/// Beyond every window of the policy, and as late again as the provider's clock can be.
const AGE_MS_MAX: u64 = LATE_WRITE_MS + 16 * MINUTE_MS;

/// Something that befalls the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Happening {
    Started(Deed),
    /// An answer, with the minutes since the provider gave it where it told its clock.
    Heard(Answer, Option<u8>),
    NotSent,
    Lost,
    /// The answer to a look-up.
    Seen(Answer, Option<u8>),
    Restarted,
    Did(Act),
    /// Minutes passed.
    Later(u8),
    /// The machine was started anew.
    Rebooted,
}

/// What a person does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// Another photo in place of the first.
    Retake,
    /// Another photo in place of each.
    RetakeAll,
    Answers,
    FullNumber,
    Overwrite,
    TryAgain,
    Release,
    Withdraw,
}

impl Act {
    pub const ALL: [Act; 8] = [
        Act::Retake,
        Act::RetakeAll,
        Act::Answers,
        Act::FullNumber,
        Act::Overwrite,
        Act::TryAgain,
        Act::Release,
        Act::Withdraw,
    ];
}

/// What is fresh and known at the moment of deciding.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Knowing {
    pub connection: bool,
    pub status: bool,
    pub documents: bool,
    /// Minutes by which the provider's clock, as this device extrapolates it, is late.
    pub server_late: Option<u8>,
}

impl Knowing {
    pub fn sight(&self) -> Sight {
        Sight {
            now: ORIGIN,
            server_now: server_ms(self.server_late),
            connection_fresh: self.connection,
            status_fresh: self.status,
            documents_fresh: self.documents,
        }
    }

    pub fn stale(&self) -> Knowing {
        Knowing { server_late: self.server_late, ..Knowing::default() }
    }
}

/// What the client does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Start(Deed),
    Read(Reading),
    Wait,
    Answer,
    Poll,
    Person,
    Nothing,
}

/// Where the client says that it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Held,
    Queued,
    Sending,
    Unconfirmed,
    Awaiting,
    NeedsDocuments,
    Blocked,
    Quarantined,
    Verified,
    Failed,
    Withdrawn,
    Purged,
}

/// What others may know of a client.
#[derive(Clone, Copy, Debug)]
pub struct Stand {
    pub place: Place,
    /// The deed whose intent is on disk and whose answer is awaited.
    pub sending: Option<Deed>,
    pub names: Names,
    /// Files called attached, one bit each.
    pub attached: u32,
    /// Photos that count, one bit each.
    pub photos: u32,
    /// How many of them are still to be sent.
    pub pending: u8,
}

/// One client.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Client {
    Core(Box<Submission>),
    Naive(Naive),
}

impl Client {
    pub fn new(scope: &Scope) -> Client {
        match scope.policy {
            Policy::Core | Policy::Bent(_) => Client::Core(Box::new(sealed(scope))),
            Policy::Naive(habit) => Client::Naive(Naive::new(habit, scope.photos)),
        }
    }

    pub fn decide(&self, knowing: &Knowing, scope: &Scope) -> Decision {
        match self {
            Client::Core(submission) => {
                let sight = knowing.sight();
                let next = match scope.policy {
                    Policy::Bent(bend) => bent::next_bent(bend, submission, &sight),
                    Policy::Core | Policy::Naive(_) => next(submission, &sight),
                };
                Decision::of(next)
            }
            Client::Naive(naive) => naive.decide(),
        }
    }

    /// `None`: it cannot happen now.
    fn moved(&self, happening: &Happening, scope: &Scope) -> Option<Client> {
        match self {
            Client::Core(submission) => {
                let moved = match scope.policy {
                    Policy::Core | Policy::Naive(_) => core_moved(submission, happening, scope),
                    Policy::Bent(bend) => {
                        let believed = bent::believed(bend, submission, *happening);
                        let bent = bent::aged(bend, submission, happening);
                        core_moved(bent.as_ref().unwrap_or(submission), &believed, scope)
                    }
                };
                moved.map(|moved| Client::Core(Box::new(moved)))
            }
            Client::Naive(naive) => naive.moved(happening).map(Client::Naive),
        }
    }

    pub fn stand(&self) -> Stand {
        match self {
            Client::Core(submission) => stand(submission),
            Client::Naive(naive) => naive.stand(),
        }
    }
}

impl Decision {
    fn of(next: Next) -> Decision {
        match next {
            Next::Start(step) => Decision::Start(Deed::of(&step)),
            Next::Read(reading) => Decision::Read(reading),
            Next::Wait { .. } => Decision::Wait,
            Next::Answer => Decision::Answer,
            Next::Poll => Decision::Poll,
            Next::Person => Decision::Person,
            Next::Nothing => Decision::Nothing,
        }
    }
}

fn server_ms(ago: Option<u8>) -> Option<UnixMs> {
    ago.map(|minutes| ORIGIN.wall_ms - i64::from(minutes) * MINUTE_MS as i64)
}

fn sealed(scope: &Scope) -> Submission {
    let photos = (1..=scope.photos).map(|n| record(n, scope)).collect();
    let event = Event::Sealed { photos, capabilities: capabilities(scope.api) };
    let log = [Recorded { seq: 1, at: ORIGIN, operator: String::new(), event }];
    let id = SubmissionId::parse(&"0".repeat(32)).expect("32 digits");
    let account = AccountId::parse(&"1".repeat(32)).expect("32 digits");
    let submission = Submission::replay(id, account, &log).expect("a log that was just begun");
    submission.retold(&ORIGIN, &ORIGIN, AGE_MS_MAX)
}

fn capabilities(api: Api) -> Capabilities {
    let wepay = api == Api::WePay;
    Capabilities {
        photos_on_request: wepay,
        draft_then_authorize: wepay,
        reason_per_document: wepay,
        overwrites: !wepay,
        set_resent_whole: !wepay,
    }
}

/// Photo `n`: each set has one of every kind, and a later set replaces an earlier one.
fn record(n: u8, scope: &Scope) -> PhotoRecord {
    let kind = (n - 1) % scope.photos;
    let (document, side) = match (scope.api, kind) {
        (Api::WePay, kind) => (DocumentType::new(["bill", "card", "deed"][usize::from(kind)]), 0),
        (Api::Winter, kind) => (DocumentType::new("LICENCE"), kind),
    };
    PhotoRecord {
        id: photo_id(n),
        document,
        side: if side == 0 { Side::Front } else { Side::Back },
        format: PhotoFormat::Jpeg,
        bytes: 0,
        width: 0,
        height: 0,
        original_sha256: String::new(),
        upload_sha256: String::new(),
        look: 0,
        report: String::new(),
        override_reason: None,
        taken_ms: 0,
    }
}

fn core_moved(submission: &Submission, happening: &Happening, scope: &Scope) -> Option<Submission> {
    let attempt = submission.attempts();
    let event = match *happening {
        Happening::Started(deed) => {
            Event::AttemptStarted { attempt: attempt + 1, step: deed.step() }
        }
        Happening::Heard(answer, ago) => {
            let (outcome, server_ms) = (answer.outcome(), server_ms(ago));
            Event::Answered { attempt, outcome, server_ms }
        }
        Happening::NotSent => {
            let outcome = Outcome::NotSent { why: NotSentWhy::Network };
            Event::Answered { attempt, outcome, server_ms: None }
        }
        Happening::Lost => {
            let outcome = Outcome::Ambiguous { why: Ambiguity::Broken };
            Event::Answered { attempt, outcome, server_ms: None }
        }
        Happening::Seen(answer, ago) => seen(submission, answer, server_ms(ago)),
        Happening::Restarted if !submission.needs_restart(&ORIGIN) => {
            return Some(submission.clone());
        }
        Happening::Restarted => Event::Restarted,
        Happening::Did(act) => done_by_person(act, submission, scope)?,
        Happening::Later(minutes) => {
            return Some(later(submission, u64::from(minutes) * MINUTE_MS));
        }
        Happening::Rebooted => {
            let now = Moment { boot: ORIGIN.boot + 1, ..ORIGIN };
            return Some(submission.retold(&now, &ORIGIN, AGE_MS_MAX));
        }
    };
    after(submission, event)
}

/// The submission as it stands after some time, told anew.
pub fn later(submission: &Submission, ms: u64) -> Submission {
    submission.retold(&ORIGIN.plus(ms), &ORIGIN, AGE_MS_MAX)
}

/// The submission after one more event, told anew.
fn after(submission: &Submission, event: Event) -> Option<Submission> {
    let seq = submission.seq() + 1;
    let entry = Recorded { seq, at: ORIGIN, operator: String::new(), event };
    let mut moved = submission.clone();
    moved.after(&entry).ok()?;
    Some(moved.retold(&ORIGIN, &ORIGIN, AGE_MS_MAX))
}

/// As the engine tells a submission what was read.
fn seen(submission: &Submission, answer: Answer, server_ms: Option<UnixMs>) -> Event {
    let known = || submission.status().cloned().unwrap_or_else(unknown_status);
    let (status, document_count) = match answer {
        Answer::Status(seen) => (seen.status(), None),
        Answer::Count(count, told) => {
            (told.map_or_else(known, |s| s.status()), Some(u32::from(count)))
        }
        Answer::NoDocuments => (known(), Some(0)),
        Answer::Draft(_) | Answer::File(_) | Answer::Accepted | Answer::Refused(_) => {
            panic!("not an answer to a look-up")
        }
    };
    Event::StatusSeen { status, document_count, server_ms }
}

fn unknown_status() -> ProviderStatus {
    ProviderStatus { state: ProviderState::Unknown, raw: String::new(), documents: Vec::new() }
}

/// `None`: this person has no reason to do that now.
fn done_by_person(act: Act, submission: &Submission, scope: &Scope) -> Option<Event> {
    let newest = submission.photos().iter().map(|p| photo_number(&p.record.id)).max()?;
    let set = (newest - 1) / scope.photos * scope.photos + scope.photos;
    let retakes = |n: u8| (1..=n).map(|kind| record(set + kind, scope)).collect();
    let refusal = match submission.state() {
        SubmissionState::Blocked { refusal, .. } => Some(refusal),
        _ => None,
    };
    let corrected = |correction| Some(Event::Corrected { correction });
    match act {
        Act::Retake => Some(Event::PhotosAdded { photos: retakes(1) }),
        Act::RetakeAll if scope.photos > 1 => {
            Some(Event::PhotosAdded { photos: retakes(scope.photos) })
        }
        Act::RetakeAll => None,
        Act::Answers => corrected(Correction::Answers),
        Act::FullNumber => corrected(Correction::FullNumber),
        Act::Overwrite if refusal == Some(&Refusal::WouldOverwrite) => {
            corrected(Correction::Overwrite)
        }
        Act::Overwrite => None,
        Act::TryAgain => corrected(Correction::TryAgain),
        Act::Release => Some(Event::Released),
        Act::Withdraw => Some(Event::Withdrawn),
    }
}

fn stand(submission: &Submission) -> Stand {
    let bits = |photos: &mut dyn Iterator<Item = u8>| photos.fold(0, |bits, n| bits | 1_u32 << n);
    let attached = submission.photos().iter().filter_map(|p| match &p.sent {
        PhotoSent::Attached { reference } => Some(Names::within(&format!("{reference:?}")).files),
        PhotoSent::Here | PhotoSent::Uploaded { .. } | PhotoSent::Written => None,
    });
    Stand {
        place: place(submission.state()),
        sending: match submission.state() {
            SubmissionState::Sending { step, .. } => Some(Deed::of(step)),
            _ => None,
        },
        names: Names::within(&format!("{submission:?}")),
        attached: attached.fold(0, |all, file| all | file),
        photos: bits(&mut submission.current_photos().map(|p| photo_number(&p.record.id))),
        pending: submission.pending_photos().count() as u8,
    }
}

fn place(state: &SubmissionState) -> Place {
    match state {
        SubmissionState::Held => Place::Held,
        SubmissionState::Queued => Place::Queued,
        SubmissionState::Sending { .. } => Place::Sending,
        SubmissionState::Unconfirmed { .. } => Place::Unconfirmed,
        SubmissionState::Awaiting { .. } => Place::Awaiting,
        SubmissionState::NeedsDocuments { .. } => Place::NeedsDocuments,
        SubmissionState::Blocked { .. } => Place::Blocked,
        SubmissionState::Quarantined { .. } => Place::Quarantined,
        SubmissionState::Verified { .. } => Place::Verified,
        SubmissionState::Failed { .. } => Place::Failed,
        SubmissionState::Withdrawn => Place::Withdrawn,
        SubmissionState::Purged => Place::Purged,
    }
}

/// Every client that was met, each with a number of its own.
pub struct Cast {
    scope: Scope,
    met: RwLock<Met>,
}

#[derive(Default)]
struct Met {
    numbers: HashMap<Arc<Client>, u32>,
    clients: Vec<(Arc<Client>, Stand)>,
}

impl Cast {
    pub fn new(scope: &Scope) -> Cast {
        let cast = Cast { scope: scope.clone(), met: RwLock::default() };
        cast.number(Client::new(scope));
        cast
    }

    pub fn len(&self) -> usize {
        self.met.read().expect("no thread has panicked").clients.len()
    }

    fn number(&self, client: Client) -> u32 {
        let mut met = self.met.write().expect("no thread has panicked");
        if let Some(number) = met.numbers.get(&client) {
            return *number;
        }
        let number = u32::try_from(met.clients.len()).expect("fewer than 2^32 clients");
        let (stand, client) = (client.stand(), Arc::new(client));
        met.clients.push((client.clone(), stand));
        met.numbers.insert(client, number);
        number
    }

    fn client(&self, number: u32) -> (Arc<Client>, Stand) {
        self.met.read().expect("no thread has panicked").clients[number as usize].clone()
    }
}

/// What one thread remembers of core's answers, so that it asks each question once.
pub struct Memory<'a> {
    cast: &'a Cast,
    moves: Table<(u32, Happening), Option<u32>>,
    decisions: Table<(u32, Knowing), Decision>,
    stands: Vec<Option<Stand>>,
    acts: Table<u32, Arc<[(Act, u32)]>>,
}

impl<'a> Memory<'a> {
    pub fn new(cast: &'a Cast) -> Self {
        Self {
            cast,
            moves: Table::default(),
            decisions: Table::default(),
            stands: Vec::new(),
            acts: Table::default(),
        }
    }

    pub fn scope(&self) -> &'a Scope {
        &self.cast.scope
    }

    pub fn moved(&mut self, client: u32, happening: Happening) -> Option<u32> {
        let cast = self.cast;
        *self.moves.entry((client, happening)).or_insert_with(|| {
            let moved = cast.client(client).0.moved(&happening, &cast.scope);
            moved.map(|moved| cast.number(moved))
        })
    }

    /// What people can do now, and what becomes of the client then.
    pub fn acts(&mut self, client: u32) -> Arc<[(Act, u32)]> {
        if let Some(acts) = self.acts.get(&client) {
            return acts.clone();
        }
        let can = |act| Some((act, self.moved(client, Happening::Did(act))?));
        let acts: Arc<[(Act, u32)]> = Act::ALL.into_iter().filter_map(can).collect();
        self.acts.insert(client, acts.clone());
        acts
    }

    pub fn decide(&mut self, client: u32, knowing: Knowing) -> Decision {
        let cast = self.cast;
        *self
            .decisions
            .entry((client, knowing))
            .or_insert_with(|| cast.client(client).0.decide(&knowing, &cast.scope))
    }

    pub fn stand(&mut self, client: u32) -> Stand {
        let place = client as usize;
        if self.stands.len() <= place {
            self.stands.resize(place + 1, None);
        }
        *self.stands[place].get_or_insert_with(|| self.cast.client(client).1)
    }
}
