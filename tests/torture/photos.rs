//! Photos that all differ, and what each of them must arrive as.

use std::path::Path;

use satchel_fixtures::{JpegFile, Picture, Specimen};
use sha2::{Digest, Sha256};

use crate::applicants::Slot;
use crate::desk::Desk;
use crate::judge::SealedPhoto;

/// Pictures that are drawn; the others are stamped copies of them.
const DRAWN: usize = 4;
/// Pixels of one square of the stamp.
const SQUARE: usize = 16;
/// Photos of a provider's accounts in one vault when nothing is killed, with one to spare for each.
const NEEDED: usize = 18;
/// Squares of the stamp.
const BITS: usize = 12;

/// Photos of cards for one provider, prepared in advance to know what must arrive.
pub struct Shelf {
    files: Vec<(String, String)>,
    taken: usize,
}

impl Shelf {
    /// Takes `count` photos and lets `satchelctl prepare` say what each of them is sent as.
    pub fn new(desk: &Desk, provider: &str, paper: Slot, count: usize) -> Self {
        let drawn: Vec<Picture> = (0..DRAWN as u64)
            .map(|seed| Specimen::card(seed + 1).size(1_400, 1_050).picture())
            .collect();
        let (provided, out) = (format!("{provider}-photos"), format!("{provider}-prepared"));
        let at = |name: &str| desk.folder.path().join(name);
        std::fs::create_dir(at(&provided)).unwrap();
        let files: Vec<String> = (0..count)
            .map(|number| {
                let picture = stamped(&drawn[number % DRAWN], number);
                let name = format!("{provided}/{number}.jpg");
                desk.file(&name, &JpegFile::of(&picture).bytes())
            })
            .collect();
        let out = at(&out);
        let mut arguments = vec!["prepare", "--provider", provider, "--type", paper.0, "--out"];
        arguments.push(out.to_str().unwrap());
        arguments.extend(files.iter().map(String::as_str));
        let prepared = desk.done(&arguments);
        let prepared = prepared["photos"].as_array().unwrap();
        let arrives = prepared.iter().map(|photo| {
            assert_ne!(photo["prepared"]["report"]["verdict"], "bad", "{photo}");
            sha256_of(Path::new(photo["file"].as_str().unwrap()))
        });
        let files: Vec<(String, String)> = files.iter().cloned().zip(arrives).collect();
        assert_eq!(files.len(), count);
        Self { files, taken: 0 }
    }

    /// Puts every photo back: another vault begins.
    pub fn refill(&mut self) {
        self.taken = 0;
    }

    /// Whether what is left is needed for tries that nobody kills.
    pub fn is_low(&self) -> bool {
        self.files.len() - self.taken < NEEDED
    }

    /// A photo for each slot that was not used since the shelf was filled: the file, and what is
    /// sealed.
    pub fn take(&mut self, slots: &[Slot]) -> Vec<(String, SealedPhoto)> {
        let first = self.taken;
        self.taken += slots.len();
        assert!(self.taken <= self.files.len(), "the shelf is empty");
        let photos = self.files[first..].iter().zip(slots);
        photos
            .map(|((file, sha256), (document, side))| {
                let (document, sha256) = ((*document).to_owned(), sha256.clone());
                (file.clone(), SealedPhoto { document, side, sha256 })
            })
            .collect()
    }
}

/// A row of squares in the corner that spell a number, just visible.
fn stamped(picture: &Picture, number: usize) -> Picture {
    let mut copy = picture.clone();
    let row = 3 * picture.width as usize;
    for (at, level) in copy.rgb.iter_mut().take(row * SQUARE).enumerate() {
        let bit = at % row / 3 / SQUARE;
        if bit < BITS && number >> bit & 1 == 1 {
            *level = level.wrapping_add(40);
        }
    }
    copy
}

fn sha256_of(file: &Path) -> String {
    let digest = Sha256::digest(std::fs::read(file).unwrap());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
