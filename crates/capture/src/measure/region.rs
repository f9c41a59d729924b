//! The part of the picture that is judged: the document, not the table behind it.

use super::report::{Basis, Point, Quad};

/// A convex outline in shares of the frame.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Region {
    corners: [Point; 4],
    pub(crate) basis: Basis,
}

/// Judged is what lies this far inside the outline, so that its own edge does not count.
const INSET: f64 = 0.02;

/// Without an outline the middle of the frame is judged.
const FRAME_MARGIN: f64 = 0.06;

impl Region {
    pub(crate) fn of(quad: Option<&Quad>) -> Self {
        match quad {
            Some(quad) => Self { corners: inset(quad.corners), basis: Basis::Document },
            None => {
                let (low, high) = (FRAME_MARGIN, 1.0 - FRAME_MARGIN);
                let corners = [(low, low), (high, low), (high, high), (low, high)];
                Self { corners: corners.map(|(x, y)| Point { x, y }), basis: Basis::Frame }
            }
        }
    }

    /// Returns the columns of a row that lie inside, as a half-open range.
    pub(crate) fn span(&self, y: usize, width: usize, height: usize) -> (usize, usize) {
        let at = (y as f64 + 0.5) / height as f64;
        let (mut left, mut right) = (f64::INFINITY, f64::NEG_INFINITY);
        let [a, b, c, d] = self.corners;
        for (from, to) in [(a, b), (b, c), (c, d), (d, a)] {
            if (from.y <= at) != (to.y <= at) {
                let x = from.x + (to.x - from.x) * (at - from.y) / (to.y - from.y);
                (left, right) = (left.min(x), right.max(x));
            }
        }
        if left >= right {
            return (0, 0);
        }
        let column = |x: f64| (x.clamp(0.0, 1.0) * width as f64).round() as usize;
        (column(left), column(right))
    }

    /// The same region of the transposed picture.
    pub(crate) fn transposed(&self) -> Self {
        let corners = self.corners.map(|corner| Point { x: corner.y, y: corner.x });
        Self { corners, basis: self.basis }
    }
}

fn inset(corners: [Point; 4]) -> [Point; 4] {
    let middle = |of: fn(&Point) -> f64| corners.iter().map(of).sum::<f64>() / 4.0;
    let (x, y) = (middle(|corner| corner.x), middle(|corner| corner.y));
    corners.map(|corner| Point {
        x: corner.x + (x - corner.x) * INSET * 2.0,
        y: corner.y + (y - corner.y) * INSET * 2.0,
    })
}
