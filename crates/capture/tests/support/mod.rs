//! What the tests of this crate share. Outputs are read with other code than the crate's own where
//! it matters: segments and chunks are walked by hand.
#![allow(dead_code)]

use satchel_capture::{DocumentShape, PageSize, PhotoRule};
use satchel_fixtures::Picture;

/// A ceiling that no test meets by accident.
pub const CEILING: u64 = 4_000_000;

pub fn card_rule() -> PhotoRule {
    PhotoRule::for_document(DocumentShape::Card, CEILING)
}

pub fn bill_rule() -> PhotoRule {
    PhotoRule::for_document(DocumentShape::Page(PageSize::A4), CEILING)
}

pub fn passport_rule() -> PhotoRule {
    PhotoRule::for_document(DocumentShape::PassportPage, CEILING)
}

/// Reads a rendition.
pub fn pixels(file: &[u8]) -> Picture {
    if file.starts_with(&[0xFF, 0xD8]) {
        let mut decoder = jpeg_decoder::Decoder::new(file);
        let rgb = decoder.decode().unwrap();
        let info = decoder.info().unwrap();
        return Picture { width: info.width.into(), height: info.height.into(), rgb };
    }
    let picture = image::load_from_memory(file).unwrap().into_rgb8();
    Picture { width: picture.width(), height: picture.height(), rgb: picture.into_raw() }
}

/// The colours of the four quarters, coarse enough to survive compression.
pub fn quarters_of(picture: &Picture) -> [[u8; 3]; 4] {
    let (w, h) = (picture.width / 4, picture.height / 4);
    [(w, h), (w * 3, h), (w * 3, h * 3), (w, h * 3)]
        .map(|(x, y)| picture.at(x, y).map(|level| level.saturating_add(16) / 32))
}

/// The markers of a JPEG's segments up to its first scan.
pub fn jpeg_markers(file: &[u8]) -> Vec<u8> {
    let mut markers = Vec::new();
    let mut at = 2;
    while file[at] == 0xFF && file[at + 1] != 0xDA {
        markers.push(file[at + 1]);
        at += 2 + usize::from(u16::from_be_bytes([file[at + 2], file[at + 3]]));
    }
    markers
}

/// The kinds of a PNG's chunks.
pub fn png_chunks(file: &[u8]) -> Vec<String> {
    let mut kinds = Vec::new();
    let mut at = 8;
    while at < file.len() {
        let length = u32::from_be_bytes(file[at..at + 4].try_into().unwrap()) as usize;
        kinds.push(String::from_utf8(file[at + 4..at + 8].to_vec()).unwrap());
        at += 12 + length;
    }
    kinds
}

pub fn contains(file: &[u8], mark: &str) -> bool {
    file.windows(mark.len()).any(|window| window == mark.as_bytes())
}
