//! Nothing personal leaves the vault in the clear; the same search finds it in a plain store.

use std::path::{Path, PathBuf};

use satchel_fixtures::{Exif, GPS_MARK, JpegFile, Specimen};

use crate::answers::individual_us;
use crate::world::World;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_field_no_photo_and_no_place_is_found_in_the_apps_folder() {
    let world = World::connected().await;
    world.offline();
    let row = world.account("wepay", "individual", "US");
    let picture = Specimen::card(11).picture();
    let photo = JpegFile::of(&picture).exif(Exif::personal(6)).bytes();
    let answers = individual_us();
    world.onboard(&row.id, &answers, &[("passport", "front", &photo)]);
    world.until(&row.id, "waiting_no_network").await;
    let draft = world.satchel.account_show(&row.id).unwrap();
    let sent = draft.documents[0].photos[0].id.clone().unwrap();
    let upload = world.satchel.photo_bytes(&sent, "upload").unwrap();

    let mut canaries = canaries(&answers, &photo);
    canaries.extend(encodings(&upload[upload.len() / 2..upload.len() / 2 + 24]));
    assert!(!contains(&upload, &[GPS_MARK.into()]), "what is sent names no place");
    assert_eq!(found(world.folder.path(), &canaries), Vec::<PathBuf>::new(), "while it is open");
    let folder = world.end().await;
    assert_eq!(found(folder.path(), &canaries), Vec::<PathBuf>::new(), "after it was locked");

    let plain = tempfile::tempdir().unwrap();
    let json = serde_json::to_vec(&answers).unwrap();
    std::fs::write(plain.path().join("plain.db"), [json, photo].concat()).unwrap();
    assert_eq!(found(plain.path(), &canaries).len(), 1, "the search can fail");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_vault_is_no_plain_database_and_photos_hold_sealed_chunks_alone() {
    let world = World::connected().await;
    let row = world.account("wepay", "individual", "US");
    world.offline();
    world.onboard(&row.id, &individual_us(), &[("passport", "front", &Specimen::card(12).jpeg())]);
    let folder = world.end().await;
    let vault = std::fs::read(folder.path().join("vault/vault.db")).unwrap();
    assert!(!vault.starts_with(b"SQLite format 3"), "the first page is encrypted too");
    let read = std::process::Command::new("sqlite3")
        .arg(folder.path().join("vault/vault.db"))
        .arg("select count(*) from sqlite_master")
        .output()
        .unwrap();
    assert!(!read.status.success(), "{}", String::from_utf8_lossy(&read.stdout));
    let photos = std::fs::read(folder.path().join("vault/photos.db")).unwrap();
    for start in [&[0xFF, 0xD8, 0xFF][..], b"JFIF", b"\x89PNG", b"Exif"] {
        let hits = photos.windows(start.len()).filter(|w| *w == start).count();
        // Three chosen bytes turn up by chance once in 16 MB; four do not.
        assert!(hits <= usize::from(start.len() == 3), "{start:?} stands {hits} times");
    }
}

/// What must not be found: long answers, a piece of a photo and the place where it was taken.
pub fn canaries(answers: &[(&str, &str)], photo: &[u8]) -> Vec<Vec<u8>> {
    let long = answers.iter().filter(|(_, value)| value.len() >= 7);
    let mut canaries: Vec<Vec<u8>> =
        long.flat_map(|(_, value)| encodings(value.as_bytes())).collect();
    canaries.extend(encodings(&photo[photo.len() / 2..photo.len() / 2 + 24]));
    canaries.extend(encodings(GPS_MARK.as_bytes()));
    canaries
}

/// Plain, UTF-16, base64 at its three offsets, and hex in both cases.
fn encodings(value: &[u8]) -> Vec<Vec<u8>> {
    let utf16: Vec<u8> = value.iter().flat_map(|b| [*b, 0]).collect();
    let hex: String = value.iter().map(|b| format!("{b:02x}")).collect();
    let mut all = vec![value.to_vec(), utf16, hex.to_uppercase().into_bytes(), hex.into_bytes()];
    for offset in 0..3 {
        let padded = [vec![b'x'; offset], value.to_vec()].concat();
        let text = base64(&padded);
        // The characters at both ends also hold bits of what stands around the value.
        let from = [0, 2, 3][offset];
        let until = (padded.len() * 8 / 6).min(text.len());
        all.push(text[from..until].to_vec());
    }
    all
}

fn base64(bytes: &[u8]) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let group = |chunk: &[u8]| {
        let mut bits = [0; 3];
        bits[..chunk.len()].copy_from_slice(chunk);
        let n = (u32::from(bits[0]) << 16) | (u32::from(bits[1]) << 8) | u32::from(bits[2]);
        [18, 12, 6, 0].map(|shift| LETTERS[(n >> shift) as usize & 63])
    };
    bytes.chunks(3).flat_map(group).collect()
}

/// Files under a folder in which a canary stands.
pub fn found(folder: &Path, canaries: &[Vec<u8>]) -> Vec<PathBuf> {
    let mut hits = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            hits.extend(found(&path, canaries));
        } else {
            let bytes = std::fs::read(&path).unwrap();
            if contains(&bytes, canaries) {
                hits.push(path);
            }
        }
    }
    hits
}

/// Looks for all at once: only where two bytes begin a canary is it compared.
fn contains(bytes: &[u8], canaries: &[Vec<u8>]) -> bool {
    let pair = |bytes: &[u8]| (usize::from(bytes[0]) << 8) | usize::from(bytes[1]);
    let mut begins = vec![false; 1 << 16];
    for canary in canaries {
        begins[pair(canary)] = true;
    }
    let mut places = bytes.windows(2).enumerate().filter(|(_, two)| begins[pair(two)]);
    places.any(|(at, _)| canaries.iter().any(|canary| bytes[at..].starts_with(canary)))
}
