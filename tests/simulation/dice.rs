//! Chance, from the printed seed alone.

use satchel_core::chance::Chance;

pub struct Dice(Chance);

impl Dice {
    pub fn new(seed: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        Self(Chance::from_seed(bytes))
    }

    /// A dice of its own for the engine, so that its draws do not move the world's.
    pub fn chance(&mut self) -> Chance {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&self.below(u64::MAX).to_le_bytes());
        Chance::from_seed(bytes)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.0.below(end)
    }

    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low + 1)
    }

    pub fn percent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }
}
