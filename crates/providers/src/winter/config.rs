//! What a connection to Winter is made of. Its base URL and header names are published nowhere.

use satchel_core::account::Connection;
use satchel_core::provider::{ConnectionField, RequestFault};

use crate::wire::{Headers, add_header, base_url, common_headers, given};

const KEY_HEADER: &str = "X-API-KEY";
const SECRET_HEADER: &str = "X-API-SECRET";
const FULL_LEGAL_NAME: &str = "full_legal_name";
const FULL_NAME: &str = "full_name";
const DOCUMENT: &str = "document";
const CONTENT: &str = "content";
const BOTH: &str = "both";

/// What a connection needs.
pub(super) fn connection_fields() -> Vec<ConnectionField> {
    let field = |key, default| ConnectionField {
        key,
        secret: false,
        required: true,
        default,
        options: Vec::new(),
        advanced: false,
    };
    let switch = |key, default, options| ConnectionField {
        required: false,
        advanced: true,
        options,
        ..field(key, default)
    };
    vec![
        field("base_url", ""),
        ConnectionField { secret: true, ..field("api_key", "") },
        ConnectionField { secret: true, ..field("api_secret", "") },
        switch("key_header", KEY_HEADER, Vec::new()),
        switch("secret_header", SECRET_HEADER, Vec::new()),
        switch("name_field", BOTH, vec![BOTH, FULL_LEGAL_NAME, FULL_NAME]),
        switch("document_field", DOCUMENT, vec![DOCUMENT, CONTENT, BOTH]),
    ]
}

/// The configuration of one connection.
pub(super) struct Config<'a>(pub &'a Connection);

impl Config<'_> {
    /// The URL of a path that begins with a slash.
    pub(super) fn url(&self, path: &str) -> Result<String, RequestFault> {
        Ok(format!("{}{path}", base_url(self.0.setting("base_url"), "base_url")?))
    }

    /// Headers of every call.
    pub(super) fn headers(&self) -> Result<Headers, RequestFault> {
        let key = given(self.0.credential("api_key"), "api_key")?;
        let secret = given(self.0.credential("api_secret"), "api_secret")?;
        let mut headers = common_headers();
        add_header(&mut headers, self.chosen("key_header", KEY_HEADER), &key);
        add_header(&mut headers, self.chosen("secret_header", SECRET_HEADER), &secret);
        Ok(headers)
    }

    /// Keys under which the name goes: the sample says one, the list of fields the other.
    pub(super) fn name_keys(&self) -> Vec<&'static str> {
        match self.chosen("name_field", BOTH) {
            FULL_LEGAL_NAME => vec![FULL_LEGAL_NAME],
            FULL_NAME => vec![FULL_NAME],
            _ => vec![FULL_LEGAL_NAME, FULL_NAME],
        }
    }

    /// Keys under which the picture goes: the sample says one, the list of fields the other.
    pub(super) fn document_keys(&self) -> Vec<&'static str> {
        match self.chosen("document_field", DOCUMENT) {
            CONTENT => vec![CONTENT],
            BOTH => vec![DOCUMENT, CONTENT],
            _ => vec![DOCUMENT],
        }
    }

    fn chosen(&self, key: &str, default: &'static str) -> &str {
        let value = self.0.setting(key).trim();
        if value.is_empty() { default } else { value }
    }
}
