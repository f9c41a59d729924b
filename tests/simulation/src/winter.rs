//! A small Winter, written from its reference: every write overwrites, one status for the account.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use satchel_core::delivery::Definite;
use satchel_core::http::{HttpRequest, Method};
use satchel_core::onboarding::Side;
use satchel_core::photo::PhotoRecord;
use serde_json::Value;

use crate::class::Class;
use crate::dice::Dice;
use crate::http::{self, Reply};
use crate::time::{MINUTE, SECOND};

pub const BASE: &str = "https://winter.test";
pub const SECRET: &str = "canary.token";
pub const ACCOUNT: &str = "merchant-7";

/// What a request asks for, read from its bytes.
#[derive(Clone, Debug)]
pub enum Call {
    Status,
    Documents,
    Details { version: u32 },
    Side { kind: String, side: Side, photo: String },
    Refused(Reply),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Required,
    UnderReview,
    Ready,
    Failed,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            State::Required => "CANNOT_WITHDRAW_KYC_REQUIRED",
            State::UnderReview => "UNDER_REVIEW",
            State::Ready => "READY_TO_WITHDRAW",
            State::Failed => "CANNOT_WITHDRAW_KYC_FAILED",
        }
    }
}

pub struct Account {
    state: State,
    pub details: Option<u32>,
    documents: Vec<(String, Side, String)>,
    fresh: Vec<Side>,
    failures_left: u32,
    review_at: Option<u64>,
    /// An upload erases whatever was there.
    pub last_wins: bool,
    pub was_verified: bool,
    pub foreign: bool,
}

/// Reads a request.
pub fn read(request: &HttpRequest) -> Call {
    let known = http::header(request, "x-api-key").is_some()
        && http::header(request, "x-api-secret") == Some(SECRET);
    if !known {
        return Call::Refused(Reply::new(401, String::new(), Class::Credentials));
    }
    let path = http::path(request, BASE);
    if request.method == Method::Get {
        let ours = path == format!("/v1/account/{ACCOUNT}");
        return if ours { Call::Status } else { Call::Refused(bad()) };
    }
    let Some(body) = http::json(request) else { return Call::Refused(bad()) };
    let place = path.rsplit('/').next() == Some(ACCOUNT);
    let named = body.get("accountId").and_then(Value::as_str) == Some(ACCOUNT);
    let read = match path {
        "/v1/kyc/docs" => named.then_some(Call::Documents),
        _ if path.starts_with("/v1/kyc/info/") && place => read_details(&body),
        _ if path.starts_with("/v1/kyc_docs/") && place && named => read_side(&body),
        _ => None,
    };
    read.unwrap_or_else(|| Call::Refused(bad()))
}

/// The address begins with the version of the answers.
fn read_details(body: &Value) -> Option<Call> {
    body.get("full_legal_name")?.as_str().filter(|name| name.contains("Zorblaxia"))?;
    body.get("social_security_number")?.as_str().filter(|number| number.len() == 11)?;
    let address = body.get("full_address")?.as_str()?;
    let version = address.split(' ').next()?.parse().ok()?;
    Some(Call::Details { version })
}

fn read_side(body: &Value) -> Option<Call> {
    let kind = body.get("document_type")?.as_str()?.to_owned();
    let side = match body.get("document_side").and_then(Value::as_str) {
        Some("BACK") => Side::Back,
        Some("FRONT") => Side::Front,
        Some(_) => return None,
        None if kind == "PASSPORT" => Side::Front,
        None => return None,
    };
    let photo = STANDARD.decode(body.get("document")?.as_str()?).ok()?;
    let photo = String::from_utf8(photo).ok()?;
    Some(Call::Side { kind, side, photo })
}

/// A 400 has no documented body and means four things.
pub fn bad() -> Reply {
    let body = r#"{"message":"Zorblaxia, echoed by the server"}"#.to_owned();
    Reply::new(400, body, Class::Definite(Definite::Unexplained))
}

