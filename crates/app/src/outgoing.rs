//! One request on its way out, and what its answer means.

use satchel_core::account::{Account, Connection};
use satchel_core::clock::UnixMs;
use satchel_core::delivery::{Ambiguity, Definite, Mutation, NotSentWhy, Outcome, Step, planted};
use satchel_core::http::{HttpRequest, HttpResponse, TransportFault};
use satchel_core::ids::SubmissionId;
use satchel_core::onboarding::{Answers, Who};
use satchel_core::photo::{PhotoRecord, Rendition};
use satchel_core::provider::{Context, Provider};
use satchel_core::store::StoreFault;

use crate::session::Session;

/// A request that is complete, with what is needed to read its answer.
pub(crate) struct Outgoing {
    pub(crate) generation: u64,
    pub(crate) submission: SubmissionId,
    pub(crate) attempt: u32,
    pub(crate) connection: Connection,
    pub(crate) request: HttpRequest,
    pub(crate) step: Step,
    account: Account,
    who: Who,
    provider: Box<dyn Provider>,
}

/// What became of a request, read.
pub(crate) struct Heard {
    pub(crate) generation: u64,
    pub(crate) submission: SubmissionId,
    pub(crate) attempt: u32,
    pub(crate) outcome: Outcome,
    pub(crate) server_ms: Option<UnixMs>,
}

impl Outgoing {
    /// Opens what the step needs and makes its request. An `Err` is the outcome: nothing can be
    /// sent.
    pub(crate) fn prepare(
        session: &Session,
        id: &SubmissionId,
        attempt: u32,
        step: Step,
    ) -> Result<Self, Outcome> {
        let held = session.submissions.get(id).ok_or_else(|| unmade("unknown_submission"))?;
        let account = session
            .accounts
            .get(&held.record.account)
            .ok_or_else(|| unmade("unknown_account"))?
            .clone();
        let connection = session
            .connection(&account.connection)
            .map_err(|_| unmade("unknown_connection"))?
            .clone();
        let provider = session.provider_of(&account).map_err(|_| unmade("unknown_provider"))?;
        let answers = if step.needs_answers() { answers(session, id)? } else { Answers::default() };
        let photo = photo(session, id, &step)?;
        let context = Context {
            connection: &connection,
            account: &account,
            who: Some(held.record.who),
            answers: &answers,
            photo: photo.as_ref().map(|(record, bytes)| (record, bytes.as_slice())),
        };
        let request =
            provider.request(&step, &context).map_err(|fault| unmade(&fault.to_string()))?;
        Ok(Self {
            generation: session.generation,
            submission: id.clone(),
            attempt,
            who: held.record.who,
            connection,
            request,
            step,
            account,
            provider,
        })
    }

    /// What came back.
    pub(crate) fn into_heard(self, answer: Result<HttpResponse, TransportFault>) -> Heard {
        let (outcome, server_ms) = self.read(answer);
        let Self { generation, submission, attempt, .. } = self;
        Heard { generation, submission, attempt, outcome, server_ms }
    }

    fn read(&self, answer: Result<HttpResponse, TransportFault>) -> (Outcome, Option<UnixMs>) {
        match answer {
            Err(fault) => (transport_outcome(fault), None),
            Ok(response) => {
                let context = Context {
                    connection: &self.connection,
                    account: &self.account,
                    who: Some(self.who),
                    answers: &Answers::default(),
                    photo: None,
                };
                let outcome = self.provider.read(&self.step, &context, &response);
                (outcome, server_ms(&response))
            }
        }
    }
}

fn answers(session: &Session, id: &SubmissionId) -> Result<Answers, Outcome> {
    let details = session.store.details(id).map_err(unreadable)?;
    let national = session.store.national(id).map_err(unreadable)?;
    Ok(details.merged(national))
}

fn photo(
    session: &Session,
    id: &SubmissionId,
    step: &Step,
) -> Result<Option<(PhotoRecord, Vec<u8>)>, Outcome> {
    let Some(photo) = step.photo() else { return Ok(None) };
    let record = session
        .engine
        .submission_of(id)
        .and_then(|s| s.photos().iter().find(|p| &p.record.id == photo))
        .map(|p| p.record.clone())
        .ok_or_else(|| unmade("unknown_photo"))?;
    let bytes = session.store.photo(photo, Rendition::Upload).map_err(unreadable)?;
    Ok(Some((record, bytes)))
}

fn unmade(code: &str) -> Outcome {
    definite(Definite::Configuration, code)
}

fn unreadable(fault: StoreFault) -> Outcome {
    match fault {
        StoreFault::Damaged | StoreFault::Absent => definite(Definite::Unexplained, "integrity"),
        StoreFault::DiskFull | StoreFault::StepOpen | StoreFault::Failed(_) => {
            Outcome::NotSent { why: NotSentWhy::Unmade }
        }
    }
}

fn definite(fault: Definite, code: &str) -> Outcome {
    Outcome::Definite { fault, code: code.to_owned(), text: String::new() }
}

/// What it means that no whole answer came.
pub fn transport_outcome(fault: TransportFault) -> Outcome {
    let lost = Outcome::Ambiguous { why: Ambiguity::Broken };
    let why = match fault {
        TransportFault::AfterFirstByte if planted(Mutation::FirstByteForgotten) => {
            NotSentWhy::Network
        }
        TransportFault::Connect if planted(Mutation::NotSentIsLost) => return lost,
        TransportFault::Intercepted if planted(Mutation::InterceptedIsNoNetwork) => {
            NotSentWhy::Network
        }
        TransportFault::AfterFirstByte => return lost,
        TransportFault::Name
        | TransportFault::Connect
        | TransportFault::Tls
        | TransportFault::BadAddress => NotSentWhy::Network,
        TransportFault::Intercepted => NotSentWhy::Intercepted,
        TransportFault::CertificateTime => NotSentWhy::Clock,
        TransportFault::Proxy => NotSentWhy::Proxy,
    };
    Outcome::NotSent { why }
}

fn server_ms(response: &HttpResponse) -> Option<UnixMs> {
    let date = response.header("date")?;
    let at = jiff::fmt::rfc2822::parse(date).ok()?;
    Some(at.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn not_sent(why: NotSentWhy) -> Outcome {
        Outcome::NotSent { why }
    }

    #[test]
    fn answer_without_a_request_byte_is_not_sent_and_after_the_first_is_ambiguous() {
        use TransportFault::{BadAddress, Connect, Name, Proxy, Tls};
        for fault in [Name, Connect, Tls, BadAddress] {
            assert_eq!(transport_outcome(fault), not_sent(NotSentWhy::Network), "{fault}");
            assert!(fault.nothing_left());
        }
        assert_eq!(transport_outcome(Proxy), not_sent(NotSentWhy::Proxy));
        let lost = transport_outcome(TransportFault::AfterFirstByte);
        assert_eq!(lost, Outcome::Ambiguous { why: Ambiguity::Broken });
    }

    #[test]
    fn answer_of_another_certificate_is_intercepted_and_not_sent() {
        let outcome = transport_outcome(TransportFault::Intercepted);
        assert_eq!(outcome, not_sent(NotSentWhy::Intercepted));
    }

    #[test]
    fn answer_of_an_old_certificate_is_the_clock_and_not_sent() {
        let outcome = transport_outcome(TransportFault::CertificateTime);
        assert_eq!(outcome, not_sent(NotSentWhy::Clock));
    }
}
