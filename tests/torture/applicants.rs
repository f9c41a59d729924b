//! Who is onboarded, what they answer and how their provider takes it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::answers::{individual_us, winter};

/// How a provider takes a submission. Each of them ends verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Story {
    /// Verified by the answers alone: its photos are never asked for, and must stay here.
    Straight,
    /// Looked at for a while.
    Review,
    /// Asked for photos, which are accepted.
    Documents,
    /// The same for a business.
    Business,
    /// The first kind of paper is rejected, a new photo of it is accepted.
    Rejected,
    /// Winter accepts the first set.
    WinterReview,
    /// Winter refuses the first set and accepts a whole new one.
    WinterFailed,
}

/// The stories of one vault.
pub const STORIES: [Story; 10] = [
    Story::Documents,
    Story::WinterFailed,
    Story::Rejected,
    Story::Business,
    Story::WinterReview,
    Story::Straight,
    Story::WinterReview,
    Story::Rejected,
    Story::WinterFailed,
    Story::Review,
];

/// A paper's kind and side, as `--document` names them.
pub type Slot = (&'static str, &'static str);

const WEPAY_PAPERS: [Slot; 2] = [("drivers_license", "front"), ("social_security_card", "front")];
const WINTER_PAPERS: [Slot; 2] = [("DRIVERS_LICENSE", "front"), ("DRIVERS_LICENSE", "back")];

impl Story {
    pub fn provider(self) -> &'static str {
        match self {
            Self::WinterReview | Self::WinterFailed => "winter",
            Self::Straight | Self::Review | Self::Documents | Self::Business | Self::Rejected => {
                "wepay"
            }
        }
    }

    pub fn kind(self) -> &'static str {
        if self == Self::Business { "business" } else { "individual" }
    }

    /// The photos that are sealed with the answers.
    pub fn papers(self) -> &'static [Slot] {
        match self {
            Self::WinterReview | Self::WinterFailed => &WINTER_PAPERS,
            Self::Straight | Self::Documents | Self::Business | Self::Rejected => &WEPAY_PAPERS,
            Self::Review => &[],
        }
    }

    /// Whether the provider asks for photos.
    pub fn is_asked_for_photos(self) -> bool {
        match self {
            Self::Straight | Self::Review => false,
            Self::Documents
            | Self::Business
            | Self::Rejected
            | Self::WinterReview
            | Self::WinterFailed => true,
        }
    }

    /// The owner's middle and last name, which tell the practice provider what to do.
    fn name(self) -> (Option<&'static str>, &'static str) {
        match self {
            Self::Straight => (None, "Verified"),
            Self::Review | Self::WinterReview => (None, "Review"),
            Self::Documents | Self::Business | Self::WinterFailed => (None, "Documents"),
            Self::Rejected => (Some("Illegible"), "Documents"),
        }
    }
}

/// An account at a provider and whoever is onboarded on it.
#[derive(Clone, Debug)]
pub struct Applicant {
    pub story: Story,
    pub number: usize,
    pub id: String,
    pub name: String,
}

impl Applicant {
    pub fn new(story: Story, number: usize) -> Self {
        let id = match story.provider() {
            "winter" => format!("T-{number}"),
            _ => (7_100_000_000_u64 + number as u64).to_string(),
        };
        Self { story, number, id, name: format!("Merchant {number}") }
    }

