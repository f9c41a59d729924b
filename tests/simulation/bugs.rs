//! Bugs planted in the app loop, each of which an invariant must catch.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bug {
    /// Bytes leave before their intent is committed.
    SendBeforeRecord,
    /// An ambiguous attempt is told as not sent.
    RetryAmbiguousAtOnce,
    /// The clock runs ahead while an answer is missing.
    IgnoreQuiesce,
    /// After a crash the open attempt is forgotten.
    ForgetRestart,
    /// What was committed since the last minute is gone after a crash.
    UnsyncedStore,
    /// A client below repeats a request whose answer is missing.
    HiddenRetry,
    /// Wall time is told as boot time.
    WallForBootTime,
    /// A portal's page is taken for an acknowledgement.
    PageIsDone,
    /// A 5xx is taken for "not done".
    ServerFaultIsNotDone,
    /// A copy of the store is put back and nothing says so.
    UntoldRestore,
    /// The back of a card is sent as the front that was sent before.
    WrongBytes,
    /// The newest submission is not there after a crash.
    LostSealing,
    /// Two submissions of one account are taken for those of two.
    AccountsMixedUp,
    /// A word that is new is taken for the best one.
    NewWordIsVerified,
    /// A proxy answers questions with what it once heard.
    CachedReads,
}

impl Bug {
    pub const ALL: [Bug; 15] = [
        Bug::SendBeforeRecord,
        Bug::RetryAmbiguousAtOnce,
        Bug::IgnoreQuiesce,
        Bug::ForgetRestart,
        Bug::UnsyncedStore,
        Bug::HiddenRetry,
        Bug::WallForBootTime,
        Bug::PageIsDone,
        Bug::ServerFaultIsNotDone,
        Bug::UntoldRestore,
        Bug::WrongBytes,
        Bug::LostSealing,
        Bug::AccountsMixedUp,
        Bug::NewWordIsVerified,
        Bug::CachedReads,
    ];
}
