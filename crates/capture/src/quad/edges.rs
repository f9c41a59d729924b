//! Edges: the strongest change of brightness or colour at each pixel, thinned to one pixel.

use crate::raster::Raster;

/// Gaussian of spread 1.2, which quietens print and noise.
const SMOOTHING: [f32; 4] = [0.3330, 0.2353, 0.0830, 0.0146];

/// Levels per pixel; weaker changes are noise.
const STRENGTH_MIN: f32 = 1.2;

/// An edge of this strength counts half.
const STRENGTH_HALF: f32 = 4.0;

/// One pixel of an edge.
#[derive(Debug, Clone, Copy)]
pub(super) struct Edge {
    pub(super) x: f32,
    pub(super) y: f32,
    /// Unit vector towards the brighter side.
    pub(super) towards: (f32, f32),
    /// 0 to 1.
    pub(super) weight: f32,
    /// Brightness, red against green, yellow against blue.
    pub(super) channel: u8,
}

/// All edges of a picture, in rows and by position.
#[derive(Debug)]
pub(super) struct Edges {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) list: Vec<Edge>,
    /// Index into `list` plus one; 0 where there is no edge.
    at: Vec<u32>,
}

struct Change {
    strength: Vec<f32>,
    across: Vec<f32>,
    down: Vec<f32>,
    channel: Vec<u8>,
}

impl Edges {
    pub(super) fn of(raster: &Raster) -> Self {
        let (width, height) = (raster.width as usize, raster.height as usize);
        let change = strongest(raster, width, height);
        let mut edges = Self { width, height, list: Vec::new(), at: vec![0; width * height] };
        for y in 2..height.saturating_sub(2) {
            for x in 2..width.saturating_sub(2) {
                if let Some(edge) = crest(&change, width, x, y) {
                    edges.list.push(edge);
                    if let Some(at) = edges.at.get_mut(y * width + x) {
                        *at = u32::try_from(edges.list.len()).unwrap_or(0);
                    }
                }
            }
        }
        edges
    }

    pub(super) fn edge(&self, x: f64, y: f64) -> Option<&Edge> {
        let (x, y) = (x.round(), y.round());
        if x < 0.0 || y < 0.0 || x >= self.width as f64 || y >= self.height as f64 {
            return None;
        }
        let at = self.at.get(y as usize * self.width + x as usize)?;
        self.list.get((*at as usize).checked_sub(1)?)
    }
}

/// The square root brings shadows and lights to the same footing.
fn planes(raster: &Raster) -> [Vec<f32>; 3] {
    let curve: [f32; 256] = std::array::from_fn(|level| (level as f32 * 255.0).sqrt());
    let curved = |level: u8| curve.get(usize::from(level)).copied().unwrap_or_default();
    let mut planes = [const { Vec::new() }; 3];
    for pixel in raster.rgb.as_chunks::<3>().0 {
        let [red, green, blue] = pixel.map(curved);
        let values = [(red + green + blue) / 3.0, red - green, (red + green) / 2.0 - blue];
        for (plane, value) in planes.iter_mut().zip(values) {
            plane.push(value);
        }
    }
    planes
}

fn strongest(raster: &Raster, width: usize, height: usize) -> Change {
    let zeros = || vec![0.0; width * height];
    let mut change = Change {
        strength: zeros(),
        across: zeros(),
        down: zeros(),
        channel: vec![0; width * height],
    };
    for (channel, plane) in (0..).zip(planes(raster)) {
        let smooth = smoothed(&smoothed(&plane, width, height, 1), width, height, width);
        for y in 1..height.saturating_sub(1) {
            for x in 1..width.saturating_sub(1) {
                let (across, down) = sobel(&smooth, width, y * width + x);
                change.take(y * width + x, across, down, channel);
            }
        }
    }
    change
}

impl Change {
    fn take(&mut self, at: usize, across: f32, down: f32, channel: u8) {
        let strength = across.hypot(down);
        let slots = (
            self.strength.get_mut(at),
            self.across.get_mut(at),
            self.down.get_mut(at),
            self.channel.get_mut(at),
        );
        if let (Some(s), Some(a), Some(d), Some(c)) = slots
            && strength > *s
        {
            (*s, *a, *d, *c) = (strength, across, down, channel);
        }
    }
}

/// Smooths along rows (`step` 1) or columns (`step` the width).
fn smoothed(plane: &[f32], width: usize, height: usize, step: usize) -> Vec<f32> {
    let last = if step == 1 { width } else { height } - 1;
    let mut out = Vec::with_capacity(plane.len());
    for y in 0..height {
        for x in 0..width {
            let place = if step == 1 { x } else { y };
            let at = y * width + x;
            let value = |at: usize| plane.get(at).copied().unwrap_or_default();
            let [middle, weights @ ..] = SMOOTHING;
            let mut sum = value(at) * middle;
            for (reach, weight) in (1..).zip(weights) {
                let before = at - reach.min(place) * step;
                let after = at + reach.min(last - place) * step;
                sum += (value(before) + value(after)) * weight;
            }
            out.push(sum);
        }
    }
    out
}

fn sobel(plane: &[f32], width: usize, at: usize) -> (f32, f32) {
    let value = |at: usize| plane.get(at).copied().unwrap_or_default();
    let [a, b, c] = [at - width - 1, at - width, at - width + 1].map(value);
    let [d, f] = [at - 1, at + 1].map(value);
    let [g, h, i] = [at + width - 1, at + width, at + width + 1].map(value);
    ((c - a + 2.0 * (f - d) + i - g) / 8.0, (g - a + 2.0 * (h - b) + i - c) / 8.0)
}

/// An edge at a pixel that is stronger than its neighbours across the edge.
fn crest(change: &Change, width: usize, x: usize, y: usize) -> Option<Edge> {
    let at = y * width + x;
    let strength = *change.strength.get(at)?;
    if strength < STRENGTH_MIN {
        return None;
    }
    let (dx, dy) = (change.across.get(at)? / strength, change.down.get(at)? / strength);
    let neighbour = |sign: f32| {
        let x = x as f32 + sign * dx * 1.2;
        let y = y as f32 + sign * dy * 1.2;
        change.strength.get(y.round() as usize * width + x.round() as usize).copied()
    };
    let (before, after) = (neighbour(-1.0)?, neighbour(1.0)?);
    if strength < before || strength <= after {
        return None;
    }
    // The crest's place between pixels, by the parabola through three strengths.
    let bend = before - 2.0 * strength + after;
    let shift = if bend < 0.0 { 0.5 * (before - after) / bend * 1.2 } else { 0.0 };
    let shift = shift.clamp(-0.6, 0.6);
    Some(Edge {
        x: x as f32 + dx * shift,
        y: y as f32 + dy * shift,
        towards: (dx, dy),
        weight: strength / (strength + STRENGTH_HALF),
        channel: *change.channel.get(at)?,
    })
}
