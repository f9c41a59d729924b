//! Answers in the one form in which providers take them. What was typed is kept as it was.

use jiff::civil::Date;

use super::answers::Answers;
use super::who::Country;

/// Why a text is no date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DateFault {
    /// Not `YYYY-MM-DD`.
    #[error("not of the form YYYY-MM-DD")]
    Format,
    /// No such day, such as 30 February.
    #[error("no such day")]
    Impossible,
}

/// Reads `YYYY-MM-DD`.
///
/// # Errors
/// [`DateFault::Format`] for another form, [`DateFault::Impossible`] for a day that no calendar
/// has.
pub fn parse_date(text: &str) -> Result<Date, DateFault> {
    let parts: Vec<&str> = text.trim().split('-').collect();
    let [year, month, day] = parts.as_slice() else { return Err(DateFault::Format) };
    let year = number(year, 4).ok_or(DateFault::Format)?;
    let month = number(month, 2).and_then(|n| i8::try_from(n).ok()).ok_or(DateFault::Format)?;
    let day = number(day, 2).and_then(|n| i8::try_from(n).ok()).ok_or(DateFault::Format)?;
    Date::new(year, month, day).map_err(|_| DateFault::Impossible)
}

fn number(text: &str, digits: usize) -> Option<i16> {
    let well_formed = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
    well_formed.then(|| text.parse().ok()).flatten()
}

/// The ASCII digits of a text.
pub fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// Upper case, without any space.
pub fn upper_compact(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect()
}

/// A social security number as `nnn-nn-nnnn`; hyphens and spaces may be left out.
pub fn ssn(text: &str) -> Option<String> {
    grouped(text, &[3, 2, 4])
}

/// The last four digits of a social security number, when exactly those were given.
pub fn ssn_last_4(text: &str) -> Option<String> {
    let text = text.trim();
    (text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.to_owned())
}

/// A social insurance number as `nnn-nnn-nnn`; hyphens and spaces may be left out.
pub fn sin(text: &str) -> Option<String> {
    grouped(text, &[3, 3, 3])
}

/// An employer identification number as `nn-nnnnnnn`; the hyphen may be left out.
pub fn ein(text: &str) -> Option<String> {
    grouped(text, &[2, 7])
}

/// Digits in groups of these sizes. The groups may be joined, or parted by one hyphen or space.
fn grouped(text: &str, sizes: &[usize]) -> Option<String> {
    let text = text.trim();
    let parts: Vec<&str> = text.split(['-', ' ']).collect();
    let joined = matches!(parts.as_slice(), [_]);
    let in_place =
        parts.len() == sizes.len() && parts.iter().zip(sizes).all(|(p, n)| p.len() == *n);
    let only_digits = parts.iter().all(|p| p.bytes().all(|b| b.is_ascii_digit()));
    let all: String = parts.concat();
    if !(only_digits && (joined || in_place) && all.len() == sizes.iter().sum::<usize>()) {
        return None;
    }
    let mut rest = all.as_str();
    let mut groups = Vec::new();
    for size in sizes {
        let (group, tail) = rest.split_at_checked(*size)?;
        groups.push(group);
        rest = tail;
    }
    Some(groups.join("-"))
}

/// A dialling code as `+` and digits.
pub fn phone_code(text: &str) -> String {
    format!("+{}", digits(text))
}

/// A two-letter country or region code in upper case.
pub fn upper_code(text: &str) -> String {
    text.trim().to_uppercase()
}

/// The region as it goes out: a two-letter code, or empty where addresses have none.
pub fn region(text: &str, country: &str) -> String {
    match Country::parse(country) {
        Some(Country::Gb) => String::new(),
        Some(Country::Us | Country::Ca) | None => upper_code(text),
    }
}

/// First, middle and last name under `prefix`, joined by spaces.
pub fn full_name(answers: &Answers, prefix: &str) -> String {
    let part = |part: &str| answers.text(&format!("{prefix}.{part}")).to_owned();
    joined(&[part("first"), part("middle"), part("last")], " ")
}

/// What is not empty, joined.
pub fn joined(parts: &[String], separator: &str) -> String {
    parts.iter().filter(|p| !p.is_empty()).cloned().collect::<Vec<_>>().join(separator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn national_numbers_get_their_hyphens() {
        assert_eq!(ssn(" 111221234 ").as_deref(), Some("111-22-1234"));
        assert_eq!(ssn("111 22 1234").as_deref(), Some("111-22-1234"));
        assert_eq!(sin("046454286").as_deref(), Some("046-454-286"));
        assert_eq!(ein("121234567").as_deref(), Some("12-1234567"));
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["", "1234", "111-22-12345", "111--22-1234", "١١١-٢٢-١٢٣٤", "111-22-123é"]
        {
            assert_eq!(ssn(text), None, "{text}");
        }
        assert_eq!(ssn_last_4("12345"), None);
        assert_eq!(ssn_last_4("111-22-1234"), None);
    }

    #[test]
    fn a_dialling_code_has_one_plus() {
        assert_eq!((phone_code("+44"), phone_code("1")), ("+44".to_owned(), "+1".to_owned()));
    }

    #[test]
    fn a_region_is_upper_case_or_empty_where_there_is_none() {
        assert_eq!(region(" il ", "US"), "IL");
        assert_eq!(region("Avon", "GB"), "");
    }

    #[test]
    fn a_full_name_has_no_gap() {
        let answers: Answers =
            [("o.name.first", "Michael"), ("o.name.last", "Winter")].into_iter().collect();
        assert_eq!(full_name(&answers, "o.name"), "Michael Winter");
    }
}
