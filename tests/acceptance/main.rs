//! The promises of the product, held against the real app, the real store and the practice provider
//! over
//! real HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod answers;
mod audited;
mod bad_input;
mod desk;
mod forgotten;
mod full_disk;
mod guarded;
mod judged;
mod keychain;
mod killed;
mod leaks;
mod memory;
mod mended;
mod outbox;
mod people;
mod pin;
mod plain;
mod program;
mod raw_disk;
#[path = "../raw_image.rs"]
mod raw_image;
mod search;
#[path = "../searched.rs"]
mod searched;
mod slow_links;
mod stories;
#[path = "../traced.rs"]
mod traced;
mod traces;
mod world;
