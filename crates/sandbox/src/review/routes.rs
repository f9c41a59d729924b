//! `/review`: the page on which a person decides.

use hyper::Method;
use serde_json::json;

use super::page;
use crate::admin::is_allowed;
use crate::wire::{Call, Reply};
use crate::world::World;

/// Answers one call of the reviewer's browser.
pub(crate) fn answer(world: &mut World, call: &Call) -> Reply {
    if !is_allowed(world, call) {
        return Reply::json(401, &json!({"error": "use the review_url that was printed"}));
    }
    if call.method == Method::GET && call.path == "/review" {
        return Reply::html(200, page::page(world));
    }
    Reply::json(404, &json!({"error": "there is no such page"}))
}
