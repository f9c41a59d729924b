//! Chance, from the printed seed alone.

use satchel_core::chance::Chance;

pub struct Dice(Chance);

impl Dice {
    /// One of several streams of a seed, so that what is left out of one moves no other.
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&seed.to_le_bytes());
        bytes[8..16].copy_from_slice(&stream.to_le_bytes());
        Self(Chance::from_seed(bytes))
    }

    /// A seed of its own for somebody else, whose draws then do not move these.
    pub fn seed(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&self.below(u64::MAX).to_le_bytes());
        bytes
    }

    pub fn hex_128(&mut self) -> String {
        self.0.hex_128()
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

    pub fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len() as u64) as usize]
    }
}
