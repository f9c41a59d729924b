//! A client as one writes it at first: create, authorize, upload, attach, and a habit for when an
//! answer is missing.

use satchel_core::delivery::Reading;

use crate::client::{Decision, Happening, Place, Stand};
use crate::deed::{Answer, Code, Deed, FILES_PER_ATTACH, Names, Word};

/// What it does when an answer is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Habit {
    /// Begins the draft or the round of photos anew at once.
    RetriesOnError,
    /// Keeps a draft's name behind a fence of 35 min, and begins a round of photos anew at once.
    RetriesPhotos,
    /// Looks up at once, and begins anew when nothing is there.
    LooksUpThenRetries,
    /// The same after 120 s of quiet.
    WaitsLooksUpThenRetries,
    /// After 120 s of quiet repeats with the same names up to 25 min, then with new ones.
    KeepsNamesWithoutFence,
    /// Keeps names behind a fence of 35 min, and forgets what was out when the program stops.
    ForgetsWhenStopped,
}

const QUIET: u8 = 2;
const USED_WITHIN: u8 = 25;
const EXPIRED_AFTER: u8 = 35;
/// Ages are not told apart beyond this.
const AGE_MAX: u8 = 40;

/// The client.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Naive {
    habit: Habit,
    photos: u8,
    stage: Stage,
    is_sending: bool,
    /// Minutes since an answer went missing.
    doubt: Option<u8>,
    draft: u8,
    files: [u8; FILES_PER_ATTACH],
    /// Minutes since the draft or the first file was made.
    age: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Stage {
    Create,
    Authorize,
    Await,
    Upload(u8),
    Attach,
    Sent,
    Verified,
}

impl Naive {
    pub fn new(habit: Habit, photos: u8) -> Self {
        let (stage, files) = (Stage::Create, [0; FILES_PER_ATTACH]);
        Self { habit, photos, stage, is_sending: false, doubt: None, draft: 0, files, age: 0 }
    }

    fn deed(&self) -> Option<Deed> {
        match self.stage {
            Stage::Create => Some(Deed::Create),
            Stage::Authorize => Some(Deed::Authorize(self.draft)),
            Stage::Upload(photo) => Some(Deed::Upload(photo)),
            Stage::Attach => Some(Deed::Attach(self.files)),
            Stage::Await | Stage::Sent | Stage::Verified => None,
        }
    }

    pub fn decide(&self) -> Decision {
        let Some(deed) = self.deed() else { return Decision::Poll };
        let waits = match self.habit {
            Habit::RetriesOnError | Habit::LooksUpThenRetries => false,
            Habit::WaitsLooksUpThenRetries
            | Habit::KeepsNamesWithoutFence
            | Habit::RetriesPhotos
            | Habit::ForgetsWhenStopped => self.doubt.is_some_and(|age| age < QUIET),
        };
        match self.doubt {
            _ if self.is_sending => Decision::Answer,
            Some(_) if waits => Decision::Wait,
            Some(_) => Decision::Read(Reading::Status),
            None => Decision::Start(deed),
        }
    }

    pub fn moved(&self, happening: &Happening) -> Option<Naive> {
        let mut naive = self.clone();
        match *happening {
            Happening::Started(_) => naive.is_sending = true,
            Happening::Heard(answer, _) => naive.heard(answer),
            Happening::NotSent => naive.is_sending = false,
            Happening::Lost => naive.lost(),
            Happening::Seen(Answer::Status(seen), _) => naive.seen(seen.word, &seen.documents),
            Happening::Restarted if self.is_sending => naive.stopped(),
            Happening::Later(minutes) => {
                naive.age = (self.age + minutes).min(AGE_MAX);
                naive.doubt = self.doubt.map(|age| (age + minutes).min(QUIET));
            }
            Happening::Restarted | Happening::Rebooted => {}
            Happening::Seen(..) | Happening::Did(_) => return None,
        }
        Some(naive)
    }

