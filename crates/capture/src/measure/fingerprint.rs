//! A perceptual hash: the same picture gives nearly the same bits, whatever its size and
//! compression.

use serde::{Deserialize, Serialize};

use crate::fault::CaptureFault;
use crate::fit::{self, Filter};
use crate::raster::Raster;

/// The picture is reduced to this square before its frequencies are taken.
const SIDE: u32 = 32;

/// So many frequencies per direction are kept.
const KEPT: usize = 8;

/// 64 bits, written in hexadecimal: the signs of the lowest frequencies against their median.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Fingerprint(u64);

/// A text that is not 16 hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a fingerprint is 16 hexadecimal digits")]
pub struct NotAFingerprint;

impl Fingerprint {
    /// Photos at most this far apart are probably the same picture.
    pub const SAME_MAX: u32 = 6;

    /// Returns the number of differing bits, 0 to 64.
    pub fn distance(self, other: Self) -> u32 {
        (self.0 ^ other.0).count_ones()
    }

    /// Says whether two photos are probably the same picture, encoded or scaled differently.
    pub fn is_same_picture(self, other: Self) -> bool {
        self.distance(other) <= Self::SAME_MAX
    }

    pub(crate) fn of(raster: &Raster) -> Result<Self, CaptureFault> {
        let small = fit::resized(raster, SIDE, SIDE, Filter::Mean)?;
        let levels: Vec<f64> = small.rgb.as_chunks::<3>().0.iter().map(|p| luma(*p)).collect();
        let waves = lowest_waves(&levels);
        let mut ordered: Vec<f64> = waves.iter().skip(1).copied().collect();
        ordered.sort_by(f64::total_cmp);
        let median = ordered.get(ordered.len() / 2).copied().unwrap_or_default();
        let bits =
            waves.iter().skip(1).enumerate().fold(0, |bits, (index, wave)| {
                if *wave > median { bits | 1 << index } else { bits }
            });
        Ok(Self(bits))
    }
}

fn luma([red, green, blue]: [u8; 3]) -> f64 {
    0.299 * f64::from(red) + 0.587 * f64::from(green) + 0.114 * f64::from(blue)
}

/// The discrete cosine transform's lowest frequencies: rows first, then columns.
fn lowest_waves(levels: &[f64]) -> Vec<f64> {
    let side = SIDE as usize;
    let wave = |frequency: usize, at: usize| {
        ((2 * at + 1) as f64 * frequency as f64 * std::f64::consts::PI / (2 * side) as f64).cos()
    };
    let rows: Vec<[f64; KEPT]> = levels
        .chunks_exact(side)
        .map(|row| {
            std::array::from_fn(|frequency| {
                row.iter().enumerate().map(|(x, level)| level * wave(frequency, x)).sum()
            })
        })
        .collect();
    (0..KEPT * KEPT)
        .map(|index| {
            let (down, across) = (index / KEPT, index % KEPT);
            rows.iter()
                .enumerate()
                .map(|(y, row)| row.get(across).copied().unwrap_or_default() * wave(down, y))
                .sum()
        })
        .collect()
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> Self {
        format!("{:016x}", fingerprint.0)
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = NotAFingerprint;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.len() != 16 {
            return Err(NotAFingerprint);
        }
        u64::from_str_radix(&text, 16).map(Self).map_err(|_| NotAFingerprint)
    }
}
