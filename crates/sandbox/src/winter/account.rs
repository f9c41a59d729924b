//! `/v1/account/<accountId>`: making, reading and editing an account.

use serde_json::{Value, json};

use super::{WinterError, account_for, check_body_account};
use crate::clock::winter_datetime;
use crate::json::Members;
use crate::script::Script;
use crate::seed;
use crate::state::{WinterAccount, WinterStatus};
use crate::wire::Call;
use crate::world::World;

/// The account and, in it, the status of its KYC.
pub(crate) fn read(world: &World, id: &str) -> Result<Value, WinterError> {
    let account = account_for(world, id)?;
    let trade_status = match account.status {
        WinterStatus::UnderReview => "UNDER_REVIEW",
        WinterStatus::Ready | WinterStatus::Required | WinterStatus::Failed => "LIVE",
    };
    Ok(json!({
        "accountId": account.id,
        "email": account.email,
        "full_name": account.full_name,
        "full_address": account.full_address,
        "create_datetime": winter_datetime(account.created_ms),
        "currency": "USD",
        "account_trade_status": trade_status,
        "account_blocked": false,
        "account_cash_funds": 0.0,
        "account_portfolio_value": 0.0,
        "account_kyc_status": account.status.word(),
    }))
}

/// Makes an account under the caller's own id.
pub(crate) fn create(world: &mut World, id: &str, call: &Call) -> Result<Value, WinterError> {
    if id.is_empty() {
        return Err(WinterError::bad("accountId is required"));
    }
    if world.winter_account(id).is_some() {
        return Err(WinterError::with_status(409, "the account exists already"));
    }
    let members = members_of(call)?;
    check_body_account(id, members.last("accountId"))?;
    let required = |field: &str| {
        text(&members, field).ok_or_else(|| WinterError::bad(&format!("{field} is required")))
    };
    let account = WinterAccount {
        email: required("email")?,
        full_address: required("full_address")?,
        ..seed::winter_account(world, id, &required("full_name")?, Script::default())
    };
    world.add_winter_account(account);
    Ok(json!({"accountId": id}))
}

/// Replaces what the body names of an account's e-mail, name and address.
pub(crate) fn edit(world: &mut World, id: &str, call: &Call) -> Result<Value, WinterError> {
    account_for(world, id)?;
    let members = members_of(call)?;
    if let Some(account) = world.winter_account_mut(id) {
        let replace = |field: &str, kept: &mut String| {
            if let Some(text) = text(&members, field) {
                *kept = text;
            }
        };
        replace("email", &mut account.email);
        replace("full_name", &mut account.full_name);
        replace("full_address", &mut account.full_address);
    }
    Ok(json!({"accountId": id}))
}

fn members_of(call: &Call) -> Result<Members, WinterError> {
    let members = Members::parse(&call.body).filter(|_| !call.body_too_long);
    members.ok_or_else(|| WinterError::bad("the body is not a JSON object"))
}

fn text(members: &Members, field: &str) -> Option<String> {
    let text = members.last(field).and_then(Value::as_str);
    text.filter(|text| !text.trim().is_empty()).map(str::to_owned)
}
