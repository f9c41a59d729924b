//! How hard a passphrase is to guess. The vault refuses what is short; this refuses what is known.

use crate::api::{ApiError, Strength};
use crate::satchel::Satchel;

/// Below so many guesses (as a power of ten) a passphrase is refused: at a second each that is
/// three years of one machine.
const WEAK_BELOW: f64 = 8.0;

/// From so many on it is hard to guess with a thousand machines.
const STRONG_FROM: f64 = 12.0;

impl Satchel {
    /// How hard a passphrase of one's own is to guess, while it is typed.
    pub fn passphrase_judge(&self, passphrase: &str) -> Strength {
        judged(passphrase, &[])
    }
}

/// Refuses a passphrase that is easy to guess. `known` is what others know of the person.
///
/// # Errors
/// `weak_passphrase`.
pub(crate) fn check(passphrase: &str, known: &[&str]) -> Result<(), ApiError> {
    match judged(passphrase, known) {
        Strength::Weak => Err(ApiError::new("weak_passphrase").at("passphrase")),
        Strength::Fair | Strength::Strong => Ok(()),
    }
}

fn judged(passphrase: &str, known: &[&str]) -> Strength {
    let guesses = zxcvbn::zxcvbn(passphrase.trim(), known).guesses_log10();
    if guesses < WEAK_BELOW {
        Strength::Weak
    } else if guesses < STRONG_FROM {
        Strength::Fair
    } else {
        Strength::Strong
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_tries_first_is_weak_however_long() {
        for weak in ["password1234", "123456789012345", "qwertyuiopasdf", "aaaaaaaaaaaaaaaaaa"] {
            assert_eq!(judged(weak, &[]), Strength::Weak, "{weak}");
        }
        assert_eq!(judged("amara osei 12", &["Amara Osei"]), Strength::Weak);
    }

    #[test]
    fn four_words_are_strong() {
        for strong in ["tidal copper meadow lantern", "orbit walnut sleeve harbour"] {
            assert_eq!(judged(strong, &[]), Strength::Strong, "{strong}");
        }
        assert_eq!(judged("copper lantern", &[]), Strength::Fair);
    }
}
