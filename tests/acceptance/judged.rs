//! Photos that were judged bad: nothing leaves the device with one unless somebody said why.

use satchel_app::Picture;
use satchel_app::api::{AnswerRequest, PhotoView};
use satchel_fixtures::{Defect, Specimen};

use crate::answers::individual_us;
use crate::world::{MINUTE, World};

/// Far too blurred to read.
fn blurred(seed: u64) -> Vec<u8> {
    Specimen::card(seed).defect(Defect::Blur(9.0)).jpeg()
}

fn take(world: &World, draft: &str, bytes: &[u8]) -> PhotoView {
    world.satchel.photo_add(draft, "passport", "front", Picture::File(bytes)).unwrap()
}

fn filled(world: &World, account: &str) -> String {
    let draft = world.satchel.draft_start(account).unwrap().id;
    let answers: Vec<AnswerRequest> = individual_us()
        .into_iter()
        .map(|(path, value)| AnswerRequest { path: path.to_owned(), value: value.to_owned() })
        .collect();
    world.satchel.draft_answer(&draft, &answers).unwrap();
    world.satchel.draft_consent(&draft, true).unwrap();
    draft
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_photo_is_sealed_only_with_a_reason() {
    let world = World::connected().await;
    let row = world.account("wepay", "individual", "US");
    let draft = filled(&world, &row.id);
    let photo = take(&world, &draft, &blurred(80));
    assert_eq!(photo.report.verdict, "bad");
    let refused = world.satchel.draft_seal(&draft).unwrap_err();
    let told = (refused.code.as_str(), refused.path.as_deref(), refused.detail.as_deref());
    assert_eq!(told, ("photo_not_usable", Some("passport"), Some("front")));
    let missing = world.satchel.draft_show(&draft).unwrap().missing;
    assert_eq!(missing.len(), 1);
    assert_eq!((missing[0].code.as_str(), missing[0].step.as_str()), ("photo", "documents"));

    take(&world, &draft, &blurred(81));
    let third = take(&world, &draft, &blurred(82));
    assert_eq!((third.retakes, third.may_override), (2, true));
    world.satchel.photo_use(&draft, &third.id, "The only paper there is").unwrap();
    world.satchel.draft_seal(&draft).unwrap();
    world.until(&row.id, "in_review").await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bad_photo_is_in_no_further_round_without_a_reason() {
    let world = World::connected().await;
    let row = world.account("wepay", "individual", "US");
    let card = Specimen::card(83).jpeg();
    world.onboard(&row.id, &individual_us(), &[("passport", "front", &card)]);
    world.until(&row.id, "in_review").await;
    world.pass_and_ask(2 * MINUTE);
    world.until(&row.id, "document_rejected").await;
    let draft = world.satchel.retake_start(&row.id).unwrap().id;
    take(&world, &draft, &blurred(84));
    assert_eq!(world.satchel.draft_show(&draft).unwrap().missing[0].code, "photo");
    let refused = world.satchel.draft_seal(&draft).unwrap_err();
    assert_eq!(refused.code, "photo_not_usable");
    assert_eq!(world.effects(&row.remote_id, "kyc_modified"), 1, "nothing of it was sent");
    take(&world, &draft, &Specimen::card(85).jpeg());
    world.satchel.draft_seal(&draft).unwrap();
    world.until(&row.id, "in_review").await;
    assert_eq!(world.effects(&row.remote_id, "kyc_modified"), 2);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn turning_a_bad_photo_is_no_retake_and_keeps_its_reason() {
    let world = World::connected().await;
    let row = world.account("wepay", "individual", "US");
    let draft = filled(&world, &row.id);
    let mut photo = take(&world, &draft, &blurred(86));
    for _ in 0..4 {
        photo = world.satchel.photo_turn(&draft, &photo.id, 1).unwrap();
        assert_eq!((photo.retakes, photo.may_override), (0, false));
    }
    let early = world.satchel.photo_use(&draft, &photo.id, "It is late").unwrap_err();
    assert_eq!(early.code, "retake_first");
    take(&world, &draft, &blurred(87));
    let third = take(&world, &draft, &blurred(88));
    world.satchel.photo_use(&draft, &third.id, "The only paper there is").unwrap();
    let turned = world.satchel.photo_turn(&draft, &third.id, 2).unwrap();
    assert_eq!(turned.override_reason.as_deref(), Some("The only paper there is"));
    assert_eq!((turned.retakes, turned.may_override), (2, true));
    let again = take(&world, &draft, &blurred(89));
    assert_eq!(again.override_reason, None, "another photo needs a reason of its own");
    assert_eq!(again.retakes, 3);
    world.end().await;
}
