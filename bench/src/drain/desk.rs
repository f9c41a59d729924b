//! The real programs: the practice provider behind an emulated link, and `satchelctl` with a vault
//! in front of it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::photos::{Photo, PreparedPhoto};
use crate::link::{Link, SERVER};

const PASSPHRASE: &str = "correct horse battery staple";

/// Steering goes past the link, on the server's own loopback.
const STEERING: &str = "127.0.0.1:8801";
const TLS_PORT: u16 = 8443;

/// A provider and a vault that is connected to it.
pub(crate) struct Desk<'a> {
    link: &'a Link,
    programs: PathBuf,
    folder: TempDir,
    sandbox: Child,
    hello: Value,
}

/// What a drain came to, by the provider's journal.
pub(crate) struct Drained {
    /// When the provider had everything.
    pub(crate) ended: SystemTime,
    /// From the last upload's arrival to that of the call which attaches it, per account.
    pub(crate) small_calls: Vec<Duration>,
}

impl<'a> Desk<'a> {
    /// Starts the provider and makes a vault. Nothing crosses the link yet.
    ///
    /// # Errors
    /// When a program is missing or refuses.
    pub(crate) fn new(link: &'a Link, programs: &Path) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut sandbox = link
            .server
            .command(&programs.join("satchel-sandbox"))
            .args(["--listen", STEERING, "--allow-remote", "--tls-listen"])
            .arg(format!("{SERVER}:{TLS_PORT}"))
            .args(["--review-delay-ms", "3600000", "--data"])
            .arg(folder.path().join("provider"))
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start satchel-sandbox")?;
        let mut line = String::new();
        let out = sandbox.stdout.take().context("no output")?;
        let read = BufReader::new(out).read_line(&mut line);
        let programs = programs.to_owned();
        let mut desk = Self { link, programs, folder, sandbox, hello: Value::Null };
        read?;
        desk.hello = serde_json::from_str(&line).context("satchel-sandbox did not start")?;
        desk.connect()?;
        Ok(desk)
    }

    fn connect(&self) -> Result<()> {
        std::fs::write(self.path("passphrase"), PASSPHRASE)?;
        self.done(&["vault", "create"])?;
        let credentials = self.path("credentials");
        std::fs::write(&credentials, format!("access_token={}\n", self.token()?))?;
        let root = self.path("root.pem");
        std::fs::write(&root, self.root_pem()?)?;
        let (base, application) = (self.base()?, self.application()?);
        let (base, client) = (format!("base_url={base}"), format!("client_id={application}"));
        let (credentials, root) = (text(&credentials)?, text(&root)?);
        self.done(&[
            "connect",
            "--provider",
            "wepay",
            "--set",
            &base,
            "--set",
            &client,
            "--credentials",
            credentials,
            "--root",
            root,
        ])?;
        Ok(())
    }

    /// The provider's base URL across the link.
    ///
    /// # Errors
    /// When the provider named none.
    pub(crate) fn base(&self) -> Result<String> {
        self.said("/wepay_tls")
    }

    /// The certificate to trust.
    ///
    /// # Errors
    /// When the provider named none.
    pub(crate) fn root_pem(&self) -> Result<String> {
        self.said("/certificate_pem")
    }

    /// The access token.
    ///
    /// # Errors
    /// When the provider named none.
    pub(crate) fn token(&self) -> Result<String> {
        self.said("/credentials/wepay/access_token")
    }

    /// The application's number.
    ///
    /// # Errors
    /// When the provider named none.
    pub(crate) fn application(&self) -> Result<String> {
        self.said("/credentials/wepay/client_id")
    }

    fn said(&self, pointer: &str) -> Result<String> {
        let value = self.hello.pointer(pointer).and_then(Value::as_str);
        value.map(str::to_owned).with_context(|| format!("the provider did not say {pointer}"))
    }

    /// Accounts at the provider whose owner is asked for documents.
    ///
    /// # Errors
    /// When the provider refuses.
    pub(crate) fn accounts(&self, count: usize) -> Result<Vec<String>> {
        (0..count)
            .map(|_| {
                let wanted = json!({ "provider": "wepay", "script": "documents" });
                let added = self.steer("accounts", &wanted)?;
                Ok(added.get("id").and_then(Value::as_i64).context("no id")?.to_string())
            })
            .collect()
    }

    /// Seals one submission for each account, with the same photos.
    ///
    /// # Errors
    /// When one cannot be sealed.
    pub(crate) fn seal(&self, accounts: &[String], photos: &[Photo]) -> Result<()> {
        let info = self.path("info.json");
        std::fs::write(&info, details().to_string())?;
        for account in accounts {
            self.done(&[
                "account",
                "add",
                "--connection",
                "wepay",
                "--id",
                account,
                "--name",
                "A Merchant",
                "--kind",
                "individual",
                "--country",
                "US",
            ])?;
            let mut submit = self.satchelctl();
            submit.args(["submit", "--account", account, "--info"]).arg(&info);
            for photo in photos {
                submit.arg("--document").arg(photo.argument()?);
            }
            succeeded(submit)?;
        }
        Ok(())
    }

