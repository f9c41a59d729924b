//! Listening, and turning HTTP into calls and replies back into HTTP.

use std::future::poll_fn;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper::body::{Body, Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

use crate::connection::{Answer, Connection, Cut, Stream};
use crate::faults::{Fate, Fault, fate_of};
use crate::hello::{Addresses, Hello, describe};
use crate::journal::JournalEntry;
use crate::options::{Options, StartError, Switches};
use crate::policy::BODY_BYTES_MAX;
use crate::wire::{Call, Reply};
use crate::world::World;
use crate::{FaultRule, admin, clock, review, tls, wepay};

/// A stand-in for both providers.
#[derive(Clone, Copy, Debug)]
pub struct Sandbox;

/// A sandbox at work; it stops when it is told to or dropped.
#[derive(Debug)]
pub struct Running {
    addresses: Addresses,
    hello: Hello,
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    world: Mutex<World>,
    /// Rings when something may have become due sooner than the ticker thinks.
    changed: Notify,
}

/// The connection ends here without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the sandbox ends this connection")]
struct Dropped;

impl Sandbox {
    /// Starts a sandbox on the current tokio runtime.
    ///
    /// # Errors
    /// When an address cannot be listened on or is not loopback, or the data cannot be used.
    pub async fn start(options: Options) -> Result<Running, StartError> {
        let wanted = [Some(options.listen), options.tls_listen];
        for address in wanted.into_iter().flatten() {
            if !address.ip().is_loopback() && !options.allow_remote {
                return Err(StartError::NotLoopback(address));
            }
        }
        let world = World::open(&options)?;
        let (listener, http) = bind(options.listen).await?;
        let (stop, stopped) = watch::channel(false);
        let mut tls_listener = None;
        if let Some(address) = options.tls_listen {
            let identity = tls::identity(options.data.as_deref(), address.ip())?;
            tls_listener = Some((bind(address).await?, identity));
        }
        let https = tls_listener.as_ref().map(|((_, address), _)| *address);
        let identity = tls_listener.as_ref().map(|(_, identity)| identity);
        let addresses = Addresses { http, https };
        let hello = describe(&world, addresses, identity);
        let shared = Arc::new(Shared { world: Mutex::new(world), changed: Notify::new() });
        let mut tasks = vec![
            tokio::spawn(accept(listener, None, shared.clone(), stopped.clone())),
            tokio::spawn(tick(shared.clone(), stopped.clone())),
        ];
        if let Some(((listener, _), identity)) = tls_listener {
            let acceptor = Some(TlsAcceptor::from(identity.server));
            tasks.push(tokio::spawn(accept(listener, acceptor, shared.clone(), stopped)));
        }
        Ok(Running { addresses, hello, shared, stop, tasks })
    }
}

impl Running {
    /// Where it is listening.
    pub fn addresses(&self) -> Addresses {
        self.addresses
    }

    /// What a client needs to know: URLs, credentials, test accounts.
    pub fn hello(&self) -> &Hello {
        &self.hello
    }

    /// The same as one line of JSON.
    pub fn hello_json(&self) -> String {
        serde_json::to_string(&self.hello).unwrap_or_default()
    }

    /// Every effect so far.
    pub fn journal(&self) -> Vec<JournalEntry> {
        self.shared.world().journal.entries().to_vec()
    }

    /// Sandbox time in milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        self.shared.world().clock.now_ms()
    }

    /// Moves the clock on; what becomes due by it has happened when this returns.
    ///
    /// # Errors
    /// When the data cannot be written.
    pub fn advance(&self, by_ms: u32) -> io::Result<()> {
        let mut world = self.shared.world();
        world.advance(by_ms);
        let committed = world.commit();
        drop(world);
        self.shared.changed.notify_one();
        committed
    }

    /// Adds rules for faults.
    pub fn arm(&self, rules: Vec<FaultRule>) {
        self.shared.world().faults.arm(rules);
    }

    /// Removes all rules for faults.
    pub fn clear_faults(&self) {
        self.shared.world().faults.clear();
    }

    /// The switches in force.
    pub fn switches(&self) -> Switches {
        self.shared.world().switches.clone()
    }

    /// Replaces the switches.
    pub fn set_switches(&self, switches: Switches) {
        self.shared.world().switches = switches;
    }

    /// Closes every connection and waits until nothing runs any more.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        for task in self.tasks.drain(..) {
            // A task that panicked has stopped as well.
            let _ = task.await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

impl Shared {
    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets something happen in the world and makes it durable before anything is answered.
    fn change<T>(&self, change: impl FnOnce(&mut World) -> T) -> Result<T, Dropped> {
        let mut world = self.world();
        world.settle();
        let changed = change(&mut world);
        let committed = world.commit();
        drop(world);
        self.changed.notify_one();
        committed.map(|()| changed).map_err(|error| {
            eprintln!("satchel-sandbox: the data cannot be written: {error}");
            Dropped
        })
    }
}

async fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let fault = |error| StartError::Listen(address, error);
    let listener = TcpListener::bind(address).await.map_err(fault)?;
    let bound = listener.local_addr().map_err(fault)?;
    Ok((listener, bound))
}

