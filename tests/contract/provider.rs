//! The port `Provider`: what must hold for every KYC API, without knowing which one it is.

use std::collections::BTreeSet;

use satchel_core::delivery::{Ambiguity, Definite, NotSentWhy, Outcome, Reading, Step};
use satchel_core::http::{HttpRequest, HttpResponse, Method};
use satchel_core::onboarding::{
    Answers, FINDING_CODES, Field, FieldGroup, FieldKind, Presence, Rule, Severity, check,
};
use satchel_core::provider::{Provider, RequestFault, offered};
use satchel_providers::{all, by_code};

use crate::sample::{BASE_URL, Scene, answers};

const TODAY: jiff::civil::Date = jiff::civil::date(2026, 3, 14);

/// The steps that a provider with these capabilities has.
fn steps(provider: &dyn Provider, scene: &Scene) -> Vec<Step> {
    let photo = scene.photo.0.id.clone();
    let status = Step::Read { reading: Reading::Status };
    if provider.capabilities().draft_then_authorize {
        let reference = "12345".to_owned();
        let references = vec!["77".to_owned(), "78".to_owned()];
        vec![
            status,
            Step::Create,
            Step::Authorize { reference },
            Step::Upload { photo },
            Step::Attach { references },
        ]
    } else {
        let documents = Step::Read { reading: Reading::Documents };
        vec![status, documents, Step::Details, Step::Side { photo }]
    }
}

fn for_each_applicant(test: impl Fn(&dyn Provider, &Scene)) {
    for provider in all() {
        assert!(!provider.offers().is_empty(), "{}", provider.code());
        for who in provider.offers() {
            test(provider.as_ref(), &Scene::of(provider.as_ref(), who));
        }
    }
}

fn for_each_step(test: impl Fn(&dyn Provider, &Scene, &Step)) {
    for_each_applicant(|provider, scene| {
        for step in steps(provider, scene) {
            test(provider, scene, &step);
        }
    });
}

fn reply(status: u16, content_type: &str, body: &str) -> HttpResponse {
    let headers = vec![("content-type".to_owned(), content_type.to_owned())];
    HttpResponse { status, headers, body: body.as_bytes().to_vec() }
}

fn page(status: u16) -> HttpResponse {
    reply(status, "text/html", "<!doctype html><html><title>Sign in to the network</title></html>")
}

fn request(provider: &dyn Provider, scene: &Scene, step: &Step) -> HttpRequest {
    provider
        .request(step, &scene.context())
        .unwrap_or_else(|fault| panic!("{} {}: {fault}", provider.code(), step.code()))
}

#[test]
fn a_provider_is_found_by_its_code_and_no_two_share_one() {
    let codes: BTreeSet<&str> = all().iter().map(|p| p.code()).collect();
    assert_eq!(codes.len(), all().len());
    for code in codes {
        assert_eq!(by_code(&code.to_uppercase()).map(|p| p.code()), Some(code));
    }
    assert!(by_code("nobody").is_none());
}

#[test]
fn no_question_is_asked_twice() {
    for_each_applicant(|provider, scene| {
        let fields = provider.requirements(scene.who).fields(2);
        let paths: BTreeSet<&str> = fields.iter().map(|f| f.path.as_str()).collect();
        assert_eq!(paths.len(), fields.len(), "{} {:?}", provider.code(), scene.who);
    });
}

#[test]
fn what_a_question_refers_to_is_asked_as_well() {
    for_each_applicant(|provider, scene| {
        let fields = provider.requirements(scene.who).fields(1);
        for path in fields.iter().flat_map(referred) {
            assert!(fields.iter().any(|f| f.path == path), "{} lacks {path}", provider.code());
        }
    });
}

fn referred(field: &Field) -> Vec<String> {
    let mut paths = match &field.kind {
        FieldKind::PostalCode { country_path } | FieldKind::Region { country_path } => {
            vec![country_path.clone()]
        }
        _ => Vec::new(),
    };
    for rule in &field.rules {
        match rule {
            Rule::KeptWith { first, middle } => paths.extend([first.clone(), middle.clone()]),
            Rule::UsStreet { country_path } => paths.push(country_path.clone()),
            Rule::CharsMax { .. }
            | Rule::WarnCharsOver { .. }
            | Rule::InCountry { .. }
            | Rule::NotInFuture
            | Rule::WarnUnder18 => {}
        }
    }
    paths
}

#[test]
fn every_screen_has_a_question_and_every_choice_an_option() {
    for_each_applicant(|provider, scene| {
        for section in provider.requirements(scene.who).sections {
            assert!(!section.fields.is_empty(), "{} {}", provider.code(), section.id);
            for field in section.fields {
                if let FieldKind::Choice { options } = field.kind {
                    assert!(!options.is_empty(), "{}", field.path);
                }
            }
        }
    });
}

