//! A draft as a form.

use jiff::civil::Date;
use satchel_capture::Licence;
use satchel_core::account::Account;
use satchel_core::clock::Moment;
use satchel_core::onboarding::{
    Answers, DocumentChoice, DocumentPurpose, DocumentType, Draft, DraftPhoto, Field, FieldGroup,
    FieldKind, Finding, Missing, Presence, Requirements, Rule, Severity, Shape, check,
};
use satchel_core::photo::PhotoFormat;
use satchel_core::provider::Provider;

use super::account::who_view;
use super::licence;
use super::list::row;
use super::report::{read, report};
use super::standing::rejected;
use crate::api::{
    ApiError, ConsentView, DocumentChoiceView, DraftView, FieldView, FindingView, LicenceSaysView,
    MissingView, OwnersView, PhotoView, ReportView, SectionView,
};
use crate::photos::Duplicate;
use crate::session::Session;

/// How many bad photos of a side are taken before the person may use one anyway.
const FORCED_RETAKES: u32 = 2;

/// A draft as a form, with everything that is found and missing.
pub(crate) fn draft(session: &Session, draft: &Draft, now: &Moment) -> Result<DraftView, ApiError> {
    let account = session.account(draft.account.as_str())?;
    let provider = session.provider_of(account)?;
    let requirements = draft.who.map(|who| provider.requirements(who));
    let today = crate::drafts::today(now);
    let form = draft.continues.is_none();
    let asked = asked_documents(session, draft);
    Ok(DraftView {
        id: draft.id.to_string(),
        account: row(session, account, now),
        continues: draft.continues.as_ref().map(ToString::to_string),
        who: draft.who.map(who_view),
        offers: provider.offers().into_iter().map(who_view).collect(),
        sections: requirements
            .as_ref()
            .filter(|_| form)
            .map(|r| sections(r, &draft.answers))
            .unwrap_or_default(),
        owners: requirements.as_ref().filter(|_| form).and_then(|r| owners(r, draft)),
        findings: findings(provider.as_ref(), account, requirements.as_ref(), draft, today),
        documents: requirements.as_ref().map(|r| choices(r, draft)).unwrap_or_default(),
        photos: draft.photos.iter().map(|p| photo(session, draft, p)).collect(),
        required_purposes: purposes(requirements.as_ref().map(|r| &r.documents.required)),
        advised_purposes: purposes(requirements.as_ref().map(|r| &r.documents.advised)),
        one_kind: requirements.as_ref().is_some_and(|r| r.documents.one_kind),
        asked_documents: asked,
        missing: missing(requirements.as_ref(), draft, today),
        consent: draft
            .consent
            .as_ref()
            .map(|c| ConsentView { text_id: c.text_id.clone(), given_ms: c.given_ms }),
        language: draft.language.clone(),
        step: draft.step.clone(),
        saved_ms: draft.changed_ms,
        photos_on_request: provider.capabilities().photos_on_request,
    })
}

fn asked_documents(session: &Session, draft: &Draft) -> Vec<String> {
    let submission = draft.continues.as_ref().and_then(|id| session.engine.submission_of(id));
    let Some(submission) = submission else { return Vec::new() };
    let mut kinds: Vec<String> =
        rejected(submission).iter().map(|d| d.kind.code().to_owned()).collect();
    if kinds.is_empty() && submission.capabilities().set_resent_whole {
        kinds = submission.current_photos().map(|p| p.record.document.code().to_owned()).collect();
    }
    kinds.sort();
    kinds.dedup();
    kinds
}

/// The questions with their answers.
pub(crate) fn sections(requirements: &Requirements, answers: &Answers) -> Vec<SectionView> {
    requirements
        .sections
        .iter()
        .map(|section| SectionView {
            step: section.step.to_owned(),
            id: section.id.to_owned(),
            fields: section.fields.iter().map(|f| field(f, answers)).collect(),
        })
        .collect()
}

fn owners(requirements: &Requirements, draft: &Draft) -> Option<OwnersView> {
    let rule = requirements.owners.as_ref()?;
    let count = draft.answers.repeated(rule.prefix);
    let owners = (0..count)
        .map(|index| {
            let place = format!("{}.{index}.", rule.prefix);
            rule.fields.iter().map(|f| field(&f.placed(&place), &draft.answers)).collect()
        })
        .collect();
    let template = rule
        .fields
        .iter()
        .map(|f| field(&f.placed(&format!("{}.{count}.", rule.prefix)), &draft.answers))
        .collect();
    Some(OwnersView {
        prefix: rule.prefix.to_owned(),
        none: draft.no_other_owners,
        owners,
        template,
        max: rule.max as u64,
    })
}

