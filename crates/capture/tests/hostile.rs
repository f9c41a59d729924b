//! Damaged and hostile files through the worker: every one becomes a photo or a coded refusal, none
//! takes the app along, none takes much longer than five seconds.
//!
//! `SATCHEL_MUTATIONS=100000 SATCHEL_SEED=7` sets how many and which; `SATCHEL_FILES=DIR` names a
//! folder whose files are taken instead of ours, such as an unpacked source distribution of Pillow.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use satchel_capture::Darkroom;
use satchel_fixtures::{
    Chance, Exif, JpegFile, Mutations, PdfFile, Picture, PngFile, PngKind, TiffFile, WebpFile, bmp,
    display_p3,
};
use support::card_rule;

/// Five seconds, and what a busy machine adds to start the next worker.
const LONGEST: Duration = Duration::from_secs(40);

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

fn apart() -> Darkroom {
    Darkroom::apart_in(env!("CARGO_BIN_EXE_satchel-photo-worker").into())
}

/// Small, and with enough noise that every bit of a file counts.
fn small() -> Picture {
    let mut chance = Chance::new(4);
    let quarters = Picture::quarters(212, 204);
    Picture::drawn(212, 204, |x, y| {
        quarters.at(x, y).map(|level| level.saturating_add(chance.below(12) as u8))
    })
}

fn sound_files() -> Vec<(&'static str, Vec<u8>)> {
    let small = small();
    let jpeg = || JpegFile::of(&small).quality(60);
    vec![
        ("jpeg", jpeg().exif(Exif::personal(6)).bytes()),
        ("progressive", jpeg().progressive().profile(&display_p3()).bytes()),
        ("four colours", jpeg().inks_as_ycck().bytes()),
        ("png", PngFile::of(&small, PngKind::Palette).interlaced().bytes()),
        ("webp", WebpFile::of(&small).exif(Exif::personal(8)).bytes()),
        ("tiff", TiffFile::of(&small).orientation(5).bytes()),
        ("bitmap", bmp(&small)),
        ("heic", include_bytes!("files/small.heic").to_vec()),
        ("pdf", PdfFile::scan(&small).points(212.0, 204.0).bytes()),
    ]
}

/// What became of files, by code; those that ended a worker with their names.
#[derive(Default)]
struct Tally {
    codes: BTreeMap<&'static str, u64>,
    ended: Vec<String>,
    longest: Duration,
}

impl Tally {
    fn take(&mut self, darkroom: &Darkroom, file: &[u8], name: impl FnOnce() -> String) {
        let began = Instant::now();
        let code =
            darkroom.prepare(file, &card_rule()).map_or_else(|fault| fault.code(), |_| "taken");
        self.longest = self.longest.max(began.elapsed());
        *self.codes.entry(code).or_default() += 1;
        if ["worker_crashed", "too_slow", "too_much_memory"].contains(&code) {
            self.ended.push(format!("{}: {code}", name()));
        }
        assert_ne!(code, "worker_unavailable");
    }

    fn judge(&self, what: &str) {
        println!("{what}: {:?}; the longest took {:?}", self.codes, self.longest);
        self.ended.iter().for_each(|ended| println!("  {ended}"));
        assert!(self.longest < LONGEST, "{:?}", self.longest);
    }
}

#[test]
fn mutated_files_are_taken_or_refused_with_a_code() {
    let (count, seed) = (number("SATCHEL_MUTATIONS", 360), number("SATCHEL_SEED", 20_261_129));
    let (files, darkroom) = (sound_files(), apart());
    let each = usize::try_from(count).unwrap().div_ceil(files.len());
    println!("seed {seed}, {each} mutations of each of {} files", files.len());
    for (name, file) in &files {
        let mut tally = Tally::default();
        tally.take(&darkroom, file, || (*name).to_owned());
        assert_eq!(tally.codes.get("taken"), Some(&1), "{name}: {:?}", tally.codes);
        for (index, damaged) in Mutations::new(file, seed).take(each).enumerate() {
            tally.take(&darkroom, &damaged, || format!("{name}, mutation {index}"));
        }
        tally.judge(name);
        assert!(tally.codes.len() > 1, "the mutations of {name} hit nothing");
    }
}

#[test]
fn files_of_a_folder_are_taken_or_refused_with_a_code() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files");
    let folder = std::env::var_os("SATCHEL_FILES").map_or(own, Into::into);
    let darkroom = apart();
    let mut tally = Tally::default();
    let mut folders = vec![folder.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let file = std::fs::read(&path).unwrap();
                tally.take(&darkroom, &file, || path.display().to_string());
            }
        }
    }
    tally.judge(&folder.display().to_string());
    assert!(tally.codes.values().sum::<u64>() > 0, "nothing in {folder:?}");
}
