//! A small WePay, written from its reference: inert drafts and files that die after 30 minutes;
//! authorize and modify have an effect.

use std::collections::BTreeMap;
use std::fmt::Write;

use satchel_core::delivery::Definite;
use satchel_core::http::HttpRequest;

use crate::class::Class;
use crate::dice::Dice;
use crate::http::{self, Reply};
use crate::time::{EPOCH, MINUTE, SECOND};

pub const BASE: &str = "https://wepay.test/v2";
pub const TOKEN: &str = "canary.token";

const LIFE: u64 = 30 * MINUTE;

/// What a request asks for, read from its bytes.
#[derive(Clone, Debug)]
pub enum Call {
    Status { account: u64 },
    Create { account: u64, full_number: bool },
    Authorize { draft: u64 },
    Upload { account: u64, photo: String },
    Modify { account: u64, files: Vec<u64> },
    Refused(Reply),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Unsubmitted,
    Unverified,
    RequireDocs,
    InReview,
    Verified,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            State::Unsubmitted => "unsubmitted",
            State::Unverified => "unverified",
            State::RequireDocs => "require_docs",
            State::InReview => "in_review",
            State::Verified => "verified",
        }
    }
}

/// What one account holds, and how it behaves.
pub struct Account {
    id: u64,
    state: State,
    drafts: BTreeMap<u64, Draft>,
    files: BTreeMap<u64, File>,
    documents: Vec<Document>,
    /// When the last effect was; look-ups see it after `lag`.
    changed: u64,
    before: Option<(State, Vec<Document>)>,
    rejections_left: u32,
    review_at: Option<u64>,
    /// The first submission comes with the last four digits alone and is refused.
    pub wants_full_number: bool,
    /// A draft that lives counts as provided.
    draft_counts: bool,
    lag: u64,
    pub too_large: Option<String>,
    pub foreign: bool,
    pub was_verified: bool,
    /// Every authorize with effect: which draft, and whether it was refused for its number.
    pub authorized: Vec<(u64, bool)>,
    /// Every modify with effect.
    pub attached: Vec<Vec<(u64, String)>>,
}

#[derive(Clone)]
struct Document {
    file: u64,
    state: &'static str,
}

struct Draft {
    made: u64,
    full_number: bool,
    authorized: bool,
}

struct File {
    photo: String,
    made: u64,
    attached: bool,
}

/// Reads a request.
pub fn read(request: &HttpRequest) -> Call {
    if http::header(request, "authorization") != Some(&format!("Bearer {TOKEN}")) {
        return Call::Refused(error(1006));
    }
    if http::header(request, "api-version") != Some("2017-02-01") {
        return Call::Refused(error(1015));
    }
    let path = http::path(request, BASE);
    if path == "/file/upload" {
        return read_upload(request).unwrap_or_else(|| Call::Refused(error(1004)));
    }
    let Some(body) = http::json(request) else { return Call::Refused(error(1005)) };
    let account = http::number(body.get("account_id"));
    let read = match path {
        "/account/kyc" => account.map(|account| Call::Status { account }),
        "/account/kyc/create" => account.and_then(|account| {
            let owner = body.get("individual")?.get("account_owner")?;
            owner.get("name")?.get("last")?;
            let number = owner.get("us_owner_compliance")?;
            let full_number = number.get("social_security_number").is_some();
            let last_4 = number.get("social_security_number_last_4").is_some();
            (full_number != last_4).then_some(Call::Create { account, full_number })
        }),
        "/account/kyc/authorize" => {
            http::number(body.get("kyc_id")).map(|draft| Call::Authorize { draft })
        }
        "/account/kyc/modify" => account.and_then(|account| {
            let ids = body.get("file_ids")?.as_array()?;
            let files: Option<Vec<u64>> = ids.iter().map(|id| http::number(Some(id))).collect();
            files.filter(|files| !files.is_empty()).map(|files| Call::Modify { account, files })
        }),
        _ => return Call::Refused(error(1001)),
    };
    read.unwrap_or_else(|| Call::Refused(error(1004)))
}

fn read_upload(request: &HttpRequest) -> Option<Call> {
    let account = http::part(request, "account_id")?.parse().ok()?;
    http::part(request, "type")?;
    let photo = http::part(request, "file")?.to_owned();
    Some(Call::Upload { account, photo })
}

