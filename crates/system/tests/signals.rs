//! The words of a stand-in desktop, over a real bus of its own.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
// What the interfaces of the bus are made of has no words of its own.
#![allow(missing_docs)]

use std::io::{BufRead, BufReader, Read};
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use satchel_system::{Heard, Said, of_the_machine, of_the_screen};
use tokio::sync::mpsc::{Receiver, channel};
use zbus::zvariant::{OwnedFd, OwnedObjectPath};
use zbus::{Connection, connection, interface, object_server::SignalEmitter};

const PATIENCE: Duration = Duration::from_secs(20);
const SESSION: &str = "/org/freedesktop/login1/session/_37";

/// A bus that is nobody else's.
struct Bus {
    daemon: Child,
    address: String,
}

impl Bus {
    fn start() -> Self {
        let mut daemon = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--nopidfile", "--print-address"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon is installed: cargo xtask setup");
        let mut address = String::new();
        BufReader::new(daemon.stdout.take().unwrap()).read_line(&mut address).unwrap();
        Self { daemon, address: address.trim().to_owned() }
    }

    async fn connect(&self) -> Connection {
        connection::Builder::address(self.address.as_str()).unwrap().build().await.unwrap()
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

/// A login manager that knows one session and hands out delays.
struct Login {
    delays: tokio::sync::mpsc::UnboundedSender<UnixStream>,
    asked: Mutex<Vec<String>>,
}

#[interface(name = "org.freedesktop.login1.Manager")]
impl Login {
    fn get_session(&self, _id: &str) -> OwnedObjectPath {
        SESSION.try_into().unwrap()
    }

    #[zbus(name = "GetSessionByPID")]
    fn get_session_by_pid(&self, _process: u32) -> OwnedObjectPath {
        SESSION.try_into().unwrap()
    }

    fn inhibit(&self, what: &str, who: &str, _why: &str, mode: &str) -> OwnedFd {
        self.asked.lock().unwrap().push(format!("{what} {who} {mode}"));
        let (ours, theirs) = UnixStream::pair().unwrap();
        self.delays.send(ours).unwrap();
        std::os::fd::OwnedFd::from(theirs).into()
    }

    #[zbus(signal)]
    async fn prepare_for_sleep(emitter: &SignalEmitter<'_>, start: bool) -> zbus::Result<()>;
}

/// The login manager on a bus, and whoever listens to it.
struct Machine {
    _bus: Bus,
    login: Connection,
    heard: Receiver<Heard>,
    delays: tokio::sync::mpsc::UnboundedReceiver<UnixStream>,
}

impl Machine {
    async fn listened_to() -> Self {
        let bus = Bus::start();
        let (sender, delays) = tokio::sync::mpsc::unbounded_channel();
        let login = Login { delays: sender, asked: Mutex::default() };
        let login = connection::Builder::address(bus.address.as_str())
            .unwrap()
            .serve_at("/org/freedesktop/login1", login)
            .unwrap()
            .name("org.freedesktop.login1")
            .unwrap()
            .build()
            .await
            .unwrap();
        let (sender, heard) = channel(4);
        let listener = bus.connect().await;
        tokio::spawn(async move { of_the_machine(&listener, &sender).await });
        Self { _bus: bus, login, heard, delays }
    }

    /// The manager's end of the delay that the listener asked for last.
    async fn delay(&mut self) -> UnixStream {
        tokio::time::timeout(PATIENCE, self.delays.recv()).await.unwrap().unwrap()
    }

    async fn sleeps(&self, start: bool) {
        let manager = self.login.object_server();
        let manager = manager.interface::<_, Login>("/org/freedesktop/login1").await.unwrap();
        Login::prepare_for_sleep(manager.signal_emitter(), start).await.unwrap();
    }

    async fn locks(&self, session: &str) {
        let interface = "org.freedesktop.login1.Session";
        self.login.emit_signal(None::<&str>, session, interface, "Lock", &()).await.unwrap();
    }

    async fn hear(&mut self) -> Heard {
        hear(&mut self.heard).await
    }
}

async fn hear(heard: &mut Receiver<Heard>) -> Heard {
    tokio::time::timeout(PATIENCE, heard.recv()).await.expect("something is heard").unwrap()
}

/// Whether the other end was closed.
fn is_over(mut delay: UnixStream) -> bool {
    delay.set_read_timeout(Some(PATIENCE)).unwrap();
    delay.read(&mut [0; 1]).is_ok_and(|read| read == 0)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_machine_that_will_sleep_waits_until_what_was_heard_is_done_with() {
    let mut machine = Machine::listened_to().await;
    let delay = machine.delay().await;
    machine.sleeps(true).await;
    let heard = machine.hear().await;
    assert_eq!(heard.said, Said::Suspending);
    delay.set_nonblocking(true).unwrap();
    let open = (&delay).read(&mut [0; 1]).unwrap_err();
    assert_eq!(open.kind(), std::io::ErrorKind::WouldBlock, "the delay still holds");
    delay.set_nonblocking(false).unwrap();
    drop(heard);
    assert!(is_over(delay), "the machine may sleep");

    machine.sleeps(false).await;
    let again = machine.delay().await;
    machine.sleeps(true).await;
    assert_eq!(machine.hear().await.said, Said::Suspending);
    assert!(is_over(again), "so it is the second time");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lock_of_our_own_session_is_heard_and_no_other() {
    let mut machine = Machine::listened_to().await;
    let _delay = machine.delay().await;
    machine.locks("/org/freedesktop/login1/session/_38").await;
    machine.locks(SESSION).await;
    assert_eq!(machine.hear().await.said, Said::ScreenLocked);
    machine.sleeps(true).await;
    assert_eq!(machine.hear().await.said, Said::Suspending, "the other session was not heard");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_screen_that_is_locked_is_heard_of_every_known_desktop_and_one_that_opens_is_not() {
    let bus = Bus::start();
    let (sender, mut heard) = channel(4);
    let (listener, desktop) = (bus.connect().await, bus.connect().await);
    let rules = listener.clone();
    tokio::spawn(async move { of_the_screen(&listener, &sender).await });
    // The rule is in place once the bus counts it.
    ruled(&rules).await;
    for interface in ["org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver"] {
        for active in [false, true] {
            let path = "/org/freedesktop/ScreenSaver";
            let body = (active,);
            let said = desktop.emit_signal(None::<&str>, path, interface, "ActiveChanged", &body);
            said.await.unwrap();
        }
        assert_eq!(hear(&mut heard).await.said, Said::ScreenLocked, "{interface}");
    }
    let other = "org.example.Lamp";
    desktop.emit_signal(None::<&str>, "/a", other, "ActiveChanged", &(true,)).await.unwrap();
    let last = "org.gnome.ScreenSaver";
    desktop.emit_signal(None::<&str>, "/a", last, "ActiveChanged", &(true,)).await.unwrap();
    assert_eq!(hear(&mut heard).await.said, Said::ScreenLocked);
    assert!(heard.try_recv().is_err(), "a lamp is no screen");
}

/// Waits until the bus knows a rule of this connection.
async fn ruled(bus: &Connection) {
    let begun = std::time::Instant::now();
    let name = bus.unique_name().unwrap().to_string();
    loop {
        let answer = bus
            .call_method(
                Some("org.freedesktop.DBus"),
                "/org/freedesktop/DBus",
                Some("org.freedesktop.DBus.Debug.Stats"),
                "GetAllMatchRules",
                &(),
            )
            .await;
        let rules: std::collections::HashMap<String, Vec<String>> =
            answer.unwrap().body().deserialize().unwrap();
        if rules.get(&name).is_some_and(|rules| rules.iter().any(|r| r.contains("ActiveChanged"))) {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "no rule came");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
