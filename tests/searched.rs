//! What stands in the memory of a process, mapping by mapping.

use std::collections::BTreeMap;
use std::fs::File;
use std::os::unix::fs::FileExt;

/// A kind of memory, such as the heap or a stack, and what was found in it.
pub type Found = BTreeMap<String, Vec<String>>;

/// What must not be found, by its name.
pub type Needles = Vec<(String, Vec<u8>)>;

/// Looks through all memory of a process that can be read and is there: what was only reserved
/// holds nothing.
pub fn search(process: u32, needles: &Needles) -> Found {
    let maps = std::fs::read_to_string(format!("/proc/{process}/maps")).unwrap();
    let memory = File::open(format!("/proc/{process}/mem")).unwrap();
    let pages = File::open(format!("/proc/{process}/pagemap")).unwrap();
    let starts = Starts::of(needles);
    let mut found = Found::new();
    for line in maps.lines() {
        let mut words = line.split_whitespace();
        let (range, rights) = (words.next().unwrap(), words.next().unwrap());
        let name = words.nth(3).unwrap_or("[anonymous]");
        if !rights.starts_with('r') || name == "[vvar]" || name == "[vsyscall]" {
            continue;
        }
        let (from, to) = range.split_once('-').unwrap();
        let (from, to) =
            (u64::from_str_radix(from, 16).unwrap(), u64::from_str_radix(to, 16).unwrap());
        for (from, to) in resident(&pages, from, to) {
            let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
            // A mapping that went away in between holds nothing.
            let read = memory.read_at(&mut bytes, from).unwrap_or(0);
            for hit in starts.hits(&bytes[..read], needles) {
                found.entry(name.to_owned()).or_default().push(hit);
            }
        }
    }
    found
}

const PAGE_BYTES: u64 = 4096;

/// Runs of pages in memory or in swap between two addresses.
fn resident(pages: &File, from: u64, to: u64) -> Vec<(u64, u64)> {
    const IN_MEMORY_OR_SWAP: u64 = 3 << 62;
    let mut runs: Vec<(u64, u64)> = Vec::new();
    let mut entries = vec![0; 1 << 20];
    let mut at = from;
    while at < to {
        let wanted = usize::try_from((to - at) / PAGE_BYTES * 8).unwrap().min(entries.len());
        let read = pages.read_at(&mut entries[..wanted], at / PAGE_BYTES * 8).unwrap_or(0);
        if read == 0 {
            break;
        }
        for entry in entries[..read].chunks_exact(8) {
            let is_there = u64::from_ne_bytes(entry.try_into().unwrap()) & IN_MEMORY_OR_SWAP != 0;
            match runs.last_mut() {
                Some(run) if is_there && run.1 == at => run.1 = at + PAGE_BYTES,
                Some(_) | None if is_there => runs.push((at, at + PAGE_BYTES)),
                Some(_) | None => {}
            }
            at += PAGE_BYTES;
        }
    }
    runs
}

/// The first two bytes of everything that is looked for, so that one pass suffices.
struct Starts(Vec<Vec<usize>>);

impl Starts {
    fn of(needles: &Needles) -> Self {
        let mut starts = vec![Vec::new(); 1 << 16];
        for (index, (_, needle)) in needles.iter().enumerate() {
            starts[(usize::from(needle[0]) << 8) | usize::from(needle[1])].push(index);
        }
        Self(starts)
    }

    fn hits(&self, bytes: &[u8], needles: &Needles) -> Vec<String> {
        let mut hits = Vec::new();
        for (at, two) in bytes.windows(2).enumerate() {
            for index in &self.0[(usize::from(two[0]) << 8) | usize::from(two[1])] {
                let (name, needle) = &needles[*index];
                if bytes[at..].starts_with(needle) {
                    hits.push(name.clone());
                }
            }
        }
        hits
    }
}
