//! An account's KYC as WePay shows it, and what follows from its state.

use serde_json::{Map, Value, json};

use super::error::WepayError;
use super::{Caller, account_for};
use crate::json::integer;
use crate::policy::NAME_CHARS_MAX;
use crate::state::{AccountState, KycState, StoredFile};
use crate::world::World;

/// `/account/kyc`.
pub(crate) fn look_up(
    world: &World,
    caller: Caller,
    body: &Map<String, Value>,
) -> Result<Value, WepayError> {
    let id = account_id(body)?;
    account_for(world, caller, id)?;
    view(world, id)
}

/// The `account_id` of a body, as a number or as digits.
pub(crate) fn account_id(body: &Map<String, Value>) -> Result<i64, WepayError> {
    let value = body.get("account_id").filter(|value| !value.is_null());
    let value = value.ok_or_else(|| WepayError::missing("account_id"))?;
    integer(value).ok_or_else(|| WepayError::invalid("account_id", "it is not an integer"))
}

/// The answer of `/account/kyc`, `authorize` and `modify`.
pub(crate) fn view(world: &World, account_id: i64) -> Result<Value, WepayError> {
    let account = world.wepay_account(account_id).ok_or_else(WepayError::unexpected)?;
    let legal_name = account
        .submission
        .as_ref()
        .map(|submission| json!({"first": submission.legal_first, "last": submission.legal_last}));
    let documents: Vec<Value> = world.files_of(account_id).filter_map(document_view).collect();
    Ok(json!({
        "account_id": account.id,
        "state": account.kyc_state.word(),
        "supporting_documents": documents,
        "legal_name": legal_name,
    }))
}

/// Files that no `modify` has named are not part of the submission.
fn document_view(file: &StoredFile) -> Option<Value> {
    let (_, state) = file.attached?;
    Some(json!({
        "file_id": file.file_id,
        "type": file.document_type,
        "state": state.word(),
        "reject_reason": state.reason().map(|reason| reason.word()),
        "create_time": file.uploaded_ms,
    }))
}

/// The legal name as WePay keeps it: first and middle joined, each part cut to 35 characters.
pub(crate) fn legal_name(structure: &Value) -> (String, String) {
    let name = structure.pointer("/account_owner/name");
    let part = |field: &str| name.and_then(|n| n.get(field)?.as_str()).unwrap_or_default().trim();
    let cut = |text: &str| text.chars().take(NAME_CHARS_MAX).collect::<String>();
    let joined = format!("{} {}", part("first"), part("middle"));
    (cut(joined.trim()), cut(part("last")))
}

/// An account waits for its owner while KYC does, and is active otherwise.
pub(crate) fn sync_account_state(world: &mut World, account_id: i64) {
    let Some(account) = world.wepay_account_mut(account_id) else {
        return;
    };
    if !matches!(account.state, AccountState::ActionRequired | AccountState::Active) {
        return;
    }
    account.state = match account.kyc_state {
        KycState::Unsubmitted | KycState::RequireDocs => AccountState::ActionRequired,
        KycState::Unverified | KycState::InReview | KycState::Verified => AccountState::Active,
    };
}
