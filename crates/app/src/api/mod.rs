//! Everything the window may see: `*Request` in, `*View` out, `Changed` in between.
//!
//! Views carry codes, times and amounts; the words are the window's. Times are milliseconds since
//! 1970-01-01 UTC. Each type is exported to TypeScript.

mod accounts;
mod audit;
mod connections;
mod error;
mod keeping;
mod onboarding;
mod outbox;
mod people;
mod photos;
mod settings;
mod vault;

pub use accounts::*;
pub use audit::*;
pub use connections::*;
pub use error::*;
pub use keeping::*;
pub use onboarding::*;
pub use outbox::*;
pub use people::*;
pub use photos::*;
pub use settings::*;
pub use vault::*;
