//! What every store keeps to: the memory store and the vault.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::BTreeMap;

use satchel_core::account::{Account, Connection};
use satchel_core::chance::Chance;
use satchel_core::clock::Moment;
use satchel_core::delivery::{Correction, Event, Recorded, Step};
use satchel_core::ids::{AccountId, ConnectionId, DraftId, PhotoId, SubmissionId};
use satchel_core::onboarding::{
    Answers, Consent, Country, DocumentType, Draft, DraftPhoto, EntityKind, Side, Who,
};
use satchel_core::photo::{PhotoFormat, PhotoRecord, Rendition};
use satchel_core::provider::Capabilities;
use satchel_core::secret::Secret;
use satchel_core::store::{
    NewPhoto, Sealing, Store, StoreFault, Stored, SubmissionIndex, SubmissionRecord, Tombstone,
};
use satchel_vault::{Cost, CreateOptions, MemoryStore, Vault};

/// Runs a promise against both stores.
macro_rules! promises {
    ($($name:ident),* $(,)?) => {
        mod in_memory {
            $(#[test] fn $name() {
                let mut store = super::MemoryStore::new();
                super::$name(&mut super::World::new(), &mut store);
            })*
        }
        mod in_the_vault {
            $(#[test] fn $name() {
                let folder = tempfile::tempdir().unwrap();
                let options = super::CreateOptions { cost: super::Cost::FLOOR };
                let mut vault =
                    super::Vault::create(folder.path(), "correct horse battery", options).unwrap();
                super::$name(&mut super::World::new(), &mut vault);
            })*
        }
    };
}

promises!(
    an_empty_store_has_nothing,
    connections_come_back_oldest_first_and_whole,
    a_connection_is_replaced_in_its_place,
    a_connection_with_accounts_stays,
    a_connection_without_accounts_goes,
    accounts_are_put_all_or_none,
    an_account_needs_its_connection,
    one_remote_account_is_not_kept_twice,
    an_account_is_replaced_in_its_place,
    drafts_come_back_as_they_were_last_put,
    a_draft_needs_its_account,
    a_removed_draft_takes_its_photos_along,
    a_removed_draft_leaves_photos_that_others_name,
    a_photo_comes_back_in_every_rendition,
    a_photo_put_again_replaces_what_is_given,
    a_photo_of_any_length_comes_back,
    a_named_photo_is_not_removed,
    an_unnamed_photo_is_removed,
    a_sweep_leaves_named_photos_alone,
    a_sealing_stores_everything_and_takes_the_draft,
    a_sealing_brings_its_photos,
    a_refused_sealing_keeps_none_of_its_photos,
    a_new_photo_that_is_there_stays_as_it_is,
    a_sealing_with_an_unknown_draft_keeps_nothing,
    a_sealing_for_an_unknown_account_keeps_nothing,
    a_submission_is_sealed_once,
    a_log_grows_entry_by_entry,
    an_entry_out_of_order_is_refused,
    a_second_open_step_of_an_account_is_refused,
    a_step_may_open_once_the_other_is_closed,
    accounts_open_steps_independently,
    a_sealing_with_an_open_step_counts,
    answers_are_replaced_by_a_correction,
    a_purge_forgets_all_but_the_tombstone,
    forgotten_photos_go_with_the_entry_that_says_so,
    an_account_that_is_forgotten_and_comes_back_is_one_account,
    replaced_photos_stay_with_the_submission,
    the_time_of_asking_is_kept,
    what_is_not_there_is_absent,
    settings_are_kept_and_replaced,
    bytes_on_disk_grow_with_photos,
);

struct World {
    chance: Chance,
}

impl World {
    fn new() -> Self {
        Self { chance: Chance::from_seed([7; 32]) }
    }

    fn connection(&mut self, store: &mut dyn Store) -> Connection {
        let connection = Connection {
            id: ConnectionId::draw(&mut self.chance),
            provider: "wepay".into(),
            name: "WePay, live".into(),
            settings: BTreeMap::from([("base_url".into(), "https://example.test".into())]),
            credentials: BTreeMap::from([("token".into(), Secret::new("stage_0b1c"))]),
            extra_root_pem: Some("-----BEGIN CERTIFICATE-----".into()),
            paused: false,
            created_ms: 1_700_000_000_000,
        };
        store.put_connection(&connection).unwrap();
        connection
    }

