//! A screen, the driver, the app and the practice provider: one for each test.

use std::cell::Cell;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use satchel_sandbox::{FaultRule, Options, Running, Sandbox};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::driver::{Killed, Window, lives};

pub struct Desk {
    pub sandbox: Running,
    pub home: TempDir,
    pub window: Window,
    ahead_ms: Cell<u64>,
    driver: Driver,
    second: Option<Driver>,
    screen: Child,
    display: String,
    _runtime: Runtime,
}

/// The driver and where it listens.
struct Driver {
    process: Child,
    port: u16,
}

impl Desk {
    pub fn open() -> Self {
        // Enough for two British businesses.
        Self::open_in(5, |_| {})
    }

    /// With so many more accounts at the provider, in a home that somebody has prepared.
    pub fn open_in(extra_accounts: u32, prepare: impl FnOnce(&Path)) -> Self {
        let runtime = Runtime::new().unwrap();
        let options = Options { extra_accounts, ..Options::default() };
        let sandbox = runtime.block_on(Sandbox::start(options)).unwrap();
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("clock"), "0").unwrap();
        std::fs::create_dir(home.path().join("tmp")).unwrap();
        prepare(home.path());
        let (screen, display) = screen();
        let mut driver = Driver::start(&display, home.path());
        let window = opened(&mut driver, &display, home.path());
        let ahead_ms = Cell::new(0);
        let (second, _runtime) = (None, runtime);
        Self { sandbox, home, window, ahead_ms, driver, second, screen, display, _runtime }
    }

    /// The app's process.
    fn app(&self) -> u32 {
        let found = self.driver.apps();
        assert_eq!(found.len(), 1, "one app under the driver: {found:?}");
        found[0]
    }

    fn start_app(&mut self) {
        self.window = opened(&mut self.driver, &self.display, self.home.path());
    }

    /// Kills the app `after` that time, wherever `act` is then, and starts it again over the same
    /// folder. True when `act` came to its end before.
    pub fn killed_in(&mut self, after: Duration, act: impl FnOnce(&Self)) -> bool {
        let app = self.app();
        self.window.mortal.set(Some(app));
        let killer = std::thread::spawn(move || {
            // Nobody sends: only the time ends this.
            let (_sender, nobody) = std::sync::mpsc::channel::<()>();
            let _ = nobody.recv_timeout(after);
            Command::new("kill").arg("-KILL").arg(app.to_string()).status().unwrap()
        });
        let ended = std::panic::catch_unwind(AssertUnwindSafe(|| act(self)));
        assert!(killer.join().unwrap().success(), "the app was there to be killed");
        let finished = match ended {
            Ok(()) => true,
            Err(cause) if cause.is::<Killed>() => false,
            Err(cause) => std::panic::resume_unwind(cause),
        };
        let begun = Instant::now();
        while lives(app) {
            assert!(begun.elapsed() < Duration::from_secs(10), "SIGKILL ends it");
            std::thread::sleep(Duration::from_millis(10));
        }
        // The driver forgets the dead one only when it is asked about it.
        self.window.mortal.set(None);
        self.window.close();
        self.start_app();
        finished
    }

    /// Quits the app and its driver for good.
    pub fn quit(&mut self) {
        self.window.close();
        end(&mut self.driver.process);
    }

    /// Quits the app and starts it again over the same folder.
    pub fn quit_and_start(&mut self) {
        self.window.close();
        self.start_app();
    }

    /// Lets both sides' time pass.
    pub fn pass(&self, ms: u32) {
        self.sandbox.advance(ms).unwrap();
        let ahead_ms = self.ahead_ms.get() + u64::from(ms);
        self.ahead_ms.set(ahead_ms);
        // Whoever reads it in between must not find half a number.
        let next = self.home.path().join("clock.next");
        std::fs::write(&next, ahead_ms.to_string()).unwrap();
        std::fs::rename(next, self.home.path().join("clock")).unwrap();
    }

    pub fn offline(&self) {
        self.fault(serde_json::json!({ "times": null, "fault": { "kind": "offline" } }));
    }

    pub fn online(&self) {
        self.sandbox.clear_faults();
    }

    pub fn fault(&self, rule: serde_json::Value) {
        let rule: FaultRule = serde_json::from_value(rule).unwrap();
        self.sandbox.arm(vec![rule]);
    }

    /// The journal's entries with one effect.
    pub fn of(&self, effect: &str) -> Vec<Value> {
        let journal = serde_json::to_value(self.sandbox.journal()).unwrap();
        let entries = journal.as_array().unwrap().iter();
        entries.filter(|e| e["effect"] == effect).cloned().collect()
    }

    /// How often an effect stands in the provider's journal.
    pub fn effects(&self, effect: &str) -> usize {
        let journal = serde_json::to_value(self.sandbox.journal()).unwrap();
        let of = |e: &&Value| e["effect"] == effect && e["duplicate"] != true;
        journal.as_array().unwrap().iter().filter(of).count()
    }

    pub fn second_effects(&self) -> usize {
        let journal = serde_json::to_value(self.sandbox.journal()).unwrap();
        let second =
            |e: &&Value| e["provider"] == "wepay" && e["duplicate"] == true && e["inert"] != true;
        journal.as_array().unwrap().iter().filter(second).count()
    }

    /// A picture of the window in both themes, under `target/screens/`.
    pub fn picture(&self, name: &str) {
        let folder = target().join("screens");
        std::fs::create_dir_all(&folder).unwrap();
        let was = self.window.run("return document.documentElement.dataset.theme || ''");
        for theme in ["light", "dark"] {
            self.window.run(&format!("document.documentElement.dataset.theme = '{theme}'"));
            self.window.painted();
            let picture = self.window.screenshot();
            assert!(picture.starts_with(b"\x89PNG"));
            std::fs::write(folder.join(format!("window-{name}-{theme}.png")), picture).unwrap();
        }
        self.window.run(&format!("document.documentElement.dataset.theme = {was}"));
    }

    /// Takes the window over again: with its page the driver's session has ended.
    pub fn joined(&mut self) {
        let environment = std::fs::read(format!("/proc/{}/environ", self.app())).unwrap();
        let entries = environment.split(|byte| *byte == 0).map(String::from_utf8_lossy);
        let mut listens = entries
            .filter_map(|entry| entry.strip_prefix("WEBKIT_INSPECTOR_SERVER=").map(str::to_owned));
        let address = listens.next().expect("the app listens to a driver");
        let target = format!("--target={address}");
        let second = Driver::with(&self.display, self.home.path(), &[&target]);
        self.window = Window::join(second.port).expect("the app is taken over");
        self.second = Some(second);
    }

    /// The processes that draw the app's pages.
    pub fn web_processes(&self) -> Vec<u32> {
        children(self.app(), "WebKitWebProces")
    }

    /// Nobody is at the window for so long; no other time passes.
    pub fn absent(&self, ms: u64) {
        std::fs::write(self.home.path().join("absence"), ms.to_string()).unwrap();
    }

    /// Waits until something outside the page is so.
    pub fn until(&self, what: &str, mut is_so: impl FnMut(&Self) -> bool) {
        let begun = Instant::now();
        while !is_so(self) {
            assert!(begun.elapsed() < Duration::from_secs(20), "{what} did not come");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// A file for the window to choose.
    pub fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.home.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.window.close();
        // An app whose page was ended does not hear its driver any more.
        for app in self.driver.apps() {
            let _ = Command::new("kill").arg(app.to_string()).status();
        }
        if let Some(second) = &mut self.second {
            end(&mut second.process);
        }
        end(&mut self.driver.process);
        end(&mut self.screen);
    }
}

