//! A store that notes what it acknowledged and after how many syncs, and what a store holds.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use satchel_core::account::{Account, Connection};
use satchel_core::audit::{AuditLog, Noted};
use satchel_core::clock::UnixMs;
use satchel_core::delivery::{Event, Recorded, Submission};
use satchel_core::ids::{AccountId, ConnectionId, DraftId, PhotoId, SubmissionId};
use satchel_core::onboarding::{Answers, Draft};
use satchel_core::photo::Rendition;
use satchel_core::store::{
    NewPhoto, Sealing, Store, StoreFault, Stored, StoredSubmission, SubmissionIndex, Tombstone,
};
use satchel_vault::OpenVault;
use satchel_vault::disk::Disk;

use crate::Broken;
use crate::evidence::{RENDITIONS, bytes_of};

/// Settings that a life makes.
pub const SETTINGS: [&str; 2] = ["operator", "tidied"];

/// All that a store holds, by name.
pub type Holding = BTreeMap<String, String>;

/// One call that returned.
pub struct Acknowledged {
    pub syncs: usize,
    pub call: &'static str,
    pub holding: Holding,
}

/// What is known of the submissions, and what was acknowledged where somebody wants to know.
#[derive(Default)]
pub struct Notes {
    pub submissions: BTreeMap<AccountId, SubmissionId>,
    pub acknowledged: Option<Vec<Acknowledged>>,
    /// Whether nothing is written, or not all of it read.
    pub refuses: bool,
}

/// The vault, watched.
pub struct Watched {
    vault: OpenVault,
    disk: Disk,
    notes: Arc<Mutex<Notes>>,
}

impl Watched {
    /// Watches an open vault; what its making or opening acknowledged is noted too.
    pub fn new(vault: OpenVault, disk: &Disk, notes: &Arc<Mutex<Notes>>) -> Result<Self, Broken> {
        for stored in vault.submissions().map_err(|e| e.to_string())? {
            let (account, id) = (stored.record.account, stored.record.id);
            notes.lock().unwrap().submissions.insert(account, id);
        }
        let mut watched = Self { vault, disk: disk.clone(), notes: Arc::clone(notes) };
        watched.note("open", Ok(())).map_err(|e| e.to_string())?;
        Ok(watched)
    }

    fn willing(&self) -> Stored<()> {
        match self.notes.lock().unwrap().refuses {
            true => Err(StoreFault::Failed("refused".to_owned())),
            false => Ok(()),
        }
    }

    fn note(&mut self, call: &'static str, result: Stored<()>) -> Stored<()> {
        let mut notes = self.notes.lock().unwrap();
        if let (Ok(()), Some(acknowledged)) = (&result, &mut notes.acknowledged) {
            let holding = holding(&self.vault).map_err(StoreFault::Failed)?;
            acknowledged.push(Acknowledged { syncs: self.disk.syncs(), call, holding });
        }
        result
    }
}

/// Everything in a store, each record and photo opened; a log that does not chain, replay or agree
/// with its index is an error.
pub fn holding(vault: &OpenVault) -> Result<Holding, Broken> {
    let mut found = Holding::new();
    let told = |e: StoreFault| e.to_string();
    if let Some(row) = vault.unreadable().map_err(told)?.first() {
        return Err(format!("a row of {} does not open: {}", row.table, row.id));
    }
    for connection in vault.connections().map_err(told)? {
        found.insert(
            format!("connection {}", connection.id),
            serde_json::to_string(&connection).unwrap(),
        );
    }
    for account in vault.accounts().map_err(told)? {
        found.insert(format!("account {}", account.id), serde_json::to_string(&account).unwrap());
    }
    for draft in vault.drafts().map_err(told)? {
        found.insert(format!("draft {}", draft.id), serde_json::to_string(&draft).unwrap());
        for taken in &draft.photos {
            note_photo(vault, &taken.photo.id, &mut found)?;
        }
    }
    for stored in vault.submissions().map_err(told)? {
        note_submission(vault, &stored, &mut found)?;
    }
    let audit = vault.audit_log().map_err(told)?;
    if let Some(fault) = audit.fault {
        return Err(format!("the audit log is not whole: {fault:?}"));
    }
    for line in audit.lines {
        found.insert(format!("audit {:08}", line.entry.seq), line.json);
    }
    for name in SETTINGS {
        if let Some(value) = vault.setting(name).map_err(told)? {
            found.insert(format!("setting {name}"), value);
        }
    }
    Ok(found)
}

