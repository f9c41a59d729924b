//! The real way to a provider.

use std::sync::Arc;

use satchel_core::account::Connection;
use satchel_core::http::{HttpRequest, TransportFault};
use satchel_net::{HttpTransport, TransportOptions};

use crate::ports::{Exchange, Transport, Transports};

impl Transport for HttpTransport {
    fn send(&self, request: HttpRequest) -> Exchange<'_> {
        Box::pin(HttpTransport::send(self, request))
    }
}

/// One HTTP client per connection, which trusts the connection's own root beside the usual ones.
pub fn real_transports() -> Arc<Transports> {
    Arc::new(|connection: &Connection| -> Result<Arc<dyn Transport>, TransportFault> {
        let options = TransportOptions {
            extra_root_pem: connection.extra_root_pem.clone(),
            ..TransportOptions::default()
        };
        let transport = HttpTransport::new(options).map_err(|_| TransportFault::BadAddress)?;
        Ok(Arc::new(transport))
    })
}
