//! The reviewer: scripted by test words, or a person on the review page.

mod detail;
mod html;
mod page;
mod routes;

pub(crate) use routes::answer;

use serde_json::Value;

use crate::journal::{Effect, JournalEntry, Provider};
use crate::script::{Plan, RejectReason, Script};
use crate::state::{DocumentState, KycState, NextReview, WinterAccount, WinterStatus};
use crate::wepay;
use crate::world::World;

/// Why a decision cannot be carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DecideError {
    #[error("there is no such account")]
    NoAccount,
    #[error("the account has no such document under review or decided")]
    NoDocument,
    #[error("the account has not been submitted")]
    NotSubmitted,
    #[error("there is no such status")]
    NoStatus,
}

/// Begins the review of details that were just authorized.
pub(crate) fn wepay_submitted(world: &mut World, id: i64, last_four: bool) {
    let Some(script) = wepay_script(world, id) else {
        return;
    };
    let (state, next) = match script.plan {
        Plan::Human => (KycState::InReview, None),
        Plan::Verified => (KycState::Verified, None),
        Plan::Unverified => (KycState::Unverified, Some(NextReview::Verify)),
        Plan::Review => (KycState::InReview, Some(NextReview::Verify)),
        Plan::Documents => (KycState::RequireDocs, None),
        Plan::FullSsn if last_four => (KycState::RequireDocs, None),
        Plan::FullSsn => (KycState::Verified, None),
        Plan::Recheck => (KycState::Verified, Some(NextReview::AskForDocuments)),
    };
    if let Some(account) = world.wepay_account_mut(id) {
        account.review = None;
        if let Some(submission) = &mut account.submission {
            submission.needs_full_ssn = last_four && state != KycState::Verified;
        }
    }
    set_kyc_state(world, id, state);
    if let Some(next) = next {
        world.schedule_wepay_review(id, next);
    }
}

/// Begins the review of a set of files.
pub(crate) fn wepay_documents_received(world: &mut World, id: i64) {
    if let Some(account) = world.wepay_account_mut(id) {
        account.kyc_state = KycState::InReview;
        account.review = None;
    }
    if wepay_script(world, id).is_some_and(|script| script.plan != Plan::Human) {
        world.schedule_wepay_review(id, NextReview::DecideDocuments);
    }
}

/// Carries out what the reviewer had planned for this moment, unless the plan has changed.
pub(crate) fn wepay_due(world: &mut World, id: i64, due_ms: i64) {
    let planned = world.wepay_account(id).and_then(|account| account.review);
    let Some((_, next)) = planned.filter(|(at_ms, _)| *at_ms == due_ms) else {
        return;
    };
    if let Some(account) = world.wepay_account_mut(id) {
        account.review = None;
    }
    match next {
        NextReview::Verify => set_kyc_state(world, id, KycState::Verified),
        NextReview::AskForDocuments => set_kyc_state(world, id, KycState::RequireDocs),
        NextReview::DecideDocuments => decide_by_script(world, id),
    }
    wepay::sync_account_state(world, id);
}

/// The owner's last name may name a plan, and the middle name a reason; else the account's own.
fn wepay_script(world: &World, id: i64) -> Option<Script> {
    let account = world.wepay_account(id)?;
    let body = account.submission.as_ref().map(|submission| &submission.body);
    let kinds = ["individual", "business", "organization"];
    let structure = body.and_then(|body| kinds.iter().find_map(|kind| body.get(kind)));
    let name = structure.and_then(|structure| structure.pointer("/account_owner/name"));
    let part = |field| name.and_then(|n| n.get(field)).and_then(Value::as_str).unwrap_or_default();
    let named = Script::parse(part("last"))
        .and_then(|_| Script::parse(&format!("{} {}", part("last"), part("middle"))));
    Some(named.unwrap_or(account.script))
}

