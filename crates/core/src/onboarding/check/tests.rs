#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use jiff::civil::date;

use super::*;
use crate::onboarding::{DocumentRules, FieldGroup, OwnersRule, Rule, Section};

const TODAY: Date = date(2026, 3, 14);

fn field(path: &str, kind: FieldKind, presence: Presence, rules: Vec<Rule>) -> Field {
    Field { path: path.to_owned(), kind, presence, rules, group: FieldGroup::Details }
}

fn requirements(fields: Vec<Field>, owners: Option<OwnersRule>) -> Requirements {
    Requirements {
        sections: vec![Section { step: "owner", id: "owner", fields }],
        owners,
        documents: DocumentRules {
            choices: Vec::new(),
            required: Vec::new(),
            advised: Vec::new(),
            one_kind: false,
        },
    }
}

fn found(fields: Vec<Field>, answers: &[(&str, &str)]) -> Vec<(String, &'static str, Severity)> {
    let answers: Answers = answers.iter().copied().collect();
    let findings = check(&requirements(fields, None), &answers, TODAY);
    findings.into_iter().map(|f| (f.path, f.code, f.severity)).collect()
}

/// The code and severity of the only finding about one answer, or `None` when nothing is found.
fn about(kind: FieldKind, answer: &str) -> Option<(&'static str, Severity)> {
    let mut found = found(
        vec![field("a", kind, Presence::Required, Vec::new())],
        &[("a", answer), ("us", "US"), ("ca", "CA"), ("gb", "GB")],
    );
    assert!(found.len() <= 1, "{answer}: {found:?}");
    found.pop().map(|(_, code, severity)| (code, severity))
}

fn holds(kind: &FieldKind, fine: &[&str], bad: &[&str], code: &'static str, severity: Severity) {
    for answer in fine {
        assert_eq!(about(kind.clone(), answer), None, "{answer}");
    }
    for answer in bad {
        assert_eq!(about(kind.clone(), answer), Some((code, severity)), "{answer}");
    }
}

fn ruled(rule: Rule, answers: &[(&str, &str)]) -> Option<(&'static str, Severity)> {
    let fields = vec![field("a", FieldKind::Text, Presence::Optional, vec![rule])];
    found(fields, answers).pop().map(|(_, code, severity)| (code, severity))
}

use Severity::{Block, Warn};

#[test]
fn an_empty_answer_blocks_only_where_it_must_be_given() {
    let fields = |presence| vec![field("a", FieldKind::Date, presence, vec![Rule::NotInFuture])];
    assert_eq!(
        found(fields(Presence::Required), &[("a", "  ")]),
        [("a".to_owned(), "required", Block)]
    );
    assert_eq!(found(fields(Presence::Optional), &[]), []);
}

#[test]
fn findings_come_in_the_order_of_the_questions() {
    let required = |path| field(path, FieldKind::Text, Presence::Required, Vec::new());
    let paths: Vec<String> = found(vec![required("z"), required("a"), required("m")], &[])
        .into_iter()
        .map(|f| f.0)
        .collect();
    assert_eq!(paths, ["z", "a", "m"]);
}

#[test]
fn dates_are_real_days_written_year_month_day() {
    holds(&FieldKind::Date, &["1986-03-14", "2000-02-29", "1900-01-01"], &[], "", Block);
    let malformed = ["14.03.1986", "1986-3-14", "86-03-14", "1986-03", "today", "1986-03-14-1"];
    holds(&FieldKind::Date, &[], &malformed, "date_format", Block);
    let impossible = ["1986-02-30", "1900-02-29", "1986-13-01", "1986-00-10", "1986-01-00"];
    holds(&FieldKind::Date, &[], &impossible, "date_impossible", Block);
}

#[test]
fn phone_codes_have_one_to_three_digits() {
    let kind = FieldKind::PhoneCode;
    holds(
        &kind,
        &["+1", "44", "+353"],
        &["+", "++1", "+1234", "one", "+4 4"],
        "phone_code_format",
        Block,
    );
}

#[test]
fn phone_numbers_have_digits_and_the_marks_between_them() {
    let fine = ["5556667777", "7700 900318", "(416) 555-0199", "020.7946.0018"];
    let bad = ["555-CALL-NOW", "---", "12", "1234567890123456", "555 1234 ext 5"];
    holds(&FieldKind::PhoneNumber, &fine, &bad, "phone_number_format", Block);
}

#[test]
fn an_unusual_email_address_only_warns() {
    let bad = [
        "seun",
        "seun@host",
        "@host.example",
        "a b@host.example",
        "a@b@host.example",
        "a@.example",
    ];
    holds(&FieldKind::Email, &["seun@balogun.example"], &bad, "email_format", Warn);
}

#[test]
fn an_unusual_website_only_warns() {
    let fine = ["https://www.foobar.com", "HTTP://shop.example/path?x=1"];
    let bad = [
        "balogun.example",
        "ftp://shop.example",
        "https://shop",
        "https://",
        "https://a b.example",
    ];
    holds(&FieldKind::Url, &fine, &bad, "url_format", Warn);
}

