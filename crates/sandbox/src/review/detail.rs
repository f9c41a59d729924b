//! One account on the review page: its details, its photos and the forms that decide.

use serde_json::Value;

use super::html::{document_look, escape, humanly, kyc_look, pill, winter_look};
use super::page::Chosen;
use crate::clock::rfc3339;
use crate::journal::{JournalEntry, Provider};
use crate::policy::WINDOW_MS;
use crate::script::RejectReason;
use crate::state::{DocumentState, StoredFile, WepayAccount, WinterAccount, WinterSide};
use crate::wire::percent_encode;
use crate::world::World;

/// What stands beside the list.
pub(crate) fn detail(world: &World, chosen: &Chosen, token: &str) -> String {
    let found = match chosen {
        Chosen::Wepay(id) => world.wepay_account(*id).map(|a| wepay(world, a, token)),
        Chosen::Winter(id) => world.winter_account(id).map(|a| winter(world, a, token)),
    };
    found.unwrap_or_else(|| "<p class=\"nothing\">There is no such account.</p>".to_owned())
}

fn wepay(world: &World, account: &WepayAccount, token: &str) -> String {
    let chosen = Chosen::Wepay(account.id);
    let kind = humanly(account.kind.word());
    let place = format!("WePay · {} · {kind} · {}", account.id, account.country);
    let head = head(&account.name, &place, &pill(kyc_look(account.kyc_state)));
    let plan = plan(&account.script.words(), account.review.map(|(due_ms, _)| due_ms));
    let status = match &account.submission {
        None => "<p class=\"nothing\">Nothing has been submitted.</p>".to_owned(),
        Some(_) => {
            let mut attached = world.files_of(account.id).filter_map(|file| file.attached);
            let open = attached.any(|(_, state)| state == DocumentState::InReview);
            let verify = if open { "" } else { "primary" };
            let choices = [
                ("verified", "Verify account", verify),
                ("require_docs", "Ask for documents", ""),
                ("in_review", "Put in review", ""),
            ];
            status_form(&chosen, token, &choices)
        }
    };
    let documents: Vec<String> =
        world.files_of(account.id).map(|file| wepay_document(file, &chosen, token)).collect();
    let body = account.submission.as_ref().map(|submission| &submission.body);
    let history = history(world, Provider::Wepay, &account.id.to_string());
    [head, plan, status, section("Documents", &documents), details(body), history].concat()
}

fn winter(world: &World, account: &WinterAccount, token: &str) -> String {
    let chosen = Chosen::Winter(account.id.clone());
    let place = format!("Winter · {} · {}", account.id, account.email);
    let head = head(&account.full_name, &place, &pill(winter_look(account.status)));
    let plan = plan(&account.script.words(), account.review_at_ms);
    let status = status_form(
        &chosen,
        token,
        &[
            ("READY_TO_WITHDRAW", "Accept", "primary"),
            ("CANNOT_WITHDRAW_KYC_FAILED", "Refuse", "danger"),
            ("UNDER_REVIEW", "Put in review", ""),
        ],
    );
    let documents: Vec<String> =
        account.sides.iter().map(|side| winter_document(side, token)).collect();
    let body = account.info.as_ref().map(|info| &info.body);
    let history = history(world, Provider::Winter, &account.id);
    [head, plan, status, section("Documents", &documents), details(body), history].concat()
}

fn head(name: &str, place: &str, pill: &str) -> String {
    format!("<h1>{}</h1><p class=\"place\">{}</p>{pill}", escape(name), escape(place))
}

fn plan(words: &str, due_ms: Option<i64>) -> String {
    let next = due_ms.map_or(String::new(), |at| format!(" · decides at {}", rfc3339(at)));
    format!("<p class=\"plan\">Script: {}{}</p>", escape(words), escape(&next))
}

/// One button per status; each is a form's submit, so the keyboard alone suffices.
fn status_form(chosen: &Chosen, token: &str, choices: &[(&str, &str, &str)]) -> String {
    let buttons: String = choices
        .iter()
        .map(|(status, label, class)| {
            format!("<button class=\"{class}\" name=\"status\" value=\"{status}\">{label}</button>")
        })
        .collect();
    form(chosen, token, &format!("<div class=\"actions\">{buttons}</div>"))
}

fn form(chosen: &Chosen, token: &str, inner: &str) -> String {
    let account = escape(&chosen.name());
    format!(
        "<form method=\"post\" action=\"/review/decide?token={token}\">\
         <input type=\"hidden\" name=\"account\" value=\"{account}\">{inner}</form>"
    )
}

fn section(title: &str, items: &[String]) -> String {
    if items.is_empty() {
        return String::new();
    }
    format!("<h2>{title}</h2><ul class=\"documents\">{}</ul>", items.concat())
}

