//! The promises, checked in every state.

use std::fmt;

use crate::client::{Place, Stand};
use crate::deed::{Deed, Word};
use crate::scope::Scope;
use crate::wepay::WePay;
use crate::winter::Winter;

/// A promise that is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// Two authorizes had an effect.
    AuthorizedTwice,
    /// A photo was attached a second time.
    AttachedTwice(u8),
    /// A photo was attached after one that replaces it.
    OlderOverNewer(u8),
    /// It is called sent, and nothing counted.
    SentWithoutEffect,
    /// A file is called attached that the provider does not list.
    AttachedWithoutEffect,
    /// It is called verified, and the provider never said so.
    VerifiedWithoutWord,
    /// It is called taken back, and something counted.
    TakenBackWithEffect,
    /// It is called done, and other answers count than the newest.
    StaleAnswers,
    /// It is called done, and a photo is missing or an older one is there.
    MissingPhoto(u8),
    /// Bytes left before their intent was on disk.
    BytesBeforeIntent(Deed),
    /// Something left within 120 s after a request was given up.
    TooSoon,
    /// A step was decided that its own log does not take.
    StepRefused(Deed),
    /// Nobody interferes any more, and it comes to no end and asks nobody.
    NeverEnds(Place),
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Broken::AuthorizedTwice => write!(f, "authorized twice"),
            Broken::AttachedTwice(photo) => write!(f, "photo {photo} attached twice"),
            Broken::OlderOverNewer(photo) => write!(f, "photo {photo} attached over a newer one"),
            Broken::SentWithoutEffect => write!(f, "called sent and never authorized"),
            Broken::AttachedWithoutEffect => write!(f, "a file called attached that is not there"),
            Broken::VerifiedWithoutWord => write!(f, "called verified, which nobody said"),
            Broken::TakenBackWithEffect => write!(f, "taken back, and it counted"),
            Broken::StaleAnswers => write!(f, "called done with other answers than the newest"),
            Broken::MissingPhoto(photo) => write!(f, "called done without photo {photo}"),
            Broken::BytesBeforeIntent(deed) => write!(f, "bytes of {deed:?} before their intent"),
            Broken::TooSoon => write!(f, "sent within 120 s after a request was given up"),
            Broken::StepRefused(deed) => write!(f, "{deed:?} decided, and its log refuses it"),
            Broken::NeverEnds(place) => write!(f, "never ends: {place:?}"),
        }
    }
}

/// What the client says of WePay against what is there.
pub fn wepay(stand: &Stand, version: u8, there: &WePay) -> Result<(), Broken> {
    let effects = there.counted + there.refused;
    match stand.place {
        Place::Awaiting | Place::NeedsDocuments if effects == 0 => {
            return Err(Broken::SentWithoutEffect);
        }
        Place::Verified if !there.was_verified => return Err(Broken::VerifiedWithoutWord),
        Place::Withdrawn if effects > 0 => return Err(Broken::TakenBackWithEffect),
        Place::Held
        | Place::Queued
        | Place::Sending
        | Place::Unconfirmed
        | Place::Awaiting
        | Place::NeedsDocuments
        | Place::Blocked
        | Place::Quarantined
        | Place::Verified
        | Place::Failed
        | Place::Withdrawn
        | Place::Purged => {}
    }
    let says_sent = matches!(
        stand.place,
        Place::Awaiting | Place::NeedsDocuments | Place::Verified | Place::Failed
    );
    if says_sent && there.counted > 0 && there.version != version {
        return Err(Broken::StaleAnswers);
    }
    let lacks = |n: &u8| stand.attached >> n & 1 == 1 && !there.holds(*n);
    if (1..32).any(|n| lacks(&n)) { Err(Broken::AttachedWithoutEffect) } else { Ok(()) }
}

/// What the client says of Winter against what is there.
pub fn winter(stand: &Stand, version: u8, there: &Winter, scope: &Scope) -> Result<(), Broken> {
    match stand.place {
        Place::Awaiting | Place::Verified | Place::Failed => {}
        Place::Withdrawn if there.details > 0 || there.sides != [0; 2] => {
            return Err(Broken::TakenBackWithEffect);
        }
        Place::Held
        | Place::Queued
        | Place::Sending
        | Place::Unconfirmed
        | Place::NeedsDocuments
        | Place::Blocked
        | Place::Quarantined
        | Place::Withdrawn
        | Place::Purged => return Ok(()),
    }
    if there.details != version {
        return Err(Broken::StaleAnswers);
    }
    let current = (1..32).filter(|n| stand.photos >> n & 1 == 1);
    for photo in current {
        if there.sides[usize::from((photo - 1) % scope.photos)] != photo {
            return Err(Broken::MissingPhoto(photo));
        }
    }
    Ok(())
}

/// Whether nothing more is to come by itself once nobody interferes and the provider has spoken.
pub fn rests(stand: &Stand, word: Word) -> bool {
    match stand.place {
        Place::Verified | Place::Failed | Place::Withdrawn | Place::Purged => true,
        Place::Blocked | Place::Quarantined | Place::Held => true,
        Place::NeedsDocuments => stand.pending == 0 && word == Word::NeedsDocuments,
        // "Unverified": the provider has it and gives no verdict by itself.
        Place::Awaiting => word == Word::Received,
        Place::Queued | Place::Sending | Place::Unconfirmed => false,
    }
}
