//! HTTP as the simulated servers speak it: requests read, answers written by hand.

use satchel_core::delivery::NotSentWhy;
use satchel_core::http::{HttpRequest, HttpResponse, TransportFault};
use serde_json::Value;

use crate::class::Class;
use crate::time::EPOCH;

/// What a device hears: a whole answer, or why none came.
pub type Answer = Result<HttpResponse, TransportFault>;

pub const JSON: &str = "application/json";
pub const HTML: &str = "text/html; charset=utf-8";

/// A page for people.
pub const PAGE: &str = "<!doctype html><html><title>Welcome</title>Please sign in</html>";

/// Texts that no log line, index column or event for a window may hold.
pub const CANARIES: [&str; 5] =
    ["Zorblaxia", "078-05-1120", "Quillfeather", "canary.token", "echoed by the server"];

/// What a server answers, and what that means.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub body: String,
    pub class: Class,
}

impl Reply {
    pub fn new(status: u16, body: String, class: Class) -> Self {
        Self { status, body, class }
    }
}

pub fn response(status: u16, kind: &str, body: impl Into<Vec<u8>>) -> HttpResponse {
    let headers = vec![("content-type".to_owned(), kind.to_owned())];
    HttpResponse { status, headers, body: body.into() }
}

/// Adds the server's date, in whole seconds.
pub fn dated(mut response: HttpResponse, now: u64) -> HttpResponse {
    let at = jiff::Timestamp::from_millisecond(EPOCH + now as i64).unwrap();
    let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&at).unwrap();
    response.headers.push(("date".to_owned(), date));
    response
}

/// The path below the base address.
pub fn path<'a>(request: &'a HttpRequest, base: &str) -> &'a str {
    request.url.strip_prefix(base).unwrap_or("/elsewhere")
}

pub fn header<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    let found = request.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.as_str())
}

pub fn json(request: &HttpRequest) -> Option<Value> {
    serde_json::from_slice(&request.body).ok()
}

/// A number that came as a number or as its digits.
pub fn number(value: Option<&Value>) -> Option<u64> {
    let value = value?;
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// The content of a part of a form.
pub fn part<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    let boundary = header(request, "content-type")?.split("boundary=").nth(1)?;
    let text = std::str::from_utf8(&request.body).ok()?;
    let line = format!("--{boundary}");
    let mut parts = text.split(&line).map(str::trim_start);
    let named = format!("name=\"{name}\"");
    let found = parts.find(|part| part.starts_with("Content-Disposition") && part.contains(&named));
    Some(found?.split_once("\r\n\r\n")?.1.trim_end_matches("\r\n"))
}

/// What a fault of the way means.
pub fn class_of(fault: TransportFault) -> Class {
    match fault {
        TransportFault::Name
        | TransportFault::Connect
        | TransportFault::Tls
        | TransportFault::BadAddress => Class::NotSent(NotSentWhy::Network),
        TransportFault::Intercepted => Class::NotSent(NotSentWhy::Intercepted),
        TransportFault::CertificateTime => Class::NotSent(NotSentWhy::Clock),
        TransportFault::Proxy => Class::NotSent(NotSentWhy::Proxy),
        TransportFault::AfterFirstByte => Class::Ambiguous,
    }
}

/// The first canary in a text.
pub fn canary(text: &str) -> Option<&'static str> {
    CANARIES.into_iter().find(|canary| text.contains(canary))
}
