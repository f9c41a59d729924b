//! JSON as it came, repeated keys included: Winter's own sample has the same key twice.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

/// The members of a JSON object in their order; a key may stand twice.
#[derive(Debug, Default)]
pub(crate) struct Members(pub(crate) Vec<(String, Value)>);

impl Members {
    /// Reads an object; no bytes at all count as an empty one. `None` when it is not an object.
    pub(crate) fn parse(body: &[u8]) -> Option<Members> {
        if body.iter().all(u8::is_ascii_whitespace) {
            return Some(Members::default());
        }
        serde_json::from_slice(body).ok()
    }

    /// The last value of a key; null counts as absent.
    pub(crate) fn last(&self, key: &str) -> Option<&Value> {
        self.0.iter().rev().find(|(name, _)| name == key).map(|(_, v)| v).filter(|v| !v.is_null())
    }

    /// The object with the last of each repeated key.
    pub(crate) fn into_map(self) -> Map<String, Value> {
        self.0.into_iter().collect()
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Members, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = access.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

/// A whole number that came as a number or as a string of digits: WePay's documents show both.
pub(crate) fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) if text.bytes().all(|b| b.is_ascii_digit()) => text.parse().ok(),
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn repeated_keys_are_all_kept() {
        let members = Members::parse(br#"{"a":1,"a":2}"#).unwrap();
        assert_eq!(members.0.len(), 2);
        assert_eq!(members.last("a"), Some(&Value::from(2)));
    }

    #[test]
    fn an_empty_body_is_an_empty_object_and_an_array_is_none() {
        assert_eq!(Members::parse(b" \n").unwrap().0.len(), 0);
        assert!(Members::parse(b"[]").is_none());
        assert!(Members::parse(b"{\"a\":").is_none());
    }

    #[test]
    fn whole_numbers_come_as_numbers_or_as_digits() {
        assert_eq!(integer(&Value::from("12345")), Some(12345));
        assert_eq!(integer(&Value::from(12345)), Some(12345));
        assert_eq!(integer(&Value::from(1.5)), None);
        assert_eq!(integer(&Value::from("")), None);
        assert_eq!(integer(&Value::from("-1")), None);
    }
}
