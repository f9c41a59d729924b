//! Use cases about connections.

use std::collections::BTreeMap;

use satchel_core::account::Connection;
use satchel_core::delivery::{Ambiguity, EngineEvent, NotSentWhy, Outcome, Reading, Step, Why};
use satchel_core::ids::{AccountId, ConnectionId};
use satchel_core::onboarding::Answers;
use satchel_core::provider::{Context, Provider};
use satchel_core::secret::Secret;

use crate::api::{
    ApiError, ConnectionCheckView, ConnectionFieldView, ConnectionRequest, ConnectionView,
    ProviderView,
};
use crate::outgoing::transport_outcome;
use crate::satchel::Satchel;
use crate::session::Session;

impl Satchel {
    /// Providers that can be connected.
    pub fn providers_list(&self) -> Vec<ProviderView> {
        satchel_providers::all().iter().map(|p| provider_view(p.as_ref())).collect()
    }

    /// Configured providers.
    ///
    /// # Errors
    /// `locked`.
    pub fn connections_list(&self) -> Result<Vec<ConnectionView>, ApiError> {
        self.with(|s, _| s.connections.iter().map(|c| s.connection_view(c)).collect())
    }

    /// Makes or changes a connection; one that was refused for its credentials is tried again.
    ///
    /// # Errors
    /// `required` with the field, `bad_address`, `unknown_provider`, `bad_certificate`.
    pub fn connection_save(&self, request: ConnectionRequest) -> Result<ConnectionView, ApiError> {
        let view = self.with(|session, now| {
            let connection = session.connection_from(request, now.wall_ms)?;
            session.store.put_connection(&connection)?;
            let provider = connection.provider.clone();
            session.note("connection_saved", Some(provider), None, now)?;
            session.connections.retain(|c| c.id != connection.id);
            session.connections.push(connection.clone());
            session.connections.sort_by_key(|c| c.created_ms);
            let (id, paused) = (connection.id.clone(), connection.paused);
            session.tell(EngineEvent::Connection { id, paused }, now);
            session.changed = true;
            session.connection_view(&connection)
        })?;
        self.forget_transports();
        Ok(view)
    }

    /// Pauses a connection, or lets it go on.
    ///
    /// # Errors
    /// `unknown_connection`.
    pub fn connection_pause(&self, id: &str, paused: bool) -> Result<ConnectionView, ApiError> {
        self.with(|session, now| {
            let id = connection_id(id)?;
            let mut connection = session.connection(&id)?.clone();
            connection.paused = paused;
            session.store.put_connection(&connection)?;
            if let Some(kept) = session.connections.iter_mut().find(|c| c.id == id) {
                *kept = connection.clone();
            }
            session.tell(EngineEvent::Connection { id, paused }, now);
            session.changed = true;
            session.connection_view(&connection)
        })
    }

    /// Asks the provider one harmless thing and says what came of it.
    ///
    /// # Errors
    /// `unknown_connection`, `locked`.
    pub async fn connection_check(&self, id: &str) -> Result<ConnectionCheckView, ApiError> {
        let (connection, account) = self.with(|session, now| {
            let connection = session.connection(&connection_id(id)?)?.clone();
            let account = session
                .accounts
                .values()
                .find(|a| a.connection == connection.id)
                .cloned()
                .unwrap_or_else(|| satchel_core::account::Account {
                    id: AccountId::draw(&mut session.chance),
                    connection: connection.id.clone(),
                    remote_id: "1".to_owned(),
                    name: String::new(),
                    kind: None,
                    country: None,
                    email: None,
                    token: None,
                    created_ms: now.wall_ms,
                    forgotten_ms: None,
                });
            Ok((connection, account))
        })?;
        let known = self.with(|s, _| Ok(s.accounts.contains_key(&account.id)))?;
        let provider = satchel_providers::by_code(&connection.provider)
            .ok_or_else(|| ApiError::new("unknown_provider"))?;
        let step = Step::Read { reading: Reading::Status };
        let answers = Answers::default();
        let context = Context {
            connection: &connection,
            account: &account,
            who: None,
            answers: &answers,
            photo: None,
        };
        let request = provider
            .request(&step, &context)
            .map_err(|fault| ApiError::new("connection_incomplete").with(fault.to_string()))?;
        let answer = match self.transport(&connection) {
            Ok(transport) => transport.send(request).await,
            Err(fault) => Err(fault),
        };
        let outcome = match answer {
            Ok(response) => provider.read(&step, &context, &response),
            Err(satchel_core::http::TransportFault::BadAddress) => {
                return Ok(ConnectionCheckView { ok: false, code: "bad_address".to_owned() });
            }
            Err(fault) => transport_outcome(fault),
        };
        let code = check_code(&outcome, known);
        if code == "ok" {
            self.with(|session, now| {
                let (id, paused) = (connection.id.clone(), connection.paused);
                session.tell(EngineEvent::Connection { id, paused }, now);
                Ok(())
            })?;
        }
        Ok(ConnectionCheckView { ok: code == "ok", code: code.to_owned() })
    }
}

