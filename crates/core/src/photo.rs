//! What core knows of a picture: its name, size and hashes. Pixels are the capture crate's.

use serde::{Deserialize, Serialize};

use crate::clock::UnixMs;
use crate::ids::PhotoId;
use crate::onboarding::{DocumentType, Side};

/// Encodings that a provider may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhotoFormat {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
}

impl PhotoFormat {
    /// MIME type.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// File name extension without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }
}

/// The pictures kept of one photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rendition {
    /// Full frame, oriented, free of metadata; everything sent is derived from it.
    Evidence,
    /// What is sent.
    Upload,
    /// Small, for the screen.
    Preview,
}

/// One photo as it stands in a draft or a submission. The bytes are in the photo store.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct PhotoRecord {
    /// Its name in the photo store.
    pub id: PhotoId,
    /// Which document it shows.
    pub document: DocumentType,
    /// Which side of it.
    pub side: Side,
    /// Encoding of the upload rendition.
    pub format: PhotoFormat,
    /// Bytes of the upload rendition.
    pub bytes: u64,
    /// Width of the upload rendition in pixels.
    pub width: u32,
    /// Height of the upload rendition in pixels.
    pub height: u32,
    /// SHA-256 of the file as it came, in hexadecimal.
    pub original_sha256: String,
    /// SHA-256 of the upload rendition, in hexadecimal.
    pub upload_sha256: String,
    /// Perceptual hash, for finding the same picture twice.
    pub look: u64,
    /// The capture crate's report as JSON, kept as it was judged.
    pub report: String,
    /// Why the person used it although it was judged bad.
    pub override_reason: Option<String>,
    /// When it was taken.
    pub taken_ms: UnixMs,
}
