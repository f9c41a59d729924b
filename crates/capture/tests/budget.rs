//! Bytes, pixels and quality by rule, and the chain that explains them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use satchel_capture::{
    CaptureFault, Chain, FormatsTaken, Frame, PhotoFormat, PhotoHash, PhotoRule, QualityReport,
    QuarterTurns, Transform, policy, prepare, prepare_frame, rerender, turn,
};
use satchel_fixtures::{Chance, Defect, JpegFile, Picture, PngFile, PngKind, Specimen};
use support::{CEILING, bill_rule, card_rule, pixels, quarters_of};

fn static_noise(width: u32, height: u32) -> Picture {
    let mut chance = Chance::new(9);
    Picture::drawn(width, height, |_, _| {
        let bits = chance.bits();
        [bits as u8, (bits >> 8) as u8, (bits >> 16) as u8]
    })
}

fn quality(steps: &[Transform]) -> u8 {
    match steps.last().unwrap() {
        Transform::Encoded { quality: Some(quality), .. } => *quality,
        other => panic!("{other:?}"),
    }
}

#[test]
fn cards_and_bills_meet_their_budgets() {
    for (file, rule) in [
        (Specimen::card(3).megapixels_12().jpeg(), card_rule()),
        (Specimen::card(1).defect(Defect::Noise(12.0)).jpeg(), card_rule()),
        (Specimen::bill(2).jpeg(), bill_rule()),
    ] {
        let photo = prepare(&file, &rule).unwrap();

        assert!(photo.upload.bytes.len() as u64 <= rule.bytes_aim);
        assert!((40..=92).contains(&quality(&photo.chain.to_upload)));
        assert!(photo.upload.width_px.max(photo.upload.height_px) <= rule.long_side_px);
        assert!(photo.evidence.width_px.max(photo.evidence.height_px) <= 4096);
    }
}

#[test]
fn the_highest_quality_that_meets_the_budget_is_found() {
    let file = Specimen::bill(2).jpeg();
    let tight = PhotoRule { bytes_aim: 250_000, ..bill_rule() };

    let photo = prepare(&file, &tight).unwrap();

    let used = quality(&photo.chain.to_upload);
    assert!((41..75).contains(&used), "quality {used}");
    assert!((200_000..=250_000).contains(&photo.upload.bytes.len()));
}

#[test]
fn a_simple_photo_is_given_more_quality_and_not_more_pixels() {
    let file = Specimen::card(1).size(1200, 900).jpeg();

    let photo = prepare(&file, &card_rule()).unwrap();

    assert!(quality(&photo.chain.to_upload) > 75);
    assert_eq!(photo.upload.width_px, 1200);
}

#[test]
fn a_plain_photo_stays_below_the_least_bytes() {
    let file = JpegFile::of(&Picture::plain(600, 600, [200; 3])).bytes();

    let photo = prepare(&file, &card_rule()).unwrap();

    assert!((photo.upload.bytes.len() as u64) < policy::UPLOAD_BYTES_MIN);
    assert_eq!(quality(&photo.chain.to_upload), policy::UPLOAD_QUALITY_TOP);
}

#[test]
fn a_photo_over_its_aim_at_the_floor_is_sent_under_the_providers_ceiling() {
    let file = JpegFile::of(&static_noise(2000, 1500)).bytes();

    let photo = prepare(&file, &card_rule()).unwrap();

    let bytes = photo.upload.bytes.len() as u64;
    assert!(bytes > card_rule().bytes_aim && bytes <= CEILING);
    assert_eq!(quality(&photo.chain.to_upload), 40);
}

#[test]
fn a_photo_over_the_ceiling_at_the_floor_is_a_fault() {
    let file = JpegFile::of(&static_noise(2000, 1500)).bytes();
    let rule = PhotoRule { bytes_max: 90_000, bytes_aim: 90_000, ..card_rule() };

    let fault = prepare(&file, &rule).unwrap_err();

    assert_eq!(fault.code(), "over_budget");
    assert!(
        matches!(fault, CaptureFault::OverBudget { bytes, bytes_max: 90_000 } if bytes > 90_000)
    );
}

#[test]
fn a_smaller_budget_needs_no_retake() {
    let file = Specimen::bill(2).jpeg();
    let photo = prepare(&file, &bill_rule()).unwrap();
    let smaller = PhotoRule { bytes_max: 220_000, bytes_aim: 220_000, ..bill_rule() };

    let again = rerender(&photo.evidence.bytes, &photo.chain, &smaller).unwrap();

    assert!(again.upload.bytes.len() <= 220_000);
    assert_eq!(again.chain.upload_sha256, PhotoHash::of(&again.upload.bytes));
    assert_eq!(again.chain.original, photo.chain.original);
    assert_eq!(again.chain.evidence_sha256, photo.chain.evidence_sha256);
}

#[test]
fn the_upload_can_be_made_again_from_the_evidence_byte_for_byte() {
    let file = Specimen::card(5).size(1200, 900).jpeg();
    let photo = prepare(&file, &card_rule()).unwrap();

    let again = rerender(&photo.evidence.bytes, &photo.chain, &card_rule()).unwrap();

    assert_eq!(again.upload, photo.upload);
    assert_eq!(again.chain, photo.chain);
    assert_eq!(again.report, photo.report);
}

#[test]
fn the_same_file_gives_the_same_bytes() {
    let file = Specimen::card(6).size(1200, 900).jpeg();

    assert_eq!(prepare(&file, &card_rule()).unwrap(), prepare(&file, &card_rule()).unwrap());
}

