//! A compression bomb, made by hand: what it expands to is a success of the provider, so that
//! whoever expands it would call the step done.

/// How many bytes the bomb expands to, about.
pub const EXPANDED_BYTES: usize = 32 << 20;

/// Longest run that one code of deflate stands for.
const RUN_BYTES: usize = 258;

/// A gzip file of `text`, with spaces before its last character that make it enormous.
pub fn gzip(text: &str) -> Vec<u8> {
    let (deflated, expanded) = deflate(text);
    let mut file = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    file.extend_from_slice(&deflated);
    file.extend_from_slice(&crc32(&expanded).to_le_bytes());
    file.extend_from_slice(&u32::try_from(expanded.len()).unwrap().to_le_bytes());
    file
}

/// The same as what HTTP calls "deflate": a zlib stream.
pub fn zlib(text: &str) -> Vec<u8> {
    let (deflated, expanded) = deflate(text);
    let mut stream = vec![0x78, 0x9c];
    stream.extend_from_slice(&deflated);
    stream.extend_from_slice(&adler32(&expanded).to_be_bytes());
    stream
}

/// One block with the fixed codes: the text, spaces by the longest runs, the text's last character.
fn deflate(text: &str) -> (Vec<u8>, Vec<u8>) {
    let (last, start) = text.as_bytes().split_last().unwrap();
    let runs = EXPANDED_BYTES / RUN_BYTES;
    let mut bits = Bits::default();
    bits.low_first(0b011, 3);
    start.iter().for_each(|byte| bits.literal(*byte));
    bits.literal(b' ');
    for _ in 0..runs {
        bits.high_first(0b1100_0101, 8);
        bits.high_first(0, 5);
    }
    bits.literal(*last);
    bits.high_first(0, 7);
    let mut expanded = start.to_vec();
    expanded.resize(start.len() + 1 + runs * RUN_BYTES, b' ');
    expanded.push(*last);
    (bits.bytes, expanded)
}

#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    used: u32,
}

impl Bits {
    fn push(&mut self, bit: u32) {
        if self.used.is_multiple_of(8) {
            self.bytes.push(0);
        }
        let last = self.bytes.last_mut().unwrap();
        *last |= u8::from(bit != 0) << (self.used % 8);
        self.used += 1;
    }

    fn low_first(&mut self, value: u32, count: u32) {
        (0..count).for_each(|at| self.push(value >> at & 1));
    }

    fn high_first(&mut self, value: u32, count: u32) {
        (0..count).rev().for_each(|at| self.push(value >> at & 1));
    }

    fn literal(&mut self, byte: u8) {
        match byte {
            0..=143 => self.high_first(0x30 + u32::from(byte), 8),
            144..=255 => self.high_first(0x190 + u32::from(byte) - 144, 9),
        }
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    let table: Vec<u32> = (0..256_u32)
        .map(|at| (0..8).fold(at, |c, _| if c & 1 == 1 { c >> 1 ^ 0xEDB8_8320 } else { c >> 1 }))
        .collect();
    !bytes.iter().fold(u32::MAX, |crc, byte| table[usize::from(crc as u8 ^ *byte)] ^ crc >> 8)
}

fn adler32(bytes: &[u8]) -> u32 {
    let (a, b) = bytes.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    b << 16 | a
}

#[test]
fn the_checksums_are_those_of_the_formats() {
    assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    assert_eq!(adler32(b"Wikipedia"), 0x11E6_0398);
}

#[test]
fn a_bomb_is_small_and_what_it_expands_to_is_not() {
    let bomb = gzip("{\"kyc_id\":1}");
    assert!(bomb.len() < EXPANDED_BYTES / 100, "{}", bomb.len());
    assert!(zlib("{}").len() < EXPANDED_BYTES / 100);
}
