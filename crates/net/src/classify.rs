//! What a failure of the HTTP client means for the one question that matters: may a byte have left?

use std::error::Error;

use rustls::CertificateError;
use satchel_core::http::TransportFault;

/// The fault of a failed exchange. Only what failed while connecting is sure to have written
/// nothing.
pub(crate) fn fault(error: &reqwest::Error) -> TransportFault {
    if error.is_builder() {
        return TransportFault::BadAddress;
    }
    if !error.is_connect() {
        return TransportFault::AfterFirstByte;
    }
    if error.is_dns() {
        return TransportFault::Name;
    }
    causes(error).find_map(while_connecting).unwrap_or(TransportFault::Connect)
}

/// What one cause says about a connection that never stood.
fn while_connecting(cause: &(dyn Error + 'static)) -> Option<TransportFault> {
    if let Some(error) = cause.downcast_ref::<rustls::Error>() {
        return Some(tls(error));
    }
    wants_proxy_sign_in(cause).then_some(TransportFault::Proxy)
}

fn tls(error: &rustls::Error) -> TransportFault {
    match error {
        rustls::Error::InvalidCertificate(
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. },
        ) => TransportFault::CertificateTime,
        rustls::Error::InvalidCertificate(_) => TransportFault::Intercepted,
        _ => TransportFault::Tls,
    }
}

/// The client's error for a 407 to CONNECT has a private type; its text is all that can be seen of
/// it. A test holds this against a proxy that answers 407.
fn wants_proxy_sign_in(cause: &(dyn Error + 'static)) -> bool {
    cause.to_string().ends_with("proxy authorization required")
}

/// An error and everything below it.
fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| cause(*error))
}

/// What an error comes from, including what `io::Error` wraps and does not give as its source.
fn cause<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}
