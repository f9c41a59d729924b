#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod forgetting;
mod people;
mod recovery;
mod retold;
mod wepay_drafts;
mod wepay_photos;
mod winter;