/// Rejects the first set for the script's reason: its first type of document, or all of it.
fn decide_by_script(world: &mut World, id: i64) {
    let script = wepay_script(world, id).unwrap_or_default();
    let first_set = world.wepay_account(id).is_some_and(|account| account.sets_rejected == 0);
    let reason = script.reason.filter(|_| first_set || script.always);
    let open: Vec<(i64, String)> = world
        .files_of(id)
        .filter(|file| matches!(file.attached, Some((_, DocumentState::InReview))))
        .map(|file| (file.file_id, file.document_type.clone()))
        .collect();
    let first_type = open.first().map(|(_, document_type)| document_type.clone());
    for (file_id, document_type) in open {
        let hit = script.all || Some(&document_type) == first_type.as_ref();
        let state = match reason.filter(|_| hit) {
            Some(reason) => DocumentState::Rejected(reason),
            None => DocumentState::Verified,
        };
        decide_document(world, id, file_id, state);
    }
    conclude(world, id);
}

/// Decides documents as a person would; the account follows when its last set is decided.
pub(crate) fn decide_documents(
    world: &mut World,
    id: i64,
    decisions: &[(i64, DocumentState)],
) -> Result<(), DecideError> {
    world.wepay_account(id).ok_or(DecideError::NoAccount)?;
    let known = |file_id: i64| {
        let file = world.file(file_id).filter(|file| file.account_id == id);
        file.is_some_and(|file| file.attached.is_some())
    };
    if !decisions.iter().all(|(file_id, _)| known(*file_id)) {
        return Err(DecideError::NoDocument);
    }
    for (file_id, state) in decisions {
        decide_document(world, id, *file_id, *state);
    }
    if let Some(account) = world.wepay_account_mut(id) {
        account.review = None;
    }
    conclude(world, id);
    wepay::sync_account_state(world, id);
    Ok(())
}

/// Sets the state of an account's KYC as a person would.
pub(crate) fn decide_wepay(world: &mut World, id: i64, status: &str) -> Result<(), DecideError> {
    let account = world.wepay_account(id).ok_or(DecideError::NoAccount)?;
    if account.submission.is_none() {
        return Err(DecideError::NotSubmitted);
    }
    const STATES: [KycState; 4] =
        [KycState::Unverified, KycState::RequireDocs, KycState::InReview, KycState::Verified];
    let state = STATES.into_iter().find(|state| state.word() == status);
    let state = state.ok_or(DecideError::NoStatus)?;
    if let Some(account) = world.wepay_account_mut(id) {
        account.review = None;
    }
    set_kyc_state(world, id, state);
    wepay::sync_account_state(world, id);
    Ok(())
}

fn decide_document(world: &mut World, id: i64, file_id: i64, state: DocumentState) {
    let Some(file) = world.file_mut(file_id) else {
        return;
    };
    let Some((set, _)) = file.attached else {
        return;
    };
    file.attached = Some((set, state));
    let entry = JournalEntry {
        file_ids: vec![file_id],
        document_type: Some(file.document_type.clone()),
        photo_sha256: vec![file.sha256.clone()],
        state: Some(state.word().to_owned()),
        reject_reason: state.reason().map(|reason| reason.word().to_owned()),
        ..JournalEntry::of(Provider::Wepay, id.to_string(), Effect::Verdict)
    };
    world.record(entry);
}

/// The last set decides the account once nothing in it is open: an older rejection stays history.
fn conclude(world: &mut World, id: i64) {
    let set = world.wepay_account(id).map_or(0, |account| account.sets_received);
    let attached = world.files_of(id).filter_map(|file| file.attached);
    let last: Vec<DocumentState> =
        attached.filter(|(of, _)| *of == set).map(|(_, state)| state).collect();
    if last.contains(&DocumentState::InReview) {
        return;
    }
    if last.iter().all(|state| *state == DocumentState::Verified) {
        return set_kyc_state(world, id, KycState::Verified);
    }
    if let Some(account) = world.wepay_account_mut(id) {
        account.sets_rejected += 1;
    }
    set_kyc_state(world, id, KycState::RequireDocs);
}

