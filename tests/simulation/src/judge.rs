//! The promises, checked after every step.

use std::collections::{BTreeMap, BTreeSet};

use satchel_core::clock::Moment;
use satchel_core::delivery::{PhotoSent, Refusal, Step, Submission, SubmissionState};
use satchel_core::photo::PhotoRecord;

use crate::class::Class;
use crate::disk::{Broken, Disk, Provider, Row};
use crate::time::{MINUTE, SECOND};
use crate::{wepay, winter};

/// How long after the last fault everything must rest.
pub const CALM: u64 = 120 * MINUTE;

/// Nothing is asked or sent sooner after a request was given up whose bytes may have left.
const QUIET: u64 = 120 * SECOND;

/// How recently the provider must have spoken before something with an effect begins.
const FRESH: u64 = 10 * SECOND;

/// Two requests of one connection a second, and so many at once after a rest.
const PACE: u64 = 500;
const BURST: u64 = 12;

/// Most requests of one connection in any ten seconds.
const WINDOW_STARTS: usize = 20;

/// Most requests of one connection that are out at a time.
const LANES: usize = 8;

/// Photos that take longer than that could be gone before they are attached; the rule says 20
/// minutes, and the forecast is not exact.
const WINDOW: u64 = 22 * MINUTE;

/// Least time without requests after the provider asked for it.
const THROTTLED: u64 = 10 * SECOND;

#[derive(Default)]
pub struct Judge {
    sent: BTreeMap<(usize, u32), ()>,
    lost: BTreeMap<usize, Lost>,
    refused: BTreeMap<usize, Step>,
    /// Whose answers are known to be at the provider.
    written: BTreeSet<usize>,
    /// Whose photos were made as small as they get.
    lightened: BTreeSet<usize>,
    /// How long the last photo took to be acknowledged.
    photo_ms: Option<u64>,
    /// A log was put back: the device cannot know what it once sent.
    pub put_back: bool,
    lines: [Line; 2],
}

/// A request whose bytes may have arrived.
struct Lost {
    step: Step,
    at: u64,
}

#[derive(Default)]
struct Line {
    starts: Vec<u64>,
    paced_until: u64,
    heard: Option<u64>,
    quiet_until: u64,
    out: usize,
}

/// A request that leaves.
pub struct Sending<'a> {
    pub n: usize,
    pub attempt: u32,
    pub step: &'a Step,
    pub now: u64,
    pub at: Moment,
}

/// An answer that is heard.
pub struct Hearing<'a> {
    pub n: usize,
    pub attempt: u32,
    pub step: &'a Step,
    pub class: Class,
    pub asked: u64,
    /// The device slept meanwhile: how long it took says nothing.
    pub slept: bool,
    pub wait: Option<u64>,
    pub now: u64,
}

impl Judge {
    pub fn puts_back(&mut self) {
        self.sent.clear();
        self.lost.clear();
        self.refused.clear();
        self.put_back = true;
    }

    /// The program stopped: what was out may have arrived.
    pub fn stops(&mut self, rows: &[Row], now: u64) {
        for line in &mut self.lines {
            *line = Line::default();
        }
        self.lightened.clear();
        self.photo_ms = None;
        for (n, row) in rows.iter().enumerate() {
            if let SubmissionState::Sending { step, .. } = row.stands.state() {
                self.lost.insert(n, Lost { step: step.clone(), at: now });
                // Its refusal was heard, and is not on disk.
                self.refused.remove(&n);
            }
        }
    }

    /// Photos were made smaller, as far as they can be.
    pub fn lightens(&mut self, n: usize) {
        self.lightened.insert(n);
    }

    /// New photos are as they were taken.
    pub fn retakes(&mut self, n: usize) {
        self.lightened.remove(&n);
    }

    /// A person acted on what was refused.
    pub fn person(&mut self, n: usize) {
        self.refused.remove(&n);
    }

