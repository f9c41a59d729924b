//! The network between: what becomes of one request.

use satchel_core::delivery::{Definite, NotSentWhy};
use satchel_core::http::TransportFault;

use crate::class::Class;
use crate::dice::Dice;
use crate::disk::Provider;
use crate::http::{self, Answer, HTML, JSON, PAGE, response};
use crate::time::{MINUTE, SECOND};
use crate::{wepay, winter};

/// What becomes of one request.
pub struct Fate {
    /// When its bytes reach the provider, if they do.
    pub arrives: Option<u64>,
    /// When a second copy of them does.
    pub arrives_again: Option<u64>,
    /// When its sender hears of it.
    pub heard: u64,
    /// What its sender hears.
    pub hears: Hears,
    pub name: &'static str,
}

/// What the sender of a request hears.
pub enum Hears {
    /// The provider's own answer.
    Truth,
    /// The provider's own answer, cut in the middle and passed off as whole.
    Half,
    /// The provider's own answer, about somebody else's account.
    Other,
    /// The provider's own answer, with a word that is new.
    NewWord,
    /// Something else.
    Instead(Answer, Class),
}

/// What is asked of the network.
pub struct Parcel {
    pub provider: Provider,
    pub is_read: bool,
    pub is_photo: bool,
    pub now: u64,
}

/// How bad the network is, drawn once per schedule.
pub struct Weather {
    trouble: u64,
    late: u64,
    /// The longest way of a request or an answer.
    way_ms: u64,
    /// How much longer a photo takes than anything else.
    photo_ms: u64,
}

impl Weather {
    pub fn draw(dice: &mut Dice) -> Self {
        let slow = dice.percent(10);
        let photo_ms = if slow { dice.between(12, 15) * MINUTE } else { 0 };
        let way_ms = dice.one_of(&[60, 3_000, 3_000, 3_000]);
        let trouble = dice.one_of(&[4, 12, 30, 55]);
        Self { trouble, late: dice.between(5, 50), way_ms, photo_ms }
    }

    pub fn is_bad(&self, dice: &mut Dice) -> bool {
        dice.percent(self.trouble)
    }

    /// Nothing goes wrong.
    pub fn plain(&self, parcel: &Parcel, dice: &mut Dice) -> Fate {
        let slow = if parcel.is_photo { self.photo_ms } else { 0 };
        let arrives = parcel.now + slow + dice.between(20, self.way_ms);
        let heard = arrives + dice.between(20, self.way_ms);
        Fate {
            arrives: Some(arrives),
            arrives_again: None,
            heard,
            hears: Hears::Truth,
            name: "answered",
        }
    }

    /// Something goes wrong.
    pub fn fault(&self, parcel: &Parcel, dice: &mut Dice) -> Fate {
        let plain = self.plain(parcel, dice);
        if dice.percent(self.late) {
            return late(plain, parcel.now, dice);
        }
        match dice.below(12) {
            0 | 1 => not_sent(plain, parcel.now, dice),
            2 | 3 => lost(plain, parcel.now, dice),
            4 => server_fault(plain, dice),
            5 => foreign(plain, parcel, dice),
            6 => tampered(plain, parcel, dice),
            7 => throttled(plain, parcel.provider, dice),
            8 => refused(plain, parcel.provider, dice),
            9 => said_no(plain, parcel, dice),
            _ if parcel.is_read || parcel.provider == Provider::Winter => {
                lost(plain, parcel.now, dice)
            }
            _ => {
                let again = parcel.now + dice.between(SECOND, 25 * MINUTE);
                Fate { arrives_again: Some(again), name: "duplicated", ..plain }
            }
        }
    }
}

fn fails(fault: TransportFault) -> Hears {
    Hears::Instead(Err(fault), http::class_of(fault))
}

/// The sender gives up; the bytes arrive up to 40 minutes after they left.
fn late(plain: Fate, now: u64, dice: &mut Dice) -> Fate {
    let arrives = now + dice.between(31 * SECOND, 40 * MINUTE);
    let heard = now + dice.between(30 * SECOND, 90 * SECOND);
    let hears = fails(TransportFault::AfterFirstByte);
    Fate { arrives: Some(arrives), heard, hears, name: "late", ..plain }
}

fn not_sent(plain: Fate, now: u64, dice: &mut Dice) -> Fate {
    let proxy = || {
        let class = Class::NotSent(NotSentWhy::Proxy);
        Hears::Instead(Ok(response(407, HTML, PAGE)), class)
    };
    let (hears, name) = match dice.below(8) {
        0 => (fails(TransportFault::Name), "not sent: no name"),
        1..=3 => (fails(TransportFault::Connect), "not sent: no connection"),
        4 => (fails(TransportFault::Tls), "not sent: TLS"),
        5 => (fails(TransportFault::Intercepted), "not sent: intercepted"),
        6 => (fails(TransportFault::CertificateTime), "not sent: certificate's time"),
        _ if dice.percent(50) => (fails(TransportFault::Proxy), "not sent: proxy"),
        _ => (proxy(), "not sent: proxy"),
    };
    Fate { arrives: None, heard: now + dice.between(50, 2_000), hears, name, ..plain }
}

