//! One command, from its arguments to what it prints.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use satchel_app::Satchel;
use satchel_app::api::{
    AccountAddRequest, AccountRowView, AccountsRequest, ConnectionRequest, ConnectionView,
    ExportRequest, Group, ImportRequest, OutboxItemView,
};
use serde_json::json;

use crate::arguments::{AccountCommand, Arguments, Command, Connect, Export, Sync, VaultCommand};
use crate::opened::{read_text, unlocked, unlocked_with};
use crate::print::{Done, Fault};
use crate::{audit, keeping, people, prepare, submit};

/// How often a waiting `sync` looks whether it may stop.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Runs one command.
pub(crate) fn run(arguments: Arguments) -> Result<Done, Fault> {
    let data = arguments.data.as_deref();
    let passphrase = arguments.passphrase_file.as_deref();
    match arguments.command {
        Command::Vault(VaultCommand::Create { operator, recovery_to, without_keychain }) => {
            people::create(data, passphrase, operator, recovery_to, without_keychain)
        }
        Command::Vault(VaultCommand::Recover { recovery_key_file, operator }) => {
            people::recover(data, passphrase, operator, &recovery_key_file)
        }
        Command::Vault(VaultCommand::RecoveryKey { recovery_to }) => {
            people::recovery_key(data, passphrase, recovery_to)
        }
        Command::Passphrase(command) => people::passphrase(data, passphrase, &command),
        Command::Operator(command) => people::operators(data, passphrase, command),
        Command::Vault(VaultCommand::Check) => check(&unlocked(data, passphrase)?),
        Command::Connect(connect) => connection(&unlocked(data, passphrase)?, &connect),
        Command::Account(account) => accounts(&unlocked(data, passphrase)?, account),
        Command::Submit(submission) => submit::submit(&unlocked(data, passphrase)?, &submission),
        Command::Sync(sync) => deliver(&unlocked(data, passphrase)?, &sync),
        Command::Status => status(&unlocked(data, passphrase)?),
        Command::Export(export) => {
            let (satchel, passphrase) = unlocked_with(data, passphrase)?;
            copied(&satchel, passphrase, &export)
        }
        Command::Audit(command) => audit::audit(data, passphrase, &command),
        Command::Retention(command) => keeping::retention(&unlocked(data, passphrase)?, &command),
        Command::Prepare(photos) => prepare::prepare(&photos),
        #[cfg(feature = "test-hooks")]
        Command::Dwell => crate::dwell::dwell(data, passphrase),
    }
}

fn copied(satchel: &Satchel, passphrase: String, export: &Export) -> Result<Done, Fault> {
    let row = account_row(satchel, &export.account)?;
    let submission = satchel.account_show(&row.id)?.submission;
    let request = ExportRequest {
        submission: submission
            .ok_or_else(|| satchel_app::api::ApiError::new("unknown_submission"))?,
        passphrase,
        folder: export.out.display().to_string(),
    };
    let view = satchel.submission_export(&request)?;
    let (photos, folder) = (view.photos, &view.folder);
    let text = format!("{folder}: the answers and {photos} photo(s), not encrypted.");
    Ok(Done::new(json!(view), text))
}

fn check(satchel: &Satchel) -> Result<Done, Fault> {
    let rows = all(satchel)?;
    for row in &rows {
        satchel.account_show(&row.id)?;
    }
    let connections = satchel.connections_list()?.len();
    let text = format!("The vault opens: {connections} connection(s), {} account(s).", rows.len());
    Ok(Done::new(
        json!({ "opens": true, "connections": connections, "accounts": rows.len() }),
        text,
    ))
}

fn all(satchel: &Satchel) -> Result<Vec<AccountRowView>, Fault> {
    let request = AccountsRequest { filter: None, search: String::new(), most: None };
    Ok(satchel.accounts_list(&request)?.rows)
}

/// The account with the provider's identifier `id`, or with ours.
pub(crate) fn account_row(satchel: &Satchel, id: &str) -> Result<AccountRowView, Fault> {
    all(satchel)?
        .into_iter()
        .find(|row| row.remote_id == id || row.id == id)
        .ok_or_else(|| satchel_app::api::ApiError::new("unknown_account").into())
}

fn connection(satchel: &Satchel, connect: &Connect) -> Result<Done, Fault> {
    let root = connect.root.as_deref().map(read_text).transpose()?;
    let request = ConnectionRequest {
        id: None,
        provider: connect.provider.clone(),
        name: connect.name.clone(),
        settings: pairs(connect.settings.iter().map(String::as_str))?,
        credentials: pairs(read_text(&connect.credentials)?.lines())?,
        extra_root_pem: root,
    };
    let view = satchel.connection_save(request)?;
    if !connect.check {
        return Ok(Done::new(json!(view), format!("{} is connected.", view.name)));
    }
    let runtime = runtime()?;
    let checked = runtime.block_on(satchel.connection_check(&view.id))?;
    let text = format!("{} is saved. The provider says: {}.", view.name, checked.code);
    let exit = if checked.ok { 0 } else { 5 };
    Ok(Done { exit, ..Done::new(json!({ "connection": view, "check": checked }), text) })
}

