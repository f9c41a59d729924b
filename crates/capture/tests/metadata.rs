//! Nothing but pixels leaves the device.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use satchel_capture::{FormatsTaken, PhotoFormat, PhotoRule, PreparedPhoto, prepare};
use satchel_fixtures::{
    Exif, GPS_MARK, JpegFile, MAKER_MARK, Picture, PngFile, PngKind, Specimen, THUMBNAIL_MARK,
    WebpFile, display_p3,
};
use support::{card_rule, contains, jpeg_markers, png_chunks};

const MARKS: [&str; 7] =
    [GPS_MARK, MAKER_MARK, THUMBNAIL_MARK, "ICC_PROFILE", "Exif", "http://ns.adobe.com", "SECRET"];

/// Quantisation and Huffman tables, the frame, the JFIF marker, and restart intervals.
const HARMLESS: [u8; 5] = [0xDB, 0xC4, 0xC0, 0xE0, 0xDD];

fn assert_clean(photo: &PreparedPhoto) {
    for rendition in [&photo.evidence, &photo.upload, &photo.preview] {
        for mark in MARKS {
            assert!(!contains(&rendition.bytes, mark), "{mark} in {:?}", rendition.format);
        }
        match rendition.format {
            PhotoFormat::Jpeg => {
                let markers = jpeg_markers(&rendition.bytes);
                assert!(markers.iter().all(|marker| HARMLESS.contains(marker)), "{markers:X?}");
            }
            PhotoFormat::Png => {
                let chunks = png_chunks(&rendition.bytes);
                let pixels_only = |kind: &String| ["IHDR", "IDAT", "IEND"].contains(&kind.as_str());
                assert!(chunks.iter().all(pixels_only), "{chunks:?}");
            }
        }
    }
}

#[test]
fn nothing_of_a_phones_metadata_is_left() {
    let picture = Specimen::card(1).size(900, 675).picture();
    let file = JpegFile::of(&picture)
        .exif(Exif::personal(6))
        .profile(&display_p3())
        .xmp("<x:xmpmeta>SECRET</x:xmpmeta>")
        .comment("SECRET comment")
        .segment(0xED, b"Photoshop 3.0\0SECRET")
        .segment(0xE2, b"MPF\0SECRET")
        .segment(0xEB, b"JP\0\0SECRET")
        .bytes();
    let with_trailer = [file.as_slice(), b"SECRET film behind the picture"].concat();
    assert!(contains(&with_trailer, GPS_MARK) && contains(&with_trailer, MAKER_MARK));

    assert_clean(&prepare(&with_trailer, &card_rule()).unwrap());
}

#[test]
fn nothing_of_a_pngs_texts_is_left_even_when_png_is_sent() {
    let picture =
        Picture::drawn(800, 600, |x, y| if (x / 9 + y / 7) % 5 == 0 { [0; 3] } else { [255; 3] });
    let file = PngFile::of(&picture, PngKind::Palette)
        .text("Author", "SECRET author")
        .text("Location", GPS_MARK)
        .chunk(*b"tIME", &[7, 232, 1, 2, 3, 4, 5])
        .exif(Exif::personal(1))
        .bytes();
    let rule = PhotoRule { formats: FormatsTaken::JpegAndPng, ..card_rule() };

    let photo = prepare(&file, &rule).unwrap();

    assert_eq!(photo.upload.format, PhotoFormat::Png);
    assert_clean(&photo);
}

#[test]
fn nothing_of_a_webps_metadata_is_left() {
    let picture = Specimen::card(2).size(640, 480).picture();
    let file = WebpFile::of(&picture).exif(Exif::personal(1)).profile(&display_p3()).bytes();

    assert_clean(&prepare(&file, &card_rule()).unwrap());
}
