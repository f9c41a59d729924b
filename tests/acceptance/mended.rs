//! Answers that are mended after they were sealed: with the entry that says so, or not at all.

use satchel_app::api::{AnswerRequest, CorrectionRequest};

use crate::answers::individual_us;
use crate::world::World;

fn corrects(world: &World, submission: &str, kind: &str, path: &str, value: &str) -> String {
    let answers = vec![AnswerRequest { path: path.to_owned(), value: value.to_owned() }];
    let request =
        CorrectionRequest { submission: submission.to_owned(), kind: kind.to_owned(), answers };
    let done = world.satchel.submission_correct(&request);
    done.err().map(|fault| fault.code).unwrap_or_default()
}

fn sealed(world: &World, submission: &str) -> String {
    let sections = world.satchel.submission_answers(submission).unwrap();
    serde_json::to_string(&sections).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_correction_that_is_refused_changes_no_answer() {
    let world = World::connected().await;
    let row = world.account("wepay", "individual", "US");
    world.fault(serde_json::json!({
        "path": "/v2/account/kyc/authorize",
        "times": 1,
        "fault": { "kind": "status", "status": 400, "error_code": 3009 }
    }));
    let photo = satchel_fixtures::Specimen::card(51).jpeg();
    world.onboard(&row.id, &individual_us(), &[("drivers_license", "front", &photo)]);
    world.until(&row.id, "full_number_needed").await;
    let submission = world.submission(&row.id);

    let refused = corrects(&world, &submission, "answers", "owner.name.first", "Zehra");
    assert_eq!(refused, "not_possible_now", "the provider asked for the number alone");
    let answers = sealed(&world, &submission);
    assert!(answers.contains("Quillonda") && !answers.contains("Zehra"), "{answers}");

    let taken = corrects(&world, &submission, "full_number", "owner.us.ssn", "219-09-8764");
    assert_eq!(taken, "");
    assert!(sealed(&world, &submission).contains("8764"));
    world.end().await;
}