    fn lost(&mut self) {
        self.is_sending = false;
        let sends_photos = matches!(self.stage, Stage::Upload(_) | Stage::Attach);
        match self.habit {
            Habit::RetriesOnError => self.begin_anew(),
            Habit::RetriesPhotos if sends_photos => self.begin_anew(),
            Habit::LooksUpThenRetries
            | Habit::WaitsLooksUpThenRetries
            | Habit::KeepsNamesWithoutFence
            | Habit::RetriesPhotos
            | Habit::ForgetsWhenStopped => self.doubt = Some(0),
        }
    }

    fn stopped(&mut self) {
        if self.habit == Habit::ForgetsWhenStopped {
            self.is_sending = false;
            return self.begin_anew();
        }
        self.lost();
    }

    fn begin_anew(&mut self) {
        self.doubt = None;
        match self.stage {
            Stage::Create | Stage::Authorize => self.stage = Stage::Create,
            Stage::Upload(_) | Stage::Attach => self.stage = Stage::Upload(1),
            Stage::Await | Stage::Sent | Stage::Verified => {}
        }
    }

    fn heard(&mut self, answer: Answer) {
        self.is_sending = false;
        match (self.stage, answer) {
            (Stage::Create, Answer::Draft(draft)) => {
                (self.stage, self.draft, self.age) = (Stage::Authorize, draft, 0);
            }
            (Stage::Upload(photo), Answer::File(file)) => {
                self.files[usize::from(photo - 1)] = file;
                self.age = if photo == 1 { 0 } else { self.age };
                let last = photo == self.photos;
                self.stage = if last { Stage::Attach } else { Stage::Upload(photo + 1) };
            }
            (Stage::Authorize, Answer::Status(_))
            | (Stage::Create, Answer::Refused(Code::AlreadySubmitted)) => self.stage = Stage::Await,
            (Stage::Attach, Answer::Status(_)) => self.stage = Stage::Sent,
            _ => self.begin_anew(),
        }
    }

    fn seen(&mut self, word: Word, documents: &[u8]) {
        let attached = self.files[0] > 0 && documents.contains(&self.files[0]);
        let in_doubt = self.doubt.is_some();
        match self.stage {
            _ if word == Word::Verified => (self.stage, self.doubt) = (Stage::Verified, None),
            Stage::Create | Stage::Authorize if word != Word::NotSubmitted => {
                (self.stage, self.doubt) = (Stage::Await, None);
            }
            Stage::Await if word == Word::NeedsDocuments => self.stage = Stage::Upload(1),
            Stage::Attach if attached => (self.stage, self.doubt) = (Stage::Sent, None),
            Stage::Authorize | Stage::Attach if in_doubt => self.settle(),
            Stage::Create | Stage::Upload(_) => self.doubt = None,
            Stage::Authorize | Stage::Attach | Stage::Await | Stage::Sent | Stage::Verified => {}
        }
    }

    /// Nothing is there: with the same names again, or with new ones.
    fn settle(&mut self) {
        let keeps = match self.habit {
            Habit::RetriesOnError | Habit::LooksUpThenRetries | Habit::WaitsLooksUpThenRetries => {
                false
            }
            Habit::KeepsNamesWithoutFence | Habit::ForgetsWhenStopped | Habit::RetriesPhotos => {
                self.age < USED_WITHIN
            }
        };
        let has_fence = matches!(self.habit, Habit::ForgetsWhenStopped | Habit::RetriesPhotos);
        let fenced = has_fence && self.age < EXPIRED_AFTER;
        match (keeps, fenced) {
            (true, _) => self.doubt = None,
            (false, true) => {}
            (false, false) => self.begin_anew(),
        }
    }

    pub fn stand(&self) -> Stand {
        let place = match self.stage {
            _ if self.is_sending => Place::Sending,
            _ if self.doubt.is_some() => Place::Unconfirmed,
            Stage::Create | Stage::Authorize | Stage::Upload(_) | Stage::Attach => Place::Queued,
            Stage::Await | Stage::Sent => Place::Awaiting,
            Stage::Verified => Place::Verified,
        };
        let files = self.files.iter().fold(0, |names, n| names | 1 << n);
        Stand {
            place,
            sending: self.deed().filter(|_| self.is_sending),
            names: Names { drafts: 1 << self.draft, files },
            attached: 0,
            photos: 0,
            pending: 0,
        }
    }
}
