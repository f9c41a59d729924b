//! A `multipart/form-data` body, already received, split into its parts (RFC 7578).

/// One part of a form.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part<'a> {
    pub(crate) name: String,
    pub(crate) file_name: Option<String>,
    pub(crate) bytes: &'a [u8],
}

/// The boundary that a content type names; `None` when it is not `multipart/form-data`.
pub(crate) fn boundary(content_type: &str) -> Option<String> {
    let (kind, parameters) = content_type.split_once(';')?;
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    parameter(parameters, "boundary").filter(|boundary| !boundary.is_empty())
}

/// The parts of the body; `None` when it breaks the form's grammar.
pub(crate) fn parts<'a>(body: &'a [u8], boundary: &str) -> Option<Vec<Part<'a>>> {
    let open = format!("--{boundary}").into_bytes();
    let between = format!("\r\n--{boundary}").into_bytes();
    let mut rest =
        if body.starts_with(&open) { body.get(open.len()..)? } else { after(body, &between)?.1 };
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        rest = next_line(rest)?;
        let (part, next) = after(rest, &between)?;
        parts.push(read_part(part)?);
        rest = next;
    }
    Some(parts)
}

/// Skips the white space that may follow a boundary, and its line break.
fn next_line(bytes: &[u8]) -> Option<&[u8]> {
    let (padding, rest) = after(bytes, b"\r\n")?;
    padding.iter().all(|b| matches!(b, b' ' | b'\t')).then_some(rest)
}

fn read_part(part: &[u8]) -> Option<Part<'_>> {
    let (head, bytes) = match part.strip_prefix(b"\r\n") {
        Some(bytes) => (&[][..], bytes),
        None => after(part, b"\r\n\r\n")?,
    };
    let head = String::from_utf8_lossy(head);
    let disposition = head.split("\r\n").find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.trim().eq_ignore_ascii_case("content-disposition").then_some(value)
    })?;
    let (_, parameters) = disposition.split_once(';')?;
    Some(Part {
        name: parameter(parameters, "name")?,
        file_name: parameter(parameters, "filename"),
        bytes,
    })
}

/// What stands before and after the first `needle`.
fn after<'a>(bytes: &'a [u8], needle: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let first = *needle.first()?;
    let mut from = 0;
    loop {
        let found = from + bytes.get(from..)?.iter().position(|&byte| byte == first)?;
        let here = bytes.get(found..)?;
        if here.starts_with(needle) {
            return Some((bytes.get(..found)?, here.get(needle.len()..)?));
        }
        from = found + 1;
    }
}

/// A parameter of a header's value, quoted or bare.
fn parameter(text: &str, wanted: &str) -> Option<String> {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([';', ' ', '\t']);
        let (name, value) = rest.split_once('=')?;
        let (value, next) = value_and_rest(value)?;
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = next;
    }
}

fn value_and_rest(text: &str) -> Option<(String, &str)> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(';').unwrap_or(text.len());
        let (value, rest) = text.split_at_checked(end)?;
        return Some((value.trim().to_owned(), rest));
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, character)) = chars.next() {
        match character {
            '"' => return Some((value, quoted.get(at + 1..)?)),
            '\\' => value.push(chars.next()?.1),
            other => value.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    const FORM: &[u8] =
        b"--XX\r\nContent-Disposition: form-data; name=\"type\"\r\n\r\npassport\r\n\
        --XX\r\nContent-Disposition: form-data; filename=\"a;b\\\".png\"; name=\"file\"\r\n\
        Content-Type: image/png\r\n\r\n\r\n--X\r\n\r\n--XX--\r\n";

    #[test]
    fn parts_keep_their_bytes_exactly() {
        let parts = parts(FORM, "XX").unwrap();
        assert_eq!(parts.len(), 2);
        assert_eq!((parts[0].name.as_str(), parts[0].bytes), ("type", &b"passport"[..]));
        assert_eq!(parts[1].file_name.as_deref(), Some("a;b\".png"));
        assert_eq!(parts[1].bytes, b"\r\n--X\r\n");
    }

    #[test]
    fn a_form_that_ends_early_is_refused() {
        assert_eq!(parts(&FORM[..FORM.len() - 20], "XX"), None);
        assert_eq!(parts(b"", "XX"), None);
        assert_eq!(parts(FORM, "YY"), None);
    }

    #[test]
    fn a_form_without_parts_is_empty() {
        assert_eq!(parts(b"--XX--\r\n", "XX"), Some(Vec::new()));
    }

    #[test]
    fn the_boundary_may_be_quoted() {
        let boundary_of = |text| boundary(text);
        assert_eq!(boundary_of("multipart/form-data; boundary=ab").as_deref(), Some("ab"));
        assert_eq!(
            boundary_of("Multipart/Form-Data; charset=x; boundary=\"a b\"").as_deref(),
            Some("a b")
        );
        assert_eq!(boundary_of("application/json; boundary=ab"), None);
        assert_eq!(boundary_of("multipart/form-data"), None);
    }
}
