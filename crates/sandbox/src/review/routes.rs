//! `/review`: the page on which a person decides.

use hyper::Method;

use super::html::escape;
use super::page::{self, Chosen};
use super::{DecideError, decide_documents, decide_wepay, decide_winter, read_decision};
use crate::admin::is_allowed;
use crate::sniff::sniff;
use crate::wire::{Call, Reply, form_pairs, percent_encode};
use crate::world::World;

const STYLE: &str = include_str!("style.css");
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
    base-uri 'none'; frame-ancestors 'none'";

/// Answers one call of the reviewer's browser.
pub(crate) fn answer(world: &mut World, call: &Call) -> Reply {
    route(world, call)
        .with("content-security-policy", POLICY)
        .with("x-content-type-options", "nosniff")
        .with("referrer-policy", "no-referrer")
        .with("cache-control", "no-store")
}

fn route(world: &mut World, call: &Call) -> Reply {
    if call.method == Method::GET && call.path == "/review/style.css" {
        return Reply::typed(200, "text/css; charset=utf-8", STYLE);
    }
    if !is_allowed(world, call) {
        return refusal(401, "Use the review address that the sandbox printed when it started.");
    }
    match (call.path.as_str(), call.method == Method::POST) {
        ("/review", false) => show(world, call),
        ("/review/photo", false) => photo(world, call),
        ("/review/decide", true) => decide(world, call),
        _ => refusal(404, "There is no such page."),
    }
}

fn show(world: &World, call: &Call) -> Reply {
    let chosen = call.parameter("account").and_then(|name| Chosen::parse(&name));
    let problem = call.parameter("problem");
    Reply::html(200, page::page(world, chosen, problem.as_deref()))
}

fn photo(world: &World, call: &Call) -> Reply {
    let bytes = call.parameter("sha256").and_then(|sha256| world.photos.read(&sha256));
    let known = bytes.and_then(|bytes| Some((sniff(&bytes)?, bytes)));
    match known {
        Some((kind, bytes)) => Reply::typed(200, kind.mime(), bytes),
        None => refusal(404, "There is no such photo."),
    }
}

/// Carries out what a form asks for, and shows the account again.
fn decide(world: &mut World, call: &Call) -> Reply {
    let pairs = form_pairs(&call.body);
    let field = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, v)| v.as_str());
    let account = field("account").unwrap_or_default();
    let Some(chosen) = Chosen::parse(account) else {
        return refusal(400, "The form names no account.");
    };
    let decided = match chosen {
        Chosen::Wepay(id) => match field("file_id").and_then(|text| text.parse().ok()) {
            Some(file_id) => {
                let state = field("decision").unwrap_or_default();
                let reason = field("reject_reason").filter(|_| state == "rejected");
                read_decision(state, reason)
                    .ok_or(DecideError::NoStatus)
                    .and_then(|state| decide_documents(world, id, &[(file_id, state)]))
            }
            None => decide_wepay(world, id, field("status").unwrap_or_default()),
        },
        Chosen::Winter(id) => decide_winter(world, &id, field("status").unwrap_or_default()),
    };
    let problem = match decided {
        Ok(()) => String::new(),
        Err(error) => format!("&problem={}", percent_encode(&error.to_string())),
    };
    let token = percent_encode(&world.meta.admin_token);
    let account = percent_encode(account);
    Reply::empty(303).with("location", format!("/review?token={token}&account={account}{problem}"))
}

fn refusal(status: u16, text: &str) -> Reply {
    let html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <title>Sandbox review</title><link rel=\"stylesheet\" href=\"/review/style.css\"></head>\
         <body><main class=\"empty\"><p>{}</p></main></body></html>\n",
        escape(text)
    );
    Reply::html(status, html)
}
