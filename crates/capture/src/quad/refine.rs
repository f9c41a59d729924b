//! The sides fitted again: along each side the picture is sampled across it, and the line that most
//! of the steep places agree on wins. A sharp edge beats a soft shadow.

use super::candidates::Candidate;
use super::line::{Line, Spot};
use crate::raster::Raster;

/// Places along a side; its ends are left out, since cards have round corners.
const PLACES: usize = 48;
const END_SHARE: f64 = 0.08;

/// Steep places that are kept per sample.
const STEEP_MAX: usize = 3;

/// A place agrees with a line within these pixels.
const AGREE_PX: f64 = 1.0;

/// A change of this many levels counts half.
const HALF_LEVELS: f64 = 25.0;

/// With fewer places in agreement the side is left as it was.
const AGREE_MIN: usize = PLACES / 4;

/// Fits all sides within a reach in pixels.
pub(super) fn refined(raster: &Raster, candidate: Candidate, reach: f64) -> Candidate {
    let [a, b, c, d] = candidate.corners;
    let sides = [(a, b), (b, c), (c, d), (d, a)].map(|(from, to)| side(raster, from, to, reach));
    let [ab, bc, cd, da] = sides;
    let corners = [da.meets(&ab), ab.meets(&bc), bc.meets(&cd), cd.meets(&da)];
    match corners {
        [Some(a), Some(b), Some(c), Some(d)] => candidate.with_corners([a, b, c, d]),
        _ => candidate,
    }
}

#[derive(Debug, Clone, Copy)]
struct Steep {
    place: usize,
    spot: Spot,
    weight: f64,
}

fn side(raster: &Raster, from: Spot, to: Spot, reach: f64) -> Line {
    let length = (to.0 - from.0).hypot(to.1 - from.1).max(1.0);
    let (dx, dy) = ((to.0 - from.0) / length, (to.1 - from.1) / length);
    let rough = Line { cos: -dy, sin: dx, offset: from.1 * dx - from.0 * dy };
    if is_on_frame(raster, from, to) {
        return rough;
    }
    let mut steep = Vec::new();
    for place in 0..PLACES {
        let share = END_SHARE + (1.0 - 2.0 * END_SHARE) * place as f64 / (PLACES - 1) as f64;
        let spot = (from.0 + dx * length * share, from.1 + dy * length * share);
        steep.extend(profile(raster, spot, (dx, dy), reach).map(|(aside, weight)| Steep {
            place,
            spot: (spot.0 - dy * aside, spot.1 + dx * aside),
            weight,
        }));
    }
    agreed(&steep).unwrap_or(rough)
}

/// A side of the frame stands in for one that is cut off: there is nothing to fit.
fn is_on_frame(raster: &Raster, from: Spot, to: Spot) -> bool {
    let (right, bottom) = (f64::from(raster.width) - 2.0, f64::from(raster.height) - 2.0);
    let both = |test: &dyn Fn(Spot) -> bool| test(from) && test(to);
    both(&|p| p.0 < 1.5)
        || both(&|p| p.1 < 1.5)
        || both(&|p| p.0 > right - 1.0)
        || both(&|p| p.1 > bottom - 1.0)
}

/// The steepest places across a side: how far aside, and how much they count.
fn profile(
    raster: &Raster,
    spot: Spot,
    (dx, dy): Spot,
    reach: f64,
) -> impl Iterator<Item = (f64, f64)> {
    let steps = (reach * 2.0).round() as i32 + 2;
    let samples: Vec<[f64; 3]> = (-steps..=steps)
        .map(|step| {
            let aside = f64::from(step) / 2.0;
            mean_along(raster, (spot.0 - dy * aside, spot.1 + dx * aside), (dx, dy))
        })
        .collect();
    let slopes: Vec<f64> = samples
        .windows(5)
        .map(|window| match window {
            [a, b, _, d, e] => slope(a, b, d, e),
            _ => 0.0,
        })
        .collect();
    let mut crests: Vec<(f64, f64)> = slopes
        .windows(3)
        .enumerate()
        .filter_map(|(index, window)| match window {
            [before, own, after] if own >= before && own > after => {
                let bend = before - 2.0 * own + after;
                let shift = if bend < 0.0 { 0.5 * (before - after) / bend } else { 0.0 };
                let aside = (index as f64 + 3.0 - f64::from(steps) + shift) / 2.0;
                Some((aside, own / (own + HALF_LEVELS)))
            }
            _ => None,
        })
        .collect();
    crests.sort_by(|a, b| b.1.total_cmp(&a.1));
    crests.truncate(STEEP_MAX);
    crests.into_iter()
}

