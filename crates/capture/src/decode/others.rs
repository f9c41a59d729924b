//! PNG, WebP, TIFF and BMP, decoded whole and brought to 8 bits.

use std::io::{Cursor, ErrorKind};

use image::codecs::{bmp::BmpDecoder, png::PngDecoder, tiff::TiffDecoder, webp::WebPDecoder};
use image::{ColorType, DynamicImage, ImageDecoder, ImageError, Limits};

use super::{Decoded, Samples};
use crate::fault::CaptureFault;
use crate::photo::Transform;
use crate::policy;
use crate::raster::Raster;

pub(super) fn png(file: &[u8]) -> Result<Decoded, CaptureFault> {
    decode(PngDecoder::with_limits(Cursor::new(file), limits()).map_err(fault)?)
}

pub(super) fn webp(file: &[u8]) -> Result<Decoded, CaptureFault> {
    decode(WebPDecoder::new(Cursor::new(file)).map_err(fault)?)
}

pub(super) fn tiff(file: &[u8]) -> Result<Decoded, CaptureFault> {
    decode(TiffDecoder::new(Cursor::new(file)).map_err(fault)?)
}

pub(super) fn bmp(file: &[u8]) -> Result<Decoded, CaptureFault> {
    decode(BmpDecoder::new(Cursor::new(file)).map_err(fault)?)
}

/// Decodes a PNG of our own making.
///
/// # Errors
/// As for any PNG.
pub(crate) fn png_rgb(file: &[u8]) -> Result<Raster, CaptureFault> {
    let decoded = png(file)?;
    match decoded.samples {
        Samples::Rgb(rgb) => Raster::new(decoded.width, decoded.height, rgb),
        Samples::Grey(_) | Samples::Inks(_) => Err(CaptureFault::Damaged),
    }
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(policy::DECODED_BYTES_MAX * 2);
    limits
}

fn decode(mut decoder: impl ImageDecoder) -> Result<Decoded, CaptureFault> {
    decoder.set_limits(limits()).map_err(fault)?;
    // The guard read the header with other code than the decoder does: what is allocated must
    // agree.
    if decoder.total_bytes() > policy::DECODED_BYTES_MAX {
        let (width_px, height_px) = decoder.dimensions();
        return Err(CaptureFault::TooManyPixels { width_px, height_px });
    }
    let profile = decoder.icc_profile().ok().flatten();
    let picture = DynamicImage::from_decoder(decoder).map_err(fault)?;
    let (width, height) = (picture.width(), picture.height());
    let mut steps = vec![Transform::Decoded { eighths: 8 }];
    let samples = match picture.color() {
        ColorType::L8 | ColorType::L16 => Samples::Grey(picture.into_luma8().into_raw()),
        color if color.has_alpha() => {
            let (rgb, seen_through) = on_white(&picture.into_rgba8().into_raw());
            steps.extend(seen_through.then_some(Transform::LaidOnWhite));
            Samples::Rgb(rgb)
        }
        _ => Samples::Rgb(picture.into_rgb8().into_raw()),
    };
    Ok(Decoded { width, height, samples, profile, steps })
}

/// Lays pixels on white, as paper would be; says whether any was see-through.
pub(super) fn on_white(rgba: &[u8]) -> (Vec<u8>, bool) {
    let mut rgb = Vec::with_capacity(rgba.len() / 4 * 3);
    let mut seen_through = false;
    for pixel in rgba.as_chunks::<4>().0 {
        let [red, green, blue, alpha] = *pixel;
        seen_through |= alpha != 255;
        let white = 255 * u32::from(255 - alpha);
        rgb.extend([red, green, blue].map(|level| {
            let mixed = (u32::from(level) * u32::from(alpha) + white + 127) / 255;
            u8::try_from(mixed).unwrap_or(255)
        }));
    }
    (rgb, seen_through)
}

fn fault(error: ImageError) -> CaptureFault {
    match error {
        ImageError::IoError(error) if error.kind() == ErrorKind::UnexpectedEof => {
            CaptureFault::Truncated
        }
        ImageError::Unsupported(_) => CaptureFault::UnsupportedVariant,
        ImageError::Limits(_) => CaptureFault::TooManyPixels { width_px: 0, height_px: 0 },
        ImageError::Decoding(_)
        | ImageError::Encoding(_)
        | ImageError::Parameter(_)
        | ImageError::IoError(_) => CaptureFault::Damaged,
    }
}
