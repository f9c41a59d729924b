//! The pipeline as a whole.

use serde::{Deserialize, Serialize};

use crate::decode;
use crate::encode::{self, Encoded};
use crate::fault::CaptureFault;
use crate::header::Header;
use crate::licence::{Licence, barcode};
use crate::measure::{self, Quad, QualityReport};
use crate::pdf::Scan;
use crate::photo::{
    Chain, OrientationFound, Original, PhotoHash, PreparedPhoto, Rendition, Rerendered,
    SourceFormat, Transform,
};
use crate::protect::protected;
use crate::raster::Raster;
use crate::rule::{DocumentShape, FormatsTaken, PhotoFormat, PhotoRule};
use crate::{colour, fit, guard, orient, policy, quad, sniff};

/// A page is drawn in four bytes a pixel.
const PDF_PIXEL_BYTES: u32 = 4;

/// Pixels from a camera: RGBA, rows top-down, no padding.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// `width_px × height_px × 4` bytes.
    pub rgba: &'a [u8],
    /// Width in pixels.
    pub width_px: u32,
    /// Height in pixels.
    pub height_px: u32,
}

/// How far a person turned a photo, clockwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum QuarterTurns {
    /// 90°.
    One,
    /// 180°.
    Two,
    /// 270°.
    Three,
}

/// Makes a photo from a file.
///
/// # Errors
/// Every `CaptureFault` but `FrameMismatch` and `EvidenceMismatch`.
pub fn prepare(bytes: &[u8], rule: &PhotoRule) -> Result<PreparedPhoto, CaptureFault> {
    prepare_page(bytes, None, rule)
}

/// Makes a photo from one page, counted from 1, of a file that may have several.
///
/// # Errors
/// As for `prepare`. A PDF without a choice is `SeveralPages`; other formats have no choice.
pub fn prepare_page(
    bytes: &[u8],
    page: Option<u32>,
    rule: &PhotoRule,
) -> Result<PreparedPhoto, CaptureFault> {
    protected(|| {
        guard::file(bytes)?;
        let format = sniff::sniff(bytes)?;
        if format == SourceFormat::Pdf {
            return scanned(bytes, page, rule);
        }
        let header = Header::read(format, bytes)?;
        guard::header(&header)?;
        let original = Original {
            sha256: PhotoHash::of(bytes),
            bytes: bytes.len() as u64,
            format,
            width_px: header.width,
            height_px: header.height,
            orientation: header.orientation,
        };
        let decoded = decode::decode(&header, bytes, policy::EVIDENCE_LONG_SIDE_PX_ENOUGH)?;
        let (raster, mut steps) = colour::to_srgb(decoded)?;
        let (mut raster, resized) = fit::fit(raster, policy::EVIDENCE_LONG_SIDE_PX)?;
        steps.extend(resized);
        if let OrientationFound::Stated(exif @ 2..=8) = header.orientation {
            raster = orient::by_exif(raster, exif);
            steps.push(Transform::Oriented { exif });
        }
        finished(raster, original, steps, rule)
    })
}

/// Makes a photo from a page of a PDF.
fn scanned(
    bytes: &[u8],
    page: Option<u32>,
    rule: &PhotoRule,
) -> Result<PreparedPhoto, CaptureFault> {
    let scan = Scan::open(bytes, page)?;
    let (width_px, height_px) = (scan.width_px, scan.height_px);
    guard::header(&Header::whole(SourceFormat::Pdf, width_px, height_px, PDF_PIXEL_BYTES))?;
    let original = Original {
        sha256: PhotoHash::of(bytes),
        bytes: bytes.len() as u64,
        format: SourceFormat::Pdf,
        width_px,
        height_px,
        orientation: OrientationFound::Absent,
    };
    let raster = Raster::new(width_px, height_px, scan.rgb()?)?;
    let page = page.unwrap_or(1);
    finished(raster, original, vec![Transform::Drawn { page }], rule)
}

