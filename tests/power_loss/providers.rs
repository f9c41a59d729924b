//! What both providers hold. A loss of power here takes nothing from them.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use satchel_core::clock::UnixMs;
use satchel_core::delivery::{Reading, Step};
use satchel_core::http::{HttpRequest, HttpResponse};
use satchel_core::ids::PhotoId;
use satchel_core::photo::Rendition;
use serde_json::{Value, json};

use crate::evidence::bytes_of;

const MINUTE_MS: i64 = 60_000;
/// How long a draft or a file of WePay lives unless it comes to count.
const LIFE_MS: i64 = 30 * MINUTE_MS;
/// How long a reviewer takes.
const REVIEW_MS: i64 = 2 * MINUTE_MS;

pub const WEPAY_ACCOUNT: i64 = 1_091_778_617;
pub const WINTER_ACCOUNT: &str = "canary-account";

/// Both providers. A clone is how they stood at that moment.
#[derive(Clone, Debug, Default)]
pub struct Providers {
    pub wepay: WePay,
    pub winter: Winter,
}

/// Asks for papers, rejects the first set, verifies with the second.
#[derive(Clone, Debug, Default)]
pub struct WePay {
    pub state: WePayState,
    pub authorized: Vec<i64>,
    /// The photos of each set that came to count.
    pub attached: Vec<Vec<PhotoId>>,
    drafts: BTreeMap<i64, UnixMs>,
    files: BTreeMap<i64, (PhotoId, UnixMs)>,
    documents: Vec<(i64, &'static str)>,
    review_at: Option<UnixMs>,
    next_id: i64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WePayState {
    #[default]
    Unsubmitted,
    Unverified,
    RequireDocs,
    InReview,
    Verified,
}

/// Fails the first set, takes the second.
#[derive(Clone, Debug, Default)]
pub struct Winter {
    pub state: WinterState,
    pub details: Option<Value>,
    pub sides: BTreeMap<String, PhotoId>,
    fresh: Vec<String>,
    failures: u32,
    review_at: Option<UnixMs>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WinterState {
    #[default]
    Required,
    UnderReview,
    Failed,
    Ready,
}

impl Providers {
    /// Answers one request that arrived whole.
    pub fn answer(&mut self, step: &Step, request: &HttpRequest, now: UnixMs) -> HttpResponse {
        self.wepay.review(now);
        self.winter.review(now);
        let is_wepay = request.url.starts_with(WEPAY_URL);
        let (status, body) = match step {
            Step::Read { .. } if is_wepay => (200, self.wepay.status()),
            Step::Read { reading: Reading::Status } => (200, self.winter.status()),
            Step::Read { reading: Reading::Documents } => self.winter.documents(),
            Step::Create => self.wepay.create(now),
            Step::Authorize { reference } => self.wepay.authorize(reference, now),
            Step::Upload { photo } => self.wepay.upload(photo, request, now),
            Step::Attach { references } => self.wepay.modify(references, now),
            Step::Details => self.winter.write_details(request, now),
            Step::Side { photo } => self.winter.write_side(photo, request, now),
        };
        let date = jiff::Timestamp::from_millisecond(now).unwrap();
        let date = date.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        let json = "application/json".to_owned();
        let headers = vec![("date".to_owned(), date), ("content-type".to_owned(), json)];
        HttpResponse { status, headers, body: serde_json::to_vec(&body).unwrap() }
    }

    /// What must never be, whatever happens to the device.
    pub fn second_effect(&self) -> Option<String> {
        if self.wepay.authorized.len() > 1 {
            return Some(format!("authorized twice: {:?}", self.wepay.authorized));
        }
        let mut seen: Vec<&PhotoId> = Vec::new();
        for photo in self.wepay.attached.iter().flatten() {
            if seen.contains(&photo) {
                return Some(format!("{photo} attached twice"));
            }
            seen.push(photo);
        }
        None
    }
}

pub const WEPAY_URL: &str = "https://wepay.example/v2";
pub const WINTER_URL: &str = "https://winter.example";

fn refused(code: i64) -> (u16, Value) {
    (400, json!({ "error": "invalid_request", "error_code": code, "error_description": "no" }))
}

impl WePay {
    fn status(&self) -> Value {
        let state = match self.state {
            WePayState::Unsubmitted => "unsubmitted",
            WePayState::Unverified => "unverified",
            WePayState::RequireDocs => "require_docs",
            WePayState::InReview => "in_review",
            WePayState::Verified => "verified",
        };
        let documents: Vec<Value> = self
            .documents
            .iter()
            .map(|(file, state)| json!({ "file_id": file, "type": "passport", "state": state }))
            .collect();
        json!({
            "account_id": WEPAY_ACCOUNT,
            "kyc_state": state,
            "supporting_documents": documents,
        })
    }

    fn id(&mut self) -> i64 {
        self.next_id += 1;
        self.next_id
    }

    fn create(&mut self, now: UnixMs) -> (u16, Value) {
        if self.state != WePayState::Unsubmitted {
            return refused(3006);
        }
        let id = self.id();
        self.drafts.insert(id, now);
        (200, json!({ "account_id": WEPAY_ACCOUNT, "kyc_id": id }))
    }

    /// Harsher than the real one may be: any draft that lives counts, also a second one.
    fn authorize(&mut self, reference: &str, now: UnixMs) -> (u16, Value) {
        let id: i64 = reference.parse().unwrap();
        match self.drafts.get(&id) {
            Some(made) if now <= made + LIFE_MS => {}
            Some(_) | None => return refused(1003),
        }
        if !self.authorized.contains(&id) {
            self.authorized.push(id);
            self.state = WePayState::Unverified;
            self.review_at = Some(now + REVIEW_MS);
        }
        (200, self.status())
    }

    fn upload(&mut self, photo: &PhotoId, request: &HttpRequest, now: UnixMs) -> (u16, Value) {
        let whole = bytes_of(photo, Rendition::Upload);
        let there = request.body.windows(whole.len()).any(|window| window == whole);
        assert!(there, "{photo} did not arrive whole");
        let id = self.id();
        self.files.insert(id, (photo.clone(), now));
        (200, json!({ "file_id": id }))
    }

    fn modify(&mut self, references: &[String], now: UnixMs) -> (u16, Value) {
        if self.state != WePayState::RequireDocs {
            return refused(3010);
        }
        let ids: Vec<i64> = references.iter().map(|r| r.parse().unwrap()).collect();
        let alive = |id: &i64| {
            let is_new = self.documents.iter().all(|(file, _)| file != id);
            is_new && self.files.get(id).is_some_and(|(_, made)| now <= made + LIFE_MS)
        };
        if !ids.iter().all(alive) {
            return refused(3011);
        }
        self.attached.push(ids.iter().map(|id| self.files[id].0.clone()).collect());
        self.documents.extend(ids.iter().map(|id| (*id, "in_review")));
        self.state = WePayState::InReview;
        self.review_at = Some(now + REVIEW_MS);
        (200, self.status())
    }

    fn review(&mut self, now: UnixMs) {
        if self.review_at.is_none_or(|at| now < at) {
            return;
        }
        self.review_at = None;
        let sets = self.attached.len();
        let verdict = if sets < 2 { "rejected" } else { "verified" };
        for (_, state) in self.documents.iter_mut().filter(|(_, state)| *state == "in_review") {
            *state = verdict;
        }
        self.state = if sets < 2 { WePayState::RequireDocs } else { WePayState::Verified };
    }
}

impl Winter {
    fn word(&self) -> &'static str {
        match self.state {
            WinterState::Required => "CANNOT_WITHDRAW_KYC_REQUIRED",
            WinterState::UnderReview => "UNDER_REVIEW",
            WinterState::Failed => "CANNOT_WITHDRAW_KYC_FAILED",
            WinterState::Ready => "READY_TO_WITHDRAW",
        }
    }

    fn status(&self) -> Value {
        json!({ "accountId": WINTER_ACCOUNT, "account_kyc_status": self.word() })
    }

    fn documents(&self) -> (u16, Value) {
        if self.sides.is_empty() {
            return (400, json!({}));
        }
        let urls: Vec<String> = self.sides.keys().map(|side| format!("https://{side}")).collect();
        let mut body = self.status();
        body["document_urls"] = json!(urls);
        (200, body)
    }

    fn write_details(&mut self, request: &HttpRequest, now: UnixMs) -> (u16, Value) {
        self.details = Some(serde_json::from_slice(&request.body).unwrap());
        self.look(now);
        (200, json!({}))
    }

    fn write_side(&mut self, photo: &PhotoId, request: &HttpRequest, now: UnixMs) -> (u16, Value) {
        let body: Value = serde_json::from_slice(&request.body).unwrap();
        let picture = STANDARD.decode(body["document"].as_str().unwrap()).unwrap();
        assert!(picture == bytes_of(photo, Rendition::Upload), "{photo} did not arrive whole");
        let side = body["document_side"].as_str().unwrap().to_owned();
        self.sides.insert(side.clone(), photo.clone());
        if !self.fresh.contains(&side) {
            self.fresh.push(side);
        }
        self.look(now);
        (200, json!({}))
    }

    /// Once both sides are there anew, it goes under review.
    fn look(&mut self, now: UnixMs) {
        if self.details.is_some() && self.fresh.len() == 2 && self.state != WinterState::Ready {
            self.state = WinterState::UnderReview;
            self.review_at = Some(now + REVIEW_MS);
        }
    }

    fn review(&mut self, now: UnixMs) {
        if self.review_at.is_none_or(|at| now < at) {
            return;
        }
        self.review_at = None;
        self.fresh.clear();
        self.state = if self.failures == 0 { WinterState::Failed } else { WinterState::Ready };
        self.failures += 1;
    }
}

#[test]
fn a_second_authorize_and_a_second_attach_would_be_seen() {
    let mut providers = Providers::default();
    for _ in 0..2 {
        let id = providers.wepay.create(0).1["kyc_id"].to_string();
        assert!(providers.second_effect().is_none());
        providers.wepay.authorized.push(id.parse().unwrap());
    }
    assert!(providers.second_effect().unwrap().contains("authorized twice"));
    let photo = PhotoId::parse(&"0".repeat(32)).unwrap();
    let attached = vec![vec![photo.clone()], vec![photo]];
    let providers =
        Providers { wepay: WePay { attached, ..WePay::default() }, winter: Winter::default() };
    assert!(providers.second_effect().unwrap().contains("attached twice"));
}
