//! What a connection to WePay is made of.

use satchel_core::account::{Account, Connection};
use satchel_core::provider::{ConnectionField, RequestFault};
use satchel_core::secret::Secret;

use crate::wire::{Headers, add_header, base_url, common_headers, given};

const BASE_URL: &str = "https://wepayapi.com/v2";
const API_VERSION: &str = "2017-02-01";

/// What a connection needs.
pub(super) fn connection_fields() -> Vec<ConnectionField> {
    let field = |key, default| ConnectionField {
        key,
        secret: false,
        required: false,
        default,
        options: Vec::new(),
        advanced: true,
    };
    vec![
        ConnectionField { required: true, advanced: false, ..field("base_url", BASE_URL) },
        ConnectionField { required: true, advanced: false, ..field("client_id", "") },
        ConnectionField { secret: true, advanced: false, ..field("access_token", "") },
        field("api_version", API_VERSION),
        ConnectionField { options: vec!["no", "yes"], ..field("create_without_token", "no") },
        field("authorize_url", ""),
        field("risk_token", ""),
        field("client_ip", ""),
    ]
}

/// The connection and account of one request.
pub(super) struct Config<'a> {
    connection: &'a Connection,
    account: &'a Account,
}

impl<'a> Config<'a> {
    /// The configuration of one request.
    pub(super) fn of(connection: &'a Connection, account: &'a Account) -> Self {
        Self { connection, account }
    }

    /// The application's number at WePay, as it was given.
    pub(super) fn client_id(&self) -> Result<String, RequestFault> {
        given(self.connection.setting("client_id"), "client_id")
    }

    /// Where `create` goes.
    pub(super) fn create_url(&self) -> Result<String, RequestFault> {
        self.url("/account/kyc/create")
    }

    /// Where `authorize` goes: to the relay where one is configured.
    pub(super) fn authorize_url(&self) -> Result<String, RequestFault> {
        let relay = self.connection.setting("authorize_url").trim().trim_end_matches('/');
        let base = if relay.is_empty() { self.base_url()? } else { relay.to_owned() };
        Ok(format!("{base}/account/kyc/authorize"))
    }

    /// Where every other call goes: to the relay in the tokenization flow, for only the relay has a
    /// token.
    pub(super) fn call_url(&self, call: &str) -> Result<String, RequestFault> {
        let relay = self.connection.setting("authorize_url").trim().trim_end_matches('/');
        if self.is_tokenized() && !relay.is_empty() {
            return Ok(format!("{relay}{call}"));
        }
        self.url(call)
    }

    /// Headers of `create`: without a token in the tokenization flow, where the client id is
    /// enough.
    pub(super) fn create_headers(&self) -> Result<Headers, RequestFault> {
        if self.is_tokenized() { Ok(self.headers_with("")) } else { self.headers() }
    }

    /// Headers of every other call. In the tokenization flow a relay may know the device by other
    /// means.
    pub(super) fn headers(&self) -> Result<Headers, RequestFault> {
        let token = self.token();
        if token.is_empty() && !self.is_tokenized() {
            return Err(RequestFault::Connection("access_token"));
        }
        Ok(self.headers_with(token))
    }

    fn url(&self, call: &str) -> Result<String, RequestFault> {
        Ok(format!("{}{call}", self.base_url()?))
    }

    fn base_url(&self) -> Result<String, RequestFault> {
        let configured = self.connection.setting("base_url").trim();
        base_url(if configured.is_empty() { BASE_URL } else { configured }, "base_url")
    }

    fn is_tokenized(&self) -> bool {
        self.connection.setting("create_without_token").trim() == "yes"
    }

    /// The account's own token outranks the connection's: a token belongs to the account's owner.
    fn token(&self) -> &str {
        let own = self.account.token.as_ref().map_or("", Secret::reveal).trim();
        if own.is_empty() { self.connection.credential("access_token").trim() } else { own }
    }

    fn headers_with(&self, token: &str) -> Headers {
        let mut headers = common_headers();
        if !token.is_empty() {
            add_header(&mut headers, "Authorization", &format!("Bearer {token}"));
        }
        let version = self.connection.setting("api_version").trim();
        add_header(
            &mut headers,
            "Api-Version",
            if version.is_empty() { API_VERSION } else { version },
        );
        add_header(&mut headers, "WePay-Risk-Token", self.connection.setting("risk_token"));
        add_header(&mut headers, "Client-IP", self.connection.setting("client_ip"));
        headers
    }
}
