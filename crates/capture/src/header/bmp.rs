//! Windows bitmaps: the information header.

use super::Header;
use super::bytes::{Endian, Reader};
use crate::fault::CaptureFault;
use crate::photo::SourceFormat;

pub(super) fn read(file: &[u8]) -> Result<Header, CaptureFault> {
    let reader = Reader::new(file, Endian::Little);
    let size = reader.u32(14).ok_or(CaptureFault::Truncated)?;
    let (width, height) =
        if size == 12 { old(&reader) } else { new(&reader) }.ok_or(CaptureFault::Truncated)?;
    Ok(Header::whole(SourceFormat::Bmp, width, height, 4))
}

fn old(reader: &Reader<'_>) -> Option<(u32, u32)> {
    Some((u32::from(reader.u16(18)?), u32::from(reader.u16(20)?)))
}

/// A negative height means rows from the top down.
fn new(reader: &Reader<'_>) -> Option<(u32, u32)> {
    let width = reader.u32(18)?;
    let height = reader.u32(22)?.cast_signed().unsigned_abs();
    Some((width, height))
}
