//! Bad input gives a coded fault, never a panic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use satchel_capture::{CaptureFault, DocumentShape, Frame, judge_frame, prepare, prepare_frame};
use satchel_fixtures::{
    Chance, Exif, JpegFile, Mutations, Picture, PngFile, PngKind, Specimen, TiffFile, WebpFile,
    bmp, bomb_png, display_p3, refused_files,
};
use support::card_rule;

fn code(file: &[u8]) -> &'static str {
    prepare(file, &card_rule()).map_or_else(|fault| fault.code(), |_| "taken")
}

#[test]
fn files_that_are_no_photo_are_named() {
    for (expected, file) in refused_files() {
        let start = file.get(..12).unwrap_or(&file);
        assert_eq!(code(&file), expected, "{start:?}");
    }
}

#[test]
fn a_bomb_is_refused_by_its_header() {
    assert_eq!(code(&bomb_png(30_000, 30_000)), "too_many_pixels");
    assert_eq!(code(&bomb_png(u32::MAX, u32::MAX)), "too_many_pixels");
    assert_eq!(code(&bomb_png(59_000, 1_000)), "damaged");
    assert_eq!(code(&bomb_png(0, 1_000)), "damaged");
}

#[test]
fn the_fault_tells_the_size_that_the_header_claims() {
    let fault = prepare(&bomb_png(30_000, 20_000), &card_rule()).unwrap_err();

    assert_eq!(fault, CaptureFault::TooManyPixels { width_px: 30_000, height_px: 20_000 });
}

#[test]
fn headers_of_every_format_are_held_against_the_limits() {
    let small = Picture::quarters(300, 300);
    let mut jpeg = JpegFile::of(&small).progressive().bytes();
    let frame = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC2]).unwrap();
    jpeg[frame + 5..frame + 9].fill(0xFF);
    let mut bitmap = bmp(&small);
    bitmap[18..26].copy_from_slice(&[0, 0, 1, 0, 0, 0, 1, 0]);
    let mut tiff = TiffFile::of(&small).bytes();
    let directory = u32::from_le_bytes(tiff[4..8].try_into().unwrap()) as usize;
    tiff[directory + 10..directory + 14].copy_from_slice(&60_000u32.to_le_bytes());
    tiff[directory + 22..directory + 26].copy_from_slice(&60_000u32.to_le_bytes());
    let mut webp = WebpFile::of(&small).exif(Exif::orientation(1)).bytes();
    webp[24..30].fill(0xFF);

    for (name, file) in [("jpeg", jpeg), ("bmp", bitmap), ("tiff", tiff), ("webp", webp)] {
        assert_eq!(code(&file), "too_many_pixels", "{name}");
    }
}

#[test]
fn a_picture_of_a_few_pixels_is_too_small() {
    let tiny = Picture::quarters(199, 800);
    assert_eq!(code(&JpegFile::of(&tiny).bytes()), "too_small");
    assert_eq!(code(&PngFile::of(&tiny, PngKind::Rgb).bytes()), "too_small");
}

#[test]
fn a_file_that_is_too_long_is_refused_unread() {
    let mut file = JpegFile::of(&Picture::quarters(300, 300)).bytes();
    file.resize(64 * 1024 * 1024 + 1, 0);

    assert_eq!(code(&file), "too_large_file");
}

#[test]
fn files_that_are_cut_off_are_truncated() {
    let picture = Specimen::card(1).size(640, 480).picture();
    let files = [
        ("jpeg", JpegFile::of(&picture).bytes()),
        ("progressive", JpegFile::of(&picture).progressive().bytes()),
        ("png", PngFile::of(&picture, PngKind::Rgb).bytes()),
        ("webp", WebpFile::of(&picture).bytes()),
        ("bmp", bmp(&picture)),
    ];
    for (name, file) in files {
        for share in [5, 50, 90] {
            let cut = &file[..file.len() * share / 100];
            assert_eq!(code(cut), "truncated", "{name} at {share} %");
        }
    }
    let tiff = TiffFile::of(&picture).bytes();
    assert_eq!(code(&tiff[..tiff.len() - 60]), "truncated");
}

#[test]
fn a_jpeg_with_a_hole_in_its_tables_is_damaged() {
    let mut file = JpegFile::of(&Picture::quarters(300, 300)).bytes();
    let table = file.windows(2).position(|pair| pair == [0xFF, 0xC4]).unwrap();
    file[table + 5..table + 21].fill(0xFF);

    assert_eq!(code(&file), "damaged");
}

