//! A naive client, as most apps are: one request after the other, each on a connection of its own.

use std::sync::Arc;
use std::time::SystemTime;

use anyhow::{Context, Result, ensure};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, RequestBuilder};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use serde_json::{Value, json};

use super::Run;
use super::desk::Desk;
use super::photos::PreparedPhoto;
use crate::link::Link;

/// Onboards accounts with photos, one request after the other.
///
/// # Errors
/// When a request fails.
pub(crate) fn client(
    link: &Link,
    desk: &Desk,
    accounts: &[String],
    photos: &[PreparedPhoto],
) -> Result<Run> {
    link.carried();
    let ended = link.client.inside(|| -> Result<SystemTime> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let calls = Calls::new(desk)?;
            for account in accounts {
                calls.onboard(account.parse()?, photos).await?;
            }
            Ok(SystemTime::now())
        })
    })??;
    let bytes: usize = photos.iter().map(|photo| photo.bytes.len()).sum();
    Run::new((bytes * accounts.len()) as u64, link.carried(), ended)
}

struct Calls {
    client: Client,
    base: String,
    token: String,
    application: String,
}

impl Calls {
    fn new(desk: &Desk) -> Result<Self> {
        let mut roots = RootCertStore::empty();
        for certificate in CertificateDer::pem_slice_iter(desk.root_pem()?.as_bytes()) {
            roots.add(certificate?)?;
        }
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        // Sessions are not resumed: each connection begins from nothing.
        tls.resumption = rustls::client::Resumption::disabled();
        let client = Client::builder().tls_backend_preconfigured(tls).no_proxy();
        let client = client.user_agent("naive-client/1");
        Ok(Self {
            client: client.pool_max_idle_per_host(0).build()?,
            base: desk.base()?,
            token: desk.token()?,
            application: desk.application()?,
        })
    }

    async fn onboard(&self, account: i64, photos: &[PreparedPhoto]) -> Result<()> {
        self.json("/account/kyc", json!({ "account_id": account })).await?;
        let created = self.json("/account/kyc/create", self.details(account)).await?;
        let draft = json!({ "kyc_id": created.get("kyc_id") });
        self.json("/account/kyc/authorize", draft).await?;
        let mut files = Vec::new();
        for photo in photos {
            let part = Part::bytes(photo.bytes.clone()).file_name("document.jpg");
            let form = Form::new()
                .text("account_id", account.to_string())
                .text("type", photo.document.clone())
                .part("file", part);
            let uploaded = self.done(self.post("/file/upload").multipart(form)).await?;
            files.push(uploaded.get("file_id").cloned());
        }
        let set = json!({ "account_id": account, "file_ids": files });
        self.json("/account/kyc/modify", set).await?;
        Ok(())
    }

    fn details(&self, account: i64) -> Value {
        json!({
            "client_id": self.application,
            "account_id": account.to_string(),
            "individual": {
                "account_owner": {
                    "name": { "first": "Foo", "last": "Bar" },
                    "address": {
                        "address1": "123 Fake Street", "city": "Springfield", "region": "IL",
                        "postal_code": "62701", "country": "US",
                    },
                    "phone": { "country_code": "+1", "phone_number": "5556667777" },
                    "date_of_birth": { "year": 1990, "month": 2, "day": 28 },
                    "us_owner_compliance": { "social_security_number": "111-22-1234" },
                },
                "mcc": "7999",
            },
        })
    }

    fn post(&self, path: &str) -> RequestBuilder {
        let request = self.client.post(format!("{}{path}", self.base));
        request.bearer_auth(&self.token).header("Api-Version", "2017-02-01")
    }

    async fn json(&self, path: &str, body: Value) -> Result<Value> {
        self.done(self.post(path).json(&body)).await.with_context(|| path.to_owned())
    }

    async fn done(&self, request: RequestBuilder) -> Result<Value> {
        let response = request.send().await?;
        let status = response.status();
        let body: Value = response.json().await?;
        ensure!(status.is_success(), "the provider answered {status}: {body}");
        Ok(body)
    }
}
