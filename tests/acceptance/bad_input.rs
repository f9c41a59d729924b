//! Bad input gets a clear error, and nothing is lost.

use satchel_app::Picture;
use satchel_app::api::{AccountAddRequest, ImportRequest, VaultUnlockRequest};
use satchel_fixtures::Specimen;

use crate::answers::individual_us;
use crate::world::{World, create};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_passphrase_is_named_and_erases_nothing() {
    let world = World::connected().await;
    world.satchel.vault_lock("hand");
    let wrong = VaultUnlockRequest { passphrase: "not the passphrase".to_owned() };
    for _ in 0..3 {
        let refused = world.satchel.vault_unlock(&wrong).unwrap_err();
        assert_eq!(refused.code, "wrong_passphrase");
    }
    world.unlock();
    assert_eq!(world.satchel.connections_list().unwrap().len(), 2);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_vault_is_never_made_over_the_first() {
    let world = World::connected().await;
    world.satchel.vault_lock("hand");
    assert_eq!(world.satchel.vault_create(&create()).unwrap_err().code, "exists");
    world.unlock();
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn broken_lines_of_a_list_are_named_and_the_good_ones_are_added() {
    let world = World::connected().await;
    let connections = world.satchel.connections_list().unwrap();
    let connection = connections.iter().find(|c| c.provider == "wepay").unwrap().id.clone();
    let csv = "account_id,name,country,shoe size\n\
               1001,Nadia's Bakery,GB,38\n\
               ,No Number,US,\n\
               12x,Not a Number,US,\n\
               1002,Nowhere Ltd,XX,\n\
               1001,Twice,US,\n\
               1003,Too,US,1,2,3\n\
               1004,\"Orchard, Ltd\",ca,\n";
    let request = ImportRequest { connection, csv: csv.to_owned() };
    let view = world.satchel.accounts_import(&request).unwrap();
    let bad: Vec<(u64, &str)> = view.bad.iter().map(|b| (b.line, b.code.as_str())).collect();
    let expected = [
        (3, "missing_account_id"),
        (4, "not_a_number"),
        (5, "unknown_country"),
        (6, "twice_in_file"),
        (7, "too_many_columns"),
    ];
    assert_eq!(bad, expected);
    assert_eq!(view.ignored, ["shoe size"]);
    assert_eq!(view.good.len(), 2);
    let again = world.satchel.accounts_preview(&request).unwrap();
    assert_eq!((again.good.len(), again.known.len()), (0, 2 + 1));
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_that_are_no_photos_are_refused_by_name_and_the_draft_stays() {
    let world = World::connected().await;
    let row = world.account("wepay", "individual", "US");
    let draft = world.satchel.draft_start(&row.id).unwrap();
    let whole = Specimen::card(9).jpeg();
    let bad: [(&str, Vec<u8>); 5] = [
        ("empty_file", Vec::new()),
        ("not_an_image", satchel_fixtures::text_named_jpeg()),
        ("too_many_pixels", satchel_fixtures::bomb_png(30_000, 30_000)),
        ("truncated", whole[..whole.len() / 2].to_vec()),
        ("damaged", b"%PDF-1.7\n1 0 obj\n".to_vec()),
    ];
    for (code, bytes) in bad {
        let refused = world
            .satchel
            .photo_add(&draft.id, "passport", "front", Picture::File(&bytes))
            .unwrap_err();
        assert_eq!(refused.code, code);
    }
    world.satchel.photo_add(&draft.id, "passport", "front", Picture::File(&whole)).unwrap();
    assert_eq!(world.satchel.draft_show(&draft.id).unwrap().photos.len(), 1);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_portal_that_answers_html_loses_nothing_and_is_named() {
    let world = World::connected().await;
    world.fault(serde_json::json!({ "times": null, "fault": { "kind": "portal", "status": 200 } }));
    let row = world.account("wepay", "individual", "US");
    world.onboard(&row.id, &individual_us(), &[]);
    world.until(&row.id, "waiting_intercepted").await;
    assert_eq!(world.satchel.network_show().unwrap().kind, "sign_in_needed");
    world.online();
    world.until(&row.id, "documents_needed").await;
    assert_eq!(world.effects(&row.remote_id, "kyc_authorized"), 1);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_key_pauses_the_connection_and_a_new_key_lets_it_go_on() {
    let world = World::connected().await;
    let connections = world.satchel.connections_list().unwrap();
    let wepay = connections.iter().find(|c| c.provider == "wepay").unwrap().clone();
    let key = |token: &str| satchel_app::api::ConnectionRequest {
        id: Some(wepay.id.clone()),
        provider: "wepay".to_owned(),
        name: wepay.name.clone(),
        settings: wepay.settings.clone(),
        credentials: [("access_token".to_owned(), token.to_owned())].into(),
        extra_root_pem: None,
    };
    let good = world.sandbox.hello().credentials.wepay.clone();
    world.satchel.connection_save(key(&good.revoked_access_token)).unwrap();
    let row = world.account("wepay", "individual", "US");
    world.onboard(&row.id, &individual_us(), &[]);
    world.until(&row.id, "waiting_credentials").await;
    let banner = world.satchel.network_show().unwrap().banner.unwrap();
    assert_eq!((banner.code.as_str(), banner.count), ("credentials", Some(1)));
    world.satchel.connection_save(key(&good.access_token)).unwrap();
    world.until(&row.id, "documents_needed").await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_account_that_the_provider_does_not_know_is_said_to_be_so() {
    let world = World::connected().await;
    let connections = world.satchel.connections_list().unwrap();
    let wepay = connections.iter().find(|c| c.provider == "wepay").unwrap();
    let row = world
        .satchel
        .account_add(AccountAddRequest {
            connection: wepay.id.clone(),
            remote_id: "424242424242".to_owned(),
            name: "Nobody".to_owned(),
            kind: Some("individual".to_owned()),
            country: Some("US".to_owned()),
            email: None,
            token: None,
        })
        .unwrap();
    world.onboard(&row.id, &individual_us(), &[]);
    let view = world.until(&row.id, "account_refused").await;
    assert!(view.next.unwrap().actions.contains(&"withdraw".to_owned()));
    world.end().await;
}