/// Makes a photo from a camera's full frame.
///
/// # Errors
/// `FrameMismatch`, `TooManyPixels`, `TooSmall`, `OverBudget` or `EncoderFailed`.
pub fn prepare_frame(frame: &Frame<'_>, rule: &PhotoRule) -> Result<PreparedPhoto, CaptureFault> {
    protected(|| {
        let raster = frame_raster(frame)?;
        let original = Original {
            sha256: PhotoHash::of(frame.rgba),
            bytes: frame.rgba.len() as u64,
            format: SourceFormat::CameraFrame,
            width_px: frame.width_px,
            height_px: frame.height_px,
            orientation: OrientationFound::Absent,
        };
        let (raster, resized) = fit::fit(raster, policy::EVIDENCE_LONG_SIDE_PX)?;
        finished(raster, original, resized.into_iter().collect(), rule)
    })
}

/// Judges a live camera frame by the code that judges the final photo. A frame that the window made
/// smaller is judged as the shot of `shot_width_px` that it stands for.
///
/// # Errors
/// `FrameMismatch`, `TooManyPixels` or `TooSmall`.
pub fn judge_frame(
    frame: &Frame<'_>,
    shape: DocumentShape,
    shot_width_px: u32,
) -> Result<QualityReport, CaptureFault> {
    protected(|| {
        let raster = frame_raster(frame)?;
        let quad = quad::find(&raster, shape)?;
        measure::judge(&raster, quad, shape, f64::from(shot_width_px) / f64::from(frame.width_px))
    })
}

/// Makes a new upload from stored evidence, for a smaller budget or another rule.
///
/// # Errors
/// `EvidenceMismatch` when the evidence is not the chain's, `OverBudget`, and those of decoding.
pub fn rerender(
    evidence: &[u8],
    chain: &Chain,
    rule: &PhotoRule,
) -> Result<Rerendered, CaptureFault> {
    protected(|| {
        checked(evidence, chain)?;
        let derived = derived(evidence, rule)?;
        let chain = Chain {
            to_upload: derived.steps,
            upload_sha256: derived.upload.sha256,
            ..chain.clone()
        };
        Ok(Rerendered { upload: derived.upload, report: derived.report, chain })
    })
}

/// Turns stored evidence, for the rotate control, and makes everything else anew from it.
///
/// # Errors
/// `EvidenceMismatch` when the evidence is not the chain's, `OverBudget`, and those of decoding.
pub fn turn(
    evidence: &[u8],
    chain: &Chain,
    turns: QuarterTurns,
    rule: &PhotoRule,
) -> Result<PreparedPhoto, CaptureFault> {
    protected(|| {
        checked(evidence, chain)?;
        let (raster, decoded) = own_pixels(evidence, u32::MAX)?;
        let quarter_turns = match turns {
            QuarterTurns::One => 1,
            QuarterTurns::Two => 2,
            QuarterTurns::Three => 3,
        };
        let mut steps = chain.to_evidence.clone();
        steps.extend([decoded, Transform::Turned { quarter_turns }]);
        let raster = orient::by_quarters(raster, quarter_turns);
        finished(raster, chain.original.clone(), steps, rule)
    })
}

fn frame_raster(frame: &Frame<'_>) -> Result<Raster, CaptureFault> {
    let (width_px, height_px) = (frame.width_px, frame.height_px);
    if u64::from(width_px) * u64::from(height_px) > policy::PIXELS_MAX {
        return Err(CaptureFault::TooManyPixels { width_px, height_px });
    }
    let raster = Raster::from_rgba(width_px, height_px, frame.rgba)?;
    guard::size(width_px, height_px)?;
    Ok(raster)
}

fn checked(evidence: &[u8], chain: &Chain) -> Result<(), CaptureFault> {
    guard::file(evidence)?;
    if PhotoHash::of(evidence) == chain.evidence_sha256 {
        Ok(())
    } else {
        Err(CaptureFault::EvidenceMismatch)
    }
}

