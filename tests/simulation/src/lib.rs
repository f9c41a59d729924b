//! The real core, the real app loop and a real store in a faulty world: seeds, crashes, late bytes,
//! jumping clocks, people. Every promise is checked after every step; whatever breaks is shrunk and
//! can be seen again.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod class;
mod device;
mod dice;
mod disk;
mod exchange;
mod http;
mod judge;
mod keep;
mod medium;
mod net;
mod people;
mod run;
mod shrink;
mod tally;
#[cfg(test)]
mod tests;
mod time;
mod wepay;
mod winter;
mod world;

pub use disk::Broken;
pub use keep::Keep;
pub use medium::Stuff;
pub use run::{Course, Run, everything_was_hit, run};
pub use satchel_core::delivery::Mutation;
pub use shrink::{Shrunk, shrink};
pub use tally::Tally;
pub use world::{Case, Ending, Mode, live};
