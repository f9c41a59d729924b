//! What the barcode of a licence says where the form asks for it.

use satchel_capture::{Licence, LicenceCountry};
use satchel_core::onboarding::{Answers, Requirements};

use crate::api::LicenceSaysView;

/// The person on a licence is the one that the form calls the owner.
const PERSON: &str = "owner.";

/// Every answer of the form that the licence knows, as it says it, and whether that was typed.
/// Never written over an answer by itself.
pub(crate) fn said(
    licence: &Licence,
    requirements: &Requirements,
    answers: &Answers,
) -> Vec<LicenceSaysView> {
    let country = match licence.country {
        LicenceCountry::Us => "US",
        LicenceCountry::Ca => "CA",
    };
    let says = [
        ("name.first", licence.given_name.as_deref()),
        ("name.middle", licence.middle_name.as_deref()),
        ("name.last", licence.family_name.as_deref()),
        ("date_of_birth", licence.born.as_deref()),
        ("address.address1", licence.street.as_deref()),
        ("address.address2", licence.street_2.as_deref()),
        ("address.city", licence.city.as_deref()),
        ("address.region", licence.region.as_deref()),
        ("address.postal_code", licence.postcode.as_deref()),
        ("address.country", Some(country)),
    ];
    let asked = requirements.sections.iter().flat_map(|section| &section.fields);
    asked
        .filter_map(|field| {
            let tail = field.path.strip_prefix(PERSON)?;
            let says = says.iter().find(|(path, _)| *path == tail)?.1?;
            let typed = answers.text(&field.path);
            let is_same = same(tail, says, typed);
            Some(LicenceSaysView { path: field.path.clone(), says: says.to_owned(), is_same })
        })
        .collect()
}

/// Licences are printed in capitals and without accents; a ZIP code may have its last four digits
/// or not.
fn same(tail: &str, says: &str, typed: &str) -> bool {
    let (says, typed) = (plain(says), plain(typed));
    match tail {
        "address.postal_code" => {
            says == typed || (says.len().min(typed.len()) == 5 && says.get(..5) == typed.get(..5))
        }
        _ => says == typed,
    }
}

fn plain(text: &str) -> String {
    let folded = text.chars().flat_map(char::to_uppercase).filter_map(|letter| match letter {
        'À'..='Å' => Some('A'),
        'Ç' => Some('C'),
        'È'..='Ë' => Some('E'),
        'Ì'..='Ï' => Some('I'),
        'Ñ' => Some('N'),
        'Ò'..='Ö' | 'Ø' => Some('O'),
        'Ù'..='Ü' => Some('U'),
        'Ý' => Some('Y'),
        letter => letter.is_alphanumeric().then_some(letter),
    });
    folded.collect()
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn capitals_accents_and_the_end_of_a_zip_code_are_no_difference() {
        for (tail, says, typed, expected) in [
            ("name.first", "NADIA", "Nadia", true),
            ("name.last", "OBRIEN", "O’Brien", true),
            ("name.last", "LEVESQUE", "Lévesque", true),
            ("name.last", "FERRARA", "Ferreira", false),
            ("name.last", "FERRARA", "", false),
            ("date_of_birth", "1984-12-07", "1984-12-07", true),
            ("date_of_birth", "1984-12-07", "1984-07-12", false),
            ("address.postal_code", "82501-1234", "82501", true),
            ("address.postal_code", "82501", "82501-9999", true),
            ("address.postal_code", "82501", "82502", false),
            ("address.postal_code", "K1A 0B1", "k1a0b1", true),
        ] {
            assert_eq!(same(tail, says, typed), expected, "{tail}: {says}, {typed}");
        }
    }
}
