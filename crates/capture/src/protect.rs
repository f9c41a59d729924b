//! The second line of defence: a decoder's panic becomes a fault.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::fault::CaptureFault;

/// Runs a pipeline. Nothing that it touched is used after a panic.
///
/// # Errors
/// The pipeline's own, or `DecoderFailed`.
pub(crate) fn protected<T>(
    pipeline: impl FnOnce() -> Result<T, CaptureFault>,
) -> Result<T, CaptureFault> {
    catch_unwind(AssertUnwindSafe(pipeline)).unwrap_or(Err(CaptureFault::DecoderFailed))
}
