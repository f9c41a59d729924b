//! A small WePay: inert drafts and files that die after 30 minutes; authorize and modify have an
//! effect. Harsher than the real one may be: any living draft counts when it is authorized.

use std::hash::{Hash, Hasher};

use crate::deed::{Answer, Code, DOCUMENTS_MAX, Deed, FILES_PER_ATTACH, Names, Snapshot, Word};
use crate::judge::Broken;
use crate::scope::Scope;

/// Age in minutes up to which a draft is authorized and a file attached.
pub const LIFE: u8 = 30;

/// What one account holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WePay {
    pub word: Word,
    under_review: bool,
    drafts: [Draft; 6],
    /// Age of the youngest draft that nobody can name any more.
    orphan: Option<u8>,
    files: [File; 8],
    documents: [u8; DOCUMENTS_MAX],
    /// The photos that these show.
    photos: [u8; DOCUMENTS_MAX],
    /// Authorizes with effect.
    pub counted: u8,
    /// Authorizes with effect that were refused for want of the full number.
    pub refused: u8,
    /// Version of the answers that counted.
    pub version: u8,
    rounds_left: u8,
    pub was_verified: bool,
}

/// The answers that a request is made from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Answers {
    pub version: u8,
    pub full_number: bool,
}

/// Name 0: none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Draft {
    name: u8,
    age: u8,
    authorized: bool,
    answers: Answers,
}

/// Name 0: none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct File {
    name: u8,
    photo: u8,
    age: u8,
}

/// In one word: most of the time goes into hashing.
impl Hash for Draft {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Answers { version, full_number } = self.answers;
        let flags = u8::from(self.authorized) | u8::from(full_number) << 1;
        state.write_u32(u32::from_le_bytes([self.name, self.age, version, flags]));
    }
}

impl Hash for File {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u32(u32::from_le_bytes([self.name, self.photo, self.age, 0]));
    }
}

impl WePay {
    pub fn new(scope: &Scope) -> Self {
        Self {
            word: Word::NotSubmitted,
            under_review: false,
            drafts: [Draft::default(); 6],
            orphan: None,
            files: [File::default(); 8],
            documents: [0; DOCUMENTS_MAX],
            photos: [0; DOCUMENTS_MAX],
            counted: 0,
            refused: 0,
            version: 0,
            rounds_left: scope.rounds,
            was_verified: false,
        }
    }

    pub fn look(&self) -> Answer {
        Answer::Status(Snapshot { word: self.word, documents: self.documents })
    }

    pub fn holds(&self, file: u8) -> bool {
        self.documents.contains(&file)
    }

    /// A request arrives. `taken` names what must not be named anew.
    pub fn arrive(
        &mut self,
        deed: Deed,
        answers: Answers,
        taken: Names,
        scope: &Scope,
    ) -> Result<Answer, Broken> {
        match deed {
            Deed::Create => Ok(self.create(answers, taken, scope)),
            Deed::Authorize(draft) => self.authorize(draft, scope),
            Deed::Upload(photo) => Ok(self.upload(photo, taken)),
            Deed::Attach(files) => self.modify(files, scope),
            Deed::Details | Deed::Side(_) => panic!("not a deed of this provider"),
        }
    }

    fn is_submitted(&self) -> bool {
        self.word != Word::NotSubmitted
    }

    fn draft_lives(&self) -> bool {
        self.orphan.is_some() || self.drafts.iter().any(|d| d.name > 0 && !d.authorized)
    }

    fn create(&mut self, answers: Answers, taken: Names, scope: &Scope) -> Answer {
        let awaits_number = self.refused > 0 && self.counted == 0;
        if (self.is_submitted() && !awaits_number) || (scope.strict && self.draft_lives()) {
            return Answer::Refused(Code::AlreadySubmitted);
        }
        let here = self.drafts.iter().fold(0, |names, d| names | 1 << d.name);
        let name = Names::free(taken.drafts | here);
        let free = self.drafts.iter_mut().find(|d| d.name == 0).expect("the world is too small");
        *free = Draft { name, age: 0, authorized: false, answers };
        Answer::Draft(name)
    }