impl Account {
    pub fn new(dice: &mut Dice) -> Self {
        let mut account = Self {
            state: State::Required,
            details: None,
            documents: Vec::new(),
            fresh: Vec::new(),
            failures_left: dice.below(3) as u32,
            review_at: None,
            last_wins: dice.percent(8),
            was_verified: false,
            foreign: false,
        };
        if dice.percent(8) {
            account.foreign = true;
            account.documents.push(("PASSPORT".to_owned(), Side::Front, dice.hex_128()));
            if dice.percent(50) {
                account.state = State::UnderReview;
            }
        }
        account
    }

    /// Answers a call.
    pub fn answer(&mut self, call: &Call, now: u64, dice: &mut Dice) -> Reply {
        self.review(now);
        match call {
            Call::Status => {
                let state = self.state.word();
                let name = r#""full_name":"Quillfeather Zorblaxia""#;
                let status = format!(r#""account_kyc_status":"{state}""#);
                done(format!(r#"{{"accountId":"{ACCOUNT}",{name},{status}}}"#))
            }
            Call::Documents if self.documents.is_empty() => {
                Reply { class: Class::Definite(Definite::NoDocumentsOrAccount), ..bad() }
            }
            Call::Documents => {
                let url = |n| format!(r#""https://winter.test/{n}.jpg""#);
                let urls: Vec<String> = (0..self.documents.len()).map(url).collect();
                let state = match dice.percent(50) {
                    true => format!(r#","account_kyc_status":"{}""#, self.state.word()),
                    false => String::new(),
                };
                let urls = urls.join(",");
                done(format!(r#"{{"accountId":"{ACCOUNT}","document_urls":[{urls}]{state}}}"#))
            }
            Call::Details { version } => {
                self.details = Some(*version);
                self.look(now, dice);
                accepted(dice)
            }
            Call::Side { kind, side, photo } => {
                self.write_side(kind, *side, photo);
                self.look(now, dice);
                accepted(dice)
            }
            Call::Refused(reply) => reply.clone(),
        }
    }

    fn write_side(&mut self, kind: &str, side: Side, photo: &str) {
        let another_type = self.documents.iter().any(|(k, _, _)| k != kind);
        if another_type || self.last_wins {
            self.documents.clear();
        }
        if another_type {
            self.fresh.clear();
        }
        self.documents.retain(|(_, s, _)| *s != side);
        self.documents.push((kind.to_owned(), side, photo.to_owned()));
        if !self.fresh.contains(&side) {
            self.fresh.push(side);
        }
    }

    /// Once all sides are there anew, it goes under review.
    fn look(&mut self, now: u64, dice: &mut Dice) {
        let two_sided = self.documents.iter().any(|(kind, _, _)| kind != "PASSPORT");
        let whole = self.fresh.len() >= if two_sided { 2 } else { 1 };
        if self.details.is_some() && whole && self.state != State::Ready {
            self.state = State::UnderReview;
            self.review_at = Some(now + dice.between(30 * SECOND, 30 * MINUTE));
        }
    }

    fn review(&mut self, now: u64) {
        if self.review_at.is_none_or(|at| now < at) {
            return;
        }
        self.review_at = None;
        self.fresh.clear();
        self.state = if self.failures_left > 0 {
            self.failures_left -= 1;
            State::Failed
        } else {
            self.was_verified = true;
            State::Ready
        };
    }

    /// Whether the provider has its word still to give, or gave it after `since`.
    pub fn waits_for_review(&self, since: u64) -> bool {
        self.review_at.is_some_and(|at| at > since)
    }

    pub fn reviews(&self) -> bool {
        self.review_at.is_some()
    }

    pub fn holds(&self, photo: &PhotoRecord) -> bool {
        let id = photo.id.as_str();
        self.documents.iter().any(|(_, side, there)| *side == photo.side && there == id)
    }
}

fn done(body: String) -> Reply {
    Reply::new(200, body, Class::Done)
}

/// The bodies of successes are documented nowhere.
fn accepted(dice: &mut Dice) -> Reply {
    let body = dice.one_of(&["", "{}", "OK", r#"{"status":"accepted"}"#, "[]"]);
    Reply::new(dice.one_of(&[200, 201, 204]), body.to_owned(), Class::Done)
}
