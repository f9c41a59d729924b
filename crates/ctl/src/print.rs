//! What a command prints, and with which exit code it ends.

use satchel_app::api::ApiError;
use serde_json::{Value, json};

/// What a command came to.
pub(crate) struct Done {
    /// For `--json`.
    pub(crate) json: Value,
    /// For people.
    pub(crate) text: String,
    /// Exit code.
    pub(crate) exit: u8,
}

impl Done {
    /// Done, with exit code 0.
    pub(crate) fn new(json: Value, text: impl Into<String>) -> Self {
        Self { json, text: text.into(), exit: 0 }
    }
}

/// Why a command did nothing.
pub(crate) enum Fault {
    /// Satchel refused it.
    Refused(ApiError),
    /// A file could not be read or written, or the line was not understood.
    Usage(String),
    /// Something that should not happen.
    Unexpected(anyhow::Error),
}

impl From<ApiError> for Fault {
    fn from(error: ApiError) -> Self {
        Self::Refused(error)
    }
}

impl From<anyhow::Error> for Fault {
    fn from(error: anyhow::Error) -> Self {
        Self::Unexpected(error)
    }
}

const VAULT_CODES: [&str; 16] = [
    "wrong_passphrase",
    "not_a_vault",
    "in_use",
    "newer_version",
    "damaged",
    "device_secret_absent",
    "keychain_absent",
    "keychain_failed",
    "keychain_locked",
    "keychain_silent",
    "keychain_lost",
    "too_many_tries",
    "no_recovery",
    "bad_recovery_key",
    "wrong_recovery_key",
    "locked",
];

impl Fault {
    /// The exit code.
    pub(crate) fn exit(&self) -> u8 {
        match self {
            Self::Refused(error) if VAULT_CODES.contains(&error.code.as_str()) => 4,
            Self::Refused(_) => 3,
            Self::Usage(_) => 2,
            Self::Unexpected(_) => 1,
        }
    }
}

/// Prints what a command came to.
pub(crate) fn done(done: &Done, as_json: bool) {
    if as_json {
        println!("{}", done.json);
    } else if !done.text.is_empty() {
        println!("{}", done.text);
    }
}

/// Prints why a command did nothing.
pub(crate) fn fault(fault: &Fault, as_json: bool) {
    let (code, path, detail) = match fault {
        Fault::Refused(error) => (error.code.clone(), error.path.clone(), error.detail.clone()),
        Fault::Usage(words) => ("usage".to_owned(), None, Some(words.clone())),
        Fault::Unexpected(error) => ("unexpected".to_owned(), None, Some(format!("{error:#}"))),
    };
    if as_json {
        println!("{}", json!({ "error": { "code": code, "path": path, "detail": detail } }));
        return;
    }
    let place = path.map(|p| format!(" at {p}")).unwrap_or_default();
    let detail = detail.map(|d| format!(": {d}")).unwrap_or_default();
    eprintln!("satchelctl: {}{place}{detail} [{code}]", words(&code));
}

