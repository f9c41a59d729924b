//! The sealed forms: records, keys of their own, photos, and the chain of the log.

pub(crate) mod chain;
pub(crate) mod data_key;
pub(crate) mod record;
pub(crate) mod stream;

/// What does not open: damaged, exchanged, or sealed under another key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unopened;
