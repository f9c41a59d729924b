//! The hostile middle: a program between the app and the provider that counts what passes and does
//! exactly one thing wrong.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::identity::{Authority, Certificate, HIDDEN_NAME};
use crate::{http1, http2};

/// Longest wait for something that must come by itself: generous, since machines are busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// What the app speaks to the middle. The middle speaks to the provider without TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// HTTP/1.1 without TLS: every byte is one that the other side sees.
    Plain,
    /// HTTP/1.1 over TLS.
    Tls1,
    /// HTTP/2 over TLS.
    Tls2,
    /// HTTP/1.1 over TLS, through a proxy that wants a CONNECT.
    Proxied,
}

impl Wire {
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "h1",
            Self::Tls1 => "h1 tls",
            Self::Tls2 => "h2",
            Self::Proxied => "proxy",
        }
    }
}

/// An answer that is not the provider's.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// Announced in the head beside what the body has; the connection then ends.
    pub missing_bytes: usize,
}

impl Reply {
    pub fn new(status: u16, kind: &str, body: impl Into<Vec<u8>>) -> Self {
        let headers = vec![("content-type".to_owned(), kind.to_owned())];
        Self { status, headers, body: body.into(), missing_bytes: 0 }
    }

    pub fn json(status: u16, body: &str) -> Self {
        Self::new(status, "application/json", body)
    }

    pub fn page(status: u16) -> Self {
        const PAGE: &str = "<!DOCTYPE html><title>Sign in</title><form><input name=room></form>";
        Self::new(status, "text/html; charset=utf-8", PAGE)
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

/// What is done to one request.
#[derive(Clone, Debug)]
pub enum Act {
    /// Answers in the provider's place; the request does not get there.
    Answer(Reply),
    /// Lets the request through and answers in the provider's place.
    Replace(Reply),
    /// Lets so many bytes of the request through and resets both sides.
    CutRequest(usize),
    /// Lets the request and so many bytes of the answer through and resets the connection.
    CutAnswer(usize),
    /// The same, but the connection ends in good order.
    EndAnswer(usize),
    /// Answers nothing and keeps the connection.
    Silence { passed: bool },
    /// Lets the request through and keeps the answer until it is released.
    Hold,
    /// Lets the request through and answers with its head at once and a byte of body now and then.
    TrickleBody,
    /// The same with a head that never ends.
    TrickleHead,
    /// Answers with something that is no HTTP.
    Garbage,
    /// Passes all, and the connection ends in good order.
    PassAndEnd,
    /// Answers with a body without end.
    Endless { chunked: bool },
    /// HTTP/2: says that it goes away and has handled nothing above a stream.
    GoAway { last: u32, code: u32, passed: bool },
    /// HTTP/2: resets the stream.
    ResetStream { code: u32, passed: bool },
}

/// What happens to a connection before any request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// Reset as soon as it is accepted.
    Reset,
    /// Something that is no TLS.
    Noise,
    /// Nothing at all.
    Mute,
    /// TLS with this certificate.
    Shows(Certificate),
    /// A proxy wants a sign-in.
    SignIn,
}

/// One request as it came.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Which connection it came on.
    pub connection: usize,
    /// Its bytes; of HTTP/2 those of its frames.
    pub request: Vec<u8>,
    /// Whether it came to its end.
    pub whole: bool,
    /// The bytes of the provider's own answer.
    pub answer: Vec<u8>,
    /// Whether the answer was wholly handed to the client.
    pub answered: bool,
}

#[derive(Default)]
struct Book {
    door: Option<(Door, Option<TlsAcceptor>)>,
    later_door: Option<(Door, Option<TlsAcceptor>)>,
    plan: Option<(usize, Act)>,
    records: Vec<Record>,
    connections: usize,
    open_connections: usize,
    turned_away: usize,
    fired: usize,
    holds: bool,
    /// Connections on which nothing is asked end in good order.
    idle_ends: bool,
    released: Option<Released>,
}

/// How a held answer goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Released {
    Answered,
    Reset,
}

/// What connections share.
pub struct Shared {
    pub upstream: SocketAddr,
    wire: Wire,
    good: TlsAcceptor,
    book: Mutex<Book>,
    changed: Notify,
}

/// A middle at work; it ends when it is dropped.
pub struct Middle {
    pub port: u16,
    pub authority: Authority,
    pub shared: Arc<Shared>,
    task: JoinHandle<()>,
}

impl Middle {
    pub async fn start(wire: Wire, upstream: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let authority = Authority::new();
        let good = authority.acceptor(Certificate::Good, protocols(wire));
        let (book, changed) = (Mutex::default(), Notify::new());
        let shared = Arc::new(Shared { upstream, wire, good, book, changed });
        let task = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Self { port, authority, shared, task }
    }

