//! Certificates made on the spot: a good one, and each kind of bad one.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// The name under which a proxy reaches the provider; no resolver knows it.
pub const HIDDEN_NAME: &str = "provider.invalid";

/// What is wrong with a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certificate {
    /// Nothing.
    Good,
    /// It names another host.
    OtherName,
    /// It comes from an authority that nobody trusts.
    OtherIssuer,
    /// It ended long ago: as seen by a clock that is years ahead.
    Expired,
    /// It begins in the far future: as seen by a clock that is years behind.
    NotYetValid,
}

/// An authority that the app trusts on one connection, and what it signs.
pub struct Authority {
    pub root_pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    pub fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut root = CertificateParams::new(Vec::<String>::new()).unwrap();
        root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root_pem = root.self_signed(&key).unwrap().pem();
        Self { root_pem, issuer: Issuer::new(root, key) }
    }

    /// The TLS side of a server that shows such a certificate.
    pub fn acceptor(&self, certificate: Certificate, protocols: &[&str]) -> TlsAcceptor {
        let names = match certificate {
            Certificate::OtherName => vec!["portal.example".to_owned()],
            Certificate::Good
            | Certificate::OtherIssuer
            | Certificate::Expired
            | Certificate::NotYetValid => vec!["localhost".to_owned(), HIDDEN_NAME.to_owned()],
        };
        let mut params = CertificateParams::new(names).unwrap();
        match certificate {
            Certificate::Expired => params.not_after = date_time_ymd(2001, 1, 1),
            Certificate::NotYetValid => params.not_before = date_time_ymd(3000, 1, 1),
            Certificate::Good | Certificate::OtherName | Certificate::OtherIssuer => {}
        }
        let key = KeyPair::generate().unwrap();
        let leaf = match certificate {
            Certificate::OtherIssuer => params.signed_by(&key, &Self::new().issuer),
            Certificate::Good
            | Certificate::OtherName
            | Certificate::Expired
            | Certificate::NotYetValid => params.signed_by(&key, &self.issuer),
        };
        acceptor(leaf.unwrap().der().clone(), &key, protocols)
    }
}

fn acceptor(leaf: CertificateDer<'static>, key: &KeyPair, protocols: &[&str]) -> TlsAcceptor {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![leaf], key)
        .unwrap();
    config.alpn_protocols = protocols.iter().map(|p| p.as_bytes().to_vec()).collect();
    TlsAcceptor::from(Arc::new(config))
}
