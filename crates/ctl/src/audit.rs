//! The audit log: list, copy, check.

use std::path::Path;

use satchel_app::Satchel;
use satchel_app::api::{AuditCheckView, AuditEntryView, AuditExportRequest, AuditRequest};
use serde_json::json;

use crate::arguments::AuditCommand;
use crate::opened::unlocked;
use crate::print::{Done, Fault};

/// About the audit log. A copy is checked without a vault where none is to be opened.
pub(crate) fn audit(
    data: Option<&Path>,
    passphrase: Option<&Path>,
    command: &AuditCommand,
) -> Result<Done, Fault> {
    match command {
        AuditCommand::List { before } => {
            list(&unlocked(data, passphrase)?, AuditRequest { before: *before, account: None })
        }
        AuditCommand::Export { out } => {
            let file = out.display().to_string();
            let satchel = unlocked(data, passphrase)?;
            Ok(told(&satchel.audit_export(&AuditExportRequest { file })?))
        }
        AuditCommand::Verify { file: None } => {
            Ok(told(&unlocked(data, passphrase)?.audit_verify()?))
        }
        AuditCommand::Verify { file: Some(file) } => match passphrase {
            Some(_) => Ok(told(&unlocked(data, passphrase)?.audit_verify_copy(file)?)),
            None => Ok(told(&satchel_app::verify_audit_copy(file)?)),
        },
    }
}

fn list(satchel: &Satchel, request: AuditRequest) -> Result<Done, Fault> {
    let view = satchel.audit_list(&request)?;
    let mut lines: Vec<String> = view.entries.iter().map(line).collect();
    if let (Some(fault), Some(at)) = (&view.fault, view.fault_at) {
        lines.insert(0, format!("The log is damaged from entry {at} on: {fault}."));
    }
    let exit = if view.fault.is_some() { 3 } else { 0 };
    Ok(Done { exit, ..Done::new(json!(view), lines.join("\n")) })
}

fn line(entry: &AuditEntryView) -> String {
    let who = if entry.operator.is_empty() { "Satchel" } else { &entry.operator };
    let about = [entry.detail.as_deref(), entry.account.as_deref()];
    let about: Vec<&str> = about.into_iter().flatten().collect();
    let (seq, at, event) = (entry.seq, entry.at_ms, &entry.event);
    format!("{seq:>6} {at} {who:<20} {event:<18} {}", about.join(" "))
}

fn told(view: &AuditCheckView) -> Done {
    let own = if view.compared { "this vault's" } else { "whole in itself" };
    let (text, exit) = match (&view.fault, view.fault_at) {
        (Some(fault), Some(at)) => (format!("Not intact: entry {at} {}.", words(fault)), 3),
        (Some(_), None) | (None, _) => {
            (format!("{} entries, {own}. The last link is {}.", view.entries, view.link), 0)
        }
    };
    Done { exit, ..Done::new(json!(view), text) }
}

fn words(fault: &str) -> &str {
    match fault {
        "changed" => "was changed or does not open",
        "out_of_order" => "is not where it belongs",
        "cut_off" => "and all that followed are missing",
        "foreign" => "is not this vault's",
        "log_differs" => "names a submission's log that says something else",
        other => other,
    }
}