    fn authorize(&mut self, name: u8, scope: &Scope) -> Result<Answer, Broken> {
        let Some(draft) = self.drafts.iter_mut().find(|d| d.name == name) else {
            return Ok(Answer::Refused(Code::DraftGone));
        };
        if draft.authorized {
            return Ok(self.look());
        }
        (draft.authorized, draft.age) = (true, 0);
        if scope.wants_number && !draft.answers.full_number {
            self.refused += 1;
            self.word = Word::Received;
            if self.refused > 1 {
                return Err(Broken::AuthorizedTwice);
            }
            return Ok(Answer::Refused(Code::FullNumberNeeded));
        }
        self.counted += 1;
        self.version = draft.answers.version;
        self.word = Word::InReview;
        self.under_review = true;
        if self.counted > 1 { Err(Broken::AuthorizedTwice) } else { Ok(self.look()) }
    }

    fn upload(&mut self, photo: u8, taken: Names) -> Answer {
        let here = self.files.iter().fold(0, |names, f| names | 1 << f.name);
        let attached = self.documents.iter().fold(0, |names, n| names | 1 << n);
        let name = Names::free(taken.files | here | attached);
        let free = self.files.iter_mut().find(|f| f.name == 0).expect("the world is too small");
        *free = File { name, photo, age: 0 };
        Answer::File(name)
    }

    fn modify(&mut self, names: [u8; FILES_PER_ATTACH], scope: &Scope) -> Result<Answer, Broken> {
        if self.word != Word::NeedsDocuments {
            return Ok(Answer::Refused(Code::PhotosNotAskedFor));
        }
        if !names.iter().filter(|n| **n > 0).all(|n| self.files.iter().any(|f| f.name == *n)) {
            return Ok(Answer::Refused(Code::FilesGone));
        }
        for name in names.into_iter().filter(|n| *n > 0) {
            let file = self.files.iter_mut().find(|f| f.name == name).expect("checked above");
            let photo = std::mem::take(file).photo;
            self.attach(name, photo, scope)?;
        }
        self.word = Word::InReview;
        self.under_review = true;
        Ok(self.look())
    }

    fn attach(&mut self, name: u8, photo: u8, scope: &Scope) -> Result<(), Broken> {
        if self.photos.contains(&photo) {
            return Err(Broken::AttachedTwice(photo));
        }
        let of_kind = |n: &u8| *n > photo && (n - photo).is_multiple_of(scope.photos);
        if self.photos.iter().any(of_kind) {
            return Err(Broken::OlderOverNewer(photo));
        }
        let free = self.documents.iter().position(|n| *n == 0).expect("the world is too small");
        (self.documents[free], self.photos[free]) = (name, photo);
        Ok(())
    }

    /// Whether a request that arrives later can change anything. What is dead stays dead.
    pub fn is_inert(&self, deed: Deed, scope: &Scope) -> bool {
        match deed {
            Deed::Create => !scope.strict || self.counted > 0,
            Deed::Authorize(draft) => !self.drafts.iter().any(|d| d.name == draft && !d.authorized),
            Deed::Upload(_) => true,
            Deed::Attach(files) => {
                let lives = |n: &u8| self.files.iter().any(|f| f.name == *n);
                !files.iter().filter(|n| **n > 0).all(lives)
            }
            Deed::Details | Deed::Side(_) => panic!("not a deed of this provider"),
        }
    }

    pub fn pass(&mut self, minutes: u8) {
        for draft in self.drafts.iter_mut().filter(|d| d.name > 0 && !d.authorized) {
            draft.age += minutes;
            if draft.age > LIFE {
                *draft = Draft::default();
            }
        }
        for file in self.files.iter_mut().filter(|f| f.name > 0) {
            file.age += minutes;
            if file.age > LIFE {
                *file = File::default();
            }
        }
        self.orphan = self.orphan.map(|age| age + minutes).filter(|age| *age <= LIFE);
    }

    /// The verdicts that may come now.
    pub fn verdicts(&self) -> impl Iterator<Item = Word> + use<> {
        let asks = self.under_review && self.rounds_left > 0;
        let verifies = self.under_review.then_some(Word::Verified);
        verifies.into_iter().chain(asks.then_some(Word::NeedsDocuments))
    }

    /// The verdict once nothing goes wrong any more: documents are asked for once.
    pub fn calm_verdict(&self) -> Option<Word> {
        let asks = self.rounds_left > 0 && self.documents == [0; DOCUMENTS_MAX];
        self.under_review.then_some(if asks { Word::NeedsDocuments } else { Word::Verified })
    }

