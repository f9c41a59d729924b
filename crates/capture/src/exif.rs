//! The orientation in EXIF, read leniently: what strict readers reject would silently turn a photo
//! on its side.

use crate::header::bytes::{Endian, Reader};
use crate::photo::OrientationFound;
use crate::policy::EXIF_ENTRIES_MAX;

const TAG_ORIENTATION: u16 = 0x0112;

/// Reads the orientation from an EXIF block, with or without its `Exif` prefix.
pub(crate) fn orientation(exif: &[u8]) -> OrientationFound {
    let tiff = exif.strip_prefix(b"Exif\0\0").or_else(|| exif.strip_prefix(b"Exif\0\xFF"));
    match first_directory(tiff.unwrap_or(exif)) {
        Some(Some(value)) => OrientationFound::Stated(value),
        Some(None) => OrientationFound::Absent,
        None => OrientationFound::Unreadable,
    }
}

/// None when there is no readable directory, `Some(None)` when it holds no orientation.
fn first_directory(tiff: &[u8]) -> Option<Option<u8>> {
    let endian = match tiff.get(..2)? {
        b"II" => Endian::Little,
        b"MM" => Endian::Big,
        _ => return None,
    };
    let reader = Reader::new(tiff, endian);
    let directory = usize::try_from(reader.u32(4)?).ok()?;
    let entries = usize::from(reader.u16(directory)?).min(EXIF_ENTRIES_MAX);
    for index in 0..entries {
        let at = directory.checked_add(2 + index * 12)?;
        // A directory that is cut short is read as far as it goes.
        let Some(tag) = reader.u16(at) else { break };
        if tag == TAG_ORIENTATION {
            return Some(value(&reader, at));
        }
    }
    Some(None)
}

/// Cameras write a SHORT; some programs write a LONG or a BYTE.
fn value(reader: &Reader<'_>, at: usize) -> Option<u8> {
    let value = match reader.u16(at + 2)? {
        1 | 7 => u32::from(reader.u8(at + 8)?),
        4 | 9 => reader.u32(at + 8)?,
        _ => u32::from(reader.u16(at + 8)?),
    };
    u8::try_from(value).ok().filter(|value| (1..=8).contains(value))
}