fn note_submission(
    vault: &OpenVault,
    stored: &StoredSubmission,
    found: &mut Holding,
) -> Result<(), Broken> {
    let record = &stored.record;
    let id = &record.id;
    if record.tombstone.is_some() {
        return note_tombstone(vault, stored, found);
    }
    let log = stored.log.as_ref().map_err(|_| format!("the log of {id} does not chain"))?;
    let replayed = Submission::replay(id.clone(), record.account.clone(), log)
        .map_err(|e| format!("the log of {id} does not replay: {e}"))?;
    if replayed.index() != stored.index {
        return Err(format!("{id}: {:?} is not what its log says", stored.index));
    }
    found.insert(format!("submission {id}"), serde_json::to_string(record).unwrap());
    found.insert(format!("log of {id}"), serde_json::to_string(log).unwrap());
    let asked = vault.asked_ms(id).map_err(|e| e.to_string())?;
    found.insert(format!("asked {id}"), format!("{asked:?}"));
    for (group, answers) in [("details", vault.details(id)), ("national", vault.national(id))] {
        let answers = answers.map_err(|fault| format!("{group} of {id}: {fault}"))?;
        found.insert(format!("{group} of {id}"), serde_json::to_string(&answers).unwrap());
    }
    for photo in photos_of(log) {
        note_photo(vault, &photo, found)?;
    }
    Ok(())
}

/// Of what was forgotten, nothing but the tombstone is there.
fn note_tombstone(
    vault: &OpenVault,
    stored: &StoredSubmission,
    found: &mut Holding,
) -> Result<(), Broken> {
    let id = &stored.record.id;
    let is_bare = stored.log == Ok(Vec::new()) && stored.index.state == "purged";
    let gone = |answers: Stored<Answers>| answers == Err(StoreFault::Absent);
    if !is_bare || !gone(vault.details(id)) || !gone(vault.national(id)) {
        return Err(format!("{id} was forgotten, and something of it is there"));
    }
    found.insert(format!("submission {id}"), serde_json::to_string(&stored.record).unwrap());
    Ok(())
}

fn note_photo(vault: &OpenVault, id: &PhotoId, found: &mut Holding) -> Result<(), Broken> {
    for rendition in RENDITIONS {
        let bytes = vault.photo(id, rendition);
        let bytes = bytes.map_err(|e| format!("{rendition:?} of photo {id}: {e}"))?;
        if bytes != bytes_of(id, rendition) {
            return Err(format!("{rendition:?} of photo {id} is another"));
        }
    }
    found.insert(format!("photo {id}"), "whole".to_owned());
    Ok(())
}

/// Photos that a log names.
pub fn photos_of(log: &[Recorded]) -> Vec<PhotoId> {
    let named = |entry: &Recorded| {
        let (Event::Sealed { photos, .. } | Event::PhotosAdded { photos }) = &entry.event else {
            return Vec::new();
        };
        photos.iter().map(|photo| photo.id.clone()).collect()
    };
    log.iter().flat_map(named).collect()
}

/// Where two holdings differ first.
pub fn difference(expected: &Holding, found: &Holding) -> Option<String> {
    let names = expected.keys().chain(found.keys());
    let name = names.into_iter().find(|name| expected.get(*name) != found.get(*name))?;
    let show = |of: &Holding| of.get(name).map_or("nothing".to_owned(), |text| shortened(text));
    Some(format!("{name} is {} in place of {}", show(found), show(expected)))
}

fn shortened(text: &str) -> String {
    const SHOWN: usize = 60;
    let tail = text.chars().count().saturating_sub(SHOWN);
    format!("…{}", text.chars().skip(tail).collect::<String>())
}

impl Store for Watched {
    fn connections(&self) -> Stored<Vec<Connection>> {
        self.vault.connections()
    }

    fn put_connection(&mut self, connection: &Connection) -> Stored<()> {
        let result = self.vault.put_connection(connection);
        self.note("put_connection", result)
    }

    fn remove_connection(&mut self, id: &ConnectionId) -> Stored<()> {
        let result = self.vault.remove_connection(id);
        self.note("remove_connection", result)
    }

    fn accounts(&self) -> Stored<Vec<Account>> {
        self.vault.accounts()
    }

