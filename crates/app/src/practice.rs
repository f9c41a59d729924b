//! The practice provider of training mode, as a port: only the desktop shell has one.

use std::path::Path;

use satchel_core::onboarding::{Country, EntityKind};

/// Starts and stops the practice provider.
pub trait Practice: Send + Sync {
    /// Starts it, or says where it already runs. Keeps its files in `folder`.
    ///
    /// # Errors
    /// What stood in its way, for Details.
    fn start(&self, folder: &Path) -> Result<PracticeProvider, String>;

    /// Stops it.
    fn stop(&self);
}

/// How to reach the practice provider.
#[derive(Clone, Debug)]
pub struct PracticeProvider {
    /// Connections to make: provider code, settings, credentials.
    pub connections: Vec<PracticeConnection>,
    /// The page on which a person plays the provider.
    pub review_url: String,
}

/// One connection of the practice provider.
#[derive(Clone, Debug)]
pub struct PracticeConnection {
    /// Provider code.
    pub provider: String,
    /// Settings by key.
    pub settings: Vec<(String, String)>,
    /// Credentials by key.
    pub credentials: Vec<(String, String)>,
    /// Accounts on it.
    pub accounts: Vec<PracticeAccount>,
}

/// A made-up merchant.
#[derive(Clone, Debug)]
pub struct PracticeAccount {
    /// The provider's identifier.
    pub remote_id: String,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: Option<EntityKind>,
    /// Country.
    pub country: Option<Country>,
}
