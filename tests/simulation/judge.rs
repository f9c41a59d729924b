//! The promises, checked after every step.

use std::collections::BTreeMap;

use satchel_core::delivery::{PhotoSent, SubmissionState};
use satchel_core::ids::PhotoId;

use crate::device::{Broken, Device, Request, Row, version};
use crate::time::{MINUTE, SECOND};
use crate::{wepay, winter};

/// Nothing is asked or sent sooner after a request was given up whose bytes may have left.
const QUIET: u64 = 120 * SECOND;

#[derive(Default)]
pub struct Judge {
    sealed: usize,
    sent: BTreeMap<(usize, u32), ()>,
    given_up: BTreeMap<usize, u64>,
    /// Submissions whose log was put back: they cannot know what they once sent.
    put_back: bool,
}

impl Judge {
    pub fn seals(&mut self) {
        self.sealed += 1;
    }

    pub fn puts_back(&mut self) {
        self.sent.clear();
        self.given_up.clear();
        self.put_back = true;
    }

    /// A request whose bytes may have left got no answer, or was out when the program stopped.
    pub fn gives_up(&mut self, n: usize, now: u64) {
        self.given_up.insert(n, now);
    }

    pub fn sends(&mut self, request: &Request, row: &Row, now: u64) -> Result<(), Broken> {
        let (n, attempt) = (request.n, request.attempt);
        if let Some(at) = self.given_up.get(&n)
            && now < at + QUIET
        {
            let code = request.step.code();
            return Err(format!("#{n}: {code} {} ms after a lost answer", now - at));
        }
        if attempt == 0 {
            return Ok(());
        }
        let intended = matches!(
            row.stands.state(),
            SubmissionState::Sending { step, attempt: open, .. }
                if *step == request.step && *open == attempt
        );
        if !intended {
            return Err(format!("#{n}: bytes of {} before their intent", request.step.code()));
        }
        match self.sent.insert((n, attempt), ()) {
            Some(()) => Err(format!("#{n}: attempt {attempt} left twice")),
            None => Ok(()),
        }
    }

    /// Nothing sealed is lost.
    pub fn counts(&self, device: &Device) -> Result<(), Broken> {
        if device.rows.len() == self.sealed {
            return Ok(());
        }
        Err(format!("{} of {} sealed submissions are there", device.rows.len(), self.sealed))
    }

    /// At most one authorize counts, a photo is attached once, and never an older over a newer one.
    pub fn wepay(&self, device: &Device, n: usize, there: &wepay::Account) -> Result<(), Broken> {
        let row = &device.rows[n];
        for refused in [false, true] {
            let count = there.authorized.iter().filter(|(_, r)| *r == refused).count();
            if count > 1 {
                return Err(format!("#{n}: authorized {count} times: {:?}", there.authorized));
            }
        }
        if !self.put_back {
            attached_once(n, row, there)?;
        }
        let alone = device.rows.iter().filter(|r| r.stands.account() == row.stands.account());
        let withdrawn = matches!(row.stands.state(), SubmissionState::Withdrawn);
        if withdrawn && alone.count() == 1 && !there.authorized.is_empty() {
            return Err(format!("#{n}: taken back and authorized"));
        }
        claims(n, row, there)
    }

    /// What is called done is there, whole and as it is now.
    pub fn winter(&self, device: &Device, n: usize, there: &winter::Account) -> Result<(), Broken> {
        let row = &device.rows[n];
        let is_done = match row.stands.state() {
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
        };
        if row.followed() || self.put_back {
            return Ok(());
        }
        if matches!(row.stands.state(), SubmissionState::Withdrawn) && there.details.is_some() {
            return Err(format!("#{n}: taken back and written"));
        }
        if !is_done {
            return Ok(());
        }
        if there.details != Some(version(&row.log)) {
            return Err(format!("#{n}: called done with other answers: {:?}", there.details));
        }
        match row.stands.current_photos().find(|p| !there.holds(&p.record)) {
            Some(p) => Err(format!("#{n}: called done without {:?}", p.record.side)),
            None => Ok(()),
        }
    }

    /// Once faults have stopped, everything has ended, lies with the provider, or asks a person.
    pub fn rests(&self, device: &Device, n: usize, with_provider: bool) -> Result<(), Broken> {
        let row = &device.rows[n];
        let rests = match row.stands.state() {
            SubmissionState::Verified { .. }
            | SubmissionState::Failed { .. }
            | SubmissionState::Withdrawn
            | SubmissionState::Purged
            | SubmissionState::Blocked { .. }
            | SubmissionState::Quarantined { .. } => true,
            SubmissionState::NeedsDocuments { .. } => {
                row.stands.pending_photos().count() == 0 || behind(device, n)
            }
            SubmissionState::Awaiting { .. } => with_provider,
            SubmissionState::Held
            | SubmissionState::Sending { .. }
            | SubmissionState::Unconfirmed { .. } => false,
            SubmissionState::Queued => behind(device, n),
        };
        if rests { Ok(()) } else { Err(format!("#{n}: never ends: {:?}", row.stands.state())) }
    }
}

/// Another submission of the same account is not at its end.
fn behind(device: &Device, n: usize) -> bool {
    let row = &device.rows[n];
    device.rows.iter().enumerate().any(|(other, r)| {
        other != n
            && r.provider == row.provider
            && r.account == row.account
            && r.stands.state().is_open()
    })
}

fn attached_once(n: usize, row: &Row, there: &wepay::Account) -> Result<(), Broken> {
    let mut newest: Vec<&PhotoId> = Vec::new();
    for (_, photo) in there.attached.iter().flatten() {
        if newest.contains(&photo) {
            return Err(format!("#{n}: photo {photo} attached twice"));
        }
        let photos = row.stands.photos();
        let place = photos.iter().position(|p| p.record.id == *photo);
        let newer_there = place.is_some_and(|place| {
            let of = &photos[place].record;
            photos[place + 1..].iter().any(|p| {
                p.record.document == of.document
                    && p.record.side == of.side
                    && newest.contains(&&p.record.id)
            })
        });
        if newer_there {
            return Err(format!("#{n}: photo {photo} attached over a newer one"));
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
    if says_sent && there.authorized.is_empty() && !row.followed() {
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
        return Err(format!("#{n}: called verified, and the provider never said so"));
    }
    Ok(())
}

/// How long after the last fault everything must rest.
pub const CALM: u64 = 120 * MINUTE;
