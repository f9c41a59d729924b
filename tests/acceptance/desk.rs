//! The real programs, each in its own process, over one folder that is thrown away afterwards.

use std::cell::Cell;
use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

pub const PASSPHRASE: &str = "correct horse battery staple";

/// Longest wait for a process: generous, since machines are busy.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK_EVERY: Duration = Duration::from_millis(1);

/// What `satchelctl` came to.
#[derive(Debug)]
pub struct Ended {
    /// Exit code; none when it was killed.
    pub code: Option<i32>,
    pub json: Value,
    pub stderr: String,
}

impl Ended {
    /// The code of the error that it printed.
    pub fn error(&self) -> &str {
        self.json["error"]["code"].as_str().unwrap_or_default()
    }
}

pub struct Desk {
    pub folder: TempDir,
    pub hello: Value,
    /// What `satchelctl` is started through, such as the way onto a disk of its own.
    pub through: Vec<String>,
    sandbox: Child,
    ahead_ms: Cell<u64>,
}

impl Desk {
    /// The practice provider runs; there is no vault yet.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["tmp", "home"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        std::fs::write(folder.path().join("clock"), "0").unwrap();
        std::fs::write(folder.path().join("passphrase"), format!("{PASSPHRASE}\n")).unwrap();
        let mut sandbox = Command::new(program("satchel-sandbox"))
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(folder.path().join("provider"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first_line = String::new();
        BufReader::new(sandbox.stdout.take().unwrap()).read_line(&mut first_line).unwrap();
        let hello = serde_json::from_str(&first_line).unwrap();
        Self { folder, hello, through: Vec::new(), sandbox, ahead_ms: Cell::new(0) }
    }

    /// With a vault and both connections.
    pub fn connected() -> Self {
        let desk = Self::new();
        desk.done(&["vault", "create", "--operator", "Amara Osei"]);
        desk.connect_both();
        desk
    }

    pub fn connect_both(&self) {
        let of = |path: &str| self.hello.pointer(path).unwrap().as_str().unwrap().to_owned();
        let token = of("/credentials/wepay/access_token");
        self.connect("wepay", &format!("access_token={token}\n"));
        let (key, secret) = (of("/credentials/winter/key"), of("/credentials/winter/secret"));
        self.connect("winter", &format!("api_key={key}\napi_secret={secret}\n"));
    }

    fn connect(&self, provider: &str, credentials: &str) {
        let file = self.file("credentials", credentials.as_bytes());
        let base = format!("base_url={}", self.hello[provider].as_str().unwrap());
        let client = self.hello["credentials"][provider]["client_id"].as_str();
        let client = client.map(|id| format!("client_id={id}"));
        let mut arguments =
            vec!["connect", "--provider", provider, "--credentials", &file, "--set", &base];
        arguments.extend(client.iter().flat_map(|client| ["--set", client.as_str()]));
        arguments.push("--check");
        let said = self.done(&arguments);
        assert_eq!(said["check"]["ok"], true, "{said}");
        std::fs::remove_file(file).unwrap();
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Where `satchelctl` is told to put what is temporary.
    pub fn tmp(&self) -> PathBuf {
        self.folder.path().join("tmp")
    }

    /// Writes a file outside the app's folder.
    pub fn file(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// `satchelctl` with these arguments, not yet started.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut words = self.through.iter().map(OsString::from).collect::<Vec<_>>();
        words.push(program("satchelctl").into());
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]);
        self.equip(&mut command);
        command.arg("--data").arg(self.data());
        command.arg("--passphrase-file").arg(self.folder.path().join("passphrase"));
        command.arg("--json").args(arguments);
        command
    }

    /// As `command`, where no file may grow beyond so many blocks of 512 bytes.
    pub fn command_on_a_full_disk(&self, blocks: u64, arguments: &[&str]) -> Command {
        let mut shell = Command::new("sh");
        self.equip(&mut shell);
        let script = format!("trap '' XFSZ; ulimit -f {blocks} || exit 99; exec \"$@\"");
        shell.args(["-c", &script, "sh"]);
        let inner = self.command(arguments);
        shell.arg(inner.get_program()).args(inner.get_args());
        shell
    }

    fn equip(&self, command: &mut Command) {
        command
            .env("SATCHEL_TEST_CLOCK", self.folder.path().join("clock"))
            .env("SATCHEL_TEST_COST", "1")
            .env("TMPDIR", self.tmp())
            .env("HOME", self.folder.path().join("home"))
            // Nobody's own keychain is touched.
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
    }

    /// Runs `satchelctl` to its end.
    pub fn ctl(&self, arguments: &[&str]) -> Ended {
        ended(self.command(arguments))
    }

    /// Runs `satchelctl`, which must do what it is asked.
    pub fn done(&self, arguments: &[&str]) -> Value {
        let ended = self.ctl(arguments);
        assert_eq!(ended.code, Some(0), "{arguments:?}: {ended:?}");
        ended.json
    }

