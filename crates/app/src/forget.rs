//! Forgetting: by time, and because somebody asks for it.

use satchel_core::account::Account;
use satchel_core::clock::Moment;
use satchel_core::delivery::{EngineEvent, Event, Recorded, Submission};
use satchel_core::ids::{AccountId, DraftId, SubmissionId};
use satchel_core::retention::{Clocks, Due, Keeping, Retention, ended};
use satchel_core::store::{Store, StoreFault, Tombstone};

use crate::api::{
    ApiError, ForgetRequest, ForgetView, ForgottenView, KeepingView, RetentionRequest,
    RetentionView,
};
use crate::satchel::Satchel;
use crate::session::{Held, Session};

/// How often it is looked for what has come due, in milliseconds.
const LOOK_EVERY_MS: u64 = 10 * 60_000;

/// The setting with the times, as JSON.
const RETENTION: &str = "retention";

/// The setting with the accounts that are forgotten as soon as they can be, as JSON.
const WHEN_SETTLED: &str = "forget_when_settled";

/// What is to be forgotten, and when it is looked for next.
pub(crate) struct Forgetting {
    retention: Retention,
    when_settled: Vec<AccountId>,
    look_at: u64,
}

/// Who looks for what has come due: a person at the device answers for its clock.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AskedBy {
    Satchel,
    Person,
}

impl Forgetting {
    pub(crate) fn read(store: &dyn Store) -> Result<Self, StoreFault> {
        let retention = read_json(store, RETENTION)?.filter(Retention::is_sound);
        Ok(Self {
            retention: retention.unwrap_or_default(),
            when_settled: read_json(store, WHEN_SETTLED)?.unwrap_or_default(),
            look_at: 0,
        })
    }
}

/// What does not read as it did is as if it had not been set.
fn read_json<T: serde::de::DeserializeOwned>(
    store: &dyn Store,
    name: &str,
) -> Result<Option<T>, StoreFault> {
    Ok(store.setting(name)?.and_then(|text| serde_json::from_str(&text).ok()))
}

fn put_json<T: serde::Serialize>(
    store: &mut dyn Store,
    name: &str,
    value: &T,
) -> Result<(), ApiError> {
    let text = serde_json::to_string(value).map_err(|_| ApiError::new("store_failed"))?;
    Ok(store.put_setting(name, &text)?)
}

impl Satchel {
    /// How long evidence is kept.
    ///
    /// # Errors
    /// `locked`.
    pub fn retention_show(&self) -> Result<RetentionView, ApiError> {
        self.with(|session, _| Ok(session.retention_view()))
    }

    /// Changes how long evidence is kept. What has come due by it goes with the next look.
    ///
    /// # Errors
    /// `unknown_state`, `keeping_not_sound`, or what the store answers.
    pub fn retention_set(&self, request: &RetentionRequest) -> Result<RetentionView, ApiError> {
        self.with(|session, now| {
            let mut retention = session.forgetting.retention;
            for KeepingView { state, photos_h, details_h } in &request.keeping {
                let keeping = Keeping { photos_h: *photos_h, details_h: *details_h };
                *of_state(&mut retention, state)? = keeping;
            }
            if !retention.is_sound() {
                return Err(ApiError::new("keeping_not_sound"));
            }
            put_json(session.store.as_mut(), RETENTION, &retention)?;
            session.forgetting.retention = retention;
            session.note("retention_changed", Some(hours_of(&retention)), None, now)?;
            session.forgetting.look_at = 0;
            Ok(session.retention_view())
        })
    }

    /// Forgets what has come due, now. Whoever asks for it answers for this device's clock.
    ///
    /// # Errors
    /// `locked`, or what the store answers.
    pub fn retention_run(&self) -> Result<ForgottenView, ApiError> {
        self.with(|session, now| {
            let view = session.forget_due(now, AskedBy::Person)?;
            session.store.shred()?;
            Ok(view)
        })
    }

    /// What it would mean to forget an account now.
    ///
    /// # Errors
    /// `unknown_account`, `already_forgotten`.
    pub fn account_forget_ask(&self, id: &str) -> Result<ForgetView, ApiError> {
        self.with(|session, _| {
            let account = session.account(id)?.clone();
            session.forget_view(&account)
        })
    }

    /// Forgets an account: answers, photos, drafts, its log and its name. The provider keeps what
    /// it has.
    ///
    /// # Errors
    /// `unknown_account`, `already_forgotten`, `record_damaged`, or what the store answers.
    /// `in_flight` when something of it may still be on its way, unless it is to be forgotten as
    /// soon as that is settled.
    pub fn account_forget(&self, request: &ForgetRequest) -> Result<ForgetView, ApiError> {
        self.with(|session, now| {
            let account = session.account(&request.account)?.clone();
            let mut view = session.forget_view(&account)?;
            match view.not_now.as_deref() {
                Some("in_flight") if request.when_settled => {
                    let waiting = &session.forgetting.when_settled;
                    let mut waiting = waiting.to_vec();
                    waiting.push(account.id.clone());
                    session.keep_when_settled(waiting)?;
                    view.queued = true;
                }
                Some(why) => return Err(ApiError::new(why)),
                None => {
                    let operator = session.operator.clone();
                    session.forget_account(&account, &operator, now)?;
                    // It is forgotten here; a key that could not be changed stays due.
                    let _ = session.store.shred();
                }
            }
            session.changed = true;
            Ok(view)
        })
    }
}

