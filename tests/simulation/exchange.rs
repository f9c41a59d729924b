//! Requests and answers: out through the network, in at a provider, and back.

use satchel_core::clock::UnixMs;
use satchel_core::delivery::{
    Ambiguity, Definite, EngineEvent, NotSentWhy, Outcome, Reading, Receipt, Step,
};
use satchel_core::provider::{ProviderState, ProviderStatus};

use crate::bugs::Bug;
use crate::device::{Broken, Provider, Request, submission_id};
use crate::net::Fate;
use crate::time::date;
use crate::wepay;
use crate::world::{Happening, Reply, World};

/// One in so many look-ups is answered with a word that is new.
const NEW_WORD: u64 = 150;

impl World {
    pub fn send(&mut self, request: Request) -> Result<(), Broken> {
        let row = &self.device.rows[request.n];
        self.judge.sends(&request, row, self.now)?;
        let provider = row.provider;
        self.requests[provider as usize] += 1;
        let forced = self.requests[provider as usize] == self.forced_fault[provider as usize];
        let mut fate = self.weather.fate(self.now, self.calm(), forced, &mut self.dice);
        if provider == Provider::Winter || request.step.is_read() {
            fate.arrives_again = None;
        }
        self.tally.count(provider.name(), request.step.code());
        self.tally.count("network", fate.name);
        let code = request.step.code();
        self.trace.note(self.now, code, request.n, || format!("{} {:?}", fate.name, request.step));
        let lost = matches!(&fate.instead, Some(Outcome::Ambiguous { .. }));
        if self.device.bug == Some(Bug::HiddenRetry) && lost {
            self.judge.sends(&request, &self.device.rows[request.n], self.now)?;
        }
        self.deliver(request, fate);
        Ok(())
    }

    fn deliver(&mut self, request: Request, fate: Fate) {
        let generation = self.device.generation;
        let server_ms = self.dice.percent(80).then(|| date(fate.heard));
        let dated = server_ms.is_some();
        let reply_to = match fate.instead {
            Some(outcome) => {
                let request = request.clone();
                // An answer that is not the provider's carries no date of the provider's.
                let server_ms = None;
                let answer = Happening::Answer { generation, request, outcome, server_ms };
                self.plan(fate.heard - self.now, answer);
                None
            }
            None => Some(Reply { generation, heard: fate.heard, dated }),
        };
        if let Some(at) = fate.arrives_again {
            let copy = Happening::Arrive { request: request.clone(), reply_to: None };
            self.plan(at - self.now, copy);
        }
        if let Some(at) = fate.arrives {
            self.plan(at - self.now, Happening::Arrive { request, reply_to });
        }
    }

    /// Bytes reach a provider.
    pub fn arrive(&mut self, request: Request, reply_to: Option<Reply>) -> Result<(), Broken> {
        let row = &self.device.rows[request.n];
        let (provider, account) = (row.provider, row.account);
        let outcome = match provider {
            Provider::WePay => self.at_wepay(account, &request),
            Provider::Winter => self.at_winter(account, &request),
        };
        let outcome = self.in_new_words(outcome);
        let code = request.step.code();
        self.trace.note(self.now, "arrives", request.n, || format!("{code} {outcome:?}"));
        if let Some(Reply { generation, heard, dated }) = reply_to {
            let server_ms = dated.then(|| date(self.now));
            let answer = Happening::Answer { generation, request, outcome, server_ms };
            self.plan(heard.saturating_sub(self.now), answer);
        }
        let rows: Vec<usize> = (0..self.device.rows.len())
            .filter(|n| {
                let row = &self.device.rows[*n];
                row.provider == provider && row.account == account
            })
            .collect();
        rows.into_iter().try_for_each(|n| self.check_against_provider(n))
    }

    fn in_new_words(&mut self, mut outcome: Outcome) -> Outcome {
        if let Outcome::Done { receipt: Receipt::Status { status } } = &mut outcome
            && !self.calm()
            && self.dice.below(NEW_WORD) == 0
        {
            self.tally.count("network", "new word");
            status.state = ProviderState::Unknown;
        }
        outcome
    }

    fn at_wepay(&mut self, account: usize, request: &Request) -> Outcome {
        self.next_id += 1;
        let id = self.next_id.to_string();
        let (now, dice) = (self.now, &mut self.dice);
        let account = &mut self.wepay[account];
        account.review(now, dice);
        let reply = match &request.step {
            Step::Read { .. } => wepay::Reply::Status(account.status(now)),
            Step::Create => account.create(now, id, request.full_number),
            Step::Authorize { reference } => account.authorize(now, reference, dice),
            Step::Upload { .. } => account.upload(now, id, &request.photo.as_ref().unwrap().id),
            Step::Attach { references } => account.modify(now, references, dice),
            Step::Details | Step::Side { .. } => wepay::Reply::Code(1001),
        };
        wepay_outcome(reply)
    }