/// Without an account here the made-up one is refused, which still proves address and credentials.
fn check_code(outcome: &Outcome, account_known: bool) -> &'static str {
    match outcome {
        Outcome::Done { .. } | Outcome::NotDone { .. } => "ok",
        Outcome::Definite { .. } if account_known => "account",
        Outcome::Definite { .. } => "ok",
        Outcome::Credentials { html: false, .. } => "credentials",
        Outcome::Credentials { html: true, .. } => "foreign_answer",
        Outcome::Ambiguous { why } => match why {
            Ambiguity::Foreign => "foreign_answer",
            Ambiguity::Broken | Ambiguity::Restart => "offline",
            Ambiguity::ServerFault | Ambiguity::Unexpected => "server",
        },
        Outcome::NotSent { why } => match why {
            NotSentWhy::Network | NotSentWhy::Unmade => "offline",
            NotSentWhy::Intercepted | NotSentWhy::Proxy => "intercepted",
            NotSentWhy::Clock => "clock",
        },
    }
}

fn connection_id(id: &str) -> Result<ConnectionId, ApiError> {
    ConnectionId::parse(id).ok_or_else(|| ApiError::new("unknown_connection"))
}

fn provider_view(provider: &dyn Provider) -> ProviderView {
    let mut countries: Vec<String> =
        provider.offers().iter().map(|w| w.country.code().to_owned()).collect();
    countries.sort();
    countries.dedup();
    let fields = provider
        .connection_fields()
        .into_iter()
        .map(|f| ConnectionFieldView {
            key: f.key.to_owned(),
            secret: f.secret,
            required: f.required,
            default: f.default.to_owned(),
            options: f.options.into_iter().map(str::to_owned).collect(),
            advanced: f.advanced,
        })
        .collect();
    let (code, name) = (provider.code().to_owned(), provider.name().to_owned());
    ProviderView { code, name, fields, countries }
}

impl Session {
    pub(crate) fn connection_view(&self, c: &Connection) -> Result<ConnectionView, ApiError> {
        let provider = satchel_providers::by_code(&c.provider);
        let line = self.engine.line(&c.id).cloned().unwrap_or_default();
        let state = match (&line.trouble, c.paused) {
            (_, true) => "paused",
            (Some((why, _)), _) => trouble_code(*why),
            (None, _) if line.answered.is_some() => "ok",
            (None, _) => "unknown",
        };
        Ok(ConnectionView {
            id: c.id.to_string(),
            provider: c.provider.clone(),
            provider_name: provider.map_or_else(|| c.provider.clone(), |p| p.name().to_owned()),
            name: c.name.clone(),
            settings: c.settings.clone(),
            credentials_set: c.credentials.keys().cloned().collect(),
            has_extra_root: c.extra_root_pem.is_some(),
            state: state.to_owned(),
            state_since_ms: line.trouble.map(|(_, since)| since.wall_ms),
            answered_ms: line.answered.map(|m| m.wall_ms),
            accounts: self.accounts.values().filter(|a| a.connection == c.id).count() as u64,
        })
    }

