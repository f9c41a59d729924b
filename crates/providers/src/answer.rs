//! What an answer is, before a provider's own meaning: its shape, its status, how long it asks us
//! to wait.

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use satchel_core::delivery::{Ambiguity, Definite, Mutation, NotSentWhy, Outcome, planted};
use satchel_core::http::HttpResponse;
use serde_json::{Map, Value};

/// No answer of either provider comes near this; a longer one is somebody else's.
const BODY_BYTES_MAX: usize = 1 << 20;

/// The longest wait that is taken from an answer, so that a wrong header cannot park an account for
/// days.
const WAIT_MS_MAX: u64 = 60 * 60 * 1000;

/// The longest text of a refusal that is kept.
const TEXT_CHARS_MAX: usize = 500;

/// The body as a JSON object, if it is one.
pub(crate) fn json_object(response: &HttpResponse) -> Option<Map<String, Value>> {
    if response.body.len() > BODY_BYTES_MAX {
        return None;
    }
    match serde_json::from_slice(&response.body) {
        Ok(Value::Object(object)) => Some(object),
        Ok(_) | Err(_) => None,
    }
}

/// Whether the answer is a page for people: a captive portal's, a proxy's.
pub(crate) fn is_html(response: &HttpResponse) -> bool {
    let declared =
        response.header("content-type").is_some_and(|t| t.to_ascii_lowercase().contains("html"));
    let first = response.body.iter().find(|b| !b.is_ascii_whitespace() && b.is_ascii());
    declared || first == Some(&b'<')
}

/// A whole number that came as a number or as its digits. Both providers' documents mix the two.
pub(crate) fn integer(value: Option<&Value>) -> Option<i64> {
    match value? {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A text, or a number as its digits.
pub(crate) fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A provider's words, short enough to keep.
pub(crate) fn kept_text(words: &str) -> String {
    words.chars().take(TEXT_CHARS_MAX).collect()
}

/// How long the answer asks us to wait: seconds, or a date read against the answer's own `Date`.
pub(crate) fn wait_ms(response: &HttpResponse) -> Option<u64> {
    let value = response.header("retry-after")?.trim();
    let wait_ms = match value.parse::<u64>() {
        Ok(seconds) => seconds.saturating_mul(1000),
        Err(_) => {
            let until = http_date(value)?;
            let now = http_date(response.header("date")?)?;
            u64::try_from(until.as_millisecond() - now.as_millisecond()).unwrap_or(0)
        }
    };
    Some(wait_ms.min(WAIT_MS_MAX))
}

fn http_date(text: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

/// An answer that is not the provider's.
pub(crate) fn foreign() -> Outcome {
    Outcome::Ambiguous { why: Ambiguity::Foreign }
}

/// A refusal that will not change by itself.
pub(crate) fn definite(fault: Definite, code: impl ToString, words: &str) -> Outcome {
    Outcome::Definite { fault, code: code.to_string(), text: kept_text(words) }
}

/// What a status means that is not 2xx, where the body does not tell more. `refused` is what
/// another 4xx means; as a page for people it is not the provider's.
pub(crate) fn by_status(response: &HttpResponse, refused: Definite) -> Outcome {
    let status = response.status;
    match status {
        401 | 403 if planted(Mutation::CredentialsAreTheItems) => definite(refused, status, ""),
        413 if planted(Mutation::TooLargeUnexplained) => definite(refused, status, ""),
        500..=599 if planted(Mutation::ServerFaultIsNotDone) => Outcome::NotDone { wait_ms: None },
        401 | 403 => Outcome::Credentials { html: is_html(response), code: status.to_string() },
        407 => Outcome::NotSent { why: NotSentWhy::Proxy },
        408 => Outcome::Ambiguous { why: Ambiguity::ServerFault },
        413 => definite(Definite::TooLarge, status, ""),
        429 => Outcome::NotDone { wait_ms: wait_ms(response) },
        400..=499 if is_html(response) => foreign(),
        400..=499 => definite(refused, status, ""),
        511 => foreign(),
        500..=599 => Outcome::Ambiguous { why: Ambiguity::ServerFault },
        _ => foreign(),
    }
}

#[cfg(test)]
mod tests;
