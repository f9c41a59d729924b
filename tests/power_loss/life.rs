//! One life of a device: a person fills drafts, the app delivers them, papers are retaken, one
//! submission is purged. It goes on from wherever the power went.

use std::sync::{Arc, Mutex};

use satchel_app::rehearsal::{Departure, Rehearsal};
use satchel_core::chance::Chance;
use satchel_core::clock::{Moment, UnixMs};
use satchel_core::delivery::{Event, Submission, SubmissionState};
use satchel_core::ids::{PhotoId, SubmissionId};
use satchel_core::onboarding::{Answers, Draft};
use satchel_core::store::{Store, Stored};
use satchel_vault::disk::Disk;
use satchel_vault::{Cost, CreateOptions, Vault};

use crate::evidence::{Applicant, OPERATOR, connections, consent, draft, photo};
use crate::providers::{Providers, WePayState, WinterState};
use crate::watched::{Acknowledged, Notes, Watched};
use crate::{Broken, seed_of};

pub const WORDS: &str = "correct horse battery staple";
pub const OPTIONS: CreateOptions = CreateOptions { cost: Cost::for_tests() };

const EPOCH: UnixMs = 1_800_000_000_000;
const SECOND: i64 = 1_000;
const HOUR: i64 = 3_600 * SECOND;
/// How long a request or an answer is on its way.
const WAY: i64 = 150;
/// Turns after which the person locks and unlocks, while a life is noted.
const TURNS_UNTIL_LOCK: usize = 25;
/// Everything has come to its end by then.
const LONGEST: i64 = 6 * HOUR;

/// What makes a store that must not pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// The database does not ask for syncs.
    NoSync,
    /// The drive says that it flushed, and did not.
    LyingDrive,
}

/// How the world stood after so many syncs.
#[derive(Clone)]
pub struct Course {
    pub syncs: usize,
    pub providers: Providers,
    pub now: UnixMs,
}

pub struct Life {
    pub disk: Disk,
    pub providers: Providers,
    /// How the world stood, each time that it changed.
    pub course: Vec<Course>,
    /// Syncs between which the vault was open.
    pub open: Vec<(usize, usize)>,
    /// How often the store refused what a person did.
    pub refused: usize,
    notes: Arc<Mutex<Notes>>,
    chance: Chance,
    flaw: Option<Flaw>,
    forgives: bool,
    now: UnixMs,
    booted: UnixMs,
    boot: u64,
}

impl Life {
    /// Lives once, without a loss, and notes all that was acknowledged.
    pub fn noted(seed: u64, flaw: Option<Flaw>) -> Result<(Self, Vec<Acknowledged>), Broken> {
        let mut life = Self::new(Disk::new(), Providers::default(), EPOCH, seed);
        life.flaw = flaw;
        life.notes.lock().unwrap().acknowledged = Some(Vec::new());
        life.run()?;
        let acknowledged = life.notes.lock().unwrap().acknowledged.take();
        Ok((life, acknowledged.unwrap_or_default()))
    }

    /// Goes on after a minute without power.
    pub fn after(disk: Disk, course: &Course, seed: u64) -> Self {
        let mut life = Self::new(disk, course.providers.clone(), course.now + 60 * SECOND, seed);
        life.boot = 2;
        life
    }

    /// A life on a disk that fails and is mended once somebody is told.
    pub fn on_a_bad_disk(seed: u64) -> Self {
        let mut life = Self::new(Disk::new(), Providers::default(), EPOCH, seed);
        life.forgives = true;
        life
    }

    fn new(disk: Disk, providers: Providers, now: UnixMs, seed: u64) -> Self {
        Self {
            disk,
            providers,
            course: Vec::new(),
            open: Vec::new(),
            refused: 0,
            notes: Arc::default(),
            chance: Chance::from_seed(seed_of(seed)),
            flaw: None,
            forgives: false,
            now,
            booted: now - 20 * SECOND,
            boot: 1,
        }
    }

    fn moment(&self) -> Moment {
        let boot_ms = u64::try_from(self.now - self.booted).unwrap();
        Moment { wall_ms: self.now, boot_ms, boot: self.boot }
    }

