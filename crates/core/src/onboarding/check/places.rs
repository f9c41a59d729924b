//! Postal codes and regions of the countries that are offered.

use super::{Country, Remark};

/// States, the district, territories and military addresses of the United States.
const US_REGIONS: &[&str] = &[
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN", "IA",
    "KS", "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM",
    "NY", "NC", "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA",
    "WV", "WI", "WY", "AS", "GU", "MP", "PR", "VI", "UM", "AA", "AE", "AP",
];

/// Provinces and territories of Canada.
const CA_REGIONS: &[&str] =
    &["AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT"];

/// The region codes of a country; none for the United Kingdom, whose addresses have no region.
pub fn regions(country: Country) -> &'static [&'static str] {
    match country {
        Country::Us => US_REGIONS,
        Country::Ca => CA_REGIONS,
        Country::Gb => &[],
    }
}

pub(super) fn is_region(answer: &str, country: Country) -> bool {
    regions(country).iter().any(|code| code.eq_ignore_ascii_case(answer))
}

/// No provider states a rule for postal codes, so this only warns. The detail is what was typed.
pub(super) fn postal_code_remark(answer: &str, country: Country) -> Option<Remark> {
    let compact = crate::onboarding::normal::upper_compact(answer);
    let (fine, code) = match country {
        Country::Us => (is_us(answer), "postal_code_us"),
        Country::Ca => (is_ca(&compact), "postal_code_ca"),
        Country::Gb => (is_gb(&compact), "postal_code_gb"),
    };
    (!fine).then(|| Remark::warn(code).with(answer))
}

fn is_us(answer: &str) -> bool {
    let all_digits =
        |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    match answer.split_once('-') {
        Some((zip, plus_4)) => all_digits(zip, 5) && all_digits(plus_4, 4),
        None => all_digits(answer, 5),
    }
}

/// Letter, digit, letter, digit, letter, digit; some letters are never used.
fn is_ca(compact: &str) -> bool {
    let letter = |b: u8| b.is_ascii_uppercase() && !b"DFIOQU".contains(&b);
    let compact: String = compact.chars().filter(|c| *c != '-').collect();
    compact.len() == 6
        && compact.bytes().enumerate().all(|(place, b)| match place {
            0 => letter(b) && b != b'W' && b != b'Z',
            2 | 4 => letter(b),
            1 | 3 | 5 => b.is_ascii_digit(),
            _ => false,
        })
}

/// An outward part of two to four characters, then a digit and two letters.
fn is_gb(compact: &str) -> bool {
    if !compact.is_ascii() || !(5..=7).contains(&compact.len()) {
        return false;
    }
    let (outward, inward) = compact.split_at(compact.len() - 3);
    let inward_is_fine = inward.bytes().enumerate().all(|(place, b)| match place {
        0 => b.is_ascii_digit(),
        1 | 2 => b.is_ascii_uppercase(),
        _ => false,
    });
    inward_is_fine && is_gb_outward(outward)
}

/// `A9 A99 AA9 AA99 A9A AA9A`.
fn is_gb_outward(outward: &str) -> bool {
    let area = outward.bytes().take_while(u8::is_ascii_uppercase).count();
    let district: Vec<u8> = outward.bytes().skip(area).collect();
    let district_is_fine = match district.as_slice() {
        [a] => a.is_ascii_digit(),
        [a, b] => a.is_ascii_digit() && b.is_ascii_alphanumeric(),
        [] | [_, _, ..] => false,
    };
    (1..=2).contains(&area) && district_is_fine
}
