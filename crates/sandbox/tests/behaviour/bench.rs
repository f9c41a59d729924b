//! A running sandbox and a client for it.

use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, ClientBuilder, RequestBuilder, Response};
use satchel_sandbox::{Effect, FaultRule, JournalEntry, Options, Running, Sandbox, Switches};
use serde_json::{Value, json};

/// When the tests' clock stands still: 21 September 2026.
pub const START_MS: i64 = 1_790_000_000_000;
pub const MINUTE_MS: u32 = 60_000;

/// Accounts of the list that the sandbox announces.
pub const VERIFIED_US: i64 = 5_091_778_601;
pub const ILLEGIBLE_US: i64 = 5_091_778_602;
pub const REVIEW_US: i64 = 5_091_778_603;
pub const DOCUMENTS_GB: i64 = 5_091_778_604;
pub const FULL_SSN_US: i64 = 5_091_778_608;
pub const HUMAN_US: i64 = 5_091_778_614;
pub const PENDING: i64 = 5_091_778_621;
pub const DISABLED: i64 = 5_091_778_622;
pub const DELETED: i64 = 5_091_778_623;
pub const FOREIGN: i64 = 5_091_778_624;

pub struct Bench {
    pub running: Running,
    pub http: Client,
}

/// What came back: the status and the body.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub body: Value,
}

impl Answer {
    pub fn code(&self) -> Option<u64> {
        self.body["error_code"].as_u64()
    }
}

/// A client that trusts nobody over TLS and goes through no proxy.
pub fn client() -> Client {
    let roots = rustls::RootCertStore::empty();
    client_trusting(roots, &["h2", "http/1.1"]).build().unwrap()
}

/// A client that trusts these roots and offers these protocols.
pub fn client_trusting(roots: rustls::RootCertStore, protocols: &[&str]) -> ClientBuilder {
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let mut tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    tls.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    Client::builder()
        .tls_backend_preconfigured(tls)
        .retry(reqwest::retry::never())
        .redirect(reqwest::redirect::Policy::none())
        .user_agent("behaviour tests")
        .no_proxy()
}

/// Options for a sandbox in memory whose clock stands still and that never throttles.
pub fn still() -> Options {
    let switches = Switches { throttle_calls: 0, ..Switches::default() };
    Options { frozen_at_ms: Some(START_MS), switches, ..Options::default() }
}

impl Bench {
    pub async fn start() -> Bench {
        Bench::with(still()).await
    }

    pub async fn switched(change: impl FnOnce(&mut Switches)) -> Bench {
        let mut options = still();
        change(&mut options.switches);
        Bench::with(options).await
    }

    pub async fn with(options: Options) -> Bench {
        Bench { running: Sandbox::start(options).await.unwrap(), http: client() }
    }

    pub fn token(&self) -> &str {
        &self.running.hello().credentials.wepay.access_token
    }

    pub fn wepay_request(&self, call: &str) -> RequestBuilder {
        self.http.post(format!("{}{call}", self.running.hello().wepay)).bearer_auth(self.token())
    }

    pub async fn wepay(&self, call: &str, body: Value) -> Answer {
        answer(self.wepay_request(call).json(&body).send().await.unwrap()).await
    }

    pub async fn look_up(&self, account_id: i64) -> Value {
        let found = self.wepay("/account/kyc", json!({"account_id": account_id})).await;
        assert_eq!(found.status, 200, "{found:?}");
        found.body
    }

    pub async fn state(&self, account_id: i64) -> String {
        self.look_up(account_id).await["state"].as_str().unwrap().to_owned()
    }

    /// The error code of a `create`, or none if it was accepted.
    pub async fn create_code(&self, account_id: i64, structure: Value) -> Option<u64> {
        self.create(account_id, structure).await.code()
    }

    pub async fn create(&self, account_id: i64, structure: Value) -> Answer {
        self.wepay("/account/kyc/create", create_body(account_id, structure)).await
    }

