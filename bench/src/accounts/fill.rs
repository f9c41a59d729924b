//! A vault full of made-up accounts, half of them with a submission that was delivered.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use satchel_core::account::{Account, Connection};
use satchel_core::clock::Moment;
use satchel_core::delivery::{Event, Outcome, Receipt, Recorded, Step, Submission};
use satchel_core::ids::{AccountId, ConnectionId, SubmissionId};
use satchel_core::onboarding::{Answers, Consent, Country, EntityKind, Who};
use satchel_core::provider::{Capabilities, ProviderState, ProviderStatus};
use satchel_core::store::{Sealing, Store, SubmissionRecord};
use satchel_fixtures::Chance;
use satchel_vault::{Cost, CreateOptions, Vault};

pub(super) const PASSPHRASE: &str = "correct horse battery staple";

const FIRST: [&str; 16] = [
    "Amara",
    "Beatriz",
    "Chidi",
    "Dilnoza",
    "Eszter",
    "Fatou",
    "Giorgos",
    "Hana",
    "Ivo",
    "Jiya",
    "Kadir",
    "Lindiwe",
    "Mateo",
    "Nadia",
    "Oluwaseun",
    "Zeynep",
];
const LAST: [&str; 20] = [
    "Aydın",
    "Bianchi",
    "Castellanos",
    "Diop",
    "Eriksson",
    "Fernández",
    "Gupta",
    "Haddad",
    "Ivanova",
    "Johansson",
    "Kowalski",
    "Lindqvist",
    "Mbeki",
    "Nakamura",
    "Osei",
    "Petrov",
    "Quispe",
    "Rahman",
    "Silva",
    "Whitfield",
];
const TRADE: [&str; 12] = [
    "Bakery",
    "Bicycles",
    "Books",
    "Café",
    "Carpentry",
    "Flowers",
    "Garage",
    "Grocery",
    "Hardware",
    "Laundry",
    "Optics",
    "Tailoring",
];

/// Makes the vault; returns the accounts' names.
pub(super) fn fill(folder: &Path, accounts: usize, seed: u64) -> Result<Vec<String>> {
    let mut vault = Vault::create(folder, PASSPHRASE, CreateOptions { cost: Cost::FLOOR })?;
    let mut chance = Chance::new(seed);
    let mut draw = satchel_core::chance::Chance::from_seed([9; 32]);
    let connection = Connection {
        id: ConnectionId::draw(&mut draw),
        provider: "wepay".into(),
        name: "WePay".into(),
        settings: BTreeMap::from([("base_url".into(), "https://example.test/v2".into())]),
        credentials: BTreeMap::new(),
        extra_root_pem: None,
        paused: false,
        created_ms: 0,
    };
    vault.put_connection(&connection)?;
    let made: Vec<Account> = (0..accounts)
        .map(|number| Account {
            id: AccountId::draw(&mut draw),
            connection: connection.id.clone(),
            remote_id: (5_000_000_000 + number).to_string(),
            name: name(&mut chance),
            kind: Some(EntityKind::Individual),
            country: Some(Country::Us),
            email: None,
            token: None,
            created_ms: 0,
            forgotten_ms: None,
        })
        .collect();
    vault.put_accounts(&made)?;
    for account in made.iter().step_by(2) {
        seal(&mut vault, account, SubmissionId::draw(&mut draw))?;
    }
    Ok(made.into_iter().map(|account| account.name).collect())
}

fn name(chance: &mut Chance) -> String {
    let mut of =
        |words: &[&'static str]| words.get(chance.below(words.len())).copied().unwrap_or("");
    format!("{} {}'s {}", of(&FIRST), of(&LAST), of(&TRADE))
}

fn seal(vault: &mut dyn Store, account: &Account, id: SubmissionId) -> Result<()> {
    let who = Who { kind: EntityKind::Individual, country: Country::Us };
    let consent = Consent {
        text_id: "consent.v1".into(),
        language: "en".into(),
        given_ms: 0,
        operator: "Amara Osei".into(),
    };
    let record = SubmissionRecord {
        id,
        account: account.id.clone(),
        who,
        consent,
        language: "en".into(),
        sealed_ms: 0,
        tombstone: None,
    };
    let capabilities = Capabilities {
        photos_on_request: true,
        draft_then_authorize: true,
        reason_per_document: true,
        overwrites: false,
        set_resent_whole: false,
    };
    let entry = |seq, event| Recorded {
        seq,
        at: Moment { wall_ms: 0, boot_ms: 0, boot: 0 },
        operator: "Amara Osei".into(),
        event,
    };
    let done = |receipt| Outcome::Done { receipt };
    let answered =
        |attempt, receipt| Event::Answered { attempt, outcome: done(receipt), server_ms: None };
    let (state, documents) = (ProviderState::Verified, Vec::new());
    let status = ProviderStatus { state, raw: "verified".into(), documents };
    let log = [
        entry(1, Event::Sealed { photos: Vec::new(), capabilities }),
        entry(2, Event::AttemptStarted { attempt: 1, step: Step::Create }),
        entry(3, answered(1, Receipt::Draft { reference: "1".into() })),
        entry(
            4,
            Event::AttemptStarted { attempt: 2, step: Step::Authorize { reference: "1".into() } },
        ),
        entry(5, answered(2, Receipt::Status { status: status.clone() })),
        entry(6, Event::StatusSeen { status, document_count: None, server_ms: None }),
    ];
    let stands = Submission::replay(record.id.clone(), account.id.clone(), &log);
    let stands = stands.map_err(|_| anyhow::anyhow!("the log does not replay"))?;
    let details: Answers = [("owner.name.first", "Zeynep")].into_iter().collect();
    let (details, national) = (&details, &Answers::default());
    let (record, index) = (&record, &stands.index());
    Ok(vault.seal(&Sealing {
        photos: &[],
        draft: None,
        record,
        details,
        national,
        log: &log,
        index,
    })?)
}
