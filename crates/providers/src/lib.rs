//! The KYC APIs, one folder each: our domain to their wire and back.
//!
//! Owns: what each provider asks, how its requests are written and what its answers mean. Must not
//! know: sockets, clocks, stores, windows.

mod answer;
mod field;
#[cfg(test)]
mod sample;
mod wepay;
mod winter;
mod wire;

use satchel_core::provider::Provider;

pub use wepay::WePay;
pub use winter::Winter;

/// Every provider, in the order in which they are offered.
pub fn all() -> Vec<Box<dyn Provider>> {
    vec![Box::new(WePay), Box::new(Winter)]
}

/// The provider with this code, in any case.
pub fn by_code(code: &str) -> Option<Box<dyn Provider>> {
    all().into_iter().find(|provider| provider.code().eq_ignore_ascii_case(code.trim()))
}
