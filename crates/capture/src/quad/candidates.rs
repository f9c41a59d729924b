//! Quadrilaterals from pairs of lines, and which of them is the document.

use super::edges::Edges;
use super::line::{Line, Spot};
use super::lines;
use crate::rule::DocumentShape;

/// Sides of a pair may meet at this angle at most, as a sine: a document seen from the side.
const PARALLEL_SIN_MAX: f64 = 0.36;

/// Neighbouring sides meet at least at this angle, as a sine.
const CORNER_SIN_MIN: f64 = 0.8;

/// The least distance of opposite sides, as a share of the frame's shorter side.
const WIDTH_SHARE_MIN: f64 = 0.2;

/// A corner may lie outside the frame by this share of it.
const OUTSIDE_SHARE_MAX: f64 = 0.08;

/// How far past a corner a side is followed, as a share of its length.
const PAST_SHARE: f64 = 0.12;

/// The side of the frame stands in for a side that is cut off, with this support.
const FRAME_SUPPORT: f64 = 0.7;

/// A document is cut off only where its other sides are this plain, and go on to the frame's edge.
const CUT_SUPPORT_MIN: f64 = 0.75;

/// The last part of a side, which must be plain for it to go on to the frame's edge.
const CUT_END_SHARE: f64 = 0.15;

/// An outline that encloses the best one wins when its score is at most this much lower: the
/// portrait on a card is a rectangle too.
const ENCLOSING_BONUS: f64 = 0.12;

/// Support is looked for this many pixels to either side of a line.
const LOOK_PX: i32 = 2;

/// Lines of either kind that are combined.
const SIDES_MAX: usize = 26;

/// Support below this breaks a run: grain and print are broken where a document's side goes on.
const RUN_SUPPORT: f32 = 0.45;

/// A possible outline, in pixels of the picture that was searched.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Candidate {
    /// In order around the outline.
    pub(super) corners: [Spot; 4],
    pub(super) score: f64,
    area: f64,
}

impl Candidate {
    pub(super) fn with_corners(self, corners: [Spot; 4]) -> Self {
        Self { corners, ..self }
    }

    pub(super) fn scaled(self, scale: f64) -> Self {
        // Pixel centres stay where they are in the frame.
        let moved = |at: f64| (at + 0.5) * scale - 0.5;
        self.with_corners(self.corners.map(|(x, y)| (moved(x), moved(y))))
    }
}

/// Returns the best outline.
pub(super) fn best(
    edges: &Edges,
    lines: &[Vec<Line>; 2],
    shape: DocumentShape,
) -> Option<Candidate> {
    let mut sides = Vec::with_capacity(2 * SIDES_MAX + 4);
    for lines in lines {
        let mut likely: Vec<Side> = lines.iter().map(|line| Side::of(*line, edges)).collect();
        likely.sort_by(|a, b| b.longest_run().total_cmp(&a.longest_run()));
        sides.extend(likely.into_iter().take(SIDES_MAX));
    }
    sides.extend(frame_sides(edges));
    let pairs = pairs(&sides, edges);
    let mut found = Vec::new();
    for (index, one) in pairs.iter().enumerate() {
        for other in pairs.iter().skip(index + 1) {
            found.extend(candidate(*one, *other, edges, shape));
        }
    }
    let best = *found.iter().max_by(|a, b| a.score.total_cmp(&b.score))?;
    let enclosing = found
        .into_iter()
        .filter(|wider| wider.score >= best.score - ENCLOSING_BONUS)
        .filter(|wider| wider.area > best.area * 1.02 && encloses(wider, &best))
        .max_by(|a, b| a.score.total_cmp(&b.score));
    Some(enclosing.unwrap_or(best))
}

/// A line with the edges that lie along it, summed up from its start.
struct Side {
    line: Line,
    is_frame: bool,
    start: f64,
    support: Vec<f32>,
    /// Per channel, positive where the brighter side is the normal's.
    polarity: [Vec<f32>; 3],
}

impl Side {
    fn of(line: Line, edges: &Edges) -> Self {
        let reach = (edges.width as f64).hypot(edges.height as f64).ceil();
        let mut side = Self::empty(line, -reach, false);
        let (mut support, mut polarity) = (0.0, [0.0f32; 3]);
        for step in 0..=(2.0 * reach) as i32 {
            let spot = line.point(f64::from(step) - reach);
            if let Some((weight, sign, channel)) = nearest(edges, &line, spot) {
                support += (weight * 1.4).min(1.0);
                if let Some(polarity) = polarity.get_mut(usize::from(channel)) {
                    *polarity += sign;
                }
            }
            side.support.push(support);
            for (sums, sum) in side.polarity.iter_mut().zip(polarity) {
                sums.push(sum);
            }
        }
        side
    }

