use satchel_core::delivery::{Ambiguity, Definite, NotSentWhy, Outcome, Reading, Receipt, Step};
use satchel_core::http::HttpResponse;
use satchel_core::provider::{
    DocumentState, Provider, ProviderState, ProviderStatus, RejectReason,
};
use serde_json::{Value, json};

use super::{WePay, scene};
use crate::sample::{json as answer, page, photo_id, reply};

const STATUS: Step = Step::Read { reading: Reading::Status };

fn authorize() -> Step {
    Step::Authorize { reference: "12345".to_owned() }
}

fn attach() -> Step {
    Step::Attach { references: vec!["1234".to_owned()] }
}

fn upload() -> Step {
    Step::Upload { photo: photo_id() }
}

fn steps() -> [Step; 5] {
    [STATUS, Step::Create, authorize(), upload(), attach()]
}

fn read(step: &Step, response: &HttpResponse) -> Outcome {
    WePay.read(step, &scene().context(), response)
}

fn status(body: &Value) -> ProviderStatus {
    match read(&STATUS, &answer(200, body)) {
        Outcome::Done { receipt: Receipt::Status { status } } => status,
        other => panic!("{other:?}"),
    }
}

fn coded(status: u16, code: i64) -> HttpResponse {
    let body =
        json!({"error": "invalid_request", "error_description": "words", "error_code": code});
    answer(status, &body)
}

fn foreign() -> Outcome {
    Outcome::Ambiguous { why: Ambiguity::Foreign }
}

/// The sample of the document's `/account/kyc`.
fn document_sample() -> Value {
    json!({
      "account_id": 1091778617,
      "state": "verified",
      "supporting_documents": [
        {"file_id": 5678, "type": "social_security_card", "state": "rejected",
         "reject_reason": "illegible", "create_time": 1480700500000_i64},
        {"file_id": 1234, "type": "social_security_card", "state": "verified",
         "reject_reason": null, "create_time": 1480700611000_i64},
        {"file_id": 9101, "type": "current_utility_bill", "state": "verified",
         "reject_reason": null, "create_time": 1480700611000_i64}
      ],
      "legal_name": {"first": "Foo", "last": "Bar"}
    })
}

#[test]
fn the_documents_own_sample_is_read_whole() {
    let status = status(&document_sample());
    assert_eq!((status.state, status.raw.as_str()), (ProviderState::Verified, "verified"));
    let first = &status.documents[0];
    assert_eq!((first.reference.as_str(), first.kind.code()), ("5678", "social_security_card"));
    assert_eq!(first.state, DocumentState::Rejected);
    assert_eq!(first.reason, Some(RejectReason::Illegible));
    assert_eq!(first.received_ms, Some(1_480_700_500_000));
    assert_eq!(status.documents[1].reason, None);
    assert_eq!(status.documents.len(), 3);
}

#[test]
fn every_step_that_answers_with_the_state_reads_it() {
    for step in [STATUS, authorize(), attach()] {
        let outcome = read(&step, &answer(200, &document_sample()));
        assert!(matches!(outcome, Outcome::Done { receipt: Receipt::Status { .. } }), "{step:?}");
    }
}

#[test]
fn five_states_are_known_and_a_new_one_is_pending_with_its_word_kept() {
    let states = [
        ("unsubmitted", ProviderState::NotSubmitted),
        ("unverified", ProviderState::Received),
        ("in_review", ProviderState::InReview),
        ("require_docs", ProviderState::NeedsDocuments),
        ("verified", ProviderState::Verified),
        ("on_hold", ProviderState::Unknown),
    ];
    for (word, state) in states {
        let read = status(&json!({"account_id": 1091778617, "state": word}));
        assert_eq!((read.state, read.raw.as_str()), (state, word));
    }
}

#[test]
fn the_state_is_read_under_either_name() {
    let read = status(&json!({"account_id": "1091778617", "kyc_state": "in_review"}));
    assert_eq!(read.state, ProviderState::InReview);
}

