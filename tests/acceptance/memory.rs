//! After a lock nothing personal and no key is left in the program's memory; while it is open the
//! same search finds both.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdout, Command, Stdio};

use satchel_fixtures::{Exif, JpegFile, Specimen};
use satchel_vault::Vault;
use serde_json::json;

use crate::answers::individual_us;
use crate::desk::{Desk, PASSPHRASE};
use crate::searched::{Needles, search};

/// Locks in a row in the suite; a command of its own makes a hundred.
const LOCKS: usize = 5;

/// A lock is over within this, in microseconds, for 99 of 100.
const LOCK_US_MAX: u64 = 250_000;

/// `satchelctl` that stays, with memory that may be looked into.
struct Dweller {
    child: Child,
    said: BufReader<ChildStdout>,
}

impl Dweller {
    fn of(desk: &Desk) -> Self {
        let mut command: Command = desk.command(&["dwell"]);
        command.env("SATCHEL_TEST_MEMORY", "open").stdin(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.spawn().unwrap();
        let said = BufReader::new(child.stdout.take().unwrap());
        Self { child, said }
    }

    /// Has a word obeyed; answers how many microseconds it took.
    fn told(&mut self, word: &str) -> u64 {
        writeln!(self.child.stdin.as_mut().unwrap(), "{word}").unwrap();
        let mut line = String::new();
        self.said.read_line(&mut line).unwrap();
        let took = line.strip_prefix(word).expect("it obeys").trim();
        took.parse().unwrap()
    }
}

impl Drop for Dweller {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Answers, a piece of the photo as it is sent, and every key.
fn needles(desk: &Desk, upload: &[u8]) -> Needles {
    let text = |value: &str| (value.to_owned(), value.as_bytes().to_vec());
    let answers = individual_us();
    // Two of the answers are words that stand in the program itself.
    let own = |value: &&str| value.len() >= 7 && !["Illegible", "Documents"].contains(value);
    let mut needles: Needles =
        answers.iter().map(|(_, value)| *value).filter(own).map(text).collect();
    needles.push(text(PASSPHRASE));
    let middle = upload.len() / 2;
    needles.push(("photo".to_owned(), upload[middle..middle + 24].to_vec()));
    let vault = Vault::open(&desk.data().join("vault"), PASSPHRASE).unwrap();
    for (name, key) in vault.shown_keys() {
        let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        needles.push((format!("{name} key"), key.to_vec()));
        needles.push((format!("{name} key in hex"), hex.into_bytes()));
    }
    for secret in ["device.secret", "shred.key"] {
        let bytes = std::fs::read(desk.data().join("vault").join(secret)).unwrap();
        needles.push((secret.to_owned(), bytes));
    }
    needles
}

/// A vault with a submission that waits for a network, and what it was sealed from.
fn waiting() -> (Desk, Needles) {
    let desk = Desk::connected();
    let account = desk.account("wepay");
    let photo = JpegFile::of(&Specimen::card(21).picture()).exif(Exif::personal(6)).bytes();
    let card = desk.file("card.jpg", &photo);
    let out = desk.folder.path().join("prepared");
    let prepare = ["prepare", &card, "--provider", "wepay", "--type", "drivers_license", "--out"];
    desk.done(&[&prepare[..], &[out.to_str().unwrap()]].concat());
    let upload = std::fs::read_dir(&out).unwrap().map(|entry| entry.unwrap().path());
    let upload = upload.filter(|path| path.extension().is_some_and(|kind| kind == "jpg"));
    let upload = std::fs::read(upload.max().unwrap()).unwrap();
    let info = desk.info(&individual_us());
    let document = format!("drivers_license={card}");
    desk.done(&["submit", "--account", &account, "--info", &info, "--document", &document]);
    let needles = needles(&desk, &upload);
    (desk, needles)
}

fn locks() -> usize {
    std::env::var("SATCHEL_LOCKS").map_or(LOCKS, |text| text.parse().expect("SATCHEL_LOCKS"))
}

#[test]
fn after_each_lock_no_answer_no_photo_and_no_key_is_left_in_memory() {
    let (desk, needles) = waiting();
    // What is sent is held while it is out; a provider that never answers keeps it there.
    desk.fault(&json!({ "times": null, "fault": { "kind": "hang" } }));
    let mut dweller = Dweller::of(&desk);
    let mut took = Vec::new();
    for round in 0..locks() {
        dweller.told("open");
        dweller.told("look");
        if round == 0 {
            let found = search(dweller.child.id(), &needles);
            println!("open: {found:?}");
            let names: Vec<&String> = found.values().flatten().collect();
            for expected in ["log key", "config key", "row key", "219-09-8765", "photo"] {
                assert!(
                    names.iter().any(|name| *name == expected),
                    "{expected} is found while open"
                );
            }
        }
        took.push(dweller.told("lock"));
        let found = search(dweller.child.id(), &needles);
        assert!(found.is_empty(), "round {round}: {found:?}");
    }
    took.sort_unstable();
    let of_hundred = |share: usize| took[(took.len() * share / 100).min(took.len() - 1)];
    println!(
        "{} locks, {} things looked for: 0 found; p50 {} us, p99 {} us, max {} us",
        took.len(),
        needles.len(),
        of_hundred(50),
        of_hundred(99),
        took[took.len() - 1]
    );
    assert!(of_hundred(99) <= LOCK_US_MAX, "{took:?}");
}
