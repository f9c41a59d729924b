//! No other program looks into one of ours: it leaves no core dump and cannot be traced.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::desk::program;

/// Longest wait for a program to begin.
const PATIENCE: Duration = Duration::from_secs(20);

/// Debian's `nobody`: an ordinary user, since the administrator may look into everything.
const NOBODY: u32 = 65534;

/// `satchelctl`, as it was built for tests, as an ordinary user who is asked for the passphrase.
struct Asked {
    child: Child,
    _folder: TempDir,
}

impl Asked {
    fn with(environment: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
        let copy = folder.path().join("satchelctl");
        std::fs::copy(program("satchelctl"), &copy).unwrap();
        let mut command = Command::new(copy);
        command.arg("--data").arg(folder.path().join("data"));
        command.args(["--passphrase-file", "-", "status"]).envs(environment.iter().copied());
        command.current_dir("/").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = ordinary(&mut command).spawn().unwrap();
        Self { child, _folder: folder }.begun()
    }

    /// Once it has no limit to raise any more it is past its first lines.
    fn begun(self) -> Self {
        let begun = Instant::now();
        while core_limit(self.child.id()) != "0 0" {
            assert!(begun.elapsed() < PATIENCE, "core dumps stay possible");
            std::thread::sleep(Duration::from_millis(5));
        }
        self
    }
}

impl Drop for Asked {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The same command as an ordinary user, which whoever is not the administrator is already.
fn ordinary(command: &mut Command) -> &mut Command {
    let is_root = std::fs::metadata("/proc/self").unwrap().uid() == 0;
    if is_root { command.uid(NOBODY).gid(NOBODY) } else { command }
}

/// Soft and hard limit of the size of a core dump.
fn core_limit(process: u32) -> String {
    let limits = std::fs::read_to_string(format!("/proc/{process}/limits")).unwrap_or_default();
    let line = limits.lines().find(|line| line.starts_with("Max core file size"));
    let words = line.unwrap_or_default().split_whitespace().skip(4).take(2);
    words.collect::<Vec<_>>().join(" ")
}

/// Whether another program of the same user may read a file of a process that tells its secrets.
fn is_readable(process: u32, file: &str) -> bool {
    let mut reader = Command::new("dd");
    reader.arg(format!("if=/proc/{process}/{file}")).args(["of=/dev/null", "count=0"]);
    ordinary(&mut reader).stderr(Stdio::null()).status().unwrap().success()
}

#[test]
fn a_program_leaves_no_core_dump_and_no_other_program_of_its_user_reads_its_memory() {
    let asked = Asked::with(&[]);
    let process = asked.child.id();
    assert_eq!(core_limit(process), "0 0");
    for secret in ["mem", "environ", "maps"] {
        assert!(!is_readable(process, secret), "{secret}");
    }
    let owner = std::fs::metadata(format!("/proc/{process}/environ")).unwrap().uid();
    assert_eq!(owner, 0, "what it tells of itself is the administrator's");

    let open = Asked::with(&[("SATCHEL_TEST_MEMORY", "open")]);
    for secret in ["environ", "maps"] {
        assert!(is_readable(open.child.id(), secret), "an open program's {secret} is read so");
    }
}

#[test]
fn a_program_that_is_killed_by_a_fault_writes_no_core() {
    let mut asked = Asked::with(&[("SATCHEL_TEST_MEMORY", "open")]);
    let process = asked.child.id().to_string();
    assert!(Command::new("kill").args(["-ABRT", &process]).status().unwrap().success());
    let status = asked.child.wait().unwrap();
    let dumped = std::os::unix::process::ExitStatusExt::core_dumped(&status);
    assert!(status.code().is_none() && !dumped, "{status:?}");
    assert!(!Path::new("/core").exists());
}
