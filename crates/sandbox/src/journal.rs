//! The ground truth: every effect a provider would have, in order.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::options::StartError;

/// Whose effect it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// WePay v2, 2017-02-01.
    Wepay,
    /// Winter.
    Winter,
}

/// What happened at the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// An account came to be.
    AccountCreated,
    /// WePay holds details under a `kyc_id`; inert until authorized.
    KycCreated,
    /// A `kyc_id` was authorized: the details count as submitted.
    KycAuthorized,
    /// WePay holds a file; inert until `modify` names it.
    FileUploaded,
    /// Files that no `modify` named in time were deleted.
    FilesExpired,
    /// Files were attached to the account for review.
    KycModified,
    /// Winter's personal details were written.
    InfoWritten,
    /// One side of a Winter document was written.
    SideWritten,
    /// The provider decided something about the account or one of its documents.
    Verdict,
}

/// One line of the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JournalEntry {
    /// Counts from 1 without gaps.
    pub seq: u64,
    /// Sandbox time in milliseconds since 1970.
    pub at_ms: i64,
    /// Sandbox time in RFC 3339.
    pub at: String,
    /// The machine's time in milliseconds since 1970.
    pub wall_ms: i64,
    /// Whose effect it is.
    pub provider: Provider,
    /// The account's id, as text for both providers.
    pub account: String,
    /// What happened.
    pub effect: Effect,
    /// True for what changes nothing until it is confirmed.
    pub inert: bool,
    /// True when the same effect, with the same content, had been had before.
    pub duplicate: bool,
    /// The `kyc_id` concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kyc_id: Option<i64>,
    /// The files concerned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub file_ids: Vec<i64>,
    /// The document's type, in the provider's word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_type: Option<String>,
    /// `FRONT` or `BACK`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_side: Option<String>,
    /// SHA-256 of each photo's bytes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photo_sha256: Vec<String>,
    /// SHA-256 of the details as JSON without spaces and with sorted keys.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details_sha256: Option<String>,
    /// The details as they came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Value>,
    /// The account's or the document's state after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Why a document was rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reject_reason: Option<String>,
    /// Winter's documents that the write erased, as `TYPE SIDE`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub erased: Vec<String>,
}

impl JournalEntry {
    /// An entry with nothing but its subject; number and times are given when it is recorded.
    pub(crate) fn of(provider: Provider, account: String, effect: Effect) -> JournalEntry {
        JournalEntry {
            seq: 0,
            at_ms: 0,
            at: String::new(),
            wall_ms: 0,
            provider,
            account,
            effect,
            inert: matches!(effect, Effect::KycCreated | Effect::FileUploaded),
            duplicate: false,
            kyc_id: None,
            file_ids: Vec::new(),
            document_type: None,
            document_side: None,
            photo_sha256: Vec::new(),
            details_sha256: None,
            details: None,
            state: None,
            reject_reason: None,
            erased: Vec::new(),
        }
    }
}

/// The journal in memory and, if wished, in a file of JSON lines.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    entries: Vec<JournalEntry>,
    file: Option<File>,
    written: usize,
}

impl Journal {
    /// Opens or makes the file and reads what it already holds; a torn last line is cut off.
    pub(crate) fn open(path: Option<&Path>) -> Result<Journal, StartError> {
        let Some(path) = path else {
            return Ok(Journal::default());
        };
        let fault = |error| StartError::Data(PathBuf::from(path), error);
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(fault)?;
        }
        let file = OpenOptions::new().read(true).append(true).create(true).open(path);
        let file = file.map_err(fault)?;
        let mut entries = Vec::new();
        let mut whole = 0;
        let mut reader = BufReader::new(&file);
        let mut line = String::new();
        while reader.read_line(&mut line).map_err(fault)? > 0 {
            if !line.ends_with('\n') {
                break;
            }
            let entry = serde_json::from_str(&line).map_err(|error| {
                StartError::BrokenState(path.into(), entries.len() + 1, error.to_string())
            })?;
            entries.push(entry);
            whole += line.len() as u64;
            line.clear();
        }
        file.set_len(whole).map_err(fault)?;
        Ok(Journal { written: entries.len(), entries, file: Some(file) })
    }

    pub(crate) fn entries(&self) -> &[JournalEntry] {
        &self.entries
    }

    pub(crate) fn last_seq(&self) -> u64 {
        self.entries.last().map_or(0, |entry| entry.seq)
    }

    pub(crate) fn push(&mut self, entry: JournalEntry) {
        self.entries.push(entry);
    }

    /// What has been pushed and is not in the file yet.
    pub(crate) fn unwritten(&self) -> &[JournalEntry] {
        self.entries.get(self.written..).unwrap_or_default()
    }

    /// Appends what has been pushed since the last flush.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        if let Some(file) = &mut self.file {
            let mut lines = Vec::new();
            for entry in self.entries.get(self.written..).unwrap_or_default() {
                serde_json::to_writer(&mut lines, entry)?;
                lines.push(b'\n');
            }
            file.write_all(&lines)?;
        }
        self.written = self.entries.len();
        Ok(())
    }
}