    /// Creates and authorizes; gives the answer of `authorize`.
    pub async fn submit(&self, account_id: i64, structure: Value) -> Value {
        let created = self.create(account_id, structure).await;
        assert_eq!(created.status, 200, "{created:?}");
        let kyc_id = created.body["kyc_id"].clone();
        let authorized = self.wepay("/account/kyc/authorize", json!({"kyc_id": kyc_id})).await;
        assert_eq!(authorized.status, 200, "{authorized:?}");
        authorized.body
    }

    pub async fn upload_form(&self, form: Form) -> Answer {
        answer(self.wepay_request("/file/upload").multipart(form).send().await.unwrap()).await
    }

    pub async fn upload(&self, account_id: i64, document_type: &str, bytes: Vec<u8>) -> i64 {
        let uploaded = self.upload_form(file_form(account_id, document_type, bytes)).await;
        assert_eq!(uploaded.status, 200, "{uploaded:?}");
        uploaded.body["file_id"].as_i64().unwrap()
    }

    pub async fn modify(&self, account_id: i64, file_ids: Value) -> Answer {
        let body = json!({"account_id": account_id, "file_ids": file_ids});
        self.wepay("/account/kyc/modify", body).await
    }

    pub fn winter_headers(&self) -> HeaderMap {
        let winter = &self.running.hello().credentials.winter;
        let mut headers = HeaderMap::new();
        headers.insert("x-api-key", HeaderValue::from_str(&winter.key).unwrap());
        headers.insert("x-api-secret", HeaderValue::from_str(&winter.secret).unwrap());
        headers
    }

    pub fn winter_url(&self, path: &str) -> String {
        format!("{}{path}", self.running.hello().winter)
    }

    pub async fn winter(&self, path: &str, body: Value) -> Answer {
        self.winter_text(path, body.to_string()).await
    }

    pub async fn winter_text(&self, path: &str, body: String) -> Answer {
        let request = self.http.post(self.winter_url(path)).headers(self.winter_headers());
        let request = request.header("content-type", "application/json").body(body);
        answer(request.send().await.unwrap()).await
    }

    pub async fn winter_get(&self, path: &str) -> Answer {
        let request = self.http.get(self.winter_url(path)).headers(self.winter_headers());
        answer(request.send().await.unwrap()).await
    }

    pub async fn winter_status(&self, id: &str) -> String {
        let account = self.winter_get(&format!("/v1/account/{id}")).await;
        account.body["account_kyc_status"].as_str().unwrap().to_owned()
    }

    pub async fn admin(&self, path: &str, body: Value) -> Answer {
        let hello = self.running.hello();
        let request = self.http.post(format!("{}{path}", hello.admin));
        let request = request.header("x-sandbox-admin", &hello.admin_token).json(&body);
        answer(request.send().await.unwrap()).await
    }

    pub fn arm(&self, rule: Value) {
        self.running.arm(vec![serde_json::from_value::<FaultRule>(rule).unwrap()]);
    }

    pub fn effects(&self, effect: Effect) -> Vec<JournalEntry> {
        self.running.journal().into_iter().filter(|entry| entry.effect == effect).collect()
    }
}

pub async fn answer(response: Response) -> Answer {
    let status = response.status().as_u16();
    let bytes = response.bytes().await.unwrap();
    let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    Answer { status, body }
}

pub fn create_body(account_id: i64, structure: Value) -> Value {
    let mut body = json!({"client_id": "9876", "account_id": account_id.to_string()});
    body.as_object_mut().unwrap().extend(structure.as_object().unwrap().clone());
    body
}

pub fn file_form(account_id: i64, document_type: &str, bytes: Vec<u8>) -> Form {
    Form::new()
        .text("type", document_type.to_owned())
        .text("account_id", account_id.to_string())
        .part("file", Part::bytes(bytes).file_name("document.png"))
}

/// Bytes that begin as a PNG does; the mark makes them differ.
pub fn png(mark: &str) -> Vec<u8> {
    [b"\x89PNG\r\n\x1a\n", mark.as_bytes()].concat()
}

/// Bytes that begin as a JPEG does.
pub fn jpeg(mark: &str) -> Vec<u8> {
    [b"\xff\xd8\xff\xe0", mark.as_bytes()].concat()
}

pub fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}
