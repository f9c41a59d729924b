//! What WePay's answers mean.

use satchel_core::delivery::{Definite, Mutation, Outcome, Receipt, Step, planted};
use satchel_core::http::HttpResponse;
use satchel_core::onboarding::DocumentType;
use satchel_core::provider::{
    Context, DocumentState, ProviderDocument, ProviderState, ProviderStatus, RejectReason,
};
use serde_json::{Map, Value};

use super::codes::by_code;
use super::requests::account_id;
use crate::answer::{by_status, foreign, integer, json_object, text};

/// Greater values of `create_time` are milliseconds, others seconds: the document's samples show
/// the one, a transcript of the reference says the other.
const SECONDS_MAX: i64 = 100_000_000_000;

/// What an answer to that step means: the error code first, then the status, then the body's shape.
pub(super) fn read(step: &Step, context: &Context<'_>, response: &HttpResponse) -> Outcome {
    let body = json_object(response);
    if let Some(outcome) = body.as_ref().and_then(|body| by_code(step, response, body)) {
        return outcome;
    }
    match (response.status, body) {
        (200..=299, Some(body)) => {
            receipt(step, context, &body).map_or_else(foreign, |receipt| Outcome::Done { receipt })
        }
        (200..=299, None) => foreign(),
        (_, Some(_)) => by_status(response, Definite::Unexplained),
        (_, None) => without_body(response),
    }
}

/// WePay answers everything in JSON, so another 4xx without JSON is somebody else's.
fn without_body(response: &HttpResponse) -> Outcome {
    match by_status(response, Definite::Unexplained) {
        Outcome::Definite { fault: Definite::Unexplained, .. } => foreign(),
        outcome => outcome,
    }
}

/// What a success says; `None` when the shape or the account is another's.
fn receipt(step: &Step, context: &Context<'_>, body: &Map<String, Value>) -> Option<Receipt> {
    match step {
        Step::Create => Some(Receipt::Draft { reference: reference(body, "kyc_id")? }),
        Step::Upload { .. } => Some(Receipt::File { reference: reference(body, "file_id")? }),
        Step::Read { .. } | Step::Authorize { .. } | Step::Attach { .. } => {
            let ours = account_id(context).ok()?;
            let anyones = planted(Mutation::OtherAccountIsOurs);
            if integer(body.get("account_id"))? != ours && !anyones {
                return None;
            }
            Some(Receipt::Status { status: status(body)? })
        }
        Step::Details | Step::Side { .. } => None,
    }
}

fn reference(body: &Map<String, Value>, key: &str) -> Option<String> {
    integer(body.get(key)).filter(|id| *id > 0).map(|id| id.to_string())
}

/// The state is `state` in the document and `kyc_state` in the change log.
fn status(body: &Map<String, Value>) -> Option<ProviderStatus> {
    let raw = body.get("kyc_state").or_else(|| body.get("state"))?.as_str()?.to_owned();
    let mut documents: Vec<ProviderDocument> = match body.get("supporting_documents") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(items)) => items.iter().map(document).collect(),
        Some(_) => return None,
    };
    documents.sort_by_key(|document| document.received_ms);
    Some(ProviderStatus { state: state(&raw), raw, documents })
}

fn state(raw: &str) -> ProviderState {
    match raw {
        "unsubmitted" => ProviderState::NotSubmitted,
        "unverified" => ProviderState::Received,
        "in_review" => ProviderState::InReview,
        "require_docs" => ProviderState::NeedsDocuments,
        "verified" => ProviderState::Verified,
        _ if planted(Mutation::NewWordIsVerdict) => ProviderState::Verified,
        _ => ProviderState::Unknown,
    }
}

/// Every field is optional (the structure is named and never defined) and unknown words are kept.
fn document(item: &Value) -> ProviderDocument {
    let word = |key: &str| item.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
    ProviderDocument {
        reference: text(item.get("file_id")).unwrap_or_default(),
        kind: DocumentType::new(word("type")),
        state: document_state(word("state")),
        reason: item.get("reject_reason").and_then(Value::as_str).map(reject_reason),
        received_ms: integer(item.get("create_time")).map(milliseconds),
    }
}

fn document_state(word: String) -> DocumentState {
    match word.as_str() {
        "in_review" => DocumentState::InReview,
        "verified" => DocumentState::Verified,
        "rejected" => DocumentState::Rejected,
        _ => DocumentState::Unknown(word),
    }
}

fn reject_reason(word: &str) -> RejectReason {
    match word {
        "illegible" => RejectReason::Illegible,
        "corrupt_file" => RejectReason::CorruptFile,
        "info_mismatch" => RejectReason::InfoMismatch,
        "doc_unsupported" => RejectReason::DocUnsupported,
        "incomplete" => RejectReason::Incomplete,
        _ => RejectReason::Unknown(word.to_owned()),
    }
}

fn milliseconds(time: i64) -> i64 {
    if time > SECONDS_MAX { time } else { time.saturating_mul(1000) }
}