#[test]
fn social_security_numbers_have_nine_digits() {
    let kind = FieldKind::SocialSecurityNumber { last_4: false };
    let fine = ["111-22-1234", "111221234", "111 22 1234"];
    let bad =
        ["1234", "111-221-234", "11-122-1234", "111-22-123", "111-22-123a", "1-1-1-2-2-1-2-3-4"];
    holds(&kind, &fine, &bad, "ssn_format", Block);
}

#[test]
fn four_digits_are_enough_only_where_the_provider_takes_them() {
    let kind = FieldKind::SocialSecurityNumber { last_4: true };
    holds(&kind, &["1234", "111-22-1234"], &["123", "12a4"], "ssn_last4_format", Block);
    holds(&kind, &[], &["12345", "111-22-12345"], "ssn_format", Block);
}

#[test]
fn social_insurance_numbers_need_nine_digits_and_a_wrong_check_digit_only_warns() {
    let kind = FieldKind::SocialInsuranceNumber;
    holds(&kind, &["046 454 286", "046454286"], &["123-456-789"], "sin_checksum", Warn);
    holds(&kind, &[], &["123-456-78", "12-3456-789", "046454286x"], "sin_format", Block);
}

#[test]
fn entity_numbers_of_another_form_only_warn() {
    let bad = ["1234567", "123-456789", "AB-1234567"];
    holds(&FieldKind::EmployerNumber, &["12-1234567", "121234567"], &bad, "ein_format", Warn);
    let fine = ["123456789RT0001", "123456789 rt 0001"];
    let bad = ["123456789", "123456789RT001", "123456789RP0001"];
    holds(&FieldKind::GstHstNumber, &fine, &bad, "gst_hst_format", Warn);
    let kind = FieldKind::CompanyNumber;
    holds(&kind, &["09876541", "SC123456"], &["1234", "098765412"], "company_number_length", Warn);
}

#[test]
fn merchant_categories_have_four_digits() {
    holds(&FieldKind::MerchantCategory, &["7999"], &["799", "79999", "79a9"], "mcc_format", Block);
}

#[test]
fn choices_and_yes_or_no_take_their_codes_alone() {
    let kind = FieldKind::Choice { options: vec!["charity".into(), "partnership".into()] };
    holds(&kind, &["charity"], &["Charity", "trust"], "choice_unknown", Block);
    holds(&FieldKind::YesNo, &["yes", "no"], &["true", "Yes", "0"], "yes_no", Block);
    holds(
        &FieldKind::Country,
        &["US", "ca", "GB"],
        &["FR", "United States"],
        "country_unknown",
        Block,
    );
}

#[test]
fn regions_are_codes_of_the_answered_country() {
    let kind = |path: &str| FieldKind::Region { country_path: path.to_owned() };
    holds(&kind("us"), &["IL", "dc"], &["QC", "Illinois"], "region_us", Block);
    holds(&kind("ca"), &["QC", "on"], &["IL", "Quebec"], "region_ca", Block);
    holds(&kind("gb"), &["", "Avon"], &[], "", Block);
}

#[test]
fn a_region_is_required_where_addresses_have_one() {
    let kind = FieldKind::Region { country_path: "country".to_owned() };
    let fields = || vec![field("region", kind.clone(), Presence::Required, Vec::new())];
    let codes = |country| {
        found(fields(), &[("country", country)]).into_iter().map(|f| f.1).collect::<Vec<_>>()
    };
    assert_eq!(codes("US"), ["required"]);
    assert_eq!(codes("CA"), ["required"]);
    assert_eq!(codes("GB"), Vec::<&str>::new());
    assert_eq!(codes(""), Vec::<&str>::new(), "the missing country is what is said");
}

#[test]
fn an_unusual_postal_code_warns_and_says_what_was_typed() {
    let kind = |path: &str| FieldKind::PostalCode { country_path: path.to_owned() };
    holds(
        &kind("us"),
        &["90874", "90874-1234"],
        &["9087", "90874-12", "H3Z 2Y7"],
        "postal_code_us",
        Warn,
    );
    holds(
        &kind("ca"),
        &["H3Z 2Y7", "h3z2y7"],
        &["H3Z", "Z3Z 2Y7", "90874"],
        "postal_code_ca",
        Warn,
    );
    let fine = ["BS3 1JD", "CM6 4HB", "EC1Y 8SY", "w1a0ax", "M1 1AE"];
    holds(&kind("gb"), &fine, &["BS3 1J", "BS3", "90874", "1AA 1AA"], "postal_code_gb", Warn);

    let fields = vec![field("code", kind("country"), Presence::Required, Vec::new())];
    let answers: Answers = [("code", "BS3 1J"), ("country", "GB")].into_iter().collect();
    let findings = check(&requirements(fields, None), &answers, TODAY);
    assert_eq!(findings[0].detail.as_deref(), Some("BS3 1J"));
}