    fn put_accounts(&mut self, accounts: &[Account]) -> Stored<()> {
        let result = self.vault.put_accounts(accounts);
        self.note("put_accounts", result)
    }

    fn drafts(&self) -> Stored<Vec<Draft>> {
        self.vault.drafts()
    }

    fn put_draft(&mut self, draft: &Draft) -> Stored<()> {
        let result = self.vault.put_draft(draft);
        self.note("put_draft", result)
    }

    fn remove_draft(&mut self, id: &DraftId) -> Stored<()> {
        let result = self.vault.remove_draft(id);
        self.note("remove_draft", result)
    }

    /// A rehearsal keeps the upload alone; here every photo has all its renditions.
    fn put_photo(&mut self, id: &PhotoId, _: &[(Rendition, &[u8])]) -> Stored<()> {
        let all = RENDITIONS.map(|rendition| (rendition, bytes_of(id, rendition)));
        let all: Vec<_> = all.iter().map(|(rendition, bytes)| (*rendition, &bytes[..])).collect();
        let result = self.vault.put_photo(id, &all);
        self.note("put_photo", result)
    }

    fn put_photos(&mut self, photos: &[NewPhoto]) -> Stored<()> {
        let result = self.vault.put_photos(photos);
        self.note("put_photos", result)
    }

    fn photo(&self, id: &PhotoId, rendition: Rendition) -> Stored<Vec<u8>> {
        self.vault.photo(id, rendition)
    }

    fn remove_photo(&mut self, id: &PhotoId) -> Stored<()> {
        let result = self.vault.remove_photo(id);
        self.note("remove_photo", result)
    }

    fn sweep_photos(&mut self, named: &[PhotoId]) -> Stored<usize> {
        let swept = self.vault.sweep_photos(named)?;
        self.note("sweep_photos", Ok(()))?;
        Ok(swept)
    }

    fn seal(&mut self, sealing: &Sealing<'_>) -> Stored<()> {
        let result = self.vault.seal(sealing);
        if result.is_ok() {
            let (account, id) = (sealing.record.account.clone(), sealing.record.id.clone());
            self.notes.lock().unwrap().submissions.insert(account, id);
        }
        self.note("seal", result)
    }

    fn submissions(&self) -> Stored<Vec<StoredSubmission>> {
        self.vault.submissions()
    }

    fn append(
        &mut self,
        id: &SubmissionId,
        entry: &Recorded,
        index: &SubmissionIndex,
    ) -> Stored<()> {
        self.willing()?;
        let result = self.vault.append(id, entry, index);
        self.note("append", result)
    }

    fn purge(&mut self, id: &SubmissionId, tombstone: &Tombstone) -> Stored<()> {
        self.willing()?;
        let result = self.vault.purge(id, tombstone);
        self.note("purge", result)
    }

    fn shred(&mut self) -> Stored<()> {
        self.vault.shred()
    }

    fn note_asked(&mut self, id: &SubmissionId, asked_ms: UnixMs) -> Stored<()> {
        let result = self.vault.note_asked(id, asked_ms);
        self.note("note_asked", result)
    }

    fn asked_ms(&self, id: &SubmissionId) -> Stored<Option<UnixMs>> {
        self.willing()?;
        self.vault.asked_ms(id)
    }

    fn details(&self, id: &SubmissionId) -> Stored<Answers> {
        self.vault.details(id)
    }

    fn national(&self, id: &SubmissionId) -> Stored<Answers> {
        self.vault.national(id)
    }

    fn append_mended(
        &mut self,
        id: &SubmissionId,
        entry: &Recorded,
        index: &SubmissionIndex,
        details: &Answers,
        national: &Answers,
    ) -> Stored<()> {
        let result = self.vault.append_mended(id, entry, index, details, national);
        self.note("append_mended", result)
    }

    fn audit(&mut self, noted: &Noted) -> Stored<()> {
        let result = self.vault.audit(noted);
        self.note("audit", result)
    }

    fn audit_log(&self) -> Stored<AuditLog> {
        self.vault.audit_log()
    }

    fn setting(&self, key: &str) -> Stored<Option<String>> {
        self.vault.setting(key)
    }

    fn put_setting(&mut self, key: &str, value: &str) -> Stored<()> {
        let result = self.vault.put_setting(key, value);
        self.note("put_setting", result)
    }

    fn bytes_on_disk(&self) -> Stored<u64> {
        self.vault.bytes_on_disk()
    }
}
