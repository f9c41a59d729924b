//! A limit on how long a call may take. The systems' own calls have none.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use crate::fault::{KeychainFault, failed};

/// What `work` comes to within `limit`. A call that hangs keeps its thread and nothing else; what
/// it comes to later is dropped.
pub(crate) fn within<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce() -> Result<T, KeychainFault> + Send + 'static,
) -> Result<T, KeychainFault> {
    let (sender, receiver) = mpsc::sync_channel(1);
    let started = thread::Builder::new().name("keychain".to_owned()).spawn(move || {
        // Nobody listens any more once the limit is over.
        let _ = sender.send(work());
    });
    started.map_err(|_| failed("no thread"))?;
    match receiver.recv_timeout(limit) {
        Ok(result) => result,
        Err(RecvTimeoutError::Timeout) => Err(KeychainFault::Silent),
        Err(RecvTimeoutError::Disconnected) => Err(failed("the call ended without an answer")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic)]

    use super::*;

    #[test]
    fn a_call_that_hangs_is_left_behind_and_one_that_breaks_is_told() {
        let (held, hanging) = mpsc::channel::<()>();
        let silent = within(Duration::from_millis(20), move || {
            // It ends with the test.
            let _ = hanging.recv();
            Ok(())
        });
        assert_eq!(silent, Err(KeychainFault::Silent));
        drop(held);
        let broken: Result<(), _> = within(Duration::from_secs(60), || panic!("broken"));
        assert!(matches!(broken, Err(KeychainFault::Failed(_))), "{broken:?}");
        assert_eq!(within(Duration::from_secs(60), || Ok(7)), Ok(7));
    }
}
