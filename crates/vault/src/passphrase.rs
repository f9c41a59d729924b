//! From a passphrase to 32 bytes: NFKC, then Argon2id.

use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, Zeroizing};

use crate::device::Protection;
use crate::fault::VaultFault;
use crate::keys::Key;
use crate::policy::{PASSPHRASE_CHARS_MIN, PASSPHRASE_CHARS_MIN_REDUCED};

/// What one guess at a passphrase costs: the parameters of Argon2id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Cost {
    /// 256 MiB, 3 passes, 4 lanes: about a second on a desktop of today.
    pub const STANDARD: Cost = Cost { memory_kib: 256 * 1024, passes: 3, lanes: 4 };
    /// The least that is accepted: 64 MiB, 3 passes, 4 lanes.
    pub const FLOOR: Cost = Cost { memory_kib: 64 * 1024, passes: 3, lanes: 4 };
    /// The most that is accepted, so that an edited header cannot exhaust the machine.
    pub const CEILING: Cost = Cost { memory_kib: 2 * 1024 * 1024, passes: 16, lanes: 16 };

    /// The cost that takes about `target` on this machine, between [`Cost::FLOOR`] and 1 GiB of
    /// memory. Hashes once at the floor to find out.
    ///
    /// # Errors
    /// As hashing: [`VaultFault::NoMemory`].
    pub fn calibrated(target: Duration) -> Result<Cost, VaultFault> {
        let started = Instant::now();
        hash("calibration", &[0; 16], Cost::FLOOR)?;
        let micros_at_floor = started.elapsed().as_micros().max(1);
        let times = target.as_micros() / micros_at_floor;
        let times = u32::try_from(times.clamp(1, 16)).unwrap_or(1);
        Ok(Cost { memory_kib: Cost::FLOOR.memory_kib.saturating_mul(times), ..Cost::FLOOR })
    }

    /// A cost so small that it protects nothing. Tests alone; accepted by builds for tests alone.
    #[cfg(any(test, feature = "test-hooks"))]
    pub const fn for_tests() -> Cost {
        Cost { memory_kib: 256, passes: 1, lanes: 1 }
    }

    /// Whether it lies between the floor and the ceiling.
    pub(crate) fn is_accepted(self) -> bool {
        #[cfg(any(test, feature = "test-hooks"))]
        if self == Cost::for_tests() {
            return true;
        }
        (Self::FLOOR.memory_kib..=Self::CEILING.memory_kib).contains(&self.memory_kib)
            && (Self::FLOOR.passes..=Self::CEILING.passes).contains(&self.passes)
            && (Self::FLOOR.lanes..=Self::CEILING.lanes).contains(&self.lanes)
    }
}

/// Refuses a passphrase that could be guessed by hand: too short, or a bare PIN.
pub(crate) fn check_strength(passphrase: &str, protection: Protection) -> Result<(), VaultFault> {
    let chars_min = match protection {
        Protection::Full => PASSPHRASE_CHARS_MIN,
        Protection::Reduced => PASSPHRASE_CHARS_MIN_REDUCED,
    };
    let normal = normalised(passphrase);
    let too_short = normal.chars().count() < chars_min;
    if too_short || normal.chars().all(char::is_numeric) {
        return Err(VaultFault::WeakPassphrase { chars_min });
    }
    Ok(())
}

/// Argon2id v1.3 over the NFKC form of `passphrase`: the same words typed on another keyboard open
/// too.
pub(crate) fn hash(passphrase: &str, salt: &[u8; 16], cost: Cost) -> Result<Key, VaultFault> {
    if !cost.is_accepted() {
        return Err(VaultFault::CostRefused);
    }
    let normal = normalised(passphrase);
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32))
        .map_err(|_| VaultFault::CostRefused)?;
    let mut memory = Vec::new();
    memory.try_reserve_exact(params.block_count()).map_err(|_| VaultFault::NoMemory)?;
    memory.resize(params.block_count(), Block::new());
    let mut output = Zeroizing::new([0; 32]);
    let hashed = Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(
            normal.as_bytes(),
            salt,
            output.as_mut_slice(),
            memory.as_mut_slice(),
        );
    memory.iter_mut().for_each(Zeroize::zeroize);
    hashed.map_err(|_| VaultFault::CostRefused)?;
    Key::from_slice(output.as_slice()).ok_or(VaultFault::CostRefused)
}

fn normalised(passphrase: &str) -> Zeroizing<String> {
    let mut normal = Zeroizing::new(String::with_capacity(passphrase.len().saturating_mul(4)));
    normal.extend(passphrase.nfkc());
    normal
}

#[cfg(test)]
#[path = "passphrase_tests.rs"]
mod tests;
