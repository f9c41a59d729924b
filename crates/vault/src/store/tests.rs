#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::BTreeMap;
use std::path::Path;

use satchel_core::audit::AuditFaultKind;
use satchel_core::chance::Chance;
use satchel_core::clock::Moment;
use satchel_core::delivery::{Definite, Event, Outcome};
use satchel_core::onboarding::{Consent, Country, DocumentType, DraftPhoto, EntityKind, Side, Who};
use satchel_core::photo::{PhotoFormat, PhotoRecord};
use satchel_core::secret::Secret;
use tempfile::TempDir;

use super::*;
use crate::db::{self, VAULT_MIGRATIONS};
use crate::device::{DeviceSecrets, FileSecrets, SecretName};
use crate::folder::{Files, RealFiles};
use crate::header::{Header, SlotId, SlotKind, Slotted};
use crate::keys::{self as vault_keys, Keyring, RowKey, VaultId};
use crate::passphrase::Cost;
use crate::seal::chain;
use crate::seal::data_key::{self, Owner};
use crate::seal::record::Group;
use crate::vault::{CreateOptions, Vault};

const WORDS: &str = "correct horse battery staple";

struct World {
    vault: OpenVault,
    folder: TempDir,
    chance: Chance,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = CreateOptions { cost: Cost::for_tests() };
        let vault = Vault::create(folder.path(), WORDS, options).unwrap();
        Self { vault, folder, chance: Chance::from_seed([3; 32]) }
    }

    fn connection(&mut self) -> Connection {
        let connection = connection(ConnectionId::draw(&mut self.chance));
        self.vault.put_connection(&connection).unwrap();
        connection
    }

    fn account(&mut self) -> Account {
        let connection = self.connection();
        let account = account(AccountId::draw(&mut self.chance), &connection.id);
        self.vault.put_accounts(std::slice::from_ref(&account)).unwrap();
        account
    }

    fn draft(&mut self, account: &Account) -> Draft {
        let draft = draft(DraftId::draw(&mut self.chance), &account.id, Vec::new());
        self.vault.put_draft(&draft).unwrap();
        draft
    }

    fn photo(&mut self) -> PhotoId {
        let id = PhotoId::draw(&mut self.chance);
        self.vault.put_photo(&id, &[(Rendition::Upload, &[5; 100_000])]).unwrap();
        id
    }

    /// A submission whose log has four entries.
    fn submission(&mut self) -> SubmissionId {
        let account = self.account();
        let record = record(SubmissionId::draw(&mut self.chance), &account.id);
        let log: Vec<_> = (1..=4).map(|seq| recorded(seq, Event::Restarted)).collect();
        let (details, national) = (answers("Zeynep"), answers("123-45-6789"));
        let (details, national, index) = (&details, &national, &queued());
        let record = &record;
        let sealing =
            Sealing { photos: &[], draft: None, record, details, national, log: &log, index };
        self.vault.seal(&sealing).unwrap();
        record.id.clone()
    }

    /// Has the one account that is there forgotten.
    fn forget_account(&mut self) {
        let account = self.vault.accounts().unwrap().remove(0).forgotten(9);
        self.vault.put_accounts(&[account]).unwrap();
    }

    fn run(&self, sql: &str) {
        self.vault.main.execute_batch(sql).unwrap();
    }

    /// Flips one bit in the middle of a sealed column.
    fn flip(&self, database: &Database, table: &str, column: &str, which: &str) {
        let select = format!("SELECT rowid, {column} FROM {table} WHERE {which}");
        let (row, mut bytes): (i64, Vec<u8>) =
            database.query_row(&select, [], |r| Ok((r.get(0)?, r.get(1)?))).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 4;
        let update = format!("UPDATE {table} SET {column} = ?1 WHERE rowid = ?2");
        database.execute(&update, (bytes, row)).unwrap();
    }

    fn damaged_logs(&self) -> Vec<bool> {
        let stored = self.vault.submissions().unwrap();
        stored.iter().map(|s| s.log == Err(StoreFault::Damaged)).collect()
    }
}

fn connection(id: ConnectionId) -> Connection {
    Connection {
        id,
        provider: "wepay".into(),
        name: "WePay".into(),
        settings: BTreeMap::new(),
        credentials: BTreeMap::from([("token".into(), Secret::new("t0ken"))]),
        extra_root_pem: None,
        paused: false,
        created_ms: 1,
    }
}

fn account(id: AccountId, connection: &ConnectionId) -> Account {
    Account {
        remote_id: format!("remote-{id}"),
        id,
        connection: connection.clone(),
        name: "Bakery".into(),
        kind: None,
        country: None,
        email: None,
        token: None,
        created_ms: 2,
        forgotten_ms: None,
    }
}

fn consent() -> Consent {
    Consent { text_id: "c1".into(), language: "en".into(), given_ms: 3, operator: "ada".into() }
}