/// Wakes the world when a review ends, a file expires or a late call arrives.
async fn tick(shared: Arc<Shared>, mut stopped: watch::Receiver<bool>) {
    const LONGEST: Duration = Duration::from_secs(3600);
    loop {
        let wait = {
            let world = shared.world();
            let wait_ms = world.next_due_ms().map(|due_ms| due_ms - world.clock.now_ms());
            match wait_ms.and_then(|ms| u64::try_from(ms.max(0)).ok()) {
                Some(ms) if !world.clock.is_frozen() => Duration::from_millis(ms).min(LONGEST),
                Some(_) | None => LONGEST,
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {
                // A failure to write is told on the next request, too.
                let _ = shared.change(|_| ());
            }
            () = shared.changed.notified() => {}
            _ = stopped.changed() => return,
        }
    }
}

async fn accept(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    shared: Arc<Shared>,
    mut stopped: watch::Receiver<bool>,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((socket, _)) => {
                    connections.spawn(connect(socket, tls.clone(), shared.clone()));
                }
                Err(error) => eprintln!("satchel-sandbox: cannot accept: {error}"),
            },
            Some(_) = connections.join_next() => {}
            _ = stopped.changed() => break,
        }
    }
    connections.shutdown().await;
}

async fn connect(socket: TcpStream, tls: Option<TlsAcceptor>, shared: Arc<Shared>) {
    if shared.world().faults.is_offline() && (tls.is_some() || !is_steering(&socket).await) {
        shared.world().faults.count_offline();
        return;
    }
    if socket.set_nodelay(true).is_err() {
        return;
    }
    let scheme = if tls.is_some() { "https" } else { "http" };
    let stream = match tls {
        None => Stream::Plain(socket),
        Some(acceptor) => match acceptor.accept(socket).await {
            Ok(stream) => Stream::Tls(Box::new(stream)),
            Err(_) => return,
        },
    };
    let cut = Arc::new(Cut::default());
    let connection = Connection::new(stream, cut.clone());
    let service = service_fn(|request| serve(shared.clone(), cut.clone(), scheme, request));
    let server = auto::Builder::new(TokioExecutor::new());
    // The connection ends when its client, a fault or an error ends it: nothing is left to do.
    let _ = server.serve_connection(TokioIo::new(connection), service).await;
}

/// Looks at the first bytes without taking them: steering works while the providers are offline.
async fn is_steering(socket: &TcpStream) -> bool {
    let mut first = [0_u8; 32];
    let Ok(length) = socket.peek(&mut first).await else {
        return false;
    };
    let first = String::from_utf8_lossy(first.get(..length).unwrap_or_default()).into_owned();
    first.split(' ').nth(1).is_some_and(is_steering_path)
}

fn is_steering_path(path: &str) -> bool {
    path.starts_with("/_sandbox/")
        || path == "/review"
        || path.starts_with("/review?")
        || path.starts_with("/review/")
}

async fn serve(
    shared: Arc<Shared>,
    cut: Arc<Cut>,
    scheme: &'static str,
    request: Request<Incoming>,
) -> Result<Response<Answer>, Dropped> {
    let call = receive(scheme, request).await?;
    if is_steering_path(&call.path) {
        let reply = shared.change(|world| {
            let is_review = call.path.starts_with("/review");
            if is_review { review::answer(world, &call) } else { admin::answer(world, &call) }
        })?;
        return respond(&shared, reply, None);
    }
    let fate = shared.change(|world| {
        if world.faults.is_offline() { None } else { Some(fate_of(world, &call)) }
    })?;
    let Some(Fate { latency_ms, fault }) = fate else {
        shared.world().faults.count_offline();
        cut.after(0);
        return Err(Dropped);
    };
    if latency_ms > 0 {
        tokio::time::sleep(Duration::from_millis(latency_ms)).await;
    }
    match fault {
        None => {
            let reply = shared.change(|world| world.answer(&call))?;
            respond(&shared, reply, None)
        }
        Some(fault) => befall(&shared, &cut, call, fault).await,
    }
}