fn lost(plain: Fate, now: u64, dice: &mut Dice) -> Fate {
    let gave_up = now + dice.between(30 * SECOND, 90 * SECOND);
    let hears = fails(TransportFault::AfterFirstByte);
    match dice.below(3) {
        0 => Fate { heard: gave_up, hears, name: "answer lost", ..plain },
        1 => Fate { arrives: None, heard: gave_up, hears, name: "request lost", ..plain },
        _ => Fate { hears, name: "answer broken off", ..plain },
    }
}

/// Half of the requests behind such an answer were carried out.
fn perhaps(plain: Fate, hears: Hears, name: &'static str, dice: &mut Dice) -> Fate {
    let arrives = plain.arrives.filter(|_| dice.percent(50));
    Fate { arrives, hears, name, ..plain }
}

fn server_fault(plain: Fate, dice: &mut Dice) -> Fate {
    let status = dice.one_of(&[408, 500, 502, 503, 504]);
    let answer = match dice.below(3) {
        0 => response(status, HTML, PAGE),
        1 => response(status, JSON, r#"{"error":"unavailable"}"#),
        _ => response(status, JSON, ""),
    };
    perhaps(plain, Hears::Instead(Ok(answer), Class::Ambiguous), "5xx", dice)
}

fn foreign(plain: Fate, parcel: &Parcel, dice: &mut Dice) -> Fate {
    // Any 2xx of Winter's that is no page counts, so only WePay can be answered in JSON by others.
    let kinds = if parcel.provider == Provider::WePay { 6 } else { 4 };
    let answer = match dice.below(kinds) {
        0 => response(200, HTML, PAGE),
        1 => response(302, HTML, PAGE),
        2 => response(511, HTML, PAGE),
        3 => response(404, HTML, PAGE),
        4 => response(200, JSON, r#"{"ok":true}"#),
        _ => response(200, JSON, r#"["signed","in"]"#),
    };
    perhaps(plain, Hears::Instead(Ok(answer), Class::Ambiguous), "foreign page", dice)
}

fn tampered(plain: Fate, parcel: &Parcel, dice: &mut Dice) -> Fate {
    match dice.below(4) {
        0 if parcel.provider == Provider::WePay => {
            let reply = wepay::error(1008);
            let status = dice.one_of(&[200, 400, 500]);
            let answer = response(status, JSON, reply.body);
            perhaps(plain, Hears::Instead(Ok(answer), Class::Ambiguous), "1008", dice)
        }
        1 => Fate { hears: Hears::Half, name: "answer truncated", ..plain },
        2 => Fate { hears: Hears::Other, name: "another's answer", ..plain },
        _ => Fate { hears: Hears::NewWord, name: "new word", ..plain },
    }
}

fn throttled(plain: Fate, provider: Provider, dice: &mut Dice) -> Fate {
    let mut answer = match (provider, dice.below(3)) {
        (Provider::WePay, 0) => response(200, JSON, wepay::error(1007).body),
        (Provider::WePay, 1) => response(429, JSON, wepay::error(1007).body),
        (_, _) => response(429, HTML, PAGE),
    };
    if dice.percent(50) {
        let seconds = dice.between(1, 120).to_string();
        answer.headers.push(("retry-after".to_owned(), seconds));
    }
    let hears = Hears::Instead(Ok(answer), Class::NotDone);
    Fate { arrives: None, hears, name: "429", ..plain }
}

fn refused(plain: Fate, provider: Provider, dice: &mut Dice) -> Fate {
    let code = dice.one_of(&[1006, 1011]);
    let answer = match (provider, dice.below(4)) {
        (Provider::WePay, 0 | 1) => response(401, JSON, wepay::error(code).body),
        (_, 2) => response(403, HTML, PAGE),
        (_, _) => response(401, JSON, "{}"),
    };
    let hears = Hears::Instead(Ok(answer), Class::Credentials);
    Fate { arrives: None, hears, name: "credentials refused", ..plain }
}

/// A refusal that only a person ends; nothing was done.
fn said_no(plain: Fate, parcel: &Parcel, dice: &mut Dice) -> Fate {
    let (answer, class) = match parcel.provider {
        Provider::WePay => {
            let reply = wepay::error(dice.one_of(&[1001, 3002]));
            (response(reply.status, JSON, reply.body), reply.class)
        }
        Provider::Winter if parcel.is_read => return lost(plain, parcel.now, dice),
        Provider::Winter => {
            (response(400, JSON, winter::bad().body), Class::Definite(Definite::Unexplained))
        }
    };
    Fate { arrives: None, hears: Hears::Instead(Ok(answer), class), name: "refused", ..plain }
}
