//! `POST /v1/kyc_docs/<accountId>` and `POST /v1/kyc/docs`: images, written and read.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::body::Bytes;
use serde_json::{Value, json};

use super::{WinterError, account_for, check_body_account};
use crate::digest::sha256_hex;
use crate::journal::{Effect, JournalEntry, Provider};
use crate::json::Members;
use crate::policy::FILE_BYTES_MAX;
use crate::review;
use crate::sniff::{FileKind, sniff};
use crate::state::WinterSide;
use crate::wire::{Call, Reply};
use crate::world::World;

const TYPES: [&str; 3] = ["PASSPORT", "DRIVERS_LICENSE", "STATE_LICENSE"];
const SIDES: [&str; 2] = ["FRONT", "BACK"];

struct Upload {
    document_type: String,
    document_side: Option<String>,
    bytes: Bytes,
    kind: FileKind,
}

/// Writes one image, which replaces what stood in its place.
pub(crate) fn write(world: &mut World, id: &str, call: &Call) -> Result<Value, WinterError> {
    let account = account_for(world, id)?;
    let members = members_of(call)?;
    check_body_account(id, members.last("accountId"))?;
    let upload = read_upload(&members, world.switches.strict_sides)?;
    let set = account.sets_failed;
    let sha256 = world.photos.keep(upload.bytes.clone());
    let sha256 = sha256.map_err(|_| WinterError::with_status(500, "the image was not kept"))?;
    let seed = format!("{id}\n{:?}\n{sha256}\n{}", upload.document_side, world.now_ms);
    let side = WinterSide {
        document_type: upload.document_type,
        document_side: upload.document_side,
        image_name: sha256_hex(seed.as_bytes()).chars().take(32).collect(),
        sha256,
        mime: upload.kind.mime().to_owned(),
        written_ms: world.now_ms,
        set,
    };
    put(world, id, side);
    review::winter_written(world, id);
    Ok(json!({}))
}

/// The documents and the status; 400 while there are no documents.
pub(crate) fn read(
    world: &World,
    path_id: Option<&str>,
    call: &Call,
) -> Result<Value, WinterError> {
    let body_id = members_of(call)?.last("accountId").cloned();
    if let (Some(path), Some(body)) = (path_id, &body_id) {
        check_body_account(path, Some(body))?;
    }
    let body_id = body_id.and_then(|value| value.as_str().map(str::to_owned));
    let id = path_id.map(str::to_owned).or(body_id).or_else(|| call.parameter("accountId"));
    let id = id.ok_or_else(|| WinterError::bad("accountId is required"))?;
    let account = account_for(world, &id)?;
    let last = account.sides.last();
    let last = last.ok_or_else(|| WinterError::bad("the account does not have documents"))?;
    let urls: Vec<String> = account
        .sides
        .iter()
        .map(|side| format!("{}/v1/kyc/images/{}", call.origin, side.image_name))
        .collect();
    Ok(json!({
        "accountId": id,
        "document_type": last.document_type,
        "account_kyc_status": account.status.word(),
        "document_urls": urls,
    }))
}

/// Serves an image by the name that only a reading call has told.
pub(crate) fn image(world: &World, name: &str) -> Result<Reply, WinterError> {
    let mut sides = world.winter_accounts().flat_map(|account| account.sides.iter());
    let found = sides.find(|side| side.image_name == name);
    let bytes = found.and_then(|side| Some((side, world.photos.read(&side.sha256)?)));
    let (side, bytes) =
        bytes.ok_or_else(|| WinterError::with_status(404, "there is no such image"))?;
    Ok(Reply::typed(200, &side.mime, bytes))
}

/// True when the body brings an image.
pub(crate) fn is_upload(call: &Call) -> bool {
    let members = Members::parse(&call.body).unwrap_or_default();
    members.last("document").is_some() || members.last("content").is_some()
}

fn members_of(call: &Call) -> Result<Members, WinterError> {
    let members = Members::parse(&call.body).filter(|_| !call.body_too_long);
    members.ok_or_else(|| WinterError::bad("the body is not a JSON object"))
}

