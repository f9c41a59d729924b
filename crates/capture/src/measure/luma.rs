//! A picture as brightness alone, for measuring.

use crate::raster::Raster;

/// One level per pixel.
#[derive(Debug, Clone)]
pub(crate) struct Luma {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) levels: Vec<u8>,
}

impl Luma {
    pub(crate) fn of(raster: &Raster) -> Self {
        let levels = raster.rgb.as_chunks::<3>().0.iter().map(|rgb| level(*rgb)).collect();
        Self { width: raster.width as usize, height: raster.height as usize, levels }
    }

    pub(crate) fn row(&self, y: usize) -> &[u8] {
        self.levels.get(y * self.width..(y + 1) * self.width).unwrap_or_default()
    }

    /// Columns become rows, so that both directions are measured by the same code.
    pub(crate) fn transposed(&self) -> Self {
        const BLOCK: usize = 32;
        let mut levels = vec![0; self.levels.len()];
        for top in (0..self.height).step_by(BLOCK) {
            for left in (0..self.width).step_by(BLOCK) {
                for y in top..(top + BLOCK).min(self.height) {
                    let row = self.row(y);
                    for x in left..(left + BLOCK).min(self.width) {
                        if let (Some(to), Some(from)) =
                            (levels.get_mut(x * self.height + y), row.get(x))
                        {
                            *to = *from;
                        }
                    }
                }
            }
        }
        Self { width: self.height, height: self.width, levels }
    }
}

fn level([red, green, blue]: [u8; 3]) -> u8 {
    let sum = 77 * u32::from(red) + 150 * u32::from(green) + 29 * u32::from(blue) + 128;
    u8::try_from(sum >> 8).unwrap_or(u8::MAX)
}
