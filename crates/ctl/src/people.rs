//! Who can open the vault: making it, its recovery key, operators and passphrases.

use std::path::Path;

use satchel_app::Satchel;
use satchel_app::api::{
    ApiError, PassphraseChangeRequest, PeopleView, PersonAddRequest, PersonRemoveRequest,
    PersonView, RecoveryChangeRequest, VaultCreateRequest, VaultRecoverRequest,
};
use serde_json::{Value, json};

use crate::arguments::{OperatorCommand, PassphraseCommand};
use crate::opened::{app, read_passphrase, read_text, unlocked_with};
use crate::print::{Done, Fault};

/// A recovery key: the organisation's, or a new one that is printed once.
struct Recovery {
    recipient: String,
    identity: Option<String>,
}

impl Recovery {
    fn of(satchel: &Satchel, to: Option<String>) -> Result<Self, Fault> {
        Ok(match to {
            Some(recipient) => Self { recipient, identity: None },
            None => {
                let key = satchel.recovery_suggest()?;
                Self { recipient: key.recipient, identity: Some(key.identity) }
            }
        })
    }

    fn json(&self) -> Value {
        json!({ "recipient": self.recipient, "identity": self.identity })
    }

    fn text(&self) -> String {
        match &self.identity {
            Some(identity) => format!(
                "Recovery key, shown this once. Keep it away from this computer: it opens the \
                 vault when the passphrase or this computer's secret is lost.\n{identity}"
            ),
            None => format!("The vault can be recovered by whoever has {}.", self.recipient),
        }
    }
}

/// Makes a vault.
pub(crate) fn create(
    data: Option<&Path>,
    passphrase: Option<&Path>,
    operator: String,
    recovery_to: Option<String>,
    without_keychain: bool,
) -> Result<Done, Fault> {
    let satchel = app(data)?;
    let passphrase = read_passphrase(passphrase)?;
    let key = Recovery::of(&satchel, recovery_to)?;
    let recovery = key.recipient.clone();
    let request = VaultCreateRequest { passphrase, operator, recovery, without_keychain };
    let reduced = satchel.vault_create(&request)?.reduced_protection;
    let place = match reduced {
        true => "Reduced protection: the device secret lies in a file beside it.",
        false => "The device secret is in the system's keychain.",
    };
    let text = format!("The vault is made. {place} {}", key.text());
    let json = json!({
        "created": true, "recovery": key.json(), "reduced_protection": reduced,
    });
    Ok(Done::new(json, text))
}

/// Opens a vault with its recovery key.
pub(crate) fn recover(
    data: Option<&Path>,
    passphrase: Option<&Path>,
    operator: String,
    key: &Path,
) -> Result<Done, Fault> {
    let satchel = app(data)?;
    let passphrase = read_passphrase(passphrase)?;
    let request = VaultRecoverRequest { identity: read_text(key)?, passphrase, operator };
    let view = satchel.vault_recover(&request)?;
    let mut text = "The vault opens with the new passphrase.".to_owned();
    if !view.dropped.is_empty() {
        let names = view.dropped.join(", ");
        text.push_str(&format!(" No longer with those of {names}: add them again."));
    }
    Ok(Done::new(json!({ "recovered": true, "dropped": view.dropped }), text))
}

/// Puts another recovery key in place of the one of before.
pub(crate) fn recovery_key(
    data: Option<&Path>,
    passphrase: Option<&Path>,
    recovery_to: Option<String>,
) -> Result<Done, Fault> {
    let (satchel, confirm) = unlocked_with(data, passphrase)?;
    let recovery = Recovery::of(&satchel, recovery_to)?;
    let recipient = recovery.recipient.clone();
    satchel.recovery_change(&RecoveryChangeRequest { confirm, recipient })?;
    Ok(Done::new(json!({ "recovery": recovery.json() }), recovery.text()))
}

/// Changes the passphrase that opened the vault.
pub(crate) fn passphrase(
    data: Option<&Path>,
    passphrase: Option<&Path>,
    command: &PassphraseCommand,
) -> Result<Done, Fault> {
    let PassphraseCommand::Change { new_passphrase_file } = command;
    let (satchel, old) = unlocked_with(data, passphrase)?;
    let new = read_passphrase(Some(new_passphrase_file))?;
    satchel.passphrase_change(&PassphraseChangeRequest { old, new })?;
    Ok(Done::new(json!({ "changed": true }), "The passphrase is changed."))
}

/// Lists, adds or removes those who have a passphrase.
pub(crate) fn operators(
    data: Option<&Path>,
    passphrase: Option<&Path>,
    command: OperatorCommand,
) -> Result<Done, Fault> {
    let (satchel, confirm) = unlocked_with(data, passphrase)?;
    let view = match command {
        OperatorCommand::List => satchel.people_show()?,
        OperatorCommand::Add { name, supervisor, new_passphrase_file } => {
            let passphrase = read_passphrase(Some(&new_passphrase_file))?;
            let role = if supervisor { "supervisor" } else { "operator" }.to_owned();
            satchel.person_add(&PersonAddRequest { confirm, name, role, passphrase })?
        }
        OperatorCommand::Remove { name } => {
            let id = person(&satchel.people_show()?, &name)?.id.clone();
            satchel.person_remove(&PersonRemoveRequest { confirm, id })?
        }
    };
    let lines: Vec<String> = view.people.iter().map(line).collect();
    Ok(Done::new(json!(view), lines.join("\n")))
}

/// By name, or by id where several have the name.
fn person<'a>(view: &'a PeopleView, name: &str) -> Result<&'a PersonView, Fault> {
    let mut named = view.people.iter().filter(|p| p.name == name || p.id == name);
    match (named.next(), named.next()) {
        (Some(person), None) => Ok(person),
        _ => Err(ApiError::new("no_such_operator").into()),
    }
}

fn line(person: &PersonView) -> String {
    let you = if person.is_you { " (you)" } else { "" };
    format!("{}  {:<10}  {}{you}", person.id, person.role, person.name)
}
