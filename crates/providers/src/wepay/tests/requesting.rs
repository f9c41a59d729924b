use satchel_core::delivery::{Reading, Step};
use satchel_core::http::{HttpRequest, Method};
use satchel_core::onboarding::{Country, EntityKind, Side};
use satchel_core::provider::{Provider, RequestFault};
use satchel_core::secret::Secret;
use serde_json::{Value, json};

use super::{WePay, scene, who};
use crate::sample::{Scene, header, photo, photo_id};

const STATUS: Step = Step::Read { reading: Reading::Status };

fn request(scene: &Scene, step: &Step) -> HttpRequest {
    WePay.request(step, &scene.context()).unwrap()
}

fn fault(scene: &Scene, step: &Step) -> RequestFault {
    WePay.request(step, &scene.context()).expect_err("a request was made")
}

fn body(request: &HttpRequest) -> Value {
    serde_json::from_slice(&request.body).unwrap()
}

fn authorize() -> Step {
    Step::Authorize { reference: "12345".to_owned() }
}

fn individual() -> Scene {
    let mut scene = scene();
    scene.who = Some(who(EntityKind::Individual, Country::Us));
    scene.answers.put("owner.date_of_birth", "1900-01-01");
    scene
}

#[test]
fn every_call_is_a_post_with_the_headers_that_wepay_requires() {
    let scene = individual();
    let calls = [
        (STATUS, "/account/kyc"),
        (Step::Create, "/account/kyc/create"),
        (authorize(), "/account/kyc/authorize"),
        (Step::Attach { references: vec!["1".to_owned()] }, "/account/kyc/modify"),
    ];
    for (step, path) in calls {
        let request = request(&scene, &step);
        assert_eq!(request.method, Method::Post);
        assert_eq!(request.url, format!("https://provider.example/v2{path}"));
        assert_eq!(header(&request, "Authorization"), Some("Bearer STAGE_connection"));
        assert_eq!(header(&request, "Api-Version"), Some("2017-02-01"));
        assert_eq!(header(&request, "Content-Type"), Some("application/json"));
        assert!(header(&request, "User-Agent").unwrap().starts_with("Satchel/"));
        assert_eq!(header(&request, "Client-IP"), None);
        assert_eq!(header(&request, "WePay-Risk-Token"), None);
    }
}

#[test]
fn numbers_go_out_as_the_document_types_them() {
    let mut scene = individual();
    assert_eq!(body(&request(&scene, &STATUS)), json!({"account_id": 1091778617}));
    assert_eq!(body(&request(&scene, &authorize())), json!({"kyc_id": 12345}));
    let created = body(&request(&scene, &Step::Create));
    assert_eq!(
        (&created["client_id"], &created["account_id"]),
        (&json!("9876"), &json!("1091778617"))
    );
    scene.account.remote_id = " 1091778617 ".to_owned();
    assert_eq!(body(&request(&scene, &Step::Create))["account_id"], json!("1091778617"));
}

#[test]
fn files_are_attached_once_each() {
    let references = ["1234", "5678", "1234"].map(str::to_owned).to_vec();
    let request = request(&scene(), &Step::Attach { references });
    assert_eq!(body(&request), json!({"account_id": 1091778617, "file_ids": [1234, 5678]}));
}

#[test]
fn an_accounts_own_token_outranks_the_connections() {
    let mut scene = scene();
    scene.account.token = Some(Secret::new("STAGE_owner"));
    assert_eq!(header(&request(&scene, &STATUS), "Authorization"), Some("Bearer STAGE_owner"));
}

#[test]
fn risk_headers_and_version_come_from_the_connection() {
    let mut scene = scene();
    scene.set("risk_token", "4f5b");
    scene.set("client_ip", "192.0.2.7");
    scene.set("api_version", "2018-01-01");
    let request = request(&scene, &STATUS);
    assert_eq!(header(&request, "WePay-Risk-Token"), Some("4f5b"));
    assert_eq!(header(&request, "Client-IP"), Some("192.0.2.7"));
    assert_eq!(header(&request, "Api-Version"), Some("2018-01-01"));
}

