//! What the providers hold: accounts, drafts, files and documents.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::script::{RejectReason, Script};

/// The state of a WePay account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AccountState {
    ActionRequired,
    Pending,
    Active,
    Disabled,
    Deleted,
}

/// The state of KYC for a WePay account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KycState {
    Unsubmitted,
    Unverified,
    RequireDocs,
    InReview,
    Verified,
}

impl KycState {
    pub(crate) fn word(self) -> &'static str {
        match self {
            KycState::Unsubmitted => "unsubmitted",
            KycState::Unverified => "unverified",
            KycState::RequireDocs => "require_docs",
            KycState::InReview => "in_review",
            KycState::Verified => "verified",
        }
    }
}

/// What a business is to WePay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    Individual,
    Business,
    Organization,
}

impl Kind {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Kind::Individual => "individual",
            Kind::Business => "business",
            Kind::Organization => "organization",
        }
    }
}

/// Who an account belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Owner {
    /// The application or organization whose credentials are announced.
    Ours,
    /// Another one.
    Foreign,
}

/// What the reviewer will do when its time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum NextReview {
    Verify,
    AskForDocuments,
    DecideDocuments,
}

/// A submission that counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Submission {
    pub(crate) kyc_id: i64,
    pub(crate) body: Value,
    pub(crate) details_sha256: String,
    pub(crate) legal_first: String,
    pub(crate) legal_last: String,
    pub(crate) authorized_ms: i64,
    /// A US individual gave only the last four digits of the SSN and did not pass with them.
    pub(crate) needs_full_ssn: bool,
}

/// An account at WePay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct WepayAccount {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) country: String,
    pub(crate) kind: Kind,
    pub(crate) owner: Owner,
    pub(crate) state: AccountState,
    pub(crate) kyc_state: KycState,
    pub(crate) created_ms: i64,
    pub(crate) script: Script,
    pub(crate) submission: Option<Submission>,
    /// Sets of photos that `modify` attached.
    pub(crate) sets_received: u32,
    /// Sets that had a rejected document.
    pub(crate) sets_rejected: u32,
    pub(crate) review: Option<(i64, NextReview)>,
}

/// What `create` left: details under an id that is inert until it is authorized.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct KycDraft {
    pub(crate) kyc_id: i64,
    pub(crate) account_id: i64,
    pub(crate) created_ms: i64,
    pub(crate) body: Value,
    pub(crate) details_sha256: String,
    pub(crate) authorized_ms: Option<i64>,
}

/// What the reviewer says of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DocumentState {
    InReview,
    Verified,
    Rejected(RejectReason),
}

impl DocumentState {
    pub(crate) fn word(self) -> &'static str {
        match self {
            DocumentState::InReview => "in_review",
            DocumentState::Verified => "verified",
            DocumentState::Rejected(_) => "rejected",
        }
    }

    pub(crate) fn reason(self) -> Option<RejectReason> {
        match self {
            DocumentState::Rejected(reason) => Some(reason),
            DocumentState::InReview | DocumentState::Verified => None,
        }
    }
}

/// A file at WePay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct StoredFile {
    pub(crate) file_id: i64,
    pub(crate) account_id: i64,
    pub(crate) document_type: String,
    pub(crate) sha256: String,
    pub(crate) mime: String,
    pub(crate) bytes: usize,
    pub(crate) uploaded_ms: i64,
    /// The set in which `modify` last named it, and what the reviewer says of it since.
    pub(crate) attached: Option<(u32, DocumentState)>,
    pub(crate) expired: bool,
}

/// Winter's only status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum WinterStatus {
    #[serde(rename = "READY_TO_WITHDRAW")]
    Ready,
    #[serde(rename = "CANNOT_WITHDRAW_KYC_REQUIRED")]
    Required,
    #[serde(rename = "CANNOT_WITHDRAW_KYC_FAILED")]
    Failed,
    #[serde(rename = "UNDER_REVIEW")]
    UnderReview,
}

impl WinterStatus {
    pub(crate) fn word(self) -> &'static str {
        match self {
            WinterStatus::Ready => "READY_TO_WITHDRAW",
            WinterStatus::Required => "CANNOT_WITHDRAW_KYC_REQUIRED",
            WinterStatus::Failed => "CANNOT_WITHDRAW_KYC_FAILED",
            WinterStatus::UnderReview => "UNDER_REVIEW",
        }
    }
}

/// One image of a Winter document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct WinterSide {
    pub(crate) document_type: String,
    pub(crate) document_side: Option<String>,
    pub(crate) sha256: String,
    pub(crate) mime: String,
    /// The last part of its URL, which cannot be guessed without the account's id and the image.
    pub(crate) image_name: String,
    pub(crate) written_ms: i64,
    /// The set of photos it belongs to: how often the account had failed when it was written.
    pub(crate) set: u32,
}

/// Winter's personal details as they came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct WinterInfo {
    pub(crate) full_name: String,
    pub(crate) body: Value,
    pub(crate) details_sha256: String,
    pub(crate) written_ms: i64,
}

/// An account at Winter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct WinterAccount {
    pub(crate) id: String,
    pub(crate) email: String,
    pub(crate) full_name: String,
    pub(crate) full_address: String,
    pub(crate) owner: Owner,
    pub(crate) created_ms: i64,
    pub(crate) script: Script,
    pub(crate) info: Option<WinterInfo>,
    /// In the order of writing.
    pub(crate) sides: Vec<WinterSide>,
    pub(crate) status: WinterStatus,
    pub(crate) sets_failed: u32,
    pub(crate) review_at_ms: Option<i64>,
}
