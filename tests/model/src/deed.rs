//! What crosses the network, in a few bytes: deeds out, answers back.

use satchel_core::delivery::{Definite, Outcome, Receipt, Step};
use satchel_core::ids::PhotoId;
use satchel_core::onboarding::DocumentType;
use satchel_core::provider::{DocumentState, ProviderDocument, ProviderState, ProviderStatus};

/// Files that one attach may name.
pub const FILES_PER_ATTACH: usize = 3;
/// Documents that an account may come to hold.
pub const DOCUMENTS_MAX: usize = 4;

/// A step with an effect at the provider. Names are small numbers; 0 stands for none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Deed {
    Create,
    Authorize(u8),
    Upload(u8),
    Attach([u8; FILES_PER_ATTACH]),
    Details,
    Side(u8),
}

/// The provider's word for the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Word {
    NotSubmitted,
    Received,
    InReview,
    NeedsDocuments,
    Verified,
    Failed,
}

/// What a look at the account shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Snapshot {
    pub word: Word,
    /// Names of the files attached, oldest first.
    pub documents: [u8; DOCUMENTS_MAX],
}

/// Why the provider refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    AlreadySubmitted,
    DraftGone,
    FullNumberNeeded,
    PhotosNotAskedFor,
    FilesGone,
    Unexplained,
}

/// What the provider answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    Draft(u8),
    File(u8),
    Status(Snapshot),
    Count(u8, Option<Snapshot>),
    Accepted,
    NoDocuments,
    Refused(Code),
}

impl Deed {
    pub fn of(step: &Step) -> Deed {
        match step {
            Step::Create => Deed::Create,
            Step::Authorize { reference } => Deed::Authorize(number(reference)),
            Step::Upload { photo } => Deed::Upload(photo_number(photo)),
            Step::Attach { references } => {
                let mut files = [0; FILES_PER_ATTACH];
                files.iter_mut().zip(references).for_each(|(n, name)| *n = number(name));
                assert!(references.len() <= FILES_PER_ATTACH, "the world is too small");
                Deed::Attach(files)
            }
            Step::Details => Deed::Details,
            Step::Side { photo } => Deed::Side(photo_number(photo)),
            Step::Read { .. } => panic!("a read is no deed"),
        }
    }

    pub fn step(self) -> Step {
        match self {
            Deed::Create => Step::Create,
            Deed::Authorize(draft) => Step::Authorize { reference: draft_name(draft) },
            Deed::Upload(photo) => Step::Upload { photo: photo_id(photo) },
            Deed::Attach(files) => Step::Attach { references: named(&files).collect() },
            Deed::Details => Step::Details,
            Deed::Side(photo) => Step::Side { photo: photo_id(photo) },
        }
    }
}

impl Word {
    fn state(self) -> ProviderState {
        match self {
            Word::NotSubmitted => ProviderState::NotSubmitted,
            Word::Received => ProviderState::Received,
            Word::InReview => ProviderState::InReview,
            Word::NeedsDocuments => ProviderState::NeedsDocuments,
            Word::Verified => ProviderState::Verified,
            Word::Failed => ProviderState::Failed,
        }
    }
}

impl Snapshot {
    pub fn of(word: Word) -> Snapshot {
        Snapshot { word, documents: [0; DOCUMENTS_MAX] }
    }

    pub fn status(&self) -> ProviderStatus {
        let document = |reference| ProviderDocument {
            reference,
            kind: DocumentType::new("bill"),
            state: DocumentState::InReview,
            reason: None,
            received_ms: None,
        };
        let documents = named(&self.documents).map(document).collect();
        ProviderStatus { state: self.word.state(), raw: String::new(), documents }
    }
}

impl Answer {
    pub fn outcome(self) -> Outcome {
        let receipt = match self {
            Answer::Draft(draft) => Receipt::Draft { reference: draft_name(draft) },
            Answer::File(file) => Receipt::File { reference: file_name(file) },
            Answer::Status(seen) => Receipt::Status { status: seen.status() },
            Answer::Count(count, seen) => {
                Receipt::Documents { count: u32::from(count), status: seen.map(|s| s.status()) }
            }
            Answer::Accepted => Receipt::Accepted,
            Answer::NoDocuments => return refused(Definite::NoDocumentsOrAccount),
            Answer::Refused(code) => return refused(code.fault()),
        };
        Outcome::Done { receipt }
    }
}

impl Code {
    fn fault(self) -> Definite {
        match self {
            Code::AlreadySubmitted => Definite::AlreadySubmitted,
            Code::DraftGone => Definite::DraftGone,
            Code::FullNumberNeeded => Definite::FullNumberNeeded,
            Code::PhotosNotAskedFor => Definite::PhotosNotAskedFor,
            Code::FilesGone => Definite::FilesGone,
            Code::Unexplained => Definite::Unexplained,
        }
    }
}

fn refused(fault: Definite) -> Outcome {
    Outcome::Definite { fault, code: String::new(), text: String::new() }
}

pub fn photo_id(photo: u8) -> PhotoId {
    PhotoId::parse(&format!("{photo:032x}")).expect("32 digits")
}

pub fn photo_number(photo: &PhotoId) -> u8 {
    u8::from_str_radix(photo.as_str(), 16).expect("a photo of the model")
}

fn draft_name(draft: u8) -> String {
    format!("d{draft}")
}

fn file_name(file: u8) -> String {
    format!("f{file}")
}

fn named(files: &[u8]) -> impl Iterator<Item = String> {
    files.iter().filter(|n| **n > 0).map(|n| file_name(*n))
}

fn number(name: &str) -> u8 {
    name[1..].parse().expect("a name of the model")
}

/// Drafts and files that a value still names, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Names {
    pub drafts: u32,
    pub files: u32,
}

impl Names {
    /// Everything named in a value's debug output.
    pub fn within(text: &str) -> Names {
        let mut names = Names::default();
        for word in text.split('"').skip(1).step_by(2) {
            let Some(digits) = word.get(1..) else { continue };
            let Ok(n) = digits.parse::<u8>() else { continue };
            match word.as_bytes()[0] {
                b'd' => names.drafts |= 1 << n,
                b'f' => names.files |= 1 << n,
                _ => {}
            }
        }
        names
    }

    pub fn add_deed(&mut self, deed: Deed) {
        match deed {
            Deed::Authorize(draft) => self.drafts |= 1 << draft,
            Deed::Attach(files) => files.iter().for_each(|n| self.files |= 1 << n),
            Deed::Create | Deed::Upload(_) | Deed::Details | Deed::Side(_) => {}
        }
    }

    pub fn add_answer(&mut self, answer: Answer) {
        match answer {
            Answer::Draft(draft) => self.drafts |= 1 << draft,
            Answer::File(file) => self.files |= 1 << file,
            Answer::Status(_)
            | Answer::Count(..)
            | Answer::Accepted
            | Answer::NoDocuments
            | Answer::Refused(_) => {}
        }
    }

    pub fn draft(&self, n: u8) -> bool {
        self.drafts >> n & 1 == 1
    }

    pub fn file(&self, n: u8) -> bool {
        self.files >> n & 1 == 1
    }

    /// The lowest number that names nothing yet.
    pub fn free(taken: u32) -> u8 {
        (1..32).find(|n| taken >> n & 1 == 0).expect("the world is too small")
    }
}
