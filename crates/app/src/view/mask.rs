//! Masking: what identifies, and no more.

use satchel_core::onboarding::{Field, FieldKind};

/// A value as it may stand on a screen, and whether something of it is hidden.
pub(super) fn masked(field: &Field, value: &str) -> (String, bool) {
    match &field.kind {
        FieldKind::SocialSecurityNumber { .. }
        | FieldKind::SocialInsuranceNumber
        | FieldKind::EmployerNumber => (keep_last(value, 4), true),
        FieldKind::PhoneNumber => (keep_last(value, 3), true),
        FieldKind::Date => (date(value), true),
        FieldKind::Street => ("•••••••".to_owned(), true),
        FieldKind::Email => (email(value), true),
        FieldKind::PostalCode { .. } => (keep_first(value, 2), true),
        FieldKind::Text
        | FieldKind::LongText
        | FieldKind::Name
        | FieldKind::PhoneCode
        | FieldKind::Url
        | FieldKind::Region { .. }
        | FieldKind::Country
        | FieldKind::Choice { .. }
        | FieldKind::YesNo
        | FieldKind::GstHstNumber
        | FieldKind::CompanyNumber
        | FieldKind::MerchantCategory => (value.to_owned(), false),
    }
}

fn keep_last(value: &str, keep: usize) -> String {
    let hidden = value.chars().filter(|c| c.is_alphanumeric()).count().saturating_sub(keep);
    let mut seen = 0;
    value
        .chars()
        .map(|c| {
            if !c.is_alphanumeric() {
                return c;
            }
            seen += 1;
            if seen <= hidden { '•' } else { c }
        })
        .collect()
}

fn keep_first(value: &str, keep: usize) -> String {
    value.chars().enumerate().map(|(i, c)| if i < keep || c == ' ' { c } else { '•' }).collect()
}

/// Only the year: `•• ••• 1986`.
fn date(value: &str) -> String {
    let year = value.split('-').next().filter(|y| y.len() == 4);
    format!("•• ••• {}", year.unwrap_or("••••"))
}

fn email(value: &str) -> String {
    match value.split_once('@') {
        Some((name, host)) => format!("{}@{host}", keep_first(name, 1)),
        None => keep_first(value, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_show_their_last_digits_alone() {
        assert_eq!(keep_last("123-45-6789", 4), "•••-••-6789");
        assert_eq!(keep_last("6789", 4), "6789");
        assert_eq!(keep_last("555 666 7777", 3), "••• ••• •777");
    }

    #[test]
    fn a_date_of_birth_shows_its_year_alone() {
        assert_eq!(date("1986-03-14"), "•• ••• 1986");
        assert_eq!(date("86"), "•• ••• ••••");
    }

    #[test]
    fn an_address_shows_its_host_alone() {
        assert_eq!(email("nadia@bakery.example"), "n••••@bakery.example");
    }
}
