//! The transport against servers that misbehave in one way each. All on the loopback.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod secure;
mod server;
mod slow;
mod throttle;

use std::sync::atomic::Ordering;
use std::time::Duration;

use satchel_core::http::{HttpRequest, HttpResponse, Method, TransportFault};
use satchel_net::{
    HttpTransport, Limits, PlainHttp, ProxyUse, TransportOptions, TransportSetupFault,
};
use secure::{Certificate, SecureServer};
use server::{Reply, Server};
use tokio::net::TcpListener;

const OK_EMPTY: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

fn options() -> TransportOptions {
    TransportOptions { proxy: ProxyUse::Direct, ..TransportOptions::default() }
}

fn transport() -> HttpTransport {
    HttpTransport::new(options()).unwrap()
}

fn post(url: impl Into<String>, body: &[u8]) -> HttpRequest {
    HttpRequest {
        method: Method::Post,
        url: url.into(),
        headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
        body: body.to_vec(),
    }
}

async fn outcome(replies: &'static [Reply]) -> Result<HttpResponse, TransportFault> {
    let server = Server::start(replies).await;
    transport().send(post(server.url(), b"{}")).await
}

async fn secure_outcome(certificate: Certificate) -> Result<HttpResponse, TransportFault> {
    let server = SecureServer::start(certificate, &["h2", "http/1.1"]).await;
    let transport = HttpTransport::new(TransportOptions {
        extra_root_pem: Some(server.root_pem.clone()),
        ..options()
    });
    transport.unwrap().send(post(server.url(), b"{}")).await
}

#[tokio::test]
async fn a_refused_connection_left_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let url = format!("http://127.0.0.1:{port}/");
    assert_eq!(transport().send(post(url, b"{}")).await, Err(TransportFault::Connect));
}

#[tokio::test]
async fn a_name_without_address_left_nothing() {
    let transport =
        HttpTransport::new(TransportOptions { plain_http: PlainHttp::Anywhere, ..options() });
    let label = "x".repeat(70);
    let fault = transport.unwrap().send(post(format!("http://{label}.invalid/"), b"{}")).await;
    assert_eq!(fault, Err(TransportFault::Name));
}

#[tokio::test]
async fn a_reset_after_the_request_is_in_doubt() {
    assert_eq!(outcome(&[Reply::Reset]).await, Err(TransportFault::AfterFirstByte));
}

#[tokio::test]
async fn a_closed_connection_without_an_answer_is_in_doubt() {
    assert_eq!(outcome(&[Reply::AnswerAndClose("")]).await, Err(TransportFault::AfterFirstByte));
}

#[tokio::test]
async fn a_body_that_ends_early_is_in_doubt() {
    const CUT: &str = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"kyc_id\":1";
    assert_eq!(outcome(&[Reply::AnswerAndClose(CUT)]).await, Err(TransportFault::AfterFirstByte));
}

#[tokio::test]
async fn a_body_that_never_ends_is_given_up() {
    assert_eq!(outcome(&[Reply::Endless]).await, Err(TransportFault::AfterFirstByte));
}

#[tokio::test]
async fn an_answer_that_is_no_http_is_in_doubt() {
    const NOISE: &str = "220 mail.example ready\r\n\r\n";
    assert_eq!(outcome(&[Reply::AnswerAndClose(NOISE)]).await, Err(TransportFault::AfterFirstByte));
}

