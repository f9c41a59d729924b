//! A store that refuses for a while: the loop rests, asks again, and goes on as soon as it may.

use std::sync::{Arc, Mutex};

use satchel_app::rehearsal::Rehearsal;
use satchel_core::chance::Chance;
use satchel_core::clock::Moment;
use satchel_core::delivery::Event;
use satchel_core::store::Store;
use satchel_vault::Vault;
use satchel_vault::disk::Disk;

use crate::evidence::{Applicant, OPERATOR, connections, consent, draft, photo};
use crate::life::{OPTIONS, WORDS};
use crate::seed_of;
use crate::watched::{Notes, Watched};

fn at(boot_ms: u64) -> Moment {
    Moment { wall_ms: 1_800_000_000_000 + i64::try_from(boot_ms).unwrap(), boot_ms, boot: 1 }
}

/// A session with one sealed submission, and the notes by which its store is told to refuse.
fn sealed() -> (Rehearsal, Arc<Mutex<Notes>>) {
    let (disk, notes) = (Disk::new(), Arc::default());
    let vault = Vault::create_on(&disk, WORDS, OPTIONS).unwrap();
    let mut store = Watched::new(vault, &disk, &notes).unwrap();
    store.put_setting("operator", OPERATOR).unwrap();
    connections().iter().for_each(|connection| store.put_connection(connection).unwrap());
    store.put_accounts(&[Applicant::WePay.account()]).unwrap();
    let mut chance = Chance::from_seed(seed_of(1));
    let mut draft = draft(Applicant::WePay, None, &mut chance);
    draft.answers = Applicant::WePay.answers();
    draft.consent = Some(consent());
    for paper in Applicant::WePay.papers() {
        let taken = photo(paper, &mut chance);
        store.put_photo(&taken.photo.id, &[]).unwrap();
        draft.photos.push(taken);
    }
    let mut session = Rehearsal::open(Box::new(store), seed_of(2), at(0)).unwrap();
    session.seal(draft, at(0)).unwrap();
    let notes_of = Arc::clone(&notes);
    (session, notes_of)
}

#[test]
fn a_store_that_still_refuses_is_asked_again_and_delivery_goes_on_once_it_does_not() {
    let (mut session, notes) = sealed();
    assert_eq!(session.turn(at(1)).departures.len(), 1, "the state is asked for");
    let id = session.only_submission().unwrap();
    notes.lock().unwrap().refuses = true;
    session.person(&id, Event::Withdrawn, at(2)).unwrap_err();
    assert!(session.is_stalled());

    let mut now = 2;
    for _ in 0..3 {
        let wake_at = session.turn(at(now)).wake_at.unwrap();
        assert!(wake_at > now, "it rests: {wake_at} at {now}");
        assert!(session.is_stalled(), "nothing is begun over a store that is half read");
        now = wake_at;
    }
    notes.lock().unwrap().refuses = false;
    let turn = session.turn(at(now));
    assert!(!session.is_stalled());
    assert_eq!(turn.departures.len(), 1, "what was sealed goes on; it was not taken back");
}