/// Answers, or does not, as the fault wants it.
async fn befall(
    shared: &Shared,
    cut: &Cut,
    call: Call,
    fault: Fault,
) -> Result<Response<Answer>, Dropped> {
    let handled = || shared.change(|world| world.answer(&call));
    match fault {
        Fault::Latency { .. } => respond(shared, handled()?, None),
        Fault::Hang { processed } => {
            if processed {
                handled()?;
            }
            std::future::pending().await
        }
        Fault::Close | Fault::Offline => {
            cut.after(0);
            Err(Dropped)
        }
        Fault::LostAnswer => {
            handled()?;
            cut.after(0);
            Err(Dropped)
        }
        Fault::Late { delay_ms } => {
            shared.change(|world| world.deliver_late(call.clone(), delay_ms))?;
            cut.after(0);
            Err(Dropped)
        }
        Fault::Status { status, error_code, body, content_type, retry_after, processed } => {
            if processed {
                handled()?;
            }
            let by_code = error_code.map(|code| wepay::error_body(code).to_string());
            let body = body.or(by_code).unwrap_or_default();
            let kind = content_type.unwrap_or_else(|| "application/json".to_owned());
            let mut reply = Reply::typed(status, &kind, body.into_bytes());
            if let Some(seconds) = retry_after {
                reply = reply.with("retry-after", seconds);
            }
            respond(shared, reply, None)
        }
        Fault::Reset { at_byte } => {
            let reply = handled()?;
            cut.after(at_byte);
            respond(shared, reply, None)
        }
        Fault::Truncate { at_byte } => respond(shared, handled()?, Some(at_byte)),
        Fault::BrokenJson => {
            let mut reply = handled()?;
            reply.body.truncate(reply.body.len() / 2);
            respond(shared, reply, None)
        }
        Fault::WrongJson { body } => {
            handled()?;
            respond(shared, Reply::json(200, &body), None)
        }
        Fault::ForeignAccount => {
            let reply = handled()?;
            respond(shared, of_another_account(reply), None)
        }
        Fault::Portal { status } => respond(shared, portal(status), None),
    }
}

fn of_another_account(reply: Reply) -> Reply {
    let Ok(mut body) = serde_json::from_slice::<Value>(&reply.body) else {
        return reply;
    };
    if let Some(id) = body.get_mut("account_id") {
        *id = Value::from(5_091_778_699_i64);
    }
    if let Some(id) = body.get_mut("accountId") {
        *id = Value::from("W-foreign");
    }
    Reply { body: body.to_string().into(), ..reply }
}

fn portal(status: u16) -> Reply {
    let text = "<!DOCTYPE html><html lang=\"en\"><head><title>Sign in to the network</title></head>\
        <body><h1>Sign in</h1><form><input name=\"room\"><button>Connect</button></form></body>\
        </html>\n";
    let reply = Reply::html(status, text.to_owned());
    if (300..400).contains(&status) {
        return reply.with("location", "http://portal.invalid/login");
    }
    reply
}

/// Receives a request whole; what exceeds the limit is read and forgotten.
async fn receive(scheme: &str, request: Request<Incoming>) -> Result<Call, Dropped> {
    let (head, mut incoming) = request.into_parts();
    let mut body = Vec::new();
    let mut body_too_long = false;
    while let Some(frame) = poll_fn(|context| Pin::new(&mut incoming).poll_frame(context)).await {
        let frame = frame.map_err(|_| Dropped)?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        if body.len() + data.len() > BODY_BYTES_MAX {
            body_too_long = true;
        } else {
            body.extend_from_slice(&data);
        }
    }
    let host = head.headers.get("host").and_then(|value| value.to_str().ok());
    let host = head.uri.authority().map(|authority| authority.as_str()).or(host);
    Ok(Call {
        origin: format!("{scheme}://{}", host.unwrap_or("localhost")),
        method: head.method,
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: head.headers,
        body: Bytes::from(body),
        body_too_long,
    })
}

fn respond(
    shared: &Shared,
    reply: Reply,
    truncate_at: Option<usize>,
) -> Result<Response<Answer>, Dropped> {
    let answer = match truncate_at {
        Some(at_byte) => Answer::truncated(reply.body, reply.chunked, at_byte),
        None => Answer::whole(reply.body, reply.chunked),
    };
    let date = clock::http_date(shared.world().clock.now_ms());
    let mut response = Response::builder().status(reply.status).header("date", date);
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    response.body(answer).map_err(|error| {
        eprintln!("satchel-sandbox: an answer cannot be made: {error}");
        Dropped
    })
}
