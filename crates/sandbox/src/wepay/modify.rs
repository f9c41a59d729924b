//! `/account/kyc/modify`: attaches uploaded files to the account for review.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::error::WepayError;
use super::{Caller, account_for, submission, sync_account_state};
use crate::journal::{Effect, JournalEntry, Provider};
use crate::json::integer;
use crate::review;
use crate::state::{DocumentState, KycState};
use crate::world::World;

/// Takes a set of files while documents are asked for; other keys are passed over.
pub(crate) fn modify(
    world: &mut World,
    caller: Caller,
    body: &Map<String, Value>,
) -> Result<Value, WepayError> {
    let account_id = submission::account_id(body)?;
    let file_ids = file_ids(body)?;
    let account = account_for(world, caller, account_id)?;
    match account.kyc_state {
        KycState::RequireDocs => {}
        KycState::Unsubmitted => {
            let text = "this account must go through KYC first";
            return Err(WepayError::new(3007, text.to_owned()));
        }
        KycState::Unverified | KycState::InReview | KycState::Verified => {
            let text = "the KYC state must be require_docs to add documents";
            return Err(WepayError::new(3010, text.to_owned()));
        }
    }
    let owned = |id: &i64| {
        world.file(*id).is_some_and(|file| file.account_id == account_id && !file.expired)
    };
    if !file_ids.iter().all(owned) {
        let text = "this account does not own one or more of those files";
        return Err(WepayError::new(3011, text.to_owned()));
    }
    attach(world, account_id, &file_ids);
    review::wepay_documents_received(world, account_id);
    sync_account_state(world, account_id);
    submission::view(world, account_id)
}

/// The ids without their repeats.
fn file_ids(body: &Map<String, Value>) -> Result<BTreeSet<i64>, WepayError> {
    const FIELD: &str = "file_ids";
    let value = body.get(FIELD).filter(|value| !value.is_null());
    let values = value.ok_or_else(|| WepayError::missing(FIELD))?.as_array();
    let values = values.ok_or_else(|| WepayError::invalid(FIELD, "it is not an array"))?;
    if values.is_empty() {
        return Err(WepayError::missing(FIELD));
    }
    let ids = values.iter().map(integer).collect::<Option<BTreeSet<i64>>>();
    ids.ok_or_else(|| WepayError::invalid(FIELD, "it has something that is not an integer"))
}

fn attach(world: &mut World, account_id: i64, file_ids: &BTreeSet<i64>) {
    let photos: Vec<String> =
        file_ids.iter().filter_map(|id| Some(world.file(*id)?.sha256.clone())).collect();
    let is_repeat = world.files_of(account_id).any(|file| {
        let named = file_ids.contains(&file.file_id);
        file.attached.is_some() && (named || photos.contains(&file.sha256))
    });
    let set = world.wepay_account_mut(account_id).map_or(0, |account| {
        account.sets_received += 1;
        account.sets_received
    });
    for file_id in file_ids {
        if let Some(file) = world.file_mut(*file_id) {
            file.attached = Some((set, DocumentState::InReview));
        }
    }
    world.record(JournalEntry {
        duplicate: is_repeat,
        file_ids: file_ids.iter().copied().collect(),
        photo_sha256: photos,
        ..JournalEntry::of(Provider::Wepay, account_id.to_string(), Effect::KycModified)
    });
}
