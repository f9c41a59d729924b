//! Which named places a command passes, as things stand.

use serde_json::Value;

use crate::judge::Sealed;

/// Places that every command passes which opens a vault.
const OPENING: [&str; 5] = [
    "marked_open",
    "sweep_before_commit",
    "sweep_after_commit",
    "between_checkpoints",
    "before_marked_clean",
];
const CREATING: [&str; 2] = ["vault_before_header", "vault_after_header"];
const IMPORTING: [&str; 1] = ["accounts_half_written"];
const TAKING: [&str; 4] =
    ["draft_before_commit", "photo_before_key", "photo_before_row", "photo_after_row"];
const SEALING: [&str; 3] = ["seal_after_photos", "seal_before_commit", "seal_after_commit"];
const RETAKING: [&str; 3] =
    ["photos_added_before_record", "photos_added_after_record", "entry_before_commit"];
const SYNCING: [&str; 3] = ["status_before_record", "status_after_record", "entry_before_commit"];
const RESTARTING: [&str; 2] = ["restart_before_record", "restart_after_record"];
const WEPAY_TURNS: [usize; 2] = [0, 1];
const WINTER_TURNS: [usize; 2] = [2, 3];
const AROUND: [&str; 5] =
    ["before_intent", "after_intent", "in_flight", "after_answer", "after_record"];

fn all(lists: &[&[&str]]) -> Vec<String> {
    lists.iter().flat_map(|list| list.iter()).map(|point| (*point).to_owned()).collect()
}

pub fn of_creation() -> Vec<String> {
    all(&[&CREATING])
}

pub fn of_import() -> Vec<String> {
    all(&[&IMPORTING])
}

/// Of sealing a draft that is kept at every step or held in memory, where another may lie in the
/// way.
pub fn of_submit(has_photos: bool, has_draft: bool, keeps: bool) -> Vec<String> {
    let mut points = all(&[&SEALING]);
    points.extend(keeps.then(|| "draft_before_commit".to_owned()));
    points.extend(if has_photos && keeps { all(&[&TAKING]) } else { Vec::new() });
    points.extend(has_draft.then(|| "draft_after_removal".to_owned()));
    points
}

pub fn of_retake(keeps: bool) -> Vec<String> {
    match keeps {
        true => all(&[&TAKING, &RETAKING, &["draft_after_removal"]]),
        false => all(&[&RETAKING, &["photo_before_key"]]),
    }
}

/// Of delivery: what a start passes, and what is around the steps that are due. A run that dies at
/// a later step lets all earlier ones pass, so those come first, unless that came to nothing.
pub fn of_sync(
    journal: &[Value],
    sealed: &[Sealed],
    interrupted: bool,
    first_alone: bool,
) -> Vec<String> {
    let mut points = all(&[&OPENING, &SYNCING, &["starting_between_submissions"]]);
    points.extend(if interrupted { all(&[&RESTARTING]) } else { Vec::new() });
    let mut steps: Vec<&str> = sealed.iter().flat_map(|of| steps_due(journal, of)).collect();
    steps.sort_unstable_by_key(|step| (turn(step), *step));
    steps.dedup();
    if first_alone {
        let first = |of: [usize; 2]| steps.iter().map(|s| turn(s)).find(|turn| of.contains(turn));
        let turns = [first(WEPAY_TURNS), first(WINTER_TURNS)];
        steps.retain(|step| turns.contains(&Some(turn(step))));
    }
    let around = |step: &str| AROUND.map(|place| format!("{step}_{place}"));
    points.extend(steps.into_iter().flat_map(around));
    points
}

/// Fewer accounts pass the steps named first, or pass them sooner: chances to die there are scarce.
pub fn scarcity(point: &str) -> usize {
    let steps = ["details", "authorize", "attach", "create", "side", "upload"];
    steps.iter().position(|step| point.starts_with(step)).unwrap_or(steps.len())
}

/// When a step has its turn. Some have it together: whoever creates authorizes at once.
fn turn(step: &str) -> usize {
    match step {
        "create" | "authorize" => WEPAY_TURNS[0],
        "upload" | "attach" => WEPAY_TURNS[1],
        "details" => WINTER_TURNS[0],
        _ => WINTER_TURNS[1],
    }
}

/// The path of a step's request at its provider.
pub fn path_of(point: &str) -> Option<&'static str> {
    match point.split('_').next()? {
        "create" => Some("/v2/account/kyc/create"),
        "authorize" => Some("/v2/account/kyc/authorize"),
        "upload" => Some("/v2/file/upload"),
        "attach" => Some("/v2/account/kyc/modify"),
        "details" => Some("/v1/kyc/info/*"),
        "side" => Some("/v1/kyc_docs/*"),
        _ => None,
    }
}

/// What the provider has not got yet, by its journal.
fn steps_due(journal: &[Value], of: &Sealed) -> Vec<&'static str> {
    let entries = || journal.iter().filter(|e| e["account"] == of.account.as_str());
    let has = |effect: &str| entries().any(|e| e["effect"] == effect);
    let got = |effect: &str| {
        let hashes = entries().filter(|e| e["effect"] == effect);
        let hashes: Vec<&str> = hashes
            .flat_map(|e| e["photo_sha256"].as_array().into_iter().flatten())
            .filter_map(Value::as_str)
            .collect();
        of.rounds.iter().flatten().all(|photo| hashes.contains(&photo.sha256.as_str()))
    };
    if of.story.provider() == "winter" {
        return match (has("info_written"), got("side_written")) {
            (false, _) => vec!["details"],
            (true, false) => vec!["side"],
            (true, true) => Vec::new(),
        };
    }
    match (has("kyc_created"), has("kyc_authorized")) {
        (false, _) => vec!["create", "authorize"],
        (true, false) => vec!["authorize"],
        (true, true) if !of.story.is_asked_for_photos() || got("kyc_modified") => Vec::new(),
        (true, true) if got("file_uploaded") => vec!["attach"],
        (true, true) => vec!["upload", "attach"],
    }
}
