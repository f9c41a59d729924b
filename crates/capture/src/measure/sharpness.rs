//! Sharpness and contrast of print: how steep the edges inside the document are.
//!
//! Every rise or fall of brightness along a row or column is an edge with a height and a greatest
//! step. For an edge that is blurred by a Gaussian of spread σ, step = height / (σ √2π). Edges are
//! gathered per tile, so that one crisp logo does not hide a blurred line of print.

use super::luma::Luma;
use super::region::Region;

/// Side of a tile in pixels.
const TILE: usize = 40;

/// Lower edges are noise or paper.
const HEIGHT_MIN: u8 = 20;

/// Of the strongest edges' height, at least this share: the faint pattern behind the print is not
/// judged.
const HEIGHT_SHARE: f64 = 0.4;

/// A tile with fewer edges holds no print.
const EDGES_MIN: usize = 6;

/// With fewer tiles nothing can be said.
const TILES_MIN: usize = 4;

/// Small steps against the direction of an edge are noise.
const REVERSAL_MAX: i32 = 2;

/// Spread of the edge and height of the print.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Print {
    /// Spread of edges in pixels, the worse of the two directions.
    pub(super) spread_px: f64,
    /// Levels between ink and paper.
    pub(super) contrast: f64,
}

#[derive(Debug, Clone, Copy)]
struct Edge {
    tile: usize,
    height: u8,
    step: f64,
}

/// Measures the print inside a region; None when there is too little of it.
pub(super) fn measure(luma: &Luma, region: &Region) -> Option<Print> {
    let across = edges(luma, region);
    let down = edges(&luma.transposed(), &region.transposed());
    let strongest = strongest_height(across.iter().chain(&down))?;
    let height_min = strongest * HEIGHT_SHARE;
    let spreads: Vec<f64> =
        [across, down].into_iter().filter_map(|edges| spread(edges, height_min)).collect();
    let spread_px = spreads.into_iter().reduce(f64::max)?;
    Some(Print { spread_px, contrast: strongest })
}

/// Every edge of every second row.
fn edges(luma: &Luma, region: &Region) -> Vec<Edge> {
    let mut edges = Vec::new();
    let tiles_across = luma.width.div_ceil(TILE);
    for y in (1..luma.height.saturating_sub(1)).step_by(2) {
        let (left, right) = region.span(y, luma.width, luma.height);
        let rows = [y - 1, y, y + 1].map(|y| luma.row(y).get(left..right).unwrap_or_default());
        let tile_row = y / TILE * tiles_across;
        row_edges(rows, |x, height, step| {
            edges.push(Edge { tile: tile_row + (left + x) / TILE, height, step });
        });
    }
    edges
}

/// Follows rises and falls along the mean of three rows, which quietens noise without widening
/// edges.
fn row_edges([above, row, below]: [&[u8]; 3], mut found: impl FnMut(usize, u8, f64)) {
    let mut levels = above
        .iter()
        .zip(row)
        .zip(below)
        .map(|((a, b), c)| i32::from(*a) + 2 * i32::from(*b) + i32::from(*c));
    let Some(mut last) = levels.next() else { return };
    let (mut start, mut peak, mut rising, mut steepest) = (last, last, true, 0);
    for (x, level) in levels.enumerate() {
        let step = level - last;
        last = level;
        let onward = if rising { step } else { -step };
        if onward >= -REVERSAL_MAX * 4 {
            steepest = steepest.max(onward);
            peak = if rising { peak.max(level) } else { peak.min(level) };
            continue;
        }
        let height = (peak - start).unsigned_abs() / 4;
        if height >= u32::from(HEIGHT_MIN) && steepest > 0 {
            found(x, u8::try_from(height).unwrap_or(u8::MAX), f64::from(steepest) / 4.0);
        }
        (start, peak, rising, steepest) = (peak, level, !rising, -onward);
    }
}

/// The height that one edge in ten exceeds.
fn strongest_height<'a>(edges: impl Iterator<Item = &'a Edge>) -> Option<f64> {
    let mut heights: Vec<u8> = edges.map(|edge| edge.height).collect();
    heights.sort_unstable();
    heights.get(heights.len() * 9 / 10).map(|height| f64::from(*height))
}

/// The spread in pixels that is typical of the tiles.
fn spread(mut edges: Vec<Edge>, height_min: f64) -> Option<f64> {
    edges.retain(|edge| f64::from(edge.height) >= height_min);
    edges.sort_by_key(|edge| edge.tile);
    let mut tiles: Vec<f64> = edges
        .chunk_by(|a, b| a.tile == b.tile)
        .filter(|tile| tile.len() >= EDGES_MIN)
        .map(|tile| median(tile.iter().map(edge_spread).collect()))
        .collect();
    if tiles.len() < TILES_MIN {
        return None;
    }
    tiles.sort_by(f64::total_cmp);
    tiles.get(tiles.len() * 3 / 5).copied()
}

fn edge_spread(edge: &Edge) -> f64 {
    f64::from(edge.height) / (edge.step * (2.0 * std::f64::consts::PI).sqrt())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
