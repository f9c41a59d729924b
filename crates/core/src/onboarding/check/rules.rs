//! Rules beyond a kind's own.

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Answers, Country, Remark};
use crate::onboarding::name::{NAME_CHARS_MAX, kept_given_names};
use crate::onboarding::normal::parse_date;
use crate::onboarding::requirements::Rule;

/// What a rule says about the answer at `path`, which is not empty.
pub(super) fn remark(rule: &Rule, path: &str, answers: &Answers, today: Date) -> Option<Remark> {
    let answer = answers.text(path);
    match rule {
        Rule::CharsMax { chars } => (answer.chars().count() > *chars)
            .then(|| Remark::block("too_long").with(chars.to_string())),
        Rule::WarnCharsOver { chars } => (answer.chars().count() > *chars).then(|| {
            Remark::warn("may_be_cut").with(answer.chars().take(*chars).collect::<String>())
        }),
        Rule::KeptWith { first, middle } => kept(answers.text(first), answers.text(middle)),
        Rule::UsStreet { country_path } => {
            us_street(answer, Country::parse(answers.text(country_path))?)
        }
        Rule::InCountry { country } => (Country::parse(answer)? != *country)
            .then(|| Remark::block("country_differs").with(country.code())),
        Rule::NotInFuture => {
            (parse_date(answer).ok()? > today).then(|| Remark::block("date_future"))
        }
        Rule::WarnUnder18 => under_18(parse_date(answer).ok()?, today),
    }
}

fn kept(first: &str, middle: &str) -> Option<Remark> {
    let whole = [first, middle].into_iter().filter(|n| !n.is_empty()).collect::<Vec<_>>().join(" ");
    (whole.chars().count() > NAME_CHARS_MAX)
        .then(|| Remark::warn("name_cut").with(kept_given_names(first, middle)))
}

fn us_street(answer: &str, country: Country) -> Option<Remark> {
    match country {
        Country::Ca | Country::Gb => None,
        Country::Us if !answer.starts_with(|c: char| c.is_ascii_digit()) => {
            Some(Remark::block("street_digit"))
        }
        Country::Us => names_po_box(answer).then(|| Remark::block("street_po_box")),
    }
}

/// `P`, perhaps a full stop, perhaps space, `O`, as words of their own. The document's "must not
/// contain PO", taken to the letter, would refuse every Port Street.
fn names_po_box(answer: &str) -> bool {
    let chars: Vec<char> = answer.chars().map(|c| c.to_ascii_uppercase()).collect();
    (0..chars.len()).any(|start| {
        let before = start.checked_sub(1).and_then(|i| chars.get(i));
        before.is_none_or(|c| !is_word(*c)) && po_follows(chars.get(start..).unwrap_or(&[]))
    })
}

fn po_follows(chars: &[char]) -> bool {
    let Some(('P', rest)) = chars.split_first().map(|(c, rest)| (*c, rest)) else { return false };
    let rest = rest.strip_prefix(&['.']).unwrap_or(rest);
    let spaces = rest.iter().take_while(|c| c.is_whitespace()).count();
    match rest.get(spaces..) {
        Some(['O']) => true,
        Some(['O', next, ..]) => !is_word(*next),
        Some(_) | None => false,
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn under_18(born: Date, today: Date) -> Option<Remark> {
    let of_age = born.checked_add(18.years()).ok()?;
    (born <= today && of_age > today).then(|| Remark::warn("under_18"))
}
