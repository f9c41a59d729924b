//! JPEG, with the scale taken out while decoding: 1/2, 1/4 or 1/8 costs less than decoding whole.

use jpeg_decoder::{Decoder, Error, PixelFormat};

use super::{Decoded, Samples};
use crate::fault::CaptureFault;
use crate::header::{Header, Inks};
use crate::photo::Transform;
use crate::policy;
use crate::raster::Raster;

pub(super) fn decode(
    header: &Header,
    file: &[u8],
    long_side_px: u32,
) -> Result<Decoded, CaptureFault> {
    let mut decoder = Decoder::new(file);
    let bytes_max = usize::try_from(policy::DECODED_BYTES_MAX).unwrap_or(usize::MAX);
    decoder.set_max_decoding_buffer_size(bytes_max);
    let eighths = eighths(header.width.max(header.height), long_side_px);
    let (width, height) = decoder
        .scale(scaled(header.width, eighths), scaled(header.height, eighths))
        .map_err(fault)?;
    let pixels = decoder.decode().map_err(fault)?;
    let info = decoder.info().ok_or(CaptureFault::Damaged)?;
    let samples = match info.pixel_format {
        PixelFormat::L8 => Samples::Grey(pixels),
        PixelFormat::RGB24 => Samples::Rgb(pixels),
        PixelFormat::CMYK32 => Samples::Inks(inks(pixels, header.inks)),
        PixelFormat::L16 => return Err(CaptureFault::UnsupportedVariant),
    };
    Ok(Decoded {
        width: u32::from(width),
        height: u32::from(height),
        samples,
        profile: decoder.icc_profile(),
        steps: vec![Transform::Decoded { eighths }],
    })
}

/// Decodes a JPEG of our own making, at a scale that leaves at least `long_side_px`.
///
/// # Errors
/// As for any JPEG.
pub(crate) fn rgb(file: &[u8], long_side_px: u32) -> Result<(Raster, Transform), CaptureFault> {
    let header = Header::read(crate::photo::SourceFormat::Jpeg, file)?;
    let decoded = decode(&header, file, long_side_px)?;
    let step =
        Transform::Decoded { eighths: eighths(header.width.max(header.height), long_side_px) };
    match decoded.samples {
        Samples::Rgb(rgb) => Ok((Raster::new(decoded.width, decoded.height, rgb)?, step)),
        Samples::Grey(_) | Samples::Inks(_) => Err(CaptureFault::Damaged),
    }
}

/// The smallest scale that leaves enough.
fn eighths(long_side: u32, enough: u32) -> u8 {
    [1u8, 2, 4].into_iter().find(|n| long_side * u32::from(*n) / 8 >= enough).unwrap_or(8)
}

/// The decoder picks the least scale that gives at least this in one direction, so this is rounded
/// down.
fn scaled(side: u32, eighths: u8) -> u16 {
    u16::try_from((side * u32::from(eighths) / 8).max(1)).unwrap_or(u16::MAX)
}

/// The decoder takes all inks for inverted, which holds for files with Adobe's marker alone.
fn inks(mut pixels: Vec<u8>, inks: Inks) -> Vec<u8> {
    match inks {
        Inks::Inverted => {}
        Inks::Straight => pixels.iter_mut().for_each(|ink| *ink = 255 - *ink),
    }
    pixels
}

fn fault(error: Error) -> CaptureFault {
    match error {
        Error::Io(_) => CaptureFault::Truncated,
        Error::Unsupported(_) => CaptureFault::UnsupportedVariant,
        Error::Format(_) | Error::Internal(_) => CaptureFault::Damaged,
    }
}
