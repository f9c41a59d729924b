//! Second stage: a header's claims against the limits, before anything is allocated for them.

use crate::fault::CaptureFault;
use crate::header::{Coding, Header};
use crate::policy;

/// Refuses a file by its length alone.
///
/// # Errors
/// `TooLargeFile`.
pub(crate) fn file(bytes: &[u8]) -> Result<(), CaptureFault> {
    let length = bytes.len() as u64;
    if length > policy::FILE_BYTES_MAX {
        return Err(CaptureFault::TooLargeFile {
            bytes: length,
            bytes_max: policy::FILE_BYTES_MAX,
        });
    }
    Ok(())
}

/// Refuses a picture by what its header says.
///
/// # Errors
/// `TooManyPixels`, `TooSmall`, `SeveralPages` or `Damaged`.
pub(crate) fn header(header: &Header) -> Result<(), CaptureFault> {
    let (width_px, height_px) = (header.width, header.height);
    if width_px == 0 || height_px == 0 {
        return Err(CaptureFault::Damaged);
    }
    let pixels = u64::from(width_px) * u64::from(height_px);
    let pixels_max = match header.coding {
        Coding::Sequential => policy::JPEG_PIXELS_MAX,
        Coding::Progressive => policy::JPEG_PROGRESSIVE_PIXELS_MAX,
        Coding::Whole => {
            policy::PIXELS_MAX.min(policy::DECODED_BYTES_MAX / u64::from(header.pixel_bytes.max(1)))
        }
    };
    if pixels > pixels_max {
        return Err(CaptureFault::TooManyPixels { width_px, height_px });
    }
    size(width_px, height_px)?;
    if header.pages > 1 {
        return Err(CaptureFault::SeveralPages { pages: header.pages });
    }
    Ok(())
}

/// Refuses a picture in which nothing can be read.
///
/// # Errors
/// `TooSmall`.
pub(crate) fn size(width_px: u32, height_px: u32) -> Result<(), CaptureFault> {
    if width_px.min(height_px) < policy::SIDE_PX_MIN {
        return Err(CaptureFault::TooSmall {
            width_px,
            height_px,
            side_px_min: policy::SIDE_PX_MIN,
        });
    }
    Ok(())
}
