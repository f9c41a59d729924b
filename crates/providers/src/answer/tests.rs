#![allow(clippy::unwrap_used)]

use serde_json::json;

use super::*;
use crate::sample::{page, reply};

fn with_headers(headers: &[(&str, &str)]) -> HttpResponse {
    let headers = headers.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    HttpResponse { status: 429, headers, body: Vec::new() }
}

#[test]
fn a_wait_is_read_from_seconds_and_capped() {
    assert_eq!(wait_ms(&with_headers(&[("retry-after", "12")])), Some(12_000));
    assert_eq!(wait_ms(&with_headers(&[("retry-after", "99999999")])), Some(3_600_000));
    assert_eq!(wait_ms(&with_headers(&[("retry-after", "soon")])), None);
    assert_eq!(wait_ms(&with_headers(&[])), None);
}

#[test]
fn a_wait_until_a_date_is_counted_by_the_servers_own_clock() {
    let until = ("retry-after", "Wed, 21 Oct 2015 07:28:30 GMT");
    let date = ("date", "Wed, 21 Oct 2015 07:28:00 GMT");
    let earlier = ("retry-after", "Wed, 21 Oct 2015 07:00:00 GMT");
    assert_eq!(wait_ms(&with_headers(&[until, date])), Some(30_000));
    assert_eq!(wait_ms(&with_headers(&[earlier, date])), Some(0));
    assert_eq!(wait_ms(&with_headers(&[until])), None, "our clock may be wrong");
}

#[test]
fn a_page_is_known_by_its_type_or_its_first_character() {
    assert!(is_html(&page(200)));
    assert!(is_html(&reply(200, "application/json", "\u{feff}  <html>")));
    assert!(!is_html(&reply(200, "application/json", "{\"a\":\"<b>\"}")));
    assert!(!is_html(&reply(200, "", "")));
}

#[test]
fn only_an_object_of_a_sane_size_is_the_providers() {
    assert!(json_object(&reply(200, "application/json", "{}")).is_some());
    for body in ["", "[]", "\"x\"", "{\"a\":", "null"] {
        assert!(json_object(&reply(200, "application/json", body)).is_none(), "{body}");
    }
    let huge = format!("{{\"a\":\"{}\"}}", "x".repeat(BODY_BYTES_MAX));
    assert!(json_object(&reply(200, "application/json", &huge)).is_none());
}

#[test]
fn numbers_come_as_numbers_or_digits() {
    assert_eq!(integer(Some(&json!(12345))), Some(12345));
    assert_eq!(integer(Some(&json!("12345"))), Some(12345));
    assert_eq!(integer(Some(&json!(1.5))), None);
    assert_eq!(integer(Some(&json!("12e3"))), None);
    assert_eq!(integer(Some(&json!(u64::MAX))), None);
    assert_eq!(integer(None), None);
}

#[test]
fn words_of_a_refusal_are_kept_short() {
    assert_eq!(kept_text(&"é".repeat(5000)).chars().count(), 500);
}
