//! What survives a restart, and the program itself.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use satchel_sandbox::{Effect, Hello, Options, Sandbox, StartError};
use serde_json::json;

use crate::bench::*;
use crate::bodies::*;

fn kept_in(folder: &Path) -> Options {
    Options { data: Some(folder.to_owned()), ..still() }
}

#[tokio::test]
async fn accounts_files_photos_journal_and_tokens_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let bench = Bench::with(kept_in(folder.path())).await;
    bench.submit(DOCUMENTS_GB, gb_business()).await;
    let file_id = bench.upload(DOCUMENTS_GB, "passport", png("kept")).await;
    let draft = bench.create(HUMAN_US, us_business()).await.body["kyc_id"].clone();
    let image = json!({"document_type": "PASSPORT", "document": base64(&png("winter"))});
    bench.winter("/v1/kyc_docs/12345", image).await;
    let read = json!({"accountId": "12345"});
    let documents = bench.winter("/v1/kyc/docs", read.clone()).await.body;
    let ours = bench.token().to_owned();
    bench.admin("/tokens", json!({"access_token": "STAGE_new"})).await;
    let (journal, hello) = (bench.running.journal(), bench.running.hello().clone());
    bench.running.stop().await;

    let again = Bench::with(kept_in(folder.path())).await;
    assert_eq!(again.running.journal(), journal);
    assert_eq!(again.running.hello().admin_token, hello.admin_token);
    assert_eq!(again.token(), ours);
    let taken = again.modify(DOCUMENTS_GB, json!([file_id])).await;
    assert_eq!(taken.body["state"], "in_review");
    let authorized = again.wepay("/account/kyc/authorize", json!({"kyc_id": draft})).await;
    assert_eq!(authorized.status, 200);
    let documents_again = again.winter("/v1/kyc/docs", read).await.body;
    let name = |body: &serde_json::Value| {
        body["document_urls"][0].as_str().unwrap().rsplit('/').next().unwrap().to_owned()
    };
    assert_eq!(name(&documents_again), name(&documents));
    let url = documents_again["document_urls"][0].as_str().unwrap();
    let bytes = again.http.get(url).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(bytes.to_vec(), png("winter"));
}

#[tokio::test]
async fn windows_and_reviews_go_on_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let bench = Bench::with(kept_in(folder.path())).await;
    bench.submit(REVIEW_US, us_business()).await;
    bench.upload(HUMAN_US, "passport", png("x")).await;
    bench.running.stop().await;
    let again = Bench::with(kept_in(folder.path())).await;
    again.running.advance(31 * MINUTE_MS).unwrap();
    assert_eq!(again.state(REVIEW_US).await, "verified");
    assert_eq!(again.effects(Effect::FilesExpired).len(), 1);
}

#[tokio::test]
async fn a_running_clock_keeps_what_was_added_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { frozen_at_ms: None, ..kept_in(folder.path()) };
    let bench = Bench::with(options.clone()).await;
    bench.running.advance(60 * MINUTE_MS).unwrap();
    let before_ms = bench.running.now_ms();
    bench.running.stop().await;
    let again = Bench::with(options).await;
    let passed_ms = again.running.now_ms() - before_ms;
    assert!((0..60_000).contains(&passed_ms), "{passed_ms}");
}

#[tokio::test]
async fn a_torn_last_line_is_cut_off_and_the_journal_is_mended_from_the_state() {
    let folder = tempfile::tempdir().unwrap();
    let bench = Bench::with(kept_in(folder.path())).await;
    bench.create(HUMAN_US, us_business()).await;
    let journal = bench.running.journal();
    bench.running.stop().await;
    let path = |name: &str| folder.path().join(name);
    let mut state = std::fs::OpenOptions::new().append(true).open(path("state.jsonl")).unwrap();
    state.write_all(b"{\"meta\":{\"next").unwrap();
    let lines = std::fs::read_to_string(path("journal.jsonl")).unwrap();
    let torn = lines.trim_end().rsplit_once('\n').unwrap().0.to_owned() + "\n{\"seq\":";
    std::fs::write(path("journal.jsonl"), torn).unwrap();
    let again = Bench::with(kept_in(folder.path())).await;
    assert_eq!(again.running.journal(), journal);
    assert_eq!(std::fs::read_to_string(path("journal.jsonl")).unwrap(), lines);
}

