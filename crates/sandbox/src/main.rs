//! `satchel-sandbox`: both KYC APIs on this machine, until it is interrupted.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use satchel_sandbox::{FaultRule, Options, Sandbox, Switches};
use serde_json::Value;

/// A stand-in for the WePay and Winter KYC APIs.
///
/// The first line it prints is JSON: base URLs, test credentials, test accounts, the reviewer's
/// page and the admin token.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Where to serve plain HTTP/1.1 and HTTP/2; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:8801")]
    listen: SocketAddr,
    /// Where to serve HTTP over TLS
    #[arg(long)]
    tls_listen: Option<SocketAddr>,
    /// A folder for accounts, photos and the certificate; without it nothing survives
    #[arg(long)]
    data: Option<PathBuf>,
    /// A file for the journal; journal.jsonl in the data folder by default
    #[arg(long)]
    journal: Option<PathBuf>,
    /// Allow addresses that other machines can reach
    #[arg(long)]
    allow_remote: bool,
    /// Extra accounts at each provider
    #[arg(long, default_value_t = 0)]
    accounts: u32,
    /// A JSON file with a list of fault rules
    #[arg(long)]
    faults: Option<PathBuf>,
    /// Change a switch, such as strict_ssn=false; may be given again
    #[arg(long = "switch", value_name = "NAME=VALUE")]
    switches: Vec<String>,
    /// How long a scripted reviewer takes, in milliseconds
    #[arg(long)]
    review_delay_ms: Option<u32>,
    /// Never answer 1007
    #[arg(long)]
    no_throttle: bool,
    /// Start with a clock that stands still at this many milliseconds since 1970
    #[arg(long)]
    frozen_at_ms: Option<i64>,
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("satchel-sandbox: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), String> {
    let options = options(arguments)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|error| error.to_string())?.block_on(async {
        let running = Sandbox::start(options).await.map_err(|error| error.to_string())?;
        let mut out = std::io::stdout().lock();
        let printed = writeln!(out, "{}", running.hello_json()).and_then(|()| out.flush());
        drop(out);
        printed.map_err(|error| error.to_string())?;
        wait_for_the_end().await.map_err(|error| error.to_string())?;
        running.stop().await;
        Ok(())
    })
}

fn options(arguments: Arguments) -> Result<Options, String> {
    Ok(Options {
        switches: switches(&arguments)?,
        faults: faults(arguments.faults)?,
        listen: arguments.listen,
        tls_listen: arguments.tls_listen,
        data: arguments.data,
        journal: arguments.journal,
        allow_remote: arguments.allow_remote,
        extra_accounts: arguments.accounts,
        frozen_at_ms: arguments.frozen_at_ms,
    })
}

fn switches(arguments: &Arguments) -> Result<Switches, String> {
    let mut switches = Switches::default();
    for given in &arguments.switches {
        let pair = given.split_once('=');
        let (name, value) = pair.ok_or_else(|| format!("{given} is not NAME=VALUE"))?;
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::from(value));
        let patch = Value::Object([(name.to_owned(), value)].into_iter().collect());
        switches = switches.patched(patch).map_err(|error| format!("{given}: {error}"))?;
    }
    if let Some(delay_ms) = arguments.review_delay_ms {
        switches.review_delay_ms = delay_ms;
    }
    if arguments.no_throttle {
        switches.throttle_calls = 0;
    }
    Ok(switches)
}

fn faults(file: Option<PathBuf>) -> Result<Vec<FaultRule>, String> {
    let Some(path) = file else {
        return Ok(Vec::new());
    };
    let fault = |error: String| format!("{}: {error}", path.display());
    let text = std::fs::read_to_string(&path).map_err(|error| fault(error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| fault(error.to_string()))
}

#[cfg(unix)]
async fn wait_for_the_end() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminated = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminated.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn wait_for_the_end() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
