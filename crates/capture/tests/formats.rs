//! Every format in, one upright picture in sRGB out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use satchel_capture::{
    ColourSource, Frame, OrientationFound, PhotoFormat, SourceFormat, Transform, prepare,
    prepare_frame,
};
use satchel_fixtures::{
    Exif, JpegFile, Picture, PngFile, PngKind, TiffFile, WebpFile, bmp, display_p3, grey_gamma,
    swapped_primaries,
};
use support::{card_rule, pixels, quarters_of};

const WIDTH: u32 = 480;
const HEIGHT: u32 = 320;

fn source() -> Picture {
    Picture::quarters(WIDTH, HEIGHT)
}

fn every_format(picture: &Picture) -> Vec<(&'static str, SourceFormat, Vec<u8>)> {
    vec![
        ("jpeg", SourceFormat::Jpeg, JpegFile::of(picture).bytes()),
        ("progressive", SourceFormat::Jpeg, JpegFile::of(picture).progressive().bytes()),
        ("cmyk", SourceFormat::Jpeg, JpegFile::of(picture).inks().bytes()),
        ("ycck", SourceFormat::Jpeg, JpegFile::of(picture).inks_as_ycck().bytes()),
        ("png", SourceFormat::Png, PngFile::of(picture, PngKind::Rgb).bytes()),
        ("png 16", SourceFormat::Png, PngFile::of(picture, PngKind::Rgb16).bytes()),
        ("png adam7", SourceFormat::Png, PngFile::of(picture, PngKind::Rgb).interlaced().bytes()),
        ("webp", SourceFormat::Webp, WebpFile::of(picture).bytes()),
        ("tiff", SourceFormat::Tiff, TiffFile::of(picture).bytes()),
        ("tiff big", SourceFormat::Tiff, TiffFile::of(picture).big_endian().bytes()),
        ("bmp", SourceFormat::Bmp, bmp(picture)),
    ]
}

#[test]
fn every_format_gives_the_same_picture() {
    let picture = source();
    for (name, format, file) in every_format(&picture) {
        let photo = prepare(&file, &card_rule()).unwrap_or_else(|fault| panic!("{name}: {fault}"));

        assert_eq!(photo.chain.original.format, format, "{name}");
        assert_eq!(photo.upload.format, PhotoFormat::Jpeg, "{name}");
        let difference = pixels(&photo.upload.bytes).difference(&picture);
        assert!(difference < 4.0, "{name} differs by {difference}");
    }
}

#[test]
fn a_palette_keeps_its_colours() {
    let picture = source();
    let file = PngFile::of(&picture, PngKind::Palette).bytes();

    let photo = prepare(&file, &card_rule()).unwrap();

    let difference = pixels(&photo.upload.bytes).difference(&picture);
    assert!(difference < 16.0, "differs by {difference}");
}

#[test]
fn grey_files_become_grey_rgb() {
    let picture = source();
    let files = [
        JpegFile::of(&picture).grey().bytes(),
        PngFile::of(&picture, PngKind::Grey).bytes(),
        PngFile::of(&picture, PngKind::Grey16).bytes(),
    ];
    for file in files {
        let photo = prepare(&file, &card_rule()).unwrap();

        let [red, green, blue] = pixels(&photo.upload.bytes).at(WIDTH * 3 / 4, HEIGHT / 4);
        assert!(red.abs_diff(green) <= 2 && green.abs_diff(blue) <= 2);
        assert!(red.abs_diff(126) <= 4, "level {red}");
    }
}

#[test]
fn black_and_white_stays_black_and_white() {
    let picture = source();
    let photo = prepare(&PngFile::of(&picture, PngKind::Bits).bytes(), &card_rule()).unwrap();

    let seen = pixels(&photo.evidence.bytes);
    assert_eq!(seen.at(WIDTH / 4, HEIGHT * 3 / 4), [255; 3]);
    assert_eq!(seen.at(WIDTH / 4, HEIGHT / 4), [0; 3]);
}

