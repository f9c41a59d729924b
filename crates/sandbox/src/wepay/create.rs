//! `/account/kyc/create`: details are checked whole and kept under an inert id.

use serde_json::{Map, Value, json};

use super::error::WepayError;
use super::structures::{self, Valid};
use super::validate::Block;
use super::{Caller, account_for, owner_of_client};
use crate::digest::sha256_of_json;
use crate::journal::{Effect, JournalEntry, Provider};
use crate::json::integer;
use crate::options::SecondCreate;
use crate::policy::WINDOW_MS;
use crate::state::{AccountState, KycDraft, KycState, WepayAccount};
use crate::world::World;

/// Keeps the details of one account; they count once `authorize` names the id.
pub(crate) fn create(
    world: &mut World,
    caller: Caller,
    body: Map<String, Value>,
) -> Result<Value, WepayError> {
    let top = Block::top(&body);
    structures::id_text(&top, "client_id")?;
    let client = body.get("client_id").and_then(owner_of_client);
    if client != Some(caller.owner) {
        return Err(top.invalid("client_id", "it is not this application's"));
    }
    structures::id_text(&top, "account_id")?;
    let account_id = integer(top.require("account_id")?);
    let account_id = account_id.ok_or_else(|| top.invalid("account_id", "it is not an integer"))?;
    let account = account_for(world, caller, account_id)?;
    require_usable(account)?;
    require_first(world, account)?;
    let valid = structures::check(&body, &world.switches)?;
    require_full_ssn(account, valid)?;
    Ok(keep(world, account_id, Value::Object(body)))
}

/// The document says "active"; an account without KYC is `action_required`, so that must do too.
fn require_usable(account: &WepayAccount) -> Result<(), WepayError> {
    match account.state {
        AccountState::ActionRequired | AccountState::Active => Ok(()),
        AccountState::Pending => {
            Err(WepayError::new(3004, "this account has not been confirmed".to_owned()))
        }
        AccountState::Disabled => {
            Err(WepayError::new(3004, "this account can no longer transact".to_owned()))
        }
        AccountState::Deleted => {
            Err(WepayError::new(3003, "this account has been deleted".to_owned()))
        }
    }
}

/// A second submission is allowed only to an individual who must give the full SSN.
fn require_first(world: &World, account: &WepayAccount) -> Result<(), WepayError> {
    let provided =
        || WepayError::new(3006, "KYC has already been provided for this account".to_owned());
    let may_repeat = account.submission.as_ref().is_none_or(may_submit_again(account));
    let draft_lives = world
        .drafts_of(account.id)
        .any(|draft| draft.authorized_ms.is_none() && world.now_ms - draft.created_ms <= WINDOW_MS);
    match world.switches.second_create {
        SecondCreate::Accepted => Ok(()),
        SecondCreate::Refused if may_repeat => Ok(()),
        SecondCreate::RefusedWhileDraft if may_repeat && !draft_lives => Ok(()),
        SecondCreate::Refused | SecondCreate::RefusedWhileDraft => Err(provided()),
    }
}

fn may_submit_again(account: &WepayAccount) -> impl Fn(&crate::state::Submission) -> bool {
    let verified = account.kyc_state == KycState::Verified;
    move |submission| submission.needs_full_ssn && !verified
}

fn require_full_ssn(account: &WepayAccount, valid: Valid) -> Result<(), WepayError> {
    let asked = account.submission.as_ref().is_some_and(|s| s.needs_full_ssn);
    if asked && valid.last_four_individual {
        return Err(full_ssn_needed());
    }
    Ok(())
}

/// 3009: the last four digits were tried and did not suffice.
pub(crate) fn full_ssn_needed() -> WepayError {
    WepayError::new(3009, "the full 9 digit social_security_number is required".to_owned())
}

fn keep(world: &mut World, account_id: i64, body: Value) -> Value {
    let details_sha256 = sha256_of_json(&body);
    let is_repeat = world.drafts_of(account_id).any(|d| d.details_sha256 == details_sha256);
    let kyc_id = world.new_id();
    world.record(JournalEntry {
        kyc_id: Some(kyc_id),
        duplicate: is_repeat,
        details_sha256: Some(details_sha256.clone()),
        details: Some(body.clone()),
        ..JournalEntry::of(Provider::Wepay, account_id.to_string(), Effect::KycCreated)
    });
    let created_ms = world.now_ms;
    world.add_draft(KycDraft {
        kyc_id,
        account_id,
        created_ms,
        body,
        details_sha256,
        authorized_ms: None,
    });
    json!({"kyc_id": kyc_id})
}
