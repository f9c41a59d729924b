//! A disk that is searched raw, free blocks and journal included, for values in every form in which
//! they could be written down. Only the administrator can mount one.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

pub const IMAGE_BYTES: u64 = 1 << 30;

/// A file that holds an ext4 file system, mounted while somebody works in it.
pub struct Image {
    pub file: PathBuf,
    at: PathBuf,
    mounted: bool,
}

impl Image {
    pub fn mounted(file: PathBuf, at: PathBuf) -> Self {
        File::create(&file).unwrap().set_len(IMAGE_BYTES).unwrap();
        run("mkfs.ext4", &["-q", "-F", file.to_str().unwrap()]);
        std::fs::create_dir_all(&at).unwrap();
        run("mount", &["-o", "loop,data=journal", file.to_str().unwrap(), at.to_str().unwrap()]);
        Self { file, at, mounted: true }
    }

    /// Everything is on the raw disk, and nobody writes to it any more.
    pub fn unmount(&mut self) {
        if std::mem::take(&mut self.mounted) {
            run("umount", &[self.at.to_str().unwrap()]);
        }
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        if self.mounted {
            let _ = Command::new("umount").arg("-l").arg(&self.at).status();
        }
    }
}

fn run(program: &str, arguments: &[&str]) {
    let status = Command::new(program).args(arguments).status();
    assert!(
        status.is_ok_and(|s| s.success()),
        "{program} {arguments:?}: are you the administrator?"
    );
}

/// The ways in which a value could be written down.
const ENCODINGS: [&str; 9] =
    ["plain", "undashed", "UTF-16", "base64", "base64 + 1", "base64 + 2", "hex", "URL", "JSON"];

/// A value in all of them; those that are the same as it came are left out.
fn encoded(value: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let undashed: Vec<u8> = value.iter().copied().filter(|b| *b != b'-').collect();
    let utf16: Vec<u8> = value.iter().flat_map(|b| [*b, 0]).collect();
    let hex: String = value.iter().map(|b| format!("{b:02x}")).collect();
    let url: String = value
        .iter()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' => char::from(*b).to_string(),
            other => format!("%{other:02X}"),
        })
        .collect();
    let json = value.iter().map(|b| format!("\\u{b:04x}")).collect::<String>();
    let mut all = vec![
        (ENCODINGS[0], value.to_vec()),
        (ENCODINGS[1], undashed),
        (ENCODINGS[2], utf16),
        (ENCODINGS[6], hex.into_bytes()),
        (ENCODINGS[7], url.into_bytes()),
        (ENCODINGS[8], json.into_bytes()),
    ];
    all.extend((0..3).map(|offset| (ENCODINGS[3 + offset], base64_inside(value, offset))));
    let mut distinct: Vec<(&'static str, Vec<u8>)> = Vec::new();
    for (name, bytes) in all {
        if distinct.iter().all(|(_, other)| *other != bytes) {
            distinct.push((name, bytes));
        }
    }
    distinct
}

/// The letters of base64 that hold nothing but the value, so many bytes into a group of three.
fn base64_inside(value: &[u8], offset: usize) -> Vec<u8> {
    use base64::Engine;
    let padded = [vec![b'x'; offset], value.to_vec()].concat();
    let text = base64::engine::general_purpose::STANDARD_NO_PAD.encode(&padded).into_bytes();
    text[[0, 2, 3][offset]..padded.len() * 8 / 6].to_vec()
}

/// Looks for many things in one pass.
pub struct Search {
    by_start: HashMap<[u8; 4], Vec<usize>>,
    pairs: Vec<bool>,
    pub needles: Vec<(&'static str, Vec<u8>)>,
}

impl Search {
    pub fn of(canaries: &[Vec<u8>]) -> Self {
        let needles: Vec<_> = canaries.iter().flat_map(|canary| encoded(canary)).collect();
        let (mut by_start, mut pairs) = (HashMap::<_, Vec<_>>::new(), vec![false; 1 << 16]);
        for (index, (_, needle)) in needles.iter().enumerate() {
            by_start.entry(start(needle).unwrap()).or_default().push(index);
            pairs[(usize::from(needle[0]) << 8) | usize::from(needle[1])] = true;
        }
        Self { by_start, pairs, needles }
    }

