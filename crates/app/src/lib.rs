//! Use cases, the one runtime loop, and everything the window may see.

pub mod api;