#[test]
fn in_the_tokenization_flow_only_create_goes_to_wepay_and_it_carries_no_token() {
    let mut scene = individual();
    scene.connection.credentials.clear();
    scene.set("create_without_token", "yes");
    scene.set("authorize_url", "https://relay.example/kyc/");
    let create = request(&scene, &Step::Create);
    assert_eq!(create.url, "https://provider.example/v2/account/kyc/create");
    assert_eq!(header(&create, "Authorization"), None);
    let authorized = request(&scene, &authorize());
    assert_eq!(authorized.url, "https://relay.example/kyc/account/kyc/authorize");
    assert_eq!(header(&authorized, "Authorization"), None);
    assert_eq!(request(&scene, &STATUS).url, "https://relay.example/kyc/account/kyc");
}

#[test]
fn authorize_alone_goes_to_the_relay_when_this_device_has_a_token() {
    let mut scene = scene();
    scene.set("authorize_url", "https://relay.example/kyc");
    let authorized = request(&scene, &authorize());
    assert_eq!(authorized.url, "https://relay.example/kyc/account/kyc/authorize");
    assert_eq!(header(&authorized, "Authorization"), Some("Bearer STAGE_connection"));
    assert_eq!(request(&scene, &STATUS).url, "https://provider.example/v2/account/kyc");
}

#[test]
fn an_upload_is_one_multipart_body_whose_parts_name_nobody() {
    let mut scene = scene();
    scene.photo = Some(photo("passport", Side::Front, &[0xFF, 0xD8, 0, 1, 2, b'\r', b'\n']));
    let request = request(&scene, &Step::Upload { photo: photo_id() });
    let content_type = header(&request, "Content-Type").unwrap();
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
    let part = |name: &str, value: &str| {
        format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        )
    };
    let file = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; \
         filename=\"document.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
    );
    let expected = [
        part("account_id", "1091778617").into_bytes(),
        part("type", "passport").into_bytes(),
        file.into_bytes(),
        vec![0xFF, 0xD8, 0, 1, 2, b'\r', b'\n'],
        format!("\r\n--{boundary}--\r\n").into_bytes(),
    ];
    assert_eq!(request.body, expected.concat());
    assert_eq!(request.url, "https://provider.example/v2/file/upload");
}

#[test]
fn a_photo_that_contains_the_boundary_gets_another() {
    let mut scene = scene();
    let plain = format!("satchel-{}", photo_id());
    scene.photo = Some(photo("passport", Side::Front, plain.as_bytes()));
    let request = request(&scene, &Step::Upload { photo: photo_id() });
    let content_type = header(&request, "Content-Type").unwrap();
    assert!(content_type.ends_with(&format!("{plain}-")), "{content_type}");
}

#[test]
fn what_is_missing_is_named_and_nothing_is_made() {
    let mut bare = individual();
    bare.connection.settings.remove("client_id");
    assert_eq!(fault(&bare, &Step::Create), RequestFault::Connection("client_id"));
    bare.connection.credentials.clear();
    assert_eq!(fault(&bare, &STATUS), RequestFault::Connection("access_token"));

    let mut scene = scene();
    assert_eq!(fault(&scene, &Step::Upload { photo: photo_id() }), RequestFault::Photo);
    assert_eq!(fault(&scene, &Step::Create), RequestFault::Step, "nobody was chosen");
    assert_eq!(fault(&scene, &Step::Details), RequestFault::Step);
    assert_eq!(fault(&scene, &Step::Attach { references: Vec::new() }), RequestFault::Step);
    assert_eq!(fault(&scene, &Step::Authorize { reference: "x".to_owned() }), RequestFault::Step);
    for id in ["", "abc", "-5", "0", "12/34"] {
        scene.account.remote_id = id.to_owned();
        assert_eq!(fault(&scene, &STATUS), RequestFault::RemoteId, "{id}");
    }
}
