//! What a worker is asked, what it answers, and what of an answer is believed.

use serde::{Deserialize, Serialize};

#[cfg(feature = "test-hooks")]
use super::rehearsal::{Probe, Rehearsal};
use crate::fault::CaptureFault;
use crate::licence::Licence;
use crate::measure::QualityReport;
use crate::photo::{Chain, PhotoHash, PreparedPhoto, Rendition, Rerendered};
use crate::prepare::{self, Frame, QuarterTurns};
use crate::rule::{PhotoFormat, PhotoRule};

/// One job; the picture's bytes come beside it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Job {
    Prepare {
        rule: PhotoRule,
        page: Option<u32>,
    },
    PrepareFrame {
        rule: PhotoRule,
        width_px: u32,
        height_px: u32,
    },
    Rerender {
        chain: Chain,
        rule: PhotoRule,
    },
    Turn {
        chain: Chain,
        turns: QuarterTurns,
        rule: PhotoRule,
    },
    #[cfg(feature = "test-hooks")]
    Rehearse(Rehearsal),
}

/// The answer to a job; the renditions' bytes come beside it, one after the other.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Answer {
    Photo {
        renditions: [Sheet; 3],
        report: QualityReport,
        chain: Chain,
        licence: Option<Box<Licence>>,
    },
    Rerendered {
        upload: Sheet,
        report: QualityReport,
        chain: Chain,
    },
    Fault(CaptureFault),
    #[cfg(feature = "test-hooks")]
    Probed(Vec<Probe>),
}

/// A rendition without its bytes.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Sheet {
    bytes: u64,
    format: PhotoFormat,
    width_px: u32,
    height_px: u32,
}

/// Does a job in this process.
pub(super) fn perform(job: Job, bytes: &[u8]) -> (Answer, Vec<Vec<u8>>) {
    let photo = match job {
        Job::Prepare { rule, page } => prepare::prepare_page(bytes, page, &rule),
        Job::PrepareFrame { rule, width_px, height_px } => {
            prepare::prepare_frame(&Frame { rgba: bytes, width_px, height_px }, &rule)
        }
        Job::Turn { chain, turns, rule } => prepare::turn(bytes, &chain, turns, &rule),
        Job::Rerender { chain, rule } => {
            return match prepare::rerender(bytes, &chain, &rule) {
                Ok(Rerendered { upload, report, chain }) => {
                    let answer = Answer::Rerendered { upload: Sheet::of(&upload), report, chain };
                    (answer, vec![upload.bytes])
                }
                Err(fault) => (Answer::Fault(fault), Vec::new()),
            };
        }
        #[cfg(feature = "test-hooks")]
        Job::Rehearse(rehearsal) => return (Answer::Probed(rehearsal.perform()), Vec::new()),
    };
    match photo {
        Ok(PreparedPhoto { evidence, upload, preview, report, chain, licence }) => {
            let renditions = [&evidence, &upload, &preview].map(Sheet::of);
            let bytes = [evidence, upload, preview].map(|rendition| rendition.bytes);
            let licence = licence.map(Box::new);
            (Answer::Photo { renditions, report, chain, licence }, bytes.into())
        }
        Err(fault) => (Answer::Fault(fault), Vec::new()),
    }
}

impl Answer {
    /// The photo in an answer, once everything that can be checked of it has been.
    ///
    /// # Errors
    /// The worker's fault, or `WorkerCrashed` for an answer that cannot be.
    pub(super) fn photo(self, bytes: Vec<u8>) -> Result<PreparedPhoto, CaptureFault> {
        let Self::Photo { renditions, report, chain, licence } = self.or_fault()? else {
            return Err(CaptureFault::WorkerCrashed);
        };
        let mut rest = bytes.as_slice();
        let [evidence, upload, preview] = renditions.map(|sheet| sheet.rendition(&mut rest));
        let (evidence, upload, preview) = (evidence?, upload?, preview?);
        let is_whole = rest.is_empty()
            && chain.evidence_sha256 == evidence.sha256
            && chain.upload_sha256 == upload.sha256;
        if !is_whole {
            return Err(CaptureFault::WorkerCrashed);
        }
        let licence = licence.map(|licence| *licence);
        Ok(PreparedPhoto { evidence, upload, preview, report, chain, licence })
    }

    /// The new upload in an answer.
    ///
    /// # Errors
    /// As for `photo`.
    pub(super) fn rerendered(self, bytes: Vec<u8>) -> Result<Rerendered, CaptureFault> {
        let Self::Rerendered { upload, report, chain } = self.or_fault()? else {
            return Err(CaptureFault::WorkerCrashed);
        };
        let mut rest = bytes.as_slice();
        let upload = upload.rendition(&mut rest)?;
        if !rest.is_empty() || chain.upload_sha256 != upload.sha256 {
            return Err(CaptureFault::WorkerCrashed);
        }
        Ok(Rerendered { upload, report, chain })
    }

    fn or_fault(self) -> Result<Self, CaptureFault> {
        match self {
            Self::Fault(fault) => Err(fault),
            answer => Ok(answer),
        }
    }
}

impl Sheet {
    fn of(rendition: &Rendition) -> Self {
        Self {
            bytes: rendition.bytes.len() as u64,
            format: rendition.format,
            width_px: rendition.width_px,
            height_px: rendition.height_px,
        }
    }

    /// Takes this rendition's bytes off the front; the hash is our own.
    fn rendition(self, rest: &mut &[u8]) -> Result<Rendition, CaptureFault> {
        let len = usize::try_from(self.bytes).map_err(|_| CaptureFault::WorkerCrashed)?;
        let (bytes, after) = rest.split_at_checked(len).ok_or(CaptureFault::WorkerCrashed)?;
        *rest = after;
        let starts: &[u8] = match self.format {
            PhotoFormat::Jpeg => &[0xFF, 0xD8, 0xFF],
            PhotoFormat::Png => b"\x89PNG\r\n\x1a\n",
        };
        if !bytes.starts_with(starts) {
            return Err(CaptureFault::WorkerCrashed);
        }
        Ok(Rendition {
            bytes: bytes.to_vec(),
            format: self.format,
            width_px: self.width_px,
            height_px: self.height_px,
            sha256: PhotoHash::of(bytes),
        })
    }
}