/// Asked to end, so that it takes its window, socket and lock along.
fn end(child: &mut Child) {
    if child.try_wait().is_ok_and(|over| over.is_some()) {
        return;
    }
    let asked = Command::new("kill").arg(child.id().to_string()).status();
    if !asked.is_ok_and(|status| status.success()) {
        let _ = child.kill();
    }
    let _ = child.wait();
}

impl Driver {
    fn start(display: &str, home: &Path) -> Self {
        Self::with(display, home, &[])
    }

    fn with(display: &str, home: &Path, arguments: &[&str]) -> Self {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let process = driver(port, display, home, arguments);
        wait_for(port);
        Self { process, port }
    }

    /// The apps that it started and that run.
    fn apps(&self) -> Vec<u32> {
        children(self.process.id(), "satchel")
    }
}

/// Processes of one name that another one started and that run.
fn children(parent: u32, named: &str) -> Vec<u32> {
    let own = |stat: &str| {
        let (name, rest) = stat.split_once(") ")?;
        let of: u32 = rest.split(' ').nth(1)?.parse().ok()?;
        let (process, name) = name.split_once(" (")?;
        (of == parent && name == named).then(|| process.parse().ok())?
    };
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let stats = processes.filter_map(|p| std::fs::read_to_string(p.path().join("stat")).ok());
    stats.filter_map(|stat| own(&stat)).filter(|process| lives(*process)).collect()
}

