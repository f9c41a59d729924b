//! A stand-in for the two KYC APIs that Satchel delivers to: WePay v2 (2017-02-01) and Winter.
//!
//! It owns what a provider does with a request: validation, error codes, the 30-minute windows, the
//! reviewer and a journal of every effect as ground truth. It can be told to misbehave like a bad
//! network. It must know nothing of the rest of Satchel: its wire types are written from the
//! providers' documents alone, so that a mistake made twice cannot pass.

mod admin;
mod clock;
mod connection;
mod digest;
mod faults;
mod hello;
mod journal;
mod json;
mod multipart;
mod options;
mod policy;
mod review;
mod script;
mod seed;
mod server;
mod sniff;
mod state;
mod store;
mod tls;
mod wepay;
mod winter;
mod wire;
mod world;

pub use faults::{Fault, FaultRule};
pub use hello::{Addresses, Hello, TestAccount};
pub use journal::{Effect, JournalEntry, Provider};
pub use options::{Options, SecondCreate, StartError, Switches};
pub use server::{Running, Sandbox};

/// The examples of the README compile.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
