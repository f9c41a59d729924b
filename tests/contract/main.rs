//! One suite per port; every adapter passes it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    missing_docs
)]

mod conversation;
mod provider;
mod sample;