/// The strongest change of brightness or colour over two pixels.
fn slope(a: &[f64; 3], b: &[f64; 3], d: &[f64; 3], e: &[f64; 3]) -> f64 {
    let [mut red, mut green, mut blue] = [0.0; 3];
    for ((((sum, a), b), d), e) in
        [&mut red, &mut green, &mut blue].into_iter().zip(a).zip(b).zip(d).zip(e)
    {
        *sum = (e - a + d - b) / 1.5;
    }
    let light = (red + green + blue) / 3.0;
    light.abs().max((red - green).abs()).max(((red + green) / 2.0 - blue).abs())
}

/// The mean of three spots along the side.
fn mean_along(raster: &Raster, (x, y): Spot, (dx, dy): Spot) -> [f64; 3] {
    let mut sum = [0.0; 3];
    for step in [-1.5, 0.0, 1.5] {
        let levels = sample(raster, x + dx * step, y + dy * step);
        for (sum, level) in sum.iter_mut().zip(levels) {
            *sum += level / 3.0;
        }
    }
    sum
}

fn sample(raster: &Raster, x: f64, y: f64) -> [f64; 3] {
    let (right, bottom) = (f64::from(raster.width) - 1.0, f64::from(raster.height) - 1.0);
    let (x, y) = (x.clamp(0.0, right), y.clamp(0.0, bottom));
    let (left, top) = (x.floor(), y.floor());
    let (fx, fy) = (x - left, y - top);
    let pixel = |x: f64, y: f64| {
        let at = (y.min(bottom) as usize * raster.width as usize + x.min(right) as usize) * 3;
        let pixel = raster.rgb.get(at..at + 3).unwrap_or_default();
        let mut levels = [0.0; 3];
        for (level, byte) in levels.iter_mut().zip(pixel) {
            *level = f64::from(*byte);
        }
        levels
    };
    let [a, b] = [pixel(left, top), pixel(left + 1.0, top)];
    let [c, d] = [pixel(left, top + 1.0), pixel(left + 1.0, top + 1.0)];
    let mut levels = [0.0; 3];
    for ((((level, a), b), c), d) in levels.iter_mut().zip(a).zip(b).zip(c).zip(d) {
        *level = (a * (1.0 - fx) + b * fx) * (1.0 - fy) + (c * (1.0 - fx) + d * fx) * fy;
    }
    levels
}

/// The line that most weight agrees on, of those through a steep place near either end.
fn agreed(steep: &[Steep]) -> Option<Line> {
    let near_start = steep.iter().filter(|one| one.place < PLACES / 3).step_by(2);
    let best = near_start
        .flat_map(|one| {
            let near_end = steep.iter().filter(|other| other.place >= PLACES * 2 / 3).step_by(2);
            near_end
                .filter_map(|other| Line::through([(one.spot, 1.0), (other.spot, 1.0)].into_iter()))
        })
        .map(|line| (agreement(steep, &line).0, line))
        .max_by(|a, b| a.0.total_cmp(&b.0))?
        .1;
    let (_, places) = agreement(steep, &best);
    if places < AGREE_MIN {
        return None;
    }
    let inliers = steep.iter().filter(|one| best.distance(one.spot).abs() <= AGREE_PX);
    Line::through(inliers.map(|one| (one.spot, one.weight)))
}

/// Weight and number of places that agree with a line; each place counts once.
fn agreement(steep: &[Steep], line: &Line) -> (f64, usize) {
    let mut weight = 0.0;
    let mut places = 0;
    for place in steep.chunk_by(|a, b| a.place == b.place) {
        let best = place
            .iter()
            .filter(|one| line.distance(one.spot).abs() <= AGREE_PX)
            .map(|one| one.weight)
            .fold(0.0, f64::max);
        weight += best;
        places += usize::from(best > 0.0);
    }
    (weight, places)
}
