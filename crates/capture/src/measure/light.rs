//! Brightness, colour and glare, on a small copy of the picture.

use super::region::Region;
use crate::raster::Raster;

/// A pixel is washed out when even its darkest channel is at least this bright.
const WASHED_OUT: u8 = 250;

/// Paper that is this bright by itself is a scan: a reflection on it cannot be told from it.
const WHITE_PAPER: u8 = 247;

/// A reflection covers at least this share of the document; less is print or noise.
const BLOB_SHARE_MIN: f64 = 0.0008;

/// Channels this far apart make a colour.
const COLOUR_MIN: u8 = 18;

/// What the light does to the document.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Light {
    /// The level that one pixel in ten exceeds.
    pub(super) bright_level: f64,
    /// Share of coloured pixels.
    pub(super) coloured: f64,
    /// Share in washed-out blobs; None on paper that is itself white.
    pub(super) glare: Option<f64>,
}

/// Measures the light inside a region; None when the region is empty.
pub(super) fn measure(small: &Raster, region: &Region) -> Option<Light> {
    let (width, height) = (small.width as usize, small.height as usize);
    let (pixels, _) = small.rgb.as_chunks::<3>();
    let mut histogram = [0usize; 256];
    let mut washed_out = vec![false; pixels.len()];
    let (mut count, mut coloured) = (0usize, 0usize);
    for y in 0..height {
        let (left, right) = region.span(y, width, height);
        let row = y * width;
        let marks = washed_out.get_mut(row + left..row + right).unwrap_or_default();
        for (pixel, mark) in
            pixels.get(row + left..row + right).unwrap_or_default().iter().zip(marks)
        {
            let [red, green, blue] = *pixel;
            let (low, high) = (red.min(green).min(blue), red.max(green).max(blue));
            count += 1;
            coloured += usize::from(high - low >= COLOUR_MIN);
            *mark = low >= WASHED_OUT;
            if let Some(bin) = histogram.get_mut(usize::from(high / 2 + low / 2)) {
                *bin += 1;
            }
        }
    }
    if count == 0 {
        return None;
    }
    let is_white = percentile(&histogram, count, 0.6) >= WHITE_PAPER;
    let glare = (!is_white).then(|| blobs(&mut washed_out, width, count));
    Some(Light {
        bright_level: f64::from(percentile(&histogram, count, 0.9)),
        coloured: coloured as f64 / count as f64,
        glare,
    })
}

fn percentile(histogram: &[usize; 256], count: usize, share: f64) -> u8 {
    let wanted = (count as f64 * share) as usize;
    let mut below = 0;
    let level = histogram.iter().position(|bin| {
        below += bin;
        below > wanted
    });
    level.and_then(|level| u8::try_from(level).ok()).unwrap_or(u8::MAX)
}

/// The share of the region that lies in blobs of some size. Clears the marks.
fn blobs(marks: &mut [bool], width: usize, count: usize) -> f64 {
    let size_min = (count as f64 * BLOB_SHARE_MIN).max(8.0) as usize;
    let mut covered = 0;
    for start in 0..marks.len() {
        let size = flood(marks, width, start);
        if size >= size_min {
            covered += size;
        }
    }
    covered as f64 / count as f64
}

/// Clears a blob and returns its size.
fn flood(marks: &mut [bool], width: usize, start: usize) -> usize {
    let mut open = vec![start];
    let mut size = 0;
    while let Some(at) = open.pop() {
        match marks.get_mut(at) {
            Some(mark) if *mark => *mark = false,
            Some(_) | None => continue,
        }
        size += 1;
        open.push(at + width);
        open.extend(at.checked_sub(width));
        if at % width > 0 {
            open.push(at - 1);
        }
        if at % width + 1 < width {
            open.push(at + 1);
        }
    }
    size
}