    fn is_noted(&self) -> bool {
        self.notes.lock().unwrap().acknowledged.is_some()
    }

    /// Lives until nothing is left to do.
    pub fn run(&mut self) -> Result<(), Broken> {
        self.note_course();
        let until = self.now + LONGEST;
        let mut watched = self.unlock()?;
        while let Err(fault) = self.prepare(&mut watched) {
            self.forgive(fault.to_string())?;
        }
        self.lock(watched);
        loop {
            let watched = self.unlock()?;
            let mut drafts = watched.drafts().map_err(|e| e.to_string())?;
            let seed = seed_of(self.chance.below(u64::MAX));
            let mut session = match Rehearsal::open(Box::new(watched), seed, self.moment()) {
                Ok(session) => session,
                Err(fault) => {
                    self.forgive(format!("the session does not open: {fault:?}"))?;
                    continue;
                }
            };
            let ended = self.work(&mut session, &mut drafts, until)?;
            self.lock(session);
            if ended {
                return self.verdict();
            }
        }
    }

    fn unlock(&mut self) -> Result<Watched, Broken> {
        loop {
            match self.unlock_once() {
                Ok(watched) => return Ok(watched),
                Err(fault) => self.forgive(fault)?,
            }
        }
    }

    fn unlock_once(&mut self) -> Result<Watched, Broken> {
        let is_new = !Vault::exists_on(&self.disk);
        let vault = match is_new {
            true => Vault::create_on(&self.disk, WORDS, OPTIONS),
            false => Vault::open_on(&self.disk, WORDS),
        };
        let vault = vault.map_err(|e| format!("the vault does not open: {e}"))?;
        match self.flaw {
            Some(Flaw::NoSync) => vault.stop_syncing().map_err(|e| e.to_string())?,
            Some(Flaw::LyingDrive) => self.disk.ignore_flushes(true),
            None => {}
        }
        self.open.push((self.disk.syncs(), usize::MAX));
        Watched::new(vault, &self.disk, &self.notes)
    }

    fn lock<T>(&mut self, open: T) {
        self.open.last_mut().unwrap().1 = self.disk.syncs();
        drop(open);
    }

    /// On a disk that may fail, a refusal is told, the disk is mended, and it is tried again.
    fn forgive(&mut self, fault: Broken) -> Result<(), Broken> {
        if !self.forgives || self.refused > 3 {
            return Err(fault);
        }
        self.refused += 1;
        self.disk.mend();
        Ok(())
    }

    /// The person makes everything ready that is not ready yet.
    fn prepare(&mut self, store: &mut dyn Store) -> Stored<()> {
        if store.setting("operator")?.is_none() {
            store.put_setting("operator", OPERATOR)?;
        }
        let known = store.connections()?;
        for connection in connections() {
            if known.iter().all(|k| k.id != connection.id) {
                store.put_connection(&connection)?;
            }
        }
        let known = store.accounts()?;
        let mut missing: Vec<_> = Applicant::ALL.map(Applicant::account).into();
        missing.retain(|account| known.iter().all(|k| k.id != account.id));
        if !missing.is_empty() {
            store.put_accounts(&missing)?;
        }
        self.tidy(store)?;
        let submissions = store.submissions()?;
        for of in Applicant::SUBMITTED {
            if submissions.iter().all(|s| s.record.account != of.account_id()) {
                self.fill(store, of)?;
            }
        }
        Ok(())
    }

    fn draft_of(&mut self, store: &mut dyn Store, of: Applicant) -> Stored<Draft> {
        let there = store.drafts()?.into_iter().find(|d| d.account == of.account_id());
        if let Some(draft) = there {
            return Ok(draft);
        }
        let draft = draft(of, None, &mut self.chance);
        store.put_draft(&draft)?;
        Ok(draft)
    }

