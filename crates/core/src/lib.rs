//! The domain of Satchel and every decision in it.
//!
//! Owns: what an onboarding is, what a provider may ask, what an answer means for a submission, and
//! when
//! to try again. Must not know: sockets, files, databases, clocks, windows. Time and chance are
//! arguments.

pub mod account;
pub mod audit;
pub mod chance;
pub mod clock;
pub mod delivery;
pub mod http;
pub mod ids;
pub mod onboarding;
pub mod photo;
pub mod policy;
pub mod provider;
pub mod retention;
pub mod secret;
pub mod store;
