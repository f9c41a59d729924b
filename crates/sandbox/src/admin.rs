//! `/_sandbox/…`: steering the sandbox, for tests and for the curious.

use std::collections::BTreeSet;

use hyper::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::clock::rfc3339;
use crate::faults::FaultRule;
use crate::json::integer;
use crate::review;
use crate::script::Script;
use crate::seed;
use crate::state::{AccountState, Kind, Owner};
use crate::wire::{Call, Reply};
use crate::world::{Token, World};

/// True when the caller knows the admin token, by header or in the query.
pub(crate) fn is_allowed(world: &World, call: &Call) -> bool {
    let by_header = call.header("x-sandbox-admin").map(str::to_owned);
    by_header.or_else(|| call.parameter("token")).as_ref() == Some(&world.meta.admin_token)
}

/// Answers one steering call.
pub(crate) fn answer(world: &mut World, call: &Call) -> Reply {
    if !is_allowed(world, call) {
        return Reply::json(401, &json!({"error": "X-Sandbox-Admin is missing or wrong"}));
    }
    let body =
        if call.body.is_empty() { Ok(json!({})) } else { serde_json::from_slice(&call.body) };
    let answered = match body {
        Ok(body) => route(world, call, body),
        Err(error) => Err(format!("the body is not JSON: {error}")),
    };
    match answered {
        Ok(value) => Reply::json(200, &value),
        Err(error) => Reply::json(400, &json!({"error": error})),
    }
}

fn route(world: &mut World, call: &Call, body: Value) -> Result<Value, String> {
    let post = call.method == Method::POST;
    match (call.path.as_str(), post) {
        ("/_sandbox/journal", false) => Ok(journal(world, call)),
        ("/_sandbox/state", false) => Ok(state(world)),
        ("/_sandbox/clock", false) => Ok(clock(world)),
        ("/_sandbox/clock", true) => {
            let advance: Advance = read(body)?;
            world.advance(advance.advance_ms);
            Ok(clock(world))
        }
        ("/_sandbox/faults", true) => arm(world, body),
        ("/_sandbox/faults", false) => {
            if call.method == Method::DELETE {
                world.faults.clear();
            }
            Ok(json!({"rules": world.faults.armed()}))
        }
        ("/_sandbox/switches", true) => switch(world, body),
        ("/_sandbox/switches", false) => Ok(json!(world.switches)),
        ("/_sandbox/accounts", true) => add_account(world, read(body)?),
        ("/_sandbox/tokens", true) => set_token(world, read(body)?),
        ("/_sandbox/review", true) => decide(world, read(body)?),
        _ => Err(format!("there is no {} {}", call.method, call.path)),
    }
}

fn read<T: for<'de> Deserialize<'de>>(body: Value) -> Result<T, String> {
    serde_json::from_value(body).map_err(|error| error.to_string())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_ms: u32,
}

fn clock(world: &World) -> Value {
    json!({
        "now_ms": world.now_ms,
        "now": rfc3339(world.now_ms),
        "frozen": world.clock.is_frozen(),
    })
}

fn journal(world: &World, call: &Call) -> Value {
    let since = call.parameter("since").and_then(|text| text.parse().ok()).unwrap_or(0);
    let entries = world.journal.entries().iter().filter(|entry| entry.seq > since);
    json!({"entries": entries.collect::<Vec<_>>()})
}

fn state(world: &World) -> Value {
    let wepay: Vec<Value> = world
        .wepay_accounts()
        .map(|account| {
            json!({
                "account": account,
                "drafts": world.drafts_of(account.id).collect::<Vec<_>>(),
                "files": world.files_of(account.id).collect::<Vec<_>>(),
            })
        })
        .collect();
    let winter: Vec<Value> = world.winter_accounts().map(|account| json!(account)).collect();
    json!({"now_ms": world.now_ms, "wepay": wepay, "winter": winter})
}

/// Adds one rule, a list of them, or `{"rules": […]}`.
fn arm(world: &mut World, body: Value) -> Result<Value, String> {
    let rules = match body {
        Value::Array(_) => body,
        Value::Object(mut map) if map.contains_key("rules") => {
            map.remove("rules").unwrap_or_default()
        }
        other => json!([other]),
    };
    let rules: Vec<FaultRule> = read(rules)?;
    world.faults.arm(rules);
    Ok(json!({"rules": world.faults.armed()}))
}

/// Changes the switches that the body names.
fn switch(world: &mut World, body: Value) -> Result<Value, String> {
    world.switches = world.switches.patched(body)?;
    Ok(json!(world.switches))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetToken {
    access_token: String,
    #[serde(default)]
    revoked: bool,
    #[serde(default)]
    foreign: bool,
}

fn set_token(world: &mut World, token: SetToken) -> Result<Value, String> {
    if token.access_token.is_empty() {
        return Err("access_token is empty".to_owned());
    }
    let owner = if token.foreign { Owner::Foreign } else { Owner::Ours };
    world.set_token(token.access_token, Token { owner, revoked: token.revoked });
    Ok(json!({}))
}

/// A new account, or changes to one that exists.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AddAccount {
    provider: crate::journal::Provider,
    #[serde(default)]
    id: Option<Value>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    country: Option<String>,
    #[serde(default)]
    kind: Option<Kind>,
    #[serde(default)]
    script: Option<String>,
    #[serde(default)]
    state: Option<AccountState>,
}

