//! The audit log of the vault: one chain over what people did, sealed entry by entry.

use rusqlite::{Connection as Database, OptionalExtension};
use satchel_core::audit::{AuditEntry, AuditFault, AuditFaultKind, AuditLine, AuditLog, LogPlace};
use satchel_core::audit::{Noted, noted};

use super::{Kept, Recorded, SubmissionId, refused};
use crate::bytes::hex;
use crate::keys::Keyring;
use crate::seal::chain::{self, Link};
use crate::seal::record::{self, Group, Place};
use crate::vault::OpenVault;

/// Where the log ends.
struct End {
    length: u64,
    link: Link,
}

impl OpenVault {
    pub(super) fn write_audit(&mut self, noted: &Noted) -> Kept<()> {
        let transaction = super::begin(&mut self.main)?;
        note(&transaction, &self.keys, noted, None)?;
        Ok(transaction.commit()?)
    }

    /// The log, verified from its first entry to its head, and against the logs that it names.
    pub(super) fn read_audit(&self) -> Kept<AuditLog> {
        let mut statement =
            self.main.prepare_cached("SELECT seq, sealed, link FROM audit ORDER BY seq")?;
        let mut rows = statement.query([])?;
        let mut end = End { length: 0, link: chain::audit_start(self.keys.vault) };
        let (mut lines, mut fault) = (Vec::new(), None);
        while fault.is_none()
            && let Some(row) = rows.next()?
        {
            let seq = end.length + 1;
            let sealed: Vec<u8> = row.get(1)?;
            let there = row.get_ref(2)?.as_blob().unwrap_or_default();
            let opened = open_entry(&self.keys, seq, &sealed);
            let linked = opened.map(|(json, entry)| {
                (chain::audit_next(&end.link, seq, json.as_bytes()), json, entry)
            });
            let kind = match linked.filter(|(link, ..)| there == link) {
                _ if row.get::<_, u64>(0)? != seq => Some(AuditFaultKind::OutOfOrder),
                None => Some(AuditFaultKind::Changed),
                Some((link, json, entry)) => {
                    end = End { length: seq, link };
                    let differs = self.differs(&entry)?;
                    lines.push(AuditLine { json, entry, link: hex(&link) });
                    differs.then_some(AuditFaultKind::LogDiffers)
                }
            };
            fault = kind.map(|kind| AuditFault { seq, kind });
        }
        let head = read_end(&self.main, &self.keys)?;
        if fault.is_none() && (head.length != end.length || head.link != end.link) {
            fault = Some(AuditFault { seq: end.length + 1, kind: AuditFaultKind::CutOff });
        }
        Ok(AuditLog { vault: hex(&self.keys.vault.0), lines, fault })
    }

    /// Whether the log of the submission that an entry names says something else. What was
    /// forgotten says nothing any more.
    fn differs(&self, entry: &AuditEntry) -> Kept<bool> {
        let Some(LogPlace { submission, seq, link }) = &entry.log else { return Ok(false) };
        let state: Option<String> = self
            .main
            .prepare_cached("SELECT state FROM submissions WHERE id = ?1")?
            .query_row([submission.as_str()], |r| r.get(0))
            .optional()?;
        if state.as_deref() == Some("purged") {
            return Ok(false);
        }
        let there: Option<Vec<u8>> = self
            .main
            .prepare_cached("SELECT link FROM log WHERE submission = ?1 AND seq = ?2")?
            .query_row((submission.as_str(), seq), |r| r.get(0))
            .optional()?;
        Ok(there.is_none_or(|there| hex(&there) != *link))
    }
}

fn open_entry(keys: &Keyring, seq: u64, sealed: &[u8]) -> Option<(String, AuditEntry)> {
    let json = record::open(&keys.log, place(keys, seq), sealed).ok()?;
    let json = String::from_utf8(json.to_vec()).ok()?;
    let entry: AuditEntry = serde_json::from_str(&json).ok()?;
    (entry.seq == seq).then_some((json, entry))
}

fn place(keys: &Keyring, seq: u64) -> Place<'static> {
    Place { vault: keys.vault, group: Group::Audit, row: "audit", version: seq }
}

fn read_end(database: &Database, keys: &Keyring) -> Kept<End> {
    let head = database
        .prepare_cached("SELECT length, link FROM audit_head WHERE place = 1")?
        .query_row([], |r| Ok((r.get(0)?, r.get::<_, Vec<u8>>(1)?)))
        .optional()?;
    Ok(match head {
        Some((length, link)) => End { length, link: link.try_into().unwrap_or_default() },
        None => End { length: 0, link: chain::audit_start(keys.vault) },
    })
}

/// Appends to the log, within a transaction of the caller.
pub(super) fn note(
    database: &Database,
    keys: &Keyring,
    noted: &Noted,
    log: Option<LogPlace>,
) -> Kept<()> {
    let end = read_end(database, keys)?;
    let seq = end.length + 1;
    let entry = AuditEntry {
        seq,
        at_ms: noted.at_ms,
        operator: noted.operator.clone(),
        event: noted.event.clone(),
        detail: noted.detail.clone(),
        account: noted.account.clone(),
        log,
    };
    let json = serde_json::to_string(&entry).map_err(|_| refused("json"))?;
    let link = chain::audit_next(&end.link, seq, json.as_bytes());
    let sealed = record::seal(&keys.log, place(keys, seq), json.as_bytes())?;
    database
        .prepare_cached("INSERT INTO audit (seq, sealed, link) VALUES (?1, ?2, ?3)")?
        .execute((seq, sealed, link))?;
    database
        .prepare_cached(
            "INSERT INTO audit_head (place, length, link) VALUES (1, ?1, ?2)
             ON CONFLICT (place) DO UPDATE SET length = ?1, link = ?2",
        )?
        .execute((seq, link))?;
    Ok(())
}

/// Notes an entry of a submission's log that tells what a person did, with its place there.
pub(super) fn note_entry(
    database: &Database,
    keys: &Keyring,
    id: &SubmissionId,
    entry: &Recorded,
    link: &Link,
) -> Kept<()> {
    let Some((event, detail)) = noted(&entry.event) else { return Ok(()) };
    let account: String = database
        .prepare_cached("SELECT account FROM submissions WHERE id = ?1")?
        .query_row([id.as_str()], |r| r.get(0))?;
    let noted = Noted {
        at_ms: entry.at.wall_ms,
        operator: entry.operator.clone(),
        event: event.to_owned(),
        detail,
        account: satchel_core::ids::AccountId::parse(&account),
    };
    let log = LogPlace { submission: id.clone(), seq: entry.seq, link: hex(link) };
    note(database, keys, &noted, Some(log))
}