/// What to do about the codes that scripts and administrators meet most.
fn words(code: &str) -> &str {
    match code {
        "wrong_passphrase" => "That is not the passphrase of this vault. Nothing was changed",
        "weak_passphrase" => {
            "Choose another passphrase: 12 characters or more, not digits alone, nothing well known"
        }
        "not_a_vault" => "There is no vault in this folder. Make one with `vault create`",
        "exists" => "A vault is in this folder already. It was not touched",
        "in_use" => "Satchel is open on this vault. Close it first",
        "newer_version" => "A newer Satchel made this vault. Use that one",
        "damaged" => "The vault is damaged and was left as it is",
        "device_secret_absent" | "keychain_lost" => {
            "This computer's secret is gone. Nothing was changed. Open with `vault recover`"
        }
        "keychain_absent" => {
            "The device secret is in the system's keychain, and this session has none"
        }
        "keychain_locked" => "The system's keychain is locked. Unlock it and try again",
        "keychain_silent" => "The system's keychain does not answer. Sign out and in again",
        "keychain_failed" => "The system's keychain failed. Sign out and in again",
        "too_many_tries" => "Too many wrong passphrases. Wait so many seconds, then try again",
        "no_recovery" => "This vault has no recovery key",
        "bad_recovery_key" => "That is not a recovery key: check it letter by letter",
        "wrong_recovery_key" => "That is a recovery key, and not this vault's",
        "last_operator" => "Somebody must be able to open the vault: the last one stays",
        "is_you" => "You opened the vault with this one's passphrase: let somebody else do it",
        "no_such_operator" => "Nobody of that name has a passphrase. See `operator list`",
        "too_many_operators" => "There is room for 16 who have a passphrase. Remove somebody first",
        "name_taken" => "Somebody has that name already",
        "disk_full" => "The disk is full. Nothing of this was kept. Free some space and try again",
        "disk_nearly_full" => "Less than 200 MB are free: no photo is taken. Free some space",
        "unknown_account" => "No account with this identifier is here. Add it with `account add`",
        "unknown_connection" => "No such connection. Make one with `connect`",
        "unknown_provider" => "The providers are wepay and winter",
        "already_here" => "This account is here already",
        "already_submitted" => "This account has a submission. Leave --info out to send photos",
        "draft_open" => "A draft is open on this account. Finish it, or add --replace-draft",
        "missing_answers" => "An answer is missing or would be refused",
        "missing_consent" => "The applicant's consent is missing: \"consent\": true",
        "missing_owners" => "Name the other owners, or say \"no_other_owners\": true",
        "missing_document" => "A paper is missing: add --document TYPE=PHOTO",
        "missing_side" => "The other side is missing: add --document TYPE:back=PHOTO",
        "unsupported_document" => "The provider does not take this paper, or not this side",
        "photo_is_bad" => {
            "The photo would likely be refused. Retake it, or add --use-anyway REASON"
        }
        "nothing_to_retake" => "The provider does not ask for photos of this account now",
        "bad_file" => "That file cannot be read, or its path is not whole",
        "file_exists" => "There is a file of that name already. It was not touched",
        "already_forgotten" => "This account is forgotten already",
        "account_forgotten" => "This account was forgotten. Add it again with `account add`",
        "in_flight" => {
            "Something of it may still be on its way. Add --when-settled to forget it after that"
        }
        "keeping_not_sound" => "Photos cannot be kept longer than the details, nor 10 years",
        "required" => "Something that is needed is not given",
        "bad_address" => "The address must begin with https:// (http:// only on this machine)",
        "usage" => "That was not understood",
        code => photo_words(code).unwrap_or("Satchel refused this. Nothing was changed"),
    }
}

/// What to do about a file that gives no photo.
fn photo_words(code: &str) -> Option<&'static str> {
    Some(match code {
        "empty_file" => "The file is empty",
        "not_an_image" => "This is not a picture",
        "truncated" => "The picture stops short: copy it again",
        "damaged_image" => "The picture is damaged",
        "too_many_pixels" => "The picture has more pixels than any camera: it was not opened",
        "too_slow" => "Opening the picture took more than five seconds: it was given up",
        "too_much_memory" => "Opening the picture takes more than 512 MiB: it was given up",
        "worker_crashed" => "Opening the picture failed: it is damaged, or made to do harm",
        "worker_unavailable" => "The process that opens pictures does not start on this computer",
        "unsupported_heic" => "This build does not read HEIC: export the photo as JPEG",
        "several_pages" => "The file has several pages: choose one of a PDF with a page number",
        "no_such_page" => "The file does not have this page",
        "pdf_active" => "The PDF holds more than pages (a script, a form or files): print it anew",
        "pdf_locked" => "The PDF needs a password: save it without one",
        _ => return None,
    })
}
