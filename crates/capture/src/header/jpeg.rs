//! JPEG: the segments up to the first scan.

use super::bytes::{Endian, Reader};
use super::{Coding, Header, Inks, first_stated};
use crate::fault::CaptureFault;
use crate::photo::{OrientationFound, SourceFormat};

struct Frame {
    width: u32,
    height: u32,
    components: u32,
    coding: Coding,
}

pub(super) fn read(file: &[u8]) -> Result<Header, CaptureFault> {
    let reader = Reader::new(file, Endian::Big);
    let mut at = 2;
    let mut frame = None;
    let mut orientation = OrientationFound::Absent;
    let mut inks = Inks::Straight;
    loop {
        let marker = next_marker(&reader, &mut at)?;
        match marker {
            0x01 | 0xD0..=0xD8 => continue,
            0xD9 | 0xDA => break,
            _ => {}
        }
        let length = usize::from(reader.u16(at).ok_or(CaptureFault::Truncated)?);
        let body = length.checked_sub(2).ok_or(CaptureFault::Damaged)?;
        let body = reader.slice(at + 2, body).ok_or(CaptureFault::Truncated)?;
        match marker {
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF if frame.is_none() => {
                frame = Some(read_frame(marker, body)?);
            }
            0xE1 if body.starts_with(b"Exif\0") => orientation = first_stated(orientation, body),
            0xEE if body.starts_with(b"Adobe") => inks = Inks::Inverted,
            _ => {}
        }
        at += length;
    }
    let frame = frame.ok_or(CaptureFault::Damaged)?;
    Ok(Header {
        coding: frame.coding,
        inks,
        orientation,
        ..Header::whole(SourceFormat::Jpeg, frame.width, frame.height, frame.components)
    })
}

/// Finds the next marker; some cameras leave stray bytes between segments.
fn next_marker(reader: &Reader<'_>, at: &mut usize) -> Result<u8, CaptureFault> {
    loop {
        let byte = reader.u8(*at).ok_or(CaptureFault::Truncated)?;
        let next = reader.u8(*at + 1).ok_or(CaptureFault::Truncated)?;
        if byte == 0xFF && next != 0 && next != 0xFF {
            *at += 2;
            return Ok(next);
        }
        *at += 1;
    }
}

fn read_frame(marker: u8, body: &[u8]) -> Result<Frame, CaptureFault> {
    let coding = match marker {
        0xC0 | 0xC1 => Coding::Sequential,
        0xC2 => Coding::Progressive,
        // Lossless, hierarchical and arithmetic coding do not come out of cameras or scanners.
        _ => return Err(CaptureFault::UnsupportedVariant),
    };
    let reader = Reader::new(body, Endian::Big);
    let precision = reader.u8(0).ok_or(CaptureFault::Damaged)?;
    let height = reader.u16(1).ok_or(CaptureFault::Damaged)?;
    let width = reader.u16(3).ok_or(CaptureFault::Damaged)?;
    let components = reader.u8(5).ok_or(CaptureFault::Damaged)?;
    if width == 0 {
        return Err(CaptureFault::Damaged);
    }
    if precision != 8 || height == 0 || !matches!(components, 1 | 3 | 4) {
        return Err(CaptureFault::UnsupportedVariant);
    }
    Ok(Frame {
        width: u32::from(width),
        height: u32::from(height),
        components: u32::from(components),
        coding,
    })
}
