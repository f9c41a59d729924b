//! How long somebody waits who gave wrong passphrases. It is kept in a file, so that starting anew
//! does not help.

use std::io::Write;
use std::path::{Path, PathBuf};

use satchel_core::clock::Moment;
use serde::{Deserialize, Serialize};

use crate::api::ApiError;

/// Wrong tries that cost nothing: people mistype.
const FREE: u32 = 3;

/// Seconds to wait after each further one; the last stands for all later ones.
const WAITS_S: [u64; 6] = [5, 15, 60, 180, 420, 900];

/// Wrong passphrases since the last right one. No personal data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    wrong: u32,
    /// Start of the machine in which the wait runs, and when it began, since that start.
    boot: u64,
    since_ms: u64,
}

/// Counts wrong passphrases. Time is counted since the machine started: a clock that somebody sets
/// changes nothing, and a restart begins the wait anew.
#[derive(Debug)]
pub(crate) struct Tries {
    file: PathBuf,
    /// What holds while the file cannot be written.
    kept: Kept,
}

impl Tries {
    pub(crate) fn read(file: &Path) -> Self {
        let kept = std::fs::read(file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Self { file: file.to_owned(), kept: kept.unwrap_or_default() }
    }

    /// Refuses while somebody has to wait.
    ///
    /// # Errors
    /// `too_many_tries`, with the seconds that are left.
    pub(crate) fn check(&mut self, now: &Moment) -> Result<(), ApiError> {
        // Another program may have counted meanwhile.
        let there = Self::read(&self.file).kept;
        if there.wrong > self.kept.wrong {
            self.kept = there;
        }
        let wait_ms = self.wait_ms();
        if wait_ms > 0 && self.kept.boot != now.boot {
            (self.kept.boot, self.kept.since_ms) = (now.boot, now.boot_ms);
            self.write();
        }
        let left_ms = wait_ms.saturating_sub(now.boot_ms.saturating_sub(self.kept.since_ms));
        match left_ms.div_ceil(1000) {
            0 => Ok(()),
            seconds => Err(ApiError::new("too_many_tries").with(seconds.to_string())),
        }
    }

    /// Counts what an attempt came to.
    pub(crate) fn count<T>(
        &mut self,
        tried: Result<T, ApiError>,
        now: &Moment,
    ) -> Result<T, ApiError> {
        match &tried {
            Ok(_) if self.kept != Kept::default() => {
                self.kept = Kept::default();
                let _ = std::fs::remove_file(&self.file);
            }
            Err(fault) if fault.code == "wrong_passphrase" => {
                let wrong = self.kept.wrong.saturating_add(1);
                self.kept = Kept { wrong, boot: now.boot, since_ms: now.boot_ms };
                self.write();
            }
            Ok(_) | Err(_) => {}
        }
        tried
    }

    fn wait_ms(&self) -> u64 {
        let Some(beyond) = self.kept.wrong.checked_sub(FREE + 1) else { return 0 };
        let place = usize::try_from(beyond).unwrap_or(usize::MAX).min(WAITS_S.len() - 1);
        WAITS_S.get(place).map_or(0, |seconds| seconds * 1000)
    }

    /// A full disk keeps nobody out: the count in memory holds meanwhile.
    fn write(&self) {
        let next = self.file.with_extension("new");
        let write = || -> std::io::Result<()> {
            let mut file = std::fs::File::create(&next)?;
            file.write_all(&serde_json::to_vec(&self.kept).unwrap_or_default())?;
            file.sync_all()?;
            std::fs::rename(&next, &self.file)
        };
        let _ = write();
    }
}

#[cfg(test)]
#[path = "tries_tests.rs"]
mod tests;
