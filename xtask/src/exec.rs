//! Running other programs: shown before they run, and optionally read while they print.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, IsTerminal, PipeReader, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::place;

/// How long to listen to a pipe that a left-over grandchild keeps open after its parent ended.
const LEFT_OVER_PIPE_MS_MAX: u64 = 3_000;

/// What a program printed (both streams, in order, without colours) and how it ended.
pub struct Heard {
    /// The exit status.
    pub status: ExitStatus,
    /// Everything printed.
    pub text: String,
}

/// Cargo, at the workspace's root.
pub fn cargo() -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    at_root(&program)
}

/// A program, at the workspace's root.
pub fn at_root(program: impl AsRef<OsStr>) -> Command {
    at(program, &place::root())
}

/// A program that serves this one and is ended with it, however this one ends.
pub fn servant(program: &str, folder: &Path) -> Command {
    let Some(setpriv) = place::on_path("setpriv") else { return at(program, folder) };
    let mut command = at(setpriv, folder);
    command.args(["--pdeathsig", "TERM", program]).stdin(Stdio::null()).stderr(Stdio::null());
    command
}

/// A program in a folder.
pub fn at(program: impl AsRef<OsStr>, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    if place::is_ci() {
        command.env("CARGO_INCREMENTAL", "0");
    }
    command
}

/// Runs to the end with this terminal; a failure is an error that names the command.
pub fn must(command: &mut Command) -> Result<()> {
    show(command);
    let status = command.status().with_context(|| format!("cannot start {}", line(command)))?;
    if !status.success() {
        bail!("{} ended with {status}", line(command));
    }
    Ok(())
}

/// Runs quietly and returns the standard output of a success.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot start {}", line(command)))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        bail!("{} ended with {}: {said}", line(command), output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs to the end, passing on what the program prints and keeping it too.
pub fn hear(mut command: Command) -> Result<Heard> {
    show(&command);
    let name = line(&command);
    if std::io::stdout().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always").env("FORCE_COLOR", "1");
    } else {
        command.env("CARGO_TERM_COLOR", "never").env("NO_COLOR", "1").env_remove("FORCE_COLOR");
    }
    let (reader, writer) = std::io::pipe().context("cannot make a pipe")?;
    let second = writer.try_clone().context("cannot make a pipe")?;
    let child = command.stdin(Stdio::null()).stdout(writer).stderr(second).spawn();
    drop(command);
    let mut child = child.with_context(|| format!("cannot start {name}"))?;
    let lines = listen(reader);
    let mut text = String::new();
    let status = loop {
        match lines.recv_timeout(Duration::from_millis(200)) {
            Ok(line) => pass_on(&line, &mut text),
            Err(RecvTimeoutError::Disconnected) => break child.wait()?,
            Err(RecvTimeoutError::Timeout) => {
                if let Some(status) = child.try_wait()? {
                    break status;
                }
            }
        }
    };
    let patience = Duration::from_millis(LEFT_OVER_PIPE_MS_MAX);
    while let Ok(line) = lines.recv_timeout(patience) {
        pass_on(&line, &mut text);
    }
    Ok(Heard { status, text })
}

fn listen(reader: PipeReader) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut reader = BufReader::new(reader);
        loop {
            let mut line = Vec::new();
            match reader.read_until(b'\n', &mut line) {
                Ok(1..) if sender.send(line).is_ok() => {}
                Ok(_) | Err(_) => return,
            }
        }
    });
    receiver
}

fn pass_on(line: &[u8], text: &mut String) {
    let mut out = std::io::stdout().lock();
    // A closed terminal must not stop the checks; their report still decides the exit code.
    let _ = out.write_all(line).and_then(|()| out.flush());
    text.push_str(&without_colours(&String::from_utf8_lossy(line)));
}

/// Removes terminal escape sequences of the forms `ESC [ … letter` and `ESC ( letter`.
pub fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        if character == '\u{1b}' {
            rest.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(character);
        }
    }
    plain
}

fn show(command: &Command) {
    println!("$ {}", line(command));
}

/// The command as one would type it.
pub fn line(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let name = program.file_name().unwrap_or(command.get_program());
    let words = std::iter::once(name).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

    use super::*;

    #[test]
    fn colours_are_removed_and_words_kept() {
        assert_eq!(without_colours("\u{1b}[1;32mPASS\u{1b}(B\u{1b}[m é 1"), "PASS é 1");
    }

    #[test]
    fn both_streams_and_the_exit_code_of_a_program_are_heard() {
        let mut cargo = cargo();
        cargo.args(["no-such-subcommand-of-cargo"]);
        let heard = hear(cargo).unwrap();
        assert!(!heard.status.success());
        assert!(heard.text.contains("no-such-subcommand-of-cargo"), "{}", heard.text);
    }

    #[test]
    fn a_program_that_is_missing_is_named() {
        let error = must(&mut at_root("/nowhere/satchel-missing-program")).unwrap_err();
        assert!(format!("{error:#}").contains("satchel-missing-program"));
    }
}
