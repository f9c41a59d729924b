//! Winter: one status per account, and documents that the next upload overwrites.

mod account;
mod documents;
mod info;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::Method;
use serde_json::{Value, json};

use crate::seed;
use crate::state::{Owner, WinterAccount};
use crate::wire::{Call, Reply};
use crate::world::World;

/// An error: its status, and why for people; the documents promise a status alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WinterError {
    status: u16,
    why: String,
}

impl WinterError {
    fn bad(why: &str) -> WinterError {
        WinterError { status: 400, why: why.to_owned() }
    }

    fn with_status(status: u16, why: &str) -> WinterError {
        WinterError { status, why: why.to_owned() }
    }
}

/// Answers one call.
pub(crate) fn answer(world: &mut World, call: &Call) -> Reply {
    match handle(world, call) {
        Ok(reply) => reply,
        Err(error) if error.status == 400 && !world.switches.winter_error_bodies => {
            Reply::empty(400)
        }
        Err(error) => Reply::json(error.status, &json!({"error": error.why})),
    }
}

fn handle(world: &mut World, call: &Call) -> Result<Reply, WinterError> {
    let segments = call.segments();
    let segments = segments.ok_or_else(|| WinterError::bad("the path cannot be decoded"))?;
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    if let ["v1", "kyc", "images", name] = segments.as_slice() {
        return documents::image(world, name);
    }
    authenticate(call)?;
    let post = call.method == Method::POST;
    let json = |value: Value| Ok(Reply::json(200, &value));
    match segments.as_slice() {
        ["v1", "kyc", "info", id] if post => json(info::write(world, id, call)?),
        ["v1", "kyc_docs", id] if post => json(documents::write(world, id, call)?),
        ["v1", "kyc", "docs"] if post => json(documents::read(world, None, call)?),
        ["v1", "kyc", "docs", id] if post => {
            if world.switches.docs_path_alias && documents::is_upload(call) {
                return json(documents::write(world, id, call)?);
            }
            json(documents::read(world, Some(id), call)?)
        }
        ["v1", "account", "edit", id] if call.method == Method::PUT => {
            json(account::edit(world, id, call)?)
        }
        ["v1", "account", id] if call.method == Method::GET => json(account::read(world, id)?),
        ["v1", "account", id] if post => json(account::create(world, id, call)?),
        ["v1", "kyc", "info" | "docs", ..] | ["v1", "kyc_docs" | "account", _] => {
            Err(WinterError::with_status(405, "the method is not allowed"))
        }
        _ => Err(WinterError::with_status(404, "there is no such page")),
    }
}

/// Key and secret, in two headers or as HTTP Basic; the header names are our assumption.
fn authenticate(call: &Call) -> Result<(), WinterError> {
    let expected = (seed::winter_key(), seed::winter_secret());
    let by_headers = call.header("x-api-key").zip(call.header("x-api-secret"));
    let by_headers = by_headers.map(|(key, secret)| (key.to_owned(), secret.to_owned()));
    let given = by_headers.or_else(|| call.header("authorization").and_then(basic));
    if given == Some(expected) {
        return Ok(());
    }
    Err(WinterError::with_status(401, "the API key and secret are required"))
}

fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, credentials) = header.split_once(' ')?;
    let decoded = scheme.eq_ignore_ascii_case("basic").then(|| STANDARD.decode(credentials.trim()));
    let decoded = String::from_utf8(decoded?.ok()?).ok()?;
    decoded.split_once(':').map(|(key, secret)| (key.to_owned(), secret.to_owned()))
}

/// The account, if it is this organization's; both refusals look the same.
fn account_for<'a>(world: &'a World, id: &str) -> Result<&'a WinterAccount, WinterError> {
    let account = world.winter_account(id).filter(|account| account.owner == Owner::Ours);
    account.ok_or_else(|| WinterError::bad("the accountId is invalid or not yours"))
}

/// The path wins; an `accountId` in the body must be the same.
fn check_body_account(id: &str, body: Option<&Value>) -> Result<(), WinterError> {
    match body {
        None => Ok(()),
        Some(Value::String(text)) if text == id => Ok(()),
        Some(_) => Err(WinterError::bad("accountId differs from the path")),
    }
}
