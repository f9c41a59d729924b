//! WePay v2, version 2017-02-01: the six calls that KYC needs.

mod account;
mod authorize;
mod create;
mod error;
mod files;
mod leaves;
mod modify;
mod structures;
mod submission;
mod validate;

use hyper::Method;
use serde_json::Value;

pub(crate) use files::expire_file;
pub(crate) use submission::{legal_name, sync_account_state};

use self::error::WepayError;
use crate::json::Members;
use crate::policy::{API_VERSION, OTHER_API_VERSIONS};
use crate::seed::{CLIENT_ID, FOREIGN_CLIENT_ID};
use crate::state::{AccountState, Owner, WepayAccount};
use crate::wire::{Call, Reply};
use crate::world::World;

/// The body of an error that a fault makes up.
pub(crate) fn error_body(code: u32) -> Value {
    error::body(code, "this answer was made by a fault rule")
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Route {
    LookUp,
    Create,
    Authorize,
    Modify,
    Upload,
    Account,
}

/// Who calls: the owner of a token, or an application that gave its client id alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Caller {
    owner: Owner,
    with_token: bool,
}

/// Answers one call; errors are JSON as well, for the SDKs parse every body.
pub(crate) fn answer(world: &mut World, call: &Call) -> Reply {
    let reply = match handle(world, call) {
        Ok(value) => Reply::json(200, &value),
        Err(error) => error.reply(),
    };
    let reply = reply.with("vary", "Authorization").with("x-content-type-options", "nosniff");
    Reply { chunked: true, ..reply }
}

fn handle(world: &mut World, call: &Call) -> Result<Value, WepayError> {
    let route = route_of(call).ok_or_else(|| {
        WepayError::new(1001, "that is not a recognized WePay API call".to_owned())
    })?;
    throttle(world)?;
    require_headers(world, call, route)?;
    check_version(call)?;
    if route == Route::Upload {
        let caller = authenticate(world, call, None)?;
        return files::upload(world, caller, call);
    }
    let members = Members::parse(&call.body).filter(|_| !call.body_too_long);
    let members = members.ok_or_else(WepayError::not_json)?;
    let client_id = if route == Route::Create { members.last("client_id").cloned() } else { None };
    let caller = authenticate(world, call, client_id.as_ref())?;
    let body = members.into_map();
    match route {
        Route::LookUp => submission::look_up(world, caller, &body),
        Route::Create => create::create(world, caller, body),
        Route::Authorize => authorize::authorize(world, caller, &body),
        Route::Modify => modify::modify(world, caller, &body),
        Route::Account => account::account(world, caller, &body),
        Route::Upload => Err(WepayError::not_json()),
    }
}

fn route_of(call: &Call) -> Option<Route> {
    if call.method != Method::POST {
        return None;
    }
    match call.path.as_str() {
        "/v2/account/kyc" => Some(Route::LookUp),
        "/v2/account/kyc/create" => Some(Route::Create),
        "/v2/account/kyc/authorize" => Some(Route::Authorize),
        "/v2/account/kyc/modify" => Some(Route::Modify),
        "/v2/file/upload" => Some(Route::Upload),
        "/v2/account" => Some(Route::Account),
        _ => None,
    }
}

/// The limit is the application's, whoever calls; a refused call does not count.
fn throttle(world: &mut World) -> Result<(), WepayError> {
    let calls_max = world.switches.throttle_calls as usize;
    let oldest_ms = world.now_ms - i64::from(world.switches.throttle_window_ms);
    while world.throttled.front().is_some_and(|at_ms| *at_ms <= oldest_ms) {
        world.throttled.pop_front();
    }
    if calls_max > 0 && world.throttled.len() >= calls_max {
        return Err(WepayError::new(1007, "too many requests, try again later".to_owned()));
    }
    world.throttled.push_back(world.now_ms);
    Ok(())
}

fn require_headers(world: &World, call: &Call, route: Route) -> Result<(), WepayError> {
    let missing = |name: &str| WepayError::new(1002, format!("{name} header is required"));
    let given = |name: &str| call.header(name).is_some_and(|value| !value.trim().is_empty());
    if !given("user-agent") {
        return Err(missing("User-Agent"));
    }
    let kind = call.header("content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_form = route == Route::Upload && kind == "multipart/form-data";
    if kind != "application/json" && !is_form {
        return Err(missing("Content-Type: application/json"));
    }
    if route != Route::Create && !given("authorization") {
        return Err(missing("Authorization"));
    }
    if route == Route::Create && world.switches.require_risk_headers {
        if !given("client-ip") {
            return Err(missing("Client-IP"));
        }
        if !given("wepay-risk-token") {
            return Err(missing("WePay-Risk-Token"));
        }
    }
    Ok(())
}

fn check_version(call: &Call) -> Result<(), WepayError> {
    let Some(version) = call.headers.get("api-version") else {
        return Ok(());
    };
    let version = version.to_str().unwrap_or_default();
    if version == API_VERSION {
        return Ok(());
    }
    if OTHER_API_VERSIONS.contains(&version) {
        let text = "that Api-Version is not valid for this application";
        return Err(WepayError::new(1016, text.to_owned()));
    }
    Err(WepayError::new(1015, "the Api-Version is invalid or has expired".to_owned()))
}

/// A token decides; without one, `create` may name a known client id.
fn authenticate(
    world: &World,
    call: &Call,
    client_id: Option<&Value>,
) -> Result<Caller, WepayError> {
    let unknown = || WepayError::new(1006, "the caller cannot be authenticated".to_owned());
    let Some(header) = call.header("authorization").filter(|value| !value.trim().is_empty()) else {
        let client_id = client_id.ok_or_else(|| WepayError::missing("client_id"))?;
        let owner = owner_of_client(client_id).ok_or_else(unknown)?;
        return Ok(Caller { owner, with_token: false });
    };
    let (scheme, token) = header.split_once(' ').ok_or_else(unknown)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(unknown());
    }
    let token = world.meta.tokens.get(token.trim()).ok_or_else(unknown)?;
    if token.revoked {
        return Err(WepayError::new(1011, "this access_token has been revoked".to_owned()));
    }
    Ok(Caller { owner: token.owner, with_token: true })
}

fn owner_of_client(client_id: &Value) -> Option<Owner> {
    let text = client_id.as_str().map_or_else(|| client_id.to_string(), str::to_owned);
    match text.as_str() {
        CLIENT_ID => Some(Owner::Ours),
        FOREIGN_CLIENT_ID => Some(Owner::Foreign),
        _ => None,
    }
}

/// The account of an id, if the caller may see it.
fn account_for(world: &World, caller: Caller, id: i64) -> Result<&WepayAccount, WepayError> {
    let account = world
        .wepay_account(id)
        .ok_or_else(|| WepayError::new(3001, "that account does not exist".to_owned()))?;
    if account.owner != caller.owner {
        let text = "applications can only modify accounts they have created";
        return Err(WepayError::new(3002, text.to_owned()));
    }
    if account.state == AccountState::Deleted {
        return Err(WepayError::new(3003, "this account has been deleted".to_owned()));
    }
    Ok(account)
}