fn draft(id: DraftId, account: &AccountId, photos: Vec<DraftPhoto>) -> Draft {
    Draft {
        id,
        account: account.clone(),
        continues: None,
        who: None,
        answers: answers("Zeynep"),
        no_other_owners: true,
        photos,
        consent: Some(consent()),
        language: "en".into(),
        operator: "ada".into(),
        step: String::new(),
        created_ms: 4,
        changed_ms: 5,
    }
}

fn taken(id: &PhotoId) -> DraftPhoto {
    let photo = PhotoRecord {
        id: id.clone(),
        document: DocumentType::new("passport"),
        side: Side::Front,
        format: PhotoFormat::Jpeg,
        bytes: 1,
        width: 1,
        height: 1,
        original_sha256: String::new(),
        upload_sha256: String::new(),
        look: 0,
        report: String::new(),
        override_reason: None,
        taken_ms: 6,
    };
    DraftPhoto { photo, retakes: 0, is_bad: false }
}

fn record(id: SubmissionId, account: &AccountId) -> SubmissionRecord {
    SubmissionRecord {
        id,
        account: account.clone(),
        who: Who { kind: EntityKind::Individual, country: Country::Us },
        consent: consent(),
        language: "en".into(),
        sealed_ms: 7,
        tombstone: None,
    }
}

fn answers(text: &str) -> Answers {
    [("owner.field", text)].into_iter().collect()
}

/// A correction of a submission's answers, as the next entry of its log.
fn mend(
    store: &mut dyn Store,
    id: &SubmissionId,
    details: &Answers,
    national: &Answers,
) -> Stored<()> {
    let correction = satchel_core::delivery::Correction::Answers;
    let stored = store.submissions()?.into_iter().find(|s| s.record.id == *id);
    let written = stored.unwrap().log?.len() as u64;
    let entry = recorded(written + 1, Event::Corrected { correction });
    let index = SubmissionIndex { state: "queued".into(), open_step: None };
    store.append_mended(id, &entry, &index, details, national)
}

fn recorded(seq: u64, event: Event) -> Recorded {
    let at = Moment { wall_ms: 8, boot_ms: 9, boot: 10 };
    Recorded { seq, at, operator: String::new(), event }
}

fn queued() -> SubmissionIndex {
    SubmissionIndex { state: "queued".into(), open_step: None }
}

#[test]
fn a_changed_record_is_left_out_and_named_and_the_rest_stays() {
    let mut world = World::new();
    let first = world.account();
    let second = world.account();
    let (draft_1, draft_2) = (world.draft(&first), world.draft(&second));
    world.flip(&world.vault.main, "connections", "sealed", "place = 1");
    world.flip(&world.vault.main, "accounts", "sealed", "place = 2");
    world.flip(&world.vault.main, "drafts", "sealed", "place = 1");
    let connections = world.vault.connections().unwrap();
    assert_eq!(connections.iter().map(|c| &c.id).collect::<Vec<_>>(), [&second.connection]);
    assert_eq!(world.vault.accounts().unwrap(), std::slice::from_ref(&first));
    assert_eq!(world.vault.drafts().unwrap(), [draft_2]);
    let named = world.vault.unreadable().unwrap();
    let expected = [
        ("connections", first.connection.as_str()),
        ("accounts", second.id.as_str()),
        ("drafts", draft_1.id.as_str()),
    ];
    let named: Vec<_> = named.iter().map(|u| (u.table, u.id.as_str())).collect();
    assert_eq!(named, expected);
}

#[test]
fn a_changed_wrapped_key_is_found() {
    let mut world = World::new();
    let (id, photo) = (world.submission(), world.photo());
    world.flip(&world.vault.main, "data_keys", "wrapped", "owner_kind = 2");
    world.flip(&world.vault.main, "data_keys", "wrapped", "owner_kind = 3");
    assert_eq!(world.vault.details(&id), Err(StoreFault::Damaged));
    assert_eq!(world.vault.photo(&photo, Rendition::Upload), Err(StoreFault::Damaged));
}

#[test]
fn changed_answers_and_settings_are_found() {
    let mut world = World::new();
    let id = world.submission();
    world.vault.put_setting("theme", "dark").unwrap();
    world.flip(&world.vault.main, "answers", "sealed", "field_group = 6");
    world.flip(&world.vault.main, "settings", "sealed", "name = 'theme'");
    assert_eq!(world.vault.details(&id), Err(StoreFault::Damaged));
    assert_eq!(world.vault.national(&id).unwrap(), answers("123-45-6789"));
    assert_eq!(world.vault.setting("theme"), Err(StoreFault::Damaged));
}

