//! What the window sees, made from what is known. Codes, times and amounts; the words are the
//! window's.

mod account;
mod draft;
mod history;
mod licence;
mod list;
mod mask;
mod outbox;
mod report;
mod standing;

pub(crate) use account::{account, revealed};
pub(crate) use draft::{draft, photo, sections};
pub(crate) use history::history;
pub(crate) use list::{Listed, accounts, row};
pub(crate) use outbox::{network, outbox};
pub(crate) use report::report;