#[test]
fn documents_may_be_null_absent_or_in_seconds_and_unknown_words_are_kept() {
    let none = status(
        &json!({"account_id": 1091778617, "state": "unverified", "supporting_documents": null}),
    );
    assert!(none.documents.is_empty());
    let read =
        status(&json!({"account_id": 1091778617, "state": "in_review", "supporting_documents": [
            {"file_id": "2", "type": "library_card", "state": "lost",
                "reject_reason": "eaten", "create_time": 1480700611},
            {"file_id": 1, "create_time": 1480700500000_i64},
            {}
        ]}));
    let references: Vec<_> = read.documents.iter().map(|d| d.reference.as_str()).collect();
    assert_eq!(references, ["", "1", "2"], "oldest first, undated before");
    let last = &read.documents[2];
    assert_eq!(last.received_ms, Some(1_480_700_611_000));
    assert_eq!(last.kind.code(), "library_card");
    assert_eq!(last.state, DocumentState::Unknown("lost".to_owned()));
    assert_eq!(last.reason, Some(RejectReason::Unknown("eaten".to_owned())));
}

#[test]
fn five_reject_reasons_are_known() {
    let reasons = [
        ("illegible", RejectReason::Illegible),
        ("corrupt_file", RejectReason::CorruptFile),
        ("info_mismatch", RejectReason::InfoMismatch),
        ("doc_unsupported", RejectReason::DocUnsupported),
        ("incomplete", RejectReason::Incomplete),
    ];
    for (word, reason) in reasons {
        let read = status(&json!({"account_id": 1091778617, "state": "require_docs",
            "supporting_documents": [{"file_id": 1, "state": "rejected", "reject_reason": word}]}));
        assert_eq!(read.documents[0].reason, Some(reason));
    }
}

#[test]
fn answer_2xx_of_the_account_is_done_and_names_the_draft_or_file() {
    for number in [json!(12345), json!("12345")] {
        let reference = "12345".to_owned();
        assert_eq!(
            read(&Step::Create, &answer(200, &json!({"kyc_id": number.clone()}))),
            Outcome::Done { receipt: Receipt::Draft { reference: reference.clone() } }
        );
        assert_eq!(
            read(&upload(), &answer(200, &json!({"file_id": number}))),
            Outcome::Done { receipt: Receipt::File { reference } }
        );
    }
}

#[test]
fn a_success_of_another_account_or_shape_is_not_ours() {
    let other = json!({"account_id": 1, "state": "verified"});
    for body in [
        &other,
        &json!({}),
        &json!({"account_id": 1091778617}),
        &json!({"state": "verified"}),
        &json!({"account_id": 1091778617, "state": 7}),
        &json!({"account_id": 1091778617, "state": "verified", "supporting_documents": "none"}),
    ] {
        assert_eq!(read(&STATUS, &answer(200, body)), foreign(), "{body}");
        assert_eq!(read(&authorize(), &answer(200, body)), foreign(), "{body}");
    }
    for body in [json!({}), json!({"kyc_id": null}), json!({"kyc_id": 0}), json!({"kyc_id": "abc"})]
    {
        assert_eq!(read(&Step::Create, &answer(200, &body)), foreign(), "{body}");
    }
}

#[test]
fn answer_2xx_html_is_ambiguous_and_so_are_a_cut_body_and_a_redirect() {
    for step in steps() {
        for response in [
            page(200),
            page(404),
            page(302),
            page(511),
            reply(200, "application/json", "{\"kyc_id\": 123"),
            reply(200, "application/json", ""),
            reply(204, "", ""),
        ] {
            assert_eq!(read(&step, &response), foreign(), "{step:?} {response:?}");
        }
    }
}

#[test]
fn answer_5xx_without_a_code_is_ambiguous() {
    for step in steps() {
        for response in
            [page(500), page(502), reply(503, "", ""), reply(504, "", ""), reply(408, "", "")]
        {
            let expected = Outcome::Ambiguous { why: Ambiguity::ServerFault };
            assert_eq!(read(&step, &response), expected, "{response:?}");
        }
    }
}

