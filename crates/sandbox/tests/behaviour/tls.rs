//! TLS with HTTP/2 and HTTP/1.1, and HTTP/2 in the clear.

use reqwest::{ClientBuilder, Version};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use satchel_sandbox::Options;
use serde_json::json;

use crate::bench::*;

const BOTH: &[&str] = &["h2", "http/1.1"];

fn with_tls() -> Options {
    Options { tls_listen: Some("127.0.0.1:0".parse().unwrap()), ..still() }
}

/// A client that trusts the announced certificate and nothing else.
fn trusting(bench: &Bench, protocols: &[&str]) -> ClientBuilder {
    let pem = bench.running.hello().certificate_pem.clone().unwrap();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
    client_trusting(roots, protocols)
}

async fn version(bench: &Bench, client: ClientBuilder) -> Version {
    let base = bench.running.hello().winter_tls.clone().unwrap();
    let request = client.build().unwrap().get(format!("{base}/v1/account/12345"));
    let response = request.headers(bench.winter_headers()).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 200);
    response.version()
}

#[tokio::test]
async fn http_2_is_offered_over_tls_and_http_1_1_served_to_who_wants_it() {
    let bench = Bench::with(with_tls()).await;
    assert_eq!(version(&bench, trusting(&bench, BOTH)).await, Version::HTTP_2);
    assert_eq!(version(&bench, trusting(&bench, &["http/1.1"])).await, Version::HTTP_11);
}

#[tokio::test]
async fn http_2_without_tls_is_served_by_prior_knowledge() {
    let bench = Bench::start().await;
    let roots = rustls::RootCertStore::empty();
    let client = client_trusting(roots, &[]).http2_prior_knowledge().build().unwrap();
    let request = client.get(bench.winter_url("/v1/account/12345"));
    let response = request.headers(bench.winter_headers()).send().await.unwrap();
    assert_eq!((response.version(), response.status().as_u16()), (Version::HTTP_2, 200));
}

#[tokio::test]
async fn whoever_does_not_trust_the_certificate_is_not_served() {
    let bench = Bench::with(with_tls()).await;
    let base = bench.running.hello().winter_tls.clone().unwrap();
    let sent = client().get(format!("{base}/v1/account/12345")).send().await;
    assert!(sent.unwrap_err().is_connect());
}

#[tokio::test]
async fn document_urls_name_the_host_that_was_called() {
    let bench = Bench::with(with_tls()).await;
    let base = bench.running.hello().winter_tls.clone().unwrap();
    let client = trusting(&bench, BOTH).build().unwrap();
    let send = |path: &str, body: serde_json::Value| {
        client.post(format!("{base}{path}")).headers(bench.winter_headers()).json(&body).send()
    };
    let image = json!({"document_type": "PASSPORT", "document": base64(&png("p"))});
    send("/v1/kyc_docs/12345", image).await.unwrap();
    let found = send("/v1/kyc/docs", json!({"accountId": "12345"})).await.unwrap();
    let url = answer(found).await.body["document_urls"][0].as_str().unwrap().to_owned();
    assert!(url.starts_with(&format!("{base}/")), "{url}");
    let bytes = client.get(url).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(bytes.to_vec(), png("p"));
}

#[tokio::test]
async fn faults_reach_http_2_as_well() {
    let bench = Bench::with(with_tls()).await;
    let base = bench.running.hello().winter_tls.clone().unwrap();
    let client = trusting(&bench, BOTH).build().unwrap();
    let url = format!("{base}/v1/account/12345");
    for fault in [
        json!({"kind": "close"}),
        json!({"kind": "lost_answer"}),
        json!({"kind": "reset", "at_byte": 3}),
        json!({"kind": "truncate", "at_byte": 3}),
        json!({"kind": "offline"}),
    ] {
        bench.arm(json!({"fault": fault}));
        let sent = client.get(&url).headers(bench.winter_headers()).send().await;
        let failed = match sent {
            Ok(response) => response.bytes().await.is_err(),
            Err(_) => true,
        };
        assert!(failed, "{fault}");
        bench.running.clear_faults();
        let again = client.get(&url).headers(bench.winter_headers()).send().await.unwrap();
        assert_eq!(again.version(), Version::HTTP_2);
    }
}

#[tokio::test]
async fn the_certificate_is_kept_in_the_data_folder_and_stays_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { data: Some(folder.path().to_owned()), ..with_tls() };
    let bench = Bench::with(options.clone()).await;
    let path = bench.running.hello().certificate.clone().unwrap();
    assert_eq!(std::fs::read_to_string(&path).ok(), bench.running.hello().certificate_pem);
    let first = bench.running.hello().certificate_pem.clone();
    bench.running.stop().await;
    let again = Bench::with(options).await;
    assert_eq!(again.running.hello().certificate_pem, first);
    assert_eq!(version(&again, trusting(&again, BOTH)).await, Version::HTTP_2);
}
