//! JPEG under a budget, and PNG where the source is line art.

use std::collections::HashSet;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{ExtendedColorType, ImageEncoder};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use crate::fault::CaptureFault;
use crate::photo::{PhotoHash, Rendition, Transform};
use crate::policy;
use crate::raster::Raster;
use crate::rule::{PhotoFormat, PhotoRule};

/// A search ends when it is this close below the bytes aimed at: another round gains nothing to
/// see.
const CLOSE_ENOUGH: f64 = 0.93;

/// A rendition with the step that made it.
#[derive(Debug)]
pub(crate) struct Encoded {
    pub(crate) rendition: Rendition,
    pub(crate) step: Transform,
}

impl Encoded {
    pub(crate) fn bytes(&self) -> u64 {
        self.rendition.bytes.len() as u64
    }
}

/// Encodes a JPEG at a quality.
///
/// # Errors
/// `EncoderFailed`.
pub(crate) fn jpeg(raster: &Raster, quality: u8) -> Result<Encoded, CaptureFault> {
    let width = u16::try_from(raster.width).map_err(|_| CaptureFault::EncoderFailed)?;
    let height = u16::try_from(raster.height).map_err(|_| CaptureFault::EncoderFailed)?;
    let mut bytes = Vec::with_capacity(raster.rgb.len() / 12);
    let mut encoder = Encoder::new(&mut bytes, quality);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.set_optimized_huffman_tables(true);
    encoder
        .encode(&raster.rgb, width, height, ColorType::Rgb)
        .map_err(|_| CaptureFault::EncoderFailed)?;
    Ok(encoded(raster, bytes, PhotoFormat::Jpeg, Some(quality)))
}

/// Encodes a PNG.
///
/// # Errors
/// `EncoderFailed`.
pub(crate) fn png(raster: &Raster) -> Result<Encoded, CaptureFault> {
    let mut bytes = Vec::new();
    PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::Adaptive)
        .write_image(&raster.rgb, raster.width, raster.height, ExtendedColorType::Rgb8)
        .map_err(|_| CaptureFault::EncoderFailed)?;
    Ok(encoded(raster, bytes, PhotoFormat::Png, None))
}

/// Says whether a picture has so few colours that it was drawn rather than photographed.
pub(crate) fn is_line_art(raster: &Raster) -> bool {
    let mut colours = HashSet::new();
    raster.rgb.as_chunks::<3>().0.iter().all(|colour| {
        colours.insert(*colour);
        colours.len() <= policy::LINE_ART_COLOURS_MAX
    })
}

/// Searches the highest quality, from the rule's start down to its floor, that meets the bytes
/// aimed at; returns the floor's when none does. A photo below the least bytes is raised instead.
///
/// # Errors
/// `EncoderFailed`.
pub(crate) fn jpeg_by_rule(raster: &Raster, rule: &PhotoRule) -> Result<Encoded, CaptureFault> {
    let start = jpeg(raster, rule.quality_start)?;
    if start.bytes() > rule.bytes_aim {
        return lowered(raster, rule);
    }
    if start.bytes() < rule.bytes_min { raised(raster, rule, start) } else { Ok(start) }
}

fn lowered(raster: &Raster, rule: &PhotoRule) -> Result<Encoded, CaptureFault> {
    let mut best = jpeg(raster, rule.quality_floor)?;
    let (mut fits, mut too_much) = (rule.quality_floor, rule.quality_start);
    let close_enough = rule.bytes_aim as f64 * CLOSE_ENOUGH;
    while best.bytes() <= rule.bytes_aim
        && (best.bytes() as f64) < close_enough
        && too_much > fits + 1
    {
        let quality = fits + (too_much - fits) / 2;
        let next = jpeg(raster, quality)?;
        if next.bytes() <= rule.bytes_aim {
            (fits, best) = (quality, next);
        } else {
            too_much = quality;
        }
    }
    Ok(best)
}

fn raised(raster: &Raster, rule: &PhotoRule, start: Encoded) -> Result<Encoded, CaptureFault> {
    let top = policy::UPLOAD_QUALITY_TOP;
    let mut best = jpeg(raster, top)?;
    if best.bytes() > rule.bytes_aim {
        best = start;
    }
    let (mut too_little, mut enough) = (rule.quality_start, top);
    while best.bytes() >= rule.bytes_min && enough > too_little + 1 {
        let quality = too_little + (enough - too_little) / 2;
        let next = jpeg(raster, quality)?;
        if next.bytes() >= rule.bytes_min {
            (enough, best) = (quality, next);
        } else {
            too_little = quality;
        }
    }
    Ok(best)
}

fn encoded(raster: &Raster, bytes: Vec<u8>, format: PhotoFormat, quality: Option<u8>) -> Encoded {
    let sha256 = PhotoHash::of(&bytes);
    Encoded {
        rendition: Rendition {
            bytes,
            format,
            width_px: raster.width,
            height_px: raster.height,
            sha256,
        },
        step: Transform::Encoded { format, quality },
    }
}
