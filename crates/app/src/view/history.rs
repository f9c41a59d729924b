//! The log as a history that people read.

use satchel_core::delivery::{Correction, Event, Outcome, Recorded, Step};
use satchel_core::provider::ProviderState;
use satchel_core::store::{SubmissionRecord, Tombstone};

use crate::api::HistoryView;

/// The milestones of a log, oldest first.
pub(crate) fn history(log: &[Recorded]) -> Vec<HistoryView> {
    let mut step: Option<Step> = None;
    let mut last_state: Option<ProviderState> = None;
    let mut history: Vec<HistoryView> = Vec::new();
    for entry in log {
        if let Event::AttemptStarted { step: started, .. } = &entry.event {
            step = Some(started.clone());
        }
        let told = told(&entry.event);
        let news = told.filter(|state| last_state.as_ref() != Some(state));
        let line = match news {
            Some(state) => {
                last_state = Some(state.clone());
                state_code(&state).map(|code| (code, None))
            }
            None => line(&entry.event, step.as_ref()),
        };
        if let Some((code, detail)) = line {
            let twice = history.last().is_some_and(|h| h.code == code && h.detail == detail);
            // Each look and each copy is told, however close together.
            if !twice || entry.event.is_audit() {
                history.push(HistoryView {
                    code: code.to_owned(),
                    at_ms: entry.at.wall_ms,
                    operator: entry.operator.clone(),
                    detail,
                });
            }
        }
    }
    history
}

/// What is still known of a submission that was forgotten.
pub(super) fn history_of_tombstone(
    record: &SubmissionRecord,
    tombstone: &Tombstone,
) -> Vec<HistoryView> {
    let line = |code: &str, at_ms: i64, operator: &str| HistoryView {
        code: code.to_owned(),
        at_ms,
        operator: operator.to_owned(),
        detail: None,
    };
    let mut history = vec![line("sealed", record.sealed_ms, "")];
    let end = ["verified", "failed", "withdrawn"].into_iter().find(|end| *end == tombstone.state);
    history.extend(end.zip(tombstone.since_ms).map(|(end, at_ms)| line(end, at_ms, "")));
    history.push(line("purged", tombstone.forgotten_ms, &tombstone.operator));
    history
}

fn told(event: &Event) -> Option<ProviderState> {
    use satchel_core::delivery::Receipt;
    match event {
        Event::StatusSeen { status, .. } => Some(status.state.clone()),
        Event::Answered {
            outcome: Outcome::Done { receipt: Receipt::Status { status } }, ..
        } => Some(status.state.clone()),
        Event::Sealed { .. }
        | Event::AttemptStarted { .. }
        | Event::Answered { .. }
        | Event::Restarted
        | Event::Restored
        | Event::PhotosAdded { .. }
        | Event::PhotoLightened { .. }
        | Event::Corrected { .. }
        | Event::Released
        | Event::Revealed
        | Event::Exported { .. }
        | Event::Withdrawn
        | Event::PhotosForgotten
        | Event::Purged => None,
    }
}

fn state_code(state: &ProviderState) -> Option<&'static str> {
    match state {
        ProviderState::NotSubmitted => None,
        ProviderState::Received => Some("received"),
        ProviderState::InReview => Some("in_review"),
        ProviderState::NeedsDocuments => Some("documents_needed"),
        ProviderState::Verified => Some("verified"),
        ProviderState::Failed => Some("failed"),
        ProviderState::Unknown => Some("status_unknown"),
    }
}

type Line = Option<(&'static str, Option<String>)>;

fn line(event: &Event, step: Option<&Step>) -> Line {
    match event {
        Event::Sealed { .. } => Some(("sealed", None)),
        Event::Answered { attempt, outcome, .. } if *attempt > 0 => outcome_line(outcome, step),
        Event::PhotosAdded { photos } => Some(("photos_added", Some(photos.len().to_string()))),
        Event::PhotoLightened { .. } => Some(("photo_lightened", None)),
        Event::Corrected { correction } => Some(("corrected", Some(correction_code(correction)))),
        Event::Released => Some(("released", None)),
        Event::Revealed => Some(("revealed", None)),
        Event::Exported { photos } => Some(("exported", Some(photos.to_string()))),
        Event::Withdrawn => Some(("withdrawn", None)),
        Event::PhotosForgotten => Some(("photos_forgotten", None)),
        Event::Purged => Some(("purged", None)),
        Event::Restored => Some(("restored", None)),
        Event::Answered { .. }
        | Event::AttemptStarted { .. }
        | Event::Restarted
        | Event::StatusSeen { .. } => None,
    }
}

fn outcome_line(outcome: &Outcome, step: Option<&Step>) -> Line {
    match outcome {
        Outcome::Done { .. } => match step {
            Some(Step::Authorize { .. } | Step::Details) => Some(("sent", None)),
            Some(Step::Attach { .. } | Step::Side { .. }) => Some(("photos_sent", None)),
            Some(Step::Create | Step::Upload { .. } | Step::Read { .. }) | None => None,
        },
        Outcome::Ambiguous { .. } => Some(("answer_lost", None)),
        Outcome::Definite { code, .. } => Some(("refused", Some(code.clone()))),
        Outcome::NotSent { .. } | Outcome::NotDone { .. } | Outcome::Credentials { .. } => None,
    }
}

fn correction_code(correction: &Correction) -> String {
    match correction {
        Correction::Answers => "answers",
        Correction::FullNumber => "full_number",
        Correction::Overwrite => "overwrite",
        Correction::Follow => "follow",
        Correction::Photo { .. } => "photo",
        Correction::TryAgain => "try_again",
    }
    .to_owned()
}
