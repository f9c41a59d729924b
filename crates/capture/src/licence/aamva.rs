//! AAMVA's DL/ID card design standard, versions 1 (2000) to 10 (2020), annex D: read leniently,
//! since offsets and lengths in real barcodes are often wrong.

use std::collections::BTreeMap;

use super::{Licence, LicenceCountry};

/// What stands before the issuer's number; the second in the first version.
const FILE_TYPES: [&str; 2] = ["ANSI ", "AAMVA"];

/// Types of subfiles that hold a person.
const SUBFILES: [&str; 3] = ["DL", "ID", "EN"];

/// What issuers write where there is nothing.
const NOTHING: [&str; 7] = ["", "NONE", "UNAVL", "UNAVAIL", "UNAVAILABLE", "N/A", "NA"];

/// The longest value in the standard has 40 characters; the longest that is kept.
const VALUE_CHARS_MAX: usize = 80;

/// Canada's provinces and territories.
const PROVINCES: [&str; 13] =
    ["AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT"];

const ISSUER_DIGITS: usize = 6;
const VERSION_DIGITS: usize = 2;
const VERSION_LAST: u8 = 10;

/// Reads a barcode's text; None when it is not a licence's.
pub(super) fn read(text: &str) -> Option<Licence> {
    let after = FILE_TYPES.iter().find_map(|kind| Some(text.split_once(kind)?.1))?;
    let issuer = after.get(..ISSUER_DIGITS)?;
    let version = after.get(ISSUER_DIGITS..ISSUER_DIGITS + VERSION_DIGITS)?;
    if !issuer.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let version = version.parse::<u8>().ok()?.clamp(1, VERSION_LAST);
    let elements = Elements::of(after);
    let country = elements.country();
    let licence = Licence {
        version,
        country,
        family_name: elements.family_name(),
        given_name: elements.given_name(),
        middle_name: elements.middle_name(),
        born: elements.day("DBB", version, country),
        expires: elements.day("DBA", version, country),
        street: elements.either(["DAG", "DAL"]),
        street_2: elements.either(["DAH", "DAM"]),
        city: elements.either(["DAI", "DAN"]),
        region: elements.either(["DAJ", "DAO"]),
        postcode: elements.either(["DAK", "DAP"]).and_then(|code| postcode(&code, country)),
        number: elements.value("DAQ"),
    };
    let says_something = licence.family_name.is_some() || licence.number.is_some();
    says_something.then_some(licence)
}

