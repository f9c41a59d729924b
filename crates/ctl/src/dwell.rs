//! Stays, opens and locks as often as it is told, so that a test can look through its memory.

use std::io::{BufRead, Write};
use std::path::Path;
use std::time::Instant;

use satchel_app::Satchel;
use satchel_app::api::{AccountsRequest, VaultUnlockRequest};
use serde_json::json;

use crate::opened::{app, read_passphrase};
use crate::print::{Done, Fault};

/// Obeys `open`, `look` and `lock`, a word a line, and answers each with microseconds.
pub(crate) fn dwell(data: Option<&Path>, from: Option<&Path>) -> Result<Done, Fault> {
    let satchel = app(data)?;
    let runtime = crate::run::runtime()?;
    let running = satchel.clone();
    runtime.spawn(async move { running.run().await });
    let mut shown = Vec::new();
    for word in std::io::stdin().lock().lines().map_while(Result::ok) {
        let begun = Instant::now();
        match word.as_str() {
            "open" => {
                let passphrase = read_passphrase(from)?;
                satchel.vault_unlock(&VaultUnlockRequest { passphrase })?;
            }
            "look" => shown = look(&satchel)?,
            "lock" => {
                shown.clear();
                satchel.vault_lock("hand");
            }
            other => return Err(Fault::Usage(format!("dwells_for_tests knows no {other}"))),
        }
        println!("{word} {}", begun.elapsed().as_micros());
        // Whoever waits for it asks again when it does not come.
        let _ = std::io::stdout().flush();
    }
    Ok(Done::new(json!({}), ""))
}

/// Reads what a person reads, and keeps it as a screen does: answers unmasked, and pictures.
fn look(satchel: &Satchel) -> Result<Vec<Vec<u8>>, Fault> {
    let mut shown = Vec::new();
    let all = AccountsRequest { filter: None, search: String::new(), most: None };
    for row in satchel.accounts_list(&all)?.rows {
        let account = satchel.account_show(&row.id)?;
        let revealed = satchel.account_reveal(&row.id)?;
        shown.extend(revealed.into_iter().map(|detail| detail.value.into_bytes()));
        for photo in account.documents.iter().flat_map(|d| &d.photos).filter_map(|p| p.id.as_ref())
        {
            for rendition in ["preview", "upload"] {
                shown.push(satchel.photo_bytes(photo, rendition)?);
            }
        }
        if let Some(submission) = &account.submission {
            satchel.submission_answers(submission)?;
        }
    }
    satchel.outbox_show()?;
    Ok(shown)
}
