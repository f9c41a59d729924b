//! The promises of the product, held against the real app, the real store and the practice provider
//! over
//! real HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod answers;
mod bad_input;
mod desk;
mod full_disk;
mod judged;
mod killed;
mod leaks;
mod mended;
mod outbox;
mod people;
mod pin;
mod plain;
mod program;
mod search;
mod slow_links;
mod stories;
mod world;
