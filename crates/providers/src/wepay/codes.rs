//! WePay's own error codes. A code outranks the HTTP status: 3002 comes as a 401 and is the
//! account's fault.

use satchel_core::delivery::{Ambiguity, Definite, Mutation, Outcome, Step, planted};
use satchel_core::http::HttpResponse;
use serde_json::{Map, Value};

use crate::answer::{definite, integer, wait_ms};

/// What a body with an `error_code` means; `None` when it has none.
pub(super) fn by_code(
    step: &Step,
    response: &HttpResponse,
    body: &Map<String, Value>,
) -> Option<Outcome> {
    let code = integer(body.get("error_code"))?;
    let words = body.get("error_description").and_then(Value::as_str).unwrap_or("");
    let refused = |fault| definite(fault, code, words);
    if planted(Mutation::StatusOutranksCode) && response.status >= 400 {
        return None;
    }
    Some(match code {
        1008 if planted(Mutation::UnexpectedIsRefusal) => refused(Definite::Unexplained),
        1006 | 1011 => Outcome::Credentials { html: false, code: code.to_string() },
        1007 => Outcome::NotDone { wait_ms: wait_ms(response) },
        1008 => Outcome::Ambiguous { why: Ambiguity::Unexpected },
        1001 | 1002 | 1005 | 1010 | 1014 | 1015 | 1016 => refused(Definite::Configuration),
        1003 if matches!(step, Step::Authorize { .. }) => refused(Definite::DraftGone),
        1003 | 1004 | 1009 | 3008 | 3012 => refused(Definite::Invalid),
        3001..=3004 => refused(Definite::Account),
        3006 => refused(Definite::AlreadySubmitted),
        3007 => refused(Definite::DraftGone),
        3009 => refused(Definite::FullNumberNeeded),
        3010 => refused(Definite::PhotosNotAskedFor),
        3011 => refused(Definite::FilesGone),
        _ => new_code(response.status, refused),
    })
}

/// A code that is new to us says no more than its status: only a 4xx is sure to have changed
/// nothing.
fn new_code(status: u16, refused: impl Fn(Definite) -> Outcome) -> Outcome {
    match status {
        401 | 403 => refused(Definite::Configuration),
        400..=499 => refused(Definite::Unexplained),
        _ => Outcome::Ambiguous { why: Ambiguity::Unexpected },
    }
}