    pub fn sends(&mut self, sending: &Sending<'_>, row: &Row) -> Result<(), Broken> {
        let Sending { n, attempt, step, now, .. } = *sending;
        let code = step.code();
        self.line(row.owner.provider, now).map_err(|fault| format!("#{n}: {code} {fault}"))?;
        if let Some(lost) = self.lost.get(&n) {
            if now < lost.at + QUIET {
                let after = now - lost.at;
                return Err(format!("R5 #{n}: {code} {after} ms after a lost answer"));
            }
            if attempt > 0 && !self.put_back && unresolved(&lost.step, step) {
                let open = lost.step.code();
                return Err(format!("R4 #{n}: {code} while {open} is unresolved"));
            }
        }
        if attempt == 0 {
            return Ok(());
        }
        let heard = self.lines[row.owner.provider as usize].heard;
        if heard.is_none_or(|at| now > at + FRESH) {
            return Err(format!("R13 #{n}: {code} begun without a fresh answer"));
        }
        if self.refused.get(&n) == Some(step) {
            return Err(format!("#{n}: {code} again after it was refused for good"));
        }
        let intended = matches!(
            row.stands.state(),
            SubmissionState::Sending { step: intended, attempt: open, .. }
                if intended == step && *open == attempt
        );
        if !intended {
            return Err(format!("R1 #{n}: bytes of {code} before their intent"));
        }
        if matches!(step, Step::Side { .. }) && !self.put_back && !self.written.contains(&n) {
            return Err(format!("R10 #{n}: a picture before the answers"));
        }
        match self.sent.insert((n, attempt), ()) {
            Some(()) => Err(format!("R11 #{n}: attempt {attempt} left twice")),
            None => Ok(()),
        }
    }

    /// A round that would outlast the provider's window at the speed of its line is made smaller
    /// first. For a line that one submission has alone.
    pub fn weighs(&self, sending: &Sending<'_>, row: &Row) -> Result<(), Broken> {
        let (Step::Upload { .. }, Some(each_ms)) = (sending.step, self.photo_ms) else {
            return Ok(());
        };
        let round = row.stands.photos_to_send(&sending.at).count() as u64;
        let n = sending.n;
        if each_ms * round > WINDOW && !self.lightened.contains(&n) {
            return Err(format!("R13 #{n}: {round} photos of {each_ms} ms each begun as they are"));
        }
        Ok(())
    }

    /// Limits are kept.
    fn line(&mut self, provider: Provider, now: u64) -> Result<(), Broken> {
        let line = &mut self.lines[provider as usize];
        if now < line.quiet_until {
            return Err(format!("{} ms before the provider wants it", line.quiet_until - now));
        }
        line.starts.retain(|at| now < at + 10 * SECOND);
        line.starts.push(now);
        line.paced_until = line.paced_until.max(now) + PACE;
        if line.starts.len() > WINDOW_STARTS || line.paced_until > now + BURST * PACE {
            let starts = line.starts.len();
            return Err(format!("is one of {starts} requests in ten seconds: too many at once"));
        }
        line.out += 1;
        if line.out > LANES { Err(format!("makes {} in flight", line.out)) } else { Ok(()) }
    }

    /// What the device learns, so far as promises hang on it.
    pub fn hears(&mut self, hearing: &Hearing<'_>, provider: Provider) {
        let Hearing { n, attempt, step, class, asked, slept, wait, now } = *hearing;
        let line = &mut self.lines[provider as usize];
        line.out = line.out.saturating_sub(1);
        if class.is_of_the_provider() {
            line.heard = Some(now);
        }
        if class == Class::NotDone {
            let wait = wait.unwrap_or(0).max(THROTTLED);
            line.quiet_until = line.quiet_until.max(now + wait);
        }
        if attempt == 0 {
            let settles = class.tells() || matches!(class, Class::Definite(_));
            if settles && self.lost.get(&n).is_some_and(|lost| asked >= lost.at + QUIET) {
                let open = self.lost.get(&n).is_some_and(|lost| is_write(&lost.step));
                if !open {
                    self.lost.remove(&n);
                }
            }
            return;
        }
        match class {
            Class::Ambiguous => {
                self.lost.insert(n, Lost { step: step.clone(), at: now });
            }
            Class::Done | Class::Definite(_) => {
                self.lost.remove(&n);
            }
            Class::NotSent(_) | Class::NotDone | Class::Credentials => {}
        }
        if class == Class::Done && matches!(step, Step::Upload { .. }) {
            self.photo_ms = (!slept).then_some(now - asked);
        }
        if class == Class::Done && *step == Step::Details {
            self.written.insert(n);
        }
        let for_good =
            matches!(class, Class::Definite(satchel_core::delivery::Definite::Unexplained));
        if for_good && is_write(step) {
            self.refused.insert(n, step.clone());
        }
    }

