//! How long evidence is kept, and forgetting.

use satchel_app::Satchel;
use satchel_app::api::{ForgetRequest, ForgetView, KeepingView, RetentionRequest, RetentionView};
use serde_json::json;

use crate::arguments::{Forget, Keep, RetentionCommand};
use crate::print::{Done, Fault};
use crate::run::account_row;

const HOURS_OF_DAY: u32 = 24;

/// About how long evidence is kept.
pub(crate) fn retention(satchel: &Satchel, command: &RetentionCommand) -> Result<Done, Fault> {
    match command {
        RetentionCommand::Show => Ok(shown(&satchel.retention_show()?)),
        RetentionCommand::Set(keep) => {
            let request = request(&satchel.retention_show()?, keep)?;
            Ok(shown(&satchel.retention_set(&request)?))
        }
        RetentionCommand::Run => {
            let view = satchel.retention_run()?;
            let text = format!(
                "Forgotten: photos of {}, everything of {}, the name of {} account(s).",
                view.photos, view.submissions, view.accounts
            );
            Ok(Done::new(json!(view), text))
        }
    }
}

fn request(now: &RetentionView, keep: &Keep) -> Result<RetentionRequest, Fault> {
    let photos = keep.photos.as_deref().map(hours).transpose()?;
    let details = keep.details.as_deref().map(hours).transpose()?;
    let of = |view: &KeepingView| KeepingView {
        state: view.state.clone(),
        photos_h: photos.unwrap_or(view.photos_h),
        details_h: details.unwrap_or(view.details_h),
    };
    let keeping: Vec<KeepingView> = match keep.after.as_deref() {
        None => now.keeping.iter().map(of).collect(),
        Some(state) => now.keeping.iter().filter(|k| k.state == state).map(of).collect(),
    };
    if keeping.is_empty() {
        return Err(Fault::Usage("after: verified, failed or withdrawn".to_owned()));
    }
    Ok(RetentionRequest { keeping })
}

/// `24h`, `30d` or `never`.
fn hours(text: &str) -> Result<Option<u32>, Fault> {
    let wrong = || Fault::Usage(format!("{text}: give a time as 24h, 30d or never"));
    if text == "never" {
        return Ok(None);
    }
    let (number, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or_else(wrong)?;
    let number: u32 = number.parse().map_err(|_| wrong())?;
    match unit {
        "h" => Ok(Some(number)),
        "d" => number.checked_mul(HOURS_OF_DAY).map(Some).ok_or_else(wrong),
        _ => Err(wrong()),
    }
}

fn shown(view: &RetentionView) -> Done {
    let time = |hours: Option<u32>| match hours {
        None => "never".to_owned(),
        Some(hours) if hours % HOURS_OF_DAY == 0 => format!("{}d", hours / HOURS_OF_DAY),
        Some(hours) => format!("{hours}h"),
    };
    let line = |k: &KeepingView| {
        format!("{:<10} photos {:<6} details {}", k.state, time(k.photos_h), time(k.details_h))
    };
    let lines: Vec<String> = view.keeping.iter().map(line).collect();
    Done::new(json!(view), lines.join("\n"))
}

/// Says what forgetting an account means, and does it when that is confirmed.
pub(crate) fn forget(satchel: &Satchel, forget: &Forget) -> Result<Done, Fault> {
    let account = account_row(satchel, &forget.id)?.id;
    if !forget.yes {
        let view = satchel.account_forget_ask(&account)?;
        let text = format!("{}\nNothing was forgotten. Add --yes to do it.", meaning(&view));
        return Ok(Done::new(json!(view), text));
    }
    let request = ForgetRequest { account, when_settled: forget.when_settled };
    let view = satchel.account_forget(&request)?;
    let text = match view.queued {
        true => format!("{} is forgotten as soon as what is out is settled.", view.remote_id),
        false => format!("{} is forgotten on this device.", view.remote_id),
    };
    Ok(Done::new(json!(view), text))
}

fn meaning(view: &ForgetView) -> String {
    let what = match view.consequence.as_str() {
        "nothing_sent" => "Nothing of it was sent.",
        "taken_back" => "It was not sent yet, and never will be.",
        "verified" => "The provider verified it and keeps what it has.",
        "failed" => "The provider did not accept it and keeps what it has.",
        _ => "The provider has it and keeps it. This device no longer asks how it went.",
    };
    let not_now = match view.not_now.as_deref() {
        Some("in_flight") => "\nNot now: something of it may still be on its way.",
        Some(_) => "\nNot now: its record is damaged.",
        None => "",
    };
    format!(
        "{}: its name, answers and {} photo(s) go. {what}{not_now}",
        view.remote_id, view.photos
    )
}
