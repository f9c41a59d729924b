//! What a disk holds, and everything that was asked of it, in order.

use std::collections::BTreeMap;

/// A file, whatever it is called now.
pub(super) type FileId = usize;

/// Names and files.
#[derive(Clone, Debug, Default)]
pub(super) struct Contents {
    pub(super) names: BTreeMap<String, FileId>,
    pub(super) files: BTreeMap<FileId, Vec<u8>>,
}

/// One thing that was asked of the disk.
#[derive(Clone, Debug)]
pub(super) enum Change {
    /// Bytes into a file.
    Write { file: FileId, at: usize, bytes: Vec<u8> },
    /// A file cut short or made longer.
    Resize { file: FileId, size: usize },
    /// Names that come, go or move together.
    Names { names: Vec<(String, Option<FileId>)> },
    /// Make what was written to a file durable. A drive that ignores flushes does not heed it.
    Sync { file: FileId, heeded: bool },
    /// Make the names durable.
    SyncNames { heeded: bool },
}

/// Why the disk did not do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// There is no such file.
    Absent,
    /// There is no room.
    Full,
    /// The disk failed, or has no power.
    Failed,
}

/// What a disk can be told to do badly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// There is no more room: whatever makes a file longer is refused until [`super::Disk::mend`].
    Full,
    /// One write is refused.
    Write,
    /// One sync is refused; what it was for stays as it was.
    Sync,
    /// One read is refused.
    Read,
    /// One read brings only half of what is there.
    ShortRead,
}

#[derive(Debug)]
struct Planned {
    failure: Failure,
    after: u64,
}

/// A disk: what the operating system shows, and the way there from what is durable.
#[derive(Debug, Default)]
pub(super) struct Medium {
    pub(super) base: Contents,
    pub(super) now: Contents,
    pub(super) history: Vec<Change>,
    /// Places in the history of everything that syncs.
    pub(super) syncs: Vec<usize>,
    pub(super) locked: bool,
    ignores_flushes: bool,
    unplugged: bool,
    planned: Option<Planned>,
}

impl Contents {
    pub(super) fn apply(&mut self, change: &Change) {
        match change {
            Change::Write { file, at, bytes } => {
                let held = self.file_mut(*file);
                if held.len() < at + bytes.len() {
                    held.resize(at + bytes.len(), 0);
                }
                if let Some(place) = held.get_mut(*at..at + bytes.len()) {
                    place.copy_from_slice(bytes);
                }
            }
            Change::Resize { file, size } => self.file_mut(*file).resize(*size, 0),
            Change::Names { names } => {
                for (name, file) in names {
                    match file {
                        Some(file) => {
                            self.file_mut(*file);
                            self.names.insert(name.clone(), *file);
                        }
                        None => drop(self.names.remove(name)),
                    }
                }
            }
            Change::Sync { .. } | Change::SyncNames { .. } => {}
        }
    }

    pub(super) fn size(&self, file: FileId) -> usize {
        self.files.get(&file).map_or(0, Vec::len)
    }

    /// Without files that have no name.
    pub(super) fn reachable(mut self) -> Self {
        let mut kept = Self::default();
        for (name, file) in self.names {
            let bytes = self.files.remove(&file).unwrap_or_default();
            kept.files.insert(kept.names.len(), bytes);
            kept.names.insert(name, kept.names.len());
        }
        kept
    }

    fn file_mut(&mut self, file: FileId) -> &mut Vec<u8> {
        self.files.entry(file).or_default()
    }
}

impl Change {
    fn is_of(&self, of: FileId) -> bool {
        match self {
            Self::Write { file, .. } | Self::Resize { file, .. } => *file == of,
            Self::Names { .. } | Self::Sync { .. } | Self::SyncNames { .. } => false,
        }
    }
}

impl Medium {
    /// A disk on which all of `contents` is durable.
    pub(super) fn holding(contents: Contents) -> Self {
        Self { base: contents.clone(), now: contents, ..Self::default() }
    }

    /// What is durable once `syncs` syncs have been heeded, and what was asked since, up to just
    /// before the next sync.
    pub(super) fn at(&self, syncs: usize) -> (Contents, Vec<&Change>) {
        let end = self.syncs.get(syncs).copied().unwrap_or(self.history.len());
        let mut durable = self.base.clone();
        let mut pending: Vec<&Change> = Vec::new();
        for change in self.history.iter().take(end) {
            let settles = |p: &Change| match change {
                Change::Sync { file, heeded } => *heeded && p.is_of(*file),
                Change::SyncNames { heeded } => *heeded && matches!(p, Change::Names { .. }),
                Change::Write { .. } | Change::Resize { .. } | Change::Names { .. } => false,
            };
            match change {
                Change::Sync { .. } | Change::SyncNames { .. } => {
                    pending.retain(|p| {
                        let settled = settles(p);
                        settled.then(|| durable.apply(p));
                        !settled
                    });
                }
                Change::Write { .. } | Change::Resize { .. } | Change::Names { .. } => {
                    pending.push(change);
                }
            }
        }
        (durable, pending)
    }