    /// How often something stands in a file, by its encoding.
    pub fn found_in(&self, file: &Path) -> BTreeMap<&'static str, usize> {
        let longest = self.needles.iter().map(|(_, needle)| needle.len()).max().unwrap();
        let mut found = BTreeMap::new();
        let mut file = File::open(file).unwrap();
        let (mut window, mut piece) = (Vec::new(), vec![0; 1 << 24]);
        loop {
            let read = file.read(&mut piece).unwrap();
            window.extend_from_slice(&piece[..read]);
            // What could go on in the next piece is looked at then.
            let until = if read == 0 { window.len() } else { window.len().saturating_sub(longest) };
            for at in 0..until {
                for name in self.at(&window[at..]) {
                    *found.entry(name).or_default() += 1;
                }
            }
            if read == 0 {
                return found;
            }
            window.drain(..until);
        }
    }

    fn at<'a>(&'a self, bytes: &'a [u8]) -> impl Iterator<Item = &'static str> + 'a {
        let pair = bytes.get(1).map(|second| (usize::from(bytes[0]) << 8) | usize::from(*second));
        let begins = pair.is_some_and(|pair| self.pairs[pair]);
        let indices = begins.then(|| self.by_start.get(&start(bytes)?)).flatten();
        let needles = indices.into_iter().flatten().map(|index| &self.needles[*index]);
        needles.filter(|(_, needle)| bytes.starts_with(needle)).map(|(name, _)| *name)
    }
}

fn start(bytes: &[u8]) -> Option<[u8; 4]> {
    bytes.get(..4)?.try_into().ok()
}

/// The same canaries in a plain database on another image; how many of them are found.
pub fn control(folder: &Path, canaries: &[Vec<u8>], search: &Search) -> usize {
    let mut image = Image::mounted(folder.join("plain.img"), folder.join("plain"));
    let database = image.at.join("plain.db");
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let rows: String = canaries
        .iter()
        .map(|canary| {
            let forms = encoded(canary);
            let values: Vec<_> =
                forms.iter().map(|(_, form)| format!("x'{}'", hex(form))).collect();
            values.iter().map(|value| format!("INSERT INTO people VALUES ({value});\n")).collect()
        })
        .collect::<Vec<String>>()
        .concat();
    let script = folder.join("plain.sql");
    let sql =
        format!("CREATE TABLE people (value BLOB);\nBEGIN;\n{rows}COMMIT;\nDELETE FROM people;\n");
    std::fs::write(&script, sql).unwrap();
    let read = format!(".read {}", script.display());
    run("sqlite3", &[database.to_str().unwrap(), &read]);
    image.unmount();
    let found = search.found_in(&image.file);
    println!("control, a plain database whose rows were deleted again: {found:?}");
    assert!(ENCODINGS.iter().all(|name| found.contains_key(name)), "each encoding is found");
    found.values().sum()
}

/// The middle of a picture: no other file has these bytes.
pub fn piece(photo: &[u8]) -> Vec<u8> {
    let middle = photo.len() / 2;
    photo[middle..middle + 24].to_vec()
}

#[test]
fn a_value_is_found_in_every_encoding_and_at_every_offset_of_base64() {
    use base64::Engine;
    let value = b"219-10-3000 & co".to_vec();
    let search = Search::of(std::slice::from_ref(&value));
    let found = |text: &[u8]| search.at(text).next();
    for (name, form) in encoded(&value) {
        assert_eq!(found(&form), Some(name));
    }
    for before in 0..3 {
        let text = [vec![7; before], value.clone(), vec![9; 2]].concat();
        let text = base64::engine::general_purpose::STANDARD.encode(text).into_bytes();
        let hits = (0..text.len()).filter_map(|at| found(&text[at..])).count();
        assert!(hits > 0, "{before} bytes before it");
    }
    assert_eq!(encoded(&value).len(), ENCODINGS.len());
    assert_eq!(found(b"219-10-3001 & co"), None);
}