#[test]
fn answer_refusing_credentials_pauses_the_connection_and_says_whether_a_page_refused() {
    for (response, html) in [
        (page(401), true),
        (page(403), true),
        (answer(401, &json!({})), false),
        (reply(403, "", ""), false),
    ] {
        let code = response.status.to_string();
        assert_eq!(read(&STATUS, &response), Outcome::Credentials { html, code });
    }
    for code in [1006, 1011] {
        for status in [200, 400, 401, 500] {
            let expected = Outcome::Credentials { html: false, code: code.to_string() };
            assert_eq!(read(&Step::Create, &coded(status, code)), expected);
        }
    }
}

#[test]
fn answer_429_is_not_done_and_tells_how_long_to_wait() {
    let mut throttled = coded(429, 1007);
    throttled.headers.push(("retry-after".to_owned(), "20".to_owned()));
    assert_eq!(read(&authorize(), &throttled), Outcome::NotDone { wait_ms: Some(20_000) });
    assert_eq!(read(&authorize(), &coded(400, 1007)), Outcome::NotDone { wait_ms: None });
    assert_eq!(read(&authorize(), &page(429)), Outcome::NotDone { wait_ms: None });
}

#[test]
fn a_code_outranks_the_status() {
    let account = |code: i64| Outcome::Definite {
        fault: Definite::Account,
        code: code.to_string(),
        text: "words".to_owned(),
    };
    assert_eq!(read(&attach(), &coded(401, 3002)), account(3002));
    assert_eq!(read(&attach(), &coded(200, 3001)), account(3001));
    assert_eq!(read(&attach(), &coded(500, 3004)), account(3004));
    let as_digits = answer(400, &json!({"error_code": "3003", "error_description": "words"}));
    assert_eq!(read(&attach(), &as_digits), account(3003));
}

#[test]
fn answer_with_a_code_means_the_code() {
    use Definite::{
        Account, AlreadySubmitted, Configuration, DraftGone, FilesGone, FullNumberNeeded, Invalid,
        PhotosNotAskedFor,
    };
    let meanings = [
        (1001, Configuration),
        (1002, Configuration),
        (1003, Invalid),
        (1004, Invalid),
        (1005, Configuration),
        (1009, Invalid),
        (1010, Configuration),
        (1014, Configuration),
        (1015, Configuration),
        (1016, Configuration),
        (3001, Account),
        (3002, Account),
        (3003, Account),
        (3004, Account),
        (3006, AlreadySubmitted),
        (3007, DraftGone),
        (3008, Invalid),
        (3009, FullNumberNeeded),
        (3010, PhotosNotAskedFor),
        (3011, FilesGone),
        (3012, Invalid),
    ];
    for (code, fault) in meanings {
        let expected =
            Outcome::Definite { fault, code: code.to_string(), text: "words".to_owned() };
        assert_eq!(read(&Step::Create, &coded(400, code)), expected, "{code}");
    }
    assert!(matches!(
        read(&authorize(), &coded(400, 1003)),
        Outcome::Definite { fault: DraftGone, .. }
    ));
}

#[test]
fn answer_1008_is_ambiguous_and_so_is_a_new_code_of_a_broken_server() {
    let in_doubt = Outcome::Ambiguous { why: Ambiguity::Unexpected };
    assert_eq!(read(&Step::Create, &coded(500, 1008)), in_doubt);
    assert_eq!(read(&Step::Create, &coded(400, 1008)), in_doubt);
    assert_eq!(read(&Step::Create, &coded(500, 9999)), in_doubt);
    assert_eq!(read(&Step::Create, &coded(200, 9999)), in_doubt);
    assert!(matches!(
        read(&Step::Create, &coded(400, 9999)),
        Outcome::Definite { fault: Definite::Unexplained, .. }
    ));
}

#[test]
fn answer_413_is_that_photo_whatever_the_body() {
    for response in [page(413), reply(413, "", ""), answer(413, &json!({}))] {
        assert!(matches!(
            read(&upload(), &response),
            Outcome::Definite { fault: Definite::TooLarge, .. }
        ));
    }
}

#[test]
fn a_proxys_sign_in_left_nothing() {
    assert_eq!(read(&Step::Create, &page(407)), Outcome::NotSent { why: NotSentWhy::Proxy });
}
