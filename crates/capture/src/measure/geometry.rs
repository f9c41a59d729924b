//! What the outline says: resolution, cut corners, tilt, share of the frame.

use super::report::{Point, Quad};
use crate::rule::DocumentShape;

/// A corner this close to the frame's edge, as a share of its side, is cut off or about to be.
const EDGE_SHARE: f64 = 0.004;

const MM_PER_INCH: f64 = 25.4;

/// Sizes and angles of an outline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Geometry {
    /// The least dots per inch of any side; of a document that is cut off, of what is seen of it.
    pub(crate) dpi: f64,
    /// The most dots per inch of any side: on a document that is cut off the better guess.
    pub(crate) dpi_most: f64,
    /// Corners outside the frame or at its edge.
    pub(crate) corners_cut: u32,
    /// The greatest angle between opposite sides, in degrees.
    pub(crate) tilt_degrees: f64,
    /// Share of the frame.
    pub(crate) fill: f64,
}

/// Measures an outline in a frame of a size in pixels.
pub(crate) fn measure(quad: &Quad, shape: DocumentShape, width: f64, height: f64) -> Geometry {
    let corners = quad.corners.map(|corner| (corner.x * width, corner.y * height));
    let [top_left, top_right, bottom_right, bottom_left] = corners;
    let across = [length(top_left, top_right), length(bottom_left, bottom_right)];
    let down = [length(top_left, bottom_left), length(top_right, bottom_right)];
    let [across_least, down_least] = [across, down].map(|[a, b]| a.min(b));
    let (long_mm, short_mm) = shape.sides_mm();
    let (across_mm, down_mm) =
        if mean(across) >= mean(down) { (long_mm, short_mm) } else { (short_mm, long_mm) };
    let dpi = (across_least / across_mm).min(down_least / down_mm) * MM_PER_INCH;
    let most = |[a, b]: [f64; 2]| a.max(b);
    let dpi_most = (most(across) / across_mm).max(most(down) / down_mm) * MM_PER_INCH;
    let tilt_degrees = angle((top_left, top_right), (bottom_left, bottom_right))
        .max(angle((top_left, bottom_left), (top_right, bottom_right)));
    let fill = area(&corners) / (width * height);
    Geometry { dpi, dpi_most, corners_cut: cut(quad), tilt_degrees, fill }
}

/// The most dots per inch that a document can have when it fills the frame.
pub(crate) fn dpi_of_frame(shape: DocumentShape, width: f64, height: f64) -> f64 {
    let (long_mm, short_mm) = shape.sides_mm();
    let (long_px, short_px) = (width.max(height), width.min(height));
    (long_px / long_mm).min(short_px / short_mm) * MM_PER_INCH
}

fn cut(quad: &Quad) -> u32 {
    let inside = EDGE_SHARE..=1.0 - EDGE_SHARE;
    let is_cut = |corner: &&Point| !inside.contains(&corner.x) || !inside.contains(&corner.y);
    u32::try_from(quad.corners.iter().filter(is_cut).count()).unwrap_or(4)
}

fn mean([a, b]: [f64; 2]) -> f64 {
    (a + b) / 2.0
}

fn length((ax, ay): (f64, f64), (bx, by): (f64, f64)) -> f64 {
    (bx - ax).hypot(by - ay)
}

type Line = ((f64, f64), (f64, f64));

fn angle(one: Line, other: Line) -> f64 {
    let direction = |((ax, ay), (bx, by)): Line| (by - ay).atan2(bx - ax);
    let difference = (direction(one) - direction(other)).to_degrees().abs() % 360.0;
    difference.min(360.0 - difference)
}

fn area(corners: &[(f64, f64); 4]) -> f64 {
    let [a, b, c, d] = *corners;
    let cross = |(ax, ay): (f64, f64), (bx, by): (f64, f64)| ax * by - bx * ay;
    (cross(a, b) + cross(b, c) + cross(c, d) + cross(d, a)).abs() / 2.0
}
