//! Third stage: pixels out of a file that passed the guard.

#[cfg(feature = "heic")]
mod heic;
mod jpeg;
mod others;

use crate::fault::CaptureFault;
use crate::header::Header;
use crate::photo::{SourceFormat, Transform};

pub(crate) use jpeg::rgb as jpeg_rgb;
pub(crate) use others::png_rgb;

/// Samples as the file has them, 8 bits each.
#[derive(Debug)]
pub(crate) enum Samples {
    Grey(Vec<u8>),
    Rgb(Vec<u8>),
    /// Cyan, magenta, yellow, black; 255 is full ink.
    Inks(Vec<u8>),
}

/// A decoded file, with what the later stages need.
#[derive(Debug)]
pub(crate) struct Decoded {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) samples: Samples,
    pub(crate) profile: Option<Vec<u8>>,
    pub(crate) steps: Vec<Transform>,
}

/// Decodes a file; a JPEG at a reduced scale where that still leaves `long_side_px` on its long
/// side.
///
/// # Errors
/// `Truncated`, `Damaged`, `UnsupportedVariant` or `TooManyPixels`.
pub(crate) fn decode(
    header: &Header,
    file: &[u8],
    long_side_px: u32,
) -> Result<Decoded, CaptureFault> {
    match header.format {
        SourceFormat::Jpeg => jpeg::decode(header, file, long_side_px),
        SourceFormat::Png => others::png(file),
        SourceFormat::Webp => others::webp(file),
        SourceFormat::Tiff => others::tiff(file),
        SourceFormat::Bmp => others::bmp(file),
        #[cfg(feature = "heic")]
        SourceFormat::Heic => heic::decode(file),
        #[cfg(not(feature = "heic"))]
        SourceFormat::Heic => Err(CaptureFault::UnsupportedVariant),
        SourceFormat::Pdf | SourceFormat::CameraFrame => Err(CaptureFault::NotAnImage),
    }
}
