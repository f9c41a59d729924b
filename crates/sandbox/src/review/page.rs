//! The page's HTML.

use crate::world::World;

pub(crate) fn page(world: &World) -> String {
    format!(
        "<!DOCTYPE html><title>Review</title><p>{} accounts</p>",
        world.wepay_accounts().count()
    )
}
