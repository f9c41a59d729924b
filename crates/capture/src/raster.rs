//! Pixels between the stages: 8-bit RGB, rows top-down, no padding.

use crate::fault::CaptureFault;

/// A picture in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Raster {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// `width × height × 3` bytes.
    pub(crate) rgb: Vec<u8>,
}

impl Raster {
    /// Takes a buffer whose length fits the size.
    pub(crate) fn new(width: u32, height: u32, rgb: Vec<u8>) -> Result<Self, CaptureFault> {
        let fits = width > 0 && height > 0 && rgb.len() as u64 == pixels(width, height) * 3;
        if fits { Ok(Self { width, height, rgb }) } else { Err(CaptureFault::Damaged) }
    }

    /// Takes a camera's RGBA frame; a camera has no see-through pixels.
    pub(crate) fn from_rgba(width: u32, height: u32, rgba: &[u8]) -> Result<Self, CaptureFault> {
        if width == 0 || height == 0 || rgba.len() as u64 != pixels(width, height) * 4 {
            return Err(CaptureFault::FrameMismatch);
        }
        let mut rgb = Vec::with_capacity(rgba.len() / 4 * 3);
        for pixel in rgba.chunks_exact(4) {
            rgb.extend_from_slice(pixel.get(..3).unwrap_or_default());
        }
        Ok(Self { width, height, rgb })
    }

    pub(crate) fn long_side(&self) -> u32 {
        self.width.max(self.height)
    }
}

fn pixels(width: u32, height: u32) -> u64 {
    u64::from(width) * u64::from(height)
}
