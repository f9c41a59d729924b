//! What can go wrong between a client and a provider, switched on by rules.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::journal::Provider;
use crate::json::{Members, integer};
use crate::multipart;
use crate::wire::{Call, percent_decode};
use crate::world::{World, provider_of};

/// One way to go wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Fault {
    /// The answer comes later by this many real milliseconds; other rules apply as well.
    Latency {
        /// Real milliseconds.
        ms: u32,
    },
    /// No answer, and the connection stays open.
    Hang {
        /// Whether the provider has handled the request.
        #[serde(default)]
        processed: bool,
    },
    /// The connection is closed without an answer before the request is handled.
    Close,
    /// The request is handled and the connection closed without an answer.
    LostAnswer,
    /// The connection is closed, and the request handled later.
    Late {
        /// Milliseconds of sandbox time.
        delay_ms: u32,
    },
    /// An answer that is not the provider's own.
    Status {
        /// The HTTP status.
        status: u16,
        /// Makes the body a WePay error with this code.
        #[serde(default)]
        error_code: Option<u32>,
        /// The body as text; without it and a code the body is empty.
        #[serde(default)]
        body: Option<String>,
        /// The body's type; `application/json` by default.
        #[serde(default)]
        content_type: Option<String>,
        /// The `Retry-After` header.
        #[serde(default)]
        retry_after: Option<String>,
        /// Whether the provider has handled the request.
        #[serde(default)]
        processed: bool,
    },
    /// The connection is reset after so many bytes of the answer, head included.
    Reset {
        /// Bytes of the answer that still arrive.
        at_byte: usize,
    },
    /// The body stops short of its announced end, and the connection closes.
    Truncate {
        /// Bytes of the body that still arrive.
        at_byte: usize,
    },
    /// The body is cut in half and announced as whole.
    BrokenJson,
    /// The body is JSON of another shape.
    WrongJson {
        /// The body instead.
        #[serde(default)]
        body: Value,
    },
    /// The answer names another account.
    ForeignAccount,
    /// A captive portal answers in HTML.
    Portal {
        /// 200, 302 or 511.
        status: u16,
    },
    /// Nothing is taken: connections are dropped before a byte is read. With conditions in the
    /// rule, the calls that match are closed instead.
    Offline,
}

/// When and how often something goes wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// Only this provider's calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<Provider>,
    /// Only this path; a star at the end stands for anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Only calls that concern this account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The first matching call that is hit, counted from 1.
    #[serde(default = "one")]
    pub nth: u32,
    /// How many matching calls are hit from there on; null means all.
    #[serde(default = "once")]
    pub times: Option<u32>,
    /// What goes wrong.
    pub fault: Fault,
}

fn one() -> u32 {
    1
}

fn once() -> Option<u32> {
    Some(1)
}

/// A rule and what it has done so far.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ArmedRule {
    rule: FaultRule,
    seen: u32,
    hits: u32,
}

impl FaultRule {
    /// Only an offline rule without conditions; one with conditions closes the calls it matches.
    fn takes_all_offline(&self) -> bool {
        let narrow = self.provider.is_some() || self.path.is_some() || self.account.is_some();
        self.fault == Fault::Offline && !narrow
    }
}

impl ArmedRule {
    fn is_spent(&self) -> bool {
        self.rule.times.is_some_and(|times| self.hits >= times)
    }
}

/// The rules in force.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    armed: Vec<ArmedRule>,
}

/// What befalls one call.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Fate {
    pub(crate) latency_ms: u64,
    pub(crate) fault: Option<Fault>,
}

impl Faults {
    pub(crate) fn new(rules: Vec<FaultRule>) -> Faults {
        let mut faults = Faults::default();
        faults.arm(rules);
        faults
    }

    pub(crate) fn arm(&mut self, rules: Vec<FaultRule>) {
        self.armed.extend(rules.into_iter().map(|rule| ArmedRule { rule, seen: 0, hits: 0 }));
    }

    pub(crate) fn clear(&mut self) {
        self.armed.clear();
    }

    pub(crate) fn armed(&self) -> &[ArmedRule] {
        &self.armed
    }

    /// True while a rule without conditions takes the whole sandbox off the network.
    pub(crate) fn is_offline(&self) -> bool {
        self.armed.iter().any(|armed| armed.rule.takes_all_offline() && !armed.is_spent())
    }

    /// Counts a dropped connection against the first offline rule.
    pub(crate) fn count_offline(&mut self) {
        let mut armed = self.armed.iter_mut();
        let offline = armed.find(|armed| armed.rule.takes_all_offline() && !armed.is_spent());
        if let Some(armed) = offline {
            armed.hits += 1;
        }
    }

    fn names_account(&self) -> bool {
        self.armed.iter().any(|armed| armed.rule.account.is_some())
    }
}

/// What the rules in force do to a call; counts it against each rule that it matches.
pub(crate) fn fate_of(world: &mut World, call: &Call) -> Fate {
    let account = if world.faults.names_account() { account_of(world, call) } else { None };
    let mut fate = Fate::default();
    for armed in &mut world.faults.armed {
        if armed.rule.takes_all_offline() || !matches(&armed.rule, call, account.as_deref()) {
            continue;
        }
        armed.seen += 1;
        if armed.seen < armed.rule.nth || armed.is_spent() {
            continue;
        }
        if let Fault::Latency { ms } = &armed.rule.fault {
            fate.latency_ms += u64::from(*ms);
            armed.hits += 1;
        } else if fate.fault.is_none() {
            fate.fault = Some(armed.rule.fault.clone());
            armed.hits += 1;
        }
    }
    fate
}

fn matches(rule: &FaultRule, call: &Call, account: Option<&str>) -> bool {
    let provider = rule.provider.is_none_or(|wanted| provider_of(&call.path) == Some(wanted));
    let path = rule.path.as_deref().is_none_or(|wanted| match wanted.strip_suffix('*') {
        Some(start) => call.path.starts_with(start),
        None => call.path == wanted,
    });
    let account = rule.account.as_deref().is_none_or(|wanted| account == Some(wanted));
    provider && path && account
}

/// The account that a call concerns, as text.
fn account_of(world: &World, call: &Call) -> Option<String> {
    match provider_of(&call.path)? {
        Provider::Winter => {
            let last = call.path.rsplit('/').next().filter(|last| *last != "docs");
            let named = Members::parse(&call.body).unwrap_or_default();
            let named = named.last("accountId").and_then(Value::as_str).map(str::to_owned);
            last.and_then(percent_decode).or(named).or_else(|| call.parameter("accountId"))
        }
        Provider::Wepay => {
            if let Some(boundary) = call.header("content-type").and_then(multipart::boundary) {
                let parts = multipart::parts(&call.body, &boundary)?;
                let id = parts.iter().find(|part| part.name == "account_id")?;
                return Some(String::from_utf8_lossy(id.bytes).into_owned());
            }
            let members = Members::parse(&call.body)?;
            let account = members.last("account_id").and_then(integer);
            let by_draft = || {
                let kyc_id = members.last("kyc_id").and_then(integer)?;
                world.draft(kyc_id).map(|draft| draft.account_id)
            };
            account.or_else(by_draft).map(|id| id.to_string())
        }
    }
}
