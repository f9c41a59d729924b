//! Bugs planted on purpose. A simulation that cannot find them would find no others.
//!
//! Without the feature `test-hooks` nothing can be planted and every site is compiled out.

/// A deliberate mistake at one place of the delivery code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mutation {
    /// R1: bytes leave although the store refused their intent.
    SendUnrecorded,
    /// R2: two submissions of one account go side by side.
    TwoOpenSteps,
    /// R3: a server's fault is classed once more, as "not done".
    ClassedTwice,
    /// R4: an ambiguous authorize or attach is repeated without a look-up.
    RetryUnreconciled,
    /// R5: a lost answer is looked up at once.
    NoQuiesce,
    /// R5: a start of the program forgets what was out.
    RestartForgotten,
    /// R6: a new draft is made while the old one may still live.
    NewDraftTooEarly,
    /// R6: fences count in wall time.
    FenceByWallClock,
    /// R7: a restored log is taken for whole.
    RestoreUnnoticed,
    /// R8: what may count can be taken back and edited.
    TakenBackTooLate,
    /// R9: new photos go while an attach is unresolved.
    RetakeBeforeSettled,
    /// R10: a picture goes before the answers.
    SideBeforeDetails,
    /// R10: one bad item holds up all others.
    OneBlocksAll,
    /// R11: a request leaves twice.
    SentTwice,
    /// R12: a new word of the provider is a verdict.
    NewWordIsVerdict,
    /// R13: something with an effect is begun without a fresh answer of the provider.
    NotInOneGo,
    /// R13: photos too large for the link are not made smaller.
    ForecastIgnored,
    /// R14: photos that were attached are sent again.
    PhotosAgain,
    /// Answers: no connection counts as "may have arrived".
    NotSentIsLost,
    /// Answers: a break after the first byte counts as "not sent".
    FirstByteForgotten,
    /// Answers: a wrong certificate is told as no network.
    InterceptedIsNoNetwork,
    /// Answers: a success about another account is taken for ours.
    OtherAccountIsOurs,
    /// Answers: a page for people is an acknowledgement.
    PageIsDone,
    /// Answers: the HTTP status outranks WePay's code.
    StatusOutranksCode,
    /// Answers: WePay's 1008 is a refusal.
    UnexpectedIsRefusal,
    /// Answers: 3006 is taken for our success without a look-up.
    SubmittedIsDone,
    /// Answers: refused credentials are the item's fault.
    CredentialsAreTheItems,
    /// Answers: a wish to wait is forgotten.
    ThrottleForgotten,
    /// Answers: a photo that is too large is refused without saying why.
    TooLargeUnexplained,
    /// Answers: a 5xx means that nothing was done.
    ServerFaultIsNotDone,
    /// Answers: a refused write is repeated.
    RefusedWriteRepeated,
    /// Answers: "no documents" means that there is no such account.
    NoDocumentsIsNoAccount,
    /// Crash points: some files there count as all.
    SomeFilesAreAll,
    /// Crash points: missing pictures are not noticed.
    CountIgnored,
    /// Limits: more than two requests a second.
    PaceForgotten,
}

impl Mutation {
    /// All of them.
    pub const ALL: [Mutation; 35] = [
        Self::SendUnrecorded,
        Self::TwoOpenSteps,
        Self::ClassedTwice,
        Self::RetryUnreconciled,
        Self::NoQuiesce,
        Self::RestartForgotten,
        Self::NewDraftTooEarly,
        Self::FenceByWallClock,
        Self::RestoreUnnoticed,
        Self::TakenBackTooLate,
        Self::RetakeBeforeSettled,
        Self::SideBeforeDetails,
        Self::OneBlocksAll,
        Self::SentTwice,
        Self::NewWordIsVerdict,
        Self::NotInOneGo,
        Self::ForecastIgnored,
        Self::PhotosAgain,
        Self::NotSentIsLost,
        Self::FirstByteForgotten,
        Self::InterceptedIsNoNetwork,
        Self::OtherAccountIsOurs,
        Self::PageIsDone,
        Self::StatusOutranksCode,
        Self::UnexpectedIsRefusal,
        Self::SubmittedIsDone,
        Self::CredentialsAreTheItems,
        Self::ThrottleForgotten,
        Self::TooLargeUnexplained,
        Self::ServerFaultIsNotDone,
        Self::RefusedWriteRepeated,
        Self::NoDocumentsIsNoAccount,
        Self::SomeFilesAreAll,
        Self::CountIgnored,
        Self::PaceForgotten,
    ];
}

#[cfg(feature = "test-hooks")]
thread_local! {
    static PLANTED: std::cell::Cell<Option<Mutation>> = const { std::cell::Cell::new(None) };
}

/// Plants one bug in everything that this thread runs from here on, or none.
#[cfg(feature = "test-hooks")]
pub fn plant(mutation: Option<Mutation>) {
    PLANTED.with(|planted| planted.set(mutation));
}

/// Whether this bug is planted.
#[cfg(feature = "test-hooks")]
pub fn planted(mutation: Mutation) -> bool {
    PLANTED.with(|planted| planted.get() == Some(mutation))
}

/// Whether this bug is planted: never.
#[cfg(not(feature = "test-hooks"))]
#[inline(always)]
pub const fn planted(_: Mutation) -> bool {
    false
}