/// The app's window. The driver picks a port for the app to call it back on, which another process
/// may have taken meanwhile: it gets a second chance then, and an app that does not start none.
fn opened(driver: &mut Driver, display: &str, home: &Path) -> Window {
    let fault = match Window::open(driver.port, &program()) {
        Ok(window) => return window,
        Err(fault) => fault,
    };
    let apps = driver.apps();
    let said = std::fs::read_to_string(home.join("said")).unwrap_or_default();
    println!("no window: {fault}; apps {apps:?}; they said {said}");
    for app in apps {
        let _ = Command::new("kill").arg("-KILL").arg(app.to_string()).status();
    }
    end(&mut driver.process);
    *driver = Driver::start(display, home);
    Window::open(driver.port, &program()).expect("the app opens a window")
}

fn screen() -> (Child, String) {
    let mut screen = Command::new("Xvfb")
        .args(["-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("Xvfb is installed: cargo xtask setup");
    let mut number = String::new();
    BufReader::new(screen.stdout.take().unwrap()).read_line(&mut number).unwrap();
    (screen, format!(":{}", number.trim()))
}

fn driver(port: u16, display: &str, home: &Path, arguments: &[&str]) -> Child {
    Command::new("WebKitWebDriver")
        .arg(format!("--port={port}"))
        .args(arguments)
        .env("DISPLAY", display)
        .env("GDK_BACKEND", "x11")
        .env_remove("WAYLAND_DISPLAY")
        .env("HOME", home)
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env("TMPDIR", home.join("tmp"))
        // Nobody's own keychain is touched.
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
        .env("TAURI_WEBVIEW_AUTOMATION", "true")
        .env("SATCHEL_TEST_CLOCK", home.join("clock"))
        .env("SATCHEL_TEST_COST", "low")
        .env("SATCHEL_TEST_CAMERA", "mock")
        .env("SATCHEL_TEST_ABSENCE", home.join("absence"))
        .env("SATCHEL_TEST_MEMORY", "open")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(File::options().create(true).append(true).open(home.join("said")).unwrap())
        .spawn()
        .expect("WebKitWebDriver is installed: cargo xtask setup")
}

fn wait_for(port: u16) {
    let begun = Instant::now();
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        assert!(begun.elapsed() < Duration::from_secs(20), "the driver does not answer");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// The folder that this test was built in.
fn target() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    test.ancestors().find(|folder| folder.ends_with("debug")).unwrap().parent().unwrap().to_owned()
}

fn program() -> String {
    let program = target().join("debug").join("satchel");
    assert!(program.exists(), "build it: cargo build -p satchel --features test-hooks");
    program.to_str().unwrap().to_owned()
}
