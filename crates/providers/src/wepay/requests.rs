//! One request per step.

use satchel_core::delivery::{Reading, Step};
use satchel_core::http::{HttpRequest, Method};
use satchel_core::ids::PhotoId;
use satchel_core::photo::PhotoRecord;
use satchel_core::provider::{Context, RequestFault};

use super::config::Config;
use super::create::create_body;
use super::model::{AccountKyc, Authorize, Modify};
use crate::wire::{add_header, post_json};

/// The request for one step.
pub(super) fn request(step: &Step, context: &Context<'_>) -> Result<HttpRequest, RequestFault> {
    let config = Config::of(context.connection, context.account);
    match step {
        Step::Read { reading: Reading::Status } => {
            let body = AccountKyc { account_id: account_id(context)? };
            post_json(config.call_url("/account/kyc")?, config.headers()?, &body)
        }
        Step::Create => {
            account_id(context)?;
            let body = create_body(&config, context)?;
            post_json(config.create_url()?, config.create_headers()?, &body)
        }
        Step::Authorize { reference } => {
            let body = Authorize { kyc_id: number(reference).ok_or(RequestFault::Step)? };
            post_json(config.authorize_url()?, config.headers()?, &body)
        }
        Step::Upload { photo } => upload(&config, context, photo),
        Step::Attach { references } => {
            let body = Modify { account_id: account_id(context)?, file_ids: file_ids(references)? };
            post_json(config.call_url("/account/kyc/modify")?, config.headers()?, &body)
        }
        Step::Read { reading: Reading::Documents } | Step::Details | Step::Side { .. } => {
            Err(RequestFault::Step)
        }
    }
}

/// The account's number at WePay.
pub(super) fn account_id(context: &Context<'_>) -> Result<i64, RequestFault> {
    number(&context.account.remote_id).ok_or(RequestFault::RemoteId)
}

fn number(text: &str) -> Option<i64> {
    text.trim().parse().ok().filter(|n| *n > 0)
}

/// The files' numbers, each once.
fn file_ids(references: &[String]) -> Result<Vec<i64>, RequestFault> {
    let mut ids = Vec::new();
    for reference in references {
        let id = number(reference).ok_or(RequestFault::Step)?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    if ids.is_empty() { Err(RequestFault::Step) } else { Ok(ids) }
}

fn upload(
    config: &Config<'_>,
    context: &Context<'_>,
    wanted: &PhotoId,
) -> Result<HttpRequest, RequestFault> {
    let (record, bytes) =
        context.photo.filter(|(record, _)| record.id == *wanted).ok_or(RequestFault::Photo)?;
    let boundary = boundary(&record.id, bytes);
    let mut headers = config.headers()?;
    let content_type = format!("multipart/form-data; boundary={boundary}");
    add_header(&mut headers, "Content-Type", &content_type);
    Ok(HttpRequest {
        method: Method::Post,
        url: config.call_url("/file/upload")?,
        headers,
        body: multipart(&boundary, account_id(context)?, record, bytes),
    })
}

/// A line that does not occur in the photo. Made from the photo's own random name, so that the same
/// photo gives the same request.
fn boundary(photo: &PhotoId, bytes: &[u8]) -> String {
    let mut boundary = format!("satchel-{photo}");
    while bytes.windows(boundary.len()).any(|window| window == boundary.as_bytes()) {
        boundary.push('-');
    }
    boundary
}

/// The parts `account_id`, `type` and `file`. The document names no encoding; "extension … or no
/// extension" implies a file name, hence multipart. The file's name says nothing about a person.
fn multipart(boundary: &str, account_id: i64, record: &PhotoRecord, bytes: &[u8]) -> Vec<u8> {
    let field = |name: &str, value: &str| {
        format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        )
    };
    let head = format!(
        "{}{}--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; \
         filename=\"document.{}\"\r\nContent-Type: {}\r\n\r\n",
        field("account_id", &account_id.to_string()),
        field("type", record.document.code()),
        record.format.extension(),
        record.format.mime(),
    );
    let tail = format!("\r\n--{boundary}--\r\n");
    let mut body = Vec::with_capacity(head.len() + bytes.len() + tail.len());
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(tail.as_bytes());
    body
}