#[test]
fn streets_begin_with_a_digit_and_name_no_po_box_in_the_us_alone() {
    let about = |street: &str, country: &str| {
        let rule = Rule::UsStreet { country_path: "country".to_owned() };
        ruled(rule, &[("a", street), ("country", country)])
    };
    assert_eq!(about("456 Diagon Alley", "US"), None);
    assert_eq!(about("Diagon Alley 456", "US"), Some(("street_digit", Block)));
    for street in ["12 PO Box 7", "12 P.O. Box 7", "12 p o box", "1 Main St P. O. 4", "9 PO"] {
        assert_eq!(about(street, "US"), Some(("street_po_box", Block)), "{street}");
    }
    for street in ["12 Port Street", "7 Poplar Ave", "12 Depot Rd", "5 Lippo St", "3 P Oak Lane"] {
        assert_eq!(about(street, "US"), None, "{street}");
    }
    assert_eq!(about("PO Box 7", "GB"), None);
    assert_eq!(about("PO Box 7", ""), None);
}

#[test]
fn lengths_count_characters() {
    let over = "é".repeat(6);
    let rule = |chars| Rule::CharsMax { chars };
    assert_eq!(ruled(rule(5), &[("a", &over)]), Some(("too_long", Block)));
    assert_eq!(ruled(rule(6), &[("a", &over)]), None);
    let cut = Rule::WarnCharsOver { chars: 5 };
    assert_eq!(ruled(cut, &[("a", &over)]), Some(("may_be_cut", Warn)));
}

#[test]
fn a_name_that_will_be_cut_says_what_is_kept() {
    let rule = Rule::KeptWith { first: "a".to_owned(), middle: "middle".to_owned() };
    let fields = vec![field("a", FieldKind::Name, Presence::Required, vec![rule])];
    let answers: Answers =
        [("a", "Oluwaseun Christopher"), ("middle", "Adebayo Temitope")].into_iter().collect();
    let findings = check(&requirements(fields.clone(), None), &answers, TODAY);
    assert_eq!(findings[0].code, "name_cut");
    assert_eq!(findings[0].severity, Warn);
    assert_eq!(findings[0].detail.as_deref(), Some("Oluwaseun Christopher Adebayo Temit"));
    assert_eq!(found(fields, &[("a", "Oluwaseun"), ("middle", "Adebayo")]), []);
}

#[test]
fn a_birth_date_is_not_in_the_future_and_under_18_only_warns() {
    let born = |day: &str| {
        let fields = vec![field(
            "a",
            FieldKind::Date,
            Presence::Required,
            vec![Rule::NotInFuture, Rule::WarnUnder18],
        )];
        found(fields, &[("a", day)]).into_iter().map(|f| (f.1, f.2)).collect::<Vec<_>>()
    };
    assert_eq!(born("2026-03-15"), [("date_future", Block)]);
    assert_eq!(born("2026-03-14"), [("under_18", Warn)]);
    assert_eq!(born("2008-03-15"), [("under_18", Warn)]);
    assert_eq!(born("2008-03-14"), []);
    assert_eq!(born("2008-02-30"), [("date_impossible", Block)]);
}

#[test]
fn a_country_that_must_be_the_applicants_own_blocks_when_it_differs() {
    let rule = || Rule::InCountry { country: Country::Us };
    assert_eq!(ruled(rule(), &[("a", "GB")]), Some(("country_differs", Block)));
    assert_eq!(ruled(rule(), &[("a", "us")]), None);
}

#[test]
fn every_further_owner_is_checked_and_too_many_block() {
    let owners = OwnersRule {
        prefix: "owners",
        fields: vec![
            field("name.last", FieldKind::Name, Presence::Required, Vec::new()),
            field(
                "address.region",
                FieldKind::Region { country_path: "address.country".to_owned() },
                Presence::Required,
                Vec::new(),
            ),
        ],
        max: 2,
    };
    let answers: Answers = [
        ("owners.0.name.last", "Buzz"),
        ("owners.1.address.country", "US"),
        ("owners.2.name.last", "Baz"),
    ]
    .into_iter()
    .collect();
    let findings = check(&requirements(Vec::new(), Some(owners)), &answers, TODAY);
    let said: Vec<_> = findings.iter().map(|f| (f.path.as_str(), f.code)).collect();
    assert_eq!(
        said,
        [
            ("owners.1.name.last", "required"),
            ("owners.1.address.region", "required"),
            ("owners", "too_many_owners"),
        ]
    );
}

#[test]
fn finding_codes_are_listed_once() {
    let mut codes = FINDING_CODES.to_vec();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), FINDING_CODES.len());
}

#[test]
fn every_code_in_the_source_is_listed() {
    let sources = [
        include_str!("mod.rs"),
        include_str!("kinds.rs"),
        include_str!("rules.rs"),
        include_str!("places.rs"),
    ];
    let written = sources.iter().flat_map(|source| {
        ["block(\"", "warn(\""]
            .into_iter()
            .flat_map(|call| source.split(call).skip(1).filter_map(|rest| rest.split('"').next()))
    });
    for code in written {
        assert!(FINDING_CODES.contains(&code), "{code}");
    }
}
