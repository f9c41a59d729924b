//! Names, addresses, dates, phones and national numbers.

use serde_json::Value;

use super::error::WepayError;
use super::validate::Block;
use crate::clock::is_calendar_date;
use crate::options::Switches;

/// The countries that WePay serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Country {
    Us,
    Ca,
    Gb,
}

/// First and last name are required; nothing is refused for its length, WePay cuts it.
pub(crate) fn name(owner: &Block) -> Result<(), WepayError> {
    let name = owner.block("name")?;
    name.unbounded_text("first")?;
    if name.value("middle").is_some_and(|middle| !middle.is_string()) {
        return Err(name.invalid("middle", "it is not a string"));
    }
    name.unbounded_text("last")?;
    Ok(())
}

/// Checks an address and gives its country.
pub(crate) fn address(holder: &Block, switches: &Switches) -> Result<Country, WepayError> {
    let address = holder.block("address")?;
    let country = country(&address)?;
    let street = address.text("address1")?;
    if country == Country::Us {
        us_street(&address, street, switches)?;
    }
    address.optional_text("address2")?;
    address.text("city")?;
    match country {
        Country::Us | Country::Ca => address.text("region").map(Some)?,
        Country::Gb => address.optional_text("region")?,
    };
    address.text("postal_code")?;
    Ok(country)
}

fn country(address: &Block) -> Result<Country, WepayError> {
    match address.text("country")?.trim().to_ascii_uppercase().as_str() {
        "US" => Ok(Country::Us),
        "CA" => Ok(Country::Ca),
        "GB" => Ok(Country::Gb),
        _ => Err(address.invalid("country", "it is not one of US, CA, GB")),
    }
}

fn us_street(address: &Block, street: &str, switches: &Switches) -> Result<(), WepayError> {
    if !street.starts_with(|first: char| first.is_ascii_digit()) {
        return Err(address.invalid("address1", "it must begin with a digit"));
    }
    let literally = switches.literal_po && street.to_ascii_uppercase().contains("PO");
    if literally || has_po_token(street) {
        return Err(address.invalid("address1", "it must not contain PO"));
    }
    Ok(())
}

/// The words PO, P.O., P O and their like, which "Port" is not: `(?i)\bP\.?\s*O\.?\b`.
fn has_po_token(street: &str) -> bool {
    let is_word =
        |character: Option<&char>| character.is_some_and(|c| c.is_alphanumeric() || *c == '_');
    let characters: Vec<char> = street.chars().collect();
    (0..characters.len()).any(|at| {
        let before = at.checked_sub(1).and_then(|before| characters.get(before));
        let mut rest = characters.get(at..).unwrap_or_default().iter().peekable();
        if is_word(before) || !rest.next().is_some_and(|c| c.eq_ignore_ascii_case(&'P')) {
            return false;
        }
        rest.next_if_eq(&&'.');
        while rest.next_if(|c| c.is_whitespace()).is_some() {}
        rest.next().is_some_and(|c| c.eq_ignore_ascii_case(&'O')) && !is_word(rest.peek().copied())
    })
}

/// Month 1 to 12, day 1 to 31, and together a day of the calendar; any year, 1900 too.
pub(crate) fn date_of_birth(holder: &Block) -> Result<(), WepayError> {
    let date = holder.block("date_of_birth")?;
    let year = date.whole_number("year")?;
    let month = date.whole_number("month")?;
    let day = date.whole_number("day")?;
    if !(1..=12).contains(&month) {
        return Err(date.invalid("month", "it is not between 1 and 12"));
    }
    if !(1..=31).contains(&day) {
        return Err(date.invalid("day", "it is not between 1 and 31"));
    }
    if year < 1 || !is_calendar_date(year, month, day) {
        return Err(holder.invalid("date_of_birth", "there is no such day"));
    }
    Ok(())
}

