//! How a sandbox is started, and the switches for what the documents leave open.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::faults::FaultRule;

/// How to start a sandbox.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where plain HTTP/1.1 and HTTP/2 are served; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Where TLS is served, if at all.
    pub tls_listen: Option<SocketAddr>,
    /// Where accounts, photos and the certificate are kept; `None` keeps all in memory.
    pub data: Option<PathBuf>,
    /// Where the journal is appended; `None` means `journal.jsonl` under `data`.
    pub journal: Option<PathBuf>,
    /// Allows an address that other machines can reach.
    pub allow_remote: bool,
    /// Extra accounts at each provider, beside the test accounts.
    pub extra_accounts: u32,
    /// Faults in force from the start.
    pub faults: Vec<FaultRule>,
    /// What the documents leave open.
    pub switches: Switches,
    /// Starts a clock that stands still at this many milliseconds since 1970.
    pub frozen_at_ms: Option<i64>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            tls_listen: None,
            data: None,
            journal: None,
            allow_remote: false,
            extra_accounts: 0,
            faults: Vec::new(),
            switches: Switches::default(),
            frozen_at_ms: None,
        }
    }
}

/// What WePay says to a second `create`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondCreate {
    /// 3006 once a submission has been authorized.
    #[default]
    Refused,
    /// 3006 even while an earlier draft could still be authorized.
    RefusedWhileDraft,
    /// Accepted, and its authorization replaces the first submission.
    Accepted,
}

/// What the providers' documents leave open, one switch each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Switches {
    /// WePay takes a full SSN as `nnn-nn-nnnn` only (W26); off: nine digits without hyphens too.
    pub strict_ssn: bool,
    /// A US street may not contain the letters PO at all, not even in "Port" (W19).
    pub literal_po: bool,
    /// A second `create` after (or before) an authorized one (W12).
    pub second_create: SecondCreate,
    /// `authorize` answers 3009 when the last four digits of an SSN did not suffice (W12).
    pub authorize_answers_3009: bool,
    /// `create` needs `Client-IP` and `WePay-Risk-Token`.
    pub require_risk_headers: bool,
    /// WePay's calls allowed in one window; 0 never throttles.
    pub throttle_calls: u32,
    /// The window of `throttle_calls`, in milliseconds.
    pub throttle_window_ms: u32,
    /// How long a scripted reviewer takes, in milliseconds of sandbox time.
    pub review_delay_ms: u32,
    /// Winter refuses details whose name is not the account's (V4).
    pub strict_full_name: bool,
    /// Winter takes uploads at `/v1/kyc/docs/<id>` too (V7).
    pub docs_path_alias: bool,
    /// Winter keeps only the last image (V12).
    pub winter_last_wins: bool,
    /// Winter says why it answered 400 (V10).
    pub winter_error_bodies: bool,
    /// Winter wants a side for a licence and none for a passport (V14).
    pub strict_sides: bool,
}

impl Default for Switches {
    fn default() -> Switches {
        Switches {
            strict_ssn: true,
            literal_po: false,
            second_create: SecondCreate::Refused,
            authorize_answers_3009: false,
            require_risk_headers: false,
            throttle_calls: 30,
            throttle_window_ms: 10_000,
            review_delay_ms: 60_000,
            strict_full_name: false,
            docs_path_alias: false,
            winter_last_wins: false,
            winter_error_bodies: true,
            strict_sides: true,
        }
    }
}

impl Switches {
    /// These switches with the ones that a JSON object names replaced.
    ///
    /// # Errors
    /// In words, when a name or a value is none of a switch's.
    pub fn patched(&self, patch: Value) -> Result<Switches, String> {
        let mut merged = json!(self);
        let (Some(map), Value::Object(patch)) = (merged.as_object_mut(), patch) else {
            return Err("the switches are not an object".to_owned());
        };
        map.extend(patch);
        serde_json::from_value(merged).map_err(|error| error.to_string())
    }
}

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// An address other than this machine's own without `allow_remote`.
    #[error("{0} can be reached from other machines; use --allow-remote if that is meant")]
    NotLoopback(SocketAddr),
    /// An address that cannot be listened on.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, #[source] io::Error),
    /// The data folder or the journal cannot be read or written.
    #[error("cannot use {0}: {1}")]
    Data(PathBuf, #[source] io::Error),
    /// Another sandbox has the data folder open.
    #[error("{0} is in use by another sandbox")]
    InUse(PathBuf),
    /// The kept state is not one of this program's.
    #[error("{0}, line {1}, is not a state of this sandbox: {2}")]
    BrokenState(PathBuf, usize, String),
    /// No certificate could be made.
    #[error("cannot prepare the certificate: {0}")]
    Certificate(String),
    /// The operating system gave no random bytes.
    #[error("no random bytes: {0}")]
    Chance(getrandom::Error),
}
