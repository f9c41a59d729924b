//! Accounts: list and detail.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::TombstoneView;

/// Filters by what a person must do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// A person must act.
    NeedsYou,
    /// Here, and not yet delivered.
    Waiting,
    /// With the provider.
    InReview,
    /// Verified.
    Verified,
    /// Still being filled.
    Draft,
    /// Nothing was begun here.
    NotStarted,
    /// Nothing but the tombstone is here.
    Forgotten,
}

/// One line about where something stands, as a code with its values.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct LineView {
    /// Such as `waiting_no_network`, `document_rejected`, `in_review`; see `LINE_CODES`.
    pub code: String,
    /// Kind of paper.
    pub document: Option<String>,
    /// Reject reason code, finding code or provider code.
    pub reason: Option<String>,
    /// The provider's own word, where it is new to us.
    pub word: Option<String>,
    /// A number the words need.
    #[ts(type = "number | null")]
    pub count: Option<u64>,
    /// A time the words need.
    #[ts(type = "number | null")]
    pub at_ms: Option<i64>,
}

/// An account in the list.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct AccountRowView {
    /// Identifier.
    pub id: String,
    /// Name; the provider's identifier once it was forgotten.
    pub name: String,
    /// Provider code.
    pub provider: String,
    /// Provider name.
    pub provider_name: String,
    /// Connection.
    pub connection: String,
    /// The provider's identifier.
    pub remote_id: String,
    /// Filter it belongs to.
    pub group: Group,
    /// Where it stands.
    pub line: LineView,
    /// What the person does next: `retake`, `fix`, `check`, `continue`, `start`.
    pub action: Option<String>,
    /// Time shown at the end of the row.
    #[ts(type = "number | null")]
    pub at_ms: Option<i64>,
    /// When the provider last told the state.
    #[ts(type = "number | null")]
    pub as_of_ms: Option<i64>,
    /// The open draft.
    pub draft: Option<String>,
}

/// How many are in each filter.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct CountsView {
    /// All accounts.
    #[ts(type = "number")]
    pub all: u64,
    /// A person must act.
    #[ts(type = "number")]
    pub needs_you: u64,
    /// Waiting.
    #[ts(type = "number")]
    pub waiting: u64,
    /// In review.
    #[ts(type = "number")]
    pub in_review: u64,
    /// Verified.
    #[ts(type = "number")]
    pub verified: u64,
    /// Drafts.
    #[ts(type = "number")]
    pub drafts: u64,
    /// Forgotten.
    #[ts(type = "number")]
    pub forgotten: u64,
    /// Items in the outbox.
    #[ts(type = "number")]
    pub outbox: u64,
}

/// Which accounts to list.
#[derive(Clone, Debug, PartialEq, Deserialize, TS)]
#[ts(export)]
pub struct AccountsRequest {
    /// One filter, or all.
    pub filter: Option<Group>,
    /// Words of name or number; empty for all.
    pub search: String,
    /// Most rows of each group; without it, all.
    pub most: Option<u32>,
}

/// How many accounts of a group were found.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct GroupView {
    /// The group.
    pub group: Group,
    /// Accounts, shown or not.
    #[ts(type = "number")]
    pub total: u64,
}

/// The list.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct AccountsView {
    /// Needs you first, oldest first; waiting by next try.
    pub rows: Vec<AccountRowView>,
    /// How many were found in each group that has any.
    pub groups: Vec<GroupView>,
    /// Counts over all accounts.
    pub counts: CountsView,
    /// The oldest moment at which a shown state was told.
    #[ts(type = "number | null")]
    pub as_of_ms: Option<i64>,
    /// Since when there is no network.
    #[ts(type = "number | null")]
    pub offline_since_ms: Option<i64>,
}

/// What to do next.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct NextView {
    /// What happened and what to do, as a code.
    pub line: LineView,
    /// `retake`, `send_smaller`, `send_again`, `choose_another`, `add_missing`, `compare`,
    /// `export`, `fix_answers`, `full_number`, `confirm_overwrite`, `follow`, `try_again`,
    /// `release`, `take_full_set`, `enter_key`, `add_documents`, `start`, `continue`, `withdraw`.
    pub actions: Vec<String>,
    /// Kinds of papers it is about.
    pub documents: Vec<String>,
    /// The photo it is about.
    pub photo: Option<String>,
    /// What our own checks said of that photo.
    pub own_finding: Option<LineView>,
    /// The provider's code, for Details.
    pub detail: Option<String>,
    /// The provider's words, for Details.
    pub detail_text: Option<String>,
}

