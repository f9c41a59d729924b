//! What both providers' requests are made of.

use satchel_core::http::{HttpRequest, Method};
use satchel_core::provider::RequestFault;
use serde::Serialize;

/// Header names and values.
pub(crate) type Headers = Vec<(String, String)>;

/// The base URL without a slash at its end.
///
/// # Errors
/// [`RequestFault::Connection`] when nothing is configured under `key`.
pub(crate) fn base_url(value: &str, key: &'static str) -> Result<String, RequestFault> {
    let base = value.trim().trim_end_matches('/');
    if base.is_empty() { Err(RequestFault::Connection(key)) } else { Ok(base.to_owned()) }
}

/// A text that must be there.
///
/// # Errors
/// [`RequestFault::Connection`] when it is empty.
pub(crate) fn given(value: &str, key: &'static str) -> Result<String, RequestFault> {
    let value = value.trim();
    if value.is_empty() { Err(RequestFault::Connection(key)) } else { Ok(value.to_owned()) }
}

/// The headers that every request has.
pub(crate) fn common_headers() -> Headers {
    vec![
        ("User-Agent".to_owned(), format!("Satchel/{}", env!("CARGO_PKG_VERSION"))),
        ("Accept".to_owned(), "application/json".to_owned()),
    ]
}

/// Adds a header unless its value is empty.
pub(crate) fn add_header(headers: &mut Headers, name: &str, value: &str) {
    let value = value.trim();
    if !value.is_empty() {
        headers.push((name.to_owned(), value.to_owned()));
    }
}

/// A POST of a JSON body.
///
/// # Errors
/// [`RequestFault::Step`] when the body cannot be written as JSON.
pub(crate) fn post_json(
    url: String,
    mut headers: Headers,
    body: &impl Serialize,
) -> Result<HttpRequest, RequestFault> {
    let body = serde_json::to_vec(body).map_err(|_| RequestFault::Step)?;
    add_header(&mut headers, "Content-Type", "application/json");
    Ok(HttpRequest { method: Method::Post, url, headers, body })
}

/// A GET.
pub(crate) fn get(url: String, headers: Headers) -> HttpRequest {
    HttpRequest { method: Method::Get, url, headers, body: Vec::new() }
}

/// One segment of a path: everything but RFC 3986's unreserved characters is percent-encoded.
pub(crate) fn path_segment(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn an_identifier_cannot_leave_its_path_segment() {
        assert_eq!(path_segment("a/../b?c#d é"), "a%2F..%2Fb%3Fc%23d%20%C3%A9");
    }

    #[test]
    fn a_base_url_loses_its_last_slash_and_must_be_there() {
        assert_eq!(base_url(" https://host/v2/ ", "base_url").unwrap(), "https://host/v2");
        assert_eq!(base_url(" / ", "base_url"), Err(RequestFault::Connection("base_url")));
    }
}