    fn account_of(&mut self, connection: &Connection) -> Account {
        Account {
            id: AccountId::draw(&mut self.chance),
            connection: connection.id.clone(),
            remote_id: self.chance.hex_128(),
            name: "Kadıköy Bakery".into(),
            kind: Some(EntityKind::Business),
            country: Some(Country::Us),
            email: Some("owner@bakery.test".into()),
            token: Some(Secret::new("account-token")),
            created_ms: 1_700_000_000_001,
            forgotten_ms: None,
        }
    }

    fn account(&mut self, store: &mut dyn Store) -> Account {
        let connection = self.connection(store);
        let account = self.account_of(&connection);
        store.put_accounts(std::slice::from_ref(&account)).unwrap();
        account
    }

    fn photo(&mut self, store: &mut dyn Store) -> PhotoRecord {
        let record = PhotoRecord {
            id: PhotoId::draw(&mut self.chance),
            document: DocumentType::new("passport"),
            side: Side::Front,
            format: PhotoFormat::Jpeg,
            bytes: 6,
            width: 3,
            height: 2,
            original_sha256: "00".repeat(32),
            upload_sha256: "11".repeat(32),
            look: u64::MAX,
            report: "{}".into(),
            override_reason: None,
            taken_ms: 1_700_000_000_002,
        };
        let renditions: [(Rendition, &[u8]); 2] =
            [(Rendition::Evidence, b"evidence"), (Rendition::Upload, b"upload")];
        store.put_photo(&record.id, &renditions).unwrap();
        record
    }

    fn draft(&mut self, account: &Account, photos: &[PhotoRecord]) -> Draft {
        let taken =
            |photo: &PhotoRecord| DraftPhoto { photo: photo.clone(), retakes: 1, is_bad: false };
        Draft {
            id: DraftId::draw(&mut self.chance),
            account: account.id.clone(),
            continues: None,
            who: Some(WHO),
            answers: details(),
            no_other_owners: true,
            photos: photos.iter().map(taken).collect(),
            consent: Some(consent()),
            language: "en".into(),
            operator: "ada".into(),
            step: String::new(),
            created_ms: 1_700_000_000_003,
            changed_ms: 1_700_000_000_004,
        }
    }

    fn record(&mut self, account: &Account) -> SubmissionRecord {
        SubmissionRecord {
            id: SubmissionId::draw(&mut self.chance),
            account: account.id.clone(),
            who: WHO,
            consent: consent(),
            language: "en".into(),
            sealed_ms: 1_700_000_000_005,
            tombstone: None,
        }
    }

    fn submission(&mut self, store: &mut dyn Store, account: &Account) -> SubmissionId {
        let record = self.record(account);
        seal(store, &record, &[sealed(1, &[])], &queued()).unwrap();
        record.id
    }
}

const WHO: Who = Who { kind: EntityKind::Business, country: Country::Us };

fn consent() -> Consent {
    Consent {
        text_id: "consent-1".into(),
        language: "en".into(),
        given_ms: 5,
        operator: "ada".into(),
    }
}

fn details() -> Answers {
    [("owner.name.first", "Zeynep"), ("owner.address.city", "Kadıköy")].into_iter().collect()
}

fn national() -> Answers {
    [("owner.ssn", "123-45-6789")].into_iter().collect()
}

fn queued() -> SubmissionIndex {
    SubmissionIndex { state: "queued".into(), open_step: None }
}

fn sending() -> SubmissionIndex {
    SubmissionIndex { state: "sending".into(), open_step: Some("create".into()) }
}

/// A correction of a submission's answers, as an entry of its log.
fn mend(
    store: &mut dyn Store,
    (id, seq): (&SubmissionId, u64),
    details: &Answers,
    national: &Answers,
) -> Stored<()> {
    let entry = recorded(seq, Event::Corrected { correction: Correction::Answers });
    store.append_mended(id, &entry, &queued(), details, national)
}

fn recorded(seq: u64, event: Event) -> Recorded {
    let at = Moment { wall_ms: 1_700_000_000_006, boot_ms: 1, boot: 1 };
    Recorded { seq, at, operator: "ada".into(), event }
}