#[test]
fn exchanged_rows_are_found() {
    let mut world = World::new();
    let (first, second) = (world.submission(), world.submission());
    let swap = |table: &str, set: &str| {
        format!(
            "CREATE TEMP TABLE kept AS SELECT rowid AS row, * FROM {table};
             UPDATE {table} SET {set} FROM kept WHERE {table}.rowid <> kept.row;
             DROP TABLE kept;"
        )
    };
    world.run(&swap("connections", "sealed = kept.sealed, version = kept.version"));
    assert_eq!(world.vault.connections().unwrap(), []);
    world.run(&format!(
        "UPDATE answers SET sealed = (SELECT sealed FROM answers
           WHERE submission = '{first}' AND field_group = 6) WHERE submission = '{second}'"
    ));
    assert_eq!(world.vault.details(&second), Err(StoreFault::Damaged));
    assert_eq!(world.vault.national(&second), Err(StoreFault::Damaged));
    world.run(&swap("submissions", "sealed = kept.sealed"));
    assert_eq!(world.vault.submissions().unwrap(), []);
    assert_eq!(world.vault.unreadable().unwrap().len(), 4);
}

#[test]
fn an_older_version_of_answers_does_not_pass_for_the_newest() {
    let mut world = World::new();
    let id = world.submission();
    let old: Vec<u8> = world
        .vault
        .main
        .query_row("SELECT sealed FROM answers WHERE field_group = 6", [], |r| r.get(0))
        .unwrap();
    mend(&mut world.vault, &id, &answers("Zehra"), &answers("")).unwrap();
    let update = "UPDATE answers SET sealed = ?1 WHERE field_group = 6";
    world.vault.main.execute(update, [old]).unwrap();
    assert_eq!(world.vault.details(&id), Err(StoreFault::Damaged));
}

#[test]
fn a_submission_moved_to_another_account_is_left_out() {
    let mut world = World::new();
    world.submission();
    let other = world.account();
    world.run(&format!("UPDATE submissions SET account = '{}'", other.id));
    assert_eq!(world.vault.submissions().unwrap(), []);
    assert_eq!(world.vault.unreadable().unwrap()[0].table, "submissions");
}

#[test]
fn a_broken_chain_is_told_and_other_submissions_still_load() {
    let breaks = [
        "DELETE FROM log WHERE seq = 2 AND submission = ?1",
        "DELETE FROM log WHERE seq = 4 AND submission = ?1",
        "DELETE FROM log WHERE submission = ?1",
        "UPDATE log SET link = zeroblob(32) WHERE seq = 3 AND submission = ?1",
        "UPDATE log SET seq = seq + 10 WHERE seq = 4 AND submission = ?1",
        "UPDATE log SET sealed = (SELECT sealed FROM log o WHERE o.submission <> log.submission
           AND o.seq = log.seq) WHERE seq = 1 AND submission = ?1",
        "UPDATE submissions SET log_length = 3 WHERE id = ?1",
        "UPDATE submissions SET log_head = zeroblob(32) WHERE id = ?1",
        "UPDATE submissions SET log_head = x'00' WHERE id = ?1",
    ];
    for sql in breaks {
        let mut world = World::new();
        let (first, _) = (world.submission(), world.submission());
        assert_eq!(world.vault.main.execute(sql, [first.as_str()]).unwrap().min(1), 1, "{sql}");
        assert_eq!(world.damaged_logs(), [true, false], "{sql}");
    }
}

#[test]
fn a_truncated_log_with_a_fitting_end_is_still_caught_by_its_head() {
    let mut world = World::new();
    let id = world.submission();
    world.run("DELETE FROM log WHERE seq = 4; UPDATE submissions SET log_length = 3;");
    assert_eq!(world.damaged_logs(), [true]);
    assert_eq!(world.vault.details(&id).unwrap(), answers("Zeynep"));
}

#[test]
fn a_damaged_log_keeps_its_photos() {
    let mut world = World::new();
    let id = world.submission();
    let photo = world.photo();
    let photos = vec![taken(&photo).photo];
    world.vault.append(&id, &recorded(5, Event::PhotosAdded { photos }), &queued()).unwrap();
    world.flip(&world.vault.main, "log", "sealed", "seq = 5");
    assert_eq!(world.damaged_logs(), [true]);
    assert_eq!(world.vault.sweep_photos(&[]).unwrap(), 0);
    assert!(world.vault.photo(&photo, Rendition::Upload).is_ok());
}

#[test]
fn changed_or_exchanged_photos_are_found() {
    let mut world = World::new();
    let (first, second) = (world.photo(), world.photo());
    world.flip(&world.vault.photos, "streams", "sealed", &format!("photo = '{first}'"));
    assert_eq!(world.vault.photo(&first, Rendition::Upload), Err(StoreFault::Damaged));
    assert!(world.vault.photo(&second, Rendition::Upload).is_ok());
    let third = world.photo();
    world
        .vault
        .photos
        .execute(
            "UPDATE streams SET sealed = (SELECT sealed FROM streams WHERE photo = ?1)
             WHERE photo = ?2",
            [second.as_str(), third.as_str()],
        )
        .unwrap();
    assert_eq!(world.vault.photo(&third, Rendition::Upload), Err(StoreFault::Damaged));
}

