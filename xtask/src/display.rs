//! A screen of our own, for machines that have none and for tests that must not disturb one.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::{exec, place};

/// A virtual screen that lives as long as this value.
pub struct Screen {
    server: Child,
    name: String,
}

/// True when a window can open here. Systems other than Linux always have a screen.
pub fn is_there() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

impl Screen {
    /// Starts a virtual screen under the first free number.
    ///
    /// # Errors
    /// When Xvfb does not start.
    pub fn start() -> Result<Screen> {
        let mut server = exec::servant("Xvfb", &place::root())
            .args(["-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start Xvfb")?;
        let stdout = server.stdout.take().context("Xvfb has no output")?;
        let mut number = String::new();
        BufReader::new(stdout).read_line(&mut number).context("Xvfb said nothing")?;
        let screen = Screen { server, name: format!(":{}", number.trim()) };
        if number.trim().parse::<u32>().is_err() {
            bail!("Xvfb did not name its screen");
        }
        Ok(screen)
    }

    /// Makes a command open its windows here.
    pub fn lend(&self, command: &mut Command) {
        command.env("DISPLAY", &self.name).env_remove("WAYLAND_DISPLAY");
        command.env("GDK_BACKEND", "x11");
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // Asked to end rather than killed, so that it removes its lock and socket.
        let asked = Command::new("kill").arg(self.server.id().to_string()).status();
        if !asked.is_ok_and(|status| status.success()) {
            // Nothing is left to do if even that fails: the server has ended by itself.
            let _ = self.server.kill();
        }
        let _ = self.server.wait();
    }
}
