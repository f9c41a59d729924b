//! Where an account stands, as a code with its values.

use satchel_core::clock::{Moment, UnixMs};
use satchel_core::delivery::{PhotoSent, Refusal, Submission, SubmissionState, Why};
use satchel_core::ids::{PhotoId, SubmissionId};
use satchel_core::provider::{DocumentState, ProviderDocument, ProviderState, RejectReason};

use crate::api::{Group, LineView};
use crate::session::{Held, Session};

/// Where an account stands.
pub(super) struct Standing {
    pub(super) group: Group,
    pub(super) line: LineView,
    pub(super) action: Option<&'static str>,
    pub(super) at_ms: Option<UnixMs>,
}

pub(super) fn line(code: &str) -> LineView {
    LineView {
        code: code.to_owned(),
        document: None,
        reason: None,
        word: None,
        count: None,
        at_ms: None,
    }
}

/// Where a submission stands.
pub(super) fn of_submission(
    session: &Session,
    id: &SubmissionId,
    held: &Held,
    now: &Moment,
) -> Standing {
    if let Some(tombstone) = &held.record.tombstone {
        return forgotten(&tombstone.state, tombstone.forgotten_ms);
    }
    let Some(submission) = session.engine.submission_of(id) else {
        return needs(line("integrity"), "check", Some(held.record.sealed_ms));
    };
    let since = submission.state().since().map(|m| m.wall_ms);
    match submission.state() {
        SubmissionState::Verified { .. } => {
            settled(Group::Verified, dated("verified", since), since)
        }
        SubmissionState::Failed { .. } => needs(dated("failed", since), "retake", since),
        SubmissionState::Awaiting { .. } => awaiting(submission, since),
        SubmissionState::NeedsDocuments { .. } => needs_documents(session, submission, since, now),
        SubmissionState::Blocked { refusal, .. } => {
            let (mut line, action) = of_refusal(refusal);
            if let Refusal::TooLarge { photo } = refusal {
                line = of_photo(line, submission, photo);
            }
            needs(line, action, since)
        }
        SubmissionState::Quarantined { refusal, .. } => needs(set_aside(refusal), "fix", since),
        SubmissionState::Held => settled(Group::Waiting, line("held"), since),
        SubmissionState::Queued
        | SubmissionState::Sending { .. }
        | SubmissionState::Unconfirmed { .. } => waiting(session, submission, now),
        SubmissionState::Withdrawn => settled(Group::NotStarted, line("withdrawn"), since),
        SubmissionState::Purged => settled(Group::Forgotten, line("purged"), since),
    }
}

/// Where an account stands of which everything was forgotten.
pub(super) fn forgotten(ended: &str, at_ms: UnixMs) -> Standing {
    let line = LineView { reason: Some(ended.to_owned()), ..dated("purged", Some(at_ms)) };
    settled(Group::Forgotten, line, Some(at_ms))
}

fn settled(group: Group, line: LineView, at_ms: Option<UnixMs>) -> Standing {
    Standing { group, line, action: None, at_ms }
}

fn needs(line: LineView, action: &'static str, at_ms: Option<UnixMs>) -> Standing {
    Standing { group: Group::NeedsYou, line, action: Some(action), at_ms }
}

fn dated(code: &str, at_ms: Option<UnixMs>) -> LineView {
    LineView { at_ms, ..line(code) }
}

fn awaiting(submission: &Submission, since: Option<UnixMs>) -> Standing {
    let status = submission.status();
    let (code, word) = match status.map(|s| (&s.state, &s.raw)) {
        Some((ProviderState::Received, _)) => ("received", None),
        Some((ProviderState::Unknown, raw)) => ("unknown_state", Some(raw.clone())),
        Some((ProviderState::NotSubmitted, _)) | None => ("sent", None),
        Some((
            ProviderState::InReview
            | ProviderState::NeedsDocuments
            | ProviderState::Verified
            | ProviderState::Failed,
            _,
        )) => ("in_review", None),
    };
    settled(Group::InReview, LineView { word, ..dated(code, since) }, since)
}

fn needs_documents(
    session: &Session,
    submission: &Submission,
    since: Option<UnixMs>,
    now: &Moment,
) -> Standing {
    if submission.pending_photos().next().is_some() {
        return waiting(session, submission, now);
    }
    let open = rejected(submission);
    match open.first() {
        Some(document) => {
            let line = LineView {
                document: Some(document.kind.code().to_owned()),
                reason: document.reason.as_ref().map(|r| reason_code(r).to_owned()),
                word: document.reason.as_ref().and_then(reason_word),
                count: Some(open.len() as u64),
                ..dated("document_rejected", since)
            };
            needs(line, "retake", since)
        }
        None => needs(dated("documents_needed", since), "retake", since),
    }
}

