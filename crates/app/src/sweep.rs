//! Photos that a crash left behind.

use std::collections::BTreeMap;

use satchel_core::delivery::{Correction, Event};
use satchel_core::ids::{DraftId, PhotoId};
use satchel_core::onboarding::Draft;
use satchel_core::store::{Store, StoredSubmission};

use crate::api::ApiError;

/// Removes photos that a crash left without a draft or submission that names them.
pub(crate) fn sweep(
    store: &mut dyn Store,
    drafts: &BTreeMap<DraftId, Draft>,
    stored: &[StoredSubmission],
) -> Result<(), ApiError> {
    let of_drafts = drafts.values().flat_map(|d| d.photos.iter().map(|p| p.photo.id.clone()));
    let mut named: Vec<PhotoId> = of_drafts.collect();
    for submission in stored {
        let Ok(log) = &submission.log else {
            // What an unreadable log names cannot be known: nothing is removed.
            return Ok(());
        };
        let gone = log.iter().rposition(|entry| entry.event == Event::PhotosForgotten);
        let left = log.iter().skip(gone.map_or(0, |place| place + 1));
        named.extend(left.flat_map(|entry| photos_named(&entry.event)));
    }
    store.sweep_photos(&named)?;
    Ok(())
}

fn photos_named(event: &Event) -> Vec<PhotoId> {
    match event {
        Event::Sealed { photos, .. } | Event::PhotosAdded { photos } => {
            photos.iter().map(|p| p.id.clone()).collect()
        }
        Event::Corrected { correction: Correction::Photo { old, new } }
        | Event::PhotoLightened { old, new } => vec![old.clone(), new.id.clone()],
        Event::AttemptStarted { .. }
        | Event::Answered { .. }
        | Event::Restarted
        | Event::Restored
        | Event::StatusSeen { .. }
        | Event::Corrected { .. }
        | Event::Released
        | Event::Revealed
        | Event::Exported { .. }
        | Event::Withdrawn
        | Event::PhotosForgotten
        | Event::Purged => Vec::new(),
    }
}
