//! Satchel without a window: for administrators, scripts, tests and benchmarks.
//!
//! Exit codes: 0 done · 1 unexpected · 2 wrong usage · 3 refused, with a code · 4 the vault did not
//! open ·
//! 5 still waiting when the time was over · 6 a person must act.

mod arguments;
mod audit;
#[cfg(feature = "test-hooks")]
mod dwell;
mod keeping;
mod opened;
mod people;
mod prepare;
mod print;
mod run;
mod submit;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    if let Err(fault) = satchel_system::guard() {
        eprintln!("satchelctl does not start: {fault}");
        return ExitCode::FAILURE;
    }
    if satchel_app::is_photo_worker() {
        return satchel_app::photo_worker();
    }
    let arguments = arguments::Arguments::parse();
    // A second provider in one process is no fault: the first one stays.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let json = arguments.json;
    match run::run(arguments) {
        Ok(done) => {
            print::done(&done, json);
            ExitCode::from(done.exit)
        }
        Err(fault) => {
            print::fault(&fault, json);
            ExitCode::from(fault.exit())
        }
    }
}