fn pairs<'a>(lines: impl Iterator<Item = &'a str>) -> Result<BTreeMap<String, String>, Fault> {
    lines
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let (key, value) = line
                .split_once('=')
                .ok_or_else(|| Fault::Usage("a line is not KEY=VALUE".to_owned()))?;
            Ok((key.trim().to_owned(), value.trim().to_owned()))
        })
        .collect()
}

fn named(satchel: &Satchel, name: &str) -> Result<ConnectionView, Fault> {
    let same = |c: &&ConnectionView| c.id == name || c.name == name || c.provider == name;
    let connections = satchel.connections_list()?;
    let found = connections.iter().find(same).cloned();
    found.ok_or_else(|| satchel_app::api::ApiError::new("unknown_connection").into())
}

fn accounts(satchel: &Satchel, command: AccountCommand) -> Result<Done, Fault> {
    match command {
        AccountCommand::Add { connection, id, name, kind, country } => {
            let request = AccountAddRequest {
                connection: named(satchel, &connection)?.id,
                remote_id: id,
                name,
                kind,
                country,
                email: None,
                token: None,
            };
            let row = satchel.account_add(request)?;
            Ok(Done::new(json!(row), format!("{} is added.", row.name)))
        }
        AccountCommand::Import { connection, preview, file } => {
            import(satchel, &connection, preview, &file)
        }
        AccountCommand::List => {
            let rows = all(satchel)?;
            let lines: Vec<String> = rows.iter().map(row_line).collect();
            Ok(Done::new(json!(rows), lines.join("\n")))
        }
        AccountCommand::Forget(forget) => keeping::forget(satchel, &forget),
        AccountCommand::Show { id } => {
            let view = satchel.account_show(&account_row(satchel, &id)?.id)?;
            let text = format!("{}\n{}", row_line(&view.row), view.provider_word);
            Ok(Done::new(json!(view), text))
        }
    }
}

fn row_line(row: &AccountRowView) -> String {
    let said = [row.line.document.as_deref(), row.line.reason.as_deref()];
    let said: Vec<&str> = said.into_iter().flatten().collect();
    format!("{:<12} {:<24} {} {}", row.remote_id, row.name, row.line.code, said.join(" "))
}

fn import(satchel: &Satchel, connection: &str, preview: bool, file: &Path) -> Result<Done, Fault> {
    let bytes =
        std::fs::read(file).map_err(|f| Fault::Usage(format!("{}: {f}", file.display())))?;
    let csv = String::from_utf8(bytes)
        .map_err(|_| Fault::Refused(satchel_app::api::ApiError::new("not_utf8")))?;
    let request = ImportRequest { connection: named(satchel, connection)?.id, csv };
    let view = if preview {
        satchel.accounts_preview(&request)?
    } else {
        satchel.accounts_import(&request)?
    };
    let mut lines = vec![format!(
        "{} good, {} bad, {} here already.",
        view.good.len(),
        view.bad.len(),
        view.known.len()
    )];
    lines.extend(
        view.bad
            .iter()
            .map(|b| format!("line {}: {} {}", b.line, b.code, b.detail.as_deref().unwrap_or(""))),
    );
    Ok(Done::new(json!(view), lines.join("\n")))
}

pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Fault> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("the runtime does not start")
        .map_err(Fault::Unexpected)
}

/// Delivers until nothing is left to send, or the time is over.
fn deliver(satchel: &Satchel, sync: &Sync) -> Result<Done, Fault> {
    let until = Instant::now() + Duration::from_secs(sync.timeout);
    let idle = runtime()?.block_on(async {
        let running = satchel.clone();
        let worker = tokio::spawn(async move { running.run().await });
        let mut idle = false;
        while Instant::now() < until && !(idle && sync.until_idle) {
            tokio::time::sleep(LOOK_EVERY).await;
            idle = satchel.is_idle();
        }
        worker.abort();
        idle
    });
    let rows = all(satchel)?;
    let person = rows.iter().any(|row| row.group == Group::NeedsYou);
    let lines: Vec<String> = rows.iter().map(row_line).collect();
    let exit = match (idle, person) {
        (false, _) => 5,
        (true, true) => 6,
        (true, false) => 0,
    };
    let banner = satchel.network_show()?.banner;
    let json =
        json!({ "idle": idle, "needs_a_person": person, "accounts": rows, "banner": banner });
    Ok(Done { exit, ..Done::new(json, lines.join("\n")) })
}

fn status(satchel: &Satchel) -> Result<Done, Fault> {
    let outbox = satchel.outbox_show()?;
    let rows = all(satchel)?;
    let line =
        |i: &OutboxItemView| format!("{:<24} {:<10} {:<16} {}", i.name, i.what, i.why, i.who);
    let mut lines: Vec<String> = outbox.items.iter().map(line).collect();
    lines.extend(outbox.groups.iter().flat_map(|g| g.items.iter().map(line)));
    lines.extend(outbox.set_aside.iter().map(line));
    if lines.is_empty() {
        lines.push("Nothing waits.".to_owned());
    }
    Ok(Done::new(json!({ "outbox": outbox, "accounts": rows }), lines.join("\n")))
}
