#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use satchel_core::delivery::{Ambiguity, Definite, Outcome, Reading, Receipt, Step};
use satchel_core::http::{HttpRequest, HttpResponse, Method};
use satchel_core::onboarding::{Severity, Side};
use satchel_core::provider::{Provider, ProviderState, RequestFault};
use serde_json::{Value, json};

use super::Winter;
use crate::sample::{Scene, header, json as answer, page, photo, photo_id, reply};

const STATUS: Step = Step::Read { reading: Reading::Status };
const DOCUMENTS: Step = Step::Read { reading: Reading::Documents };

fn scene() -> Scene {
    let mut scene = Scene::new("winter", "12345");
    scene.set("base_url", "https://winter.example");
    scene.answers = [
        ("owner.name.first", "Michael"),
        ("owner.name.last", "Winter"),
        ("owner.address.address1", "123 Main St"),
        ("owner.address.city", "Chicago"),
        ("owner.address.region", "il"),
        ("owner.address.postal_code", "90874"),
        ("owner.address.country", "US"),
        ("owner.us.ssn", "123456789"),
    ]
    .into_iter()
    .collect();
    scene
}

fn side() -> Step {
    Step::Side { photo: photo_id() }
}

fn request(scene: &Scene, step: &Step) -> HttpRequest {
    Winter.request(step, &scene.context()).unwrap()
}

fn body(scene: &Scene, step: &Step) -> Value {
    serde_json::from_slice(&request(scene, step).body).unwrap()
}

fn read(step: &Step, response: &HttpResponse) -> Outcome {
    Winter.read(step, &scene().context(), response)
}

fn refused(fault: Definite) -> Outcome {
    Outcome::Definite { fault, code: "400".to_owned(), text: String::new() }
}

#[test]
fn the_documents_own_sample_of_details_is_made_under_both_names() {
    assert_eq!(
        body(&scene(), &Step::Details),
        json!({
            "full_legal_name": "Michael Winter",
            "full_name": "Michael Winter",
            "full_address": "123 Main St, Chicago, IL 90874",
            "social_security_number": "123-45-6789"
        })
    );
    assert_eq!(request(&scene(), &Step::Details).url, "https://winter.example/v1/kyc/info/12345");
}

#[test]
fn the_name_and_picture_go_under_the_configured_keys() {
    let mut scene = scene();
    scene.set("name_field", "full_name");
    let details = body(&scene, &Step::Details);
    assert_eq!(details.get("full_legal_name"), None);
    assert_eq!(details["full_name"], json!("Michael Winter"));

    scene.photo = Some(photo("DRIVERS_LICENSE", Side::Back, b"\xFF\xD8pic"));
    scene.set("document_field", "both");
    let sent = body(&scene, &side());
    assert_eq!(sent["document"], sent["content"]);
    scene.set("document_field", "content");
    assert_eq!(body(&scene, &side()).get("document"), None);
}

#[test]
fn a_licence_has_its_side_and_a_passport_has_none() {
    let mut scene = scene();
    scene.photo = Some(photo("DRIVERS_LICENSE", Side::Back, &[0xFF, 0xD8, 0xFF]));
    assert_eq!(
        body(&scene, &side()),
        json!({
            "accountId": "12345",
            "document_type": "DRIVERS_LICENSE",
            "document_side": "BACK",
            "document": "/9j/"
        })
    );
    assert_eq!(request(&scene, &side()).url, "https://winter.example/v1/kyc_docs/12345");
    scene.photo = Some(photo("PASSPORT", Side::Front, &[0xFF]));
    let passport = body(&scene, &side());
    assert_eq!(passport.get("document_side"), None);
    assert_eq!(passport["document"], json!("/w=="), "padded");
}

#[test]
fn the_state_is_a_get_and_the_documents_are_a_post() {
    let state = request(&scene(), &STATUS);
    assert_eq!(
        (state.method, state.url.as_str()),
        (Method::Get, "https://winter.example/v1/account/12345")
    );
    assert!(state.body.is_empty());
    let documents = request(&scene(), &DOCUMENTS);
    assert_eq!(
        (documents.method, documents.url.as_str()),
        (Method::Post, "https://winter.example/v1/kyc/docs")
    );
    assert_eq!(body(&scene(), &DOCUMENTS), json!({"accountId": "12345"}));
}

#[test]
fn key_and_secret_go_in_the_configured_headers() {
    let mut scene = scene();
    let plain = request(&scene, &STATUS);
    assert_eq!(header(&plain, "X-API-KEY"), Some("key"));
    assert_eq!(header(&plain, "X-API-SECRET"), Some("secret"));
    scene.set("key_header", "Api-Key-Id");
    assert_eq!(header(&request(&scene, &STATUS), "Api-Key-Id"), Some("key"));
}

#[test]
fn an_opaque_identifier_stays_in_its_place_in_the_address() {
    let mut scene = scene();
    scene.account.remote_id = "../a?b".to_owned();
    assert_eq!(request(&scene, &STATUS).url, "https://winter.example/v1/account/..%2Fa%3Fb");
    for id in ["", "..", "."] {
        scene.account.remote_id = id.to_owned();
        let fault = Winter.request(&STATUS, &scene.context()).expect_err("a request was made");
        assert_eq!(fault, RequestFault::RemoteId);
    }
}