fn add_account(world: &mut World, wanted: AddAccount) -> Result<Value, String> {
    let script = wanted.script.as_deref().map(|words| {
        Script::parse(words).ok_or_else(|| format!("no word of \"{words}\" names a script"))
    });
    let script = script.transpose()?;
    match wanted.provider {
        crate::journal::Provider::Wepay => add_wepay_account(world, &wanted, script),
        crate::journal::Provider::Winter => add_winter_account(world, &wanted, script),
    }
}

fn add_wepay_account(
    world: &mut World,
    wanted: &AddAccount,
    script: Option<Script>,
) -> Result<Value, String> {
    let id = match &wanted.id {
        Some(id) => integer(id).ok_or("a WePay id is an integer")?,
        None => world.new_id(),
    };
    if world.wepay_account(id).is_none() {
        let name = wanted.name.as_deref().unwrap_or("Added Merchant");
        let country = wanted.country.as_deref().unwrap_or("US").to_uppercase();
        if !["US", "CA", "GB"].contains(&country.as_str()) {
            return Err("the country is not one of US, CA, GB".to_owned());
        }
        let kind = wanted.kind.unwrap_or(Kind::Individual);
        let script = script.unwrap_or_default();
        let account = seed::wepay_account(world, id, name, &country, kind, script);
        world.add_wepay_account(account);
    }
    if let Some(account) = world.wepay_account_mut(id) {
        account.script = script.unwrap_or(account.script);
        account.state = wanted.state.unwrap_or(account.state);
    }
    Ok(json!({"id": id}))
}

fn add_winter_account(
    world: &mut World,
    wanted: &AddAccount,
    script: Option<Script>,
) -> Result<Value, String> {
    let id = match &wanted.id {
        Some(Value::String(id)) if !id.is_empty() => id.clone(),
        Some(_) => return Err("a Winter id is a string".to_owned()),
        None => format!("A-{}", world.new_id()),
    };
    if world.winter_account(&id).is_none() {
        let name = wanted.name.as_deref().unwrap_or("Added Customer");
        let account = seed::winter_account(world, &id, name, script.unwrap_or_default());
        world.add_winter_account(account);
    }
    if let Some(account) = world.winter_account_mut(&id) {
        account.script = script.unwrap_or(account.script);
    }
    Ok(json!({"id": id}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decide {
    account_id: Value,
    #[serde(default)]
    provider: Option<crate::journal::Provider>,
    #[serde(default)]
    decisions: Vec<Decision>,
    #[serde(default)]
    status: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decision {
    file_id: Value,
    state: String,
    #[serde(default)]
    reject_reason: Option<String>,
}

/// Decides at once, whatever the script says.
fn decide(world: &mut World, wanted: Decide) -> Result<Value, String> {
    use crate::journal::Provider;
    let wepay_id = integer(&wanted.account_id);
    let is_wepay = wepay_id.is_some_and(|id| world.wepay_account(id).is_some());
    let provider = wanted.provider;
    let provider = provider.unwrap_or(if is_wepay { Provider::Wepay } else { Provider::Winter });
    if wanted.decisions.is_empty() && wanted.status.is_none() {
        return Err("there is nothing to decide: give decisions or a status".to_owned());
    }
    match provider {
        Provider::Wepay => {
            let id = wepay_id.ok_or("a WePay id is an integer")?;
            decide_wepay(world, id, &wanted)?;
        }
        Provider::Winter => {
            let id = wanted.account_id.as_str().ok_or("a Winter id is a string")?;
            let status = wanted.status.as_deref().filter(|_| wanted.decisions.is_empty());
            let status = status.ok_or("Winter decides no single document, only a status")?;
            review::decide_winter(world, id, status).map_err(|error| error.to_string())?;
        }
    }
    Ok(json!({}))
}

fn decide_wepay(world: &mut World, id: i64, wanted: &Decide) -> Result<(), String> {
    let mut decisions = Vec::new();
    let mut seen = BTreeSet::new();
    for decision in &wanted.decisions {
        let file_id = integer(&decision.file_id).ok_or("a file_id is an integer")?;
        let state = review::read_decision(&decision.state, decision.reject_reason.as_deref());
        let state = state.ok_or("a decision is verified, or rejected with a known reason")?;
        if !seen.insert(file_id) {
            return Err("a file is decided twice".to_owned());
        }
        decisions.push((file_id, state));
    }
    if !decisions.is_empty() {
        let decided = review::decide_documents(world, id, &decisions);
        decided.map_err(|error| error.to_string())?;
    }
    match &wanted.status {
        Some(status) => review::decide_wepay(world, id, status).map_err(|e| e.to_string()),
        None => Ok(()),
    }
}
