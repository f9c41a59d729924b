//! Use cases, the one runtime loop, and everything the window may see.
//!
//! Owns: putting the parts together, the session of an open vault, and the views. Must not know:
//! windows,
//! widgets, SQL, sockets. The desktop shell, `satchelctl` and the tests all call [`Satchel`].

mod accounts;
pub mod api;
mod audit;
mod clock;
mod connections;
mod device;
mod drafts;
mod export;
mod fail_point;
mod fault;
mod folder;
mod forget;
mod http;
mod import;
mod in_hand;
mod lighten;
mod locking;
#[cfg(any(test, feature = "test-hooks"))]
mod memory_keychain;
mod outbox;
mod outgoing;
mod people;
mod photos;
mod ports;
mod practice;
#[cfg(feature = "test-hooks")]
mod probe;
mod quick;
#[cfg(feature = "test-hooks")]
pub mod rehearsal;
mod runtime;
mod satchel;
mod secrets;
mod session;
mod strength;
mod sweep;
mod training;
mod tries;
mod view;

pub use audit::verify_audit_copy;
#[cfg(feature = "test-hooks")]
pub use clock::MovedClock;
pub use clock::SystemClock;
#[cfg(feature = "test-hooks")]
pub use fail_point::fail_points;
pub use folder::Folder;
pub use http::real_transports;
pub use locking::SystemSays;
#[cfg(any(test, feature = "test-hooks"))]
pub use memory_keychain::MemoryKeychain;
#[cfg(feature = "test-hooks")]
pub use outgoing::transport_outcome;
pub use photos::{Picture, Prepared, prepare};
pub use ports::{Clock, Exchange, Keychain, Ports, Transport, Transports};
pub use practice::{Practice, PracticeAccount, PracticeConnection, PracticeProvider};
pub use satchel::Satchel;
pub use satchel_capture::{Darkroom, is_photo_worker, photo_worker};
pub use satchel_core::clock::Moment;
pub use satchel_core::http::{HttpRequest, HttpResponse, TransportFault};
pub use satchel_core::onboarding::{Country, EntityKind};
#[cfg(feature = "test-hooks")]
pub use satchel_keychain::KeychainFault;
pub use satchel_vault::{Cost, CreateOptions};
pub use secrets::system_keychain;
