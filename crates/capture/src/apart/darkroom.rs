//! Where photos are made: in this process, or in a worker that is started once and reused.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use super::confine::Confinement;
use super::job::{Answer, Job};
#[cfg(feature = "test-hooks")]
use super::rehearsal::{Probe, Rehearsal};
use super::worker::Worker;
use crate::fault::CaptureFault;
use crate::guard;
use crate::photo::{Chain, PhotoHash, PreparedPhoto, Rerendered};
use crate::policy;
use crate::prepare::{self, Frame, QuarterTurns};
use crate::rule::PhotoRule;

/// Where photos are made. Cheap to clone; all clones share one worker.
#[derive(Debug, Clone)]
pub struct Darkroom(Place);

#[derive(Debug, Clone)]
enum Place {
    Here,
    Apart(Arc<Apart>),
}

#[derive(Debug)]
struct Apart {
    program: PathBuf,
    /// The worker that waits for a job. One that is at work is nobody's but its caller's.
    idle: Mutex<Option<Worker>>,
}

impl Darkroom {
    /// Makes photos in this process, without limits: for tests and measurements.
    pub fn here() -> Self {
        Self(Place::Here)
    }

    /// Makes photos in a worker of this very program, whose `main` must ask
    /// [`is_photo_worker`](crate::is_photo_worker) first.
    pub fn apart() -> Self {
        #[cfg(target_os = "linux")]
        // Stays this program even when an update puts another in its place.
        let program = PathBuf::from("/proc/self/exe");
        #[cfg(not(target_os = "linux"))]
        let program = std::env::current_exe().unwrap_or_default();
        Self::apart_in(program)
    }

    /// Makes photos in a worker of another program of ours.
    pub fn apart_in(program: PathBuf) -> Self {
        Self(Place::Apart(Arc::new(Apart { program, idle: Mutex::new(None) })))
    }

    /// Makes a photo from a file, like [`prepare`](crate::prepare).
    ///
    /// # Errors
    /// Those of `prepare`, and `TooSlow`, `TooMuchMemory`, `WorkerCrashed`, `WorkerUnavailable`.
    pub fn prepare(&self, bytes: &[u8], rule: &PhotoRule) -> Result<PreparedPhoto, CaptureFault> {
        self.prepare_page(bytes, None, rule)
    }

    /// Makes a photo from one page of a file, like [`prepare_page`](crate::prepare_page).
    ///
    /// # Errors
    /// Those of `prepare_page`, and the worker's.
    pub fn prepare_page(
        &self,
        bytes: &[u8],
        page: Option<u32>,
        rule: &PhotoRule,
    ) -> Result<PreparedPhoto, CaptureFault> {
        let Place::Apart(apart) = &self.0 else { return prepare::prepare_page(bytes, page, rule) };
        let job = Job::Prepare { rule: rule.clone(), page };
        apart.photo(job, bytes, Some(PhotoHash::of(bytes)))
    }

    /// Makes a photo from a camera's full frame, like [`prepare_frame`](crate::prepare_frame).
    ///
    /// # Errors
    /// Those of `prepare_frame`, and the worker's.
    pub fn prepare_frame(
        &self,
        frame: &Frame<'_>,
        rule: &PhotoRule,
    ) -> Result<PreparedPhoto, CaptureFault> {
        let Place::Apart(apart) = &self.0 else { return prepare::prepare_frame(frame, rule) };
        let Frame { rgba, width_px, height_px } = *frame;
        let job = Job::PrepareFrame { rule: rule.clone(), width_px, height_px };
        apart.photo(job, rgba, Some(PhotoHash::of(rgba)))
    }

    /// Makes a new upload from stored evidence, like [`rerender`](crate::rerender).
    ///
    /// # Errors
    /// Those of `rerender`, and the worker's.
    pub fn rerender(
        &self,
        evidence: &[u8],
        chain: &Chain,
        rule: &PhotoRule,
    ) -> Result<Rerendered, CaptureFault> {
        let Place::Apart(apart) = &self.0 else { return prepare::rerender(evidence, chain, rule) };
        let job = Job::Rerender { chain: chain.clone(), rule: rule.clone() };
        let (answer, bytes) = apart.perform(&job, evidence)?;
        answer.rerendered(bytes)
    }

    /// Turns stored evidence, like [`turn`](crate::turn).
    ///
    /// # Errors
    /// Those of `turn`, and the worker's.
    pub fn turn(
        &self,
        evidence: &[u8],
        chain: &Chain,
        turns: QuarterTurns,
        rule: &PhotoRule,
    ) -> Result<PreparedPhoto, CaptureFault> {
        let Place::Apart(apart) = &self.0 else {
            return prepare::turn(evidence, chain, turns, rule);
        };
        let job = Job::Turn { chain: chain.clone(), turns, rule: rule.clone() };
        apart.photo(job, evidence, None)
    }

    /// Ends the worker that waits, and with it what its memory still holds of the last photo.
    pub fn rest(&self) {
        if let Place::Apart(apart) = &self.0 {
            drop(apart.taken());
        }
    }

    /// What the system took from the worker; None when photos are made in this process.
    ///
    /// # Errors
    /// `WorkerUnavailable`.
    pub fn confinement(&self) -> Result<Option<Confinement>, CaptureFault> {
        let Place::Apart(apart) = &self.0 else { return Ok(None) };
        let worker = apart.worker()?;
        let confinement = worker.confinement();
        apart.keep(worker);
        Ok(Some(confinement))
    }

    /// Has the worker do what a hostile file would have it do.
    ///
    /// # Errors
    /// The worker's.
    #[cfg(feature = "test-hooks")]
    pub fn rehearse(&self, rehearsal: Rehearsal) -> Result<Vec<Probe>, CaptureFault> {
        let Place::Apart(apart) = &self.0 else { return Ok(rehearsal.perform()) };
        match apart.perform(&Job::Rehearse(rehearsal), &[])?.0 {
            Answer::Probed(probes) => Ok(probes),
            Answer::Photo { .. } | Answer::Rerendered { .. } | Answer::Fault(_) => {
                Err(CaptureFault::WorkerCrashed)
            }
        }
    }
}

impl Apart {
    /// A photo whose original must be the one that was handed in.
    fn photo(
        &self,
        job: Job,
        bytes: &[u8],
        original: Option<PhotoHash>,
    ) -> Result<PreparedPhoto, CaptureFault> {
        let (answer, renditions) = self.perform(&job, bytes)?;
        let photo = answer.photo(renditions)?;
        let is_other = original.is_some_and(|hash| hash != photo.chain.original.sha256);
        if is_other { Err(CaptureFault::WorkerCrashed) } else { Ok(photo) }
    }

    fn perform(&self, job: &Job, bytes: &[u8]) -> Result<(Answer, Vec<u8>), CaptureFault> {
        guard::file(bytes)?;
        let mut worker = self.worker()?;
        let answer = worker.perform(job, bytes)?;
        self.keep(worker);
        Ok(answer)
    }

    fn worker(&self) -> Result<Worker, CaptureFault> {
        match self.taken().filter(|worker| !worker.is_worn()) {
            Some(worker) => Ok(worker),
            None => Worker::start(&self.program),
        }
    }

    fn taken(&self) -> Option<Worker> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Keeps one; of several that worked side by side the others end.
    fn keep(&self, worker: Worker) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let other = idle.replace(worker);
        drop(idle);
        drop(other);
    }
}

/// A frame has more bytes than a file may have only when no camera made it.
const _: () = assert!(policy::FILE_BYTES_MAX >= 3840 * 2160 * 4);