    /// Starts `satchelctl` and kills it once `now` says so; true when it was killed before its end.
    pub fn killed(&self, arguments: &[&str], mut now: impl FnMut() -> bool) -> bool {
        let mut child = self.command(arguments).spawn().unwrap();
        let started = Instant::now();
        loop {
            if child.try_wait().unwrap().is_some() {
                return false;
            }
            if now() {
                child.kill().unwrap();
                return child.wait().unwrap().code().is_none();
            }
            assert!(started.elapsed() < PATIENCE, "{arguments:?} was to be killed");
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// Where an account stands, by the code of its line.
    pub fn stands(&self, account: &str) -> String {
        let view = self.done(&["account", "show", account]);
        view["row"]["line"]["code"].as_str().unwrap().to_owned()
    }

    /// Adds an account that the provider has: ours, open, and a person's in the US.
    pub fn account(&self, provider: &str) -> String {
        let accounts = self.hello["accounts"].as_array().unwrap();
        let found = accounts.iter().find(|a| {
            a["provider"] == provider
                && a["owner"] == "ours"
                && a["kind"] == "individual"
                && a["country"] == "US"
                && (a["state"] == "active" || a["state"] == "action_required")
        });
        let found = found.unwrap();
        let id = found["id"].as_str().map_or_else(|| found["id"].to_string(), str::to_owned);
        self.add(provider, &id, found["name"].as_str().unwrap());
        id
    }

    pub fn add(&self, provider: &str, id: &str, name: &str) {
        self.done(&[
            "account",
            "add",
            "--connection",
            provider,
            "--id",
            id,
            "--name",
            name,
            "--kind",
            "individual",
            "--country",
            "US",
        ]);
    }

    /// Writes the file for `submit --info`.
    pub fn info(&self, answers: &[(&str, &str)]) -> String {
        let answers: serde_json::Map<String, Value> =
            answers.iter().map(|(path, value)| ((*path).to_owned(), json!(value))).collect();
        let info = json!({
            "kind": "individual", "country": "US", "answers": answers, "consent": true,
        });
        self.file("info.json", info.to_string().as_bytes())
    }

    /// Lets both sides' time pass.
    pub fn pass(&self, ms: u32) {
        self.admin("POST", "clock", &json!({ "advance_ms": ms }));
        self.ahead_ms.set(self.ahead_ms.get() + u64::from(ms));
        // Whoever reads it in between must not find half a number.
        let next = self.file("clock.next", self.ahead_ms.get().to_string().as_bytes());
        std::fs::rename(next, self.folder.path().join("clock")).unwrap();
    }

    pub fn fault(&self, rule: &Value) {
        self.admin("POST", "faults", rule);
    }

    pub fn no_faults(&self) {
        self.admin("DELETE", "faults", &Value::Null);
    }

    /// A steering call to the practice provider.
    pub fn admin(&self, method: &str, path: &str, body: &Value) -> Value {
        let base = self.hello["admin"].as_str().unwrap();
        let (host, folder) = base.strip_prefix("http://").unwrap().split_once('/').unwrap();
        let token = self.hello["admin_token"].as_str().unwrap();
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let mut stream = TcpStream::connect(host).unwrap();
        // In one piece: the provider tells by the first bytes whether it is steered or called.
        let request = format!(
            "{method} /{folder}/{path} HTTP/1.1\r\nHost: {host}\r\nX-Sandbox-Admin: {token}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        // While it plays an absent network, it resets even a connection that it has answered.
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200"), "{method} {path}: {answer}");
        serde_json::from_str(body).unwrap_or(Value::Null)
    }

    /// What really happened at the provider, from its journal's file.
    pub fn journal(&self) -> Vec<Value> {
        let file = self.folder.path().join("provider").join("journal.jsonl");
        let text = std::fs::read_to_string(file).unwrap();
        // The last line may be half written while somebody reads.
        let whole = &text[..text.rfind('\n').map_or(0, |at| at + 1)];
        whole.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    pub fn effects(&self, account: &str, effect: &str) -> usize {
        self.of(account, effect).len()
    }

    /// The journal's entries about an account with one effect.
    pub fn of(&self, account: &str, effect: &str) -> Vec<Value> {
        let entries = self.journal().into_iter();
        entries.filter(|e| e["account"] == account && e["effect"] == effect).collect()
    }

    /// Second effects: exactly what must never be.
    pub fn second_effects(&self) -> Vec<Value> {
        let entries = self.journal().into_iter().filter(|e| e["provider"] == "wepay");
        entries.filter(|e| e["duplicate"] == true && e["inert"] != true).collect()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.sandbox.kill();
        let _ = self.sandbox.wait();
    }
}

/// Runs a command to its end.
pub fn ended(mut command: Command) -> Ended {
    ending(&command.output().unwrap())
}

/// What a process that is over came to.
pub fn ending(output: &Output) -> Ended {
    let stdout = String::from_utf8(output.stdout.clone()).unwrap();
    Ended {
        code: output.status.code(),
        json: serde_json::from_str(&stdout).unwrap_or(Value::String(stdout)),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// One of our programs: it lies where this test was built, or a folder above.
pub fn program(name: &str) -> PathBuf {
    let here = std::env::current_exe().unwrap();
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    let found =
        here.ancestors().skip(1).take(3).map(|f: &Path| f.join(&file)).find(|f| f.is_file());
    found.unwrap_or_else(|| {
        panic!(
            "{name} is not built: cargo build -p satchelctl --features satchelctl/test-hooks \
             -p satchel-sandbox"
        )
    })
}
