//! Requests and answers: out through the network, in at a provider, and back.

use satchel_app::rehearsal::Departure;

use crate::class::Class;
use crate::dice::Dice;
use crate::disk::{Broken, Expected, Owner, Provider};
use crate::http::{Answer, JSON, Reply, canary, dated, response};
use crate::judge::{self, Hearing, Sending};
use crate::net::{Fate, Hears, Parcel};
use crate::time::SECOND;
use crate::world::{Call, Happening, Heard, Kindness, Letter, Out, World};
use crate::{wepay, winter};

/// One in so many requests is looked at as a log would show it.
const SHOWN: u64 = 8;

/// Streams of chance from here on belong to one request each.
const NET_STREAM: u64 = 1_000;

impl World {
    pub fn send(&mut self, departure: Departure) -> Result<(), Broken> {
        let disk = self.port.disk();
        let Some(n) = disk.row(departure.submission()) else {
            return Err("a request of no submission".to_owned());
        };
        let row = &disk.rows[n];
        let (step, attempt) = (departure.step(), departure.attempt());
        let at = self.clock.at(self.now);
        let sending = Sending { n, attempt, step, now: self.now, at };
        self.judge.sends(&sending, row)?;
        judge::goes_alone(&disk, &sending)?;
        if disk.is_alone(row.owner.provider) {
            self.judge.weighs(&sending, row)?;
        }
        let owner = row.owner;
        drop(disk);
        if self.requests.iter().sum::<u64>().is_multiple_of(SHOWN)
            && let Some(canary) = canary(&format!("{departure:?} {:?}", self.device))
        {
            return Err(format!("{canary} in what a request shows of itself"));
        }
        let (code, is_read, is_photo) =
            (step.code(), step.is_read(), step.photo().is_some() && !self.calm());
        self.requests[owner.provider as usize] += 1;
        // What becomes of one request hangs on no other one, so that faults can be left out.
        let number = self.requests.iter().sum::<u64>();
        self.net = Dice::new(self.seed, NET_STREAM + number);
        let parcel = Parcel { provider: owner.provider, is_read, is_photo, now: self.now };
        let fate = match self.fault_happens(owner.provider) {
            true => self.weather.fault(&parcel, &mut self.net),
            false => self.weather.plain(&parcel, &mut self.net),
        };
        self.tally.count(owner.provider.name(), code);
        self.tally.count("network", fate.name);
        self.trace.note(self.now, code, n, || format!("{} {:?}", fate.name, departure.step()));
        self.queued += 1;
        let number = self.queued;
        let call = match owner.provider {
            Provider::WePay => Call::WePay(wepay::read(departure.request())),
            Provider::Winter => Call::Winter(winter::read(departure.request())),
        };
        self.out.insert(number, Out { departure, n, asked: self.now, orphan: false });
        self.deliver(Letter { number, n, owner, code, call }, fate);
        Ok(())
    }

    fn deliver(&mut self, letter: Letter, fate: Fate) {
        let with_date = self.net.percent(80);
        let kind = match fate.hears {
            Hears::Truth => Some(Kindness::Truth),
            Hears::Half => Some(Kindness::Half),
            Hears::Other => Some(Kindness::Other),
            Hears::NewWord => Some(Kindness::NewWord),
            Hears::Instead(answer, class) => {
                // An answer that is not the provider's carries no date of the provider's.
                let number = letter.number;
                let answer = Happening::Answer { number, answer, class, by: None };
                self.plan(fate.heard - self.now, answer);
                None
            }
        };
        let reply = kind.map(|kind| Heard { at: fate.heard, dated: with_date, kind });
        if let Some(at) = fate.arrives_again {
            let copy = Happening::Arrive { letter: letter.clone(), reply: None };
            self.plan(at - self.now, copy);
        }
        if let Some(at) = fate.arrives {
            self.plan(at - self.now, Happening::Arrive { letter, reply });
        }
    }