fn read_upload(members: &Members, strict: bool) -> Result<Upload, WinterError> {
    let (document_type, side) = type_and_side(members)?;
    let is_licence = document_type != "PASSPORT";
    let document_side = match (is_licence, side) {
        (true, None) if strict => {
            return Err(WinterError::bad("document_side is required for a licence"));
        }
        (false, Some(_)) if strict => {
            return Err(WinterError::bad("document_side is not valid for a passport"));
        }
        (true, side) => side,
        (false, _) => None,
    };
    let bytes = content(members)?;
    if bytes.len() > FILE_BYTES_MAX {
        return Err(WinterError::bad("the image is larger than 10 MB"));
    }
    let kind = sniff(&bytes).filter(|kind| *kind != FileKind::Pdf);
    let kind = kind.ok_or_else(|| WinterError::bad("the image is not a jpg or png"))?;
    Ok(Upload { document_type, document_side, bytes: bytes.into(), kind })
}

/// The sample gives the side under the type's key, so each value is known by its own enum.
fn type_and_side(members: &Members) -> Result<(String, Option<String>), WinterError> {
    let mut kinds: Vec<&str> = Vec::new();
    let mut sides: Vec<&str> = Vec::new();
    let fields = members.0.iter().filter(|(k, _)| k == "document_type" || k == "document_side");
    for (field, value) in fields.filter(|(_, value)| !value.is_null()) {
        match value.as_str() {
            Some(word) if TYPES.contains(&word) => kinds.push(word),
            Some(word) if SIDES.contains(&word) => sides.push(word),
            Some(_) | None => return Err(WinterError::bad(&format!("{field} is not valid"))),
        }
    }
    kinds.dedup();
    sides.dedup();
    match (kinds.as_slice(), sides.as_slice()) {
        ([kind], []) => Ok(((*kind).to_owned(), None)),
        ([kind], [side]) => Ok(((*kind).to_owned(), Some((*side).to_owned()))),
        ([], _) => Err(WinterError::bad("document_type is required")),
        ([_, ..], _) => Err(WinterError::bad("document_type or document_side is given twice")),
    }
}

/// The list calls it `document` and the sample `content`: either will do.
fn content(members: &Members) -> Result<Vec<u8>, WinterError> {
    let text = match (members.last("document"), members.last("content")) {
        (Some(document), Some(content)) if document != content => {
            return Err(WinterError::bad("document and content differ"));
        }
        (Some(text), _) | (None, Some(text)) => text.as_str(),
        (None, None) => None,
    };
    let text = text.filter(|text| !text.is_empty());
    let text = text.ok_or_else(|| WinterError::bad("document is required"))?;
    STANDARD.decode(text).map_err(|_| WinterError::bad("the document cannot be decoded"))
}

fn put(world: &mut World, id: &str, side: WinterSide) {
    let last_wins = world.switches.winter_last_wins;
    let Some(account) = world.winter_account_mut(id) else {
        return;
    };
    let same_key = |kept: &WinterSide| {
        kept.document_type == side.document_type && kept.document_side == side.document_side
    };
    let duplicate = account.sides.iter().any(|kept| same_key(kept) && kept.sha256 == side.sha256);
    let (kept, erased): (Vec<_>, Vec<_>) =
        std::mem::take(&mut account.sides).into_iter().partition(|kept| {
            !last_wins && kept.document_type == side.document_type && !same_key(kept)
        });
    account.sides = kept;
    account.sides.push(side.clone());
    world.record(JournalEntry {
        duplicate,
        document_type: Some(side.document_type),
        document_side: side.document_side,
        photo_sha256: vec![side.sha256],
        erased: erased.iter().map(place).collect(),
        ..JournalEntry::of(Provider::Winter, id.to_owned(), Effect::SideWritten)
    });
}

fn place(side: &WinterSide) -> String {
    let place = [Some(side.document_type.as_str()), side.document_side.as_deref()];
    place.into_iter().flatten().collect::<Vec<_>>().join(" ")
}
