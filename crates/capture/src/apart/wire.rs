//! How jobs and answers cross a pipe: two lengths, words in JSON, then raw bytes. Lengths are held
//! against their limits before anything is allocated for them.

use std::io::{self, ErrorKind, Read, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::policy::WORKER_WORDS_BYTES_MAX;

/// Lengths of the words and of the raw bytes, 8 bytes each, little-endian.
const HEAD_BYTES: usize = 16;

/// Writes words and raw bytes.
///
/// # Errors
/// The pipe's, and `InvalidInput` for words over their limit.
pub(super) fn write(
    pipe: &mut impl Write,
    words: &impl Serialize,
    bytes: &[&[u8]],
) -> io::Result<()> {
    let words = serde_json::to_vec(words)?;
    let words_len = words.len() as u64;
    if words_len > WORKER_WORDS_BYTES_MAX {
        return Err(ErrorKind::InvalidInput.into());
    }
    let bytes_len: u64 = bytes.iter().map(|part| part.len() as u64).sum();
    pipe.write_all(&[words_len.to_le_bytes(), bytes_len.to_le_bytes()].concat())?;
    pipe.write_all(&words)?;
    bytes.iter().try_for_each(|part| pipe.write_all(part))?;
    pipe.flush()
}

/// Reads words and at most `bytes_max` raw bytes; None at the end of the pipe.
///
/// # Errors
/// The pipe's, and `InvalidData` for what breaks a limit or cannot be read.
pub(super) fn read<W: DeserializeOwned>(
    pipe: &mut impl Read,
    bytes_max: u64,
) -> io::Result<Option<(W, Vec<u8>)>> {
    let mut head = Vec::with_capacity(HEAD_BYTES);
    pipe.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head)?;
    if head.is_empty() {
        return Ok(None);
    }
    let ([words_len, bytes_len], []) = head.as_chunks::<8>() else {
        return Err(ErrorKind::UnexpectedEof.into());
    };
    let (words_len, bytes_len) = (u64::from_le_bytes(*words_len), u64::from_le_bytes(*bytes_len));
    if words_len > WORKER_WORDS_BYTES_MAX || bytes_len > bytes_max {
        return Err(ErrorKind::InvalidData.into());
    }
    let words = exactly(pipe, words_len)?;
    let bytes = exactly(pipe, bytes_len)?;
    Ok(Some((serde_json::from_slice(&words)?, bytes)))
}

fn exactly(pipe: &mut impl Read, len: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(len).map_err(|_| ErrorKind::InvalidData)?];
    pipe.read_exact(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let mut pipe = Vec::new();
        write(&mut pipe, &"words", &[b"raw", b"", b"bytes"]).unwrap();
        write(&mut pipe, &7, &[]).unwrap();

        let mut pipe = pipe.as_slice();
        assert_eq!(read(&mut pipe, 8).unwrap(), Some(("words".to_owned(), b"rawbytes".to_vec())));
        assert_eq!(read(&mut pipe, 8).unwrap(), Some((7, Vec::new())));
        assert_eq!(read::<u8>(&mut pipe, 8).unwrap(), None);
    }

    #[test]
    fn lengths_over_their_limit_are_refused_unread() {
        let mut pipe = Vec::new();
        write(&mut pipe, &(), &[b"nine byte"]).unwrap();
        let fault = read::<()>(&mut pipe.as_slice(), 8).unwrap_err();
        assert_eq!(fault.kind(), ErrorKind::InvalidData);

        for lengths in [[u64::MAX, 0], [0, u64::MAX], [WORKER_WORDS_BYTES_MAX + 1, 0]] {
            let head = lengths.map(u64::to_le_bytes).concat();
            let fault = read::<()>(&mut head.as_slice(), 8).unwrap_err();
            assert_eq!(fault.kind(), ErrorKind::InvalidData, "{lengths:?}");
        }
    }

    #[test]
    fn a_pipe_that_ends_in_the_middle_is_a_fault_and_not_the_end() {
        let mut pipe = Vec::new();
        write(&mut pipe, &"words", &[b"bytes"]).unwrap();
        for cut in 1..pipe.len() {
            let fault = read::<String>(&mut pipe.get(..cut).unwrap(), 8).unwrap_err();
            assert_eq!(fault.kind(), ErrorKind::UnexpectedEof, "{cut}");
        }
    }
}
