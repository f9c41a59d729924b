//! The sandbox over real HTTP, held against the reference: one test per contradiction of the
//! providers' documents (W1–W43, V1–V22), then the protocol, faults, time and the review page.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod bench;
mod bodies;
mod faults;
mod protocol;
mod restart;
mod review_page;
mod reviewer;
mod time;
mod tls;
mod wepay_details;
mod wepay_documents;
mod wepay_states;
mod winter_documents;
mod winter_info;