    /// What a request asks for, checked against the provider's fields.
    pub(crate) fn connection_from(
        &mut self,
        request: ConnectionRequest,
        now_ms: i64,
    ) -> Result<Connection, ApiError> {
        let provider = satchel_providers::by_code(&request.provider)
            .ok_or_else(|| ApiError::new("unknown_provider"))?;
        let old = match &request.id {
            Some(id) => Some(self.connection(&connection_id(id)?)?.clone()),
            None => None,
        };
        let mut connection = old.unwrap_or_else(|| Connection {
            id: ConnectionId::draw(&mut self.chance),
            provider: request.provider.clone(),
            name: String::new(),
            settings: BTreeMap::new(),
            credentials: BTreeMap::new(),
            extra_root_pem: None,
            paused: false,
            created_ms: now_ms,
        });
        let name = request.name.trim();
        connection.name =
            if name.is_empty() { provider.name().to_owned() } else { name.to_owned() };
        fill_fields(&mut connection, provider.as_ref(), &request)?;
        match request.extra_root_pem.as_deref().map(str::trim) {
            None => {}
            Some("") => connection.extra_root_pem = None,
            Some(pem) if pem.contains("-----BEGIN CERTIFICATE-----") => {
                connection.extra_root_pem = Some(pem.to_owned());
            }
            Some(_) => return Err(ApiError::new("bad_certificate").at("extra_root_pem")),
        }
        Ok(connection)
    }
}

fn fill_fields(
    connection: &mut Connection,
    provider: &dyn Provider,
    request: &ConnectionRequest,
) -> Result<(), ApiError> {
    for field in provider.connection_fields() {
        let (first, second) = (&request.settings, &request.credentials);
        let given = first.get(field.key).or_else(|| second.get(field.key));
        let value = given.map(|v| v.trim().to_owned());
        if field.secret {
            match value {
                Some(v) if v.is_empty() => {
                    connection.credentials.remove(field.key);
                }
                Some(v) => {
                    connection.credentials.insert(field.key.to_owned(), Secret::new(v));
                }
                None => {}
            }
            if field.required && connection.credential(field.key).is_empty() {
                return Err(ApiError::new("required").at(field.key));
            }
        } else {
            let known = connection.settings.get(field.key).cloned();
            let value = value
                .filter(|v| !v.is_empty())
                .or_else(|| known.filter(|_| given.is_none()))
                .unwrap_or_else(|| field.default.to_owned());
            if field.required && value.is_empty() {
                return Err(ApiError::new("required").at(field.key));
            }
            if field.key.ends_with("_url") && !value.is_empty() && !is_http(&value) {
                return Err(ApiError::new("bad_address").at(field.key));
            }
            connection.settings.insert(field.key.to_owned(), value);
        }
    }
    Ok(())
}

/// Plain HTTP is for this machine alone: what goes out carries national numbers.
fn is_http(url: &str) -> bool {
    let local = ["http://127.0.0.1", "http://localhost", "http://[::1]"].iter().any(|start| {
        url.strip_prefix(start).is_some_and(|r| r.is_empty() || r.starts_with([':', '/']))
    });
    let remote = url.strip_prefix("https://").is_some_and(|rest| !rest.is_empty());
    (local || remote) && !url.contains(char::is_whitespace)
}

pub(crate) fn trouble_code(why: Why) -> &'static str {
    match why {
        Why::NoNetwork => "offline",
        Why::Intercepted => "intercepted",
        Why::Clock => "clock",
        Why::Credentials => "credentials",
        Why::Paused => "paused",
        Why::Throttled
        | Why::ServerTrouble
        | Why::Turn
        | Why::Sending
        | Why::AnswerLost
        | Why::Fence
        | Why::PhotosNotAskedFor
        | Why::InReview
        | Why::PhotosHeld
        | Why::Person
        | Why::SetAside
        | Why::Finished => "server",
    }
}
