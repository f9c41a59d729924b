//! Which photos an event names: as long as a log names a photo, it is not swept.

use satchel_core::delivery::{Correction, Event};
use satchel_core::ids::PhotoId;
use satchel_core::photo::PhotoRecord;

/// Photos that an event names.
pub(crate) fn photos_named(event: &Event) -> Vec<&PhotoId> {
    fn ids(photos: &[PhotoRecord]) -> Vec<&PhotoId> {
        photos.iter().map(|p| &p.id).collect()
    }
    match event {
        Event::Sealed { photos, .. } | Event::PhotosAdded { photos } => ids(photos),
        Event::PhotoLightened { old, new } => vec![old, &new.id],
        Event::Corrected { correction } => match correction {
            Correction::Photo { old, new } => vec![old, &new.id],
            Correction::Answers
            | Correction::FullNumber
            | Correction::Overwrite
            | Correction::Follow
            | Correction::TryAgain => Vec::new(),
        },
        Event::AttemptStarted { .. }
        | Event::Answered { .. }
        | Event::Restarted
        | Event::Restored
        | Event::StatusSeen { .. }
        | Event::Released
        | Event::Withdrawn
        | Event::Revealed
        | Event::Exported { .. }
        | Event::PhotosForgotten
        | Event::Purged => Vec::new(),
    }
}
