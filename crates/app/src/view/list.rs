//! The list of accounts.

use satchel_core::account::Account;
use satchel_core::clock::Moment;

use super::standing::{self, Standing};
use crate::api::{AccountRowView, AccountsRequest, AccountsView, CountsView, Group};
use crate::session::Session;

/// The list, filtered, searched and sorted, with counts over all accounts.
pub(crate) fn accounts(session: &Session, request: &AccountsRequest, now: &Moment) -> AccountsView {
    let mut rows: Vec<AccountRowView> =
        session.accounts.values().map(|account| row(session, account, now)).collect();
    let counts = counts(session, &rows);
    let words: Vec<String> =
        request.search.to_lowercase().split_whitespace().map(str::to_owned).collect();
    rows.retain(|row| {
        request.filter.is_none_or(|filter| row.group == filter) && found(row, &words)
    });
    rows.sort_by_key(|row| (rank(row.group), order(row), row.name.to_lowercase()));
    let as_of_ms = rows.iter().filter_map(|row| row.as_of_ms).min();
    AccountsView { rows, counts, as_of_ms, offline_since_ms: offline_since(session) }
}

fn found(row: &AccountRowView, words: &[String]) -> bool {
    let name = row.name.to_lowercase();
    words.iter().all(|word| name.contains(word.as_str()) || row.remote_id.contains(word.as_str()))
}

fn rank(group: Group) -> u8 {
    match group {
        Group::NeedsYou => 0,
        Group::Waiting => 1,
        Group::Draft => 2,
        Group::InReview => 3,
        Group::NotStarted => 4,
        Group::Verified => 5,
    }
}

/// Oldest first where somebody waits; newest first where it is over.
fn order(row: &AccountRowView) -> i64 {
    let at = row.at_ms.unwrap_or(i64::MAX);
    match row.group {
        Group::NeedsYou | Group::Waiting | Group::NotStarted => at,
        Group::Draft | Group::InReview | Group::Verified => at.checked_neg().unwrap_or(i64::MAX),
    }
}

fn counts(session: &Session, rows: &[AccountRowView]) -> CountsView {
    let of = |group: Group| rows.iter().filter(|r| r.group == group).count() as u64;
    CountsView {
        all: rows.len() as u64,
        needs_you: of(Group::NeedsYou),
        waiting: of(Group::Waiting),
        in_review: of(Group::InReview),
        verified: of(Group::Verified),
        drafts: session.drafts.len() as u64,
        outbox: of(Group::Waiting),
    }
}

pub(super) fn offline_since(session: &Session) -> Option<i64> {
    let troubles = session.connections.iter().filter_map(|c| session.engine.line(&c.id)?.trouble);
    troubles
        .filter(|(why, _)| *why == satchel_core::delivery::Why::NoNetwork)
        .map(|(_, since)| since.wall_ms)
        .min()
}

/// One account in the list.
pub(crate) fn row(session: &Session, account: &Account, now: &Moment) -> AccountRowView {
    let connection = session.connection(&account.connection).ok();
    let provider = connection.and_then(|c| satchel_providers::by_code(&c.provider));
    let draft = session.draft_of(&account.id);
    let Standing { group, line, action, at_ms } = standing(session, account, now);
    let asked = session.submission_of(&account.id).and_then(|(_, held)| held.asked_ms);
    AccountRowView {
        id: account.id.to_string(),
        name: account.name.clone(),
        provider: connection.map(|c| c.provider.clone()).unwrap_or_default(),
        provider_name: provider.map(|p| p.name().to_owned()).unwrap_or_default(),
        connection: account.connection.to_string(),
        remote_id: account.remote_id.clone(),
        group,
        line,
        action: action.map(str::to_owned),
        at_ms,
        as_of_ms: asked,
        draft: draft.map(|d| d.id.to_string()),
    }
}

fn standing(session: &Session, account: &Account, now: &Moment) -> Standing {
    if let Some((id, held)) = session.submission_of(&account.id) {
        return standing::of_submission(session, id, held, now);
    }
    match session.draft_of(&account.id) {
        Some(draft) => Standing {
            group: Group::Draft,
            line: standing::line("draft"),
            action: Some("continue"),
            at_ms: Some(draft.changed_ms),
        },
        None => Standing {
            group: Group::NotStarted,
            line: standing::line("not_started"),
            action: Some("start"),
            at_ms: None,
        },
    }
}
