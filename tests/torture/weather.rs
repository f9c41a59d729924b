//! What goes wrong between the program and the provider while the program is killed as well.

use satchel_fixtures::Chance;
use serde_json::{Value, json};

use crate::killer::Aim;
use crate::points::path_of;

/// Paths of everything with an effect, and of a reading at each provider.
const PATHS: [&str; 8] = [
    "/v2/account/kyc/create",
    "/v2/account/kyc/authorize",
    "/v2/file/upload",
    "/v2/account/kyc/modify",
    "/v2/account/kyc",
    "/v1/kyc/info/*",
    "/v1/kyc_docs/*",
    "/v1/account/*",
];

/// Rules for one run. While it goes to its death in a step at one provider, the other one does not
/// answer: else that one's steps, of which there are few, would all be over. A program that is to
/// die with bytes out meets a provider that is slow, or that never answers, having done what it was
/// asked or not.
pub fn rules(chance: &mut Chance, aim: &Aim) -> Vec<Value> {
    if let Aim::Point(point, _) = aim
        && let Some(path) = path_of(point)
    {
        let other = if path.starts_with("/v1/") { "wepay" } else { "winter" };
        let fault = json!({ "kind": "hang" });
        let silence = json!({ "provider": other, "times": null, "fault": fault });
        if !point.ends_with("in_flight") {
            return vec![silence];
        }
        let fault = match chance.below(3) {
            0 => json!({ "kind": "latency", "ms": 80 }),
            1 => json!({ "kind": "hang", "processed": false }),
            _ => json!({ "kind": "hang", "processed": true }),
        };
        return vec![silence, json!({ "path": path, "times": null, "fault": fault })];
    }
    match chance.below(10) {
        0..=4 => Vec::new(),
        5 => vec![json!({ "times": null, "fault": { "kind": "latency", "ms": 60 } })],
        _ => {
            let (path, nth) = (PATHS[chance.below(PATHS.len())], 1 + chance.below(2));
            vec![json!({ "path": path, "nth": nth, "times": 1, "fault": fault(chance) })]
        }
    }
}

fn fault(chance: &mut Chance) -> Value {
    let processed = chance.below(2) == 0;
    match chance.below(9) {
        0 => json!({ "kind": "lost_answer" }),
        1 => json!({ "kind": "late", "delay_ms": 30_000 + chance.below(39 * 60_000) }),
        2 => json!({ "kind": "status", "status": 503, "processed": processed }),
        3 => json!({ "kind": "status", "status": 500, "processed": processed }),
        4 => json!({ "kind": "reset", "at_byte": chance.below(400) }),
        5 => json!({ "kind": "truncate", "at_byte": chance.below(40) }),
        6 => json!({ "kind": "close" }),
        7 => json!({ "kind": "broken_json" }),
        _ => json!({ "kind": "portal", "status": 200 }),
    }
}
