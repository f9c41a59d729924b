//! Places at which a program that was built for tests dies when it is told to. Other programs have
//! neither the names nor the way to die.

/// A place of the store between two things that become durable one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailPoint {
    /// Both databases of a new vault are there, its header is not.
    VaultBeforeHeader,
    /// The header is there, and the mark of an unfinished creation still is.
    VaultAfterHeader,
    /// The lock says that the vault is open, and no database is open yet.
    MarkedOpen,
    /// An account of several is written, and the transaction is not over.
    AccountsHalfWritten,
    /// A draft is written, and not committed.
    DraftBeforeCommit,
    /// A draft is gone, and its photos' streams are not.
    DraftAfterRemoval,
    /// A photo's streams are durable, and its key is not.
    PhotoBeforeKey,
    /// The photos that come with a submission are durable, and it is not.
    SealAfterPhotos,
    /// A submission is written, and not committed.
    SealBeforeCommit,
    /// A submission is committed, and nobody was told.
    SealAfterCommit,
    /// An entry of a log is written with its index, and not committed.
    EntryBeforeCommit,
    /// Photos that nothing names are found, and not yet forgotten.
    SweepBeforeCommit,
    /// Their keys are gone, and their streams are not.
    SweepAfterCommit,
    /// One log is moved into its database, the other is not.
    BetweenCheckpoints,
    /// Both are moved, and the lock still says that the vault is open.
    BeforeMarkedClean,
}

/// Dies here when a test asked for it.
#[cfg(not(feature = "test-hooks"))]
pub(crate) const fn reach(_: FailPoint) {}

/// Dies here when a test asked for it.
#[cfg(feature = "test-hooks")]
pub(crate) fn reach(point: FailPoint) {
    armed::reached(point.name());
}

/// What only programs for tests have.
#[cfg(feature = "test-hooks")]
pub mod armed {
    use std::sync::LazyLock;
    use std::sync::atomic::{AtomicU32, Ordering};

    use rustix::process::{Signal, getpid, kill_process};

    use super::FailPoint;

    /// Names the place, and after a colon which passing of it is the last one: `name:2`.
    const ENVIRONMENT: &str = "SATCHEL_TEST_FAIL";

    static ASKED: LazyLock<Option<(String, u32)>> = LazyLock::new(|| {
        let text = std::env::var(ENVIRONMENT).ok()?;
        let (name, nth) = text.split_once(':').unwrap_or((&text, "1"));
        Some((name.to_owned(), nth.parse().ok()?))
    });
    static PASSED: AtomicU32 = AtomicU32::new(0);

    /// Dies here by SIGKILL, so that nothing is tidied up, when this is the passing that was asked
    /// for. Says so on standard error first.
    pub fn reached(name: &str) {
        let Some((_, nth)) = ASKED.as_ref().filter(|(asked, _)| asked == name) else { return };
        if PASSED.fetch_add(1, Ordering::SeqCst) + 1 != *nth {
            return;
        }
        eprintln!("fail point {name}");
        // Nothing may go on behind this line, whatever becomes of the signal.
        let _ = kill_process(getpid(), Signal::KILL);
        loop {
            std::thread::park();
        }
    }

    impl FailPoint {
        /// All of the store's.
        pub const ALL: [FailPoint; 15] = [
            FailPoint::VaultBeforeHeader,
            FailPoint::VaultAfterHeader,
            FailPoint::MarkedOpen,
            FailPoint::AccountsHalfWritten,
            FailPoint::DraftBeforeCommit,
            FailPoint::DraftAfterRemoval,
            FailPoint::PhotoBeforeKey,
            FailPoint::SealAfterPhotos,
            FailPoint::SealBeforeCommit,
            FailPoint::SealAfterCommit,
            FailPoint::EntryBeforeCommit,
            FailPoint::SweepBeforeCommit,
            FailPoint::SweepAfterCommit,
            FailPoint::BetweenCheckpoints,
            FailPoint::BeforeMarkedClean,
        ];

        /// The name by which it is asked for.
        pub fn name(self) -> &'static str {
            match self {
                FailPoint::VaultBeforeHeader => "vault_before_header",
                FailPoint::VaultAfterHeader => "vault_after_header",
                FailPoint::MarkedOpen => "marked_open",
                FailPoint::AccountsHalfWritten => "accounts_half_written",
                FailPoint::DraftBeforeCommit => "draft_before_commit",
                FailPoint::DraftAfterRemoval => "draft_after_removal",
                FailPoint::PhotoBeforeKey => "photo_before_key",
                FailPoint::SealAfterPhotos => "seal_after_photos",
                FailPoint::SealBeforeCommit => "seal_before_commit",
                FailPoint::SealAfterCommit => "seal_after_commit",
                FailPoint::EntryBeforeCommit => "entry_before_commit",
                FailPoint::SweepBeforeCommit => "sweep_before_commit",
                FailPoint::SweepAfterCommit => "sweep_after_commit",
                FailPoint::BetweenCheckpoints => "between_checkpoints",
                FailPoint::BeforeMarkedClean => "before_marked_clean",
            }
        }
    }
}
