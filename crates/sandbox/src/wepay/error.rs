//! WePay's error body and the HTTP status that goes with each code.

use serde_json::json;

use crate::wire::Reply;

/// An error as WePay reports it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WepayError {
    code: Option<u32>,
    description: String,
}

impl WepayError {
    pub(crate) fn new(code: u32, description: String) -> WepayError {
        WepayError { code: Some(code), description }
    }

    pub(crate) fn missing(name: &str) -> WepayError {
        WepayError::new(1004, format!("{name} parameter is required"))
    }

    pub(crate) fn invalid(name: &str, why: &str) -> WepayError {
        WepayError::new(1003, format!("{name} parameter is invalid: {why}"))
    }

    pub(crate) fn not_json() -> WepayError {
        WepayError::new(1005, "the body is not a valid JSON object".to_owned())
    }

    pub(crate) fn unexpected() -> WepayError {
        WepayError::new(1008, "there was an unexpected error".to_owned())
    }

    /// The documents know only the status of a file that is too large, no code.
    pub(crate) fn too_large() -> WepayError {
        WepayError { code: None, description: "the file is larger than 10 MB".to_owned() }
    }

    pub(crate) fn reply(&self) -> Reply {
        let Some(code) = self.code else {
            let body = json!({"error": "invalid_request", "error_description": self.description});
            return Reply::json(413, &body);
        };
        Reply::json(status(code), &body(code, &self.description))
    }
}

/// The error body of a code.
pub(crate) fn body(code: u32, description: &str) -> serde_json::Value {
    json!({
        "error": category(code),
        "error_description": description,
        "error_code": code,
    })
}

/// The category of a code: `access_denied` for who may not, `invalid_request` for what is wrong.
fn category(code: u32) -> &'static str {
    match code {
        1006 | 1010 | 1011 | 1014 | 3002 | 3004 => "access_denied",
        1007 => "throttle_exceeded",
        1008 => "processing_error",
        _ => "invalid_request",
    }
}

/// The status of a code; all but 1001, 1004 and 3002 are our assumption.
pub(crate) fn status(code: u32) -> u16 {
    match (code, category(code)) {
        (1001, _) => 501,
        (_, "access_denied") => 401,
        (_, "throttle_exceeded") => 429,
        (_, "processing_error") => 500,
        _ => 400,
    }
}
