//! The list of accounts.

use std::collections::HashMap;

use satchel_core::account::Account;
use satchel_core::clock::{Moment, UnixMs};
use satchel_core::ids::{AccountId, DraftId, SubmissionId};
use satchel_core::onboarding::Draft;

use super::standing::{self, Standing};
use crate::api::{AccountRowView, AccountsRequest, AccountsView, CountsView, Group, GroupView};
use crate::session::{Held, Session};

/// What is looked through while somebody types: one entry an account, in the list's order. It lives
/// in memory alone, as long as nothing changes.
pub(crate) struct Listed {
    entries: Vec<Entry>,
    counts: CountsView,
    until_boot_ms: u64,
    boot: u64,
}

struct Entry {
    account: AccountId,
    submission: Option<SubmissionId>,
    draft: Option<DraftId>,
    group: Group,
    order: i64,
    as_of_ms: Option<UnixMs>,
    name: String,
    remote_id: String,
}

/// How long the order may stand although nothing changed, in milliseconds.
const STANDS_MS: u64 = 30_000;

/// The list, filtered and searched, with counts over all accounts.
pub(crate) fn accounts(
    session: &mut Session,
    request: &AccountsRequest,
    now: &Moment,
) -> AccountsView {
    let listed = match session.listed.take() {
        Some(listed) if !session.changed && listed.stands(now) => listed,
        Some(_) | None => Listed::of(session, now),
    };
    let view = listed.view(session, request, now);
    session.listed = Some(listed);
    view
}

impl Listed {
    fn of(session: &Session, now: &Moment) -> Self {
        let newest = session.newest_submissions();
        let drafts: HashMap<&AccountId, &Draft> =
            session.drafts.values().map(|draft| (&draft.account, draft)).collect();
        let entry = |account: &Account| {
            let submission = newest.get(&account.id).copied();
            let draft = drafts.get(&account.id).copied();
            let Standing { group, at_ms, .. } = stands(session, submission, draft, now);
            Entry {
                account: account.id.clone(),
                submission: submission.map(|(id, _)| id.clone()),
                draft: draft.map(|draft| draft.id.clone()),
                group,
                order: order(group, at_ms),
                as_of_ms: submission.and_then(|(_, held)| held.asked_ms),
                name: account.name.to_lowercase(),
                remote_id: account.remote_id.clone(),
            }
        };
        let mut entries: Vec<Entry> = session.accounts.values().map(entry).collect();
        entries.sort_by(|a, b| {
            (rank(a.group), a.order, &a.name).cmp(&(rank(b.group), b.order, &b.name))
        });
        let counts = counts(session, &entries);
        Self { entries, counts, until_boot_ms: now.boot_ms + STANDS_MS, boot: now.boot }
    }

    fn stands(&self, now: &Moment) -> bool {
        self.boot == now.boot && now.boot_ms < self.until_boot_ms
    }

    fn view(&self, session: &Session, request: &AccountsRequest, now: &Moment) -> AccountsView {
        let search = request.search.to_lowercase();
        let words: Vec<&str> = search.split_whitespace().collect();
        let most = request.most.map_or(u64::MAX, u64::from);
        let mut groups: Vec<GroupView> = Vec::new();
        let (mut shown, mut as_of_ms) = (Vec::new(), None::<UnixMs>);
        let of_filter = |entry: &&Entry| request.filter.is_none_or(|filter| entry.group == filter);
        for entry in self.entries.iter().filter(of_filter).filter(|entry| entry.has(&words)) {
            let total = count_in(&mut groups, entry.group);
            as_of_ms = as_of_ms.into_iter().chain(entry.as_of_ms).min();
            if total <= most {
                shown.push(entry);
            }
        }
        let rows = shown.into_iter().filter_map(|entry| entry.row(session, now)).collect();
        let (counts, offline_since_ms) = (self.counts.clone(), offline_since(session));
        AccountsView { rows, groups, counts, as_of_ms, offline_since_ms }
    }
}

impl Entry {
    fn row(&self, session: &Session, now: &Moment) -> Option<AccountRowView> {
        let account = session.accounts.get(&self.account)?;
        let submission =
            self.submission.as_ref().and_then(|id| session.submissions.get_key_value(id));
        let draft = self.draft.as_ref().and_then(|id| session.drafts.get(id));
        Some(row_of(session, account, (submission, draft), now))
    }

    fn has(&self, words: &[&str]) -> bool {
        words.iter().all(|word| self.name.contains(word) || self.remote_id.contains(word))
    }
}

/// Counts one more of a group; the entries come group by group. Returns how many there are now.
fn count_in(groups: &mut Vec<GroupView>, group: Group) -> u64 {
    match groups.last_mut().filter(|last| last.group == group) {
        Some(last) => {
            last.total += 1;
            last.total
        }
        None => {
            groups.push(GroupView { group, total: 1 });
            1
        }
    }
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
fn order(group: Group, at_ms: Option<UnixMs>) -> i64 {
    let at = at_ms.unwrap_or(i64::MAX);
    match group {
        Group::NeedsYou | Group::Waiting | Group::NotStarted => at,
        Group::Draft | Group::InReview | Group::Verified => at.checked_neg().unwrap_or(i64::MAX),
    }
}

fn counts(session: &Session, entries: &[Entry]) -> CountsView {
    let of = |group: Group| entries.iter().filter(|e| e.group == group).count() as u64;
    CountsView {
        all: entries.len() as u64,
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
    let of = (session.submission_of(&account.id), session.draft_of(&account.id));
    row_of(session, account, of, now)
}

fn row_of(
    session: &Session,
    account: &Account,
    (submission, draft): (Option<(&SubmissionId, &Held)>, Option<&Draft>),
    now: &Moment,
) -> AccountRowView {
    let connection = session.connection(&account.connection).ok();
    let provider = connection.and_then(|c| satchel_providers::by_code(&c.provider));
    let Standing { group, line, action, at_ms } = stands(session, submission, draft, now);
    let asked = submission.and_then(|(_, held)| held.asked_ms);
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

fn stands(
    session: &Session,
    submission: Option<(&SubmissionId, &Held)>,
    draft: Option<&Draft>,
    now: &Moment,
) -> Standing {
    if let Some((id, held)) = submission {
        return standing::of_submission(session, id, held, now);
    }
    match draft {
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
