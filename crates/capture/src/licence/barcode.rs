//! Finding and reading the PDF417 on the back of a licence. Most of the work is to show the reader
//! the card as it likes it: flat, upright, about two and a half pixels for each module, crisp.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rxing::common::{GlobalHistogramBinarizer, HybridBinarizer};
use rxing::pdf417::PDF417Reader;
use rxing::{Binarizer, BinaryBitmap, DecodeHints, Luma8Source, Reader};

use super::Licence;
use crate::measure::Quad;
use crate::raster::Raster;
use crate::rule::DocumentShape;

/// Widths to which a card is made flat. More pixels read worse.
const CARD_WIDTHS_PX: [u32; 2] = [860, 1032];

/// Long side to which a photo without an outline is reduced.
const PHOTO_SIDE_PX: u32 = 1290;

/// Turns that are tried on a photo without an outline, in degrees.
const TURNS_DEGREES: [f64; 7] = [0.0, 3.0, -3.0, 6.0, -6.0, 9.0, -9.0];

/// How much of what a blur takes away is given back twice.
const CRISPER: f32 = 1.0;

/// Reads the licence in a picture of its back; None when there is none, or it cannot be read.
pub(crate) fn read(raster: &Raster, quad: Option<&Quad>) -> Option<Licence> {
    let luma = Luma::of(raster);
    // The reader is code of others: what makes it fail costs the reading and not the photo.
    let reading = AssertUnwindSafe(|| match quad {
        Some(quad) => CARD_WIDTHS_PX.iter().find_map(|width| decoded(&flat(&luma, quad, *width))),
        None => on_photo(&luma),
    });
    catch_unwind(reading).ok().flatten()
}

fn on_photo(luma: &Luma) -> Option<Licence> {
    TURNS_DEGREES.iter().find_map(|turn| decoded(&turned(luma, *turn, PHOTO_SIDE_PX)))
}

fn decoded(luma: &Luma) -> Option<Licence> {
    let crisp = luma.crisper();
    let source = || Luma8Source::new(crisp.levels.clone(), crisp.width, crisp.height).ok();
    text(HybridBinarizer::new(source()?))
        .and_then(|text| Licence::read(&text))
        .or_else(|| Licence::read(&text(GlobalHistogramBinarizer::new(source()?))?))
}

fn text(binarizer: impl Binarizer) -> Option<String> {
    let hints = DecodeHints { TryHarder: Some(true), ..DecodeHints::default() };
    let mut bitmap = BinaryBitmap::new(binarizer);
    let result = PDF417Reader::new().decode_with_hints(&mut bitmap, &hints).ok()?;
    Some(result.getText().to_owned())
}

/// Brightness alone.
struct Luma {
    width: u32,
    height: u32,
    levels: Vec<u8>,
}

impl Luma {
    fn of(raster: &Raster) -> Self {
        let level = |[red, green, blue]: &[u8; 3]| {
            let sum = u32::from(*red) * 77 + u32::from(*green) * 150 + u32::from(*blue) * 29;
            u8::try_from(sum / 256).unwrap_or(u8::MAX)
        };
        let levels = raster.rgb.as_chunks::<3>().0.iter().map(level).collect();
        Self { width: raster.width, height: raster.height, levels }
    }

    /// Each pixel is the mean of `samples`² points of the source, found by `origin`.
    fn sampled(
        &self,
        (width, height): (u32, u32),
        samples: u32,
        origin: impl Fn(f64, f64) -> (f64, f64),
    ) -> Self {
        let step = 1.0 / f64::from(samples);
        let mut levels = Vec::with_capacity((width * height) as usize);
        for y in 0..height {
            for x in 0..width {
                let mut sum = 0.0;
                for sample in 0..samples * samples {
                    let (column, row) = (sample % samples, sample / samples);
                    let (dx, dy) =
                        ((f64::from(column) + 0.5) * step, (f64::from(row) + 0.5) * step);
                    let (sx, sy) = origin(f64::from(x) + dx, f64::from(y) + dy);
                    sum += self.at(sx - 0.5, sy - 0.5);
                }
                levels.push((sum / f64::from(samples * samples)).round().clamp(0.0, 255.0) as u8);
            }
        }
        Self { width, height, levels }
    }

    fn at(&self, x: f64, y: f64) -> f64 {
        let (left, top) = (x.floor(), y.floor());
        let (across, down) = (x - left, y - top);
        let level = |x: f64, y: f64| {
            let x = x.clamp(0.0, f64::from(self.width.saturating_sub(1))) as u32;
            let y = y.clamp(0.0, f64::from(self.height.saturating_sub(1))) as u32;
            self.levels.get((y * self.width + x) as usize).copied().map_or(0.0, f64::from)
        };
        let upper = level(left, top) * (1.0 - across) + level(left + 1.0, top) * across;
        let lower = level(left, top + 1.0) * (1.0 - across) + level(left + 1.0, top + 1.0) * across;
        upper * (1.0 - down) + lower * down
    }