#[test]
fn papers_are_distinct_offered_to_their_applicant_and_have_sides_and_limits() {
    for_each_applicant(|provider, scene| {
        let documents = provider.requirements(scene.who).documents;
        let kinds: BTreeSet<_> = documents.choices.iter().map(|c| c.kind.clone()).collect();
        assert_eq!(kinds.len(), documents.choices.len());
        for choice in &documents.choices {
            assert!(offered(choice, scene.who.kind), "{:?}", choice.kind);
            assert!(!choice.sides.is_empty() && !choice.limits.formats.is_empty());
            assert!((100_000..=10_000_000).contains(&choice.limits.bytes_max));
        }
        for purpose in documents.required.iter().chain(&documents.advised) {
            assert!(documents.choices.iter().any(|c| c.purpose == *purpose), "{purpose:?}");
        }
    });
}

#[test]
fn good_answers_block_nothing_and_each_missing_one_does() {
    for_each_applicant(|provider, scene| {
        let requirements = provider.requirements(scene.who);
        let blocking = |answers: &Answers| {
            let mut findings = check(&requirements, answers, TODAY);
            assert!(findings.iter().all(|f| FINDING_CODES.contains(&f.code)));
            findings.retain(|f| f.severity == Severity::Block);
            findings
        };
        assert_eq!(blocking(&scene.answers), [], "{} {:?}", provider.code(), scene.who);
        for field in requirements.fields(2) {
            let mut answers = answers(&requirements, scene.who);
            if field.presence == Presence::Optional || !answers.has(&field.path) {
                continue;
            }
            answers.put(field.path.clone(), "");
            let paths: Vec<_> = blocking(&answers).into_iter().map(|f| f.path).collect();
            assert_eq!(paths, [field.path]);
        }
    });
}

#[test]
fn national_numbers_are_known_to_be_national() {
    for_each_applicant(|provider, scene| {
        let requirements = provider.requirements(scene.who);
        for field in requirements.fields(2) {
            if field.group == FieldGroup::National {
                assert!(requirements.is_national(&field.path), "{}", field.path);
            }
        }
    });
}

#[test]
fn every_step_is_one_request_to_the_configured_place() {
    for_each_step(|provider, scene, step| {
        let request = request(provider, scene, step);
        assert!(request.url.starts_with(BASE_URL), "{}", request.url);
        let has = |name: &str| request.headers.iter().any(|(n, _)| n.eq_ignore_ascii_case(name));
        assert!(has("User-Agent"));
        assert_eq!(has("Content-Type"), request.method == Method::Post);
        assert_eq!(request.body.is_empty(), request.method == Method::Get);
    });
}

#[test]
fn the_same_step_is_the_same_request_to_the_byte() {
    for_each_step(|provider, scene, step| {
        assert!(request(provider, scene, step) == request(provider, scene, step));
    });
}

#[test]
fn a_step_of_another_provider_is_not_made() {
    for_each_applicant(|provider, scene| {
        let photo = scene.photo.0.id.clone();
        let other = if provider.capabilities().draft_then_authorize {
            vec![Step::Details, Step::Side { photo }]
        } else {
            let reference = "1".to_owned();
            vec![Step::Create, Step::Authorize { reference }, Step::Upload { photo }]
        };
        for step in other {
            let made = provider.request(&step, &scene.context());
            assert_eq!(made.err(), Some(RequestFault::Step), "{}", provider.code());
        }
    });
}

#[test]
fn addresses_and_headers_tell_nothing_about_the_applicant_or_the_credentials() {
    for_each_step(|provider, scene, step| {
        let request = request(provider, scene, step);
        let headers = request.headers.iter().map(|(_, value)| value.as_str());
        let open: String = headers.collect::<Vec<_>>().join("\n");
        for (path, answer) in scene.answers.iter().filter(|(_, answer)| answer.len() > 3) {
            assert!(!request.url.contains(answer), "{path} in an address");
            assert!(!open.contains(answer), "{path} in a header");
        }
        for secret in scene.connection.credentials.values() {
            assert!(!request.url.contains(secret.reveal()));
        }
    });
}

#[test]
fn file_names_in_a_request_tell_nothing_about_the_applicant() {
    for_each_step(|provider, scene, step| {
        if step.photo().is_none() {
            return;
        }
        let body = request(provider, scene, step).body;
        let text = String::from_utf8_lossy(&body).into_owned();
        for (path, answer) in scene.answers.iter().filter(|(_, answer)| answer.len() > 3) {
            assert!(!text.contains(answer), "{path} beside a photo");
        }
    });
}

#[test]
fn a_photo_step_without_its_photo_is_not_made() {
    for_each_step(|provider, scene, step| {
        if step.photo().is_none() {
            return;
        }
        let mut context = scene.context();
        context.photo = None;
        assert_eq!(provider.request(step, &context).err(), Some(RequestFault::Photo));
    });
}

