//! The provider's journal held against what was sealed.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use crate::applicants::{Story, told};

/// A photo that was sealed.
#[derive(Clone, Debug)]
pub struct SealedPhoto {
    /// The paper's kind, in the provider's word.
    pub document: String,
    pub side: &'static str,
    /// Of the bytes that must arrive.
    pub sha256: String,
}

/// What was sealed for one account: answers, and the photos of each round.
#[derive(Clone, Debug)]
pub struct Sealed {
    pub account: String,
    pub story: Story,
    pub answers: BTreeMap<String, String>,
    pub rounds: Vec<Vec<SealedPhoto>>,
}

/// How a promise was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// Something sealed did not take effect.
    Lost,
    /// Something took effect a second time.
    Twice,
    /// Something older took effect after, or in place of, something newer.
    Stale,
    /// Something took effect that was not sealed.
    Unsealed,
    /// The account did not come to the end that its story has.
    NoEnd,
}

/// A broken promise, and where.
#[derive(Clone, Debug)]
pub struct Fault {
    pub broken: Broken,
    pub account: String,
    pub says: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}, account {}: {}", self.broken, self.account, self.says)
    }
}

/// Everything that a journal shows to be wrong.
pub fn faults(journal: &[Value], sealed: &[Sealed]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for entry in journal.iter().filter(|e| is_effect(e)) {
        let account = text(entry, "account");
        if sealed.iter().all(|s| s.account != account) {
            let says = format!("{} for what was never sealed", text(entry, "effect"));
            faults.push(Fault { broken: Broken::Unsealed, account: account.to_owned(), says });
        }
    }
    for of in sealed {
        let entries: Vec<&Value> = journal.iter().filter(|e| e["account"] == of.account).collect();
        let mut bench = Bench { of, entries, faults: Vec::new() };
        bench.judge();
        faults.append(&mut bench.faults);
    }
    faults
}