    fn empty(line: Line, start: f64, is_frame: bool) -> Self {
        Self { line, is_frame, start, support: Vec::new(), polarity: [const { Vec::new() }; 3] }
    }

    /// The best stretch of the line: support above what breaks a run, summed up.
    fn longest_run(&self) -> f32 {
        let (mut best, mut run, mut last) = (0.0f32, 0.0f32, 0.0);
        for sum in &self.support {
            run = (run + sum - last - RUN_SUPPORT).max(0.0);
            last = *sum;
            best = best.max(run);
        }
        best
    }

    /// Mean support between two places along the line.
    fn support(&self, from: f64, to: f64) -> f64 {
        if self.is_frame {
            return FRAME_SUPPORT;
        }
        let length = (to - from).abs().max(1.0);
        self.sum(&self.support, from, to).abs() / length
    }

    /// How much of the support agrees on which side is brighter.
    fn polarity(&self, from: f64, to: f64) -> f64 {
        let signed: f64 = self.polarity.iter().map(|sums| self.sum(sums, from, to).abs()).sum();
        (signed / (to - from).abs().max(1.0)).min(1.0)
    }

    fn sum(&self, sums: &[f32], from: f64, to: f64) -> f64 {
        let at = |place: f64| {
            let index = (place - self.start).round().max(0.0) as usize;
            sums.get(index).or(sums.last()).copied().map_or(0.0, f64::from)
        };
        at(to) - at(from)
    }
}

fn nearest(edges: &Edges, line: &Line, (x, y): Spot) -> Option<(f32, f32, u8)> {
    (-LOOK_PX..=LOOK_PX)
        .filter_map(|aside| {
            let aside = f64::from(aside);
            edges.edge(x + aside * line.cos, y + aside * line.sin)
        })
        .filter(|edge| lines::belongs(edge, line))
        .max_by(|a, b| a.weight.total_cmp(&b.weight))
        .map(|edge| (edge.weight, lines::along(edge, line).signum() as f32, edge.channel))
}

fn frame_sides(edges: &Edges) -> [Side; 4] {
    let (right, bottom) = (edges.width as f64 - 1.0, edges.height as f64 - 1.0);
    let upright = |offset| Side::empty(Line { cos: 1.0, sin: 0.0, offset }, 0.0, true);
    let level = |offset| Side::empty(Line { cos: 0.0, sin: 1.0, offset }, 0.0, true);
    [upright(0.0), upright(right), level(0.0), level(bottom)]
}

type Pair<'a> = (&'a Side, &'a Side);

fn pairs<'a>(sides: &'a [Side], edges: &Edges) -> Vec<Pair<'a>> {
    let middle = (edges.width as f64 / 2.0, edges.height as f64 / 2.0);
    let width_min = edges.width.min(edges.height) as f64 * WIDTH_SHARE_MIN;
    let mut pairs = Vec::new();
    for (index, one) in sides.iter().enumerate() {
        for other in sides.iter().skip(index + 1) {
            // Two sides of the frame do not make a document.
            if one.is_frame && other.is_frame || one.line.crossing(&other.line) > PARALLEL_SIN_MAX {
                continue;
            }
            let foot = one.line.point(one.line.along(middle));
            if other.line.distance(foot).abs() >= width_min {
                pairs.push((one, other));
            }
        }
    }
    pairs
}

fn candidate(
    one: Pair<'_>,
    other: Pair<'_>,
    edges: &Edges,
    shape: DocumentShape,
) -> Option<Candidate> {
    let ((a, c), (b, d)) = (one, other);
    if a.line.crossing(&b.line) < CORNER_SIN_MIN {
        return None;
    }
    let corners = [
        a.line.meets(&b.line)?,
        b.line.meets(&c.line)?,
        c.line.meets(&d.line)?,
        d.line.meets(&a.line)?,
    ];
    if !corners.iter().all(|corner| is_near_frame(*corner, edges)) {
        return None;
    }
    let [ab, bc, cd, da] = corners;
    let sides = [(a, da, ab), (b, ab, bc), (c, bc, cd), (d, cd, da)];
    let is_cut = sides.iter().any(|(side, _, _)| side.is_frame);
    if is_cut && !is_plainly_cut(&sides) {
        return None;
    }
    let area = area(&corners);
    let frame = (edges.width * edges.height) as f64;
    let lengths = sides.map(|(_, from, to)| (to.0 - from.0).hypot(to.1 - from.1));
    let score = support(&sides) - past(&sides)
        + 0.35 * (area / frame).sqrt()
        + if is_cut { 0.0 } else { aspect(lengths, shape) - skew(lengths) };
    Some(Candidate { corners, score, area })
}

