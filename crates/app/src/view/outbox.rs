//! The outbox and the network pill.

use satchel_core::account::{Account, Connection};
use satchel_core::clock::Moment;
use satchel_core::delivery::{
    Actor, Finish, Line, PhotoSent, Refusal, Step, Submission, SubmissionState, Waiting, Why,
};

use super::standing::{of_refusal, set_aside, wall_of, why_code};
use crate::api::{BannerView, NetworkView, OutboxGroupView, OutboxItemView, OutboxView};
use crate::connections::trouble_code;
use crate::session::Session;

/// Bytes of a submission's text on the wire, about: answers, names of fields and headers.
const TEXT_BYTES: u64 = 4_096;

/// The pill in the bar.
pub(crate) fn network(session: &Session, now: &Moment) -> NetworkView {
    let waiting: Vec<_> = session.engine.submissions().filter(|s| is_waiting(s)).collect();
    let lines: Vec<(&Connection, &Line)> =
        session.connections.iter().filter_map(|c| Some((c, session.engine.line(&c.id)?))).collect();
    let (kind, since_ms) = kind(&lines, now);
    NetworkView {
        kind: kind.to_owned(),
        waiting: waiting.len() as u64,
        waiting_bytes: waiting.iter().map(|s| bytes_to_send(s)).sum(),
        since_ms,
        banner: banner(session, &lines),
    }
}

fn kind(lines: &[(&Connection, &Line)], now: &Moment) -> (&'static str, Option<i64>) {
    let trouble = |why: Why| {
        let of = lines.iter().filter_map(|(_, l)| l.trouble.filter(|(w, _)| *w == why));
        of.map(|(_, since)| since.wall_ms).min()
    };
    let answered = lines.iter().filter_map(|(_, l)| l.answered).max_by_key(|m| m.boot_ms);
    let well = lines.iter().any(|(_, l)| l.trouble.is_none() && l.answered.is_some());
    if lines.is_empty() {
        ("no_connection", None)
    } else if well {
        ("online", answered.map(|m| m.wall_ms))
    } else if let Some(since) = trouble(Why::Intercepted) {
        ("sign_in_needed", Some(since))
    } else if let Some(since) = trouble(Why::NoNetwork).or(trouble(Why::Clock)) {
        ("offline", Some(since))
    } else if answered.is_some_and(|at| now.since(&at).is_some()) {
        ("online", answered.map(|m| m.wall_ms))
    } else {
        ("checking", None)
    }
}

/// At most one banner: bad before needs.
fn banner(session: &Session, lines: &[(&Connection, &Line)]) -> Option<BannerView> {
    [Why::Credentials, Why::Intercepted, Why::Clock].into_iter().find_map(|why| {
        let (connection, line) =
            lines.iter().find(|(_, l)| l.trouble.is_some_and(|(w, _)| w == why))?;
        let accounts = session.accounts.values().filter(|a| a.connection == connection.id);
        let count = accounts
            .filter_map(|a| session.submission_of(&a.id))
            .filter_map(|(id, _)| session.engine.submission_of(id))
            .filter(|s| is_waiting(s))
            .count();
        Some(BannerView {
            code: trouble_code(why).to_owned(),
            connection: Some(connection.id.to_string()),
            name: Some(connection.name.clone()),
            since_ms: line.trouble.map(|(_, since)| since.wall_ms),
            count: Some(count as u64),
        })
    })
}

/// Whether something is here that the provider does not have.
fn is_waiting(submission: &Submission) -> bool {
    match submission.state() {
        SubmissionState::Queued
        | SubmissionState::Held
        | SubmissionState::Sending { .. }
        | SubmissionState::Unconfirmed { .. } => true,
        SubmissionState::NeedsDocuments { .. } => submission.pending_photos().next().is_some(),
        SubmissionState::Awaiting { .. } => submission.pending_photos().next().is_some(),
        SubmissionState::Blocked { .. }
        | SubmissionState::Quarantined { .. }
        | SubmissionState::Verified { .. }
        | SubmissionState::Failed { .. }
        | SubmissionState::Withdrawn
        | SubmissionState::Purged => false,
    }
}

fn bytes_to_send(submission: &Submission) -> u64 {
    let photos: u64 = submission
        .pending_photos()
        .filter(|p| p.sent == PhotoSent::Here)
        .map(|p| p.record.bytes)
        .sum();
    let text = matches!(submission.state(), SubmissionState::Queued | SubmissionState::Held);
    photos + if text { TEXT_BYTES } else { 0 }
}