    fn fill(&mut self, store: &mut dyn Store, of: Applicant) -> Stored<()> {
        let mut draft = self.draft_of(store, of)?;
        if draft.answers == Answers::default() {
            draft.answers = of.answers();
            store.put_draft(&draft)?;
        }
        for paper in of.papers() {
            let is_paper = |kind: &str, side| kind == paper.0 && side == paper.1;
            let mut taken = draft.photos.iter().map(|p| &p.photo);
            if taken.any(|p| is_paper(p.document.code(), p.side)) {
                continue;
            }
            let taken = photo(paper, &mut self.chance);
            store.put_photo(&taken.photo.id, &[])?;
            draft.photos.push(taken);
            store.put_draft(&draft)?;
        }
        if draft.consent.is_none() {
            draft.consent = Some(consent());
            store.put_draft(&draft)?;
        }
        Ok(())
    }

    /// A photo is replaced, and then its draft is thrown away with what is in it.
    fn tidy(&mut self, store: &mut dyn Store) -> Stored<()> {
        if store.setting("tidied")?.is_some() {
            return Ok(());
        }
        let mut draft = self.draft_of(store, Applicant::Undecided)?;
        for paper in Applicant::Undecided.papers() {
            let taken = photo(paper, &mut self.chance);
            store.put_photo(&taken.photo.id, &[])?;
            let old = std::mem::replace(&mut draft.photos, vec![taken]);
            store.put_draft(&draft)?;
            for taken in old {
                store.remove_photo(&taken.photo.id)?;
            }
        }
        store.remove_draft(&draft.id)?;
        store.put_setting("tidied", "yes")
    }

    /// The app runs; whether everything has ended.
    fn work(
        &mut self,
        session: &mut Rehearsal,
        drafts: &mut Vec<Draft>,
        until: UnixMs,
    ) -> Result<bool, Broken> {
        let turns = if self.is_noted() { TURNS_UNTIL_LOCK } else { usize::MAX };
        for _ in 0..turns {
            let turn = session.turn(self.moment());
            let is_idle = turn.departures.is_empty();
            for departure in turn.departures {
                self.exchange(session, departure);
            }
            if let Some(second) = self.providers.second_effect() {
                return Err(second);
            }
            if session.is_stalled() {
                self.forgive("the store refuses".to_owned())?;
            }
            if !is_idle {
                continue;
            }
            match self.act(session, drafts) {
                Ok(true) => continue,
                Ok(false) => {}
                Err(fault) => {
                    self.forgive(fault)?;
                    continue;
                }
            }
            if self.has_ended(session) && drafts.is_empty() {
                return Ok(true);
            }
            let wake_at = turn.wake_at.ok_or("the app sleeps for ever")?;
            let boot_ms = self.moment().boot_ms;
            self.now += i64::try_from(wake_at.saturating_sub(boot_ms).max(1)).unwrap();
            if self.now > until {
                return Err(format!("no end: {:?}", self.states(session)));
            }
        }
        Ok(false)
    }

    fn exchange(&mut self, session: &mut Rehearsal, departure: Departure) {
        self.now += WAY;
        let answer = self.providers.answer(departure.step(), departure.request(), self.now);
        self.note_course();
        self.now += WAY;
        session.hear(departure, Ok(answer), self.moment());
    }

    fn note_course(&mut self) {
        let (syncs, providers) = (self.disk.syncs(), self.providers.clone());
        self.course.push(Course { syncs, providers, now: self.now });
    }

    fn submission_id(&self, of: Applicant) -> Option<SubmissionId> {
        self.notes.lock().unwrap().submissions.get(&of.account_id()).cloned()
    }