    pub fn decide(&mut self, word: Word) {
        self.word = word;
        self.under_review = false;
        self.was_verified |= word == Word::Verified;
        self.rounds_left -= u8::from(word == Word::NeedsDocuments);
    }

    /// Forgets what nobody can name; what is left stands in one order.
    pub fn tidy(&mut self, known: Names, scope: &Scope) {
        for draft in self.drafts.iter_mut().filter(|d| d.name > 0 && !known.draft(d.name)) {
            if scope.strict && !draft.authorized {
                self.orphan = Some(self.orphan.map_or(draft.age, |age| age.min(draft.age)));
            }
            *draft = Draft::default();
        }
        if self.counted > 0 {
            self.orphan = None;
        }
        for file in self.files.iter_mut().filter(|f| f.name > 0 && !known.file(f.name)) {
            *file = File::default();
        }
        self.drafts.sort_unstable();
        self.files.sort_unstable();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::Api;

    const SCOPE: Scope = Scope::of("a test", Api::WePay);
    const FIRST: Answers = Answers { version: 1, full_number: false };

    fn arrives(there: &mut WePay, deed: Deed) -> Result<Answer, Broken> {
        there.arrive(deed, FIRST, Names::default(), &SCOPE)
    }

    #[test]
    fn a_draft_is_inert_and_dies_after_30_minutes() {
        let mut there = WePay::new(&SCOPE);
        assert_eq!(arrives(&mut there, Deed::Create), Ok(Answer::Draft(1)));
        assert_eq!(there.look(), Answer::Status(Snapshot::of(Word::NotSubmitted)));
        there.pass(30);
        let mut in_time = there;
        assert!(!in_time.is_inert(Deed::Authorize(1), &SCOPE));
        arrives(&mut in_time, Deed::Authorize(1)).unwrap();
        assert_eq!(in_time.counted, 1);
        there.pass(1);
        assert!(there.is_inert(Deed::Authorize(1), &SCOPE));
        let late = arrives(&mut there, Deed::Authorize(1));
        assert_eq!(late, Ok(Answer::Refused(Code::DraftGone)));
        assert_eq!(there.counted, 0);
    }

    #[test]
    fn an_authorize_is_repeated_without_effect_and_a_second_draft_is_not() {
        let mut there = WePay::new(&SCOPE);
        arrives(&mut there, Deed::Create).unwrap();
        arrives(&mut there, Deed::Create).unwrap();
        arrives(&mut there, Deed::Authorize(1)).unwrap();
        arrives(&mut there, Deed::Authorize(1)).unwrap();
        assert_eq!(there.counted, 1);
        assert_eq!(arrives(&mut there, Deed::Authorize(2)), Err(Broken::AuthorizedTwice));
    }

    #[test]
    fn files_are_attached_only_when_asked_for_and_alive() {
        let mut there = WePay::new(&SCOPE);
        arrives(&mut there, Deed::Create).unwrap();
        arrives(&mut there, Deed::Authorize(1)).unwrap();
        assert_eq!(arrives(&mut there, Deed::Upload(1)), Ok(Answer::File(1)));
        let attach = Deed::Attach([1, 0, 0]);
        let refused = |code| Ok(Answer::Refused(code));
        assert_eq!(arrives(&mut there, attach), refused(Code::PhotosNotAskedFor));
        there.decide(Word::NeedsDocuments);
        let mut dead = there;
        dead.pass(31);
        assert_eq!(arrives(&mut dead, attach), refused(Code::FilesGone));
        arrives(&mut there, attach).unwrap();
        assert!(there.holds(1) && there.is_inert(attach, &SCOPE));
    }

    #[test]
    fn what_nobody_can_name_is_forgotten_but_for_a_draft_that_counts() {
        let mut there = WePay::new(&SCOPE);
        arrives(&mut there, Deed::Create).unwrap();
        let (mut loose, mut strict) = (there, there);
        loose.tidy(Names::default(), &SCOPE);
        assert_eq!(loose, WePay::new(&SCOPE));
        let scope = Scope { strict: true, ..SCOPE };
        strict.tidy(Names::default(), &scope);
        let again = strict.arrive(Deed::Create, FIRST, Names::default(), &scope);
        assert_eq!(again, Ok(Answer::Refused(Code::AlreadySubmitted)));
    }
}
