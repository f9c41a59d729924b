//! Reading a structure field by field; the first fault found is the one reported.

use serde_json::{Map, Value};

use super::error::WepayError;
use crate::policy::TEXT_CHARS_MAX;

/// A JSON object and the name under which errors speak of it.
#[derive(Clone, Debug)]
pub(crate) struct Block<'a> {
    fields: &'a Map<String, Value>,
    path: String,
}

impl<'a> Block<'a> {
    /// The body of a call.
    pub(crate) fn top(fields: &'a Map<String, Value>) -> Block<'a> {
        Block { fields, path: String::new() }
    }

    /// An element of an array.
    pub(crate) fn of(value: &'a Value, path: String) -> Result<Block<'a>, WepayError> {
        let fields = value.as_object();
        let fields = fields.ok_or_else(|| WepayError::invalid(&path, "it is not an object"))?;
        Ok(Block { fields, path })
    }

    /// The full name of a field, such as `business.address.city`.
    pub(crate) fn name_of(&self, field: &str) -> String {
        if self.path.is_empty() { field.to_owned() } else { format!("{}.{field}", self.path) }
    }

    /// The value of a field; null counts as absent.
    pub(crate) fn value(&self, field: &str) -> Option<&'a Value> {
        self.fields.get(field).filter(|value| !value.is_null())
    }

    pub(crate) fn require(&self, field: &str) -> Result<&'a Value, WepayError> {
        self.value(field).ok_or_else(|| WepayError::missing(&self.name_of(field)))
    }

    pub(crate) fn invalid(&self, field: &str, why: &str) -> WepayError {
        WepayError::invalid(&self.name_of(field), why)
    }

    pub(crate) fn block(&self, field: &str) -> Result<Block<'a>, WepayError> {
        Block::of(self.require(field)?, self.name_of(field))
    }

    pub(crate) fn optional_block(&self, field: &str) -> Result<Option<Block<'a>>, WepayError> {
        self.value(field).map(|value| Block::of(value, self.name_of(field))).transpose()
    }

    /// A text of any length that says something.
    pub(crate) fn unbounded_text(&self, field: &str) -> Result<&'a str, WepayError> {
        let text = self.require(field)?.as_str();
        let text = text.ok_or_else(|| self.invalid(field, "it is not a string"))?;
        if text.trim().is_empty() {
            return Err(WepayError::missing(&self.name_of(field)));
        }
        Ok(text)
    }

    /// A text of at most 255 characters that says something.
    pub(crate) fn text(&self, field: &str) -> Result<&'a str, WepayError> {
        let text = self.unbounded_text(field)?;
        self.check_length(field, text)?;
        Ok(text)
    }

    /// A text of at most 255 characters that may be absent or empty.
    pub(crate) fn optional_text(&self, field: &str) -> Result<Option<&'a str>, WepayError> {
        let Some(value) = self.value(field) else {
            return Ok(None);
        };
        let text = value.as_str().ok_or_else(|| self.invalid(field, "it is not a string"))?;
        self.check_length(field, text)?;
        Ok(Some(text))
    }

    /// A string, or a number taken as its digits: the documents show codes as both.
    pub(crate) fn text_or_number(&self, field: &str) -> Result<String, WepayError> {
        match self.require(field)? {
            Value::Number(number) => Ok(number.to_string()),
            _ => self.text(field).map(str::to_owned),
        }
    }

    pub(crate) fn whole_number(&self, field: &str) -> Result<i64, WepayError> {
        let number = self.require(field)?.as_i64();
        number.ok_or_else(|| self.invalid(field, "it is not an integer"))
    }

    fn check_length(&self, field: &str, text: &str) -> Result<(), WepayError> {
        if text.chars().count() > TEXT_CHARS_MAX {
            return Err(self.invalid(field, "it is longer than 255 characters"));
        }
        Ok(())
    }
}
