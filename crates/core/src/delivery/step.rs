//! One exchange that a provider needs.

use serde::{Deserialize, Serialize};

use crate::ids::PhotoId;

/// One exchange. Reads are free; everything else is recorded before its first byte leaves.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// Ask for the state.
    Read {
        /// What is asked.
        reading: Reading,
    },
    /// Make an inert draft at the provider from all answers.
    Create,
    /// Make that draft count.
    Authorize {
        /// The draft's identifier at the provider.
        reference: String,
    },
    /// Send a photo as an inert file.
    Upload {
        /// The photo.
        photo: PhotoId,
    },
    /// Attach uploaded files to the account.
    Attach {
        /// The files' identifiers at the provider.
        references: Vec<String>,
    },
    /// Write the answers; overwrites.
    Details,
    /// Write one side of a document; overwrites.
    Side {
        /// The photo.
        photo: PhotoId,
    },
}

/// What a read asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// The state of the account's KYC.
    Status,
    /// The documents that the provider holds, where that is a call of its own.
    Documents,
}

impl Step {
    /// The code, for logs and the outbox.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Read { reading: Reading::Status } => "read_status",
            Self::Read { reading: Reading::Documents } => "read_documents",
            Self::Create => "create",
            Self::Authorize { .. } => "authorize",
            Self::Upload { .. } => "upload",
            Self::Attach { .. } => "attach",
            Self::Details => "details",
            Self::Side { .. } => "side",
        }
    }

    /// The photo that it carries.
    pub fn photo(&self) -> Option<&PhotoId> {
        match self {
            Self::Upload { photo } | Self::Side { photo } => Some(photo),
            Self::Read { .. }
            | Self::Create
            | Self::Authorize { .. }
            | Self::Attach { .. }
            | Self::Details => None,
        }
    }

    /// Whether it only asks.
    pub fn is_read(&self) -> bool {
        matches!(self, Self::Read { .. })
    }

    /// Whether it changes what the provider holds as soon as it arrives.
    pub fn has_effect(&self) -> bool {
        match self {
            Self::Authorize { .. } | Self::Attach { .. } | Self::Details | Self::Side { .. } => {
                true
            }
            Self::Read { .. } | Self::Create | Self::Upload { .. } => false,
        }
    }

    /// Whether its request needs the answers, national numbers included.
    pub fn needs_answers(&self) -> bool {
        match self {
            Self::Create | Self::Details => true,
            Self::Read { .. }
            | Self::Authorize { .. }
            | Self::Upload { .. }
            | Self::Attach { .. }
            | Self::Side { .. } => false,
        }
    }
}
