//! Use cases about accounts.

use std::collections::{BTreeMap, BTreeSet};

use satchel_core::account::Account;
use satchel_core::delivery::{EngineEvent, Event};
use satchel_core::ids::{AccountId, ConnectionId};
use satchel_core::onboarding::{Country, EntityKind};
use satchel_core::secret::Secret;

use crate::api::{
    AccountAddRequest, AccountRowView, AccountView, AccountsRequest, AccountsView, ApiError,
    DetailView, ImportRequest, ImportView,
};
use crate::import;
use crate::satchel::Satchel;
use crate::session::Session;
use crate::view;

impl Satchel {
    /// The list: needs you first, oldest first; waiting by next try.
    ///
    /// # Errors
    /// `locked`.
    pub fn accounts_list(&self, request: &AccountsRequest) -> Result<AccountsView, ApiError> {
        self.with(|session, now| Ok(view::accounts(session, request, &now)))
    }

    /// One account in full.
    ///
    /// # Errors
    /// `unknown_account`.
    pub fn account_show(&self, id: &str) -> Result<AccountView, ApiError> {
        self.with(|session, now| {
            let account = session.account(id)?.clone();
            view::account(session, &account, &now)
        })
    }

    /// Adds one account.
    ///
    /// # Errors
    /// `required`, `not_a_number`, `already_here`, `unknown_connection`, with the field.
    pub fn account_add(&self, request: AccountAddRequest) -> Result<AccountRowView, ApiError> {
        self.with(|session, now| {
            let account = session.account_from(&request, now.wall_ms)?;
            session.store.put_accounts(std::slice::from_ref(&account))?;
            session.note("account_added", None, Some(&account.id), now)?;
            session.accounts.insert(account.id.clone(), account.clone());
            session.changed = true;
            Ok(view::row(session, &account, &now))
        })
    }

    /// What an import would do.
    ///
    /// # Errors
    /// `unknown_connection`, `file_without_account_column`.
    pub fn accounts_preview(&self, request: &ImportRequest) -> Result<ImportView, ApiError> {
        self.with(|session, _| Ok(session.read_import(request)?.view))
    }

    /// Adds the good lines, all or none.
    ///
    /// # Errors
    /// As [`Satchel::accounts_preview`], and what the store answers; nothing was added then.
    pub fn accounts_import(&self, request: &ImportRequest) -> Result<ImportView, ApiError> {
        self.with(|session, now| {
            let read = session.read_import(request)?;
            let accounts: Vec<Account> = read
                .requests
                .iter()
                .map(|line| session.account_from(line, now.wall_ms))
                .collect::<Result<_, _>>()?;
            session.store.put_accounts(&accounts)?;
            let added = accounts.len().to_string();
            session.note("accounts_imported", Some(added), None, now)?;
            session.accounts.extend(accounts.into_iter().map(|a| (a.id.clone(), a)));
            session.changed = true;
            Ok(read.view)
        })
    }

    /// Asks the provider more often while somebody looks at this account.
    ///
    /// # Errors
    /// `unknown_account`.
    pub fn account_watch(&self, id: Option<&str>) -> Result<(), ApiError> {
        self.with(|session, now| {
            let watched = match id {
                None => None,
                Some(id) => {
                    let account = session.account(id)?.id.clone();
                    session.submission_of(&account).map(|(id, _)| id.clone())
                }
            };
            if session.watched != watched {
                session.watched.clone_from(&watched);
                session.tell(EngineEvent::Watch(watched), now);
            }
            Ok(())
        })
    }

    /// The account's answers unmasked. The window hides them after 10 s; the log keeps who saw
    /// them, and shows nothing that it could not write down.
    ///
    /// # Errors
    /// `unknown_account`, `nothing_to_show`, or what the store answers.
    pub fn account_reveal(&self, id: &str) -> Result<Vec<DetailView>, ApiError> {
        self.with(|session, now| {
            let account = session.account(id)?.clone();
            let revealed = view::revealed(session, &account)?;
            let submission = session.submission_of(&account.id).map(|(id, _)| id.clone());
            if let Some(id) = submission.filter(|id| session.engine.submission_of(id).is_some()) {
                session.person(&id, Event::Revealed, now)?;
            }
            Ok(revealed)
        })
    }
}

impl Session {
    pub(crate) fn account_from(
        &mut self,
        request: &AccountAddRequest,
        now_ms: i64,
    ) -> Result<Account, ApiError> {
        let connection = ConnectionId::parse(&request.connection)
            .ok_or_else(|| ApiError::new("unknown_connection").at("connection"))?;
        let provider = self.connection(&connection)?.provider.clone();
        let (remote_id, name) = (request.remote_id.trim(), request.name.trim());
        if remote_id.is_empty() {
            return Err(ApiError::new("required").at("remote_id"));
        }
        if name.is_empty() {
            return Err(ApiError::new("required").at("name"));
        }
        if numeric_ids(&provider) && !remote_id.bytes().all(|b| b.is_ascii_digit()) {
            return Err(ApiError::new("not_a_number").at("remote_id"));
        }
        let here = |a: &&Account| a.connection == connection && a.remote_id == remote_id;
        // One that was forgotten comes back as it is told now.
        let id = match self.accounts.values().find(here) {
            Some(there) if there.forgotten_ms.is_none() => {
                return Err(ApiError::new("already_here").at("remote_id"));
            }
            Some(forgotten) => forgotten.id.clone(),
            None => AccountId::draw(&mut self.chance),
        };
        let some = |text: &Option<String>| {
            text.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned)
        };
        Ok(Account {
            id,
            connection,
            remote_id: remote_id.to_owned(),
            name: name.to_owned(),
            kind: request.kind.as_deref().and_then(EntityKind::parse),
            country: request.country.as_deref().and_then(Country::parse),
            email: some(&request.email),
            token: some(&request.token).map(Secret::new),
            created_ms: now_ms,
            forgotten_ms: None,
        })
    }

    fn read_import(&self, request: &ImportRequest) -> Result<import::Read, ApiError> {
        let mut names = BTreeMap::new();
        for connection in &self.connections {
            names.insert(connection.provider.to_lowercase(), connection.id.to_string());
        }
        for connection in &self.connections {
            names.insert(connection.name.to_lowercase(), connection.id.to_string());
        }
        if !self.connections.iter().any(|c| c.id.as_str() == request.connection) {
            return Err(ApiError::new("unknown_connection").at("connection"));
        }
        let known: BTreeSet<_> = self
            .accounts
            .values()
            .filter(|a| a.forgotten_ms.is_none())
            .map(|a| (a.connection.to_string(), a.remote_id.clone()))
            .collect();
        let numeric = |id: &str| {
            let of = self.connections.iter().find(|c| c.id.as_str() == id);
            of.is_some_and(|c| numeric_ids(&c.provider))
        };
        let read = import::read(&request.csv, &request.connection, &names, &known, &numeric);
        if !read.view.columns.iter().any(|c| c == "account_id") {
            return Err(ApiError::new("file_without_account_column"));
        }
        Ok(read)
    }
}

/// Whether a provider's account identifiers are numbers.
fn numeric_ids(provider: &str) -> bool {
    satchel_providers::by_code(provider).is_some_and(|p| p.numeric_account_ids())
}