#[tokio::test]
async fn silence_is_given_up_as_in_doubt() {
    let server = Server::start(&[Reply::Silence]).await;
    let limits = Limits { stall: Duration::from_millis(50), ..Limits::default() };
    let transport = HttpTransport::new(TransportOptions { limits, ..options() }).unwrap();
    let fault = transport.send(post(server.url(), b"{}")).await;
    assert_eq!(fault, Err(TransportFault::AfterFirstByte));
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn r11_a_redirect_is_an_answer_and_is_not_followed() {
    const MOVED: &str = "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n";
    let server = Server::start(&[Reply::Answer(MOVED)]).await;
    let response = transport().send(post(server.url(), b"{}")).await.unwrap();
    assert_eq!((response.status, response.header("location")), (302, Some("/elsewhere")));
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn a_large_body_arrives_whole_with_its_length() {
    let server = Server::start(&[Reply::Answer(OK_EMPTY)]).await;
    let body: Vec<u8> = (0..300_000_u32).map(|n| (n % 251) as u8).collect();
    transport().send(post(server.url(), &body)).await.unwrap();
    let requests = server.requests.lock().unwrap();
    assert!(requests[0].ends_with(&body));
    let head = String::from_utf8_lossy(&requests[0][..400]).to_ascii_lowercase();
    assert!(head.contains("content-length: 300000"), "{head}");
    assert!(!head.contains("transfer-encoding"), "{head}");
}

#[tokio::test]
async fn no_cookie_is_kept_and_no_compression_is_asked_for() {
    const COOKIE: &str = "HTTP/1.1 200 OK\r\nSet-Cookie: session=1\r\nContent-Length: 2\r\n\r\n{}";
    let server = Server::start(&[Reply::Answer(COOKIE)]).await;
    let transport = transport();
    transport.send(post(server.url(), b"{}")).await.unwrap();
    transport.send(post(server.url(), b"{}")).await.unwrap();
    for request in server.seen() {
        let request = request.to_ascii_lowercase();
        assert!(!request.contains("cookie:") && !request.contains("accept-encoding:"));
    }
    assert_eq!(server.connections.load(Ordering::SeqCst), 1, "the connection was kept");
}

#[tokio::test]
async fn a_request_on_a_dying_kept_connection_is_never_seen_twice() {
    let server = Server::start(&[Reply::AnswerAndClose(OK_EMPTY)]).await;
    let transport = transport();
    for number in 0..30 {
        let body = format!("{{\"request\":{number}}}");
        match transport.send(post(server.url(), body.as_bytes())).await {
            Ok(response) => assert_eq!(response.status, 200),
            Err(fault) => assert_eq!(fault, TransportFault::AfterFirstByte),
        }
    }
    let mut bodies: Vec<String> = server
        .seen()
        .iter()
        .filter_map(|r| r.rsplit("\r\n\r\n").next().map(str::to_owned))
        .collect();
    let count = bodies.len();
    bodies.sort();
    bodies.dedup();
    assert_eq!(bodies.len(), count);
    assert!(count > 0);
}

#[tokio::test]
async fn without_http2_no_more_than_four_connections_are_opened() {
    let server = Server::start(&[Reply::Answer(OK_EMPTY)]).await;
    let transport = transport();
    let sends = (0..8).map(|_| transport.send(post(server.url(), b"{}")));
    for response in join_all(sends).await {
        assert_eq!(response.unwrap().status, 200);
    }
    assert!(server.connections.load(Ordering::SeqCst) <= 4);
    assert_eq!(server.seen().len(), 8);
}

#[tokio::test]
async fn http2_is_spoken_where_it_is_offered_and_shares_one_connection() {
    let server = SecureServer::start(Certificate::Good, &["h2", "http/1.1"]).await;
    let root = Some(server.root_pem.clone());
    let transport =
        HttpTransport::new(TransportOptions { extra_root_pem: root, ..options() }).unwrap();
    assert_eq!(transport.send(post(server.url(), b"{}")).await.unwrap().body, b"{}");
    let sends = (0..8).map(|_| transport.send(post(server.url(), b"{}")));
    assert!(join_all(sends).await.iter().all(|r| r.as_ref().is_ok_and(|r| r.status == 200)));
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn http1_is_spoken_over_tls_where_http2_is_not_offered() {
    let server = SecureServer::start(Certificate::Good, &["http/1.1"]).await;
    let root = Some(server.root_pem.clone());
    let transport =
        HttpTransport::new(TransportOptions { extra_root_pem: root, ..options() }).unwrap();
    assert_eq!(transport.send(post(server.url(), b"{}")).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_certificate_of_another_name_is_an_interception() {
    assert_eq!(secure_outcome(Certificate::OtherName).await, Err(TransportFault::Intercepted));
}

#[tokio::test]
async fn a_certificate_of_an_unknown_issuer_is_an_interception() {
    let server = SecureServer::start(Certificate::Good, &["h2"]).await;
    let fault = transport().send(post(server.url(), b"{}")).await;
    assert_eq!(fault, Err(TransportFault::Intercepted));
}

#[tokio::test]
async fn a_certificate_out_of_its_time_points_to_the_clock() {
    for certificate in [Certificate::Expired, Certificate::NotYetValid] {
        assert_eq!(secure_outcome(certificate).await, Err(TransportFault::CertificateTime));
    }
}

#[tokio::test]
async fn a_server_that_speaks_no_tls_left_nothing() {
    let server = Server::start(&[Reply::Answer(OK_EMPTY)]).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let noise = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        server::answer_json(&mut stream, "{}").await;
        server::read_request(&mut stream).await
    });
    let fault = transport().send(post(format!("https://localhost:{port}/"), b"{}")).await;
    assert_eq!(fault, Err(TransportFault::Tls));
    noise.abort();
    drop(server);
}

#[tokio::test]
async fn a_proxy_that_wants_a_sign_in_left_nothing() {
    const SIGN_IN: &str = "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n";
    let proxy = Server::start(&[Reply::Answer(SIGN_IN)]).await;
    let fixed = ProxyUse::Fixed(format!("http://127.0.0.1:{}", proxy.port));
    let transport = HttpTransport::new(TransportOptions {
        proxy: fixed,
        plain_http: PlainHttp::Anywhere,
        ..options()
    })
    .unwrap();
    for url in ["https://provider.invalid/", "http://provider.invalid/"] {
        assert_eq!(transport.send(post(url, b"{}")).await, Err(TransportFault::Proxy), "{url}");
    }
    assert!(proxy.seen()[0].starts_with("CONNECT provider.invalid:443"));
}

#[tokio::test]
async fn this_machine_is_reached_past_any_proxy() {
    let server = Server::start(&[Reply::Answer(OK_EMPTY)]).await;
    let proxy = ProxyUse::Fixed("http://proxy.invalid:3128".to_owned());
    let transport = HttpTransport::new(TransportOptions { proxy, ..options() }).unwrap();
    assert_eq!(transport.send(post(server.url(), b"{}")).await.unwrap().status, 200);
}

#[tokio::test]
async fn an_address_that_would_show_what_is_sent_is_not_used() {
    let transport = transport();
    for url in [
        "http://provider.example/v2",
        "http://192.0.2.7/v2",
        "ftp://127.0.0.1/",
        "https://user:secret@localhost/",
        "no address",
        "",
    ] {
        assert_eq!(
            transport.send(post(url, b"{}")).await,
            Err(TransportFault::BadAddress),
            "{url}"
        );
    }
}

#[tokio::test]
async fn a_header_with_a_line_break_is_not_sent() {
    let server = Server::start(&[Reply::Answer(OK_EMPTY)]).await;
    let mut request = post(server.url(), b"{}");
    request.headers.push(("Authorization".to_owned(), "Bearer a\r\nX-Other: b".to_owned()));
    assert_eq!(transport().send(request).await, Err(TransportFault::BadAddress));
    assert_eq!(server.connections.load(Ordering::SeqCst), 0);
}

#[test]
fn an_extra_root_that_is_none_is_refused() {
    for pem in
        ["not a certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
    {
        let options = TransportOptions { extra_root_pem: Some(pem.to_owned()), ..options() };
        assert_eq!(
            HttpTransport::new(options).map(|_| ()),
            Err(TransportSetupFault::RootCertificate)
        );
    }
}

async fn join_all<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut pinned: Vec<_> = futures.into_iter().map(Box::pin).collect();
    let mut outputs: Vec<Option<F::Output>> = pinned.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (future, output) in pinned.iter_mut().zip(&mut outputs) {
            if output.is_none()
                && let std::task::Poll::Ready(value) = future.as_mut().poll(context)
            {
                *output = Some(value);
            }
        }
        if outputs.iter().all(Option::is_some) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    outputs.into_iter().flatten().collect()
}
