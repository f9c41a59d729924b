//! What each kind of answer must look like.

use super::places::{is_region, postal_code_remark};
use super::{Answers, Country, FieldKind, Remark};
use crate::onboarding::normal::{DateFault, digits, parse_date, sin, ssn, upper_compact};

/// What is wrong with an answer of this kind; `answer` is trimmed and not empty.
pub(super) fn remark(kind: &FieldKind, answer: &str, answers: &Answers) -> Option<Remark> {
    match kind {
        FieldKind::Text | FieldKind::LongText | FieldKind::Name | FieldKind::Street => None,
        FieldKind::Date => date(answer),
        FieldKind::PhoneCode => unless(is_phone_code(answer), Remark::block("phone_code_format")),
        FieldKind::PhoneNumber => {
            unless(is_phone_number(answer), Remark::block("phone_number_format"))
        }
        FieldKind::Email => unless(is_email(answer), Remark::warn("email_format")),
        FieldKind::Url => unless(is_url(answer), Remark::warn("url_format")),
        FieldKind::PostalCode { country_path } => {
            postal_code_remark(answer, Country::parse(answers.text(country_path))?)
        }
        FieldKind::Region { country_path } => {
            region(answer, Country::parse(answers.text(country_path))?)
        }
        FieldKind::Country => {
            unless(Country::parse(answer).is_some(), Remark::block("country_unknown"))
        }
        FieldKind::Choice { options } => {
            unless(options.iter().any(|o| o == answer), Remark::block("choice_unknown"))
        }
        FieldKind::YesNo => unless(matches!(answer, "yes" | "no"), Remark::block("yes_no")),
        FieldKind::SocialSecurityNumber { last_4 } => social_security(answer, *last_4),
        FieldKind::SocialInsuranceNumber => social_insurance(answer),
        FieldKind::EmployerNumber => unless(is_employer_number(answer), Remark::warn("ein_format")),
        FieldKind::GstHstNumber => unless(is_gst_hst(answer), Remark::warn("gst_hst_format")),
        FieldKind::CompanyNumber => unless(
            upper_compact(answer).chars().count() == 8,
            Remark::warn("company_number_length"),
        ),
        FieldKind::MerchantCategory => unless(
            answer.len() == 4 && answer.bytes().all(|b| b.is_ascii_digit()),
            Remark::block("mcc_format"),
        ),
    }
}

fn unless(fine: bool, remark: Remark) -> Option<Remark> {
    (!fine).then_some(remark)
}

fn date(answer: &str) -> Option<Remark> {
    match parse_date(answer) {
        Ok(_) => None,
        Err(DateFault::Format) => Some(Remark::block("date_format")),
        Err(DateFault::Impossible) => Some(Remark::block("date_impossible")),
    }
}

fn is_phone_code(answer: &str) -> bool {
    let digits = answer.strip_prefix('+').unwrap_or(answer);
    (1..=3).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Digits with the marks that people put between them. E.164 allows 15 digits at most.
fn is_phone_number(answer: &str) -> bool {
    let marks_only = answer
        .chars()
        .all(|c| c.is_ascii_digit() || c.is_whitespace() || "-()./\u{2010}\u{2011}".contains(c));
    marks_only && (4..=15).contains(&digits(answer).len())
}

fn is_email(answer: &str) -> bool {
    let Some((user, host)) = answer.rsplit_once('@') else { return false };
    let host_is_fine = host.contains('.')
        && host.split('.').all(|label| !label.is_empty())
        && host.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '-');
    !user.is_empty() && !user.contains('@') && !answer.contains(char::is_whitespace) && host_is_fine
}

fn is_url(answer: &str) -> bool {
    let lower = answer.to_ascii_lowercase();
    let Some(rest) = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"))
    else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or("");
    host.contains('.')
        && host.split('.').all(|label| !label.is_empty())
        && !rest.contains(char::is_whitespace)
}

fn region(answer: &str, country: Country) -> Option<Remark> {
    let code = match country {
        Country::Us => "region_us",
        Country::Ca => "region_ca",
        Country::Gb => return None,
    };
    unless(is_region(answer, country), Remark::block(code))
}

fn social_security(answer: &str, last_4: bool) -> Option<Remark> {
    if ssn(answer).is_some() {
        return None;
    }
    if !last_4 {
        return Some(Remark::block("ssn_format"));
    }
    let is_last_4 = answer.len() == 4 && answer.bytes().all(|b| b.is_ascii_digit());
    let code = if digits(answer).len() > 4 { "ssn_format" } else { "ssn_last4_format" };
    unless(is_last_4, Remark::block(code))
}

fn social_insurance(answer: &str) -> Option<Remark> {
    if sin(answer).is_none() {
        return Some(Remark::block("sin_format"));
    }
    unless(satisfies_luhn(&digits(answer)), Remark::warn("sin_checksum"))
}

/// The check digit of a social insurance number (the document's own sample fails it, so it only
/// warns).
fn satisfies_luhn(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte.saturating_sub(b'0'));
            let doubled = if place % 2 == 1 { digit * 2 } else { digit };
            if doubled > 9 { doubled - 9 } else { doubled }
        })
        .sum();
    sum.is_multiple_of(10)
}

fn is_employer_number(answer: &str) -> bool {
    crate::onboarding::normal::ein(answer).is_some()
}

fn is_gst_hst(answer: &str) -> bool {
    let compact = upper_compact(answer);
    let Some((business, program)) = compact.split_once("RT") else { return false };
    let all_digits =
        |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    all_digits(business, 9) && all_digits(program, 4)
}