    pub(super) fn set_ignores_flushes(&mut self, ignores: bool) {
        self.ignores_flushes = ignores;
    }

    pub(super) fn unplug(&mut self) {
        self.unplugged = true;
    }

    pub(super) fn plan(&mut self, planned: Option<(Failure, u64)>) {
        self.planned = planned.map(|(failure, after)| Planned { failure, after });
    }

    pub(super) fn find(&self, name: &str) -> Option<FileId> {
        self.now.names.get(name).copied()
    }

    /// Finds a file or makes it, and says whether it was made. One without a name is new.
    pub(super) fn open(
        &mut self,
        name: Option<&str>,
        make: bool,
    ) -> Result<(FileId, bool), Trouble> {
        self.powered()?;
        if let Some(file) = name.and_then(|name| self.find(name)) {
            return Ok((file, false));
        }
        if !make {
            return Err(Trouble::Absent);
        }
        let file = self.now.files.last_key_value().map_or(0, |(last, _)| last + 1);
        self.now.files.insert(file, Vec::new());
        if let Some(name) = name {
            self.note(Change::Names { names: vec![(name.to_owned(), Some(file))] });
        }
        Ok((file, true))
    }

    /// Reads into `buffer` and says how much there was.
    pub(super) fn read(
        &mut self,
        file: FileId,
        at: usize,
        buffer: &mut [u8],
    ) -> Result<usize, Trouble> {
        self.powered()?;
        if self.fails(Failure::Read) {
            return Err(Trouble::Failed);
        }
        let is_short = self.fails(Failure::ShortRead);
        let held = self.now.files.get(&file).and_then(|f| f.get(at..)).unwrap_or_default();
        let there = held.len().min(buffer.len());
        let read = if is_short { there / 2 } else { there };
        buffer.iter_mut().zip(held.iter().take(read)).for_each(|(to, from)| *to = *from);
        Ok(read)
    }

    pub(super) fn write(&mut self, file: FileId, at: usize, bytes: &[u8]) -> Result<(), Trouble> {
        self.powered()?;
        if self.fails(Failure::Write) {
            return Err(Trouble::Failed);
        }
        if at + bytes.len() > self.now.size(file) && self.fails(Failure::Full) {
            return Err(Trouble::Full);
        }
        self.note(Change::Write { file, at, bytes: bytes.to_vec() });
        Ok(())
    }

    pub(super) fn resize(&mut self, file: FileId, size: usize) -> Result<(), Trouble> {
        self.powered()?;
        self.note(Change::Resize { file, size });
        Ok(())
    }

    pub(super) fn rename(&mut self, from: &str, to: &str) -> Result<(), Trouble> {
        self.powered()?;
        let file = self.find(from).ok_or(Trouble::Absent)?;
        let names = vec![(from.to_owned(), None), (to.to_owned(), Some(file))];
        self.note(Change::Names { names });
        Ok(())
    }

    pub(super) fn remove(&mut self, name: &str) -> Result<(), Trouble> {
        self.powered()?;
        self.find(name).ok_or(Trouble::Absent)?;
        self.note(Change::Names { names: vec![(name.to_owned(), None)] });
        Ok(())
    }

    pub(super) fn sync(&mut self, file: FileId) -> Result<(), Trouble> {
        let heeded = !self.ignores_flushes;
        self.sync_with(Change::Sync { file, heeded })
    }

    pub(super) fn sync_names(&mut self) -> Result<(), Trouble> {
        let heeded = !self.ignores_flushes;
        self.sync_with(Change::SyncNames { heeded })
    }

    fn sync_with(&mut self, sync: Change) -> Result<(), Trouble> {
        self.powered()?;
        if self.fails(Failure::Sync) {
            return Err(Trouble::Failed);
        }
        self.syncs.push(self.history.len());
        self.note(sync);
        Ok(())
    }

    fn note(&mut self, change: Change) {
        self.now.apply(&change);
        self.history.push(change);
    }

    fn powered(&self) -> Result<(), Trouble> {
        if self.unplugged { Err(Trouble::Failed) } else { Ok(()) }
    }

    /// Whether the failure that was planned happens now.
    fn fails(&mut self, failure: Failure) -> bool {
        let Some(planned) = self.planned.as_mut().filter(|p| p.failure == failure) else {
            return false;
        };
        if planned.after > 0 {
            planned.after -= 1;
            return false;
        }
        if failure != Failure::Full {
            self.planned = None;
        }
        true
    }
}