fn wepay_document(file: &StoredFile, chosen: &Chosen, token: &str) -> String {
    let title = humanly(&file.document_type);
    let photo = photo(&file.sha256, &file.mime, &title, token);
    let size = format!("File {} · {} KB", file.file_id, file.bytes.div_ceil(1024));
    let verdict = match file.attached {
        Some((set, state)) => {
            let why = state.reason().map_or(String::new(), |reason| {
                format!("<span class=\"why\">{}</span>", humanly(reason.word()))
            });
            let form = decision_form(file, state, &title, chosen, token);
            format!("<p>{}{why}<span class=\"place\">Set {set}</span></p>{form}", {
                pill(document_look(state))
            })
        }
        None if file.expired => "<p class=\"place\">Deleted: never named by modify</p>".to_owned(),
        None => {
            let until = rfc3339(file.uploaded_ms + WINDOW_MS);
            format!("<p class=\"place\">Not named by modify yet; deleted after {until}</p>")
        }
    };
    format!(
        "<li>{photo}<div><h3>{title}</h3><p class=\"place\">{size}</p>{verdict}</div></li>",
        title = escape(&title)
    )
}

fn decision_form(
    file: &StoredFile,
    state: DocumentState,
    title: &str,
    chosen: &Chosen,
    token: &str,
) -> String {
    let verify = if state == DocumentState::InReview { "primary" } else { "" };
    let file_id = file.file_id;
    let reasons: String = RejectReason::ALL
        .into_iter()
        .map(|r| format!("<option value=\"{}\">{}</option>", r.word(), humanly(r.word())))
        .collect();
    let title = escape(title);
    form(
        chosen,
        token,
        &format!(
            "<input type=\"hidden\" name=\"file_id\" value=\"{file_id}\">\
             <div class=\"actions\">\
             <button class=\"{verify}\" name=\"decision\" value=\"verified\" \
             aria-label=\"Verify {title}\">Verify</button>\
             <label>Reason <select name=\"reject_reason\">{reasons}</select></label>\
             <button class=\"danger\" name=\"decision\" value=\"rejected\" \
             aria-label=\"Reject {title}\">Reject</button></div>"
        ),
    )
}

fn winter_document(side: &WinterSide, token: &str) -> String {
    let word = side.document_side.as_deref().map_or(String::new(), |s| format!(", {s}"));
    let title = humanly(&format!("{}{word}", side.document_type));
    format!(
        "<li>{}<div><h3>{}</h3><p class=\"place\">Written at {}</p></div></li>",
        photo(&side.sha256, &side.mime, &title, token),
        escape(&title),
        rfc3339(side.written_ms)
    )
}

fn photo(sha256: &str, mime: &str, title: &str, token: &str) -> String {
    let url = format!("/review/photo?token={token}&amp;sha256={}", percent_encode(sha256));
    let title = escape(title);
    if mime == "application/pdf" {
        return format!("<a class=\"photo\" href=\"{url}\">Open the PDF: {title}</a>");
    }
    format!("<a class=\"photo\" href=\"{url}\"><img src=\"{url}\" alt=\"{title}\"></a>")
}

fn details(body: Option<&Value>) -> String {
    let Some(body) = body else {
        return String::new();
    };
    let mut rows = Vec::new();
    flatten("", body, &mut rows);
    let rows: String = rows
        .into_iter()
        .map(|(name, value)| format!("<dt>{}</dt><dd>{}</dd>", escape(&name), escape(&value)))
        .collect();
    format!("<h2>Details</h2><dl>{rows}</dl>")
}

fn flatten(path: &str, value: &Value, rows: &mut Vec<(String, String)>) {
    let below = |name: &str| if path.is_empty() { name.into() } else { format!("{path}.{name}") };
    match value {
        Value::Object(map) => map.iter().for_each(|(k, v)| flatten(&below(k), v, rows)),
        Value::Array(items) => {
            let numbered = items.iter().enumerate();
            numbered.for_each(|(at, item)| flatten(&format!("{path}[{at}]"), item, rows));
        }
        Value::String(text) => rows.push((path.to_owned(), text.clone())),
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            rows.push((path.to_owned(), value.to_string()));
        }
    }
}

fn history(world: &World, provider: Provider, account: &str) -> String {
    let entries = world.journal.entries().iter();
    let rows: String = entries
        .filter(|entry| entry.provider == provider && entry.account == account)
        .map(history_row)
        .collect();
    format!("<h2>History</h2><ol class=\"history\">{rows}</ol>")
}

fn history_row(entry: &JournalEntry) -> String {
    let effect = serde_json::to_value(entry.effect).unwrap_or_default();
    let side = entry.document_side.as_deref();
    let parts = [
        entry.document_type.as_deref(),
        side,
        entry.state.as_deref(),
        entry.reject_reason.as_deref(),
        entry.duplicate.then_some("again"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().map(humanly).collect();
    format!(
        "<li><time>{}</time> {} <span class=\"place\">{}</span></li>",
        escape(&entry.at),
        humanly(effect.as_str().unwrap_or_default()),
        escape(&parts.join(" · "))
    )
}
