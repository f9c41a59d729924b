//! Mirroring and turning, after the downscale.

use crate::raster::Raster;

/// Pixels are copied in squares of this side, so that rows and columns stay in the cache.
const BLOCK: u32 = 32;

/// Where a pixel of the new picture comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Turn {
    /// Columns become rows.
    swap: bool,
    /// The source is read from its right edge.
    from_right: bool,
    /// The source is read from its lower edge.
    from_below: bool,
}

/// Brings a picture upright by its EXIF orientation; values outside 2 to 8 leave it as it is.
pub(crate) fn by_exif(raster: Raster, exif: u8) -> Raster {
    let (swap, from_right, from_below) = match exif {
        2 => (false, true, false),
        3 => (false, true, true),
        4 => (false, false, true),
        5 => (true, false, false),
        6 => (true, false, true),
        7 => (true, true, true),
        8 => (true, true, false),
        _ => return raster,
    };
    turned(&raster, Turn { swap, from_right, from_below })
}

/// Turns a picture clockwise.
pub(crate) fn by_quarters(raster: Raster, quarter_turns: u8) -> Raster {
    match quarter_turns % 4 {
        1 => by_exif(raster, 6),
        2 => by_exif(raster, 3),
        3 => by_exif(raster, 8),
        _ => raster,
    }
}

fn turned(source: &Raster, turn: Turn) -> Raster {
    let (width, height) =
        if turn.swap { (source.height, source.width) } else { (source.width, source.height) };
    let mut rgb = vec![0; source.rgb.len()];
    let (from, _) = source.rgb.as_chunks::<3>();
    let (to, _) = rgb.as_chunks_mut::<3>();
    for top in (0..height).step_by(BLOCK as usize) {
        for left in (0..width).step_by(BLOCK as usize) {
            for y in top..(top + BLOCK).min(height) {
                for x in left..(left + BLOCK).min(width) {
                    let at = origin(source, turn, x, y);
                    if let (Some(to), Some(from)) =
                        (to.get_mut((y * width + x) as usize), from.get(at))
                    {
                        *to = *from;
                    }
                }
            }
        }
    }
    Raster { width, height, rgb }
}

fn origin(source: &Raster, turn: Turn, x: u32, y: u32) -> usize {
    let (x, y) = if turn.swap { (y, x) } else { (x, y) };
    let x = if turn.from_right { source.width - 1 - x } else { x };
    let y = if turn.from_below { source.height - 1 - y } else { y };
    (y * source.width + x) as usize
}
