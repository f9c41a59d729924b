//! The judgement on labelled photos: sound ones pass, each defect is called by its name. Prints the
//! confusion table.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use satchel_capture::{
    Basis, Frame, MeasureCode, MeasureVerdict, PhotoRule, QualityReport, Verdict, judge_frame,
    prepare,
};
use satchel_fixtures::{Background, Defect, JpegFile, Picture, Specimen};
use support::{bill_rule, card_rule, passport_rule};

/// What a photo is, and the measure that must be bad for it; None for a sound one.
type Label = (&'static str, Option<Defect>, Option<MeasureCode>);

const LABELS: [Label; 11] = [
    ("sound", None, None),
    ("a little shade", Some(Defect::Shadow(0.7)), None),
    ("a little noise", Some(Defect::Noise(5.0)), None),
    ("a little tilt", Some(Defect::Tilt(0.07)), None),
    ("out of focus", Some(Defect::Blur(5.5)), Some(MeasureCode::Sharpness)),
    ("shaken", Some(Defect::Shake(22.0)), Some(MeasureCode::Sharpness)),
    ("glare", Some(Defect::Glare(0.09)), Some(MeasureCode::Glare)),
    ("dark", Some(Defect::Dark(0.2)), Some(MeasureCode::Brightness)),
    ("hazy", Some(Defect::Haze(0.12)), Some(MeasureCode::Contrast)),
    ("small", Some(Defect::Small(0.42)), Some(MeasureCode::Resolution)),
    ("cut off", Some(Defect::CutCorner), Some(MeasureCode::Corners)),
];

#[derive(Debug, Default)]
struct Row {
    verdicts: [usize; 3],
    named: usize,
}

fn table(name: &str, seeds: u64, judge: impl Fn(u64, Option<Defect>) -> QualityReport) -> Vec<Row> {
    let mut rows: Vec<Row> = LABELS.iter().map(|_| Row::default()).collect();
    for seed in 0..seeds {
        for ((label, defect, expected), row) in LABELS.iter().zip(&mut rows) {
            let report = judge(seed, *defect);
            row.verdicts[report.verdict as usize] += 1;
            let is_bad = |code| report.bad().any(|measure| measure.code == code);
            row.named += usize::from(expected.is_some_and(is_bad));
            let is_right = match expected {
                None => report.verdict == Verdict::Good,
                Some(code) => is_bad(*code),
            };
            if !is_right {
                println!("{name} {seed}, {label}: {}", short(&report));
            }
        }
    }
    println!("{name:>10}: {:>16} good warn  bad named", "label");
    for ((label, _, _), row) in LABELS.iter().zip(&rows) {
        let [good, warn, bad] = row.verdicts;
        println!("{name:>10}: {label:>16} {good:4} {warn:4} {bad:4} {:5}", row.named);
    }
    rows
}

fn short(report: &QualityReport) -> String {
    let each = report.measures.iter().map(|measure| {
        let mark = match measure.verdict {
            MeasureVerdict::Good => "",
            MeasureVerdict::Warn => "?",
            MeasureVerdict::Bad => "!",
            MeasureVerdict::NotMeasured => "~",
        };
        format!("{}={:.3}{mark}", measure.code.as_str(), measure.value.unwrap_or(f64::NAN))
    });
    each.collect::<Vec<_>>().join(" ")
}

/// Sound photos are never bad and nearly all good; of each defect at most one photo is missed.
fn hold(rows: &[Row], seeds: usize) {
    for ((label, _, expected), row) in LABELS.iter().zip(rows) {
        let [good, _, bad] = row.verdicts;
        match expected {
            None => {
                assert_eq!(bad, 0, "{label}");
                assert!(good + 1 >= seeds, "{label}: {good} of {seeds} good");
            }
            Some(_) => assert!(row.named + 1 >= seeds, "{label}: {} of {seeds} named", row.named),
        }
    }
}

/// Judges the photo that a camera would take.
fn shot(photo: Specimen, defect: Option<Defect>, rule: &PhotoRule) -> QualityReport {
    let picture = defect.into_iter().fold(photo, Specimen::defect).picture();
    let rgba = picture.rgba();
    let frame = Frame { rgba: &rgba, width_px: picture.width, height_px: picture.height };
    judge_frame(&frame, rule.shape, picture.width).unwrap()
}

#[test]
fn cards_are_judged_as_labelled() {
    let rows = table("card", 4, |seed, defect| {
        shot(Specimen::card(seed).size(1400, 1050), defect, &card_rule())
    });
    hold(&rows, 4);
}

#[test]
fn backs_of_cards_are_judged_as_labelled() {
    let rows = table("back", 2, |seed, defect| {
        shot(Specimen::card_back(seed).size(1400, 1050), defect, &card_rule())
    });
    hold(&rows, 2);
}

#[test]
fn passports_are_judged_as_labelled() {
    let rows = table("passport", 2, |seed, defect| {
        shot(Specimen::passport(seed).size(1800, 1350), defect, &passport_rule())
    });
    hold(&rows, 2);
}

#[test]
fn bills_are_judged_as_labelled() {
    let rows = table("bill", 2, |seed, defect| {
        shot(Specimen::bill(seed).size(1800, 2400), defect, &bill_rule())
    });
    hold(&rows, 2);
}

#[test]
fn what_is_judged_is_what_is_sent() {
    let photo = Specimen::card(2).size(1400, 1050);
    let blurred = photo.clone().defect(Defect::Blur(5.5));

    assert_eq!(prepare(&photo.jpeg(), &card_rule()).unwrap().report.verdict, Verdict::Good);
    let report = prepare(&blurred.jpeg(), &card_rule()).unwrap().report;
    assert_eq!(report.verdict, Verdict::Bad);
    let bad: Vec<&str> = report.bad().map(|measure| measure.code.as_str()).collect();
    assert_eq!(bad, ["sharpness"]);
}

#[test]
fn the_outline_is_found_within_a_hundredth_of_the_frame() {
    let (mut found, mut right, mut all) = (0, 0, 0);
    for seed in 0..5 {
        for background in [Background::Dark, Background::Light, Background::Wood, Background::Cloth]
        {
            let photo = Specimen::card(seed).background(background).size(960, 720);
            let report = judged(&photo.picture());
            let Some(quad) = report.quad else { continue };
            found += 1;
            let off = quad
                .corners
                .iter()
                .zip(photo.corners())
                .map(|(corner, (x, y))| (corner.x - x).hypot(corner.y - y));
            right += usize::from(off.fold(0.0, f64::max) < 0.01);
        }
        all += 4;
    }
    println!("{all} cards: {found} outlines found, {right} of them right");
    assert!(right * 100 >= all * 90, "{right} of {all}");
    assert!(right * 100 >= found * 94, "{right} of {found}");
}

#[test]
fn an_empty_table_has_no_outline_and_is_never_bad_for_it() {
    for background in [Background::Dark, Background::Wood, Background::Cloth] {
        let far_away = Specimen::card(1).background(background).defect(Defect::Small(0.01));
        let report = judged(&far_away.size(960, 720).picture());

        assert_eq!(report.quad, None, "{background:?}");
        let document = report.measure(MeasureCode::Document).unwrap();
        assert_eq!(document.verdict, MeasureVerdict::NotMeasured);
        assert_eq!(report.measure(MeasureCode::Resolution).unwrap().basis, Basis::Frame);
    }
}

#[test]
fn a_scan_without_borders_is_a_warning_at_most() {
    let scan = Specimen::bill(1).artwork();
    let report = prepare(&JpegFile::of(&scan).bytes(), &bill_rule()).unwrap().report;

    assert_ne!(report.verdict, Verdict::Bad, "{}", short(&report));
}

#[test]
fn a_live_frame_is_judged_as_the_shot_that_it_stands_for() {
    let photo = Specimen::card(2).size(640, 480).fill(0.75).picture();
    let rgba = photo.rgba();
    let frame = Frame { rgba: &rgba, width_px: 640, height_px: 480 };
    let judge = |shot_width_px| {
        let report = judge_frame(&frame, card_rule().shape, shot_width_px).unwrap();
        *report.measure(MeasureCode::Resolution).unwrap()
    };

    assert_eq!(judge(640).verdict, MeasureVerdict::Bad);
    assert_eq!(judge(1920).verdict, MeasureVerdict::Good);
    let ratio = judge(1920).value.unwrap() / judge(640).value.unwrap();
    assert!((2.99..3.01).contains(&ratio));
}

#[test]
fn a_live_frame_tells_a_blurred_card_from_a_crisp_one() {
    for seed in 0..2 {
        let verdict = |defect: Option<Defect>| {
            let photo =
                defect.into_iter().fold(Specimen::card(seed).size(960, 720), Specimen::defect);
            judged(&photo.picture()).measure(MeasureCode::Sharpness).unwrap().verdict
        };
        assert_eq!(verdict(None), MeasureVerdict::Good, "seed {seed}");
        assert_eq!(verdict(Some(Defect::Blur(8.0))), MeasureVerdict::Bad, "seed {seed}");
    }
}

#[test]
fn a_photocopy_is_seen_to_have_no_colour() {
    let colour = |photo: Specimen| {
        let report = judged(&photo.size(960, 720).picture());
        report.measure(MeasureCode::Colour).unwrap().verdict
    };

    assert_eq!(colour(Specimen::card(1)), MeasureVerdict::Good);
    assert_eq!(colour(Specimen::card(1).defect(Defect::Grey)), MeasureVerdict::Warn);
}

#[test]
fn the_same_photo_is_recognised_and_other_documents_are_not() {
    let picture = Specimen::card(1).size(1600, 1200).picture();
    let report = |file: &[u8]| prepare(file, &card_rule()).unwrap().report.fingerprint;
    let original = report(&JpegFile::of(&picture).bytes());
    let saved_again = report(&JpegFile::of(&picture).quality(35).bytes());
    let other_side = report(&Specimen::card_back(1).size(1600, 1200).jpeg());
    let other_card = report(&Specimen::card(5).size(1600, 1200).jpeg());

    println!(
        "saved again {}, other side {}, other card {}",
        original.distance(saved_again),
        original.distance(other_side),
        original.distance(other_card)
    );
    assert!(original.is_same_picture(saved_again));
    assert!(!original.is_same_picture(other_side));
    assert!(!original.is_same_picture(other_card));
}

fn judged(picture: &Picture) -> QualityReport {
    let rgba = picture.rgba();
    let frame = Frame { rgba: &rgba, width_px: picture.width, height_px: picture.height };
    judge_frame(&frame, card_rule().shape, picture.width).unwrap()
}
