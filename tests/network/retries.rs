//! Retries below the app, provoked in every way that the HTTP stack knows, and shown not to happen
//! by counting at the other end. A client that does retry is counted twice by the same counter.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use satchel_core::delivery::{Outcome, Reading, Step};
use satchel_core::http::{HttpRequest, Method, TransportFault};
use satchel_net::{HttpTransport, Limits, ProxyUse, TransportOptions};
use satchel_sandbox::Effect;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::chain::{Chain, transport};
use crate::http1::message_end;
use crate::http2::{NO_ERROR, REFUSED_STREAM};
use crate::matrix::class;
use crate::middle::{Act, Middle, Wire};

const READ: Step = Step::Read { reading: Reading::Status };

/// What a client with reqwest's own retries makes of a request that is refused once.
async fn seen_of_a_retrying_client(chain: &Chain, act: Act) -> usize {
    let middle = Middle::start(Wire::Tls2, chain.sandbox.addresses().http).await;
    let mut roots = RootCertStore::empty();
    let root = CertificateDer::from_pem_slice(middle.authority.root_pem.as_bytes()).unwrap();
    roots.add(root).unwrap();
    let provider = Arc::new(tokio_rustls::rustls::crypto::ring::default_provider());
    let mut tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    tls.alpn_protocols = vec![b"h2".to_vec()];
    let client = reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy();
    let client = client.build().unwrap();
    middle.plan(1, act);
    let request = client.post(format!("{}/v2/account/kyc", middle.origin())).body("{}");
    request.send().await.unwrap();
    middle.seen()
}

