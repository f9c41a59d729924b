//! A hostile network between the real app and the real practice provider, over real sockets of the
//! loopback: what each fault comes to, and that nothing ever arrives twice.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod bomb;
mod cases;
mod chain;
mod clocks;
mod cutter;
mod http1;
mod http2;
mod identity;
mod matrix;
mod middle;
mod offsets;
mod retries;
mod world;
