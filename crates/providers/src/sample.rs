//! Connections, accounts, answers and photos of the tests. Nobody in them exists.
#![allow(clippy::unwrap_used)]

use satchel_core::account::{Account, Connection};
use satchel_core::chance::Chance;
use satchel_core::http::HttpResponse;
use satchel_core::ids::{AccountId, ConnectionId, PhotoId};
use satchel_core::onboarding::{Answers, DocumentType, Side, Who};
use satchel_core::photo::{PhotoFormat, PhotoRecord};
use satchel_core::provider::Context;
use satchel_core::secret::Secret;
use serde_json::Value;

/// Everything that a [`Context`] borrows.
pub(crate) struct Scene {
    pub connection: Connection,
    pub account: Account,
    pub answers: Answers,
    pub who: Option<Who>,
    pub photo: Option<(PhotoRecord, Vec<u8>)>,
}

impl Scene {
    pub(crate) fn new(provider: &str, remote_id: &str) -> Self {
        let mut chance = Chance::from_seed([1; 32]);
        let id = ConnectionId::draw(&mut chance);
        let connection = Connection {
            id: id.clone(),
            provider: provider.to_owned(),
            name: "Test".to_owned(),
            settings: [("base_url", "https://provider.example/v2/"), ("client_id", "9876")]
                .map(|(key, value)| (key.to_owned(), value.to_owned()))
                .into(),
            credentials: [
                ("access_token", "STAGE_connection"),
                ("api_key", "key"),
                ("api_secret", "secret"),
            ]
            .map(|(key, value)| (key.to_owned(), Secret::new(value)))
            .into(),
            extra_root_pem: None,
            paused: false,
            created_ms: 0,
        };
        let account = Account {
            id: AccountId::draw(&mut chance),
            connection: id,
            remote_id: remote_id.to_owned(),
            name: "Michael Winter".to_owned(),
            kind: None,
            country: None,
            email: None,
            token: None,
            created_ms: 0,
            forgotten_ms: None,
        };
        Self { connection, account, answers: Answers::default(), who: None, photo: None }
    }

    pub(crate) fn set(&mut self, key: &str, value: &str) {
        self.connection.settings.insert(key.to_owned(), value.to_owned());
    }

    pub(crate) fn context(&self) -> Context<'_> {
        Context {
            connection: &self.connection,
            account: &self.account,
            who: self.who,
            answers: &self.answers,
            photo: self.photo.as_ref().map(|(record, bytes)| (record, bytes.as_slice())),
        }
    }
}

pub(crate) fn photo_id() -> PhotoId {
    PhotoId::parse(&"ab".repeat(16)).unwrap()
}

pub(crate) fn photo(document: &str, side: Side, bytes: &[u8]) -> (PhotoRecord, Vec<u8>) {
    let record = PhotoRecord {
        id: photo_id(),
        document: DocumentType::new(document),
        side,
        format: PhotoFormat::Jpeg,
        bytes: bytes.len() as u64,
        width: 1000,
        height: 640,
        original_sha256: "00".repeat(32),
        upload_sha256: "00".repeat(32),
        look: 0,
        report: "{}".to_owned(),
        override_reason: None,
        taken_ms: 0,
    };
    (record, bytes.to_vec())
}

pub(crate) fn json(status: u16, body: &Value) -> HttpResponse {
    reply(status, "application/json", &body.to_string())
}

pub(crate) fn reply(status: u16, content_type: &str, body: &str) -> HttpResponse {
    HttpResponse {
        status,
        headers: vec![("content-type".to_owned(), content_type.to_owned())],
        body: body.as_bytes().to_vec(),
    }
}

pub(crate) fn page(status: u16) -> HttpResponse {
    reply(status, "text/html; charset=utf-8", "<!doctype html><title>Sign in</title>")
}

pub(crate) fn header<'a>(
    request: &'a satchel_core::http::HttpRequest,
    name: &str,
) -> Option<&'a str> {
    request.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
}
