//! Licences are read from photos of their back, and no photo is lost because none was read.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use satchel_capture::{Licence, PhotoRule, prepare};
use satchel_fixtures::{Background, Defect, Specimen, licence_of};
use support::card_rule;

/// Of photos whose blur is within limits this share must be read.
const SHARE_MIN: f64 = 0.95;

fn rule() -> PhotoRule {
    PhotoRule { reads_licence: true, ..card_rule() }
}

/// How many photos are taken: `SATCHEL_BARCODES`, or few.
fn count() -> u64 {
    std::env::var("SATCHEL_BARCODES").map_or(12, |count| count.parse().unwrap())
}

#[test]
fn licences_on_every_background_are_read_and_never_wrongly() {
    const BACKGROUNDS: [Background; 4] =
        [Background::Dark, Background::Light, Background::Wood, Background::Cloth];
    let count = count();
    let (mut read, mut missed) = (0, Vec::new());
    for seed in 0..count {
        let background = BACKGROUNDS[(seed % 4) as usize];
        let specimen = Specimen::licence_back(seed).background(background);
        let specimen = match seed % 3 {
            0 => specimen,
            1 => specimen.defect(Defect::Tilt(0.10)),
            _ => specimen.defect(Defect::Blur(0.9)),
        };
        let photo = prepare(&specimen.jpeg(), &rule()).unwrap();
        let expected = Licence::read(&licence_of(seed));
        assert!(expected.is_some());
        match photo.licence {
            None => missed.push(seed),
            some => {
                assert_eq!(some, expected, "seed {seed}");
                read += 1;
            }
        }
    }
    let share = f64::from(read) / count as f64;
    println!("{read} of {count} read; not: {missed:?}");
    assert!(share >= SHARE_MIN, "{share}: {missed:?}");
}

#[test]
fn a_licence_is_read_where_its_outline_is_not_found_and_turned_on_its_head() {
    let close = Specimen::licence_back(3).artwork();
    let upside_down = close.stored_as(3);
    for picture in [close, upside_down] {
        let file = satchel_fixtures::JpegFile::of(&picture).quality(93).bytes();
        assert!(prepare(&file, &rule()).unwrap().licence.is_some());
    }
}

#[test]
fn nothing_is_read_where_nobody_asks_or_nothing_is() {
    let back = Specimen::licence_back(5).jpeg();
    assert_eq!(prepare(&back, &card_rule()).unwrap().licence, None);
    let front = Specimen::card(5).jpeg();
    assert_eq!(prepare(&front, &rule()).unwrap().licence, None);
}
