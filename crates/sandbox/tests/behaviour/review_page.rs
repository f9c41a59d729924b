//! The page on which a person decides.

use reqwest::Response;
use serde_json::json;

use crate::bench::*;
use crate::bodies::*;

async fn page(bench: &Bench, account: &str) -> String {
    let url = format!("{}&account={account}", bench.running.hello().review_url);
    let response = bench.http.get(url).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 200);
    response.text().await.unwrap()
}

async fn decide(bench: &Bench, form: &str) -> Response {
    let url = bench.running.hello().review_url.replace("/review?", "/review/decide?");
    let request = bench.http.post(url).header("content-type", "application/x-www-form-urlencoded");
    request.body(form.to_owned()).send().await.unwrap()
}

/// An account whose owner names no script, with one document under review.
async fn with_document(bench: &Bench) -> i64 {
    bench.submit(HUMAN_US, us_business()).await;
    decide(bench, &format!("account=wepay:{HUMAN_US}&status=require_docs")).await;
    let file_id = bench.upload(HUMAN_US, "current_utility_bill", png("bill")).await;
    bench.modify(HUMAN_US, json!([file_id])).await;
    file_id
}

#[tokio::test]
async fn the_page_needs_the_token_of_its_address() {
    let bench = Bench::start().await;
    let bare = bench.winter_url("/review");
    assert_eq!(bench.http.get(&bare).send().await.unwrap().status().as_u16(), 401);
    let wrong = format!("{bare}?token=guess");
    assert_eq!(bench.http.get(wrong).send().await.unwrap().status().as_u16(), 401);
    let decide = bench.http.post(bench.winter_url("/review/decide"));
    assert_eq!(decide.send().await.unwrap().status().as_u16(), 401);
}

#[tokio::test]
async fn every_account_is_listed_and_what_waits_for_a_person_comes_first() {
    let bench = Bench::start().await;
    let accounts = bench.running.hello().accounts.len();
    let quiet = page(&bench, "").await;
    assert_eq!(quiet.matches("<li><a href=").count(), accounts);
    assert!(quiet.contains("Nothing waits for you"));
    bench.submit(HUMAN_US, us_business()).await;
    let waiting = page(&bench, "").await;
    assert!(waiting.contains("<title>1 to decide"));
    assert!(waiting.contains("<h1>Corner Coffee</h1>"), "it is shown without being chosen");
}

#[tokio::test]
async fn an_account_shows_details_photos_and_forms() {
    let bench = Bench::start().await;
    let file_id = with_document(&bench).await;
    let html = page(&bench, &format!("wepay:{HUMAN_US}")).await;
    for part in [
        "<dt>business.account_owner.name.first</dt><dd>Foo</dd>",
        "<h3>Current utility bill</h3>",
        "aria-label=\"Verify Current utility bill\"",
        "<option value=\"illegible\">Illegible</option>",
        &format!("value=\"{file_id}\""),
        "Kyc modified",
    ] {
        assert!(html.contains(part), "{part}");
    }
    let start = html.find("<img src=\"").unwrap() + "<img src=\"".len();
    let url = html[start..].split('"').next().unwrap().replace("&amp;", "&");
    let photo = bench.http.get(bench.winter_url(&url)).send().await.unwrap();
    assert_eq!(photo.headers()["content-type"], "image/png");
    assert_eq!(photo.bytes().await.unwrap().to_vec(), png("bill"));
}

#[tokio::test]
async fn a_person_rejects_a_document_with_a_reason() {
    let bench = Bench::start().await;
    let file_id = with_document(&bench).await;
    let form = format!(
        "account=wepay%3A{HUMAN_US}&file_id={file_id}&decision=rejected&reject_reason=illegible"
    );
    let decided = decide(&bench, &form).await;
    assert_eq!(decided.status().as_u16(), 303);
    assert!(!decided.headers()["location"].to_str().unwrap().contains("problem"));
    let found = bench.look_up(HUMAN_US).await;
    assert_eq!(found["state"], "require_docs");
    assert_eq!(found["supporting_documents"][0]["reject_reason"], "illegible");
    assert!(page(&bench, &format!("wepay:{HUMAN_US}")).await.contains("Rejected</span>"));
}

#[tokio::test]
async fn a_person_verifies_a_document_or_an_account() {
    let bench = Bench::start().await;
    let file_id = with_document(&bench).await;
    let reason = "reject_reason=illegible";
    let form = format!("account=wepay:{HUMAN_US}&file_id={file_id}&{reason}&decision=verified");
    decide(&bench, &form).await;
    assert_eq!(bench.state(HUMAN_US).await, "verified");
    bench.submit(REVIEW_US, us_business()).await;
    decide(&bench, &format!("account=wepay:{REVIEW_US}&status=verified")).await;
    assert_eq!(bench.state(REVIEW_US).await, "verified");
}

#[tokio::test]
async fn a_person_accepts_or_refuses_a_winter_account() {
    let bench = Bench::start().await;
    decide(&bench, "account=winter:W-1004&status=CANNOT_WITHDRAW_KYC_FAILED").await;
    assert_eq!(bench.winter_status("W-1004").await, "CANNOT_WITHDRAW_KYC_FAILED");
    decide(&bench, "account=winter:Store+%237%2FB+%C3%BC&status=READY_TO_WITHDRAW").await;
    assert_eq!(bench.winter_status("Store%20%237%2FB%20%C3%BC").await, "READY_TO_WITHDRAW");
}

#[tokio::test]
async fn what_cannot_be_decided_is_said_on_the_page() {
    let bench = Bench::start().await;
    let refused = decide(&bench, &format!("account=wepay:{REVIEW_US}&status=verified")).await;
    let location = refused.headers()["location"].to_str().unwrap().to_owned();
    let html = bench.http.get(bench.winter_url(&location)).send().await.unwrap();
    let html = html.text().await.unwrap();
    assert!(
        html.contains("role=\"alert\">Nothing was decided: the account has not been submitted")
    );
    assert_eq!(decide(&bench, "account=nobody").await.status().as_u16(), 400);
}

#[tokio::test]
async fn what_a_client_sent_is_shown_as_text() {
    let bench = Bench::start().await;
    let name = json!({"first": "<script>alert(1)</script>", "last": "\"><img src=x>"});
    let body = us_business().with("/business/account_owner/name", name);
    bench.submit(HUMAN_US, body).await;
    let html = page(&bench, &format!("wepay:{HUMAN_US}")).await;
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(!html.contains("<script") && !html.contains("<img src=x"));
}

#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere() {
    let bench = Bench::start().await;
    let response = bench.http.get(&bench.running.hello().review_url).send().await.unwrap();
    let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none';"), "{policy}");
    assert_eq!(response.headers()["referrer-policy"], "no-referrer");
    let html = response.text().await.unwrap();
    assert!(!html.contains("http:") && !html.contains("https:") && !html.contains("<script"));
    let style = bench.http.get(bench.winter_url("/review/style.css")).send().await.unwrap();
    assert_eq!(style.headers()["content-type"], "text/css; charset=utf-8");
    let css = style.text().await.unwrap();
    assert!(css.contains("prefers-color-scheme: dark") && !css.contains("url("));
}