#[test]
fn what_a_crash_left_of_a_photo_is_swept() {
    let mut world = World::new();
    let (streams_alone, key_alone, whole) = (world.photo(), world.photo(), world.photo());
    world.run(&format!("DELETE FROM data_keys WHERE owner = '{streams_alone}'"));
    let delete = "DELETE FROM streams WHERE photo = ?1";
    world.vault.photos.execute(delete, [key_alone.as_str()]).unwrap();
    assert_eq!(world.vault.photo(&streams_alone, Rendition::Upload), Err(StoreFault::Absent));
    assert_eq!(world.vault.photo(&key_alone, Rendition::Upload), Err(StoreFault::Absent));
    assert_eq!(world.vault.sweep_photos(std::slice::from_ref(&whole)).unwrap(), 2);
    let left: u32 =
        world.vault.photos.query_row("SELECT count(*) FROM streams", [], |r| r.get(0)).unwrap();
    assert_eq!(left, 1);
    assert!(world.vault.photo(&whole, Rendition::Upload).is_ok());
}

#[test]
fn a_photo_interrupted_before_its_key_can_be_put_again() {
    let mut world = World::new();
    let id = world.photo();
    world.run("DELETE FROM data_keys WHERE owner_kind = 3");
    world.vault.put_photo(&id, &[(Rendition::Preview, b"small")]).unwrap();
    assert_eq!(world.vault.photo(&id, Rendition::Preview).unwrap(), b"small");
    assert_eq!(world.vault.photo(&id, Rendition::Upload), Err(StoreFault::Absent));
}

/// Lets a database grow no further.
fn fill(database: &Database) {
    let pages: u32 = database.query_row("PRAGMA page_count", [], |r| r.get(0)).unwrap();
    let free: u32 = database.query_row("PRAGMA freelist_count", [], |r| r.get(0)).unwrap();
    let sql = format!("PRAGMA max_page_count = {}", pages - free);
    database.query_row(&sql, [], |_| Ok(())).unwrap();
}

fn empty(database: &Database) {
    database.query_row("PRAGMA max_page_count = 1000000", [], |_| Ok(())).unwrap();
}

#[test]
fn a_full_disk_keeps_nothing_of_the_call_and_all_before_it() {
    let mut world = World::new();
    let account = world.account();
    let id = world.submission();
    let mut large = world.draft(&account);
    let before = large.clone();
    large.answers.put("owner.story", "long ".repeat(20_000));
    fill(&world.vault.main);
    assert_eq!(world.vault.put_draft(&large), Err(StoreFault::DiskFull));
    let huge = answers(&"x".repeat(100_000));
    let answered = mend(&mut world.vault, &id, &huge, &huge);
    assert_eq!(answered, Err(StoreFault::DiskFull));
    let accounts: Vec<_> = (0..500)
        .map(|_| super::tests::account(AccountId::draw(&mut world.chance), &account.connection))
        .collect();
    assert_eq!(world.vault.put_accounts(&accounts), Err(StoreFault::DiskFull));
    assert_eq!(world.vault.drafts().unwrap(), [before]);
    assert_eq!(world.vault.accounts().unwrap().len(), 2);
    assert_eq!(world.vault.details(&id).unwrap(), answers("Zeynep"));
    empty(&world.vault.main);
    world.vault.put_draft(&large).unwrap();
    assert_eq!(world.vault.drafts().unwrap(), [large]);
}

/// Puts photos until one finds no room.
fn put_photos_until_full(world: &mut World) -> (PhotoId, StoreFault) {
    for _ in 0..300 {
        let id = PhotoId::draw(&mut world.chance);
        if let Err(fault) = world.vault.put_photo(&id, &[(Rendition::Upload, &[5; 20_000])]) {
            return (id, fault);
        }
    }
    panic!("every photo found room");
}

#[test]
fn a_photo_that_finds_a_full_disk_leaves_nothing() {
    for full_of_photos in [true, false] {
        let mut world = World::new();
        fill(if full_of_photos { &world.vault.photos } else { &world.vault.main });
        let (refused, fault) = put_photos_until_full(&mut world);
        assert_eq!(fault, StoreFault::DiskFull);
        assert_eq!(world.vault.photo(&refused, Rendition::Upload), Err(StoreFault::Absent));
        let sql = "SELECT 1 FROM streams WHERE photo = ?1";
        assert!(!world.vault.photos.prepare(sql).unwrap().exists([refused.as_str()]).unwrap());
        empty(&world.vault.photos);
        empty(&world.vault.main);
        world.vault.put_photo(&refused, &[(Rendition::Upload, b"room")]).unwrap();
        assert_eq!(world.vault.photo(&refused, Rendition::Upload).unwrap(), b"room");
    }
}

