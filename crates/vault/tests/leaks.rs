//! No personal value reaches the disk in any readable form, neither while the vault is open nor
//! after.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use satchel_core::account::{Account, Connection};
use satchel_core::chance::Chance;
use satchel_core::clock::Moment;
use satchel_core::delivery::{Definite, Event, Outcome, Recorded};
use satchel_core::ids::{AccountId, ConnectionId, DraftId, PhotoId, SubmissionId};
use satchel_core::onboarding::{Answers, Consent, Country, Draft, EntityKind, Who};
use satchel_core::photo::Rendition;
use satchel_core::secret::Secret;
use satchel_core::store::{Sealing, Store, SubmissionIndex, SubmissionRecord};
use satchel_vault::{Cost, CreateOptions, OpenVault, Vault};

const PASSPHRASE: &str = "canary-passphrase-words";
const CANARIES: [&str; 12] = [
    PASSPHRASE,
    "canary-connection-name",
    "canary-connection-token",
    "canary-account-name",
    "canary-account-email",
    "canary-account-token",
    "canary-remote-id",
    "canary-draft-answer",
    "canary-details-Kadıköy",
    "987-65-4329",
    "canary-provider-text",
    "canary-operator",
];
const PHOTO_CANARY: &str = "canary-photo-pixels";
const SETTING_CANARY: &str = "canary-setting-value";

/// The forms in which a value might be lying about.
fn forms(canary: &str) -> Vec<Vec<u8>> {
    let utf8 = canary.as_bytes();
    let hex: String = utf8.iter().map(|b| format!("{b:02x}")).collect();
    let utf16 = |bytes: fn(u16) -> [u8; 2]| canary.encode_utf16().flat_map(bytes).collect();
    let mut forms = vec![
        utf8.to_vec(),
        hex.to_uppercase().into_bytes(),
        hex.into_bytes(),
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
    ];
    for shift in 0..3 {
        let padded = [&[0; 2][..shift.min(2)], utf8].concat();
        let text = STANDARD_NO_PAD.encode(padded);
        forms.push(text.as_bytes()[4..text.len() - 4].to_vec());
    }
    forms
}

/// Where in the folder a canary shows.
fn found(folder: &Path, canary: &str) -> Vec<String> {
    let forms = forms(canary);
    let mut places = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        for (number, form) in forms.iter().enumerate() {
            if bytes.windows(form.len()).any(|window| window == form) {
                places.push(format!("{canary} as form {number} in {}", path.display()));
            }
        }
    }
    places
}

fn assert_silent(folder: &Path) {
    for canary in CANARIES.into_iter().chain([PHOTO_CANARY, SETTING_CANARY]) {
        assert_eq!(found(folder, canary), Vec::<String>::new());
    }
}

fn answers(text: &str) -> Answers {
    [("owner.field", text)].into_iter().collect()
}

fn consent() -> Consent {
    Consent {
        text_id: "c1".into(),
        language: "en".into(),
        given_ms: 1,
        operator: "canary-operator".into(),
    }
}

fn account(vault: &mut OpenVault, chance: &mut Chance) -> Account {
    let connection = Connection {
        id: ConnectionId::draw(chance),
        provider: "wepay".into(),
        name: "canary-connection-name".into(),
        settings: BTreeMap::new(),
        credentials: BTreeMap::from([("token".into(), Secret::new("canary-connection-token"))]),
        extra_root_pem: None,
        paused: false,
        created_ms: 1,
    };
    vault.put_connection(&connection).unwrap();
    let account = Account {
        id: AccountId::draw(chance),
        connection: connection.id,
        remote_id: "canary-remote-id".into(),
        name: "canary-account-name".into(),
        kind: None,
        country: None,
        email: Some("canary-account-email".into()),
        token: Some(Secret::new("canary-account-token")),
        created_ms: 2,
        forgotten_ms: None,
    };
    vault.put_accounts(std::slice::from_ref(&account)).unwrap();
    account
}

