//! From the faults of the parts to the errors that the window has words for.

use satchel_capture::CaptureFault;
use satchel_core::store::StoreFault;
use satchel_vault::VaultFault;

use crate::api::ApiError;

impl From<StoreFault> for ApiError {
    fn from(fault: StoreFault) -> Self {
        match fault {
            StoreFault::DiskFull => Self::new("disk_full"),
            StoreFault::Damaged => Self::new("record_damaged"),
            StoreFault::Absent => Self::new("not_there"),
            StoreFault::StepOpen => Self::new("step_open"),
            StoreFault::Failed(code) => Self::new("store_failed").with(code),
        }
    }
}

impl From<VaultFault> for ApiError {
    fn from(fault: VaultFault) -> Self {
        Self::new(fault.code())
    }
}

impl From<CaptureFault> for ApiError {
    fn from(fault: CaptureFault) -> Self {
        let error = Self::new(fault.code());
        match fault {
            CaptureFault::SeveralPages { pages } | CaptureFault::NoSuchPage { pages } => {
                error.with(pages.to_string())
            }
            _ => error,
        }
    }
}