#[test]
fn a_connection_that_lacks_what_it_requires_sends_nothing() {
    for provider in all() {
        let fields = provider.connection_fields();
        let keys: BTreeSet<&str> = fields.iter().map(|f| f.key).collect();
        assert_eq!(keys.len(), fields.len(), "{}", provider.code());
        for field in fields.iter().filter(|f| f.required && f.default.is_empty()) {
            let mut scene = Scene::of(provider.as_ref(), provider.offers()[0]);
            scene.connection.settings.remove(field.key);
            scene.connection.credentials.remove(field.key);
            let faults: Vec<_> = steps(provider.as_ref(), &scene)
                .iter()
                .filter_map(|step| provider.request(step, &scene.context()).err())
                .collect();
            let lacking = RequestFault::Connection(field.key);
            assert!(!faults.is_empty() && faults.iter().all(|f| *f == lacking), "{}", field.key);
        }
    }
}

#[test]
fn a_page_is_never_an_answer_of_the_provider() {
    for_each_step(|provider, scene, step| {
        for status in [200, 201, 204, 302, 307, 404, 511] {
            let outcome = provider.read(step, &scene.context(), &page(status));
            let foreign = Outcome::Ambiguous { why: Ambiguity::Foreign };
            assert_eq!(outcome, foreign, "{} {status}", provider.code());
        }
    });
}

#[test]
fn a_broken_server_leaves_doubt() {
    for_each_step(|provider, scene, step| {
        for response in [page(500), page(502), reply(503, "", ""), reply(504, "", ""), page(408)] {
            let outcome = provider.read(step, &scene.context(), &response);
            let fault = Outcome::Ambiguous { why: Ambiguity::ServerFault };
            assert_eq!(outcome, fault, "{} {}", provider.code(), response.status);
        }
    });
}

#[test]
fn refused_credentials_are_never_the_accounts_fault() {
    for_each_step(|provider, scene, step| {
        for status in [401, 403] {
            let code = status.to_string();
            for (response, html) in [(page(status), true), (reply(status, "", ""), false)] {
                let outcome = provider.read(step, &scene.context(), &response);
                assert_eq!(outcome, Outcome::Credentials { html, code: code.clone() });
            }
        }
    });
}

#[test]
fn throttling_did_nothing_and_says_how_long_to_wait() {
    for_each_step(|provider, scene, step| {
        let mut response = page(429);
        assert_eq!(
            provider.read(step, &scene.context(), &response),
            Outcome::NotDone { wait_ms: None }
        );
        response.headers.push(("retry-after".to_owned(), "17".to_owned()));
        assert_eq!(
            provider.read(step, &scene.context(), &response),
            Outcome::NotDone { wait_ms: Some(17_000) }
        );
    });
}

#[test]
fn a_proxys_sign_in_left_nothing_and_too_large_is_the_photos_fault() {
    for_each_step(|provider, scene, step| {
        let proxy = provider.read(step, &scene.context(), &page(407));
        assert_eq!(proxy, Outcome::NotSent { why: NotSentWhy::Proxy });
        let large = provider.read(step, &scene.context(), &page(413));
        assert!(matches!(large, Outcome::Definite { fault: Definite::TooLarge, .. }));
    });
}

#[test]
fn a_read_that_tells_nothing_of_the_account_is_never_done() {
    for_each_step(|provider, scene, step| {
        if !step.is_read() {
            return;
        }
        for body in
            ["", "{}", "[]", "null", "{\"state\":", "{\"account_id\":5,\"accountId\":\"5\"}"]
        {
            let response = reply(200, "application/json", body);
            let outcome = provider.read(step, &scene.context(), &response);
            assert_eq!(outcome, Outcome::Ambiguous { why: Ambiguity::Foreign }, "{body}");
        }
    });
}

#[test]
fn only_a_success_is_ever_done() {
    let bodies = [
        "{\"account_id\":1091778617,\"state\":\"verified\"}",
        "{\"kyc_id\":1,\"file_id\":2}",
        "{\"accountId\":\"1091778617\",\"account_kyc_status\":\"UNDER_REVIEW\"}",
        "{\"accountId\":\"1091778617\",\"document_urls\":[]}",
        "{\"error_code\":\"x\"}",
        "\u{0}\u{1}",
    ];
    for_each_step(|provider, scene, step| {
        for status in (100..=599).filter(|status| !(200..=299).contains(status)) {
            for body in bodies {
                let response = reply(status, "application/json", body);
                let outcome = provider.read(step, &scene.context(), &response);
                assert!(!matches!(outcome, Outcome::Done { .. }), "{status} {body}");
            }
        }
    });
}
