//! TLS: which roots are trusted, and which protocols are offered.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use crate::transport::TransportSetupFault;

/// Trusts Mozilla's roots, the same on every machine, and this connection's own root. The device's
/// store is not asked: a root that a network's owner put there would let it read what applicants
/// say.
pub(crate) fn client_config(
    extra_root_pem: Option<&str>,
    http2: bool,
) -> Result<ClientConfig, TransportSetupFault> {
    let mut roots = RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    if let Some(pem) = extra_root_pem.filter(|pem| !pem.trim().is_empty()) {
        add_roots(&mut roots, pem)?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| TransportSetupFault::Client)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols =
        if http2 { vec![b"h2".to_vec(), b"http/1.1".to_vec()] } else { vec![b"http/1.1".to_vec()] };
    Ok(config)
}

fn add_roots(roots: &mut RootCertStore, pem: &str) -> Result<(), TransportSetupFault> {
    let mut added = 0_usize;
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        let certificate = certificate.map_err(|_| TransportSetupFault::RootCertificate)?;
        roots.add(certificate).map_err(|_| TransportSetupFault::RootCertificate)?;
        added += 1;
    }
    if added == 0 { Err(TransportSetupFault::RootCertificate) } else { Ok(()) }
}