#[test]
fn rare_varieties_are_told_from_damage() {
    let mut file = JpegFile::of(&Picture::quarters(300, 300)).bytes();
    let frame = file.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    file[frame + 1] = 0xC9;
    assert_eq!(code(&file), "unsupported_variant");

    let mut tiff = TiffFile::of(&Picture::quarters(300, 300)).bytes();
    tiff[2] = 43;
    assert_eq!(code(&tiff), "unsupported_variant");
}

#[test]
fn several_pages_in_one_file_are_never_dropped_silently() {
    let file = TiffFile::of(&Picture::quarters(300, 300)).pages(3).bytes();

    let fault = prepare(&file, &card_rule()).unwrap_err();

    assert_eq!(fault, CaptureFault::SeveralPages { pages: 3 });
    assert_eq!(fault.code(), "several_pages");
}

#[test]
fn a_frame_whose_buffer_does_not_fit_is_refused() {
    let rgba = vec![0; 640 * 480 * 4];
    for (width_px, height_px) in [(640, 481), (0, 480), (640, 0), (1, 1)] {
        let frame = Frame { rgba: &rgba, width_px, height_px };
        assert_eq!(prepare_frame(&frame, &card_rule()).unwrap_err().code(), "frame_mismatch");
        let judged = judge_frame(&frame, DocumentShape::Card, 640);
        assert_eq!(judged.unwrap_err().code(), "frame_mismatch");
    }
    let frame = Frame { rgba: &rgba, width_px: u32::MAX, height_px: u32::MAX };
    assert_eq!(prepare_frame(&frame, &card_rule()).unwrap_err().code(), "too_many_pixels");
}

/// Two thousand damaged files per format. `decoder_failed` would be a panic that was caught: the
/// last line of defence, which no decoder may need here.
fn survive(name: &str, file: &[u8], seed: u64) {
    let mut codes = std::collections::BTreeMap::<&str, u32>::new();
    for (index, damaged) in Mutations::new(file, seed).take(2000).enumerate() {
        let code = code(&damaged);
        assert_ne!(code, "decoder_failed", "{name}, seed {seed}, mutation {index}");
        *codes.entry(code).or_default() += 1;
    }
    println!("{name}: {codes:?}");
    assert!(codes.len() > 2, "the mutations of {name} hit nothing: {codes:?}");
}

/// Small, and with enough noise that every bit of a file counts.
fn small() -> Picture {
    let mut chance = Chance::new(4);
    let quarters = Picture::quarters(212, 204);
    Picture::drawn(212, 204, |x, y| {
        quarters.at(x, y).map(|level| level.saturating_add(chance.below(12) as u8))
    })
}

#[test]
fn two_thousand_damaged_jpegs_do_no_harm() {
    let file = JpegFile::of(&small()).quality(60).exif(Exif::personal(6)).bytes();
    survive("jpeg", &file, 1);
}

#[test]
fn two_thousand_damaged_progressive_jpegs_do_no_harm() {
    let file = JpegFile::of(&small()).quality(60).progressive().profile(&display_p3()).bytes();
    survive("progressive", &file, 2);
}

#[test]
fn two_thousand_damaged_four_colour_jpegs_do_no_harm() {
    survive("cmyk", &JpegFile::of(&small()).quality(60).inks_as_ycck().bytes(), 3);
}

#[test]
fn two_thousand_damaged_pngs_do_no_harm() {
    let file = PngFile::of(&small(), PngKind::Palette)
        .interlaced()
        .profile(&display_p3())
        .exif(Exif::personal(3))
        .bytes();
    survive("png", &file, 4);
}

#[test]
fn two_thousand_damaged_webps_do_no_harm() {
    let file = WebpFile::of(&small()).exif(Exif::personal(8)).profile(&display_p3()).bytes();
    survive("webp", &file, 5);
}

#[test]
fn two_thousand_damaged_tiffs_do_no_harm() {
    survive("tiff", &TiffFile::of(&small()).orientation(5).profile(&display_p3()).bytes(), 6);
}

#[test]
fn two_thousand_damaged_bitmaps_do_no_harm() {
    survive("bmp", &bmp(&small()), 7);
}