    /// What is answered in the edition that a try to seal brings: no two are the same.
    pub fn answers(&self, edition: usize) -> BTreeMap<String, String> {
        let (middle, last) = self.story.name();
        let base = if self.story.provider() == "winter" { winter() } else { individual_us() };
        let mut answers: BTreeMap<String, String> =
            base.into_iter().map(|(path, value)| (path.to_owned(), value.to_owned())).collect();
        let mut put = |path: &str, value: String| answers.insert(path.to_owned(), value);
        put("owner.name.first", format!("Quillonda{}", letters(self.number)));
        put("owner.name.last", last.to_owned());
        put("owner.address.address1", format!("{}{edition:02} Canarybird Avenue", self.number + 1));
        put("owner.us.ssn", format!("219-09-{:04}", 1_000 + self.number * 50 + edition));
        if self.story == Story::Business {
            put("entity.legal_name", format!("Canary Supplies {}", self.number));
            put("entity.us.ein", format!("12-{:07}", 1_000_000 + self.number * 50 + edition));
            put("entity.description", format!("Supplies for canaries, edition {edition}"));
            put("entity.primary_url", "https://canary.example".to_owned());
            for part in ["address1", "city", "region", "postal_code", "country"] {
                let value = answers[&format!("owner.address.{part}")].clone();
                answers.insert(format!("entity.address.{part}"), value);
            }
        }
        match middle {
            Some(middle) => answers.insert("owner.name.middle".to_owned(), middle.to_owned()),
            None => answers.remove("owner.name.middle"),
        };
        answers
    }

    /// The file of `submit --info`.
    pub fn info(&self, answers: &BTreeMap<String, String>) -> String {
        let kind = self.story.kind();
        json!({ "kind": kind, "country": "US", "answers": answers, "consent": true }).to_string()
    }
}

/// Letters for a number, since names have no digits.
fn letters(number: usize) -> String {
    let letter = |digit: usize| char::from(b'a' + u8::try_from(digit % 26).unwrap());
    [letter(number / 26), letter(number)].iter().collect()
}

/// What the provider must have been told: places in its record, and the values there.
pub fn told(story: Story, answers: &BTreeMap<String, String>) -> Vec<(String, Value)> {
    let text = |path: &str| answers.get(path).map_or("", String::as_str);
    if story.provider() == "winter" {
        let place = |part: &str| text(&format!("owner.address.{part}"));
        let address = format!(
            "{}, {}, {} {}",
            place("address1"),
            place("city"),
            place("region"),
            place("postal_code")
        );
        let name = format!("{} {}", text("owner.name.first"), text("owner.name.last"));
        return vec![
            ("/full_legal_name".to_owned(), json!(name)),
            ("/full_address".to_owned(), json!(address)),
            ("/social_security_number".to_owned(), json!(text("owner.us.ssn"))),
        ];
    }
    let kind = format!("/{}", story.kind());
    let owner = format!("{kind}/account_owner");
    let birth: Vec<i64> =
        text("owner.date_of_birth").split('-').map(|part| part.parse().unwrap()).collect();
    let mut told = vec![
        (format!("{owner}/date_of_birth/year"), json!(birth[0])),
        (format!("{owner}/date_of_birth/month"), json!(birth[1])),
        (format!("{owner}/date_of_birth/day"), json!(birth[2])),
    ];
    let mut same = |pointer: String, path: &str| {
        let value = answers.get(path).map_or(Value::Null, |value| json!(value));
        told.push((pointer, value));
    };
    for part in ["first", "middle", "last"] {
        same(format!("{owner}/name/{part}"), &format!("owner.name.{part}"));
    }
    for part in ["address1", "city", "region", "postal_code", "country"] {
        same(format!("{owner}/address/{part}"), &format!("owner.address.{part}"));
        if story == Story::Business {
            same(format!("{kind}/address/{part}"), &format!("entity.address.{part}"));
        }
    }
    same(format!("{owner}/email"), "owner.email");
    same(format!("{owner}/phone/phone_number"), "owner.phone.number");
    same(format!("{owner}/us_owner_compliance/social_security_number"), "owner.us.ssn");
    same(format!("{kind}/mcc"), "entity.mcc");
    if story == Story::Business {
        same(format!("{kind}/legal_entity_name"), "entity.legal_name");
        same(format!("{kind}/entity_description"), "entity.description");
        same(format!("{kind}/primary_url"), "entity.primary_url");
        same(format!("{kind}/us_entity_compliance/ein"), "entity.us.ein");
    }
    told
}
