//! A D-Bus session of a test's own, with a keyring of its own or none. The bus is found through the
//! environment of the whole process, so a test begins itself again inside its session.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Which session a test runs in.
pub enum Bus<'a> {
    /// One with an empty gnome-keyring that is unlocked.
    WithKeyring,
    /// One in which nobody keeps secrets, nor is started to.
    WithoutKeyring,
    /// None.
    None,
    /// Whatever listens there.
    At(&'a Path),
}

/// Says which part of the test the process is.
const PART: &str = "SATCHEL_TEST_SESSION";

const PASSWORD: &str = "the person's password";

const QUIET_BUS: &str = r#"<!DOCTYPE busconfig PUBLIC
 "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#;

impl Bus<'_> {
    fn part(&self) -> &'static str {
        match self {
            Self::WithKeyring => "with-keyring",
            Self::WithoutKeyring => "without-keyring",
            Self::None => "none",
            Self::At(_) => "at",
        }
    }

    fn command(&self, home: &Path) -> Command {
        match self {
            Self::WithKeyring => {
                let mut command = Command::new("dbus-run-session");
                command.arg("--");
                command
            }
            Self::WithoutKeyring => {
                let quiet = home.join("bus.conf");
                std::fs::write(&quiet, QUIET_BUS).unwrap();
                let mut command = Command::new("dbus-run-session");
                command.arg("--config-file").arg(quiet).arg("--");
                command
            }
            Self::None => at(&home.join("no-bus")),
            Self::At(socket) => at(socket),
        }
    }
}

fn at(socket: &Path) -> Command {
    let mut command = Command::new("env");
    command.arg(format!("DBUS_SESSION_BUS_ADDRESS=unix:path={}", socket.display()));
    command
}

/// Runs `body` in such a session; `test` is the name of the test that calls this.
pub fn run(test: &str, bus: Bus<'_>, body: impl FnOnce()) {
    if let Some(part) = std::env::var_os(PART) {
        if part == bus.part() {
            if let Bus::WithKeyring = bus {
                unlock();
            }
            body();
        }
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let mut command = bus.command(home.path());
    command.arg(std::env::current_exe().unwrap()).args(["--exact", test, "--nocapture"]);
    command.env(PART, bus.part()).env("HOME", home.path()).env("XDG_RUNTIME_DIR", home.path());
    for gone in ["DISPLAY", "WAYLAND_DISPLAY", "XDG_DATA_HOME", "XDG_CONFIG_HOME"] {
        command.env_remove(gone);
    }
    let output = command.stdin(Stdio::null()).output().expect("dbus-run-session (package dbus)");
    let said = String::from_utf8_lossy(&output.stdout);
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "in its session:\n{said}\n{complained}");
    assert!(said.contains("1 passed"), "{test} did not run in its session:\n{said}");
}

/// Starts the keyring if none runs, and unlocks it.
pub fn unlock() {
    let mut daemon = Command::new("gnome-keyring-daemon")
        .args(["--unlock", "--components=secrets"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("gnome-keyring-daemon (package gnome-keyring)");
    daemon.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
    assert!(daemon.wait().unwrap().success());
}

/// Locks what the keyring has.
pub fn lock() {
    call(
        "org.freedesktop.secrets",
        "/org/freedesktop/secrets",
        &[
            "org.freedesktop.Secret.Service.Lock",
            "array:objpath:/org/freedesktop/secrets/collection/login",
        ],
    );
}

/// Ends the keyring.
pub fn end() {
    say("kill", &["-KILL", &keyring()]);
}

/// The keyring ends, and what it kept with it; the next call finds another.
pub fn lose_everything() {
    end();
    let home = std::env::var_os("HOME").unwrap();
    std::fs::remove_dir_all(Path::new(&home).join(".local/share/keyrings")).unwrap();
}

/// Stops the keyring's process without ending it, and names it.
pub fn stop() -> String {
    let keyring = keyring();
    say("kill", &["-STOP", &keyring]);
    keyring
}

/// Lets it go on.
pub fn resume(keyring: &str) {
    say("kill", &["-CONT", keyring]);
}

fn keyring() -> String {
    let answer = call(
        "org.freedesktop.DBus",
        "/org/freedesktop/DBus",
        &["org.freedesktop.DBus.GetConnectionUnixProcessID", "string:org.freedesktop.secrets"],
    );
    answer.split_whitespace().last().unwrap().to_owned()
}

fn call(service: &str, path: &str, words: &[&str]) -> String {
    let to = format!("--dest={service}");
    let mut arguments = vec!["--session", "--print-reply=literal", &to, path];
    arguments.extend(words);
    let output = Command::new("dbus-send").args(arguments).output().expect("dbus-send");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What a program prints, whether it succeeds or not.
pub fn say(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().expect("a program of the tests");
    String::from_utf8(output.stdout).unwrap()
}
