//! Colours to sRGB, by the profile in the file.

use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

use crate::decode::{Decoded, Samples};
use crate::fault::CaptureFault;
use crate::photo::{ColourSource, Transform};
use crate::raster::Raster;

/// Pixels converted at once: enough to amortise the call, little enough to stay in the cache.
const CHUNK_PIXELS: usize = 16 * 1024;

/// Brings a decoded file to sRGB. A profile that cannot be used is passed over, never a fault: the
/// document stays legible.
///
/// # Errors
/// `Damaged` when the samples do not fit the size.
pub(crate) fn to_srgb(decoded: Decoded) -> Result<(Raster, Vec<Transform>), CaptureFault> {
    let Decoded { width, height, samples, profile, mut steps } = decoded;
    let converted = profile.as_deref().and_then(|profile| convert(profile, &samples));
    let by = match (&converted, &profile, &samples) {
        (Some(_), _, _) => Some(ColourSource::Profile),
        (None, Some(_), _) => Some(ColourSource::ProfileUnusable),
        (None, None, Samples::Inks(_)) => Some(ColourSource::PlainInks),
        (None, None, Samples::Grey(_) | Samples::Rgb(_)) => None,
    };
    steps.extend(by.map(|by| Transform::Coloured { by }));
    let rgb = converted.unwrap_or_else(|| plain(samples));
    Ok((Raster::new(width, height, rgb)?, steps))
}

fn convert(profile: &[u8], samples: &Samples) -> Option<Vec<u8>> {
    let source = ColorProfile::new_from_slice(profile).ok()?;
    let (levels, layout, space) = match samples {
        Samples::Grey(levels) => (levels, Layout::Gray, DataColorSpace::Gray),
        Samples::Rgb(levels) => (levels, Layout::Rgb, DataColorSpace::Rgb),
        Samples::Inks(levels) => (levels, Layout::Rgba, DataColorSpace::Cmyk),
    };
    if source.color_space != space {
        return None;
    }
    let target = ColorProfile::new_srgb();
    let transform = source
        .create_transform_8bit(layout, &target, Layout::Rgb, TransformOptions::default())
        .ok()?;
    let channels = layout.channels();
    let mut rgb = vec![0; levels.len() / channels * 3];
    let chunks = levels.chunks(CHUNK_PIXELS * channels).zip(rgb.chunks_mut(CHUNK_PIXELS * 3));
    for (from, to) in chunks {
        transform.transform(from, to).ok()?;
    }
    Some(rgb)
}

fn plain(samples: Samples) -> Vec<u8> {
    match samples {
        Samples::Rgb(rgb) => rgb,
        Samples::Grey(levels) => levels.into_iter().flat_map(|level| [level; 3]).collect(),
        Samples::Inks(inks) => {
            inks.as_chunks::<4>().0.iter().flat_map(|inks| paper(*inks)).collect()
        }
    }
}

/// The light that paper under these inks sends back, without regard to the press.
fn paper([cyan, magenta, yellow, black]: [u8; 4]) -> [u8; 3] {
    [cyan, magenta, yellow].map(|ink| {
        let light = u32::from(255 - ink) * u32::from(255 - black) / 255;
        u8::try_from(light).unwrap_or(255)
    })
}