#[test]
fn what_is_missing_is_named_and_nothing_is_made() {
    let fault = |scene: &Scene, step: &Step| {
        Winter.request(step, &scene.context()).expect_err("a request was made")
    };
    let mut bare = scene();
    assert_eq!(fault(&bare, &side()), RequestFault::Photo);
    assert_eq!(fault(&bare, &Step::Create), RequestFault::Step);
    bare.answers.put("owner.us.ssn", "6789");
    assert_eq!(fault(&bare, &Step::Details), RequestFault::Step, "four digits are not enough");
    bare.connection.credentials.remove("api_secret");
    assert_eq!(fault(&bare, &STATUS), RequestFault::Connection("api_secret"));
    bare.connection.settings.clear();
    assert_eq!(fault(&bare, &STATUS), RequestFault::Connection("base_url"));
}

#[test]
fn the_documents_own_sample_of_documents_is_read() {
    let sample = json!({
        "accountId": "12345",
        "document_type": "DRIVERS_LICENSE",
        "account_kyc_status": "UNDER_REVIEW",
        "document_urls": ["https://usewinter.com/afsf13141", "https://usewinter.com/fakl3131",
            "https://usewinter.com/lfmsr214"]
    });
    match read(&DOCUMENTS, &answer(200, &sample)) {
        Outcome::Done { receipt: Receipt::Documents { count, status } } => {
            assert_eq!(count, 3);
            assert_eq!(status.unwrap().state, ProviderState::InReview);
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn four_states_are_known_and_a_new_one_is_pending_with_its_word_kept() {
    let states = [
        ("READY_TO_WITHDRAW", ProviderState::Verified),
        ("UNDER_REVIEW", ProviderState::InReview),
        ("CANNOT_WITHDRAW_KYC_REQUIRED", ProviderState::NotSubmitted),
        ("CANNOT_WITHDRAW_KYC_FAILED", ProviderState::Failed),
        ("FROZEN", ProviderState::Unknown),
    ];
    for (word, state) in states {
        let response =
            answer(200, &json!({"accountId": 12345, "account_kyc_status": format!("{word}\n")}));
        match read(&STATUS, &response) {
            Outcome::Done { receipt: Receipt::Status { status } } => {
                assert_eq!((status.state, status.raw.as_str()), (state, word));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_read_of_another_account_or_shape_is_not_ours() {
    let foreign = Outcome::Ambiguous { why: Ambiguity::Foreign };
    let bodies = [
        json!({"accountId": "99", "account_kyc_status": "UNDER_REVIEW", "document_urls": []}),
        json!({"account_kyc_status": "UNDER_REVIEW", "document_urls": []}),
        json!({"accountId": "12345"}),
        json!([]),
    ];
    for body in bodies {
        assert_eq!(read(&STATUS, &answer(200, &body)), foreign, "{body}");
        assert_eq!(read(&DOCUMENTS, &answer(200, &body)), foreign, "{body}");
    }
    assert_eq!(read(&STATUS, &page(200)), foreign);
}

#[test]
fn answer_2xx_of_winter_is_done_unless_it_is_a_page() {
    for step in [Step::Details, side()] {
        for response in [
            reply(200, "", ""),
            answer(201, &json!({"ok": 1})),
            reply(204, "", ""),
            reply(200, "text/plain", "OK"),
        ] {
            assert_eq!(read(&step, &response), Outcome::Done { receipt: Receipt::Accepted });
        }
        for response in [page(200), reply(200, "", "\n<html>"), page(302), page(511), page(404)] {
            let foreign = Outcome::Ambiguous { why: Ambiguity::Foreign };
            assert_eq!(read(&step, &response), foreign, "{response:?}");
        }
    }
}

#[test]
fn a_bad_request_means_what_its_call_can_mean() {
    for response in [reply(400, "", ""), page(400)] {
        assert_eq!(read(&Step::Details, &response), refused(Definite::Unexplained));
        assert_eq!(read(&side(), &response), refused(Definite::Unexplained));
        assert_eq!(read(&DOCUMENTS, &response), refused(Definite::NoDocumentsOrAccount));
        assert_eq!(read(&STATUS, &response), refused(Definite::Account));
    }
    match read(&side(), &reply(400, "text/plain", " bad image ")) {
        Outcome::Definite { text, .. } => assert_eq!(text, "bad image"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn other_statuses_mean_what_they_mean_everywhere() {
    assert_eq!(
        read(&side(), &reply(401, "", "")),
        Outcome::Credentials { html: false, code: "401".to_owned() }
    );
    assert_eq!(read(&side(), &reply(429, "", "")), Outcome::NotDone { wait_ms: None });
    let fault = Outcome::Ambiguous { why: Ambiguity::ServerFault };
    assert_eq!(read(&side(), &page(502)), fault);
    assert_eq!(read(&side(), &reply(408, "", "")), fault);
    assert!(matches!(
        read(&side(), &reply(409, "", "")),
        Outcome::Definite { fault: Definite::Unexplained, .. }
    ));
    assert!(matches!(
        read(&side(), &reply(413, "", "")),
        Outcome::Definite { fault: Definite::TooLarge, .. }
    ));
}

#[test]
fn a_name_that_differs_from_the_accounts_only_warns() {
    let today = jiff::civil::date(2026, 3, 14);
    let mut scene = scene();
    scene.account.name = " michael   WINTER ".to_owned();
    assert_eq!(Winter.advice(&scene.account, &scene.answers, today), []);
    scene.account.name = "Mike Winter".to_owned();
    let advice = Winter.advice(&scene.account, &scene.answers, today);
    assert_eq!(advice.len(), 1);
    assert_eq!((advice[0].code, advice[0].severity), ("legal_name_differs", Severity::Warn));
    assert_eq!(advice[0].detail.as_deref(), Some("Mike Winter"));
    scene.account.name.clear();
    assert_eq!(Winter.advice(&scene.account, &scene.answers, today), []);
}