fn is_effect(entry: &Value) -> bool {
    !["account_created", "verdict", "files_expired"].contains(&text(entry, "effect"))
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

/// The photos of an entry, by their hashes.
fn photos(entry: &Value) -> Vec<&str> {
    entry["photo_sha256"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// One account before the judge.
struct Bench<'a> {
    of: &'a Sealed,
    entries: Vec<&'a Value>,
    faults: Vec<Fault>,
}

impl<'a> Bench<'a> {
    fn judge(&mut self) {
        match self.of.story.provider() {
            "winter" => self.winter(),
            _ => self.wepay(),
        }
        self.end();
    }

    fn find(&mut self, broken: Broken, says: impl Into<String>) {
        let (account, says) = (self.of.account.clone(), says.into());
        self.faults.push(Fault { broken, account, says });
    }

    fn with_effect(&self, effect: &str) -> Vec<&'a Value> {
        self.entries.iter().copied().filter(|e| e["effect"] == effect).collect()
    }

    /// The round in which a photo was sealed, from 0.
    fn round_of(&self, sha256: &str) -> Option<usize> {
        self.of.rounds.iter().position(|round| round.iter().any(|p| p.sha256 == sha256))
    }

    fn wepay(&mut self) {
        for entry in self.entries.clone() {
            if entry["duplicate"] == true && entry["inert"] != true {
                self.find(Broken::Twice, format!("the provider says so: {entry}"));
            }
        }
        let counted = self.with_effect("kyc_authorized");
        let counted: Vec<&Value> = counted.into_iter().filter(|e| e["inert"] != true).collect();
        match counted.as_slice() {
            [] => self.find(Broken::Lost, "it was never authorized"),
            [_] => {}
            [_, _, ..] => self.find(Broken::Twice, format!("authorized {} times", counted.len())),
        }
        let created = self.with_effect("kyc_created");
        for entry in &created {
            self.answers(entry);
        }
        for entry in counted {
            if created.iter().all(|c| c["kyc_id"] != entry["kyc_id"]) {
                self.find(Broken::Unsealed, "a draft was authorized that nobody created");
            }
        }
        for entry in self.with_effect("file_uploaded") {
            self.upload(entry);
        }
        self.attached();
    }

    fn answers(&mut self, entry: &Value) {
        for (pointer, value) in told(self.of.story, &self.of.answers) {
            let there = entry["details"].pointer(&pointer).unwrap_or(&Value::Null);
            if *there != value {
                self.find(Broken::Unsealed, format!("{pointer} is {there}, sealed is {value}"));
            }
        }
    }

    fn upload(&mut self, entry: &Value) {
        let sealed = self.of.rounds.iter().flatten();
        let asked = self.of.story.is_asked_for_photos();
        for sha256 in photos(entry) {
            let found = sealed.clone().find(|photo| photo.sha256 == sha256);
            match found {
                Some(photo) if asked && entry["document_type"] == photo.document.as_str() => {}
                Some(_) => {
                    self.find(Broken::Unsealed, "a photo was sent unasked, or as another paper");
                }
                None => self.find(Broken::Unsealed, format!("a photo was sent: {sha256}")),
            }
        }
    }

    /// Each photo once, and none of an older round after one of a newer.
    fn attached(&mut self) {
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        let mut newest = 0;
        for entry in self.with_effect("kyc_modified") {
            for sha256 in photos(entry) {
                *seen.entry(sha256).or_default() += 1;
                match self.round_of(sha256) {
                    None => self.find(Broken::Unsealed, format!("{sha256} was attached")),
                    Some(round) if round < newest => {
                        self.find(Broken::Stale, format!("{sha256} came after a newer round"));
                    }
                    Some(round) => newest = round,
                }
            }
        }
        for photo in self.of.rounds.iter().flatten() {
            let times = seen.get(photo.sha256.as_str()).copied().unwrap_or(0);
            match (self.of.story.is_asked_for_photos(), times) {
                (true, 1) | (false, 0) => {}
                (true, 0) => self.find(Broken::Lost, format!("{photo:?} was never attached")),
                (true, _) => self.find(Broken::Twice, format!("{photo:?}: {times} times")),
                (false, _) => self.find(Broken::Unsealed, format!("{photo:?} was not asked for")),
            }
        }
    }

    /// Every write overwrites: what stands at the end must be the newest, and all of it.
    fn winter(&mut self) {
        let details = self.with_effect("info_written");
        if details.is_empty() {
            self.find(Broken::Lost, "its details were never written");
        }
        for entry in details {
            self.answers(entry);
        }
        let mut stands: BTreeMap<(String, String), &str> = BTreeMap::new();
        let mut newest = 0;
        for entry in self.with_effect("side_written") {
            let place = (text(entry, "document_type"), text(entry, "document_side"));
            for sha256 in photos(entry) {
                stands.insert((place.0.to_owned(), place.1.to_owned()), sha256);
                match self.round_of(sha256) {
                    None => self.find(Broken::Unsealed, format!("{sha256} was written")),
                    Some(round) if round < newest => {
                        self.find(Broken::Stale, format!("{sha256} was written over a newer set"));
                    }
                    Some(round) => newest = round,
                }
            }
        }
        for photo in self.of.rounds.last().into_iter().flatten() {
            let place = (photo.document.clone(), photo.side.to_uppercase());
            match stands.get(&place) {
                Some(sha256) if *sha256 == photo.sha256 => {}
                Some(sha256) => self.find(Broken::Stale, format!("{place:?} holds {sha256}")),
                None => self.find(Broken::Lost, format!("{place:?} was never written")),
            }
        }
    }

    /// The last word on the account itself; a word on a document names its files.
    fn end(&mut self) {
        let verdicts = self.with_effect("verdict");
        let of_account = |e: &&&Value| e["file_ids"].as_array().is_none_or(Vec::is_empty);
        let last = verdicts.iter().rfind(of_account).map(|e| text(e, "state"));
        if !matches!(last, Some("verified" | "READY_TO_WITHDRAW")) {
            self.find(Broken::NoEnd, format!("the provider's last word is {last:?}"));
        }
    }
}