    /// Delivers everything across the link, and looks what the provider has of it.
    ///
    /// # Errors
    /// When something did not arrive once and whole.
    pub(crate) fn drain(&self, accounts: &[String], photos: &[PreparedPhoto]) -> Result<Drained> {
        let mut sync = self.link.client.command(&self.programs.join("satchelctl"));
        self.equip(&mut sync);
        sync.args(["sync", "--until-idle", "--timeout", "1800"]);
        succeeded(sync)?;
        let journal = self.journal()?;
        let mut small_calls = Vec::new();
        let mut ended = 0;
        for account in accounts {
            let of = |effect: &str| -> Vec<&Value> {
                let has = |e: &Value, key: &str, value: &str| {
                    e.get(key).and_then(Value::as_str) == Some(value)
                };
                let entries = journal.iter().filter(|e| has(e, "account", account));
                entries.filter(|e| has(e, "effect", effect)).collect()
            };
            let (authorized, uploads) = (of("kyc_authorized").len(), of("file_uploaded"));
            let attached = of("kyc_modified");
            ensure!((authorized, attached.len()) == (1, 1), "{account}: sent twice or not at all");
            let mut arrived: Vec<&str> =
                uploads.iter().filter_map(|e| e.pointer("/photo_sha256/0")?.as_str()).collect();
            let mut sealed: Vec<&str> = photos.iter().map(|p| p.sha256.as_str()).collect();
            arrived.sort_unstable();
            sealed.sort_unstable();
            ensure!(arrived == sealed, "{account}: other photos arrived than were sealed");
            let at = |e: &&Value| e.get("wall_ms").and_then(Value::as_u64).unwrap_or_default();
            let (uploaded, done) = (uploads.iter().map(at).max(), attached.iter().map(at).max());
            let (uploaded, done) = (uploaded.unwrap_or_default(), done.unwrap_or_default());
            small_calls.push(Duration::from_millis(done.saturating_sub(uploaded)));
            ended = ended.max(done);
        }
        let ended = SystemTime::UNIX_EPOCH + Duration::from_millis(ended);
        Ok(Drained { ended, small_calls })
    }

    fn journal(&self) -> Result<Vec<Value>> {
        let lines = std::fs::read_to_string(self.path("provider").join("journal.jsonl"))?;
        Ok(lines.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
    }

    fn steer(&self, path: &str, body: &Value) -> Result<Value> {
        let (token, body) = (self.said("/admin_token")?, body.to_string());
        let answer = self.link.server.inside(|| -> Result<String> {
            let mut stream = TcpStream::connect(STEERING)?;
            write!(
                stream,
                "POST /_sandbox/{path} HTTP/1.1\r\nHost: {STEERING}\r\n\
                 X-Sandbox-Admin: {token}\r\nContent-Length: {}\r\n\
                 Connection: close\r\n\r\n{body}",
                body.len()
            )?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            Ok(answer)
        })??;
        match answer.split_once("\r\n\r\n") {
            Some((head, body)) if head.starts_with("HTTP/1.1 200") => {
                Ok(serde_json::from_str(body)?)
            }
            Some(_) | None => bail!("the provider refused {path}: {answer}"),
        }
    }

    fn done(&self, arguments: &[&str]) -> Result<()> {
        let mut command = self.satchelctl();
        command.args(arguments);
        succeeded(command)
    }

    /// `satchelctl`, where nothing crosses the link.
    fn satchelctl(&self) -> Command {
        let mut command = Command::new(self.programs.join("satchelctl"));
        self.equip(&mut command);
        command
    }

    fn equip(&self, command: &mut Command) {
        command.arg("--json").arg("--data").arg(self.path("vault"));
        command.arg("--passphrase-file").arg(self.path("passphrase")).stdin(Stdio::null());
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

impl Drop for Desk<'_> {
    fn drop(&mut self) {
        // Both fail only when it has ended by itself.
        let _ = self.sandbox.kill();
        let _ = self.sandbox.wait();
    }
}

fn succeeded(mut command: Command) -> Result<()> {
    let output = command.output().context("cannot start satchelctl")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        bail!("satchelctl ended with {}: {said}", output.status);
    }
    Ok(())
}

fn text(path: &Path) -> Result<&str> {
    path.to_str().context("a folder's name is not UTF-8")
}

fn details() -> Value {
    json!({
        "kind": "individual",
        "country": "US",
        "consent": true,
        "answers": {
            "owner.name.first": "Foo",
            "owner.name.last": "Bar",
            "owner.date_of_birth": "1990-02-28",
            "owner.phone.country_code": "+1",
            "owner.phone.number": "5556667777",
            "owner.address.address1": "123 Fake Street",
            "owner.address.city": "Springfield",
            "owner.address.region": "IL",
            "owner.address.postal_code": "62701",
            "owner.address.country": "US",
            "owner.us.ssn": "219-09-8765",
            "entity.mcc": "5462",
        },
    })
}
