//! Our side: a vault as the app makes it, and submissions sealed in it.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use satchel_core::account::{Account, Connection};
use satchel_core::chance::Chance;
use satchel_core::clock::Moment;
use satchel_core::delivery::{Event, Recorded};
use satchel_core::ids::{AccountId, ConnectionId, PhotoId, SubmissionId};
use satchel_core::onboarding::{Answers, Consent, Country, DocumentType, EntityKind, Side, Who};
use satchel_core::photo::{PhotoFormat, PhotoRecord, Rendition};
use satchel_core::provider::Capabilities;
use satchel_core::store::{NewPhoto, Sealing, Store, SubmissionIndex, SubmissionRecord};
use satchel_vault::{Cost, CreateOptions, OpenVault, Vault};

/// Details of a person, as large as a real one's.
pub(super) const DETAILS: [(&str, &str); 12] = [
    ("owner.name.first", "Zeynep"),
    ("owner.name.last", "Aydın-Whitfield"),
    ("owner.email", "zeynep.aydin@example.test"),
    ("owner.date_of_birth", "1984-07-19"),
    ("owner.phone.country_code", "+1"),
    ("owner.phone.phone_number", "6505550147"),
    ("owner.address.address1", "1180 North Harbor Boulevard"),
    ("owner.address.city", "Redwood City"),
    ("owner.address.region", "CA"),
    ("owner.address.postal_code", "94063"),
    ("owner.address.country", "US"),
    ("owner.us.is_us_person", "yes"),
];

/// A vault with one connection.
pub(super) struct Ours {
    vault: OpenVault,
    chance: Chance,
    connection: ConnectionId,
}

impl Ours {
    pub(super) fn make(folder: &Path, seed: u64) -> Result<Self> {
        // The passphrase is hashed once, before anything is measured.
        let options = CreateOptions { cost: Cost::FLOOR };
        let mut vault = Vault::create(folder, "correct horse battery staple", options)?;
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        let mut chance = Chance::from_seed(bytes);
        let connection = Connection {
            id: ConnectionId::draw(&mut chance),
            provider: "wepay".into(),
            name: "WePay".into(),
            settings: BTreeMap::new(),
            credentials: BTreeMap::new(),
            extra_root_pem: None,
            paused: false,
            created_ms: 0,
        };
        vault.put_connection(&connection)?;
        Ok(Self { vault, chance, connection: connection.id })
    }

    /// An account to seal for; not part of what is measured.
    pub(super) fn account(&mut self) -> Result<AccountId> {
        let account = Account {
            id: AccountId::draw(&mut self.chance),
            connection: self.connection.clone(),
            remote_id: self.chance.hex_128(),
            name: "Zeynep Aydın-Whitfield".into(),
            kind: Some(EntityKind::Individual),
            country: Some(Country::Us),
            email: None,
            token: None,
            created_ms: 0,
            forgotten_ms: None,
        };
        self.vault.put_accounts(std::slice::from_ref(&account))?;
        Ok(account.id)
    }

    /// Seals and stores a submission with its photos: durable when it returns.
    pub(super) fn seal(&mut self, account: &AccountId, photos: &[NewPhoto]) -> Result<()> {
        let who = Who { kind: EntityKind::Individual, country: Country::Us };
        let consent = Consent {
            text_id: "consent.v1".into(),
            language: "en".into(),
            given_ms: 0,
            operator: "Amara Osei".into(),
        };
        let record = SubmissionRecord {
            id: SubmissionId::draw(&mut self.chance),
            account: account.clone(),
            who,
            consent,
            language: "en".into(),
            sealed_ms: 0,
            tombstone: None,
        };
        let details: Answers = DETAILS.into_iter().collect();
        let national: Answers = [("owner.us.ssn", "123-45-6789")].into_iter().collect();
        let log = [first_entry(photos)];
        let index = SubmissionIndex { state: "queued".into(), open_step: None };
        let (record, details, national, log, index) = (&record, &details, &national, &log, &index);
        let sealing = Sealing { photos, draft: None, record, details, national, log, index };
        self.vault.seal(&sealing).context("sealing")
    }

    /// New photos of these bytes, each with a name of its own.
    pub(super) fn photos(&mut self, bytes: &[Vec<u8>]) -> Vec<NewPhoto> {
        let new = |bytes: &Vec<u8>| NewPhoto {
            id: PhotoId::draw(&mut self.chance),
            renditions: vec![(Rendition::Upload, bytes.clone())],
        };
        bytes.iter().map(new).collect()
    }

    /// The photos alone.
    pub(super) fn put(&mut self, photos: &[NewPhoto]) -> Result<()> {
        self.vault.put_photos(photos).context("storing photos")
    }
}

fn first_entry(photos: &[NewPhoto]) -> Recorded {
    let capabilities = Capabilities {
        photos_on_request: true,
        draft_then_authorize: true,
        reason_per_document: true,
        overwrites: false,
        set_resent_whole: false,
    };
    let photos = photos.iter().map(record_of).collect();
    let at = Moment { wall_ms: 0, boot_ms: 0, boot: 0 };
    let event = Event::Sealed { photos, capabilities };
    Recorded { seq: 1, at, operator: "Amara Osei".into(), event }
}

fn record_of(photo: &NewPhoto) -> PhotoRecord {
    PhotoRecord {
        id: photo.id.clone(),
        document: DocumentType::new("drivers_license"),
        side: Side::Front,
        format: PhotoFormat::Jpeg,
        bytes: photo.renditions.iter().map(|(_, bytes)| bytes.len() as u64).sum(),
        width: 2016,
        height: 1512,
        original_sha256: "00".repeat(32),
        upload_sha256: "11".repeat(32),
        look: 1,
        report: "{}".into(),
        override_reason: None,
        taken_ms: 0,
    }
}
