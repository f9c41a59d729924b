//! A store that lives in memory, for tests and simulation. It keeps the same contract as the vault.

use std::collections::{BTreeMap, BTreeSet};

use satchel_core::account::{Account, Connection};
use satchel_core::audit::{self, AuditEntry, AuditLine, AuditLog, LogPlace, Noted};
use satchel_core::clock::UnixMs;
use satchel_core::delivery::{Event, Recorded};
use satchel_core::ids::{AccountId, ConnectionId, DraftId, PhotoId, SubmissionId};
use satchel_core::onboarding::{Answers, Draft};
use satchel_core::photo::Rendition;
use satchel_core::store::{
    NewPhoto, Sealing, Store, StoreFault, Stored, StoredSubmission, SubmissionIndex,
    SubmissionRecord, Tombstone,
};

use crate::named::photos_named;
use crate::policy::PHOTO_BYTES_MAX;
use crate::seal::stream::rendition_number;
use crate::store::refusal;

/// A store in memory. A clone is a copy of everything that is durable at that moment.
#[derive(Clone, Debug, Default)]
pub struct MemoryStore {
    connections: Vec<Connection>,
    accounts: Vec<Account>,
    drafts: Vec<Draft>,
    submissions: Vec<Submission>,
    photos: BTreeMap<PhotoId, BTreeMap<u8, Vec<u8>>>,
    settings: BTreeMap<String, String>,
    audit: Vec<AuditEntry>,
}

#[derive(Clone, Debug)]
struct Submission {
    record: SubmissionRecord,
    index: SubmissionIndex,
    log: Vec<Recorded>,
    answers: Option<(Answers, Answers)>,
    photos: BTreeSet<PhotoId>,
    asked_ms: Option<UnixMs>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn submission(&self, id: &SubmissionId) -> Stored<&Submission> {
        self.submissions.iter().find(|s| s.record.id == *id).ok_or(StoreFault::Absent)
    }

    fn submission_mut(&mut self, id: &SubmissionId) -> Stored<&mut Submission> {
        self.submissions.iter_mut().find(|s| s.record.id == *id).ok_or(StoreFault::Absent)
    }

    fn check_account(&self, id: &AccountId) -> Stored<()> {
        let there = self.accounts.iter().any(|a| a.id == *id);
        if there { Ok(()) } else { Err(StoreFault::Absent) }
    }

    fn check_step(&self, account: &AccountId, id: &SubmissionId, open: bool) -> Stored<()> {
        let taken = self.submissions.iter().any(|s| {
            s.record.account == *account && s.record.id != *id && s.index.open_step.is_some()
        });
        if open && taken { Err(StoreFault::StepOpen) } else { Ok(()) }
    }

    fn is_named(&self, photo: &PhotoId) -> bool {
        self.drafts.iter().any(|d| d.photos.iter().any(|p| p.photo.id == *photo))
            || self.submissions.iter().any(|s| s.photos.contains(photo))
    }

    fn forget_unnamed(&mut self, photos: Vec<PhotoId>) -> usize {
        let unnamed: Vec<_> = photos.into_iter().filter(|p| !self.is_named(p)).collect();
        unnamed.iter().filter(|p| self.photos.remove(p).is_some()).count()
    }

    /// As the vault notes what a person does with a submission.
    fn note_entry(&mut self, id: &SubmissionId, account: &AccountId, entry: &Recorded) {
        let Some((event, detail)) = audit::noted(&entry.event) else { return };
        let noted = Noted {
            at_ms: entry.at.wall_ms,
            operator: entry.operator.clone(),
            event: event.to_owned(),
            detail,
            account: Some(account.clone()),
        };
        let place = LogPlace { submission: id.clone(), seq: entry.seq, link: String::new() };
        self.note(&noted, Some(place));
    }

    fn note(&mut self, noted: &Noted, log: Option<LogPlace>) {
        let Noted { at_ms, operator, event, detail, account } = noted.clone();
        let seq = self.audit.len() as u64 + 1;
        self.audit.push(AuditEntry { seq, at_ms, operator, event, detail, account, log });
    }

    fn take_draft(&mut self, id: &DraftId) -> Stored<Draft> {
        let found = self.drafts.iter().position(|d| d.id == *id).ok_or(StoreFault::Absent)?;
        Ok(self.drafts.remove(found))
    }
}

fn failed<T>(code: &str) -> Stored<T> {
    Err(StoreFault::Failed(code.to_owned()))
}

fn check_order(log: &[Recorded], already: usize) -> Stored<()> {
    let expected = (already..).map(|n| n as u64 + 1);
    let in_order = log.iter().zip(expected).all(|(entry, seq)| entry.seq == seq);
    if in_order { Ok(()) } else { failed(refusal::LOG_ORDER) }
}

fn check_sizes(photos: &[NewPhoto]) -> Stored<()> {
    let mut pictures = photos.iter().flat_map(|photo| &photo.renditions);
    let fit = pictures.all(|(_, bytes)| bytes.len() <= PHOTO_BYTES_MAX);
    if fit { Ok(()) } else { failed(refusal::PHOTO_TOO_LARGE) }
}

