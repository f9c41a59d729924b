//! What a provider takes, as data.

use serde::{Deserialize, Serialize};

use crate::policy;

/// The size of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PageSize {
    /// 210 × 297 mm.
    A4,
    /// 8.5 × 11 inches.
    Letter,
}

/// What kind of document is in front of the camera; it gives the scale for legibility.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentShape {
    /// An ID-1 card, 85.6 × 53.98 mm (ISO/IEC 7810): licences, identity and social security cards.
    Card,
    /// The data page of a passport, ID-3, 125 × 88 mm.
    PassportPage,
    /// A sheet of paper: bills, statements, letters.
    Page(PageSize),
}

impl DocumentShape {
    /// Returns the long and the short side in millimetres.
    pub fn sides_mm(self) -> (f64, f64) {
        match self {
            Self::Card => (85.6, 53.98),
            Self::PassportPage => (125.0, 88.0),
            Self::Page(PageSize::A4) => (297.0, 210.0),
            Self::Page(PageSize::Letter) => (279.4, 215.9),
        }
    }
}

/// The format of a rendition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhotoFormat {
    /// JPEG, 4:2:0.
    Jpeg,
    /// PNG, 8-bit RGB.
    Png,
}

impl PhotoFormat {
    /// Returns the media type for the wire.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }

    /// Returns the usual ending of a file name, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }
}

/// Which formats a provider takes. All take JPEG.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FormatsTaken {
    /// JPEG only.
    Jpeg,
    /// JPEG, and PNG where the source is line art and PNG is smaller.
    JpegAndPng,
}

/// What a provider takes for one kind of document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoRule {
    /// The document's kind and size.
    pub shape: DocumentShape,
    /// Formats that may be sent.
    pub formats: FormatsTaken,
    /// The ceiling: a photo with more bytes is a fault.
    pub bytes_max: u64,
    /// What the search for a quality aims at; a photo that is over it at the floor may still be
    /// sent.
    pub bytes_aim: u64,
    /// Below this the quality is raised, as far as `UPLOAD_QUALITY_TOP`.
    pub bytes_min: u64,
    /// Long side of the upload in pixels. A document that is small in the frame gets more.
    pub long_side_px: u32,
    /// JPEG quality, 1 to 100, with which the search starts.
    pub quality_start: u8,
    /// JPEG quality below which the search never goes.
    pub quality_floor: u8,
    /// Whether the barcode of a licence is looked for.
    pub reads_licence: bool,
}

impl PhotoRule {
    /// Returns the defaults for a document, under a provider's own ceiling in bytes.
    pub fn for_document(shape: DocumentShape, bytes_max: u64) -> Self {
        let (long_side_px, bytes_aim) = match shape {
            DocumentShape::Card => (policy::CARD_LONG_SIDE_PX, policy::CARD_BYTES_AIM),
            DocumentShape::PassportPage | DocumentShape::Page(_) => {
                (policy::PAGE_LONG_SIDE_PX, policy::PAGE_BYTES_AIM)
            }
        };
        Self {
            shape,
            formats: FormatsTaken::Jpeg,
            bytes_max,
            bytes_aim: bytes_aim.min(bytes_max),
            bytes_min: policy::UPLOAD_BYTES_MIN.min(bytes_max),
            long_side_px,
            quality_start: policy::UPLOAD_QUALITY_START,
            quality_floor: policy::UPLOAD_QUALITY_FLOOR,
            reads_licence: false,
        }
    }
}
