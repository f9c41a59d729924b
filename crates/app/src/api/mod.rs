//! Everything the window may see: `*Request` in, `*View` out, `Changed` in between.
//!
//! Views carry codes, times and amounts; the words are the window's. Times are milliseconds since
//! 1970-01-01 UTC. Each type is exported to TypeScript.

mod accounts;
mod connections;
mod error;
mod onboarding;
mod outbox;
mod people;
mod photos;
mod settings;
mod vault;

pub use accounts::*;
pub use connections::*;
pub use error::*;
pub use onboarding::*;
pub use outbox::*;
pub use people::*;
pub use photos::*;
pub use settings::*;
pub use vault::*;
