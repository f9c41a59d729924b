//! WebP: the canvas, the frames in it, and `EXIF`.

use super::bytes::{Endian, Reader};
use super::{Header, first_stated};
use crate::fault::CaptureFault;
use crate::photo::{OrientationFound, SourceFormat};

pub(super) fn read(file: &[u8]) -> Result<Header, CaptureFault> {
    let reader = Reader::new(file, Endian::Little);
    let stated = reader.u32(4).and_then(|length| usize::try_from(length).ok());
    if stated.is_none_or(|length| length.saturating_add(8) > file.len()) {
        return Err(CaptureFault::Truncated);
    }
    let mut orientation = OrientationFound::Absent;
    let mut size: Option<(u32, u32)> = None;
    let mut at: usize = 12;
    while let (Some(kind), Some(length)) = (reader.slice(at, 4), reader.u32(at + 4)) {
        let body = at + 8;
        let stated = match kind {
            b"VP8X" => Some(canvas(&reader, body).ok_or(CaptureFault::Truncated)?),
            b"VP8 " => Some(lossy(&reader, body).ok_or(CaptureFault::Truncated)?),
            b"VP8L" => Some(lossless(&reader, body).ok_or(CaptureFault::Truncated)?),
            b"ANMF" => Some(canvas_at(&reader, body + 6).ok_or(CaptureFault::Truncated)?),
            _ => None,
        };
        // A frame that is larger than its canvas must not slip past the limits.
        if let Some((width, height)) = stated {
            let (w, h) = size.unwrap_or((0, 0));
            size = Some((w.max(width), h.max(height)));
        }
        let Ok(length) = usize::try_from(length) else { break };
        if kind == b"EXIF"
            && let Some(exif) = reader.slice(body, length)
        {
            orientation = first_stated(orientation, exif);
        }
        let Some(next) = body.checked_add(length).and_then(|at| at.checked_add(length % 2)) else {
            break;
        };
        at = next;
    }
    let (width, height) = size.ok_or(CaptureFault::Truncated)?;
    Ok(Header { orientation, ..Header::whole(SourceFormat::Webp, width, height, 4) })
}

fn canvas(reader: &Reader<'_>, body: usize) -> Option<(u32, u32)> {
    canvas_at(reader, body + 4)
}

fn canvas_at(reader: &Reader<'_>, at: usize) -> Option<(u32, u32)> {
    Some((reader.u24(at)? + 1, reader.u24(at + 3)? + 1))
}

fn lossy(reader: &Reader<'_>, body: usize) -> Option<(u32, u32)> {
    let width = reader.u16(body + 6)? & 0x3FFF;
    let height = reader.u16(body + 8)? & 0x3FFF;
    Some((u32::from(width), u32::from(height)))
}

fn lossless(reader: &Reader<'_>, body: usize) -> Option<(u32, u32)> {
    let bits = reader.u32(body + 1)?;
    Some(((bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1))
}
