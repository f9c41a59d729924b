//! Why a file or a camera frame cannot become a photo.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// A kind of file that is recognised by its first bytes and not taken as a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusedFormat {
    /// HEIC or HEIF, the format of iPhone photos, where the program was built without it.
    Heic,
    /// AVIF.
    Avif,
    /// GIF.
    Gif,
    /// SVG, a drawing made of text.
    Svg,
    /// ZIP, and with it Office and OpenDocument files.
    Archive,
    /// The compound files of old Office programs.
    OldOffice,
    /// JPEG XL or JPEG 2000.
    OtherJpeg,
    /// A film: MP4, QuickTime, Matroska, AVI.
    Film,
}

/// Why a file or a frame did not become a photo. `code` is stable; the words are the window's.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum CaptureFault {
    /// The file has no bytes.
    #[error("the file is empty")]
    EmptyFile,
    /// The first bytes are those of no picture that is known.
    #[error("the file is not a picture")]
    NotAnImage,
    /// A kind of file that is known and not taken.
    #[error("{format:?} files are not taken")]
    Unsupported {
        /// What the file is.
        format: RefusedFormat,
    },
    /// The format is taken, this rare variety of it is not (arithmetic coding, BigTIFF, …).
    #[error("this variety of the format is not taken")]
    UnsupportedVariant,
    /// More bytes than any photo needs.
    #[error("the file has {bytes} bytes, {bytes_max} is the limit")]
    TooLargeFile {
        /// Length of the file.
        bytes: u64,
        /// The limit.
        bytes_max: u64,
    },
    /// More pixels than the memory for decoding allows.
    #[error("the picture has {width_px} x {height_px} pixels, more than the limit")]
    TooManyPixels {
        /// Width that the header states.
        width_px: u32,
        /// Height that the header states.
        height_px: u32,
    },
    /// So few pixels that no document can be read in it.
    #[error("the picture has {width_px} x {height_px} pixels, {side_px_min} is the least")]
    TooSmall {
        /// Width that the header states.
        width_px: u32,
        /// Height that the header states.
        height_px: u32,
        /// The least length of the shorter side.
        side_px_min: u32,
    },
    /// One file with several pages: taking the first alone would lose the others silently.
    #[error("the file has {pages} pages")]
    SeveralPages {
        /// Number of pages.
        pages: u32,
    },
    /// The file has no such page.
    #[error("the file has {pages} pages and not this one")]
    NoSuchPage {
        /// Number of pages.
        pages: u32,
    },
    /// A PDF that runs a script, starts a program, sends a form or carries other files.
    #[error("the file holds more than pages")]
    PdfActive,
    /// A PDF that needs a password.
    #[error("the file needs a password")]
    PdfLocked,
    /// The file ends before the picture does.
    #[error("the file ends before the picture does")]
    Truncated,
    /// The bytes contradict the format.
    #[error("the picture is damaged")]
    Damaged,
    /// At the legibility floor the photo still has more bytes than the provider takes.
    #[error("the photo has {bytes} bytes at the legibility floor, {bytes_max} is the limit")]
    OverBudget {
        /// Length at the floor.
        bytes: u64,
        /// What the rule allows.
        bytes_max: u64,
    },
    /// A frame whose buffer does not have width × height × 4 bytes.
    #[error("the frame's buffer does not fit its size")]
    FrameMismatch,
    /// The evidence is not the one that the chain names.
    #[error("the evidence is not the one that its chain names")]
    EvidenceMismatch,
    /// The encoder refused the pixels, or what it wrote cannot be read back.
    #[error("the photo could not be encoded")]
    EncoderFailed,
    /// A decoder gave up in a way that it should not have.
    #[error("the decoder failed")]
    DecoderFailed,
    /// Decoding took longer than any photo needs, and was ended.
    #[error("decoding took too long")]
    TooSlow,
    /// Decoding wanted more memory than any photo needs, and was ended.
    #[error("decoding wanted too much memory")]
    TooMuchMemory,
    /// The process that decodes ended, or answered what cannot be.
    #[error("the process that decodes ended")]
    WorkerCrashed,
    /// The process that decodes could not be started, or could not be confined.
    #[error("the process that decodes could not be started")]
    WorkerUnavailable,
}

impl CaptureFault {
    /// Returns the stable code by which the window chooses its words.
    pub fn code(&self) -> &'static str {
        match self {
            Self::EmptyFile => "empty_file",
            Self::NotAnImage => "not_an_image",
            Self::Unsupported { format } => format.code(),
            Self::UnsupportedVariant => "unsupported_variant",
            Self::TooLargeFile { .. } => "too_large_file",
            Self::TooManyPixels { .. } => "too_many_pixels",
            Self::TooSmall { .. } => "too_small",
            Self::SeveralPages { .. } => "several_pages",
            Self::NoSuchPage { .. } => "no_such_page",
            Self::PdfActive => "pdf_active",
            Self::PdfLocked => "pdf_locked",
            Self::Truncated => "truncated",
            Self::Damaged => "damaged",
            Self::OverBudget { .. } => "over_budget",
            Self::FrameMismatch => "frame_mismatch",
            Self::EvidenceMismatch => "evidence_mismatch",
            Self::EncoderFailed => "encoder_failed",
            Self::DecoderFailed => "decoder_failed",
            Self::TooSlow => "too_slow",
            Self::TooMuchMemory => "too_much_memory",
            Self::WorkerCrashed => "worker_crashed",
            Self::WorkerUnavailable => "worker_unavailable",
        }
    }
}

impl RefusedFormat {
    fn code(self) -> &'static str {
        match self {
            Self::Heic => "unsupported_heic",
            Self::Avif => "unsupported_avif",
            Self::Gif => "unsupported_gif",
            Self::Svg => "unsupported_svg",
            Self::Archive => "unsupported_archive",
            Self::OldOffice => "unsupported_office",
            Self::OtherJpeg => "unsupported_other_jpeg",
            Self::Film => "unsupported_film",
        }
    }
}