fn sealed(seq: u64, photos: &[PhotoRecord]) -> Recorded {
    let capabilities = Capabilities {
        photos_on_request: true,
        draft_then_authorize: true,
        reason_per_document: true,
        overwrites: false,
        set_resent_whole: false,
    };
    recorded(seq, Event::Sealed { photos: photos.to_vec(), capabilities })
}

fn started(seq: u64) -> Recorded {
    recorded(seq, Event::AttemptStarted { attempt: 1, step: Step::Create })
}

fn seal(
    store: &mut dyn Store,
    record: &SubmissionRecord,
    log: &[Recorded],
    index: &SubmissionIndex,
) -> Result<(), StoreFault> {
    let (details, national) = (details(), national());
    let (details, national) = (&details, &national);
    store.seal(&Sealing { photos: &[], draft: None, record, details, national, log, index })
}

fn failed(code: &str) -> Result<(), StoreFault> {
    Err(StoreFault::Failed(code.into()))
}

fn an_empty_store_has_nothing(_: &mut World, store: &mut dyn Store) {
    assert_eq!(store.connections().unwrap(), []);
    assert_eq!(store.accounts().unwrap(), []);
    assert_eq!(store.drafts().unwrap(), []);
    assert_eq!(store.submissions().unwrap(), []);
    assert_eq!(store.setting("theme").unwrap(), None);
    assert_eq!(store.sweep_photos(&[]).unwrap(), 0);
}

fn connections_come_back_oldest_first_and_whole(world: &mut World, store: &mut dyn Store) {
    let put: Vec<_> = (0..5).map(|_| world.connection(store)).collect();
    assert_eq!(store.connections().unwrap(), put);
}

fn a_connection_is_replaced_in_its_place(world: &mut World, store: &mut dyn Store) {
    let (mut first, second) = (world.connection(store), world.connection(store));
    first.paused = true;
    store.put_connection(&first).unwrap();
    store.put_connection(&first).unwrap();
    assert_eq!(store.connections().unwrap(), [first, second]);
}

fn a_connection_with_accounts_stays(world: &mut World, store: &mut dyn Store) {
    let account = world.account(store);
    assert_eq!(store.remove_connection(&account.connection), failed("connection_in_use"));
    assert_eq!(store.connections().unwrap().len(), 1);
}

fn a_connection_without_accounts_goes(world: &mut World, store: &mut dyn Store) {
    let connection = world.connection(store);
    store.remove_connection(&connection.id).unwrap();
    assert_eq!(store.connections().unwrap(), []);
    assert_eq!(store.remove_connection(&connection.id), Err(StoreFault::Absent));
}

fn accounts_are_put_all_or_none(world: &mut World, store: &mut dyn Store) {
    let connection = world.connection(store);
    let good = world.account_of(&connection);
    let mut stray = world.account_of(&connection);
    stray.connection = ConnectionId::draw(&mut world.chance);
    assert_eq!(store.put_accounts(&[good.clone(), stray]), Err(StoreFault::Absent));
    assert_eq!(store.accounts().unwrap(), []);
    let second = world.account_of(&connection);
    store.put_accounts(&[good.clone(), second.clone()]).unwrap();
    assert_eq!(store.accounts().unwrap(), [good, second]);
}

fn an_account_needs_its_connection(world: &mut World, store: &mut dyn Store) {
    let connection = world.connection(store);
    let account = world.account_of(&connection);
    store.remove_connection(&connection.id).unwrap();
    assert_eq!(store.put_accounts(&[account]), Err(StoreFault::Absent));
}

fn one_remote_account_is_not_kept_twice(world: &mut World, store: &mut dyn Store) {
    let first = world.account(store);
    let mut twin = first.clone();
    twin.id = AccountId::draw(&mut world.chance);
    assert_eq!(store.put_accounts(&[twin.clone()]), failed("account_twice"));
    let other = world.connection(store);
    twin.connection = other.id.clone();
    store.put_accounts(&[twin]).unwrap();
    assert_eq!(store.accounts().unwrap().len(), 2);
}

fn an_account_is_replaced_in_its_place(world: &mut World, store: &mut dyn Store) {
    let connection = world.connection(store);
    let mut both = [world.account_of(&connection), world.account_of(&connection)];
    store.put_accounts(&both).unwrap();
    both[0].name = "New name".into();
    store.put_accounts(&both[..1]).unwrap();
    assert_eq!(store.accounts().unwrap(), both);
}

