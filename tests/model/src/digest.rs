//! 128 bits that stand for a state: at ten million states two of them share their bits with a
//! chance of one in 10^24.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hash, Hasher};

/// What has been seen, by its bits.
pub type Seen = HashSet<u128, BuildHasherDefault<Given>>;
/// A table whose keys are small.
pub type Table<K, T> = HashMap<K, T, BuildHasherDefault<Wide>>;

/// The bits of a value.
pub fn digest(value: &impl Hash) -> u128 {
    let mut wide = Wide::default();
    value.hash(&mut wide);
    wide.sum()
}

/// Two halves that mix the same words in different ways.
pub struct Wide {
    left: u64,
    right: u64,
}

impl Default for Wide {
    fn default() -> Self {
        Self { left: 0x243f_6a88_85a3_08d3, right: 0x1319_8a2e_0370_7344 }
    }
}

impl Wide {
    fn mix(&mut self, word: u64) {
        let product = u128::from(self.left ^ word) * 0x9e37_79b9_7f4a_7c15_u128;
        self.left = (product >> 64) as u64 ^ product as u64;
        let turned = (self.right.rotate_left(23) ^ word).wrapping_mul(0xd6e8_feb8_6659_fd93);
        self.right = turned ^ (turned >> 32);
    }

    fn sum(&self) -> u128 {
        let last = (self.left ^ self.right.rotate_left(32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
        u128::from(last ^ (last >> 29)) << 64 | u128::from(self.right ^ self.left)
    }
}

impl Hasher for Wide {
    fn finish(&self) -> u64 {
        self.sum() as u64
    }

    fn write(&mut self, bytes: &[u8]) {
        for piece in bytes.chunks(8) {
            let word = piece.iter().fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
            self.mix(word ^ (piece.len() as u64) << 56);
        }
    }

    fn write_u8(&mut self, n: u8) {
        self.mix(u64::from(n));
    }

    fn write_u16(&mut self, n: u16) {
        self.mix(u64::from(n));
    }

    fn write_u32(&mut self, n: u32) {
        self.mix(u64::from(n));
    }

    fn write_u64(&mut self, n: u64) {
        self.mix(n);
    }

    fn write_u128(&mut self, n: u128) {
        self.mix(n as u64);
        self.mix((n >> 64) as u64);
    }

    fn write_usize(&mut self, n: usize) {
        self.mix(n as u64);
    }

    fn write_isize(&mut self, n: isize) {
        self.mix(n as u64);
    }
}

/// Takes bits that are mixed already as they are.
#[derive(Default)]
pub struct Given(u64);

impl Hasher for Given {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |sum, byte| sum.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u128(&mut self, n: u128) {
        self.0 = n as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_differ_in_one_bit_or_in_order_have_other_bits() {
        let mut bits = HashSet::new();
        for n in 0..64_u32 {
            for place in 0..8 {
                let mut words = [0_u64; 8];
                words[place] = 1 << n;
                assert!(bits.insert(digest(&words)), "bit {n} of word {place}");
                let mut bytes = [0_u8; 9];
                bytes[place] = 1 << (n % 8);
                bits.insert(digest(&bytes));
            }
        }
        assert_eq!(bits.len(), 64 * 8 + 8 * 8);
        assert_ne!(digest(&(1_u8, 2_u8)), digest(&(2_u8, 1_u8)));
    }

    #[test]
    fn both_halves_take_part() {
        let halves = |n: u32| (digest(&n) as u64, (digest(&n) >> 64) as u64);
        let all: Vec<_> = (0..10_000).map(halves).collect();
        let left: HashSet<_> = all.iter().map(|(left, _)| left).collect();
        let right: HashSet<_> = all.iter().map(|(_, right)| right).collect();
        assert_eq!((left.len(), right.len()), (all.len(), all.len()));
    }
}
