//! The texts of barcodes, from AAMVA's first version to its tenth, with what issuers do to them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use satchel_capture::{Licence, LicenceCountry};
use satchel_fixtures::{Holder, licence_text};

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn every_version_says_the_same_of_the_same_holder() {
    let holder = Holder::us();
    for version in 1..=10 {
        let licence = Licence::read(&licence_text(&holder, version)).unwrap();

        let expected = Licence {
            version,
            country: LicenceCountry::Us,
            family_name: some(&holder.family_name),
            given_name: some(&holder.given_name),
            middle_name: some(&holder.middle_name),
            born: some("1984-12-07"),
            expires: some("2031-03-09"),
            street: some("408 MILL ROAD"),
            street_2: some("APT 5"),
            city: some("RIVERTON"),
            region: some("WY"),
            postcode: some("82501-1234"),
            number: some("D1234567"),
        };
        assert_eq!(format!("{:?}", fields(&licence)), format!("{:?}", fields(&expected)));
        assert_eq!(licence, expected, "version {version}");
    }
}

#[test]
fn a_canadian_licence_has_its_year_first_and_its_own_postcode() {
    let holder = Holder::canadian();
    for version in 1..=10 {
        let licence = Licence::read(&licence_text(&holder, version)).unwrap();

        assert_eq!(licence.country, LicenceCountry::Ca, "version {version}");
        assert_eq!(licence.born, some("1984-12-07"));
        assert_eq!(licence.postcode, some("K1A 0B1"));
        assert_eq!(licence.region, some("ON"));
    }
}

#[test]
fn what_issuers_write_for_nothing_is_nothing() {
    for nothing in ["NONE", "unavl", "  ", "N/A"] {
        let mut holder = Holder::us();
        holder.middle_name = nothing.to_owned();
        let licence = Licence::read(&licence_text(&holder, 8)).unwrap();
        assert_eq!(licence.middle_name, None, "{nothing}");
    }
}

#[test]
fn a_directory_with_wrong_offsets_hides_nothing() {
    let right = licence_text(&Holder::us(), 9);
    let wrong = right.replacen("DL0041", "DL9999", 1);
    assert_ne!(right, wrong);

    assert_eq!(Licence::read(&wrong), Licence::read(&right));
}

#[test]
fn a_date_that_is_none_is_left_out() {
    let text = licence_text(&Holder::us(), 8).replace("12071984", "13451984");
    let licence = Licence::read(&text).unwrap();
    assert_eq!((licence.born, licence.expires), (None, some("2031-03-09")));
}

#[test]
fn other_barcodes_are_no_licence() {
    for text in
        ["", "@", "https://example.test", "@\n\u{1e}\rANSI ", "ANSI 63600X09", "ANSI 636000"]
    {
        assert_eq!(Licence::read(text), None, "{text:?}");
    }
}

#[test]
fn no_cut_and_no_changed_byte_breaks_the_reading() {
    let text = licence_text(&Holder::us(), 10);
    for at in 0..text.len() {
        let _ = Licence::read(&text[..at]);
        for byte in [0u8, b'\n', b'D', b'9', b'~'] {
            let mut changed = text.clone().into_bytes();
            changed[at] = byte;
            let _ = Licence::read(&String::from_utf8(changed).unwrap());
        }
    }
}

#[test]
fn debug_output_of_a_licence_shows_nobody() {
    let holder = Holder::us();
    let shown = format!("{:?}", Licence::read(&licence_text(&holder, 8)).unwrap());
    assert!(!shown.contains(&holder.family_name) && !shown.contains("D1234567"), "{shown}");
}

/// What a difference is shown by, as the debug output shows nothing.
fn fields(licence: &Licence) -> [Option<&String>; 8] {
    [
        licence.family_name.as_ref(),
        licence.given_name.as_ref(),
        licence.middle_name.as_ref(),
        licence.born.as_ref(),
        licence.expires.as_ref(),
        licence.street.as_ref(),
        licence.postcode.as_ref(),
        licence.number.as_ref(),
    ]
}
