//! A network namespace that lives as long as this program does, however that ends.
//!
//! It has no name: a process holds it, and the kernel ends that process with this program. So
//! nothing is left behind, not even by SIGKILL.

use std::fs::File;
use std::io::Read;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

/// A namespace.
#[derive(Debug)]
pub(crate) struct Namespace {
    holder: Child,
    path: PathBuf,
}

/// Settings that make runs alike: nothing remembered from the run before, and no traffic but ours.
const SETTINGS: [(&str, &str); 3] = [
    ("ipv4/tcp_no_metrics_save", "1"),
    ("ipv6/conf/all/disable_ipv6", "1"),
    ("ipv6/conf/default/disable_ipv6", "1"),
];

impl Namespace {
    /// A namespace with a loopback and nothing else.
    ///
    /// # Errors
    /// Without root, `unshare`, `setpriv` or `ip`.
    pub(crate) fn new() -> Result<Self> {
        let mut holder = Command::new("setpriv")
            .args(["--pdeathsig", "KILL", "unshare", "--net", "sh", "-c"])
            .args(["echo ready; exec sleep infinity"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start setpriv (Debian's util-linux)")?;
        let path = PathBuf::from(format!("/proc/{}/ns/net", holder.id()));
        let mut ready = [0; 5];
        let said = holder.stdout.take().context("no output")?.read_exact(&mut ready);
        let namespace = Self { holder, path };
        if said.is_err() {
            bail!("no network namespace could be made: root is needed");
        }
        namespace.run("ip", &["link", "set", "lo", "up"])?;
        namespace.inside(|| -> Result<()> {
            for (name, value) in SETTINGS {
                let file = Path::new("/proc/sys/net").join(name);
                std::fs::write(&file, value).with_context(|| format!("{}", file.display()))?;
            }
            Ok(())
        })??;
        Ok(namespace)
    }

    /// Moves the calling thread into it, for good.
    ///
    /// # Errors
    /// When the namespace is gone.
    pub(crate) fn enter(&self) -> Result<()> {
        let link = File::open(&self.path).context("the network namespace is gone")?;
        move_into_link_name_space(link.as_fd(), Some(LinkNameSpaceType::Network))
            .context("cannot enter the network namespace")
    }

    /// Does `work` in it, on a thread of its own.
    ///
    /// # Errors
    /// When the namespace is gone or `work` panics.
    pub(crate) fn inside<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T> {
        std::thread::scope(|scope| {
            let done = scope.spawn(|| self.enter().map(|()| work())).join();
            done.unwrap_or_else(|_| bail!("the work in the namespace panicked"))
        })
    }

    /// A program in it, which ends with this one.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new("nsenter");
        command.arg(format!("--net={}", self.path.display()));
        command.args(["--", "setpriv", "--pdeathsig", "KILL"]).arg(program);
        command.stdin(Stdio::null());
        command
    }

    /// Runs a program in it that must succeed.
    ///
    /// # Errors
    /// When it does not.
    pub(crate) fn run(&self, program: &str, arguments: &[&str]) -> Result<()> {
        let output = self.command(Path::new(program)).args(arguments).output();
        let output = output.with_context(|| format!("cannot start {program}"))?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            bail!("{program} {}: {said}", arguments.join(" "));
        }
        Ok(())
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        // Both fail only when it has ended by itself.
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}
