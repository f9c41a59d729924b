//! A copy of one submission that was set aside, for people to carry on elsewhere.
//!
//! It leaves the vault and is not encrypted: whoever is at the device gives the passphrase again,
//! and the log names them before the copy is there.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use satchel_core::clock::Moment;
use satchel_core::delivery::{Event, SubmissionPhoto, SubmissionState};
use satchel_core::ids::SubmissionId;
use satchel_core::photo::Rendition;
use serde_json::{Value, json};

use crate::api::{ApiError, ExportRequest, ExportView};
use crate::drafts::today;
use crate::satchel::Satchel;
use crate::session::{Held, Session};
use crate::view;

/// What the copy is, for whoever reads it one day.
const FORMAT: &str = "satchel-export-1";

/// What goes into the copy: names below its folder, and bytes.
struct Export {
    files: Vec<(String, Vec<u8>)>,
    photos: u32,
}

impl Satchel {
    /// A name for a copy's folder that tells nobody whose it is.
    ///
    /// # Errors
    /// `unknown_submission`.
    pub fn submission_export_name(&self, submission: &str) -> Result<String, ApiError> {
        self.with(|session, now| {
            let id = session.submission_id(submission)?;
            let account = session.held(&id)?.record.account.clone();
            let number = &session.account(account.as_str())?.remote_id;
            let safe: String = number.chars().filter(char::is_ascii_alphanumeric).collect();
            Ok(format!("satchel-{safe}-{}", today(&now)))
        })
    }

    /// Copies the answers and photos of one submission that was set aside into a new folder, after
    /// the passphrase was given again. It stays set aside.
    ///
    /// # Errors
    /// `not_set_aside`, `wrong_passphrase`, `too_many_tries`, `bad_folder`, `folder_exists`,
    /// `folder_is_ours`, `disk_full`, `not_written`. No copy is left behind then.
    pub fn submission_export(&self, request: &ExportRequest) -> Result<ExportView, ApiError> {
        let folder = self.export_folder(&request.folder)?;
        self.with(|session, _| session.set_aside(&request.submission))?;
        if !self.state().in_training() {
            self.confirm_again(&request.passphrase)?;
        }
        self.with(|session, now| {
            // It may have been released while the passphrase was tried.
            let id = session.set_aside(&request.submission)?;
            let copy = session.copy_of(&id, now)?;
            let partial = Partial::write(&folder, &copy.files)?;
            if session.engine.submission_of(&id).is_some() {
                session.person(&id, Event::Exported { photos: copy.photos }, now)?;
            }
            partial.finish(&folder)?;
            Ok(ExportView {
                folder: folder.display().to_string(),
                photos: u64::from(copy.photos),
                bytes: copy.files.iter().map(|(_, bytes)| bytes.len() as u64).sum(),
            })
        })
    }

    /// The folder to make: a new one, in one that is there, and not among our own files.
    fn export_folder(&self, text: &str) -> Result<PathBuf, ApiError> {
        let folder = PathBuf::from(text.trim());
        let parent =
            folder.parent().filter(|_| folder.is_absolute() && folder.file_name().is_some());
        let parent = parent.and_then(|p| p.canonicalize().ok()).filter(|p| p.is_dir());
        let parent = parent.ok_or_else(|| ApiError::new("bad_folder").at("folder"))?;
        if self.0.folder.path().canonicalize().is_ok_and(|ours| parent.starts_with(ours)) {
            return Err(ApiError::new("folder_is_ours").at("folder"));
        }
        if folder.symlink_metadata().is_ok() {
            return Err(ApiError::new("folder_exists").at("folder"));
        }
        Ok(folder)
    }
}

impl Session {
    fn held(&self, id: &SubmissionId) -> Result<&Held, ApiError> {
        self.submissions.get(id).ok_or_else(|| ApiError::new("unknown_submission"))
    }

    /// One that was set aside by its log, or because its log does not open.
    fn set_aside(&self, text: &str) -> Result<SubmissionId, ApiError> {
        let id = self.submission_id(text)?;
        let submission = self.engine.submission_of(&id);
        if self.held(&id)?.record.tombstone.is_some() {
            return Err(ApiError::new("not_set_aside"));
        }
        let aside =
            submission.is_none_or(|s| matches!(s.state(), SubmissionState::Quarantined { .. }));
        aside.then_some(id).ok_or_else(|| ApiError::new("not_set_aside"))
    }