    /// Where a client finds the provider through this middle.
    pub fn origin(&self) -> String {
        match self.shared.wire {
            Wire::Plain => format!("http://127.0.0.1:{}", self.port),
            Wire::Tls1 | Wire::Tls2 => format!("https://localhost:{}", self.port),
            Wire::Proxied => format!("https://{HIDDEN_NAME}"),
        }
    }

    /// Does `act` to the request of that number, counted from 1.
    pub fn plan(&self, number: usize, act: Act) {
        self.shared.book().plan = Some((number, act));
    }

    /// Does `act` to the next request.
    pub fn plan_next(&self, act: Act) {
        let mut book = self.shared.book();
        book.plan = Some((book.records.len() + 1, act));
    }

    /// Does this to every connection from now on.
    pub fn door(&self, door: Door) {
        let acceptor = self.acceptor(door);
        self.shared.book().door = Some((door, acceptor));
    }

    /// Lets the requests before that number pass, and does this to every later connection.
    pub fn door_before(&self, number: usize, door: Door) {
        let acceptor = self.acceptor(door);
        let mut book = self.shared.book();
        book.later_door = Some((door, acceptor));
        book.plan = Some((number - 1, Act::PassAndEnd));
    }

    fn acceptor(&self, door: Door) -> Option<TlsAcceptor> {
        match door {
            Door::Shows(certificate) => {
                Some(self.authority.acceptor(certificate, protocols(self.shared.wire)))
            }
            Door::Reset | Door::Noise | Door::Mute | Door::SignIn => None,
        }
    }

    /// Does nothing wrong any more.
    pub fn behave(&self) {
        let mut book = self.shared.book();
        book.plan = None;
        book.door = None;
        book.later_door = None;
        book.idle_ends = false;
    }

    /// Lets a held answer go, or resets the connection that waits for it.
    pub fn release(&self, how: Released) {
        self.shared.change(|book| book.released = Some(how));
    }

    pub fn records(&self) -> Vec<Record> {
        self.shared.book().records.clone()
    }

    /// Requests that came whole.
    pub fn seen(&self) -> usize {
        self.shared.book().records.iter().filter(|r| r.whole).count()
    }

    /// Times that something went wrong as planned.
    pub fn fired(&self) -> usize {
        self.shared.book().fired
    }

    pub fn connections(&self) -> usize {
        self.shared.book().connections
    }

    /// Connections that no request came on, since they were turned away.
    pub fn turned_away(&self) -> usize {
        self.shared.book().turned_away
    }

    /// Waits until an answer is held back.
    pub async fn until_held(&self) {
        self.shared.until(|book| book.holds).await;
    }

    /// Waits until every connection has ended, on the client's side as well.
    pub async fn until_nobody_is_here(&self) {
        self.shared.until(|book| book.open_connections == 0).await;
    }
}

impl Drop for Middle {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap()
    }

    fn change<T>(&self, change: impl FnOnce(&mut Book) -> T) -> T {
        let changed = change(&mut self.book());
        self.changed.notify_waiters();
        changed
    }

    async fn until(&self, reached: impl Fn(&Book) -> bool) {
        let waited = tokio::time::timeout(PATIENCE, async {
            loop {
                let mut changed = std::pin::pin!(self.changed.notified());
                changed.as_mut().enable();
                if reached(&self.book()) {
                    return;
                }
                changed.await;
            }
        });
        waited.await.expect("the middle did not come to that");
    }

    /// Whether the next request is the one that something happens to.
    pub fn is_due(&self) -> bool {
        let book = self.book();
        let number = book.records.len() + 1;
        book.door.as_ref().is_some_and(|(door, _)| *door == Door::Mute)
            || book.plan.as_ref().is_some_and(|(planned, _)| *planned == number)
    }

    /// Whether the next request is to be cut before its first byte.
    pub fn cuts_before_first_byte(&self) -> bool {
        let mut book = self.book();
        let next = book.records.len() + 1;
        let cuts = book.plan.take_if(|(at, act)| *at == next && matches!(act, Act::CutRequest(0)));
        if cuts.is_some() {
            book.fired += 1;
        }
        drop(book);
        self.changed.notify_waiters();
        cuts.is_some()
    }

    /// A request begins: its number from 0, and what is to happen to it.
    pub fn begin(&self, connection: usize) -> (usize, Option<Act>) {
        self.change(|book| {
            book.records.push(Record { connection, ..Record::default() });
            let number = book.records.len();
            let planned = book.plan.take_if(|(at, _)| *at == number);
            book.fired += usize::from(planned.is_some());
            (number - 1, planned.map(|(_, act)| act))
        })
    }

    pub fn note(&self, number: usize, note: impl FnOnce(&mut Record)) {
        self.change(|book| note(&mut book.records[number]));
    }

    /// An answer is held back.
    pub fn holds(&self) {
        self.change(|book| book.holds = true);
    }

    /// Ends every connection but the one that asks this, and waits until their client has let go of
    /// them: it opens spare ones, which would never come to the door.
    pub async fn ends_others(&self) {
        self.change(|book| book.idle_ends = true);
        self.until(|book| book.open_connections <= 1).await;
    }

    /// Waits, however long, until idle connections are to end.
    pub async fn idle_end(&self) {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            changed.as_mut().enable();
            if self.book().idle_ends {
                return;
            }
            changed.await;
        }
    }

    /// The connection ends in good order; from here on the door that was kept for later is shut.
    pub fn ends_connection(&self) {
        self.change(|book| book.door = book.later_door.take());
    }

    /// Waits for somebody to say how a held answer goes on.
    pub async fn released(&self) -> Released {
        self.until(|book| book.released.is_some()).await;
        self.book().released.take().unwrap_or(Released::Reset)
    }
}

