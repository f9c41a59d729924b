//! A PIN that opens the vault again for a while. It lives in memory alone: a few wrong tries, some
//! hours, a suspend and the end of the program all end it.

use satchel_core::clock::Moment;
use satchel_vault::{QuickUnlock, Vault};

use crate::api::{ApiError, AppView, PeopleView, PinSetRequest};
use crate::satchel::Satchel;

/// Wrong PINs until the passphrase is needed.
const TRIES: u32 = 3;

/// How long a PIN opens, counted while the machine sleeps too.
const LASTS_MS: u64 = 8 * 60 * 60 * 1000;

/// Digits of a PIN.
const DIGITS: std::ops::RangeInclusive<usize> = 6..=12;

/// What a PIN opens.
pub(crate) struct Quick {
    unlock: QuickUnlock,
    wrong: u32,
    since: Moment,
}

impl Quick {
    fn is_over(&self, now: &Moment) -> bool {
        let Moment { boot, boot_ms, .. } = self.since;
        now.boot != boot || now.boot_ms.saturating_sub(boot_ms) >= LASTS_MS
    }
}

impl Satchel {
    /// Lets a PIN open the vault for some hours. An empty one ends that.
    ///
    /// # Errors
    /// `wrong_passphrase`, `too_many_tries`, `weak_pin`, or the vault's codes.
    pub fn pin_set(&self, request: &PinSetRequest) -> Result<PeopleView, ApiError> {
        let slots = self.slots()?;
        if request.pin.is_empty() {
            self.state().quick = None;
            return self.people_show();
        }
        let digits = request.pin.chars().all(|c| c.is_ascii_digit());
        if !digits || !DIGITS.contains(&request.pin.len()) || is_simple(&request.pin) {
            return Err(ApiError::new("weak_pin").at("pin"));
        }
        self.confirm_again(&request.confirm)?;
        let unlock = slots.quick(&request.pin, self.0.options.cost)?;
        self.state().quick = Some(Quick { unlock, wrong: 0, since: self.now() });
        self.people_show()
    }

    /// Opens the vault with the PIN.
    ///
    /// # Errors
    /// `wrong_pin` with the tries that are left, `no_pin` when the passphrase is needed, or the
    /// vault's codes.
    pub fn pin_unlock(&self, pin: &str) -> Result<AppView, ApiError> {
        let mut quick = {
            let mut state = self.state();
            if state.is_open() {
                return Err(ApiError::new("in_use"));
            }
            let quick = state.quick.take().filter(|quick| !quick.is_over(&self.now()));
            quick.ok_or_else(|| ApiError::new("no_pin"))?
        };
        let folder = self.0.folder.vault();
        let opened = Vault::open_quick(&folder, &quick.unlock, pin, self.vault_secrets()?.as_ref());
        match opened.map_err(ApiError::from) {
            Ok(vault) => {
                self.open(vault, false)?;
                self.note_unlocked();
                self.state().quick = Some(Quick { wrong: 0, ..quick });
                Ok(self.app_state())
            }
            Err(fault) if fault.code == "wrong_passphrase" => {
                quick.wrong += 1;
                let left = TRIES.saturating_sub(quick.wrong);
                if left == 0 {
                    return Err(ApiError::new("no_pin"));
                }
                self.state().quick = Some(quick);
                Err(ApiError::new("wrong_pin").with(left.to_string()))
            }
            Err(fault) => {
                self.state().quick = Some(quick);
                Err(fault)
            }
        }
    }

    /// Whether a PIN would open the vault now.
    pub(crate) fn has_pin(&self, quick: Option<&Quick>) -> bool {
        quick.is_some_and(|quick| !quick.is_over(&self.now()))
    }
}

/// One digit over and over, or digits that count up or down.
fn is_simple(pin: &str) -> bool {
    let steps: Vec<i16> = pin
        .as_bytes()
        .iter()
        .zip(pin.as_bytes().iter().skip(1))
        .map(|(a, b)| i16::from(*b) - i16::from(*a))
        .collect();
    let first = steps.first().copied().unwrap_or(0);
    (-1..=1).contains(&first) && steps.iter().all(|step| *step == first)
}
