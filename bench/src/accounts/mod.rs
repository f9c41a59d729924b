//! A vault with very many accounts: from unlocking to the list, the search as one types, memory.

mod fill;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use clap::Args;
use satchel_app::api::{AccountsRequest, VaultUnlockRequest};
use satchel_app::{CreateOptions, Darkroom, Folder, Ports, Satchel, SystemClock, TransportFault};
use satchel_fixtures::Chance;
use serde_json::json;

use crate::report::{Figure, Report};
use crate::statistics::{median, percentile};

/// Rows of each group that the window asks for.
const ROWS: u32 = 100;
/// Words that are typed, letter by letter.
const WORDS: usize = 60;
/// The search itself, and until its answer is ready for the window, at the 95th percentile.
const SEARCH_MS_MAX: f64 = 5.0;
const WINDOW_MS_MAX: f64 = 16.0;

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// How many accounts, one vault for each number.
    #[arg(long, value_delimiter = ',', default_value = "10000,100000")]
    accounts: Vec<usize>,
    /// Repeats the names.
    #[arg(long, default_value_t = 20_261_128)]
    seed: u64,
    /// A folder on the disk to use.
    #[arg(long, default_value = "target/bench")]
    folder: std::path::PathBuf,
    /// Fail when an aim is missed.
    #[arg(long)]
    check: bool,
}

/// Runs the benchmark.
///
/// # Errors
/// When the vault refuses.
pub(crate) fn perform(arguments: &Arguments) -> Result<ExitCode> {
    std::fs::create_dir_all(&arguments.folder)
        .with_context(|| arguments.folder.display().to_string())?;
    let mut report = Report::new("accounts", arguments.seed);
    for accounts in &arguments.accounts {
        let folder = tempfile::tempdir_in(&arguments.folder)?;
        let vault = Folder::new(folder.path()).vault();
        eprintln!("filling a vault with {accounts} accounts");
        let names = fill::fill(&vault, *accounts, arguments.seed)?;
        measure(folder.path(), *accounts, &names, arguments.seed, &mut report)?;
    }
    Ok(report.print(arguments.check))
}

fn satchel(folder: &std::path::Path) -> Satchel {
    let ports = Ports {
        clock: Arc::new(SystemClock::new()),
        transports: Arc::new(|_| Err(TransportFault::Name)),
        darkroom: Darkroom::here(),
        // Not asked: the secret of a vault that was filled here lies in a file.
        keychain: satchel_app::system_keychain(),
        changed: Arc::new(|_| {}),
        locked: Arc::new(|| {}),
    };
    Satchel::new(Folder::new(folder), ports, None, CreateOptions::default())
}

fn measure(
    folder: &std::path::Path,
    accounts: usize,
    names: &[String],
    seed: u64,
    report: &mut Report,
) -> Result<()> {
    let passphrase = fill::PASSPHRASE.to_owned();
    let hashing = timed(|| {
        satchel_vault::Vault::confirm(&Folder::new(folder).vault(), &passphrase).map_err(Into::into)
    })?;
    let before = memory_mib()?;
    let satchel = satchel(folder);
    let unlocking = timed(|| {
        satchel.vault_unlock(&VaultUnlockRequest { passphrase: passphrase.clone() }).map(drop)?;
        Ok(())
    })?;
    let first = timed(|| list(&satchel, "").map(drop))?;
    let again = timed(|| list(&satchel, "").map(drop))?;
    let (mut searches, mut answers, mut found) = (Vec::new(), Vec::new(), 0);
    let mut chance = Chance::new(seed);
    for _ in 0..WORDS {
        let name = names.get(chance.below(names.len())).context("a name")?;
        let word: Vec<char> = name.chars().filter(|c| c.is_alphabetic()).take(8).collect();
        for letters in 1..=word.len() {
            let search: String = word.iter().take(letters).collect();
            let began = Instant::now();
            let view = list(&satchel, &search)?;
            searches.push(ms(began.elapsed()));
            found += view.rows.len();
            let bytes = serde_json::to_vec(&view)?;
            answers.push(ms(began.elapsed()));
            ensure!(!bytes.is_empty(), "an answer is never nothing");
        }
    }
    ensure!(found > 0, "nothing was ever found");
    let memory = memory_mib()? - before;
    let (search, answer) = (percentile(&searches, 95.0), percentile(&answers, 95.0));
    report.head(&format!("{accounts} accounts, half of them with a delivered submission"));
    report.row(&format!(
        "unlock {:.0} ms (of which {:.0} ms hash the passphrase), then the first list {:.1} ms, \
         the next {:.1} ms",
        ms(unlocking),
        ms(hashing),
        ms(first),
        ms(again)
    ));
    report.row(&format!(
        "search, {} key strokes: median {:.2} ms, 95th percentile {search:.2} ms; with the answer \
         as JSON {answer:.2} ms",
        searches.len(),
        median(&searches)
    ));
    report.row(&format!("memory of the open vault {memory:.0} MiB"));
    report.detail(
        &format!("{accounts} accounts"),
        json!({
            "unlock_ms": ms(unlocking), "hash_ms": ms(hashing), "first_list_ms": ms(first),
            "next_list_ms": ms(again), "search_median_ms": median(&searches),
            "search_p95_ms": search, "answer_p95_ms": answer, "memory_mib": memory,
        }),
    );
    let of = |what: &str| format!("{accounts} accounts: {what}, 95th percentile, ms");
    report.figure(Figure::at_most(&of("search"), search, SEARCH_MS_MAX));
    report.figure(Figure::at_most(&of("search and answer"), answer, WINDOW_MS_MAX));
    Ok(())
}

fn list(satchel: &Satchel, search: &str) -> Result<satchel_app::api::AccountsView> {
    let request = AccountsRequest { filter: None, search: search.to_owned(), most: Some(ROWS) };
    Ok(satchel.accounts_list(&request)?)
}

fn timed(work: impl FnOnce() -> Result<()>) -> Result<Duration> {
    let began = Instant::now();
    work()?;
    Ok(began.elapsed())
}

fn ms(time: Duration) -> f64 {
    1e3 * time.as_secs_f64()
}

/// What this program has in memory.
fn memory_mib() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("VmRSS")?;
    let kib: f64 = line.split_whitespace().next().context("VmRSS")?.parse()?;
    Ok(kib / 1024.0)
}