    /// At most one authorize counts, a photo is attached once, and never an older over a newer one.
    pub fn wepay(&self, disk: &Disk, n: usize, there: &wepay::Account) -> Result<(), Broken> {
        let row = &disk.rows[n];
        for refused in [false, true] {
            let count = there.authorized.iter().filter(|(_, r)| *r == refused).count();
            if count > 1 {
                return Err(format!("#{n}: authorized {count} times: {:?}", there.authorized));
            }
        }
        if !self.put_back {
            attached_once(n, &row.stands, there)?;
        }
        let alone = disk.rows.iter().filter(|r| r.owner == row.owner).count() == 1;
        let withdrawn = matches!(row.stands.state(), SubmissionState::Withdrawn);
        if withdrawn && alone && !there.authorized.is_empty() {
            return Err(format!("R8 #{n}: taken back and authorized"));
        }
        claims(n, row, there)
    }

    /// What is called done is there, whole and as it is now.
    pub fn winter(&self, disk: &Disk, n: usize, there: &winter::Account) -> Result<(), Broken> {
        let row = &disk.rows[n];
        if let SubmissionState::Blocked { refusal: Refusal::Account { .. }, .. } =
            row.stands.state()
        {
            return Err(format!("#{n}: its account is blamed, and nothing is wrong with it"));
        }
        let says_verified = matches!(row.stands.state(), SubmissionState::Verified { .. });
        if says_verified && !there.was_verified {
            return Err(format!("R12 #{n}: called verified, and the provider never said so"));
        }
        if row.followed || self.put_back {
            return Ok(());
        }
        if matches!(row.stands.state(), SubmissionState::Withdrawn) && there.details.is_some() {
            return Err(format!("R8 #{n}: taken back and written"));
        }
        if !is_done(row.stands.state()) {
            return Ok(());
        }
        // Mended answers that were durable without the entry that says so would show here: whoever
        // then just tries again has the rest sent beside the old answers.
        let version = disk.versions.get(&n).copied();
        if there.details != version {
            let (there, here) = (there.details, version);
            return Err(format!("#{n}: called done with answers {there:?} instead of {here:?}"));
        }
        match row.stands.current_photos().find(|p| !there.holds(&p.record)) {
            Some(p) => Err(format!("#{n}: called done without {:?}", p.record.side)),
            None => Ok(()),
        }
    }

    /// Once faults have stopped, everything has ended, lies with the provider, or asks a person.
    pub fn rests(&self, disk: &Disk, n: usize, with_provider: bool) -> Result<(), Broken> {
        let row = &disk.rows[n];
        let rests = match row.stands.state() {
            SubmissionState::Verified { .. }
            | SubmissionState::Failed { .. }
            | SubmissionState::Withdrawn
            | SubmissionState::Purged
            | SubmissionState::Blocked { .. }
            | SubmissionState::Quarantined { .. } => true,
            SubmissionState::NeedsDocuments { .. } => {
                row.stands.pending_photos().count() == 0 || behind(disk, n)
            }
            SubmissionState::Awaiting { .. } => with_provider,
            SubmissionState::Held
            | SubmissionState::Sending { .. }
            | SubmissionState::Unconfirmed { .. } => false,
            SubmissionState::Queued => behind(disk, n),
        };
        if rests { Ok(()) } else { Err(format!("#{n}: never ends: {:?}", row.stands.state())) }
    }
}

