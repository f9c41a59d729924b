//! What comes out: renditions, and the chain that explains them.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::licence::Licence;
use crate::measure::QualityReport;
use crate::rule::PhotoFormat;

/// The SHA-256 of some bytes, written in hexadecimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct PhotoHash([u8; 32]);

/// A text that is not 64 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a photo's hash is 64 hexadecimal digits")]
pub struct NotAPhotoHash;

/// One encoded picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendition {
    /// The file, without any metadata.
    pub bytes: Vec<u8>,
    /// Its format.
    pub format: PhotoFormat,
    /// Width in pixels.
    pub width_px: u32,
    /// Height in pixels.
    pub height_px: u32,
    /// SHA-256 of `bytes`.
    pub sha256: PhotoHash,
}

/// What was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceFormat {
    /// A JPEG file.
    Jpeg,
    /// A PNG file.
    Png,
    /// A WebP file.
    Webp,
    /// A TIFF file of one page.
    Tiff,
    /// A Windows bitmap.
    Bmp,
    /// A HEIC file.
    Heic,
    /// A page of a PDF file, drawn.
    Pdf,
    /// Pixels straight from a camera.
    CameraFrame,
}

/// What the source says about which way is up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "found", content = "value", rename_all = "snake_case")]
pub enum OrientationFound {
    /// An EXIF orientation, 1 to 8.
    Stated(u8),
    /// No EXIF, or EXIF without an orientation.
    Absent,
    /// EXIF that cannot be read: the person should see the rotate control.
    Unreadable,
}

/// The file or frame that a photo was made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Original {
    /// SHA-256 of the file, or of the frame's RGBA bytes.
    pub sha256: PhotoHash,
    /// Its length.
    pub bytes: u64,
    /// Its format.
    pub format: SourceFormat,
    /// Width as stored, before orientation.
    pub width_px: u32,
    /// Height as stored, before orientation.
    pub height_px: u32,
    /// Which way is up.
    pub orientation: OrientationFound,
}

/// How the colours of the source were brought to sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColourSource {
    /// By the colour profile in the file.
    Profile,
    /// The profile could not be used; sRGB was assumed.
    ProfileUnusable,
    /// Printing inks without a usable profile, by the plain formula.
    PlainInks,
}

/// One thing that was done to the pixels, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Transform {
    /// Decoded at n eighths of the stored size.
    Decoded {
        /// 8, 4, 2 or 1.
        eighths: u8,
    },
    /// A page of a PDF was drawn.
    Drawn {
        /// From 1.
        page: u32,
    },
    /// See-through pixels were laid on white.
    LaidOnWhite,
    /// Resized.
    Resized {
        /// New width.
        width_px: u32,
        /// New height.
        height_px: u32,
    },
    /// Mirrored and turned by the EXIF orientation.
    Oriented {
        /// 2 to 8.
        exif: u8,
    },
    /// Turned clockwise by a person.
    Turned {
        /// 1 to 3.
        quarter_turns: u8,
    },
    /// Brought to sRGB.
    Coloured {
        /// By what.
        by: ColourSource,
    },
    /// Encoded, all metadata left behind.
    Encoded {
        /// Format.
        format: PhotoFormat,
        /// JPEG quality; absent for PNG.
        quality: Option<u8>,
    },
}

/// Explains how the bytes that were sent came from the bytes that were handed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chain {
    /// What was handed in.
    pub original: Original,
    /// What led to the evidence.
    pub to_evidence: Vec<Transform>,
    /// SHA-256 of the evidence.
    pub evidence_sha256: PhotoHash,
    /// What led from the evidence to the upload.
    pub to_upload: Vec<Transform>,
    /// SHA-256 of the upload.
    pub upload_sha256: PhotoHash,
}

/// A photo that is ready to be sealed.
#[derive(Debug, Clone, PartialEq)]
pub struct PreparedPhoto {
    /// Full frame, high quality: everything that is sent is derived from it.
    pub evidence: Rendition,
    /// What the provider gets.
    pub upload: Rendition,
    /// What the screen shows.
    pub preview: Rendition,
    /// The judgement on `upload`.
    pub report: QualityReport,
    /// How the renditions came about.
    pub chain: Chain,
    /// What the barcode says, where the rule has it looked for and it could be read.
    pub licence: Option<Licence>,
}

/// A new upload from stored evidence.
#[derive(Debug, Clone, PartialEq)]
pub struct Rerendered {
    /// What the provider gets now.
    pub upload: Rendition,
    /// The judgement on `upload`.
    pub report: QualityReport,
    /// The old chain with its last part replaced.
    pub chain: Chain,
}

impl PhotoHash {
    /// Hashes bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Returns the 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl std::fmt::Display for PhotoHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl From<PhotoHash> for String {
    fn from(hash: PhotoHash) -> Self {
        hash.to_string()
    }
}

impl TryFrom<String> for PhotoHash {
    type Error = NotAPhotoHash;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.len() != 64 || !text.is_ascii() {
            return Err(NotAPhotoHash);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
            let digits = std::str::from_utf8(pair).map_err(|_| NotAPhotoHash)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| NotAPhotoHash)?;
        }
        Ok(Self(bytes))
    }
}