/// Replaces the one that `same` finds, or adds it at the end.
fn put<T>(all: &mut Vec<T>, one: T, same: impl Fn(&T) -> bool) {
    match all.iter_mut().find(|there| same(there)) {
        Some(there) => *there = one,
        None => all.push(one),
    }
}

impl Store for MemoryStore {
    fn connections(&self) -> Stored<Vec<Connection>> {
        Ok(self.connections.clone())
    }

    fn put_connection(&mut self, connection: &Connection) -> Stored<()> {
        put(&mut self.connections, connection.clone(), |c| c.id == connection.id);
        Ok(())
    }

    fn remove_connection(&mut self, id: &ConnectionId) -> Stored<()> {
        if !self.connections.iter().any(|c| c.id == *id) {
            return Err(StoreFault::Absent);
        }
        if self.accounts.iter().any(|a| a.connection == *id) {
            return failed(refusal::CONNECTION_IN_USE);
        }
        self.connections.retain(|c| c.id != *id);
        Ok(())
    }

    fn accounts(&self) -> Stored<Vec<Account>> {
        Ok(self.accounts.clone())
    }

    fn put_accounts(&mut self, accounts: &[Account]) -> Stored<()> {
        let mut all = self.accounts.clone();
        for account in accounts {
            if !self.connections.iter().any(|c| c.id == account.connection) {
                return Err(StoreFault::Absent);
            }
            let twin = |a: &&Account| {
                a.id != account.id
                    && a.connection == account.connection
                    && a.remote_id == account.remote_id
            };
            if all.iter().find(twin).is_some() {
                return failed(refusal::ACCOUNT_TWICE);
            }
            put(&mut all, account.clone(), |a| a.id == account.id);
        }
        self.accounts = all;
        Ok(())
    }

    fn drafts(&self) -> Stored<Vec<Draft>> {
        Ok(self.drafts.clone())
    }

    fn put_draft(&mut self, draft: &Draft) -> Stored<()> {
        self.check_account(&draft.account)?;
        put(&mut self.drafts, draft.clone(), |d| d.id == draft.id);
        Ok(())
    }

    fn remove_draft(&mut self, id: &DraftId) -> Stored<()> {
        let draft = self.take_draft(id)?;
        self.forget_unnamed(draft.photos.into_iter().map(|p| p.photo.id).collect());
        Ok(())
    }

    fn put_photo(&mut self, id: &PhotoId, renditions: &[(Rendition, &[u8])]) -> Stored<()> {
        if renditions.iter().any(|(_, bytes)| bytes.len() > PHOTO_BYTES_MAX) {
            return failed(refusal::PHOTO_TOO_LARGE);
        }
        let photo = self.photos.entry(id.clone()).or_default();
        for (rendition, bytes) in renditions {
            photo.insert(rendition_number(*rendition), bytes.to_vec());
        }
        Ok(())
    }

    fn put_photos(&mut self, photos: &[NewPhoto]) -> Stored<()> {
        check_sizes(photos)?;
        if photos.iter().any(|photo| self.photos.contains_key(&photo.id)) {
            return failed(refusal::PHOTO_TWICE);
        }
        for photo in photos {
            let pictures = photo.renditions.iter();
            let numbered = pictures.map(|(of, bytes)| (rendition_number(*of), bytes.clone()));
            self.photos.insert(photo.id.clone(), numbered.collect());
        }
        Ok(())
    }

    fn photo(&self, id: &PhotoId, rendition: Rendition) -> Stored<Vec<u8>> {
        let photo = self.photos.get(id).ok_or(StoreFault::Absent)?;
        photo.get(&rendition_number(rendition)).cloned().ok_or(StoreFault::Absent)
    }

    fn remove_photo(&mut self, id: &PhotoId) -> Stored<()> {
        if self.is_named(id) {
            return failed(refusal::PHOTO_NAMED);
        }
        self.photos.remove(id).map(drop).ok_or(StoreFault::Absent)
    }

    fn sweep_photos(&mut self, named: &[PhotoId]) -> Stored<usize> {
        let rest = self.photos.keys().filter(|id| !named.contains(id)).cloned().collect();
        Ok(self.forget_unnamed(rest))
    }

    fn seal(&mut self, sealing: &Sealing<'_>) -> Stored<()> {
        let record = sealing.record;
        self.check_account(&record.account)?;
        if self.submission(&record.id).is_ok() {
            return failed(refusal::SEALED_TWICE);
        }
        self.check_step(&record.account, &record.id, sealing.index.open_step.is_some())?;
        check_order(sealing.log, 0)?;
        self.put_photos(sealing.photos)?;
        let draft = sealing.draft.map(|id| self.take_draft(id)).transpose()?;
        self.submissions.push(Submission {
            record: record.clone(),
            index: sealing.index.clone(),
            log: sealing.log.to_vec(),
            answers: Some((sealing.details.clone(), sealing.national.clone())),
            photos: sealing.log.iter().flat_map(|e| photos_named(&e.event)).cloned().collect(),
            asked_ms: None,
        });
        let photos = draft.into_iter().flat_map(|d| d.photos).map(|p| p.photo.id).collect();
        self.forget_unnamed(photos);
        for entry in sealing.log {
            self.note_entry(&record.id, &record.account, entry);
        }
        Ok(())
    }