fn drafts_come_back_as_they_were_last_put(world: &mut World, store: &mut dyn Store) {
    let account = world.account(store);
    let photo = world.photo(store);
    let (mut first, second) = (world.draft(&account, &[]), world.draft(&account, &[]));
    store.put_draft(&first).unwrap();
    store.put_draft(&second).unwrap();
    first.answers.put("owner.ssn", "123-45-6789");
    first.photos = world.draft(&account, &[photo]).photos;
    store.put_draft(&first).unwrap();
    assert_eq!(store.drafts().unwrap(), [first, second]);
}

fn a_draft_needs_its_account(world: &mut World, store: &mut dyn Store) {
    let connection = world.connection(store);
    let account = world.account_of(&connection);
    let draft = world.draft(&account, &[]);
    assert_eq!(store.put_draft(&draft), Err(StoreFault::Absent));
}

fn a_removed_draft_takes_its_photos_along(world: &mut World, store: &mut dyn Store) {
    let account = world.account(store);
    let photo = world.photo(store);
    let draft = world.draft(&account, std::slice::from_ref(&photo));
    store.put_draft(&draft).unwrap();
    store.remove_draft(&draft.id).unwrap();
    assert_eq!(store.drafts().unwrap(), []);
    assert_eq!(store.photo(&photo.id, Rendition::Upload), Err(StoreFault::Absent));
    assert_eq!(store.remove_draft(&draft.id), Err(StoreFault::Absent));
}

fn a_removed_draft_leaves_photos_that_others_name(world: &mut World, store: &mut dyn Store) {
    let account = world.account(store);
    let (in_draft, in_submission) = (world.photo(store), world.photo(store));
    let first = world.draft(&account, &[in_draft.clone(), in_submission.clone()]);
    let second = world.draft(&account, std::slice::from_ref(&in_draft));
    store.put_draft(&first).unwrap();
    store.put_draft(&second).unwrap();
    let record = world.record(&account);
    let log = [sealed(1, std::slice::from_ref(&in_submission))];
    seal(store, &record, &log, &queued()).unwrap();
    store.remove_draft(&first.id).unwrap();
    assert_eq!(store.photo(&in_draft.id, Rendition::Upload).unwrap(), b"upload");
    assert_eq!(store.photo(&in_submission.id, Rendition::Upload).unwrap(), b"upload");
}

fn a_photo_comes_back_in_every_rendition(world: &mut World, store: &mut dyn Store) {
    let photo = world.photo(store);
    assert_eq!(store.photo(&photo.id, Rendition::Evidence).unwrap(), b"evidence");
    assert_eq!(store.photo(&photo.id, Rendition::Upload).unwrap(), b"upload");
    assert_eq!(store.photo(&photo.id, Rendition::Preview), Err(StoreFault::Absent));
}

fn a_photo_put_again_replaces_what_is_given(world: &mut World, store: &mut dyn Store) {
    let photo = world.photo(store);
    store.put_photo(&photo.id, &[(Rendition::Upload, b"smaller")]).unwrap();
    store.put_photo(&photo.id, &[(Rendition::Preview, b"preview")]).unwrap();
    assert_eq!(store.photo(&photo.id, Rendition::Evidence).unwrap(), b"evidence");
    assert_eq!(store.photo(&photo.id, Rendition::Upload).unwrap(), b"smaller");
    assert_eq!(store.photo(&photo.id, Rendition::Preview).unwrap(), b"preview");
}

fn a_photo_of_any_length_comes_back(world: &mut World, store: &mut dyn Store) {
    for length in [0, 1, 65_535, 65_536, 65_537, 131_072, 3_000_001] {
        let bytes: Vec<u8> = (0..length).map(|n: usize| (n % 251) as u8).collect();
        let id = PhotoId::draw(&mut world.chance);
        store.put_photo(&id, &[(Rendition::Upload, &bytes)]).unwrap();
        assert!(store.photo(&id, Rendition::Upload).unwrap() == bytes, "{length} bytes");
    }
}

fn a_named_photo_is_not_removed(world: &mut World, store: &mut dyn Store) {
    let account = world.account(store);
    let photo = world.photo(store);
    store.put_draft(&world.draft(&account, std::slice::from_ref(&photo))).unwrap();
    assert_eq!(store.remove_photo(&photo.id), failed("photo_named"));
    assert_eq!(store.photo(&photo.id, Rendition::Upload).unwrap(), b"upload");
}

