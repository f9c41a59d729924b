//! A request as it came in and an answer as it goes out, free of any HTTP library's streams.

use hyper::body::Bytes;
use hyper::{HeaderMap, Method};
use serde_json::Value;

/// One request, wholly received.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) method: Method,
    /// The path as it came, still percent-encoded.
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The body was longer than the sandbox keeps; what is in `body` is its beginning.
    pub(crate) body_too_long: bool,
    /// Scheme and host by which the caller reached us, such as `http://127.0.0.1:8801`.
    pub(crate) origin: String,
}

impl Call {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The path's parts, each percent-decoded after the split; `None` when one cannot be decoded.
    pub(crate) fn segments(&self) -> Option<Vec<String>> {
        self.path.trim_start_matches('/').split('/').map(percent_decode).collect()
    }

    /// A parameter of the query.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        form_pairs(self.query.as_bytes()).into_iter().find(|(key, _)| key == name).map(|(_, v)| v)
    }
}

/// One answer.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Bytes,
    /// The body is sent in chunks with no length given beforehand, as WePay does.
    pub(crate) chunked: bool,
}

impl Reply {
    pub(crate) fn empty(status: u16) -> Reply {
        Reply { status, headers: Vec::new(), body: Bytes::new(), chunked: false }
    }

    pub(crate) fn json(status: u16, value: &Value) -> Reply {
        Reply::typed(status, "application/json", value.to_string().into_bytes())
    }

    pub(crate) fn html(status: u16, text: String) -> Reply {
        Reply::typed(status, "text/html; charset=utf-8", text.into_bytes())
    }

    pub(crate) fn typed(status: u16, content_type: &str, body: impl Into<Bytes>) -> Reply {
        let headers = vec![("content-type", content_type.to_owned())];
        Reply { status, headers, body: body.into(), chunked: false }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Reply {
        self.headers.push((name, value.into()));
        self
    }
}

/// Undoes percent-encoding; `None` for a bad escape or for what is not UTF-8.
pub(crate) fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        if first != b'%' {
            bytes.push(first);
            rest = after;
            continue;
        }
        let (digits, after) = after.split_at_checked(2)?;
        let digits = std::str::from_utf8(digits).ok().filter(|d| !d.starts_with('+'))?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}

/// Percent-encodes everything but letters, digits and `-._~`.
pub(crate) fn percent_encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

/// The pairs of a query or of a form's body; pairs that cannot be decoded are left out.
pub(crate) fn form_pairs(bytes: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(bytes);
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .filter_map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let decode = |part: &str| percent_decode(&part.replace('+', " "));
            Some((decode(key)?, decode(value)?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_encoding_is_undone_and_bad_escapes_are_refused() {
        assert_eq!(percent_decode("a%20b%2Fc%C3%BC").as_deref(), Some("a b/cü"));
        assert_eq!(percent_decode("%zz"), None);
        assert_eq!(percent_decode("%+1"), None);
        assert_eq!(percent_decode("%e"), None);
        assert_eq!(percent_decode("%ff"), None);
    }

    #[test]
    fn encoding_and_decoding_are_inverse() {
        let id = "Store #7/B ü%";
        assert_eq!(percent_decode(&percent_encode(id)).as_deref(), Some(id));
    }

    #[test]
    fn form_pairs_read_plus_as_a_space() {
        let pairs = form_pairs(b"a=1+2&b=%26&c");
        let expected = [("a", "1 2"), ("b", "&"), ("c", "")];
        assert_eq!(pairs, expected.map(|(k, v)| (k.to_owned(), v.to_owned())));
    }
}
