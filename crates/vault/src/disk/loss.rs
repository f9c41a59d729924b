//! What is left when the power goes: the durable part, and some of what was not synced.

use satchel_core::chance::Chance;

use super::medium::{Change, Contents, FileId};

/// How much of what was not synced reached the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrived {
    /// Nothing.
    Nothing,
    /// Everything.
    Everything,
    /// Some of the writes, drawn at random: any of them, or those before a moment. Of two that
    /// overlap, the later one wins where both arrived.
    Some,
    /// As [`Arrived::Some`], and writes stop at borders of sectors of so many bytes.
    Torn(usize),
}

/// One loss of power.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    /// How many syncs were complete.
    pub syncs: usize,
    /// What else arrived.
    pub arrived: Arrived,
    /// How many changes were neither synced nor refused.
    pub pending: usize,
}

/// Sizes of a sector: of old drives, and of today's.
pub(super) const SECTORS: [usize; 2] = [512, 4096];

/// What is found after the power came back.
pub(super) fn left(
    durable: &Contents,
    pending: &[Change],
    arrived: Arrived,
    chance: &mut Chance,
) -> Contents {
    let mut found = durable.clone();
    let share = [15, 50, 85].get(draw(chance, 3)).copied().unwrap_or(50);
    // A moment before which all arrived, and after which nothing did.
    let moment = (chance.below(4) == 0).then(|| draw(chance, pending.len() + 1));
    let torn = draw(chance, pending.len());
    for (n, change) in pending.iter().enumerate() {
        let whole = match (arrived, moment) {
            (Arrived::Nothing, _) => false,
            (Arrived::Everything, _) => true,
            (Arrived::Some | Arrived::Torn(_), Some(moment)) => n < moment,
            (Arrived::Some | Arrived::Torn(_), None) => chance.below(100) < share,
        };
        match arrived {
            Arrived::Torn(sector) if n == torn || chance.below(4) == 0 => {
                tear(&mut found, change, sector, chance);
            }
            Arrived::Nothing | Arrived::Everything | Arrived::Some | Arrived::Torn(_) => {
                if whole {
                    found.apply(change);
                } else if arrived != Arrived::Nothing {
                    grow(&mut found, change, chance);
                }
            }
        }
    }
    found.reachable()
}

/// A write that was lost may have made the file longer all the same: with zeros, or with what the
/// sectors held before.
fn grow(found: &mut Contents, change: &Change, chance: &mut Chance) {
    let Change::Write { file, at, bytes } = change else { return };
    let end = at + bytes.len();
    let size = found.size(*file);
    if size >= end || chance.below(2) == 0 {
        return;
    }
    found.apply(&Change::Resize { file: *file, size: end });
    if chance.below(2) == 0 {
        let stale = chance.below(256);
        let bytes = (size..end).map(|n| (stale as usize ^ n) as u8).collect();
        found.apply(&Change::Write { file: *file, at: size, bytes });
    }
}

/// Some sectors of a write arrive: the first, the last, or any.
fn tear(found: &mut Contents, change: &Change, sector: usize, chance: &mut Chance) {
    let Change::Write { file, at, bytes } = change else {
        if chance.below(2) == 0 {
            found.apply(change);
        }
        return;
    };
    let pieces = pieces(*file, *at, bytes, sector);
    let cut = draw(chance, pieces.len() + 1);
    let way = chance.below(3);
    for (n, piece) in pieces.iter().enumerate() {
        let arrives = match way {
            0 => n < cut,
            1 => n >= cut,
            _ => chance.below(2) == 0,
        };
        if arrives {
            found.apply(piece);
        } else {
            grow(found, piece, chance);
        }
    }
}

/// A write, cut at the borders of sectors.
fn pieces(file: FileId, at: usize, bytes: &[u8], sector: usize) -> Vec<Change> {
    let (mut rest, mut at) = (bytes, at);
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        let room = sector - at % sector;
        let (piece, behind) = rest.split_at(room.min(rest.len()));
        pieces.push(Change::Write { file, at, bytes: piece.to_vec() });
        (rest, at) = (behind, at + piece.len());
    }
    pieces
}

fn draw(chance: &mut Chance, end: usize) -> usize {
    usize::try_from(chance.below(end as u64)).unwrap_or(0)
}
