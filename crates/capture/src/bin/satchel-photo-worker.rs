//! A worker and nothing else, for the tests of this crate; people get the one in their program.

use std::process::ExitCode;

fn main() -> ExitCode {
    if satchel_capture::is_photo_worker() {
        return satchel_capture::photo_worker();
    }
    eprintln!("satchel-photo-worker is started by what it works for");
    ExitCode::from(2)
}
