//! The device: the program starts, stops, takes turns, and people sit before it.

use satchel_app::api::{ApiError, CorrectionRequest};
use satchel_app::rehearsal::{Lighter, Rehearsal};
use satchel_core::delivery::{Correction, EngineEvent, Event, Recorded, Submission};
use satchel_core::ids::{AccountId, SubmissionId};
use satchel_core::photo::Rendition;
use satchel_core::provider::Capabilities;
use satchel_core::store::{Sealing, SubmissionRecord};

use crate::disk::{Broken, Provider};
use crate::http::canary;
use crate::keep::Kind;
use crate::people::{self, Act, Folder};
use crate::time::{MINUTE, SECOND};
use crate::world::{Happening, World, refusal_name, refusal_of};

impl World {
    /// The program starts: everything is read back, and only then does anything go.
    pub fn start(&mut self, reboot: bool, restored: bool) -> Result<(), Broken> {
        if reboot {
            self.clock.reboot(self.now - 20 * SECOND);
        }
        let copy = if restored { self.copy.take() } else { None };
        let put_back = copy.is_some();
        self.trace.note(self.now, "start", usize::from(reboot), || format!("copy: {put_back}"));
        let mut disk = self.port.disk();
        disk.revive(copy, reboot);
        if put_back {
            self.judge.puts_back();
            disk.takes_for_granted()?;
            Rehearsal::mark_restored(disk.store()).unwrap();
        } else {
            disk.is_as_acknowledged()?;
        }
        disk.let_power_fail(!self.calm());
        drop(disk);
        let (port, seed) = (self.port.clone(), self.dice.seed());
        let opened = Rehearsal::open(Box::new(port), seed, self.clock.at(self.now));
        if self.port.disk().is_dead {
            self.crash(true);
            return Ok(());
        }
        match opened {
            Ok(device) => self.device = Some(device),
            // Whoever sees that it does not open tries again.
            Err(error) => {
                self.says_nothing(&error)?;
                self.plan(30 * SECOND, Happening::Start { reboot: false, restored: false });
                return Ok(());
            }
        }
        self.stalled = false;
        self.turn()?;
        self.seal_what_is_missing()
    }

    /// A person hands in what is not sealed yet: at first everything, later what a crash undid.
    fn seal_what_is_missing(&mut self) -> Result<(), Broken> {
        for (account, owner) in self.accounts.clone() {
            let disk = self.port.disk();
            let there = disk.rows.iter().any(|row| row.stands.account() == &account);
            drop(disk);
            if there || self.device.is_none() {
                continue;
            }
            let photos = people::photos(owner.provider, &mut self.persons);
            if owner.provider == Provider::WePay && self.persons.percent(8) {
                let id = photos[0].id.to_string();
                self.wepay[owner.account].too_large = Some(id);
            }
            let answers = people::answers(owner.provider);
            let folder = Folder { account, continues: None, answers, photos };
            self.hand_in(folder)?;
            self.turn()?;
        }
        Ok(())
    }

    fn hand_in(&mut self, folder: Folder) -> Result<(), Broken> {
        let now = self.clock.at(self.now);
        let Some(device) = &mut self.device else { return Ok(()) };
        for photo in &folder.photos {
            if device.keep_photo(&photo.id, photo.id.as_str().as_bytes()).is_err() {
                return Ok(());
            }
        }
        let draft = people::draft(folder, now.wall_ms, &mut self.persons);
        match device.seal(draft, now) {
            Ok(()) => Ok(()),
            Err(error) => self.says_nothing(&error),
        }
    }

    /// A second submission of the first account that came from another device.
    pub fn import(&mut self) {
        let Some((account, owner)) = self.accounts.first().cloned() else { return };
        if owner.provider != Provider::WePay {
            return;
        }
        let photos = people::photos(owner.provider, &mut self.persons);
        let at = self.clock.at(self.now);
        let folder =
            Folder { account, continues: None, answers: people::answers(owner.provider), photos };
        let draft = people::draft(folder, at.wall_ms, &mut self.persons);
        let mut disk = self.port.disk();
        let photos: Vec<_> = draft.photos.iter().map(|photo| photo.photo.clone()).collect();
        for photo in &photos {
            let bytes = photo.id.as_str().as_bytes();
            disk.store().put_photo(&photo.id, &[(Rendition::Upload, bytes)]).unwrap();
        }
        let capabilities = Capabilities {
            photos_on_request: true,
            draft_then_authorize: true,
            reason_per_document: true,
            overwrites: false,
            set_resent_whole: false,
        };
        let event = Event::Sealed { photos, capabilities };
        let log = [Recorded { seq: 1, at, operator: String::new(), event }];
        let record = SubmissionRecord {
            id: SubmissionId::parse(draft.id.as_str()).unwrap(),
            account: draft.account.clone(),
            who: people::WHO,
            consent: draft.consent.clone().unwrap(),
            language: "en".to_owned(),
            sealed_ms: at.wall_ms,
            tombstone: None,
        };
        drop(disk);
        let stands = Submission::replay(record.id.clone(), record.account.clone(), &log).unwrap();
        let (national, details) = draft.answers.split(|path| path == "owner.us.ssn");
        let index = stands.index();
        let sealing = Sealing {
            photos: &[],
            draft: None,
            record: &record,
            details: &details,
            national: &national,
            log: &log,
            index: &index,
        };
        satchel_core::store::Store::seal(&mut self.port, &sealing).unwrap();
    }

