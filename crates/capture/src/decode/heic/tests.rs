//! Held against Debian's `heif-convert`, on files of Debian's `heif-enc`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::path::Path;
use std::process::Command;

use satchel_fixtures::{Exif, JpegFile, Picture, PngFile, PngKind, Specimen, display_p3};

use super::super::{Decoded, Samples};

/// Below this a decoder is not the same to the eye.
const PSNR_MIN: f64 = 40.0;

/// Encodes a file by the reference encoder.
fn heic(folder: &Path, name: &str, source: &[u8], options: &[&str]) -> Vec<u8> {
    let (from, to) = (folder.join(name), folder.join("made.heic"));
    std::fs::write(&from, source).unwrap();
    run(Command::new("heif-enc").args(options).arg("-o").arg(&to).arg(&from));
    std::fs::read(to).unwrap()
}

/// Decodes a file by the reference decoder.
fn reference(folder: &Path, heic: &[u8]) -> Picture {
    let (from, to) = (folder.join("again.heic"), folder.join("converted.png"));
    std::fs::write(&from, heic).unwrap();
    run(Command::new("heif-convert").arg("--quiet").arg(&from).arg(&to));
    let picture = image::load_from_memory(&std::fs::read(to).unwrap()).unwrap().into_rgb8();
    Picture { width: picture.width(), height: picture.height(), rgb: picture.into_raw() }
}

fn run(command: &mut Command) {
    let output = command.output().expect("Debian's libheif-examples is installed by xtask");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn ours(heic: &[u8]) -> (Picture, Option<Vec<u8>>) {
    let Decoded { width, height, samples, profile, .. } = super::decode(heic).unwrap();
    let Samples::Rgb(rgb) = samples else { panic!("not RGB") };
    (Picture { width, height, rgb }, profile)
}

fn psnr(a: &Picture, b: &Picture) -> f64 {
    assert_eq!((a.width, a.height), (b.width, b.height));
    let squares = a.rgb.iter().zip(&b.rgb).map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2));
    let mean = squares.sum::<f64>() / a.rgb.len() as f64;
    10.0 * (255.0 * 255.0 / mean.max(1e-9)).log10()
}

fn same_as_reference(name: &str, folder: &Path, heic: &[u8]) -> Picture {
    let (ours, _) = ours(heic);
    let psnr = psnr(&ours, &reference(folder, heic));
    println!("{name}: {psnr:.1} dB");
    assert!(psnr >= PSNR_MIN, "{name}: {psnr:.1} dB");
    ours
}

#[test]
fn every_kind_of_heic_is_decoded_as_the_reference_does() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let card = Specimen::card(41).size(1000, 750).picture();
    let odd = Specimen::card(42).size(641, 479).picture();
    let png = |picture: &Picture| PngFile::of(picture, PngKind::Rgb).bytes();
    let deep = PngFile::of(&card, PngKind::Rgb16).bytes();
    let files: [(&str, Vec<u8>, &[&str]); 6] = [
        ("4:2:0", png(&card), &["-q", "90"]),
        ("coarse", png(&card), &["-q", "30"]),
        ("4:4:4", png(&card), &["-q", "90", "-p", "chroma=444"]),
        ("lossless", png(&card), &["-L", "-p", "chroma=444", "--matrix_coefficients", "0"]),
        ("10 bits", deep, &["-q", "90", "-b", "10"]),
        ("odd sides", png(&odd), &["-q", "90"]),
    ];
    for (name, source, options) in files {
        let made = heic(folder, "source.png", &source, options);
        same_as_reference(name, folder, &made);
    }
}

#[test]
fn a_turn_is_done_once_although_exif_repeats_it() {
    let folder = tempfile::tempdir().unwrap();
    let upright = Specimen::card(43).size(640, 480).picture();
    for (orientation, quarters) in [(3, 2), (6, 3), (8, 1)] {
        let stored = upright.stored_as(orientation);
        let exif = Exif::orientation(u16::from(orientation));
        let jpeg = JpegFile::of(&stored).exif(exif).quality(95).bytes();
        let made = turned(heic(folder.path(), "source.jpg", &jpeg, &["-q", "95"]), quarters);
        assert!(repeats_in_exif(&made, orientation));

        let decoded = same_as_reference("turned", folder.path(), &made);

        let difference = decoded.difference(&upright);
        assert!(difference < 8.0, "orientation {orientation} differs by {difference}");
    }
}

/// Phones write a turn twice, into the container and into EXIF.
fn repeats_in_exif(heic: &[u8], orientation: u8) -> bool {
    let tag = [1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation];
    heic.windows(tag.len()).any(|at| at == tag)
}

/// Writes the turn into the container, by quarters against the clock: this encoder writes none.
/// The picture is the only item with properties, and they are the last in their lists.
fn turned(mut heic: Vec<u8>, quarters: u8) -> Vec<u8> {
    let turn = [&9_u32.to_be_bytes()[..], b"irot", &[quarters]].concat();
    let begin = |heic: &[u8], name: &[u8; 4]| {
        heic.windows(4).position(|at| at == name).expect("a box that every file has") - 4
    };
    let grow = |heic: &mut [u8], at: usize, by: usize| {
        let number: [u8; 4] = heic[at..at + 4].try_into().unwrap();
        let grown = u32::from_be_bytes(number) + u32::try_from(by).unwrap();
        heic[at..at + 4].copy_from_slice(&grown.to_be_bytes());
        usize::try_from(grown).unwrap() - by
    };
    let added = turn.len() + 1;
    for name in [b"meta", b"iprp"] {
        let at = begin(&heic, name);
        grow(&mut heic, at, added);
    }
    let (places, items) = (begin(&heic, b"iloc") + 16, 2);
    for item in 0..items {
        grow(&mut heic, places + item * 18 + 4, added);
    }
    let of_item = begin(&heic, b"ipma");
    let end = of_item + grow(&mut heic, of_item, 1);
    heic[of_item + 18] += 1;
    let number = heic[of_item + 18];
    heic.insert(end, 0x80 | number);
    let properties = begin(&heic, b"ipco");
    let end = properties + grow(&mut heic, properties, turn.len());
    heic.splice(end..end, turn);
    heic
}

#[test]
fn a_profile_is_handed_on() {
    let folder = tempfile::tempdir().unwrap();
    let jpeg = JpegFile::of(&Picture::quarters(320, 240)).profile(&display_p3()).bytes();
    let made = heic(folder.path(), "source.jpg", &jpeg, &["-q", "90"]);

    assert_eq!(ours(&made).1, Some(display_p3()));
}

#[test]
fn pixels_without_their_alpha_stay_in_order() {
    let rgba = (0..=255).collect::<Vec<u8>>();
    let expected: Vec<u8> = rgba.chunks(4).flat_map(|pixel| pixel[..3].iter().copied()).collect();
    assert_eq!(super::without_alpha(rgba), expected);
}