type Sides<'a> = [(&'a Side, Spot, Spot); 4];

/// Says whether the sides that are seen are plain, those at the frame's edge up to it.
fn is_plainly_cut(sides: &Sides<'_>) -> bool {
    let [a, b, c, d] = sides;
    [(d, a, b), (a, b, c), (b, c, d), (c, d, a)].into_iter().all(|(before, own, after)| {
        let (side, from, to) = own;
        if side.is_frame {
            return true;
        }
        let (from, to) = (side.line.along(*from), side.line.along(*to));
        let end = (to - from) * CUT_END_SHARE;
        side.support(from, to) >= CUT_SUPPORT_MIN
            && (!before.0.is_frame || side.support(from, from + end) >= CUT_SUPPORT_MIN)
            && (!after.0.is_frame || side.support(to - end, to) >= CUT_SUPPORT_MIN)
    })
}

fn is_near_frame((x, y): Spot, edges: &Edges) -> bool {
    let (width, height) = (edges.width as f64, edges.height as f64);
    let (dx, dy) = (width * OUTSIDE_SHARE_MAX, height * OUTSIDE_SHARE_MAX);
    (-dx..=width + dx).contains(&x) && (-dy..=height + dy).contains(&y)
}

/// Mean support, the weakest side's, and agreement on which side is brighter; the last two of those
/// seen.
fn support(sides: &Sides<'_>) -> f64 {
    let mut mean = 0.0;
    let (mut seen, mut least, mut polarity) = (0.0, f64::INFINITY, 0.0);
    for (side, from, to) in sides {
        let (from, to) = (side.line.along(*from), side.line.along(*to));
        let support = side.support(from, to);
        mean += support / 4.0;
        if !side.is_frame {
            seen += 1.0;
            least = least.min(support);
            polarity += side.polarity(from, to);
        }
    }
    mean + 0.6 * least + 0.25 * polarity / seen
}

/// Sides of a document end at its corners; those of a table or of a printed box often go on.
fn past(sides: &Sides<'_>) -> f64 {
    let sum: f64 = sides
        .iter()
        .filter(|(side, _, _)| !side.is_frame)
        .map(|(side, from, to)| {
            let (from, to) = (side.line.along(*from), side.line.along(*to));
            let reach = (to - from) * PAST_SHARE;
            let gap = 4.0 * reach.signum();
            side.support(from - gap - reach, from - gap) + side.support(to + gap, to + gap + reach)
        })
        .sum();
    0.3 * sum / 4.0
}

/// Nearness to the document's known proportions.
fn aspect([a, b, c, d]: [f64; 4], shape: DocumentShape) -> f64 {
    let (long_mm, short_mm) = shape.sides_mm();
    let (one, other) = (a + c, b + d);
    let ratio = one.max(other) / one.min(other).max(1.0);
    let off = (ratio / (long_mm / short_mm)).ln() / 0.16;
    0.4 * (-off * off).exp()
}

fn skew([a, b, c, d]: [f64; 4]) -> f64 {
    let unlike = |one: f64, other: f64| 1.0 - one.min(other) / one.max(other).max(1.0);
    0.6 * (unlike(a, c) + unlike(b, d))
}

fn area(corners: &[Spot; 4]) -> f64 {
    let [a, b, c, d] = *corners;
    let cross = |one: Spot, other: Spot| one.0 * other.1 - other.0 * one.1;
    (cross(a, b) + cross(b, c) + cross(c, d) + cross(d, a)).abs() / 2.0
}

/// Says whether all corners of one outline lie in the other, give or take a few pixels.
fn encloses(wider: &Candidate, inner: &Candidate) -> bool {
    const SLACK_PX: f64 = 4.0;
    let [a, b, c, d] = wider.corners;
    let middle = wider.corners.iter().fold((0.0, 0.0), |(x, y), c| (x + c.0 / 4.0, y + c.1 / 4.0));
    let side = |from: Spot, to: Spot, spot: Spot| {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        (dx * (spot.1 - from.1) - dy * (spot.0 - from.0)) / dx.hypot(dy).max(1.0)
    };
    [(a, b), (b, c), (c, d), (d, a)].into_iter().all(|(from, to)| {
        let inwards = side(from, to, middle).signum();
        inner.corners.iter().all(|corner| side(from, to, *corner) * inwards >= -SLACK_PX)
    })
}
