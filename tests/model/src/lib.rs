//! An exhaustive model of delivery: every interleaving of a small world around core's own decision.
//!
//! Owns: a small WePay and a small Winter, an adversary that loses, delays and crashes, and the
//! promises that are checked in every state. Decides nothing: the client is core's
//! [`next`](satchel_core::delivery::next) and
//! [`Submission::after`](satchel_core::delivery::Submission::after).
//!
//! Between two moments of its grid everything may happen in any order. A state is what can still
//! matter: the submission as core tells it anew from one moment, what is on its way with its age,
//! and what the provider holds. A request that can change nothing any more is forgotten, as are
//! drafts and files that nobody can name. Beside the promises, each state is led on without faults
//! until it comes to an end or asks a person.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod bent;
mod client;
mod deed;
mod digest;
mod explore;
mod judge;
mod naive;
mod report;
mod scope;
mod scopes;
mod wepay;
mod winter;
mod world;

pub use report::{Other, Proof, explore_core, explore_core_among_others, lead_others_astray};