/// A connection with or without TLS.
pub trait Socket: AsyncRead + AsyncWrite + Unpin + Send {
    fn tcp(&self) -> &TcpStream;
}

impl Socket for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }
}

impl Socket for TlsStream<TcpStream> {
    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }
}

pub type Stream = Box<dyn Socket>;

/// Ends a connection by a reset.
pub fn reset(stream: &dyn Socket) {
    // A connection that is gone already needs no reset.
    let _ = stream.tcp().set_zero_linger();
}

fn protocols(wire: Wire) -> &'static [&'static str] {
    match wire {
        Wire::Plain | Wire::Tls1 | Wire::Proxied => &["http/1.1"],
        Wire::Tls2 => &["h2"],
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (stream, _) = accepted.unwrap();
                stream.set_nodelay(true).unwrap();
                let connection = shared.change(|book| {
                    book.connections += 1;
                    book.open_connections += 1;
                    book.connections
                });
                let shared = Arc::clone(&shared);
                connections.spawn(async move {
                    converse(&shared, stream, connection).await;
                    shared.change(|book| book.open_connections -= 1);
                });
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn converse(shared: &Shared, stream: TcpStream, connection: usize) {
    let door = shared.book().door.clone();
    match (door, shared.wire) {
        (Some((door, acceptor)), _) => {
            shared.change(|book| {
                book.turned_away += 1;
                book.fired += 1;
            });
            turn_away(stream, door, acceptor).await;
        }
        (None, Wire::Plain) => http1::converse(shared, Box::new(stream), connection).await,
        (None, Wire::Tls1) => secure(shared, stream, connection).await,
        (None, Wire::Proxied) => {
            let mut stream = stream;
            if http1::connect_head(&mut stream).await {
                stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
                secure(shared, stream, connection).await;
            }
        }
        (None, Wire::Tls2) => {
            if let Ok(stream) = shared.good.accept(stream).await {
                http2::converse(shared, Box::new(stream), connection).await;
            }
        }
    }
}

async fn turn_away(mut stream: TcpStream, door: Door, acceptor: Option<TlsAcceptor>) {
    match door {
        Door::Reset => reset(&stream),
        Door::Noise => {
            let _ = stream.write_all(b"220 mail.example ESMTP ready\r\n").await;
            read_to_end(&mut stream).await;
        }
        Door::Mute => read_to_end(&mut stream).await,
        Door::Shows(_) => {
            let stranger = acceptor.unwrap().accept(stream).await;
            assert!(stranger.is_err(), "a bad certificate was accepted");
        }
        Door::SignIn => {
            http1::connect_head(&mut stream).await;
            let refusal = Reply::page(407).with("proxy-authenticate", "Basic realm=\"room\"");
            let _ = stream.write_all(&http1::encode(&refusal)).await;
        }
    }
}

async fn secure(shared: &Shared, stream: TcpStream, connection: usize) {
    if let Ok(stream) = shared.good.accept(stream).await {
        http1::converse(shared, Box::new(stream), connection).await;
    }
}

/// Reads until the other side ends.
pub async fn read_to_end(stream: &mut (impl AsyncRead + Unpin + ?Sized)) {
    let mut piece = [0; 4096];
    while matches!(stream.read(&mut piece).await, Ok(count) if count > 0) {}
}
