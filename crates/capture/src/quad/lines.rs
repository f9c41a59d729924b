//! Straight lines among the edges: a Hough transform in which an edge votes for its own direction
//! alone.

use std::f64::consts::PI;
use std::ops::Range;

use super::edges::{Edge, Edges};
use super::line::Line;

/// Directions, one degree apart.
const ANGLES: usize = 180;

/// Directions next to an edge's own that it votes for as well.
const SPREAD: usize = 2;

/// Lines that are looked at of the rather upright ones, and as many of the others: the grain of a
/// table must not crowd out the sides that cross it.
const LINES_MAX: usize = 80;

/// No second line is taken this near to a stronger one: degrees and pixels.
const APART: (usize, usize) = (3, 3);

/// An edge belongs to a line within these pixels and this cosine of the angle.
const NEAR_PX: f64 = 2.5;
const NEAR_COS: f64 = 0.985;

/// Returns the strongest lines of either kind, the rather level ones first.
pub(super) fn find(edges: &Edges) -> [Vec<Line>; 2] {
    let mut votes = Votes::of(edges);
    // Shorter than a fifth of the frame, no side of a document is worth finding.
    let votes_min = edges.width.min(edges.height) as f32 * 0.1;
    let level = ANGLES / 4..ANGLES * 3 / 4;
    let upright = [0..ANGLES / 4, ANGLES * 3 / 4..ANGLES];
    let mut lines = |angles: &[Range<usize>]| {
        let mut lines: Vec<Line> = Vec::with_capacity(LINES_MAX);
        for _ in 0..LINES_MAX {
            let Some((angle, offset)) = votes.take_strongest(angles, votes_min) else { break };
            let rough = Line::new(angle, offset);
            let fitted = refitted(edges, &refitted(edges, &rough));
            if !lines.iter().any(|line| is_same(line, &fitted, edges)) {
                lines.push(fitted);
            }
        }
        lines
    };
    [lines(std::slice::from_ref(&level)), lines(&upright)]
}

/// Says whether two lines are less than two pixels apart throughout the frame.
fn is_same(one: &Line, other: &Line, edges: &Edges) -> bool {
    let middle = (edges.width as f64 / 2.0, edges.height as f64 / 2.0);
    let along = one.along(middle);
    let reach = edges.width.max(edges.height) as f64 / 2.0;
    [-reach, reach].into_iter().all(|step| other.distance(one.point(along + step)).abs() < 2.0)
}

struct Votes {
    offsets: usize,
    counts: Vec<f32>,
}

impl Votes {
    fn of(edges: &Edges) -> Self {
        let reach = (edges.width as f64).hypot(edges.height as f64).ceil() as usize;
        let offsets = 2 * reach + 1;
        let mut votes = Self { offsets, counts: vec![0.0; ANGLES * offsets] };
        let turns: Vec<(f64, f64)> =
            (0..ANGLES).map(|angle| (angle as f64 * PI / ANGLES as f64).sin_cos()).collect();
        for edge in &edges.list {
            let (dx, dy) = edge.towards;
            let own = f64::from(dy).atan2(f64::from(dx)).rem_euclid(PI) * ANGLES as f64 / PI;
            for step in 0..=2 * SPREAD {
                let angle = (own.round() as usize + ANGLES + step - SPREAD) % ANGLES;
                let Some((sin, cos)) = turns.get(angle) else { continue };
                let offset = f64::from(edge.x) * cos + f64::from(edge.y) * sin;
                let share = 1.0 - 0.3 * step.abs_diff(SPREAD) as f32;
                votes.add(angle, (offset + reach as f64).round() as usize, edge.weight * share);
            }
        }
        votes.smooth();
        votes
    }

    fn add(&mut self, angle: usize, offset: usize, weight: f32) {
        if let Some(count) = self.counts.get_mut(angle * self.offsets + offset) {
            *count += weight;
        }
    }

    /// Edges of one line fall on both sides of a border between two offsets.
    fn smooth(&mut self) {
        for row in self.counts.chunks_exact_mut(self.offsets) {
            let mut before = 0.0;
            for at in 0..row.len() {
                let after = row.get(at + 1).copied().unwrap_or_default();
                if let Some(count) = row.get_mut(at) {
                    let own = *count;
                    *count = own + 0.5 * (before + after);
                    before = own;
                }
            }
        }
    }

    /// Returns angle and offset of the strongest line and clears its neighbourhood.
    fn take_strongest(&mut self, angles: &[Range<usize>], votes_min: f32) -> Option<(f64, f64)> {
        let (at, votes) = angles
            .iter()
            .flat_map(|angles| {
                let cells = angles.start * self.offsets..angles.end * self.offsets;
                let first = cells.start;
                let counts = self.counts.get(cells).unwrap_or_default();
                counts.iter().enumerate().map(move |(at, votes)| (first + at, *votes))
            })
            .max_by(|(_, a), (_, b)| a.total_cmp(b))?;
        if votes < votes_min {
            return None;
        }
        let (angle, offset) = (at / self.offsets, at % self.offsets);
        for step in 0..=2 * APART.0 {
            let near = angle + ANGLES + step - APART.0;
            // Past half a turn the same line has the opposite offset.
            let turned = !(ANGLES..2 * ANGLES).contains(&near);
            let centre = if turned { self.offsets - 1 - offset } else { offset };
            let row = near % ANGLES * self.offsets;
            let from = row + centre.saturating_sub(APART.1);
            let to = row + (centre + APART.1 + 1).min(self.offsets);
            self.counts.get_mut(from..to)?.fill(0.0);
        }
        let reach = (self.offsets / 2) as f64;
        Some((angle as f64 * PI / ANGLES as f64, offset as f64 - reach))
    }
}

/// The line through the edges near a line.
fn refitted(edges: &Edges, line: &Line) -> Line {
    let near = edges.list.iter().filter(|edge| belongs(edge, line));
    let spots = near.map(|edge| ((f64::from(edge.x), f64::from(edge.y)), f64::from(edge.weight)));
    Line::through(spots).filter(|fitted| fitted.crossing(line) < 0.06).unwrap_or(*line)
}

/// Says whether an edge lies on a line and runs along it.
pub(super) fn belongs(edge: &Edge, line: &Line) -> bool {
    let spot = (f64::from(edge.x), f64::from(edge.y));
    line.distance(spot).abs() <= NEAR_PX && along(edge, line).abs() >= NEAR_COS
}

/// The cosine between an edge's direction and a line's normal; its sign says which side is
/// brighter.
pub(super) fn along(edge: &Edge, line: &Line) -> f64 {
    f64::from(edge.towards.0) * line.cos + f64::from(edge.towards.1) * line.sin
}
