//! HEIC: the size of its primary picture, upright or not.

use heifer::heifer_isobmff::HeifFile;

use super::Header;
use crate::fault::CaptureFault;
use crate::photo::SourceFormat;

/// Four bytes of a decoded pixel, and as much again while tiles are put together.
const PIXEL_BYTES: u32 = 5;

pub(super) fn read(file: &[u8]) -> Result<Header, CaptureFault> {
    use heifer::heifer_isobmff::Error;
    let fault = |error| match error {
        Error::UnexpectedEof => CaptureFault::Truncated,
        Error::Unimplemented(_) => CaptureFault::UnsupportedVariant,
        _ => CaptureFault::Damaged,
    };
    let heif = HeifFile::parse(file).map_err(fault)?;
    let size = heif.image_size(heif.primary_id).map_err(fault)?;
    let (width, height) = size.ok_or(CaptureFault::Damaged)?;
    Ok(Header::whole(SourceFormat::Heic, width, height, PIXEL_BYTES))
}
