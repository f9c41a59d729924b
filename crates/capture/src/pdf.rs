//! PDF scans: one page becomes a picture, and what would act or carry other files is refused.
//! Nothing of the file itself is ever sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use hayro::hayro_interpret::{InterpreterSettings, InterpreterWarning};
use hayro::hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, Stream};
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{RenderCache, RenderSettings};

use crate::fault::CaptureFault;
use crate::policy;

/// Points of PDF in an inch.
const POINTS_PER_INCH: f32 = 72.0;

/// Deeper objects are not looked into, and no writer makes them.
const DEPTH_MAX: u8 = 24;

/// Names that only what acts, or carries files, needs.
const ACTIVE: [&[u8]; 12] = [
    b"EF",
    b"EmbeddedFile",
    b"EmbeddedFiles",
    b"GoToE",
    b"ImportData",
    b"JS",
    b"JavaScript",
    b"Launch",
    b"Movie",
    b"RichMedia",
    b"SubmitForm",
    b"XFA",
];

/// One page of a file that was opened and is harmless.
pub(crate) struct Scan {
    pdf: Pdf,
    index: usize,
    pub(crate) width_px: u32,
    pub(crate) height_px: u32,
    scale: f32,
}

impl Scan {
    /// Opens a file at a page, counted from 1; without one the file must have a single page.
    ///
    /// # Errors
    /// `PdfLocked`, `PdfActive`, `SeveralPages`, `NoSuchPage`, `Damaged`.
    pub(crate) fn open(file: &[u8], page: Option<u32>) -> Result<Self, CaptureFault> {
        let pdf = Pdf::new(file.to_vec()).map_err(|fault| match fault {
            LoadPdfError::Decryption(_) => CaptureFault::PdfLocked,
            LoadPdfError::Invalid => CaptureFault::Damaged,
        })?;
        if pdf.objects().into_iter().any(|object| is_active(&object, DEPTH_MAX)) {
            return Err(CaptureFault::PdfActive);
        }
        let pages = u32::try_from(pdf.pages().len()).unwrap_or(u32::MAX);
        let page = match page {
            None if pages > 1 => return Err(CaptureFault::SeveralPages { pages }),
            None => 1,
            Some(page) => page,
        };
        let index = page.checked_sub(1).and_then(|index| usize::try_from(index).ok());
        let index = index.filter(|index| *index < pdf.pages().len());
        let index = index.ok_or(CaptureFault::NoSuchPage { pages })?;
        let chosen = pdf.pages().get(index).ok_or(CaptureFault::NoSuchPage { pages })?;
        let (width, height) = chosen.render_dimensions();
        let scale = scale(chosen, width.max(height)).ok_or(CaptureFault::Damaged)?;
        let (width_px, height_px) =
            ((width * scale).floor() as u32, (height * scale).floor() as u32);
        Ok(Self { pdf, index, width_px, height_px, scale })
    }

    /// Draws the page on white.
    ///
    /// # Errors
    /// `Damaged` or `UnsupportedVariant` when something on it could not be drawn: a page on which
    /// something is missing must not look whole.
    pub(crate) fn rgb(&self) -> Result<Vec<u8>, CaptureFault> {
        const WHOLE: u8 = 0;
        const NO_FONT: u8 = 1;
        const NO_IMAGE: u8 = 2;
        let page = self.pdf.pages().get(self.index).ok_or(CaptureFault::Damaged)?;
        let missing = Arc::new(AtomicU8::new(WHOLE));
        let told = Arc::clone(&missing);
        let settings = InterpreterSettings {
            warning_sink: Arc::new(move |warning| {
                let what = match warning {
                    InterpreterWarning::UnsupportedFont => NO_FONT,
                    InterpreterWarning::ImageDecodeFailure => NO_IMAGE,
                };
                told.fetch_max(what, Ordering::Relaxed);
            }),
            ..InterpreterSettings::default()
        };
        let render = RenderSettings {
            x_scale: self.scale,
            y_scale: self.scale,
            bg_color: WHITE,
            ..RenderSettings::default()
        };
        let pixels = hayro::render(page, &RenderCache::new(), &settings, &render);
        match missing.load(Ordering::Relaxed) {
            WHOLE => {}
            NO_FONT => return Err(CaptureFault::UnsupportedVariant),
            _ => return Err(CaptureFault::Damaged),
        }
        let rgba = pixels.data_as_u8_slice();
        let mut rgb = Vec::with_capacity(rgba.len() / 4 * 3);
        for [red, green, blue, _] in rgba.as_chunks::<4>().0 {
            rgb.extend([red, green, blue]);
        }
        Ok(rgb)
    }
}

/// Pixels per point: those of the scan itself, so that what was scanned coarsely does not look
/// fine; 300 dpi for a page that was written and not scanned.
fn scale(page: &Page<'_>, long_side: f32) -> Option<f32> {
    if !long_side.is_finite() || long_side <= 0.0 {
        return None;
    }
    let scanned = scanned_px(page).map(|long_side_px| long_side_px as f32 / long_side);
    let written = policy::PDF_DPI / POINTS_PER_INCH;
    let most = policy::EVIDENCE_LONG_SIDE_PX as f32 / long_side;
    Some(scanned.unwrap_or(written).min(most))
}

/// The long side of the largest picture on a page that holds no text.
fn scanned_px(page: &Page<'_>) -> Option<u32> {
    let resources = page.resources();
    if !resources.fonts.is_empty() {
        return None;
    }
    let pictures = resources.x_objects.entries().filter_map(|(name, _)| {
        let stream = resources.x_objects.get::<Stream<'_>>(&*name)?;
        let side = |key: &[u8]| stream.dict().get::<u32>(key);
        Some(side(b"Width")?.max(side(b"Height")?))
    });
    pictures.max().filter(|px| *px >= policy::SIDE_PX_MIN)
}

fn is_active(object: &Object<'_>, depth: u8) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    match object {
        Object::Dict(dict) => in_dict(dict, depth),
        Object::Stream(stream) => in_dict(stream.dict(), depth),
        Object::Array(array) => in_array(array, depth),
        Object::Name(name) => is_named(name),
        Object::Null(_) | Object::Boolean(_) | Object::Number(_) | Object::String(_) => false,
    }
}

fn in_dict(dict: &Dict<'_>, depth: u8) -> bool {
    dict.entries().any(|(key, value)| {
        is_named(&key)
            || match value {
                // What is referred to is an object of its own, and looked at as such.
                MaybeRef::Ref(_) => false,
                MaybeRef::NotRef(value) => is_active(&value, depth),
            }
    })
}

fn in_array(array: &Array<'_>, depth: u8) -> bool {
    array.raw_iter().any(|value| match value {
        MaybeRef::Ref(_) => false,
        MaybeRef::NotRef(value) => is_active(&value, depth),
    })
}

fn is_named(name: &Name<'_>) -> bool {
    ACTIVE.iter().any(|active| **active == **name)
}
