//! What a hostile file can do to the app: nothing but end the worker.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod support;

use std::time::{Duration, Instant};

use satchel_capture::{
    CaptureFault, Darkroom, Frame, QuarterTurns, Rehearsal, prepare, prepare_frame, rerender, turn,
};
use satchel_fixtures::{Picture, PngFile, PngKind, Specimen, bomb_png};
use support::{bill_rule, card_rule};

fn apart() -> Darkroom {
    Darkroom::apart_in(env!("CARGO_BIN_EXE_satchel-photo-worker").into())
}

fn photo() -> Vec<u8> {
    Specimen::card(3).size(1600, 1200).jpeg()
}

#[test]
fn a_photo_made_apart_is_the_one_made_here() {
    let (file, darkroom) = (photo(), apart());

    let made = darkroom.prepare(&file, &card_rule()).unwrap();

    assert_eq!(made, prepare(&file, &card_rule()).unwrap());
    let turned =
        darkroom.turn(&made.evidence.bytes, &made.chain, QuarterTurns::One, &card_rule()).unwrap();
    let here = turn(&made.evidence.bytes, &made.chain, QuarterTurns::One, &card_rule());
    assert_eq!(turned, here.unwrap());
    let again = darkroom.rerender(&made.evidence.bytes, &made.chain, &bill_rule()).unwrap();
    assert_eq!(again, rerender(&made.evidence.bytes, &made.chain, &bill_rule()).unwrap());

    let rgba = Picture::quarters(640, 480).rgba();
    let frame = Frame { rgba: &rgba, width_px: 640, height_px: 480 };
    let shot = darkroom.prepare_frame(&frame, &card_rule()).unwrap();
    assert_eq!(shot, prepare_frame(&frame, &card_rule()).unwrap());
}

#[test]
fn a_refusal_apart_is_the_one_here() {
    let darkroom = apart();
    let tiny = PngFile::of(&Picture::quarters(20, 20), PngKind::Rgb).bytes();
    let too_long = vec![0; 64 * 1024 * 1024 + 1];
    for file in [&bomb_png(30_000, 30_000), &tiny, &Vec::new(), &b"text".to_vec(), &too_long] {
        let refused = darkroom.prepare(file, &card_rule()).unwrap_err();
        assert_eq!(refused, prepare(file, &card_rule()).unwrap_err());
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_worker_can_open_no_file_and_no_socket_and_start_nothing() {
    const PERMISSION: i32 = 1;
    let darkroom = apart();

    let confinement = darkroom.confinement().unwrap().unwrap();
    assert!(confinement.limits && confinement.calls, "{confinement:?}");
    let probes = darkroom.rehearse(Rehearsal::Reach).unwrap();

    assert_eq!(probes.len(), 8);
    for probe in &probes {
        assert_eq!(probe.refused, Some(PERMISSION), "{probe:?}");
    }
    // The same attempts do reach something where nothing is given up.
    let here = Darkroom::here().rehearse(Rehearsal::Reach).unwrap();
    let done = here.iter().filter(|probe| probe.refused.is_none()).count();
    assert!(done >= 6, "{here:?}");
}

#[test]
fn a_decode_that_hangs_is_ended_after_five_seconds() {
    let darkroom = apart();
    let began = Instant::now();

    let fault = darkroom.rehearse(Rehearsal::Hang).unwrap_err();

    assert_eq!((&fault, fault.code()), (&CaptureFault::TooSlow, "too_slow"));
    assert!(began.elapsed() >= Duration::from_secs(5));
    assert!(darkroom.prepare(&photo(), &card_rule()).is_ok(), "the next photo is made");
}

#[cfg(target_os = "linux")]
#[test]
fn a_decode_that_devours_memory_is_ended_at_the_limit() {
    let darkroom = apart();

    assert_eq!(darkroom.rehearse(Rehearsal::Devour { mebibytes: 400 }), Ok(Vec::new()));
    let fault = darkroom.rehearse(Rehearsal::Devour { mebibytes: 520 }).unwrap_err();

    assert_eq!((&fault, fault.code()), (&CaptureFault::TooMuchMemory, "too_much_memory"));
    assert!(darkroom.prepare(&photo(), &card_rule()).is_ok(), "the next photo is made");
}

#[test]
fn a_decode_that_crashes_or_babbles_ends_the_worker_alone() {
    let darkroom = apart();
    for rehearsal in [Rehearsal::Panic, Rehearsal::Overflow, Rehearsal::Babble] {
        let fault = darkroom.rehearse(rehearsal).unwrap_err();
        assert_eq!((&fault, fault.code()), (&CaptureFault::WorkerCrashed, "worker_crashed"));
        assert!(darkroom.prepare(&photo(), &card_rule()).is_ok(), "after {rehearsal:?}");
    }
}

#[test]
fn a_program_that_is_no_worker_is_told() {
    for program in ["/nowhere/to/be/found", "/bin/true", "/bin/cat"] {
        let fault = Darkroom::apart_in(program.into()).prepare(&photo(), &card_rule()).unwrap_err();
        assert_eq!(fault.code(), "worker_unavailable", "{program}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn one_worker_is_reused_and_ends_when_the_darkroom_rests() {
    let (darkroom, file) = (apart(), photo());
    let workers = || {
        let own = std::process::id().to_string();
        let stats = std::fs::read_dir("/proc").unwrap().flatten();
        let stats = stats.filter_map(|of| std::fs::read_to_string(of.path().join("stat")).ok());
        let of_ours = stats.filter(|stat| {
            let after = stat.rsplit_once(')').map_or("", |(_, after)| after);
            after.split_ascii_whitespace().nth(1) == Some(&own)
        });
        of_ours.filter_map(|stat| Some(stat.split_once(' ')?.0.to_owned())).collect::<Vec<_>>()
    };
    if workers().len() > 1 {
        // Other tests of this process are at it as well: only a runner with a process for each
        // test can count.
        return;
    }
    darkroom.prepare(&file, &card_rule()).unwrap();
    let first = workers();
    darkroom.prepare(&file, &card_rule()).unwrap();
    darkroom.prepare(b"no picture", &card_rule()).unwrap_err();
    assert_eq!((first.len(), workers()), (1, first));

    std::thread::scope(|threads| {
        for _ in 0..3 {
            threads.spawn(|| darkroom.prepare(&file, &card_rule()).unwrap());
        }
    });
    assert_eq!(workers().len(), 1, "of those side by side one is kept");

    darkroom.rest();
    assert_eq!(workers(), Vec::<String>::new());
}
