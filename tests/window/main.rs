//! The product's stories through the real window: the app as it is built, WebKit, real files, real
//! HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod desk;
mod driver;
mod kills;
mod kinds;
mod locking;
mod outbox;
mod raw_disk;
#[path = "../raw_image.rs"]
mod raw_image;
mod shot;
mod steps;
mod stories;
mod zoom;