fn an_unnamed_photo_is_removed(world: &mut World, store: &mut dyn Store) {
    let account = world.account(store);
    let photo = world.photo(store);
    let mut draft = world.draft(&account, std::slice::from_ref(&photo));
    store.put_draft(&draft).unwrap();
    draft.photos.clear();
    store.put_draft(&draft).unwrap();
    store.remove_photo(&photo.id).unwrap();
    assert_eq!(store.photo(&photo.id, Rendition::Upload), Err(StoreFault::Absent));
    assert_eq!(store.remove_photo(&photo.id), Err(StoreFault::Absent));
}

fn a_sweep_leaves_named_photos_alone(world: &mut World, store: &mut dyn Store) {
    let account = world.account(store);
    let photos: Vec<_> = (0..4).map(|_| world.photo(store)).collect();
    store.put_draft(&world.draft(&account, &photos[..1])).unwrap();
    let record = world.record(&account);
    seal(store, &record, &[sealed(1, &photos[1..2])], &queued()).unwrap();
    assert_eq!(store.sweep_photos(&[photos[2].id.clone()]).unwrap(), 1);
    for kept in &photos[..3] {
        assert_eq!(store.photo(&kept.id, Rendition::Upload).unwrap(), b"upload");
    }
    assert_eq!(store.photo(&photos[3].id, Rendition::Upload), Err(StoreFault::Absent));
    assert_eq!(store.sweep_photos(&[photos[2].id.clone()]).unwrap(), 0);
}

fn a_sealing_stores_everything_and_takes_the_draft(world: &mut World, store: &mut dyn Store) {
    let account = world.account(store);
    let (kept, dropped) = (world.photo(store), world.photo(store));
    let draft = world.draft(&account, &[kept.clone(), dropped.clone()]);
    store.put_draft(&draft).unwrap();
    let record = world.record(&account);
    let log = [sealed(1, std::slice::from_ref(&kept)), started(2)];
    let (details, national, index) = (details(), national(), sending());
    store
        .seal(&Sealing {
            photos: &[],
            draft: Some(&draft.id),
            record: &record,
            details: &details,
            national: &national,
            log: &log,
            index: &index,
        })
        .unwrap();
    let stored = store.submissions().unwrap();
    assert_eq!(stored.len(), 1);
    assert_eq!(stored[0].record, record);
    assert_eq!(stored[0].index, index);
    assert_eq!(stored[0].log.as_deref(), Ok(log.as_slice()));
    assert_eq!(store.details(&record.id).unwrap(), details);
    assert_eq!(store.national(&record.id).unwrap(), national);
    assert_eq!(store.drafts().unwrap(), []);
    assert_eq!(store.photo(&kept.id, Rendition::Upload).unwrap(), b"upload");
    assert_eq!(store.photo(&dropped.id, Rendition::Upload), Err(StoreFault::Absent));
}

fn new_photo(world: &mut World, upload: &[u8]) -> NewPhoto {
    let renditions = vec![
        (Rendition::Evidence, [b"evidence of ", upload].concat()),
        (Rendition::Upload, upload.to_vec()),
    ];
    NewPhoto { id: PhotoId::draw(&mut world.chance), renditions }
}

fn seal_with(
    store: &mut dyn Store,
    record: &SubmissionRecord,
    photos: &[NewPhoto],
) -> Result<(), StoreFault> {
    let (details, national, index) = (details(), national(), queued());
    store.seal(&Sealing {
        photos,
        draft: None,
        record,
        details: &details,
        national: &national,
        log: &[sealed(1, &[])],
        index: &index,
    })
}

fn a_sealing_brings_its_photos(world: &mut World, store: &mut dyn Store) {
    let account = world.account(store);
    let photos = [new_photo(world, b"front"), new_photo(world, b"back")];
    seal_with(store, &world.record(&account), &photos).unwrap();
    for (photo, upload) in photos.iter().zip([&b"front"[..], b"back"]) {
        assert_eq!(store.photo(&photo.id, Rendition::Upload).unwrap(), upload);
        let evidence = store.photo(&photo.id, Rendition::Evidence).unwrap();
        assert_eq!(evidence, [b"evidence of ", upload].concat());
    }
}