    /// One turn of the program's loop, and what follows from it.
    pub fn turn(&mut self) -> Result<(), Broken> {
        loop {
            let now = self.clock.at(self.now);
            let Some(device) = &mut self.device else { return Ok(()) };
            let turn = device.turn(now);
            let stalled = device.is_stalled();
            self.wake_boot = turn.wake_at;
            if let Some(changed) = &turn.changed
                && let Some(canary) = canary(&format!("{changed:?}"))
            {
                return Err(format!("{canary} in an event for the windows"));
            }
            if self.died()? {
                return Ok(());
            }
            self.check()?;
            self.notes_stall(stalled);
            let lightens = !turn.lighter.is_empty();
            for lighter in turn.lighter {
                self.lightens(lighter)?;
            }
            if turn.departures.is_empty() && !lightens {
                return Ok(());
            }
            self.wakes = 0;
            for departure in turn.departures {
                self.send(departure)?;
            }
        }
    }

    /// Photos are made smaller; those of this world are as small as they get.
    fn lightens(&mut self, lighter: Lighter) -> Result<(), Broken> {
        self.tally.count("events", "photos made smaller");
        let n = self.port.disk().row(lighter.submission());
        n.into_iter().for_each(|n| self.judge.lightens(n));
        let now = self.clock.at(self.now);
        if let Some(device) = &mut self.device {
            device.lighten(lighter, now);
        }
        self.died().map(drop)
    }

    /// Whether the power failed during what the program just did.
    pub fn died(&mut self) -> Result<bool, Broken> {
        let mut disk = self.port.disk();
        if let Some(broken) = disk.broken.take() {
            return Err(broken);
        }
        let dead = disk.is_dead;
        drop(disk);
        if dead {
            self.check()?;
            self.crash(true);
        }
        Ok(dead)
    }

    /// When the store refuses, the program drops its engine and begins again later.
    fn notes_stall(&mut self, stalled: bool) {
        if stalled && !self.stalled {
            self.tally.count("events", "engine begins again");
            let disk = self.port.disk();
            self.judge.stops(&disk.rows, self.now);
            self.out.values_mut().for_each(|out| out.orphan = true);
        }
        self.stalled = stalled;
    }

    /// Nothing of a person may stand in what a window or a log is told.
    fn says_nothing(&self, error: &ApiError) -> Result<(), Broken> {
        match canary(&format!("{error:?}")) {
            Some(canary) => Err(format!("{canary} in an error: {}", error.code)),
            None => Ok(()),
        }
    }

    /// The program or the machine stops, wherever it is.
    pub fn crash(&mut self, by_power: bool) {
        if self.device.is_none() && !by_power {
            return;
        }
        self.device = None;
        self.wake_boot = None;
        self.out.clear();
        let mut disk = self.port.disk();
        disk.dies();
        if !by_power {
            disk.hits_everybody();
        }
        self.judge.stops(&disk.rows, self.now);
        drop(disk);
        let reboot = self.dice.percent(35);
        let name = match (by_power, reboot) {
            (true, true) => "crash at a write, and reboot",
            (true, false) => "crash at a write",
            (false, true) => "crash between, and reboot",
            (false, false) => "crash between",
        };
        self.tally.count("events", name);
        self.trace.note(self.now, name, 0, String::new);
        let longest = if reboot { 20 * MINUTE } else { 5 * MINUTE };
        let after = self.dice.between(25 * SECOND, longest);
        self.plan(after, Happening::Start { reboot, restored: false });
    }

    /// A copy of the store as it was is put in its place.
    pub fn restore(&mut self) {
        if self.device.is_none() || self.copy.is_none() {
            return;
        }
        self.tally.count("events", "restore of a copy");
        self.crash(false);
        let starts = |what: &Happening| matches!(what, Happening::Start { .. });
        self.queue.retain(|_, what| !starts(what));
        self.plan(MINUTE, Happening::Start { reboot: false, restored: true });
    }

    pub fn look(&mut self) -> Result<(), Broken> {
        let rows = self.port.disk().rows.len();
        for n in 0..rows {
            if self.persons.percent(40) || self.device.is_none() {
                continue;
            }
            let disk = self.port.disk();
            let row = &disk.rows[n];
            let version = disk.versions.get(&n).copied().unwrap_or(1);
            let (provider, id) = (row.owner.provider, row.id.clone());
            let account = row.stands.account().clone();
            let act = people::act(&row.stands, provider, version, &mut self.persons);
            let met = self.faults[provider as usize] > 0 && disk.has_crashed(provider);
            drop(disk);
            // What is taken back is left alone from then on, so it must have met something before.
            let act = act.filter(|act| met || !matches!(act, Act::Event(Event::Withdrawn)));
            if let Some(act) = act {
                self.act(n, id, account, act)?;
                self.turn()?;
            }
        }
        self.fidget()
    }