    fn submissions(&self) -> Stored<Vec<StoredSubmission>> {
        let stored = |s: &Submission| StoredSubmission {
            record: s.record.clone(),
            index: s.index.clone(),
            log: Ok(s.log.clone()),
        };
        Ok(self.submissions.iter().map(stored).collect())
    }

    fn append(
        &mut self,
        id: &SubmissionId,
        entry: &Recorded,
        index: &SubmissionIndex,
    ) -> Stored<()> {
        if entry.event == Event::Purged {
            return failed(refusal::PURGE_ALONE);
        }
        let there = self.submission(id)?;
        there.answers.as_ref().ok_or(StoreFault::Absent)?;
        check_order(std::slice::from_ref(entry), there.log.len())?;
        self.check_step(&there.record.account, id, index.open_step.is_some())?;
        let submission = self.submission_mut(id)?;
        submission.log.push(entry.clone());
        submission.index = index.clone();
        submission.photos.extend(photos_named(&entry.event).into_iter().cloned());
        if entry.event == Event::PhotosForgotten {
            let photos = std::mem::take(&mut submission.photos);
            self.forget_unnamed(photos.into_iter().collect());
        }
        let account = self.submission(id)?.record.account.clone();
        self.note_entry(id, &account, entry);
        Ok(())
    }

    fn purge(&mut self, id: &SubmissionId, tombstone: &Tombstone) -> Stored<()> {
        let submission = self.submission_mut(id)?;
        submission.record.tombstone = Some(tombstone.clone());
        submission.index = SubmissionIndex { state: "purged".to_owned(), open_step: None };
        submission.answers = None;
        let photos = std::mem::take(&mut submission.photos);
        let (account, seq) = (submission.record.account.clone(), submission.log.len() as u64);
        submission.log.clear();
        self.forget_unnamed(photos.into_iter().collect());
        let noted = Noted {
            at_ms: tombstone.forgotten_ms,
            operator: tombstone.operator.clone(),
            event: "purged".to_owned(),
            detail: Some(tombstone.state.clone()),
            account: Some(account),
        };
        self.note(&noted, Some(LogPlace { submission: id.clone(), seq, link: String::new() }));
        Ok(())
    }

    fn shred(&mut self) -> Stored<()> {
        Ok(())
    }

    fn note_asked(&mut self, id: &SubmissionId, asked_ms: UnixMs) -> Stored<()> {
        self.submission_mut(id)?.asked_ms = Some(asked_ms);
        Ok(())
    }

    fn asked_ms(&self, id: &SubmissionId) -> Stored<Option<UnixMs>> {
        Ok(self.submission(id)?.asked_ms)
    }

    fn details(&self, id: &SubmissionId) -> Stored<Answers> {
        let answers = self.submission(id)?.answers.as_ref();
        answers.map(|(details, _)| details.clone()).ok_or(StoreFault::Absent)
    }

    fn national(&self, id: &SubmissionId) -> Stored<Answers> {
        let answers = self.submission(id)?.answers.as_ref();
        answers.map(|(_, national)| national.clone()).ok_or(StoreFault::Absent)
    }

    fn append_mended(
        &mut self,
        id: &SubmissionId,
        entry: &Recorded,
        index: &SubmissionIndex,
        details: &Answers,
        national: &Answers,
    ) -> Stored<()> {
        self.submission(id)?.answers.as_ref().ok_or(StoreFault::Absent)?;
        self.append(id, entry, index)?;
        self.submission_mut(id)?.answers = Some((details.clone(), national.clone()));
        Ok(())
    }

    fn audit(&mut self, noted: &Noted) -> Stored<()> {
        self.note(noted, None);
        Ok(())
    }

    fn audit_log(&self) -> Stored<AuditLog> {
        let line = |entry: &AuditEntry| {
            let json = serde_json::to_string(entry);
            let json = json.map_err(|_| StoreFault::Failed("json".to_owned()))?;
            Ok(AuditLine { json, entry: entry.clone(), link: String::new() })
        };
        let lines = self.audit.iter().map(line).collect::<Stored<_>>()?;
        Ok(AuditLog { vault: String::new(), lines, fault: None })
    }

    fn setting(&self, key: &str) -> Stored<Option<String>> {
        Ok(self.settings.get(key).cloned())
    }

    fn put_setting(&mut self, key: &str, value: &str) -> Stored<()> {
        self.settings.insert(key.to_owned(), value.to_owned());
        Ok(())
    }

    fn bytes_on_disk(&self) -> Stored<u64> {
        let bytes = self.photos.values().flat_map(BTreeMap::values).map(|b| b.len() as u64);
        Ok(bytes.sum())
    }
}
