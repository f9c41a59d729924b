//! Fewer pixels: the long side by rule, never enlarged.

use std::borrow::Cow;

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use crate::fault::CaptureFault;
use crate::photo::Transform;
use crate::raster::Raster;

/// How a picture is reduced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Filter {
    /// Lanczos with three lobes: text stays crisp.
    Crisp,
    /// The mean of the pixels below: for measuring, without overshoot.
    Mean,
}

/// Returns the size with a shorter long side and the same proportions.
pub(crate) fn size(width: u32, height: u32, long_side_px: u32) -> (u32, u32) {
    let long = width.max(height);
    if long <= long_side_px || long == 0 {
        return (width, height);
    }
    let side = |side: u32| {
        let scaled =
            (u64::from(side) * u64::from(long_side_px) + u64::from(long) / 2) / u64::from(long);
        u32::try_from(scaled).unwrap_or(u32::MAX).max(1)
    };
    (side(width), side(height))
}

/// Reduces a picture to a long side; the step is absent when nothing was to do.
///
/// # Errors
/// `Damaged` when the raster contradicts itself.
pub(crate) fn fit(
    raster: Raster,
    long_side_px: u32,
) -> Result<(Raster, Option<Transform>), CaptureFault> {
    if raster.long_side() <= long_side_px {
        return Ok((raster, None));
    }
    let (fitted, step) = fitted(&raster, long_side_px)?;
    Ok((fitted.into_owned(), step))
}

/// Like `fit`, and leaves the picture to its owner.
///
/// # Errors
/// `Damaged` when the raster contradicts itself.
pub(crate) fn fitted(
    raster: &Raster,
    long_side_px: u32,
) -> Result<(Cow<'_, Raster>, Option<Transform>), CaptureFault> {
    let (width_px, height_px) = size(raster.width, raster.height, long_side_px);
    if (width_px, height_px) == (raster.width, raster.height) {
        return Ok((Cow::Borrowed(raster), None));
    }
    let fitted = resized(raster, width_px, height_px, Filter::Crisp)?;
    Ok((Cow::Owned(fitted), Some(Transform::Resized { width_px, height_px })))
}

/// Resizes to an exact size.
///
/// # Errors
/// `Damaged` when the raster contradicts itself.
pub(crate) fn resized(
    raster: &Raster,
    width: u32,
    height: u32,
    filter: Filter,
) -> Result<Raster, CaptureFault> {
    let source = ImageRef::new(raster.width, raster.height, &raster.rgb, PixelType::U8x3)
        .map_err(|_| CaptureFault::Damaged)?;
    let mut target = Image::new(width, height, PixelType::U8x3);
    let filter = match filter {
        Filter::Crisp => FilterType::Lanczos3,
        Filter::Mean => FilterType::Box,
    };
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter));
    Resizer::new().resize(&source, &mut target, &options).map_err(|_| CaptureFault::Damaged)?;
    Raster::new(width, height, target.into_vec())
}
