//! An account in full.

use satchel_core::account::Account;
use satchel_core::clock::Moment;
use satchel_core::delivery::{PhotoSent, Refusal, Submission, SubmissionPhoto, SubmissionState};
use satchel_core::ids::SubmissionId;
use satchel_core::onboarding::{Answers, Requirements, Who};
use satchel_core::provider::{DocumentState, ProviderDocument};

use super::history::{history, history_of_tombstone};
use super::list::row;
use super::mask::masked;
use super::standing::{reason_code, reason_word, rejected};
use crate::api::{
    AccountRowView, AccountView, ApiError, DetailView, DocumentPhotoView, DocumentView,
    HistoryView, LineView, NextView, TombstoneView, WhoView,
};
use crate::session::{Held, Session};
use crate::view::report::{headline, verdict_of};

/// One account in full.
pub(crate) fn account(
    session: &Session,
    account: &Account,
    now: &Moment,
) -> Result<AccountView, ApiError> {
    let row = row(session, account, now);
    let held = session.submission_of(&account.id);
    let submission = held.and_then(|(id, _)| session.engine.submission_of(id));
    let details = match held {
        Some((id, held)) if !held.damaged && held.record.tombstone.is_none() => {
            details(session, account, id, held.record.who, true)?
        }
        Some(_) | None => Vec::new(),
    };
    let reason_per_document = session.provider_of(account)?.capabilities().reason_per_document;
    Ok(AccountView {
        next: next(&row, submission),
        who: held.map(|(_, h)| who_view(h.record.who)),
        submission: held.map(|(id, _)| id.to_string()),
        state: submission.map(|s| s.state().code().to_owned()).unwrap_or_default(),
        provider_word: submission
            .and_then(|s| s.status())
            .map(|s| s.raw.clone())
            .unwrap_or_default(),
        documents: submission.map(documents).unwrap_or_default(),
        details,
        history: held.map(|(_, h)| history_of(h)).unwrap_or_default(),
        tombstone: tombstone(account, held.map(|(_, h)| h)),
        forget_queued: session.is_forgotten_when_settled(&account.id),
        can_withdraw: submission.is_some_and(Submission::can_withdraw),
        reason_per_document,
        row,
    })
}

fn history_of(held: &Held) -> Vec<HistoryView> {
    match &held.record.tombstone {
        Some(tombstone) => history_of_tombstone(&held.record, tombstone),
        None => history(&held.log),
    }
}

/// What stays of an account that was forgotten.
fn tombstone(account: &Account, held: Option<&Held>) -> Option<TombstoneView> {
    let stone = held.and_then(|h| h.record.tombstone.as_ref().map(|stone| (h, stone)));
    Some(TombstoneView {
        state: stone.map(|(_, s)| s.state.clone()).unwrap_or_default(),
        sealed_ms: stone.map(|(h, _)| h.record.sealed_ms),
        since_ms: stone.and_then(|(_, s)| s.since_ms),
        forgotten_ms: account.forgotten_ms?,
        operator: stone.map(|(_, s)| s.operator.clone()).unwrap_or_default(),
    })
}

pub(super) fn who_view(who: Who) -> WhoView {
    WhoView { kind: who.kind.code().to_owned(), country: who.country.code().to_owned() }
}

/// What to do next, when it is a person's turn.
fn next(row: &AccountRowView, submission: Option<&Submission>) -> Option<NextView> {
    let actions = actions(row, submission);
    if actions.is_empty() {
        return None;
    }
    let open = submission.map(rejected).unwrap_or_default();
    let photo = submission.zip(open.first()).and_then(|(s, d)| photo_of(s, d));
    let picture = photo.filter(|p| !p.forgotten);
    let refusal = submission.and_then(|s| match s.state() {
        SubmissionState::Blocked { refusal, .. } | SubmissionState::Quarantined { refusal, .. } => {
            Some(refusal)
        }
        SubmissionState::Held
        | SubmissionState::Queued
        | SubmissionState::Sending { .. }
        | SubmissionState::Unconfirmed { .. }
        | SubmissionState::Awaiting { .. }
        | SubmissionState::NeedsDocuments { .. }
        | SubmissionState::Verified { .. }
        | SubmissionState::Failed { .. }
        | SubmissionState::Withdrawn
        | SubmissionState::Purged => None,
    });
    let (detail, detail_text) = refusal.map(provider_said).unwrap_or_default();
    Some(NextView {
        line: row.line.clone(),
        actions: actions.into_iter().map(str::to_owned).collect(),
        documents: open.iter().map(|d| d.kind.code().to_owned()).collect(),
        photo: picture.map(|p| p.record.id.to_string()),
        own_finding: own_finding(row, submission, photo),
        detail,
        detail_text,
    })
}

