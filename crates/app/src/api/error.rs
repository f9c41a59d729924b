//! Errors as the window sees them: a code, where, and what may be shown under Details.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Why a command was refused. The window has words for every code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[ts(export)]
#[error("{code}")]
pub struct ApiError {
    /// Stable code, such as `wrong_passphrase`.
    pub code: String,
    /// The field it is about, where it is about one.
    pub path: Option<String>,
    /// A value the words need; never personal data.
    pub detail: Option<String>,
}

impl ApiError {
    /// An error with a code alone.
    pub fn new(code: impl Into<String>) -> Self {
        Self { code: code.into(), path: None, detail: None }
    }

    /// The same error about a field.
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// The same error with a value for its words.
    pub fn with(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }
}
