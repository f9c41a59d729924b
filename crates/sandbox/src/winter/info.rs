//! `POST /v1/kyc/info/<accountId>`: personal details, each write replacing the last.

use serde_json::{Value, json};

use super::{WinterError, account_for, check_body_account};
use crate::digest::sha256_of_json;
use crate::journal::{Effect, JournalEntry, Provider};
use crate::json::Members;
use crate::review;
use crate::state::WinterInfo;
use crate::wire::Call;
use crate::world::World;

/// Writes the details of one account.
pub(crate) fn write(world: &mut World, id: &str, call: &Call) -> Result<Value, WinterError> {
    let account = account_for(world, id)?;
    let members = Members::parse(&call.body).filter(|_| !call.body_too_long);
    let members = members.ok_or_else(|| WinterError::bad("the body is not a JSON object"))?;
    check_body_account(id, members.last("accountId"))?;
    let full_name = full_name(&members)?;
    let same_name = full_name.trim() == account.full_name.trim();
    if world.switches.strict_full_name && !same_name {
        return Err(WinterError::bad("the full name is not the account's"));
    }
    text(&members, "full_address")?;
    let number = text(&members, "social_security_number")?;
    if !is_ssn(&number) {
        return Err(WinterError::bad("social_security_number is not of the form 123-45-6789"));
    }
    let earlier = account.info.as_ref().map(|info| info.details_sha256.clone());
    let body = Value::Object(members.into_map());
    let details_sha256 = sha256_of_json(&body);
    world.record(JournalEntry {
        duplicate: earlier.as_ref() == Some(&details_sha256),
        details_sha256: Some(details_sha256.clone()),
        details: Some(body.clone()),
        ..JournalEntry::of(Provider::Winter, id.to_owned(), Effect::InfoWritten)
    });
    let written_ms = world.now_ms;
    if let Some(account) = world.winter_account_mut(id) {
        account.info = Some(WinterInfo { full_name, body, details_sha256, written_ms });
    }
    review::winter_written(world, id);
    Ok(json!({}))
}

/// The list calls it `full_name` and the sample `full_legal_name`: either will do.
fn full_name(members: &Members) -> Result<String, WinterError> {
    let listed = members.last("full_name");
    let shown = members.last("full_legal_name");
    if let (Some(listed), Some(shown)) = (listed, shown)
        && listed != shown
    {
        return Err(WinterError::bad("full_name and full_legal_name differ"));
    }
    let field = if shown.is_some() { "full_legal_name" } else { "full_name" };
    text(members, field)
}

fn text(members: &Members, field: &str) -> Result<String, WinterError> {
    let text = members.last(field).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    let text = text.ok_or_else(|| WinterError::bad(&format!("{field} is required")))?;
    Ok(text.to_owned())
}

/// `123-45-6789`, or its nine digits.
fn is_ssn(number: &str) -> bool {
    let groups: Vec<&str> = number.split('-').collect();
    let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
    let digits = groups.iter().all(|group| group.bytes().all(|b| b.is_ascii_digit()));
    digits && (lengths == [3, 2, 4] || lengths == [9])
}
