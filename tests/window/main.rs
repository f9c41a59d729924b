//! The product's stories through the real window: the app as it is built, WebKit, real files, real
//! HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod desk;
mod driver;
mod kills;
mod kinds;
mod outbox;
mod shot;
mod steps;
mod stories;
mod zoom;