/// All that waits.
pub(crate) fn outbox(session: &Session, now: &Moment) -> OutboxView {
    let mut items = Vec::new();
    let mut aside = Vec::new();
    let mut groups: Vec<OutboxGroupView> = Vec::new();
    for account in session.accounts.values() {
        let Some((id, held)) = session.submission_of(&account.id) else { continue };
        if held.record.tombstone.is_some() {
            continue;
        }
        let Some(submission) = session.engine.submission_of(id) else {
            aside.extend(damaged(session, account, id));
            continue;
        };
        let blocked = matches!(submission.state(), SubmissionState::Blocked { .. });
        let quarantined = matches!(submission.state(), SubmissionState::Quarantined { .. });
        if !is_waiting(submission) && !blocked && !quarantined {
            continue;
        }
        let Some(item) = item(session, account, submission, now) else { continue };
        match paused_group(session, account) {
            _ if quarantined => aside.push(item),
            Some(group) if !blocked => join(&mut groups, group, item),
            Some(_) | None => items.push(item),
        }
    }
    items.sort_by_key(|i| (i.who == "you", i.next_ms.unwrap_or(i64::MAX)));
    let (held_photos, held_bytes) = held(session);
    let answered = session
        .connections
        .iter()
        .filter_map(|c| Some((c, session.engine.line(&c.id)?.answered?)))
        .max_by_key(|(_, at)| at.wall_ms);
    OutboxView {
        items,
        groups,
        set_aside: aside,
        paused: session.engine.is_paused(),
        hold_photos: session.engine.holds_photos(),
        held_photos,
        held_bytes,
        network: network(session, now),
        answered_ms: answered.map(|(_, at)| at.wall_ms),
        answered_by: answered.map(|(c, _)| c.name.clone()),
    }
}

fn held(session: &Session) -> (u64, u64) {
    let photos = session
        .engine
        .submissions()
        .filter(|s| is_waiting(s))
        .flat_map(|s| s.pending_photos().filter(|p| p.sent == PhotoSent::Here));
    photos.fold((0, 0), |(count, bytes), p| (count + 1, bytes + p.record.bytes))
}

fn paused_group(session: &Session, account: &Account) -> Option<OutboxGroupView> {
    let connection = session.connection(&account.connection).ok()?;
    let line = session.engine.line(&connection.id)?;
    let (why, since) = match (connection.paused, line.trouble) {
        (true, _) => ("paused", None),
        (false, Some((Why::Credentials, since))) => ("credentials", Some(since)),
        (false, Some((Why::Intercepted, since))) => ("intercepted", Some(since)),
        (false, Some((Why::Clock, since))) => ("clock", Some(since)),
        (false, Some(_) | None) => return None,
    };
    Some(OutboxGroupView {
        connection: connection.id.to_string(),
        name: connection.name.clone(),
        why: why.to_owned(),
        since_ms: since.map(|m| m.wall_ms),
        accounts: 0,
        bytes: 0,
        items: Vec::new(),
    })
}

fn join(groups: &mut Vec<OutboxGroupView>, group: OutboxGroupView, item: OutboxItemView) {
    let place = groups.iter().position(|g| g.connection == group.connection);
    let place = place.unwrap_or_else(|| {
        groups.push(group);
        groups.len() - 1
    });
    if let Some(group) = groups.get_mut(place) {
        group.accounts += 1;
        group.bytes += item.bytes;
        group.items.push(item);
    }
}

fn item(
    session: &Session,
    account: &Account,
    submission: &Submission,
    now: &Moment,
) -> Option<OutboxItemView> {
    let waiting = session.engine.waiting(submission.id(), now)?;
    let provider = session.provider_of(account).ok()?;
    let refusal = match submission.state() {
        SubmissionState::Blocked { refusal, .. } => Some(of_refusal(refusal).0),
        SubmissionState::Quarantined { refusal, .. } => Some(set_aside(refusal)),
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
    };
    let asked_later = matches!(submission.state(), SubmissionState::Awaiting { .. });
    let why = match waiting.why {
        Why::InReview if asked_later => Why::PhotosNotAskedFor,
        why => why,
    };
    let (what, document, photo_number) = what(submission);
    Some(OutboxItemView {
        submission: submission.id().to_string(),
        account: account.id.to_string(),
        name: account.name.clone(),
        provider_name: provider.name().to_owned(),
        what: what.to_owned(),
        document,
        photo_number,
        photo_count: Some(submission.pending_photos().count() as u64).filter(|n| *n > 0),
        bytes: bytes_to_send(submission),
        why: why_code(why).to_owned(),
        refusal,
        next_ms: waiting.next_boot_ms.map(|boot| wall_of(boot, now)),
        next_kind: next_kind(&waiting, why).to_owned(),
        who: actor_code(waiting.actor).to_owned(),
        deadline: waiting.deadline.map(|d| finish_code(d.by).to_owned()),
        deadline_ms: waiting.deadline.map(|d| now.wall_ms.saturating_add_unsigned(d.left_ms)),
        progress: None,
        actions: actions(session, submission, why).into_iter().map(str::to_owned).collect(),
    })
}

