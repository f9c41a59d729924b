//! The port behind which each KYC API stands, and what it says in our words.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::account::{Account, Connection};
use crate::clock::UnixMs;
use crate::delivery::{Outcome, Step};
use crate::http::{HttpRequest, HttpResponse};
use crate::onboarding::{Answers, DocumentType, EntityKind, Requirements, Who};
use crate::photo::PhotoRecord;

/// One KYC API: domain to wire and back. Opens no socket.
pub trait Provider: Send + Sync {
    /// Its code: `wepay`, `winter`.
    fn code(&self) -> &'static str;

    /// Its name as people write it.
    fn name(&self) -> &'static str;

    /// What it can and cannot do. Everyone else asks this, never the name.
    fn capabilities(&self) -> Capabilities;

    /// Whether its identifiers of accounts are numbers.
    fn numeric_account_ids(&self) -> bool;

    /// Kinds and countries that it takes.
    fn offers(&self) -> Vec<Who>;

    /// What a connection to it needs.
    fn connection_fields(&self) -> Vec<ConnectionField>;

    /// What it asks of an applicant.
    fn requirements(&self, who: Who) -> Requirements;

    /// The request for one step.
    ///
    /// # Errors
    /// [`RequestFault`] when something needed is missing; nothing was sent then.
    fn request(&self, step: &Step, context: &Context<'_>) -> Result<HttpRequest, RequestFault>;

    /// What an answer to that step means.
    fn read(&self, step: &Step, context: &Context<'_>, response: &HttpResponse) -> Outcome;

    /// Advice that needs the account, such as a name that differs from it. Never blocks.
    fn advice(
        &self,
        account: &Account,
        answers: &Answers,
        today: Date,
    ) -> Vec<crate::onboarding::Finding>;
}

/// What a provider can and cannot do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Capabilities {
    /// Photos are taken only once the provider asks for them; until then they wait here.
    pub photos_on_request: bool,
    /// A submission is made as an inert draft and then authorized.
    pub draft_then_authorize: bool,
    /// A verdict names each document and a reason.
    pub reason_per_document: bool,
    /// A write overwrites what the provider holds.
    pub overwrites: bool,
    /// After a failure the whole set is sent anew.
    pub set_resent_whole: bool,
}

/// One thing a connection needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ConnectionField {
    /// Key in `Connection::settings` or `Connection::credentials`.
    pub key: &'static str,
    /// Kept as a credential, shown masked.
    pub secret: bool,
    /// Must be given.
    pub required: bool,
    /// Value when nothing is given.
    pub default: &'static str,
    /// Codes to choose from; empty for free text.
    pub options: Vec<&'static str>,
    /// Shown only to who asks for more.
    pub advanced: bool,
}

/// What a request is made from.
pub struct Context<'a> {
    /// The connection.
    pub connection: &'a Connection,
    /// The account.
    pub account: &'a Account,
    /// Kind and country; absent for reads of accounts that were not onboarded here.
    pub who: Option<Who>,
    /// All answers, national numbers included. Empty for reads.
    pub answers: &'a Answers,
    /// The photo of this step, with its upload bytes.
    pub photo: Option<(&'a PhotoRecord, &'a [u8])>,
}

/// Why no request could be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestFault {
    /// A setting or credential is missing.
    #[error("the connection lacks {0}")]
    Connection(&'static str),
    /// The photo of this step is not there.
    #[error("the photo is not there")]
    Photo,
    /// The step is not one of this provider's.
    #[error("not a step of this provider")]
    Step,
    /// The account's identifier is not one of this provider's.
    #[error("the account's identifier is not usable")]
    RemoteId,
}

/// The state of an account's KYC, in our words, with the provider's own beside it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ProviderStatus {
    /// In our words.
    pub state: ProviderState,
    /// The provider's own word.
    pub raw: String,
    /// Documents it holds, where it tells; oldest first.
    pub documents: Vec<ProviderDocument>,
}

/// States of KYC.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderState {
    /// Nothing was submitted.
    NotSubmitted,
    /// Received, not looked at yet.
    Received,
    /// Being looked at.
    InReview,
    /// Wants documents.
    NeedsDocuments,
    /// Verified.
    Verified,
    /// Not accepted.
    Failed,
    /// A word that is new to us: pending, never a verdict.
    Unknown,
}

/// One document as the provider reports it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ProviderDocument {
    /// The provider's identifier.
    pub reference: String,
    /// Kind of paper.
    pub kind: DocumentType,
    /// State.
    pub state: DocumentState,
    /// Why it was rejected.
    pub reason: Option<RejectReason>,
    /// When it was received.
    pub received_ms: Option<UnixMs>,
}

/// States of one document.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentState {
    /// Being looked at.
    InReview,
    /// Verified.
    Verified,
    /// Rejected.
    Rejected,
    /// A word that is new to us.
    Unknown(String),
}

/// Why a document was rejected.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RejectReason {
    /// Could not be read.
    Illegible,
    /// Arrived damaged.
    CorruptFile,
    /// Differs from the form.
    InfoMismatch,
    /// Not taken here.
    DocUnsupported,
    /// A side or page is missing.
    Incomplete,
    /// A word that is new to us.
    Unknown(String),
}

/// Whether a kind of paper is offered to a kind of applicant.
pub fn offered(choice: &crate::onboarding::DocumentChoice, kind: EntityKind) -> bool {
    choice.offered_to.contains(&kind)
}