fn of_state<'a>(retention: &'a mut Retention, state: &str) -> Result<&'a mut Keeping, ApiError> {
    match state {
        "verified" => Ok(&mut retention.verified),
        "failed" => Ok(&mut retention.failed),
        "withdrawn" => Ok(&mut retention.withdrawn),
        _ => Err(ApiError::new("unknown_state")),
    }
}

impl Session {
    /// Looks for what has come due, now and then.
    pub(crate) fn forget_in_time(&mut self, now: Moment) {
        let queued = self.forgetting.when_settled.clone();
        for account in queued {
            let account = self.accounts.get(&account).cloned();
            // What still cannot be, or failed, is tried again with the next turn.
            let _ = account.map(|account| self.forget_settled(&account, now));
        }
        if now.boot_ms >= self.forgetting.look_at {
            self.forgetting.look_at = now.boot_ms.saturating_add(LOOK_EVERY_MS);
            // What the store refused stays due.
            let _ = self.forget_due(now, AskedBy::Satchel);
            let _ = self.store.shred();
        }
    }

    fn forget_settled(&mut self, account: &Account, now: Moment) -> Result<(), ApiError> {
        if account.forgotten_ms.is_none() {
            if self.forget_view(account)?.not_now.is_some() {
                return Ok(());
            }
            let operator = self.operator.clone();
            self.forget_account(account, &operator, now)?;
        }
        let rest = self.forgetting.when_settled.iter().filter(|id| **id != account.id).cloned();
        self.keep_when_settled(rest.collect())
    }

    fn keep_when_settled(&mut self, waiting: Vec<AccountId>) -> Result<(), ApiError> {
        put_json(self.store.as_mut(), WHEN_SETTLED, &waiting)?;
        self.forgetting.when_settled = waiting;
        Ok(())
    }

    fn forget_due(&mut self, now: Moment, asked: AskedBy) -> Result<ForgottenView, ApiError> {
        let mut view = ForgottenView::default();
        for (id, due) in self.what_is_due(now, asked) {
            match due {
                Due::Photos => {
                    self.act(&id, Event::PhotosForgotten, "", now)?;
                    view.photos += 1;
                }
                Due::Everything => {
                    self.purge(&id, "", now)?;
                    view.submissions += 1;
                }
            }
        }
        for account in self.emptied_accounts() {
            self.forget_name(&account, "", now)?;
            view.accounts += 1;
        }
        Ok(view)
    }

    fn what_is_due(&self, now: Moment, asked: AskedBy) -> Vec<(SubmissionId, Due)> {
        let due = |(id, held): (&SubmissionId, &Held)| {
            let submission = self.engine.submission_of(id)?;
            let server_ms = self.engine.server_now(id, &now);
            let wall_is_right = asked == AskedBy::Person;
            let clocks = Clocks { now, server_ms, wall_is_right };
            let due = self.forgetting.retention.due(submission, &held.log, clocks)?;
            // Somebody is at it again: a draft goes on from what is here.
            let is_open = self.draft_of(&held.record.account).is_some();
            (due == Due::Photos || !is_open).then(|| (id.clone(), due))
        };
        self.submissions.iter().filter_map(due).collect()
    }

    /// Accounts of which all that was ever sealed is forgotten.
    fn emptied_accounts(&self) -> Vec<Account> {
        let of = |account: &&Account| {
            // One that came back after it was forgotten waits for what is sealed from then on.
            let held = self.held_of(&account.id).map(|(_, held)| &held.record);
            let mut records = held.filter(|r| r.sealed_ms >= account.created_ms).peekable();
            account.forgotten_ms.is_none()
                && self.draft_of(&account.id).is_none()
                && records.peek().is_some()
                && records.all(|record| record.tombstone.is_some())
        };
        self.accounts.values().filter(of).cloned().collect()
    }

    fn held_of(&self, account: &AccountId) -> impl Iterator<Item = (&SubmissionId, &Held)> {
        self.submissions.iter().filter(move |(_, held)| held.record.account == *account)
    }

    /// What is still here of an account's submissions.
    fn left_of(&self, account: &AccountId) -> Vec<SubmissionId> {
        let left = self.held_of(account).filter(|(_, held)| held.record.tombstone.is_none());
        left.map(|(id, _)| id.clone()).collect()
    }