    fn at_winter(&mut self, account: usize, request: &Request) -> Outcome {
        let (now, dice) = (self.now, &mut self.dice);
        let account = &mut self.winter[account];
        account.review(now);
        let receipt = match &request.step {
            Step::Read { reading: Reading::Status } => Receipt::Status { status: account.status() },
            Step::Read { reading: Reading::Documents } if account.count() == 0 => {
                let fault = Definite::NoDocumentsOrAccount;
                return Outcome::Definite { fault, code: "400".to_owned(), text: String::new() };
            }
            Step::Read { reading: Reading::Documents } => {
                let status = dice.percent(50).then(|| account.status());
                Receipt::Documents { count: account.count(), status }
            }
            Step::Details => {
                account.write_details(request.version, now, dice);
                Receipt::Accepted
            }
            Step::Side { .. } => {
                account.write_side(request.photo.as_ref().unwrap(), now, dice);
                Receipt::Accepted
            }
            Step::Create | Step::Authorize { .. } | Step::Upload { .. } | Step::Attach { .. } => {
                panic!("not a step of this provider: {request:?}")
            }
        };
        Outcome::Done { receipt }
    }

    fn through_cache(&mut self, request: &Request, outcome: Outcome) -> Outcome {
        match &outcome {
            Outcome::Done { receipt: Receipt::Status { status } }
                if self.device.bug == Some(Bug::CachedReads) && request.step.is_read() =>
            {
                let status = self.cached.entry(request.n).or_insert(status.clone()).clone();
                Outcome::Done { receipt: Receipt::Status { status } }
            }
            _ => outcome,
        }
    }

    pub fn answer(
        &mut self,
        generation: u32,
        request: &Request,
        outcome: Outcome,
        server_ms: Option<UnixMs>,
    ) -> Result<(), Broken> {
        if generation != self.device.generation || self.device.engine.is_none() {
            return Ok(());
        }
        if request.attempt > 0 && matches!(outcome, Outcome::Ambiguous { .. }) {
            self.judge.gives_up(request.n, self.now);
        }
        let outcome = mistaken(self.device.bug, request, outcome);
        let outcome = self.through_cache(request, outcome);
        self.trace.note(self.now, "hears", request.n, || format!("{outcome:?}"));
        let (submission, attempt) = (submission_id(request.n), request.attempt);
        let answer = EngineEvent::Answer { submission, attempt, outcome, server_ms };
        if !self.device.tell(answer, self.now) {
            return Err(format!("#{}: the engine refuses an answer", request.n));
        }
        self.pump()
    }
}

/// What a program with a planted bug believes that it heard.
fn mistaken(bug: Option<Bug>, request: &Request, mut outcome: Outcome) -> Outcome {
    if let Outcome::Done { receipt: Receipt::Status { status } } = &mut outcome
        && status.state == ProviderState::Unknown
        && bug == Some(Bug::NewWordIsVerified)
    {
        status.state = ProviderState::Verified;
    }
    let Outcome::Ambiguous { why } = &outcome else { return outcome };
    let reads = request.step.is_read();
    match (bug, why) {
        (Some(Bug::RetryAmbiguousAtOnce), _) if !reads => {
            Outcome::NotSent { why: NotSentWhy::Network }
        }
        (Some(Bug::ServerFaultIsNotDone), Ambiguity::ServerFault) => {
            Outcome::NotDone { wait_ms: None }
        }
        (Some(Bug::PageIsDone), Ambiguity::Foreign) if !reads => {
            let raw = String::new();
            let status =
                ProviderStatus { state: ProviderState::InReview, raw, documents: Vec::new() };
            let receipt = match &request.step {
                Step::Details | Step::Side { .. } => Receipt::Accepted,
                Step::Create => Receipt::Draft { reference: "0".to_owned() },
                Step::Upload { .. } => Receipt::File { reference: "0".to_owned() },
                Step::Read { .. } | Step::Authorize { .. } | Step::Attach { .. } => {
                    Receipt::Status { status }
                }
            };
            Outcome::Done { receipt }
        }
        (_, _) => outcome,
    }
}

fn wepay_outcome(reply: wepay::Reply) -> Outcome {
    let refused =
        |fault, code: i64| Outcome::Definite { fault, code: code.to_string(), text: String::new() };
    match reply {
        wepay::Reply::Draft(reference) => Outcome::Done { receipt: Receipt::Draft { reference } },
        wepay::Reply::File(reference) => Outcome::Done { receipt: Receipt::File { reference } },
        wepay::Reply::Status(status) => Outcome::Done { receipt: Receipt::Status { status } },
        wepay::Reply::TooLarge => refused(Definite::TooLarge, 413),
        wepay::Reply::Code(1003) => refused(Definite::DraftGone, 1003),
        wepay::Reply::Code(3006) => refused(Definite::AlreadySubmitted, 3006),
        wepay::Reply::Code(3009) => refused(Definite::FullNumberNeeded, 3009),
        wepay::Reply::Code(3010) => refused(Definite::PhotosNotAskedFor, 3010),
        wepay::Reply::Code(3011) => refused(Definite::FilesGone, 3011),
        wepay::Reply::Code(other) => refused(Definite::Unexplained, other),
    }
}