/// From upright sRGB pixels to all renditions.
fn finished(
    raster: Raster,
    original: Original,
    mut to_evidence: Vec<Transform>,
    rule: &PhotoRule,
) -> Result<PreparedPhoto, CaptureFault> {
    let evidence = evidence(&raster)?;
    drop(raster);
    to_evidence.push(evidence.step);
    let evidence = evidence.rendition;
    let derived = derived(&evidence.bytes, rule)?;
    let chain = Chain {
        original,
        to_evidence,
        evidence_sha256: evidence.sha256,
        to_upload: derived.steps.clone(),
        upload_sha256: derived.upload.sha256,
    };
    let Derived { upload, preview, report, licence, .. } = derived;
    Ok(PreparedPhoto { evidence, upload, preview, report, chain, licence })
}

/// Line art is kept as PNG when that is smaller: it loses nothing.
fn evidence(raster: &Raster) -> Result<Encoded, CaptureFault> {
    let jpeg = encode::jpeg(raster, policy::EVIDENCE_QUALITY)?;
    if !encode::is_line_art(raster) {
        return Ok(jpeg);
    }
    let png = encode::png(raster)?;
    Ok(if png.bytes() < jpeg.bytes() { png } else { jpeg })
}

struct Derived {
    upload: Rendition,
    preview: Rendition,
    report: QualityReport,
    licence: Option<Licence>,
    steps: Vec<Transform>,
}

/// From evidence to what is sent and shown. The report judges the upload's own bytes.
fn derived(evidence: &[u8], rule: &PhotoRule) -> Result<Derived, CaptureFault> {
    let (mut raster, mut decoded) = own_pixels(evidence, rule.long_side_px)?;
    let quad = quad::find(&raster, rule.shape)?;
    let licence = if rule.reads_licence { barcode::read(&raster, quad.as_ref()) } else { None };
    let sizes = Sizes::of(&raster, quad.as_ref(), rule);
    if sizes.wanted > raster.long_side() {
        (raster, decoded) = own_pixels(evidence, sizes.wanted)?;
    }
    let line_art = sniff::sniff(evidence)? == SourceFormat::Png;
    let upload = upload(&raster, &sizes, rule, line_art)?;
    let (preview, _) = fit::fit(raster, policy::PREVIEW_LONG_SIDE_PX)?;
    let preview = encode::jpeg(&preview, policy::PREVIEW_QUALITY)?.rendition;
    let report = read_back(&upload.encoded.rendition, quad, rule)?;
    let mut steps = vec![decoded];
    steps.extend(upload.resized);
    steps.push(upload.encoded.step);
    Ok(Derived { upload: upload.encoded.rendition, preview, report, licence, steps })
}

/// Long sides between which the upload's is chosen, in pixels.
struct Sizes {
    /// The rule's, or more for a document that is small in the frame.
    wanted: u32,
    /// Down to here the document reads well: so far for the bytes aimed at.
    reads_well: u32,
    /// Down to here it can be read: so far for the provider's ceiling.
    readable: u32,
}

impl Sizes {
    fn of(raster: &Raster, quad: Option<&Quad>, rule: &PhotoRule) -> Self {
        let Some(dpi) = quad.and_then(|quad| measure::dpi(quad, raster, rule.shape)) else {
            let blind = f64::from(rule.long_side_px) * policy::SHRINK_BLIND_MIN;
            return Self {
                wanted: rule.long_side_px,
                reads_well: rule.long_side_px,
                readable: blind.ceil() as u32,
            };
        };
        let for_dpi = |wanted: f64| (f64::from(raster.long_side()) * wanted / dpi.max(1.0)).ceil();
        let limits = measure::dpi_limits(rule.shape);
        let rescued = for_dpi(limits.good).min(f64::from(policy::EVIDENCE_LONG_SIDE_PX)) as u32;
        Self {
            wanted: rule.long_side_px.max(rescued),
            reads_well: for_dpi(limits.good) as u32,
            readable: for_dpi(limits.bad) as u32,
        }
    }
}

