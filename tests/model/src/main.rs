//! Prints what the model visited, and how other policies fail in the same worlds.

use std::process::ExitCode;

use satchel_model::{explore_core, lead_others_astray};

fn main() -> ExitCode {
    println!("Core's own decision, every state checked and led to an end:\n");
    let proof = explore_core(&mut |line| println!("{line}"));
    println!("\nOther policies in the same worlds, each with a shortest way to what it breaks:\n");
    let others = lead_others_astray(&mut |line| println!("{line}"));
    for fault in &proof.faults {
        eprintln!("{fault}");
    }
    let caught = others.iter().filter(|other| other.broken.is_some()).count();
    println!("\n{caught} of {} other policies caught", others.len());
    if proof.faults.is_empty() && caught == others.len() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