#[test]
fn a_sealing_that_finds_a_full_disk_leaves_the_draft() {
    let mut world = World::new();
    let account = world.account();
    let draft = world.draft(&account);
    let record = record(SubmissionId::draw(&mut world.chance), &account.id);
    fill(&world.vault.main);
    let huge = answers(&"x".repeat(100_000));
    let log = [recorded(1, Event::Restarted)];
    let sealing = Sealing {
        photos: &[],
        draft: Some(&draft.id),
        record: &record,
        details: &huge,
        national: &huge,
        log: &log,
        index: &queued(),
    };
    assert_eq!(world.vault.seal(&sealing), Err(StoreFault::DiskFull));
    assert_eq!(world.vault.drafts().unwrap(), std::slice::from_ref(&draft));
    assert_eq!(world.vault.submissions().unwrap(), []);
    empty(&world.vault.main);
    world.vault.seal(&sealing).unwrap();
    assert_eq!(world.vault.submissions().unwrap().len(), 1);
}

fn tombstone() -> Tombstone {
    let (state, operator) = ("verified".to_owned(), String::new());
    Tombstone { state, since_ms: None, forgotten_ms: 9, operator }
}

fn count(database: &Database, table: &str) -> u32 {
    database.query_row(&format!("SELECT count(*) FROM {table}"), [], |r| r.get(0)).unwrap()
}

#[test]
fn a_sealing_that_finds_a_full_disk_leaves_none_of_its_photos() {
    for full_of_photos in [true, false] {
        let mut world = World::new();
        let account = world.account();
        let record = record(SubmissionId::draw(&mut world.chance), &account.id);
        let huge = answers(&"x".repeat(100_000));
        let renditions = vec![(Rendition::Upload, vec![5; 100_000])];
        let photos = [NewPhoto { id: PhotoId::draw(&mut world.chance), renditions }];
        fill(if full_of_photos { &world.vault.photos } else { &world.vault.main });
        let sealing = Sealing {
            photos: &photos,
            draft: None,
            record: &record,
            details: &huge,
            national: &huge,
            log: &[recorded(1, Event::Restarted)],
            index: &queued(),
        };
        assert_eq!(world.vault.seal(&sealing), Err(StoreFault::DiskFull));
        let sql = "SELECT count(*) FROM streams";
        let streams: u32 = world.vault.photos.query_row(sql, [], |r| r.get(0)).unwrap();
        assert_eq!(streams, 0);
        empty(&world.vault.photos);
        empty(&world.vault.main);
        world.vault.seal(&sealing).unwrap();
        assert_eq!(world.vault.photo(&photos[0].id, Rendition::Upload).unwrap(), [5; 100_000]);
    }
}

#[test]
fn a_submission_and_its_photos_cost_two_syncs() {
    let disk = crate::disk::Disk::new();
    let options = CreateOptions { cost: Cost::for_tests() };
    let mut vault = Vault::create_on(&disk, "correct horse battery", options).unwrap();
    let mut chance = Chance::from_seed([3; 32]);
    let connection = connection(ConnectionId::draw(&mut chance));
    vault.put_connection(&connection).unwrap();
    let account = account(AccountId::draw(&mut chance), &connection.id);
    vault.put_accounts(std::slice::from_ref(&account)).unwrap();
    let mut once = || {
        let record = record(SubmissionId::draw(&mut chance), &account.id);
        let photos: Vec<_> = (0..4)
            .map(|_| {
                let renditions = vec![(Rendition::Upload, vec![5; 100_000])];
                NewPhoto { id: PhotoId::draw(&mut chance), renditions }
            })
            .collect();
        let sealing = Sealing {
            photos: &photos,
            draft: None,
            record: &record,
            details: &answers("Zeynep"),
            national: &answers("123-45-6789"),
            log: &[recorded(1, Event::Restarted)],
            index: &queued(),
        };
        vault.seal(&sealing).unwrap();
    };
    // The first ones begin both logs.
    once();
    let before = disk.syncs();
    once();
    assert_eq!(disk.syncs() - before, 2);
}

#[test]
fn a_purge_leaves_no_key() {
    let mut world = World::new();
    let id = world.submission();
    let photo = world.photo();
    let photos = vec![taken(&photo).photo];
    world.vault.append(&id, &recorded(5, Event::PhotosAdded { photos }), &queued()).unwrap();
    world.vault.purge(&id, &tombstone()).unwrap();
    world.forget_account();
    assert_eq!(count(&world.vault.main, "data_keys"), 0);
    assert_eq!(count(&world.vault.main, "answers"), 0);
    assert_eq!(count(&world.vault.main, "log"), 0);
    assert_eq!(count(&world.vault.photos, "streams"), 0);
    assert_eq!(world.damaged_logs(), [false]);
    assert_eq!(world.vault.setting("shred_due").unwrap().as_deref(), Some("yes"));
}

