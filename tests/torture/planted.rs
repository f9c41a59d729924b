//! The judge can fail: each way to break a promise, planted into a copy of a good journal.

use serde_json::Value;

use crate::applicants::Story;
use crate::desk::Desk;
use crate::judge::{Broken, Sealed, faults};
use crate::round::live;
use crate::shelves;
use crate::tally::Tally;

/// A journal that is changed after the fact.
struct Forged<'a> {
    journal: Vec<Value>,
    sealed: &'a [Sealed],
}

impl<'a> Forged<'a> {
    fn of(journal: &[Value], sealed: &'a [Sealed]) -> Self {
        Self { journal: journal.to_vec(), sealed }
    }

    fn sealed(&self, story: Story) -> &'a Sealed {
        self.sealed.iter().find(|s| s.story == story).unwrap()
    }

    /// Where an account of this story had an effect for the last time.
    fn last(&self, story: Story, effect: &str) -> usize {
        let account = &self.sealed(story).account;
        let is = |e: &Value| e["account"] == account.as_str() && e["effect"] == effect;
        self.journal.iter().rposition(is).unwrap_or_else(|| panic!("{story:?} has no {effect}"))
    }

    fn entry(&mut self, story: Story, effect: &str) -> &mut Value {
        let at = self.last(story, effect);
        &mut self.journal[at]
    }

    fn without(mut self, story: Story, effect: &str) -> Self {
        self.journal.remove(self.last(story, effect));
        self
    }

    fn repeated(mut self, story: Story, effect: &str) -> Self {
        let again = self.entry(story, effect).clone();
        self.journal.push(again);
        self
    }

    /// What came first comes last.
    fn delayed(mut self, story: Story, effect: &str) -> Self {
        let account = &self.sealed(story).account;
        let is = |e: &Value| e["account"] == account.as_str() && e["effect"] == effect;
        let first = self.journal.iter().position(is).unwrap();
        let late = self.journal.remove(first);
        self.journal.push(late);
        self
    }

    fn told(mut self, story: Story, effect: &str, pointer: &str, value: Value) -> Self {
        *self.entry(story, effect).pointer_mut(pointer).unwrap() = value;
        self
    }

    #[track_caller]
    fn is(self, broken: Broken) {
        let found = faults(&self.journal, self.sealed);
        assert!(found.iter().any(|f| f.broken == broken), "{broken:?} was not seen: {found:?}");
    }
}

#[test]
fn the_judge_sees_every_way_to_break_a_promise() {
    let studio = Desk::new();
    let ending = live(&mut shelves(&studio, (18, 18)), 1, 0, &mut Tally::new());
    assert!(ending.faults.is_empty(), "{:?}\n{:?}", ending.faults, ending.told);
    let good = || Forged::of(&ending.journal, &ending.sealed);
    let (papers, refused) = (Story::Documents, Story::WinterFailed);
    let first_photo = |story| Value::from(good().sealed(story).rounds[0][0].sha256.clone());

    good().repeated(papers, "kyc_authorized").is(Broken::Twice);
    good().repeated(papers, "kyc_modified").is(Broken::Twice);
    good().told(papers, "kyc_authorized", "/duplicate", true.into()).is(Broken::Twice);
    good().without(papers, "kyc_authorized").is(Broken::Lost);
    good().without(papers, "kyc_modified").is(Broken::Lost);
    good().without(Story::Rejected, "kyc_modified").is(Broken::Lost);
    good().without(Story::WinterReview, "side_written").is(Broken::Lost);
    good().without(Story::WinterReview, "info_written").is(Broken::Lost);
    good().without(refused, "side_written").is(Broken::Stale);
    good().told(refused, "side_written", "/photo_sha256/0", first_photo(refused)).is(Broken::Stale);
    good().delayed(refused, "side_written").is(Broken::Stale);
    good().delayed(Story::Rejected, "kyc_modified").is(Broken::Stale);
    let older = first_photo(Story::Rejected);
    good().told(Story::Rejected, "kyc_modified", "/photo_sha256/0", older).is(Broken::Twice);
    let others = first_photo(Story::Business);
    good().told(papers, "kyc_modified", "/photo_sha256/0", others.clone()).is(Broken::Unsealed);
    good().told(papers, "file_uploaded", "/photo_sha256/0", others).is(Broken::Unsealed);
    let paper = Value::from("passport");
    good().told(papers, "file_uploaded", "/document_type", paper).is(Broken::Unsealed);
    let name = "/details/individual/account_owner/name/first";
    good().told(papers, "kyc_created", name, "Somebody".into()).is(Broken::Unsealed);
    let name = "/details/full_legal_name";
    good().told(refused, "info_written", name, "Somebody Else".into()).is(Broken::Unsealed);
    good().told(papers, "kyc_created", "/account", "1".into()).is(Broken::Unsealed);
    good().told(papers, "verdict", "/state", "require_docs".into()).is(Broken::NoEnd);
    good().without(refused, "verdict").is(Broken::NoEnd);
}
