//! PDF scans: one page becomes a photo; whatever acts or carries files is refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use satchel_capture::{CaptureFault, MeasureCode, SourceFormat, Transform, prepare, prepare_page};
use satchel_fixtures::{Background, Mutations, PdfExtra, PdfFile, Picture, Specimen};
use support::{bill_rule, contains, pixels, quarters_of};

/// A page as a scanner sees it, 150 dots per inch.
fn page(seed: u64) -> Picture {
    Specimen::bill(seed).background(Background::None).size(1240, 1754).picture()
}

fn code(file: &[u8]) -> &'static str {
    prepare(file, &bill_rule()).map_or_else(|fault| fault.code(), |_| "taken")
}

#[test]
fn a_scanned_page_becomes_a_photo_of_its_own_resolution() {
    let picture = Picture::quarters(1240, 1754);
    let photo = prepare(&PdfFile::scan(&picture).bytes(), &bill_rule()).unwrap();

    assert_eq!(photo.chain.original.format, SourceFormat::Pdf);
    assert_eq!(photo.chain.to_evidence[0], Transform::Drawn { page: 1 });
    let long = photo.evidence.width_px.max(photo.evidence.height_px);
    assert!(long.abs_diff(1754) <= 2, "not drawn finer than it was scanned: {long}");
    assert_eq!(quarters_of(&pixels(&photo.upload.bytes)), quarters_of(&picture));
    for rendition in [&photo.evidence, &photo.upload, &photo.preview] {
        assert!(!contains(&rendition.bytes, "%PDF"));
    }
}

#[test]
fn a_coarse_scan_does_not_look_fine() {
    let coarse = Specimen::bill(3).background(Background::None).size(620, 877).picture();
    let photo = prepare(&PdfFile::scan(&coarse).bytes(), &bill_rule()).unwrap();

    let resolution = photo.report.measure(MeasureCode::Resolution).unwrap();
    assert!(resolution.value.is_none_or(|dpi| dpi < 110.0), "{resolution:?}");
}

#[test]
fn a_page_that_was_turned_for_the_reader_is_turned() {
    let picture = Picture::quarters(1240, 1754);
    let file = PdfFile::scan(&picture.stored_as(8)).points(842.0, 595.0).rotate(270);
    let photo = prepare(&file.bytes(), &bill_rule()).unwrap();
    assert!(photo.evidence.height_px > photo.evidence.width_px);
}

#[test]
fn written_pages_are_drawn_with_the_fonts_that_every_reader_has() {
    let photo = prepare(&PdfFile::written().bytes(), &bill_rule()).unwrap();

    let seen = pixels(&photo.evidence.bytes);
    assert!(photo.evidence.height_px > 3400, "300 dpi");
    let ink = seen.rgb.iter().filter(|level| **level < 64).count();
    assert!(ink > 10_000, "the line of text is there: {ink}");
}

#[test]
fn a_page_is_chosen_and_never_guessed() {
    let (first, second) = (Picture::plain(800, 1100, [200, 60, 60]), page(5));
    let file = PdfFile::scan(&first).and(&second).bytes();

    assert_eq!(prepare(&file, &bill_rule()).unwrap_err(), CaptureFault::SeveralPages { pages: 2 });
    let one = prepare_page(&file, Some(1), &bill_rule()).unwrap();
    let [red, green, _] = pixels(&one.upload.bytes).at(400, 400);
    assert!(red > 180 && green < 80);
    let two = prepare_page(&file, Some(2), &bill_rule()).unwrap();
    assert_eq!(two.chain.to_evidence[0], Transform::Drawn { page: 2 });
    assert_ne!(one.upload.sha256, two.upload.sha256);
    for page in [0, 3, u32::MAX] {
        let fault = prepare_page(&file, Some(page), &bill_rule()).unwrap_err();
        assert_eq!(fault, CaptureFault::NoSuchPage { pages: 2 });
    }
}

#[test]
fn scripts_programs_forms_and_files_are_refused_wherever_they_stand() {
    let scan = PdfFile::scan(&Picture::quarters(400, 500));
    for extra in [
        PdfExtra::JavaScript,
        PdfExtra::HiddenJavaScript,
        PdfExtra::Launch,
        PdfExtra::EmbeddedFile,
        PdfExtra::SubmitForm,
    ] {
        assert_eq!(code(&scan.clone().extra(extra).bytes()), "pdf_active", "{extra:?}");
    }
    assert_eq!(code(&scan.clone().extra(PdfExtra::Link).bytes()), "taken");
    assert_eq!(code(&scan.locked().bytes()), "pdf_locked");
}

#[test]
fn pages_of_absurd_sizes_are_refused_or_kept_small() {
    let scan = PdfFile::scan(&Picture::quarters(400, 500));
    for (width, height) in [(14_400.0, 14_400.0), (1e30, 1e30), (0.0, 500.0), (10_000.0, 10.0)] {
        match prepare(&scan.clone().points(width, height).bytes(), &bill_rule()) {
            Ok(photo) => assert!(photo.evidence.width_px.max(photo.evidence.height_px) <= 4096),
            Err(fault) => assert!(["damaged", "too_small"].contains(&fault.code()), "{fault}"),
        }
    }
}

#[test]
fn damaged_scans_do_no_harm() {
    let scan = PdfFile::scan(&Picture::quarters(212, 300)).points(212.0, 300.0);
    let file = scan.extra(PdfExtra::Link).bytes();
    let mut codes = std::collections::BTreeMap::<&str, u32>::new();
    for (index, damaged) in Mutations::new(&file, 8).take(90).enumerate() {
        let code = code(&damaged);
        assert_ne!(code, "decoder_failed", "seed 8, mutation {index}");
        *codes.entry(code).or_default() += 1;
    }
    println!("{codes:?}");
    assert!(codes.len() > 2, "{codes:?}");
}
