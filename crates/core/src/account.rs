//! Accounts and connections.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::UnixMs;
use crate::ids::{AccountId, ConnectionId};
use crate::onboarding::{Country, EntityKind};
use crate::secret::Secret;

/// A configured provider: where it is, who we are there, and how it behaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connection {
    /// Its identifier on this device.
    pub id: ConnectionId,
    /// Which provider's protocol it speaks: `wepay`, `winter`.
    pub provider: String,
    /// What people here call it.
    pub name: String,
    /// Values of the provider's connection fields that are not secret: `base_url`, header names,
    /// switches.
    pub settings: BTreeMap<String, String>,
    /// Values of the provider's connection fields that are secret: tokens, keys.
    pub credentials: BTreeMap<String, Secret>,
    /// An extra root certificate (PEM) to trust on this connection alone, for a relay.
    pub extra_root_pem: Option<String>,
    /// Whether the person has paused it.
    pub paused: bool,
    /// When it was made.
    pub created_ms: UnixMs,
}

impl Connection {
    /// A setting, or the empty text.
    pub fn setting(&self, key: &str) -> &str {
        self.settings.get(key).map_or("", String::as_str)
    }

    /// A credential, or the empty text.
    pub fn credential(&self, key: &str) -> &str {
        self.credentials.get(key).map_or("", Secret::reveal)
    }
}

/// A merchant's account at a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its identifier on this device.
    pub id: AccountId,
    /// The connection through which it is reached.
    pub connection: ConnectionId,
    /// The provider's own identifier.
    pub remote_id: String,
    /// What people call it.
    pub name: String,
    /// What kind of applicant it is for, when known beforehand.
    pub kind: Option<EntityKind>,
    /// Its country, when known beforehand.
    pub country: Option<Country>,
    /// The owner's e-mail address, when known beforehand.
    pub email: Option<String>,
    /// A token of its own, which outranks the connection's.
    pub token: Option<Secret>,
    /// When it was added here.
    pub created_ms: UnixMs,
    /// When everything personal in it was forgotten.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forgotten_ms: Option<UnixMs>,
}

impl Account {
    /// What stays once it is forgotten: the provider's own identifier and the dates.
    pub fn forgotten(&self, at_ms: UnixMs) -> Self {
        Self {
            id: self.id.clone(),
            connection: self.connection.clone(),
            remote_id: self.remote_id.clone(),
            name: String::new(),
            kind: None,
            country: None,
            email: None,
            token: None,
            created_ms: self.created_ms,
            forgotten_ms: Some(at_ms),
        }
    }
}