#[test]
fn see_through_pixels_are_laid_on_white() {
    let picture = source();
    let photo = prepare(&PngFile::of(&picture, PngKind::Rgba).bytes(), &card_rule()).unwrap();

    let seen = pixels(&photo.upload.bytes);
    assert!(seen.at(10, HEIGHT / 4).iter().all(|level| *level > 245));
    assert!(photo.chain.to_evidence.contains(&Transform::LaidOnWhite));
}

#[test]
fn all_eight_orientations_give_the_same_picture() {
    let picture = source();
    for orientation in 1..=8 {
        let stored = picture.stored_as(orientation);
        let exif = Exif::orientation(u16::from(orientation));
        let files = [
            JpegFile::of(&stored).exif(exif).bytes(),
            JpegFile::of(&stored).exif(Exif { big_endian: false, ..exif }).bytes(),
            PngFile::of(&stored, PngKind::Rgb).exif(exif).bytes(),
            WebpFile::of(&stored).exif(exif).bytes(),
            TiffFile::of(&stored).orientation(u16::from(orientation)).bytes(),
        ];
        for (at, file) in files.iter().enumerate() {
            let photo = prepare(file, &card_rule()).unwrap();

            let seen = pixels(&photo.upload.bytes);
            assert_eq!((seen.width, seen.height), (WIDTH, HEIGHT), "{orientation}, file {at}");
            let difference = seen.difference(&picture);
            assert!(difference < 4.0, "{orientation}, file {at} differs by {difference}");
            let found = photo.chain.original.orientation;
            assert_eq!(found, OrientationFound::Stated(orientation));
        }
    }
}

#[test]
fn a_large_photo_is_upright_too() {
    let picture = Picture::quarters(4800, 3600);
    let stored = picture.stored_as(6);
    let file = JpegFile::of(&stored).exif(Exif::orientation(6)).bytes();

    let photo = prepare(&file, &card_rule()).unwrap();

    assert_eq!((photo.evidence.width_px, photo.evidence.height_px), (4096, 3072));
    assert_eq!((photo.upload.width_px, photo.upload.height_px), (2000, 1500));
    assert_eq!((photo.preview.width_px, photo.preview.height_px), (640, 480));
    for rendition in [&photo.evidence, &photo.upload, &photo.preview] {
        assert_eq!(quarters_of(&pixels(&rendition.bytes)), quarters_of(&picture));
    }
}

#[test]
fn a_photo_of_48_megapixels_is_decoded_at_half_scale() {
    let picture = Picture::quarters(8000, 6000);
    let file = JpegFile::of(&picture).bytes();

    let photo = prepare(&file, &card_rule()).unwrap();

    assert_eq!(photo.chain.to_evidence[0], Transform::Decoded { eighths: 4 });
    assert_eq!((photo.evidence.width_px, photo.evidence.height_px), (4000, 3000));
    assert_eq!(quarters_of(&pixels(&photo.upload.bytes)), quarters_of(&picture));
}

#[test]
fn broken_exif_is_said_and_never_refused() {
    let picture = source();
    let blocks: [(&[u8], OrientationFound); 4] = [
        (b"", OrientationFound::Unreadable),
        (b"XX\0*\0\0\0\x08", OrientationFound::Unreadable),
        (b"MM\0*\xFF\xFF\xFF\xFF", OrientationFound::Unreadable),
        (b"II*\0\x08\0\0\0\0\0\0\0\0\0", OrientationFound::Absent),
    ];
    for (block, expected) in blocks {
        let photo = prepare(&JpegFile::of(&picture).raw_exif(block).bytes(), &card_rule()).unwrap();
        assert_eq!(photo.chain.original.orientation, expected, "{block:?}");
    }
}