fn draft(account: &Account, chance: &mut Chance) -> Draft {
    Draft {
        id: DraftId::draw(chance),
        account: account.id.clone(),
        continues: None,
        who: None,
        answers: answers("canary-draft-answer"),
        no_other_owners: true,
        photos: Vec::new(),
        consent: Some(consent()),
        language: "en".into(),
        operator: "canary-operator".into(),
        step: String::new(),
        created_ms: 3,
        changed_ms: 4,
    }
}

fn submit(vault: &mut OpenVault, account: &Account, draft: &DraftId, chance: &mut Chance) {
    let record = SubmissionRecord {
        id: SubmissionId::draw(chance),
        account: account.id.clone(),
        who: Who { kind: EntityKind::Individual, country: Country::Us },
        consent: consent(),
        language: "en".into(),
        sealed_ms: 5,
        tombstone: None,
    };
    let outcome = Outcome::Definite {
        fault: Definite::Invalid,
        code: "3002".into(),
        text: "canary-provider-text".into(),
    };
    let event = Event::Answered { attempt: 1, outcome, server_ms: None };
    let at = Moment { wall_ms: 6, boot_ms: 7, boot: 8 };
    let log = [Recorded { seq: 1, at, operator: "canary-operator".into(), event }];
    let (details, national) = (answers("canary-details-Kadıköy"), answers("987-65-4329"));
    let index = SubmissionIndex { state: "blocked".into(), open_step: None };
    let sealing = Sealing {
        photos: &[],
        draft: Some(draft),
        record: &record,
        details: &details,
        national: &national,
        log: &log,
        index: &index,
    };
    vault.seal(&sealing).unwrap();
    let event = Event::Corrected { correction: satchel_core::delivery::Correction::Answers };
    let entry = Recorded { seq: 2, at, operator: "canary-operator".into(), event };
    vault.append_mended(&record.id, &entry, &index, &details, &national).unwrap();
}

#[test]
fn no_value_is_readable_on_disk_while_open_or_locked() {
    let folder = tempfile::tempdir().unwrap();
    let mut chance = Chance::from_seed([5; 32]);
    let options = CreateOptions { cost: Cost::FLOOR };
    let mut vault = Vault::create(folder.path(), PASSPHRASE, options).unwrap();
    let account = account(&mut vault, &mut chance);
    let (kept, sealed) = (draft(&account, &mut chance), draft(&account, &mut chance));
    vault.put_draft(&kept).unwrap();
    vault.put_draft(&sealed).unwrap();
    assert_silent(folder.path());
    submit(&mut vault, &account, &sealed.id, &mut chance);
    vault.put_setting("operator", SETTING_CANARY).unwrap();
    let photo = PHOTO_CANARY.repeat(20_000).into_bytes();
    let id = PhotoId::draw(&mut chance);
    vault.put_photo(&id, &[(Rendition::Upload, &photo)]).unwrap();
    assert!(fs::metadata(folder.path().join("vault.db-wal")).unwrap().len() > 0);
    assert!(fs::metadata(folder.path().join("photos.db-wal")).unwrap().len() > 0);
    assert_silent(folder.path());
    vault.remove_draft(&kept.id).unwrap();
    drop(vault);
    assert_silent(folder.path());
}

#[test]
fn the_search_finds_a_canary_in_every_form() {
    let folder = tempfile::tempdir().unwrap();
    for (number, form) in forms(CANARIES[8]).into_iter().enumerate() {
        let path = folder.path().join("planted");
        fs::write(&path, [&[1, 2, 3], form.as_slice(), &[4]].concat()).unwrap();
        let places = found(folder.path(), CANARIES[8]);
        assert!(places.iter().any(|p| p.contains(&format!("form {number} "))), "form {number}");
    }
    fs::write(folder.path().join("planted"), b"nothing of interest").unwrap();
    assert_eq!(found(folder.path(), CANARIES[8]), Vec::<String>::new());
}