    /// An unsharp mask over the eight neighbours.
    fn crisper(&self) -> Self {
        let (width, height) = (self.width as usize, self.height as usize);
        let level =
            |x: usize, y: usize| self.levels.get(y * width + x).copied().map_or(0.0, f32::from);
        let mut levels = Vec::with_capacity(self.levels.len());
        for y in 0..height {
            let rows = [y.saturating_sub(1), y, (y + 1).min(height - 1)];
            for x in 0..width {
                let columns = [x.saturating_sub(1), x, (x + 1).min(width - 1)];
                let weights = [1.0, 2.0, 1.0];
                let blurred: f32 = rows
                    .iter()
                    .zip(weights)
                    .flat_map(|(row, down)| {
                        columns
                            .iter()
                            .zip(weights)
                            .map(move |(x, across)| (*x, *row, down * across))
                    })
                    .map(|(x, y, weight)| level(x, y) * weight)
                    .sum::<f32>()
                    / 16.0;
                let own = level(x, y);
                levels.push((own + CRISPER * 2.0 * (own - blurred)).clamp(0.0, 255.0) as u8);
            }
        }
        Self { width: self.width, height: self.height, levels }
    }
}

/// The card as a scanner would see it, its long side across.
fn flat(luma: &Luma, quad: &Quad, width: u32) -> Luma {
    let (wide, high) = (f64::from(luma.width), f64::from(luma.height));
    let mut corners = quad.corners.map(|corner| (corner.x * wide, corner.y * high));
    let length = |from: (f64, f64), to: (f64, f64)| (from.0 - to.0).hypot(from.1 - to.1);
    let [a, b, c, d] = corners;
    let (mut across, down) = (length(a, b).max(length(d, c)), length(a, d).max(length(b, c)));
    if down > across {
        corners.rotate_left(1);
        across = down;
    }
    let (long_mm, short_mm) = DocumentShape::Card.sides_mm();
    let height = (f64::from(width) * short_mm / long_mm).round() as u32;
    let map = Projection::new(corners);
    let samples = (across / f64::from(width)).ceil().clamp(1.0, 4.0) as u32;
    luma.sampled((width, height), samples, |x, y| {
        map.at(x / f64::from(width), y / f64::from(height))
    })
}

fn turned(luma: &Luma, degrees: f64, long_side_px: u32) -> Luma {
    let long = luma.width.max(luma.height);
    let scale = f64::from(long) / f64::from(long_side_px.min(long).max(1));
    let (width, height) =
        ((f64::from(luma.width) / scale) as u32, (f64::from(luma.height) / scale) as u32);
    let (sin, cos) = degrees.to_radians().sin_cos();
    let middle = (f64::from(width) / 2.0, f64::from(height) / 2.0);
    let from = (f64::from(luma.width) / 2.0, f64::from(luma.height) / 2.0);
    luma.sampled((width.max(1), height.max(1)), scale.ceil().clamp(1.0, 4.0) as u32, |x, y| {
        let (x, y) = ((x - middle.0) * scale, (y - middle.1) * scale);
        (from.0 + x * cos - y * sin, from.1 + x * sin + y * cos)
    })
}

/// From the unit square to four corners, clockwise from the top left.
struct Projection {
    from: (f64, f64),
    across: (f64, f64),
    down: (f64, f64),
    far: (f64, f64),
}

impl Projection {
    fn new([(x0, y0), (x1, y1), (x2, y2), (x3, y3)]: [(f64, f64); 4]) -> Self {
        let (dx1, dx2, sx) = (x1 - x2, x3 - x2, x0 - x1 + x2 - x3);
        let (dy1, dy2, sy) = (y1 - y2, y3 - y2, y0 - y1 + y2 - y3);
        let area = dx1 * dy2 - dx2 * dy1;
        let area = if area.abs() < f64::EPSILON { 1.0 } else { area };
        let (g, h) = ((sx * dy2 - dx2 * sy) / area, (dx1 * sy - sx * dy1) / area);
        Self {
            from: (x0, y0),
            across: (x1 - x0 + g * x1, y1 - y0 + g * y1),
            down: (x3 - x0 + h * x3, y3 - y0 + h * y3),
            far: (g, h),
        }
    }

    fn at(&self, u: f64, v: f64) -> (f64, f64) {
        let depth = 1.0 + self.far.0 * u + self.far.1 * v;
        (
            (self.from.0 + self.across.0 * u + self.down.0 * v) / depth,
            (self.from.1 + self.across.1 * u + self.down.1 * v) / depth,
        )
    }
}
