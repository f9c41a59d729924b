//! The rules of the house that a compiler does not hold: who may know whom, how long things may
//! be, which words stay out, and why each dependency is here.
//!
//! Every check is a plain function over text, so that its own tests can feed it something bad.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod dependencies;
mod documents;
mod hooks;
mod layers;
mod rules;
mod sizes;
mod source;
mod tree;
mod unsafety;
mod window;
mod words;

/// Fails with one fault a line.
fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}
