//! A straight line in the plane.

/// Points with `x · cos + y · sin = offset`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Line {
    pub(super) cos: f64,
    pub(super) sin: f64,
    pub(super) offset: f64,
}

pub(super) type Spot = (f64, f64);

impl Line {
    pub(super) fn new(angle: f64, offset: f64) -> Self {
        Self { cos: angle.cos(), sin: angle.sin(), offset }
    }

    /// Returns the line through weighted points that is nearest to them in square distance.
    pub(super) fn through(points: impl Iterator<Item = (Spot, f64)> + Clone) -> Option<Self> {
        let (mut weight, mut mx, mut my) = (0.0, 0.0, 0.0);
        for ((x, y), w) in points.clone() {
            (weight, mx, my) = (weight + w, mx + w * x, my + w * y);
        }
        if weight <= 0.0 {
            return None;
        }
        (mx, my) = (mx / weight, my / weight);
        let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
        for ((x, y), w) in points {
            let (dx, dy) = (x - mx, y - my);
            (xx, xy, yy) = (xx + w * dx * dx, xy + w * dx * dy, yy + w * dy * dy);
        }
        // The normal is the direction of least spread.
        let angle = 0.5 * (2.0 * xy).atan2(xx - yy) + std::f64::consts::FRAC_PI_2;
        let line = Self::new(angle, 0.0);
        Some(Self { offset: mx * line.cos + my * line.sin, ..line })
    }

    pub(super) fn distance(&self, (x, y): Spot) -> f64 {
        x * self.cos + y * self.sin - self.offset
    }

    /// The sine of the angle between two lines.
    pub(super) fn crossing(&self, other: &Self) -> f64 {
        (self.cos * other.sin - self.sin * other.cos).abs()
    }

    pub(super) fn meets(&self, other: &Self) -> Option<Spot> {
        let det = self.cos * other.sin - self.sin * other.cos;
        if det.abs() < 1e-6 {
            return None;
        }
        let x = (self.offset * other.sin - other.offset * self.sin) / det;
        let y = (self.cos * other.offset - other.cos * self.offset) / det;
        Some((x, y))
    }

    /// How far along the line a point is, from the foot of the origin.
    pub(super) fn along(&self, (x, y): Spot) -> f64 {
        y * self.cos - x * self.sin
    }

    pub(super) fn point(&self, along: f64) -> Spot {
        (self.offset * self.cos - along * self.sin, self.offset * self.sin + along * self.cos)
    }
}