    fn forget_account(
        &mut self,
        account: &Account,
        operator: &str,
        now: Moment,
    ) -> Result<(), ApiError> {
        let drafts = self.drafts.values().filter(|d| d.account == account.id);
        let drafts: Vec<DraftId> = drafts.map(|d| d.id.clone()).collect();
        for draft in drafts {
            self.discard_draft(&draft)?;
        }
        for id in self.left_of(&account.id) {
            if self.engine.submission_of(&id).is_some_and(Submission::can_withdraw) {
                self.act(&id, Event::Withdrawn, operator, now)?;
            }
            self.purge(&id, operator, now)?;
        }
        self.forget_name(account, operator, now)
    }

    fn forget_name(
        &mut self,
        account: &Account,
        operator: &str,
        now: Moment,
    ) -> Result<(), ApiError> {
        let forgotten = account.forgotten(now.wall_ms);
        self.store.put_accounts(std::slice::from_ref(&forgotten))?;
        self.note_by(operator, "account_forgotten", &account.id, now)?;
        self.accounts.insert(forgotten.id.clone(), forgotten);
        self.changed = true;
        Ok(())
    }

    fn purge(&mut self, id: &SubmissionId, operator: &str, now: Moment) -> Result<(), ApiError> {
        self.act(id, Event::Purged, operator, now)?;
        self.tell(EngineEvent::Forgotten(id.clone()), now);
        Ok(())
    }

    fn forget_view(&self, account: &Account) -> Result<ForgetView, ApiError> {
        if account.forgotten_ms.is_some() {
            return Err(ApiError::new("already_forgotten"));
        }
        let left = self.left_of(&account.id);
        let known: Vec<&Submission> =
            left.iter().filter_map(|id| self.engine.submission_of(id)).collect();
        let not_now = match () {
            () if known.len() < left.len() => Some("record_damaged"),
            () if known.iter().any(|s| !s.can_forget()) => Some("in_flight"),
            () => None,
        };
        let draft = self.draft_of(&account.id);
        let taken = draft.map_or(0, |d| d.photos.len());
        let sent = known.iter().flat_map(|s| s.photos()).filter(|p| !p.forgotten).count();
        Ok(ForgetView {
            account: account.id.to_string(),
            remote_id: account.remote_id.clone(),
            photos: (taken + sent) as u64,
            answers: !left.is_empty(),
            draft: draft.is_some(),
            consequence: consequence(&known).to_owned(),
            not_now: not_now.map(str::to_owned),
            queued: self.is_forgotten_when_settled(&account.id),
        })
    }

    pub(crate) fn is_forgotten_when_settled(&self, account: &AccountId) -> bool {
        self.forgetting.when_settled.contains(account)
    }

    fn retention_view(&self) -> RetentionView {
        let Retention { verified, failed, withdrawn } = self.forgetting.retention;
        let keeping = [("verified", verified), ("failed", failed), ("withdrawn", withdrawn)];
        let view = |(state, Keeping { photos_h, details_h }): (&str, Keeping)| KeepingView {
            state: state.to_owned(),
            photos_h,
            details_h,
        };
        let without = |s: &&Submission| !s.photos().is_empty() && !s.has_pictures();
        RetentionView {
            keeping: keeping.map(view).into(),
            without_photos: self.engine.submissions().filter(without).count() as u64,
            forgotten: self.accounts.values().filter(|a| a.forgotten_ms.is_some()).count() as u64,
        }
    }
}

/// The times as they stand in the audit log: hours for photos and for the rest, by end.
fn hours_of(retention: &Retention) -> String {
    let hours = |hours: Option<u32>| hours.map_or_else(|| "never".to_owned(), |h| h.to_string());
    let of = |k: Keeping| format!("{}/{}", hours(k.photos_h), hours(k.details_h));
    [retention.verified, retention.failed, retention.withdrawn].map(of).join(" ")
}

/// What forgetting means for what was begun, by the farthest that anything of it came.
fn consequence(submissions: &[&Submission]) -> &'static str {
    let of = |s: &&Submission| match s.state().code() {
        "withdrawn" => "nothing_sent",
        "verified" => "verified",
        "failed" => "failed",
        _ if s.can_withdraw() => "taken_back",
        _ => "with_provider",
    };
    let rank = |code: &&str| {
        ["nothing_sent", "taken_back", "failed", "verified", "with_provider"]
            .iter()
            .position(|c| c == code)
    };
    submissions.iter().map(of).max_by_key(rank).unwrap_or("nothing_sent")
}

/// What stays of a submission whose log ends in `entry`.
pub(crate) fn tombstone(held: &Held, entry: &Recorded) -> Tombstone {
    let (id, account) = (held.record.id.clone(), held.record.account.clone());
    let submission = Submission::replay(id, account, &held.log).ok();
    Tombstone {
        state: submission.as_ref().map_or("unknown", |s| s.state().code()).to_owned(),
        since_ms: submission.and_then(|s| ended(&s, &held.log)).map(|ended| ended.at.wall_ms),
        forgotten_ms: entry.at.wall_ms,
        operator: entry.operator.clone(),
    }
}
