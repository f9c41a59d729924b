//! What tests may look at and no window shows.

use satchel_core::delivery::{Event, Outcome, Step};

use crate::api::ApiError;
use crate::satchel::Satchel;

impl Satchel {
    /// What each attempt of an account's submission came to, oldest first: read from its log.
    ///
    /// # Errors
    /// `unknown_account`, `locked`.
    pub fn outcomes(&self, account: &str) -> Result<Vec<(Step, Outcome)>, ApiError> {
        self.with(|session, _| {
            let account = session.account(account)?.id.clone();
            let log = session.submission_of(&account).map(|(_, held)| held.log.as_slice());
            let mut outcomes = Vec::new();
            let mut out: Option<(u32, Step)> = None;
            for entry in log.unwrap_or_default() {
                match &entry.event {
                    Event::AttemptStarted { attempt, step } => out = Some((*attempt, step.clone())),
                    Event::Answered { attempt, outcome, .. } => {
                        if let Some((_, step)) = out.take_if(|(number, _)| number == attempt) {
                            outcomes.push((step, outcome.clone()));
                        }
                    }
                    Event::Sealed { .. }
                    | Event::Restarted
                    | Event::Restored
                    | Event::StatusSeen { .. }
                    | Event::PhotosAdded { .. }
                    | Event::PhotoLightened { .. }
                    | Event::Corrected { .. }
                    | Event::Released
                    | Event::Withdrawn
                    | Event::Revealed
                    | Event::Exported { .. }
                    | Event::PhotosForgotten
                    | Event::Purged => {}
                }
            }
            Ok(outcomes)
        })
    }
}