#[test]
fn the_chain_names_what_came_in_and_what_goes_out() {
    let file = Specimen::card(7).megapixels_12().jpeg();

    let photo = prepare(&file, &card_rule()).unwrap();

    let chain = &photo.chain;
    assert_eq!(chain.original.sha256, PhotoHash::of(&file));
    assert_eq!(chain.original.bytes, file.len() as u64);
    assert_eq!((chain.original.width_px, chain.original.height_px), (4032, 3024));
    assert_eq!(chain.evidence_sha256, PhotoHash::of(&photo.evidence.bytes));
    assert_eq!(chain.upload_sha256, PhotoHash::of(&photo.upload.bytes));
    assert!(matches!(
        chain.to_evidence[..],
        [
            Transform::Decoded { eighths: 8 },
            Transform::Encoded { format: PhotoFormat::Jpeg, quality: Some(90) },
        ]
    ));
}

#[test]
fn evidence_that_is_not_the_chains_is_refused() {
    let photo = prepare(&Specimen::card(8).size(800, 600).jpeg(), &card_rule()).unwrap();
    let mut changed = photo.evidence.bytes.clone();
    *changed.last_mut().unwrap() ^= 1;

    let fault = rerender(&changed, &photo.chain, &card_rule()).unwrap_err();

    assert_eq!(fault, CaptureFault::EvidenceMismatch);
}

#[test]
fn a_person_can_turn_a_photo_all_the_way_round() {
    let picture = Picture::quarters(600, 400);
    let mut photo = prepare(&JpegFile::of(&picture).bytes(), &card_rule()).unwrap();

    let once = turn(&photo.evidence.bytes, &photo.chain, QuarterTurns::One, &card_rule()).unwrap();
    assert_eq!((once.upload.width_px, once.upload.height_px), (400, 600));
    let [a, b, c, d] = quarters_of(&picture);
    assert_eq!(quarters_of(&pixels(&once.upload.bytes)), [d, a, b, c]);
    assert!(once.chain.to_evidence.contains(&Transform::Turned { quarter_turns: 1 }));

    for turns in [QuarterTurns::One, QuarterTurns::Two, QuarterTurns::Three, QuarterTurns::Two] {
        photo = turn(&photo.evidence.bytes, &photo.chain, turns, &card_rule()).unwrap();
    }
    assert!(pixels(&photo.upload.bytes).difference(&picture) < 4.0);
    assert_eq!(photo.chain.original.sha256, PhotoHash::of(&JpegFile::of(&picture).bytes()));
}

#[test]
fn line_art_is_sent_as_png_where_that_is_smaller_and_taken() {
    let drawing =
        Picture::drawn(
            900,
            700,
            |x, y| {
                if (x / 5 + y / 3) % 11 == 0 { [10, 10, 120] } else { [255; 3] }
            },
        );
    let file = PngFile::of(&drawing, PngKind::Rgb).bytes();
    let both = PhotoRule { formats: FormatsTaken::JpegAndPng, ..card_rule() };

    let taken = prepare(&file, &both).unwrap();
    let refused = prepare(&file, &card_rule()).unwrap();

    assert_eq!(taken.upload.format, PhotoFormat::Png);
    assert_eq!(pixels(&taken.upload.bytes), drawing);
    assert!(taken.upload.bytes.len() < refused.upload.bytes.len());
    assert_eq!(refused.upload.format, PhotoFormat::Jpeg);
    assert!(refused.upload.is_taken_by(&card_rule()) && !taken.upload.is_taken_by(&card_rule()));
}

#[test]
fn a_photo_is_never_sent_as_png() {
    let file = PngFile::of(&Specimen::card(1).size(800, 600).picture(), PngKind::Rgb).bytes();
    let both = PhotoRule { formats: FormatsTaken::JpegAndPng, ..card_rule() };

    assert_eq!(prepare(&file, &both).unwrap().upload.format, PhotoFormat::Jpeg);
}

#[test]
fn a_long_thin_strip_is_scaled_without_a_fault() {
    let strip = Picture::quarters(5000, 210);

    let photo = prepare(&JpegFile::of(&strip).bytes(), &card_rule()).unwrap();

    assert_eq!((photo.upload.width_px, photo.upload.height_px), (2000, 84));
}

#[test]
fn report_chain_and_faults_survive_json() {
    let picture = Picture::quarters(640, 480);
    let rgba = picture.rgba();
    let frame = Frame { rgba: &rgba, width_px: 640, height_px: 480 };
    let photo = prepare_frame(&frame, &card_rule()).unwrap();

    let chain = serde_json::to_string(&photo.chain).unwrap();
    let report = serde_json::to_string(&photo.report).unwrap();
    let fault = CaptureFault::OverBudget { bytes: 9, bytes_max: 8 };
    let fault_text = serde_json::to_string(&fault).unwrap();

    assert_eq!(serde_json::from_str::<Chain>(&chain).unwrap(), photo.chain);
    assert_eq!(serde_json::from_str::<QualityReport>(&report).unwrap(), photo.report);
    assert_eq!(serde_json::from_str::<CaptureFault>(&fault_text).unwrap(), fault);
    assert!(fault_text.contains("over_budget"), "{fault_text}");
    assert!(serde_json::from_str::<PhotoHash>("\"zz\"").is_err());
}
