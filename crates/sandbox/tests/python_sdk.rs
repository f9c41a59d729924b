//! WePay's official Python SDK against the sandbox: a real client that knows nothing of us.
//!
//! It needs `python3` with the venv module, and on the first run PyPI for `wepay` and `requests`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use satchel_sandbox::{Options, Sandbox};

#[tokio::test]
async fn the_official_sdk_goes_from_create_to_verified() {
    let python = prepared_python();
    let running = Sandbox::start(Options::default()).await.unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python_sdk.py");
    let greeting = running.hello_json();
    let run = move || Command::new(python).arg(script).arg(greeting).output().unwrap();
    let run = tokio::task::spawn_blocking(run).await.unwrap();
    succeeded("the SDK", &run);
    assert!(String::from_utf8_lossy(&run.stdout).contains("from create to verified"));
    running.stop().await;
}

/// A virtual environment beside the test programs, made once and used again.
fn prepared_python() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let folder = target.join("python-sdk");
    let python = folder.join("bin/python");
    let ready = Command::new(&python).args(["-c", "import requests, wepay"]).output();
    if ready.is_ok_and(|output| output.status.success()) {
        return python;
    }
    let made = Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder).output();
    succeeded("python3 -m venv (Debian's python3-venv)", &made.unwrap());
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
    let installed = Command::new(&python).args(pip).args(["wepay==0.3.5", "requests"]).output();
    succeeded("pip install", &installed.unwrap());
    python
}

fn succeeded(what: &str, output: &Output) {
    let said = [&output.stdout[..], &output.stderr].map(String::from_utf8_lossy).concat();
    assert!(output.status.success(), "{what} failed: {said}");
}
