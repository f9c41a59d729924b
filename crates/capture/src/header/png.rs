//! PNG: `IHDR`, and `eXIf` wherever it stands.

use super::bytes::{Endian, Reader};
use super::{Header, first_stated};
use crate::fault::CaptureFault;
use crate::photo::{OrientationFound, SourceFormat};

pub(super) fn read(file: &[u8]) -> Result<Header, CaptureFault> {
    let reader = Reader::new(file, Endian::Big);
    if reader.slice(12, 4).ok_or(CaptureFault::Truncated)? != b"IHDR" {
        return Err(CaptureFault::Damaged);
    }
    let width = reader.u32(16).ok_or(CaptureFault::Truncated)?;
    let height = reader.u32(20).ok_or(CaptureFault::Truncated)?;
    let depth = reader.u8(24).ok_or(CaptureFault::Truncated)?;
    let kind = reader.u8(25).ok_or(CaptureFault::Truncated)?;
    let channels = match kind {
        0 => 1,
        2 => 3,
        // A palette may have see-through entries.
        3 | 6 => 4,
        4 => 2,
        _ => return Err(CaptureFault::Damaged),
    };
    // A grey or RGB picture with a see-through colour is given a channel more.
    let channels = if matches!(kind, 0 | 2) { channels + 1 } else { channels };
    let pixel_bytes = if depth > 8 { channels * 2 } else { channels };
    Ok(Header {
        orientation: orientation(&reader),
        ..Header::whole(SourceFormat::Png, width, height, pixel_bytes)
    })
}

fn orientation(reader: &Reader<'_>) -> OrientationFound {
    let mut found = OrientationFound::Absent;
    let mut at: usize = 8;
    while let (Some(length), Some(kind)) = (reader.u32(at), reader.slice(at + 4, 4)) {
        let Ok(length) = usize::try_from(length) else { break };
        match kind {
            b"eXIf" => {
                if let Some(exif) = reader.slice(at + 8, length) {
                    found = first_stated(found, exif);
                }
            }
            b"IEND" => break,
            _ => {}
        }
        let Some(next) = at.checked_add(12).and_then(|at| at.checked_add(length)) else { break };
        at = next;
    }
    found
}
