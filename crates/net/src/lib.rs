//! HTTP: a request in, a whole answer or a [`TransportFault`](satchel_core::http::TransportFault)
//! out.
//!
//! Owns: the only sockets to providers, TLS and its roots, limits on waiting and on size, and
//! whether a request byte may have left. Must not know: which provider it talks to, or what an
//! answer means.

mod classify;
mod pace;
pub mod policy;
mod tls;
mod transport;

pub use policy::Limits;
pub use transport::{HttpTransport, PlainHttp, ProxyUse, TransportOptions, TransportSetupFault};