    /// What the person does now; whether there was something to do.
    fn act(&mut self, session: &mut Rehearsal, drafts: &mut Vec<Draft>) -> Result<bool, Broken> {
        for of in Applicant::SUBMITTED {
            let place = drafts.iter().position(|d| d.account == of.account_id());
            let Some(id) = self.submission_id(of) else {
                let place = place.ok_or("there is neither a draft nor a submission")?;
                self.seal(session, drafts[place].clone())?;
                drafts.remove(place);
                return Ok(true);
            };
            if session.is_forgotten(&id) {
                continue;
            }
            let submission = session.submission(&id).ok_or("the app does not know it")?.clone();
            if let Some(place) = place
                && (takes(&submission) || holds_all(&submission, &drafts[place]))
            {
                self.seal(session, drafts[place].clone())?;
                drafts.remove(place);
                return Ok(true);
            }
            if takes(&submission) {
                self.retake(session, of, id)?;
                return Ok(true);
            }
            let is_verified = matches!(submission.state(), SubmissionState::Verified { .. });
            if is_verified && of == Applicant::Winter {
                self.check_sides(&submission)?;
                let purged = session.person(&id, Event::Purged, self.moment());
                purged.map_err(|e| format!("it is not purged: {e:?}"))?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn seal(&self, session: &mut Rehearsal, draft: Draft) -> Result<(), Broken> {
        session.seal(draft, self.moment()).map_err(|e| format!("it is not sealed: {e:?}"))
    }

    fn retake(
        &mut self,
        session: &mut Rehearsal,
        of: Applicant,
        id: SubmissionId,
    ) -> Result<(), Broken> {
        let mut draft = draft(of, Some(id), &mut self.chance);
        for paper in of.papers() {
            let taken = photo(paper, &mut self.chance);
            let kept = session.keep_photo(&taken.photo.id, &[]);
            kept.map_err(|e| format!("the photo is not kept: {e:?}"))?;
            draft.photos.push(taken);
        }
        self.seal(session, draft)
    }

    /// What is called verified lies there as it was taken last.
    fn check_sides(&self, submission: &Submission) -> Result<(), Broken> {
        let there = &self.providers.winter.sides;
        match submission.current_photos().find(|p| there.values().all(|id| *id != p.record.id)) {
            Some(p) => Err(format!("verified, and {:?} is stale or missing", p.record.side)),
            None if self.providers.winter.details.is_none() => Err("verified, unnamed".to_owned()),
            None => Ok(()),
        }
    }

    fn states(&self, session: &Rehearsal) -> Vec<Option<SubmissionState>> {
        let of = |of| {
            let id = self.submission_id(of)?;
            if session.is_forgotten(&id) {
                return Some(SubmissionState::Purged);
            }
            Some(session.submission(&id)?.state().clone())
        };
        Applicant::SUBMITTED.map(of).into()
    }

    fn has_ended(&self, session: &Rehearsal) -> bool {
        let states = self.states(session);
        matches!(&states[0], Some(SubmissionState::Verified { .. }))
            && matches!(&states[1], Some(SubmissionState::Purged))
    }

    /// Each effect was there once, and is what was wanted.
    fn verdict(&self) -> Result<(), Broken> {
        let Providers { wepay, winter } = &self.providers;
        let once = wepay.authorized.len() == 1 && wepay.attached.len() == 2;
        let verified = wepay.state == WePayState::Verified && winter.state == WinterState::Ready;
        if once && verified {
            return Ok(());
        }
        let (authorized, sets) = (wepay.authorized.len(), wepay.attached.len());
        Err(format!("authorized {authorized} times, {sets} sets, {:?}", winter.state))
    }
}

/// Whether a person takes photos now.
fn takes(submission: &Submission) -> bool {
    match submission.state() {
        SubmissionState::NeedsDocuments { .. } => submission.pending_photos().count() == 0,
        SubmissionState::Failed { .. } => true,
        SubmissionState::Held
        | SubmissionState::Queued
        | SubmissionState::Sending { .. }
        | SubmissionState::Unconfirmed { .. }
        | SubmissionState::Awaiting { .. }
        | SubmissionState::Blocked { .. }
        | SubmissionState::Quarantined { .. }
        | SubmissionState::Verified { .. }
        | SubmissionState::Withdrawn
        | SubmissionState::Purged => false,
    }
}

/// Whether a draft that the power left behind has its photos in the submission already.
fn holds_all(submission: &Submission, draft: &Draft) -> bool {
    let there = |id: &PhotoId| submission.photos().iter().any(|p| p.record.id == *id);
    draft.photos.iter().all(|p| there(&p.photo.id))
}
