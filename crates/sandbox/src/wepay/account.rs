//! `/account`: the account beside its KYC.

use serde_json::{Map, Value, json};

use super::error::WepayError;
use super::{Caller, account_for, submission};
use crate::state::{AccountState, Kind, KycState, WepayAccount};
use crate::world::World;

/// The account's state and what it waits for.
pub(crate) fn account(
    world: &World,
    caller: Caller,
    body: &Map<String, Value>,
) -> Result<Value, WepayError> {
    let id = submission::account_id(body)?;
    Ok(view(account_for(world, caller, id)?))
}

fn view(account: &WepayAccount) -> Value {
    let currency = match account.country.as_str() {
        "CA" => "CAD",
        "GB" => "GBP",
        _ => "USD",
    };
    let paused = account.state == AccountState::Disabled;
    let payments = if paused { "paused" } else { "ok" };
    json!({
        "account_id": account.id,
        "name": account.name,
        "state": account.state,
        "description": account.description,
        "owner_user_id": account.id + 1,
        "reference_id": null,
        "callback_uri": null,
        "type": match account.kind {
            Kind::Individual => "personal",
            Kind::Business => "business",
            Kind::Organization => "nonprofit",
        },
        "create_time": account.created_ms / 1000,
        "balances": [{
            "currency": currency,
            "balance": 0,
            "incoming_pending_amount": 0,
            "outgoing_pending_amount": 0,
            "reserved_amount": 0,
            "disputed_amount": 0,
            "withdrawal_period": "daily",
            "withdrawal_next_time": null,
            "withdrawal_bank_name": null,
        }],
        "statuses": [{
            "currency": currency,
            "incoming_payments_status": payments,
            "outgoing_payments_status": payments,
            "account_review_status": review_status(account.kyc_state),
        }],
        "action_reasons": action_reasons(account),
        "disabled_reasons": if paused { json!(["tos_violation"]) } else { json!([]) },
        "disablement_time": null,
        "country": account.country,
        "currencies": [currency],
    })
}

fn review_status(state: KycState) -> &'static str {
    match state {
        KycState::Unsubmitted => "not_requested",
        KycState::Unverified | KycState::RequireDocs | KycState::InReview => "pending",
        KycState::Verified => "review_ok",
    }
}

fn action_reasons(account: &WepayAccount) -> Vec<&'static str> {
    if account.state != AccountState::ActionRequired {
        return Vec::new();
    }
    match account.kyc_state {
        KycState::Unsubmitted => vec!["kyc"],
        KycState::RequireDocs => vec!["document"],
        KycState::Unverified | KycState::InReview | KycState::Verified => Vec::new(),
    }
}
