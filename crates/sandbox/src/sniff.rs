//! What a file is, by its first bytes.

/// A kind of file that a provider knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileKind {
    Jpeg,
    Png,
    Pdf,
}

impl FileKind {
    pub(crate) fn mime(self) -> &'static str {
        match self {
            FileKind::Jpeg => "image/jpeg",
            FileKind::Png => "image/png",
            FileKind::Pdf => "application/pdf",
        }
    }
}

/// Recognises a JPEG, PNG or PDF by its magic bytes; the file's name is never asked.
pub(crate) fn sniff(bytes: &[u8]) -> Option<FileKind> {
    if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        return Some(FileKind::Jpeg);
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some(FileKind::Png);
    }
    bytes.starts_with(b"%PDF-").then_some(FileKind::Pdf)
}