    /// Bytes reach a provider.
    pub fn arrive(&mut self, letter: Letter, heard: Option<Heard>) -> Result<(), Broken> {
        let reply = match &letter.call {
            Call::WePay(call) => self.at_wepay(letter.owner, call),
            Call::Winter(call) => self.winter.answer(call, self.now, &mut self.dice),
        };
        let (status, code) = (reply.status, letter.code);
        let class = reply.class;
        self.trace.note(self.now, "arrives", letter.n, || format!("{code} {status} {class:?}"));
        if let Some(heard) = heard {
            let (body, class) = tampered(&reply, &letter, heard.kind);
            let answer = response(reply.status, JSON, body);
            let answer = if heard.dated { dated(answer, self.now) } else { answer };
            let (number, by) = (letter.number, Some(self.now));
            let answer = Happening::Answer { number, answer: Ok(answer), class, by };
            self.plan(heard.at.saturating_sub(self.now), answer);
        }
        let disk = self.port.disk();
        let rows: Vec<usize> =
            (0..disk.rows.len()).filter(|n| disk.rows[*n].owner == letter.owner).collect();
        drop(disk);
        rows.into_iter().try_for_each(|n| self.check_against_provider(n))
    }

    fn at_wepay(&mut self, owner: Owner, call: &wepay::Call) -> Reply {
        self.next_id += 1;
        let named = match call {
            wepay::Call::Authorize { draft } => {
                self.wepay.iter().position(|account| account.has_draft(*draft))
            }
            wepay::Call::Status { account }
            | wepay::Call::Create { account, .. }
            | wepay::Call::Upload { account, .. }
            | wepay::Call::Modify { account, .. } => {
                self.wepay.iter().position(|there| there.id() == *account)
            }
            wepay::Call::Refused(_) => None,
        };
        let account = &mut self.wepay[named.unwrap_or(owner.account)];
        account.answer(call, self.next_id, self.now, &mut self.dice)
    }

    /// An answer, or the lack of one, reaches the program that asked.
    pub fn hear(
        &mut self,
        number: u64,
        answer: Answer,
        class: Class,
        by: Option<u64>,
    ) -> Result<(), Broken> {
        let Some(out) = self.out.remove(&number) else { return Ok(()) };
        let now = self.clock.at(self.now);
        let Some(device) = &mut self.device else { return Ok(()) };
        let Out { departure, n, asked, orphan } = out;
        let wait = answer.as_ref().ok().and_then(|answer| {
            answer.header("retry-after")?.parse::<u64>().ok().map(|seconds| seconds * SECOND)
        });
        let mut disk = self.port.disk();
        let provider = disk.rows[n].owner.provider;
        disk.expected = (!orphan).then_some(Expected { row: n, class });
        drop(disk);
        if !orphan {
            let (step, attempt) = (departure.step(), departure.attempt());
            let (now, slept) = (self.now, self.deaf_until > asked);
            let hearing = Hearing { n, attempt, step, class, asked, slept, wait, now };
            self.judge.hears(&hearing, provider);
        }
        self.trace.note(self.now, "hears", n, || format!("{class:?} of {by:?}"));
        device.hear(departure, answer, now);
        self.port.disk().expected = None;
        if self.died()? {
            return Ok(());
        }
        self.check()?;
        self.turn()
    }
}

/// What is done to an answer on its way, and what it means then.
fn tampered(reply: &Reply, letter: &Letter, kind: Kindness) -> (String, Class) {
    let whole = || (reply.body.clone(), reply.class);
    let is_write = matches!(letter.code, "details" | "side");
    let is_success = reply.class == Class::Done;
    match kind {
        Kindness::Truth => whole(),
        Kindness::Half if is_success && !is_write => {
            (reply.body[..reply.body.len() / 2].to_owned(), Class::Ambiguous)
        }
        Kindness::Other if is_success && reply.body.contains("ccount") => {
            let body = reply.body.replace("\"account_id\":5", "\"account_id\":6");
            (body.replace(winter::ACCOUNT, "merchant-8"), Class::Ambiguous)
        }
        Kindness::NewWord if is_success => {
            let words = ["unverified", "require_docs", "in_review", "UNDER_REVIEW"];
            let worded = words.into_iter().fold(reply.body.clone(), |body, word| {
                body.replace(&format!("tate\":\"{word}\""), "tate\":\"escalated\"")
                    .replace(&format!("tatus\":\"{word}\""), "tatus\":\"ESCALATED\"")
            });
            (worded, reply.class)
        }
        Kindness::Half | Kindness::Other | Kindness::NewWord => whole(),
    }
}
