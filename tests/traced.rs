//! What a program opens to write into, by its system calls.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The calls with which a file comes to be or is opened.
const CALLS: &str = "trace=open,openat,openat2,creat,mknod,mknodat,link,linkat,symlink,symlinkat";

/// The words that run a program under the eyes of `strace`, which writes them down in `record`.
pub fn words(record: &Path) -> Vec<String> {
    let record = record.to_str().unwrap();
    // Without the filter in the kernel every call of a browser engine would stop it.
    let words = ["strace", "-f", "--seccomp-bpf", "-qq", "-s", "4096", "-e", CALLS, "-o", record];
    words.map(str::to_owned).to_vec()
}

/// Whether `strace` can be used here.
pub fn can_trace() -> bool {
    let run = Command::new("strace").args(["-qq", "-o", "/dev/null", "true"]).status();
    run.is_ok_and(|status| status.success())
}

/// Files that were opened to write into, whether or not that came to be; each once.
pub fn written(record: &Path) -> Vec<PathBuf> {
    let text = String::from_utf8_lossy(&std::fs::read(record).unwrap()).into_owned();
    let mut files: Vec<PathBuf> = text.lines().filter_map(written_in).collect();
    files.sort();
    files.dedup();
    files
}

fn written_in(line: &str) -> Option<PathBuf> {
    let (_, call) = line.split_once(char::is_whitespace)?;
    let call = call.trim_start();
    let writes = ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TMPFILE"].iter().any(|f| call.contains(f));
    let makes = ["creat(", "mknod", "link", "symlink"].iter().any(|name| call.starts_with(name));
    let failed = call.contains(") = -1 ");
    if !(writes || makes) || failed {
        return None;
    }
    // Of two paths the last one is made; of an open there is one.
    let last = call.split('"').collect::<Vec<_>>();
    let path = last.get(last.len().checked_sub(2)?)?;
    Some(PathBuf::from(*path))
}

#[test]
fn a_file_that_is_written_is_told_from_one_that_is_read() {
    let record = tempfile::NamedTempFile::new().unwrap();
    let lines = "\
1 openat(AT_FDCWD, \"/a/read\", O_RDONLY|O_CLOEXEC) = 3\n\
1 openat(AT_FDCWD, \"/a/made\", O_WRONLY|O_CREAT|O_CLOEXEC, 0600) = 4\n\
2 openat(AT_FDCWD, \"/tmp\", O_RDWR|O_EXCL|O_TMPFILE, 0600) = 5\n\
2 openat(AT_FDCWD, \"/a/refused\", O_RDWR) = -1 EACCES (Permission denied)\n\
2 link(\"/a/made\", \"/b/twin\") = 0\n\
2 openat(AT_FDCWD, \"/a/made\", O_RDWR <unfinished ...>\n\
2 <... openat resumed>) = 6\n";
    std::fs::write(record.path(), lines).unwrap();
    let files = written(record.path());
    assert_eq!(files, ["/a/made", "/b/twin", "/tmp"].map(PathBuf::from));
}