/// Everything sealed in the rows of a vault, with the row and the version that it is bound to.
fn sealed_rows(vault: &OpenVault) -> Vec<(String, u64, Vec<u8>)> {
    let sql = "SELECT id, version, sealed FROM accounts
               UNION ALL SELECT id, version, sealed FROM submissions
               UNION ALL SELECT submission, version, sealed FROM answers
               UNION ALL SELECT submission, seq, sealed FROM log";
    let mut statement = vault.main.prepare(sql).unwrap();
    let rows = statement.query_map([], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

/// What whoever has the passphrase and today's files reads in old pages of the disk.
fn readable(keys: &Keyring, rows: &[(String, u64, Vec<u8>)]) -> String {
    let groups = [Group::Account, Group::Submission, Group::Log, Group::Details, Group::National];
    let own = [Group::Entry, Group::OwnAccount];
    let keys_held = [&keys.config, &keys.log, &keys.row.key, &keys.index];
    let mut read = String::new();
    for (row, version, sealed) in rows {
        for (key, group) in
            keys_held.iter().flat_map(|k| groups.iter().chain(&own).map(move |g| (k, g)))
        {
            let place = Place { vault: keys.vault, group: *group, row, version: *version };
            if let Ok(plain) = record::open(key, place, sealed) {
                read.push_str(&String::from_utf8_lossy(&plain));
            }
        }
    }
    read
}

#[test]
fn of_what_was_forgotten_old_pages_open_with_none_of_the_keys_that_are_left() {
    let mut world = World::new();
    let id = world.submission();
    let refused = Event::Answered {
        attempt: 1,
        outcome: Outcome::Definite {
            fault: Definite::Invalid,
            code: "1003".into(),
            text: "Zeynep is no name".into(),
        },
        server_ms: None,
    };
    world.vault.append(&id, &recorded(5, refused), &queued()).unwrap();
    let before = sealed_rows(&world.vault);
    assert_eq!(before.len(), 1 + 1 + 2 + 5);
    let keys_before: Vec<_> = [Owner::Submission, Owner::Account]
        .iter()
        .flat_map(|owner| keys::all(&world.vault.main, &world.vault.keys, *owner).unwrap())
        .collect();
    assert_eq!(keys_before.len(), 2, "the search can find something");
    let read = readable(&world.vault.keys, &before);
    assert!(read.contains("\"sealed_ms\""), "the record itself opens");

    world.vault.purge(&id, &tombstone()).unwrap();
    world.forget_account();
    for canary in ["Zeynep", "123-45-6789", "Bakery"] {
        assert!(!readable(&world.vault.keys, &before).contains(canary), "{canary} in old pages");
        let now = sealed_rows(&world.vault);
        assert!(!readable(&world.vault.keys, &now).contains(canary), "{canary} today");
    }
    let remote = world.vault.accounts().unwrap().remove(0).remote_id;
    assert!(readable(&world.vault.keys, &sealed_rows(&world.vault)).contains(&remote));
}

#[test]
fn everything_is_there_after_a_crash_without_a_checkpoint() {
    let mut world = World::new();
    let id = world.submission();
    let photo = world.photo();
    let copy = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(world.folder.path()).unwrap() {
        let entry = entry.unwrap();
        std::fs::copy(entry.path(), copy.path().join(entry.file_name())).unwrap();
    }
    let recovered = Vault::open(copy.path(), WORDS).unwrap();
    assert!(recovered.was_unclean());
    assert_eq!(recovered.submissions().unwrap(), world.vault.submissions().unwrap());
    assert_eq!(recovered.national(&id).unwrap(), answers("123-45-6789"));
    assert_eq!(recovered.photo(&photo, Rendition::Upload).unwrap(), vec![5; 100_000]);
}

/// A vault as the first version wrote it: every row by literal SQL on the first schema alone.
struct FirstVersion {
    keys: Keyring,
    database: Database,
}

fn first_header(vault: VaultId, vault_key: &Key, page_key: &Key, device: &Key) -> Vec<u8> {
    let wrapping = vault_keys::wrapping_key(vault, vault_key);
    let operator = Slotted {
        kind: SlotKind::Operator,
        name: "",
        passphrase: WORDS,
        device,
        cost: Cost::for_tests(),
    };
    let config = vault_keys::config_key(vault, vault_key);
    let mut slot = operator.slot(SlotId::draw().unwrap(), vault, vault_key, &config).unwrap();
    slot.body.truncate(100);
    let mut header = Header::first(vault, &wrapping, page_key).unwrap();
    header.slots.push(slot);
    header.encode(&vault_keys::header_key(vault, vault_key)).unwrap()
}

impl FirstVersion {
    fn make(folder: &Path) -> Self {
        let (vault_key, page_key) = (Key::draw().unwrap(), Key::draw().unwrap());
        let (device, shred) = (Key::draw().unwrap(), Key::draw().unwrap());
        let vault = VaultId::draw().unwrap();
        let row = RowKey::derive(vault, &vault_key, 1, &shred);
        let keys = Keyring::derive(vault, &vault_key, row);
        let header = first_header(vault, &vault_key, &page_key, &device);
        std::fs::write(folder.join("vault.header"), header).unwrap();
        let secrets = FileSecrets::new(folder);
        secrets.write(SecretName::Device, &device).unwrap();
        secrets.write(SecretName::Shred, &shred).unwrap();
        RealFiles.make(&folder.join("vault.db"), b"").unwrap();
        RealFiles.make(&folder.join("photos.db"), b"").unwrap();
        drop(db::open_photos(&folder.join("photos.db"), None).unwrap());
        let database = Database::open(folder.join("vault.db")).unwrap();
        let hex: String = page_key.bytes().iter().map(|b| format!("{b:02x}")).collect();
        let key = format!("PRAGMA key = \"x'{hex}'\"; PRAGMA cipher_page_size = 4096;");
        database.execute_batch(&key).unwrap();
        db::migrate(&database, &VAULT_MIGRATIONS[..1]).unwrap();
        Self { keys, database }
    }

    fn sealed<T: Serialize>(&self, key: &Key, group: Group, row: &str, value: &T) -> Vec<u8> {
        seal(key, Place { vault: self.keys.vault, group, row, version: 1 }, value).unwrap()
    }

    fn data_key(&self, owner: Owner, id: &str) -> Key {
        let key = Key::draw().unwrap();
        let wrapped = data_key::wrap(&self.keys.row, self.keys.vault, owner, id, &key).unwrap();
        let sql = "INSERT INTO data_keys VALUES (?1, ?2, 1, '1', ?3)";
        self.database.execute(sql, (owner.number(), id, wrapped)).unwrap();
        key
    }
}

#[test]
fn a_vault_of_the_first_version_still_opens() {
    let folder = tempfile::tempdir().unwrap();
    let old = FirstVersion::make(folder.path());
    let mut chance = Chance::from_seed([4; 32]);
    let connection = connection(ConnectionId::draw(&mut chance));
    let account = account(AccountId::draw(&mut chance), &connection.id);
    let draft = draft(DraftId::draw(&mut chance), &account.id, Vec::new());
    let record = record(SubmissionId::draw(&mut chance), &account.id);
    let (id, database) = (record.id.as_str(), &old.database);
    let run = |sql: &str, values: &[&dyn rusqlite::ToSql]| {
        assert_eq!(database.execute(sql, values).unwrap(), 1);
    };
    let sealed =
        old.sealed(&old.keys.config, Group::Connection, connection.id.as_str(), &connection);
    run("INSERT INTO connections VALUES (1, ?1, 1, ?2)", &[&connection.id.as_str(), &sealed]);
    let sealed = old.sealed(&old.keys.config, Group::Account, account.id.as_str(), &account);
    run(
        "INSERT INTO accounts VALUES (1, ?1, ?2, zeroblob(32), 1, ?3)",
        &[&account.id.as_str(), &connection.id.as_str(), &sealed],
    );
    let sealed = old.sealed(&old.keys.config, Group::Setting, "theme", &"dark");
    run("INSERT INTO settings VALUES ('theme', 1, ?1)", &[&sealed]);
    let key = old.data_key(Owner::Draft, draft.id.as_str());
    let sealed = old.sealed(&key, Group::Draft, draft.id.as_str(), &draft);
    run(
        "INSERT INTO drafts VALUES (1, ?1, ?2, 1, ?3)",
        &[&draft.id.as_str(), &account.id.as_str(), &sealed],
    );
    let entry = recorded(1, Event::Restarted);
    let logged = old.sealed(&old.keys.log, Group::Log, id, &entry);
    let link = chain::next(&chain::start(old.keys.vault, id), 1, &logged);
    let sealed = old.sealed(&old.keys.log, Group::Submission, id, &record);
    run(
        "INSERT INTO submissions VALUES (1, ?1, ?2, 'queued', NULL, 11, 1, ?3, 1, ?4)",
        &[&id, &account.id.as_str(), &link, &sealed],
    );
    run("INSERT INTO log VALUES (?1, 1, ?2, ?3)", &[&id, &logged, &link]);
    let key = old.data_key(Owner::Submission, id);
    for (group, answered) in [(Group::Details, "Zeynep"), (Group::National, "123")] {
        let sealed = old.sealed(&key, group, id, &answers(answered));
        run("INSERT INTO answers VALUES (?1, ?2, 1, ?3)", &[&id, &group.number(), &sealed]);
    }
    drop(old);

    let vault = Vault::open(folder.path(), WORDS).unwrap();
    assert_eq!(vault.connections().unwrap(), [connection]);
    assert_eq!(vault.accounts().unwrap(), [account]);
    assert_eq!(vault.drafts().unwrap(), [draft]);
    assert_eq!(vault.setting("theme").unwrap().as_deref(), Some("dark"));
    let stored = vault.submissions().unwrap();
    assert_eq!(stored, [StoredSubmission { record, index: queued(), log: Ok(vec![entry]) }]);
    let id = &stored[0].record.id;
    assert_eq!(vault.asked_ms(id).unwrap(), Some(11));
    assert_eq!(vault.details(id).unwrap(), answers("Zeynep"));
    assert_eq!(vault.national(id).unwrap(), answers("123"));
    assert_eq!(vault.unreadable().unwrap(), []);
}

fn noted(event: &str) -> Noted {
    let (operator, event) = ("ada".to_owned(), event.to_owned());
    Noted { at_ms: 5, operator, event, detail: None, account: None }
}

fn audit_fault(world: &World) -> Option<(u64, AuditFaultKind)> {
    world.vault.audit_log().unwrap().fault.map(|fault| (fault.seq, fault.kind))
}

/// A vault with six entries in its audit log; the third tells of a submission's own log.
fn audited() -> (World, SubmissionId) {
    let mut world = World::new();
    let id = world.submission();
    for event in ["unlocked", "paused"] {
        world.vault.audit(&noted(event)).unwrap();
    }
    world.vault.append(&id, &recorded(5, Event::Revealed), &queued()).unwrap();
    for event in ["resumed", "locked", "unlocked"] {
        world.vault.audit(&noted(event)).unwrap();
    }
    (world, id)
}

#[test]
fn what_people_did_stands_in_one_log_in_their_order() {
    let (world, id) = audited();
    let log = world.vault.audit_log().unwrap();
    assert_eq!(log.fault, None);
    let events: Vec<_> = log.lines.iter().map(|l| l.entry.event.as_str()).collect();
    assert_eq!(events, ["unlocked", "paused", "revealed", "resumed", "locked", "unlocked"]);
    let place = log.lines[2].entry.log.as_ref().unwrap();
    assert_eq!((&place.submission, place.seq), (&id, 5));
}

#[test]
fn an_audit_log_that_was_edited_cut_or_reordered_is_told_with_its_place() {
    use AuditFaultKind::{Changed, CutOff, LogDiffers, OutOfOrder};
    let (world, _) = audited();
    world.flip(&world.vault.main, "audit", "sealed", "seq = 4");
    assert_eq!(audit_fault(&world), Some((4, Changed)));

    let cases = [
        ("DELETE FROM audit WHERE seq = 6", 6, CutOff),
        ("DELETE FROM audit", 1, CutOff),
        ("DELETE FROM audit WHERE seq = 2", 2, OutOfOrder),
        ("DELETE FROM audit WHERE seq = 1", 1, OutOfOrder),
        (
            "UPDATE audit SET seq = 9 WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = 5;
          UPDATE audit SET seq = 5 WHERE seq = 9",
            4,
            Changed,
        ),
        ("UPDATE audit SET link = zeroblob(32) WHERE seq = 2", 2, Changed),
        ("UPDATE audit_head SET length = 7", 7, CutOff),
        ("DELETE FROM audit_head", 7, CutOff),
        ("UPDATE log SET link = zeroblob(32) WHERE seq = 5", 3, LogDiffers),
        ("DELETE FROM log WHERE seq = 5", 3, LogDiffers),
    ];
    for (sql, seq, kind) in cases {
        let (world, _) = audited();
        world.run(sql);
        assert_eq!(audit_fault(&world), Some((seq, kind)), "{sql}");
    }
}

#[test]
fn what_was_forgotten_no_longer_vouches_for_the_audit_log() {
    let (mut world, id) = audited();
    world.vault.purge(&id, &tombstone()).unwrap();
    let log = world.vault.audit_log().unwrap();
    assert_eq!(log.fault, None);
    assert_eq!(log.lines[6].entry.event, "purged");
    assert_eq!(log.lines[6].entry.detail.as_deref(), Some("verified"));
}

#[test]
fn what_was_forgotten_has_the_shred_key_changed_once() {
    let mut world = World::new();
    let id = world.submission();
    let kept = world.submission();
    world.vault.keep_secrets(Box::new(FileSecrets::new(world.folder.path())));
    world.vault.shred().unwrap();
    assert_eq!(world.vault.keys.row.number, 1, "nothing was forgotten");
    world.vault.purge(&id, &tombstone()).unwrap();
    world.vault.shred().unwrap();
    world.vault.shred().unwrap();
    assert_eq!(world.vault.keys.row.number, 2);
    assert_eq!(world.vault.details(&kept).unwrap(), answers("Zeynep"));
}
