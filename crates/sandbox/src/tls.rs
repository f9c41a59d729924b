//! The sandbox's own certificate, and what TLS offers.

use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::options::StartError;

/// What a client must trust, and what the server shows.
pub(crate) struct Identity {
    /// The authority's certificate, in PEM: the root that a client adds.
    pub(crate) root_pem: String,
    /// Where it is written, if anything is.
    pub(crate) root_path: Option<PathBuf>,
    pub(crate) server: Arc<rustls::ServerConfig>,
}

struct Pems {
    root: String,
    leaf: String,
    key: String,
}

/// Reads the identity kept under the data folder, or makes one for this machine and for the address
/// that is listened on.
pub(crate) fn identity(data: Option<&Path>, listening: IpAddr) -> Result<Identity, StartError> {
    let kept = data.and_then(read);
    let pems = match kept {
        Some(pems) => pems,
        None => make(listening).map_err(|error| StartError::Certificate(error.to_string()))?,
    };
    if let Some(folder) = data {
        let path = |name: &str| folder.join(name);
        let fault = |error| StartError::Data(folder.to_owned(), error);
        fs::write(path(ROOT), &pems.root).map_err(fault)?;
        fs::write(path(LEAF), &pems.leaf).map_err(fault)?;
        fs::write(path(KEY), &pems.key).map_err(fault)?;
    }
    Ok(Identity {
        server: Arc::new(server(&pems)?),
        root_path: data.map(|folder| folder.join(ROOT)),
        root_pem: pems.root,
    })
}

const ROOT: &str = "certificate.pem";
const LEAF: &str = "server-certificate.pem";
const KEY: &str = "server-key.pem";

fn read(folder: &Path) -> Option<Pems> {
    let text = |name: &str| fs::read_to_string(folder.join(name)).ok();
    Some(Pems { root: text(ROOT)?, leaf: text(LEAF)?, key: text(KEY)? })
}

fn make(listening: IpAddr) -> Result<Pems, rcgen::Error> {
    let mut root = CertificateParams::new(Vec::new())?;
    root.distinguished_name.push(DnType::CommonName, "Satchel sandbox authority");
    root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    root.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let root = CertifiedIssuer::self_signed(root, KeyPair::generate()?)?;
    let mut names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec();
    if !listening.is_loopback() && !listening.is_unspecified() {
        names.push(listening.to_string());
    }
    let mut leaf = CertificateParams::new(names)?;
    leaf.distinguished_name.push(DnType::CommonName, "Satchel sandbox");
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let key = KeyPair::generate()?;
    let certificate = leaf.signed_by(&key, &root)?;
    Ok(Pems { root: root.pem(), leaf: certificate.pem(), key: key.serialize_pem() })
}

fn server(pems: &Pems) -> Result<rustls::ServerConfig, StartError> {
    let fault = |error: String| StartError::Certificate(error);
    let chain = CertificateDer::pem_slice_iter(pems.leaf.as_bytes()).collect::<Result<_, _>>();
    let chain = chain.map_err(|error| fault(error.to_string()))?;
    let key = PrivateKeyDer::from_pem_slice(pems.key.as_bytes());
    let key = key.map_err(|error| fault(error.to_string()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut server = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| fault(error.to_string()))?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|error| fault(error.to_string()))?;
    server.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(server)
}