fn a_refused_sealing_keeps_none_of_its_photos(world: &mut World, store: &mut dyn Store) {
    let account = world.account(store);
    let record = world.record(&account);
    seal(store, &record, &[sealed(1, &[])], &queued()).unwrap();
    let photos = [new_photo(world, b"front")];
    assert_eq!(seal_with(store, &record, &photos), failed("sealed_twice"));
    assert_eq!(store.photo(&photos[0].id, Rendition::Upload), Err(StoreFault::Absent));
    assert_eq!(store.sweep_photos(&[]).unwrap(), 0);
}

fn a_new_photo_that_is_there_stays_as_it_is(world: &mut World, store: &mut dyn Store) {
    let photo = new_photo(world, b"front");
    store.put_photos(std::slice::from_ref(&photo)).unwrap();
    let mut other = new_photo(world, b"back");
    other.id = photo.id.clone();
    assert_eq!(store.put_photos(&[new_photo(world, b"side"), other]), failed("photo_twice"));
    assert_eq!(store.photo(&photo.id, Rendition::Upload).unwrap(), b"front");
    assert_eq!(store.sweep_photos(&[]).unwrap(), 1);
}

fn a_sealing_with_an_unknown_draft_keeps_nothing(world: &mut World, store: &mut dyn Store) {
    let account = world.account(store);
    let record = world.record(&account);
    let (answers, index) = (Answers::default(), queued());
    let sealing = Sealing {
        photos: &[],
        draft: Some(&DraftId::draw(&mut world.chance)),
        record: &record,
        details: &answers,
        national: &answers,
        log: &[sealed(1, &[])],
        index: &index,
    };
    assert_eq!(store.seal(&sealing), Err(StoreFault::Absent));
    assert_eq!(store.submissions().unwrap(), []);
    assert_eq!(store.details(&record.id), Err(StoreFault::Absent));
}

fn a_sealing_for_an_unknown_account_keeps_nothing(world: &mut World, store: &mut dyn Store) {
    let connection = world.connection(store);
    let account = world.account_of(&connection);
    let record = world.record(&account);
    let refused = seal(store, &record, &[sealed(1, &[])], &queued());
    assert_eq!(refused, Err(StoreFault::Absent));
    assert_eq!(store.submissions().unwrap(), []);
}

fn a_submission_is_sealed_once(world: &mut World, store: &mut dyn Store) {
    let account = world.account(store);
    let record = world.record(&account);
    seal(store, &record, &[sealed(1, &[])], &queued()).unwrap();
    let again = seal(store, &record, &[sealed(1, &[])], &queued());
    assert_eq!(again, failed("sealed_twice"));
    assert_eq!(store.submissions().unwrap().len(), 1);
}

fn a_log_grows_entry_by_entry(world: &mut World, store: &mut dyn Store) {
    let account = world.account(store);
    let id = world.submission(store, &account);
    store.append(&id, &started(2), &sending()).unwrap();
    store.append(&id, &recorded(3, Event::Restarted), &queued()).unwrap();
    let stored = store.submissions().unwrap();
    let expected = [sealed(1, &[]), started(2), recorded(3, Event::Restarted)];
    assert_eq!(stored[0].log.as_deref(), Ok(expected.as_slice()));
    assert_eq!(stored[0].index, queued());
}

fn an_entry_out_of_order_is_refused(world: &mut World, store: &mut dyn Store) {
    let account = world.account(store);
    let id = world.submission(store, &account);
    for seq in [0, 1, 3] {
        assert_eq!(store.append(&id, &started(seq), &sending()), failed("log_order"));
    }
    let record = world.record(&account);
    assert_eq!(seal(store, &record, &[sealed(2, &[])], &queued()), failed("log_order"));
    let stored = store.submissions().unwrap();
    assert_eq!(stored.len(), 1);
    assert_eq!(stored[0].index, queued());
    assert_eq!(stored[0].log.as_deref(), Ok([sealed(1, &[])].as_slice()));
}