/// Rejected documents that no newer one of their kind supersedes.
pub(super) fn rejected(submission: &Submission) -> Vec<&ProviderDocument> {
    let Some(status) = submission.status() else { return Vec::new() };
    let newest_of = |document: &ProviderDocument| {
        status
            .documents
            .iter()
            .filter(|d| d.kind == document.kind)
            .max_by_key(|d| d.received_ms)
            .map(|d| d.reference.clone())
    };
    status
        .documents
        .iter()
        .filter(|d| {
            d.state == DocumentState::Rejected
                && !status.documents.iter().any(|newer| {
                    newer.kind == d.kind
                        && newer.state != DocumentState::Rejected
                        && newer.received_ms >= d.received_ms
                })
        })
        .filter(|d| newest_of(d).is_none_or(|newest| newest == d.reference))
        .collect()
}

fn waiting(session: &Session, submission: &Submission, now: &Moment) -> Standing {
    let waiting = session.engine.waiting(submission.id(), now);
    let at_ms = waiting.and_then(|w| w.next_boot_ms).map(|boot| wall_of(boot, now));
    let why = waiting.map_or(Why::Turn, |w| w.why);
    let photos = submission.pending_photos().filter(|p| p.sent == PhotoSent::Here).count() as u64;
    let line = LineView {
        count: (photos > 0).then_some(photos),
        at_ms,
        ..line(&format!("waiting_{}", why_code(why)))
    };
    Standing { group: Group::Waiting, line, action: None, at_ms }
}

/// A boot time as the wall clock will show it.
pub(crate) fn wall_of(boot_ms: u64, now: &Moment) -> UnixMs {
    now.wall_ms.saturating_add_unsigned(boot_ms.saturating_sub(now.boot_ms))
}

/// Why something was set aside.
pub(super) fn set_aside(refusal: &Refusal) -> LineView {
    let (refused, _) = of_refusal(refusal);
    let reason = refused.reason.or(Some(refused.code));
    LineView { reason, ..line("set_aside") }
}

pub(super) fn of_refusal(refusal: &Refusal) -> (LineView, &'static str) {
    let with = |code: &str, reason: &str| LineView {
        reason: Some(reason.to_owned()).filter(|r| !r.is_empty()),
        ..line(code)
    };
    match refusal {
        Refusal::Answers { code, .. } => (with("refused_answers", code), "fix"),
        Refusal::FullNumber => (line("full_number_needed"), "fix"),
        Refusal::SubmittedElsewhere => (line("submitted_elsewhere"), "check"),
        Refusal::WouldOverwrite => (line("would_overwrite"), "check"),
        Refusal::Account { code } => (with("account_refused", code), "check"),
        Refusal::Configuration { code } => (with("configuration_refused", code), "check"),
        Refusal::TooLarge { .. } => (line("photo_too_large"), "retake"),
        Refusal::SomeFiles => (line("some_files"), "check"),
        Refusal::OneImageKept => (line("one_image_kept"), "check"),
        Refusal::Unresolved => (line("unresolved"), "check"),
        Refusal::Unexplained { code, .. } => (with("refused_unexplained", code), "check"),
        Refusal::Integrity => (line("integrity"), "check"),
    }
}

/// Which paper a line is about, and how many bytes its photo has.
fn of_photo(line: LineView, submission: &Submission, photo: &PhotoId) -> LineView {
    let found = submission.photos().iter().find(|p| &p.record.id == photo);
    LineView {
        document: found.map(|p| p.record.document.code().to_owned()),
        count: found.map(|p| p.record.bytes),
        ..line
    }
}

pub(crate) fn reason_code(reason: &RejectReason) -> &'static str {
    match reason {
        RejectReason::Illegible => "illegible",
        RejectReason::CorruptFile => "corrupt_file",
        RejectReason::InfoMismatch => "info_mismatch",
        RejectReason::DocUnsupported => "doc_unsupported",
        RejectReason::Incomplete => "incomplete",
        RejectReason::Unknown(_) => "unknown",
    }
}

pub(crate) fn reason_word(reason: &RejectReason) -> Option<String> {
    match reason {
        RejectReason::Unknown(word) => Some(word.clone()),
        RejectReason::Illegible
        | RejectReason::CorruptFile
        | RejectReason::InfoMismatch
        | RejectReason::DocUnsupported
        | RejectReason::Incomplete => None,
    }
}

pub(crate) fn why_code(why: Why) -> &'static str {
    match why {
        Why::Turn => "turn",
        Why::Sending => "sending",
        Why::NoNetwork => "no_network",
        Why::Intercepted => "intercepted",
        Why::Clock => "clock",
        Why::Throttled => "throttled",
        Why::ServerTrouble => "server_trouble",
        Why::AnswerLost => "answer_lost",
        Why::Fence => "fence",
        Why::PhotosNotAskedFor => "photos_not_asked_for",
        Why::InReview => "in_review",
        Why::Credentials => "credentials",
        Why::Paused => "paused",
        Why::PhotosHeld => "photos_held",
        Why::Person => "person",
        Why::SetAside => "set_aside",
        Why::Finished => "finished",
    }
}
