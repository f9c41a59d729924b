//! One request per step.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use satchel_core::delivery::{Reading, Step};
use satchel_core::http::HttpRequest;
use satchel_core::ids::PhotoId;
use satchel_core::onboarding::{Answers, Side, normal};
use satchel_core::provider::{Context, RequestFault};
use serde_json::{Map, Value};

use super::config::Config;
use super::requirements::PASSPORT;
use crate::wire::{get, path_segment, post_json};

/// The request for one step.
pub(super) fn request(step: &Step, context: &Context<'_>) -> Result<HttpRequest, RequestFault> {
    let config = Config(context.connection);
    let id = account_id(context)?;
    let place = path_segment(id);
    match step {
        Step::Read { reading: Reading::Status } => {
            Ok(get(config.url(&format!("/v1/account/{place}"))?, config.headers()?))
        }
        Step::Read { reading: Reading::Documents } => {
            let body = object([("accountId", id.to_owned())]);
            post_json(config.url("/v1/kyc/docs")?, config.headers()?, &body)
        }
        Step::Details => {
            let body = details(&config, context.answers)?;
            post_json(config.url(&format!("/v1/kyc/info/{place}"))?, config.headers()?, &body)
        }
        Step::Side { photo } => {
            let body = side(&config, context, id, photo)?;
            post_json(config.url(&format!("/v1/kyc_docs/{place}"))?, config.headers()?, &body)
        }
        Step::Create | Step::Authorize { .. } | Step::Upload { .. } | Step::Attach { .. } => {
            Err(RequestFault::Step)
        }
    }
}

/// The account's name at Winter: an opaque text.
pub(super) fn account_id<'a>(context: &'a Context<'_>) -> Result<&'a str, RequestFault> {
    let id = context.account.remote_id.trim();
    if id.is_empty() || id == "." || id == ".." { Err(RequestFault::RemoteId) } else { Ok(id) }
}

fn object(entries: impl IntoIterator<Item = (&'static str, String)>) -> Map<String, Value> {
    entries.into_iter().map(|(key, value)| (key.to_owned(), Value::String(value))).collect()
}

fn details(config: &Config<'_>, answers: &Answers) -> Result<Map<String, Value>, RequestFault> {
    let ssn = normal::ssn(answers.text("owner.us.ssn")).ok_or(RequestFault::Step)?;
    let mut body =
        object([("full_address", one_line_address(answers)), ("social_security_number", ssn)]);
    let name = normal::full_name(answers, "owner.name");
    body.extend(object(config.name_keys().into_iter().map(|key| (key, name.clone()))));
    Ok(body)
}

/// `123 Main St, Chicago, IL 90874`, as in the document's sample.
fn one_line_address(answers: &Answers) -> String {
    let text = |part: &str| answers.text(&format!("owner.address.{part}")).to_owned();
    let region = normal::region(&text("region"), &text("country"));
    let last = normal::joined(&[region, text("postal_code")], " ");
    normal::joined(&[text("address1"), text("address2"), text("city"), last], ", ")
}

fn side(
    config: &Config<'_>,
    context: &Context<'_>,
    id: &str,
    wanted: &PhotoId,
) -> Result<Map<String, Value>, RequestFault> {
    let (record, bytes) =
        context.photo.filter(|(record, _)| record.id == *wanted).ok_or(RequestFault::Photo)?;
    let kind = record.document.code();
    let mut body = object([("accountId", id.to_owned()), ("document_type", kind.to_owned())]);
    if kind != PASSPORT {
        let side = match record.side {
            Side::Front => "FRONT",
            Side::Back => "BACK",
        };
        body.extend(object([("document_side", side.to_owned())]));
    }
    let picture = STANDARD.encode(bytes);
    body.extend(object(config.document_keys().into_iter().map(|key| (key, picture.clone()))));
    Ok(body)
}
