//! What Winter's answers mean. It documents one error status, 400, without a body.

use satchel_core::delivery::{Definite, Mutation, Outcome, Reading, Receipt, Step, planted};
use satchel_core::http::HttpResponse;
use satchel_core::provider::{Context, ProviderState, ProviderStatus};
use serde_json::{Map, Value};

use super::requests::account_id;
use crate::answer::{by_status, definite, foreign, is_html, json_object, text};

/// What an answer to that step means.
pub(super) fn read(step: &Step, context: &Context<'_>, response: &HttpResponse) -> Outcome {
    match response.status {
        200..=299 => success(step, context, response)
            .map_or_else(foreign, |receipt| Outcome::Done { receipt }),
        400 => definite(refusal(step), 400, &words(response)),
        _ => by_status(response, refusal(step)),
    }
}

/// What a 400 can mean. On a write it has four causes and tells none, so it is never retried.
fn refusal(step: &Step) -> Definite {
    match step {
        Step::Read { .. } if planted(Mutation::NoDocumentsIsNoAccount) => Definite::Account,
        Step::Read { reading: Reading::Documents } => Definite::NoDocumentsOrAccount,
        Step::Read { reading: Reading::Status } => Definite::Account,
        Step::Details
        | Step::Side { .. }
        | Step::Create
        | Step::Authorize { .. }
        | Step::Upload { .. }
        | Step::Attach { .. } => Definite::Unexplained,
    }
}

/// The text of a refusal; no body is documented, so whatever is there and is no page is kept.
fn words(response: &HttpResponse) -> String {
    if is_html(response) {
        return String::new();
    }
    String::from_utf8_lossy(&response.body).trim().to_owned()
}

/// What a success says; `None` when the shape or the account is another's.
fn success(step: &Step, context: &Context<'_>, response: &HttpResponse) -> Option<Receipt> {
    match step {
        Step::Details | Step::Side { .. } => {
            let page = is_html(response) && !planted(Mutation::PageIsDone);
            (!page).then_some(Receipt::Accepted)
        }
        Step::Read { reading } => {
            let body = json_object(response)?;
            if text(body.get("accountId"))?.trim() != account_id(context).ok()? {
                return None;
            }
            match reading {
                Reading::Status => Some(Receipt::Status { status: status(&body)? }),
                Reading::Documents => {
                    Some(Receipt::Documents { count: pictures(&body)?, status: status(&body) })
                }
            }
        }
        Step::Create | Step::Authorize { .. } | Step::Upload { .. } | Step::Attach { .. } => None,
    }
}

fn pictures(body: &Map<String, Value>) -> Option<u32> {
    match body.get("document_urls")? {
        Value::Array(urls) => u32::try_from(urls.len()).ok(),
        Value::Null => Some(0),
        Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) => None,
    }
}

/// One state per account; no document has one of its own.
fn status(body: &Map<String, Value>) -> Option<ProviderStatus> {
    let raw = body.get("account_kyc_status")?.as_str()?.trim().to_owned();
    Some(ProviderStatus { state: state(&raw), raw, documents: Vec::new() })
}

fn state(raw: &str) -> ProviderState {
    match raw {
        "READY_TO_WITHDRAW" => ProviderState::Verified,
        "UNDER_REVIEW" => ProviderState::InReview,
        "CANNOT_WITHDRAW_KYC_REQUIRED" => ProviderState::NotSubmitted,
        "CANNOT_WITHDRAW_KYC_FAILED" => ProviderState::Failed,
        _ => ProviderState::Unknown,
    }
}