/// A paper of the account.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct DocumentView {
    /// Kind of paper.
    pub kind: String,
    /// Its photos.
    pub photos: Vec<DocumentPhotoView>,
    /// `here`, `sending`, `sent`, `in_review`, `verified`, `rejected`, `unknown`.
    pub state: String,
    /// Reject reason code.
    pub reason: Option<String>,
    /// The provider's own word, where it is new to us.
    pub word: Option<String>,
    /// Since when.
    #[ts(type = "number | null")]
    pub at_ms: Option<i64>,
    /// A newer paper of this kind counts.
    pub replaced: bool,
}

/// A photo of a paper.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct DocumentPhotoView {
    /// The photo, while it is kept here.
    pub id: Option<String>,
    /// `front`, `back`.
    pub side: String,
    /// `good`, `warn`, `bad`.
    pub verdict: String,
    /// Bytes sent.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// One answer, masked where it says who somebody is.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct DetailView {
    /// Field path.
    pub path: String,
    /// The value, masked unless revealed.
    pub value: String,
    /// Whether something is hidden.
    pub masked: bool,
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct HistoryView {
    /// `sealed`, `sending`, `sent`, `received`, `in_review`, `documents_needed`, `verified`,
    /// `failed`, `answer_lost`, `confirmed`, `refused`, `set_aside`, `released`, `corrected`,
    /// `photos_added`, `withdrawn`, `revealed`, `exported`, `status_unknown`, …
    pub code: String,
    /// When.
    #[ts(type = "number")]
    pub at_ms: i64,
    /// Who; empty for Satchel itself.
    pub operator: String,
    /// A code that the words need.
    pub detail: Option<String>,
}

/// An account in full.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct AccountView {
    /// As in the list.
    pub row: AccountRowView,
    /// Kind and country.
    pub who: Option<WhoView>,
    /// The submission.
    pub submission: Option<String>,
    /// Code of the submission's state; empty without one.
    pub state: String,
    /// The provider's own word for the state; empty when never told.
    pub provider_word: String,
    /// What to do next.
    pub next: Option<NextView>,
    /// Papers.
    pub documents: Vec<DocumentView>,
    /// Answers, masked.
    pub details: Vec<DetailView>,
    /// Oldest first.
    pub history: Vec<HistoryView>,
    /// What stays, once everything else was forgotten.
    pub tombstone: Option<TombstoneView>,
    /// It is forgotten as soon as it can be.
    pub forget_queued: bool,
    /// It can still be taken back.
    pub can_withdraw: bool,
    /// The provider gives a reason per document.
    pub reason_per_document: bool,
}

/// Kind and country.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct WhoView {
    /// `individual`, `business`, `organization`.
    pub kind: String,
    /// ISO code.
    pub country: String,
}

/// Adds one account.
#[derive(Clone, Debug, PartialEq, Deserialize, TS)]
#[ts(export)]
pub struct AccountAddRequest {
    /// Connection.
    pub connection: String,
    /// The provider's identifier.
    pub remote_id: String,
    /// Name.
    pub name: String,
    /// Kind, when known.
    pub kind: Option<String>,
    /// Country, when known.
    pub country: Option<String>,
    /// The owner's e-mail address, when known.
    pub email: Option<String>,
    /// A token of its own.
    pub token: Option<String>,
}

/// A list of accounts as CSV text.
#[derive(Clone, Debug, PartialEq, Deserialize, TS)]
#[ts(export)]
pub struct ImportRequest {
    /// Connection for lines that name none.
    pub connection: String,
    /// The file's text.
    pub csv: String,
}

/// What an import would do, or did.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ImportView {
    /// Lines that can be added.
    pub good: Vec<ImportLineView>,
    /// Lines that cannot, and why.
    pub bad: Vec<ImportLineView>,
    /// Lines whose account is here already.
    pub known: Vec<ImportLineView>,
    /// Columns that were understood.
    pub columns: Vec<String>,
    /// Columns that were not.
    pub ignored: Vec<String>,
}

/// One line of the file.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ImportLineView {
    /// Line number in the file, from 1.
    #[ts(type = "number")]
    pub line: u64,
    /// The provider's identifier.
    pub remote_id: String,
    /// Name.
    pub name: String,
    /// `ok`, or why not: `missing_account_id`, `missing_name`, `unknown_country`, `unknown_kind`,
    /// `not_a_number`, `twice_in_file`, `already_here`, `broken_quotes`, `too_many_columns`,
    /// `too_few_columns`, `not_utf8`.
    pub code: String,
    /// The value it is about.
    pub detail: Option<String>,
}
