//! Valid structures, and ways to spoil them.

use serde_json::{Value, json};

pub fn us_individual() -> Value {
    json!({"individual": {
        "account_owner": us_owner(),
        "mcc": "7999",
    }})
}

/// A US individual who gives only the last four digits of the SSN.
pub fn last_four_individual() -> Value {
    let compliance = json!({"social_security_number_last_4": "1234"});
    us_individual().with("/individual/account_owner/us_owner_compliance", compliance)
}

pub fn ca_individual() -> Value {
    json!({"individual": {
        "account_owner": {
            "name": {"first": "Foo", "last": "Bar"},
            "address": ca_address(),
            "phone": {"country_code": "+1", "phone_number": "5556667777"},
            "date_of_birth": {"year": 1900, "month": 1, "day": 1},
            "ca_owner_compliance": {"social_insurance_number": "046 454 286"},
        },
        "mcc": 7999,
    }})
}

pub fn us_business() -> Value {
    json!({"business": {
        "account_owner": us_owner(),
        "legal_entity_name": "Foo Bar Inc",
        "primary_url": "http://www.example.com",
        "entity_description": "Foo Bar Inc does important work.",
        "address": us_address(),
        "us_entity_compliance": {"ein": "12-1234567"},
    }})
}

/// The example of the document, word for word.
pub fn gb_business() -> Value {
    json!({"business": {
        "account_owner": {
            "name": {"first": "Foo", "last": "Bar"},
            "phone": {"country_code": "+1", "phone_number": "5556667777"},
            "date_of_birth": {"year": 1900, "month": 1, "day": 1},
            "address": gb_address(),
            "email": "example@example.com",
            "gb_owner_compliance": {"is_beneficial_owner": true},
        },
        "legal_entity_name": "Foo Bar Inc",
        "primary_url": "http://www.example.com",
        "entity_description": "Foo Bar Inc does important work.",
        "address": gb_address(),
        "gb_entity_compliance": {
            "company_number": "1234",
            "legal_form": "partnership",
            "additional_beneficial_owners": [beneficial_owner()],
        },
    }})
}

pub fn gb_organization() -> Value {
    let business = gb_business()["business"].clone();
    json!({"organization": business}).with("/organization/mcc", json!("1900"))
}

pub fn us_owner() -> Value {
    json!({
        "name": {"first": "Foo", "last": "Bar"},
        "address": us_address(),
        "phone": {"country_code": "+1", "phone_number": "5556667777"},
        "date_of_birth": {"year": 1990, "month": 2, "day": 28},
        "us_owner_compliance": {"social_security_number": "111-22-1234"},
    })
}

pub fn us_address() -> Value {
    json!({
        "address1": "123 Fake Street",
        "city": "Springfield",
        "region": "IL",
        "postal_code": "62701",
        "country": "US",
    })
}

pub fn ca_address() -> Value {
    json!({
        "address1": "123 Fake Street",
        "city": "Montreal",
        "postal_code": "H3Z 2Y7",
        "region": "QC",
        "country": "CA",
    })
}

pub fn gb_address() -> Value {
    json!({
        "address1": "456 Diagon Alley",
        "city": "London",
        "postal_code": "CM6 4HB",
        "region": "",
        "country": "GB",
    })
}

pub fn beneficial_owner() -> Value {
    json!({
        "name": {"first": "Bizz", "last": "Buzz"},
        "address": gb_address(),
        "date_of_birth": {"year": 1900, "month": 1, "day": 1},
    })
}

/// A structure with one place changed.
pub trait Spoil {
    /// Puts a value at a JSON pointer; the parent must exist.
    fn with(self, pointer: &str, value: Value) -> Value;

    /// Takes away what is at a JSON pointer.
    fn without(self, pointer: &str) -> Value;
}

impl Spoil for Value {
    fn with(mut self, pointer: &str, value: Value) -> Value {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        self.pointer_mut(parent).unwrap()[key] = value;
        self
    }

    fn without(mut self, pointer: &str) -> Value {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        self.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(key).unwrap();
        self
    }
}