/// A country code of one to three digits with or without a plus, and a number with digits in it.
pub(crate) fn phone(owner: &Block) -> Result<(), WepayError> {
    let phone = owner.block("phone")?;
    let code = phone.text_or_number("country_code")?;
    let digits = code.strip_prefix('+').unwrap_or(&code);
    if !(1..=3).contains(&digits.len()) || !all_digits(digits) {
        return Err(phone.invalid("country_code", "it is not one to three digits"));
    }
    let number = phone.text_or_number("phone_number")?;
    if !number.bytes().any(|b| b.is_ascii_digit()) {
        return Err(phone.invalid("phone_number", "it has no digits"));
    }
    Ok(())
}

/// Four digits, as a string or as a number; no list is checked.
pub(crate) fn mcc(holder: &Block) -> Result<(), WepayError> {
    let code = holder.text_or_number("mcc")?;
    if code.len() != 4 || !all_digits(&code) {
        return Err(holder.invalid("mcc", "it is not four digits"));
    }
    Ok(())
}

/// Nine digits in threes, with hyphens, spaces or nothing between them; no check digit.
pub(crate) fn social_insurance_number(compliance: &Block) -> Result<(), WepayError> {
    const FIELD: &str = "social_insurance_number";
    let Some(number) = compliance.optional_text(FIELD)? else {
        return Ok(());
    };
    let forms = [&b"nnn-nnn-nnn"[..], b"nnn nnn nnn", b"nnnnnnnnn"];
    if !forms.iter().any(|form| has_form(number, form)) {
        return Err(compliance.invalid(FIELD, "it is not of the form nnn-nnn-nnn"));
    }
    Ok(())
}

/// Which social security number an owner gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SsnGiven {
    Full,
    LastFour,
}

/// The full number or its last four digits; both only if they agree.
pub(crate) fn social_security_number(
    compliance: &Block,
    switches: &Switches,
) -> Result<SsnGiven, WepayError> {
    const FULL: &str = "social_security_number";
    const LAST_4: &str = "social_security_number_last_4";
    let full = compliance.value(FULL).map(|value| full_ssn(compliance, value, switches));
    let last_4 = compliance.value(LAST_4).map(|value| match value.as_str() {
        Some(digits) if has_form(digits, b"nnnn") => Ok(digits),
        Some(_) | None => Err(compliance.invalid(LAST_4, "it is not exactly 4 digits")),
    });
    match (full.transpose()?, last_4.transpose()?) {
        (None, None) => Err(WepayError::missing(&compliance.name_of(FULL))),
        (None, Some(_)) => Ok(SsnGiven::LastFour),
        (Some(_), None) => Ok(SsnGiven::Full),
        (Some(full), Some(last_4)) if full.ends_with(last_4) => Ok(SsnGiven::Full),
        (Some(_), Some(_)) => {
            Err(compliance.invalid(LAST_4, "it differs from social_security_number"))
        }
    }
}

fn full_ssn<'a>(
    compliance: &Block,
    value: &'a Value,
    switches: &Switches,
) -> Result<&'a str, WepayError> {
    let number = value.as_str().unwrap_or_default();
    let lenient = !switches.strict_ssn && has_form(number, b"nnnnnnnnn");
    if has_form(number, b"nnn-nn-nnnn") || lenient {
        return Ok(number);
    }
    Err(compliance.invalid("social_security_number", "it is not of the form nnn-nn-nnnn"))
}

fn has_form(text: &str, form: &[u8]) -> bool {
    let matches = |(byte, wanted): (u8, &u8)| match wanted {
        b'n' => byte.is_ascii_digit(),
        other => byte == *other,
    };
    text.len() == form.len() && text.bytes().zip(form).all(matches)
}

fn all_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn post_office_boxes_are_told_from_streets() {
        for street in ["1 PO Box 5", "1 P.O. Box", "1 p o box", "1 P.O.Box", "1 po", "1 P. O. 3"] {
            assert!(has_po_token(street), "{street}");
        }
        for street in ["1 Port Road", "1 Apollo Way", "1 Poe St", "12 Tempo", "1 P Street", "1 PO_"]
        {
            assert!(!has_po_token(street), "{street}");
        }
    }
}
