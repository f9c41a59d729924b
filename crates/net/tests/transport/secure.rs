//! TLS servers with certificates made on the spot.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use crate::server::{answer_json, read_request};

/// What is wrong with a server's certificate.
#[derive(Clone, Copy)]
pub enum Certificate {
    /// Nothing.
    Good,
    /// It names another host.
    OtherName,
    /// It ended long ago.
    Expired,
    /// It begins in the far future.
    NotYetValid,
}

/// A TLS server that answers `{}` to everything.
pub struct SecureServer {
    pub port: u16,
    pub root_pem: String,
    pub connections: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl SecureServer {
    pub async fn start(certificate: Certificate, protocols: &[&str]) -> Self {
        let (root_pem, mut config) = server_config(certificate);
        config.alpn_protocols = protocols.iter().map(|p| p.as_bytes().to_vec()).collect();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                count.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(async move {
                    let Ok(mut stream) = acceptor.accept(stream).await else { return };
                    if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
                        let service = service_fn(|request: hyper::Request<Incoming>| async {
                            drop(request.into_body().collect().await);
                            let body = Full::new(Bytes::from_static(b"{}"));
                            Ok::<_, std::convert::Infallible>(hyper::Response::new(body))
                        });
                        let server = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
                        drop(server.serve_connection(TokioIo::new(stream), service).await);
                    } else {
                        while read_request(&mut stream).await.is_some() {
                            answer_json(&mut stream, "{}").await;
                        }
                    }
                });
            }
        });
        Self { port, root_pem, connections, task }
    }

    pub fn url(&self) -> String {
        format!("https://localhost:{}/v2/account/kyc", self.port)
    }
}

impl Drop for SecureServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn server_config(certificate: Certificate) -> (String, ServerConfig) {
    let root_key = KeyPair::generate().unwrap();
    let mut root = CertificateParams::new(Vec::<String>::new()).unwrap();
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root_pem = root.self_signed(&root_key).unwrap().pem();
    let issuer = Issuer::new(root, root_key);

    let name = match certificate {
        Certificate::OtherName => "portal.example",
        Certificate::Good | Certificate::Expired | Certificate::NotYetValid => "localhost",
    };
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    match certificate {
        Certificate::Expired => params.not_after = date_time_ymd(2001, 1, 1),
        Certificate::NotYetValid => params.not_before = date_time_ymd(3000, 1, 1),
        Certificate::Good | Certificate::OtherName => {}
    }
    let key = KeyPair::generate().unwrap();
    let leaf = params.signed_by(&key, &issuer).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], key)
        .unwrap();
    (root_pem, config)
}
