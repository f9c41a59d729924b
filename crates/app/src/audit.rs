//! The audit log: noted by everything that a person does, listed, copied and checked.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use satchel_core::audit::{AuditFault, AuditFaultKind, AuditLine, AuditLog, Noted};
use satchel_core::clock::Moment;
use satchel_core::ids::AccountId;
use satchel_vault::{audit_link, audit_start};
use serde::{Deserialize, Serialize};

use crate::api::{
    ApiError, AuditCheckView, AuditEntryView, AuditExportRequest, AuditRequest, AuditView,
};
use crate::satchel::Satchel;
use crate::session::Session;

/// Entries that are listed at a time.
const PAGE: usize = 200;

/// What the first line of a copy names.
const FORMAT: u32 = 1;

/// Most bytes of a copy that is checked: a million entries.
const COPY_BYTES_MAX: u64 = 512 * 1024 * 1024;

#[derive(Serialize, Deserialize)]
struct First {
    satchel_audit: u32,
    vault: String,
}

#[derive(Serialize, Deserialize)]
struct Last {
    end: End,
}

#[derive(Serialize, Deserialize)]
struct End {
    length: u64,
    link: String,
}

impl Satchel {
    /// The newest entries of the audit log, or those before one.
    ///
    /// # Errors
    /// `locked`, or what the store answers.
    pub fn audit_list(&self, request: &AuditRequest) -> Result<AuditView, ApiError> {
        self.with(|session, _| {
            let AuditLog { lines, fault, .. } = session.store.audit_log()?;
            let total = lines.len() as u64;
            let of_account = |line: &&AuditLine| {
                let account = line.entry.account.as_ref().map(AccountId::as_str);
                request.account.is_none() || request.account.as_deref() == account
            };
            let before = |line: &&AuditLine| request.before.is_none_or(|b| line.entry.seq < b);
            let mut found = lines.iter().rev().filter(before).filter(of_account);
            let entries = found.by_ref().take(PAGE).map(|l| session.audit_entry(l)).collect();
            let more = found.next().is_some();
            let (fault, fault_at) = told(fault);
            Ok(AuditView { entries, total, more, fault, fault_at })
        })
    }

    /// Writes the audit log into a new file that only the owner can read, one JSON document a line.
    /// It holds opaque ids in place of names.
    ///
    /// # Errors
    /// `bad_file`, `file_exists`, `not_written`, or what the store answers.
    pub fn audit_export(&self, request: &AuditExportRequest) -> Result<AuditCheckView, ApiError> {
        let file = PathBuf::from(request.file.trim());
        if !file.is_absolute() || file.file_name().is_none() {
            return Err(ApiError::new("bad_file").at("file"));
        }
        self.with(|session, now| {
            session.note("audit_exported", None, None, now)?;
            let log = session.store.audit_log()?;
            let end = log.lines.last();
            let text = copy_of(&log)?;
            write_new(&file, text.as_bytes())?;
            let (fault, fault_at) = told(log.fault.clone());
            let link = end.map(|l| l.link.clone()).unwrap_or_default();
            let entries = log.lines.len() as u64;
            Ok(AuditCheckView { entries, link, fault, fault_at, compared: true })
        })
    }

    /// Checks the vault's own audit log, each entry and the logs that it names.
    ///
    /// # Errors
    /// `locked`, or what the store answers.
    pub fn audit_verify(&self) -> Result<AuditCheckView, ApiError> {
        self.with(|session, _| {
            let log = session.store.audit_log()?;
            let (fault, fault_at) = told(log.fault);
            let link = log.lines.last().map(|l| l.link.clone()).unwrap_or_default();
            let entries = log.lines.len() as u64;
            Ok(AuditCheckView { entries, link, fault, fault_at, compared: true })
        })
    }

    /// Checks a copy of this vault's audit log: that it is whole in itself, and that each entry is
    /// the vault's own.
    ///
    /// # Errors
    /// `bad_file`, `locked`, or what the store answers.
    pub fn audit_verify_copy(&self, file: &Path) -> Result<AuditCheckView, ApiError> {
        let text = read_copy(file)?;
        self.with(|session, _| {
            let log = session.store.audit_log()?;
            Ok(check_copy(&text, Some(&log)))
        })
    }
}

/// Checks a copy of an audit log without the vault: that nobody edited, cut or reordered it who did
/// not also count every chain hash anew.
///
/// # Errors
/// `bad_file`.
pub fn verify_audit_copy(file: &Path) -> Result<AuditCheckView, ApiError> {
    Ok(check_copy(&read_copy(file)?, None))
}

fn told(fault: Option<AuditFault>) -> (Option<String>, Option<u64>) {
    let at = fault.as_ref().map(|f| f.seq);
    (fault.map(|f| f.kind.code().to_owned()), at)
}

fn copy_of(log: &AuditLog) -> Result<String, ApiError> {
    let json = |made: serde_json::Result<String>| made.map_err(|_| ApiError::new("not_written"));
    let first = First { satchel_audit: FORMAT, vault: log.vault.clone() };
    let mut text = json(serde_json::to_string(&first))?;
    for AuditLine { json, link, .. } in &log.lines {
        text.push_str(&format!("\n{{\"entry\":{json},\"link\":\"{link}\"}}"));
    }
    let link = log.lines.last().map(|l| l.link.clone()).unwrap_or_default();
    let last = Last { end: End { length: log.lines.len() as u64, link } };
    text.push('\n');
    text.push_str(&json(serde_json::to_string(&last))?);
    text.push('\n');
    Ok(text)
}

