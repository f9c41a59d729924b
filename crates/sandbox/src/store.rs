//! What survives a restart: one line of JSON per change of state, and the photos beside it.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use hyper::body::Bytes;
use serde::{Deserialize, Serialize};

use crate::digest::sha256_hex;
use crate::journal::JournalEntry;
use crate::options::StartError;
use crate::state::{KycDraft, StoredFile, WepayAccount, WinterAccount};
use crate::world::Meta;

/// All that one request changed; later lines replace what earlier ones said of the same thing.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Change {
    pub(crate) meta: Option<Meta>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) wepay: Vec<WepayAccount>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) drafts: Vec<KycDraft>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) files: Vec<StoredFile>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) winter: Vec<WinterAccount>,
    /// Repeated here so that state and journal cannot part when the process is killed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) journal: Vec<JournalEntry>,
}

/// The file of changes.
#[derive(Debug)]
pub(crate) struct Store {
    path: PathBuf,
    file: File,
    /// Held for as long as the store is open.
    _lock: File,
}

impl Store {
    /// Opens the store under a folder and gives what it holds; a torn last line is cut off, for
    /// its request was never answered.
    pub(crate) fn open(folder: &Path) -> Result<(Store, Vec<Change>), StartError> {
        let fault = |error| StartError::Data(folder.to_owned(), error);
        fs::create_dir_all(folder).map_err(fault)?;
        let lock = File::create(folder.join("lock")).map_err(fault)?;
        lock.try_lock().map_err(|_| StartError::InUse(folder.to_owned()))?;
        let path = folder.join("state.jsonl");
        let file = OpenOptions::new().read(true).append(true).create(true).open(&path);
        let file = file.map_err(fault)?;
        let mut changes = Vec::new();
        let mut whole = 0;
        let mut reader = BufReader::new(&file);
        let mut line = String::new();
        while reader.read_line(&mut line).map_err(fault)? > 0 {
            if !line.ends_with('\n') {
                break;
            }
            let change = serde_json::from_str(&line).map_err(|error| {
                StartError::BrokenState(path.clone(), changes.len() + 1, error.to_string())
            })?;
            changes.push(change);
            whole += line.len() as u64;
            line.clear();
        }
        file.set_len(whole).map_err(fault)?;
        Ok((Store { path, file, _lock: lock }, changes))
    }

    /// Appends one change.
    pub(crate) fn append(&mut self, change: &Change) -> io::Result<()> {
        let mut line = serde_json::to_vec(change)?;
        line.push(b'\n');
        self.file.write_all(&line)
    }

    /// Replaces all lines by one that says the same.
    pub(crate) fn compact(&mut self, all: &Change) -> io::Result<()> {
        let mut line = serde_json::to_vec(all)?;
        line.push(b'\n');
        write_atomically(&self.path, &line)?;
        self.file = OpenOptions::new().append(true).open(&self.path)?;
        Ok(())
    }
}

/// The photos, by the hash of their bytes.
#[derive(Debug)]
pub(crate) enum Photos {
    Memory(HashMap<String, Bytes>),
    Folder(PathBuf),
}

impl Photos {
    pub(crate) fn open(data: Option<&Path>) -> Result<Photos, StartError> {
        let Some(data) = data else {
            return Ok(Photos::Memory(HashMap::new()));
        };
        let folder = data.join("photos");
        fs::create_dir_all(&folder).map_err(|error| StartError::Data(folder.clone(), error))?;
        Ok(Photos::Folder(folder))
    }

    /// Keeps the bytes and gives their hash.
    pub(crate) fn keep(&mut self, bytes: Bytes) -> io::Result<String> {
        let sha256 = sha256_hex(&bytes);
        match self {
            Photos::Memory(photos) => {
                photos.insert(sha256.clone(), bytes);
            }
            Photos::Folder(folder) => {
                let path = folder.join(&sha256);
                if !path.exists() {
                    write_atomically(&path, &bytes)?;
                }
            }
        }
        Ok(sha256)
    }

    pub(crate) fn read(&self, sha256: &str) -> Option<Bytes> {
        match self {
            Photos::Memory(photos) => photos.get(sha256).cloned(),
            Photos::Folder(folder) => {
                let is_hash = sha256.len() == 64 && sha256.bytes().all(|b| b.is_ascii_hexdigit());
                let bytes = is_hash.then(|| fs::read(folder.join(sha256)).ok()).flatten()?;
                Some(bytes.into())
            }
        }
    }
}

fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = File::create(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)
}