fn a_second_open_step_of_an_account_is_refused(world: &mut World, store: &mut dyn Store) {
    let account = world.account(store);
    let (first, second) = (world.submission(store, &account), world.submission(store, &account));
    store.append(&first, &started(2), &sending()).unwrap();
    assert_eq!(store.append(&second, &started(2), &sending()), Err(StoreFault::StepOpen));
    let stored = store.submissions().unwrap();
    assert_eq!(stored[1].index, queued());
    assert_eq!(stored[1].log.as_ref().unwrap().len(), 1);
}

fn a_step_may_open_once_the_other_is_closed(world: &mut World, store: &mut dyn Store) {
    let account = world.account(store);
    let (first, second) = (world.submission(store, &account), world.submission(store, &account));
    store.append(&first, &started(2), &sending()).unwrap();
    store.append(&first, &started(3), &sending()).unwrap();
    store.append(&first, &recorded(4, Event::Withdrawn), &queued()).unwrap();
    store.append(&second, &started(2), &sending()).unwrap();
    assert_eq!(store.submissions().unwrap()[1].index, sending());
}

fn accounts_open_steps_independently(world: &mut World, store: &mut dyn Store) {
    for _ in 0..3 {
        let account = world.account(store);
        let id = world.submission(store, &account);
        store.append(&id, &started(2), &sending()).unwrap();
    }
    assert!(store.submissions().unwrap().iter().all(|s| s.index == sending()));
}

fn a_sealing_with_an_open_step_counts(world: &mut World, store: &mut dyn Store) {
    let account = world.account(store);
    let first = world.record(&account);
    seal(store, &first, &[sealed(1, &[])], &sending()).unwrap();
    let second = world.record(&account);
    let refused = seal(store, &second, &[sealed(1, &[])], &sending());
    assert_eq!(refused, Err(StoreFault::StepOpen));
    assert_eq!(store.submissions().unwrap().len(), 1);
}

fn answers_are_replaced_by_a_correction(world: &mut World, store: &mut dyn Store) {
    let account = world.account(store);
    let id = world.submission(store, &account);
    let mended: Answers = [("owner.name.first", "Zehra")].into_iter().collect();
    mend(store, (&id, 2), &mended, &national()).unwrap();
    mend(store, (&id, 3), &mended, &Answers::default()).unwrap();
    let again = mend(store, (&id, 3), &details(), &national());
    assert!(matches!(again, Err(StoreFault::Failed(_))), "its place in the log is taken");
    let log = store.submissions().unwrap()[0].log.clone().unwrap();
    assert_eq!(log.len(), 3, "the correction stands in the log");
    assert_eq!(store.details(&id).unwrap(), mended);
    assert_eq!(store.national(&id).unwrap(), Answers::default());
}

fn tombstone() -> Tombstone {
    let (state, operator) = ("verified".to_owned(), "ada".to_owned());
    Tombstone { state, since_ms: Some(1), forgotten_ms: 2, operator }
}

fn a_purge_forgets_all_but_the_tombstone(world: &mut World, store: &mut dyn Store) {
    let account = world.account(store);
    let photo = world.photo(store);
    let record = world.record(&account);
    let log = [sealed(1, std::slice::from_ref(&photo))];
    seal(store, &record, &log, &queued()).unwrap();
    let purged = SubmissionIndex { state: "purged".into(), open_step: None };
    let as_entry = store.append(&record.id, &recorded(2, Event::Purged), &purged);
    assert!(matches!(as_entry, Err(StoreFault::Failed(_))), "a purge is more than an entry");
    store.purge(&record.id, &tombstone()).unwrap();
    assert_eq!(store.details(&record.id), Err(StoreFault::Absent));
    assert_eq!(store.national(&record.id), Err(StoreFault::Absent));
    assert_eq!(store.photo(&photo.id, Rendition::Upload), Err(StoreFault::Absent));
    let mended = mend(store, (&record.id, 2), &details(), &national());
    assert_eq!(mended, Err(StoreFault::Absent));
    assert_eq!(store.append(&record.id, &started(2), &sending()), Err(StoreFault::Absent));
    let stored = store.submissions().unwrap().remove(0);
    assert_eq!(stored.log, Ok(Vec::new()));
    assert_eq!(stored.index, purged);
    assert_eq!(stored.record, SubmissionRecord { tombstone: Some(tombstone()), ..record });
}