fn read_copy(file: &Path) -> Result<String, ApiError> {
    let bad = || ApiError::new("bad_file").at("file");
    let size = std::fs::metadata(file).map_err(|_| bad())?.len();
    if size > COPY_BYTES_MAX {
        return Err(bad());
    }
    std::fs::read_to_string(file).map_err(|_| bad())
}

/// The entry's own bytes and its chain hash, out of a line of a copy.
fn parts(line: &str) -> Option<(&str, &str)> {
    let inner = line.strip_prefix("{\"entry\":")?.strip_suffix("\"}")?;
    inner.rsplit_once(",\"link\":\"")
}

#[derive(Deserialize)]
struct Numbered {
    seq: u64,
}

fn check_copy(text: &str, own: Option<&AuditLog>) -> AuditCheckView {
    let mut view = AuditCheckView {
        entries: 0,
        link: String::new(),
        fault: None,
        fault_at: None,
        compared: own.is_some(),
    };
    let fault = check_lines(text, own, &mut view);
    if let Some(kind) = fault {
        view.fault = Some(kind.code().to_owned());
        view.fault_at = Some(view.entries + 1);
    }
    view
}

fn check_lines(
    text: &str,
    own: Option<&AuditLog>,
    view: &mut AuditCheckView,
) -> Option<AuditFaultKind> {
    let mut lines = text.lines();
    let first: Option<First> = lines.next().and_then(|line| serde_json::from_str(line).ok());
    let Some(First { vault, .. }) = first.filter(|f| f.satchel_audit == FORMAT) else {
        return Some(AuditFaultKind::Changed);
    };
    if own.is_some_and(|log| log.vault != vault) {
        return Some(AuditFaultKind::Foreign);
    }
    let Some(mut link) = audit_start(&vault) else { return Some(AuditFaultKind::Changed) };
    while let Some(line) = lines.next() {
        let seq = view.entries + 1;
        let Some((json, told)) = parts(line) else {
            return check_end(line, view).or_else(|| {
                let rest = lines.next().is_some();
                rest.then_some(AuditFaultKind::OutOfOrder)
            });
        };
        let numbered = serde_json::from_str::<Numbered>(json).map_or(0, |entry| entry.seq);
        if numbered != seq {
            return Some(AuditFaultKind::OutOfOrder);
        }
        link = audit_link(&link, seq, json);
        if link != told {
            return Some(AuditFaultKind::Changed);
        }
        let same = |log: &AuditLog| {
            usize::try_from(view.entries).ok().and_then(|at| log.lines.get(at)).map(|l| &l.link)
                == Some(&link)
        };
        if own.is_some_and(|log| !same(log)) {
            return Some(AuditFaultKind::Foreign);
        }
        view.entries = seq;
        view.link.clone_from(&link);
    }
    Some(AuditFaultKind::CutOff)
}

fn check_end(line: &str, view: &AuditCheckView) -> Option<AuditFaultKind> {
    match serde_json::from_str::<Last>(line) {
        Ok(Last { end }) if end.length == view.entries && end.link == view.link => None,
        Ok(Last { end }) if end.length > view.entries => Some(AuditFaultKind::CutOff),
        Ok(_) | Err(_) => Some(AuditFaultKind::Changed),
    }
}

fn write_new(file: &Path, bytes: &[u8]) -> Result<(), ApiError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut made = options.open(file).map_err(|fault| match fault.kind() {
        ErrorKind::AlreadyExists => ApiError::new("file_exists").at("file"),
        _ => ApiError::new("not_written").at("file"),
    })?;
    let written = made.write_all(bytes).and_then(|()| made.sync_all());
    written.map_err(|_| ApiError::new("not_written").at("file"))
}

impl Session {
    /// Notes what was done in the audit log.
    pub(crate) fn note(
        &mut self,
        event: &str,
        detail: Option<String>,
        account: Option<&AccountId>,
        now: Moment,
    ) -> Result<(), ApiError> {
        let noted = Noted {
            at_ms: now.wall_ms,
            operator: self.operator.clone(),
            event: event.to_owned(),
            detail,
            account: account.cloned(),
        };
        Ok(self.store.audit(&noted)?)
    }

    /// Notes what was done to an account, by whoever it was; nobody is Satchel itself.
    pub(crate) fn note_by(
        &mut self,
        operator: &str,
        event: &str,
        account: &AccountId,
        now: Moment,
    ) -> Result<(), ApiError> {
        let noted = Noted {
            at_ms: now.wall_ms,
            operator: operator.to_owned(),
            event: event.to_owned(),
            detail: None,
            account: Some(account.clone()),
        };
        Ok(self.store.audit(&noted)?)
    }

    fn audit_entry(&self, line: &AuditLine) -> AuditEntryView {
        let entry = &line.entry;
        let account = entry.account.as_ref().and_then(|id| self.accounts.get(id));
        let name = account.map(|a| match a.forgotten_ms {
            Some(_) => a.remote_id.clone(),
            None => a.name.clone(),
        });
        AuditEntryView {
            seq: entry.seq,
            at_ms: entry.at_ms,
            operator: entry.operator.clone(),
            event: entry.event.clone(),
            detail: entry.detail.clone(),
            account: entry.account.as_ref().map(|id| id.to_string()),
            account_name: name,
        }
    }
}
