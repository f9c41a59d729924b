//! Checks answers against requirements. Provider rules block, our own advice warns.

mod kinds;
mod places;
mod rules;

use jiff::civil::Date;
use serde::Serialize;

use super::answers::{Answers, FieldPath};
use super::requirements::{Field, FieldKind, Presence, Requirements};
use super::who::Country;

pub use places::regions;

/// Every code that a [`Finding`] can have. The window has words for each.
pub const FINDING_CODES: &[&str] = &[
    "required",
    "too_long",
    "too_many_owners",
    "name_cut",
    "may_be_cut",
    "date_format",
    "date_impossible",
    "date_future",
    "under_18",
    "phone_code_format",
    "phone_number_format",
    "email_format",
    "url_format",
    "street_digit",
    "street_po_box",
    "postal_code_us",
    "postal_code_ca",
    "postal_code_gb",
    "region_us",
    "region_ca",
    "country_unknown",
    "country_differs",
    "choice_unknown",
    "yes_no",
    "ssn_format",
    "ssn_last4_format",
    "sin_format",
    "sin_checksum",
    "ein_format",
    "gst_hst_format",
    "company_number_length",
    "mcc_format",
    "legal_name_differs",
];

/// Whether a finding stops the sealing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The provider would refuse it.
    Block,
    /// Unusual; the person can go on.
    Warn,
}

/// One thing about one answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Where.
    pub path: FieldPath,
    /// What, as a code that the window has words for: one of [`FINDING_CODES`].
    pub code: &'static str,
    /// Whether it blocks.
    pub severity: Severity,
    /// A value the words need, such as what is kept of a name.
    pub detail: Option<String>,
}

/// What is wrong with one answer, before it is known where it stands.
struct Remark {
    code: &'static str,
    severity: Severity,
    detail: Option<String>,
}

impl Remark {
    fn block(code: &'static str) -> Self {
        Self { code, severity: Severity::Block, detail: None }
    }

    fn warn(code: &'static str) -> Self {
        Self { code, severity: Severity::Warn, detail: None }
    }

    fn with(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    fn at(self, path: &str) -> Finding {
        let Self { code, severity, detail } = self;
        Finding { path: path.to_owned(), code, severity, detail }
    }
}

/// Everything that can be said about `answers` on the day `today`, in the order of the questions.
/// Nothing is said about an optional question that was not answered.
pub fn check(requirements: &Requirements, answers: &Answers, today: Date) -> Vec<Finding> {
    let owners = requirements.owners.as_ref().map_or(0, |rule| answers.repeated(rule.prefix));
    let mut findings: Vec<Finding> = requirements
        .fields(owners)
        .iter()
        .flat_map(|field| check_field(field, answers, today))
        .collect();
    if let Some(rule) = requirements.owners.as_ref().filter(|rule| owners > rule.max) {
        let remark = Remark::block("too_many_owners").with(rule.max.to_string());
        findings.push(remark.at(rule.prefix));
    }
    findings
}

fn check_field(field: &Field, answers: &Answers, today: Date) -> Vec<Finding> {
    let answer = answers.text(&field.path);
    let remarks = match (answer.is_empty(), must_be_answered(field, answers)) {
        (true, true) => vec![Remark::block("required")],
        (true, false) => Vec::new(),
        (false, _) => {
            let mut remarks: Vec<_> =
                kinds::remark(&field.kind, answer, answers).into_iter().collect();
            remarks.extend(
                field
                    .rules
                    .iter()
                    .filter_map(|rule| rules::remark(rule, &field.path, answers, today)),
            );
            remarks
        }
    };
    remarks.into_iter().map(|remark| remark.at(&field.path)).collect()
}

/// A region is asked only where addresses have one (WePay's KYC Address Structure says "Yes", its
/// own examples leave it empty for GB). While the country is not chosen, that is the thing to say.
fn must_be_answered(field: &Field, answers: &Answers) -> bool {
    let asked_here = match &field.kind {
        FieldKind::Region { country_path } => match Country::parse(answers.text(country_path)) {
            Some(Country::Us | Country::Ca) => true,
            Some(Country::Gb) | None => false,
        },
        FieldKind::Text
        | FieldKind::LongText
        | FieldKind::Name
        | FieldKind::Date
        | FieldKind::PhoneCode
        | FieldKind::PhoneNumber
        | FieldKind::Email
        | FieldKind::Url
        | FieldKind::Street
        | FieldKind::PostalCode { .. }
        | FieldKind::Country
        | FieldKind::Choice { .. }
        | FieldKind::YesNo
        | FieldKind::SocialSecurityNumber { .. }
        | FieldKind::SocialInsuranceNumber
        | FieldKind::EmployerNumber
        | FieldKind::GstHstNumber
        | FieldKind::CompanyNumber
        | FieldKind::MerchantCategory => true,
    };
    asked_here && field.presence == Presence::Required
}

#[cfg(test)]
mod tests;
