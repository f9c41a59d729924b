//! The worker's side: gives up what it does not need, then answers jobs until its pipe ends.

use std::io::{self, ErrorKind, Read, Write};
use std::process::ExitCode;

use super::confine;
use super::job::{self, Answer, Job};
use super::parting;
use super::wire;
use crate::fault::CaptureFault;
use crate::policy;

/// The hidden argument that makes any of our programs a worker.
pub(super) const ARGUMENT: &str = "--satchel-photo-worker";

/// Says whether this process was started as a worker. To be asked before anything else.
pub fn is_photo_worker() -> bool {
    let mut words = std::env::args_os().skip(1);
    words.next().is_some_and(|word| word == ARGUMENT) && words.next().is_none()
}

/// Runs this process as a worker, to its end.
pub fn photo_worker() -> ExitCode {
    // What a panic prints could be of a photo.
    std::panic::set_hook(Box::new(|_| ()));
    let Ok(confinement) = confine::confine() else { return ExitCode::from(parting::UNCONFINED) };
    let (mut jobs, mut answers) = (io::stdin().lock(), io::stdout().lock());
    let hello = wire::write(&mut answers, &confinement, &[]);
    match hello.and_then(|()| serve(&mut jobs, &mut answers)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(parting::BROKEN),
    }
}

fn serve(jobs: &mut impl Read, answers: &mut impl Write) -> io::Result<()> {
    while let Some((job, bytes)) = wire::read::<Job>(jobs, policy::FILE_BYTES_MAX)? {
        let (answer, renditions) = job::perform(job, &bytes);
        drop(bytes);
        if let Answer::Fault(CaptureFault::DecoderFailed) = answer {
            // After a panic nothing in this process is to be relied upon.
            return Err(ErrorKind::Other.into());
        }
        let renditions: Vec<&[u8]> = renditions.iter().map(Vec::as_slice).collect();
        wire::write(answers, &answer, &renditions)?;
    }
    Ok(())
}
