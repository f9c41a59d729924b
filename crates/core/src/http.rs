//! HTTP as data: what a provider wants sent, and what came back. No socket here.

/// Method of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Writes, and WePay's reads.
    Post,
}

/// One request, complete but for the connection it travels on.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// Method.
    pub method: Method,
    /// Absolute URL.
    pub url: String,
    /// Header names and values, credentials included.
    pub headers: Vec<(String, String)>,
    /// Body bytes; empty for none. The content type stands in `headers`.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "HttpRequest({:?}, {} header(s), {} bytes)",
            self.method,
            self.headers.len(),
            self.body.len()
        )
    }
}

/// One whole answer.
#[derive(Clone, PartialEq, Eq)]
pub struct HttpResponse {
    /// Status code.
    pub status: u16,
    /// Header names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// Body, capped by the transport.
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// The first value of a header; `name` in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

impl std::fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "HttpResponse({}, {} bytes)", self.status, self.body.len())
    }
}

/// Why no whole answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportFault {
    /// The name has no address.
    #[error("the provider's name was not found")]
    Name,
    /// No connection: refused, unreachable, timed out before it stood.
    #[error("no connection")]
    Connect,
    /// TLS failed for another reason than the certificate.
    #[error("TLS failed")]
    Tls,
    /// The certificate names another host or comes from an issuer this device does not trust.
    #[error("another certificate than the provider's")]
    Intercepted,
    /// The certificate is expired or not yet valid.
    #[error("the certificate is not valid at this time")]
    CertificateTime,
    /// A proxy wants credentials.
    #[error("the proxy wants a sign-in")]
    Proxy,
    /// Broken after bytes may have left: reset, stall, a body that ends early or never ends.
    #[error("broken after bytes may have left")]
    AfterFirstByte,
    /// The request could not be made at all (a bad URL): nothing left.
    #[error("the address is not usable")]
    BadAddress,
}

impl TransportFault {
    /// Whether it is certain that no request byte was written.
    pub fn nothing_left(self) -> bool {
        match self {
            Self::Name
            | Self::Connect
            | Self::Tls
            | Self::Intercepted
            | Self::CertificateTime
            | Self::Proxy
            | Self::BadAddress => true,
            Self::AfterFirstByte => false,
        }
    }
}