#[tokio::test]
async fn a_state_that_is_not_ours_is_refused_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("state.jsonl"), "{}\nnot json\n").unwrap();
    let refused = Sandbox::start(kept_in(folder.path())).await;
    assert!(matches!(refused, Err(StartError::BrokenState(_, 2, _))), "{refused:?}");
}

#[tokio::test]
async fn two_sandboxes_cannot_share_a_data_folder() {
    let folder = tempfile::tempdir().unwrap();
    let bench = Bench::with(kept_in(folder.path())).await;
    let refused = Sandbox::start(kept_in(folder.path())).await;
    assert!(matches!(refused, Err(StartError::InUse(_))), "{refused:?}");
    bench.running.stop().await;
    assert!(Sandbox::start(kept_in(folder.path())).await.is_ok());
}

#[tokio::test]
async fn a_sandbox_in_memory_leaves_no_trace_and_stops_for_good() {
    let bench = Bench::start().await;
    let address = bench.running.addresses().http;
    bench.upload(HUMAN_US, "passport", png("x")).await;
    bench.running.stop().await;
    assert!(tokio::net::TcpStream::connect(address).await.is_err());
}

/// The program as a child; it is killed when the test ends.
struct Program {
    child: Child,
    hello: Hello,
}

impl Program {
    fn start(arguments: &[&str]) -> Program {
        let mut child = Command::new(env!("CARGO_BIN_EXE_satchel-sandbox"))
            .args(["--listen", "127.0.0.1:0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Program { child, hello: serde_json::from_str(&line).unwrap() }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

#[tokio::test]
async fn the_program_greets_in_one_line_serves_and_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("elsewhere/journal.jsonl");
    let data = folder.path().join("data");
    let faults = folder.path().join("faults.json");
    let rule = r#"[{"path": "/v2/account", "fault": {"kind": "status", "status": 503}}]"#;
    std::fs::write(&faults, rule).unwrap();
    let mut arguments = vec!["--data", data.to_str().unwrap()];
    arguments.extend(["--journal", journal.to_str().unwrap()]);
    arguments.extend(["--switch", "strict_ssn=false", "--tls-listen", "127.0.0.1:0"]);
    arguments.extend(["--accounts", "2", "--no-throttle", "--review-delay-ms", "5"]);
    arguments.extend(["--faults", faults.to_str().unwrap()]);
    let program = Program::start(&arguments);
    let http = client();
    let post = |base: String, call: &str, body: serde_json::Value| {
        let token = &program.hello.credentials.wepay.access_token;
        http.post(format!("{base}{call}")).bearer_auth(token).json(&body).send()
    };
    let block = json!({"social_security_number": "111221234"});
    let body = us_individual().with("/individual/account_owner/us_owner_compliance", block);
    let body = create_body(VERIFIED_US, body);
    let created = post(program.hello.wepay.clone(), "/account/kyc/create", body).await.unwrap();
    let kyc_id = answer(created).await.body["kyc_id"].clone();
    assert!(kyc_id.is_i64(), "the switch was heard");
    let hit = post(program.hello.wepay.clone(), "/account", json!({})).await.unwrap();
    assert_eq!(hit.status().as_u16(), 503);
    drop(program);

    let again = Program::start(&arguments);
    let request = http.post(format!("{}/account/kyc/authorize", again.hello.wepay));
    let request = request.bearer_auth(&again.hello.credentials.wepay.access_token);
    let authorized = answer(request.json(&json!({"kyc_id": kyc_id})).send().await.unwrap()).await;
    assert_eq!(authorized.body["state"], "verified");
    let lines = std::fs::read_to_string(&journal).unwrap();
    assert!(lines.lines().last().unwrap().contains("\"state\":\"verified\""));
}

#[test]
fn the_program_refuses_bad_arguments_in_words() {
    for (arguments, words) in [
        (vec!["--listen", "0.0.0.0:0"], "can be reached from other machines"),
        (vec!["--switch", "nonsense=1"], "unknown field"),
        (vec!["--switch", "strict_ssn"], "is not NAME=VALUE"),
        (vec!["--faults", "/nowhere.json"], "/nowhere.json"),
    ] {
        let run = Command::new(env!("CARGO_BIN_EXE_satchel-sandbox")).args(&arguments).output();
        let run = run.unwrap();
        let said = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(!run.status.success() && said.contains(words), "{arguments:?}: {said}");
    }
}
