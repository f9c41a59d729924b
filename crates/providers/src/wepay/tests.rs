#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod creating;
mod reading;
mod requesting;
mod requiring;

use satchel_core::onboarding::{Country, EntityKind, Who};

use super::WePay;
use crate::sample::Scene;

fn scene() -> Scene {
    Scene::new("wepay", "1091778617")
}

fn who(kind: EntityKind, country: Country) -> Who {
    Who { kind, country }
}