    fn copy_of(&self, id: &SubmissionId, now: Moment) -> Result<Export, ApiError> {
        let held = self.held(id)?;
        let account = self.account(held.record.account.as_str())?;
        let submission = self.engine.submission_of(id);
        let answers = self.store.details(id)?.merged(self.store.national(id)?);
        let mut files = Vec::new();
        let mut photos = Vec::new();
        let current: Vec<_> = submission.iter().flat_map(|s| s.current_photos()).collect();
        for (place, photo) in current.into_iter().enumerate() {
            let name = file_name(place + 1, photo);
            // What does not open is told and does not keep back the rest.
            let bytes = self.store.photo(&photo.record.id, Rendition::Upload).ok();
            photos.push(photo_facts(photo, bytes.is_some().then_some(&name)));
            files.extend(bytes.map(|bytes| (name, bytes)));
        }
        let count = u32::try_from(files.len()).unwrap_or(u32::MAX);
        let facts = json!({
            "format": FORMAT,
            "exported_ms": now.wall_ms,
            "operator": self.operator,
            "provider": self.connection(&account.connection)?.provider,
            "account": account.remote_id,
            "name": account.name,
            "kind": held.record.who.kind.code(),
            "country": held.record.who.country.code(),
            "state": submission.map_or("integrity", |s| s.state().code()),
            "sealed_ms": held.record.sealed_ms,
            "consent": held.record.consent,
            "answers": answers.iter().collect::<std::collections::BTreeMap<_, _>>(),
            "photos": photos,
            "history": view::history(&held.log),
        });
        let text =
            serde_json::to_vec_pretty(&facts).map_err(|_| ApiError::new("record_damaged"))?;
        files.insert(0, ("submission.json".to_owned(), text));
        Ok(Export { files, photos: count })
    }
}

fn file_name(place: usize, photo: &SubmissionPhoto) -> String {
    let safe = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
    let kind: String = photo.record.document.code().chars().filter(safe).collect();
    let (side, extension) = (photo.record.side.code(), photo.record.format.extension());
    format!("photo-{place}-{}-{side}.{extension}", kind.to_lowercase())
}

fn photo_facts(photo: &SubmissionPhoto, file: Option<&String>) -> Value {
    json!({
        "file": file,
        "document": photo.record.document.code(),
        "side": photo.record.side.code(),
        "sha256": photo.record.upload_sha256,
        "taken_ms": photo.record.taken_ms,
        "override_reason": photo.record.override_reason,
    })
}

/// A copy that is not finished: it goes again unless it is.
struct Partial(Option<PathBuf>);

impl Partial {
    /// Writes the files beside the folder that they are for, for nobody else's eyes.
    fn write(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<Self, ApiError> {
        let mut name = folder.file_name().unwrap_or_default().to_owned();
        name.push(".partial");
        let place = folder.with_file_name(name);
        private_folder(&place).map_err(|fault| not_written(&fault))?;
        let partial = Self(Some(place.clone()));
        for (name, bytes) in files {
            write_private(&place.join(name), bytes).map_err(|fault| not_written(&fault))?;
        }
        Ok(partial)
    }

    fn finish(mut self, folder: &Path) -> Result<(), ApiError> {
        if let Some(place) = &self.0 {
            std::fs::rename(place, folder).map_err(|fault| not_written(&fault))?;
        }
        self.0 = None;
        Ok(())
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // What cannot be removed carries a name that says so.
        let _ = self.0.as_ref().map(std::fs::remove_dir_all);
    }
}

fn private_folder(place: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(place)
}

fn write_private(place: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(place)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn not_written(fault: &std::io::Error) -> ApiError {
    let error = match fault.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => ApiError::new("disk_full"),
        ErrorKind::AlreadyExists => ApiError::new("folder_exists"),
        _ => ApiError::new("not_written"),
    };
    error.at("folder").with(fault.kind().to_string())
}
