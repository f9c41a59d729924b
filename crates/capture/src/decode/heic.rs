//! HEIC, what phones of one maker write unless told otherwise. The file's own turns and mirrors are
//! done by the decoder, so EXIF's orientation, which repeats them, is left alone.

use heifer::{Error, Options};

use super::others::on_white;
use super::{Decoded, Samples};
use crate::fault::CaptureFault;
use crate::photo::Transform;
use crate::policy;

#[cfg(test)]
mod tests;

/// The worker may start no thread.
const OPTIONS: Options = Options { max_threads: 1, max_pixels: policy::HEIC_PIXELS_MAX };

pub(super) fn decode(file: &[u8]) -> Result<Decoded, CaptureFault> {
    // Metadata that cannot be read costs the profile and not the picture.
    let profile = heifer::read_metadata(file).ok().and_then(|metadata| metadata.icc_profile);
    let image = heifer::decode_rgba8(file, &OPTIONS).map_err(|error| fault(&error))?;
    let mut steps = vec![Transform::Decoded { eighths: 8 }];
    let rgb = if image.has_alpha {
        let (rgb, seen_through) = on_white(&image.data);
        steps.extend(seen_through.then_some(Transform::LaidOnWhite));
        rgb
    } else {
        without_alpha(image.data)
    };
    let (width, height) = (image.width, image.height);
    Ok(Decoded { width, height, samples: Samples::Rgb(rgb), profile, steps })
}

/// Moves the pixels together where they are: a second copy of a large photo would not fit.
fn without_alpha(mut rgba: Vec<u8>) -> Vec<u8> {
    let pixels = rgba.len() / 4;
    for pixel in 0..pixels {
        rgba.copy_within(pixel * 4..pixel * 4 + 3, pixel * 3);
    }
    rgba.truncate(pixels * 3);
    rgba
}

fn fault(error: &Error) -> CaptureFault {
    use heifer::{heifer_hevc_dec as hevc, heifer_isobmff as container};
    match error {
        Error::Container(container::Error::UnexpectedEof)
        | Error::Hevc(hevc::Error::UnexpectedEof) => CaptureFault::Truncated,
        Error::Unsupported(_)
        | Error::Container(container::Error::Unimplemented(_))
        | Error::Hevc(hevc::Error::Unimplemented(_)) => CaptureFault::UnsupportedVariant,
        Error::Container(_) | Error::Hevc(_) | Error::Encode(_) | Error::Invalid(_) => {
            CaptureFault::Damaged
        }
    }
}
