//! What an answer means: one closed enum, chosen beside the wire.

use serde::{Deserialize, Serialize};

use crate::provider::ProviderStatus;

/// What one attempt came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// The provider did it and said so.
    Done {
        /// What it said.
        receipt: Receipt,
    },
    /// No request byte was written: free to retry.
    NotSent {
        /// Why.
        why: NotSentWhy,
    },
    /// The provider refused for now and did nothing.
    NotDone {
        /// How long it asked us to wait, in milliseconds.
        wait_ms: Option<u64>,
    },
    /// It may have arrived.
    Ambiguous {
        /// Why we cannot tell.
        why: Ambiguity,
    },
    /// The provider refused it and will refuse it again.
    Definite {
        /// What is to be done about it.
        fault: Definite,
        /// The provider's own code or HTTP status, for Details.
        code: String,
        /// The provider's own words; they may echo what was sent, so they are kept sealed.
        text: String,
    },
    /// The provider does not accept our credentials, or somebody in between answers for it.
    Credentials {
        /// The answer was HTML: perhaps the network, not the provider.
        html: bool,
        /// The provider's own code or HTTP status.
        code: String,
    },
}

/// Proof that a step is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "receipt", rename_all = "snake_case")]
pub enum Receipt {
    /// An inert draft.
    Draft {
        /// Its identifier at the provider.
        reference: String,
    },
    /// An inert file.
    File {
        /// Its identifier at the provider.
        reference: String,
    },
    /// The account's state.
    Status {
        /// The state.
        status: ProviderStatus,
    },
    /// How many documents the provider holds.
    Documents {
        /// How many pictures.
        count: u32,
        /// The state, where the answer tells it.
        status: Option<ProviderStatus>,
    },
    /// Accepted, and nothing more was said.
    Accepted,
}

/// Why no byte left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotSentWhy {
    /// No network, no name, no connection.
    Network,
    /// TLS met another certificate: somebody in between.
    Intercepted,
    /// The certificate is not valid at the time that this device's clock shows.
    Clock,
    /// A proxy wants a sign-in.
    Proxy,
    /// Something that the request is made from is missing here.
    Unmade,
}

/// Why we cannot tell whether it arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ambiguity {
    /// The connection broke after bytes may have left.
    Broken,
    /// A 408 or 5xx without the provider's code.
    ServerFault,
    /// An answer that is not the provider's: HTML, or not the expected shape.
    Foreign,
    /// The provider's own "unexpected error".
    Unexpected,
    /// The program or machine stopped in between.
    Restart,
}

/// A refusal that will not change by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Definite {
    /// An answer is missing or invalid.
    Invalid,
    /// KYC was already provided for this account.
    AlreadySubmitted,
    /// The full national number is wanted.
    FullNumberNeeded,
    /// Photos are not asked for now.
    PhotosNotAskedFor,
    /// The uploaded files are gone.
    FilesGone,
    /// The draft at the provider is gone.
    DraftGone,
    /// The photo is too large.
    TooLarge,
    /// The account is unknown, another's, deleted or cannot transact.
    Account,
    /// This device's configuration is refused: permission, address, version.
    Configuration,
    /// Either there are no documents or the account is not usable (Winter's 400 on a read).
    NoDocumentsOrAccount,
    /// Refused without a cause that we know.
    Unexplained,
}