/// What our own checks said: of the rejected photo, or, where the provider names none, of the
/// worst.
fn own_finding(
    row: &AccountRowView,
    submission: Option<&Submission>,
    photo: Option<&SubmissionPhoto>,
) -> Option<LineView> {
    let judged = match photo {
        Some(photo) => Some(photo),
        None if row.line.code == "failed" => {
            submission?.current_photos().max_by_key(|p| verdict_of(&p.record.report))
        }
        None => None,
    }?;
    let line = headline(&judged.record.report)?;
    Some(LineView { document: Some(judged.record.document.code().to_owned()), ..line })
}

fn provider_said(refusal: &Refusal) -> (Option<String>, Option<String>) {
    let some = |text: &String| Some(text.clone()).filter(|t| !t.is_empty());
    match refusal {
        Refusal::Answers { code, text } | Refusal::Unexplained { code, text } => {
            (some(code), some(text))
        }
        Refusal::Account { code } | Refusal::Configuration { code } => (some(code), None),
        Refusal::FullNumber
        | Refusal::SubmittedElsewhere
        | Refusal::WouldOverwrite
        | Refusal::TooLarge { .. }
        | Refusal::SomeFiles
        | Refusal::OneImageKept
        | Refusal::Unresolved
        | Refusal::Integrity => (None, None),
    }
}

fn actions(row: &AccountRowView, submission: Option<&Submission>) -> Vec<&'static str> {
    let withdraw = submission.is_some_and(Submission::can_withdraw);
    let mut actions = match row.line.code.as_str() {
        "not_started" | "withdrawn" => vec!["start"],
        "draft" => vec!["continue"],
        "document_rejected" => match row.line.reason.as_deref() {
            Some("corrupt_file") => vec!["retake", "see_photo"],
            Some("info_mismatch") => vec!["compare", "retake"],
            Some("doc_unsupported") => vec!["choose_another"],
            Some("incomplete") => vec!["add_missing"],
            Some(_) | None => vec!["retake", "see_photo"],
        },
        "documents_needed" => vec!["add_documents"],
        "failed" => vec!["take_full_set"],
        "refused_answers" => vec!["fix_answers", "try_again"],
        "full_number_needed" => vec!["full_number"],
        "submitted_elsewhere" => vec!["follow"],
        "would_overwrite" => vec!["confirm_overwrite", "follow"],
        "photo_too_large" => vec!["send_smaller", "retake"],
        "some_files" | "one_image_kept" | "unresolved" => vec!["follow", "try_again"],
        "account_refused" | "configuration_refused" | "refused_unexplained" => vec!["try_again"],
        "set_aside" => vec!["fix_answers", "release"],
        _ => Vec::new(),
    };
    if withdraw && !actions.is_empty() {
        actions.push("withdraw");
    }
    actions
}

fn photo_of<'a>(submission: &'a Submission, of: &ProviderDocument) -> Option<&'a SubmissionPhoto> {
    submission.photos().iter().find(|p| match &p.sent {
        PhotoSent::Attached { reference } | PhotoSent::Uploaded { reference } => {
            *reference == of.reference
        }
        PhotoSent::Here | PhotoSent::Written => false,
    })
}

/// Papers, one entry for each kind and round: ours with the provider's word on them.
fn documents(submission: &Submission) -> Vec<DocumentView> {
    let mut documents: Vec<DocumentView> = Vec::new();
    for photo in submission.photos().iter().filter(|p| !never_went(p)) {
        let told = told_of(submission, photo);
        let (state, reason, word) = state_of(submission, photo, told);
        let view = DocumentPhotoView {
            id: (!photo.forgotten).then(|| photo.record.id.to_string()),
            side: photo.record.side.code().to_owned(),
            verdict: verdict_word(&photo.record.report).to_owned(),
            bytes: photo.record.bytes,
        };
        let kind = photo.record.document.code();
        let same = documents.iter_mut().find(|d| {
            d.kind == kind
                && d.replaced == photo.replaced
                && d.state == state
                && !d.photos.iter().any(|p| p.side == view.side)
        });
        match same {
            Some(document) => document.photos.push(view),
            None => documents.push(DocumentView {
                kind: kind.to_owned(),
                photos: vec![view],
                state,
                reason,
                word,
                at_ms: told.and_then(|d| d.received_ms).or(Some(photo.added_ms)),
                replaced: photo.replaced,
            }),
        }
    }
    documents.extend(foreign(submission));
    documents
}

