//! TIFF: the first directory, and how many pages follow.

use super::Header;
use super::bytes::{Endian, Reader};
use crate::exif;
use crate::fault::CaptureFault;
use crate::photo::SourceFormat;
use crate::policy::{EXIF_ENTRIES_MAX, TIFF_PAGES_MAX};

const TAG_SUBFILE: u16 = 254;
const TAG_WIDTH: u16 = 256;
const TAG_HEIGHT: u16 = 257;
const TAG_BITS: u16 = 258;
const TAG_SAMPLES: u16 = 277;

pub(super) fn read(file: &[u8]) -> Result<Header, CaptureFault> {
    let endian = if file.starts_with(b"II") { Endian::Little } else { Endian::Big };
    let reader = Reader::new(file, endian);
    if reader.u16(2) != Some(42) {
        return Err(CaptureFault::UnsupportedVariant);
    }
    let first = offset(&reader, 4).ok_or(CaptureFault::Truncated)?;
    let width = tag(&reader, first, TAG_WIDTH).ok_or(CaptureFault::Truncated)?;
    let height = tag(&reader, first, TAG_HEIGHT).ok_or(CaptureFault::Truncated)?;
    let samples = tag(&reader, first, TAG_SAMPLES).unwrap_or(1).clamp(1, 8);
    let bits = tag(&reader, first, TAG_BITS).unwrap_or(1);
    let pixel_bytes = samples.max(3) * if bits > 8 { bits.min(64).div_ceil(8) } else { 1 };
    Ok(Header {
        orientation: exif::orientation(file),
        pages: pages(&reader, first),
        ..Header::whole(SourceFormat::Tiff, width, height, pixel_bytes)
    })
}

fn offset(reader: &Reader<'_>, at: usize) -> Option<usize> {
    usize::try_from(reader.u32(at)?).ok()
}

/// A number in a directory; of several (bits per sample) the first.
fn tag(reader: &Reader<'_>, directory: usize, wanted: u16) -> Option<u32> {
    let entries = usize::from(reader.u16(directory)?).min(EXIF_ENTRIES_MAX);
    let at = (0..entries)
        .filter_map(|index| directory.checked_add(2 + index * 12))
        .find(|at| reader.u16(*at) == Some(wanted))?;
    let size = match reader.u16(at + 2)? {
        1 => 1,
        3 => 2,
        4 => 4,
        _ => return None,
    };
    let count = usize::try_from(reader.u32(at + 4)?).ok()?;
    let inline = count.checked_mul(size)? <= 4;
    let value = if inline { at + 8 } else { offset(reader, at + 8)? };
    match size {
        1 => reader.u8(value).map(u32::from),
        2 => reader.u16(value).map(u32::from),
        _ => reader.u32(value),
    }
}

/// Counts the pages; smaller copies of a page are not pages.
fn pages(reader: &Reader<'_>, first: usize) -> u32 {
    let mut directory = first;
    let mut pages = 1;
    for _ in 0..TIFF_PAGES_MAX {
        let Some(entries) = reader.u16(directory) else { break };
        let Some(next) = offset(reader, directory + 2 + usize::from(entries) * 12) else { break };
        if next == 0 || next <= directory && next >= first {
            break;
        }
        directory = next;
        if tag(reader, directory, TAG_WIDTH).is_some()
            && tag(reader, directory, TAG_SUBFILE).unwrap_or(0) & 1 == 0
        {
            pages += 1;
        }
    }
    pages
}
