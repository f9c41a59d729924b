//! The desktop's word that nobody sits before the screen any more, over D-Bus.

use std::time::Duration;

use futures_core::Stream;
use tokio::sync::mpsc::Sender;
use zbus::message::Type;
use zbus::zvariant::{OwnedFd, OwnedObjectPath};
use zbus::{Connection, MatchRule, Message, MessageStream};

/// What the system said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// The screen was locked.
    ScreenLocked,
    /// The machine is about to sleep.
    Suspending,
}

/// Something that the system said. As long as it lives, a suspend waits, within the system's own
/// limit of some seconds.
#[derive(Debug)]
pub struct Heard {
    /// What was said.
    pub said: Said,
    _delay: Option<OwnedFd>,
}

/// How long to wait for a bus that is not there or went away.
const AGAIN: Duration = Duration::from_secs(30);

const LOGIN: &str = "org.freedesktop.login1";
const MANAGER: &str = "org.freedesktop.login1.Manager";
const SESSION: &str = "org.freedesktop.login1.Session";
const LOGIN_PATH: &str = "/org/freedesktop/login1";

/// Desktops that say on the session's bus when their screen is locked.
const SCREENS: [&str; 4] = [
    "org.freedesktop.ScreenSaver",
    "org.gnome.ScreenSaver",
    "org.cinnamon.ScreenSaver",
    "org.mate.ScreenSaver",
];

/// Listens to both buses until nobody receives any more. Where there is none, nothing is heard.
pub async fn listen(heard: Sender<Heard>) {
    let machine = async {
        while !heard.is_closed() {
            if let Ok(bus) = Connection::system().await {
                // A bus that went away is looked for again.
                let _ = of_the_machine(&bus, &heard).await;
            }
            tokio::time::sleep(AGAIN).await;
        }
    };
    let screen = async {
        while !heard.is_closed() {
            if let Ok(bus) = Connection::session().await {
                // As above.
                let _ = of_the_screen(&bus, &heard).await;
            }
            tokio::time::sleep(AGAIN).await;
        }
    };
    tokio::join!(machine, screen);
}

/// Hears from the login manager that the session is locked or the machine will sleep, and has the
/// sleep wait until what was heard is dropped.
///
/// # Errors
/// What the bus answers. Returns when the bus is gone.
pub async fn of_the_machine(bus: &Connection, heard: &Sender<Heard>) -> zbus::Result<()> {
    let from_login =
        |interface| MatchRule::builder().msg_type(Type::Signal).sender(LOGIN)?.interface(interface);
    let sleeps = from_login(MANAGER)?.member("PrepareForSleep")?.build();
    let mut sleeps = MessageStream::for_match_rule(sleeps, bus, None).await?;
    let mut locks = from_login(SESSION)?.member("Lock")?;
    if let Ok(session) = own_session(bus).await {
        locks = locks.path(session.into_inner())?;
    }
    let mut locks = MessageStream::for_match_rule(locks.build(), bus, None).await?;
    let mut delay = delay(bus).await.ok();
    loop {
        let said = tokio::select! {
            message = next(&mut sleeps) => match message?.body().deserialize()? {
                true => Heard { said: Said::Suspending, _delay: delay.take() },
                false => {
                    delay = self::delay(bus).await.ok();
                    continue;
                }
            },
            message = next(&mut locks) => {
                message?;
                Heard { said: Said::ScreenLocked, _delay: None }
            }
        };
        if heard.send(said).await.is_err() {
            return Ok(());
        }
    }
}

/// Hears from the desktop that its screen was locked.
///
/// # Errors
/// What the bus answers. Returns when the bus is gone.
pub async fn of_the_screen(bus: &Connection, heard: &Sender<Heard>) -> zbus::Result<()> {
    let rule = MatchRule::builder().msg_type(Type::Signal).member("ActiveChanged")?.build();
    let mut changes = MessageStream::for_match_rule(rule, bus, None).await?;
    loop {
        let message = next(&mut changes).await?;
        let header = message.header();
        let known = header.interface().is_some_and(|name| SCREENS.contains(&name.as_str()));
        // What does not say "yes" is no lock.
        if known && message.body().deserialize::<bool>().unwrap_or(false) {
            let locked = Heard { said: Said::ScreenLocked, _delay: None };
            if heard.send(locked).await.is_err() {
                return Ok(());
            }
        }
    }
}

/// The next message; an end is a bus that is gone.
async fn next(stream: &mut MessageStream) -> zbus::Result<Message> {
    let next = std::future::poll_fn(|context| std::pin::Pin::new(&mut *stream).poll_next(context));
    next.await.unwrap_or(Err(zbus::Error::InputOutput(std::sync::Arc::new(
        std::io::ErrorKind::UnexpectedEof.into(),
    ))))
}

/// Keeps the machine awake until it is closed.
async fn delay(bus: &Connection) -> zbus::Result<OwnedFd> {
    let asked = ("sleep", "Satchel", "closes what is open", "delay");
    let answer = bus.call_method(Some(LOGIN), LOGIN_PATH, Some(MANAGER), "Inhibit", &asked).await?;
    answer.body().deserialize()
}

/// The session that this program belongs to.
async fn own_session(bus: &Connection) -> zbus::Result<OwnedObjectPath> {
    let by_name = std::env::var("XDG_SESSION_ID").ok();
    let answer = match by_name {
        Some(id) => {
            bus.call_method(Some(LOGIN), LOGIN_PATH, Some(MANAGER), "GetSession", &(id,)).await
        }
        None => {
            let own = (0_u32,);
            bus.call_method(Some(LOGIN), LOGIN_PATH, Some(MANAGER), "GetSessionByPID", &own).await
        }
    };
    answer?.body().deserialize()
}
