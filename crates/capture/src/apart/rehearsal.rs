//! What a decoder does that a hostile file has taken over, for tests alone.

use std::hint::black_box;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::process::Command;
use std::time::Instant;

use serde::{Deserialize, Serialize};

/// A decode that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rehearsal {
    /// Never ends.
    Hang,
    /// Asks for this much memory, in pieces of one mebibyte.
    Devour {
        /// Mebibytes.
        mebibytes: u32,
    },
    /// Panics.
    Panic,
    /// Uses up its stack.
    Overflow,
    /// Writes what is no answer.
    Babble,
    /// Tries to reach everything outside.
    Reach,
}

/// One thing that was tried, and the system's error number; None when it was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// What was tried.
    pub what: String,
    /// The system's error number.
    pub refused: Option<i32>,
}

impl Rehearsal {
    pub(super) fn perform(self) -> Vec<Probe> {
        match self {
            Self::Hang => loop {
                black_box(Instant::now());
            },
            Self::Devour { mebibytes } => {
                let piece = || vec![black_box(1u8); 1024 * 1024];
                let pieces: Vec<Vec<u8>> = (0..mebibytes).map(|_| piece()).collect();
                black_box(&pieces);
                Vec::new()
            }
            #[allow(clippy::panic, reason = "the panic is what is rehearsed")]
            Self::Panic => panic!("rehearsed"),
            Self::Overflow => vec![Probe { what: deep(1).to_string(), refused: None }],
            Self::Babble => {
                println!("{}", "x".repeat(64));
                Vec::new()
            }
            Self::Reach => reach(),
        }
    }
}

#[allow(unconditional_recursion, reason = "the overflow is what is rehearsed")]
fn deep(level: u64) -> u64 {
    let room = black_box([level; 512]);
    black_box(deep(level + 1)) + room.first().copied().unwrap_or_default()
}

fn reach() -> Vec<Probe> {
    let temporary = std::env::temp_dir().join("satchel-rehearsal");
    vec![
        probe("read a file", || std::fs::read("/etc/passwd").map(drop)),
        probe("list a folder", || std::fs::read_dir("/").map(drop)),
        probe("write a file", || std::fs::write(&temporary, b"x")),
        probe("remove a file", || std::fs::remove_file(&temporary)),
        probe("connect", || TcpStream::connect(("127.0.0.1", 1)).map(drop)),
        probe("listen", || TcpListener::bind(("127.0.0.1", 0)).map(drop)),
        probe("send", || UdpSocket::bind(("127.0.0.1", 0)).map(drop)),
        probe("start a program", || Command::new("/bin/true").status().map(drop)),
    ]
}

fn probe(what: &str, tried: impl FnOnce() -> std::io::Result<()>) -> Probe {
    let refused = tried().err().map(|error| error.raw_os_error().unwrap_or(-1));
    Probe { what: what.to_owned(), refused }
}