/// One whose log does not open: nothing is sent from it, and it can be taken along.
fn damaged(
    session: &Session,
    account: &Account,
    id: &satchel_core::ids::SubmissionId,
) -> Option<OutboxItemView> {
    let provider = session.provider_of(account).ok()?;
    Some(OutboxItemView {
        submission: id.to_string(),
        account: account.id.to_string(),
        name: account.name.clone(),
        provider_name: provider.name().to_owned(),
        what: "details".to_owned(),
        document: None,
        photo_number: None,
        photo_count: None,
        bytes: 0,
        why: why_code(Why::SetAside).to_owned(),
        refusal: Some(of_refusal(&Refusal::Integrity).0),
        next_ms: None,
        next_kind: "after_change".to_owned(),
        who: actor_code(Actor::You).to_owned(),
        deadline: None,
        deadline_ms: None,
        progress: None,
        actions: vec!["export".to_owned()],
    })
}

fn finish_code(by: Finish) -> &'static str {
    match by {
        Finish::Authorize => "authorize",
        Finish::Attach => "attach",
    }
}

fn what(submission: &Submission) -> (&'static str, Option<String>, Option<u64>) {
    let open = submission.state().open_step();
    let pending: Vec<_> = submission.pending_photos().collect();
    let place = |photo: &satchel_core::ids::PhotoId| {
        pending.iter().position(|p| &p.record.id == photo).map(|i| i as u64 + 1)
    };
    match open {
        Some(Step::Upload { photo } | Step::Side { photo }) => {
            let document = submission.photos().iter().find(|p| &p.record.id == photo);
            let kind = document.map(|p| p.record.document.code().to_owned());
            ("photo", kind, place(photo))
        }
        Some(Step::Attach { .. }) => ("documents", None, None),
        Some(Step::Create | Step::Authorize { .. } | Step::Details | Step::Read { .. }) => {
            ("details", None, None)
        }
        None => match submission.state() {
            SubmissionState::NeedsDocuments { .. } | SubmissionState::Awaiting { .. } => {
                ("documents", None, None)
            }
            SubmissionState::Held
            | SubmissionState::Queued
            | SubmissionState::Sending { .. }
            | SubmissionState::Unconfirmed { .. }
            | SubmissionState::Blocked { .. }
            | SubmissionState::Quarantined { .. }
            | SubmissionState::Verified { .. }
            | SubmissionState::Failed { .. }
            | SubmissionState::Withdrawn
            | SubmissionState::Purged => ("details", None, None),
        },
    }
}

fn next_kind(waiting: &Waiting, why: Why) -> &'static str {
    match why {
        Why::AnswerLost | Why::Fence => "not_before",
        Why::PhotosNotAskedFor | Why::InReview => "asks_at",
        Why::Credentials => "with_new_key",
        Why::Paused => "when_resumed",
        Why::PhotosHeld => "when_released",
        Why::Person | Why::SetAside => "after_change",
        Why::Sending => "now",
        Why::Turn => "tries_at",
        Why::NoNetwork
        | Why::Intercepted
        | Why::Clock
        | Why::Throttled
        | Why::ServerTrouble
        | Why::Finished => match waiting.next_boot_ms {
            Some(_) => "tries_at",
            None => "now",
        },
    }
}

fn actor_code(actor: Actor) -> &'static str {
    match actor {
        Actor::Satchel => "satchel",
        Actor::Network => "network",
        Actor::You => "you",
        Actor::Administrator => "administrator",
        Actor::Provider => "provider",
    }
}

/// What can be done about it: only what would change something.
fn actions(session: &Session, submission: &Submission, why: Why) -> Vec<&'static str> {
    let mut actions = match why {
        Why::SetAside => vec!["fix", "release", "export"],
        Why::Person => vec!["fix"],
        Why::Paused if session.engine.is_paused() => vec!["resume"],
        Why::PhotosHeld => vec!["let_photos_go"],
        Why::NoNetwork
        | Why::Intercepted
        | Why::Clock
        | Why::ServerTrouble
        | Why::Turn
        | Why::PhotosNotAskedFor
        | Why::InReview => vec!["send_now"],
        // Waits that the provider imposed, and those that protect against sending twice, stay.
        Why::Throttled | Why::AnswerLost | Why::Fence => Vec::new(),
        Why::Paused | Why::Sending | Why::Credentials | Why::Finished => Vec::new(),
    };
    if submission.can_withdraw() {
        actions.push("withdraw");
    }
    actions
}
