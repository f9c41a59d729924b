//! What a file's header claims, read by our own code before any decoder sees the file.

mod bmp;
pub(crate) mod bytes;
#[cfg(feature = "heic")]
mod heic;
mod jpeg;
mod png;
mod tiff;
mod webp;

use crate::exif;
use crate::fault::CaptureFault;
use crate::photo::{OrientationFound, SourceFormat};

/// How a JPEG is coded, since a progressive one takes more memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    Sequential,
    Progressive,
    Whole,
}

/// Whether a four-colour JPEG stores its inks inverted, as Adobe's programs do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Inks {
    Inverted,
    Straight,
}

/// The claims of a header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) format: SourceFormat,
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Bytes per pixel once decoded, at most.
    pub(crate) pixel_bytes: u32,
    pub(crate) coding: Coding,
    pub(crate) inks: Inks,
    pub(crate) orientation: OrientationFound,
    pub(crate) pages: u32,
}

impl Header {
    /// Reads the header of a file of a known format.
    ///
    /// # Errors
    /// `Truncated`, `Damaged` or `UnsupportedVariant`.
    pub(crate) fn read(format: SourceFormat, file: &[u8]) -> Result<Self, CaptureFault> {
        match format {
            SourceFormat::Jpeg => jpeg::read(file),
            SourceFormat::Png => png::read(file),
            SourceFormat::Webp => webp::read(file),
            SourceFormat::Tiff => tiff::read(file),
            SourceFormat::Bmp => bmp::read(file),
            #[cfg(feature = "heic")]
            SourceFormat::Heic => heic::read(file),
            #[cfg(not(feature = "heic"))]
            SourceFormat::Heic => Err(CaptureFault::UnsupportedVariant),
            SourceFormat::Pdf | SourceFormat::CameraFrame => Err(CaptureFault::NotAnImage),
        }
    }

    pub(crate) fn whole(format: SourceFormat, width: u32, height: u32, pixel_bytes: u32) -> Self {
        Self {
            format,
            width,
            height,
            pixel_bytes,
            coding: Coding::Whole,
            inks: Inks::Straight,
            orientation: OrientationFound::Absent,
            pages: 1,
        }
    }
}

/// Of several EXIF blocks, the first that states an orientation counts.
fn first_stated(found: OrientationFound, exif: &[u8]) -> OrientationFound {
    match (found, exif::orientation(exif)) {
        (OrientationFound::Stated(value), _) => OrientationFound::Stated(value),
        (OrientationFound::Unreadable, OrientationFound::Absent) => OrientationFound::Unreadable,
        (OrientationFound::Absent | OrientationFound::Unreadable, new) => new,
    }
}