/// One step with an effect is open for each account at the provider.
pub fn goes_alone(disk: &Disk, sending: &Sending<'_>) -> Result<(), Broken> {
    let (n, owner) = (sending.n, disk.rows[sending.n].owner);
    let open = |row: &Row| {
        let state = row.stands.state();
        matches!(state, SubmissionState::Sending { .. } | SubmissionState::Unconfirmed { .. })
    };
    let mut others = disk.rows.iter().enumerate().filter(|(other, _)| *other != n);
    match others.find(|(_, row)| sending.attempt > 0 && row.owner == owner && open(row)) {
        Some((other, _)) => Err(format!("R2 #{n}: a step while one of #{other} is open")),
        None => Ok(()),
    }
}

/// Whether a step may not follow while another may have arrived.
fn unresolved(open: &Step, step: &Step) -> bool {
    match open {
        Step::Create | Step::Authorize { .. } | Step::Attach { .. } => true,
        Step::Details | Step::Side { .. } => open != step,
        Step::Upload { .. } | Step::Read { .. } => false,
    }
}

/// Whether it overwrites what the provider holds.
fn is_write(step: &Step) -> bool {
    matches!(step, Step::Details | Step::Side { .. })
}

fn is_done(state: &SubmissionState) -> bool {
    match state {
        SubmissionState::Awaiting { .. }
        | SubmissionState::Verified { .. }
        | SubmissionState::Failed { .. } => true,
        SubmissionState::Held
        | SubmissionState::Queued
        | SubmissionState::Sending { .. }
        | SubmissionState::Unconfirmed { .. }
        | SubmissionState::NeedsDocuments { .. }
        | SubmissionState::Blocked { .. }
        | SubmissionState::Quarantined { .. }
        | SubmissionState::Withdrawn
        | SubmissionState::Purged => false,
    }
}

/// Another submission of the same account is not at its end.
fn behind(disk: &Disk, n: usize) -> bool {
    let owner = disk.rows[n].owner;
    let others = disk.rows.iter().enumerate().filter(|(other, _)| *other != n);
    others.filter(|(_, row)| row.owner == owner).any(|(_, row)| row.stands.state().is_open())
}

fn attached_once(n: usize, stands: &Submission, there: &wepay::Account) -> Result<(), Broken> {
    let mut newest: Vec<&str> = Vec::new();
    for (_, photo) in there.attached.iter().flatten() {
        if newest.contains(&photo.as_str()) {
            return Err(format!("R14 #{n}: photo {photo} attached twice"));
        }
        let photos = stands.photos();
        let place = photos.iter().position(|p| p.record.id.as_str() == photo);
        let newer_there = place.is_some_and(|place| {
            let same =
                |a: &PhotoRecord, b: &PhotoRecord| a.document == b.document && a.side == b.side;
            let of = &photos[place].record;
            let newer = photos[place + 1..].iter().filter(|p| same(&p.record, of));
            newer.into_iter().any(|p| newest.contains(&p.record.id.as_str()))
        });
        if newer_there {
            return Err(format!("R9 #{n}: photo {photo} attached over a newer one"));
        }
        newest.push(photo);
    }
    Ok(())
}

/// "Sent" is said only of what arrived.
fn claims(n: usize, row: &Row, there: &wepay::Account) -> Result<(), Broken> {
    let says_sent = matches!(
        row.stands.state(),
        SubmissionState::Awaiting { .. }
            | SubmissionState::NeedsDocuments { .. }
            | SubmissionState::Verified { .. }
    );
    if says_sent && there.authorized.is_empty() && !row.followed {
        return Err(format!("#{n}: called sent and never authorized"));
    }
    for photo in row.stands.photos() {
        if let PhotoSent::Attached { reference } = &photo.sent
            && !there.holds(reference)
        {
            return Err(format!("#{n}: file {reference} called attached"));
        }
    }
    let says_verified = matches!(row.stands.state(), SubmissionState::Verified { .. });
    if says_verified && !there.was_verified {
        return Err(format!("R12 #{n}: called verified, and the provider never said so"));
    }
    Ok(())
}