fn set_kyc_state(world: &mut World, id: i64, state: KycState) {
    let Some(account) = world.wepay_account_mut(id) else {
        return;
    };
    account.kyc_state = state;
    world.record(JournalEntry {
        state: Some(state.word().to_owned()),
        ..JournalEntry::of(Provider::Wepay, id.to_string(), Effect::Verdict)
    });
}

/// Follows a write at Winter: under review once details and documents are both there, and a
/// failed account only once a full new set is.
pub(crate) fn winter_written(world: &mut World, id: &str) {
    let Some(account) = world.winter_account_mut(id) else {
        return;
    };
    account.review_at_ms = None;
    let plan = winter_script(account).plan;
    let complete = has_full_set(account);
    let both = account.info.is_some() && !account.sides.is_empty();
    let reopened = account.status != WinterStatus::Failed || complete;
    if !both || !reopened {
        return;
    }
    if account.status != WinterStatus::UnderReview {
        set_winter_status(world, id, WinterStatus::UnderReview);
    }
    if !complete || plan == Plan::Human {
        return;
    }
    if plan == Plan::Verified {
        return set_winter_status(world, id, WinterStatus::Ready);
    }
    world.schedule_winter_review(id);
}

/// Carries out the scripted decision, unless a later write has put it off.
pub(crate) fn winter_due(world: &mut World, id: &str, due_ms: i64) {
    let Some(account) = world.winter_account(id).filter(|a| a.review_at_ms == Some(due_ms)) else {
        return;
    };
    let script = winter_script(account);
    let fails = script.plan == Plan::Documents && (account.sets_failed == 0 || script.always);
    let status = if fails { WinterStatus::Failed } else { WinterStatus::Ready };
    set_winter_status(world, id, status);
}

/// Sets Winter's status as a person would.
pub(crate) fn decide_winter(world: &mut World, id: &str, status: &str) -> Result<(), DecideError> {
    world.winter_account(id).ok_or(DecideError::NoAccount)?;
    const STATUSES: [WinterStatus; 4] = [
        WinterStatus::Ready,
        WinterStatus::Required,
        WinterStatus::Failed,
        WinterStatus::UnderReview,
    ];
    let status = STATUSES.into_iter().find(|known| known.word() == status);
    set_winter_status(world, id, status.ok_or(DecideError::NoStatus)?);
    Ok(())
}

/// The words of the submitted name may name a plan; else the account's own.
fn winter_script(account: &WinterAccount) -> Script {
    let named = account.info.as_ref().and_then(|info| Script::parse(&info.full_name));
    named.unwrap_or(account.script)
}

/// Both sides of a licence, or a passport's page, written since the last failure.
fn has_full_set(account: &WinterAccount) -> bool {
    let Some(last) = account.sides.last() else {
        return false;
    };
    let fresh = |side: Option<&str>| {
        account.sides.iter().any(|kept| {
            let same_set = kept.set == account.sets_failed;
            same_set
                && kept.document_type == last.document_type
                && kept.document_side.as_deref() == side
        })
    };
    fresh(None) || (fresh(Some("FRONT")) && fresh(Some("BACK")))
}

fn set_winter_status(world: &mut World, id: &str, status: WinterStatus) {
    let Some(account) = world.winter_account_mut(id) else {
        return;
    };
    account.status = status;
    account.review_at_ms = None;
    if status == WinterStatus::Failed {
        account.sets_failed += 1;
    }
    world.record(JournalEntry {
        state: Some(status.word().to_owned()),
        ..JournalEntry::of(Provider::Winter, id.to_owned(), Effect::Verdict)
    });
}

/// Reads a document's decision: its state, and a reason exactly when it is rejected.
pub(crate) fn read_decision(state: &str, reason: Option<&str>) -> Option<DocumentState> {
    match (state, reason) {
        ("verified", None) => Some(DocumentState::Verified),
        ("in_review", None) => Some(DocumentState::InReview),
        ("rejected", Some(word)) => {
            let reason = RejectReason::ALL.into_iter().find(|reason| reason.word() == word)?;
            Some(DocumentState::Rejected(reason))
        }
        _ => None,
    }
}
