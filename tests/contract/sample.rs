//! Answers, accounts and photos drawn from a provider's own requirements. Nobody in them exists.

use satchel_core::account::{Account, Connection};
use satchel_core::chance::Chance;
use satchel_core::ids::{AccountId, ConnectionId, PhotoId};
use satchel_core::onboarding::{Answers, Country, Field, FieldKind, Requirements, Who};
use satchel_core::photo::{PhotoFormat, PhotoRecord};
use satchel_core::provider::{Context, Provider};
use satchel_core::secret::Secret;

/// A base URL that no provider has as its default.
pub const BASE_URL: &str = "https://provider.example/base";

/// Everything that one applicant's requests are made from.
pub struct Scene {
    pub connection: Connection,
    pub account: Account,
    pub who: Who,
    pub answers: Answers,
    pub photo: (PhotoRecord, Vec<u8>),
}

impl Scene {
    /// An applicant who answers every question of a provider.
    pub fn of(provider: &dyn Provider, who: Who) -> Self {
        let mut chance = Chance::from_seed([3; 32]);
        let requirements = provider.requirements(who);
        let connection = connection(provider, &mut chance);
        let account = Account {
            id: AccountId::draw(&mut chance),
            connection: connection.id.clone(),
            remote_id: "1091778617".to_owned(),
            name: "Quincy Zwicker".to_owned(),
            kind: Some(who.kind),
            country: Some(who.country),
            email: Some("quincy@zwicker.example".to_owned()),
            token: None,
            created_ms: 0,
            forgotten_ms: None,
        };
        let photo = photo(&requirements, &mut chance);
        Self { connection, account, who, answers: answers(&requirements, who), photo }
    }

    pub fn context(&self) -> Context<'_> {
        Context {
            connection: &self.connection,
            account: &self.account,
            who: Some(self.who),
            answers: &self.answers,
            photo: Some((&self.photo.0, &self.photo.1)),
        }
    }
}

fn connection(provider: &dyn Provider, chance: &mut Chance) -> Connection {
    let fields = provider.connection_fields();
    let given = |secret: bool| {
        fields.iter().filter(move |f| f.secret == secret).map(|f| {
            let value = match f.key {
                "base_url" => BASE_URL.to_owned(),
                _ if f.default.is_empty() && f.required => "9876".to_owned(),
                _ if f.secret => format!("secret-{}", f.key),
                _ => f.default.to_owned(),
            };
            (f.key.to_owned(), value)
        })
    };
    Connection {
        id: ConnectionId::draw(chance),
        provider: provider.code().to_owned(),
        name: provider.name().to_owned(),
        settings: given(false).collect(),
        credentials: given(true).map(|(key, value)| (key, Secret::new(value))).collect(),
        extra_root_pem: None,
        paused: false,
        created_ms: 0,
    }
}

/// An answer to every question, two further owners included.
pub fn answers(requirements: &Requirements, who: Who) -> Answers {
    let owners = if requirements.owners.is_some() { 2 } else { 0 };
    requirements.fields(owners).iter().map(|f| (f.path.clone(), answer(f, who.country))).collect()
}

fn answer(field: &Field, country: Country) -> String {
    let by_country = |us: &str, ca: &str, gb: &str| {
        match country {
            Country::Us => us,
            Country::Ca => ca,
            Country::Gb => gb,
        }
        .to_owned()
    };
    match &field.kind {
        FieldKind::Text => "Zwickershire".to_owned(),
        FieldKind::LongText => "Repairs of quadrants.".to_owned(),
        FieldKind::Name => "Quincy".to_owned(),
        FieldKind::Date => "1984-02-29".to_owned(),
        FieldKind::PhoneCode => by_country("+1", "+1", "+44"),
        FieldKind::PhoneNumber => "555 666 7788".to_owned(),
        FieldKind::Email => "quincy@zwicker.example".to_owned(),
        FieldKind::Url => "https://zwicker.example".to_owned(),
        FieldKind::Street => "4567 Quadrant Row".to_owned(),
        FieldKind::PostalCode { .. } => by_country("60601", "H3Z 2Y7", "BS3 1JD"),
        FieldKind::Region { .. } => by_country("IL", "QC", ""),
        FieldKind::Country => country.code().to_owned(),
        FieldKind::Choice { options } => options[0].clone(),
        FieldKind::YesNo => "yes".to_owned(),
        FieldKind::SocialSecurityNumber { .. } => "219-09-9999".to_owned(),
        FieldKind::SocialInsuranceNumber => "046-454-286".to_owned(),
        FieldKind::EmployerNumber => "12-1234567".to_owned(),
        FieldKind::GstHstNumber => "123456789RT0001".to_owned(),
        FieldKind::CompanyNumber => "09876541".to_owned(),
        FieldKind::MerchantCategory => "7999".to_owned(),
    }
}

fn photo(requirements: &Requirements, chance: &mut Chance) -> (PhotoRecord, Vec<u8>) {
    let choice = &requirements.documents.choices[0];
    let bytes = vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 1, 2, 3];
    let record = PhotoRecord {
        id: PhotoId::draw(chance),
        document: choice.kind.clone(),
        side: choice.sides[0],
        format: PhotoFormat::Jpeg,
        bytes: bytes.len() as u64,
        width: 1000,
        height: 640,
        original_sha256: "00".repeat(32),
        upload_sha256: "11".repeat(32),
        look: 0,
        report: "{}".to_owned(),
        override_reason: None,
        taken_ms: 0,
    };
    (record, bytes)
}
