//! The transport itself.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Proxy, Request, Response, Url, Version};
use satchel_core::http::{HttpRequest, HttpResponse, Method, TransportFault};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use crate::classify::fault;
use crate::pace::{Pace, PacedBody};
use crate::policy::{
    ANSWER_BYTES_MAX, HTTP1_CONNECTIONS_MAX, HTTP1_PHOTOS_MAX, Limits, SMALL_BYTES_MAX,
};
use crate::tls::client_config;

/// How a transport is set up. One transport serves one connection: its root is trusted there alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransportOptions {
    /// An extra root certificate (PEM), for a relay.
    pub extra_root_pem: Option<String>,
    /// Through which proxy.
    pub proxy: ProxyUse,
    /// Where addresses without TLS are used.
    pub plain_http: PlainHttp,
    /// Whether HTTP/2 is offered.
    pub http2: bool,
    /// Limits of waiting.
    pub limits: Limits,
}

impl Default for TransportOptions {
    fn default() -> Self {
        Self {
            extra_root_pem: None,
            proxy: ProxyUse::Environment,
            plain_http: PlainHttp::ThisMachine,
            http2: true,
            limits: Limits::default(),
        }
    }
}

/// Through which proxy requests go; those to this machine go through none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProxyUse {
    /// None.
    Direct,
    /// What `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` say.
    Environment,
    /// This one, for everything.
    Fixed(String),
}

/// Where addresses without TLS are used: what is sent names people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlainHttp {
    /// On this machine only: the training mode's provider.
    ThisMachine,
    /// Anywhere: emulated networks of benchmarks.
    Anywhere,
}

/// Why no transport could be set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportSetupFault {
    /// The extra root is no PEM certificate, or not one that can be a root.
    #[error("the extra root certificate cannot be used")]
    RootCertificate,
    /// The proxy's address is none.
    #[error("the proxy's address cannot be used")]
    Proxy,
    /// The client could not be made.
    #[error("the HTTP client could not be made")]
    Client,
}

/// Sends requests, each at most once: no redirect is followed, nothing is retried, no cookie is
/// kept.
///
/// The pool may move a request to a new connection when the kept one turns out closed before any
/// byte of the request was written to it; nothing left then, so it is still the same attempt.
pub struct HttpTransport {
    client: Client,
    /// For addresses on this machine, which no proxy can reach.
    local: Client,
    plain_http: PlainHttp,
    behind_proxy: bool,
    limits: Limits,
    underway: Arc<AtomicU64>,
    http1: Semaphore,
    http1_photos: Semaphore,
    speaks_http2: AtomicBool,
}

impl HttpTransport {
    /// Sets up a transport; connects nowhere yet.
    ///
    /// # Errors
    /// [`TransportSetupFault`] when the extra root or the proxy cannot be used.
    pub fn new(options: TransportOptions) -> Result<Self, TransportSetupFault> {
        let client = client_through(&options, &options.proxy)?;
        let local = match options.proxy {
            ProxyUse::Direct => client.clone(),
            ProxyUse::Environment | ProxyUse::Fixed(_) => {
                client_through(&options, &ProxyUse::Direct)?
            }
        };
        Ok(Self {
            client,
            local,
            plain_http: options.plain_http,
            behind_proxy: options.proxy != ProxyUse::Direct,
            limits: options.limits,
            underway: Arc::default(),
            http1: Semaphore::new(HTTP1_CONNECTIONS_MAX),
            http1_photos: Semaphore::new(HTTP1_PHOTOS_MAX),
            speaks_http2: AtomicBool::new(false),
        })
    }

    /// Sends one request and reads the whole answer.
    ///
    /// # Errors
    /// [`TransportFault`]; it says whether a byte may have left. Dropping the future gives the
    /// request up, with the same doubt as [`TransportFault::AfterFirstByte`].
    pub async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportFault> {
        let pace = Pace::new(&self.limits, Arc::clone(&self.underway));
        let is_small = request.body.len() <= SMALL_BYTES_MAX;
        let request = self.prepared(request, &pace)?;
        let local = is_this_machine(request.url());
        let client = if local { &self.local } else { &self.client };
        let _photo = if is_small { None } else { self.permit(&self.http1_photos).await };
        let _connection = self.permit(&self.http1).await;
        pace.moved();
        let response = pace
            .watch(client.execute(request))
            .await
            .map_err(|_stalled| TransportFault::AfterFirstByte)?
            .map_err(|error| fault(&error))?;
        pace.answered();
        self.speaks_http2.store(response.version() == Version::HTTP_2, Ordering::Relaxed);
        if response.status() == 407 && self.behind_proxy && !local {
            return Err(TransportFault::Proxy);
        }
        timeout(self.limits.answer, whole(response, &pace))
            .await
            .map_err(|_elapsed| TransportFault::AfterFirstByte)?
    }

