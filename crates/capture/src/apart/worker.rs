//! One running worker, seen from the app.

use std::ffi::OsStr;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::confine::Confinement;
use super::job::{Answer, Job};
use super::{parting, serve, wire};
use crate::fault::CaptureFault;
use crate::policy;

/// What a system needs in the environment to start a program at all; nothing else is handed on.
const ENVIRONMENT: [&str; 3] = ["LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "SYSTEMROOT"];

/// How often a worker that is over its time is asked how much of it it had.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Longest last words that are read of a worker.
const LAST_WORDS_BYTES_MAX: u64 = 4096;

/// Room in the pipes: a photo crosses in few steps.
#[cfg(target_os = "linux")]
const PIPE_BYTES: usize = 1024 * 1024;

/// A worker that has given up what it does not need and waits for a job. Dropping it ends it.
#[derive(Debug)]
pub(super) struct Worker {
    child: Child,
    jobs: Option<ChildStdin>,
    answers: Option<ChildStdout>,
    last_words: Option<ChildStderr>,
    confinement: Confinement,
}

impl Worker {
    /// Starts a worker and waits until it is confined.
    ///
    /// # Errors
    /// `WorkerUnavailable`.
    pub(super) fn start(program: &Path) -> Result<Self, CaptureFault> {
        let mut child = command(program).spawn().map_err(|_| CaptureFault::WorkerUnavailable)?;
        let mut worker = Self {
            jobs: child.stdin.take(),
            answers: child.stdout.take(),
            last_words: child.stderr.take(),
            confinement: Confinement { limits: false, files: false, calls: false },
            child,
        };
        worker.widen();
        let start = worker
            .exchange(policy::WORKER_START_MAX, |_, answers| wire::read::<Confinement>(answers, 0));
        match start {
            Ok((confinement, _)) => {
                worker.confinement = confinement;
                Ok(worker)
            }
            Err(_) => Err(CaptureFault::WorkerUnavailable),
        }
    }

    /// What the system took from it.
    pub(super) fn confinement(&self) -> Confinement {
        self.confinement
    }

    /// Has a job done. After any error the worker is of no more use.
    ///
    /// # Errors
    /// `TooSlow`, `TooMuchMemory`, `WorkerCrashed`.
    pub(super) fn perform(
        &mut self,
        job: &Job,
        bytes: &[u8],
    ) -> Result<(Answer, Vec<u8>), CaptureFault> {
        self.exchange(policy::WORKER_TIME_MAX, |jobs, answers| {
            wire::write(jobs, job, &[bytes])?;
            wire::read(answers, policy::WORKER_ANSWER_BYTES_MAX)
        })
    }

    /// Says whether it has worked so long that the system would soon end it.
    pub(super) fn is_worn(&self) -> bool {
        self.cpu_time().is_some_and(|used| used >= policy::WORKER_CPU_ENOUGH)
    }

    /// Talks over the pipes in a thread, since no pipe can be waited for with a limit, and kills
    /// the worker when the time is over: then the pipes break and the thread ends.
    fn exchange<T: Send>(
        &mut self,
        time_max: Duration,
        talk: impl FnOnce(&mut ChildStdin, &mut ChildStdout) -> io::Result<Option<T>> + Send,
    ) -> Result<T, CaptureFault> {
        let (Some(mut jobs), Some(mut answers)) = (self.jobs.take(), self.answers.take()) else {
            return Err(CaptureFault::WorkerCrashed);
        };
        let (said, hears) = mpsc::channel();
        let talked = thread::scope(|threads| {
            threads.spawn(|| {
                let talked = talk(&mut jobs, &mut answers);
                // Nobody hears it once the time is over.
                let _ = said.send(talked);
            });
            self.hear(&hears, time_max)
        });
        match talked {
            Some(Ok(Some(answer))) => {
                (self.jobs, self.answers) = (Some(jobs), Some(answers));
                Ok(answer)
            }
            Some(Ok(None) | Err(_)) => Err(self.parted()),
            None => Err(CaptureFault::TooSlow),
        }
    }

    /// None when the time was over; the worker is then dead. The time is the processor's, as long
    /// as the machine gives it any: on a busy machine a good photo is not taken for a hostile one.
    fn hear<T>(&mut self, hears: &mpsc::Receiver<T>, time_max: Duration) -> Option<T> {
        let (began, cpu_before) = (Instant::now(), self.cpu_time());
        let mut wait = time_max;
        loop {
            match hears.recv_timeout(wait) {
                Ok(talked) => return Some(talked),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => {}
            }
            let used = self.cpu_time().zip(cpu_before).map(|(now, then)| now.saturating_sub(then));
            let is_over = used.is_none_or(|used| used >= time_max)
                || began.elapsed() >= policy::WORKER_WAIT_MAX;
            if is_over {
                self.end();
                return None;
            }
            wait = LOOK_EVERY;
        }
    }

    /// Why a worker broke its pipes: it ended, or it wrote what cannot be read.
    fn parted(&mut self) -> CaptureFault {
        let until = Instant::now() + LOOK_EVERY;
        let status = loop {
            match self.child.try_wait() {
                Ok(Some(status)) => break status,
                Ok(None) if Instant::now() < until => thread::yield_now(),
                Ok(None) | Err(_) => {
                    self.end();
                    return CaptureFault::WorkerCrashed;
                }
            }
        };
        let mut words = Vec::new();
        if let Some(last_words) = self.last_words.take() {
            // What cannot be read says nothing.
            let _ = last_words.take(LAST_WORDS_BYTES_MAX).read_to_end(&mut words);
        }
        parting::fault(status, &words)
    }

    fn end(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Time of the processor that the worker has had, where the system tells.
    #[cfg(target_os = "linux")]
    fn cpu_time(&self) -> Option<Duration> {
        const TICKS_PER_SECOND: u64 = 100;
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).ok()?;
        // The name, in brackets, may hold anything; user and system time are words 14 and 15.
        let (_, words) = stat.rsplit_once(')')?;
        let mut times = words.split_ascii_whitespace().skip(11).map(str::parse::<u64>);
        let ticks = times.next()?.ok()? + times.next()?.ok()?;
        Some(Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND))
    }

    #[cfg(not(target_os = "linux"))]
    fn cpu_time(&self) -> Option<Duration> {
        None
    }

    #[cfg(target_os = "linux")]
    fn widen(&self) {
        // A system that gives no more room is slower, and no worse.
        if let Some(jobs) = &self.jobs {
            let _ = rustix::pipe::fcntl_setpipe_size(jobs, PIPE_BYTES);
        }
        if let Some(answers) = &self.answers {
            let _ = rustix::pipe::fcntl_setpipe_size(answers, PIPE_BYTES);
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn widen(&self) {}
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.end();
    }
}

fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.arg(serve::ARGUMENT).env_clear();
    let kept = |name: &&str| std::env::var_os(name).is_some();
    let kept = ENVIRONMENT.iter().filter(|name| kept(name));
    command.envs(kept.filter_map(|name| Some((OsStr::new(name), std::env::var_os(name)?))));
    // A second arena of glibc's would count against the memory without being used.
    command.env("MALLOC_ARENA_MAX", "1");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}