/// Values by their three letters.
struct Elements<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Elements<'a> {
    fn of(text: &'a str) -> Self {
        let mut elements = BTreeMap::new();
        for line in text.split(['\n', '\r', '\u{1e}', '\u{1c}']) {
            let element = from_subfile(line);
            if let Some((id, value)) = element.split_at_checked(3)
                && id.starts_with('D')
                && id.bytes().all(|byte| byte.is_ascii_uppercase())
            {
                // The first subfile is the person's own; others may repeat an element.
                elements.entry(id).or_insert(value);
            }
        }
        Self(elements)
    }

    fn value(&self, id: &str) -> Option<String> {
        let value = self.0.get(id)?.trim();
        let is_nothing = NOTHING.iter().any(|nothing| value.eq_ignore_ascii_case(nothing));
        if is_nothing || value.chars().any(char::is_control) {
            return None;
        }
        Some(value.chars().take(VALUE_CHARS_MAX).collect())
    }

    fn either(&self, ids: [&str; 2]) -> Option<String> {
        ids.into_iter().find_map(|id| self.value(id))
    }

    /// The parts of the first version's one field for all names: family, first, further ones.
    fn whole_name(&self) -> Vec<String> {
        let whole = self.value("DAA").unwrap_or_default();
        whole.split([',', '@']).map(|part| part.trim().to_owned()).collect()
    }

    fn family_name(&self) -> Option<String> {
        self.either(["DCS", "DAB"]).or_else(|| filled(self.whole_name().first()?))
    }

    fn given_name(&self) -> Option<String> {
        let given = self.value("DAC").or_else(|| filled(self.given_names().first()?));
        given.or_else(|| filled(self.whole_name().get(1)?))
    }

    fn middle_name(&self) -> Option<String> {
        if self.0.contains_key("DAD") {
            return self.value("DAD");
        }
        let given = self.given_names();
        let further = given.get(1..).filter(|further| !further.is_empty());
        let further = further.map(|further| further.join(" "));
        further.or_else(|| filled(self.whole_name().get(2)?))
    }

    /// The second and third versions' one field for all given names.
    fn given_names(&self) -> Vec<String> {
        let names = self.value("DCT").unwrap_or_default();
        names.split([',', ' ']).filter(|name| !name.is_empty()).map(str::to_owned).collect()
    }

    fn country(&self) -> LicenceCountry {
        let stated = self.value("DCG").unwrap_or_default();
        let region = self.either(["DAJ", "DAO"]).unwrap_or_default();
        match stated.as_str() {
            "CAN" | "CA" => LicenceCountry::Ca,
            "USA" | "US" => LicenceCountry::Us,
            _ if PROVINCES.contains(&region.as_str()) => LicenceCountry::Ca,
            _ => LicenceCountry::Us,
        }
    }

    /// The year comes first in the first version and in Canada, last in the US since; an issuer
    /// that does it the other way is understood where only one way gives a date.
    fn day(&self, id: &str, version: u8, country: LicenceCountry) -> Option<String> {
        let digits: String =
            self.value(id)?.chars().filter(|character| !"-/".contains(*character)).collect();
        if digits.len() != 8 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let number = |from: usize, to: usize| digits.get(from..to)?.parse::<u32>().ok();
        let year_first = day(number(0, 4)?, number(4, 6)?, number(6, 8)?);
        let year_last = day(number(4, 8)?, number(0, 2)?, number(2, 4)?);
        match (version, country) {
            (1, _) | (_, LicenceCountry::Ca) => year_first.or(year_last),
            (_, LicenceCountry::Us) => year_last.or(year_first),
        }
    }
}

/// A line without what of the header, the directory and the subfile's type stands before its first
/// element.
fn from_subfile(line: &str) -> &str {
    for kind in SUBFILES {
        let starts = line.match_indices(kind).map(|(at, _)| at + kind.len());
        for start in starts {
            let before = line.get(..start - kind.len()).unwrap_or_default();
            let rest = line.get(start..).unwrap_or_default();
            let is_header = before.bytes().all(|byte| byte.is_ascii_alphanumeric())
                && before.bytes().filter(u8::is_ascii_digit).count() * 2 >= before.len();
            let is_element = rest.starts_with('D')
                && rest.get(..3).is_some_and(|id| id.bytes().all(|b| b.is_ascii_uppercase()));
            if is_header && is_element {
                return rest;
            }
        }
    }
    line
}

fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn day(year: u32, month: u32, day: u32) -> Option<String> {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    let is_day = (1900..2100).contains(&year) && (1..=days).contains(&day);
    is_day.then(|| format!("{year:04}-{month:02}-{day:02}"))
}

fn postcode(code: &str, country: LicenceCountry) -> Option<String> {
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
    match country {
        LicenceCountry::Ca => {
            let (area, local) = code.split_at_checked(3)?;
            (local.len() == 3).then(|| format!("{area} {local}"))
        }
        LicenceCountry::Us if code.bytes().all(|byte| byte.is_ascii_digit()) => {
            let (zip, plus) = code.split_at_checked(5)?;
            match plus {
                "" | "0000" => Some(zip.to_owned()),
                plus if plus.len() == 4 => Some(format!("{zip}-{plus}")),
                _ => None,
            }
        }
        LicenceCountry::Us => None,
    }
}
