//! `/account/kyc/authorize`: the details count from here on, and the reviewer begins.

use serde_json::{Map, Value};

use super::create::full_ssn_needed;
use super::error::WepayError;
use super::structures;
use super::{Caller, account_for, legal_name, submission, sync_account_state};
use crate::journal::{Effect, JournalEntry, Provider};
use crate::json::integer;
use crate::options::SecondCreate;
use crate::policy::WINDOW_MS;
use crate::review;
use crate::state::{KycDraft, KycState, Submission};
use crate::world::World;

/// Submits a draft within 30 minutes of its making; a repeat answers as the first did.
pub(crate) fn authorize(
    world: &mut World,
    caller: Caller,
    body: &Map<String, Value>,
) -> Result<Value, WepayError> {
    let value = body.get("kyc_id").filter(|value| !value.is_null());
    let value = value.ok_or_else(|| WepayError::missing("kyc_id"))?;
    let unknown = || WepayError::invalid("kyc_id", "there is no such kyc_id, or it has expired");
    let draft = integer(value).and_then(|id| world.draft(id)).ok_or_else(unknown)?.clone();
    account_for(world, caller, draft.account_id)?;
    if draft.authorized_ms.is_some() {
        record(world, &draft, Repeat::OfTheSameId);
        return submission::view(world, draft.account_id);
    }
    if world.now_ms - draft.created_ms > WINDOW_MS {
        return Err(unknown());
    }
    let repeat = check_second(world, &draft)?;
    submit(world, &draft, repeat);
    let account = world.wepay_account(draft.account_id);
    let failed = account.and_then(|a| a.submission.as_ref()).is_some_and(|s| s.needs_full_ssn);
    if failed && world.switches.authorize_answers_3009 {
        return Err(full_ssn_needed());
    }
    submission::view(world, draft.account_id)
}

/// How an authorization relates to earlier ones of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Repeat {
    /// It is the first, or the one with the full SSN that was asked for.
    No,
    /// Its id was authorized before: nothing changes.
    OfTheSameId,
    /// Another id submits the account a second time.
    OfTheSubmission,
}

/// Whether this is a second submission that should not be: a second effect, if it is accepted.
fn check_second(world: &World, draft: &KycDraft) -> Result<Repeat, WepayError> {
    let account = world.wepay_account(draft.account_id).ok_or_else(WepayError::unexpected)?;
    let Some(earlier) = &account.submission else {
        return Ok(Repeat::No);
    };
    if earlier.needs_full_ssn && account.kyc_state != KycState::Verified {
        let same = earlier.details_sha256 == draft.details_sha256;
        return Ok(if same { Repeat::OfTheSubmission } else { Repeat::No });
    }
    match world.switches.second_create {
        SecondCreate::Accepted => Ok(Repeat::OfTheSubmission),
        SecondCreate::Refused | SecondCreate::RefusedWhileDraft => {
            Err(WepayError::new(3006, "KYC has already been provided for this account".to_owned()))
        }
    }
}

fn submit(world: &mut World, draft: &KycDraft, repeat: Repeat) {
    let now_ms = world.now_ms;
    let structure = structure_of(&draft.body);
    let (legal_first, legal_last) = legal_name(structure);
    let valid = draft.body.as_object().map(|body| structures::check(body, &world.switches));
    let last_four = matches!(valid, Some(Ok(valid)) if valid.last_four_individual);
    if let Some(kept) = world.draft_mut(draft.kyc_id) {
        kept.authorized_ms = Some(now_ms);
    }
    if let Some(account) = world.wepay_account_mut(draft.account_id) {
        account.submission = Some(Submission {
            kyc_id: draft.kyc_id,
            body: draft.body.clone(),
            details_sha256: draft.details_sha256.clone(),
            legal_first,
            legal_last,
            authorized_ms: now_ms,
            needs_full_ssn: false,
        });
    }
    record(world, draft, repeat);
    review::wepay_submitted(world, draft.account_id, last_four);
    sync_account_state(world, draft.account_id);
}

/// The one structure of a body that has been checked.
pub(crate) fn structure_of(body: &Value) -> &Value {
    let kinds = ["individual", "business", "organization"];
    kinds.iter().find_map(|kind| body.get(kind).filter(|v| v.is_object())).unwrap_or(&Value::Null)
}

fn record(world: &mut World, draft: &KycDraft, repeat: Repeat) {
    world.record(JournalEntry {
        kyc_id: Some(draft.kyc_id),
        inert: repeat == Repeat::OfTheSameId,
        duplicate: repeat != Repeat::No,
        details_sha256: Some(draft.details_sha256.clone()),
        ..JournalEntry::of(Provider::Wepay, draft.account_id.to_string(), Effect::KycAuthorized)
    });
}