    fn act(
        &mut self,
        n: usize,
        id: SubmissionId,
        account: AccountId,
        act: Act,
    ) -> Result<(), Broken> {
        let now = self.clock.at(self.now);
        let Some(device) = &mut self.device else { return Ok(()) };
        let (name, done) = match act {
            Act::Event(event) => (event_name(&event), device.person(&id, event, now)),
            Act::Correct(kind, answers) => {
                let submission = id.to_string();
                let request = CorrectionRequest { submission, kind: kind.to_owned(), answers };
                (kind, device.correct(&request, now))
            }
            Act::Exchange { old, new } => {
                let kept = device.keep_photo(&new.id, new.id.as_str().as_bytes());
                let correction = Correction::Photo { old, new };
                let event = Event::Corrected { correction };
                ("exchange", kept.and_then(|()| device.person(&id, event, now)))
            }
            Act::Retake(photos) => {
                let answers = people::answers(Provider::WePay);
                let folder = Folder { account, continues: Some(id), answers, photos };
                self.trace.note(self.now, "retake", n, String::new);
                self.judge.person(n);
                let photos = |world: &Self| world.port.disk().rows[n].stands.photos().len();
                let before = photos(self);
                self.hand_in(folder)?;
                // The store may have refused them: the old set is still the one made smaller.
                if photos(self) > before {
                    self.judge.retakes(n);
                }
                return Ok(());
            }
        };
        self.judge.person(n);
        let is_done = done.is_ok();
        self.trace.note(self.now, name, n, || format!("person: {is_done}"));
        self.tally.count("people", if is_done { "acted" } else { "not possible now" });
        match done {
            Ok(()) => Ok(()),
            Err(error) => self.says_nothing(&error),
        }
    }

    fn fidget(&mut self) -> Result<(), Broken> {
        let mut fidget = people::fidget(&mut self.persons);
        let rows = self.port.disk().rows.len() as u64;
        if self.persons.percent(20) {
            let n = self.persons.below(rows + 1) as usize;
            let watched = self.port.disk().rows.get(n).map(|row| row.id.clone());
            fidget = Some(EngineEvent::Watch(watched));
        }
        if self.persons.percent(60) {
            return self.repair();
        }
        let now = self.clock.at(self.now);
        if let (Some(device), Some(event)) = (&mut self.device, fidget) {
            device.tell(event, now);
        }
        self.turn()
    }

    /// Holds what the engine believes against the disk, and both against the providers.
    pub fn check(&mut self) -> Result<(), Broken> {
        let mut touched = std::mem::take(&mut self.port.disk().touched);
        touched.sort_unstable();
        touched.dedup();
        for n in touched {
            self.wakes = 0;
            let disk = self.port.disk();
            let row = &disk.rows[n];
            let stands = &row.stands;
            let believed = self.device.as_ref().and_then(|device| device.submission(&row.id));
            let alive = !disk.is_dead && !disk.refuses;
            if believed.is_some_and(|believed| believed != stands) && alive && !self.stalled {
                return Err(format!("#{n}: the engine believes something else than the log says"));
            }
            let code = stands.state().code();
            self.tally.count("states reached", code);
            if let Some(refusal) = refusal_of(stands.state()) {
                self.tally.count("refusals", refusal_name(refusal));
            }
            self.trace.note(self.now, code, n, || format!("{:?}", stands.state()));
            drop(disk);
            self.check_against_provider(n)?;
        }
        Ok(())
    }

    /// Whether a fault of this provider is due that has not come yet.
    pub fn owes_fault(&self, provider: Provider) -> bool {
        self.faults[provider as usize] == 0 && self.half_over()
    }

    /// Whether so much time has passed that what must happen is made to.
    pub fn half_over(&self) -> bool {
        self.now > (self.faults_until + crate::time::HOUR) / 2
    }

    /// Whether the next fault happens, so far as shrinking left it.
    pub fn fault_happens(&mut self, provider: Provider) -> bool {
        let at = provider as usize;
        let forced = self.requests[at] == self.forced_fault[at] || self.owes_fault(provider);
        let bad = self.weather.is_bad(&mut self.net);
        if self.calm() || !(forced || bad) {
            return false;
        }
        let happens = self.port.disk().ledger.next(Kind::Fault);
        self.faults[at] += u64::from(happens);
        happens
    }
}

fn event_name(event: &Event) -> &'static str {
    match event {
        Event::Released => "release",
        Event::Withdrawn => "take back",
        Event::Sealed { .. }
        | Event::AttemptStarted { .. }
        | Event::Answered { .. }
        | Event::Restarted
        | Event::Restored
        | Event::StatusSeen { .. }
        | Event::PhotosAdded { .. }
        | Event::PhotoLightened { .. }
        | Event::Corrected { .. }
        | Event::Revealed
        | Event::Exported { .. }
        | Event::PhotosForgotten
        | Event::Purged => "other",
    }
}
