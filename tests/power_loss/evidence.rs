//! Made-up evidence: who the applicants are, and photos whose bytes follow from their names.

use std::collections::BTreeMap;

use satchel_core::account::{Account, Connection};
use satchel_core::chance::Chance;
use satchel_core::clock::UnixMs;
use satchel_core::ids::{AccountId, ConnectionId, DraftId, PhotoId, SubmissionId};
use satchel_core::onboarding::{
    Answers, Consent, Country, DocumentType, Draft, DraftPhoto, EntityKind, Side, Who,
};
use satchel_core::photo::{PhotoFormat, PhotoRecord, Rendition};
use satchel_core::secret::Secret;

use crate::providers::{WEPAY_ACCOUNT, WEPAY_URL, WINTER_ACCOUNT, WINTER_URL};

pub const OPERATOR: &str = "Amara Osei";
pub const WHO: Who = Who { kind: EntityKind::Individual, country: Country::Us };
pub const RENDITIONS: [Rendition; 3] = [Rendition::Evidence, Rendition::Upload, Rendition::Preview];

/// An applicant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Applicant {
    WePay,
    Winter,
    /// Whose draft is thrown away.
    Undecided,
}

impl Applicant {
    pub const ALL: [Applicant; 3] = [Self::WePay, Self::Winter, Self::Undecided];
    pub const SUBMITTED: [Applicant; 2] = [Self::WePay, Self::Winter];

    fn number(self) -> usize {
        self as usize + 1
    }

    fn connection_id(self) -> ConnectionId {
        let number = if self == Self::Winter { 2 } else { 1 };
        ConnectionId::parse(&format!("{number:032x}")).unwrap()
    }

    pub fn account_id(self) -> AccountId {
        AccountId::parse(&format!("{:032x}", self.number())).unwrap()
    }

    pub fn account(self) -> Account {
        let remote_id = match self {
            Self::WePay => WEPAY_ACCOUNT.to_string(),
            Self::Winter => WINTER_ACCOUNT.to_owned(),
            Self::Undecided => "7".to_owned(),
        };
        Account {
            id: self.account_id(),
            connection: self.connection_id(),
            remote_id,
            name: format!("{self:?}"),
            kind: Some(WHO.kind),
            country: Some(WHO.country),
            email: None,
            token: None,
            created_ms: self.number() as UnixMs,
            forgotten_ms: None,
        }
    }

    /// The papers that are wanted, and their sides.
    pub fn papers(self) -> Vec<(&'static str, Side)> {
        match self {
            Self::WePay | Self::Undecided => {
                vec![("passport", Side::Front), ("current_utility_bill", Side::Front)]
            }
            Self::Winter => {
                vec![("DRIVERS_LICENSE", Side::Front), ("DRIVERS_LICENSE", Side::Back)]
            }
        }
    }

    pub fn answers(self) -> Answers {
        let mut answers = Answers::default();
        for (path, value) in [
            ("owner.name.first", "Quillonda"),
            ("owner.name.last", "Documents"),
            ("owner.date_of_birth", "1986-03-14"),
            ("owner.phone.country_code", "+1"),
            ("owner.phone.number", "5556667788"),
            ("owner.email", "quillonda@canary-mail.example"),
            ("owner.address.address1", "48217 Canarybird Avenue"),
            ("owner.address.city", "Zephyrhillsborough"),
            ("owner.address.region", "FL"),
            ("owner.address.postal_code", "33542"),
            ("owner.address.country", "US"),
            ("owner.us.ssn", "219-09-8765"),
            ("entity.mcc", "5462"),
        ] {
            answers.put(path, value);
        }
        answers
    }
}

pub fn connections() -> Vec<Connection> {
    let connection = |of: Applicant, provider: &str, base: &str, secrets: &[&str]| {
        let settings = [("base_url", base), ("client_id", "9876")];
        Connection {
            id: of.connection_id(),
            provider: provider.to_owned(),
            name: provider.to_owned(),
            settings: settings.map(|(key, value)| (key.to_owned(), value.to_owned())).into(),
            credentials: secrets
                .iter()
                .map(|key| ((*key).to_owned(), Secret::new(format!("secret {key}"))))
                .collect::<BTreeMap<_, _>>(),
            extra_root_pem: None,
            paused: false,
            created_ms: of.number() as UnixMs,
        }
    };
    vec![
        connection(Applicant::WePay, "wepay", WEPAY_URL, &["access_token"]),
        connection(Applicant::Winter, "winter", WINTER_URL, &["api_key", "api_secret"]),
    ]
}

pub fn draft(of: Applicant, continues: Option<SubmissionId>, chance: &mut Chance) -> Draft {
    Draft {
        id: DraftId::draw(chance),
        account: of.account_id(),
        continues,
        who: Some(WHO),
        answers: Answers::default(),
        no_other_owners: false,
        photos: Vec::new(),
        consent: None,
        language: "en".to_owned(),
        step: String::new(),
        operator: OPERATOR.to_owned(),
        created_ms: 1,
        changed_ms: 1,
    }
}

pub fn consent() -> Consent {
    Consent {
        text_id: "consent.v1".to_owned(),
        language: "en".to_owned(),
        given_ms: 1,
        operator: OPERATOR.to_owned(),
    }
}

pub fn photo((document, side): (&str, Side), chance: &mut Chance) -> DraftPhoto {
    let id = PhotoId::draw(chance);
    let bytes = bytes_of(&id, Rendition::Upload).len() as u64;
    let photo = PhotoRecord {
        id,
        document: DocumentType::new(document),
        side,
        format: PhotoFormat::Jpeg,
        bytes,
        width: 1600,
        height: 1200,
        original_sha256: String::new(),
        upload_sha256: String::new(),
        look: 0,
        report: String::new(),
        override_reason: None,
        taken_ms: 1,
    };
    DraftPhoto { photo, retakes: 0, is_bad: false }
}

/// The bytes of a photo, which whoever knows its name can tell.
pub fn bytes_of(id: &PhotoId, rendition: Rendition) -> Vec<u8> {
    let length = match rendition {
        Rendition::Evidence => 70_000,
        Rendition::Upload => 30_000,
        Rendition::Preview => 4_000,
    };
    let name = format!("{id}{rendition:?}");
    let mut bytes = name.as_bytes().repeat(length / name.len() + 1);
    bytes.truncate(length);
    bytes
}