/// An error body with its status.
pub fn error(code: i64) -> Reply {
    let (status, class) = match code {
        1001 => (501, Class::Definite(Definite::Configuration)),
        1003 | 1004 => (400, Class::Definite(Definite::Invalid)),
        1005 | 1015 => (400, Class::Definite(Definite::Configuration)),
        1006 | 1011 => (401, Class::Credentials),
        1007 => (429, Class::NotDone),
        1008 => (500, Class::Ambiguous),
        3002 => (401, Class::Definite(Definite::Account)),
        3006 => (400, Class::Definite(Definite::AlreadySubmitted)),
        3009 => (400, Class::Definite(Definite::FullNumberNeeded)),
        3010 => (400, Class::Definite(Definite::PhotosNotAskedFor)),
        3011 => (400, Class::Definite(Definite::FilesGone)),
        other => panic!("this server knows no code {other}"),
    };
    let words = r#""error_description":"Zorblaxia, echoed by the server""#;
    let body = format!(r#"{{"error":"invalid_request",{words},"error_code":{code}}}"#);
    Reply::new(status, body, class)
}

/// A draft that is unknown or expired answers like an invalid value.
fn draft_gone() -> Reply {
    Reply { class: Class::Definite(Definite::DraftGone), ..error(1003) }
}

fn done(body: String) -> Reply {
    Reply::new(200, body, Class::Done)
}

impl Account {
    pub fn new(id: u64, dice: &mut Dice) -> Self {
        let foreign = dice.percent(4);
        Self {
            id,
            state: if foreign { State::InReview } else { State::Unsubmitted },
            drafts: BTreeMap::new(),
            files: BTreeMap::new(),
            documents: Vec::new(),
            changed: 0,
            before: None,
            rejections_left: dice.below(3) as u32,
            review_at: foreign.then_some(10 * MINUTE),
            wants_full_number: dice.percent(15),
            draft_counts: dice.percent(10),
            lag: if dice.percent(30) { dice.below(60 * SECOND) } else { 0 },
            too_large: None,
            foreign,
            was_verified: false,
            authorized: Vec::new(),
            attached: Vec::new(),
        }
    }

    pub fn id(&self) -> u64 {
        self.id
    }

    pub fn has_draft(&self, draft: u64) -> bool {
        self.drafts.contains_key(&draft)
    }

    /// Answers a call; `fresh` is an identifier that nothing has yet.
    pub fn answer(&mut self, call: &Call, fresh: u64, now: u64, dice: &mut Dice) -> Reply {
        self.review(now, dice);
        match call {
            Call::Status { .. } => self.status(now),
            Call::Create { full_number, .. } => self.create(now, fresh, *full_number),
            Call::Authorize { draft } => self.authorize(now, *draft, dice),
            Call::Upload { photo, .. } => self.upload(now, fresh, photo),
            Call::Modify { files, .. } => self.modify(now, files, dice),
            Call::Refused(reply) => reply.clone(),
        }
    }

    fn status(&self, now: u64) -> Reply {
        match &self.before {
            Some((state, documents)) if now < self.changed + self.lag => {
                self.told(*state, documents)
            }
            _ => self.told(self.state, &self.documents),
        }
    }

    fn truth(&self) -> Reply {
        self.told(self.state, &self.documents)
    }

    fn told(&self, state: State, documents: &[Document]) -> Reply {
        let mut body = format!(
            r#"{{"account_id":{},"state":"{}","supporting_documents":["#,
            self.id,
            state.word()
        );
        for (place, document) in documents.iter().enumerate() {
            let comma = if place > 0 { "," } else { "" };
            let reason = match document.state {
                "rejected" => r#","reject_reason":"illegible""#,
                _ => "",
            };
            let (file, word) = (document.file, document.state);
            let time = format!(r#""create_time":{EPOCH}"#);
            let named = format!(r#""file_id":{file},"type":"passport","state":"{word}""#);
            write!(body, "{comma}{{{named}{reason},{time}}}").unwrap();
        }
        body.push_str(r#"],"legal_name":{"first":"Quillfeather","last":"Zorblaxia"}}"#);
        done(body)
    }

    fn submitted(&self) -> bool {
        self.state != State::Unsubmitted
    }

    fn refused_for_number(&self) -> bool {
        self.authorized.last().is_some_and(|(_, refused)| *refused)
    }

    fn create(&mut self, now: u64, id: u64, full_number: bool) -> Reply {
        let alive = self.drafts.values().any(|d| !d.authorized && now < d.made + LIFE);
        if (self.submitted() && !self.refused_for_number()) || (self.draft_counts && alive) {
            return error(3006);
        }
        self.drafts.insert(id, Draft { made: now, full_number, authorized: false });
        done(format!(r#"{{"kyc_id":"{id}"}}"#))
    }

    /// Harsher than the real one may be: any living draft counts, also a second one.
    fn authorize(&mut self, now: u64, id: u64, dice: &mut Dice) -> Reply {
        let Some(draft) = self.drafts.get_mut(&id) else { return draft_gone() };
        if draft.authorized {
            return self.truth();
        }
        if now > draft.made + LIFE {
            return draft_gone();
        }
        draft.authorized = true;
        let refused = self.wants_full_number && !draft.full_number;
        self.authorized.push((id, refused));
        self.turn(State::Unverified, now);
        if refused {
            return error(3009);
        }
        self.review_at = Some(now + dice.between(10 * SECOND, 20 * MINUTE));
        self.truth()
    }

    fn upload(&mut self, now: u64, id: u64, photo: &str) -> Reply {
        if self.too_large.as_deref() == Some(photo) {
            return Reply::new(413, http::PAGE.to_owned(), Class::Definite(Definite::TooLarge));
        }
        self.files.insert(id, File { photo: photo.to_owned(), made: now, attached: false });
        done(format!(r#"{{"file_id":{id}}}"#))
    }

    fn modify(&mut self, now: u64, ids: &[u64], dice: &mut Dice) -> Reply {
        if self.state != State::RequireDocs {
            return error(3010);
        }
        let alive =
            |id: &u64| self.files.get(id).is_some_and(|f| !f.attached && now <= f.made + LIFE);
        if !ids.iter().all(alive) {
            return error(3011);
        }
        self.before = Some((self.state, self.documents.clone()));
        let is_half = ids.len() > 1 && dice.percent(2);
        let taken = if is_half { &ids[..1] } else { ids };
        let mut set = Vec::new();
        for id in taken {
            let file = self.files.get_mut(id).unwrap();
            file.attached = true;
            set.push((*id, file.photo.clone()));
            self.documents.push(Document { file: *id, state: "in_review" });
        }
        self.attached.push(set);
        self.state = State::InReview;
        self.changed = now;
        self.review_at = Some(now + dice.between(10 * SECOND, 20 * MINUTE));
        if is_half {
            // It broke down in the middle.
            return Reply::new(500, String::new(), Class::Ambiguous);
        }
        self.truth()
    }

    fn turn(&mut self, state: State, now: u64) {
        self.before = Some((self.state, self.documents.clone()));
        self.state = state;
        self.changed = now;
    }

    /// The provider's people do their work.
    fn review(&mut self, now: u64, dice: &mut Dice) {
        if self.review_at.is_none_or(|at| now < at) {
            return;
        }
        self.review_at = None;
        let first = self.documents.is_empty();
        let reject = self.rejections_left > 0 || (first && dice.percent(70));
        let verdict = if reject { "rejected" } else { "verified" };
        for document in &mut self.documents {
            if document.state == "in_review" {
                document.state = verdict;
            }
        }
        self.rejections_left = self.rejections_left.saturating_sub(u32::from(!first));
        let state = if reject { State::RequireDocs } else { State::Verified };
        self.was_verified |= state == State::Verified;
        self.turn(state, now);
    }

    /// Whether the provider has its word still to give, or gave it after `since`.
    pub fn waits_for_review(&self, since: u64) -> bool {
        self.review_at.is_some_and(|at| at > since)
    }

    pub fn reviews(&self) -> bool {
        self.review_at.is_some()
    }

    pub fn holds(&self, file: &str) -> bool {
        let file: Option<u64> = file.parse().ok();
        self.documents.iter().any(|document| Some(document.file) == file)
    }
}
