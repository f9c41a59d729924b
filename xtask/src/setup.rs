//! Set-up: what this machine lacks is found, named and, on Debian, installed.

use std::process::{ExitCode, Stdio};

use anyhow::{Context, Result, bail};

use crate::debian::{self, Need};
use crate::{display, exec, node, place, tools};

/// `cargo xtask setup`.
///
/// # Errors
/// When something is missing that cannot be installed from here.
pub fn perform(_: &[String]) -> Result<ExitCode> {
    for_tests()?;
    node::build()?;
    println!("Everything that run and test need is there.");
    Ok(ExitCode::SUCCESS)
}

/// What `run` needs of the system.
///
/// # Errors
/// When something is missing that cannot be installed from here.
pub fn for_run() -> Result<()> {
    if display::is_there() { system(&[Need::Build]) } else { system(&[Need::Build, Need::Screen]) }
}

/// What `test` needs of the system, Rust's components and the prebuilt tools included.
///
/// # Errors
/// When something is missing that cannot be installed from here.
pub fn for_tests() -> Result<()> {
    system(&[Need::Build, Need::Screen, Need::Test])?;
    rust_components()?;
    tools::ensure_all()
}

/// What some needs ask of the system.
///
/// # Errors
/// When something is missing that cannot be installed from here.
pub fn system(needs: &[Need]) -> Result<()> {
    if place::on_path("dpkg-query").is_some() {
        return debian::ensure(needs);
    }
    if cfg!(target_os = "linux") {
        return other_linux(needs);
    }
    if cfg!(target_os = "macos") {
        return present("cc", MACOS);
    }
    if cfg!(windows) && std::env::var_os("OPENSSL_DIR").is_none() {
        bail!("{WINDOWS}");
    }
    Ok(())
}

const MACOS: &str = "the C compiler is missing. Install Apple's tools with: xcode-select --install";

const WINDOWS: &str =
    "SQLCipher needs OpenSSL. Install three things, set OPENSSL_DIR to OpenSSL's \
folder and run this again:
  Microsoft C++ Build Tools (workload \"Desktop development with C++\")
  WebView2 Evergreen Runtime (Windows 10 1803 and later have it)
  OpenSSL 3 with headers, for example: winget install ShiningLight.OpenSSL.Dev";

const FEDORA: &str = "dnf install webkit2gtk4.1-devel openssl-devel libappindicator-gtk3-devel \
librsvg2-devel libxdo-devel gcc gcc-c++ make pkgconf-pkg-config gstreamer1-plugins-base \
gstreamer1-plugins-good rsms-inter-fonts
  and for the tests: dnf install xorg-x11-server-Xvfb xorg-x11-xauth sqlite python3 \
gnome-keyring libsecret /usr/bin/WebKitWebDriver";

const ARCH: &str = "pacman -S --needed webkit2gtk-4.1 base-devel openssl libappindicator-gtk3 \
librsvg xdotool gst-plugins-base gst-plugins-good inter-font
  and for the tests: pacman -S --needed xorg-server-xvfb xorg-xauth sqlite python \
gnome-keyring libsecret, and the package that owns WebKitWebDriver (pacman -F WebKitWebDriver)";

const ANY_LINUX: &str = "the development packages of webkit2gtk-4.1, OpenSSL, librsvg, libxdo and \
ayatana-appindicator3, a C compiler, pkg-config, and GStreamer's base and good plugins
  and for the tests: Xvfb, xauth, sqlite3, Python 3 with venv, gnome-keyring, secret-tool and \
WebKitWebDriver";

/// Looks for the things themselves, since their packages have other names everywhere.
fn other_linux(needs: &[Need]) -> Result<()> {
    let advice = advice(&std::fs::read_to_string("/etc/os-release").unwrap_or_default());
    for program in ["cc", "pkg-config"] {
        present(program, &advice)?;
    }
    for library in ["webkit2gtk-4.1", "openssl", "librsvg-2.0"] {
        let known = exec::at_root("pkg-config").args(["--exists", library]).status();
        if !known.with_context(|| "cannot start pkg-config")?.success() {
            bail!("the library {library} is missing. {advice}");
        }
    }
    if needs.contains(&Need::Screen) {
        present("Xvfb", &advice)?;
    }
    if needs.contains(&Need::Test) {
        for program in
            ["WebKitWebDriver", "python3", "sqlite3", "gnome-keyring-daemon", "secret-tool"]
        {
            present(program, &advice)?;
        }
    }
    if needs.contains(&Need::Bench) {
        present("ip", &advice)?;
    }
    Ok(())
}

fn advice(os_release: &str) -> String {
    let is = |family: &str| {
        os_release
            .lines()
            .filter_map(|line| line.strip_prefix("ID=").or(line.strip_prefix("ID_LIKE=")))
            .any(|ids| ids.trim_matches('"').split(' ').any(|id| id == family))
    };
    let packages = match (is("fedora"), is("arch")) {
        (true, _) => FEDORA,
        (_, true) => ARCH,
        (false, false) => ANY_LINUX,
    };
    format!("Install what is needed and run this again:\n  {packages}")
}

fn present(program: &str, advice: &str) -> Result<()> {
    match place::on_path(program) {
        Some(_) => Ok(()),
        None => bail!("{program} is missing. {advice}"),
    }
}

fn rust_components() -> Result<()> {
    for (word, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        let mut probe = exec::cargo();
        probe.args([word, "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
        if !probe.status().context("cannot start cargo")?.success() {
            println!("Rust's {component} is missing; adding it.");
            exec::must(exec::at_root("rustup").args(["component", "add", component]))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

    use super::*;

    #[test]
    fn each_linux_family_is_told_its_own_packages() {
        assert!(advice("NAME=x\nID=fedora\n").contains("dnf install webkit2gtk4.1-devel"));
        assert!(advice("ID=rocky\nID_LIKE=\"rhel centos fedora\"\n").contains("dnf install"));
        assert!(advice("ID=manjaro\nID_LIKE=arch\n").contains("pacman -S --needed webkit2gtk-4.1"));
        assert!(advice("ID=nixos\n").contains("development packages of webkit2gtk-4.1"));
        assert!(advice("").contains("development packages"));
    }

    #[test]
    fn a_missing_program_stops_with_its_name_and_what_to_do() {
        let error = present("satchel-missing-program", MACOS).unwrap_err().to_string();
        assert!(error.contains("satchel-missing-program"));
        assert!(error.contains("xcode-select --install"));
    }
}