/// What ours makes of it: the class, and how often the request was seen.
async fn seen_of_ours(chain: &Chain, act: Act) -> (String, usize) {
    let middle = Middle::start(Wire::Tls2, chain.sandbox.addresses().http).await;
    let transport = transport(&middle.authority.root_pem, true, Limits::default());
    middle.plan(1, act);
    let outcome = chain.send(&transport, &middle.origin(), &READ).await;
    // A second request on the same transport is a request of its own and nothing else.
    let second = chain.send(&transport, &middle.origin(), &READ).await;
    assert!(matches!(second, Outcome::Done { .. }), "{second:?}");
    (class(&outcome), middle.seen() - 1)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_http2_calls_safe_to_retry_is_not_retried_and_a_client_that_does_is_seen_twice() {
    let chain = Chain::wepay(100).await;
    let refusals = [
        Act::GoAway { last: 0, code: NO_ERROR, passed: false },
        Act::GoAway { last: 0, code: NO_ERROR, passed: true },
        Act::ResetStream { code: REFUSED_STREAM, passed: false },
        Act::ResetStream { code: REFUSED_STREAM, passed: true },
    ];
    for act in refusals {
        let retried = seen_of_a_retrying_client(&chain, act.clone()).await;
        assert_eq!(retried, 2, "the counter sees a retry: {act:?}");
        let ours = seen_of_ours(&chain, act.clone()).await;
        assert_eq!(ours, ("ambiguous: broken".to_owned(), 1), "{act:?}");
        println!("{act:?}: a retrying client is seen {retried} times, ours {} time", ours.1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_ends_without_an_answer_is_seen_once_each_time() {
    let chain = Chain::wepay(100).await;
    for wire in [Wire::Plain, Wire::Tls1, Wire::Tls2] {
        let middle = Middle::start(wire, chain.sandbox.addresses().http).await;
        let transport = transport(&middle.authority.root_pem, true, Limits::default());
        let (mut sent, mut on_kept) = (0, 0);
        for act in [Act::EndAnswer(0), Act::CutAnswer(0)] {
            for _ in 0..15 {
                // One that keeps the connection, and one that ends on the kept connection.
                let kept = chain.send(&transport, &middle.origin(), &READ).await;
                assert_eq!(class(&kept), "done");
                middle.plan_next(act.clone());
                let lost = chain.send(&transport, &middle.origin(), &READ).await;
                assert_eq!(class(&lost), "ambiguous: broken");
                sent += 2;
                assert_eq!(middle.seen(), sent, "{wire:?} {act:?}");
                let of = middle.records().split_off(sent - 2);
                on_kept += usize::from(of[0].connection == of[1].connection);
            }
        }
        println!("{}: {on_kept} of {} ended on a kept connection", wire.name(), sent / 2);
        assert!(on_kept > 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kept_connection_that_ended_in_good_time_is_replaced_and_the_request_seen_once() {
    let chain = Chain::wepay(100).await;
    for wire in [Wire::Plain, Wire::Tls1, Wire::Tls2] {
        let middle = Middle::start(wire, chain.sandbox.addresses().http).await;
        let transport = transport(&middle.authority.root_pem, true, Limits::default());
        for number in 1..=10 {
            middle.plan_next(Act::EndAnswer(usize::MAX));
            let outcome = chain.send(&transport, &middle.origin(), &READ).await;
            assert_eq!(class(&outcome), "done", "{wire:?}");
            middle.until_nobody_is_here().await;
            assert_eq!((middle.seen(), middle.connections()), (number, number));
        }
    }
}

/// A server on threads of its own: it answers once, hangs up when it is told to, and counts.
struct HangsUp {
    port: u16,
    bodies: Arc<Mutex<Vec<String>>>,
    hang_up: Sender<()>,
    gone: Receiver<()>,
}

impl HangsUp {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let bodies = Arc::new(Mutex::new(Vec::new()));
        let (hang_up, told) = channel();
        let (tell, gone) = channel();
        let seen = Arc::clone(&bodies);
        std::thread::spawn(move || {
            let (mut first, _) = listener.accept().unwrap();
            answer(&mut first, &seen);
            told.recv().unwrap();
            drop(first);
            tell.send(()).unwrap();
            while let Ok((mut next, _)) = listener.accept() {
                answer(&mut next, &seen);
            }
        });
        Self { port, bodies, hang_up, gone }
    }
}

fn answer(stream: &mut TcpStream, seen: &Mutex<Vec<String>>) {
    let (mut request, mut piece) = (Vec::new(), [0; 4096]);
    while message_end(&request).is_none() {
        match stream.read(&mut piece) {
            Ok(0) | Err(_) => return,
            Ok(count) => request.extend_from_slice(&piece[..count]),
        }
    }
    let text = String::from_utf8(request).unwrap();
    seen.lock().unwrap().push(text.rsplit("\r\n\r\n").next().unwrap().to_owned());
    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
}

#[test]
fn a_request_written_to_a_connection_that_is_already_dead_is_in_doubt_and_not_written_again() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let server = HangsUp::start();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let options = TransportOptions { proxy: ProxyUse::Direct, ..TransportOptions::default() };
    let transport = HttpTransport::new(options).unwrap();
    let send = |body: &str| {
        let request = HttpRequest {
            method: Method::Post,
            url: format!("http://127.0.0.1:{}/v2/account/kyc/authorize", server.port),
            headers: Vec::new(),
            body: body.as_bytes().to_vec(),
        };
        runtime.block_on(transport.send(request)).map(|response| response.status)
    };
    assert_eq!(send("first"), Ok(200));
    // The only thread of the runtime stands here, so it cannot notice that the connection ends.
    server.hang_up.send(()).unwrap();
    server.gone.recv().unwrap();
    assert_eq!(send("second"), Err(TransportFault::AfterFirstByte));
    assert_eq!(send("third"), Ok(200));
    assert_eq!(*server.bodies.lock().unwrap(), ["first", "third"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_at_once_on_a_connection_that_goes_away_none_is_seen_twice() {
    const AT_ONCE: usize = 8;
    let chain = Arc::new(Chain::wepay(60_000).await);
    for last in [0, 5, u32::MAX >> 1] {
        let middle = Middle::start(Wire::Tls2, chain.sandbox.addresses().http).await;
        let transport = Arc::new(transport(&middle.authority.root_pem, true, Limits::default()));
        // Where HTTP/2 is known to be spoken, all share one connection.
        chain.send(&transport, &middle.origin(), &READ).await;
        middle.plan(4, Act::GoAway { last, code: NO_ERROR, passed: false });
        let before = chain.effects(Effect::FileUploaded);
        let mut sending = tokio::task::JoinSet::new();
        for _ in 0..AT_ONCE {
            let (chain, transport) = (Arc::clone(&chain), Arc::clone(&transport));
            let origin = middle.origin();
            sending.spawn(async move { chain.send(&transport, &origin, &chain.upload()).await });
        }
        let (mut done, mut lost) = (0, 0);
        while let Some(outcome) = sending.join_next().await {
            match class(&outcome.unwrap()).as_str() {
                "done" => done += 1,
                "ambiguous: broken" => lost += 1,
                other => panic!("{other}"),
            }
        }
        assert_eq!(done + lost, AT_ONCE);
        assert!(lost >= 1, "the one that was planned");
        let begun = middle.records().len() - 1;
        assert!(begun <= AT_ONCE, "{begun} begun of {AT_ONCE}");
        let arrived = chain.effects(Effect::FileUploaded) - before;
        assert!((done..=AT_ONCE).contains(&arrived), "{arrived} arrived, {done} done");
        println!("GOAWAY with last stream {last}: {done} done, {lost} in doubt, {begun} begun");
    }
}
