//! The list of accounts.

use std::collections::HashMap;

use memchr::memmem;
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
    /// Of every entry the name in lower case and the provider's identifier, one after the other:
    /// one pass over them is quicker than one over strings all over the memory.
    texts: String,
    counts: CountsView,
    until_boot_ms: u64,
    boot: u64,
}

struct Entry {
    account: AccountId,
    submission: Option<SubmissionId>,
    draft: Option<DraftId>,
    group: Group,
    as_of_ms: Option<UnixMs>,
    /// Where its text ends.
    end: usize,
}

/// How long the order may stand although nothing changed, in milliseconds.
const STANDS_MS: u64 = 30_000;

/// Stands between name and identifier, and behind both; nobody can type it.
const BETWEEN: char = '\0';

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
        let sortable = |account| {
            let Account { id, .. }: &Account = account;
            let name = shown_name(account);
            let (submission, draft) = (newest.get(id).copied(), drafts.get(id).copied());
            let Standing { group, at_ms, .. } = stands(session, account, submission, draft, now);
            let entry = Entry {
                account: id.clone(),
                submission: submission.map(|(id, _)| id.clone()),
                draft: draft.map(|draft| draft.id.clone()),
                group,
                as_of_ms: submission.and_then(|(_, held)| held.asked_ms),
                end: 0,
            };
            (rank(group), order(group, at_ms), name.to_lowercase(), &account.remote_id, entry)
        };
        let mut sorted: Vec<_> = session.accounts.values().map(sortable).collect();
        sorted.sort_by(|a, b| (a.0, a.1, &a.2).cmp(&(b.0, b.1, &b.2)));
        let (mut entries, mut texts) = (Vec::with_capacity(sorted.len()), String::new());
        for (_, _, name, remote_id, mut entry) in sorted {
            for text in [&name, remote_id] {
                texts.push_str(text);
                texts.push(BETWEEN);
            }
            entry.end = texts.len();
            entries.push(entry);
        }
        let counts = counts(session, &entries);
        Self { entries, texts, counts, until_boot_ms: now.boot_ms + STANDS_MS, boot: now.boot }
    }

    fn stands(&self, now: &Moment) -> bool {
        self.boot == now.boot && now.boot_ms < self.until_boot_ms
    }

    fn view(&self, session: &Session, request: &AccountsRequest, now: &Moment) -> AccountsView {
        let search = request.search.to_lowercase();
        let by_space = |letter: char| letter.is_whitespace() || letter == BETWEEN;
        let words: Vec<&str> = search.split(by_space).filter(|word| !word.is_empty()).collect();
        let most = request.most.map_or(u64::MAX, u64::from);
        let mut groups: Vec<GroupView> = Vec::new();
        let (mut shown, mut as_of_ms) = (Vec::new(), None::<UnixMs>);
        let is_shown = |group| request.filter.is_none_or(|filter| group == filter);
        self.each_found(&words, |entry| {
            if is_shown(entry.group) {
                let total = count_in(&mut groups, entry.group);
                as_of_ms = as_of_ms.into_iter().chain(entry.as_of_ms).min();
                if total <= most {
                    shown.push(entry);
                }
            }
        });
        let rows = shown.into_iter().filter_map(|entry| entry.row(session, now)).collect();
        let (counts, offline_since_ms) = (self.counts.clone(), offline_since(session));
        AccountsView { rows, groups, counts, as_of_ms, offline_since_ms }
    }

    /// Every entry whose text has all words, in order. The longest word, which the fewest have,
    /// leads from one to the next.
    fn each_found<'a>(&'a self, words: &[&str], mut found: impl FnMut(&'a Entry)) {
        let Some(longest) = words.iter().max_by_key(|word| word.len()) else {
            return self.entries.iter().for_each(found);
        };
        let mut places = memmem::find_iter(self.texts.as_bytes(), longest).peekable();
        let mut begin = 0;
        for entry in &self.entries {
            let mut leads_here = false;
            while places.next_if(|place| *place < entry.end).is_some() {
                leads_here = true;
            }
            let text = || self.texts.get(begin..entry.end).unwrap_or_default();
            if leads_here && (words.len() == 1 || words.iter().all(|word| text().contains(word))) {
                found(entry);
            }
            begin = entry.end;
        }
    }
}

impl Entry {
    fn row(&self, session: &Session, now: &Moment) -> Option<AccountRowView> {
        let account = session.accounts.get(&self.account)?;
        let of = |id| session.submissions.get_key_value(id);
        let submission = self.submission.as_ref().and_then(of);
        let draft = self.draft.as_ref().and_then(|id| session.drafts.get(id));
        Some(row_of(session, account, (submission, draft), now))
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
        Group::Forgotten => 6,
    }
}

/// Oldest first where somebody waits; newest first where it is over.
fn order(group: Group, at_ms: Option<UnixMs>) -> i64 {
    let at = at_ms.unwrap_or(i64::MAX);
    match group {
        Group::NeedsYou | Group::Waiting | Group::NotStarted => at,
        Group::Draft | Group::InReview | Group::Verified | Group::Forgotten => {
            at.checked_neg().unwrap_or(i64::MAX)
        }
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
        forgotten: of(Group::Forgotten),
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
    let Standing { group, line, action, at_ms } = stands(session, account, submission, draft, now);
    let asked = submission.and_then(|(_, held)| held.asked_ms);
    AccountRowView {
        id: account.id.to_string(),
        name: shown_name(account).to_owned(),
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

/// Its name, or the provider's identifier once that was forgotten.
fn shown_name(account: &Account) -> &str {
    if account.forgotten_ms.is_some() { &account.remote_id } else { &account.name }
}

fn stands(
    session: &Session,
    account: &Account,
    submission: Option<(&SubmissionId, &Held)>,
    draft: Option<&Draft>,
    now: &Moment,
) -> Standing {
    if let Some((id, held)) = submission {
        return standing::of_submission(session, id, held, now);
    }
    if let Some(at_ms) = account.forgotten_ms {
        return standing::forgotten("not_started", at_ms);
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