    /// A turn on one of the few connections of a server that has not shown HTTP/2.
    async fn permit<'a>(&self, turns: &'a Semaphore) -> Option<SemaphorePermit<'a>> {
        if self.speaks_http2.load(Ordering::Relaxed) {
            return None;
        }
        turns.acquire().await.ok()
    }

    fn prepared(&self, request: HttpRequest, pace: &Arc<Pace>) -> Result<Request, TransportFault> {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
        };
        let mut prepared = Request::new(method, self.address(&request.url)?);
        *prepared.headers_mut() = headers(&request.headers)?;
        if !request.body.is_empty() {
            let body = PacedBody::new(request.body, Arc::clone(pace));
            *prepared.body_mut() = Some(reqwest::Body::wrap(body));
        }
        Ok(prepared)
    }

    /// An address that may be used: https, or http where that is allowed, and no credentials in it.
    fn address(&self, url: &str) -> Result<Url, TransportFault> {
        let url = Url::parse(url).map_err(|_| TransportFault::BadAddress)?;
        let allowed = match (url.scheme(), self.plain_http) {
            ("https", _) | ("http", PlainHttp::Anywhere) => true,
            ("http", PlainHttp::ThisMachine) => is_this_machine(&url),
            _ => false,
        };
        let bare = url.username().is_empty() && url.password().is_none();
        if allowed && bare { Ok(url) } else { Err(TransportFault::BadAddress) }
    }
}

fn client_through(
    options: &TransportOptions,
    proxy: &ProxyUse,
) -> Result<Client, TransportSetupFault> {
    let tls = client_config(options.extra_root_pem.as_deref(), options.http2)?;
    let mut builder = Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .connect_timeout(options.limits.connect)
        .pool_max_idle_per_host(HTTP1_CONNECTIONS_MAX);
    if !options.http2 {
        builder = builder.http1_only();
    }
    builder = match proxy {
        ProxyUse::Direct => builder.no_proxy(),
        ProxyUse::Environment => builder,
        ProxyUse::Fixed(address) => {
            builder.proxy(Proxy::all(address).map_err(|_| TransportSetupFault::Proxy)?)
        }
    };
    builder.build().map_err(|_| TransportSetupFault::Client)
}

fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or("");
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn headers(pairs: &[(String, String)]) -> Result<HeaderMap, TransportFault> {
    let mut headers = HeaderMap::with_capacity(pairs.len());
    for (name, value) in pairs {
        let name = HeaderName::from_bytes(name.as_bytes());
        let value = HeaderValue::from_str(value);
        let (Ok(name), Ok(mut value)) = (name, value) else {
            return Err(TransportFault::BadAddress);
        };
        value.set_sensitive(true);
        headers.append(name, value);
    }
    Ok(headers)
}

/// Reads the answer to its end, piece by piece.
async fn whole(mut response: Response, pace: &Pace) -> Result<HttpResponse, TransportFault> {
    let status = response.status().as_u16();
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        })
        .collect();
    let mut body = Vec::new();
    loop {
        let piece = pace
            .watch(response.chunk())
            .await
            .map_err(|_stalled| TransportFault::AfterFirstByte)?
            .map_err(|_error| TransportFault::AfterFirstByte)?;
        let Some(piece) = piece else { break };
        pace.moved();
        if body.len() + piece.len() > ANSWER_BYTES_MAX {
            return Err(TransportFault::AfterFirstByte);
        }
        body.extend_from_slice(&piece);
    }
    Ok(HttpResponse { status, headers, body })
}

impl std::fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpTransport")
            .field("plain_http", &self.plain_http)
            .finish_non_exhaustive()
    }
}
