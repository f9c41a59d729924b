//! Finding the document's outline: edges → lines → pairs of near-parallel lines → the best
//! quadrilateral → its sides fitted again where the picture has more detail.

mod candidates;
mod edges;
mod line;
mod lines;
mod refine;

use crate::fault::CaptureFault;
use crate::fit::{self, Filter};
use crate::measure::{Point, Quad};
use crate::raster::Raster;
use crate::rule::DocumentShape;
use candidates::Candidate;
use edges::Edges;

/// Lines are searched on a copy of this long side: print becomes texture, the outline stays.
const SEARCH_LONG_SIDE_PX: u32 = 640;

/// Sides are fitted at last on a copy of this long side.
const REFINE_LONG_SIDE_PX: u32 = 1600;

/// Reach of a side's fit on either side, in pixels of the search copy and of the refinement copy.
const REACH_PX: [f64; 2] = [5.0, 6.0];

/// Outlines with a lower score are more often wrong than right.
const SCORE_MIN: f64 = 1.75;

/// Finds the outline of a document of a known shape.
///
/// # Errors
/// `Damaged` when the raster contradicts itself.
pub(crate) fn find(raster: &Raster, shape: DocumentShape) -> Result<Option<Quad>, CaptureFault> {
    let small = reduced(raster, SEARCH_LONG_SIDE_PX)?;
    let edges = Edges::of(&small);
    let lines = lines::find(&edges);
    let Some(best) = candidates::best(&edges, &lines, shape) else { return Ok(None) };
    if best.score < SCORE_MIN {
        return Ok(None);
    }
    let best = refine::refined(&small, best, REACH_PX[0]);
    if raster.long_side() <= SEARCH_LONG_SIDE_PX {
        return Ok(Some(quad(&best, &small)));
    }
    let large = reduced(raster, REFINE_LONG_SIDE_PX)?;
    let scale = f64::from(large.long_side()) / f64::from(small.long_side());
    let best = refine::refined(&large, best.scaled(scale), REACH_PX[1]);
    Ok(Some(quad(&best, &large)))
}

fn reduced(raster: &Raster, long_side_px: u32) -> Result<Raster, CaptureFault> {
    let (width, height) = fit::size(raster.width, raster.height, long_side_px);
    fit::resized(raster, width, height, Filter::Mean)
}

/// As shares of the frame, clockwise from the corner nearest to the top left.
fn quad(candidate: &Candidate, raster: &Raster) -> Quad {
    let (width, height) = (f64::from(raster.width), f64::from(raster.height));
    // Rounded, so that the same outline is written and read alike: a hundred-thousandth is below a
    // pixel.
    let share = |value: f64, of: f64| (value / of * 1e5).round() / 1e5;
    let mut corners =
        candidate.corners.map(|(x, y)| Point { x: share(x, width), y: share(y, height) });
    let middle = corners.iter().fold((0.0, 0.0), |(x, y), p| (x + p.x / 4.0, y + p.y / 4.0));
    let around = |p: &Point| (p.y - middle.1).atan2(p.x - middle.0);
    corners.sort_by(|a, b| around(a).total_cmp(&around(b)));
    let first = corners
        .iter()
        .enumerate()
        .min_by(|(_, a), (_, b)| (a.x + a.y).total_cmp(&(b.x + b.y)))
        .map_or(0, |(index, _)| index);
    corners.rotate_left(first);
    Quad { corners, score: (candidate.score * 1e3).round() / 1e3 }
}
