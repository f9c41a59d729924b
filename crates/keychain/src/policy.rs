//! Limits of the keychain, each with its reason.

use std::time::Duration;

/// Under what the keychain lists our secrets.
pub const SERVICE: &str = "satchel";

/// What a person who looks through the keychain reads beside them.
pub const LABEL: &str = "Satchel: a secret of this device";

/// Most bytes of one secret: a longer one is not ours.
pub const SECRET_BYTES_MAX: usize = 256;

/// How long the keychain may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// To answer at all: a service that is started for us needs a moment, one that hangs would need
    /// for ever.
    pub answering: Duration,
    /// To do what was asked, since the system may first ask a person for the keychain's password.
    pub asking: Duration,
}

impl Patience {
    /// What a person waits for.
    pub const STANDARD: Self =
        Self { answering: Duration::from_secs(10), asking: Duration::from_secs(60) };
}
