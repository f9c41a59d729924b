//! Judging a picture: the same code for live frames and for the photo that is sent.

pub(crate) mod fingerprint;
pub(crate) mod geometry;
mod light;
mod limits;
pub(crate) mod luma;
pub(crate) mod region;
mod report;
mod sharpness;

pub use fingerprint::{Fingerprint, NotAFingerprint};
pub use report::{
    Basis, Direction, Measure, MeasureCode, MeasureVerdict, Point, Quad, QualityReport, Unit,
    Verdict,
};

use crate::fault::CaptureFault;
use crate::fit::{self, Filter};
use crate::raster::Raster;
use crate::rule::DocumentShape;
use geometry::Geometry;
use light::Light;
use limits::Limits;
use luma::Luma;
use region::Region;
use sharpness::Print;

/// Light is measured on a copy of this long side.
const SMALL_LONG_SIDE_PX: u32 = 640;

/// Edges narrower than this many pixels cannot be told apart, so a coarse frame is never blurred by
/// them.
const SPREAD_RESOLVED_PX: f64 = 0.85;

const UM_PER_INCH: f64 = 25_400.0;

/// Judges a picture that stands for a shot `shot_scale` times as large.
///
/// # Errors
/// `Damaged` when the raster contradicts itself.
pub(crate) fn judge(
    raster: &Raster,
    quad: Option<Quad>,
    shape: DocumentShape,
    shot_scale: f64,
) -> Result<QualityReport, CaptureFault> {
    let region = Region::of(quad.as_ref());
    let (width, height) =
        fit::size(raster.width, raster.height, SMALL_LONG_SIDE_PX.min(raster.long_side()));
    let small = fit::resized(raster, width, height, Filter::Mean)?;
    let (width, height) = (f64::from(raster.width), f64::from(raster.height));
    let seen = Seen {
        shape,
        basis: region.basis,
        geometry: quad.map(|quad| geometry::measure(&quad, shape, width, height)),
        frame_dpi: geometry::dpi_of_frame(shape, width, height),
        shot_scale,
        print: sharpness::measure(&Luma::of(raster), &region),
        light: light::measure(&small, &region),
    };
    let measures = seen.measures();
    Ok(QualityReport {
        verdict: overall(&measures),
        measures,
        quad,
        fingerprint: Fingerprint::of(&small)?,
    })
}

/// Dots per inch at which a document reads well, and below which it cannot be read.
pub(crate) fn dpi_limits(shape: DocumentShape) -> Limits {
    limits::of(MeasureCode::Resolution, shape)
}

/// Dots per inch on a document in a picture; None when it is cut off, since its size is then
/// unknown.
pub(crate) fn dpi(quad: &Quad, raster: &Raster, shape: DocumentShape) -> Option<f64> {
    let (width, height) = (f64::from(raster.width), f64::from(raster.height));
    let geometry = geometry::measure(quad, shape, width, height);
    (geometry.corners_cut == 0).then_some(geometry.dpi)
}

/// Everything that was seen, before it is held against limits.
struct Seen {
    shape: DocumentShape,
    basis: Basis,
    geometry: Option<Geometry>,
    frame_dpi: f64,
    shot_scale: f64,
    print: Option<Print>,
    light: Option<Light>,
}

impl Seen {
    fn measures(&self) -> Vec<Measure> {
        let geometry = self.geometry;
        let light = self.light;
        vec![
            self.sharpness(),
            self.measure(MeasureCode::Glare, light.and_then(|light| light.glare)),
            self.measure(MeasureCode::Brightness, light.map(|light| light.bright_level)),
            self.measure(MeasureCode::Contrast, self.print.map(|print| print.contrast)),
            self.measure(MeasureCode::Resolution, self.dpi().map(|dpi| dpi * self.shot_scale)),
            self.measure(MeasureCode::Document, geometry.map(|_| 1.0)),
            self.measure(MeasureCode::Corners, geometry.map(|g| f64::from(g.corners_cut))),
            self.measure(MeasureCode::Tilt, geometry.map(|g| g.tilt_degrees)),
            self.measure(MeasureCode::Fill, geometry.map(|g| g.fill)),
            self.measure(MeasureCode::Colour, light.map(|light| light.coloured)),
        ]
    }

    /// Dots per inch on the document, or the most that the frame allows; None when the document is
    /// cut off.
    fn dpi(&self) -> Option<f64> {
        match self.geometry {
            None => Some(self.frame_dpi),
            Some(geometry) if geometry.corners_cut > 0 => None,
            Some(geometry) => Some(geometry.dpi),
        }
    }

    fn sharpness(&self) -> Measure {
        let guess = self.geometry.map_or(self.frame_dpi, |geometry| geometry.dpi_most);
        let um_per_px = UM_PER_INCH / self.dpi().unwrap_or(guess).max(1.0);
        let spread = self.print.map(|print| print.spread_px * um_per_px);
        let mut limits = limits::of(MeasureCode::Sharpness, self.shape);
        let resolved = SPREAD_RESOLVED_PX * um_per_px;
        limits.bad = (limits.bad * (resolved / limits.good).max(1.0)).round();
        limits.good = limits.good.max(resolved.round());
        measured(MeasureCode::Sharpness, spread, limits, self.basis)
    }

    fn measure(&self, code: MeasureCode, value: Option<f64>) -> Measure {
        measured(code, value, limits::of(code, self.shape), self.basis)
    }
}

fn measured(code: MeasureCode, value: Option<f64>, limits: Limits, basis: Basis) -> Measure {
    let Limits { unit, direction, good, bad } = limits;
    let within = |value: f64, limit: f64| match direction {
        Direction::Min => value >= limit,
        Direction::Max => value <= limit,
    };
    // Rounded, so that a value is written and read alike.
    let value = value.map(|value| (value * 1e4).round() / 1e4);
    let verdict = match value {
        None => MeasureVerdict::NotMeasured,
        Some(value) if within(value, good) => MeasureVerdict::Good,
        Some(value) if within(value, bad) => MeasureVerdict::Warn,
        Some(_) => MeasureVerdict::Bad,
    };
    Measure { code, value, unit, limit: bad, limit_good: good, direction, basis, verdict }
}

/// The worst measure. An outline that was not found is a warning; other gaps say nothing, and the
/// lack of colour is for those who know which side of a document they asked for.
fn overall(measures: &[Measure]) -> Verdict {
    let of = |measure: &Measure| match (measure.verdict, measure.code) {
        (_, MeasureCode::Colour) => Verdict::Good,
        (MeasureVerdict::Bad, _) => Verdict::Bad,
        (MeasureVerdict::Warn, _) => Verdict::Warn,
        (MeasureVerdict::NotMeasured, MeasureCode::Document) => Verdict::Warn,
        (MeasureVerdict::NotMeasured | MeasureVerdict::Good, _) => Verdict::Good,
    };
    measures.iter().map(of).max().unwrap_or(Verdict::Warn)
}