/// Whether a photo was replaced before anything of it left, as by a smaller one.
fn never_went(photo: &SubmissionPhoto) -> bool {
    photo.replaced && photo.sent == PhotoSent::Here
}

/// Documents that the provider holds and that did not come from here.
fn foreign(submission: &Submission) -> Vec<DocumentView> {
    let Some(status) = submission.status() else { return Vec::new() };
    status
        .documents
        .iter()
        .filter(|d| photo_of(submission, d).is_none())
        .map(|d| {
            let (state, reason, word) = told_state(d);
            DocumentView {
                kind: d.kind.code().to_owned(),
                photos: Vec::new(),
                state,
                reason,
                word,
                at_ms: d.received_ms,
                replaced: false,
            }
        })
        .collect()
}

fn told_of<'a>(
    submission: &'a Submission,
    photo: &SubmissionPhoto,
) -> Option<&'a ProviderDocument> {
    let reference = match &photo.sent {
        PhotoSent::Attached { reference } => reference,
        PhotoSent::Here | PhotoSent::Uploaded { .. } | PhotoSent::Written => return None,
    };
    submission.status()?.documents.iter().find(|d| &d.reference == reference)
}

type State = (String, Option<String>, Option<String>);

fn state_of(
    submission: &Submission,
    photo: &SubmissionPhoto,
    told: Option<&ProviderDocument>,
) -> State {
    let plain = |code: &str| (code.to_owned(), None, None);
    match (told, &photo.sent) {
        (Some(document), _) => told_state(document),
        (None, PhotoSent::Here) => plain("here"),
        (None, PhotoSent::Uploaded { .. }) => plain("sending"),
        (None, PhotoSent::Attached { .. } | PhotoSent::Written) => match submission.state() {
            SubmissionState::Verified { .. } if !photo.replaced => plain("verified"),
            SubmissionState::Failed { .. } => plain("not_accepted"),
            SubmissionState::Held
            | SubmissionState::Queued
            | SubmissionState::Sending { .. }
            | SubmissionState::Unconfirmed { .. }
            | SubmissionState::Awaiting { .. }
            | SubmissionState::NeedsDocuments { .. }
            | SubmissionState::Blocked { .. }
            | SubmissionState::Quarantined { .. }
            | SubmissionState::Verified { .. }
            | SubmissionState::Withdrawn
            | SubmissionState::Purged => plain("sent"),
        },
    }
}

fn told_state(document: &ProviderDocument) -> State {
    let reason = document.reason.as_ref().map(|r| reason_code(r).to_owned());
    let reason_word = document.reason.as_ref().and_then(reason_word);
    match &document.state {
        DocumentState::InReview => ("in_review".to_owned(), None, None),
        DocumentState::Verified => ("verified".to_owned(), None, None),
        DocumentState::Rejected => ("rejected".to_owned(), reason, reason_word),
        DocumentState::Unknown(word) => ("unknown".to_owned(), reason, Some(word.clone())),
    }
}

fn verdict_word(report: &str) -> &'static str {
    match verdict_of(report) {
        0 => "good",
        1 => "warn",
        2.. => "bad",
    }
}

/// Answers with their values masked, or as they are.
fn details(
    session: &Session,
    account: &Account,
    id: &SubmissionId,
    who: Who,
    mask: bool,
) -> Result<Vec<DetailView>, ApiError> {
    let requirements = session.provider_of(account)?.requirements(who);
    let answers = session.store.details(id)?;
    let mut views = listed(&requirements, &answers, mask);
    // Masked or not, national numbers are opened only when somebody asks to see them.
    if !mask {
        views.extend(listed(&requirements, &session.store.national(id)?, false));
    }
    Ok(views)
}

fn listed(requirements: &Requirements, answers: &Answers, mask: bool) -> Vec<DetailView> {
    let owners = requirements.owners.as_ref().map_or(0, |o| answers.repeated(o.prefix));
    requirements
        .fields(owners)
        .iter()
        .filter(|field| answers.has(&field.path))
        .map(|field| {
            let value = answers.text(&field.path);
            let (shown, hidden) =
                if mask { masked(field, value) } else { (value.to_owned(), false) };
            DetailView { path: field.path.clone(), value: shown, masked: hidden }
        })
        .collect()
}

/// The account's answers as they are, national numbers included.
pub(crate) fn revealed(session: &Session, account: &Account) -> Result<Vec<DetailView>, ApiError> {
    let (id, held) =
        session.submission_of(&account.id).ok_or_else(|| ApiError::new("nothing_to_show"))?;
    if held.record.tombstone.is_some() {
        return Err(ApiError::new("nothing_to_show"));
    }
    details(session, account, id, held.record.who, false)
}
