//! What the app needs from outside, so that tests can stand in for it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use satchel_capture::Darkroom;
use satchel_core::account::Connection;
use satchel_core::clock::Moment;
use satchel_core::http::{HttpRequest, HttpResponse, TransportFault};
use satchel_keychain::{KeychainFault, Secret};

/// Reads both clocks.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Moment;

    /// Milliseconds by which it is told how long nobody was there, suspends included.
    fn presence_ms(&self) -> u64 {
        self.now().boot_ms
    }

    /// Whether time may jump ahead of the machine's: waits are then cut into small pieces.
    fn is_moved(&self) -> bool {
        false
    }
}

/// An answer on its way.
pub type Exchange<'a> =
    Pin<Box<dyn Future<Output = Result<HttpResponse, TransportFault>> + Send + 'a>>;

/// Carries one request to one provider. Never retries, never follows a redirect.
pub trait Transport: Send + Sync {
    /// Sends.
    fn send(&self, request: HttpRequest) -> Exchange<'_>;
}

/// Makes the transport of a connection.
pub type Transports =
    dyn Fn(&Connection) -> Result<Arc<dyn Transport>, TransportFault> + Send + Sync;

/// Keeps small secrets of this device. May ask a person and may take a minute: called outside
/// locks.
pub trait Keychain: Send + Sync {
    /// Whether it keeps what it is given.
    ///
    /// # Errors
    /// [`KeychainFault`] with what is wrong with it, as in every call.
    fn probe(&self) -> Result<(), KeychainFault>;
    /// The secret under a name, or `None` when it is open and has none of that name.
    fn read(&self, name: &str) -> Result<Option<Secret>, KeychainFault>;
    /// Keeps a secret under a name.
    fn write(&self, name: &str, secret: &[u8]) -> Result<(), KeychainFault>;
    /// Deletes what is under a name.
    fn delete(&self, name: &str) -> Result<(), KeychainFault>;
}

/// Everything from outside, put together once.
#[derive(Clone)]
pub struct Ports {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Ways to the providers.
    pub transports: Arc<Transports>,
    /// Where photos are made.
    pub darkroom: Darkroom,
    /// The operating system's keychain.
    pub keychain: Arc<dyn Keychain>,
    /// Tells windows that something changed. Must not block.
    pub changed: Arc<dyn Fn(crate::api::ChangedView) + Send + Sync>,
    /// Begins anew whatever showed the vault that was just locked. Must not block.
    pub locked: Arc<dyn Fn() + Send + Sync>,
}

impl std::fmt::Debug for Ports {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Ports")
    }
}