fn forgotten_photos_go_with_the_entry_that_says_so(world: &mut World, store: &mut dyn Store) {
    let account = world.account(store);
    let photo = world.photo(store);
    let record = world.record(&account);
    let log = [sealed(1, std::slice::from_ref(&photo))];
    seal(store, &record, &log, &queued()).unwrap();
    store.append(&record.id, &recorded(2, Event::PhotosForgotten), &queued()).unwrap();
    assert_eq!(store.photo(&photo.id, Rendition::Upload), Err(StoreFault::Absent));
    assert_eq!(store.details(&record.id).unwrap(), details());
    assert_eq!(store.submissions().unwrap().remove(0).log.unwrap().len(), 2);
}

fn an_account_that_is_forgotten_and_comes_back_is_one_account(
    world: &mut World,
    store: &mut dyn Store,
) {
    let account = world.account(store);
    let forgotten = account.forgotten(7);
    for kept in [&forgotten, &account, &forgotten] {
        store.put_accounts(std::slice::from_ref(kept)).unwrap();
        assert_eq!(store.accounts().unwrap(), std::slice::from_ref(kept));
    }
}

fn replaced_photos_stay_with_the_submission(world: &mut World, store: &mut dyn Store) {
    let account = world.account(store);
    let (old, new, added) = (world.photo(store), world.photo(store), world.photo(store));
    let record = world.record(&account);
    let log = [sealed(1, std::slice::from_ref(&old))];
    seal(store, &record, &log, &queued()).unwrap();
    let correction = Correction::Photo { old: old.id.clone(), new: Box::new(new.clone()) };
    store.append(&record.id, &recorded(2, Event::Corrected { correction }), &queued()).unwrap();
    let photos = vec![added.clone()];
    store.append(&record.id, &recorded(3, Event::PhotosAdded { photos }), &queued()).unwrap();
    assert_eq!(store.sweep_photos(&[]).unwrap(), 0);
    for photo in [old, new, added] {
        assert_eq!(store.photo(&photo.id, Rendition::Evidence).unwrap(), b"evidence");
    }
}

fn the_time_of_asking_is_kept(world: &mut World, store: &mut dyn Store) {
    let account = world.account(store);
    let id = world.submission(store, &account);
    assert_eq!(store.asked_ms(&id).unwrap(), None);
    store.note_asked(&id, 1_700_000_000_007).unwrap();
    store.note_asked(&id, 1_700_000_000_008).unwrap();
    assert_eq!(store.asked_ms(&id).unwrap(), Some(1_700_000_000_008));
}

fn what_is_not_there_is_absent(world: &mut World, store: &mut dyn Store) {
    let id = SubmissionId::draw(&mut world.chance);
    assert_eq!(store.append(&id, &started(1), &sending()), Err(StoreFault::Absent));
    assert_eq!(store.note_asked(&id, 1), Err(StoreFault::Absent));
    assert_eq!(store.asked_ms(&id), Err(StoreFault::Absent));
    assert_eq!(store.details(&id), Err(StoreFault::Absent));
    assert_eq!(store.national(&id), Err(StoreFault::Absent));
    assert_eq!(mend(store, (&id, 2), &details(), &national()), Err(StoreFault::Absent));
    let photo = PhotoId::draw(&mut world.chance);
    assert_eq!(store.photo(&photo, Rendition::Upload), Err(StoreFault::Absent));
    assert_eq!(store.remove_photo(&photo), Err(StoreFault::Absent));
    let draft = DraftId::draw(&mut world.chance);
    assert_eq!(store.remove_draft(&draft), Err(StoreFault::Absent));
}

fn settings_are_kept_and_replaced(_: &mut World, store: &mut dyn Store) {
    store.put_setting("theme", "dark").unwrap();
    store.put_setting("language", "en").unwrap();
    store.put_setting("theme", "light").unwrap();
    assert_eq!(store.setting("theme").unwrap().as_deref(), Some("light"));
    assert_eq!(store.setting("language").unwrap().as_deref(), Some("en"));
    assert_eq!(store.setting("operator").unwrap(), None);
}

fn bytes_on_disk_grow_with_photos(world: &mut World, store: &mut dyn Store) {
    let before = store.bytes_on_disk().unwrap();
    let id = PhotoId::draw(&mut world.chance);
    store.put_photo(&id, &[(Rendition::Upload, &[9; 400_000])]).unwrap();
    assert!(store.bytes_on_disk().unwrap() >= before + 400_000);
}