struct Upload {
    encoded: Encoded,
    resized: Option<Transform>,
}

/// Lowers the quality first and the size after it, and only as far as the document can be read.
fn upload(
    raster: &Raster,
    sizes: &Sizes,
    rule: &PhotoRule,
    line_art: bool,
) -> Result<Upload, CaptureFault> {
    let mut over_aim = None;
    let mut long_side = sizes.wanted.min(raster.long_side());
    loop {
        let (fitted, resized) = fit::fitted(raster, long_side)?;
        let encoded = encoded(&fitted, rule, line_art)?;
        let bytes = encoded.bytes();
        if bytes <= rule.bytes_aim {
            return Ok(Upload { encoded, resized });
        }
        if over_aim.is_none() && bytes <= rule.bytes_max {
            over_aim = Some(Upload { encoded, resized });
        }
        let least = if over_aim.is_some() { sizes.reads_well } else { sizes.readable };
        long_side = (f64::from(long_side) * policy::SHRINK_STEP) as u32;
        if long_side < least.max(policy::SIDE_PX_MIN) {
            let bytes_max = rule.bytes_max;
            return over_aim.ok_or(CaptureFault::OverBudget { bytes, bytes_max });
        }
    }
}

fn encoded(fitted: &Raster, rule: &PhotoRule, line_art: bool) -> Result<Encoded, CaptureFault> {
    let jpeg = encode::jpeg_by_rule(fitted, rule)?;
    let png = match rule.formats {
        FormatsTaken::JpegAndPng if line_art => Some(encode::png(fitted)?),
        FormatsTaken::JpegAndPng | FormatsTaken::Jpeg => None,
    };
    Ok(match png {
        Some(png) if png.bytes() < jpeg.bytes() => png,
        Some(_) | None => jpeg,
    })
}

/// What is judged is what is sent.
fn read_back(
    upload: &Rendition,
    quad: Option<Quad>,
    rule: &PhotoRule,
) -> Result<QualityReport, CaptureFault> {
    let (raster, _) =
        own_pixels(&upload.bytes, u32::MAX).map_err(|_| CaptureFault::EncoderFailed)?;
    if (raster.width, raster.height) != (upload.width_px, upload.height_px) {
        return Err(CaptureFault::EncoderFailed);
    }
    measure::judge(&raster, quad, rule.shape, 1.0)
}

/// Decodes a rendition of our own making, at least `long_side_px` large where it has so much.
fn own_pixels(bytes: &[u8], long_side_px: u32) -> Result<(Raster, Transform), CaptureFault> {
    match sniff::sniff(bytes)? {
        SourceFormat::Jpeg => decode::jpeg_rgb(bytes, long_side_px),
        SourceFormat::Png => Ok((decode::png_rgb(bytes)?, Transform::Decoded { eighths: 8 })),
        SourceFormat::Webp
        | SourceFormat::Tiff
        | SourceFormat::Bmp
        | SourceFormat::Heic
        | SourceFormat::Pdf
        | SourceFormat::CameraFrame => Err(CaptureFault::EvidenceMismatch),
    }
}

impl Rendition {
    /// Says whether the provider may get this format under a rule.
    pub fn is_taken_by(&self, rule: &PhotoRule) -> bool {
        match (self.format, rule.formats) {
            (PhotoFormat::Jpeg, FormatsTaken::Jpeg | FormatsTaken::JpegAndPng) => true,
            (PhotoFormat::Png, FormatsTaken::JpegAndPng) => true,
            (PhotoFormat::Png, FormatsTaken::Jpeg) => false,
        }
    }
}
