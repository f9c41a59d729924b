//! Providers and connections.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A provider that can be connected.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ProviderView {
    /// `wepay`, `winter`.
    pub code: String,
    /// As people write it.
    pub name: String,
    /// What a connection needs.
    pub fields: Vec<ConnectionFieldView>,
    /// ISO codes of countries it takes.
    pub countries: Vec<String>,
}

/// One thing a connection needs.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ConnectionFieldView {
    /// Key of the setting or credential, such as `base_url` or `access_token`.
    pub key: String,
    /// Never shown again once saved.
    pub secret: bool,
    /// Must be given.
    pub required: bool,
    /// Value when nothing is given.
    pub default: String,
    /// Codes to choose from; empty for free text.
    pub options: Vec<String>,
    /// Shown only to who asks for more.
    pub advanced: bool,
}

/// A configured provider.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ConnectionView {
    /// Identifier.
    pub id: String,
    /// Provider code.
    pub provider: String,
    /// Provider name.
    pub provider_name: String,
    /// What people here call it.
    pub name: String,
    /// Settings; credentials are not among them.
    pub settings: std::collections::BTreeMap<String, String>,
    /// Keys of credentials that are set.
    pub credentials_set: Vec<String>,
    /// An extra root certificate is trusted.
    pub has_extra_root: bool,
    /// `ok`, `unknown`, `offline`, `credentials`, `intercepted`, `clock`, `server`, `paused`.
    pub state: String,
    /// Since when.
    #[ts(type = "number | null")]
    pub state_since_ms: Option<i64>,
    /// When the provider last answered.
    #[ts(type = "number | null")]
    pub answered_ms: Option<i64>,
    /// Accounts on it.
    #[ts(type = "number")]
    pub accounts: u64,
}

/// Makes or changes a connection.
#[derive(Clone, Debug, PartialEq, Deserialize, TS)]
#[ts(export)]
pub struct ConnectionRequest {
    /// The connection to change; none makes one.
    pub id: Option<String>,
    /// Provider code.
    pub provider: String,
    /// What people here call it; empty takes the provider's name.
    pub name: String,
    /// Settings.
    pub settings: std::collections::BTreeMap<String, String>,
    /// Credentials; a key that is left out keeps its value.
    pub credentials: std::collections::BTreeMap<String, String>,
    /// An extra root certificate, PEM. None keeps, empty removes.
    pub extra_root_pem: Option<String>,
}

/// What a first call to the provider came to.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ConnectionCheckView {
    /// The provider answered and accepts the credentials.
    pub ok: bool,
    /// `ok`, `offline`, `credentials`, `intercepted`, `clock`, `foreign_answer`, `bad_address`,
    /// `server`, `account`.
    pub code: String,
}