fn field(field: &Field, answers: &Answers) -> FieldView {
    let last_4 = matches!(field.kind, FieldKind::SocialSecurityNumber { last_4: true });
    let options = match &field.kind {
        FieldKind::Choice { options } => options.clone(),
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
        | FieldKind::Region { .. }
        | FieldKind::Country
        | FieldKind::YesNo
        | FieldKind::SocialSecurityNumber { .. }
        | FieldKind::SocialInsuranceNumber
        | FieldKind::EmployerNumber
        | FieldKind::GstHstNumber
        | FieldKind::CompanyNumber
        | FieldKind::MerchantCategory => Vec::new(),
    };
    let chars_max = field.rules.iter().find_map(|rule| match rule {
        Rule::CharsMax { chars } => Some(*chars as u64),
        Rule::WarnCharsOver { .. }
        | Rule::KeptWith { .. }
        | Rule::UsStreet { .. }
        | Rule::NotInFuture
        | Rule::WarnUnder18
        | Rule::InCountry { .. } => None,
    });
    FieldView {
        path: field.path.clone(),
        kind: kind_code(&field.kind).to_owned(),
        required: field.presence == Presence::Required,
        options,
        country_path: country_path(&field.kind).map(str::to_owned),
        national: field.group == FieldGroup::National,
        last_4,
        value: answers.raw(&field.path).to_owned(),
        chars_max,
    }
}

fn country_path(kind: &FieldKind) -> Option<&str> {
    match kind {
        FieldKind::PostalCode { country_path } | FieldKind::Region { country_path } => {
            Some(country_path)
        }
        FieldKind::Text
        | FieldKind::LongText
        | FieldKind::Name
        | FieldKind::Date
        | FieldKind::PhoneCode
        | FieldKind::PhoneNumber
        | FieldKind::Email
        | FieldKind::Url
        | FieldKind::Street
        | FieldKind::Country
        | FieldKind::Choice { .. }
        | FieldKind::YesNo
        | FieldKind::SocialSecurityNumber { .. }
        | FieldKind::SocialInsuranceNumber
        | FieldKind::EmployerNumber
        | FieldKind::GstHstNumber
        | FieldKind::CompanyNumber
        | FieldKind::MerchantCategory => None,
    }
}

fn kind_code(kind: &FieldKind) -> &'static str {
    match kind {
        FieldKind::Text => "text",
        FieldKind::LongText => "long_text",
        FieldKind::Name => "name",
        FieldKind::Date => "date",
        FieldKind::PhoneCode => "phone_code",
        FieldKind::PhoneNumber => "phone_number",
        FieldKind::Email => "email",
        FieldKind::Url => "url",
        FieldKind::Street => "street",
        FieldKind::PostalCode { .. } => "postal_code",
        FieldKind::Region { .. } => "region",
        FieldKind::Country => "country",
        FieldKind::Choice { .. } => "choice",
        FieldKind::YesNo => "yes_no",
        FieldKind::SocialSecurityNumber { .. } => "social_security_number",
        FieldKind::SocialInsuranceNumber => "social_insurance_number",
        FieldKind::EmployerNumber => "employer_number",
        FieldKind::GstHstNumber => "gst_hst_number",
        FieldKind::CompanyNumber => "company_number",
        FieldKind::MerchantCategory => "merchant_category",
    }
}

fn findings(
    provider: &dyn Provider,
    account: &Account,
    requirements: Option<&Requirements>,
    draft: &Draft,
    today: Date,
) -> Vec<FindingView> {
    let Some(requirements) = requirements.filter(|_| draft.continues.is_none()) else {
        return Vec::new();
    };
    let mut found: Vec<Finding> = check(requirements, &draft.answers, today);
    found.extend(provider.advice(account, &draft.answers, today));
    found
        .into_iter()
        .map(|f| FindingView {
            path: f.path,
            code: f.code.to_owned(),
            blocks: f.severity == Severity::Block,
            detail: f.detail,
        })
        .collect()
}

fn choices(requirements: &Requirements, draft: &Draft) -> Vec<DocumentChoiceView> {
    let offered = |choice: &&DocumentChoice| {
        draft.who.is_some_and(|who| choice.offered_to.contains(&who.kind))
    };
    let choices = requirements.documents.choices.iter().filter(offered);
    choices
        .map(|c| DocumentChoiceView {
            kind: c.kind.code().to_owned(),
            sides: c.sides.iter().map(|s| s.code().to_owned()).collect(),
            all_sides: c.all_sides,
            shape: shape_code(c.shape).to_owned(),
            purpose: purpose_code(c.purpose).to_owned(),
        })
        .collect()
}

