//! First stage: what a file is, by its first bytes and never by its name.

use crate::fault::{CaptureFault, RefusedFormat};
use crate::photo::SourceFormat;

/// Names the format of a file.
///
/// # Errors
/// `EmptyFile`, `NotAnImage`, or `Unsupported` with the name of what it is.
pub fn sniff(bytes: &[u8]) -> Result<SourceFormat, CaptureFault> {
    if bytes.is_empty() {
        return Err(CaptureFault::EmptyFile);
    }
    if let Some(format) = taken(bytes) {
        return Ok(format);
    }
    Err(refused(bytes)
        .map_or(CaptureFault::NotAnImage, |format| CaptureFault::Unsupported { format }))
}

fn taken(bytes: &[u8]) -> Option<SourceFormat> {
    if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        return Some(SourceFormat::Jpeg);
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some(SourceFormat::Png);
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Some(SourceFormat::Webp);
    }
    if [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"].iter().any(|magic| bytes.starts_with(*magic)) {
        return Some(SourceFormat::Tiff);
    }
    // "BM" alone begins many a text; the reserved words of a bitmap's header are zero.
    if bytes.starts_with(b"BM") && bytes.get(6..10) == Some(&[0; 4]) {
        return Some(SourceFormat::Bmp);
    }
    if cfg!(feature = "heic") && iso_brand(bytes) == Some(RefusedFormat::Heic) {
        return Some(SourceFormat::Heic);
    }
    // Scanners put up to a kilobyte of their own before a PDF's first line.
    if find(bytes.get(..1024).unwrap_or(bytes), b"%PDF-") {
        return Some(SourceFormat::Pdf);
    }
    None
}

fn refused(bytes: &[u8]) -> Option<RefusedFormat> {
    if let Some(format) = iso_brand(bytes) {
        return Some(format);
    }
    let head = bytes.get(..1024).unwrap_or(bytes);
    if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        return Some(RefusedFormat::Gif);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Some(RefusedFormat::Archive);
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
        return Some(RefusedFormat::OldOffice);
    }
    if is_other_jpeg(bytes) {
        return Some(RefusedFormat::OtherJpeg);
    }
    if bytes.starts_with(&[0x1A, 0x45, 0xDF, 0xA3]) || is_avi(bytes) {
        return Some(RefusedFormat::Film);
    }
    find(head, b"<svg").then_some(RefusedFormat::Svg)
}

/// What a file of boxes says that it is.
fn iso_brand(bytes: &[u8]) -> Option<RefusedFormat> {
    if bytes.get(4..8) != Some(b"ftyp") {
        return None;
    }
    let length = u32::from_be_bytes(*bytes.first_chunk::<4>()?);
    let brands = bytes.get(16..usize::try_from(length).ok()?.min(bytes.len())).unwrap_or_default();
    let also_avif = brands.as_chunks::<4>().0.iter().any(|brand| brand == b"avif");
    Some(match bytes.get(8..12)? {
        b"mif1" | b"mif2" | b"msf1" if also_avif => RefusedFormat::Avif,
        brand => iso_media(brand),
    })
}

fn iso_media(brand: &[u8]) -> RefusedFormat {
    match brand {
        b"heic" | b"heix" | b"hevc" | b"hevx" | b"heim" | b"heis" | b"hevm" | b"hevs" | b"mif1"
        | b"msf1" | b"mif2" => RefusedFormat::Heic,
        b"avif" | b"avis" => RefusedFormat::Avif,
        _ => RefusedFormat::Film,
    }
}

fn is_other_jpeg(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xFF, 0x0A])
        || bytes.starts_with(b"\0\0\0\x0CJXL \r\n\x87\n")
        || bytes.starts_with(b"\0\0\0\x0CjP  \r\n\x87\n")
        || bytes.starts_with(&[0xFF, 0x4F, 0xFF, 0x51])
}

fn is_avi(bytes: &[u8]) -> bool {
    bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"AVI ")
}

fn find(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
