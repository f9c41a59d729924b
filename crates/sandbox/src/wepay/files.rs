//! `/file/upload`: one document, as a form or as JSON with base64, inert until `modify` names it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hyper::body::Bytes;
use serde_json::{Value, json};

use super::error::WepayError;
use super::{Caller, account_for};
use crate::journal::{Effect, JournalEntry, Provider};
use crate::json::{Members, integer};
use crate::multipart;
use crate::policy::FILE_BYTES_MAX;
use crate::sniff::{FileKind, sniff};
use crate::state::StoredFile;
use crate::wire::Call;
use crate::world::World;

/// The 21 document types of the file upload call.
pub(crate) const DOCUMENT_TYPES: [&str; 21] = [
    "passport",
    "drivers_license",
    "other_government_issued_photo_id",
    "current_lease_contract",
    "current_utility_bill",
    "benefits_card",
    "birth_certificate",
    "certificate_of_citizenship",
    "certificate_of_naturalization",
    "certified_copy_of_court_order",
    "employment_authorization_card",
    "permanent_residence_card",
    "social_security_card",
    "social_insurance_number_card",
    "evidence_of_corporate_registration",
    "evidence_of_nonprofit_registration",
    "evidence_of_authority",
    "current_bank_statement",
    "current_local_tax_bill",
    "mortgage_statement",
    "electoral_register_entry",
];

struct Upload {
    bytes: Bytes,
    file_name: Option<String>,
    document_type: String,
    account_id: i64,
}

/// Keeps a file; it is deleted after 30 minutes unless `modify` names it.
pub(crate) fn upload(world: &mut World, caller: Caller, call: &Call) -> Result<Value, WepayError> {
    if call.body_too_long {
        return Err(WepayError::too_large());
    }
    let form = call.header("content-type").and_then(multipart::boundary);
    let upload = match form {
        Some(boundary) => from_form(&call.body, &boundary)?,
        None => from_json(&call.body)?,
    };
    account_for(world, caller, upload.account_id)?;
    if upload.bytes.len() > FILE_BYTES_MAX {
        return Err(WepayError::too_large());
    }
    check_extension(upload.file_name.as_deref())?;
    let kind = sniff(&upload.bytes)
        .ok_or_else(|| WepayError::invalid("file", "it is not a PDF, JPEG or PNG"))?;
    keep(world, upload, kind)
}

fn from_form(body: &Bytes, boundary: &str) -> Result<Upload, WepayError> {
    let parts = multipart::parts(body, boundary);
    let parts = parts.ok_or_else(|| WepayError::new(1005, "the form is malformed".to_owned()))?;
    let part = |name: &str| {
        let part = parts.iter().find(|part| part.name == name && !part.bytes.is_empty());
        part.ok_or_else(|| WepayError::missing(name))
    };
    let text = |name: &str| part(name).map(|p| String::from_utf8_lossy(p.bytes).into_owned());
    let file = part("file")?;
    let document_type = text("type")?;
    let account_id = text("account_id")?;
    Ok(Upload {
        bytes: body.slice_ref(file.bytes),
        file_name: file.file_name.clone(),
        document_type: check_type(document_type)?,
        account_id: read_account_id(&Value::String(account_id))?,
    })
}

fn from_json(body: &[u8]) -> Result<Upload, WepayError> {
    let members = Members::parse(body).ok_or_else(WepayError::not_json)?;
    let field = |name: &str| members.last(name).ok_or_else(|| WepayError::missing(name));
    let file = field("file")?.as_str().filter(|text| !text.is_empty());
    let file = file.ok_or_else(|| WepayError::missing("file"))?;
    let bytes = STANDARD.decode(file);
    let bytes = bytes.map_err(|_| WepayError::invalid("file", "it is not base64"))?;
    let document_type = field("type")?.as_str().unwrap_or_default().to_owned();
    let account_id = field("account_id")?;
    Ok(Upload {
        bytes: bytes.into(),
        file_name: None,
        document_type: check_type(document_type)?,
        account_id: read_account_id(account_id)?,
    })
}

fn check_type(document_type: String) -> Result<String, WepayError> {
    if DOCUMENT_TYPES.contains(&document_type.as_str()) {
        return Ok(document_type);
    }
    Err(WepayError::invalid("type", "it is not one of the document types"))
}

fn read_account_id(value: &Value) -> Result<i64, WepayError> {
    integer(value).ok_or_else(|| WepayError::invalid("account_id", "it is not an integer"))
}

/// `pdf`, `jpg`, `jpeg`, `png` or none; what counts is the file's own bytes.
fn check_extension(file_name: Option<&str>) -> Result<(), WepayError> {
    let extension = file_name.and_then(|name| name.rsplit_once('.')).map(|(_, end)| end);
    let extension = extension.unwrap_or_default().to_ascii_lowercase();
    if ["", "pdf", "jpg", "jpeg", "png"].contains(&extension.as_str()) {
        return Ok(());
    }
    Err(WepayError::invalid("file", "its extension is not pdf, jpg, jpeg or png"))
}

fn keep(world: &mut World, upload: Upload, kind: FileKind) -> Result<Value, WepayError> {
    let length = upload.bytes.len();
    let sha256 = world.photos.keep(upload.bytes).map_err(|_| WepayError::unexpected())?;
    let is_repeat = world
        .files_of(upload.account_id)
        .any(|file| file.sha256 == sha256 && file.document_type == upload.document_type);
    let file_id = world.new_id();
    world.record(JournalEntry {
        duplicate: is_repeat,
        file_ids: vec![file_id],
        document_type: Some(upload.document_type.clone()),
        photo_sha256: vec![sha256.clone()],
        ..JournalEntry::of(Provider::Wepay, upload.account_id.to_string(), Effect::FileUploaded)
    });
    world.add_file(StoredFile {
        file_id,
        account_id: upload.account_id,
        document_type: upload.document_type,
        sha256,
        mime: kind.mime().to_owned(),
        bytes: length,
        uploaded_ms: world.now_ms,
        attached: None,
        expired: false,
    });
    Ok(json!({"file_id": file_id}))
}

/// Deletes a file that no `modify` has named in time.
pub(crate) fn expire_file(world: &mut World, file_id: i64) {
    let Some(file) = world.file(file_id).filter(|f| f.attached.is_none() && !f.expired) else {
        return;
    };
    let entry = JournalEntry {
        file_ids: vec![file_id],
        photo_sha256: vec![file.sha256.clone()],
        ..JournalEntry::of(Provider::Wepay, file.account_id.to_string(), Effect::FilesExpired)
    };
    world.record(entry);
    if let Some(file) = world.file_mut(file_id) {
        file.expired = true;
    }
}