#[test]
fn an_orientation_is_read_from_exif_that_is_cut_short_or_has_a_wrong_version() {
    let picture = source();
    let stored = picture.stored_as(6);
    let block = Exif { orientation: Some(6), big_endian: true, personal: true }.block();
    let mut wrong_version = block.clone();
    wrong_version[3] = 0x55;
    for block in [&block[..40], &wrong_version] {
        let photo = prepare(&JpegFile::of(&stored).raw_exif(block).bytes(), &card_rule()).unwrap();
        assert_eq!(photo.chain.original.orientation, OrientationFound::Stated(6));
        assert_eq!(photo.upload.width_px, WIDTH);
    }
}

#[test]
fn an_orientation_out_of_range_leaves_the_picture_as_it_is() {
    let picture = source();
    for value in [0, 9, 255] {
        let file = JpegFile::of(&picture).exif(Exif::orientation(value)).bytes();
        let photo = prepare(&file, &card_rule()).unwrap();
        assert_eq!(photo.chain.original.orientation, OrientationFound::Absent);
        assert!(pixels(&photo.upload.bytes).difference(&picture) < 4.0);
    }
}

#[test]
fn colours_are_converted_by_the_profile_in_every_format() {
    let picture = source();
    let swapped = Picture::drawn(WIDTH, HEIGHT, |x, y| {
        let [red, green, blue] = picture.at(x, y);
        [blue, green, red]
    });
    let profile = swapped_primaries();
    let files = [
        JpegFile::of(&swapped).profile(&profile).bytes(),
        PngFile::of(&swapped, PngKind::Rgb).profile(&profile).bytes(),
        WebpFile::of(&swapped).profile(&profile).bytes(),
        TiffFile::of(&swapped).profile(&profile).bytes(),
    ];
    for (at, file) in files.iter().enumerate() {
        let photo = prepare(file, &card_rule()).unwrap();

        let difference = pixels(&photo.upload.bytes).difference(&picture);
        assert!(difference < 6.0, "file {at} differs by {difference}");
        let step = Transform::Coloured { by: ColourSource::Profile };
        assert!(photo.chain.to_evidence.contains(&step), "file {at}");
    }
}

#[test]
fn display_p3_becomes_more_vivid_numbers_in_srgb() {
    let picture = Picture::plain(WIDTH, HEIGHT, [200, 60, 60]);
    let file = JpegFile::of(&picture).profile(&display_p3()).bytes();

    let photo = prepare(&file, &card_rule()).unwrap();

    let [red, green, _] = pixels(&photo.upload.bytes).at(WIDTH / 2, HEIGHT / 2);
    assert!(red > 210 && green < 52, "({red}, {green})");
}

#[test]
fn a_grey_profile_is_applied() {
    let picture = Picture::plain(WIDTH, HEIGHT, [128; 3]);
    let file = JpegFile::of(&picture).grey().profile(&grey_gamma(1.0)).bytes();

    let photo = prepare(&file, &card_rule()).unwrap();

    let [red, _, _] = pixels(&photo.upload.bytes).at(WIDTH / 2, HEIGHT / 2);
    assert!((182..=194).contains(&red), "level {red}");
}

#[test]
fn a_profile_that_cannot_be_used_is_said_and_passed_over() {
    let picture = source();
    for profile in [vec![7; 200], grey_gamma(2.2)] {
        let photo =
            prepare(&JpegFile::of(&picture).profile(&profile).bytes(), &card_rule()).unwrap();

        let step = Transform::Coloured { by: ColourSource::ProfileUnusable };
        assert!(photo.chain.to_evidence.contains(&step));
        assert!(pixels(&photo.upload.bytes).difference(&picture) < 4.0);
    }
}

#[test]
fn a_camera_frame_becomes_a_photo() {
    let picture = source();
    let rgba = picture.rgba();
    let frame = Frame { rgba: &rgba, width_px: WIDTH, height_px: HEIGHT };

    let photo = prepare_frame(&frame, &card_rule()).unwrap();

    assert_eq!(photo.chain.original.format, SourceFormat::CameraFrame);
    assert!(pixels(&photo.upload.bytes).difference(&picture) < 4.0);
}