fn purposes(purposes: Option<&Vec<DocumentPurpose>>) -> Vec<String> {
    purposes
        .map(|all| all.iter().map(|p| purpose_code(*p).to_owned()).collect())
        .unwrap_or_default()
}

pub(crate) fn shape_code(shape: Shape) -> &'static str {
    match shape {
        Shape::Card => "card",
        Shape::PassportPage => "passport_page",
        Shape::Page => "page",
    }
}

fn purpose_code(purpose: DocumentPurpose) -> &'static str {
    match purpose {
        DocumentPurpose::Identity => "identity",
        DocumentPurpose::Address => "address",
        DocumentPurpose::NationalNumber => "national_number",
        DocumentPurpose::Entity => "entity",
        DocumentPurpose::Authority => "authority",
    }
}

fn missing(requirements: Option<&Requirements>, draft: &Draft, today: Date) -> Vec<MissingView> {
    let view = |code: &str, step: &str| MissingView {
        code: code.to_owned(),
        step: step.to_owned(),
        path: None,
        document: None,
    };
    let of = |code: &str, kind: &DocumentType| MissingView {
        document: Some(kind.code().to_owned()),
        ..view(code, "documents")
    };
    if draft.continues.is_some() {
        return match draft.usable_photos() {
            Ok(photos) if photos.is_empty() => vec![view("document", "documents")],
            Err(Missing::Photo(kind, _)) => vec![of("photo", &kind)],
            Ok(_) | Err(_) => Vec::new(),
        };
    }
    let Some(requirements) = requirements else { return vec![view("who", "who")] };
    let mut views = Vec::new();
    for gap in draft.missing(requirements, today) {
        match gap {
            Missing::Who => views.push(view("who", "who")),
            Missing::Answers(findings) => views.extend(findings.into_iter().map(|f| {
                let step = step_of(requirements, &f.path);
                MissingView { path: Some(f.path), ..view("answers", step) }
            })),
            Missing::Owners => views.push(view("owners", "owners")),
            Missing::Document(purpose) => {
                let document = Some(purpose_code(purpose).to_owned());
                views.push(MissingView { document, ..view("document", "documents") });
            }
            Missing::Side(kind) => views.push(of("side", &kind)),
            Missing::Unsupported(kind) => views.push(of("unsupported", &kind)),
            Missing::Photo(kind, _) => views.push(of("photo", &kind)),
            Missing::Consent => views.push(view("consent", "review")),
        }
    }
    views
}

fn step_of(requirements: &Requirements, path: &str) -> &'static str {
    let of = requirements.sections.iter().find(|s| s.fields.iter().any(|f| f.path == path));
    of.map_or("owners", |section| section.step)
}

/// A photo of a draft, with what the checks say of it.
pub(crate) fn photo(session: &Session, draft: &Draft, photo: &DraftPhoto) -> PhotoView {
    let record = &photo.photo;
    let kept = read(&record.report);
    let report = kept.as_ref().map_or_else(unread, |kept| report(&kept.report));
    let licence = kept.and_then(|kept| kept.licence);
    let duplicate = session.duplicate(draft, record);
    PhotoView {
        id: record.id.to_string(),
        document: record.document.code().to_owned(),
        side: record.side.code().to_owned(),
        may_override: report.verdict == "bad" && photo.retakes >= FORCED_RETAKES,
        report,
        retakes: u64::from(photo.retakes),
        override_reason: record.override_reason.clone(),
        licence: licence.and_then(|l| says(session, draft, &l)).unwrap_or_default(),
        duplicate_of: duplicate.as_ref().map(|d| d.code().to_owned()),
        duplicate_ms: duplicate.and_then(|d| match d {
            Duplicate::RejectedBefore(at_ms) => Some(at_ms),
            Duplicate::OtherSide | Duplicate::OtherAccount => None,
        }),
        width: u64::from(record.width),
        height: u64::from(record.height),
        bytes: record.bytes,
        format: match record.format {
            PhotoFormat::Jpeg => "jpeg".to_owned(),
            PhotoFormat::Png => "png".to_owned(),
        },
        taken_ms: record.taken_ms,
    }
}

/// None where no form is asked.
fn says(session: &Session, draft: &Draft, licence: &Licence) -> Option<Vec<LicenceSaysView>> {
    let account = session.account(draft.account.as_str()).ok()?;
    let who = draft.who.filter(|_| draft.continues.is_none())?;
    let requirements = session.provider_of(account).ok()?.requirements(who);
    Some(licence::said(licence, &requirements, &draft.answers))
}

fn unread() -> ReportView {
    ReportView {
        verdict: "warn".to_owned(),
        code: "good".to_owned(),
        measures: Vec::new(),
        corners: None,
        glare: None,
    }
}
